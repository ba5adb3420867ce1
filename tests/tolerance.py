"""How far a random result may lie from theory: limits derived from standard errors.

Every limit is set so that a correct model trips it with probability ``ALARM``; with some dozens of
such assertions a whole run of the tests gives a false alarm less than once in a thousand seeds.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from scipy import stats

ALARM = 1e-5

Z = float(stats.norm.ppf(1.0 - ALARM / 2.0))
"""Limit of a standard normal statistic, two-sided."""


def t_statistic(sample: npt.ArrayLike, expected: float) -> float:
    """Distance of the sample's mean from ``expected`` in standard errors of independent values."""
    values = np.asarray(sample, dtype=float)
    error = values.std(ddof=1) / math.sqrt(len(values))
    if error == 0.0:
        return 0.0 if values[0] == expected else math.inf
    return float((values.mean() - expected) / error)


def t_limit(n: int) -> float:
    """Limit of :func:`t_statistic` for ``n`` independent values, two-sided."""
    return float(stats.t.ppf(1.0 - ALARM / 2.0, n - 1))


def assert_mean(sample: npt.ArrayLike, expected: float, what: str = "mean") -> None:
    """The mean of independent values agrees with ``expected`` within its standard error."""
    values = np.asarray(sample)
    n = len(values)
    distance = t_statistic(values, expected)
    assert abs(distance) <= t_limit(n), (
        f"{what}: {values.mean():.6g} is {distance:.1f} standard errors from {expected:.6g} "
        f"(limit {t_limit(n):.1f} for {n} values)"
    )


def assert_count(successes: int, n: int, p: float, what: str = "share") -> None:
    """A binomial count agrees with its probability (exact test)."""
    alarm = stats.binomtest(int(successes), int(n), p).pvalue
    assert alarm >= ALARM, f"{what}: {successes} of {n}, expected share {p:.4g} (p = {alarm:.1e})"
