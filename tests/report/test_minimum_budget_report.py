"""Table, answer and chart of the smallest budgets say what the rows say, in both languages."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import matplotlib
import pandas as pd
import pytest

from sim.report.charts.budget_curves import round_ticks
from sim.report.charts.minimum_budget import minimum_budget_chart
from sim.report.console import report_console
from sim.report.minimum_budget import (
    minimum_budget_answer,
    minimum_budget_table,
    times_text,
    verdict_counts,
)
from sim.report.minimum_budget_rows import budget_rows
from sim.report.words import Language

BASE = 1_000_000_000
FIGURES = {
    "probability": 0.8, "base_budget": BASE, "budget_max": 64 * BASE, "budgets": 20,
    "replications_search": 4000, "replications_grid": 20_000,
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
            record("stuck", "out_of_reach", binding_target="stuck", **stuck),
            record("close", "undecided", doubt="maximum", binding_target="close", **stuck),
            record("all", "out_of_reach", binding_target="stuck", **stuck),
        ]
    )  # fmt: skip


@pytest.fixture
def config() -> Mapping[str, Any]:
    names = ("free", "social", "dear", "cheap", "stuck", "close")
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
    names = ["free", "social", "cheap", "dear", "close", "stuck", "all"]
    assert [row.target for row in rows] == names
    assert [row.section for row in rows[2:4]] == ["within", "beyond"]


def test_the_answer_names_counts_price_and_reason(
    table: pd.DataFrame, config: Mapping[str, Any]
) -> None:
    zh = minimum_budget_answer(table, FIGURES, config, "zh")
    for words in ("6项目标", "1项不花钱", "1项在现有", "“目标dear”要到35.0亿元", "3.5倍",
                  "等施工队（1项）", "1项处在模拟误差", "多少经费都不够", "20,000次"):  # fmt: skip
        assert words in zh
    en = minimum_budget_answer(table, FIGURES, config, "en")
    for words in ("of 6 targets", "“Target dear”, takes 3.50 billion yuan", "crew (1)"):
        assert words in en
    only = table[table["verdict"] == "out_of_reach"]
    assert "没有一项不花钱" in minimum_budget_answer(only, FIGURES, config, "zh")
    assert verdict_counts(table)["targets_money_bound"] == 2
    assert verdict_counts(table)["targets_out_of_reach"] == 1


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
    assert sorted(float(dot.get_xdata()[0]) for dot in dots) == [4e8, 3.5e9]  # type: ignore[index]
    said = " ".join(text.get_text() for text in figure.findobj(matplotlib.text.Text))
    assert {"zh": "施工力量", "en": "crew: ", "both": "等施工队 / crew"}[language] in said
    assert "0" * 12 in said


def test_multiples_and_ticks() -> None:
    assert [times_text(x * BASE, BASE) for x in (0.42, 1.9, 3.71, 42.2)] == [
        "0.42", "1.90", "3.7", "42",
    ]  # fmt: skip
    assert times_text(1.0, 0) == ""
    assert round_ticks(2e8, 9e9, 4.0, "zh") == [5e8, 1e9, 2e9, 5e9]
    assert round_ticks(1.2e9, 1.9e9, 4.0, "en") == [2e9]
