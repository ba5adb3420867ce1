"""Two replications of the same world, with money and without it: what it adds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import numpy.typing as npt

from sim.answer.finding import Share, Unit
from sim.stats.differences import Means

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

Points = Annotated[float, Unit("percentage points")]

WITH, WITHOUT, DIFFERENCE = "with budget", "without budget", "difference"
"""Quantities, as they stand in the table."""


@dataclass(frozen=True)
class Effect:
    """A quantity over all pairs of replications.

    Attributes:
        mean_low, mean_high: 95 % interval of the mean, simulation error alone, see
            :class:`sim.stats.differences.Means`; what nobody knows is between the percentiles.
        positive: share of the pairs in which it is above zero.
    """

    quantity: str
    pairs: Annotated[int, Unit("pairs of replications")]
    mean: Points
    mean_low: Points
    mean_high: Points
    p05: Points
    p50: Points
    p95: Points
    positive: Share

    @property
    def sure(self) -> bool:
        """Whether its mean differs from zero by more than simulation error."""
        return self.mean_low > 0.0 or self.mean_high < 0.0


def effects(with_budget: Floats, without: Floats, draws: Integers) -> list[Effect]:
    """Gains and their difference, pair by pair, with 95 % intervals of the means.

    Args:
        with_budget, without: by pair; draws: the parameter draws of the pairs.

    Raises:
        ValueError: there are fewer than two draws.
    """
    found = []
    for quantity, values in (
        (WITH, with_budget),
        (WITHOUT, without),
        (DIFFERENCE, with_budget - without),
    ):
        means = Means.of(values[:, None], draws)
        low_end, high_end = means.interval()
        p05, p50, p95 = np.quantile(values, (0.05, 0.5, 0.95)).tolist()
        found.append(
            Effect(
                quantity=quantity,
                pairs=len(values),
                mean=float(means.mean[0]),
                mean_low=float(low_end[0]),
                mean_high=float(high_end[0]),
                p05=p05,
                p50=p50,
                p95=p95,
                positive=float((values > 0.0).mean()),
            )
        )
    return found
