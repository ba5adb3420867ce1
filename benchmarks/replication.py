"""What one replication costs, draws included: of the whole plan, and of facilities and staff alone.

Both are compared with a bare SimPy clock that runs between the replications, so that a busy or a
slow machine slows both alike.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Mapping

from benchmarks.clock import clock_seconds
from sim.config.schema import Plan, Run
from sim.study.worker import Worker, spare_the_collector

Row = tuple[str, str, str, bool | None]

REPLICATIONS = 40

_PART = frozenset({"facilities", "staff"})
_WHOLE_GOAL = (90, 81_000)
"""Milliseconds, and events of a bare clock, that a replication of the whole plan may cost."""
_PART_GOAL = (60, 54_000)
"""The same for facilities and staff alone."""


def rows(baseline: Run, events: Mapping[str, int]) -> list[Row]:
    """Median cost of a replication of either model, and its events, which are to be ``events``."""
    part = facilities_and_staff(baseline)
    return [
        *_rows("the whole plan", baseline, _WHOLE_GOAL, events["events"]),
        *_rows("facilities and staff alone", part, _PART_GOAL, events["part_events"]),
    ]


def facilities_and_staff(run: Run) -> Run:
    """The run with nothing simulated but what districts build, who works there, and the money.

    Programmes and targets of other groups stay away, and so does every optional section of the
    plan: a target that a section measures is listed, but not simulated.
    """
    plan = run.plan
    sections = [name for name, field in Plan.model_fields.items() if not field.is_required()]
    targets = {
        name: target
        if target.group in _PART and getattr(target.measured_by, "type", "") not in sections
        else target.model_copy(update={"measured_by": None})
        for name, target in plan.targets.items()
    }
    programmes = {n: p for n, p in plan.programmes.items() if p.group in _PART}
    absent = dict.fromkeys(sections)
    part = plan.model_copy(update={**absent, "targets": targets, "programmes": programmes})
    return run.model_copy(update={"plan": part})


def events_of(run: Run) -> int:
    """Events of the first ``REPLICATIONS`` replications of a run."""
    worker = Worker(run)
    return sum(worker.replicate(number).events for number in range(REPLICATIONS))


def _rows(what: str, run: Run, goal: tuple[int, int], expected: int) -> list[Row]:
    milliseconds, clock_events = goal
    worker = Worker(run)
    worker.replicate(0)
    spare_the_collector()
    costs, clocks, events = [], [], 0
    for number in range(REPLICATIONS):
        started = time.perf_counter()
        outcome = worker.replicate(number)
        costs.append(time.perf_counter() - started)
        clocks.append(clock_seconds(clock_events))
        events += outcome.events
    cost = 1e3 * statistics.median(costs)
    in_events = clock_events * statistics.median(c / k for c, k in zip(costs, clocks, strict=True))
    return [
        (
            f"one replication, {what}",
            f"{cost:.1f} ms",
            f"<= {milliseconds} ms",
            cost <= milliseconds,
        ),
        (
            "  the same in events of a bare clock",
            f"{in_events:,.0f}",
            f"<= {clock_events:,}",
            in_events <= clock_events,
        ),
        (
            f"  bare clock, {clock_events:,} events",
            f"{1e3 * statistics.median(clocks):.1f} ms",
            "",
            None,
        ),
        (
            f"events of {REPLICATIONS} replications",
            f"{events:,}",
            f"= {expected:,}",
            events == expected,
        ),
    ]
