"""Ranks of places with their uncertainty, and how much of their differences lies between zones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.model.kernel.streams import Streams, entity_keys
from sim.stats.bootstrap import percentile_interval

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

SHUFFLE = "analysis/zones"
_DIGITS = 12
"""Shares that agree in so many digits are equal: whole numbers of quotas and replications."""


@dataclass(frozen=True)
class Ranked:
    """The rank of one place, 1 being the best; equals have the same, the better one.

    Attributes:
        low, high: 95 % bootstrap interval of the rank of its mean.
        luckless, lucky: 95th and 5th percentile of its rank in single replications.
        tied: other places with the same mean.
        alike: places that cannot be told apart from it: the 95 % interval of the difference, taken
            in pairs of replications, holds zero.
    """

    rank: int
    low: int
    high: int
    lucky: int
    luckless: int
    tied: tuple[int, ...]
    alike: tuple[int, ...]


def ranks(values: Floats) -> Integers:
    """Ranks within every row, the largest value being 1; equals have the same, the better one."""
    falling = -np.round(values, _DIGITS)
    found = [np.searchsorted(np.sort(row), row) + 1 for row in falling]
    return np.array(found, dtype=np.int64).reshape(values.shape)


def ranked(met: Floats, samples: Integers) -> list[Ranked]:
    """The rank of every place.

    Args:
        met: by replication and place, larger is better.
        samples: weights of shape (samples, replications), see
            :func:`sim.stats.bootstrap.resamples`.
    """
    means = sampled_means(met, samples)
    own, by_sample, single = ranks(met.mean(axis=0)[None])[0], ranks(means), ranks(met)
    found = []
    for place, rank in enumerate(own.tolist()):
        low, high = percentile_interval(by_sample[:, place].astype(float))
        lucky, luckless = percentile_interval(single[:, place].astype(float), 0.1)
        same = np.flatnonzero(own == rank)
        found.append(
            Ranked(
                rank=rank,
                low=min(int(low), rank),
                high=max(int(high), rank),
                lucky=int(lucky),
                luckless=int(luckless),
                tied=tuple(int(other) for other in same if other != place),
                alike=tuple(
                    other
                    for other in range(met.shape[1])
                    if other != place and _holds_zero(means[:, place] - means[:, other])
                ),
            )
        )
    return found


def sampled_means(values: Floats, samples: Integers) -> Floats:
    """Means by bootstrap sample and place."""
    return np.asarray(samples @ values / samples.sum(axis=1, keepdims=True))


def _holds_zero(differences: Floats) -> bool:
    low, high = percentile_interval(np.round(differences, _DIGITS))
    return low <= 0.0 <= high


@dataclass(frozen=True)
class ZoneShare:
    """How much of the differences between places lies between zones.

    Attributes:
        share: of the sum of squares (eta squared).
        by_chance: its 95th percentile where zones are dealt out to the places at random.
    """

    share: float
    by_chance: float

    @property
    def matters(self) -> bool:
        """Whether it is more than chance would give."""
        return self.share > self.by_chance


def zone_share(
    values: Sequence[float], zones: Sequence[str], seed: int, shuffles: int
) -> ZoneShare | None:
    """The share of zones; None if all values are equal, or no two zones can be compared."""
    own = np.round(np.asarray(values, dtype=float), _DIGITS)
    _, zone = np.unique(np.asarray(zones), return_inverse=True)
    if not 1 < int(zone.max(initial=0)) + 1 < len(own) or not np.ptp(own):
        return None
    keys = entity_keys("zones", np.arange(shuffles))[:, None]
    uniforms = Streams(seed, 0).uniform(SHUFFLE, keys, np.arange(len(own))[None, :])
    dealt = [_between(own[order], zone) for order in np.argsort(uniforms, axis=1)]
    by_chance = float(np.quantile(dealt, 0.95, method="higher"))
    return ZoneShare(_between(own, zone), by_chance)


def _between(values: Floats, zone: Integers) -> float:
    """Sum of squares between the means of zones, as a share of all."""
    means = np.bincount(zone, values) / np.bincount(zone)
    return float(((means[zone] - values.mean()) ** 2).sum() / ((values - values.mean()) ** 2).sum())
