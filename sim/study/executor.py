"""Executors: the same replications, one after the other, on all cores, or on a cluster.

Every replication is a pure function of the run and its number, so the backends differ in speed
alone. Chunks arrive in any order; what was finished before an interruption is kept.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context

from sim.config.errors import ConfigError
from sim.config.schema import Run
from sim.study import worker
from sim.study.tables import Results
from sim.study.worker import Worker

Chunk = tuple[int, int]
Source = Callable[[Worker, list[Chunk], int], Iterator[Results]]

_LARGEST_CHUNK = 25
_CHUNKS_PER_WORKER = 8
_SERIAL_BELOW = 8  # starting processes costs more than so few replications
_RESTARTS = 3


@dataclass(frozen=True)
class Execution:
    """What an executor brought home."""

    results: Results
    interrupted: bool
    workers: int


def core_count() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def execute(run: Run, progress: Callable[[int], None] = lambda _: None) -> Execution:
    """Simulate all replications of ``run``; call ``progress`` with the number just finished.

    Ctrl-C stops the work and returns what was finished (``interrupted``).

    Raises:
        ConfigError: the backend needs a package that is not installed.
    """
    workers = run.workers or core_count()
    serial = run.backend == "serial" or workers == 1
    if run.backend == "processes" and run.replications < _SERIAL_BELOW:
        serial = True
    source: Source = _dask if run.backend == "dask" else _processes
    if serial:
        source, workers = _serial, 1
    chunks = _chunks(run.replications, workers)
    own = Worker(run)
    parts: list[Results] = []
    interrupted = False
    try:
        for part in source(own, chunks, workers):
            parts.append(part)
            progress(len(part.replications) + len(part.failures))
    except KeyboardInterrupt:
        interrupted = True
    return Execution(Results.join(own.layout, parts), interrupted, workers)


def _chunks(replications: int, workers: int) -> list[Chunk]:
    size = max(1, min(_LARGEST_CHUNK, -(-replications // (workers * _CHUNKS_PER_WORKER))))
    return [(i, min(i + size, replications)) for i in range(0, replications, size)]


def _serial(own: Worker, chunks: list[Chunk], workers: int) -> Iterator[Results]:
    worker.spare_the_collector()
    for first, last in chunks:
        yield own.chunk(range(first, last))


def _processes(own: Worker, chunks: list[Chunk], workers: int) -> Iterator[Results]:
    """Chunks from a pool of processes; one that dies costs its chunk, which is run again."""
    left = set(chunks)
    for _ in range(_RESTARTS):
        pool = ProcessPoolExecutor(
            min(workers, len(left)),
            mp_context=get_context("spawn"),
            initializer=worker.start,
            initargs=(own.run,),
        )
        futures: dict[Future[Results], Chunk] = {
            pool.submit(worker.work, *chunk): chunk for chunk in sorted(left)
        }
        waiting = set(futures)
        try:
            while waiting:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for future in done:
                    result = future.result()
                    left.discard(futures[future])
                    yield result
            return
        except BrokenProcessPool:
            continue
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
    raise RuntimeError(
        f"worker processes died {_RESTARTS} times; "
        f"{len(left)} of {len(chunks)} chunks could not be finished"
    )


def _dask(own: Worker, chunks: list[Chunk], workers: int) -> Iterator[Results]:
    """Chunks from a cluster of worker processes on this machine, through dask.distributed."""
    try:
        from distributed import Client, LocalCluster, as_completed
    except ImportError as error:
        raise ConfigError(
            "backend dask needs the package distributed; install kepusim[cluster]",
            key="backend",
            value="dask",
            allowed="serial, processes, or dask with the extra installed",
        ) from error
    with (
        LocalCluster(  # type: ignore[no-untyped-call]
            n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster,
        Client(cluster) as client,  # type: ignore[no-untyped-call]
    ):
        run = client.scatter(own.run, broadcast=True)
        futures = [client.submit(_chunk_of, run, first, last) for first, last in chunks]
        for future in as_completed(futures):  # type: ignore[no-untyped-call]
            yield future.result()


def _chunk_of(run: Run, first: int, last: int) -> Results:
    return Worker(run).chunk(range(first, last))
