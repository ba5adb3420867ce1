"""Planning: quotas, the proposals that planners make of them at windows, and the portfolio."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from heapq import heapify, heappop, heapreplace

from sim.config.schema import CoverageMeasure
from sim.model.kernel.clock import Phase, Process, begin
from sim.model.kernel.queues import Servers
from sim.model.kernel.world import World
from sim.model.money.allocation import LOOK_AT_DELIVERY, RULES, DistrictState
from sim.model.money.envelope import Envelope, Envelopes
from sim.model.money.treasury import Treasury
from sim.model.works.programme import CITY, Programme, required_units
from sim.model.works.project import (
    MONEY,
    OPEN,
    UNPROPOSED,
    WITHDRAWN,
    Project,
    Site,
    Staffing,
    life,
    line_up,
    make_projects,
)
from sim.model.works.stock import Openings, Places

LIMITS = ("not_yet_allowed", "no_round", "pace", "money_in_sight")
"""Why a unit of a quota was not proposed, in the order in which a planner runs into them."""
NOT_YET_ALLOWED, NO_ROUND, PACE, MONEY_IN_SIGHT = range(len(LIMITS))
_NEVER = -1  # days of a limit that did not bind at any window


@dataclass(slots=True)
class Line:
    """The quota of one programme with one planner, and how far it has been used.

    ``place`` is a district index or ``CITY``; ``waiting`` holds the projects that may be proposed,
    the next one last. ``reason`` is the limit that stopped it at the last window, and
    ``limited_for`` the days that each limit kept it waiting, ``_NEVER`` if it did not bind at any
    window, both by position in ``LIMITS``.
    """

    programme: Programme
    place: int
    quota: int
    pace: int
    tie: float
    order: int
    waiting: list[Project]
    under_way: int = 0
    proposed_this_year: int = 0
    year: int = -1
    reason: int = NOT_YET_ALLOWED
    limited_since: int = 0
    limited_for: list[int] = field(default_factory=lambda: [_NEVER] * len(LIMITS))
    _longest: tuple[str, int] | None = None

    def book(self, day: int) -> None:
        """Book the days since the last window to the limit that bound then."""
        if self.waiting:
            limited_for, reason = self.limited_for, self.reason
            limited_for[reason] = max(0, limited_for[reason]) + day - self.limited_since
            self._longest = None
        self.limited_since = day

    def take_back(self, project: Project, day: int) -> None:
        """A proposal has lapsed: it waits again (:meth:`sort` once all have come back)."""
        self.under_way -= 1
        self.wait_again(day)
        self.waiting.append(project)

    def sort(self) -> None:
        """Bring what waits into the planner's order, the next one last."""
        self.waiting.sort(key=_turn, reverse=True)

    def add(self, project: Project, day: int) -> None:
        """One more project, to be proposed after all others."""
        line_up([project], self.quota)
        self.quota += 1
        self.wait_again(day)
        self.waiting.insert(0, project)

    def wait_again(self, day: int) -> None:
        """Projects are about to wait in the line; the days on which none did are no limit's."""
        if not self.waiting:
            self.limited_since = day

    def longest_limit(self) -> tuple[str, int]:
        """The limit that has kept the quota waiting for most days, and how many.

        Ties go in order. That nothing may be proposed before the first window is nobody's delay: it
        counts only where no other limit ever bound.
        """
        if self._longest is None:
            limited_for = self.limited_for
            days = max(limited_for[NO_ROUND:])
            limit = NOT_YET_ALLOWED if days == _NEVER else limited_for.index(days, NO_ROUND)
            self._longest = LIMITS[limit], max(0, limited_for[limit])
        return self._longest

    def served(self) -> float:
        """Share of the quota that is open or under way."""
        return self.under_way / self.quota


def _turn(project: Project) -> int:
    return project.turn


class ConservationError(Exception):
    """Projects proposed are not those open, under way and withdrawn: a defect of the model."""


