"""Exact splits and exact inverse distribution functions of counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_SMALLEST_MASS = 1e-250


def largest_remainder(total: int, weights: Sequence[int], ties: Sequence[float]) -> list[int]:
    """Split ``total`` in proportion to integer ``weights`` so that nothing is lost to rounding.

    Everybody gets the whole part of the exact share; what is left goes, one each, to the largest
    remainders (Hamilton's method), equal remainders in ascending order of ``ties``. Exact integer
    arithmetic: the result does not depend on the order of the arguments.

    Raises:
        ValueError: no weight is positive while there is something to split.
    """
    whole = sum(weights)
    if total == 0:
        return [0] * len(weights)
    if whole <= 0:
        raise ValueError("nothing to split by: all weights are zero")
    parts = [total * weight // whole for weight in weights]
    left = total - sum(parts)
    if left:
        order = sorted(
            range(len(weights)), key=lambda i: (-(total * weights[i] % whole), ties[i])
        )
        for i in order[:left]:
            parts[i] += 1
    return parts


def binomial_quantile(u: Floats, n: Floats, p: Floats) -> Floats:
    """Inverse distribution function of Binomial(n, p) at ``u``; arrays of one shape, counts as floats.

    One uniform gives one count, so common random numbers stay common. Upward recurrence of the
    probability mass from zero: exact, and fast for the small means it is used with; large ones,
    where the mass at zero would underflow, go through scipy's inverse. ``p`` must be below one.
    """
    mass = (1.0 - p) ** n
    large = mass < _SMALLEST_MASS
    if large.any():
        from scipy.special import bdtrik

        exact = binomial_quantile(u, np.where(large, 0.0, n), p)
        return np.where(large, np.ceil(cast(Floats, bdtrik(u, n, p)) - 1e-9), exact)
    odds = p / (1.0 - p)
    cumulated = mass.copy()
    count = np.zeros_like(u)
    k = 0
    while True:
        above = cumulated < u
        if not above.any():
            return np.minimum(count, n)
        if k % 32 == 31 and not mass[above].max() > 0.0:
            # Rounding left the cumulated mass a hair under a uniform next to one.
            return np.minimum(count, n)
        count += above
        k += 1
        mass *= (n - (k - 1)) * odds / k
        cumulated += mass
