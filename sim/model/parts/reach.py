"""How many people science popularization reaches, by district and year."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from simpy.events import Event

from sim.model.kernel.calendar import Phase

if TYPE_CHECKING:
    from sim.model.city import City
    from sim.model.works.programme import Programme

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

VISITS = "visits"
MEDIA = "media"
KINDS = (VISITS, "events", MEDIA, "training")
"""Kinds of contacts. Events and training are counted by those who hold them; visits, and the
media contacts of what stands (a programme on the air, a journal), at the end of every quarter."""


class Exposure:
    """Contacts between people and science popularization, counted by kind, year and district.

    A contact is one person at one event, before one programme or journal, in one course, or on one
    visit to a facility.

    Attributes:
        contacts: by kind an array (years, districts) of persons.
        sites: what draws visits or media contacts; None until it is first asked for, when all that
            stood at the start is known.
    """

    def __init__(self, years: int, population: Sequence[int]) -> None:
        self.share = np.array(population) / sum(population)
        self.contacts = {kind: np.zeros((years, len(population))) for kind in KINDS}
        self.sites: list[_Sites] | None = None

    def add(self, kind: str, year: int, persons: float, place: int | None) -> None:
        """Count ``persons`` reached in a district, or in the whole city (None) by population."""
        if place is None:
            self.contacts[kind][year] += persons * self.share
        else:
            self.contacts[kind][year, place] += persons

    def add_by_place(self, kind: str, year: int, persons: Sequence[float]) -> None:
        """Count persons reached in every district, in the order of places."""
        self.contacts[kind][year] += persons


class _Sites:
    """What stands of all programmes of one kind whose running cost one sort of purse answers for.

    Attributes:
        old: contacts a year by district of what stood at the start.
    """

    def __init__(self, city: City, kind: str, programmes: Sequence[Programme]) -> None:
        self.kind = kind
        self.group = programmes[0].spec.group
        self._programmes = programmes
        self._purses = programmes[0].operators
        self._visits = np.array([[programme.visits] for programme in programmes])
        self._share = city.draw["existing_run_share"]
        self.old = self._drawn([programme.existing for programme in programmes])
        self._new = np.zeros_like(self.old)
        self._opened = 0  # units that ``_new`` stands for

    def _drawn(self, units: Sequence[npt.ArrayLike]) -> Floats:
        drawn: Floats = np.add.reduce(self._visits * np.array(units))
        return drawn

    def _drawn_by_new(self) -> Floats:
        opened = sum([programme.total_open for programme in self._programmes])
        if opened != self._opened:
            self._opened = opened
            self._new = self._drawn([programme.open_units for programme in self._programmes])
        return self._new

    def rate(self) -> Floats:
        """Contacts a year by district at today's service.

        Of what stood at the start only a share of the running cost falls on the purse: what others
        pay keeps the rest of its visits, whatever the purse can pay.
        """
        services = [purse.service for purse in self._purses]
        new = self._drawn_by_new()
        if min(services) == 1.0:
            return new + self.old
        service = np.array(services)
        rate: Floats = service * new + (1.0 - self._share * (1.0 - service)) * self.old
        return rate


def _sites(city: City) -> list[_Sites]:
    """All sites, in the order of kinds and of the names of their programmes."""
    sorts: dict[tuple[str, str, str], list[Programme]] = {}
    for programme in city.programmes.values():
        if programme.visits:
            spec = programme.spec
            kind = MEDIA if spec.citywide else VISITS
            sorts.setdefault((kind, spec.group, spec.place), []).append(programme)
    return [_Sites(city, kind, programmes) for (kind, _, _), programmes in sorts.items()]


Rates = dict[tuple[str, str], Floats]
"""Contacts a year by (kind, programme group): an array over districts."""


def rates(city: City, kinds: Sequence[str] = KINDS) -> Rates:
    """Contacts a year that what stands draws at today's service, closures left aside."""
    exposure = city.exposure
    if exposure.sites is None:
        exposure.sites = _sites(city)
    by_kind: Rates = {}
    for sites in exposure.sites:
        if sites.kind not in kinds:
            continue
        rate = sites.rate()
        if sites.kind == MEDIA:
            rate = rate.sum() * exposure.share
        key = (sites.kind, sites.group)
        by_kind[key] = by_kind[key] + rate if key in by_kind else rate
    return by_kind


def visits(city: City) -> Floats:
    """Visits a year that the facilities of every district draw at today's service and closures."""
    drawn = np.zeros(len(city.districts))
    today = city.clock.today
    for (_, group), rate in rates(city, (VISITS,)).items():
        drawn += rate * city.shocks.left_by_place("closure", today, group)
    return drawn


def quarters(city: City) -> Generator[Event, None, None]:
    """At the end of every quarter, count the visits and media contacts that it has brought.

    The rate of a quarter is the mean of those at its two ends; closures take their share for as
    many of its days as they last. They concern visits: nobody leaves home for the media.
    """
    days_of_year = np.diff([-1, *city.calendar.year_ends]).tolist()
    before, first = rates(city), 0
    for day in city.calendar.quarter_ends:
        yield city.clock.at(day, Phase.STAFF)
        now, year = rates(city), city.calendar.year_index(day)
        for (kind, group), rate in now.items():
            mean = (rate + before[kind, group]) / 2.0
            if kind == VISITS:
                mean *= city.shocks.mean_left_by_place("closure", first, day, group)
            city.exposure.contacts[kind][year] += mean * ((day + 1 - first) / days_of_year[year])
        before, first = now, day + 1
