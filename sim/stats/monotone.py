"""A monotone curve through noisy points."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

from sim.lazy import optimize

Floats = npt.NDArray[np.float64]
Direction = Literal["up", "down", "flat"]


def monotone_fit(points: Floats, weights: Floats) -> tuple[Floats, Direction]:
    """The monotone sequence nearest to ``points``, in the direction that fits better.

    Weighted least squares under an order restriction (Barlow, Bartholomew, Bremner and Brunk 1972),
    by pooling adjacent violators. Both directions are fitted and the one with the smaller sum of
    squares is kept, up if they are equal: which way a lever works is not known beforehand, and a
    target that loses from money because another takes its scarce people is a finding.

    Args:
        points: one estimate for each setting of a lever, settings in ascending order.
        weights: replications behind each, positive.

    Returns:
        the fitted values, and their direction: ``flat`` if they are all one.
    """
    fits = [
        np.asarray(optimize.isotonic_regression(points, weights=weights, increasing=up).x)
        for up in (True, False)
    ]
    up, down = (float((weights * (points - fit) ** 2).sum()) for fit in fits)
    rises = up <= down
    fit = fits[0 if rises else 1]
    if np.ptp(fit) == 0.0:
        return fit, "flat"
    return fit, "up" if rises else "down"


def reached_at(settings: Floats, fitted: Floats, share: float) -> float:
    """The first of ``settings`` at which ``share`` of the whole change of ``fitted`` is reached.

    ``fitted``: a monotone sequence. NaN if it does not change.
    """
    change = np.abs(fitted - fitted[0])
    if change[-1] == 0.0:
        return float("nan")
    return float(settings[np.argmax(change >= share * change[-1] * (1.0 - 1e-12))])
