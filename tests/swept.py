"""Sweeps made up for tests: what replications found at settings of one lever or two."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from experiments.shared.sweeping import At
from sim.answer.found import Floats, Found
from sim.answer.row import RowKey, rows_of
from sim.config.schema import Run

Chance = Callable[[RowKey, Sequence[float]], float]
"""Probability of a row at settings of the levers."""


class MadeUp(Found):
    """Rows that hold in as many replications as their chance says, the same ones at every point.

    Values are the chance in per cent, and what chance adds.
    """

    def __init__(self, rows: Sequence[RowKey], chance: Callable[[RowKey], float], n: int) -> None:
        self.replications = self.draws = np.arange(n)
        self._chance = chance
        grid = (np.arange(n) + 0.5) / n
        self._uniforms = {
            row: np.random.default_rng(number).permutation(grid) for number, row in enumerate(rows)
        }

    def values(self, row: RowKey) -> Floats:
        found: Floats = 100.0 * (self._chance(row) + self._uniforms[row] / 10.0)
        return found

    def first_days(self, row: RowKey) -> Floats:
        return np.where(self.met(row), 100.0, np.nan)

    def met(self, row: RowKey) -> npt.NDArray[np.bool_]:
        return self._uniforms[row] < self._chance(row)


def at(run: Run, chance: Chance, settings: Sequence[float], n: int = 40, **more: object) -> At:
    """A design point."""
    rows = [row.key for row in rows_of(run.model_dump(mode="json")).values() if row.modelled]
    return At(tuple(settings), MadeUp(rows, lambda row: chance(row, settings), n), **more)  # type: ignore[arg-type]
