"""Quotas: what every planner has to deliver, and how that grows on the ladder."""

from __future__ import annotations

import math
from collections.abc import Generator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from simpy.events import Event

from sim.config.schema import CoverageMeasure
from sim.model.kernel.calendar import Phase
from sim.model.money.allocation import LOOK_AT_DELIVERY, RULES, DistrictState
from sim.model.works.planning import Planner
from sim.model.works.programme import CITY, Line, Programme, make_projects, required_units, spread
from sim.model.works.project import OPEN, Project

if TYPE_CHECKING:
    from sim.model.city import City


class Quotas:
    """Turns goals into lines of work for the planners of all purses.

    Attributes:
        planners: one for every purse whose group has programmes, in the order of the purses.
        lines_of: the lines of every programme, by its name.
    """

    def __init__(self, city: City, programmes: Mapping[str, Programme]) -> None:
        self._city = city
        self._programmes = programmes
        self._by_purse = {id(purse): Planner(city, purse) for purse in city.purses}
        with_programmes = {programme.spec.group for programme in programmes.values()}
        self.planners = [
            planner for planner in self._by_purse.values() if planner.group in with_programmes
        ]
        self.lines_of: dict[str, list[Line]] = {name: [] for name in programmes}
        self._titles_wanted: dict[Programme, list[int]] = {}
        wanted = {programme: self._units(programme) for programme in programmes.values()}
        for programme, made in make_projects(city, wanted).items():
            by_place: dict[int, list[Project]] = {}
            for project in made:
                place = CITY if programme.spec.pool == "city" else project.place
                by_place.setdefault(place, []).append(project)
            for place, projects in by_place.items():
                self._add_line(programme, place, projects)
            feeds = programme.spec.feeds
            if feeds is not None:
                start = programme.existing.tolist()
                new = wanted[programme]
                self._titles_wanted[programme] = [n + new.get(i, 0) for i, n in enumerate(start)]
        self.rank()

    @cached_property
    def _states_of_the_start(self) -> list[DistrictState]:
        """The districts as rules see them that look neither at gaps nor at deliveries."""
        return [
            DistrictState(d.population, d.zone, gap=0, delivery=1.0, adcode=d.adcode)
            for d in self._city.districts
        ]

    def _units(self, programme: Programme) -> dict[int, int]:
        """Units to deliver by district (or by the city) so that the goal is met with a margin."""
        city, spec = self._city, programme.spec
        target = city.plan.spec.targets[spec.target]
        margin = city.scenario.planning.margin
        room: list[int] | None = None
        if spec.quota_key == "one_each":
            return {i: 1 for i, n in enumerate(programme.existing.tolist()) if n == 0}
        if isinstance(target.measured_by, CoverageMeasure):
            coverage = city.coverage[target.measured_by.universe]
            room = coverage.room
            places = sum(coverage.totals[coverage.planning])
            goal = float(math.ceil(target.goal / 100.0 * places - 1e-9))
            units = required_units(goal, target.comparator, places - sum(room), margin)
        else:
            baseline = city.baseline(spec.target) if target.measure == "stock" else 0.0
            units = required_units(target.goal, target.comparator, round(baseline), margin)
        if spec.place == "city":
            return {CITY: units} if units else {}
        parts = spread(city, spec.quota_key, units, room)
        return {place: part for place, part in enumerate(parts) if part}

    def _add_line(self, programme: Programme, place: int, projects: list[Project]) -> Line:
        """Give the projects of one quota to whoever plans from the purse that pays for them."""
        for turn, project in enumerate(projects):
            project.turn = turn
        first, quota = projects[0], len(projects)
        line = Line(
            programme, place, quota, self._pace(quota), first.tie, first.order, projects[::-1]
        )
        self._by_purse[id(programme.purses[first.place])].lines.append(line)
        self.lines_of[programme.name].append(line)
        return line

    def _pace(self, quota: int) -> int:
        """Largest number of projects of a quota that may be proposed in one year."""
        return math.ceil(quota * self._city.scenario.planning.pace - 1e-9)

    # ------------------------------------------------------------------ the city's own ranking

    def rank(self, year: int = 0) -> None:
        """Where the city serves districts, larger weight of the allocation rule comes first.

        Done at the start and again every January, for rules that look at need or delivery.
        """
        city = self._city
        allocation = city.scenario.allocation
        lines = [
            line
            for own in self.lines_of.values()
            for line in own
            if line.place == CITY and line.programme.spec.place == "districts"
        ]
        if not lines:
            return
        states = self.district_states(city.capital_group, year)
        weights = RULES[allocation.rule](allocation, states)
        ranks = [(-weight, tie) for weight, tie in zip(weights, city.place_ties, strict=True)]
        for line in lines:
            projects = sorted(line.programme.projects, key=lambda p: (ranks[p.place], p.ordinal))
            for turn, project in enumerate(projects):
                project.turn = turn
            line.waiting.sort(key=lambda p: p.turn, reverse=True)

    # ------------------------------------------------------------------ hosts for the ladder

    def hosts(self) -> Generator[Event, None, None]:
        """Before every window: are enough hosts on their way for the titles still missing?"""
        city = self._city
        for day, year in city.calendar.windows:
            yield city.clock.at(day, Phase.STAFF)
            for programme in self._titles_wanted:
                self._replenish(programme, year)

    def _replenish(self, programme: Programme, year: int) -> None:
        """Raise the quota of hosts where titles are missing: not everybody named, some struck off.

        Planners know the usual share of candidates that a round names, and how many rounds a host
        proposed now can still enter; they expect 1 - (1 - share) ** rounds of their hosts to get
        there. They never know the draw.
        """
        city = self._city
        level = city.levels[programme.spec.feeds or ""]
        rounds = city.calendar.years[-1] - city.calendar.years[year]
        if rounds == 0:
            return
        share = city.plan.mean(level.spec.applicants) * city.plan.mean(level.spec.acceptance)
        expected = 1.0 - (1.0 - share) ** rounds
        pairs = zip(programme.planned, programme.open_units, strict=True)
        on_their_way = [
            planned - opened + waiting
            for (planned, opened), waiting in zip(pairs, level.candidates_by_place(), strict=True)
        ]
        held = level.count_by_place("", city.clock.today)
        more = {}
        for place, wanted in enumerate(self._titles_wanted[programme]):
            hosts = math.ceil(max(0, wanted - held[place]) / expected - 1e-9)
            if hosts > on_their_way[place]:
                more[place] = hosts - on_their_way[place]
        lines = {line.place: line for line in self.lines_of[programme.name]}
        for project in make_projects(city, {programme: more})[programme]:
            line = lines.get(project.place)
            if line is None:
                lines[project.place] = self._add_line(programme, project.place, [project])
                continue
            project.turn = line.quota
            line.quota += 1
            line.wait_again(city.clock.today)
            line.pace = self._pace(line.quota)
            line.waiting.insert(0, project)

    # ------------------------------------------------------------------ for allocation rules

    def district_states(self, group: str, year: int) -> list[DistrictState]:
        """What an allocation rule may know of the districts about one group's programmes."""
        city = self._city
        if city.scenario.allocation.rule not in LOOK_AT_DELIVERY:
            return self._states_of_the_start
        count = len(city.districts)
        gap, due, done = [0.0] * count, [0.0] * count, [0.0] * count
        last_year = range(
            city.calendar.year_ends[year - 1] - 365, city.calendar.year_ends[year - 1]
        )
        pace = city.scenario.planning.pace
        for programme in self._programmes.values():
            if programme.spec.group != group or programme.spec.pool != "district":
                continue
            for project in programme.projects:
                cost = programme.unit_cost * project.units
                if project.status != OPEN:
                    gap[project.place] += cost
                elif year and project.opened - 1 in last_year:
                    done[project.place] += cost
                due[project.place] += cost * pace
        return [
            DistrictState(
                population=district.population,
                zone=district.zone,
                gap=round(gap[i]),
                delivery=done[i] / due[i] if year and due[i] > 0.0 else 1.0,
                adcode=district.adcode,
            )
            for i, district in enumerate(city.districts)
        ]
