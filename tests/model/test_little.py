"""Little's identity on every queue of the real plan, over the finite horizon.

The time integral of the number of projects in a stage is the sum of the days that projects spend
there. The left side is counted day by day from the event log, the right side is the delay ledger.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

import numpy as np
import pytest

from sim.config.schema import Run
from sim.model.record import Outcome
from sim.plan.plan import Draw
from sim.study.worker import Worker
from tests.eventlog import HORIZON, Story, spells, stories
from tests.factory import fixed, history, settings

STAGES = ("review", "money", "crew", "building", "staff", "calendar")


@dataclass(frozen=True)
class Traced:
    """One traced replication, and what it drew."""

    run: Run
    replication: int
    outcome: Outcome
    told: dict[str, Story]

    @property
    def drawn(self) -> Draw:
        return Worker(self.run).draw(self.replication)


@pytest.fixture(scope="module", params=[0, 1, 2])
def traced(real_run: Run, request: pytest.FixtureRequest) -> Traced:
    # Scarce panels, crews and people, so that every queue has something to say.
    run = settings(real_run, {
        "parameters.review_panels.low": 1, "parameters.review_panels.mode": 2,
        "parameters.crews_core": fixed(2),
        "parameters.crews_northeast.low": 1, "parameters.crews_northeast.mode": 3,
        "parameters.free_trained_share": fixed(0.01),
        "parameters.part_time_free_share": fixed(0.02),
    })  # fmt: skip
    outcome = history(run, request.param)
    return Traced(run, request.param, outcome, stories(outcome.log))


def number_in_stage(run: Run, told: dict[str, Story]) -> dict[str, np.ndarray]:
    """Projects in each stage at the end of every day, counted from arrivals and departures."""
    changes = {stage: np.zeros(HORIZON + 1, dtype=int) for stage in STAGES}
    for story in told.values():
        for stage, begin, end in spells(run, story):
            changes[stage][begin] += 1
            changes[stage][end] -= 1
    return {stage: np.cumsum(steps) for stage, steps in changes.items()}


@pytest.mark.parametrize("stage", STAGES)
def test_the_integral_of_the_number_is_the_sum_of_the_days(traced: Traced, stage: str) -> None:
    number = number_in_stage(traced.run, traced.told)[stage]
    days = sum(n for _, _, s, n, *_ in traced.outcome.delays if s == stage)
    assert number.min() >= 0
    # The last day ends the interval: who stands there on it has been counted up to it.
    assert int(number[:HORIZON].sum()) == days
    assert days > 0 or stage == "calendar"


def test_little_law_in_its_usual_form(traced: Traced) -> None:
    """L = lambda W in the money queue: mean number = arrival rate x mean wait, by programme."""
    visits: dict[str, list[int]] = defaultdict(list)
    for story in traced.told.values():
        for stage, begin, end in spells(traced.run, story):
            if stage == "money":
                visits[story.programme].append(end - begin)
    booked: Counter[str] = Counter()
    for _, programme, stage, days, *_ in traced.outcome.delays:
        booked[programme] += days if stage == "money" else 0
    assert visits
    for programme, waits in visits.items():
        mean_number = booked[programme] / HORIZON
        assert np.isclose(mean_number, len(waits) / HORIZON * np.mean(waits), rtol=1e-12)


def test_crews_at_work_never_exceed_the_crews_of_the_zone(traced: Traced) -> None:
    run, worker = traced.run, Worker(traced.run)
    zone_of = {str(d.adcode): d.zone for d in worker.plan.districts}
    busy = {zone: np.zeros(HORIZON + 1, dtype=int) for zone in run.plan.zones}
    for story in traced.told.values():
        if "crew" in run.plan.programmes[story.programme].needs:
            for stage, begin, end in spells(run, story):
                if stage == "building":
                    busy[zone_of[story.place]][begin] += 1
                    busy[zone_of[story.place]][end] -= 1
    assert "core" in run.plan.zones
    for zone, spec in run.plan.zones.items():
        crews = int(traced.drawn[spec.crews])
        most = int(np.cumsum(busy[zone]).max())
        assert most <= crews
        if zone == "core":
            assert most == crews  # scarce, so all of them are at work at some time


def test_panels_never_have_more_files_than_there_are_panels(traced: Traced) -> None:
    """A file that lapses while a panel has it is taken to leave that day, at the latest."""
    desks = np.zeros(HORIZON + 1, dtype=int)
    for story in traced.told.values():
        for begin, end in story.desks():
            desks[begin] += 1
            desks[end] -= 1
    panels = int(traced.drawn["review_panels"])
    assert np.cumsum(desks).max() == panels  # scarce, so all of them have a file at some time
