"""One job: all replications of one scenario, its folder of results, and what the analyst sees.

The rooms of the package know nothing of each other's callers; this is where they meet.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from sim.config.errors import ConfigError
from sim.config.schema import Run
from sim.exits import DONE, FAILED
from sim.study.executor import Execution, execute
from sim.study.folder import FolderInUse, RunFolder, describe
from sim.study.worker import Worker
from sim.terminal import warn


def run_job(
    run: Run,
    folder: Path,
    passport: Sequence[Mapping[str, object]],
    job_number: int | None = None,
    changes: Sequence[Mapping[str, object]] = (),
) -> int:
    """Run all replications of ``run``, write its folder and print the answer.

    Args:
        run: the validated configuration.
        folder: where the results go; it must not hold results yet.
        passport: rows of passport.csv, see :mod:`sim.config.passport`.
        job_number: its place among the runs of a multirun, counted from 0; None for a single run.
        changes: what differs from the scenario preset, by which tables and charts call the run.

    Returns:
        0, or 1 if replications failed.

    Raises:
        KeyboardInterrupt: the run was interrupted; what was finished has been written and shown.
        ConfigError: the folder is in use or cannot be written, or the backend is not installed.
    """
    try:
        target = RunFolder(folder)
    except FolderInUse as error:
        raise ConfigError(
            str(error),
            key="hydra.run.dir",
            value=str(folder),
            allowed="another folder",
        ) from error
    except OSError as error:
        raise ConfigError(
            f"the folder cannot be written: {error.strerror}",
            key="hydra.run.dir",
            value=str(folder),
        ) from error

    with target:
        return _run_in(target, run, passport, job_number, changes)


def _run_in(
    target: RunFolder,
    run: Run,
    passport: Sequence[Mapping[str, object]],
    job_number: int | None,
    changes: Sequence[Mapping[str, object]],
) -> int:
    started = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    clock = time.perf_counter()
    execution = _execute_with_progress(run)
    results = execution.results
    if not len(results.replications):
        return _nothing_finished(run, target, execution)

    layout = Worker(run).layout
    manifest = describe(
        run,
        results,
        started=started,
        seconds=time.perf_counter() - clock,
        workers=execution.workers,
        interrupted=execution.ended_by is not None,
        job_number=job_number,
    )
    manifest["changes"] = list(changes)
    target.write_tables(run, layout, results)
    header = ("key", "label", "baseline", "value", "source")
    target.write_csv("passport", header, [[row[name] for name in header] for row in passport])
    _write_analysis(run, target)
    target.write_manifest(manifest)
    _report(run, target, manifest)
    if execution.ended_by is not None:
        raise execution.ended_by
    return FAILED if results.failures else DONE


def _execute_with_progress(run: Run) -> Execution:
    from sim.report.progress import progress_bar

    label = f"{run.scenario.label.zh} {run.scenario.label.en}"
    with progress_bar(label, run.replications) as advance:
        return execute(run, lambda count: advance(count, 0))


def _nothing_finished(run: Run, target: RunFolder, execution: Execution) -> int:
    from sim.report.numbers import replications_text
    from sim.report.words import Tongue, phrase, spoken, word

    failures = execution.results.failures
    if failures:
        target.write_tables(run, Worker(run).layout, execution.results)

        def failed(tongue: Tongue) -> str:
            return word("run.all_failed", tongue).format(
                replications=replications_text(len(failures), tongue), error=failures[0].error
            )

        warn(spoken(run.language, failed))
        where = phrase("run.tracebacks", run.language, " ")
        warn(f"{where}: {target.path / 'failures.csv'}")
        return FAILED
    warn(phrase("run.nothing_kept", run.language))
    raise execution.ended_by or KeyboardInterrupt


def _write_analysis(run: Run, target: RunFolder) -> None:
    """Write attainment.csv and held_back.csv from the tables that stand in the folder."""
    import pandas as pd

    from sim.analysis.attainment import attainment
    from sim.analysis.held_back import COUNTS, held_back

    targets = pd.read_parquet(target.path / "targets.parquet")
    columns = ["replication", "programme", "stage", *COUNTS]
    delays = pd.read_parquet(target.path / "delays.parquet", columns=columns)
    settings = (run.plan, dict(run.definitions), run.scenario.name)
    for name, table in (
        ("attainment", attainment(targets, delays, *settings)),
        ("held_back", held_back(targets, delays, *settings)),
    ):
        rows = table.astype(object).where(table.notna(), None).itertuples(index=False, name=None)
        target.write_csv(name, list(table.columns), rows)


def _report(run: Run, target: RunFolder, manifest: Mapping[str, object]) -> None:
    """Print the table and what to think of it, draw the charts, say where everything is."""
    from sim.report.charts import write_charts
    from sim.report.console import report_console, run_report
    from sim.report.words import phrase

    console = report_console()
    language = run.language
    console.print(run_report(target.path, manifest, language))
    write_charts(target.path, language)
    if manifest["interrupted"]:
        one = manifest["finished"] == 1
        kept = phrase("run.interrupted_one" if one else "run.interrupted", language)
        console.print(kept.format(count=manifest["finished"]))
    console.print(f"{phrase('run.results', language, ' ')}: {target.path}", soft_wrap=True)
