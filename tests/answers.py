"""Frames of a run folder written by hand, for the tests of the analysis."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from sim.answer.finding import cells_of, columns_of
from sim.answer.found import FrameFound
from sim.answer.run.attainment import Attainment, attainments
from sim.answer.run.held_back import HeldBack, held_back, stage_sums
from sim.config.schema import Run
from tests.factory import ledger_parts

Values = dict[tuple[str, str], list[float]]
"""Values at the deadline by target and reading, one for each of ten replications."""


def frames(run: Run, values: Values, draws: list[int] | None = None) -> pd.DataFrame:
    """targets.parquet with ten replications; targets not given have a value far from any goal."""
    rows = []
    for name, target in run.plan.targets.items():
        if not target.modelled:
            continue
        readings = [""]
        if target.definition is not None:
            readings = list(run.plan.definitions[target.definition].readings)
        far = 1e15 if target.comparator == "<" else -1.0
        for reading in readings:
            observed = values.get((name, reading), [far] * 10)
            for replication, value in enumerate(observed):
                met = {
                    ">": value > target.goal,
                    ">=": value >= target.goal,
                    "<": value < target.goal,
                }[target.comparator]
                rows.append({
                    "scenario": "s", "draw": draws[replication] if draws else replication,
                    "replication": replication, "target": name, "definition": reading,
                    "value": value, "attained": met,
                    "first_attained_day": 100.0 * replication if met else np.nan,
                })  # fmt: skip
    return pd.DataFrame(rows)


def table_of(kind: type[Any], findings: Iterable[Any]) -> pd.DataFrame:
    """Findings of a kind as their table has them."""
    rows = [[np.nan if cell is None else cell for cell in row] for row in cells_of(kind, findings)]
    return pd.DataFrame(rows, columns=[*columns_of(kind)])


def row_at(table: pd.DataFrame, *key: str) -> dict[str, Any]:
    """The cells of the only row under a key of the index, by column."""
    (row,) = table.loc[[key if len(key) > 1 else key[0]]].to_dict("records")
    return {str(column): cell for column, cell in row.items()}


def attainment_of(run: Run, targets: pd.DataFrame, ledger: pd.DataFrame) -> pd.DataFrame:
    """attainment.csv of these frames of targets.parquet and delays.parquet."""
    return table_of(Attainment, attainments(*_found(run, targets, ledger)))


def held_back_of(run: Run, targets: pd.DataFrame, ledger: pd.DataFrame) -> pd.DataFrame:
    """held_back.csv of the same."""
    return table_of(HeldBack, held_back(*_found(run, targets, ledger)))


def _found(run: Run, targets: pd.DataFrame, ledger: pd.DataFrame) -> Any:
    found, config = FrameFound(targets), run.model_dump(mode="json")
    return found, stage_sums(ledger_parts(ledger), found, config), config, "s"


def delays(*rows: tuple[int, str, str, int]) -> pd.DataFrame:
    """delays.parquet with the missing units alone: replication, programme, stage, missing."""
    return pd.DataFrame(rows, columns=["replication", "programme", "stage", "missing"])
