"""What a replication returns: values, series, delay ledger, ledger totals and the facts told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from operator import attrgetter, ge, gt, lt

import numpy as np
import numpy.typing as npt

from sim.model.kernel.calendar import Calendar
from sim.model.kernel.clock import Phase, Process
from sim.model.kernel.facts import Fact
from sim.model.kernel.ledger import Flows
from sim.model.kernel.measure import UNITS, Measure
from sim.model.kernel.world import World
from sim.model.measures import measure_of, parts_of
from sim.model.money.envelope import Envelope, Envelopes, summary
from sim.model.money.treasury import Treasury
from sim.model.parts.part import Part
from sim.model.parts.reach import Reach
from sim.model.works.planning import Portfolio, Quotas
from sim.model.works.programme import Programme
from sim.model.works.project import (
    BUILDING,
    CALENDAR,
    CONTRACTED,
    CREW,
    MONEY,
    OPEN,
    REVIEW,
    STAFF,
    STAGES,
    UNPROPOSED,
    WITHDRAWN,
    Project,
)
from sim.plan.plan import Plan, Scenario, TargetRow

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

FUNCTIONING = "functioning"
RECEIVED, SPENT, BALANCE = "received", "spent", "balance"
"""Money of a group in yuan, of the city and by district: taken in and paid since the start, and
what is left."""

QUARTERS_OF_A_YEAR = 4
QUARTERS = 4
"""Quarters without pay after which a facility no longer functions."""

_DAYS_OF_A_YEAR = 365


DelayRow = tuple[int, str, str, int, int, int, int, int]
"""Days and units lost in one stage by the projects of one programme in one place.

The district's position (-1 for the city), programme, stage, project days, excess days, passed,
standing, missing: the columns of the delay ledger.
"""


@dataclass(frozen=True)
class Layout:
    """Names of everything an outcome holds by position: equal for all replications of a run.

    Attributes:
        missing_in: what the missing units of the delay ledger are (``units``, ``places``,
            ``persons``, ``points``, ``yuan``), by programme and by row of the answer.
    """

    record: str
    rows: tuple[TargetRow, ...]
    city_indicators: tuple[str, ...]
    district_indicators: tuple[str, ...]
    city_days: tuple[int, ...]
    district_days: tuple[int, ...]
    places: tuple[int, ...]
    missing_in: Mapping[str, str]

    @classmethod
    def of(cls, plan: Plan, scenario: Scenario, record: str) -> Layout:
        """The layout of a plan's outcomes at recording level ``targets``, ``city`` or ``full``."""
        calendar = Calendar(plan.spec)
        rows = plan.modelled_rows(scenario.definitions)
        names = tuple(row.indicator for row in rows)
        groups = plan.envelope_groups
        extras = (
            *(f"{FUNCTIONING}:{name}" for name in sorted(plan.spec.programmes)),
            *(f"service_level:{group}" for group in groups),
            *(f"{BALANCE}:{group}" for group in groups),
            *(f"queued:{group}" for group in groups),
            *(f"{what}:{group}" for what in (RECEIVED, SPENT) for group in _funded(scenario)),
            "visits",
            *(indicator for part in parts_of(plan) for indicator in part.indicators),
        )
        by_district = (
            *(row.indicator for row in rows if measure_of(row).has_districts(row)),
            *(f"{what}:{group}" for what in (RECEIVED, SPENT, BALANCE) for group in _held(plan)),
        )
        none: tuple[int, ...] = ()
        quarters, years = tuple(calendar.quarter_ends), tuple(calendar.year_ends)
        return cls(
            record=record,
            rows=rows,
            city_indicators=() if record == "targets" else (*names, *extras),
            district_indicators=() if record == "targets" else by_district,
            city_days={"targets": none}.get(record, (0, *quarters)),
            district_days={"targets": none, "city": years}.get(record, (0, *quarters)),
            places=tuple(district.adcode for district in plan.districts),
            missing_in={
                **dict.fromkeys(sorted(plan.spec.programmes), UNITS),
                **{
                    row.target if row.counts else row.indicator: measure_of(row).missing_in(row)
                    for row in rows
                },
            },
        )


