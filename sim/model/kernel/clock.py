"""The clock: SimPy's, with an order of things within one day.

A planning calendar makes many things fall on one day, so the order within a day is part of the
model: the phases of :class:`Phase`, in their numerical order. Something that happens in one phase
and has a consequence for an earlier phase of the same day starts another pass; accounting and the
report of what it found come once, last.

This is the only module that reaches into SimPy's private names.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from enum import IntEnum
from heapq import heappop, heappush
from typing import TypeVar

import simpy
from simpy.core import SimTime
from simpy.events import Event

Process = Generator[Event, None, None]
"""What lets something live: a generator of the events that it waits for."""


class Phase(IntEnum):
    """Phases of one day. SimPy starts new processes before all of them (its priority 0).

    Claims have no phase of their own: they are made in whatever phase a project reaches a queue,
    and collected until the grants phase. People are appointed after all money of the day is
    granted, so a project that was paid at once and one that had to queue meet in the same line.
    Steps of governance come first, because money, planning and naming depend on them; activities
    come after all claims, because they live on what nobody has a claim to.
    """

    GOVERNANCE = 1
    RELEASE = 2
    STAFF = 3
    ASSESSMENT = 4
    PLANNING = 5
    COMPLETIONS = 6
    GRANTS = 7
    APPOINTMENTS = 8
    ACTIVITIES = 9
    ACCOUNTING = 10
    REPORT = 11


# Looking a member up in its class is slow before Python 3.12.
COMPLETIONS = Phase.COMPLETIONS


class Moment(Event):
    """An event that is certain to happen; what is the same for all of them stands in the class.

    Made by :func:`new_moment` or the clock: an initialiser in Python would take longer than all
    the rest of a moment, of which there are thousands.
    """

    callbacks: list[Callable[[Event], None]]
    _ok = True
    _value = None
    __init__ = object.__init__  # not SimPy's


AnyMoment = TypeVar("AnyMoment", bound=Moment)


def new_moment(made: type[AnyMoment]) -> AnyMoment:
    """A moment of the class ``made`` that nobody waits for yet."""
    moment: AnyMoment = made()
    moment.callbacks = []
    return moment


def happen(moments: Iterable[Moment]) -> None:
    """Let moments happen now: whoever waits goes on at once, without a detour through the clock."""
    for moment in moments:
        callbacks = moment.callbacks
        moment.callbacks = None  # type: ignore[assignment]  # as SimPy does
        for callback in callbacks:
            callback(moment)


class Activity:
    """A process that nobody waits for or interrupts: a generator that SimPy events resume.

    It starts at once and ends silently. SimPy's own Process schedules an event to start and another
    one to end, and keeps books for interrupts; thousands of projects need none of that.
    """

    __slots__ = ("_send",)

    _send: Callable[[None], Event]

    def resume(self, _: Event | None) -> None:
        """Go on to the next event that has not happened yet."""
        try:
            callbacks = self._send(None).callbacks
            while callbacks is None:  # happened already
                callbacks = self._send(None).callbacks
        except StopIteration:
            return
        callbacks.append(self.resume)


def begin(generator: Process) -> None:
    """Let an activity live; a function, because an initialiser would take as long as its start."""
    activity = Activity()
    activity._send = generator.send
    activity.resume(None)


class Clock(simpy.Environment):
    """A SimPy environment whose events carry a phase of the day.

    Attributes:
        today: the present day number, while days pass in whole ones (``run_through``).
    """

    def __init__(self) -> None:
        super().__init__()
        self.today = 0
        self._completions: dict[int, Event] = {}

    def run_through(self, day: int) -> int:
        """Let time pass to the end of ``day``; return the number of events processed."""
        queue = self._queue
        processed = 0
        while queue and queue[0][0] <= day:
            # What Environment.step does; a call less for each of ten thousand events.
            now, _, _, event = heappop(queue)
            self._now = self.today = now  # type: ignore[assignment]  # whole days
            callbacks = event.callbacks
            event.callbacks = None  # type: ignore[assignment]  # as SimPy does
            for callback in callbacks:
                callback(event)
            if not event._ok and not event.defused:
                raise event._value
            processed += 1
        return processed

    def at(self, day: SimTime, phase: Phase) -> Event:
        """An event on ``day`` (not before today) in ``phase``."""
        event: Moment = Moment()
        event.callbacks = []
        # What Environment.schedule does.
        heappush(self._queue, (day, phase, next(self._eid), event))  # type: ignore[misc]
        return event

    def after(self, days: SimTime, phase: Phase) -> Event:
        """An event ``days`` from now in ``phase``."""
        return self.at(self._now + days, phase)

    def completions(self, day: int) -> Event:
        """The completions of ``day``: one event for everybody whose work is done on that day."""
        event = self._completions.get(day)
        if event is None or event.callbacks is None:  # a pass of today is over: another one
            event = self._completions[day] = self.at(day, COMPLETIONS)
        return event

    def dissolve(self) -> None:
        """Forget everything that was still to come."""
        self._queue.clear()
        self._completions.clear()
