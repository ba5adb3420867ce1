"""Tables of a run are the same in whatever order, and how many chunks, replications come home."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from sim.config.schema import Run
from sim.study import executor
from sim.study.chunk import ChunkId, encode
from sim.study.chunk_folder import SUMMARY
from sim.study.executor import Chunk, Done, execute
from sim.study.folder import CHUNKS, RunFolder, describe
from sim.study.identity import own_environment_hash
from sim.study.tables import Failure, Results, Summary, Tables
from sim.study.worker import Worker
from tests.factory import district, frame_of, micro_run, settings

N = 12
NAMES = ("targets", "series", "delays", "ledger")


@pytest.fixture(scope="module", params=["targets", "city", "full"])
def worker(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Worker:
    """Two districts, and a hall that takes its time."""
    return Worker(
        micro_run(
            tmp_path_factory.mktemp("plan"),
            {"hall": {"goal": 6, "unit_cost": 10**6, "build_months": 18}},
            districts=[district(900_101, population=100_000), district(900_102)],
            replications=N,
            record=request.param,
        )
    )


class InOrder:
    """A workforce that brings chunks home in a given order; some replications have failed."""

    def __init__(self, worker: Worker, ends: Sequence[int], order: Sequence[int], failed: set[int]):
        bounds = sorted({0, N, *ends})
        self._chunks = [Chunk(0, a, b) for a, b in pairwise(bounds)]
        self._order = [number for number in order if number < len(self._chunks)]
        self._worker, self._failed = worker, failed

    def __enter__(self) -> InOrder:
        return self

    def __exit__(self, *_: object) -> None:
        """There is nobody to dismiss."""

    def simulate(self, runs: Sequence[Run], left: Mapping[int, Sequence[range]]) -> Iterator[Done]:
        """The chunks."""
        for number in self._order:
            chunk = self._chunks[number]
            numbers = range(chunk.first, chunk.last)
            results = some(self._worker, [n for n in numbers if n not in self._failed])
            failures = [failure(n) for n in numbers if n in self._failed]
            own = ChunkId(self._worker.point, chunk.first, chunk.last, own_environment_hash())
            yield Done(chunk, encode(replace(results, failures=failures), own), 0.0)


_known: dict[tuple[str, int], Results] = {}


def some(worker: Worker, replications: Sequence[int]) -> Results:
    """Some replications, each of them simulated once."""
    for number in replications:
        key = worker.point, number
        if key not in _known:
            _known[key] = worker.chunk([number])
    parts = [_known[worker.point, number] for number in replications]
    return Results.join(worker.layout, parts)


def failure(number: int) -> Failure:
    return Failure(number, f"ValueError: {number}", "Traceback: here")


@given(
    st.lists(st.integers(1, N - 1), max_size=4),
    st.permutations(range(N)),
    st.sets(st.integers(0, N - 1)) | st.just(set(range(N))),
)
@hypothesis_settings(deadline=None, max_examples=20)
def test_rows_come_in_the_order_of_replications_whatever_arrives_first(
    worker: Worker,
    tmp_path_factory: pytest.TempPathFactory,
    ends: list[int],
    order: list[int],
    failed: set[int],
) -> None:
    run = worker.run
    path = tmp_path_factory.mktemp("run") / "run"
    with pytest.MonkeyPatch.context() as patch, RunFolder(path) as folder:
        patch.setattr(executor, "Workforce", lambda _: InOrder(worker, ends, order, failed))
        chunks = folder.chunks(run)
        assert execute(run, chunks) is None
        folder.write_tables(worker, chunks)
        summary = Summary.of(chunks.parts(worker.layout, N, SUMMARY))
        manifest = describe(run, summary, started="", seconds=0.0, workers=1, interrupted=False)
        folder.write_manifest(manifest)
    expected = some(worker, [number for number in range(N) if number not in failed])
    tables = Tables(run.scenario.name, worker.layout, expected, run.plan.start, 1)
    for name in NAMES:
        found = pd.read_parquet(path / f"{name}.parquet")
        pd.testing.assert_frame_equal(found, frame_of(tables, name), check_categorical=False)
    assert (summary.finished, summary.failed) == (N - len(failed), len(failed))
    assert summary.result_hash == expected.result_hash
    assert summary.events == expected.events.sum()
    assert summary.first_error == (f"ValueError: {min(failed)}" if failed else "")
    assert (path / "failures.csv").exists() == bool(failed)
    if failed:
        listed = pd.read_csv(path / "failures.csv", encoding="utf-8-sig")
        assert listed["replication"].tolist() == sorted(failed)
    assert not (path / CHUNKS).exists()


# ------------------------------------------------------------------------- what a killed run leaves


def test_chunks_of_a_killed_run_go_and_what_is_not_ours_stays(
    worker: Worker, directory: Path
) -> None:
    with RunFolder(directory) as folder:
        folder.chunks(worker.run).write(0, 2, some(worker, [0, 1]))
    (directory / CHUNKS / ".00000002-00000004-0123456789abcdef.parquet.part").write_bytes(b"half")
    (directory / CHUNKS / "diary.txt").write_text("mine", encoding="utf-8")
    with RunFolder(directory) as folder:
        assert folder.chunks(worker.run).ranges() == []
    assert os.listdir(directory / CHUNKS) == ["diary.txt"]


def test_chunks_are_not_written_through_a_link(worker: Worker, directory: Path) -> None:
    elsewhere = directory / "elsewhere"
    elsewhere.mkdir(parents=True)
    (directory / "run").mkdir()
    (directory / "run" / CHUNKS).symlink_to(elsewhere)
    with RunFolder(directory / "run") as folder:
        folder.chunks(worker.run).write(0, 1, some(worker, [0]))
    assert not any(elsewhere.iterdir())


def test_a_trace_is_written_for_a_replication_that_has_finished(
    worker: Worker, directory: Path
) -> None:
    """And for no other: an interrupted run may not have come to it, or it has failed."""
    own = Worker(settings(worker.run, trace=1))
    for last, failed, traced in ((2, set(), True), (1, set(), False), (2, {1}, False)):
        path = directory / f"{last}-{len(failed)}"
        with RunFolder(path) as folder:
            numbers = [number for number in range(last) if number not in failed]
            results = replace(some(own, numbers), failures=[failure(n) for n in sorted(failed)])
            folder.chunks(own.run).write(0, last, results)
            folder.write_tables(own, folder.chunks(own.run))
        assert (path / "events.csv").exists() == traced
    log = own.replicate(1, trace=True).log
    assert len(pd.read_csv(directory / "2-0" / "events.csv")) == len(log or ()) > 0


def test_replications_are_pure_with_and_without_a_trace(worker: Worker) -> None:
    one, other = worker.replicate(1), worker.replicate(1, trace=True)
    assert one.log is None
    assert np.array_equal(one.values, other.values)
    assert one.ledger.rows() == other.ledger.rows()
    assert (one.delays, one.events) == (other.delays, other.events)
