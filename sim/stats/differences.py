"""Intervals for the difference between two scenarios, on the same random numbers or on others.

Everything is computed for many quantities at once: arrays are (replications, quantities), results
(quantities,). Replications that share a parameter draw form a cluster; what the clusters say enters
the intervals, not how many replications there are in each.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.lazy import special
from sim.stats.intervals import Z_95

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

_LEVEL = 0.975  # upper probability of a two-sided 95 % interval
_EXACT = 1e-12  # a variance below this share of another is nothing but rounding


@dataclass(frozen=True)
class Means:
    """Means of several quantities, the variances of these means, and their degrees of freedom."""

    mean: Floats
    variance: Floats
    freedom: float

    @classmethod
    def of(cls, values: Floats, clusters: Integers) -> Means:
        """Means of the columns of ``values`` with the variance that clustering leaves them.

        The linearised variance of a mean by clusters, K / (K - 1) * sum over clusters of
        (sum of deviations)^2 / n^2 (W. G. Cochran, Sampling Techniques, 1977, chapter 9A). With one
        replication a cluster it is s^2 / n, with clusters of one size the variance of the mean of
        cluster means; K - 1 degrees of freedom.

        Raises ValueError for fewer than two clusters.
        """
        _, codes = np.unique(clusters, return_inverse=True)
        number = int(codes.max(initial=-1)) + 1
        if number < 2:
            raise ValueError("a variance needs at least two clusters")
        mean = values.mean(axis=0)
        sums = np.zeros((number, values.shape[1]))
        np.add.at(sums, codes, values - mean)
        variance = number / (number - 1) * (sums**2).sum(axis=0) / len(values) ** 2
        return cls(mean, variance, float(number - 1))

    def interval(self) -> tuple[Floats, Floats]:
        """Student's 95 % intervals of the means."""
        half = _student(np.asarray(self.freedom)) * np.sqrt(self.variance)
        return self.mean - half, self.mean + half


def independent_difference(other: Means, reference: Means) -> tuple[Floats, Floats]:
    """95 % intervals for differences of independent means (B. L. Welch, Biometrika 1947)."""
    parts = (other.variance, reference.variance)
    total = parts[0] + parts[1]
    spread = parts[0] ** 2 / other.freedom + parts[1] ** 2 / reference.freedom
    freedom = np.divide(total**2, spread, out=np.ones_like(total), where=spread > 0.0)
    half = _student(freedom) * np.sqrt(total)
    difference = other.mean - reference.mean
    return difference - half, difference + half


def _student(freedom: Floats) -> Floats:
    # scipy.stats would take longer to load than all the rest.
    return np.asarray(special.stdtrit(freedom, _LEVEL), dtype=np.float64)


def paired_proportions(
    gained: Floats, lost: Floats, pairs: Floats | float
) -> tuple[Floats, Floats]:
    """95 % intervals for (gained - lost) / pairs, the difference of two paired proportions.

    Wald's interval with one pair of each discordant kind added (D. G. Bonett and R. M. Price,
    Journal of Educational and Behavioral Statistics 2012), one of those recommended by
    M. W. Fagerland, S. Lydersen and P. Laake (Statistics in Medicine 2014). It is never empty: with
    no discordant pair at all it is 0 +- 2.8 / (pairs + 2). With discordant pairs of one kind alone
    it excludes 0 from six of them on, where the exact test of McNemar turns significant (from five
    on where there are fewer than fifty pairs).

    Args:
        gained: pairs in which only the second of the two holds; lost: only the first.
        pairs: all pairs. All three may be effective numbers.
    """
    p, q = (gained + 1.0) / (pairs + 2.0), (lost + 1.0) / (pairs + 2.0)
    half = Z_95 * np.sqrt((p + q - (p - q) ** 2) / (pairs + 2.0))
    return np.maximum(p - q - half, -1.0), np.minimum(p - q + half, 1.0)


def effective_pairs(differences: Floats, clusters: Integers) -> Floats:
    """How many independent pairs the clustered differences are worth, for each column.

    The number of pairs divided by the design effect, the variance of the mean by clusters over that
    without (L. Kish, Survey Sampling, 1965), which is taken to be 1 at least. Where nothing
    differs the design effect cannot be estimated, and each cluster counts for one pair.
    """
    n = len(differences)
    alone = Means.of(differences, np.arange(n)).variance
    together = Means.of(differences, clusters).variance
    effect = np.divide(together, alone, out=np.ones_like(alone), where=alone > 0.0)
    worth = n / np.maximum(effect, 1.0)
    return np.where(alone > 0.0, worth, float(len(np.unique(clusters))))


def independent_proportions(
    other: tuple[Floats, Floats, Floats], reference: tuple[Floats, Floats, Floats]
) -> tuple[Floats, Floats]:
    """95 % intervals for the difference of two independent proportions.

    The hybrid score interval, method 10 of R. G. Newcombe (Statistics in Medicine 1998), from each
    proportion with its Wilson limits (proportion, low, high).
    """
    (p, p_low, p_high), (q, q_low, q_high) = other, reference
    low = p - q - np.sqrt((p - p_low) ** 2 + (q_high - q) ** 2)
    high = p - q + np.sqrt((p_high - p) ** 2 + (q - q_low) ** 2)
    return low, high


def variance_reduction(other: Means, reference: Means, difference: Means) -> Floats:
    """What common random numbers save: (Var a + Var b) / Var (a - b), the variances of the means.

    So many times more replications would be needed on independent numbers for an equally precise
    difference (A. M. Law, Simulation Modeling and Analysis, 5th ed., section 11.2). NaN where the
    difference does not vary.
    """
    apart = other.variance + reference.variance
    varies = difference.variance > _EXACT * apart
    return np.divide(apart, difference.variance, out=np.full_like(apart, np.nan), where=varies)
