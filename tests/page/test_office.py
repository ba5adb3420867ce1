"""What office files have in common: settings are said as readers count."""

from __future__ import annotations

from sim.answer.dossier import Setting
from sim.page.office import changed
from sim.words import Speech


def test_money_that_differs_is_said_with_its_unit() -> None:
    key, label = "budget.public_total", "规划期公共经费 / public money of the plan period"
    passport = [
        Setting(key, label, "1170000000", value, "command line")
        for value in ("936000000", "936000000", "0")
    ]
    passport.append(Setting("planning.pace", "进度 / pace", "0.35", "0.5", "command line"))
    assert changed(passport, Speech("zh")) == [
        ("规划期公共经费", "11.7亿元", "9.36亿元、0元"), ("进度", "0.35", "0.5")
    ]  # fmt: skip
    assert changed(passport, Speech("en")) == [
        ("public money of the plan period", "1,170 million yuan", "936 million yuan, 0 yuan"),
        ("pace", "0.35", "0.5"),
    ]
