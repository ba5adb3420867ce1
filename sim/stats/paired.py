"""Differences between two histories of the same world: shares and means, with paired intervals.

Replication i of both histories shares its parameter draw and its streams (common random numbers),
so differences are taken pair by pair. Intervals are simulation error alone, at 95 %; pairs that
share a parameter draw count for less than one each. One quantity at a time; for many at once see
:mod:`sim.stats.differences`, whose intervals these are.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from sim.stats.differences import Means, effective_pairs, paired_proportions

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Difference = tuple[float, float, float]
"""Estimate, and lower and upper end of its interval."""


def paired_difference(
    before: npt.NDArray[np.bool_] | Floats, after: npt.NDArray[np.bool_] | Floats, draws: Integers
) -> Difference:
    """Difference of two shares observed on the same replications, ``after`` minus ``before``.

    See :func:`sim.stats.differences.paired_proportions`; pairs are effective numbers where they
    share a draw.

    Args:
        before, after: whether the pairs met the target; draws: their parameter draws.

    Returns:
        difference (pairs won minus pairs lost, over pairs), low, high; (nan, -1, 1) without any.
    """
    n = len(before)
    if n == 0:
        return math.nan, -1.0, 1.0
    change = after.astype(np.float64) - before
    worth = 1.0
    if (draws != draws[0]).any():
        worth = float(effective_pairs(change[:, None], draws)[0])
    won, lost = (np.array(np.count_nonzero(change == sign) * worth / n) for sign in (1.0, -1.0))
    low, high = paired_proportions(won, lost, worth)
    return float(change.mean()), float(low), float(high)


def paired_mean(before: Floats, after: Floats, draws: Integers) -> Difference:
    """Mean of the differences ``after - before``, with Student's interval by draw, in their unit.

    See :class:`sim.stats.differences.Means`. The mean alone (both ends infinite) where there are
    fewer than two draws, nan without any pair.
    """
    change = after - before
    if not len(change):
        return math.nan, -math.inf, math.inf
    if (draws == draws[0]).all():
        return float(change.mean()), -math.inf, math.inf
    means = Means.of(change[:, None], draws)
    low, high = means.interval()
    return float(means.mean[0]), float(low[0]), float(high[0])
