"""Paired gains and Cochran's test against closed forms, known values and their own null."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import chi2

from sim.stats.paired_gain import gain_of_chance, gain_of_count, holm, no_response


def outcomes(both: int, gained: int, lost: int, neither: int) -> tuple[np.ndarray, np.ndarray]:
    before = [1.0] * both + [0.0] * gained + [1.0] * lost + [0.0] * neither
    after = [1.0] * both + [1.0] * gained + [0.0] * lost + [0.0] * neither
    return np.array(before), np.array(after)


def test_the_interval_of_a_gain_is_walds_with_a_pair_more_of_either_kind() -> None:
    gain = gain_of_chance(*outcomes(40, 30, 10, 20), np.arange(100))
    assert (gain.pairs, gain.gained, gain.lost) == (100, 0.3, 0.1)
    assert gain.mean == pytest.approx(0.2)
    b, c, n = 31.0, 11.0, 102.0
    half = 1.959964 * math.sqrt(b + c - (b - c) ** 2 / n) / n
    assert gain.low == pytest.approx((b - c) / n - half, rel=1e-6)
    assert gain.high == pytest.approx((b - c) / n + half, rel=1e-6)


def test_no_difference_in_any_pair_is_not_certainty() -> None:
    gain = gain_of_chance(*outcomes(25, 0, 0, 25), np.arange(50))
    assert gain.mean == 0.0
    assert gain.high == pytest.approx(1.959964 * math.sqrt(2.0) / 52.0, rel=1e-6)
    assert gain.low == -gain.high


@pytest.mark.parametrize("sides", [(0, 30, 0, 0), (0, 0, 30, 0)])
def test_intervals_stay_within_bounds_and_hold_the_gain(sides: tuple[int, int, int, int]) -> None:
    gain = gain_of_chance(*outcomes(*sides), np.arange(30))
    assert -1.0 <= gain.low <= gain.mean <= gain.high <= 1.0


def test_replications_of_one_draw_that_always_agree_count_once() -> None:
    before, after = outcomes(10, 8, 2, 10)
    single = gain_of_chance(before, after, np.arange(30))
    twice = gain_of_chance(np.repeat(before, 2), np.repeat(after, 2), np.repeat(np.arange(30), 2))
    assert twice.pairs == 60
    # The variance by clusters is unbiased, so that 30 draws are worth a little under 30 pairs.
    assert (twice.low, twice.high) == pytest.approx((single.low, single.high), abs=0.01)


def test_the_interval_of_a_count_is_that_of_a_paired_mean() -> None:
    before = np.array([3.0, 4.0, 5.0, 6.0])
    gain = gain_of_count(before, before + np.array([0.0, 1.0, 1.0, 2.0]), np.arange(4))
    assert (gain.mean, gain.gained, gain.lost) == (1.0, 0.75, 0.0)
    half = 3.182446 * math.sqrt(2.0 / 3.0) / 2.0  # Student's quantile with 3 degrees of freedom
    assert gain.high - 1.0 == pytest.approx(half, rel=1e-6)
    assert 1.0 - gain.low == pytest.approx(half, rel=1e-6)


def test_the_statistic_is_cochrans() -> None:
    table = np.array([[1, 1, 0, 1, 0, 1], [1, 0, 0, 1, 0, 0], [0, 0, 0, 1, 0, 0]], dtype=float)
    columns, rows = table.sum(axis=1), table.sum(axis=0)
    k = len(columns)
    q = (k - 1) * (k * (columns**2).sum() - columns.sum() ** 2)
    q /= k * rows.sum() - (rows**2).sum()
    assert q == pytest.approx(14.0 / 3.0)  # by hand: 2 (3 (16 + 4 + 1) - 49) / (21 - 15)
    assert no_response(table, np.arange(6)) == pytest.approx(chi2.sf(q, k - 1))


def test_a_lever_without_any_effect_is_never_called_one() -> None:
    once = np.array([1.0, 0.0, 1.0, 1.0, 0.0, 1.0])
    same = np.repeat(once[None, :], 4, axis=0)
    assert no_response(same, np.arange(6)) == 1.0
    assert no_response(same / 3.0, np.array([0, 0, 1, 1, 2, 2])) == 1.0


def test_under_the_null_five_per_cent_are_below_five_per_cent(seed: int) -> None:
    generator = np.random.default_rng(seed)
    trials = 600
    worlds = generator.random((trials, 1, 150))  # what the pairs share
    noise = generator.random((trials, 4, 150)) < 0.25
    met = np.where(noise, generator.random((trials, 4, 150)) < 0.5, worlds < 0.5).astype(float)
    below = np.mean([no_response(each, np.arange(150)) < 0.05 for each in met])
    # Four standard errors of a share of 0.05 in 600 trials.
    assert below == pytest.approx(0.05, abs=4.0 * math.sqrt(0.05 * 0.95 / trials))


def test_holm_multiplies_by_the_hypotheses_left_and_never_falls() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.5, 0.9]) == [1.0, 1.0]
