"""What a step of a lever adds, pair by pair, and whether an outcome responds to it at all.

Common random numbers pair the replications: number i sees the same world at every setting. Where
several replications share a parameter draw they count for less than one each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.lazy import stats
from sim.stats.paired import Difference, paired_difference, paired_mean

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Gain:
    """The mean of paired differences.

    ``gained`` and ``lost``: shares of the pairs in which the outcome rises and falls; ``low`` and
    ``high``: 95 % interval of ``mean``, simulation error only.
    """

    pairs: int
    gained: float
    lost: float
    mean: float
    low: float
    high: float


def gain_of_chance(before: Floats, after: Floats, draws: Integers) -> Gain:
    """The gain in a probability, from outcomes that are 0 or 1 at both settings.

    Interval: :func:`sim.stats.paired.paired_difference`.
    """
    return _gain(before, after, paired_difference(before, after, draws))


def gain_of_count(before: Floats, after: Floats, draws: Integers) -> Gain:
    """The gain in the mean of a count, with the interval of a paired mean.

    Interval: :func:`sim.stats.paired.paired_mean`.
    """
    return _gain(before, after, paired_mean(before, after, draws))


def _gain(before: Floats, after: Floats, difference: Difference) -> Gain:
    gained, lost = float((after > before).mean()), float((after < before).mean())
    return Gain(len(before), gained, lost, *difference)


def no_response(outcomes: Floats, draws: Integers) -> float:
    """Probability of differences this large between settings if the lever has no effect.

    Cochran's Q test for matched samples (Biometrika 1950), on the mean of every draw: for outcomes
    that are 0 or 1 and draws of one replication it is Cochran's own statistic, for others the same
    permutation statistic on raw scores; chi-square with settings - 1 degrees of freedom.

    Args:
        outcomes: array (settings, replications), paired by column.
        draws: number of the parameter draw of every column.
    """
    _, index = np.unique(draws, return_inverse=True)
    sizes = np.bincount(index)
    blocks = np.stack([np.bincount(index, weights=row) / sizes for row in outcomes])
    settings, n = blocks.shape
    if (blocks == blocks[0]).all():
        return 1.0
    within = float(blocks.var(axis=0, ddof=1).mean())
    means = blocks.mean(axis=1)
    statistic = n * float(((means - means.mean()) ** 2).sum()) / within
    return float(stats.chi2.sf(statistic, settings - 1))


def holm(p_values: Sequence[float]) -> list[float]:
    """P-values adjusted for looking at all of them (Holm, Scandinavian Journal of Statistics 1979).

    Those below a level are false with a total probability of at most that level.
    """
    n, running = len(p_values), 0.0
    adjusted = [0.0] * n
    for rank, i in enumerate(sorted(range(n), key=p_values.__getitem__)):
        running = max(running, min(1.0, (n - rank) * p_values[i]))
        adjusted[i] = running
    return adjusted
