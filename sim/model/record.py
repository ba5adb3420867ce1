"""What a replication returns: values, series, delay ledger, ledger totals and the event log."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.config.schema import CoverageMeasure, LadderMeasure, StaffMeasure
from sim.model import measures
from sim.model.money.envelope import summary
from sim.model.parts.reach import visits
from sim.model.parts.registry import MECHANISMS
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
)
from sim.plan.plan import Plan, Scenario, TargetRow

if TYPE_CHECKING:
    from sim.model.city import City

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

CITY_PLACE = "city"
FUNCTIONING = "functioning"
QUARTERS_OF_A_YEAR = 4
QUARTERS = 4
"""Quarters without pay after which a facility no longer functions."""

_DAYS_OF_A_YEAR = 365


DelayRow = tuple[int, str, str, int, int, int, int, int]
"""Days and units lost in one stage by the projects of one programme in one place.

The district's position (-1 for the city), programme, stage, project days, excess days, passed,
standing, missing: the columns of the delay ledger.
"""


class LogEntry(NamedTuple):
    """One event of the log; ``place`` is an adcode or "city"."""

    day: int
    phase: str
    entity: str
    event: str
    place: str
    detail: str


@dataclass(frozen=True)
class Layout:
    """Names of everything an outcome holds by position: equal for all replications of a run."""

    record: str
    rows: tuple[TargetRow, ...]
    city_indicators: tuple[str, ...]
    district_indicators: tuple[str, ...]
    city_days: tuple[int, ...]
    district_days: tuple[int, ...]
    places: tuple[int, ...]

    @classmethod
    def of(cls, plan: Plan, scenario: Scenario, record: str) -> Layout:
        """The layout of a plan's outcomes at recording level ``targets``, ``city`` or ``full``."""
        from sim.model.kernel.calendar import Calendar

        calendar = Calendar(plan.spec)
        rows = plan.modelled_rows(scenario.definitions)
        names = tuple(row.indicator for row in rows)
        groups = plan.purse_groups
        extras = (
            *(f"{FUNCTIONING}:{name}" for name in sorted(plan.spec.programmes)),
            *(f"service_level:{group}" for group in groups),
            *(f"balance:{group}" for group in groups),
            *(f"queued:{group}" for group in groups),
            "visits",
            *(
                indicator
                for name, mechanism in MECHANISMS.items()
                if name in plan.mechanisms
                for indicator in mechanism.indicators
            ),
        )
        by_district = tuple(row.indicator for row in rows if measures.has_districts(row))
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
        ledger: (year index, from account, to account, yuan).
        events: events that the clock processed.
        log: the event log, if it was asked for.
    """

    values: Floats
    attained: npt.NDArray[np.bool_]
    first_attained: Integers
    city_series: Floats
    district_series: Floats
    delays: list[DelayRow]
    ledger: list[tuple[int, str, str, int]]
    events: int
    log: list[LogEntry] | None = field(default=None)


class Recorder:
    """Takes down the series of one replication as it goes."""

    def __init__(self, city: City, layout: Layout) -> None:
        self._city = city
        self._layout = layout
        self.city_series = np.empty((len(layout.city_days), len(layout.city_indicators)))
        shape = (len(layout.district_days), len(layout.places), len(layout.district_indicators))
        self.district_series = np.empty(shape)
        self._city_row = {day: i for i, day in enumerate(layout.city_days)}
        self._district_row = {day: i for i, day in enumerate(layout.district_days)}

    def days(self) -> list[int]:
        """Days on which something is taken down, in order."""
        return sorted({*self._layout.city_days, *self._layout.district_days})

    def take(self, day: int) -> None:
        """Take down the state at the end of ``day``."""
        if day in self._city_row:
            self.city_series[self._city_row[day]] = self._city_values()
        if day in self._district_row:
            table = self.district_series[self._district_row[day]]
            wanted = set(self._layout.district_indicators)
            rows = [row for row in self._layout.rows if row.indicator in wanted]
            for j, row in enumerate(rows):
                table[:, j] = measures.values_by_district(self._city, row)

    def _city_values(self) -> list[float]:
        city = self._city
        values = [read() for read in city.books.readers]
        unpaid = {id(purse) for purse in city.purses if purse.unpaid_quarters >= QUARTERS}
        values += [float(functioning(city, name, unpaid)) for name in city.programmes]
        year = city.calendar.year_index(city.clock.today)
        cost_index, wage_index = city.cost_index[year], city.wage_index[year]
        groups = [
            summary((*city.district_purses[g], city.city_purses[g]), cost_index, wage_index)
            for g in city.plan.purse_groups
        ]
        values += [group[i] for i in range(3) for group in groups]
        values.append(float(visits(city).sum()) / QUARTERS_OF_A_YEAR)
        for mechanism in city.mechanisms.values():
            values += mechanism.readings()
        return values


def functioning(city: City, name: str, unpaid: set[int]) -> int:
    """Units of a programme that stand and were not left unpaid for a whole year.

    ``unpaid`` holds the ids of purses that have not paid their obligations for four quarters.
    """
    programme = city.programmes[name]
    total = programme.total_existing + programme.total_open
    purses = programme.operators
    places = {place for place, purse in enumerate(purses) if id(purse) in unpaid} if unpaid else ()
    if not places:
        return total
    today = city.clock.today
    closed = int(programme.existing[list(places)].sum())
    for project in programme.projects:
        if project.status == OPEN and today - project.opened >= _DAYS_OF_A_YEAR:
            closed += project.units if project.place in places else 0
    return total - closed


def delay_ledger(city: City, layout: Layout, values: Floats) -> list[DelayRow]:
    """Split every project's days over its stages, and every missing unit to what held it back."""
    rows = _project_delays(city)
    for programme in city.programmes.values():
        unproposed: dict[tuple[int, str], int] = {}
        for line in city.quotas.lines_of[programme.name]:
            line.book(city.calendar.horizon)
        if programme.feeds is not None:
            continue  # what is missing there is titles, not hosts
        for project in programme.projects:
            if project.status not in (OPEN, UNPROPOSED):
                key = (project.place, project.held_back_by())
                if key[1] not in STAGES:
                    unproposed[key] = unproposed.get(key, 0) + project.units
        for line in city.quotas.lines_of[programme.name]:
            limit, _ = line.longest_limit
            for project in line.waiting:
                if project.status == UNPROPOSED:
                    key = (project.place, f"unproposed:{limit}")
                    unproposed[key] = unproposed.get(key, 0) + project.units
        for (place, stage), missing in sorted(unproposed.items()):
            rows.append((place, programme.name, stage, 0, 0, 0, 0, missing))
    waiting_posts = sum(
        programme.full_time_posts * project.units
        for programme in city.programmes.values()
        if programme.full_time_posts
        for project in programme.projects
        if project.stage == STAFF and project.status == CONTRACTED and not project.appointed
    )
    for row, value in zip(layout.rows, values.tolist(), strict=True):
        rows += _unmet(city, row, value, waiting_posts)
    return rows


