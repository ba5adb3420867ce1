"""Crossings agree with isotonic regression, and their intervals hold the truth as often as said."""

from __future__ import annotations

import numpy as np
import pytest

from sim.stats.bootstrap import resamples
from sim.stats.crossing import RESAMPLES, Curves, Scale, crossing, falls, isotonic_fit, roots

POSITIONS = np.array([0.0, 1.0, 2.0])


def at(shares: list[float], level: float = 0.75, n: float = 10.0) -> tuple[float, float, float]:
    weights = np.full(len(shares), n)
    found = crossing(np.array(shares) * weights, weights, level, POSITIONS)
    return float(found.low), float(found.at), float(found.high)


def test_a_leap_between_two_budgets_leaves_open_where_it_is() -> None:
    assert at([0.0, 0.5, 1.0]) == pytest.approx((1.0, 1.5, 2.0))


def test_a_gentle_rise_is_taken_as_straight() -> None:
    # From 0.7 to 0.8 is a fifth of a leap: a fifth of the way to either budget is left open.
    assert at([0.2, 0.7, 0.8]) == pytest.approx((1.4, 1.5, 1.6))


def test_a_dip_is_smoothed_before_the_crossing_is_read_off() -> None:
    # 0.9 and 0.5 are pooled to 0.7 at both; only the last budget is above 0.75.
    low, middle, high = (
        float(x)
        for x in crossing(np.array([0.0, 9.0, 5.0, 10.0]), np.full(4, 10.0), 0.75, np.arange(4.0))
    )
    assert middle == pytest.approx(2.0 + 0.05 / 0.3)
    assert 2.0 < low < middle < high < 3.0


def test_ends_of_the_range() -> None:
    assert at([0.8, 0.9, 1.0]) == (0.0, 0.0, 0.0)
    assert at([0.1, 0.2, 0.7]) == (np.inf, np.inf, np.inf)
    assert at([0.75, 0.75, 0.75])[1] == 0.0


def test_a_budget_without_weight_is_left_out() -> None:
    found = crossing(np.array([0.0, 0.0, 10.0]), np.array([10.0, 0.0, 10.0]), 0.5, POSITIONS)
    assert float(found.at) == pytest.approx(1.0)
    cut = crossing(np.array([0.0, 5.0, 0.0]), np.array([10.0, 10.0, 0.0]), 0.75, POSITIONS)
    assert float(cut.at) == np.inf


def test_the_crossing_is_that_of_the_isotonic_fit(seed: int) -> None:
    generator = np.random.default_rng(seed)
    for _ in range(200):
        m = int(generator.integers(2, 9))
        n = generator.integers(1, 50, m)
        met = generator.binomial(n, np.sort(generator.random(m)))
        positions = np.concatenate([[0.0], np.cumsum(generator.random(m - 1) + 0.01)])
        fit = isotonic_fit(met / n, n)
        level = float(generator.uniform(0.5, 0.99))
        if np.isclose(fit, level).any():
            continue
        own = float(crossing(met.astype(float), n.astype(float), level, positions).at)
        if fit[0] >= level:
            assert own == 0.0
        elif fit[-1] < level:
            assert own == np.inf
        else:
            assert own == pytest.approx(float(np.interp(level, fit, positions)))


def test_the_scale_has_a_place_for_zero_and_equal_ratios_beyond_the_unit() -> None:
    scale = Scale(4.0)
    assert scale.position(0) == 0.0
    far = scale.position([4e6, 8e6, 16e6])
    assert far[1] - far[0] == pytest.approx(far[2] - far[1], rel=1e-5)
    np.testing.assert_allclose(scale.yuan(scale.position([0, 3, 77])), [0, 3, 77])
    assert scale.yuan(np.inf) == np.inf


