"""Levers have names, and their settings the unit of the language."""

from __future__ import annotations

import pytest

from sim.answer.settings import lever_label, setting_number, setting_text
from sim.config.schema import Run
from sim.words import Speech


@pytest.mark.parametrize(
    ("key", "setting", "zh", "en"),
    [
        ("budget.public_total", 1.17e9, "11.7亿元", "1,170 million yuan"),
        ("budget.public_total", 0.0, "0元", "0 yuan"),
        ("budget.social_total", 5e5, "0.005亿元", "0.5 million yuan"),
        ("budget.public_total", 8.775e8, "8.78亿元", "877.5 million yuan"),
        ("planning.pace", 0.35, "0.35", "0.35"),
    ],
)
def test_settings_are_written_in_the_unit_of_the_language(
    key: str, setting: float, zh: str, en: str
) -> None:
    assert setting_text(key, setting, Speech("zh")) == zh
    assert setting_text(key, setting, Speech("en")) == en
    assert en.startswith(setting_number(key, setting, Speech("en")))


def test_levers_have_the_names_of_what_they_belong_to(real_run: Run) -> None:
    config = real_run.model_dump(mode="json")
    name = real_run.parameters["existing_run_share"].label
    key = "parameters.existing_run_share.mode"
    assert lever_label(key, config, Speech("zh")) == f"{name.zh}（最可能值）"
    assert lever_label(key, config, Speech("en")) == f"{name.en} (mode)"
    assert lever_label("budget.year_shares.0", config, Speech("en")) == "share of money in year 1"
    assert lever_label("no.such.key", config, Speech("en")) == "no.such.key"
