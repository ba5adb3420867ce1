"""Equal runs give equal bytes: serial, parallel, in any order of chunks, under any hash seed."""

from __future__ import annotations

import multiprocessing
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

import sim
from sim.config.schema import Run
from sim.model.kernel.streams import Streams
from sim.study.executor import worker_count
from sim.study.tables import Results
from sim.study.worker import Worker
from tests.factory import settings, simulated

N = 8
CODE = """
import sys
from pathlib import Path
from sim.config.schema import Run
from sim.study.worker import Worker
run = Run.model_validate_json(Path(sys.argv[1]).read_text(encoding="utf-8"))
print(Worker(run).chunk(range(run.replications)).result_hash)
"""


@pytest.fixture(scope="module")
def run(real_run: Run) -> Run:
    return settings(real_run, replications=N)


@pytest.fixture(scope="module")
def serial(run: Run) -> Results:
    assert worker_count(run, run.replications) == 1
    return simulated(run)


def test_two_processes_give_the_bytes_of_one(run: Run, serial: Results) -> None:
    children: set[int | None] = set()
    finished: list[int] = []

    def progress(count: int) -> None:
        children.update(child.pid for child in multiprocessing.active_children())
        finished.append(count)

    found = simulated(settings(run, backend="processes", workers=2), progress)
    assert len(children) == 2, "the replications did not run in two processes"
    assert sum(finished) == N
    assert len(finished) > 2  # several chunks, so that both had something to do
    assert found.replications.tolist() == serial.replications.tolist()
    assert found.values.tolist() == serial.values.tolist()
    assert found.ledger.rows() == serial.ledger.rows()
    assert found.delays.rows() == serial.delays.rows()
    assert found.result_hash == serial.result_hash


def test_chunks_may_come_in_any_order_and_of_any_size(run: Run, serial: Results, seed: int) -> None:
    worker = Worker(run)
    parts = [worker.chunk(range(a, b)) for a, b in ((0, 1), (1, 3), (3, 4), (4, 7), (7, N))]
    shuffler = random.Random(seed)
    for _ in range(4):
        shuffler.shuffle(parts)
        joined = Results.join(worker.layout, parts)
        assert joined.result_hash == serial.result_hash
        assert joined.replications.tolist() == list(range(N))
        assert joined.values.tolist() == serial.values.tolist()
        assert joined.delays.rows() == serial.delays.rows()
        assert joined.ledger.rows() == serial.ledger.rows()


def test_resuming_gives_the_bytes_of_not_stopping(run: Run, serial: Results) -> None:
    """The first ones from one worker, the others from another that never saw the first."""
    parts = [Worker(run).chunk(range(3)), Worker(run).chunk(range(3, N))]
    assert Results.join(Worker(run).layout, parts).result_hash == serial.result_hash


def test_more_replications_leave_the_first_ones_alone(run: Run, serial: Results) -> None:
    few = Worker(settings(run, replications=3)).chunk(range(3))
    assert few.values.tolist() == serial.values[:3].tolist()
    assert few.digests == serial.digests[:3]


def test_hash_seeds_do_not_matter(run: Run, serial: Results, directory: Path) -> None:
    """Sub-processes under different PYTHONHASHSEED: the order of sets differs, results may not."""
    path = directory / "run.json"
    path.write_text(run.model_dump_json(), encoding="utf-8")
    root = Path(sim.__file__).resolve().parents[1]
    hashes = {}
    for hash_seed in ("1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(root)}
        done = subprocess.run(
            [sys.executable, "-c", CODE, str(path)],
            env=environment, capture_output=True, text=True, check=True, cwd=root,
        )  # fmt: skip
        hashes[hash_seed] = done.stdout.strip()
    assert hashes == {"1": serial.result_hash, "2": serial.result_hash}, (
        "results depend on the hash seed: look for iteration over a set, or for id() and hash() in "
        "a sort key or a stream's name"
    )


def test_labels_of_the_scenario_do_not_enter_the_hash(run: Run, serial: Results) -> None:
    label = {"zh": "另一个", "en": "another"}
    other = settings(run, {"scenario.name": "another", "scenario.label": label})
    assert Worker(other).chunk(range(N)).result_hash == serial.result_hash


@pytest.mark.parametrize(
    ("key", "value"),
    [("seed", 1), ("budget.public_total", 10**9), ("planning.pace", 0.3), ("replications", N + 1)],
)
def test_what_changes_results_changes_the_hash(
    run: Run, serial: Results, key: str, value: int | float
) -> None:
    other = settings(run, {key: value if key != "seed" else run.seed + value})
    results = Worker(other).chunk(range(other.replications))
    assert results.result_hash != serial.result_hash


# --------------------------------------------------------------------------- draws and replications


def test_replications_per_draw_share_the_parameters_and_not_the_streams(real_run: Run) -> None:
    worker = Worker(settings(real_run, replications=6, replications_per_draw=3))
    draws = [worker.draw(r) for r in range(6)]
    assert draws[0] == draws[1] == draws[2] != draws[3]
    assert draws[3] == draws[4] == draws[5]
    values = [tuple(worker.replicate(r).values) for r in range(3)]
    assert len(set(values)) == 3


def test_the_draws_do_not_depend_on_how_many_replications_share_one(real_run: Run) -> None:
    """Draw i is draw i; replication r has stream r."""
    alone = Worker(settings(real_run, replications_per_draw=1))
    shared = Worker(settings(real_run, replications_per_draw=4))
    assert [shared.draw(4 * i) for i in range(3)] == [alone.draw(i) for i in range(3)]
    key = "build"
    assert Streams(1, 5).uniform(key, alone._keys).tolist() == (
        Streams(1, 5).uniform(key, shared._keys).tolist()
    )


def test_every_parameter_of_a_draw_has_a_value(real_worker: Worker) -> None:
    drawn = [n for n, p in real_worker.run.parameters.items() if p.varies == "draw"]
    draw = real_worker.draw(0)
    assert sorted(draw) == sorted(drawn)
    for name, value in draw.items():
        p = real_worker.run.parameters[name]
        if p.low is not None and p.high is not None:
            assert p.low <= value <= p.high
