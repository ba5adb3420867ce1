"""Events: what is held on a date, how large, for how many people, and what was called off."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.config.schema import EventSeries, EventsMeasure
from sim.model.kernel.calendar import Phase
from sim.model.kernel.streams import name_key
from sim.model.parts.part import Mechanism, Process
from sim.plan.plan import TargetRow

if TYPE_CHECKING:
    from sim.model.city import City

Floats = npt.NDArray[np.float64]

REASONS = ("no_money", "no_people", "closed", "not_yet_allowed")
"""Why an edition was not held, in the order in which missing ones are explained."""

_DAYS_OF_A_YEAR = 365.25
_RESIDENTS = 100_000


class Series:
    """One series with the numbers of this draw; lists have one entry a place.

    Attributes:
        places: positions of the districts, or None alone for the city.
        editions: planned on each date; ``span`` is the number of days they are spread over.
        costs, work, contacts: what the editions of one date cost (yuan at first-year prices), take
            (days of staff) and reach (persons) on their full scale.
        minimum: smallest scale of an edition; 0 where fewer editions are held instead.
        held: editions held so far; ``lost``: editions not held, by reason.
    """

    def __init__(self, city: City, name: str, spec: EventSeries) -> None:
        draw = city.draw
        self.name = name
        self.group = spec.group
        self.cost = draw[spec.cost]
        self.staff = draw[spec.staff]
        self.reach = draw[spec.reach]
        self.minimum = 0.0 if spec.minimum_scale is None else draw[spec.minimum_scale]
        self.fewer = spec.minimum_scale is None
        self.payee = city.ledger.account(f"organisers:{spec.group}")
        self.held = 0
        self.lost = dict.fromkeys(REASONS, 0)
        population = [district.population for district in city.districts]
        self.places: list[int | None]
        if spec.place == "city":
            self.places = [None]
            self.purses = [city.city_purses[spec.group]]
            population = [sum(population)]
        else:
            self.places = list(range(len(population)))
            self.purses = city.district_purses[spec.group]
        if spec.per_100k is None:
            self.span = 1.0
            self.editions = [spec.editions or 0] * len(self.places)
        else:
            self.span = _DAYS_OF_A_YEAR / len(spec.dates)
            per_resident = draw[spec.per_100k] / _RESIDENTS / len(spec.dates)
            self.editions = [math.floor(per_resident * p + 0.5) for p in population]
        self.costs = [self.cost * editions for editions in self.editions]
        self.work = [self.staff * editions for editions in self.editions]
        self.contacts = [self.reach * editions for editions in self.editions]


class Events(Mechanism):
    """All series of the plan, and the days on which they are held.

    Attributes:
        series: by name.
        staff_days: days that people have worked at events.
        contacts: persons reached by events.
    """

    indicators = ("events_held", "event_contacts", "event_staff_days")

    def __init__(self, city: City) -> None:
        super().__init__(city)
        section = city.plan.spec.events
        assert section is not None, "the registry sets up mechanisms that have their section"
        self._available = city.draw[section.staff_available]
        # In the order of names, not of the input: sums over them are to be the same.
        self.series = {n: Series(city, n, section.series[n]) for n in sorted(section.series)}
        self.staff_days = 0.0
        self.contacts = 0.0

    # ------------------------------------------------------------------ the year's events

    def processes(self) -> Iterable[Process]:
        """The days of the calendar on which something is held."""
        return (self._calendar(),)

    def _calendar(self) -> Process:
        """Every day with events: all of them in a drawn order, after the day's claims."""
        city = self.city
        for day, entries in groupby(self._agenda(), itemgetter(0)):
            yield city.clock.at(day, Phase.ACTIVITIES)
            year = city.calendar.year_index(day)
            due = [self.series[name] for _, _, name in entries]
            in_city = [city.people.total("broad") * self._available]
            in_districts: list[float] = []
            if any(series.places[0] is not None for series in due):
                in_districts = (city.people.persons("broad") * self._available).tolist()
            for series in due:
                self._hold(series, day, year, in_districts if series.places[0] == 0 else in_city)
            city.books.changed("events")

    def _agenda(self) -> list[tuple[int, float, str]]:
        """(day, drawn number, series) in order; dates before a new series may start are lost."""
        city, calendar = self.city, self.city.calendar
        section = city.plan.spec.events
        assert section is not None, "looked at when it was set up"
        issued = calendar.day(city.plan.spec.issued)
        days, names = [], []
        for name, spec in section.series.items():
            series = self.series[name]
            for year in calendar.years:
                for date in spec.dates:
                    day = calendar.day_of(year, date)
                    if spec.running or day >= issued:
                        days.append(day)
                        names.append(name)
                    else:
                        series.lost["not_yet_allowed"] += sum(series.editions)
        keys = {name: name_key(f"events/{name}") for name in section.series}
        ties = city.streams.uniform("tie/event", np.array([keys[name] for name in names]), days)
        return sorted(zip(days, ties.tolist(), names, strict=True))

    def _hold(self, series: Series, day: int, year: int, staff: list[float]) -> None:
        """Hold one date's editions of a series at all its places, each on the scale it can have.

        The scale is the smallest of the shares that closures leave, that the staff still free on
        this day can do (``staff`` is used up), and that the purse can pay out of what nobody else
        has a claim to.
        """
        city = self.city
        index = city.cost_index[year]
        span, minimum, fewer = series.span, series.minimum, series.fewer
        reached = []
        entries = zip(
            series.purses, series.editions, series.costs, series.work, series.contacts,
            self._open(series, day), strict=True,
        )  # fmt: skip
        for i, (purse, editions, cost, work, contacts, open_share) in enumerate(entries):
            scale, reason = open_share, REASONS[2]
            need = work / span
            if need * scale > staff[i]:
                scale, reason = staff[i] / need, REASONS[1]
            full = cost * index
            yuan = round(full * scale)
            uncommitted = purse.uncommitted
            if yuan > uncommitted:
                yuan = uncommitted
                scale, reason = yuan / full, REASONS[0]
            held = math.floor(editions * scale + 1e-9) if fewer else editions
            if scale <= 0.0 or scale < minimum or not held:
                held, scale = 0, 0.0
            else:
                purse.pay(series.payee, yuan)
                staff[i] -= need * scale
                self.staff_days += work * scale
            series.held += held
            if held < editions:
                series.lost[reason] += editions - held
            reached.append(contacts * scale)
            if city.tracing and editions:
                self._tell(series, i, held, scale, yuan if scale else 0, reason)
        self.contacts += sum(reached)
        if series.places[0] is None:
            city.exposure.add("events", year, reached[0], None)
        else:
            city.exposure.add_by_place("events", year, reached)

    def _open(self, series: Series, day: int) -> Sequence[float]:
        shocks = self.city.shocks
        if series.places[0] is None:
            return [shocks.left("closure", day, None, series.group)]
        if not shocks.has("closure"):
            return [1.0] * len(series.places)
        left: list[float] = shocks.left_by_place("closure", day, series.group).tolist()
        return left

    def _tell(
        self, series: Series, i: int, held: int, scale: float, yuan: int, reason: str
    ) -> None:
        planned = series.editions[i]
        if scale == 0.0:
            event, detail = "called off", reason
        elif scale < 1.0:
            event = "held on a smaller scale"
            detail = f"{held} of {planned} at {scale:.3f}, {reason}, {yuan}"
        else:
            event, detail = "held", f"{held} of {planned}, {yuan}"
        self.city.log("activities", f"events {series.name}", event, detail, series.places[i])

    # ------------------------------------------------------------------ what is measured

    def reader(self, row: TargetRow) -> Callable[[], float]:
        """Editions held of the series that the target names."""
        counted = self._counted(row)
        return lambda: float(sum([series.held for series in counted]))

    def _counted(self, row: TargetRow) -> list[Series]:
        measure = row.spec.measured_by
        assert isinstance(measure, EventsMeasure), "the books ask for events"
        return [self.series[name] for name in measure.series]

    def usual_contacts(self, kind: str) -> Floats:
        """What the series that were held before the plan reached in a year, on its usual scale."""
        usual = np.zeros(len(self.city.districts))
        section = self.city.plan.spec.events
        assert section is not None, "looked at when it was set up"
        for name, series in self.series.items() if kind == "events" else ():
            spec = section.series[name]
            reached = series.reach * len(spec.dates) * np.array(series.editions)
            if spec.running:
                usual += reached * (self.city.exposure.share if spec.place == "city" else 1.0)
        return usual * self.city.draw[section.usual_scale]

    def readings(self) -> list[float]:
        """Editions held, persons reached and days worked since the start, of all series."""
        held = sum(series.held for series in self.series.values())
        return [float(held), self.contacts, self.staff_days]

    def unmet(self, row: TargetRow, missing: int) -> dict[str, int]:
        """Editions not held, by reason; beyond those, too few were scheduled."""
        counted = self._counted(row)
        reasons = {}
        for reason in REASONS:
            reasons[reason] = min(missing, sum(series.lost[reason] for series in counted))
            missing -= reasons[reason]
        return reasons | {"not_scheduled": missing}
