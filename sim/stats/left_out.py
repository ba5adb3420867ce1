"""How well curves are known between the points that were simulated, and where one more would help.

Every inner point is left out in turn and read off the curve through all others, the piecewise cubic
that nowhere overshoots (Fritsch and Butland 1984; scipy's ``PchipInterpolator``). The ends stay:
nothing is read off beyond them.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.lazy import interpolate

Floats = npt.NDArray[np.float64]

NARROWEST = 1.0 / 64.0
"""Share of the whole range that a gap must exceed to be divided."""


def left_out(settings: Floats, curves: Floats) -> Floats:
    """Distance of every inner point from the curve through all others.

    Args:
        settings: in ascending order, at least three.
        curves: array (settings, curves) of their heights.

    Returns:
        array (settings - 2, curves).
    """
    kept = ~np.eye(len(settings), dtype=bool)
    found = [
        np.abs(
            interpolate.PchipInterpolator(settings[kept[at]], curves[kept[at]])(settings[at])
            - curves[at]
        )
        for at in range(1, len(settings) - 1)
    ]
    return np.array(found, dtype=np.float64)


def halfway(settings: Floats, curves: Floats, errors: Floats) -> float | None:
    """Where one more point should stand: beside the inner point that is known worst.

    It halves the neighbouring gap over which the curves change more, the left one if they change
    alike. Gaps that are too narrow (:data:`NARROWEST`) stay; of a point between two of these the
    next worst is taken.

    Args:
        errors: by inner point, such as the means of :func:`left_out`.

    Returns:
        the setting; None where all gaps are too narrow.
    """
    gaps = np.diff(settings)
    changes = np.abs(np.diff(curves, axis=0)).mean(axis=1)
    wide = gaps > NARROWEST * (settings[-1] - settings[0]) * (1.0 + 1e-9)
    for inner in np.argsort(-errors, kind="stable"):
        beside = [gap for gap in (inner, inner + 1) if wide[gap]]
        if beside:
            gap = max(beside, key=lambda gap: (changes[gap], -gap))
            return float(settings[gap] + gaps[gap] / 2.0)
    return None
