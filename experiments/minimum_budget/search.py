"""A search for the smallest budget of many targets at once, on common random numbers.

Every simulated budget informs every target. The search starts with few replications on a coarse
grid. Then, round by round, it adds where the answer is least known. An end of the range gets more
replications while a verdict hangs on it. Of the targets that money buys, those whose intervals are
widest, compared with what was asked for, come first: where the distance between budgets makes them
wide, a new one goes into the widest gap inside; else the two budgets beside the crossing get twice
the replications. Decisions depend on results alone: the same question takes the same path.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import floor, log10

import numpy as np

from sim.stats.crossing import Curves, Flags, Floats, Integers, Root, Scale, roots
from sim.stats.intervals import clustered_wilson

Asked = Mapping[int, int]
"""Replications by public budget in yuan; :data:`NOTHING` stands for no money, public or social."""

NOTHING = -1

Observe = Callable[[Asked], "tuple[Curves, Observed]"]
"""Simulates so many replications under so many budgets: what is known of them, and of nothing."""

FACTORS = (0.25, 0.5, 1.0, 2.0, 4.0)
"""Budgets of the coarse grid, relative to that of the scenario; zero and the maximum join them."""

DISTANCE = 0.3
"""Share of an interval that the distance between budgets may make, beside simulation error.

