"""What a worker does: build the plan once, then simulate the replications it is given."""

from __future__ import annotations

import gc
import platform
import time
import traceback
from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np

from sim.config.errors import ConfigError
from sim.config.schema import Run
from sim.model.city import simulate
from sim.model.kernel.streams import Streams, draw_uniforms, name_key
from sim.model.record import Layout, Outcome
from sim.plan.plan import Draw, Plan, Scenario
from sim.study.chunk import ChunkId, encode
from sim.study.identity import environment, own_environment_hash, point_hash
from sim.study.tables import Failure, Results

GARBAGE_THRESHOLD = 1_000_000
"""Allocations between two looks of the garbage collector: a replication leaves no cycles behind."""


class Worker:
    """Simulates replications of one run, in this process."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.plan = Plan.of(run)
        self.scenario = Scenario.of(run)
        self.layout = Layout.of(self.plan, self.scenario, run.record)
        self.point = point_hash(run)
        self._keys = np.array([name_key(n) for n in self.plan.drawn_names], dtype=np.uint64)

    def draw(self, replication: int) -> Draw:
        """The joint parameter sample that ``replication`` uses."""
        index = replication // self.run.replications_per_draw
        return self.plan.draw(draw_uniforms(self.run.seed, index, self._keys))

    def replicate(self, replication: int, *, trace: bool = False) -> Outcome:
        """One history, with its event log if it is traced."""
        return simulate(
            self.plan,
            self.scenario,
            self.draw(replication),
            Streams(self.run.seed, replication),
            record=self.run.record,
            trace=trace,
        )

    def chunk(self, replications: Sequence[int]) -> Results:
        """Several histories; one that raises is recorded and the others go on.

        Raises:
            MemoryError, OSError: no failure of the model but of this machine, at this moment; the
                replication is not known to fail, and none is recorded.
        """
        outcomes: list[tuple[int, Outcome]] = []
        failures: list[Failure] = []
        for replication in replications:
            try:
                outcomes.append((replication, self.replicate(replication)))
            except (MemoryError, OSError):
                raise
            except Exception as error:
                text = f"{type(error).__name__}: {error}"
                failures.append(Failure(replication, text, traceback.format_exc()))
        return Results.of(self.layout, outcomes, failures)


def spare_the_collector() -> None:
    """Tell the garbage collector that what is loaded stays, and to come by less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_THRESHOLD, 50, 50)


_environment = cache(environment)
_worker: Worker | None = None  # the latest one of this process


def work(run: Run, first: int, last: int) -> tuple[bytes, float]:
    """The chunk of replications ``first`` to ``last`` (exclusive) of ``run``; also the seconds.

    It comes as bytes, because bytes cost nothing to send, to keep and to forget.
    """
    global _worker
    started = time.perf_counter()
    own = _worker
    if own is None or own.run != run:
        _worker = own = Worker(run)
        spare_the_collector()
    own_id = ChunkId(own.point, first, last, own_environment_hash())
    content = encode(own.chunk(range(first, last)), own_id)
    return content, time.perf_counter() - started


def work_there(
    expected: Mapping[str, object], run: Run, first: int, last: int
) -> tuple[bytes, float]:
    """:func:`work` on another machine, if it has the environment of the one that asks.

    Raises:
        ConfigError: it has other code, packages or another type of processor, so that its
            results would not go together with those of others.
    """
    own = _environment()
    for key, value in expected.items():
        if own[key] != value:
            raise ConfigError(
                "study.other_worker",
                key="scheduler",
                value=own[key],
                node=platform.node(),
                part=key,
                wanted=value,
            )
    return work(run, first, last)
