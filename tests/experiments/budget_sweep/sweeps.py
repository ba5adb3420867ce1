"""Sweeps made up for tests: targets of the real plan with chances that are known."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import numpy as np
import pandas as pd

from experiments.budget_sweep.curves import Curves, curves_of
from experiments.budget_sweep.findings import Point, Sweep
from sim.answer.found import FrameFound
from sim.answer.row import RowKey, rows_of
from sim.config.schema import Run

Chance = Callable[[RowKey, float, float | None], float]
"""Probability of a row at the settings of the first and of the second lever."""


def frame(run: Run, chance: Callable[[RowKey], float], replications: int) -> pd.DataFrame:
    """targets.parquet of one point: every row has one uniform per replication at all points.

    A row holds where its uniform is below its chance, which makes the pairs those of common random
    numbers, and its value at the deadline is the chance less the uniform.
    """
    rows = []
    for number, row in enumerate(rows_of(run.model_dump(mode="json")).values()):
        if not row.modelled:
            continue
        # The same evenly spread uniforms for every row, each in an order of its own.
        grid = (np.arange(replications) + 0.5) / replications
        uniforms = np.random.default_rng(number).permutation(grid)
        met = uniforms < chance(row.key)
        columns = {
            "scenario": "s",
            "draw": np.arange(replications),
            "replication": np.arange(replications),
            "target": row.target,
            "definition": row.definition,
            "value": chance(row.key) - uniforms,
            "attained": met,
            "first_attained_day": np.where(met, 100.0, np.nan),
        }
        rows.append(pd.DataFrame(columns))
    return pd.concat(rows, ignore_index=True)


def points(
    run: Run,
    chance: Chance,
    settings: Sequence[float],
    seconds: Sequence[float | None] = (None,),
    base: tuple[float, float | None] | None = None,
    replications: int = 40,
) -> list[Point]:
    """Points that hold what ``chance`` says."""

    def at(first: float, second: float | None) -> Callable[[RowKey], float]:
        return lambda row: chance(row, first, second)

    return [
        Point(
            first,
            second,
            (first, second) == base,
            FrameFound(frame(run, at(first, second), replications)),
        )
        for second in seconds
        for first in settings
    ]


def sweep(
    run: Run,
    chance: Chance,
    settings: Sequence[float],
    seconds: Sequence[float | None] = (None,),
    *,
    keys: tuple[str, str] = ("budget.public_total", ""),
    base: tuple[float, float | None] | None = None,
    replications: int = 40,
) -> Sweep:
    """A sweep of such points."""
    made = points(run, chance, settings, seconds, base, replications)
    return Sweep(*keys, made, run.model_dump(mode="json"))


def curves(run: Run, made: Sweep, shown: Collection[RowKey] | None = None) -> Curves:
    """What is told of a sweep; all rows whose reading counts are shown unless some are named."""
    config = run.model_dump(mode="json")
    counting = {key for key, row in rows_of(config).items() if row.counts}
    found = made.curves()
    changes = [*made.changes(found, counting if shown is None else shown)]
    return curves_of(found, [*made.steps()], changes, config)
