"""Who can reach a cluster, and what happens when it is lost."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from factory import micro_run, settings
from program import until
from test_cluster import ROOM, Cluster

from sim.config.errors import ConfigError
from sim.config.schema import Run
from sim.interruption import Stopped
from sim.study import executor
from sim.study.executor import Workforce, execute

pytest.importorskip("distributed")

pytestmark = pytest.mark.untraced


@pytest.fixture
def run(directory: Path) -> Run:
    return micro_run(directory, {"room": ROOM}, replications=100_000)


def listening() -> set[str]:
    """Addresses at which this process and all that it has started can be reached."""
    import psutil

    me = psutil.Process()
    family = [me, *me.children(recursive=True)]
    return {
        connection.laddr.ip
        for process in family
        for connection in process.net_connections(kind="inet")
        if connection.status == psutil.CONN_LISTEN or not connection.raddr
    }


def test_a_cluster_made_here_is_reached_from_this_machine_alone(run: Run) -> None:
    before = listening()
    own = settings(run, backend="dask", workers=2)
    with Workforce(own) as workforce:
        for _ in workforce.simulate([own], {0: [range(2)]}):
            assert listening() - before == {"127.0.0.1"}
    until(lambda: listening() == before, "something listens on")


def test_a_scheduler_that_dies_ends_the_work_and_costs_nothing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(executor, "CHUNK_SECONDS", 0.05)
    cluster = Cluster(tmp_path)
    finished = 0

    def kill(count: int) -> None:
        nonlocal finished
        finished += count
        if finished > 20 and cluster.processes[0].poll() is None:
            cluster.kill(0)

    try:
        cluster.add_workers(1)
        execution = execute(settings(run, backend="dask", scheduler=cluster.address), kill)
        address = cluster.address
    finally:
        cluster.close()
    assert isinstance(execution.ended_by, Stopped)
    assert str(execution.ended_by) == f"the scheduler at {address} is lost"
    assert len(execution.results.replications) == finished > 20
    assert not capfd.readouterr().err


# ---------------------------------------------------------------------- TLS


@contextmanager
def certificate(folder: Path) -> Iterator[Path]:
    """A certificate as docs/studies/cluster.md has it made."""
    page = (Path(__file__).parents[2] / "docs" / "studies" / "cluster.md").read_text("utf-8")
    (command,) = (line.strip() for line in page.splitlines() if line.strip().startswith("openssl "))
    subprocess.run(command, shell=True, check=True, cwd=folder, capture_output=True)
    yield folder
