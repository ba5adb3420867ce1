"""Intervals for attainment probabilities."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Z_95 = 1.959963984540054
"""Standard normal quantile of a two-sided 95 % interval."""


def wilson(successes: float, n: float, z: float = Z_95) -> tuple[float, float]:
    """Wilson score interval for a proportion (E. B. Wilson, JASA 1927).

    ``n`` may be an effective sample size. Without observations the interval is (0, 1).
    """
    if n <= 0:
        return 0.0, 1.0
    p = successes / n
    centre = (p + z * z / (2.0 * n)) / (1.0 + z * z / n)
    half = z / (1.0 + z * z / n) * math.sqrt(p * (1.0 - p) / n + z * z / (4.0 * n * n))
    low = 0.0 if successes <= 0 else max(0.0, centre - half)
    high = 1.0 if successes >= n else min(1.0, centre + half)
    return low, high


def intraclass_correlation(
    values: npt.NDArray[np.float64], clusters: npt.NDArray[np.int64]
) -> float:
    """Share of the variance of ``values`` that lies between ``clusters``, within [0, 1].

    One-way analysis of variance estimator with the adjusted mean cluster size for unequal clusters
    (A. Donner, International Statistical Review 1986). With clusters that are parameter draws it is
    the part of the uncertainty that comes from the parameters. NaN where it cannot be estimated:
    no cluster with two members, or no variance at all.
    """
    _, index, sizes = np.unique(clusters, return_inverse=True, return_counts=True)
    n, k = len(values), len(sizes)
    if k < 2 or n == k or np.ptp(values) == 0.0:
        return math.nan
    means = np.bincount(index, weights=values) / sizes
    between = float((sizes * (means - values.mean()) ** 2).sum()) / (k - 1)
    within = float(((values - means[index]) ** 2).sum()) / (n - k)
    size = (n - float((sizes**2).sum()) / n) / (k - 1)
    total = between + (size - 1.0) * within
    return min(1.0, max(0.0, (between - within) / total)) if total > 0.0 else math.nan


def design_effect(correlation: float, clusters: npt.NDArray[np.int64]) -> float:
    """Factor by which clustering inflates the variance of a mean (Kish 1965)."""
    if math.isnan(correlation):
        return 1.0
    _, sizes = np.unique(clusters, return_counts=True)
    weighted = float((sizes**2).sum() / sizes.sum())
    return 1.0 + (weighted - 1.0) * correlation


def clustered_wilson(
    met: npt.NDArray[np.bool_], draws: npt.NDArray[np.int64]
) -> tuple[float, float]:
    """95 % Wilson interval of a share where replications of one draw count for less than one each.

    Taken at the effective number of replications, n / design effect by draw.
    """
    share = intraclass_correlation(met.astype(np.float64), draws)
    effective = len(met) / design_effect(share, draws)
    return wilson(float(met.mean()) * effective, effective)
