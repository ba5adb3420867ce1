"""Executors: the same replications, one after the other, on all cores, or on a cluster.

Every replication is a pure function of its run and its number, so the backends differ in speed
alone. Chunks are cut to the cost measured so far and arrive in any order; what was finished before
an interruption is kept.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import logging
import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from itertools import chain
from multiprocessing import active_children
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from typing import Any, NamedTuple

from sim.command.interruption import Ended, Stopped, ended_early
from sim.config.errors import ConfigError
from sim.config.schema import Run
from sim.study import worker
from sim.study.chunk_folder import ChunkFolder
from sim.study.files import reason_of
from sim.study.identity import environment
from sim.study.pool import Died, Pool, started_apart

CHUNK_SECONDS = 3.0
"""Seconds of work that a chunk should take: long against its overhead, short to lose."""

_FIRST_CHUNK = 2  # replications of a chunk while nothing is known about their cost
_SERIAL_BELOW = 8  # starting processes costs more than so few replications
_IN_FLIGHT = 2  # chunks per worker that are handed out at a time
_PATIENCE = "15s"  # with a scheduler that does not answer
_LOOPBACK = "127.0.0.1"
_CANCELLED = (asyncio.CancelledError, concurrent.futures.CancelledError)
_DASK_LOG = logging.getLogger("distributed")
_CLIENT_LOG = logging.getLogger("distributed.client")
_RESTARTS = 3  # of each worker without any chunk coming back in between


class Chunk(NamedTuple):
    """Replications ``first`` to ``last`` (exclusive) of the run at position ``point``."""

    point: int
    first: int
    last: int


@dataclass(frozen=True)
class Done:
    """A finished chunk, its bytes, and the seconds that its worker spent on it."""

    chunk: Chunk
    content: bytes
    seconds: float


class Backlog:
    """Replications still to be simulated, handed out in chunks of about equal cost.

    Args:
        left: ranges of replications by position of the run.
        workers: among whom they are shared out: towards the end chunks become smaller, so that
            nobody waits long for the last one.
    """

    def __init__(self, left: Mapping[int, Sequence[range]], workers: int) -> None:
        self._left = deque(
            Chunk(point, part.start, part.stop)
            for point, parts in left.items()
            for part in parts
            if len(part)
        )
        self.workers = workers
        self.replications = sum(chunk.last - chunk.first for chunk in self._left)
        self._seconds: dict[int, list[float]] = {}

    def take(self) -> Chunk | None:
        """The next chunk; None if all is handed out."""
        if not self._left:
            return None
        point, first, last = self._left.popleft()
        size = min(last - first, self._size(point))
        if first + size < last:
            self._left.appendleft(Chunk(point, first + size, last))
        self.replications -= size
        return Chunk(point, first, first + size)

    def put_back(self, chunk: Chunk) -> None:
        """A chunk did not come home: hand it out again."""
        self._left.appendleft(chunk)
        self.replications += chunk.last - chunk.first

    def learn(self, done: Done) -> None:
        """Remember what the replications of a run cost."""
        known = self._seconds.setdefault(done.chunk.point, [0.0, 0.0])
        known[0] += done.seconds
        known[1] += done.chunk.last - done.chunk.first

    def _size(self, point: int) -> int:
        known = self._seconds.get(point) or next(iter(self._seconds.values()), None)
        if known is None:
            return _FIRST_CHUNK
        fair = self.replications // (_IN_FLIGHT * self.workers)
        return max(1, min(int(CHUNK_SECONDS * known[1] / max(known[0], 1e-9)), fair))


def core_count() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def worker_count(run: Run, replications: int) -> int:
    """Workers that ``replications`` of ``run`` are worth: 1 (serial) where that is cheaper."""
    workers = run.workers or core_count()
    if run.backend == "serial" or (run.backend == "processes" and replications < _SERIAL_BELOW):
        return 1
    return workers


def fill(
    workforce: Workforce,
    runs: Sequence[Run],
    folders: Sequence[ChunkFolder],
    left: Mapping[int, Sequence[range]],
    *,
    begin: Callable[[], None] = lambda: None,
    progress: Callable[[int], None] = lambda _: None,
) -> None:
    """Simulate what is left of several runs; keep every chunk in its folder as it comes home.

    Nothing of what comes home stays in memory.

    Args:
        workforce: those who simulate.
        runs: the runs; ``folders``: where the chunks of each are kept.
        left: ranges of replications by position in ``runs``.
        begin: called before anything is kept, once the first chunk is home: only then is it sure
            that there will be something to keep. If nothing is left, it is called at once.
        progress: told how many replications have just been kept.

    Raises:
        OSError: the disk is full or a folder cannot be written; what was kept stays.
        ConfigError, RuntimeError: as :meth:`Workforce.simulate` does.
    """
    work = workforce.simulate(runs, left) if any(left.values()) else iter(())
    first = next(work, None)
    begin()
    for done in work if first is None else chain([first], work):
        chunk = done.chunk
        folders[chunk.point].keep(chunk.first, chunk.last, done.content)
        progress(chunk.last - chunk.first)


def execute(
    run: Run,
    folder: ChunkFolder,
    progress: Callable[[int], None] = lambda _: None,
    interruptible: AbstractContextManager[object] | None = None,
) -> Ended | None:
    """See to it that all replications of ``run`` are in ``folder``.

    Those that its shelf of the store has are copied, the others simulated. Ctrl-C stops the work,
    and what was finished is kept; so does a second one that comes before the workers are gone, and
    so do the loss of the scheduler, a lack of memory or a full disk.

    Args:
        interruptible: entered for as long as an interruption shall strike.

    Returns:
        what ended it before its time; None if nothing did.

    Raises:
        ConfigError: as :func:`fill` does.
    """
    with ended_early() as end, interruptible or nullcontext(), Workforce(run) as workforce:
        progress(folder.fetch(run.replications))
        left = {0: folder.missing(run.replications)}
        fill(workforce, [run], [folder], left, progress=progress)
    return end.by


class Workforce:
    """Those who simulate: this process, a pool of processes, or a cluster; kept warm between calls.

    Args:
        execution: a run whose ``backend``, ``workers`` and ``scheduler`` say how work is done.
    """

    def __init__(self, execution: Run) -> None:
        self._execution = execution
        self._pool: Pool[Chunk] | None = None
        self._cluster: Any = None
        self._client: Any = None
        self._cluster_processes: Sequence[BaseProcess] = ()
        self._log_levels: dict[logging.Logger, int] = {}
        self._deserted = False  # by whoever did not wait for what the cluster is at

    def __enter__(self) -> Workforce:
        return self

    def __exit__(self, *_: object) -> None:
        self._dismiss()
        if self._deserted:
            _DASK_LOG.setLevel(logging.CRITICAL)  # the end of its workers is no news
            for process in self._cluster_processes:  # which would finish first what they are at
                process.kill()
        if self._client is not None:
            self._client.close()
        if self._cluster is not None:
            self._cluster.close()
        for log, level in self._log_levels.items():
            log.setLevel(level)

    def simulate(self, runs: Sequence[Run], left: Mapping[int, Sequence[range]]) -> Iterator[Done]:
        """Simulate replications of several runs; chunks come home in any order.

        Args:
            runs: the runs.
            left: ranges of replications by position in ``runs``.

        Raises:
            ConfigError: the backend needs a package that is missing, or its scheduler is away.
            Stopped: worker processes die again and again, the scheduler is lost, or there is a lack
                of memory or of something else that the system has to give.
        """
        try:
            yield from self._chunks(runs, left)
        except MemoryError as error:
            raise Stopped("memory") from error
        except OSError as error:
            raise Stopped("refused", reason=reason_of(error)) from error

    def _chunks(self, runs: Sequence[Run], left: Mapping[int, Sequence[range]]) -> Iterator[Done]:
        replications = sum(len(part) for parts in left.values() for part in parts)
        workers = worker_count(self._execution, replications)
        backlog = Backlog(left, workers)
        if self._execution.backend == "dask":
            return self._dask(runs, backlog, environment())
        if workers == 1:
            return self._serial(runs, backlog)
        return self._processes(runs, backlog, workers)

    def _serial(self, runs: Sequence[Run], backlog: Backlog) -> Iterator[Done]:
        while (chunk := backlog.take()) is not None:
            done = Done(chunk, *worker.work(runs[chunk.point], chunk.first, chunk.last))
            backlog.learn(done)
            yield done

    def _processes(self, runs: Sequence[Run], backlog: Backlog, workers: int) -> Iterator[Done]:
        """Chunks from a pool of processes; one that dies costs its chunks, which are run again."""
        if self._pool is None:
            worker.spare_the_collector()  # of this process: what comes home holds no cycles either
            self._pool = Pool(workers)
        pool, deaths = self._pool, 0
        try:
            while True:
                try:
                    self._hand_out(runs, backlog, pool)
                    busy = [member for member in pool.members if member.orders]
                    if not busy:
                        return
                    ready = wait([member.connection for member in busy])
                    for member in busy:
                        if member.connection not in ready:
                            continue
                        done = Done(*member.answer())
                        deaths = 0
                        backlog.learn(done)
                        yield done
                except Died as death:
                    deaths += 1
                    for chunk in reversed(death.member.orders):
                        backlog.put_back(chunk)
                    pool.replace(death.member)
                    if deaths > _RESTARTS * workers:
                        flying = [chunk for member in pool.members for chunk in member.orders]
                        lost = backlog.replications + sum(c.last - c.first for c in flying)
                        raise Stopped("workers", deaths=deaths, lost=lost) from death
        finally:
            if any(member.orders for member in pool.members):
                self._dismiss()  # else what is under way would come home to whoever asks next

    def _hand_out(self, runs: Sequence[Run], backlog: Backlog, pool: Pool[Chunk]) -> None:
        for waiting in range(_IN_FLIGHT):
            for member in pool.members:
                if len(member.orders) <= waiting and (chunk := backlog.take()) is not None:
                    member.ask(chunk, runs[chunk.point], chunk.first, chunk.last)

    def _dismiss(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.dismiss()

    def _dask(
        self, runs: Sequence[Run], backlog: Backlog, own: Mapping[str, object]
    ) -> Iterator[Done]:
        """Chunks from a cluster, through dask.distributed: a scheduler's, or one made for this.

        Workers may come and go: the scheduler hands the work of one that died to another.
        """
        client = self._connected()
        from distributed import KilledWorker, as_completed

        flying: dict[Any, Chunk] = {}
        arriving = as_completed()  # type: ignore[no-untyped-call]

        def hand_out() -> None:
            backlog.workers = max(1, sum(client.nthreads().values()))
            at_once = _IN_FLIGHT * backlog.workers
            while len(flying) < at_once and (chunk := backlog.take()) is not None:
                future = client.submit(
                    worker.work_there, own, runs[chunk.point], chunk.first, chunk.last, pure=False
                )
                flying[future] = chunk
                arriving.add(future)  # type: ignore[no-untyped-call]

        try:
            hand_out()
            for future in arriving:
                done = Done(flying[future], *future.result())
                del flying[future]
                backlog.learn(done)
                hand_out()
                yield done
        except KilledWorker as error:
            self._deserted = True
            lost = backlog.replications + sum(c.last - c.first for c in flying.values())
            raise Stopped("workers", deaths=error.allowed_failures + 1, lost=lost) from error
        except BaseException as error:
            self._deserted = True
            # What was under way is cancelled, by nobody here, when the client has lost the
            # scheduler; whatever else is asked of it fails then in one way or another.
            if isinstance(error, _CANCELLED) or (
                isinstance(error, OSError) and client.status != "running"
            ):
                address = self._execution.scheduler
                raise Stopped("scheduler", address=address) from error
            raise

    def _connected(self) -> Any:
        if self._client is not None:
            return self._client
        try:
            from distributed import Client, LocalCluster
        except ImportError as error:
            raise ConfigError("study.no_dask", key="backend", value="dask") from error
        self._log_levels = {log: log.level for log in (_DASK_LOG, _CLIENT_LOG)}
        _CLIENT_LOG.setLevel(logging.CRITICAL)  # what it has lost is told once, in our words
        address = self._execution.scheduler
        if address is None:
            others = active_children()
            with started_apart():
                self._cluster = LocalCluster(  # type: ignore[no-untyped-call]
                    n_workers=self._execution.workers or core_count(),
                    threads_per_worker=1,
                    processes=True,
                    # Whoever reaches one of its ports can run code here: this machine alone. The
                    # port of the dashboard is a free one, since the usual one may be taken.
                    host=_LOOPBACK,
                    dashboard_address=f"{_LOOPBACK}:0",
                    silence_logs=logging.CRITICAL,  # what ends it is told once, in our words
                )
            self._cluster_processes = [each for each in active_children() if each not in others]
        try:
            self._client = Client(  # type: ignore[no-untyped-call]
                self._cluster or address, timeout=_PATIENCE
            )
        except (OSError, ValueError, TypeError, RuntimeError) as error:  # the last two: of TLS
            reason = reason_of(error)
            raise ConfigError(
                "study.no_scheduler", key="scheduler", value=address, reason=reason
            ) from error
        return self._client