Where budgets cover a region at a spacing h with n replications each, n / h is least for intervals
of a given width if the spacing makes a fifth of it; somewhat more where crossings are few.
"""

PACE = 1.5
"""Intervals less wide than the widest by this factor wait for the next round."""

_MIDDLE = 0.25  # a new budget keeps this share of the gap away from both ends of it
_DIGITS = 3  # significant digits of the budgets that are simulated


@dataclass(frozen=True)
class Observed:
    """Whether every subject is met at one place: (replications, subjects), and their draws."""

    met: Flags
    draws: Integers

    def chance(self, subject: int) -> tuple[float, float, float]:
        """Probability with its 95 % Wilson interval."""
        met = self.met[:, subject]
        return (float(met.mean()), *clustered_wilson(met, self.draws))


@dataclass(frozen=True)
class Aim:
    """What is looked for, and at what price.

    Attributes:
        level: the wanted probability.
        tolerance: relative half-width of an interval that is narrow enough.
        first: replications at every budget of the coarse grid.
        ends: most replications at an end of the range: it decides what money can do.
        rounds: most rounds after the coarse grid; ``cap``: most replications, all budgets together.
        scale: on which budgets are compared; ``seed`` of the bootstrap.
    """

    level: float
    tolerance: float
    first: int
    ends: int
    rounds: int
    cap: int
    scale: Scale
    seed: int


@dataclass(frozen=True)
class Found:
    """What a search found: curves, roots by row of them, the last budget that counts by row.

    ``nothing``: what was found without any money.
    """

    curves: Curves
    nothing: Observed
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

    @property
    def excess(self) -> Floats:
        """Width of each interval, up to the largest budget, over one that is narrow enough."""
        scale, tolerance = self.aim.scale, self.aim.tolerance
        top = float(scale.position(self.curves.budgets[-1]))
        at = np.maximum(scale.yuan(np.minimum(self.root.at, top)), scale.unit)
        enough = scale.position((1.0 + tolerance) * at) - scale.position((1.0 - tolerance) * at)
        return (np.minimum(self.root.high, top) - np.minimum(self.root.low, top)) / enough

    @cached_property
    def verdicts(self) -> list[tuple[str, str]]:
        """Verdict and doubt by row, see :func:`verdict`."""
        return [
            verdict(self.curves, self.nothing, self.aim.level, last, row)
            for row, last in enumerate(self.last.tolist())
        ]

    @property
    def replications(self) -> int:
        """Finished replications of the search, at all budgets and without any money."""
        return int(self.curves.finished.sum()) + len(self.nothing.met)


def coarse_grid(base: int, largest: int) -> tuple[list[int], Scale]:
    """The first budgets in yuan, ascending, and the scale on which budgets are compared.

    ``base`` is the budget of the scenario; where it is zero the grid is built around 1/64 of the
    largest. The unit of the scale is the smallest budget of the grid above zero.
    """
    reference = base or largest / 64.0
    inner = {max(1, round(reference * factor)) for factor in FACTORS}
    grid = sorted({0, base, largest} | {budget for budget in inner if budget < largest})
    return grid, Scale(float(grid[1]))


def search(observe: Observe, budgets: Sequence[int], aim: Aim) -> Found:
    """Look for the smallest budget of every row of the curves.

    Args:
        observe: asked again and again for a growing set of budgets and replications.
        budgets: the coarse grid.
    """
    asked = dict.fromkeys((NOTHING, *budgets), aim.first)
    found = judge(*observe(asked), aim)
    for _ in range(aim.rounds):
        more = next_budgets(found, asked)
        if not more:
            break
        asked |= more
        found = judge(*observe(asked), aim)
    return found


def judge(curves: Curves, nothing: Observed, aim: Aim) -> Found:
    """The crossings of all rows that ``curves`` show."""
    rows = np.arange(curves.met.shape[2])
    last = np.array([last_budget(curves, row, aim.level) for row in rows.tolist()], dtype=np.int64)
    root = roots(curves, rows, last, aim.level, aim.scale, aim.seed)
    return Found(curves, nothing, root, last, aim)


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


def verdict(
    curves: Curves, nothing: Observed, level: float, last: int, row: int
) -> tuple[str, str]:
    """What money can do for one row, and the end that is in doubt, if any.

    By 95 % Wilson intervals:

    ``met_anyway``: surely at the wanted level without any money, public or social.
    ``social_enough``: surely at the level without public money, if social money comes, but not
    without both.
    ``money_bound``: surely at the level with some budget, and surely not without money: there is a
    smallest budget.
    ``out_of_reach``: surely below the level with the largest budget, and never surely at it before.
    ``undecided``: an interval at an end holds the level; the doubt names the end: ``nothing``
    (whether money is needed at all) or ``maximum`` (whether money can do it).

    Args:
        nothing: what was found without public and without social money.
        level: the wanted probability.
        last: position of the last budget that counts, the largest unless more money does harm.
    """
    _, least, most = nothing.chance(row)
    if least >= level:
        return "met_anyway", ""
    budgets = curves.budgets.tolist()
    at_last = clustered_wilson(*curves.at(budgets[last], row))
    if at_last[0] < level:
        return ("out_of_reach", "") if at_last[1] < level else ("undecided", "maximum")
    if most >= level:
        return "undecided", "nothing"
    if clustered_wilson(*curves.at(budgets[0], row))[0] >= level:
        return "social_enough", ""
    return "money_bound", ""


def next_budgets(found: Found, asked: Asked) -> dict[int, int]:
    """What to simulate next; empty if nothing is worth it, or nothing can be paid for."""
    left = found.aim.cap - sum(asked.values())
    more: dict[int, int] = {}
    for end in _ends_in_doubt(found):
        number = min(2 * asked[end], found.aim.ends)
        if 0 < number - asked[end] <= left:
            more[end] = number
            left -= number - asked[end]
    excess, served = found.excess, False
    rows = _open_rows(found)
    for row in rows:
        if served and excess[row] * PACE < excess[rows[0]]:
            break
        wanted = _narrowing(found, row, asked, more)
        price = sum(n - more.get(b, asked.get(b, 0)) for b, n in wanted.items())
        if price <= left:
            more |= wanted
            left -= price
            served = True
    return more


def _ends_in_doubt(found: Found) -> list[int]:
    """Ends of the range whose chance leaves a verdict, or whether a crossing exists, open."""
    curves, level = found.curves, found.aim.level
    zero, top = curves.budgets[[0, -1]].tolist()
    ends = {NOTHING: False, zero: False, top: False}
    for row, (own, doubt) in enumerate(found.verdicts):
        ends[NOTHING] |= doubt == "nothing"
        ends[top] |= doubt == "maximum"
        if own == "money_bound":
            ends[zero] |= clustered_wilson(*curves.at(zero, row))[1] >= level
    return [end for end, doubtful in ends.items() if doubtful]


def _open_rows(found: Found) -> list[int]:
    """Rows that money buys with intervals wider than asked, the widest first."""
    bought = np.array([own == "money_bound" for own, _ in found.verdicts], dtype=bool)
    inside = np.isfinite(found.root.at) & (found.root.at > 0.0)
    rows: list[int] = np.flatnonzero(bought & inside & ~found.precise).tolist()
    return sorted(rows, key=lambda row: (-found.excess[row], row))


def _narrowing(found: Found, row: int, asked: Asked, more: Asked) -> dict[int, int]:
    """What narrows the interval of a row, beyond what the same round does for others already."""
    budgets, root = found.curves.budgets, found.root
    positions = found.aim.scale.position(budgets)
    at, low, high = float(root.at[row]), float(root.low[row]), float(root.high[row])
    apart = high - low - float(root.noise[row])  # not a number without an upper end
    if apart > DISTANCE * (high - low):
        inside = np.flatnonzero((positions[:-1] < high) & (positions[1:] > low))
        gap = int(inside[np.argmax(np.diff(positions)[inside])])
        lower, upper = budgets[[gap, gap + 1]].tolist()
        if any(lower < budget < upper for budget in more):
            return {}
        new = between(lower, upper, at, found.aim.scale)
        if new is not None:
            return {new: min(asked[lower], asked[upper])}
    right = int(np.clip(np.searchsorted(positions, at), 1, len(budgets) - 1))
    pair = budgets[[right - 1, right]].tolist()
    double = 2 * min(asked[budget] for budget in pair)
    return {budget: double for budget in pair if max(asked[budget], more.get(budget, 0)) < double}


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


def confirmations(found: Found, rows: Sequence[int]) -> dict[int, int]:
    """At which budget each row is confirmed: its root or, shared with others, a little above.

    Rows share a budget where one lies between root and upper end of the interval of each; taken
    from the smallest upper end on, so that there are as few budgets as possible (stabbing of
    intervals). A shared budget is the largest root of its rows, with three digits where that is
    still within.
    """
    at = whole(found.aim.scale.yuan(found.root.at))
    top = int(found.curves.budgets[-1])
    high = np.minimum(found.aim.scale.yuan(found.root.high), top)
    left = sorted(rows, key=lambda row: (high[row], row))
    chosen: dict[int, int] = {}
    while left:
        limit = high[left[0]]
        group = [row for row in left if at[row] <= max(limit, at[left[0]])]
        budget = int(max(at[row] for row in group))
        round_one = rounded(budget)
        shared = round_one if round_one <= min(high[row] for row in group) else budget
        chosen |= dict.fromkeys(group, shared)
        left = [row for row in left if row not in group]
    return chosen


def whole(yuan: Floats) -> Floats:
    """Amounts in whole yuan, upwards; what is whole but for rounding errors stays."""
    return np.ceil(np.round(yuan, 3))
