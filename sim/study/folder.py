"""A run folder on disk: written file by file, each whole or not at all."""

from __future__ import annotations

import os
import platform
import subprocess
import weakref
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial
from importlib import metadata
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from sim.config.errors import ConfigError
from sim.config.schema import Run
from sim.config.version import package_version
from sim.lazy import pa
from sim.model.kernel.facts import Fact
from sim.study.chunk_folder import (
    CITY_SERIES,
    DELAYS,
    DISTRICT_SERIES,
    LEDGER,
    SUMMARY,
    TARGETS,
    ChunkFolder,
    remove_chunks,
)
from sim.study.files import claimed, write_csv, write_json
from sim.study.identity import PACKAGES, config_hash, own_environment_hash, point_hash
from sim.study.parquet import write_parquet
from sim.study.store import opened
from sim.study.tables import Failure, Summary, Tables

if TYPE_CHECKING:
    from sim.study.worker import Worker

SCHEMA_VERSION = 2
MANIFEST, ANSWER = "manifest.json", "answer.json"
REPORTS = {
    "brief": "brief_{}.html",
    "deck": "deck_{}.pptx",
    "workbook": "results_{}.xlsx",
    "dashboard": "dashboard.html",
}
"""Files of the media, by medium, with the language to be filled in; the last holds both."""
CHUNKS = ".chunks"

_TABLES = (
    ANSWER,
    *(f"{name}.csv" for name in ("attainment", "held_back", "passport", "failures", "events")),
    *(f"{name}.parquet" for name in ("series", "delays", "ledger", "targets")),
)
"""What stands in a run folder before its manifest does; the last one is written first."""


KEY = "hydra.run.dir"
"""The setting that names the folder of a run."""


class FolderInUse(ConfigError):
    """The folder is another run's; the text says in what way."""


class RunFolder:
    """Writes what CONTRACT.md says a run folder holds.

    A run that was killed, or of which no replication finished, has left chunks, or tables without a
    manifest; they are taken away, so that nothing in the folder is of another run. Files of these
    names in a folder without such tables are somebody else's and stay.

    No other process gets the folder before this one leaves it (it is a context manager).

    Raises:
        FolderInUse: there is a manifest already, and results are never overwritten, or another run
            is at work here.
        OSError: the folder cannot be made or written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(parents=True, exist_ok=True)
        try:
            self._leave = weakref.finalize(self, os.close, claimed(path))
        except BlockingIOError:
            raise FolderInUse("study.run_in_use", key=KEY, value=str(path)) from None
        if (path / MANIFEST).exists():
            raise FolderInUse("study.run_there", key=KEY, value=str(path))
        if (path / _TABLES[-1]).exists():
            for name in _TABLES:
                (path / name).unlink(missing_ok=True)
        self.remove_chunks()

    def __enter__(self) -> RunFolder:
        return self

    def __exit__(self, *_: object) -> None:
        self._leave()

    def chunks(self, run: Run) -> ChunkFolder:
        """Where the replications of ``run`` are kept until the manifest is written.

        Raises ConfigError if the store of the run is none.
        """
        store = opened(run)
        shelf = None if store is None else store.shelf(run, f"sim: {run.scenario.name}")
        return ChunkFolder(self.path / CHUNKS, point_hash(run), own_environment_hash(), shelf)

    def remove_chunks(self) -> None:
        """Take the chunks away: what they hold stands in the tables, or is of no use."""
        path = self.path / CHUNKS
        if path.is_symlink():
            path.unlink()
        elif path.is_dir():
            remove_chunks(path)

    def write_tables(self, worker: Worker, chunks: ChunkFolder) -> None:
        """Write the Parquet tables, failures.csv if any, and events.csv if traced.

        They are made from one chunk after the other, so that rows come in the order of replications
        and little is in memory at a time. A traced replication that has finished is simulated once
        more, for its log: it is the same every time.
        """
        run, layout = worker.run, worker.layout

        def tables(columns: Collection[str]) -> Iterator[Tables]:
            for part in chunks.parts(layout, run.replications, columns):
                yield Tables(
                    run.scenario.name, layout, part, run.plan.start, run.replications_per_draw
                )

        series = chain(
            (part.city_series() for part in tables(CITY_SERIES)),
            (part.district_series() for part in tables(DISTRICT_SERIES)),
        )
        self._write_table("targets", (part.targets() for part in tables(TARGETS)))
        self._write_table("series", series)
        self._write_table("delays", (part.delays() for part in tables(DELAYS)))
        self._write_table("ledger", (part.ledger() for part in tables(LEDGER)))
        parts = partial(chunks.parts, layout, run.replications, SUMMARY)
        failures = (failure for part in parts() for failure in part.failures)
        first = next(failures, None)
        if first is not None:
            self._write_failures(run.scenario.name, chain([first], failures))
        if run.trace is not None and any(run.trace in part.replications for part in parts()):
            self._write_events(run, worker.replicate(run.trace, trace=True).log or [])

    def write_csv(self, name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Write ``name``.csv, see :func:`sim.study.files.write_csv`."""
        write_csv(self.path / f"{name}.csv", header, rows)

    def write_answer(self, answer: Mapping[str, object]) -> None:
        """Write answer.json, see :func:`sim.answer.stored.told`."""
        write_json(self.path / ANSWER, answer)

    def write_manifest(self, manifest: Mapping[str, object]) -> None:
        """Write manifest.json; it comes after all tables, so a folder with one is complete.

        The chunks, which are in the tables by now, are taken away.
        """
        write_json(self.path / MANIFEST, manifest)
        self.remove_chunks()

    def _write_failures(self, scenario: str, failures: Iterable[Failure]) -> None:
        rows = ((scenario, f.replication, f.error, f.traceback) for f in failures)
        self.write_csv("failures", ("scenario", "replication", "error", "traceback"), rows)

    def _write_events(self, run: Run, log: Sequence[Fact]) -> None:
        rows = [
            (
                e.day,
                run.plan.start + timedelta(days=e.day),
                e.phase,
                e.entity,
                e.event,
                e.place,
                e.detail,
                e.typed,
            )
            for e in log
        ]
        header = ("day", "date", "phase", "entity", "event", "place", "detail", "fact")
        self.write_csv("events", header, rows)

    def _write_table(self, name: str, tables: Iterable[pa.Table]) -> None:
        write_parquet(self.path / f"{name}.parquet", tables)


