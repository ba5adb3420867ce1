"""One job: all replications of one scenario, its folder of results, and what the analyst sees.

The rooms of the package know nothing of each other's callers; this is where they meet.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from rich.console import Console

from sim import report
from sim.answer.finding import cells_of, columns_of
from sim.answer.found import StoredFound, row_groups
from sim.answer.origin import stamp_of
from sim.answer.run import so_far
from sim.answer.run.attained import Attained
from sim.answer.run.attainment import Attainment, attainments
from sim.answer.run.held_back import COUNTS, HeldBack, stage_sums
from sim.answer.run.held_back import held_back as held_back_by
from sim.answer.run.page import answer
from sim.answer.run.pictures import Recorded, pictures, tables
from sim.answer.stored import told
from sim.command.exits import DONE, FAILED
from sim.command.interruption import Ended, ended_early, held_back
from sim.command.terminal import warn
from sim.config.errors import ConfigError
from sim.config.schema import Run
from sim.model.record import Layout
from sim.page import picture
from sim.page.console import answered, console_on
from sim.page.progress import Bar, progress_bar
from sim.story.picture import timelines
from sim.study.chunk_folder import SUMMARY, ChunkFolder
from sim.study.executor import execute, worker_count
from sim.study.folder import RunFolder, describe
from sim.study.tables import Summary
from sim.study.worker import Worker
from sim.words import Replications, SystemReason, speeches


def run_job(
    run: Run,
    folder: Path,
    passport: Sequence[Mapping[str, object]],
    job_number: int | None = None,
    changes: Sequence[Mapping[str, object]] = (),
    command: str = "",
) -> int:
    """Run all replications of ``run``, write its folder and print the answer.

    Args:
        run: the validated configuration.
        folder: where the results go; it must not hold results yet.
        passport: rows of passport.csv, see :mod:`sim.config.passport`.
        job_number: its place among the runs of a multirun, counted from 0; None for a single run.
        changes: what differs from the scenario preset, by which tables and charts call the run.
        command: that gives the same results, for whoever wants to see them again.

    Returns:
        0, or 1 if replications failed.

    Raises:
        KeyboardInterrupt: the run was interrupted; what was finished has been written and shown.
        ConfigError: the folder is in use or cannot be written, or the backend or a medium is not
            installed.
    """
    report.refuse_missing(run.report)
    try:
        target = RunFolder(folder)
    except OSError as error:
        reason = SystemReason.of(error)
        raise ConfigError(
            "job.unwritable", key="hydra.run.dir", value=str(folder), reason=reason
        ) from error

    with target:
        more = {"changes": [*changes], "command": command}
        return _run_in(target, run, passport, job_number, more)


def _run_in(
    target: RunFolder,
    run: Run,
    passport: Sequence[Mapping[str, object]],
    job_number: int | None,
    more: Mapping[str, object],
) -> int:
    started = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    clock = time.perf_counter()
    chunks = target.chunks(run)
    # An interruption strikes the simulation and the charts; between them it waits, so that no
    # table is ever without its manifest.
    with held_back() as held:
        ended_by = _execute_with_progress(run, chunks, more, held)
        worker = Worker(run)
        summary = Summary.of(chunks.parts(worker.layout, run.replications, SUMMARY))
        if not summary.finished:
            return _nothing_finished(target, worker, chunks, summary, ended_by)

        manifest = describe(
            run,
            summary,
            started=started,
            seconds=time.perf_counter() - clock,
            workers=worker_count(run, run.replications),
            interrupted=ended_by is not None,
            job_number=job_number,
        )
        manifest |= more
        target.write_tables(worker, chunks)
        header = ("key", "label", "baseline", "value", "source")
        target.write_csv("passport", header, [[row[name] for name in header] for row in passport])
        analysis = _Analysis(run, target, manifest)
        analysis.write()
        target.write_manifest(manifest)
        undrawn = analysis.draw(held)
    if undrawn is None and run.report:
        report.write(target.path, run.report, speeches(run.language))
    analysis.report(undrawn)
    if undrawn is not None or ended_by is not None:
        raise undrawn or ended_by or KeyboardInterrupt
    return FAILED if summary.failed else DONE


def _execute_with_progress(
    run: Run, chunks: ChunkFolder, changes: Mapping[str, object], held: held_back
) -> Ended | None:
    label = " ".join(speech.text(run.scenario.label) for speech in speeches(run.language))
    with progress_bar(label, run.replications) as bar:
        screen = _FirstScreen(run, chunks, changes, bar)
        return execute(run, chunks, screen.advance, held.released())


class _FirstScreen:
    """What a terminal shows while a run is under way: a table, whenever twice as much is known."""

    def __init__(
        self, run: Run, chunks: ChunkFolder, changes: Mapping[str, object], bar: Bar
    ) -> None:
        self._run, self._chunks, self._changes, self._bar = run, chunks, changes, bar
        self._done, self._due = 0, so_far.FIRST

    def advance(self, count: int) -> None:
        """Go on by replications that have come home."""
        self._bar(count, 0)
        self._done += count
        width, last = self._bar.width, min(so_far.LAST, self._run.replications)
        if width is None or not self._due <= self._done < last:
            return
        self._due = 2 * self._done
        known = so_far.answer_so_far(self._run, self._layout, self._chunks, self._changes)
        if known is not None:
            speech = speeches(self._run.language)[0]
            self._bar.show([*answered(known, speech, width, more=False)])

    @cached_property
    def _layout(self) -> Layout:
        return Worker(self._run).layout


def _nothing_finished(
    target: RunFolder, worker: Worker, chunks: ChunkFolder, summary: Summary, ended_by: Ended | None
) -> int:
    if summary.failed:
        target.write_tables(worker, chunks)
        target.remove_chunks()
        failed = Replications(summary.failed)
        for speech in speeches(worker.run.language):
            warn(speech("run.all_failed", replications=failed, error=summary.first_error))
            warn(f"{speech('run.tracebacks')}: {target.path / 'failures.csv'}")
        return FAILED
    for speech in speeches(worker.run.language):
        warn(speech("run.nothing_kept"))
    raise ended_by or KeyboardInterrupt


class _Analysis:
    """What a run found, from the tables in its folder: for tables, answer and pictures."""

    def __init__(self, run: Run, target: RunFolder, manifest: Mapping[str, object]) -> None:
        self._run, self._target, self._manifest = run, target, manifest
        self._config = config = run.model_dump(mode="json")
        self._found = StoredFound(target.path / "targets.parquet")
        columns = ["replication", "programme", "stage", *COUNTS]
        delays = row_groups(target.path / "delays.parquet", columns)
        sums = stage_sums(delays, self._found, config)
        name = run.scenario.name
        self._findings = [*attainments(self._found, sums, config, name)]
        self._held = [*held_back_by(self._found, sums, config, name)]
        self._attained = Attained(self._findings, config)
        self._answer = answer(self._attained, self._held, self._found, manifest)

    def write(self) -> None:
        """Write attainment.csv, held_back.csv and answer.json, as yet without figures.

        Those are made when the manifest is there: if one of them cannot be, the run is whole.
        """
        for table, kind, rows in (
            ("attainment", Attainment, self._findings),
            ("held_back", HeldBack, self._held),
        ):
            self._target.write_csv(table, [*columns_of(kind)], cells_of(kind, rows))
        self._target.write_answer(told(self._answer))

    def draw(self, held: held_back) -> Ended | None:
        """Put figures and their tables into answer.json and draw; what kept it from that, or None.

        On a terminal, where somebody waits, the answer comes before them.
        """
        with ended_early() as end, held.released():
            console = console_on()
            if console.is_terminal:
                self._print(console)
            recorded = Recorded(self._target.path, self._attained)
            figures = [*pictures(recorded, self._found)]
            if self._run.trace is not None:
                figures += timelines(self._target.path, self._config)
            more = [*self._answer.tables, *tables(recorded)]
            more.sort(key=lambda table: table.annex)  # what is looked up comes last
            self._target.write_answer(told(replace(self._answer, pictures=figures, tables=more)))
            stamp = stamp_of(self._manifest, self._attained.replications)
            spoken = speeches(self._run.language)
            picture.write(figures, self._target.path, stamp, spoken)
        return end.by

    def report(self, undrawn: Ended | None) -> None:
        """Print what to think of the results, unless somebody is in a hurry, and where they are."""
        console = console_on()
        if not console.is_terminal and not isinstance(undrawn, KeyboardInterrupt):
            self._print(console)
        for speech in speeches(self._run.language):
            if self._manifest["interrupted"]:
                console.print(speech("run.interrupted", count=self._manifest["finished"]))
            if undrawn is not None:
                console.print(speech("run.undrawn"))
            console.print(f"{speech('run.results')}: {self._target.path}", soft_wrap=True)

    def _print(self, console: Console) -> None:
        full = self._run.table == "full"
        for speech in speeches(self._run.language):
            for part in answered(self._answer, speech, console.width, full=full):
                console.print(part)
