"""A study: design points times replications, with one seed, in a folder that survives anything.

A design point is known by a hash of all that can change its results. Finished chunks are kept as
they come; the same command again finds them and simulates what is missing. What a study says never
depends on how often it was interrupted, or on who did the work.
"""

from __future__ import annotations

import hashlib
import math
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path

from sim.config.schema import Run
from sim.lazy import pa, pc
from sim.model.record import Layout
from sim.study.chunk_folder import DELAYS, SUMMARY, TARGETS, ChunkFolder
from sim.study.executor import Workforce, fill
from sim.study.files import clear_parts
from sim.study.finished_runs import FinishedRun
from sim.study.identity import environment, environment_hash, point_hash
from sim.study.layout_file import Key, write_layout
from sim.study.store import opened
from sim.study.study_folder import StudyFolder
from sim.study.tables import Results, Summary, Tables
from sim.study.targets_file import is_current, renamed, source_of, write_targets
from sim.study.worker import Worker

GROWTH = 1.25
"""By how much a sequential study grows before it is judged again."""

NOTHING: Mapping[str, object] = {}

Progress = Callable[[int, int], None]
"""Called with the replications just finished, and with those that a new task adds to the total."""


@dataclass(frozen=True)
class DesignPoint:
    """One scenario with its overrides inside a study.

    ``name`` is for people; two points that differ in nothing but their names are one.
    """

    name: str
    run: Run
    overrides: tuple[str, ...] = ()

    @cached_property
    def hash(self) -> str:
        """Address of its results: everything that can change them, and what is recorded."""
        return point_hash(self.run)