@dataclass(frozen=True)
class Outcome:
    """The result of one replication; arrays follow the run's :class:`Layout`.

    Attributes:
        values: value at the deadline by row.
        attained: whether each row's comparator holds at the deadline.
        first_attained: day on which it first held, -1 if never.
        city_series: (days, indicators) values of the whole city.
        district_series: (days, places, indicators) values by district.
        delays: the delay ledger.
        ledger: what flowed; by place unless only targets are recorded.
        events: events that the clock processed.
        log: the facts of the history, if they were asked for.
    """

    values: Floats
    attained: npt.NDArray[np.bool_]
    first_attained: Integers
    city_series: Floats
    district_series: Floats
    delays: list[DelayRow]
    ledger: Flows
    events: int
    log: list[Fact] | None = field(default=None)


_START = "the start"
"""Topic of the first day, on which every target is looked at."""


def _funded(scenario: Scenario) -> list[str]:
    """Groups that money is given to."""
    return sorted(scenario.allocation.group_shares)


def _held(plan: Plan) -> list[str]:
    """Groups whose money districts hold."""
    return [group for group in plan.envelope_groups if group in plan.district_groups]


_COMPARATORS = {">=": ge, ">": gt, "<": lt}


class Scoreboard:
    """Watches all targets: when a day closes, it looks at those that something has moved.

    Attributes:
        measures: of every row of the answer.
        first_attained: day on which every row first held, -1 while it has not.
    """

    def __init__(self, world: World, measures: Sequence[Measure]) -> None:
        self._clock = world.clock
        self.measures = measures
        self.first_attained = np.full(len(measures), -1, dtype=np.int64)
        self._goals = [(_COMPARATORS[m.row.spec.comparator], m.row.spec.goal) for m in measures]
        self._unattained: dict[str, set[int]] = {_START: set(range(len(measures)))}
        for i, measure in enumerate(measures):
            for topic in measure.topics:
                self._unattained.setdefault(topic, set()).add(i)
        world.at_close(self._look)
        world.changed(_START)

    def values(self) -> list[float]:
        """Present value of every row."""
        return [measure.value() for measure in self.measures]

    def _look(self, changed: set[str]) -> None:
        """See which targets now hold; those need not be looked at again."""
        attained = []
        for topic in changed:
            for i in self._unattained.get(topic, ()):
                holds, goal = self._goals[i]
                if holds(self.measures[i].value(), goal):
                    attained.append(i)
        for i in attained:
            self.first_attained[i] = self._clock.today
            for rows in self._unattained.values():
                rows.discard(i)


