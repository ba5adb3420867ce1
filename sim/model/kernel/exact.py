"""Exact splits and exact inverse distribution functions of counts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import cast

import numpy as np
import numpy.typing as npt

from sim.lazy import special

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

_SMALLEST_MASS = 1e-250
_LARGEST = int(np.iinfo(np.int64).max)
_LONGEST = 100_000
_MUCH_WIDER = 8
_FEW_COLUMNS = 128  # of a table to which rows are added at less cost than a second one is made
_LARGE_MEAN = 10.0
_FEW = 8
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
    products = [total * weight for weight in weights]
    parts = [product // whole for product in products]
    left = total - sum(parts)
    if left:
        remainders = [product % whole for product in products]
        last = sorted(remainders)[-left]  # the smallest one that may get one more
        more = [remainder >= last for remainder in remainders]
        if sum(more) == left:
            return [part + one for part, one in zip(parts, more, strict=True)]
        order = sorted(zip([-r for r in remainders], ties, range(len(parts)), strict=True))
        for _, _, i in order[:left]:
            parts[i] += 1
    return parts


def largest_remainders(
    totals: Sequence[int], weights: Integers, ties: Sequence[float]
) -> list[list[int]]:
    """:func:`largest_remainder` of several ``totals``, each by a row of ``weights``, at once.

    Raises:
        ValueError: as there.
    """
    whole = weights.sum(axis=1)
    if max(totals) * int(weights.max()) > _LARGEST or not whole.all():
        rows = zip(totals, weights.tolist(), strict=True)
        return [largest_remainder(total, row, ties) for total, row in rows]
    amounts = np.array(totals)
    parts, remainders = np.divmod(amounts[:, None] * weights, whole[:, None])
    left = amounts - parts.sum(axis=1)
    last = np.sort(remainders, axis=1)[np.arange(len(left)), -left]
    more = (remainders >= last[:, None]) & (left > 0)[:, None]
    shares: list[list[int]] = (parts + more).tolist()
    for i in np.flatnonzero(np.count_nonzero(more, axis=1) != left).tolist():
        shares[i] = largest_remainder(totals[i], weights[i].tolist(), ties)  # ties matter here
    return shares


class BinomialQuantile:
    """Inverse distribution function of Binomial(n, p) for an array of fixed ``p`` below one.

    One uniform gives one count, so common random numbers stay common. The distribution function is
    built upwards from the mass at zero, for all elements at once: exact, and fast for the small
    means it is used with; large ones, where the mass at zero would underflow, go through scipy's
    inverse.
    """

    __slots__ = ("_log_failure", "_odds", "_p", "_steps", "_tried")

    def __init__(self, p: Floats) -> None:
        self._p = p
        self._log_failure = np.log1p(-p)
        self._odds = p / (1.0 - p)
        self._steps = np.empty((0, len(p)))
        self._tried = np.empty((0, 1))

    def __call__(self, u: Floats, n: Floats) -> Floats:
        """Counts at uniforms ``u`` for ``n`` trials (counts as floats, one shape with ``p``)."""
        u = np.minimum(u, _NEXT_TO_ONE)
        mass = np.exp(n * self._log_failure)
        if np.minimum.reduce(mass) < _SMALLEST_MASS:
            large = mass < _SMALLEST_MASS
            exact = self(u, np.where(large, 0.0, n))
            inverse = cast(Floats, special.bdtrik(u, n, self._p))
            return np.where(large, np.ceil(inverse - 1e-9), exact)
        mean = n * self._p
        if len(mean) <= _FEW_COLUMNS:
            done, size = 0, _usual_size(float(np.maximum.reduce(mean)))
        else:  # as many masses as the average element needs, then more for those that need more
            done, size = 0, _usual_size(float(np.add.reduce(mean)) / len(mean))
        if size > len(self._steps):
            self._steps = self._odds / np.arange(1.0, size + 1.0)[:, None]
            self._tried = np.arange(size, dtype=np.float64)[:, None]
        tried, steps = self._tried[:size], self._steps[:size]
        counts = np.add(mass < u, 0.0)
        reached, trials, where = mass, n, None
        while True:
            table = n - tried
            table *= steps
            mass, reached = _cumulate(table, mass, reached)
            below = np.add.reduce(table < u, dtype=np.uint32)
            if where is None:
                counts += below
            else:
                counts[where] += below
            done += size
            (left,) = ((reached < u) & (mass > 0.0)).nonzero()
            if not left.size or done > _LONGEST:
                within: Floats = np.minimum(counts, trials)
                return within
            where = left if where is None else where[left]
            u, n, mass, reached, mean = u[left], n[left], mass[left], reached[left], mean[left]
            size = max(_FEW, _usual_size(float(np.maximum.reduce(mean))) - done)
            tried = np.arange(done, done + size, dtype=np.float64)[:, None]
            steps = self._odds[where] / (tried + 1.0)


def _usual_size(mean: float) -> int:
    """Masses after which the distribution function of a count has nearly always been reached."""
    return int(mean + 3.0 * math.sqrt(mean) + 4.0)


def _cumulate(table: Floats, mass: Floats, reached: Floats) -> tuple[Floats, Floats]:
    """Turn the ratios of successive masses, row by row, into the distribution function, in place.

    ``mass`` is the mass of the count before the first row, ``reached`` the distribution function
    there. Returns both for the last row.
    """
    first, last = table[0], table[-1]
    first *= mass
    # Beyond n one factor is zero, and so is all that follows.
    _accumulate(np.multiply, table)
    last_mass = last.copy()
    first += reached
    _accumulate(np.add, table)
    return last_mass, last


def _accumulate(operation: np.ufunc, table: Floats) -> None:
    """Replace every row of ``table`` by the operation's result over all rows up to it.

    NumPy accumulates column by column, which is slow for a table that is much wider than high.
    """
    if len(table) * _MUCH_WIDER > table.shape[1]:
        operation.accumulate(table, out=table)
        return
    for above, row in pairwise(table):
        operation(above, row, row)


def poisson_quantile(u: Floats, mean: Floats) -> Floats:
    """Inverse distribution function of Poisson(``mean``) at ``u``, arrays of one shape.

    One uniform gives one count, as in :class:`BinomialQuantile`, by the same construction: masses
    upwards from the one at zero. For larger means scipy's inverse is faster, and as exact.
    """
    u = np.minimum(u, _NEXT_TO_ONE)
    large = mean > _LARGE_MEAN
    if large.any():
        inverse: Floats = np.ceil(special.pdtrik(u, mean) - 1e-9)
        if large.all():
            return inverse
        return np.where(large, inverse, poisson_quantile(u, np.where(large, 0.0, mean)))
    mass = np.exp(-mean)
    largest = float(np.maximum.reduce(mean))
    size = int(largest + 4.0 * math.sqrt(largest) + 4.0)
    while True:
        work = mean / np.arange(1.0, size + 1.0)[:, None]
        work[0] *= mass
        np.multiply.accumulate(work, out=work)
        work[0] += mass
        np.add.accumulate(work, out=work)
        # Rounding may keep the sum below u for good: then nothing more is added.
        if np.logical_and.reduce((work[-1] >= u) | (work[-1] == work[-2])):
            counts: Floats = np.add.reduce(work < u, dtype=np.float64) + (mass < u)
            return counts
        size *= 2
