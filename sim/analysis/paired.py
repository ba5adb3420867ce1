"""Differences between two histories of the same world: shares and means, with paired intervals.

Replication i of both histories shares its parameter draw and its streams (common random numbers),
so differences are taken pair by pair. Intervals are simulation error alone, at 95 %; pairs that
share a parameter draw count for less than one each (Kish's design effect by draw).
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from sim.analysis.intervals import Z_95, design_effect, intraclass_correlation

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Difference = tuple[float, float, float]
"""Estimate, and lower and upper end of its interval."""


def paired_difference(
    before: npt.NDArray[np.bool_], after: npt.NDArray[np.bool_], draws: Integers
) -> Difference:
    """Difference of two shares observed on the same replications, ``after`` minus ``before``.

    The adjusted Wald interval of A. Agresti and Y. Min (Statistics in Medicine 24, 2005, p. 729):
    one half is added to each cell of the two-by-two table, so that with b pairs lost and c pairs
    won out of n the interval is

        (c - b) / (n + 2)  +-  z sqrt(b + c + 1 - (c - b)^2 / (n + 2)) / (n + 2),

    cut off at -1 and 1. Unlike the plain Wald interval it does not shrink to a point where no pair,
    or every pair, differs. n, b and c are effective numbers where pairs share a draw.

    Args:
        before, after: whether the pairs met the target; draws: their parameter draws.

    Returns:
        difference (the plain one, (c - b) / n), low, high; (nan, -1, 1) without any pair.
    """
    n = len(before)
    if n == 0:
        return math.nan, -1.0, 1.0
    change = after.astype(np.float64) - before
    effective = n / design_effect(intraclass_correlation(change, draws), draws)
    lost, won = (float(np.count_nonzero(change == sign)) * effective / n for sign in (-1.0, 1.0))
    size = effective + 2.0
    centre = (won - lost) / size
    half = Z_95 * math.sqrt(lost + won + 1.0 - (won - lost) ** 2 / size) / size
    return float(change.mean()), max(-1.0, centre - half), min(1.0, centre + half)


def paired_mean(before: Floats, after: Floats, draws: Integers) -> Difference:
    """Mean of the differences ``after - before``, with the interval of a paired mean.

    Normal limit with the standard error sd sqrt(design effect / n), in the unit of the values; the
    mean alone (both ends infinite) with fewer than two pairs, nan without any.
    """
    change = after - before
    n = len(change)
    if n < 2:
        return (float(change.mean()) if n else math.nan), -math.inf, math.inf
    effect = design_effect(intraclass_correlation(change, draws), draws)
    half = Z_95 * float(change.std(ddof=1)) * math.sqrt(effect / n)
    mean = float(change.mean())
    return mean, mean - half, mean + half
