"""Scales stand values where an axis says that they belong."""

from __future__ import annotations

import pytest

from sim.answer.figures import Axis
from sim.page.picture.scale import scale_of


@pytest.mark.parametrize(
    ("values", "linear"),
    [
        ([0.0, 1.0, 4.0], None),
        ([1.0, 29.0], None),
        ([0.0], None),
        ([1.0, 100.0], 0.0),
        ([0.0, 1.0, 100.0], 1.0),
        ([-1.0, 100.0], 1.0),
    ],
)
def test_a_wide_axis_is_logarithmic_only_over_decades_and_in_proportion_around_zero(
    values: list[float], linear: float | None
) -> None:
    scale = scale_of(Axis(scale="wide"), values, 0.0, 10.0)
    assert scale.linear == linear
    if linear is None and len(values) > 1:
        low, high = values[0], values[-1]
        middle = scale((low + high) / 2.0)
        assert middle == pytest.approx((scale(low) + scale(high)) / 2.0)
    if linear == 0.0:
        assert scale(10.0) == pytest.approx((scale(1.0) + scale(100.0)) / 2.0)
