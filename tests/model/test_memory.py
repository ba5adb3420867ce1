"""A replication takes nothing along: what it built is gone when it is over.

Workers tell the garbage collector to come by rarely, so a cycle that is left behind grows a worker
by megabytes a minute.
"""

from __future__ import annotations

import gc
from collections import Counter
from pathlib import Path

import pytest

from sim.config.schema import Run
from sim.study.worker import Worker
from tests.factory import Json, fixed, micro_run, settings


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
    assert not left_behind(settings(real_run, changes))


@pytest.mark.parametrize("hall", [{}, {"needs": ["review"]}, {"needs": ["crew"]},
                                  {"needs": ["staff"], "full_time_posts": 1}])  # fmt: skip
def test_nothing_of_a_small_city_waits_for_it_either(directory: Path, hall: Json) -> None:
    """Halls that wait for money, for a panel, for a crew and for people to the end."""
    run = micro_run(
        directory,
        {"hall": {"goal": 9, "unit_cost": 9_000_000, "build_months": 20, **hall}},
        parameters={"review_service_days": fixed(400, "project")},
        planning={"overcommitment": 100.0},
    )
    assert not left_behind(run)


def left_behind(run: Run) -> Counter[str]:
    """Things of the model that a replication leaves to the collector."""
    worker = Worker(run)
    worker.replicate(0)
    gc.collect()
    gc.disable()
    try:
        before = of_the_model()
        worker.replicate(1)
        return of_the_model() - before
    finally:
        gc.enable()
