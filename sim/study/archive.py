"""What stands in a run folder or a study folder, as tidy pandas frames: :func:`sim.study.open`.

Nothing is simulated, composed or written. Frames of a study have the columns of a run folder's
tables; ``scenario`` is the name of the design point.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.config.errors import ConfigError
from sim.lazy import pa, pc, pd, pq
from sim.study import units
from sim.study.chunk_folder import (
    CITY_SERIES,
    DELAYS,
    DISTRICT_SERIES,
    LEDGER,
    SUMMARY,
    TARGETS,
    ChunkFolder,
)
from sim.study.files import damaged, read_frame, read_plain, unreadable
from sim.study.finished_runs import check_manifest
from sim.study.folder import MANIFEST
from sim.study.folder import SCHEMA_VERSION as RUN_VERSION
from sim.study.identity import environment_hash
from sim.study.layout_file import Key, read_layout
from sim.study.study_folder import DESIGN, RUNS, refuse_links
from sim.study.study_folder import SCHEMA_VERSION as STUDY_VERSION
from sim.study.tables import Summary, Tables
from sim.study.targets_file import FILE as TARGETS_FILE
from sim.study.targets_file import check_once, read_targets, renamed
from sim.words import Said

Points = Sequence[str] | None
"""Names of the design points wanted; None is all of them."""

FAILURES = ("scenario", "replication", "error", "traceback")


class Archive:
    """A folder of results.

    Attributes:
        folder: where it is.
        manifest: what manifest.json says.
        points: names of the design points, in their order; of a run the name of its scenario.

    Frames carry the units of their columns in ``frame.attrs["units"]``; where every row has its
    own, :func:`sim.study.with_units` writes it into a column.
    """

    def __init__(self, folder: Path, manifest: Mapping[str, Any], points: Sequence[str]) -> None:
        self.folder = folder
        self.manifest = manifest
        self.points = list(points)

    def targets(self, points: Points = None) -> pd.DataFrame:
        """Value of every target and reading in every replication.

        Columns: scenario, draw, replication, target, definition, value, attained,
        first_attained_day (NaN: never). Raises ConfigError, and of a study
        :class:`sim.study.chunk.CorruptChunk`; so do the methods that follow.
        """
        return self._frame("targets", points)

    def series(self, points: Points = None) -> pd.DataFrame:
        """Values in time: scenario, replication, date, place (adcode or "city"), indicator, value.

        Empty if nothing but targets was recorded.
        """
        return self._frame("series", points)

    def delays(self, points: Points = None) -> pd.DataFrame:
        """Where days and units were lost.

        Columns: scenario, replication, place, programme, stage, project_days, excess_days, passed,
        standing, missing.
        """
        return self._frame("delays", points)

    def ledger(self, points: Points = None) -> pd.DataFrame:
        """Who paid whom: scenario, replication, year, from_account, to_account, yuan."""
        return self._frame("ledger", points)

    def failures(self) -> pd.DataFrame:
        """Replications that failed: scenario, replication, error, traceback; mostly empty."""
        if not (self.folder / "failures.csv").exists():
            empty = pd.DataFrame(columns=list(FAILURES))
            empty.attrs["units"] = {}
            return empty
        return self.table("failures")

    def table(self, name: str) -> pd.DataFrame:
        """A CSV file of the folder, by its name without ending.

        Numbers, and True and False, are what :mod:`sim.study.table_units` says is one; everything
        else is a text, whatever it looks like. Empty cells are NaN. Raises ConfigError if there is
        no such table, or it is damaged.
        """
        known = sorted(path.stem for path in self.folder.glob("*.csv"))
        if name not in known:
            raise ConfigError(
                "study.no_table", key="table", value=name, known=known, folder=self.folder
            )
        frame = read_frame(self.folder / f"{name}.csv")
        units.describe_table(frame, name, self._start(), self._target_units())
        return frame

    def attainment(self) -> pd.DataFrame:
        """attainment.csv, the answer of a run; a study has the table of its experiment instead."""
        tables = sorted(path.stem for path in self.folder.glob("*.csv"))
        raise self._lacking("attainment()", Said("study.lacking.attainment", {"tables": tables}))

    def design(self) -> pd.DataFrame:
        """Design points of a study: point, hash, scenario, replications, seed, overrides."""
        raise self._lacking("design()", Said("study.lacking.design"))

    @property
    def answer(self) -> Mapping[str, Any]:
        """The answer of a study in words (``zh``, ``en``) with the figures that stand in it."""
        raise self._lacking("answer", Said("study.lacking.answer"))

    def _frame(self, name: str, points: Points) -> pd.DataFrame:
        """The table of that name as a frame with units."""
        chosen = self.points if points is None else list(dict.fromkeys(points))
        for point in chosen:
            if point not in self.points:
                raise ConfigError(
                    "study.no_point",
                    key="points",
                    value=point,
                    known=self.points,
                    folder=self.folder,
                )
        if not chosen:
            raise ConfigError("study.no_points", key="points", known=self.points)
        table = pa.concat_tables(self._parts(name, chosen)).unify_dictionaries()
        frame: pd.DataFrame = table.to_pandas()
        units.describe(frame, name, self._start(), self._target_units())
        return frame

    def _parts(self, name: str, points: Sequence[str]) -> Iterable[pa.Table]:
        raise NotImplementedError

    def _start(self) -> str:
        return str(self.manifest["config"]["plan"]["start"])

    def _target_units(self) -> dict[str, units.Label]:
        targets = self.manifest["config"]["plan"]["targets"]
        return {name: target["unit"] for name, target in targets.items()}

    def _lacking(self, what: str, instead: Said) -> ConfigError:
        return ConfigError("study.lacking", allowed=instead, folder=self.folder, what=what)


class RunArchive(Archive):
    """What ``python -m sim`` has written."""

    def attainment(self) -> pd.DataFrame:  # noqa: D102
        return self.table("attainment")

    def _parts(self, name: str, points: Sequence[str]) -> Iterable[pa.Table]:
        path = self.folder / f"{name}.parquet"
        if name == "targets":
            return [read_targets(path, self.manifest)]
        try:
            return [pq.read_table(path)]
        except (OSError, pa.ArrowInvalid) as error:
            raise unreadable(path, error) from error


class StudyArchive(Archive):
    """What ``python -m experiments.NAME`` has written."""

    def __init__(self, folder: Path, manifest: Mapping[str, Any]) -> None:
        super().__init__(folder, manifest, [])
        self._keys: dict[str, Key] = {}
        self._sound: set[str] = set()
        design = self.design()
        self.points = design["point"].tolist()
        self._hashes = dict(zip(design["point"], design["hash"], strict=True))
        self._cited: Mapping[str, str] = manifest.get("cited", {})
        self._used = dict(zip(design["point"], design["replications"].tolist(), strict=True))
        rows = zip(self.points, design["hash"], design["replications"].tolist(), strict=True)
        if [list(row) for row in rows] != manifest["points"]:
            raise _unfinished(folder, "study.other_design", design=DESIGN, name=MANIFEST)
        refuse_links(folder)

    def design(self) -> pd.DataFrame:  # noqa: D102
        design = self.table("design")
        for name in ("point", "hash", "replications"):
            if name not in design:
                column = Said("cells.column", {"column": name})
                raise damaged("study.no_column", self.folder / DESIGN, column, near=None)
        return design

    @property
    def answer(self) -> Mapping[str, Any]:  # noqa: D102
        return _json(self.folder / "answer.json")

    def _parts(self, name: str, points: Sequence[str]) -> Iterator[pa.Table]:
        parts: dict[str, Callable[[str], Iterator[pa.Table]]] = {
            "targets": self._targets,
            "series": self._series,
            "delays": self._delays,
            "ledger": self._ledger,
        }
        for point in points:
            if point not in self._cited:
                yield from parts[name](point)
            elif name == "targets":
                yield self._own_targets(point)
            else:
                yield from self._of_cited_run(name, point)

    def _own_targets(self, point: str) -> pa.Table:
        """Targets of a cited run as the study has kept them: its folder may be gone by now."""
        path = self.folder / TARGETS_FILE
        try:
            table = pq.read_table(path)
        except (OSError, pa.ArrowInvalid) as error:
            raise unreadable(path, error) from error
        own = table.filter(pc.equal(pc.cast(table["scenario"], pa.string()), point))
        check_once(path, own)
        return own

    def _of_cited_run(self, name: str, point: str) -> Iterator[pa.Table]:
        run = open_archive(os.path.normpath(self.folder / self._cited[point]))
        if run.manifest.get("result_hash") != self.manifest["results"][point]:
            raise ConfigError("study.cited", key="folder", value=str(run.folder), point=point)
        for table in run._parts(name, run.points):
            yield renamed(table, point)

    def _targets(self, point: str) -> Iterator[pa.Table]:
        return (tables.targets() for tables in self._tables_of(point, TARGETS))

    def _series(self, point: str) -> Iterator[pa.Table]:
        yield from (tables.city_series() for tables in self._tables_of(point, CITY_SERIES))
        yield from (tables.district_series() for tables in self._tables_of(point, DISTRICT_SERIES))

    def _delays(self, point: str) -> Iterator[pa.Table]:
        return (tables.delays() for tables in self._tables_of(point, DELAYS))

    def _ledger(self, point: str) -> Iterator[pa.Table]:
        return (tables.ledger() for tables in self._tables_of(point, LEDGER))

    def _tables_of(self, point: str, columns: Collection[str]) -> Iterator[Tables]:
        """Columns of the chunks of a point, chunk by chunk."""
        key, chunks = self._key(point), self._store(point)
        self._refuse_others(point, key, chunks)
        for part in chunks.parts(key.layout, self._used[point], columns):
            yield Tables(point, key.layout, part, key.start, key.per_draw)

    def _refuse_others(self, point: str, key: Key, chunks: ChunkFolder) -> None:
        """Refuse chunks of a point that give other results than the manifest tells of."""
        if point in self._sound:
            return
        summary = Summary.of(chunks.parts(key.layout, self._used[point], SUMMARY))
        if summary.result_hash != self.manifest["results"][key.point]:
            raise ConfigError(
                "study.other_results",
                key="folder",
                value=str(chunks.folder),
                point=point,
                name=MANIFEST,
            )
        self._sound.add(point)

    def _store(self, point: str) -> ChunkFolder:
        """The chunks of a point, all that its study used."""
        own = self._hashes[point]
        store = ChunkFolder(self.folder / RUNS / own, own, environment_hash(self.manifest))
        gaps = store.missing(self._used[point])
        if gaps:
            raise ConfigError(
                "study.gaps",
                key="folder",
                value=str(store.folder),
                point=point,
                first=gaps[0].start,
                last=gaps[0].stop - 1,
            )
        return store

    def _key(self, point: str) -> Key:
        if point not in self._keys:
            own = self._hashes[point]
            self._keys[point] = read_layout(self.folder / RUNS / own, own)
        return self._keys[point]

    def _target_units(self) -> dict[str, units.Label]:
        """Points may have plans of their own."""
        return super()._target_units() | {
            row.target: row.spec.unit.model_dump()
            for key in self._keys.values()
            for row in key.layout.rows
        }


def open_archive(folder: str | Path) -> Archive:
    """Open a run folder or a study folder for reading, see :func:`sim.study.open`."""
    folder = Path(folder)
    path = folder / MANIFEST
    if not path.exists():
        raise _not_ours(folder)
    manifest = _json(path)
    if not isinstance(manifest, dict):
        raise _not_ours(folder)
    is_study = "study" in manifest
    if not is_study and "result_hash" not in manifest:
        raise _not_ours(folder)
    version, own = manifest.get("schema_version"), STUDY_VERSION if is_study else RUN_VERSION
    # A run of an earlier version lacks columns; the chunks of an earlier study are another format.
    if version not in ([own] if is_study else range(1, own + 1)):
        raise ConfigError(
            "study.results_version", file=str(path), key="schema_version", value=version, own=own
        )
    if not is_study:
        check_manifest(folder, manifest)
        return RunArchive(folder, manifest, [manifest["config"]["scenario"]["name"]])
    if not manifest.get("finished"):
        raise _unfinished(folder)
    return StudyArchive(folder, manifest)


def _json(path: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(read_plain(path).decode())
    except (OSError, ValueError, RecursionError) as error:
        raise unreadable(path, error) from error
    return content


def _unfinished(folder: Path, words: str = "study.unfinished", **values: Any) -> ConfigError:
    allowed = Said("study.a_finished_study")
    return ConfigError(words, key="folder", value=str(folder), allowed=allowed, **values)


def _not_ours(folder: Path) -> ConfigError:
    """There is no manifest of ours; say what there is instead."""
    if not folder.is_dir():
        words = "study.absent"
    elif (folder / "targets.parquet").exists():
        words = "study.stopped"
    else:
        words = "study.neither"
    inside = sorted(p.parent.name for p in folder.glob(f"*/{MANIFEST}"))
    return ConfigError(
        words,
        key="folder",
        value=str(folder),
        allowed=inside or Said("study.written_folder"),
        name=MANIFEST,
    )
