"""Table, answer and pictures of the smallest budgets say what was found, in both languages."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from experiments.minimum_budget.findings import CurvePoint, SmallestBudget
from experiments.minimum_budget.page import answer, verdict_counts
from experiments.minimum_budget.pictures import ladder, responses
from experiments.minimum_budget.prices import Search, priced, times_text
from sim.answer.row import Row
from sim.page.console import answered, console_on
from sim.words import ChanceInterval, Language, Speech

BASE = 1_000_000_000
SEARCH = Search(
    probability=0.8, base_budget=BASE, budget_max=64 * BASE, budgets=20, replications_search=4000,
    replications_confirmation=0, grid_budgets=49, grid_replications_each=400,
    replications_grid=20_000,
)  # fmt: skip
NAME = {"zh": "目标", "en": "target"}


def found(target: str, verdict: str, **given: Any) -> SmallestBudget:
    ends = {
        f"probability_{where}{end}": value
        for where in ("nothing", "zero", "base", "max")
        for end, value in (("", 0.5), ("_low", 0.4), ("_high", 0.6))
    }
    none = dict.fromkeys(
        ["budget", "budget_low", "budget_high", "precise", "confirmed_budget",
         "confirmed_replications", "confirmed_probability", "confirmed_low", "confirmed_high",
         "consistent"]
    )  # fmt: skip
    joint = target.partition(":")[0] == "all"
    row = Row(
        target=target, definition="", group="g", reading=None,
        name={"zh": f"目标{target}", "en": f"Target {target}"}, unit=NAME, kind="plan",
        comparator="" if joint else ">=", goal=1.0,
        counts=True, modelled=True, members=((target, ""),),
    )  # fmt: skip
    rest = {"binding_target": "", "binding_stage": "", "binding_zh": "", "binding_en": ""}
    told: dict[str, Any] = {
        "row": row, "verdict": verdict, "doubt": "", "monotone": True, "falls_again": False,
        "replications": 4000, **rest, **ends, **none, **given,
    }  # fmt: skip
    return SmallestBudget(**told)


def bought(target: str, budget: float, **given: Any) -> SmallestBudget:
    ends = {"budget": budget, "budget_low": 0.9 * budget, "budget_high": 1.2 * budget}
    return found(target, "money_bound", **({"precise": True} | ends | given))


@pytest.fixture
def budgets() -> list[SmallestBudget]:
    stuck = {"binding_stage": "crew"}
    return [
        found("free", "met_anyway"),
        found("social", "social_enough"),
        bought("dear", 3.5e9, precise=False, confirmed_budget=3.6e9, consistent=False,
               confirmed_probability=0.7, confirmed_low=0.65, confirmed_high=0.75),
        bought("cheap", 4e8, monotone=False),
        bought("fair", 9e8),
        bought("wide", 9e8, budget_high=None),
        found("stuck", "out_of_reach", binding_target="stuck", **stuck),
        found("close", "undecided", doubt="maximum", binding_target="close", **stuck),
        found("slow", "out_of_reach", binding_target="slow", binding_stage="unmet:trend"),
        found("all", "out_of_reach", binding_target="stuck", **stuck),
    ]  # fmt: skip


CONFIG: Mapping[str, Any] = {
    "plan": {
        "city": NAME,
        "targets": {
            name: {"name": NAME}
            for name in (
                "free",
                "social",
                "dear",
                "cheap",
                "fair",
                "wide",
                "stuck",
                "close",
                "slow",
            )
        },
    },
    "scenario": {"label": {"zh": "基准", "en": "Baseline"}},
}


def curves(budgets: Sequence[SmallestBudget]) -> list[CurvePoint]:
    return [
        CurvePoint(own.row, yuan, 9, 0.5, 0.4, 0.6, 0.5)
        for own in budgets
        if own.verdict == "money_bound"
        for yuan in (0, 10**8, 10**9, 10**10)
    ]


def words(budgets: Sequence[SmallestBudget], language: Language) -> str:
    return answer(budgets, curves(budgets), SEARCH, CONFIG).words(Speech(language))


def printed(budgets: Sequence[SmallestBudget], language: Language) -> str:
    """All of the answer on a console."""
    file = io.StringIO()
    told = answer(budgets, curves(budgets), SEARCH, CONFIG)
    console_on(file).print(*answered(told, Speech(language), 120, full=True))
    return file.getvalue()


def test_rows_stand_by_what_money_can_do_then_by_price(budgets: list[SmallestBudget]) -> None:
    rows = priced(budgets, BASE, CONFIG)
    names = ["free", "social", "cheap", "fair", "wide", "dear", "close", "stuck", "slow", "all"]
    assert [own.row.target for own in rows] == names
    # Of two that seem to cost a little less than planned, the intervals reach beyond it.
    assert [own.section for own in rows[2:6]] == ["within", "around", "around", "beyond"]


def test_the_answer_names_counts_price_and_reason(budgets: list[SmallestBudget]) -> None:
    zh = words(budgets, "zh")
    for said in ("9项目标", "不花钱也能做到的有1项", "（五年10.0亿元）之内即可买到的有1项",
                 "尚难判定的有2项", "须增加公共经费的有1项", "“目标dear”需要35.0亿元", "3.5倍",
                 "等施工队（1项）、趋势不足（1项）", "处在模拟误差之内", "多少经费都不够",
                 "49档经费和没有经费的一档，每档400次，共20,000次"):  # fmt: skip
        assert said in zh
    en = words(budgets, "en")
    for said in ("Of 9 targets, met with 80 % without any money: 1; with social money alone: 1; ",
                 "within the public budget as planned (1.00 billion yuan in five years): 1; ",
                 "(1.00 billion yuan lies within the interval): 2; with more public money: 1.",
                 "“Target dear”, takes 3.50 billion yuan", "about 3.5 times as planned",
                 "Out of reach even with 64.0 billion yuan: 2, held back by crew (1), trend (1).",
                 "Too close to call without more replications: 1.",
                 "20,000: 49 budgets"):  # fmt: skip
        assert said in en
    assert "mainly" not in en


def test_the_answer_leaves_out_what_there_is_none_of(budgets: list[SmallestBudget]) -> None:
    only = [own for own in budgets if own.verdict == "out_of_reach"]
    assert "没有一项能用钱买到" in words(only, "zh")
    some = [own for own in budgets if own.verdict == "money_bound"]
    for language, zero in (("zh", "0项"), ("en", ": 0")):
        said = words(some, language)  # type: ignore[arg-type]
        assert zero not in said
        assert "  " not in said


def test_what_is_too_close_to_call_is_not_said_to_be_beyond_money(
    budgets: list[SmallestBudget],
) -> None:
    close = [own for own in budgets if own.verdict == "undecided"]
    assert "for sure with any of these budgets: none" in words(close, "en")
    assert "没有一项确定能用钱买到" in words(close, "zh")


def test_a_name_in_quotation_marks_has_none_of_its_own(budgets: list[SmallestBudget]) -> None:
    dear = budgets[2]
    row = replace(dear.row, name={"zh": "“窗”平台", "en": "“Window” platforms"})
    assert "“‘窗’平台”需要" in words([replace(dear, row=row)], "zh")
    assert "“‘Window’ platforms”, takes" in words([replace(dear, row=row)], "en")


def test_at_most_three_sentences_answer(budgets: list[SmallestBudget]) -> None:
    told = answer(budgets, curves(budgets), SEARCH, CONFIG)
    assert len([*told.said(Speech("en"), "headline")]) == 3


def test_figures_count_verdicts_and_how_prices_stand_to_the_budget(
    budgets: list[SmallestBudget],
) -> None:
    counts = verdict_counts(priced(budgets, BASE, CONFIG))
    assert counts["targets_money_bound"] == 4
    assert counts["targets_out_of_reach"] == 2
    prices = [counts[f"targets_{kind}"] for kind in ("within", "around", "beyond")]
    assert prices == [1, 2, 1]
    figures = answer(budgets, curves(budgets), SEARCH, CONFIG).figures
    assert figures["cost_relative_to_grid"] == 0.2
    assert {name: figures[name] for name in counts} == counts


@pytest.mark.parametrize("language", ["zh", "en"])
def test_reasons_are_explained_below_the_table(
    budgets: list[SmallestBudget], language: Language
) -> None:
    said = re.sub(r"\s+", "", printed(budgets, language))
    for stage in ("crew", "unmet:trend"):
        assert Speech(language)(f"stage_note.{stage}").replace(" ", "") in said


def test_a_chance_in_doubt_at_the_largest_budget_is_said_to_be_there_alone(
    budgets: list[SmallestBudget],
) -> None:
    # It may rise from nothing to the level: it is not so "however much is spent".
    (table,) = answer(budgets, curves(budgets), SEARCH, CONFIG).tables
    (line,) = [line for line in table.rows if line.cells["target"] == budgets[7].row]
    assert Speech("en").text(line.cells["budget"]) == "too close to 80 % at the most"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_table_fits_and_marks_what_to_mind(
    budgets: list[SmallestBudget], language: Language
) -> None:
    text = printed(budgets, language)
    assert "≈ " in text
    assert "▼ 70" in text
    assert "↓" in text
    assert max(len(line) for line in text.splitlines()) <= 120


def test_the_first_screen_holds_all_that_needs_public_money(budgets: list[SmallestBudget]) -> None:
    (table,) = answer(budgets, curves(budgets), SEARCH, CONFIG).tables
    short = [line for line in table.essential() if not line.heading]
    assert len(short) == 8
    assert len([line for line in table.rows if not line.heading]) == 10


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_ladder_shows_a_dot_a_price_and_a_reason_where_there_is_none(
    budgets: list[SmallestBudget], language: Language
) -> None:
    figure = ladder(priced(budgets, BASE, CONFIG), SEARCH)
    dots = {rung.name: [(dot.value, dot.interval) for dot in rung.dots] for rung in figure.rows}
    assert dots == {
        own.row: [(own.budget, (own.budget_low, own.budget_high))]
        if own.verdict == "money_bound"
        else []
        for own in budgets
    }
    notes = {rung.name: Speech(language).text(rung.note) for rung in figure.rows}
    assert {"zh": "施工力量", "en": "crew: "}[language] in notes[budgets[6].row]
    assert {"zh": "目标：等施工队", "en": "target: crew"}[language] == notes[budgets[9].row]
    assert "50" in notes[budgets[0].row]
    assert figure.reference is not None
    assert figure.reference[0] == BASE


def test_the_ladder_begins_with_what_needs_more_than_planned(
    budgets: list[SmallestBudget],
) -> None:
    figure = ladder(priced(budgets, BASE, CONFIG), SEARCH)
    first, last = figure.rows[0].name, figure.rows[-1].name
    assert (first, last) == (budgets[2].row, budgets[9].row)


def test_a_budget_of_nothing_has_no_line_on_a_logarithmic_axis_and_none_is_named(
    budgets: list[SmallestBudget],
) -> None:
    figure = ladder(priced(budgets, 0, CONFIG), replace(SEARCH, base_budget=0))
    assert "the budget as planned is 0 yuan" in Speech("en").text(figure.legend)
    assert figure.reference is None


def test_the_curves_are_counted_by_targets_whatever_joint_rows_stand_beside_them(
    budgets: list[SmallestBudget],
) -> None:
    own = [*budgets, bought("all:g", 2e9)]
    some = [row for row in priced(own, BASE, CONFIG) if row.found.verdict == "money_bound"]
    figure = responses(some, curves(own), SEARCH)
    assert len(figure.panels) == 5
    assert "4 targets that hang on money" in Speech("en").text(figure.title)


def test_a_panel_shows_the_points_the_span_and_the_confirmation(
    budgets: list[SmallestBudget],
) -> None:
    points = curves(budgets)
    some = [own for own in priced(budgets, BASE, CONFIG) if own.found.verdict == "money_bound"]
    panels = {panel.name: panel for panel in responses(some, points, SEARCH).panels}
    dear = budgets[2]
    panel = panels[dear.row]
    raw = [point for point in points if point.row == dear.row]
    *shown, apart = panel.points
    assert [*panel.x] == [point.public_yuan for point in raw]
    assert [*panel.fit] == [point.fit for point in raw]
    assert [(p.x, p.y, p.interval) for p in shown] == [
        (point.public_yuan, point.probability, (point.probability_low, point.probability_high))
        for point in raw
    ]
    assert (apart.x, apart.y, apart.interval, apart.apart) == (3.6e9, 0.7, (0.65, 0.75), True)
    assert panel.span == (dear.budget_low, dear.budget_high)
    assert panel.across is not None
    low, high = panel.across.ends
    assert low is not None
    assert high is not None
    assert 0.0 < low < BASE < 3.6e9 < high
    assert panels[budgets[5].row].span == (budgets[5].budget_low, None)


def test_multiples() -> None:
    assert [times_text(x * BASE, BASE) for x in (0.42, 1.9, 3.71, 42.2)] == [
        "0.42", "1.90", "3.7", "42",
    ]  # fmt: skip
    assert times_text(1.0, 0) == ""


def test_where_there_is_no_price_the_likeliest_stands_first() -> None:
    """By the chance at the largest budget, whatever it is elsewhere and whoever comes first."""
    own = [
        found("slow", "out_of_reach", probability_max=0.1, probability_zero=0.1),
        found("stuck", "out_of_reach", probability_max=0.7, probability_zero=0.0),
        found("free", "out_of_reach", probability_max=0.4, probability_zero=0.4),
    ]
    assert [row.row.target for row in priced(own, BASE, CONFIG)] == ["stuck", "free", "slow"]


def test_every_chance_has_its_interval_the_right_way_round() -> None:
    ends = {
        f"probability_{where}{end}": 0.1 * i + value
        for i, where in enumerate(("nothing", "zero", "base", "max"))
        for end, value in (("", 0.05), ("_low", 0.01), ("_high", 0.09))
    }
    confirmed = {"confirmed_probability": 0.75, "confirmed_low": 0.7, "confirmed_high": 0.8}
    own = found("free", "out_of_reach", **ends, **confirmed)
    for i, place in enumerate(("nothing", "zero", "base", "max")):
        chance = own.chance(place)
        told = (chance.probability, chance.low, chance.high)
        assert told == pytest.approx((0.1 * i + 0.05, 0.1 * i + 0.01, 0.1 * i + 0.09))
    assert own.confirmed == ChanceInterval(0.75, 0.7, 0.8)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "9 targets, met with 80 %: without money 1; with social money alone 1; within the "
         "budget as planned 1; with about as much 2; with more 1; too close to call 1; "
         "out of reach 2"),
        ("zh", "9项目标以80%的概率达标：不花钱也行1项；社会资金即可1项；现有公共经费之内1项；"
         "与之相当2项；须加钱1项；尚难判定1项；加钱也不行2项"),
    ],
)  # fmt: skip
def test_the_title_counts_every_target_once(
    budgets: list[SmallestBudget], language: Language, said: str
) -> None:
    figure = ladder(priced(budgets, BASE, CONFIG), SEARCH)
    assert Speech(language).text(figure.title) == said


def test_chosen_targets_together_stand_beside_the_dearest_of_them(
    budgets: list[SmallestBudget],
) -> None:
    together = bought("together", 5.25e9)
    members = (("cheap", ""), ("dear", ""), ("stuck", ""))
    row = replace(together.row, comparator="", name=NAME, members=members)
    asked = [*budgets, replace(together, row=row)]
    told = answer(asked, curves(asked), SEARCH, CONFIG)
    _, second, _ = told.said(Speech("en"), "headline")
    assert second == (
        "Meeting the 3 chosen targets together takes 5.25 billion yuan "
        "(about 5.2 times as planned); the dearest alone, “Target dear”, takes 3.50 billion yuan; "
        "even alone out of reach: Target stuck."
    )
    assert told.figures["together"] == {
        "targets": ["cheap", "dear", "stuck"], "verdict": "money_bound",
        "budget": 5.25e9, "dearest_alone": 3.5e9,
    }  # fmt: skip
    assert "要让所选3项目标同时达标，需要52.5亿元" in words(asked, "zh")
    notes = [Speech("en").text(note.said) for note in told.notes]
    assert "target: Target cheap, Target dear, Target stuck." in notes
    assert "chosen" not in words(budgets, "en")
