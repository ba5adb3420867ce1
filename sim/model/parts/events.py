"""Events: what is held on a date, how large, for how many people, and what was called off."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter

import numpy as np
import numpy.typing as npt

from sim.config.schema import Events as EventsSection
from sim.config.schema import EventSeries, EventsMeasure
from sim.model.kernel.clock import Phase, Process
from sim.model.kernel.facts import Kind, Sort
from sim.model.kernel.streams import name_key
from sim.model.kernel.world import World
from sim.model.money.envelope import Envelopes
from sim.model.parts.part import Part, PartMeasure
from sim.model.parts.people import People
from sim.model.parts.reach import Reach
from sim.plan.plan import TargetRow

Floats = npt.NDArray[np.float64]

REASONS = ("no_money", "no_people", "closed", "not_yet_allowed")
"""Why an edition was not held, in the order in which missing ones are explained."""

EVENTS = Sort("events", "events {series}")
HELD = Kind("held", Phase.ACTIVITIES, "{count} of {total}, {money}")
HELD_SMALLER = Kind(
    "held on a smaller scale",
    Phase.ACTIVITIES,
    "{count} of {total} at {share:.3f}, {reason}, {money}",
)
CALLED_OFF = Kind("called off", Phase.ACTIVITIES, "{reason}")

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

    def __init__(self, world: World, envelopes: Envelopes, name: str, spec: EventSeries) -> None:
        draw = world.draw
        self.name = name
        self.group = spec.group
        self.cost = draw[spec.cost]
        self.staff = draw[spec.staff]
        self.reach = draw[spec.reach]
        self.minimum = 0.0 if spec.minimum_scale is None else draw[spec.minimum_scale]
        self.fewer = spec.minimum_scale is None
        self.payee = world.ledger.account(f"organisers:{spec.group}")
        self.held = 0
        self.lost = dict.fromkeys(REASONS, 0)
        population = [district.population for district in world.districts]
        self.places: list[int | None]
        if spec.place == "city":
            self.places = [None]
            self.envelopes = [envelopes.city[spec.group]]
            population = [sum(population)]
        else:
            self.places = list(range(len(population)))
            self.envelopes = envelopes.districts[spec.group]
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


class Editions(PartMeasure["Events"]):
    """Editions held of the series that the target names."""

    type = "events"

    def __init__(self, row: TargetRow, part: Events) -> None:
        super().__init__(row, part)
        measure = row.spec.measured_by
        assert isinstance(measure, EventsMeasure), "made for targets of this type"
        self._counted = [part.series[name] for name in measure.series]

    def value(self) -> float:
        """Editions."""
        return float(sum([series.held for series in self._counted]))

    def unmet(self, missing: int) -> dict[str, int]:
        """Editions not held, by reason; beyond those, too few were scheduled."""
        reasons = {}
        for reason in REASONS:
            reasons[reason] = min(missing, sum(series.lost[reason] for series in self._counted))
            missing -= reasons[reason]
        return reasons | {"not_scheduled": missing}


class Events(Part):
    """All series of the plan, and the days on which they are held.

    Attributes:
        series: by name.
        staff_days: days that people have worked at events.
        contacts: persons reached by events.
    """

    section = "events"
    needs = (Envelopes, People, Reach)
    measures = (Editions,)
    indicators = ("events_held", "event_contacts", "event_staff_days")

    def __init__(self, world: World, envelopes: Envelopes, people: People, reach: Reach) -> None:
        super().__init__(world)
        self._people = people
        self._reach = reach
        section = world.plan.spec.events
        assert section is not None, "the city has parts whose section there is"
        self._available = world.draw[section.staff_available]
        # In the order of names, not of the input: sums over them are to be the same.
        self.series = {
            n: Series(world, envelopes, n, section.series[n]) for n in sorted(section.series)
        }
        self.staff_days = 0.0
        self.contacts = 0.0
        self._tell_what_was_usual(section)

    def _tell_what_was_usual(self, section: EventsSection) -> None:
        """What the series that were held before the plan reached in a year, on its usual scale."""
        usual = np.zeros(len(self.world.districts))
        for name, series in self.series.items():
            spec = section.series[name]
            reached = series.reach * len(spec.dates) * np.array(series.editions)
            if spec.running:
                usual += reached * (self._reach.share if spec.place == "city" else 1.0)
        self._reach.was_usual("events", usual * self.world.draw[section.usual_scale])

    # ------------------------------------------------------------------ the year's events

    def processes(self) -> Iterable[Process]:
        """The days of the calendar on which something is held."""
        return (self._calendar(),)

    def _calendar(self) -> Process:
        """Every day with events: all of them in a drawn order, after the day's claims."""
        world = self.world
        for day, entries in groupby(self._agenda(), itemgetter(0)):
            yield world.clock.at(day, Phase.ACTIVITIES)
            year = world.calendar.year_index(day)
            due = [self.series[name] for _, _, name in entries]
            in_city = [self._people.total("broad") * self._available]
            in_districts: list[float] = []
            if any(series.places[0] is not None for series in due):
                in_districts = (self._people.persons("broad") * self._available).tolist()
            for series in due:
                self._hold(series, day, year, in_districts if series.places[0] == 0 else in_city)
            world.changed("events")

    def _agenda(self) -> list[tuple[int, float, str]]:
        """(day, drawn number, series) in order; dates before a new series may start are lost."""
        world, calendar = self.world, self.world.calendar
        section = world.plan.spec.events
        assert section is not None, "looked at when it was set up"
        issued = calendar.day(world.plan.spec.issued)
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
        ties = world.streams.uniform("tie/event", np.array([keys[name] for name in names]), days)
        return sorted(zip(days, ties.tolist(), names, strict=True))

    def _hold(self, series: Series, day: int, year: int, staff: list[float]) -> None:
        """Hold one date's editions of a series at all its places, each on the scale it can have.

        The scale is the smallest of the shares that closures leave, that the staff still free on
        this day can do (``staff`` is used up), and that the envelope can pay out of what nobody
        else has a claim to.
        """
        world = self.world
        index = world.cost_index[year]
        span, minimum, fewer = series.span, series.minimum, series.fewer
        reached = []
        entries = zip(
            series.envelopes, series.editions, series.costs, series.work, series.contacts,
            self._open(series, day), strict=True,
        )  # fmt: skip
        for i, (envelope, editions, cost, work, contacts, open_share) in enumerate(entries):
            scale, reason = open_share, REASONS[2]
            need = work / span
            if need * scale > staff[i]:
                scale, reason = staff[i] / need, REASONS[1]
            full = cost * index
            yuan = round(full * scale)
            uncommitted = envelope.uncommitted()
            if yuan > uncommitted:
                yuan = uncommitted
                scale, reason = yuan / full, REASONS[0]
            held = math.floor(editions * scale + 1e-9) if fewer else editions
            if scale <= 0.0 or scale < minimum or not held:
                held, scale = 0, 0.0
            else:
                envelope.pay(series.payee, yuan)
                staff[i] -= need * scale
                self.staff_days += work * scale
            series.held += held
            if held < editions:
                series.lost[reason] += editions - held
            reached.append(contacts * scale)
            if world.tracing and editions:
                self._tell(series, i, held, scale, yuan if scale else 0, reason)
        self.contacts += sum(reached)
        if series.places[0] is None:
            self._reach.add("events", year, reached[0], None)
        else:
            self._reach.add_by_place("events", year, reached)

    def _open(self, series: Series, day: int) -> Sequence[float]:
        shocks = self.world.shocks
        if series.places[0] is None:
            return [shocks.left("closure", day, None, series.group)]
        if not shocks.has("closure"):
            return [1.0] * len(series.places)
        left: list[float] = shocks.left_by_place("closure", day, series.group).tolist()
        return left

    def _tell(
        self, series: Series, i: int, held: int, scale: float, yuan: int, reason: str
    ) -> None:
        who, place, planned = EVENTS(series=series.name), series.places[i], series.editions[i]
        if scale == 0.0:
            self.world.fact(CALLED_OFF, who, place=place, reason=reason)
        elif scale < 1.0:
            share = round(float(scale), 3)
            self.world.fact(
                HELD_SMALLER, who, place=place,
                count=held, total=planned, share=share, reason=reason, money=yuan,
            )  # fmt: skip
        else:
            self.world.fact(HELD, who, place=place, count=held, total=planned, money=yuan)

    def readings(self) -> list[float]:
        """Editions held, persons reached and days worked since the start, of all series."""
        held = sum(series.held for series in self.series.values())
        return [float(held), self.contacts, self.staff_days]
