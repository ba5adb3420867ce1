"""Exact splits and exact inverse distribution functions of counts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import cast

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_SMALLEST_MASS = 1e-250
_LONGEST = 100_000
_NEXT_TO_ONE = 1.0 - 1e-14  # rounding may keep a cumulated mass below anything closer


def largest_remainder(total: int, weights: Sequence[int], ties: Sequence[float]) -> list[int]:
    """Split ``total`` in proportion to integer ``weights`` so that nothing is lost to rounding.

    Everybody gets the whole part of the exact share; what is left goes, one each, to the largest
    remainders (Hamilton's method), equal remainders in ascending order of ``ties``. Exact integer
    arithmetic: the result does not depend on the order of the arguments.

    Raises:
        ValueError: no weight is positive while there is something to split.
    """
    if total == 0:
        return [0] * len(weights)
    whole = sum(weights)
    if whole <= 0:
        raise ValueError("nothing to split by: all weights are zero")
    shares = [divmod(total * weight, whole) for weight in weights]
    parts = [share[0] for share in shares]
    left = total - sum(parts)
    if left:
        order = sorted(zip([-share[1] for share in shares], ties, range(len(parts)), strict=True))
        for _, _, i in order[:left]:
            parts[i] += 1
    return parts


def binomial_quantile(u: Floats, n: Floats, p: Floats) -> Floats:
    """Inverse distribution function of Binomial(n, p) at ``u``; see :class:`BinomialQuantile`."""
    return BinomialQuantile(p)(u, n)


class BinomialQuantile:
    """Inverse distribution function of Binomial(n, p) for an array of fixed ``p`` below one.

    One uniform gives one count, so common random numbers stay common. The distribution function is
    built upwards from the mass at zero, for all elements at once: exact, and fast for the small
    means it is used with; large ones, where the mass at zero would underflow, go through scipy's
    inverse.
    """

    __slots__ = ("_log_failure", "_odds", "_p", "_steps")

    def __init__(self, p: Floats) -> None:
        self._p = p
        self._log_failure = np.log1p(-p)
        self._odds = p / (1.0 - p)
        self._steps = np.empty((0, len(p)))

    def __call__(self, u: Floats, n: Floats) -> Floats:
        """Counts at uniforms ``u`` for ``n`` trials (counts as floats, one shape with ``p``)."""
        u = np.minimum(u, _NEXT_TO_ONE)
        mass = np.exp(n * self._log_failure)
        if mass.min() < _SMALLEST_MASS:
            from scipy.special import bdtrik

            large = mass < _SMALLEST_MASS
            exact = self(u, np.where(large, 0.0, n))
            return np.where(large, np.ceil(cast(Floats, bdtrik(u, n, self._p)) - 1e-9), exact)
        mean = float((n * self._p).max())
        size = int(mean + 4.0 * math.sqrt(mean) + 4.0)
        while True:
            if len(self._steps) < size:
                k = np.arange(size, dtype=np.float64)[:, None]
                self._steps = self._odds / (k + 1.0)
            trials = n - np.arange(size, dtype=np.float64)[:, None]
            masses = trials * self._steps[:size]
            masses[0] *= mass
            # Beyond n one factor is zero, and so is every mass from there on.
            np.multiply.accumulate(masses, out=masses)
            cumulated = np.add.accumulate(masses)
            cumulated += mass
            if size >= _LONGEST or (cumulated[-1] >= u).all() or not masses[-1].any():
                counts: Floats = np.add.reduce(cumulated < u, dtype=np.float64) + (mass < u)
                return np.minimum(counts, n)
            size *= 2