class Portfolio:
    """All projects of a city, and its proposals until they are contracted or lapse.

    Attributes:
        projects: of every programme, by its name.
        board, crews: the review panels, and the building crews by district.
        proposals: attempts made so far; withdrawals: attempts that lapsed.
    """

    def __init__(
        self, world: World, programmes: Mapping[str, Programme], people: Staffing,
        openings: Openings,
    ) -> None:  # fmt: skip
        self._world = world
        self._people = people
        self.projects: dict[str, list[Project]] = {name: [] for name in programmes}
        self._uncontracted: dict[Project, Line] = {}
        self.proposals = 0
        self.withdrawals = 0
        draw, clock, desk = world.draw, world.clock, world.desk
        self.board = Servers(clock, desk, int(draw["review_panels"]))
        zones = {
            name: Servers(clock, desk, int(draw[zone.crews]))
            for name, zone in world.plan.spec.zones.items()
        }
        self.crews = [zones[d.zone] for d in world.districts]
        self._sites = [
            Site(
                clock, self.board, crews, people, world.shocks,
                self.contract, openings.appoint, openings.open,
            )
            for crews in self.crews
        ]  # fmt: skip
        world.when("the year ends", self.lapse)

    def plan(self, quotas: Mapping[Programme, Mapping[int, int]]) -> dict[Programme, list[Project]]:
        """Make the projects of more units, as in :func:`make_projects`, for planners to propose."""
        made = make_projects(self._world, quotas)
        for programme, projects in made.items():
            self.projects[programme.name] += projects
        return made

    def propose(self, project: Project, line: Line, cost_index: float) -> None:
        """A planner proposes ``project`` at the prices of a year: let its life begin."""
        project.propose(cost_index, line.longest_limit())
        project.payer.pledge(project.cost)
        self._uncontracted[project] = line
        self.proposals += 1
        begin(life(project, self._sites[project.place]))

    def contract(self, project: Project) -> None:
        """The first instalment has been paid: the project can no longer lapse."""
        project.contract()
        del self._uncontracted[project]
        project.payer.commit(project.cost, project.rest)
        if project.needs_staff:
            self._people.expect(project)

    def lapse(self) -> None:
        """On 31 December proposals without a contract are withdrawn; they may come again.

        On the last one they stay where they stood: that is the stage in which the deadline found
        them.
        """
        today = self._world.clock.today
        lines: dict[int, Line] = {}
        for project, line in self._uncontracted.items():
            envelope = project.payer
            envelope.take_back(project.cost)
            claim = project.claim
            assert claim is not None, "a proposal waits for somebody"
            if project.stage == MONEY:
                envelope.withdraw(claim)
            else:
                claim.cancel()
            project.lapse(for_good=today >= self._world.calendar.horizon)
            line.take_back(project, today)
            lines[id(line)] = line
            self.withdrawals += 1
        for line in lines.values():
            line.sort()
        self._uncontracted.clear()

    def close(self) -> None:
        """Book the last days of unfinished projects and see that none got lost.

        Raises:
            ConservationError: proposed is not open plus under way plus withdrawn.
        """
        under_way = opened = 0
        for projects in self.projects.values():
            for project in projects:
                status = project.status
                if status == OPEN:
                    opened += 1
                elif status != UNPROPOSED:
                    under_way += status != WITHDRAWN
                    project.close(self._world.calendar.horizon)
        if self.proposals != opened + under_way + self.withdrawals:
            raise ConservationError(
                f"{self.proposals} proposed, but {opened} open + {under_way} under way "
                f"+ {self.withdrawals} withdrawn"
            )

    def dissolve(self) -> None:
        """Let go of all projects."""
        self.projects.clear()
        self._sites.clear()


class Planner:
    """Proposes projects out of one envelope: a district's department, or the city's for its own."""

    def __init__(
        self, world: World, treasury: Treasury, portfolio: Portfolio, envelope: Envelope
    ) -> None:
        self._world = world
        self._treasury = treasury
        self._portfolio = portfolio
        self._envelope = envelope
        self.group = envelope.group
        self.place = envelope.place
        self.lines: list[Line] = []

    def pass_over(self, day: int, limit: int) -> None:
        """No applications are taken at this window: what waits goes on waiting, for ``limit``."""
        for line in self.lines:
            if line.waiting:
                line.book(day)
                line.reason = limit

    def propose(self, window: Window) -> None:
        """Propose until the pace, or the money in sight, binds.

        Lower priority classes come first, within a class always the programme least served so far;
        equals in the order of a drawn number. Every line remembers the limit that stopped it.
        """
        day, year = window.day, window.year
        queue = []
        for line in self.lines:
            if not line.waiting:
                continue
            line.book(day)
            if day < line.programme.starts:
                line.reason = NOT_YET_ALLOWED
                continue
            if line.year != year:
                line.year, line.proposed_this_year = year, 0
            queue.append((line.programme.priority_class, line.served(), line.tie, line.order, line))
        if not queue:
            return
        heapify(queue)
        in_sight = self._treasury.in_sight(self._envelope, year, window.to_come)
        cost_index = self._world.cost_index[year]
        propose = self._portfolio.propose
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
            propose(project, line, cost_index)
            if line.waiting:
                heapreplace(queue, (priority_class, line.served(), tie, order, line))
            else:
                heappop(queue)