class Recorder:
    """Takes down the series of one replication as it goes."""

    def __init__(
        self,
        world: World,
        layout: Layout,
        scoreboard: Scoreboard,
        envelopes: Envelopes,
        treasury: Treasury,
        programmes: Mapping[str, Programme],
        portfolio: Portfolio,
        parts: Sequence[Part],
    ) -> None:
        self._world = world
        self._layout = layout
        self._scoreboard = scoreboard
        self._envelopes = envelopes
        self._treasury = treasury
        self._programmes = programmes
        self._portfolio = portfolio
        self._parts = parts
        (self._reach,) = (part for part in parts if isinstance(part, Reach))
        self.city_series = np.empty((len(layout.city_days), len(layout.city_indicators)))
        shape = (len(layout.district_days), len(layout.places), len(layout.district_indicators))
        self.district_series = np.empty(shape)
        self._city_row = {day: i for i, day in enumerate(layout.city_days)}
        self._district_row = {day: i for i, day in enumerate(layout.district_days)}

    def reports(self) -> Process:
        """Take down the state at quarter ends, after everything else of the day."""
        for day in sorted({*self._layout.city_days, *self._layout.district_days}):
            yield self._world.clock.at(day, Phase.REPORT)
            if day in self._city_row:
                self.city_series[self._city_row[day]] = self._city_values()
            if day in self._district_row:
                self._take_districts(self.district_series[self._district_row[day]])

    def _take_districts(self, table: Floats) -> None:
        wanted = set(self._layout.district_indicators)
        measures = [m for m in self._scoreboard.measures if m.row.indicator in wanted]
        for j, measure in enumerate(measures):
            table[:, j] = measure.by_district()
        held = [self._envelopes.districts[group] for group in _held(self._world.plan)]
        table[:, len(measures) :] = np.array(
            [[get(e) for e in own] for get in (_received, _spent, _balance) for own in held]
        ).T

    def _city_values(self) -> list[float]:
        world, envelopes = self._world, self._envelopes
        values = self._scoreboard.values()
        unpaid = {id(e) for e in envelopes.all if e.unpaid_quarters >= QUARTERS}
        values += [
            float(functioning(programme, self._portfolio.projects[name], unpaid))
            for name, programme in self._programmes.items()
        ]
        year = world.calendar.year_index(world.clock.today)
        cost_index, wage_index = world.cost_index[year], world.wage_index[year]
        groups = [
            summary((*envelopes.districts[g], envelopes.city[g]), cost_index, wage_index)
            for g in envelopes.groups
        ]
        values += [group[i] for i in range(3) for group in groups]
        outright = self._treasury.spent_outright
        values += [
            float(sum(map(get, envelopes.of(group) if group in envelopes.city else ())))
            + outright[group]
            for get in (_received, _spent)
            for group in _funded(world.scenario)
        ]
        values.append(float(self._reach.visits().sum()) / QUARTERS_OF_A_YEAR)
        for part in self._parts:
            values += part.readings()
        return values


_received: Callable[[Envelope], int] = attrgetter("received")
_spent: Callable[[Envelope], int] = Envelope.spent
_balance: Callable[[Envelope], int] = Envelope.balance


def functioning(programme: Programme, projects: Sequence[Project], unpaid: set[int]) -> int:
    """Units of a programme that stand and were not left unpaid for a whole year.

    ``unpaid`` holds the ids of envelopes that have not paid their obligations for four quarters.
    """
    total = programme.total_existing + programme.total_open
    operators = programme.operators
    places = {place for place, e in enumerate(operators) if id(e) in unpaid} if unpaid else ()
    if not places:
        return total
    today = programme.world.clock.today
    closed = int(programme.existing[list(places)].sum())
    for project in projects:
        if project.status == OPEN and today - project.opened >= _DAYS_OF_A_YEAR:
            closed += project.units if project.place in places else 0
    return total - closed


# ---------------------------------------------------------------------------- the delay ledger


def delay_ledger(
    programmes: Mapping[str, Programme],
    portfolio: Portfolio,
    quotas: Quotas,
    measures: Sequence[Measure],
    values: Sequence[float],
) -> list[DelayRow]:
    """Split every project's days over its stages, and every missing unit to what held it back.

    Rows of unmet targets carry the target's id for the reading that counts, ``id:reading`` for the
    other one.
    """
    rows = _project_delays(programmes, portfolio)
    for name, programme in programmes.items():
        unproposed: dict[tuple[int, str], int] = {}
        for line in quotas.lines_of[name]:
            line.book(programme.world.calendar.horizon)
        if programme.feeds is not None:
            continue  # what is missing there is titles, not hosts
        for project in portfolio.projects[name]:
            if project.status not in (OPEN, UNPROPOSED):
                key = (project.place, project.held_back_by())
                if key[1] not in STAGES:
                    unproposed[key] = unproposed.get(key, 0) + project.units
        for line in quotas.lines_of[name]:
            limit, _ = line.longest_limit()
            for project in line.waiting:
                if project.status == UNPROPOSED:
                    key = (project.place, f"unproposed:{limit}")
                    unproposed[key] = unproposed.get(key, 0) + project.units
        for (place, stage), missing in sorted(unproposed.items()):
            rows.append((place, name, stage, 0, 0, 0, 0, missing))
    for measure, value in zip(measures, values, strict=True):
        row = measure.row
        target = row.target if row.counts else row.indicator
        for (place, stage), count in measure.held_back(value).items():
            rows.append((place, target, stage, 0, 0, 0, 0, count))
    return rows


