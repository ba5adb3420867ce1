"""Isotonic fits against fits known from theory."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.stats.monotone import monotone_fit, reached_at


def fit(points: list[float], weights: list[float] | None = None) -> tuple[list[float], str]:
    fitted, direction = monotone_fit(np.array(points), np.array(weights or [1.0] * len(points)))
    return fitted.tolist(), direction


def test_monotone_points_are_their_own_fit_in_either_direction() -> None:
    assert fit([0.1, 0.4, 0.4, 0.9]) == ([0.1, 0.4, 0.4, 0.9], "up")
    assert fit([0.9, 0.4, 0.1]) == ([0.9, 0.4, 0.1], "down")
    assert fit([0.3, 0.3]) == ([0.3, 0.3], "flat")


def test_violators_are_pooled_with_their_weights() -> None:
    fitted, direction = fit([0.0, 0.6, 0.2, 1.0], [1.0, 1.0, 3.0, 1.0])
    assert fitted == pytest.approx([0.0, 0.3, 0.3, 1.0])  # (0.6 + 3 x 0.2) / 4
    assert direction == "up"


def test_the_better_direction_is_kept_and_up_where_both_are_equal() -> None:
    # Up leaves 0.02 of squares (0.9 and 0.7 pooled), down 0.42 at the least.
    assert fit([0.1, 0.9, 0.7])[1] == "up"
    assert fit([0.7, 0.9, 0.1])[1] == "down"
    assert fit([0.0, 1.0, 0.0])[0] == pytest.approx([0.0, 0.5, 0.5])


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(1, 500)), min_size=2, max_size=9))
def test_a_fit_is_monotone_and_keeps_the_weighted_mean(pairs: list[tuple[float, int]]) -> None:
    points, weights = (np.array(column, dtype=np.float64) for column in zip(*pairs, strict=True))
    fitted, direction = monotone_fit(points, weights)
    steps = np.diff(fitted)
    assert ((steps >= 0).all() and direction != "down") or (steps <= 0).all()
    assert np.average(fitted, weights=weights) == pytest.approx(np.average(points, weights=weights))


def test_most_of_a_change_is_reached_at_the_first_setting_that_has_it() -> None:
    settings = np.array([0.0, 1.0, 2.0, 4.0])
    assert reached_at(settings, np.array([0.0, 8.0, 9.0, 10.0]), 0.9) == 2.0
    assert reached_at(settings, np.array([10.0, 2.0, 1.5, 0.0]), 0.8) == 1.0
    assert np.isnan(reached_at(settings, np.full(4, 3.0), 0.9))