class Study:
    """The folder of one study, and the workforce that fills it; a context manager.

    Args:
        folder: where it lives; made if need be.
        name: of the experiment; ``question``: its settings. Both tell one study from another.
        execution: a run that says how work is done (backend, workers, scheduler, store).
        fresh: start over. What is there is thrown away when the first new result has come home,
            and not before: wrong input, or a cluster that does not answer, costs nothing. The store
            is neither read nor written.
        progress: told what is finished.
        workforce: those who do the work; made from ``execution`` unless given. It is dismissed when
            the study is left.

    Raises:
        ConfigError: the folder holds something else, or was begun with other code or packages, is
            in use by another process, or cannot be written.
    """

    def __init__(
        self,
        folder: Path,
        name: str,
        question: Mapping[str, object],
        execution: Run,
        *,
        fresh: bool = False,
        progress: Progress = lambda done, more: None,
        workforce: Workforce | None = None,
    ) -> None:
        self.folder = folder
        identity = {"study": name, "question": dict(question), "seed": execution.seed}
        known = environment()
        self._code = environment_hash(known)
        self._progress = progress
        self._points: dict[str, DesignPoint] = {}
        self.cited: dict[str, FinishedRun] = {}
        self._used: dict[str, int] = {}
        self._folders: dict[str, ChunkFolder] = {}
        self._keyed: set[str] = set()
        self._layouts: dict[str, Layout] = {}
        self._config = execution.model_dump(mode="json", exclude={"store"})
        self._fresh = fresh
        self._begun = False
        self._name = name
        self._store = None if fresh else opened(execution)
        self._home = StudyFolder(folder, identity, known, fresh=fresh)
        self.finished = self._home.finished
        self._workforce = workforce or Workforce(execution)

    def __enter__(self) -> Study:
        return self

    def __exit__(self, *_: object) -> None:
        self._workforce.__exit__()
        self._home.leave()

    def abandon(self) -> None:
        """Take back what was begun, if nothing was simulated: wrong input leaves no folder.

        What was there before stays as it is.
        """
        self._home.abandon(begun=self._begun)

    def _begin(self) -> None:
        """Make the folder this study's, before the first thing is written into it."""
        if self._begun:
            return
        self._begun = True
        if self._fresh:
            self._home.clear()
        self._home.tidy()
        if not self.finished:
            self._home.write_manifest(finished=False)

    # ------------------------------------------------------------------ work

    def simulate(self, points: Sequence[DesignPoint], replications: int) -> None:
        """See to it that the first ``replications`` of every point are there.

        Raises:
            OSError: the disk is full or the folder cannot be written; what was finished is kept.
            ValueError: two different points have one name.
        """
        own = list({point.hash: point for point in points}.values())
        for point in own:
            self._enter(point)
            self._used[point.hash] = max(replications, self._used.get(point.hash, 0))
        left = dict(enumerate(self._left(own, replications)))
        self._progress(0, sum(len(part) for parts in left.values() for part in parts))

        def begin() -> None:
            self._begin()
            for point in own:
                self._entered(point)
            self._write_design()
            if self.finished and any(left.values()):
                self.finished = False
                self._home.write_manifest(
                    finished=False
                )  # its answer is that of fewer replications

        fill(
            self._workforce,
            [point.run for point in own],
            [self._chunks(point) for point in own],
            left,
            begin=begin,
            progress=lambda done: self._progress(done, 0),
        )

    def _left(self, points: Sequence[DesignPoint], replications: int) -> list[list[range]]:
        """Replications of each point still to be simulated: neither kept here nor in the store."""
        if self._fresh and not self._begun:
            return [[range(replications)] for _ in points]
        folders = [self._chunks(point) for point in points]
        if not any(chunks.missing(replications) for chunks in folders):
            return [[] for _ in points]
        for chunks in folders:
            chunks.check(replications)  # before hours of work, not after
        for point, chunks in zip(points, folders, strict=True):
            if chunks.fetch(replications):
                self._entered(point)
        return [chunks.missing(replications) for chunks in folders]

    def simulate_until(
        self,
        points: Sequence[DesignPoint],
        enough: Callable[[DesignPoint, Results], bool],
        *,
        first: int,
        cap: int,
    ) -> int:
        """Add replications to all points until they are ``enough`` at each, or ``cap`` of them.

        Judged after ``first`` and then whenever a quarter has been added, whatever is there
        already: how a study was interrupted does not move the moment at which it stops.

        Returns:
            replications used, the same at every point: only then can points be compared in pairs.
        """
        replications = min(first, cap)
        while True:
            self.simulate(points, replications)
            if replications >= cap or all(
                enough(point, self.results(point, replications, delays=False)) for point in points
            ):
                return replications
            replications = min(math.ceil(replications * GROWTH), cap)

    def cite(self, runs: Mapping[str, FinishedRun]) -> None:
        """Rest the study on finished runs, given by name, instead of design points of its own.

        Their result hashes make that of the study, and its configuration is that of the first.
        """
        self._begin()
        self.cited = dict(runs)
        self._config = dict(next(iter(runs.values())).config)
        self._write_design()

    @property
    def points(self) -> list[DesignPoint]:
        """The design points simulated, in the order in which they came."""
        return list(self._points.values())

    @property
    def configs(self) -> dict[str, tuple[Mapping[str, object], tuple[str, ...]]]:
        """Configurations and overrides of design points and cited runs, by name.

        The overrides of a cited run are not known: its passport says where its settings come from.
        """
        own = {p.name: (p.run.model_dump(mode="json"), p.overrides) for p in self.points}
        return own | {name: (run.config, ()) for name, run in self.cited.items()}

    def used(self, point: DesignPoint) -> int:
        """Replications asked of a point; 0 if it was not simulated."""
        return self._used.get(point.hash, 0)

    def results(
        self,
        point: DesignPoint,
        replications: int,
        *,
        delays: bool = True,
        series: bool = False,
    ) -> Results:
        """What the first ``replications`` of a point gave, see :meth:`ChunkFolder.read`."""
        chunks = self._entered(point)
        return chunks.read(self.layout(point), replications, delays=delays, series=series)

    def everything(self, point: DesignPoint, replications: int) -> Results:
        """The same with series and ledger, see :meth:`ChunkFolder.read_all`."""
        return self._entered(point).read_all(self.layout(point), replications)

    def missing_units(self, point: DesignPoint, replications: int) -> Iterator[pa.Table]:
        """Who lacks what at the deadline: columns replication, programme, stage, missing (> 0).

        A tenth of the delay ledger, chunk by chunk.
        """
        names = ("programme", "stage", "missing")
        for part in self._entered(point).parts(self.layout(point), replications, DELAYS):
            entries = part.delays
            numbers = part.replications[entries.at]
            table = pa.table(
                {"replication": numbers, **{name: entries.columns[name] for name in names}}
            )
            yield table.filter(pc.greater(table["missing"], 0))

    def delays(self, point: DesignPoint, replications: int) -> Iterator[pa.Table]:
        """The delay ledger of a point as that of a run folder, chunk by chunk."""
        for part in self._entered(point).parts(self.layout(point), replications, DELAYS):
            yield self.tables(point, part).delays()

    def layout(self, point: DesignPoint) -> Layout:
        """Which rows, days and indicators the results of a point have."""
        if point.hash not in self._layouts:
            self._layouts[point.hash] = Worker(point.run).layout
        return self._layouts[point.hash]

    def tables(self, point: DesignPoint, results: Results) -> Tables:
        """Results of a point as the tables of a run folder."""
        run = point.run
        return Tables(
            point.name, self.layout(point), results, run.plan.start, run.replications_per_draw
        )

    def _enter(self, point: DesignPoint) -> None:
        """Take a point into the design, under a name that no other has."""
        known = self._points.setdefault(point.hash, point)
        if any(p.name == known.name and p.hash != known.hash for p in self._points.values()):
            raise ValueError(f"two design points of one study are called {point.name!r}")

    def _chunks(self, point: DesignPoint) -> ChunkFolder:
        """The chunks of a point, with the shelf of the store that has more of them."""
        if point.hash not in self._folders:
            label = f"{self._name}: {point.name}"
            shelf = None if self._store is None else self._store.shelf(point.run, label)
            folder = self._home.of_point(point.hash)
            self._folders[point.hash] = ChunkFolder(folder, point.hash, self._code, shelf)
        return self._folders[point.hash]

    def _entered(self, point: DesignPoint) -> ChunkFolder:
        """The same, with the key to what stands in them beside them."""
        chunks = self._chunks(point)
        if point.hash not in self._keyed:
            self._begin()
            clear_parts(chunks.folder)
            write_layout(chunks.folder, Key.of(point.run, self.layout(point), point.hash))
            self._keyed.add(point.hash)
        return chunks

    # ------------------------------------------------------------------ what is written

    def write_table(
        self, name: str, header: Sequence[str], rows: Iterable[Sequence[object]]
    ) -> None:
        """Write ``name``.csv, see :func:`sim.study.files.write_csv`."""
        self._begin()
        self._home.write_table(name, header, rows)

    def finish(self, answer: Mapping[str, object], noted: Mapping[str, object] = NOTHING) -> int:
        """Write all that is left to write; the manifest, which says finished, comes last.

        Beside it failures.csv if there are any, answer.json, and targets.parquet: targets of all
        points or cited runs, where ``scenario`` is their name in this study. The manifest also
        holds what is ``noted``, which does not tell one study from another.

        Returns:
            replications that failed.
        """
        self._begin()
        failures, hashes, events = [], {}, 0
        for point in self._points.values():
            summary = Summary.of(self._parts(point, SUMMARY))
            hashes[point.hash] = summary.result_hash
            events += summary.events
            if summary.failed:
                failures += [
                    (point.name, f.replication, f.error, f.traceback)
                    for part in self._parts(point, SUMMARY)
                    for f in part.failures
                ]
        if failures:
            self.write_table(
                "failures", ("scenario", "replication", "error", "traceback"), failures
            )
        else:
            self._home.remove_table("failures")
        cited = {name: str(run.manifest["result_hash"]) for name, run in self.cited.items()}
        source = source_of(
            [*((point.name, hashes[point.hash]) for point in self.points), *cited.items()]
        )
        if (self.points or cited) and not is_current(self.folder, source):
            tables = chain(
                (
                    self.tables(point, part).targets()
                    for point in self.points
                    for part in self._parts(point, TARGETS)
                ),
                (renamed(run.target_table(), name) for name, run in self.cited.items()),
            )
            write_targets(self.folder, source, tables)
        hashes |= cited
        total = hashlib.sha256("".join(hashes[key] for key in sorted(hashes)).encode())
        self._home.write_answer(answer)
        self._home.write_manifest(
            finished=True,
            replications=sum(self._used.values())
            + sum(run.manifest["replications"] for run in self.cited.values()),
            failed=len(failures),
            events=events,
            result_hash=total.hexdigest(),
            results={key: hashes[key] for key in sorted(hashes)},
            points=[row[:2] + row[3:4] for row in self._design()],
            cited={name: self._path_to(run.path) for name, run in self.cited.items()},
            **noted,
            config=self._config,
        )
        self.finished = True
        return len(failures)

    def _parts(self, point: DesignPoint, columns: Collection[str]) -> Iterator[Results]:
        """What all replications used of a point gave, chunk by chunk."""
        return self._entered(point).parts(self.layout(point), self._used[point.hash], columns)

    def _path_to(self, path: Path) -> str:
        """A path as seen from the study's folder: both may be moved together."""
        return Path(os.path.relpath(path, self.folder)).as_posix()

    def _write_design(self) -> None:
        header = ("point", "hash", "scenario", "replications", "seed", "overrides")
        self.write_table("design", header, self._design())

    def _design(self) -> list[tuple[object, ...]]:
        """Rows of design.csv: a design point, or a cited run, each."""
        own = [
            (p.name, p.hash, p.run.scenario.name, self._used[p.hash], p.run.seed,
             " ".join(p.overrides))
            for p in self._points.values()
        ]  # fmt: skip
        cited = ((name, run.manifest) for name, run in self.cited.items())
        return own + [
            (name, m["config_hash"][:16], m["config"]["scenario"]["name"], m["replications"],
             m["seed"], "")
            for name, m in cited
        ]  # fmt: skip
