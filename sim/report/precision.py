"""How precise a study with a stopping rule has become, in words."""

from __future__ import annotations

import math

from sim.analysis.precision import Precision
from sim.report.words import Tongue, word


def precision_text(precision: Precision, tongue: Tongue) -> str:
    """Say what was asked for, what was reached, and whether the cap ended it."""
    key = "precision.capped" if precision.capped else "precision.reached"
    return word(key, tongue).format(
        replications=f"{precision.replications:,}",
        asked=f"{precision.asked:g}",
        reached=_rounded_up(precision.reached, tongue),
        cap=f"{precision.cap:,}",
    )


def _rounded_up(points: float, tongue: Tongue) -> str:
    """Two decimals, never fewer points than there are: 2.004 is not the 2 that were asked for."""
    if math.isinf(points):
        return word("number.none", tongue)
    return f"{math.ceil(round(100.0 * points, 6)) / 100.0:.2f}"
