"""However a command is brought to its end, what was finished is kept, whole, and it says so."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from program import program

CHUNK_HOME = "sim.study.executor:Backlog.learn"
CHARTS = "sim.report.charts:write_charts"
RUN = ["replications=400", "record=targets", "workers=2", "language=en"]
ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

pytestmark = pytest.mark.untraced


def manifest(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return content


def kept(folder: Path) -> int:
    """Replications of an interrupted run, on which manifest and tables agree."""
    own = manifest(folder)
    assert own["interrupted"]
    assert own["failed"] == 0
    finished = int(own["finished"])
    assert len(set(pd.read_parquet(folder / "targets.parquet")["replication"])) == finished
    assert (pd.read_csv(folder / "attainment.csv")["replications"].dropna() == finished).all()
    assert (folder / "passport.csv").exists()
    return finished


@pytest.mark.parametrize("end", ENDS)
def test_whatever_asks_a_run_to_end_keeps_what_is_finished(tmp_path: Path, end: int) -> None:
    folder = tmp_path / "run"
    with program("sim", [*RUN, f"hydra.run.dir={folder}"], halts=[f"{CHUNK_HOME}@4"]) as own:
        own.halted()
        own.send(end)
        own.goes_on()
        assert own.ended() == 1
        own.alone()
    finished = kept(folder)
    assert 0 < finished < 400
    assert f"{finished} finished replications were kept" in own.output
    assert own.output.endswith("interrupted\n")
    assert (folder / "attainment.png").exists()


@pytest.mark.parametrize("backend", ["processes", "dask"])
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_an_end_for_everybody_of_the_session_is_one(tmp_path: Path, backend: str, end: int) -> None:
    """Ctrl-C at a terminal and SIGTERM of a batch system reach the workers as well; and twice."""
    if backend == "dask":
        pytest.importorskip("distributed")
    folder = tmp_path / "run"
    arguments = [*RUN, f"backend={backend}", f"hydra.run.dir={folder}"]
    leaving = "sim.study.executor:Workforce.__exit__"
    with program("sim", arguments, halts=[f"{CHUNK_HOME}@4", leaving], without=[CHARTS]) as own:
        own.halted()
        os.killpg(own.process.pid, end)
        own.goes_on()
        own.halted()
        os.killpg(own.process.pid, end)
        own.goes_on()
        assert own.ended() == 1
        own.alone()
    assert 0 < kept(folder) < 400
    assert own.output.endswith("interrupted\n")


@pytest.mark.parametrize("backend", ["processes", "dask"])
def test_an_end_before_the_first_chunk_leaves_nothing_behind(tmp_path: Path, backend: str) -> None:
    if backend == "dask":
        pytest.importorskip("distributed")
    folder = tmp_path / "run"
    arguments = [*RUN, f"backend={backend}", f"hydra.run.dir={folder}"]
    with program(
        "sim", arguments, halts=["sim.study.executor:Backlog.take@2"], without=[CHARTS]
    ) as own:
        own.halted()
        os.killpg(own.process.pid, signal.SIGINT)
        own.goes_on()
        assert own.ended() == 1
        own.alone()
    assert "nothing kept" in own.output
    assert not (folder / "manifest.json").exists()


def test_a_multirun_that_is_ended_says_how_many_runs_are_left(tmp_path: Path) -> None:
    arguments = ["-m", *RUN, "seed=1,2,3,4", "replications=4", f"hydra.sweep.dir={tmp_path}"]
    arguments += ["hydra.sweep.subdir=${hydra.job.num}", "workers=1"]
    with program("sim", arguments, halts=[f"{CHUNK_HOME}@5"], without=[CHARTS]) as own:
        own.halted()  # with the second of three chunks of the second run
        own.send(signal.SIGTERM)
        own.goes_on()
        assert own.ended() == 1
    assert "2 runs were not begun\ninterrupted\n" in own.output
    assert manifest(tmp_path / "0")["finished"] == 4
    assert kept(tmp_path / "1") == 2
    assert not (tmp_path / "2").exists()
