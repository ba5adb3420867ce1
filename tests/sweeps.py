"""Sweeps made up for tests: targets of the real plan with chances that are known."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from sim.analysis.rows import rows_of
from sim.analysis.sweep import Point, Sweep
from sim.answer.row import RowKey
from sim.config.schema import Run

Chance = Callable[[RowKey, float, float], float]
"""Probability of a row at the settings of the first and of the second lever."""

HASH = "5eed" * 16


def frame(run: Run, chance: Callable[[RowKey], float], replications: int) -> pd.DataFrame:
    """targets.parquet of one point: every row has one uniform per replication at all points.

    A row holds where its uniform is below its chance, which makes the pairs those of common random
    numbers, and its value at the deadline is the chance less the uniform.
    """
    rows = []
    for number, row in enumerate(rows_of(run.plan, run.definitions)):
        if not run.plan.targets[row[0]].modelled:
            continue
        # The same evenly spread uniforms for every row, each in an order of its own.
        grid = (np.arange(replications) + 0.5) / replications
        uniforms = np.random.default_rng(number).permutation(grid)
        met = uniforms < chance(row)
        columns = {
            "scenario": "s",
            "draw": np.arange(replications),
            "replication": np.arange(replications),
            "target": row[0],
            "definition": row[1],
            "value": chance(row) - uniforms,
            "attained": met,
            "first_attained_day": np.where(met, 100.0, np.nan),
        }
        rows.append(pd.DataFrame(columns))
    return pd.concat(rows, ignore_index=True)


def sweep(
    run: Run,
    chance: Chance,
    settings: Sequence[float],
    seconds: Sequence[float] = (math.nan,),
    *,
    keys: tuple[str, str] = ("budget.public_total", ""),
    base: tuple[float, float] | None = None,
    replications: int = 40,
) -> Sweep:
    """A sweep whose points hold what ``chance`` says."""
    points = [
        Point(
            first,
            second,
            base is not None and base[0] == first and (base[1] == second or math.isnan(second)),
            frame(run, lambda row, at=(first, second): chance(row, *at), replications),
        )
        for second in seconds
        for first in settings
    ]
    return Sweep(*keys, points, run.plan, run.definitions)


def counting(run: Run) -> set[RowKey]:
    """The rows whose reading counts."""
    return {row for row, counts in rows_of(run.plan, run.definitions).items() if counts}


def write_folder(
    folder: Path, run: Run, made: Sweep, shown: Collection[RowKey] | None = None
) -> Path:
    """Write what charts are drawn from: the manifest and the three tables."""
    folder.mkdir(parents=True, exist_ok=True)
    manifest = {"config": run.model_dump(mode="json"), "result_hash": HASH}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    table = made.table()
    tables = {
        "budget_sweep": table,
        "gains": made.gains(table),
        "responses": made.responses(table, counting(run) if shown is None else shown),
    }
    for name, rows in tables.items():
        rows.to_csv(folder / f"{name}.csv", index=False, encoding="utf-8-sig")
    return folder
