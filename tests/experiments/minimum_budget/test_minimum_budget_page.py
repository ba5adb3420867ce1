"""Table, answer and chart of the smallest budgets say what the rows say, in both languages."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import Any

import matplotlib
import pandas as pd
import pytest
from sim.report.charts.budget_curves import budget_curves, round_ticks
from sim.report.charts.minimum_budget import minimum_budget_chart
from sim.report.minimum_budget import (
    minimum_budget_answer,
    minimum_budget_table,
    times_text,
    verdict_counts,
)
from sim.report.minimum_budget_rows import budget_rows

from sim.report.console import report_console
from sim.report.words import Language, word

BASE = 1_000_000_000
FIGURES = {
    "probability": 0.8, "base_budget": BASE, "budget_max": 64 * BASE, "budgets": 20,
    "replications_search": 4000, "grid_budgets": 49, "grid_replications_each": 400,
    "replications_grid": 20_000,
}  # fmt: skip
NAME = {"zh": "目标", "en": "target"}


def record(target: str, verdict: str, **given: Any) -> dict[str, Any]:
    ends = {
        f"probability_{where}{end}": value
        for where in ("nothing", "zero", "base", "max")
        for end, value in (("", 0.5), ("_low", 0.4), ("_high", 0.6))
    }
    rest = dict.fromkeys(
        ["budget", "budget_low", "budget_high", "precise", "confirmed_budget",
         "confirmed_probability", "confirmed_low", "confirmed_high", "consistent"]
    )  # fmt: skip
    return {
        "target": target, "definition": "", "group": "g", "label_zh": f"目标{target}",
        "label_en": f"Target {target}", "verdict": verdict, "doubt": "", "monotone": True,
        "binding_target": "", "binding_stage": "", **ends, **rest, **given,
    }  # fmt: skip


def priced(target: str, budget: float, **given: Any) -> dict[str, Any]:
    ends = {"budget": budget, "budget_low": 0.9 * budget, "budget_high": 1.2 * budget}
    return record(target, "money_bound", **({"precise": True} | ends | given))


@pytest.fixture
def table() -> pd.DataFrame:
    stuck = {"binding_stage": "crew"}
    return pd.DataFrame(
        [
            record("free", "met_anyway"),
            record("social", "social_enough"),
            priced("dear", 3.5e9, precise=False, confirmed_budget=3.6e9, consistent=False,
                   confirmed_probability=0.7, confirmed_low=0.65, confirmed_high=0.75),
            priced("cheap", 4e8, monotone=False),
            priced("fair", 9e8),
            priced("wide", 9e8, budget_high=None),
            record("stuck", "out_of_reach", binding_target="stuck", **stuck),
            record("close", "undecided", doubt="maximum", binding_target="close", **stuck),
            record("slow", "out_of_reach", binding_target="slow", binding_stage="unmet:trend"),
            record("all", "out_of_reach", binding_target="stuck", **stuck),
        ]
    )  # fmt: skip


@pytest.fixture
def config() -> Mapping[str, Any]:
    names = ("free", "social", "dear", "cheap", "fair", "wide", "stuck", "close", "slow")
    return {
        "plan": {"city": NAME, "targets": {name: {"name": NAME} for name in names}},
        "scenario": {"label": {"zh": "基准", "en": "Baseline"}},
        "budget": {"public_total": BASE},
        "parameters": {},
    }


def test_rows_stand_by_what_money_can_do_then_by_price(
    table: pd.DataFrame, config: Mapping[str, Any]
) -> None:
    rows = budget_rows(table, config, BASE)
    names = ["free", "social", "cheap", "fair", "wide", "dear", "close", "stuck", "slow", "all"]
    assert [row.target for row in rows] == names
    # Of two that seem to cost a little less than planned, the intervals reach beyond it.
    assert [row.section for row in rows[2:6]] == ["within", "around", "around", "beyond"]


def test_the_answer_names_counts_price_and_reason(
    table: pd.DataFrame, config: Mapping[str, Any]
) -> None:
    zh = minimum_budget_answer(table, FIGURES, config, "zh")
    for words in ("9项目标", "不花钱也能做到的有1项", "（五年10.0亿元）之内即可买到的有1项",
                  "尚难判定的有2项", "须增加公共经费的有1项", "“目标dear”需要35.0亿元", "3.5倍",
                  "等施工队（1项）、趋势不足（1项）", "处在模拟误差之内", "多少经费都不够",
                  "49档经费和没有经费的一档，每档400次，共20,000次"):  # fmt: skip
        assert words in zh
    en = minimum_budget_answer(table, FIGURES, config, "en")
    for words in ("Of 9 targets, met with 80 % without any money: 1; with social money alone: 1; ",
                  "within the public budget as planned (1.00 billion yuan in five years): 1; ",
                  "(1.00 billion yuan lies within the interval): 2; with more public money: 1.",
                  "“Target dear”, takes 3.50 billion yuan", "about 3.5 times as planned",
                  "Out of reach even with 64.0 billion yuan: 2, held back by crew (1), trend (1).",
                  "Too close to call without more replications: 1.",
                  "20,000: 49 budgets"):  # fmt: skip
        assert words in en
    assert "mainly" not in en


def test_the_answer_leaves_out_what_there_is_none_of(
    table: pd.DataFrame, config: Mapping[str, Any]
) -> None:
    only = table[table["verdict"] == "out_of_reach"]
    assert "没有一项能用钱买到" in minimum_budget_answer(only, FIGURES, config, "zh")
    bought = table[table["verdict"] == "money_bound"]
    for tongue, zero in (("zh", "0项"), ("en", ": 0")):
        said = minimum_budget_answer(bought, FIGURES, config, tongue)  # type: ignore[arg-type]
        assert zero not in said
        assert "  " not in said


def test_figures_count_verdicts_and_how_prices_stand_to_the_budget(
    table: pd.DataFrame, config: Mapping[str, Any]
) -> None:
    counts = verdict_counts(table, config, BASE)
    assert counts["targets_money_bound"] == 4
    assert counts["targets_out_of_reach"] == 2
    prices = [counts[f"targets_{kind}"] for kind in ("within", "around", "beyond")]
    assert prices == [1, 2, 1]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_reasons_are_explained_below_the_table(
    table: pd.DataFrame, config: Mapping[str, Any], language: Language
) -> None:
    file = io.StringIO()
    report_console(file).print(minimum_budget_table(table, FIGURES, config, language))
    said = re.sub(r"\s+", " ", file.getvalue())
    for stage in ("crew", "unmet:trend"):
        assert word(f"stage_note.{stage}", language) in said


def test_a_chance_in_doubt_at_the_largest_budget_is_said_to_be_there_alone(
    table: pd.DataFrame, config: Mapping[str, Any]
) -> None:
    # It may rise from nothing to the level: it is not so "however much is spent".
    table.loc[table["verdict"] == "undecided", "label_en"] = "X"
    file = io.StringIO()
    report_console(file).print(minimum_budget_table(table, FIGURES, config, "en"))
    (line,) = [line for line in file.getvalue().splitlines() if line.startswith("X ")]
    assert "too close to 80 % at" in line


@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_the_table_fits_and_marks_what_to_mind(
    table: pd.DataFrame, config: Mapping[str, Any], language: Language
) -> None:
    file = io.StringIO()
    report_console(file).print(minimum_budget_table(table, FIGURES, config, language))
    text = file.getvalue()
    assert "≈ " in text
    assert "▼ 70" in text
    assert "↓" in text
    assert max(len(line) for line in text.splitlines()) <= 120


@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_the_chart_shows_a_dot_a_price_and_a_reason_where_there_is_none(
    table: pd.DataFrame, config: Mapping[str, Any], language: Language
) -> None:
    manifest = {
        "config": config, "question": {"settings": {"probability": 0.8}}, "replications": 9,
        "result_hash": "0" * 64,
    }  # fmt: skip
    figure = minimum_budget_chart(table, manifest, language)
    dots = [line for line in figure.axes[0].lines if line.get_marker() == "o"]
    prices = sorted(float(dot.get_xdata()[0]) for dot in dots)  # type: ignore[index]
    assert prices == [4e8, 9e8, 9e8, 3.5e9]
    said = " ".join(text.get_text() for text in figure.findobj(matplotlib.text.Text))
    assert {"zh": "施工力量", "en": "crew: ", "both": "等施工队 / crew"}[language] in said
    assert "0" * 12 in said


def test_a_budget_of_nothing_has_no_line_on_a_logarithmic_axis_and_none_is_named(
    table: pd.DataFrame, config: Mapping[str, Any]
) -> None:
    manifest = {
        "config": {**config, "budget": {"public_total": 0}}, "replications": 9,
        "question": {"settings": {"probability": 0.8}}, "result_hash": "0" * 64,
    }  # fmt: skip
    figure = minimum_budget_chart(table, manifest, "en")
    said = " ".join(text.get_text() for text in figure.findobj(matplotlib.text.Text))
    assert "the budget as planned is 0 yuan" in re.sub(r"\s+", " ", said)
    assert "dashed" not in said


def test_the_curves_are_counted_by_targets_whatever_joint_rows_stand_beside_them(
    table: pd.DataFrame, config: Mapping[str, Any]
) -> None:
    joint = priced("all:g", 2e9)
    rows = pd.concat([table, pd.DataFrame([joint])], ignore_index=True)
    names = rows["target"][rows["verdict"] == "money_bound"]
    curves = pd.DataFrame(
        {
            "target": name, "definition": "", "public_yuan": yuan, "probability": 0.5, "fit": 0.5,
            "probability_low": 0.4, "probability_high": 0.6,
        }
        for name in names
        for yuan in (0, 10**8, 10**9, 10**10)
    )  # fmt: skip
    manifest = {
        "config": config, "question": {"settings": {"probability": 0.8}}, "replications": 9,
        "result_hash": "0" * 64,
    }  # fmt: skip
    (figure,) = budget_curves(rows, curves, manifest, "en")
    assert len(figure.axes) == 5
    said = " ".join(text.get_text() for text in figure.findobj(matplotlib.text.Text))
    assert "4 targets that hang on money" in said


def test_multiples_and_ticks() -> None:
    assert [times_text(x * BASE, BASE) for x in (0.42, 1.9, 3.71, 42.2)] == [
        "0.42", "1.90", "3.7", "42",
    ]  # fmt: skip
    assert times_text(1.0, 0) == ""
    assert round_ticks(2e8, 9e9, 4.0, "zh") == [5e8, 1e9, 2e9, 5e9]
    assert round_ticks(1.2e9, 1.9e9, 4.0, "en") == [2e9]


def test_where_there_is_no_price_the_likeliest_stands_first(config: Mapping[str, Any]) -> None:
    """By the chance at the largest budget, whatever it is elsewhere and whoever comes first."""
    table = pd.DataFrame(
        [
            record("slow", "out_of_reach", probability_max=0.1, probability_zero=0.1),
            record("stuck", "out_of_reach", probability_max=0.7, probability_zero=0.0),
            record("free", "out_of_reach", probability_max=0.4, probability_zero=0.4),
        ]
    )
    assert [row.target for row in budget_rows(table, config, BASE)] == ["stuck", "free", "slow"]


def test_every_chance_has_its_interval_the_right_way_round(config: Mapping[str, Any]) -> None:
    ends = {
        f"probability_{where}{end}": 0.1 * i + value
        for i, where in enumerate(("nothing", "zero", "base", "max"))
        for end, value in (("", 0.05), ("_low", 0.01), ("_high", 0.09))
    }
    confirmed = {"confirmed_probability": 0.75, "confirmed_low": 0.7, "confirmed_high": 0.8}
    table = pd.DataFrame([record("free", "out_of_reach", **ends, **confirmed)])
    (row,) = budget_rows(table, config, BASE)
    assert row.chances == {
        "nothing": pytest.approx((0.05, 0.01, 0.09)), "zero": pytest.approx((0.15, 0.11, 0.19)),
        "base": pytest.approx((0.25, 0.21, 0.29)), "max": pytest.approx((0.35, 0.31, 0.39)),
        "confirmed": (0.75, 0.7, 0.8),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "9 targets, met with 80 %: without money 1; with social money alone 1; within the "
         "budget as planned 1; with about as much 2; with more 1; too close to call 1; "
         "out of reach 2"),
        ("zh", "9项目标以80%的概率达标：不花钱也行1项；社会资金即可1项；现有公共经费之内1项；"
         "与之相当2项；须加钱1项；尚难判定1项；加钱也不行2项"),
    ],
)  # fmt: skip
def test_the_title_counts_every_target_once(
    table: pd.DataFrame, config: Mapping[str, Any], language: Language, words: str
) -> None:
    manifest = {
        "config": config, "question": {"settings": {"probability": 0.8}}, "replications": 9,
        "result_hash": "0" * 64, "code_version": "x",
    }  # fmt: skip
    figure = minimum_budget_chart(table, manifest, language)
    texts = "".join(t.get_text() for t in figure.findobj(matplotlib.text.Text))
    assert words.replace(" ", "") in texts.replace(" ", "").replace("\n", "")


def test_what_is_too_close_to_call_is_not_said_to_be_beyond_money(
    table: pd.DataFrame, config: Mapping[str, Any]
) -> None:
    close = table[table["verdict"] == "undecided"]
    assert "for sure with any of these budgets: none" in minimum_budget_answer(
        close, FIGURES, config, "en"
    )
    assert "没有一项确定能用钱买到" in minimum_budget_answer(close, FIGURES, config, "zh")
