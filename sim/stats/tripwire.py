"""Tripwires: the value at an early date below which a target is probably lost.

The chance of success as a function of the value at that date is estimated by isotonic regression
over the replications: no shape is assumed except that more never hurts (or less, for ``<``).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]


def once(replications: int) -> Integers:
    """The weights of the sample itself: every replication once, shape (1, replications)."""
    return np.ones((1, replications), dtype=np.int64)


def tripwires(
    values: Floats, met: Booleans, comparator: str, levels: Sequence[float], weights: Integers
) -> Floats:
    """The least demanding observed value at which the fitted chance of success reaches each level.

    The isotonic fit itself is not needed: by the switch relation it reaches level L from the
    smallest minimiser of the cumulative sum of (success - L) onwards (P. Groeneboom and G.
    Jongbloed, Nonparametric Estimation under Shape Constraints, 2014, section 3.8). Sums are in
    whole numbers, so a fit that equals the level reaches it.

    Args:
        values: value of each replication at the date, finite.
        met: whether the replication attains the target in the end.
        comparator: ``>=`` and ``>``: the chance rises with the value; ``<``: it falls.
        levels: chances of success, between 0 and 1.
        weights: shape (samples, replications), how often each replication counts.

    Returns:
        shape (samples, levels). Where the fit is nowhere below a level, and no value is an alarm,
        -inf (for ``<`` +inf); where it is nowhere as high, +inf (for ``<`` -inf).
    """
    sign = -1.0 if comparator == "<" else 1.0
    support, at = np.unique(sign * values, return_inverse=True)
    order = np.argsort(at, kind="stable")
    starts = np.searchsorted(at[order], np.arange(len(support)))
    weights = weights[:, order]
    counted = np.add.reduceat(weights, starts, axis=1)
    succeeded = np.add.reduceat(weights * met[order], starts, axis=1)
    samples, size = counted.shape
    # The first value from each position on that is in the sample; past the last there is none.
    present = np.where(counted > 0, np.arange(size), size)
    following = np.minimum.accumulate(present[:, ::-1], axis=1)[:, ::-1]
    following = np.column_stack((following, np.full(samples, size)))
    ends = np.append(support, np.inf)
    result = np.empty((samples, len(levels)))
    for column, level in enumerate(levels):
        share = Fraction(str(level))
        excess = share.denominator * succeeded - share.numerator * counted
        sums = np.column_stack((np.zeros(samples, dtype=np.int64), excess.cumsum(axis=1)))
        first = sums.argmin(axis=1)
        reached = ends[following[np.arange(samples), first]]
        result[:, column] = np.where(first == 0, -np.inf, reached)
    return sign * result
