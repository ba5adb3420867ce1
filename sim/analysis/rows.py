"""The rows of the answer: targets and their readings, and what every replication found for them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.config.schema import Plan

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]

RowKey = tuple[str, str]
"""Target and reading; the reading is empty where the plan's wording has one meaning."""


def rows_of(plan: Plan, definitions: Mapping[str, str | bool]) -> dict[RowKey, bool]:
    """Every row of the answer in the plan's order, modelled or not, and whether its reading counts.

    ``definitions`` are the switches; the reading that a switch names is the one that counts.
    """
    rows: dict[RowKey, bool] = {}
    for name, target in plan.targets.items():
        if target.definition is None:
            rows[name, ""] = True
            continue
        switch = definitions[target.definition]
        for reading, meaning in plan.definitions[target.definition].readings.items():
            rows[name, reading] = meaning.switch == switch
    return rows


def deciding_rows(plan: Plan, definitions: Mapping[str, str | bool]) -> dict[RowKey, str]:
    """The rows that joint rows judge, and their groups.

    These are the modelled targets of kind ``plan``, each under the reading that counts.
    """
    return {
        (name, reading): plan.targets[name].group
        for (name, reading), counts in rows_of(plan, definitions).items()
        if counts and plan.targets[name].modelled and plan.targets[name].kind == "plan"
    }


def described(plan: Plan, row: RowKey) -> dict[str, object]:
    """The columns that say what a row is about, as in attainment.csv."""
    name, reading = row
    target = plan.targets[name]
    return {
        "target": name,
        "definition": reading,
        "group": target.group,
        "label_zh": target.name.zh,
        "label_en": target.name.en,
        "comparator": target.comparator,
        "goal": target.goal,
        "unit": target.unit.en,
        "kind": target.kind,
        "modelled": target.modelled,
    }


class Findings(ABC):
    """What every replication found, by row of the answer; replications in ascending order.

    Attributes:
        replications, draws: numbers of the finished replications and of their parameter draws.
    """

    replications: npt.NDArray[np.int64]
    draws: npt.NDArray[np.int64]

    @abstractmethod
    def values(self, row: RowKey) -> Floats:
        """Values at the deadline."""

    @abstractmethod
    def first_days(self, row: RowKey) -> Floats:
        """Days on which the target was first attained, NaN for never."""

    @abstractmethod
    def met(self, row: RowKey) -> npt.NDArray[np.bool_]:
        """Whether the target is attained at the deadline."""

    def met_together(self, rows: Collection[RowKey]) -> npt.NDArray[np.bool_]:
        """Array (rows, replications) of whether the targets are attained."""
        return np.stack([self.met(row) for row in rows])


class Found(Findings):
    """What stands in a frame of targets.parquet."""

    def __init__(self, targets: pd.DataFrame) -> None:
        keyed = targets.astype({"target": str, "definition": str}).sort_values("replication")
        self._frames = {
            (str(target), str(definition)): frame
            for (target, definition), frame in keyed.groupby(["target", "definition"])
        }
        first = keyed.drop_duplicates("replication")
        self.replications = first["replication"].to_numpy(dtype=np.int64)
        self.draws = first["draw"].to_numpy(dtype=np.int64)

    def values(self, row: RowKey) -> Floats:  # noqa: D102
        return self._frames[row]["value"].to_numpy(dtype=np.float64)

    def first_days(self, row: RowKey) -> Floats:  # noqa: D102
        return self._frames[row]["first_attained_day"].to_numpy(dtype=np.float64, na_value=np.nan)

    def met(self, row: RowKey) -> npt.NDArray[np.bool_]:  # noqa: D102
        return self._frames[row]["attained"].to_numpy(dtype=bool)
