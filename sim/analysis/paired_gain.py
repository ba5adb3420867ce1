"""What a step of a lever adds, pair by pair, and whether an outcome responds to it at all.

Common random numbers pair the replications: number i sees the same world at every setting. Where
several replications share a parameter draw they count for less than one each.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.analysis.intervals import Z_95, design_effect, intraclass_correlation

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

    The interval is Wald's for paired proportions after half an observation has been added to each
    of the four cells of the table of pairs (Agresti and Min, Biostatistics 2005): unlike Wald's own
    it does not shrink to a point when no pair differs.
    """
    gain, effective = _paired(before, after, draws)
    n = effective + 2.0
    gained, lost = gain.gained * effective + 0.5, gain.lost * effective + 0.5
    middle = (gained - lost) / n
    half = Z_95 * math.sqrt(gained + lost - (gained - lost) ** 2 / n) / n
    low, high = max(-1.0, middle - half), min(1.0, middle + half)
    return Gain(gain.pairs, gain.gained, gain.lost, gain.mean, low, high)


def gain_of_count(before: Floats, after: Floats, draws: Integers) -> Gain:
    """The gain in the mean of a count, with the normal interval of a paired mean."""
    gain, effective = _paired(before, after, draws)
    spread = float((after - before).std(ddof=1)) if gain.pairs > 1 else math.inf
    half = Z_95 * spread / math.sqrt(effective)
    return Gain(gain.pairs, gain.gained, gain.lost, gain.mean, gain.mean - half, gain.mean + half)


def _paired(before: Floats, after: Floats, draws: Integers) -> tuple[Gain, float]:
    """The gain without its interval, and the effective number of pairs."""
    difference = after - before
    pairs = len(difference)
    effective = pairs / design_effect(intraclass_correlation(difference, draws), draws)
    gained, lost = float((difference > 0.0).mean()), float((difference < 0.0).mean())
    return Gain(pairs, gained, lost, float(difference.mean()), math.nan, math.nan), effective


def no_response(outcomes: Floats, draws: Integers) -> float:
    """Probability of differences this large between settings if the lever has no effect.

    Cochran's Q test for matched samples (Biometrika 1950), on the mean of every draw: for outcomes
    that are 0 or 1 and draws of one replication it is Cochran's own statistic, for others the same
    permutation statistic on raw scores; chi-square with settings - 1 degrees of freedom.

    Args:
        outcomes: array (settings, replications), paired by column.
        draws: number of the parameter draw of every column.
    """
    from scipy.stats import chi2

    _, index = np.unique(draws, return_inverse=True)
    sizes = np.bincount(index)
    blocks = np.stack([np.bincount(index, weights=row) / sizes for row in outcomes])
    settings, n = blocks.shape
    if (blocks == blocks[0]).all():
        return 1.0
    within = float(blocks.var(axis=0, ddof=1).mean())
    means = blocks.mean(axis=1)
    statistic = n * float(((means - means.mean()) ** 2).sum()) / within
    return float(chi2.sf(statistic, settings - 1))


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
