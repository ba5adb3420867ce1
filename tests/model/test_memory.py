"""A replication takes nothing along: what it built is gone when it is over.

Workers tell the garbage collector to come by rarely, so a cycle that is left behind grows a worker
by megabytes a minute.
"""

from __future__ import annotations

import gc
from collections import Counter

import pytest

from sim.config.schema import Run
from sim.study.worker import Worker
from tests.factory import settings


def of_the_model() -> Counter[str]:
    return Counter(
        type(thing).__qualname__
        for thing in gc.get_objects()
        if str(type(thing).__module__).startswith("sim.model")
    )


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"budget.public_total": 0},
        {"budget.queue": "backfill"},
        {"shocks": [{"kind": "closure", "start": "2019-06-01", "end": "2020-12-31", "size": 1.0}]},
        {"record": "full", "trace": 1},
    ],
    ids=["baseline", "without money", "backfill", "closed at the end", "everything recorded"],
)
def test_nothing_of_a_replication_waits_for_the_garbage_collector(
    real_run: Run, changes: dict[str, object]
) -> None:
    worker = Worker(settings(real_run, changes))
    worker.replicate(0)
    gc.collect()
    gc.disable()
    try:
        before = of_the_model()
        worker.replicate(1)
        left = of_the_model() - before
    finally:
        gc.enable()
    assert not left
