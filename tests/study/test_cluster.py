"""A cluster gives the bytes of one process: a real scheduler, real workers, and one that dies."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from sim.config.errors import ConfigError
from sim.config.schema import Run
from sim.study import executor
from sim.study.identity import environment
from sim.study.study import DesignPoint, Study
from sim.study.worker import work, work_there
from tests.factory import micro_run, settings, simulated

pytest.importorskip("distributed")

ROOM = {"goal": 4, "unit_cost": 1_000_000, "build_months": 6}
N = 300
PATIENCE = 60.0


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return micro_run(tmp_path_factory.mktemp("plan"), {"room": ROOM}, replications=N)


@pytest.fixture(scope="module")
def expected(run: Run) -> str:
    return simulated(run).result_hash


class Cluster:
    """Processes as a user would start them: ``dask scheduler`` and ``dask worker``."""

    def __init__(
        self, folder: Path, scheduler: Sequence[str] = ("--host", "127.0.0.1", "--no-dashboard")
    ) -> None:
        self.folder = folder
        self.file = folder / "scheduler.json"
        known = ("--scheduler-file", str(self.file))
        self.processes = [self.start("scheduler", *scheduler, "--port", "0", *known)]
        self._until(self.file.exists)

    def start(self, what: str, *arguments: str) -> subprocess.Popen[bytes]:
        """One process more, ``dask WHAT`` with ``arguments``."""
        log = self.folder / f"{what}-{time.monotonic_ns()}.log"
        with log.open("wb") as file:
            return subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.dask_{what}", *arguments],
                env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                stdout=file, stderr=subprocess.STDOUT, cwd=self.folder, start_new_session=True,
            )  # fmt: skip

    def add_workers(self, count: int) -> None:
        for _ in range(count):
            self.processes.append(
                self.start(
                    "worker",
                    "--scheduler-file",
                    str(self.file),
                    "--nthreads",
                    "1",
                    "--no-nanny",
                    "--no-dashboard",
                    "--host",
                    "127.0.0.1",
                )
            )
        self._until(lambda: self.worker_count() == len(self.processes) - 1)

    def kill(self, position: int) -> None:
        os.kill(self.processes[position].pid, signal.SIGKILL)
        self.processes[position].wait()

    @property
    def address(self) -> str:
        return str(json.loads(self.file.read_text(encoding="utf-8"))["address"])

    def worker_count(self) -> int:
        from distributed import Client

        client = Client(  # type: ignore[no-untyped-call]
            self.address, timeout="30s", set_as_default=False
        )
        with client:
            return len(client.nthreads())  # type: ignore[no-untyped-call]

    def _until(self, met: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not met():
            assert time.monotonic() < deadline, "\n".join(
                path.read_text(encoding="utf-8") for path in sorted(self.folder.glob("*.log"))
            )
            time.sleep(0.05)

    def close(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.kill()
                process.wait()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    own = Cluster(tmp_path_factory.mktemp("cluster"))
    try:
        own.add_workers(2)
        yield own
    finally:
        own.close()


def simulate(folder: Path, run: Run, progress: Callable[[int, int], None]) -> str:
    point = DesignPoint("only", run)
    with Study(folder, "test", {}, run, progress=progress) as study:
        study.simulate([point], N)
        return study.results(point, N).result_hash


@pytest.mark.slow
def test_workers_with_other_code_are_refused(
    cluster: Cluster, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = environment()
    monkeypatch.setattr(executor, "environment", lambda: own | {"code": "0" * 16})
    cluster_run = settings(run, backend="dask", scheduler=cluster.address)
    with pytest.raises(ConfigError, match="has other code, so its results would differ"):
        simulate(tmp_path / "study", cluster_run, lambda *_: None)


@pytest.mark.slow
def test_a_worker_that_dies_costs_time_and_changes_nothing(
    cluster: Cluster, run: Run, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two workers, one of them killed with kill -9 while it has work; the other does it all."""
    monkeypatch.setattr(executor, "CHUNK_SECONDS", 0.05)  # many chunks, so that both have some
    done: list[int] = []

    def kill_one(finished: int, _: int) -> None:
        if finished and not done:
            cluster.kill(1)
        done.extend([finished] if finished else [])

    assert cluster.worker_count() == 2
    own = settings(run, backend="dask", scheduler=cluster.address)
    assert simulate(tmp_path / "study", own, kill_one) == expected
    assert sum(done) == N
    assert done[0] < N / 2, "the worker died when all was done"
    assert cluster.worker_count() == 1


def test_a_worker_compares_its_environment(run: Run) -> None:
    own = environment()
    assert work_there(own, run, 0, 2)[0] == work(run, 0, 2)[0]
    with pytest.raises(ConfigError, match="has other processor"):
        work_there(own | {"processor": "abacus"}, run, 0, 2)


def test_nobody_at_the_address_is_said_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executor, "_PATIENCE", "1s")
    own = settings(run, backend="dask", scheduler="tcp://127.0.0.1:9")
    with pytest.raises(ConfigError, match="no scheduler answers there"):
        simulated(own)
