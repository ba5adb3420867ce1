"""What something adds, pair by pair: by hand, and against the t interval of a mean."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from experiments.literacy_effect.findings import effects

WITH = np.array([3.0, 1.0, 4.0, 1.0, 5.0, 2.0])
WITHOUT = np.array([1.0, 1.0, 4.0, 2.0, 1.0, 0.0])


def test_gains_are_those_of_pairs() -> None:
    """Differences 2, 0, 0, -1, 4, 2: a pair without a difference has no gain."""
    found = effects(WITH, WITHOUT, np.arange(6))
    assert [one.pairs for one in found] == [6, 6, 6]
    assert [one.mean for one in found] == pytest.approx([16 / 6, 9 / 6, 7 / 6])
    assert [one.positive for one in found] == pytest.approx([1.0, 5 / 6, 3 / 6])
    assert (found[2].p05, found[2].p50, found[2].p95) == pytest.approx((-0.75, 1.0, 3.5))


def test_the_interval_of_a_mean_is_that_of_student() -> None:
    difference = effects(WITH, WITHOUT, np.arange(6))[2]
    gains = WITH - WITHOUT
    expected = stats.t.interval(0.95, 5, gains.mean(), gains.std(ddof=1) / np.sqrt(6))
    assert (difference.mean_low, difference.mean_high) == pytest.approx(expected)


def test_one_draw_says_nothing_of_the_error() -> None:
    with pytest.raises(ValueError):
        effects(WITH, WITHOUT, np.zeros(6, dtype=np.int64))
