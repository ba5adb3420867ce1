"""Where a chance that rises with the budget reaches a wanted level, and how surely that is known.

One replication is simulated under many budgets with the same random numbers, so the *whole curve*
of a replication is one observation. The chance at every budget is estimated by a share, the shares
are made to rise with the budget by isotonic regression (R. E. Barlow et al., "Statistical Inference
under Order Restrictions", 1972), and the crossing is read off that fit. Its interval resamples
replications, once for all budgets: the paired bootstrap (B. Efron and R. Tibshirani, "An
Introduction to the Bootstrap", 1993, chapter 13).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.lazy import optimize
from sim.stats.bootstrap import resamples

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

RESAMPLES = 1000
CONFIDENCE = 0.95
LEAP = 0.5
"""Rise of the fit between two budgets from which nothing is assumed about where in between."""

SURE_DROP = 0.05
"""Error rate of the test, for all pairs of budgets of a row together, that more money does harm."""

_SLACK = 1e-9  # sums of many shares that ought to be equal differ by rounding


@dataclass(frozen=True)
class Scale:
    """Budgets as positions: linear up to ``unit`` yuan, logarithmic from there on.

    The position of a budget x is log(1 + x / unit): zero has a place, and beyond the unit equal
    distances are equal ratios.
    """

    unit: float

    def position(self, yuan: npt.ArrayLike) -> Floats:
        """Positions of budgets in yuan; infinity stays infinity."""
        return np.log1p(np.asarray(yuan, dtype=np.float64) / self.unit)

    def yuan(self, position: npt.ArrayLike) -> Floats:
        """Budgets in yuan at positions."""
        return np.expm1(np.asarray(position, dtype=np.float64)) * self.unit


@dataclass(frozen=True)
class Curves:
    """What every replication found at every budget.

    Attributes:
        budgets: yuan, ascending, (M,).
        met: whether a row is met, (replications N, budgets M, rows K); False where not simulated.
        there: whether a replication finished at a budget, (N, M).
        draws: number of the parameter draw of a replication, (N,).
    """

    budgets: Integers
    met: Flags
    there: Flags
    draws: Integers

    @cached_property
    def finished(self) -> Integers:
        """Replications finished at every budget, (M,)."""
        finished: Integers = self.there.sum(axis=0).astype(np.int64)
        return finished

    @cached_property
    def shares(self) -> Floats:
        """Share of the replications that meet a row, (K, M)."""
        shares: Floats = (self.met.sum(axis=0) / self.finished[:, None]).T
        return shares

    def at(self, budget: int, row: int) -> tuple[Flags, Integers]:
        """Whether ``row`` is met at ``budget``, and the draws, of the replications finished."""
        column = int(np.searchsorted(self.budgets, budget))
        there = self.there[:, column]
        return self.met[there, column, row], self.draws[there]


def isotonic_fit(shares: Floats, weights: Integers) -> Floats:
    """The rising curve nearest to ``shares`` in weighted least squares; both (M,)."""
    fit: Floats = np.asarray(optimize.isotonic_regression(shares, weights=weights).x)
    return fit


class Crossing(NamedTuple):
    """Where fits cross the level: arrays of one shape, in positions.

    ``at`` is where the straight line between the two budgets crosses, 0 where the fit is at the
    level from the start and infinity where it never reaches it. ``low`` and ``high`` leave open how
    the curve runs in between: they are ``at`` where the fit hardly rises from one budget to the
    next, and the two budgets themselves where it leaps by :data:`LEAP` or more.
    """

    low: Floats
    at: Floats
    high: Floats


def crossing(successes: Floats, weights: Floats, level: float, positions: Floats) -> Crossing:
    """Where weighted isotonic fits cross ``level``, for any number of curves at once.

    The fit is below the level up to the first minimum of the cumulative sums of
    ``successes - level * weights``, and not below it afterwards (the switch relation: the fit is
    the slope of the greatest convex minorant of the cumulative sums). So a crossing needs no
    regression, only the two slopes that meet there.

    Args:
        successes, weights: (..., M), the weighted number of successes and the weight at every
            budget; a weight of zero leaves a budget out, the first one may not be.
        positions: of the budgets, ascending, the first is 0, (M,).

    Returns:
        arrays of the leading shape.
    """
    start = np.zeros((*weights.shape[:-1], 1))
    made = np.concatenate([start, np.cumsum(successes, axis=-1)], axis=-1)
    weight = np.concatenate([start, np.cumsum(weights, axis=-1)], axis=-1)
    excess = made - level * weight
    tolerance = _SLACK * weight[..., -1:]
    lowest = excess <= excess.min(axis=-1, keepdims=True) + tolerance
    turn = np.argmax(lowest, axis=-1)[..., None]  # budgets before it are below the level
    steps = np.arange(weight.shape[-1])
    to_made = np.take_along_axis(made, turn, axis=-1)
    to_weight = np.take_along_axis(weight, turn, axis=-1)
    run, rise = to_weight - weight, to_made - made
    before = (steps < turn) & (run > 0.0)
    after = (steps > turn) & (run < 0.0)
    slope = np.divide(rise, run, out=np.zeros_like(run), where=run != 0.0)
    under = np.where(before, slope, -np.inf).max(axis=-1)
    over = np.where(after, slope, np.inf).min(axis=-1)
    used = weights > 0.0
    column = np.arange(len(positions))
    left = positions[np.where(used & (column < turn), column, 0).max(axis=-1)]
    right = positions[np.where(used & (column >= turn), column, len(positions) - 1).min(axis=-1)]
    from_start, never = turn[..., 0] == 0, ~after.any(axis=-1)
    inside = ~from_start & ~never
    jump = np.where(inside, np.maximum(over - under, _SLACK), 1.0)
    share = np.where(inside, np.clip((level - under) / jump, 0.0, 1.0), 0.0)
    at = left + share * (right - left)
    open_part = np.minimum(1.0, jump / LEAP)

    def ends(value: Floats) -> Floats:
        return np.where(never, np.inf, np.where(from_start, 0.0, value))

    return Crossing(
        ends(at - open_part * (at - left)), ends(at), ends(at + open_part * (right - at))
    )


class Root(NamedTuple):
    """The crossing of some rows with 95 % intervals; arrays (rows,), positions.

    ``noise``: width of the interval of ``at`` alone, what replications leave open apart from the
    distance between budgets; infinite where an end is.
    """

    low: Floats
    at: Floats
    high: Floats
    noise: Floats


def roots(
    curves: Curves, rows: Integers, last: Integers, level: float, scale: Scale, seed: int
) -> Root:
    """Crossings of ``rows`` with the paired bootstrap, deterministic by ``seed``.

    Args:
        rows: positions of the rows asked for.
        last: by row the position of the last budget that counts: later ones are left out.
    """
    positions = scale.position(curves.budgets)
    counts = np.vstack([np.ones(len(curves.draws)), resamples(seed, curves.draws, RESAMPLES)])
    n, m = curves.there.shape
    met = curves.met[:, :, rows].reshape(n, -1).astype(np.float64)
    successes = (counts @ met).reshape(len(counts), m, len(rows)).swapaxes(1, 2)
    weights = (counts @ curves.there.astype(np.float64))[:, None, :]
    kept = np.arange(m) <= last[:, None]
    found = crossing(successes * kept, weights * kept, level, positions)
    tail = (1.0 - CONFIDENCE) / 2.0

    def quantile(values: Floats, share: float, method: str) -> Floats:
        # An order statistic: between a number and infinity there is nothing to interpolate.
        result: Floats = np.quantile(values[1:], share, axis=0, method=method)  # type: ignore[call-overload]
        return result

    spread = [quantile(found.at, share, "inverted_cdf") for share in (tail, 1.0 - tail)]
    with np.errstate(invalid="ignore"):
        noise = spread[1] - spread[0]
    return Root(
        np.minimum(quantile(found.low, tail, "lower"), found.low[0]),
        found.at[0],
        np.maximum(quantile(found.high, 1.0 - tail, "higher"), found.high[0]),
        np.where(np.isfinite(noise), noise, np.inf),
    )


def falls(curves: Curves, row: int) -> bool:
    """Whether somewhere more money surely lowers the chance.

    McNemar's test of the replications that two budgets share, one-sided, for every pair of budgets,
    with Bonferroni's correction (Q. McNemar, Psychometrika 1947). Replications that share a draw
    are added up first, so that only draws have to be independent.
    """
    m = len(curves.budgets)
    pairs = m * (m - 1) // 2
    if not pairs:
        return False
    _, draw = np.unique(curves.draws, return_inverse=True)
    limit = -NormalDist().inv_cdf(SURE_DROP / pairs)
    met, there = curves.met[:, :, row].astype(np.int64), curves.there
    for less in range(m - 1):
        both = there[:, [less]] & there[:, less + 1 :]
        change = np.where(both, met[:, [less]] - met[:, less + 1 :], 0)
        by_draw = np.zeros((int(draw.max()) + 1, change.shape[1]))
        np.add.at(by_draw, draw, change)
        spread = np.sqrt((by_draw**2).sum(axis=0))
        if (by_draw.sum(axis=0) > limit * np.maximum(spread, 1.0)).any():
            return True
    return False