def _project_delays(city: City) -> list[DelayRow]:
    names = list(city.programmes)
    programmes = list(city.programmes.values())
    started = [
        [p for p in programme.projects if p.status != UNPROPOSED] for programme in programmes
    ]
    projects = list(chain.from_iterable(started))
    if not projects:
        return []
    of = np.repeat(np.arange(len(started)), [len(own) for own in started])
    place, status, stage, staffed = (
        np.fromiter(map(attrgetter(name), projects), np.int64, len(projects))
        for name in ("place", "status", "stage", "needs_staff")
    )
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
    sums = np.zeros((len(programmes) * len(city.districts), tables.shape[1]), dtype=np.int64)
    np.add.at(sums, of * len(city.districts) + place, tables)
    by_stage = sums.reshape(len(sums), 5, len(STAGES)).transpose(0, 2, 1)
    filled = np.argwhere(by_stage.any(axis=2))
    where = [divmod(cell, len(city.districts)) for cell in filled[:, 0].tolist()]
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


def _unmet(city: City, row: TargetRow, value: float, waiting_posts: int) -> list[DelayRow]:
    """Missing units of ladder and staff targets, by reason.

    Rows carry the target's id for the reading that counts, ``id:reading`` for the other one.
    """
    name = row.target if row.counts else row.indicator
    missing = measures.missing_units(row, value)
    if missing == 0:
        return []
    match row.spec.measured_by:
        case LadderMeasure(level=level_name):
            level = city.levels[level_name]
            if level.spec.below is None:
                return _untitled(city, name, level_name, row.counted, missing)
            reasons = level.unmet(missing, row.counted)
        case StaffMeasure(count=count):
            short = abs(row.spec.goal - value) if count != "persons" else float(missing)
            reasons = city.people.unmet(count, row.counted, short, waiting_posts)
        case CoverageMeasure(universe=universe) if not row.counts:
            reasons = _not_planned(city, universe, row)
        case measure if measure is not None and measure.type in city.mechanisms:
            reasons = city.mechanisms[measure.type].unmet(row, missing)
        case _:
            return []
    return [
        (-1, name, f"unmet:{reason}", 0, 0, 0, 0, count)
        for reason, count in reasons.items()
        if count
    ]


def _not_planned(city: City, universe: str, row: TargetRow) -> dict[str, int]:
    """Places missing under the reading that planning does not follow, if quotas cannot explain it.

    Nobody planned for these places: if they are more than what the quotas left undelivered, that is
    what holds this reading back.
    """
    coverage = city.coverage[universe]
    places = sum(coverage.totals[row.counted])
    missing = math.ceil(row.spec.goal / 100.0 * places) - sum(coverage.covered[row.counted])
    undelivered = sum(
        project.units
        for programme in city.programmes.values()
        if programme.covers == universe
        for project in programme.projects
        if project.status != OPEN
    )
    return {"not_planned": missing} if missing > undelivered else {}


def _untitled(city: City, name: str, level_name: str, reading: str, missing: int) -> list[DelayRow]:
    """What held back the missing titles of the lowest level, one cause each.

    First the bases that went up, if the reading leaves them out; then, from the nearest to the goal
    backwards, candidates without a title, hosts that are not open, and hosts never proposed.
    """
    level = city.levels[level_name]
    causes = [(-1, "unmet:promoted")] * level.count_promoted(reading)
    causes += sorted((place, f"unmet:{reason}") for place, reason in level.untitled())
    for programme in city.programmes.values():
        if programme.feeds != level_name:
            continue
        unfinished, unproposed = [], []
        for project in programme.projects:
            if project.status not in (OPEN, UNPROPOSED):
                unfinished.append((project.place, project.held_back_by()))
        for line in city.quotas.lines_of[programme.name]:
            limit, _ = line.longest_limit
            never = [p for p in line.waiting if p.status == UNPROPOSED]
            unproposed += [(project.place, f"unproposed:{limit}") for project in never]
        causes += sorted(unfinished) + sorted(unproposed)
    causes += [(-1, "unmet:strike_off")] * level.lost["strike_off"]
    causes += [(-1, "unmet:eligibility")] * max(0, missing - len(causes))
    counts: dict[tuple[int, str], int] = {}
    for cause in causes[:missing]:
        counts[cause] = counts.get(cause, 0) + 1
    return [(p, name, stage, 0, 0, 0, 0, n) for (p, stage), n in sorted(counts.items())]