class Window:
    """One application window: the day on which everybody who plans may propose.

    Attributes:
        opening: happens when it opens, for all at once.
        to_come: quarters of the year whose release is still ahead.
    """

    def __init__(self, world: World, day: int, year: int) -> None:
        self._world = world
        self.day = day
        self.year = year
        self.opening = world.clock.at(day, Phase.PLANNING)
        self.to_come = world.calendar.releases_after(day, year)

    def limit(self) -> int | None:
        """The limit that stops everybody where no applications are taken; None where they are.

        The first window of new programmes depends on no step of the yearly cycle. A city without
        the money for a round of applications has none for projects: then money is the limit.
        """
        if self.day == self._world.calendar.first_window:
            return None
        missed = self._world.missed.get(("proposals", self.year))
        if missed is None:
            return None
        return MONEY_IN_SIGHT if missed == "no_money" else NO_ROUND


class Quotas:
    """Turns goals into lines of work for the planners of all envelopes.

    Attributes:
        planners: one for every envelope whose group has programmes, in the order of the envelopes.
        lines_of: the lines of every programme, by its name.
        titles_wanted: titles to be held in the end, by district, that the openings of a programme
            are to bring, by its name.
    """

    def __init__(
        self,
        world: World,
        places: Places,
        programmes: Mapping[str, Programme],
        envelopes: Envelopes,
        treasury: Treasury,
        portfolio: Portfolio,
    ) -> None:
        self._world = world
        self._places = places
        self._programmes = programmes
        self._treasury = treasury
        self._portfolio = portfolio
        self._by_envelope = {
            id(envelope): Planner(world, treasury, portfolio, envelope)
            for envelope in envelopes.all
        }
        with_programmes = {programme.spec.group for programme in programmes.values()}
        self.planners = [
            planner for planner in self._by_envelope.values() if planner.group in with_programmes
        ]
        self.lines_of: dict[str, list[Line]] = {name: [] for name in programmes}
        self.titles_wanted: dict[str, list[int]] = {}
        wanted = {programme: self._units(programme) for programme in programmes.values()}
        for programme, made in portfolio.plan(wanted).items():
            by_place: dict[int, list[Project]] = {}
            for project in made:
                place = CITY if programme.spec.pool == "city" else project.place
                by_place.setdefault(place, []).append(project)
            for place, projects in by_place.items():
                self._add_line(programme, place, projects)
            if programme.feeds is not None:
                start, new = programme.existing.tolist(), wanted[programme]
                self.titles_wanted[programme.name] = [
                    n + new.get(i, 0) for i, n in enumerate(start)
                ]
        self.rank()
        world.when("the year begins", self._look_around)

    @cached_property
    def _states_of_the_start(self) -> list[DistrictState]:
        """The districts as rules see them that look neither at gaps nor at deliveries."""
        return [
            DistrictState(d.population, d.zone, gap=0, delivery=1.0, adcode=d.adcode)
            for d in self._world.districts
        ]

    def _units(self, programme: Programme) -> dict[int, int]:
        """Units to deliver by district (or by the city) so that the goal is met with a margin."""
        world, spec = self._world, programme.spec
        target = world.plan.spec.targets[spec.target]
        margin = world.scenario.planning.margin
        room: list[int] | None = None
        if spec.quota_key == "one_each":
            return {i: 1 for i, n in enumerate(programme.existing.tolist()) if n == 0}
        if isinstance(target.measured_by, CoverageMeasure):
            coverage = self._places.coverage[target.measured_by.universe]
            room = coverage.room
            places = sum(coverage.totals[coverage.planning])
            goal = float(math.ceil(target.goal / 100.0 * places - 1e-9))
            units = required_units(goal, target.comparator, places - sum(room), margin)
        else:
            baseline = world.baseline(spec.target) if target.measure == "stock" else 0.0
            units = required_units(target.goal, target.comparator, round(baseline), margin)
        if spec.place == "city":
            return {CITY: units} if units else {}
        parts = self._places.spread(spec.quota_key, units, room)
        return {place: part for place, part in enumerate(parts) if part}

    def _add_line(self, programme: Programme, place: int, projects: list[Project]) -> Line:
        """Give the projects of one quota to whoever plans from the envelope that pays for them."""
        line_up(projects)
        first, quota = projects[0], len(projects)
        line = Line(
            programme, place, quota, self._pace(quota), first.tie, first.order, projects[::-1]
        )
        self._by_envelope[id(programme.payers[first.place])].lines.append(line)
        self.lines_of[programme.name].append(line)
        return line

    def _pace(self, quota: int) -> int:
        """Largest number of projects of a quota that may be proposed in one year."""
        return math.ceil(quota * self._world.scenario.planning.pace - 1e-9)

    # ------------------------------------------------------------------ the city's own ranking

    def rank(self, year: int = 0) -> None:
        """Where the city serves districts, larger weight of the allocation rule comes first.

        Done at the start and again every January, for rules that look at need or delivery.
        """
        world = self._world
        allocation = world.scenario.allocation
        lines = [
            line
            for own in self.lines_of.values()
            for line in own
            if line.place == CITY and line.programme.spec.place == "districts"
        ]
        if not lines:
            return
        states = self.district_states(world.plan.spec.capital_group, year)
        weights = RULES[allocation.rule](allocation, states)
        ranks = [(-weight, tie) for weight, tie in zip(weights, world.ties, strict=True)]
        for line in lines:
            projects = sorted(
                self._portfolio.projects[line.programme.name],
                key=lambda p: (ranks[p.place], p.ordinal),
            )
            line_up(projects)
            line.sort()

    def add(self, programme: Programme, units: Mapping[int, int]) -> None:
        """Raise a programme's quotas by ``units``, by district, to be proposed after all others."""
        today = self._world.clock.today
        lines = {line.place: line for line in self.lines_of[programme.name]}
        for project in self._portfolio.plan({programme: units})[programme]:
            line = lines.get(project.place)
            if line is None:
                lines[project.place] = self._add_line(programme, project.place, [project])
            else:
                line.add(project, today)
                line.pace = self._pace(line.quota)

    # ------------------------------------------------------------------ for allocation rules

    def _look_around(self) -> None:
        """At the beginning of a year: tell the treasury how the districts stand, and rank them."""
        year = self._world.year
        self._treasury.look_at(
            {group: self.district_states(group, year) for group in self._treasury.groups}
        )
        if year and self._world.scenario.allocation.rule in LOOK_AT_DELIVERY:
            self.rank(year)

    def district_states(self, group: str, year: int) -> list[DistrictState]:
        """What an allocation rule may know of the districts about one group's programmes."""
        world = self._world
        if world.scenario.allocation.rule not in LOOK_AT_DELIVERY:
            return self._states_of_the_start
        count = len(world.districts)
        gap, due, done = [0.0] * count, [0.0] * count, [0.0] * count
        last_year = range(
            world.calendar.year_ends[year - 1] - 365, world.calendar.year_ends[year - 1]
        )
        pace = world.scenario.planning.pace
        for programme in self._programmes.values():
            if programme.spec.group != group or programme.spec.pool != "district":
                continue
            for project in self._portfolio.projects[programme.name]:
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
            for i, district in enumerate(world.districts)
        ]


class Administration:
    """Those who plan in one place, a district or the city: a department for each envelope."""

    def __init__(self, planners: Sequence[Planner]) -> None:
        self._planners = planners

    def years(self, windows: Sequence[Window]) -> Process:
        """Its years: wait for a window, compare quotas with what is under way, and propose."""
        for window in windows:
            yield window.opening
            limit = window.limit()
            for planner in self._planners:
                if limit is None:
                    planner.propose(window)
                else:
                    planner.pass_over(window.day, limit)


def administrations(world: World, quotas: Quotas) -> Iterator[Process]:
    """The years of every district's administration and of the city's, as processes."""
    windows = [Window(world, day, year) for day, year in world.calendar.windows]
    by_place: dict[int, list[Planner]] = {}
    for planner in quotas.planners:
        by_place.setdefault(planner.place, []).append(planner)
    for planners in by_place.values():
        yield Administration(planners).years(windows)