def test_resamples_keep_replications_of_a_draw_together() -> None:
    draws = np.array([0, 0, 1, 1, 2, 2])
    counts = resamples(7, draws, 500)
    assert (counts.sum(axis=1) == 6).all()
    assert (counts[:, ::2] == counts[:, 1::2]).all()
    # Multinomial: three draws of three, mean one each.
    assert abs(counts.mean(axis=0) - 1.0).max() < 4 * np.sqrt(2 / 3 / 500)
    assert (counts == resamples(7, draws, 500)).all()
    assert (counts != resamples(8, draws, 500)).any()


@pytest.mark.parametrize("spread", [0.25, 0.8])
def test_the_interval_holds_the_truth_as_often_as_it_says(seed: int, spread: float) -> None:
    # Every row is a study of its own: logistic in the logarithm of the budget, with the same random
    # number at all budgets of a replication.
    trials, n, level, scale = 400, 150, 0.8, Scale(1e8)
    budgets = (1e9 * np.array([0, 0.1, 0.25, 0.5, 0.8, 1.2, 2, 3, 5, 8, 16, 64])).astype(np.int64)
    with np.errstate(divide="ignore"):
        chance = 1.0 / (1.0 + np.exp(-np.log(budgets / 1e9) / spread))
    uniform = np.random.default_rng(seed).random((n, 1, trials))
    met = uniform < chance[None, :, None]
    curves = Curves(budgets, met, np.ones((n, len(budgets)), dtype=bool), np.arange(n))
    last = np.full(trials, len(budgets) - 1)
    found = roots(curves, np.arange(trials), last, level, scale, seed)
    truth = scale.position(1e9 * np.exp(spread * np.log(level / (1.0 - level))))
    held = ((found.low <= truth) & (truth <= found.high)).mean()
    assert held >= 0.95 - 3.0 * np.sqrt(0.95 * 0.05 / trials)
    assert (found.low <= found.at).all()
    assert (found.at <= found.high).all()


def test_the_interval_leaves_out_one_in_forty_at_either_end(seed: int) -> None:
    """Ninety-five per cent, by count: of the crossings of resampled replications 2.5 % lie below
    the interval and as many above it. Budgets stand so densely that no leap lies between two."""
    generator = np.random.default_rng(seed)
    budgets = np.arange(0, 400, 2, dtype=np.int64)
    need = generator.uniform(0.0, 380.0, 300)  # yuan from which a replication meets the row
    met = (budgets[None, :] >= need[:, None])[:, :, None]
    curves = Curves(budgets, met, np.ones(met.shape[:2], dtype=bool), np.arange(len(need)))
    scale = Scale(100.0)
    found = roots(curves, np.array([0]), np.array([len(budgets) - 1]), 0.5, scale, seed)

    positions = scale.position(budgets)
    again = []
    for count in resamples(seed, curves.draws, RESAMPLES):
        weight = np.full(len(budgets), float(count.sum()))
        again.append(float(crossing(count @ met[:, :, 0].astype(float), weight, 0.5, positions).at))
    ordered = np.sort(again)
    cut = RESAMPLES // 40
    assert found.noise[0] == pytest.approx(ordered[-cut] - ordered[cut], rel=0.03)
    below, above = (ordered < found.low[0]).mean(), (ordered > found.high[0]).mean()
    assert 0.005 < below <= 0.025
    assert 0.005 < above <= 0.025


def test_a_fall_is_sure_where_pairs_say_so_and_only_pairs_that_are_there_count() -> None:
    """Of 60 histories 20 meet the target with less money alone: 20 / sqrt(20) is 4.5 deviations.

    With three budgets there are three pairs, whose limit is 2.1 to 2.4. Nineteen of the twenty are
    missing with the second budget: what is left is one pair, which says nothing.
    """
    met = np.zeros((60, 3, 1), dtype=bool)
    met[:20, 0] = True
    met[:20, 2] = True
    there = np.ones((60, 3), dtype=bool)

    def told() -> bool:
        return falls(Curves(np.arange(3), met, there, np.arange(60)), 0)

    assert told(), "the second budget loses what the first has"
    there[1:20, 1] = False
    assert not told()
    met[:20, 2] = False
    assert told(), "the third loses it, and is there"
