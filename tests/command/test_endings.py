"""However a command is brought to its end, what was finished is kept, whole, and it says so."""

from __future__ import annotations

import errno
import json
import os
import signal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sim.__main__ import main
from sim.study.chunk_folder import ChunkFolder
from sim.study.folder import RunFolder
from sim.study.worker import Worker
from sim.words import Speech, SystemReason
from tests.program import PICTURES, program

CHUNK_HOME = "sim.study.executor:Backlog.learn"
RUN = ["replications=400", "record=targets", "workers=2", "language=en"]
ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


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
    undrawn = [] if end == signal.SIGINT else [PICTURES]
    arguments = [*RUN, f"hydra.run.dir={folder}"]
    with program("sim", arguments, halts=[f"{CHUNK_HOME}@4"], without=undrawn) as own:
        own.halted()
        own.send(end)
        own.goes_on()
        assert own.ended() == 1
        own.alone()
    finished = kept(folder)
    assert 0 < finished < 400
    assert f"{finished} finished replications were kept" in own.output
    assert own.output.endswith("interrupted\n")
    assert (folder / "attainment_en.png").exists() == (not undrawn)


@pytest.mark.parametrize(
    ("backend", "end"),
    [("processes", signal.SIGINT), ("processes", signal.SIGTERM), ("dask", signal.SIGTERM)],
)
def test_an_end_for_everybody_of_the_session_is_one(tmp_path: Path, backend: str, end: int) -> None:
    """Ctrl-C at a terminal and SIGTERM of a batch system reach the workers as well; and twice."""
    if backend == "dask":
        pytest.importorskip("distributed")
    folder = tmp_path / "run"
    arguments = [*RUN, f"backend={backend}", f"hydra.run.dir={folder}"]
    leaving = "sim.study.executor:Workforce.__exit__"
    with program("sim", arguments, halts=[f"{CHUNK_HOME}@4", leaving]) as own:
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
    with program("sim", arguments, halts=["sim.study.executor:Backlog.take@2"]) as own:
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
    with program("sim", arguments, halts=[f"{CHUNK_HOME}@5"]) as own:
        own.halted()  # with the second of three chunks of the second run
        own.send(signal.SIGTERM)
        own.goes_on()
        assert own.ended() == 1
    assert "2 runs were not begun\ninterrupted\n" in own.output
    assert manifest(tmp_path / "0")["finished"] == 4
    assert kept(tmp_path / "1") == 2
    assert not (tmp_path / "2").exists()


