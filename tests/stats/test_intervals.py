"""Intervals of probabilities: known values, coverage, and clustering by draw."""

from __future__ import annotations

import math
from itertools import pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.stats.intervals import (
    Z_95,
    clustered_wilson,
    design_effect,
    intraclass_correlation,
    wilson,
)
from tests.tolerance import ALARM, assert_count, assert_mean


def test_the_normal_quantile() -> None:
    assert pytest.approx(stats.norm.ppf(0.975), abs=1e-12) == Z_95


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        # R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_published_values(successes: int, n: int, low: float, high: float) -> None:
    assert wilson(successes, n) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 10**6), st.data())
def test_the_interval_is_scipys(n: int, data: st.DataObject) -> None:
    k = data.draw(st.integers(0, n))
    exact = stats.binomtest(k, n).proportion_ci(0.95, method="wilson")
    assert wilson(k, n) == pytest.approx((exact.low, exact.high), abs=1e-9)


@given(st.floats(1.0, 1e6), st.floats(0.0, 1.0))
def test_the_interval_holds_the_estimate_and_stays_within_the_unit(n: float, p: float) -> None:
    low, high = wilson(p * n, n)
    assert 0.0 <= low <= p + 1e-12
    assert p - 1e-12 <= high <= 1.0


def test_the_interval_shrinks_with_replications() -> None:
    widths = [high - low for low, high in (wilson(0.3 * n, n) for n in (50, 200, 800, 3200))]
    assert len(widths) == 4
    # Four times the replications halve the width, but for terms of order 1 / n.
    for wide, narrow in pairwise(widths):
        assert narrow / wide == pytest.approx(0.5, abs=0.02)


