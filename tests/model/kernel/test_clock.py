"""The clock against SimPy's own: the same events in the same order, by day and by phase."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
import simpy
from hypothesis import given
from hypothesis import strategies as st
from simpy.core import SimTime
from simpy.events import Event, Timeout

from sim.model.kernel.clock import Clock, Moment, Phase, Process, begin, happen, new_moment

PLANS = st.lists(
    st.lists(st.tuples(st.integers(0, 5), st.sampled_from(Phase)), max_size=6), max_size=8
)
"""For every process the (days to wait, phase) of what it waits for, one after the other."""

Waits = list[tuple[int, Phase]]
Diary = list[tuple[SimTime, int, int]]


class Plain(simpy.Environment):
    """SimPy's environment, with events that carry a priority and no shortcut at all."""

    def after(self, days: int, phase: Phase) -> Event:
        event = Event(self)
        event._ok, event._value = True, None
        self.schedule(event, priority=phase, delay=days)  # type: ignore[arg-type]
        return event


def process(
    clock: Clock | Plain, number: int, waits: list[tuple[int, Phase]], diary: Diary
) -> Process:
    for step, (days, phase) in enumerate(waits):
        yield clock.after(days, phase)
        diary.append((clock.now, number, step))


@given(plans=PLANS, horizon=st.integers(0, 20))
def test_processes_live_as_in_a_plain_environment(plans: list[Waits], horizon: int) -> None:
    diaries: list[Diary] = []
    for clock in (Clock(), Plain()):
        diary: Diary = []
        for number, waits in enumerate(plans):
            clock.process(process(clock, number, waits, diary))
        if isinstance(clock, Clock):
            clock.run_through(horizon)
        else:
            clock.run(until=Timeout(clock, horizon + 0.5))
        diaries.append(diary)
    assert diaries[0] == diaries[1]


@given(plans=PLANS)
def test_an_activity_lives_like_a_process(plans: list[Waits]) -> None:
    """An activity starts at once, where a process waits for an event of its own."""
    diaries: list[Diary] = []
    for is_activity in (True, False):
        clock = Clock()
        diary: Diary = []
        for number, waits in enumerate(plans):
            life = process(clock, number, waits, diary)
            if is_activity:
                begin(life)
            else:
                clock.process(life)
        clock.run_through(100)
        diaries.append(diary)
    assert diaries[0] == diaries[1]


def test_completions_of_a_day_are_one_event() -> None:
    clock = Clock()
    assert clock.completions(3) is clock.completions(3)
    assert clock.completions(3) is not clock.completions(4)
    assert clock.run_through(3) == 1
    assert clock.completions(3) is not None, "another pass of the same day"
    assert clock.run_through(3) == 1


def test_what_happens_now_is_over_at_once() -> None:
    told: list[Event] = []
    event: Moment = new_moment(Moment)
    event.callbacks.append(told.append)
    happen([event])
    assert told == [event]
    with pytest.raises(TypeError):
        happen([event])


def test_a_day_has_its_order(seed: int) -> None:
    """Governance decides before money comes; people and titles are counted before planners look at
    them; what is finished is paid before what is new, people are appointed once all money is
    granted, activities live on what is left, and books are closed before they are reported."""
    told: list[str] = []

    def tell(name: str) -> Callable[[Event], None]:
        return lambda _: told.append(name)

    clock = Clock()
    names = [phase.name for phase in Phase]
    Random(seed).shuffle(names)
    for name in (*names, *reversed(names)):
        clock.at(3, Phase[name]).callbacks.append(tell(name))
    assert clock.run_through(3) == 22
    assert told[::2] == told[1::2] == [
        "GOVERNANCE", "RELEASE", "STAFF", "ASSESSMENT", "PLANNING", "COMPLETIONS", "GRANTS",
        "APPOINTMENTS", "ACTIVITIES", "ACCOUNTING", "REPORT",
    ]  # fmt: skip
