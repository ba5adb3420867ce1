"""What an even grid of budgets would cost that knows the smallest budgets as well as a search does.

The yardstick for a search: budgets evenly spaced on its own scale and over its own range, with
equally many replications at each, because where the crossings lie is not known beforehand.
"""

from __future__ import annotations

from math import ceil
from typing import NamedTuple

import numpy as np

from sim.stats.crossing import LEAP, Curves, Floats, Integers, Root, Scale
from sim.stats.intervals import Z_95

MOST_BUDGETS = 5000
"""Largest number of budgets that is considered."""


class EvenGrid(NamedTuple):
    """A grid: number of budgets, and replications at each of them and without any money."""

    budgets: int
    each: int

    @property
    def replications(self) -> int:
        """All of them; the point without any money is one more."""
        return (self.budgets + 1) * self.each


def even_grid(
    curves: Curves, root: Root, rows: Integers, level: float, scale: Scale, first: int
) -> EvenGrid | None:
    """The smallest even grid whose interval of every row is no wider than the one found.

    Both parts of an interval count (:mod:`sim.stats.crossing`). Simulation error: the width s of
    the interval of the crossing that n replications left would be s sqrt(n / m) with m.
    Distance: of a spacing h the share min(1, J / LEAP) is open, J being the rise of the curve over
    h. Its slope at the crossing follows from s = 2 * 1.96 sqrt(p (1 - p) / n) / slope, p being the
    level.

    Args:
        curves, root: what the search knows of all rows, and the crossings it found, on ``scale``.
        rows: those that count; a row without an upper end of its interval is left out.
        level: the wanted probability.
        first: no budget gets fewer replications, as in the search.

    Returns:
        the grid with fewest replications, None where no row is left.
    """
    widths = np.subtract(root.high, root.low, out=np.zeros(len(root.at)),
                         where=np.isfinite(root.high))[rows]  # fmt: skip
    rows, widths = rows[widths > 0.0], widths[widths > 0.0]
    if not len(rows):
        return None
    noise, number = root.noise[rows], _worth(curves, root, rows, scale)
    spread = 2.0 * Z_95 * np.sqrt(level * (1.0 - level) / number)
    slope = np.divide(spread, noise, out=np.full(len(rows), np.inf), where=noise > 0.0)
    span = float(scale.position(curves.budgets[-1]))
    best: EvenGrid | None = None
    for budgets in range(2, MOST_BUDGETS):
        if best is not None and (budgets + 1) * first >= best.replications:
            break
        spacing = span / (budgets - 1)
        left = widths - spacing * np.minimum(1.0, slope * spacing / LEAP)
        if (left < 0.0).any() or ((left == 0.0) & (noise > 0.0)).any():
            continue
        share = np.divide(noise, left, out=np.zeros(len(rows)), where=noise > 0.0)
        own = EvenGrid(budgets, max(first, ceil((number * share**2).max())))
        if best is None or own.replications < best.replications:
            best = own
    return best


def _worth(curves: Curves, root: Root, rows: Integers, scale: Scale) -> Floats:
    """How many replications the crossing of each row rests on.

    It is interpolated between two budgets with shares p and q of n and m > n replications, of which
    the first n are the same. At the weight w of the second its variance is, in units of a share's
    own, (1 - w)^2 / n + w^2 / m + 2 w (1 - w) / m: as with so many replications at both.
    """
    positions = scale.position(curves.budgets)
    at = np.clip(root.at[rows], positions[0], positions[-1])
    right = np.clip(np.searchsorted(positions, at), 1, len(positions) - 1)
    weight = (at - positions[right - 1]) / (positions[right] - positions[right - 1])
    n, m = (curves.finished[place].astype(np.float64) for place in (right - 1, right))
    both = 2.0 * weight * (1.0 - weight) / np.maximum(n, m)
    worth: Floats = 1.0 / ((1.0 - weight) ** 2 / n + weight**2 / m + both)
    return worth
