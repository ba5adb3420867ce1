"""Intervals of differences: hand-computed cases, closed forms, and coverage by simulation."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats

from sim.stats.differences import (
    Means,
    effective_pairs,
    independent_difference,
    independent_proportions,
    paired_proportions,
    variance_reduction,
)
from sim.stats.intervals import wilson

Floats = npt.NDArray[np.float64]


def covers(limits: tuple[Floats, Floats], truth: float) -> float:
    low, high = limits
    return float(((low <= truth) & (truth <= high)).mean())


# ---------------------------------------------------------------------------- means


def test_without_clusters_the_interval_is_students() -> None:
    values = np.array([[1.0], [2.0], [4.0], [9.0]])
    means = Means.of(values, np.array([7, 3, 8, 1]))
    expected = stats.t.interval(0.95, 3, loc=4.0, scale=stats.sem(values[:, 0]))
    np.testing.assert_allclose(np.ravel(means.interval()), expected)


def test_clusters_of_one_size_count_as_their_means() -> None:
    values = np.array([[1.0], [3.0], [6.0], [8.0], [0.0], [6.0]])
    means = Means.of(values, np.repeat([0, 1, 2], 2))
    of_means = Means.of(np.array([[2.0], [7.0], [3.0]]), np.arange(3))
    assert means.mean == of_means.mean
    np.testing.assert_allclose(means.variance, of_means.variance)
    assert means.freedom == of_means.freedom == 2.0


def test_one_cluster_has_no_variance() -> None:
    with pytest.raises(ValueError, match="two clusters"):
        Means.of(np.ones((4, 1)), np.zeros(4, dtype=np.int64))


def test_intervals_of_independent_means_are_welchs(seed: int) -> None:
    rng = np.random.default_rng(seed)
    a, b = rng.normal(3.0, 1.0, 12), rng.normal(1.0, 5.0, 30)
    limits = independent_difference(*(Means.of(v[:, None], np.arange(len(v))) for v in (a, b)))
    expected = stats.ttest_ind(a, b, equal_var=False).confidence_interval(0.95)
    np.testing.assert_allclose(np.ravel(limits), [expected.low, expected.high])


def test_paired_intervals_cover_as_they_promise_also_in_clusters(seed: int) -> None:
    """2 000 samples of 15 clusters with three members: coverage within four standard errors."""
    rng, trials = np.random.default_rng(seed), 2_000
    values = np.repeat(rng.normal(0.0, 1.0, (15, trials)), 3, axis=0)
    values += rng.normal(0.5, 1.0, values.shape)
    clusters = np.repeat(np.arange(15), 3)
    error = 4.0 * math.sqrt(0.95 * 0.05 / trials)
    assert abs(covers(Means.of(values, clusters).interval(), 0.5) - 0.95) < error
    # Without the clusters the interval is too short by far: the test can fail.
    assert covers(Means.of(values, np.arange(45)).interval(), 0.5) < 0.85


# ---------------------------------------------------------------------------- proportions


@pytest.mark.parametrize(
    ("gained", "lost", "pairs", "low", "high"),
    [
        # 2 / 102 - 8 / 102 = -0.05882, variance (10 / 102 - 36 / 102^2) / 102 = 0.030452^2
        (1, 7, 100, -0.11851, 0.00086),
        (0, 0, 98, -0.02772, 0.02772),  # variance (2 / 100) / 100
    ],
)
def test_paired_proportions_by_hand(
    gained: int, lost: int, pairs: int, low: float, high: float
) -> None:
    found = paired_proportions(np.array([gained]), np.array([lost]), pairs)
    np.testing.assert_allclose(np.ravel(found), [low, high], atol=1e-5)


def test_paired_proportions_stay_possible_and_contain_the_estimate() -> None:
    for pairs in (2, 10, 500):
        gained, lost = np.meshgrid(np.arange(pairs + 1.0), np.arange(pairs + 1.0))
        possible = gained + lost <= pairs
        low, high = paired_proportions(gained, lost, pairs)
        estimate = (gained - lost) / pairs
        assert (low >= -1.0).all()
        assert (high <= 1.0).all()
        assert (low <= estimate)[possible].all()
        assert (estimate <= high)[possible].all()
        np.testing.assert_allclose(low, -high.T)  # gains and losses are mirror images


@pytest.mark.parametrize("pairs", [50, 200, 5_000])
def test_six_discordant_pairs_of_one_kind_are_needed_as_in_the_exact_test(pairs: int) -> None:
    for lost in range(12):
        _, high = paired_proportions(np.array([0.0]), np.array([float(lost)]), pairs)
        exact = stats.binomtest(0, lost).pvalue if lost else 1.0
        assert (high[0] < 0.0) == (exact < 0.05), lost


@pytest.mark.parametrize(
    ("both", "gain", "loss"), [(0.5, 0.2, 0.1), (0.9, 0.02, 0.05), (0.3, 0.0, 0.02)]
)
def test_paired_proportions_cover_at_least_as_they_promise(
    both: float, gain: float, loss: float, seed: int
) -> None:
    """10 000 samples of 100 pairs; Bonett and Price's interval is never far below its level."""
    trials = 10_000
    rng = np.random.default_rng(seed)
    counts = rng.multinomial(100, [both, gain, loss, 1.0 - both - gain - loss], trials)
    limits = paired_proportions(
        counts[:, 1].astype(np.float64), counts[:, 2].astype(np.float64), 100
    )
    found, error = covers(limits, gain - loss), 4.0 * math.sqrt(0.95 * 0.05 / trials)
    assert found > 0.94 - error
    if loss + gain > 0.2:  # with many discordant pairs it is exact in the limit
        assert abs(found - 0.95) < 0.01 + error


