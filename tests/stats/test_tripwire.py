"""Tripwires: the isotonic fit, its direction, ties, and the bootstrap."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import isotonic_regression

from sim.stats.bootstrap import percentile_interval, resamples
from sim.stats.tripwire import once, tripwires

PAIRS = st.lists(
    st.tuples(st.integers(0, 8), st.booleans(), st.integers(0, 3)), min_size=1, max_size=40
)


@given(PAIRS, st.sampled_from([">=", "<"]), st.sampled_from([0.2, 0.25, 0.5, 0.8]))
def test_the_tripwire_is_where_the_isotonic_fit_reaches_the_level(
    pairs: list[tuple[int, bool, int]], comparator: str, level: float
) -> None:
    values, met, times = (np.array(column) for column in zip(*pairs, strict=True))
    if not times.any():
        return
    found = tripwires(values.astype(float), met, comparator, [level], times[None, :])[0, 0]
    support = np.unique(values[times > 0])
    weights = np.array([times[values == v].sum() for v in support], dtype=float)
    share = np.array([times[(values == v) & met].sum() for v in support]) / weights
    rising = comparator != "<"
    fit = isotonic_regression(share, weights=weights, increasing=rising).x
    reached = support[fit >= level - 1e-12]
    if len(reached) == len(support):
        assert found == (-math.inf if rising else math.inf)
    elif not len(reached):
        assert found == (math.inf if rising else -math.inf)
    else:
        assert found == (reached.min() if rising else reached.max())


def test_a_fit_by_hand() -> None:
    values = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
    met = np.array([False, True, False, False, True, True])
    # The fit is 0, then 1/3 for 2 to 4, then 1.
    assert tripwires(values, met, ">=", [0.2, 1 / 4, 0.5], once(6)).tolist() == [[2.0, 2.0, 5.0]]
    assert tripwires(-values, met, "<", [0.2, 0.5], once(6)).tolist() == [[-2.0, -5.0]]


def test_a_share_equal_to_the_level_reaches_it() -> None:
    values = np.repeat([1.0, 2.0], 10)
    met = np.r_[np.zeros(10, dtype=bool), np.arange(10) < 2]  # 2 of 10 at the value 2
    assert tripwires(values, met, ">=", [0.2], once(20))[0, 0] == 2.0


@pytest.mark.parametrize("comparator", [">=", "<"])
def test_a_known_threshold_is_found(seed: int, comparator: str) -> None:
    generator = np.random.default_rng(seed)
    sign = -1.0 if comparator == "<" else 1.0
    n = 4000
    values = sign * generator.normal(100.0, 10.0, n)
    met = generator.random(n) < 1.0 / (1.0 + np.exp(-(sign * values - 105.0) / 3.0))
    points = tripwires(values, met, comparator, [0.5, 0.2], once(n))[0]
    truth = sign * np.array([105.0, 105.0 - 3.0 * math.log(4.0)])
    samples = tripwires(values, met, comparator, [0.5, 0.2], resamples(seed, np.arange(n), 200))
    for i in range(2):
        low, high = percentile_interval(samples[:, i])
        assert low <= points[i] <= high
        # Three half-widths of a 95 % interval: an alarm in some 10^8.
        half = (high - low) / 2.0
        assert abs(points[i] - truth[i]) < 3.0 * half
        assert half < 2.0


def test_bootstrap_samples_are_drawn_by_draw_and_belong_to_the_seed() -> None:
    draws = np.repeat(np.arange(30), 2)
    weights = resamples(7, draws, 50)
    assert weights.shape == (50, 60)
    assert (weights.sum(axis=1) == 60).all()
    assert (weights[:, ::2] == weights[:, 1::2]).all()
    assert (weights == resamples(7, draws, 50)).all()
    assert (weights[:20] == resamples(7, draws, 20)).all()  # more samples change none
    assert (weights != resamples(8, draws, 50)).any()
    assert len(np.unique(weights, axis=0)) == 50


def test_bootstrap_weights_are_multinomial(seed: int) -> None:
    weights = resamples(seed, np.arange(50), 2000)
    # A count is binomial (50, 1/50); the mean of 100 000 has standard error 0.99 / 316, but counts
    # of one sample add up to 50, so only their spread is random.
    spread = weights.var()
    assert spread == pytest.approx(1.0 - 1.0 / 50, abs=0.05)
    assert weights.mean(axis=0) == pytest.approx(np.ones(50), abs=5.0 * 0.99 / math.sqrt(2000))


def test_an_interval_is_open_where_samples_never_cross() -> None:
    assert percentile_interval(np.r_[np.full(10, -np.inf), np.arange(190.0)])[0] == -math.inf
    low, high = percentile_interval(np.arange(1.0, 201.0))
    assert (low, high) == (5.0, 196.0)
