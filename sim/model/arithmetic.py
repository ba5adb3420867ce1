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
    """Inverse distribution function of Binomial(n, p) at ``u``; arrays of one shape, counts as floats.

    One uniform gives one count, so common random numbers stay common. The distribution function is
    built upwards from the mass at zero, for all elements at once: exact, and fast for the small
    means it is used with; large ones, where the mass at zero would underflow, go through scipy's
    inverse. ``p`` must be below one.
    """
    u = np.minimum(u, _NEXT_TO_ONE)
    mass = (1.0 - p) ** n
    if mass.min() < _SMALLEST_MASS:
        from scipy.special import bdtrik

        large = mass < _SMALLEST_MASS
        exact = binomial_quantile(u, np.where(large, 0.0, n), p)
        return np.where(large, np.ceil(cast(Floats, bdtrik(u, n, p)) - 1e-9), exact)
    mean = float((n * p).max())
    size = int(mean + 6.0 * math.sqrt(mean) + 6.0)
    odds = p / (1.0 - p)
    while True:
        k = np.arange(size, dtype=np.float64)[:, None]
        factors = (n - k) * (odds / (k + 1.0))
        factors[0] *= mass
        masses = np.cumprod(factors, axis=0)
        cumulated = np.cumsum(masses, axis=0)
        cumulated += mass
        # Beyond n the factors turn negative after one zero: the masses stay zero from there on.
        if size >= _LONGEST or (cumulated[-1] >= u).all() or not masses[-1].any():
            count = (cumulated < u).sum(axis=0) + (mass < u)
            return np.minimum(count, n)
        size *= 2
