"""What decisions cannot change: the past; and more money does not make the mean worse."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest

from sim.config.schema import Run
from sim.model.kernel.facts import Fact
from sim.study.worker import Worker
from tests.factory import fixed, history, layout_of, settings
from tests.tolerance import t_limit, t_statistic

START = dt.date(2016, 1, 1)


def before(log: list[Fact] | None, date: dt.date) -> list[Fact]:
    assert log is not None
    return [entry for entry in log if entry.day < (date - START).days]


@pytest.mark.parametrize(
    ("changes", "date"),
    [
        # No share is kept or returned before the first claw-back.
        ({"budget.carry_over": 0.0}, dt.date(2016, 12, 31)),
        # Equal shares up to 2017; planners do not see the years to come.
        ({"budget.year_shares": [0.2, 0.2, 0.35, 0.2, 0.05]}, dt.date(2018, 1, 1)),
        # The July meeting moves money, and nothing does before it.
        ({"allocation.reallocation.threshold": 1.0}, dt.date(2016, 7, 15)),
        ({"allocation.reallocation.enabled": False}, dt.date(2016, 7, 15)),
        # The first assessment.
        ({"parameters.base_delisting": fixed(0.5)}, dt.date(2018, 12, 20)),
        # Prices and wages of the first year are those of the first year.
        ({"parameters.cost_inflation": fixed(0.5)}, dt.date(2017, 1, 1)),
        ({"parameters.wage_growth": fixed(0.5)}, dt.date(2017, 1, 1)),
        # Nobody leaves on the first of January.
        ({"parameters.attrition": fixed(0.5)}, dt.date(2016, 2, 1)),
        ({"parameters.national_round_2": fixed(4.3)}, dt.date(2020, 1, 1)),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else value.isoformat(),
)  # fmt: skip
def test_nothing_changes_before_the_date_from_which_a_decision_can_matter(
    real_run: Run, changes: dict[str, Any], date: dt.date
) -> None:
    start = {
        "plan.calendar.assessment_years": [2018],
        "parameters.national_round_2": fixed(9.0),
        "budget.public_total": 1_000_000_000,
    }
    one = history(settings(real_run, start), 1).log
    other = history(settings(real_run, start | changes), 1).log
    assert before(one, date) == before(other, date)
    assert one != other, "a decision that changes nothing tests nothing"


def test_the_ledger_of_the_years_before_is_equal_too(real_run: Run) -> None:
    late = {"budget.year_shares": [0.2, 0.2, 0.05, 0.2, 0.35]}
    start = {"budget.public_total": 1_000_000_000, "budget.social_total": 300_000_000}
    one, other = (
        history(settings(real_run, start | c), trace=False).ledger.rows() for c in ({}, late)
    )
    assert [row for row in one if row[0] <= 1] == [row for row in other if row[0] <= 1]
    assert one != other


# ------------------------------------------------------------------------------------ more money


@pytest.fixture(scope="module")
def targets_met(real_run: Run) -> dict[float, np.ndarray]:
    """Targets met in twelve replications, at multiples of the baseline's public money."""
    met = {}
    for factor in (0.0, 0.5, 1.0, 2.0, 8.0):
        money = round(factor * real_run.budget.public_total)
        worker = Worker(settings(real_run, {"budget.public_total": money}, record="targets"))
        counts = [row.counts and row.spec.kind == "plan" for row in worker.layout.rows]
        met[factor] = np.array([worker.replicate(r).attained[counts].sum() for r in range(12)])
    return met


@pytest.mark.parametrize(("less", "more"), [(0.0, 0.5), (0.5, 1.0), (1.0, 2.0), (2.0, 8.0)])
def test_more_money_does_not_lower_the_mean_number_of_targets_met(
    targets_met: dict[float, np.ndarray], less: float, more: float
) -> None:
    """Paired by common random numbers; the mean difference against its standard error.

    A single target or path may fall: a first-come queue behind shared staff is not monotone.
    """
    difference = targets_met[more] - targets_met[less]
    assert t_statistic(difference, 0.0) >= -t_limit(len(difference)) or difference.mean() >= 0.0


def test_money_matters_at_all(targets_met: dict[float, np.ndarray]) -> None:
    difference = targets_met[8.0] - targets_met[0.0]
    assert t_statistic(difference, 0.0) > t_limit(len(difference))


# ---------------------------------------------------------------------------- readings and switches


@pytest.mark.parametrize(
    ("switch", "other"),
    [
        ("full_time_staff", "broad"),
        ("industry", "broad"),
        ("national_base_term", "strict"),
        ("promoted_base_counts", False),
    ],
)
def test_a_switch_of_counting_changes_which_row_counts_and_no_value(
    real_run: Run, switch: str, other: str | bool
) -> None:
    """Both readings are measured on the same history."""
    changed = settings(real_run, {f"definitions.{switch}": other})
    one, two = history(real_run), history(changed)
    assert one.log == two.log
    assert one.values.tolist() == two.values.tolist()
    for first, second in zip(layout_of(real_run).rows, layout_of(changed).rows, strict=True):
        assert (first.counts == second.counts) != (first.spec.definition == switch)


def test_the_reading_of_venues_changes_what_is_built(real_run: Run) -> None:
    """A museum costs more and takes longer."""
    museum = settings(
        real_run, {"definitions.district_venue": "museum", "budget.public_total": 10**11}
    )
    small = settings(real_run, {"budget.public_total": 10**11})
    cost = {}
    for name, run in (("museum", museum), ("small", small)):
        prices = [
            int(entry.detail)
            for entry in history(run).log or []
            if entry.event == "proposed" and entry.entity.startswith("district_venues/")
        ]
        cost[name] = sum(prices) / len(prices)
    assert cost["museum"] > cost["small"]