def test_pairs_that_repeat_within_draws_are_worth_no_more_than_draws(seed: int) -> None:
    rng = np.random.default_rng(seed)
    once = rng.integers(-1, 2, (300, 1)).astype(np.float64)
    draws = np.arange(300)
    assert effective_pairs(once, draws)[0] == 300.0
    four = np.repeat(once, 4, axis=0)
    assert effective_pairs(four, np.repeat(draws, 4))[0] == pytest.approx(300.0, rel=0.01)
    same = np.zeros((1200, 1))
    assert effective_pairs(same, np.repeat(draws, 4))[0] == 300.0


def test_independent_proportions_are_newcombes_example() -> None:
    """56/70 against 48/80: 0.0524 to 0.3339, method 10 in Newcombe (1998), table II."""
    limits = [tuple(np.array([x]) for x in (k / n, *wilson(k, n))) for k, n in ((56, 70), (48, 80))]
    low, high = independent_proportions(limits[0], limits[1])  # type: ignore[arg-type]
    assert (round(low[0], 4), round(high[0], 4)) == (0.0524, 0.3339)


# ---------------------------------------------------------------------------- what pairing saves


@pytest.mark.parametrize("correlation", [-0.5, 0.0, 0.9])
def test_variance_reduction_is_that_of_the_known_covariance(correlation: float, seed: int) -> None:
    """(1 + 4) / (1 + 4 - 2 * rho * 2), within four standard errors of a variance ratio."""
    n = 4_000
    rng = np.random.default_rng(seed)
    a, b = rng.multivariate_normal(
        [0.0, 1.0], [[1.0, 2.0 * correlation], [2.0 * correlation, 4.0]], n
    ).T
    parts = [Means.of(v[:, None], np.arange(n)) for v in (a, b, a - b)]
    truth = 5.0 / (5.0 - 4.0 * correlation)
    assert variance_reduction(*parts)[0] == pytest.approx(truth, rel=4.0 * math.sqrt(4.0 / n))


def test_nothing_is_reduced_where_the_difference_does_not_vary() -> None:
    a = np.array([[0.1, 1.0], [0.7, 1.0], [0.3, 1.0]])
    parts = [Means.of(v, np.arange(3)) for v in (a, a + 0.2, a - (a + 0.2))]
    assert np.isnan(variance_reduction(*parts)).all()