def test_a_study_that_is_ended_goes_on_with_the_same_command(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    arguments = ["record=targets", "workers=2", "replications=14", "language=zh"]
    arguments += [f"study.folder={folder}"]
    with program("tests.question", arguments, halts=[f"{CHUNK_HOME}@4"]) as own:
        own.halted()
        own.send(signal.SIGHUP)  # SIGTERM goes the same way, see above
        own.goes_on()
        assert own.ended() == 1
        own.alone()
    assert own.output.endswith("已中断；再次执行同一命令即可继续\n")
    before = set(folder.glob("runs/*/*.parquet"))
    assert before
    with program("tests.question", arguments) as again:
        assert again.ended() == 0
    assert before < set(folder.glob("runs/*/*.parquet"))
    assert manifest(folder)["replications"] == 14


WRITTEN = [
    "sim.study.folder:RunFolder.write_tables",
    "sim.study.folder:RunFolder.write_csv",
    "sim.study.folder:RunFolder.write_manifest",
    PICTURES,
]
"""Moments between the end of the simulation and that of the command."""


@pytest.mark.parametrize("moment", WRITTEN)
def test_an_end_while_results_are_written_waits_for_the_manifest(
    tmp_path: Path, moment: str
) -> None:
    """The second one, and every one after it: what was finished before the first is whole."""
    folder = tmp_path / "run"
    with program(
        "sim",
        [*RUN, "workers=1", f"hydra.run.dir={folder}"],
        halts=[f"{CHUNK_HOME}@3", moment],
        without=(),
    ) as own:
        own.halted()
        own.send(signal.SIGINT)
        own.goes_on()
        own.halted()
        own.send(signal.SIGINT, signal.SIGTERM, signal.SIGINT)
        own.goes_on()
        assert own.ended() == 1
        own.alone()
    assert 0 < kept(folder) < 400
    assert not list(folder.glob("*.png"))
    assert "Not all pictures were drawn; all tables are complete" in own.output
    assert own.output.endswith("interrupted\n")


def test_a_run_that_was_done_is_not_called_interrupted(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    arguments = [*RUN, "workers=1", "replications=2", f"hydra.run.dir={folder}"]
    with program("sim", arguments, halts=[WRITTEN[0]]) as own:
        own.halted()
        own.send(signal.SIGHUP)
        own.goes_on()
        assert own.ended() == 1
    assert manifest(folder)["finished"] == 2
    assert not manifest(folder)["interrupted"]


def test_a_killed_run_leaves_its_folder_to_the_next(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    arguments = [*RUN, "workers=1", "replications=4", f"hydra.run.dir={folder}"]
    with program("sim", arguments, halts=[WRITTEN[1]]) as own:
        own.halted()
        own.send(signal.SIGKILL)
        own.alone()
    assert (folder / "targets.parquet").exists()
    assert not (folder / "manifest.json").exists()
    with program("sim", arguments) as again:
        assert again.ended() == 0
    assert manifest(folder)["finished"] == 4
    assert not list(folder.glob("**/*.part"))


def test_one_folder_has_one_run_at_a_time(tmp_path: Path) -> None:
    arguments = [*RUN, "workers=1", "replications=2", f"hydra.run.dir={tmp_path / 'run'}"]
    with program("sim", arguments, halts=[CHUNK_HOME]) as own:
        own.halted()
        with program("sim", arguments) as other:
            assert other.ended() == 2
        assert "another run is at work in this folder" in other.output
        own.goes_on()
        assert own.ended() == 0
    assert manifest(tmp_path / "run")["finished"] == 2


# ---------------------------------------------------------------------- what runs out


LACKS = {
    "memory": (MemoryError(), "out of memory"),
    "files": (OSError(errno.EMFILE, "Too many open files"), "Too many open files"),
}


@pytest.mark.parametrize("lack", LACKS)
def test_what_the_machine_lacks_is_no_failure_of_a_replication(
    tmp_path: Path,
    lack: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    error, told = LACKS[lack]
    replicate = Worker.replicate

    def lacking(self: Worker, replication: int, **options: Any) -> object:
        if replication == 2:  # the first of the second chunk
            raise error
        return replicate(self, replication, **options)

    monkeypatch.setattr(Worker, "replicate", lacking)
    folder = tmp_path / "run"
    arguments = ["replications=9", "record=targets", "workers=1", "language=en"]
    assert main([*arguments, f"hydra.run.dir={folder}"]) == 1
    assert told in capsys.readouterr().err
    assert kept(folder) == 2
    assert not (folder / "failures.csv").exists()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO])
def test_a_disk_that_takes_no_more_chunks_ends_a_run_with_what_it_has(
    tmp_path: Path,
    number: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    keep = ChunkFolder.keep

    def full(self: ChunkFolder, first: int, last: int, content: bytes) -> None:
        if first > 1:
            raise OSError(number, os.strerror(number), "a chunk")
        keep(self, first, last, content)

    monkeypatch.setattr(ChunkFolder, "keep", full)
    folder = tmp_path / "run"
    arguments = ["replications=9", "record=targets", "workers=1", "language=zh"]
    assert main([*arguments, f"hydra.run.dir={folder}"]) == 1
    reason = Speech("zh").text(SystemReason.of(OSError(number, os.strerror(number))))
    assert f"无法写入 a chunk：{reason}" in capsys.readouterr().err
    assert kept(folder) == 2


def test_a_lack_of_memory_while_tables_are_written_is_told_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def lacking(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(RunFolder, "write_tables", lacking)
    folder = tmp_path / "run"
    assert main(["replications=1", "workers=1", "language=en", f"hydra.run.dir={folder}"]) == 1
    assert capsys.readouterr().err.startswith("out of memory")
    assert not (folder / "manifest.json").exists()


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (MemoryError(), "out of memory"),
        (OSError(errno.EIO, os.strerror(errno.EIO), "series.parquet"), "Input/output error"),
        (ZeroDivisionError("a defect"), None),
    ],
    ids=["memory", "disk", "defect"],
)
def test_figures_that_cannot_be_made_cost_no_results(
    tmp_path: Path,
    error: Exception,
    told: str | None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def failing(*_: object) -> None:
        raise error

    monkeypatch.setattr("sim.job.pictures", failing)
    folder = tmp_path / "run"
    given = ["replications=2", "record=targets", "workers=1", "language=en"]
    given.append(f"hydra.run.dir={folder}")
    if told is None:  # of which nothing is hidden
        with pytest.raises(ZeroDivisionError):
            main(given)
    else:
        assert main(given) == 1
        said = capsys.readouterr()
        assert "Not all pictures were drawn; all tables are complete" in said.out
        assert told in said.err
    assert manifest(folder)["finished"] == 2
    answer = json.loads((folder / "answer.json").read_text(encoding="utf-8"))
    assert answer["blocks"]["tables"]
    assert not answer["blocks"]["pictures"]


@pytest.mark.parametrize(
    ("module", "folder"), [("sim", "hydra.run.dir"), ("tests.question", "study.folder")]
)
def test_a_file_as_large_as_it_may_be_is_told_in_a_sentence(
    tmp_path: Path, module: str, folder: str
) -> None:
    arguments = [*RUN, "workers=1", "replications=2", f"{folder}={tmp_path / 'here'}"]
    with program(module, arguments, largest_file=4096) as own:
        assert own.ended() == 1
    assert "File too large" in own.output
    assert not list(tmp_path.rglob("*.part"))