def describe(
    run: Run,
    summary: Summary,
    *,
    started: str,
    seconds: float,
    workers: int,
    interrupted: bool,
    job_number: int | None = None,
) -> dict[str, object]:
    """The manifest: what was run, with what, on what, and the hash of what came out.

    ``job_number`` is its place among the runs of a multirun, counted from 0; else None.
    """
    version, dirty = _code_version()
    return {
        "schema_version": SCHEMA_VERSION,
        "config": run.model_dump(mode="json", exclude={"store"}),
        "config_hash": config_hash(run),
        "seed": run.seed,
        "replications": run.replications,
        "finished": summary.finished,
        "failed": summary.failed,
        "interrupted": interrupted,
        "job_number": job_number,
        "code_version": version,
        "dirty": dirty,
        "packages": {name: metadata.version(name) for name in PACKAGES},
        "python": platform.python_version(),
        "machine": {
            "system": platform.system(),
            "processor": platform.machine(),
            "cores": os.cpu_count(),
            "workers": workers,
        },
        "started": started,
        "seconds": round(seconds, 3),
        "events": summary.events,
        "result_hash": summary.result_hash,
    }


def _code_version() -> tuple[str, bool | None]:
    """Version of the package with the commit it was run from, and whether files were changed.

    Outside a checkout there is no commit, and whether something was changed is not known.
    """
    version = package_version()
    checkout = Path(__file__).resolve().parents[2]
    if not (checkout / ".git").exists():
        return version, None
    try:
        commit = _git(checkout, "rev-parse", "--short=12", "HEAD")
        dirty = bool(_git(checkout, "status", "--porcelain"))
    except (OSError, subprocess.CalledProcessError):
        return version, None
    return f"{version}+{commit}", dirty


def _git(checkout: Path, *arguments: str) -> str:
    result = subprocess.run(
        ["git", "-C", str(checkout), *arguments],
        check=True,
        capture_output=True,
        text=True,
        timeout=10,
        stdin=subprocess.DEVNULL,
    )
    return result.stdout.strip()
