"""What held the missed targets back: missing units, days lost, and where projects stand.

Only the replications that miss a target speak of it. Three questions are kept apart, because their
answers are counted in different things and are never added up: which reason stands behind most
missing units, which stage cost the target's projects most days, and in which stage most of its
unfinished projects stand at the deadline.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.analysis.rows import Findings, RowKey, rows_of
from sim.analysis.stored import coded, whole_replications
from sim.config.schema import Plan

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

Bools = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]

COLUMNS = (
    "scenario", "target", "definition", "label_zh", "label_en", "missed", "units_stage",
    "units_mean", "days_stage", "days_mean", "standing_stage", "standing_mean",
)  # fmt: skip

COUNTS = ("missing", "excess_days", "standing")
"""Columns of the delay ledger that are asked: units, days of waiting and of building beyond the
critical path, unfinished projects."""

STAGE_ORDER = (
    "unproposed:not_yet_allowed", "unproposed:no_round", "unproposed:pace",
    "unproposed:money_in_sight", "review", "money", "crew", "building", "staff", "calendar",
)  # fmt: skip
"""Order in which ties of "what held it back" go to the earlier stage; unmet:* come last."""


def leading_stage(sums: Mapping[str, int]) -> str:
    """The stage with the largest sum above zero; ties go to the earlier stage; empty if none."""

    def rank(stage: str) -> tuple[int, int, str]:
        place = STAGE_ORDER.index(stage) if stage in STAGE_ORDER else len(STAGE_ORDER)
        return -sums[stage], place, stage

    return min((stage for stage, count in sums.items() if count > 0), key=rank, default="")


class Missed(NamedTuple):
    """A row of the answer: in which replications it is missed, and whether its reading counts."""

    missed: Bools
    counts: bool


class StageSums:
    """The delay ledger by stage, added up over the replications that miss a row of the answer.

    Args:
        delays: the ledger in parts, in ascending order of replications: columns replication,
            programme, stage and those of :data:`COUNTS` that are asked for (delays.parquet). Each
            part is looked at once and forgotten.
        plan: says which programmes deliver a target.
        replications: those that count, in ascending order; ``rows``: where each row is missed.
    """

    def __init__(
        self,
        delays: Iterable[pa.Table],
        plan: Plan,
        replications: Integers,
        rows: Mapping[RowKey, Missed],
    ) -> None:
        self._programmes: dict[str, list[str]] = {name: [name] for name in plan.targets}
        for name, programme in plan.programmes.items():
            if name != programme.target:
                self._programmes[programme.target].append(name)
        self._projects: dict[RowKey, dict[str, Counter[str]]] = {
            row: {count: Counter() for count in COUNTS} for row in rows
        }
        self._units = {
            row: self._projects[row]["missing"] if counts else Counter()
            for row, (_, counts) in rows.items()
        }
        for part in whole_replications(delays):
            self._add(_Cube(part), replications, rows)

    def units(self, row: RowKey) -> Mapping[str, int]:
        """Missing units by stage.

        A reading that does not count has entries of its own in replications in which its causes
        differ; there they take the place of those of the projects.
        """
        return self._units[row]

    def projects(self, row: RowKey, count: str) -> Mapping[str, int]:
        """A count of the projects that deliver a target, by stage: equal under every reading."""
        return self._projects[row][count]

    def _add(self, cube: _Cube, replications: Integers, rows: Mapping[RowKey, Missed]) -> None:
        at = np.searchsorted(replications, cube.replications)
        known = np.isin(cube.replications, replications, assume_unique=True)
        for row, (missed, counts) in rows.items():
            missing = np.zeros(len(at), dtype=bool)
            missing[known] = missed[at[known]]
            projects = cube.of(self._programmes[row[0]])
            for count in COUNTS:
                self._projects[row][count].update(cube.by_stage(count, missing, projects))
            if counts:
                continue
            own = cube.of([":".join(row)])
            different = cube.any(own)
            self._units[row].update(cube.by_stage("missing", missing, own))
            self._units[row].update(cube.by_stage("missing", missing & ~different, projects))


class _Cube:
    """Part of the ledger as an array (replications, programmes, stages) of every count."""

    def __init__(self, part: pa.Table) -> None:
        self.replications, number = np.unique(part["replication"].to_numpy(), return_inverse=True)
        self._programmes, programme = coded(part["programme"])
        self._stages, stage = coded(part["stage"])
        shape = (len(self.replications), len(self._programmes), len(self._stages))
        cell = np.ravel_multi_index((number, programme, stage), shape)
        self._counts = {
            # Sums of floats are exact here: they are whole and far below 2**53.
            name: np.bincount(cell, part[name].to_numpy(), math.prod(shape)).reshape(shape)
            for name in COUNTS
            if name in part.column_names
        }

    def of(self, programmes: Collection[str]) -> list[int]:
        """Positions of programmes; those that are not there have none."""
        return [i for i, name in enumerate(self._programmes) if name in programmes]

    def any(self, programmes: list[int]) -> Bools:
        """In which replications the programmes have an entry above zero."""
        found = np.zeros(len(self.replications), dtype=bool)
        for counts in self._counts.values():
            found |= (counts[:, programmes] > 0).any(axis=(1, 2))
        return found

    def by_stage(self, count: str, replications: Bools, programmes: list[int]) -> dict[str, int]:
        """Sums of a count over some replications and programmes, by stage."""
        if count not in self._counts or not programmes:
            return {}
        sums = self._counts[count][:, programmes].sum(axis=1)[replications].sum(axis=0)
        return {self._stages[i]: int(sums[i]) for i in np.flatnonzero(sums)}


def stage_sums(
    delays: Iterable[pa.Table],
    found: Findings,
    plan: Plan,
    definitions: Mapping[str, str | bool],
) -> StageSums:
    """The sums for every modelled row of the answer, see :class:`StageSums`."""
    rows = {
        row: Missed(~found.met(row), counts)
        for row, counts in rows_of(plan, definitions).items()
        if plan.targets[row[0]].modelled
    }
    return StageSums(delays, plan, found.replications, rows)


def held_back(
    found: Findings,
    sums: StageSums,
    plan: Plan,
    definitions: Mapping[str, str | bool],
    scenario: str,
) -> pd.DataFrame:
    """The table of held_back.csv.

    Args:
        found: what targets.parquet holds; sums: those of delays.parquet, with all counts, see
            :func:`stage_sums`.
        plan: the plan that was run; definitions: its switches; scenario: its name.

    Returns:
        one row per modelled target and reading that at least one replication misses, in the plan's
        order. ``missed`` is the share of replications that miss it. A stage is the one with the
        largest count, empty if there is none, and its mean is per replication that misses the
        target: missing units (``units_stage`` is ``held_back_by`` of attainment.csv), days lost by
        all projects together, and unfinished projects.
    """
    import pandas as pd

    table = []
    for row in rows_of(plan, definitions):
        target = plan.targets[row[0]]
        if not target.modelled:
            continue
        met = found.met(row)
        missed = int((~met).sum())
        if not missed:
            continue
        leaders = (
            _leader(sums.units(row), missed),
            _leader(sums.projects(row, "excess_days"), missed),
            _leader(sums.projects(row, "standing"), missed),
        )
        label = target.name
        table.append((scenario, *row, label.zh, label.en, missed / len(met), *chain(*leaders)))
    return pd.DataFrame(table, columns=list(COLUMNS))


def _leader(sums: Mapping[str, int], replications: int) -> tuple[str, float | None]:
    """The leading stage and its mean count per replication."""
    stage = leading_stage(sums)
    return (stage, sums[stage] / replications) if stage else ("", None)
