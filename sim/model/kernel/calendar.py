"""Days, dates and fiscal quarters of the horizon.

Time is in whole days from the start of the horizon (day 0) to its last day, inclusive.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from functools import cached_property

from sim.config.schema import MonthDay, Plan


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
