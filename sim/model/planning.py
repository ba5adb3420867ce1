"""Planning: how a district, or the city, turns quotas into proposals at a window."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from heapq import heapify, heappop, heapreplace
from typing import TYPE_CHECKING

from simpy.events import Event

from sim.model.calendar import Phase
from sim.model.programme import MONEY_IN_SIGHT, NO_ROUND, NOT_YET_ALLOWED, PACE, Line
from sim.model.purse import Purse

if TYPE_CHECKING:
    from sim.model.city import City


class Planner:
    """Proposes projects out of one purse: a district's department, or the city's for its own."""

    def __init__(self, city: City, purse: Purse) -> None:
        self._city = city
        self._purse = purse
        self.group = purse.group
        self.lines: list[Line] = []

    def pass_over(self, day: int, limit: int) -> None:
        """No round of applications is held at this window, so nobody proposes.

        A city without the money for a round has none for projects: then money is the limit.
        """
        for line in self.lines:
            line.book(day)
            if line.waiting:
                line.reason = limit

    def propose(self, year: int, day: int, to_come: Sequence[int]) -> None:
        """Propose until the pace, or the money in sight, binds.

        Lower priority classes come first, within a class always the programme least served so far;
        equals in the order of a drawn number. Every line remembers the limit that stopped it.
        ``to_come`` are the quarters of the year whose release is still ahead.
        """
        city = self._city
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
        in_sight = city.treasury.in_sight(self._purse, year, to_come)
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


def windows(city: City) -> Generator[Event, None, None]:
    """At every application window, all planners compare quotas with what is under way."""
    calendar = city.calendar
    for day, year in calendar.windows:
        yield city.clock.at(day, Phase.PLANNING)
        obstacle = city.obstacle("proposals", year)
        if not obstacle or day == calendar.first_window:
            to_come = calendar.releases_after(day, year)
            for planner in city.quotas.planners:
                planner.propose(year, day, to_come)
        else:
            limit = MONEY_IN_SIGHT if obstacle == "no_money" else NO_ROUND
            for planner in city.quotas.planners:
                planner.pass_over(day, limit)
