"""Who can reach a cluster, and what happens when it is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.command.interruption import Stopped
from sim.config.schema import Run
from sim.study import executor
from sim.study.executor import Workforce, execute
from sim.study.folder import RunFolder
from tests.factory import micro_run, settings
from tests.program import until
from tests.study.test_cluster import ROOM, Cluster

pytest.importorskip("distributed")


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
        heard = [listening() - before for _ in workforce.simulate([own], {0: [range(2)]})]
    assert heard
    assert heard == [{"127.0.0.1"}] * len(heard)
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
        own = settings(run, backend="dask", scheduler=cluster.address)
        chunks = RunFolder(tmp_path / "run").chunks(own)
        ended_by = execute(own, chunks, kill)
        address = cluster.address
    finally:
        cluster.close()
    assert isinstance(ended_by, Stopped)
    assert str(ended_by) == f"the scheduler at {address} is lost"
    assert sum(map(len, chunks.ranges())) == finished > 20
    assert not capfd.readouterr().err


# ---------------------------------------------------------------------- TLS

PAGE = Path(__file__).parents[2] / "docs" / "studies" / "cluster.md"


def documented(*words: str) -> list[list[str]]:
    """Commands under the heading TLS of the page on clusters that begin with these words."""
    section = PAGE.read_text(encoding="utf-8").partition("### TLS")[2].partition("## ")[0]
    lines = [line.split() for line in section.splitlines() if line.startswith("    ")]
    return [line for line in lines if tuple(line[: len(words)]) == words]


def test_the_documented_tls_lets_in_who_holds_the_key_and_nobody_else(
    tmp_path: Path, run: Run
) -> None:
    (openssl,) = documented("openssl")
    subprocess.run(openssl, cwd=tmp_path, check=True, capture_output=True)
    (scheduler,), (worker,) = documented("dask", "scheduler"), documented("dask", "worker")
    cluster = Cluster(tmp_path, scheduler=[*scheduler[2:], "--host", "tls://127.0.0.1"])
    try:
        assert cluster.address.startswith("tls://127.0.0.1:")
        cluster.processes.append(cluster.start("worker", cluster.address, *worker[3:]))
        script = tmp_path / "ask.py"
        script.write_text(ASK, encoding="utf-8")
        config = settings(run, backend="dask", scheduler=cluster.address, replications=4)
        (tmp_path / "run.json").write_text(config.model_dump_json(), encoding="utf-8")
        exports = dict(line[1].split("=", 1) for line in documented("export"))
        assert len(exports) == 3

        def ask(address: str, environment: dict[str, str]) -> str:
            found = subprocess.run(
                [sys.executable, str(script), address],
                cwd=tmp_path,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
                | environment,
                check=False,
                capture_output=True,
                text=True,
            )
            assert found.returncode == 0, found.stderr
            return found.stdout

        assert ask(cluster.address, exports) == "4 finished\n"
        assert ask(cluster.address, {}).startswith("no scheduler answers there (TLS expects")
        plain = cluster.address.replace("tls", "tcp")
        assert ask(plain, exports).startswith("no scheduler answers there")
    finally:
        cluster.close()


ASK = """
import sys
from pathlib import Path

from sim.config.errors import ConfigError
from sim.config.schema import Run
from sim.study.executor import Workforce

run = Run.model_validate_json(Path("run.json").read_text(encoding="utf-8"))
run = run.model_copy(update={"scheduler": sys.argv[1]})
try:
    with Workforce(run) as workforce:
        work = workforce.simulate([run], {0: [range(4)]})
        print(sum(done.chunk.last - done.chunk.first for done in work), "finished")
except ConfigError as error:
    print(error)
"""