def _project_delays(by_name: Mapping[str, Programme], portfolio: Portfolio) -> list[DelayRow]:
    names, programmes = list(by_name), list(by_name.values())
    started = [[p for p in portfolio.projects[n] if p.status != UNPROPOSED] for n in names]
    projects = list(chain.from_iterable(started))
    if not projects:
        return []
    of = np.repeat(np.arange(len(started)), [len(own) for own in started])
    place, status, stage, staffed = (
        np.fromiter(map(attrgetter(name), projects), np.int64, len(projects))
        for name in ("place", "status", "stage", "needs_staff")
    )
    districts = len(portfolio.crews)
    days = np.fromiter(chain.from_iterable(map(attrgetter("days"), projects)), np.int64)
    days = days.reshape(-1, len(STAGES))
    modes = np.array([programme.mode_days for programme in programmes])[of]
    excess = days.copy()
    excess[:, BUILDING] = np.maximum(0, excess[:, BUILDING] - modes)
    needs = np.array([(p.review, p.crew) for p in programmes])[of]
    passed = _passed(days, status, stage, np.column_stack((needs, staffed)))
    standing = np.zeros_like(days)
    missing = np.zeros_like(days)
    for i in np.flatnonzero(status != OPEN).tolist():
        standing[i, stage[i]] = 1
        held_back_by = projects[i].held_back_by()
        if held_back_by in STAGES and projects[i].programme.feeds is None:
            missing[i, STAGES.index(held_back_by)] = projects[i].units
    tables = np.concatenate((days, excess, passed, standing, missing), axis=1)
    cell = of * districts + place
    order = np.argsort(cell, kind="stable")
    cells, starts = np.unique(cell[order], return_index=True)
    sums = np.add.reduceat(tables[order], starts)
    by_stage = sums.reshape(len(sums), 5, len(STAGES)).transpose(0, 2, 1)
    filled = np.argwhere(by_stage.any(axis=2))
    where = [divmod(one, districts) for one in cells[filled[:, 0]].tolist()]
    numbers = by_stage[filled[:, 0], filled[:, 1]].tolist()
    return [
        (place, names[number], STAGES[s], *counts)
        for (number, place), s, counts in zip(where, filled[:, 1].tolist(), numbers, strict=True)
    ]


def _passed(days: Integers, status: Integers, stage: Integers, needs: Integers) -> Integers:
    """1 for every stage a project has behind it, by project and stage.

    ``needs`` says by project whether it needs review, a crew and staff. Money counts once all of it
    is paid; the calendar once a withdrawn project was proposed again.
    """
    is_open = status == OPEN
    in_staff = stage == STAFF
    built = is_open | in_staff | ((stage == MONEY) & (status == CONTRACTED))
    crewed = built | (stage == BUILDING)
    reviewed = crewed | (stage == CREW) | (stage == MONEY)
    withdrawn = status == WITHDRAWN
    passed = np.zeros_like(days)
    passed[:, REVIEW] = reviewed & ~withdrawn & needs[:, 0]
    passed[:, MONEY] = (is_open | in_staff) & ~withdrawn
    passed[:, CREW] = crewed & ~withdrawn & needs[:, 1]
    passed[:, BUILDING] = built & ~withdrawn
    passed[:, STAFF] = is_open & needs[:, 2]
    passed[:, CALENDAR] = (days[:, CALENDAR] > 0) & (stage != CALENDAR)
    return passed
