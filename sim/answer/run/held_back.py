"""What held the missed targets back: missing units, days lost, and where projects stand.

Only the replications that miss a target speak of it. Three questions are kept apart, because their
answers are counted in different things and are never added up: which reason stands behind most
missing units, which stage cost the target's projects most days, and in which stage most of its
unfinished projects stand at the deadline.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.answer.finding import KEY, Share, Told, Unit
from sim.answer.found import Found, coded, whole_replications
from sim.answer.row import Config, Row, RowKey, rows_of
from sim.lazy import pa

Bools = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]

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
        config: of the run, whose plan says which programmes deliver a target.
        replications: those that count, in ascending order; ``rows``: where each row is missed.
    """

    def __init__(
        self,
        delays: Iterable[pa.Table],
        config: Config,
        replications: Integers,
        rows: Mapping[RowKey, Missed],
    ) -> None:
        plan = config["plan"]
        self._programmes: dict[str, list[str]] = {name: [name] for name in plan["targets"]}
        for name, programme in plan["programmes"].items():
            if name != programme["target"]:
                self._programmes[programme["target"]].append(name)
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


def stage_sums(delays: Iterable[pa.Table], found: Found, config: Config) -> StageSums:
    """The sums for every modelled row of the answer, see :class:`StageSums`."""
    rows = {
        row.key: Missed(~found.met(row.key), row.counts)
        for row in rows_of(config).values()
        if row.modelled
    }
    return StageSums(delays, config, found.replications, rows)


@dataclass(frozen=True)
class HeldBack:
    """What held a target back in the replications that miss it.

    A stage is the one with the largest count, empty if there is none, and its mean is per
    replication that misses the target.

    Attributes:
        scenario: name of the design point.
        missed: share of the replications that miss it.
        units_stage, units_mean: reason of most missing units (``held_back_by`` of attainment.csv).
        days_stage, days_mean: stage that cost most days, of all projects together.
        standing_stage, standing_mean: stage in which most unfinished projects stand.
    """

    scenario: str
    row: Annotated[Row, Told((*KEY, "label_zh", "label_en"))]
    missed: Share
    units_stage: str
    units_mean: Annotated[float, Unit("units of the target")] | None
    days_stage: str
    days_mean: Annotated[float, Unit("days")] | None
    standing_stage: str
    standing_mean: Annotated[float, Unit("projects")] | None


def held_back(found: Found, sums: StageSums, config: Config, scenario: str) -> Iterator[HeldBack]:
    """What held back every modelled row that at least one replication misses, in the plan's order.

    Args:
        found: what every replication found; sums: with all counts, see :func:`stage_sums`.
        config: of the run, as in its manifest; scenario: name of the design point.
    """
    for row in rows_of(config).values():
        met = found.met(row.key) if row.modelled else np.ones(1, dtype=bool)
        missed = int((~met).sum())
        if missed:
            yield HeldBack(
                scenario,
                row,
                missed / len(met),
                *_leader(sums.units(row.key), missed),
                *_leader(sums.projects(row.key, "excess_days"), missed),
                *_leader(sums.projects(row.key, "standing"), missed),
            )


def _leader(sums: Mapping[str, int], replications: int) -> tuple[str, float | None]:
    """The leading stage and its mean count per replication."""
    stage = leading_stage(sums)
    return (stage, sums[stage] / replications) if stage else ("", None)
