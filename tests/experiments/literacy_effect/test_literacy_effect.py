"""The effect of a budget is the difference of pairs, with the interval of a paired mean."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest

from experiments.literacy_effect.findings import Effect, effects
from experiments.literacy_effect.page import answer, statement
from experiments.literacy_effect.question import QUESTION
from sim.answer.figures import Dumbbell
from sim.page.console import answered, console_on
from sim.words import Language, Speech
from tests.program import with_pictures


def test_differences_are_taken_pair_by_pair() -> None:
    poor = np.array([1.0, 2.0, 5.0, 8.0])
    rich = poor + np.array([0.0, 1.0, 1.0, 2.0])
    with_budget, without, difference = effects(rich, poor, np.arange(4))
    assert (with_budget.mean, without.mean, difference.mean) == (5.0, 4.0, 1.0)
    assert (with_budget.quantity, without.quantity) == ("with budget", "without budget")
    assert difference.positive == 0.75
    # Variance (1 + 0 + 0 + 1) / 3; Student's quantile with three degrees of freedom.
    half = 3.182446 * np.sqrt(2.0 / 3.0) / 2.0
    assert difference.mean_high - 1.0 == pytest.approx(half, rel=1e-6)
    assert 1.0 - difference.mean_low == pytest.approx(half, rel=1e-6)


def test_a_record_without_series_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = f"study.folder={tmp_path / 'study'}"
    assert QUESTION.main(["replications=2", "record=targets", folder]) == 2
    assert "city or full" in capsys.readouterr().err


def test_wrong_settings_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert QUESTION.main(["replications=0"]) == 2
    assert "replications" in capsys.readouterr().err


def said(gain: float, low: float, high: float, language: Language) -> str:
    one = Effect("difference", 9, gain, low, high, low, gain, high, 0.5)
    return Speech(language).text(statement(one))


def test_an_effect_whose_interval_holds_nothing_is_none() -> None:
    assert said(0.31, 0.2, 0.42, "en").startswith("Money adds 0.31 percentage points")
    assert said(0.01, -0.2, 0.22, "en").startswith("No effect of money on literacy")
    assert "含0" in said(0.01, -0.2, 0.22, "zh")
    assert "多提高-0.30" in said(-0.3, -0.4, -0.2, "zh")


def test_table_and_picture_hold_what_was_found() -> None:
    poor = np.array([1.0, 2.0, 5.0, 8.0])
    found = effects(poor + np.array([0.0, 1.0, 1.0, 2.0]), poor, np.arange(4))
    told = answer(found)
    (picture,), (table,) = told.pictures, told.tables
    assert isinstance(picture, Dumbbell)
    shown = [(row.dots[0].value, row.dots[0].interval) for row in picture.rows]
    assert shown == [(one.p50, (one.p05, one.p95)) for one in found]
    english, chinese = Speech("en"), Speech("zh")
    names = [english.text(line.cells["quantity"]) for line in table.rows]
    assert names == ["with the budget", "without any money", "what money adds"]
    assert [chinese.text(row.name) for row in picture.rows][1] == "没有任何经费"
    assert told.figures["gain"] == found[2].mean


@with_pictures()
def test_a_study_leaves_its_table_answer_and_picture(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    given = [f"study.folder={folder}", "replications=4", "workers=1", "backend=serial"]
    assert QUESTION.main([*given, "language=zh"]) == 0
    with (folder / "literacy_effect.csv").open(encoding="utf-8-sig", newline="") as file:
        means = {row["quantity"]: float(row["mean"]) for row in csv.DictReader(file)}
    assert [*means] == ["with budget", "without budget", "difference"]
    gain = means["difference"]
    assert gain == pytest.approx(means["with budget"] - means["without budget"])
    told = json.loads((folder / "answer.json").read_text(encoding="utf-8"))
    assert (told["gain"], told["pairs"]) == (gain, 4)
    origin = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["result_hash"]
    for suffix in ("png", "svg"):
        assert origin.encode() in (folder / f"literacy_effect_zh.{suffix}").read_bytes()
    assert not [*folder.glob("*_en.*")]


def test_a_screen_is_in_one_language() -> None:
    poor = np.array([1.0, 2.0, 5.0, 8.0])
    told = answer(effects(poor + np.array([0.0, 1.0, 1.0, 2.0]), poor, np.arange(4)))

    def screen(language: Language) -> str:
        file = io.StringIO()
        console_on(file).print(*answered(told, Speech(language), 80, full=True))
        return (" " if language == "en" else "").join(file.getvalue().split())

    english, chinese = screen("en"), screen("zh")
    assert "gain in percentage points over 2015, true values" in english
    assert not [letter for letter in english if "\u4e00" <= letter <= "\u9fff"]
    assert "经费带来的提高" in chinese
    assert not [letter for letter in chinese if letter.isascii() and letter.isalpha()]
