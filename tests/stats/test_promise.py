"""Promises: the rank rule, what it guarantees, and the interval of a quantile."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.plan.plan import TargetRow
from sim.stats.promise import (
    promise,
    promise_interval,
    promise_rank,
    share_of_goal,
)
from tests.factory import baseline_run
from tests.tolerance import assert_count

VALUES = st.lists(st.integers(-50, 50), min_size=1, max_size=60)
COMPARATORS = st.sampled_from([">=", ">", "<"])
TARGET = next(iter(baseline_run().plan.targets.values()))
CONFIDENCES = st.integers(1, 99).map(lambda percent: percent / 100)


@pytest.mark.parametrize(
    ("n", "rank"), [(1, 1), (4, 1), (5, 2), (6, 2), (9, 2), (10, 3), (99, 20), (100, 21)]
)
def test_the_contracts_promise_is_the_value_of_rank_a_fifth_and_one(n: int, rank: int) -> None:
    shuffled = np.random.default_rng(n).permutation(np.arange(1.0, n + 1.0))
    assert promise(shuffled, ">=") == rank
    assert promise(shuffled, ">") == rank
    assert promise(shuffled, "<") == n + 1 - rank


@pytest.mark.parametrize("percent", range(1, 100))
def test_ranks_do_not_suffer_from_binary_fractions(percent: int) -> None:
    for n in range(1, 301):
        assert promise_rank(n, percent / 100) == n * (100 - percent) // 100 + 1


def test_promises_by_hand() -> None:
    values = np.array([10.0, 30.0, 20.0, 50.0, 40.0])
    assert promise(values, ">=") == 20.0  # 20, 30, 40, 50 reach it: 4 of 5
    assert promise(values, "<") == 40.0  # 10, 20, 30, 40 do
    assert promise(values, ">=", 0.6) == 30.0
    assert promise(values, "<", 0.6) == 30.0
    assert promise(values, ">=", 0.95) == 10.0


@given(VALUES, COMPARATORS, CONFIDENCES)
def test_a_promise_is_kept_often_enough_and_no_harder_one_is(
    values: list[int], comparator: str, confidence: float
) -> None:
    observed = np.array(values, dtype=float)
    promised = promise(observed, comparator, confidence)

    def kept(value: float) -> int:
        return int((observed <= value if comparator == "<" else observed >= value).sum())

    percent = round(100 * confidence)
    assert promised in observed
    assert 100 * kept(promised) >= percent * len(values)
    harder = [v for v in observed if (v < promised if comparator == "<" else v > promised)]
    assert all(100 * kept(value) < percent * len(values) for value in harder)


@given(VALUES, COMPARATORS, CONFIDENCES, st.integers(-50, 50))
def test_the_goal_can_be_promised_just_where_its_chance_is_high_enough(
    values: list[int], comparator: str, confidence: float, goal: int
) -> None:
    target = TARGET.model_copy(update={"comparator": comparator, "goal": float(goal)})
    row = TargetRow("any", "", target, True)
    met = sum(row.attained(float(value)) for value in values)
    promised = promise(np.array(values, dtype=float), comparator, confidence)
    enough = 100 * met >= round(100 * confidence) * len(values)
    assert row.attained(promised) == enough


@pytest.mark.parametrize("confidence", [0.5, 0.8, 0.95])
def test_interval_ends_are_the_ranks_of_the_binomial(confidence: float) -> None:
    values = np.arange(1.0, 201.0)
    low, high = promise_interval(values, ">=", confidence, np.arange(200))
    below = stats.binom(200, 1 - confidence)
    # Rank l is too low, and u too high, with at most 2.5 % each; one rank further in is not.
    assert below.cdf(low - 1) <= 0.025 < below.cdf(low)
    assert below.sf(high - 1) <= 0.025 < below.sf(high - 2)
    assert promise_interval(-values, "<", confidence, np.arange(200)) == (-high, -low)


def test_too_few_replications_leave_an_end_open() -> None:
    low, high = promise_interval(np.arange(1.0, 41.0), ">=", 0.95, np.arange(40))
    assert math.isnan(low)
    assert high == 6.0  # P(B <= 5) = 0.986 of the binomial (40, 0.05), P(B <= 4) = 0.952
    low, high = promise_interval(np.arange(1.0, 41.0), "<", 0.95, np.arange(40))
    assert (low, math.isnan(high)) == (35.0, True)


@pytest.mark.parametrize(("confidence", "comparator"), [(0.5, ">="), (0.8, "<"), (0.95, ">=")])
def test_the_interval_covers_as_often_as_it_says(
    seed: int, confidence: float, comparator: str
) -> None:
    generator = np.random.default_rng(seed)
    n, trials = 100, 400
    tail = 1 - confidence
    truth = stats.norm.isf(tail) if comparator == "<" else stats.norm.ppf(tail)
    covered = 0
    for _ in range(trials):
        sample = generator.normal(size=n)
        low, high = promise_interval(sample, comparator, confidence, np.arange(n))
        covered += not (low > truth or high < truth)
    first, last = (stats.binom.ppf(q, n, tail) for q in (0.025, 0.975))
    exact = stats.binom.cdf(last, n, tail) - stats.binom.cdf(first - 1, n, tail)
    assert exact >= 0.95
    assert_count(covered, trials, exact, "coverage")


def test_replications_that_share_a_draw_count_for_less() -> None:
    draws = np.repeat(np.arange(50), 4)
    values = draws.astype(float)  # four equal replications tell no more than one
    alone = promise_interval(np.arange(50.0), ">=", 0.8, np.arange(50))
    low, high = promise_interval(values, ">=", 0.8, draws)
    assert low == pytest.approx(alone[0], abs=1.0)
    assert high == pytest.approx(alone[1], abs=1.0)
    pretended = promise_interval(values, ">=", 0.8, np.arange(200))
    assert high - low > 1.5 * (pretended[1] - pretended[0])


def test_shares_are_better_above_one_under_every_comparator() -> None:
    assert share_of_goal(150.0, 200.0, ">") == 0.75
    assert share_of_goal(2.0, 1.5, "<") == 0.75
    assert share_of_goal(1.0, 1.5, "<") == 1.5
    assert math.isnan(share_of_goal(-0.4, 1.5, "<"))  # better than any share can say
    assert math.isnan(share_of_goal(0.3, 0.0, "<"))
