"""Curves between points: what is missed, and where one more point goes, computed by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.stats.left_out import NARROWEST, halfway, left_out


def curves(*heights: float) -> np.ndarray:
    return np.array(heights, dtype=float)[:, None]


def test_with_three_points_the_middle_one_is_read_off_a_straight_line() -> None:
    missed = left_out(np.array([0.0, 1.0, 4.0]), curves(0.0, 0.5, 1.0))
    assert missed.tolist() == [[0.25]]  # the line from 0 to 1 is at a quarter there


def test_a_corner_is_missed_on_both_sides_and_a_plateau_is_not() -> None:
    # Left out at 1: through (0, 0), (2, 1), (3, 1), (4, 1). Rises .5, 0, 0 of widths 2, 1, 1: the
    # slope is 0 at 2, and at 0 ((2*2 + 1) * .5 - 2 * 0) / 3 = 5/6. Half way the cubic is
    # 1/2 + 2/8 * (5/6 - 0) = 17/24, the point 1.
    missed = left_out(np.array([0.0, 1.0, 2.0, 3.0, 4.0]), curves(0.0, 1.0, 1.0, 1.0, 1.0))
    assert missed[:, 0] == pytest.approx([7 / 24, 0.0, 0.0])


def test_every_curve_is_missed_by_itself() -> None:
    settings = np.array([0.0, 1.0, 2.0, 5.0])
    straight, bent = settings / 5.0, np.array([0.0, 0.0, 1.0, 1.0])
    both = left_out(settings, np.stack([straight, bent], axis=1))
    assert both.shape == (2, 2)
    assert both[:, 0] == pytest.approx([0.0, 0.0])
    assert (both[:, 1] > 0.1).all()


@given(st.lists(st.integers(0, 400), min_size=3, max_size=8))
def test_what_is_read_off_lies_between_the_neighbours(heights: list[int]) -> None:
    settings, own = np.arange(len(heights), dtype=float), np.array(heights) / 400.0
    missed = left_out(settings, own[:, None])[:, 0]
    low, high = np.minimum(own[:-2], own[2:]), np.maximum(own[:-2], own[2:])
    assert (missed <= np.maximum(own[1:-1] - low, high - own[1:-1]) + 1e-9).all()


# ---------------------------------------------------------------------- one more point

SETTINGS = np.array([0.0, 1.0, 2.0, 4.0])


@pytest.mark.parametrize(
    ("heights", "errors", "wanted"),
    [
        ((0.0, 0.1, 0.2, 1.0), (0.1, 0.3), 3.0),  # the worst is 2, and most changes beyond it
        ((0.0, 0.1, 0.9, 1.0), (0.1, 0.3), 1.5),  # most changes before it
        ((0.0, 0.6, 0.7, 1.0), (0.3, 0.1), 0.5),  # the worst is 1
        ((0.0, 0.5, 1.0, 1.5), (0.2, 0.2), 0.5),  # alike: the first point, the gap on its left
    ],
)
def test_the_worst_point_gets_a_neighbour_where_most_changes(
    heights: tuple[float, ...], errors: tuple[float, ...], wanted: float
) -> None:
    assert halfway(SETTINGS, curves(*heights), np.array(errors)) == wanted


def test_a_narrow_gap_is_not_divided() -> None:
    near = NARROWEST * 100.0
    settings = np.array([0.0, near, 2 * near, 100.0])
    # Worst is the point between the two narrow gaps; the next worst has a wide one.
    assert halfway(settings, curves(0, 1, 2, 2), np.array([0.5, 0.1])) == (100 + 2 * near) / 2
    even = np.linspace(0.0, 1.0, 65)
    assert halfway(even, curves(*even), np.ones(63)) is None
