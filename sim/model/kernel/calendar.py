"""Days, dates, fiscal quarters, and the order of things within one day.

Time is in whole days from the start of the horizon (day 0) to its last day, inclusive. A planning
calendar makes many things fall on one day, so the order within a day is part of the model: the
phases of :class:`Phase`, in their numerical order. Something that happens in one phase and has a
consequence for an earlier phase of the same day starts another pass; accounting and the report of
what it found come once, last.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Generator
from enum import IntEnum
from functools import cached_property
from heapq import heappop, heappush

import simpy
from simpy.core import SimTime
from simpy.events import Event

from sim.config.schema import MonthDay, Plan


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


class Calendar:
    """The plan's calendar in days of the horizon."""

    def __init__(self, plan: Plan) -> None:
        self.start = plan.start
        self.horizon = (plan.end - plan.start).days
        self.first_year = plan.start.year
        self.years = list(range(plan.start.year, plan.end.year + 1))
        self._plan = plan

    def day(self, date: dt.date) -> int:
        """Day number of ``date``; negative before the horizon."""
        return (date - self.start).days

    def date(self, day: int) -> dt.date:
        """Date of day number ``day``."""
        return self.start + dt.timedelta(days=day)

    def day_of(self, year: int, when: MonthDay) -> int:
        """Day number of a recurring day in ``year``."""
        return self.day(dt.date(year, when.month, when.day))

    @cached_property
    def year_ends(self) -> list[int]:
        """Days of 31 December, one a year."""
        return [self.day(dt.date(year, 12, 31)) for year in self.years]

    @cached_property
    def quarter_ends(self) -> list[int]:
        """Last days of the quarters of the horizon."""
        starts = [dt.date(y, m, 1) for y in self.years for m in (4, 7, 10)]
        starts += [dt.date(y + 1, 1, 1) for y in self.years]
        return sorted(self.day(first) - 1 for first in starts)

    @cached_property
    def month_ends(self) -> list[tuple[int, int]]:
        """(day, month) of the last day of every month of the horizon."""
        firsts = [dt.date(y + m // 12, m % 12 + 1, 1) for y in self.years for m in range(1, 13)]
        return [(self.day(first) - 1, (first.month - 2) % 12 + 1) for first in firsts]

    @cached_property
    def releases(self) -> list[list[int]]:
        """Days of the quarterly releases, a list a year."""
        return [[self.day_of(y, q) for q in self._plan.calendar.releases] for y in self.years]

    def releases_after(self, day: int, year: int) -> list[int]:
        """Quarters of a year (by index) whose release comes after ``day``."""
        return [quarter for quarter, release in enumerate(self.releases[year]) if release > day]

    @cached_property
    def windows(self) -> list[tuple[int, int]]:
        """(day, year index) of the application windows in order."""
        days = [
            (self.day_of(year, self._plan.calendar.yearly_window), i)
            for i, year in enumerate(self.years)
        ]
        first = self._plan.calendar.first_window
        days.append((self.day(first), first.year - self.first_year))
        return sorted(set(days))

    @cached_property
    def first_window(self) -> int:
        """Day of the first window of programmes that are new in the plan."""
        return self.day(self._plan.calendar.first_window)

    def year_index(self, day: int) -> int:
        """Index of the fiscal year that ``day`` of the horizon belongs to."""
        return bisect_left(self.year_ends, day)


class Moment(Event):
    """An event that is certain to happen; what is the same for all of them stands in the class."""

    _ok = True
    _value = None

    def __init__(self, env: simpy.Environment) -> None:
        self.env = env
        self.callbacks = []


class Activity:
    """A process that nobody waits for or interrupts: a generator that SimPy events resume.

    It starts at once and ends silently. SimPy's own Process schedules an event to start and another
    one to end, and keeps books for interrupts; thousands of projects need none of that.
    """

    __slots__ = ("_send",)

    def __init__(self, generator: Generator[Event, None, None]) -> None:
        self._send = generator.send
        self.resume(None)

    def resume(self, _: Event | None) -> None:
        """Go on to the next event that has not happened yet."""
        try:
            event = self._send(None)
            while event.callbacks is None:  # happened already
                event = self._send(None)
        except StopIteration:
            return
        event.callbacks.append(self.resume)


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
        event = Moment(self)
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
