"""A search for the smallest budget of many targets at once, on common random numbers.

Every simulated budget informs every target. The search starts with a coarse grid and then, round
by round, looks at the targets whose interval is still too wide, the widest first: where budgets lie
far apart inside the interval it puts a new one between them, and where they lie close it doubles
the replications there. Decisions depend on results alone: the same question takes the same path.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import floor, log1p, log10

import numpy as np

from sim.analysis.crossing import Curves, Flags, Integers, Root, Scale, roots
from sim.analysis.intervals import clustered_wilson

Asked = Mapping[int, int]
"""Replications by budget in yuan."""

Observe = Callable[[Asked], Curves]
"""Simulates so many replications under so many budgets, and returns what is known of them."""

FACTORS = (0.25, 0.5, 1.0, 2.0, 4.0)
"""Budgets of the coarse grid, relative to that of the scenario; zero and the maximum join them."""

ENDS = 2
"""Replications at the largest budget, relative to the others: it decides what money can do."""

FINE = 1.0 / 3.0
"""Budgets lie close where none is further from the next than this share of the interval."""

_MIDDLE = 0.25  # a new budget keeps this share of the gap away from both ends of it
_DIGITS = 3  # significant digits of the budgets that are simulated


@dataclass(frozen=True)
class Aim:
    """What is looked for.

    Attributes:
        level: the wanted probability.
        tolerance: relative half-width of an interval that is narrow enough.
        rounds: most rounds after the coarse grid; ``cap``: most replications, all budgets together.
        scale: on which budgets are compared; ``seed`` of the bootstrap.
    """

    level: float
    tolerance: float
    rounds: int
    cap: int
    scale: Scale
    seed: int


@dataclass(frozen=True)
class Found:
    """What a search found: curves, roots by row of them, the last budget that counts by row."""

    curves: Curves
    root: Root
    last: Integers
    aim: Aim

    @property
    def precise(self) -> Flags:
        """Whether an interval is narrow enough: by row, see :attr:`Aim.tolerance`."""
        scale = self.aim.scale
        low, at, high = (scale.yuan(end) for end in (self.root.low, self.root.at, self.root.high))
        known = np.isfinite(high)
        half = np.subtract(high, low, out=np.full(len(high), np.inf), where=known) / 2.0
        narrow: Flags = known & (half <= self.aim.tolerance * np.maximum(at, scale.unit))
        return narrow


def coarse_grid(base: int, largest: int) -> tuple[list[int], Scale]:
    """The first budgets in yuan, ascending, and the scale on which budgets are compared.

    ``base`` is the budget of the scenario; where it is zero the grid is built around 1/64 of the
    largest. The unit of the scale is the smallest budget of the grid above zero.
    """
    reference = base or largest / 64.0
    inner = {max(1, round(reference * factor)) for factor in FACTORS}
    grid = sorted({0, base, largest} | {budget for budget in inner if budget < largest})
    return grid, Scale(float(grid[1]))


def search(observe: Observe, budgets: Sequence[int], replications: int, aim: Aim) -> Found:
    """Look for the smallest budget of every row of the curves.

    Args:
        observe: asked again and again for a growing set of budgets and replications.
        budgets: the coarse grid; ``replications`` at each of them.
    """
    asked = dict.fromkeys(budgets, replications) | {budgets[-1]: ENDS * replications}
    found = judge(observe(asked), aim)
    for _ in range(aim.rounds):
        more = next_budgets(found, asked, replications)
        if not more:
            break
        asked |= more
        found = judge(observe(asked), aim)
    return found


def judge(curves: Curves, aim: Aim) -> Found:
    """The crossings of all rows that ``curves`` show."""
    rows = np.arange(curves.met.shape[2])
    last = np.array([last_budget(curves, row, aim.level) for row in rows.tolist()], dtype=np.int64)
    return Found(curves, roots(curves, rows, last, aim.level, aim.scale, aim.seed), last, aim)


def last_budget(curves: Curves, row: int, level: float) -> int:
    """Position of the last budget that belongs to the rising part of a curve.

    It is the largest one, unless the chance there is surely below the level (95 % Wilson interval)
    and surely at it somewhere before: then more money does harm, and the curve counts up to the
    last budget at which it surely holds.
    """
    shares = curves.shares[row]
    if shares[-1] >= level or shares.max() < level:
        return len(shares) - 1
    intervals = [clustered_wilson(*curves.at(b, row)) for b in curves.budgets.tolist()]
    sure = [i for i, (low, _) in enumerate(intervals) if low >= level]
    return sure[-1] if sure and intervals[-1][1] < level else len(intervals) - 1


def next_budgets(found: Found, asked: Asked, replications: int) -> dict[int, int]:
    """What to simulate next, new budgets before more replications; empty if nothing is worth it.

    Only crossings between the smallest and the largest budget are looked at: what happens at the
    ends is decided there.
    """
    root, precise, scale = found.root, found.precise, found.aim.scale
    budgets = found.curves.budgets
    positions = scale.position(budgets)
    top = positions[-1]
    low, high = root.low, np.minimum(root.high, top)
    open_rows = np.flatnonzero(np.isfinite(root.at) & (root.at > 0.0) & ~precise)
    left = found.aim.cap - sum(asked.values())
    more: dict[int, int] = {}
    split: set[int] = set()
    dense = []
    for row in sorted(open_rows.tolist(), key=lambda row: (low[row] - high[row], row)):
        inside = np.flatnonzero((positions[:-1] < high[row]) & (positions[1:] > low[row]))
        gaps = positions[inside + 1] - positions[inside]
        width = high[row] - low[row]
        if gaps.max() <= max(FINE * width, log1p(found.aim.tolerance) * FINE):
            dense.append((row, inside))
            continue
        gap = int(inside[np.argmax(gaps)])
        new = between(int(budgets[gap]), int(budgets[gap + 1]), float(root.at[row]), scale)
        if gap not in split and new is not None and left >= replications:
            split.add(gap)
            more[new] = replications
            left -= replications
    for _, inside in dense:
        own = [int(b) for b in budgets[inside[0] : inside[-1] + 2]]
        fewest = min(asked[b] for b in own)
        cost = {b: 2 * fewest for b in own if asked[b] < 2 * fewest and b not in more}
        price = sum(number - asked[b] for b, number in cost.items())
        if 0 < price <= left:
            more |= cost
            left -= price
    return more


def between(lower: int, upper: int, wished: float, scale: Scale) -> int | None:
    """A budget between two others, of three digits if possible; None if there is no yuan between.

    It is at the position ``wished`` where that is in the middle half of the gap, else in the middle
    of it.
    """
    low, high = scale.position([lower, upper]).tolist()
    margin = _MIDDLE * (high - low)
    inside = low + margin <= wished <= high - margin
    exact = float(scale.yuan(wished if inside else (low + high) / 2.0))
    round_one = rounded(exact)
    budget = round_one if lower < round_one < upper else round(exact)
    return budget if lower < budget < upper else None


def rounded(yuan: float) -> int:
    """An amount with three significant digits, upwards."""
    step = 10 ** max(0, floor(log10(yuan)) - _DIGITS + 1) if yuan >= 1 else 1
    return int(-(-yuan // step)) * step


def grid_replications(found: Found, rows: Integers, replications: int) -> int:
    """Replications that a search on a uniform grid needs for intervals as narrow as these.

    With one shared grid a root is known to lie between two neighbours at best, so its interval is
    at least as wide as the spacing, however many replications there are. To give every row the
    width that was found here, the spacing must be that of the narrowest interval, on the same scale
    of positions and over the same range; every budget gets the replications of a first round.
    """
    high, low = found.root.high[rows], found.root.low[rows]
    widths = (high - low)[np.isfinite(high) & (high > low)]
    if not len(widths):
        return 0
    span = float(found.aim.scale.position(found.curves.budgets[-1]))
    return (int(np.ceil(span / widths.min())) + 1) * replications
