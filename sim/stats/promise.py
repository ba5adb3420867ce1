"""What could honestly be promised: the values that are reached with a given confidence."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from sim.lazy import stats
from sim.stats.intervals import design_effect, intraclass_correlation

Floats = npt.NDArray[np.float64]

PROMISED = 0.8
"""Confidence of the promise in attainment.csv (``promise_p80``)."""


def promise_rank(n: int, confidence: float) -> int:
    """Rank of the promise among ``n`` values, counted from 1 at the undemanding end.

    It is floor(n (1 - c)) + 1, so that n - rank + 1 >= n c values are at least as demanding. The
    confidence is taken as the decimal number it is written as: 5 values at 0.8 leave out one.
    """
    return math.floor(n * (1 - Fraction(str(confidence)))) + 1


def promise(values: Floats, comparator: str, confidence: float = PROMISED) -> float:
    """The most demanding observed value that a share ``confidence`` of the replications reaches.

    Reaching it counts as keeping the promise. The undemanding end is the lowest value for ``>=``
    and ``>``, the highest for ``<``.
    """
    return float(
        _least_demanding_first(values, comparator)[promise_rank(len(values), confidence) - 1]
    )


def promise_interval(
    values: Floats,
    comparator: str,
    confidence: float,
    draws: npt.NDArray[np.int64],
    error: float = 0.05,
) -> tuple[float, float]:
    """Distribution-free interval of the value that is kept with probability ``confidence``.

    Between two order statistics: the number of values below the quantile of order p = 1 - c is
    binomial (n, p), whatever the distribution, so the values of ranks l and u enclose it with
    probability P(l <= B < u); equal tails give l = q(error / 2) and u = q(1 - error / 2) + 1, q the
    binomial quantile. Ties only add coverage (H. Scheffé and J. W. Tukey, Annals of Mathematical
    Statistics 1945; H. A. David and H. N. Nagaraja, Order Statistics, 3rd ed. 2003, section 7.1).
    Where replications share a draw, ranks are those of the effective number n / design effect,
    stretched to n (R. S. Woodruff, JASA 1952).

    Returns:
        the lower and the higher end, NaN for an end that so few replications do not give.
    """
    ordered = _least_demanding_first(values, comparator)
    n = len(ordered)
    kept = ordered[promise_rank(n, confidence) - 1]
    reached = values <= kept if comparator == "<" else values >= kept
    share = intraclass_correlation(reached.astype(np.float64), draws)
    effective = max(1, math.floor(n / design_effect(share, draws)))
    tail = float(1 - Fraction(str(confidence)))
    first, last = (
        float(stats.binom.ppf(q, effective, tail)) for q in (error / 2.0, 1.0 - error / 2.0)
    )
    lower, upper = math.floor(first * n / effective), math.ceil((last + 1.0) * n / effective)
    ends = (
        math.nan if lower < 1 else float(ordered[lower - 1]),
        math.nan if upper > n else float(ordered[upper - 1]),
    )
    return ends[::-1] if comparator == "<" else ends


def _least_demanding_first(values: Floats, comparator: str) -> Floats:
    ordered = np.sort(values)
    return ordered[::-1] if comparator == "<" else ordered


def share_of_goal(value: float, goal: float, comparator: str) -> float:
    """How much of the goal a value is: value / goal, and goal / value where less is better.

    Above 1 is better than asked for, under every comparator. NaN where there is no such share: a
    goal, or for ``<`` a value, that is not above zero.
    """
    part, whole = (goal, value) if comparator == "<" else (value, goal)
    return part / whole if whole > 0.0 and goal > 0.0 else math.nan
