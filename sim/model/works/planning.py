"""Planning: how a district, or the city, turns quotas into proposals at a window."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from heapq import heapify, heappop, heapreplace
from typing import TYPE_CHECKING

from simpy.events import Event

from sim.model.kernel.calendar import Phase
from sim.model.money.envelope import Purse
from sim.model.works.programme import MONEY_IN_SIGHT, NO_ROUND, NOT_YET_ALLOWED, PACE, Line

if TYPE_CHECKING:
    from sim.model.city import City


class Planner:
    """Proposes projects out of one purse: a district's department, or the city's for its own."""

    def __init__(self, city: City, purse: Purse) -> None:
        self._city = city
        self._purse = purse
        self.group = purse.group
        self.place = purse.place
        self.lines: list[Line] = []

    def pass_over(self, day: int, limit: int) -> None:
        """No applications are taken at this window: what waits goes on waiting, for ``limit``."""
        for line in self.lines:
            line.book(day)
            if line.waiting:
                line.reason = limit

    def propose(self, window: Window) -> None:
        """Propose until the pace, or the money in sight, binds.

        Lower priority classes come first, within a class always the programme least served so far;
        equals in the order of a drawn number. Every line remembers the limit that stopped it.
        """
        city, day, year = self._city, window.day, window.year
        queue = []
        for line in self.lines:
            line.book(day)
            if not line.waiting:
                continue
            if day < line.programme.starts:
                line.reason = NOT_YET_ALLOWED
                continue
            if line.year != year:
                line.year, line.proposed_this_year = year, 0
            queue.append((line.programme.priority_class, line.served, line.tie, line.order, line))
        if not queue:
            return
        heapify(queue)
        in_sight = city.treasury.in_sight(self._purse, year, window.to_come)
        cost_index = city.cost_index[year]
        propose = city.portfolio.propose
        while queue:
            priority_class, _, tie, order, line = queue[0]
            if line.proposed_this_year >= line.pace:
                line.reason = PACE
                heappop(queue)
                continue
            project = line.waiting[-1]
            expected = line.programme.unit_cost * project.units * cost_index
            if expected > in_sight:
                line.reason = MONEY_IN_SIGHT
                heappop(queue)
                continue
            in_sight -= expected
            line.waiting.pop()
            line.under_way += 1
            line.proposed_this_year += 1
            propose(project, line, self._purse, year)
            if line.waiting:
                heapreplace(queue, (priority_class, line.served, tie, order, line))
            else:
                heappop(queue)


class Window:
    """One application window: the day on which everybody who plans may propose.

    Attributes:
        opening: happens when it opens, for all at once.
        to_come: quarters of the year whose release is still ahead.
    """

    def __init__(self, city: City, day: int, year: int) -> None:
        self._city = city
        self.day = day
        self.year = year
        self.opening = city.clock.at(day, Phase.PLANNING)
        self.to_come = city.calendar.releases_after(day, year)

    def obstacle(self) -> int | None:
        """The limit that stops everybody where no applications are taken; None where they are.

        The first window of new programmes depends on no step of the yearly cycle. A city without
        the money for a round of applications has none for projects: then money is the limit.
        """
        if self.day == self._city.calendar.first_window:
            return None
        missed = self._city.obstacle("proposals", self.year)
        if not missed:
            return None
        return MONEY_IN_SIGHT if missed == "no_money" else NO_ROUND


class Administration:
    """Those who plan in one place, a district or the city: a department for each of its purses."""

    def __init__(self, planners: Sequence[Planner]) -> None:
        self._planners = planners

    def years(self, windows: Sequence[Window]) -> Generator[Event, None, None]:
        """Its years: wait for a window, compare quotas with what is under way, and propose."""
        for window in windows:
            yield window.opening
            limit = window.obstacle()
            for planner in self._planners:
                if limit is None:
                    planner.propose(window)
                else:
                    planner.pass_over(window.day, limit)


def administrations(city: City) -> Iterator[Generator[Event, None, None]]:
    """The years of every district's administration and of the city's, as processes."""
    windows = [Window(city, day, year) for day, year in city.calendar.windows]
    by_place: dict[int, list[Planner]] = {}
    for planner in city.quotas.planners:
        by_place.setdefault(planner.place, []).append(planner)
    for planners in by_place.values():
        yield Administration(planners).years(windows)