def test_certainty_keeps_its_end() -> None:
    assert wilson(0, 40)[0] == 0.0
    assert wilson(40, 40)[1] == 1.0
    assert wilson(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize(("n", "p"), [(50, 0.1), (200, 0.5), (200, 0.9), (500, 0.02)])
def test_coverage_is_what_enumeration_says_and_near_the_nominal(
    seed: int, n: int, p: float
) -> None:
    """Simulated coverage agrees with the exact sum over all outcomes (binomial test)."""
    inside = [low <= p <= high for low, high in (wilson(k, n) for k in range(n + 1))]
    exact = float(stats.binom.pmf(np.arange(n + 1), n, p)[inside].sum())
    assert 0.90 < exact < 0.99  # the known swing of the Wilson interval around 0.95
    drawn = np.random.default_rng(seed).binomial(n, p, 20_000)
    assert_count(int(np.array(inside)[drawn].sum()), 20_000, exact, "coverage")


# ------------------------------------------------------------------------------------- clustering


def clustered(
    rng: np.random.Generator, share: float, clusters: int, size: int
) -> tuple[np.ndarray, np.ndarray]:
    """Normal values with the given intraclass correlation, in clusters of equal size."""
    between = rng.normal(0.0, math.sqrt(share), clusters)[:, None]
    within = rng.normal(0.0, math.sqrt(1.0 - share), (clusters, size))
    return (between + within).ravel(), np.repeat(np.arange(clusters), size)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_the_correlation_within_clusters_is_recovered(seed: int, share: float) -> None:
    """The estimator's bias is of order 1 / clusters, well below the standard error of 60 means."""
    rng = np.random.default_rng(seed)
    estimates = [intraclass_correlation(*clustered(rng, share, 400, 4)) for _ in range(60)]
    assert_mean(estimates, share, "intraclass correlation")


def test_the_estimator_by_hand() -> None:
    """Clusters (1, 3) and (5, 7): between 16, within 2; (16 - 2) / (16 + 2) = 7 / 9."""
    values, clusters = np.array([1.0, 3.0, 5.0, 7.0]), np.array([0, 0, 1, 1])
    assert intraclass_correlation(values, clusters) == pytest.approx(7.0 / 9.0)


def test_unequal_clusters_by_hand() -> None:
    """Clusters (0, 2), (6): between (2 x 1.6667^2 + 3.3333^2) / 1 = 16.6667, within 2 / 1; adjusted
    size (3 - 5 / 3) / 1 = 4 / 3: (16.6667 - 2) / (16.6667 + 2 / 3)."""
    values, clusters = np.array([0.0, 2.0, 6.0]), np.array([7, 7, 9])
    assert intraclass_correlation(values, clusters) == pytest.approx(
        (50 / 3 - 2) / (50 / 3 + 2 / 3)
    )


def test_no_correlation_below_zero_and_none_above_one() -> None:
    clusters = np.array([0, 0, 1, 1])
    assert intraclass_correlation(np.array([0.0, 1.0, 0.0, 1.0]), clusters) == 0.0
    assert intraclass_correlation(np.array([0.0, 0.0, 1.0, 1.0]), clusters) == 1.0


def test_what_cannot_be_estimated_is_not_a_number() -> None:
    ones = np.ones(4)
    assert math.isnan(intraclass_correlation(ones, np.array([0, 0, 1, 1])))  # no variance
    values = np.arange(4.0)
    assert math.isnan(intraclass_correlation(values, np.arange(4)))  # no cluster of two
    assert math.isnan(intraclass_correlation(values, np.zeros(4, dtype=int)))  # one cluster


@given(st.randoms(use_true_random=False), st.integers(2, 30))
def test_the_order_of_replications_does_not_matter(random: Random, n: int) -> None:
    values = np.array([random.random() for _ in range(2 * n)])
    clusters = np.repeat(np.arange(n), 2)
    order = list(range(2 * n))
    random.shuffle(order)
    assert intraclass_correlation(values[order], clusters[order]) == pytest.approx(
        intraclass_correlation(values, clusters), nan_ok=True
    )


def test_design_effects() -> None:
    fours = np.repeat(np.arange(10), 4)
    assert design_effect(0.0, fours) == 1.0
    assert design_effect(1.0, fours) == 4.0
    assert design_effect(0.5, fours) == 2.5
    assert design_effect(math.nan, fours) == 1.0
    assert design_effect(0.7, np.arange(10)) == 1.0
    # Sizes 1 and 3: the mean cluster size as seen by a member is (1 + 9) / 4.
    assert design_effect(0.4, np.array([0, 1, 1, 1])) == pytest.approx(1.0 + 1.5 * 0.4)


def test_the_design_effect_is_the_inflation_of_the_variance_of_the_mean(seed: int) -> None:
    """Var(mean) = (1 + (m - 1) rho) / n: the variance of 4 000 means over it is chi-squared."""
    rng = np.random.default_rng(seed)
    share, clusters, size = 0.3, 20, 5
    means = np.array([clustered(rng, share, clusters, size)[0].mean() for _ in range(4_000)])
    expected = design_effect(share, np.repeat(np.arange(clusters), size)) / (clusters * size)
    statistic = (len(means) - 1) * means.var(ddof=1) / expected
    tail = stats.chi2(len(means) - 1)
    assert 2.0 * min(tail.cdf(statistic), tail.sf(statistic)) >= ALARM


def test_clustered_intervals_cover_where_simple_ones_do_not(seed: int) -> None:
    """Attainment with shared draws: 60 draws of 8 replications each, P depends on the draw.

    With Beta(1, 1) probabilities the correlation is 1 / 3 and the design effect 10 / 3: an interval
    that ignored it would cover only some 70 % of the time.
    """
    rng = np.random.default_rng(seed)
    clusters = np.repeat(np.arange(60), 8)
    covered = naive = 0
    studies = 400
    for _ in range(studies):
        met = (rng.random((60, 8)) < rng.random((60, 1))).ravel().astype(float)
        share = intraclass_correlation(met, clusters)
        n = len(met) / design_effect(share, clusters)
        low, high = wilson(met.mean() * n, n)
        covered += low <= 0.5 <= high
        low, high = wilson(met.sum(), len(met))
        naive += low <= 0.5 <= high
    # Nominal 0.95; estimating the correlation costs up to three points with 60 draws.
    assert stats.binomtest(covered, studies, 0.92, alternative="less").pvalue >= ALARM
    assert naive < covered


STUDIES = 1_000


def coverage(rng: np.random.Generator, by_draw: np.ndarray, size: int, truth: float) -> int:
    """Of small studies with these probabilities by (study, draw), how many intervals hold truth."""
    draws = np.arange(by_draw.shape[1] * size) // size  # as a worker numbers them
    covered = 0
    for probabilities in by_draw:
        met = rng.random(len(draws)) < np.repeat(probabilities, size)
        low, high = clustered_wilson(met, draws)
        covered += low <= truth <= high
    return covered


def exact_coverage(n: int, p: float) -> float:
    """Coverage of the Wilson interval of n Bernoulli trials, summed over all outcomes."""
    inside = [low <= p <= high for low, high in (wilson(k, n) for k in range(n + 1))]
    return float(stats.binom.pmf(np.arange(n + 1), n, p)[inside].sum())


@pytest.mark.parametrize("p", [0.05, 0.5, 0.83])
def test_studies_of_one_replication_a_draw_cover_as_often_as_theory_says(
    seed: int, p: float
) -> None:
    """Every replication with a draw of its own is a Bernoulli trial, whatever the draws do."""
    covered = coverage(np.random.default_rng(seed), np.full((STUDIES, 80), p), 1, p)
    assert_count(covered, STUDIES, exact_coverage(80, p), "coverage")


@pytest.mark.parametrize("p", [0.2, 0.5])
def test_studies_decided_by_their_draws_cover_as_often_as_theory_says(seed: int, p: float) -> None:
    """If the draw alone decides, four replications of one are worth one: 80 trials and no more."""
    rng = np.random.default_rng(seed)
    decided = (rng.random((STUDIES, 80)) < p).astype(float)
    assert_count(coverage(rng, decided, 4, p), STUDIES, exact_coverage(80, p), "coverage")


@pytest.mark.parametrize(("a", "b"), [(1e9, 1e9), (4.0, 4.0), (0.5, 1.5)])
def test_studies_with_shared_draws_cover_not_less_than_promised(
    seed: int, a: float, b: float
) -> None:
    """Probability Beta(a, b) by draw, correlation 1 / (a + b + 1): none, little, much.

    Nominal 0.95; that the correlation is estimated, from 80 draws, may cost up to three points.
    """
    rng = np.random.default_rng(seed)
    covered = coverage(rng, rng.beta(a, b, (STUDIES, 80)), 4, a / (a + b))
    assert stats.binomtest(covered, STUDIES, 0.92, alternative="less").pvalue >= ALARM
