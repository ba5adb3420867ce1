"""Pictures of the smallest budgets: what each target costs, and what more money buys."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence

from experiments.minimum_budget.findings import MONEY, SECTIONS, CurvePoint
from experiments.minimum_budget.prices import FREE, Priced, Search, heading
from sim.answer.blocks import Figure, Spoken
from sim.answer.figures import Axis, Dot, Ladder, Point, Response, ResponsePanel, Rung
from sim.answer.row import Row
from sim.words import ChanceInterval, Said, Share, Yuan

_AROUND = 4.0  # budgets up to so many times the interval's ends are shown
_ORDER = (*MONEY[::-1], "undecided", "out_of_reach", *FREE, "joint")
"""Sections from the most to the least telling: what needs more than planned comes first."""
_UNPAID = {"met_anyway": "nothing", "social_enough": "zero"}
"""Where the chance of what needs no public money is told."""


def pictures(
    rows: Sequence[Priced], curves: Sequence[CurvePoint], search: Search
) -> Iterator[Figure]:
    """The smallest budget of every row; and what more money buys where chances hang on it."""
    yield ladder(rows, search)
    bought = [own for own in rows if own.section in MONEY]
    if bought:
        yield responses(bought, curves, search)


# ------------------------------------------------------------------ prices


def ladder(rows: Sequence[Priced], search: Search) -> Ladder:
    """The smallest budget of every row on a logarithmic axis, by what money can do.

    Rows that no money buys name what holds them back instead.
    """
    base = search.base_budget
    counts = Counter(own.section for own in rows if not own.row.joint)
    parts = [
        Said(f"minimum_budget.chart.{section}", {"count": counts[section]})
        for section in SECTIONS
        if counts[section]
    ]
    title = {"level": Share(search.probability), "total": counts.total(), "list": parts}
    return Ladder(
        name="minimum_budget",
        title=Said("minimum_budget.chart.title", title),
        legend=Said("minimum_budget.chart.legend", {"planned": base > 0, "base": Yuan(base)}),
        rows=[
            _rung(own, search.probability)
            for section in _ORDER
            for own in rows
            if own.shown_in == section
        ],
        axis=Axis(form="yuan", scale="log"),
        columns=[
            (Said("minimum_budget.column.budget"), "counts"),
            (Said("minimum_budget.column.times"), "other"),
            (Said("minimum_budget.chart.max"), "other"),
        ],
        reference=_planned(base),
    )


def _planned(base: int) -> tuple[float, Spoken] | None:
    """The budget as planned; none where it is nothing, which has no place on a logarithmic axis."""
    if not base:
        return None
    return float(base), Said("minimum_budget.chart.planned", {"base": Yuan(base)})


def _rung(own: Priced, level: float) -> Rung:
    found, bought = own.found, own.section in MONEY
    dots = [Dot(own.budget, "counts", (found.budget_low, found.budget_high))] if bought else []
    return Rung(
        name=own.row,
        dots=dots,
        texts=[own.range if bought else None, own.times, found.chance("max")],
        note=None if bought else _note(own, level),
        group=heading(own.shown_in),
    )


def _note(own: Priced, level: float) -> Spoken:
    """What is said where there is no price: the chance without money, or what holds it back."""
    if own.section in _UNPAID:
        place = _UNPAID[own.section]
        return Said(f"minimum_budget.chart.{place}", {"chance": own.found.chance(place)})
    if own.found.binding_stage and own.weakest is None:
        note = Said(f"stage_note.{own.found.binding_stage}")
        return Said("minimum_budget.chart.reason", {"stage": own.reason, "note": note})
    return own.reason or (own.doubt(level) if own.found.doubt else None)


# ------------------------------------------------------------------ curves


def responses(bought: Sequence[Priced], curves: Sequence[CurvePoint], search: Search) -> Response:
    """The chance by budget of every row that hangs on money, the cheapest first."""
    by_row: dict[Row, list[CurvePoint]] = {}
    for point in curves:
        by_row.setdefault(point.row, []).append(point)
    targets = sum(not own.row.joint for own in bought) or len(bought)
    level = search.probability
    return Response(
        name="minimum_budget_curves",
        title=Said("minimum_budget.curves.title", {"count": targets}),
        legend=Said("minimum_budget.curves.legend"),
        panels=[_panel(own, by_row[own.row]) for own in sorted(bought, key=lambda own: own.budget)],
        across=Axis(Said("minimum_budget.curves.across"), "yuan", scale="log"),
        up=Axis(Said("minimum_budget.curves.up"), "chance"),
        base=_planned(search.base_budget),
        level=(level, Said("minimum_budget.curves.level", {"level": Share(level)})),
    )


def _panel(own: Priced, curve: Sequence[CurvePoint]) -> ResponsePanel:
    found = own.found
    points = [
        Point(
            float(point.public_yuan),
            point.probability,
            (point.probability_low, point.probability_high),
        )
        for point in curve
    ]
    if found.confirmed is not None and found.confirmed_budget is not None:
        points.append(_confirmation(found.confirmed_budget, found.confirmed))
    return ResponsePanel(
        name=own.row,
        lines=[own.range],
        x=[float(point.public_yuan) for point in curve],
        fit=[math.nan if point.fit is None else point.fit for point in curve],
        points=points,
        span=(found.budget_low, found.budget_high),
        across=Axis(form="yuan", scale="log", ends=_around(own, curve)),
    )


def _confirmation(budget: float, chance: ChanceInterval) -> Point:
    return Point(budget, chance.probability, (chance.low, chance.high), "series2", apart=True)


def _around(own: Priced, curve: Sequence[CurvePoint]) -> tuple[float, float]:
    """Budgets in view: some times those of the interval and the one planned, above zero."""
    budgets = [float(point.public_yuan) for point in curve]
    low, high = own.found.budget_low or 0.0, own.found.budget_high
    top = own.base if high is None else max(high, own.base)
    right = min(budgets[-1], _AROUND * max(top, own.budget))
    left = max(min(low, own.base) / _AROUND, right / 300.0)
    return max(left, 0.8 * min(budget for budget in budgets if budget > 0.0)), right
