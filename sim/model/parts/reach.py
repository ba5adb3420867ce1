"""How many people science popularization reaches, by district and year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from sim.model.kernel.clock import Phase, Process
from sim.model.kernel.world import World
from sim.model.parts.part import Part
from sim.model.works.programme import Programme, Programmes

Floats = npt.NDArray[np.float64]

VISITS = "visits"
MEDIA = "media"
KINDS = (VISITS, "events", MEDIA, "training")
"""Kinds of contacts. Events and training are counted by those who hold them; visits, and the
media contacts of what stands (a programme on the air, a journal), at the end of every quarter."""

Rates = dict[tuple[str, str], Floats]
"""Contacts a year by (kind, programme group): an array over districts."""


class Reach(Part):
    """Contacts between people and science popularization, counted by kind, year and district.

    A contact is one person at one event, before one programme or journal, in one course, or on one
    visit to a facility.

    Attributes:
        contacts: by kind an array (years, districts) of persons.
        share: of the city's population, by district.
    """

    needs = (Programmes,)
    parameters = ("existing_run_share",)

    def __init__(self, world: World, programmes: Programmes) -> None:
        super().__init__(world)
        population = [d.population for d in world.districts]
        shape = len(world.calendar.years), len(population)
        self.share = np.array(population) / sum(population)
        self.contacts = {kind: np.zeros(shape) for kind in KINDS}
        self._usual = {kind: np.zeros(len(population)) for kind in KINDS}
        self._sites = _sites(world, programmes)

    def add(self, kind: str, year: int, persons: float, place: int | None) -> None:
        """Count ``persons`` reached in a district, or in the whole city (None) by population."""
        if place is None:
            self.contacts[kind][year] += persons * self.share
        else:
            self.contacts[kind][year, place] += persons

    def add_by_place(self, kind: str, year: int, persons: Sequence[float]) -> None:
        """Count persons reached in every district, in the order of places."""
        self.contacts[kind][year] += persons

    def add_in(self, kind: str, year: int, places: Sequence[int], persons: Floats) -> None:
        """Count persons reached in some districts, given by their positions."""
        self.contacts[kind][year, places] += persons

    def was_usual(self, kind: str, persons: Floats) -> None:
        """Say how many were reached a year before the plan by what does not stand, by district."""
        self._usual[kind] += persons

    def usual(self, kind: str) -> Floats:
        """Contacts a year that the city itself brought at the start, by district."""
        usual = np.zeros(len(self.share))
        for (of, _), rate in self.rates().items():
            if of == kind:
                usual += rate
        return usual + self._usual[kind]

    def rates(self, kinds: Sequence[str] = KINDS) -> Rates:
        """Contacts a year that what stands draws at today's service, closures left aside."""
        by_kind: Rates = {}
        for sites in self._sites:
            if sites.kind not in kinds:
                continue
            rate = sites.rate()
            if sites.kind == MEDIA:
                rate = rate.sum() * self.share
            key = (sites.kind, sites.group)
            by_kind[key] = by_kind[key] + rate if key in by_kind else rate
        return by_kind

    def visits(self) -> Floats:
        """Visits a year that the facilities of every district draw, at today's closures as well."""
        drawn = np.zeros(len(self.share))
        shocks, today = self.world.shocks, self.world.clock.today
        for (_, group), rate in self.rates((VISITS,)).items():
            drawn += rate * shocks.left_by_place("closure", today, group)
        return drawn

    def processes(self) -> Iterable[Process]:
        """The quarters."""
        return (self._quarters(),)

    def _quarters(self) -> Process:
        """At the end of every quarter, count the visits and media contacts that it has brought.

        The rate of a quarter is the mean of those at its two ends; closures take their share for as
        many of its days as they last. They concern visits: nobody leaves home for the media.
        """
        calendar, shocks = self.world.calendar, self.world.shocks
        days_of_year = np.diff([-1, *calendar.year_ends]).tolist()
        before, first = self.rates(), 0
        for day in calendar.quarter_ends:
            yield self.world.clock.at(day, Phase.STAFF)
            now, year = self.rates(), calendar.year_index(day)
            for (kind, group), rate in now.items():
                mean = (rate + before[kind, group]) / 2.0
                if kind == VISITS:
                    mean *= shocks.mean_left_by_place("closure", first, day, group)
                self.contacts[kind][year] += mean * ((day + 1 - first) / days_of_year[year])
            before, first = now, day + 1


class _Sites:
    """What stands of all programmes of one kind for which one sort of envelope answers.

    Attributes:
        old: contacts a year by district of what stood at the start.
    """

    def __init__(self, world: World, kind: str, programmes: Sequence[Programme]) -> None:
        self.kind = kind
        self.group = programmes[0].spec.group
        self._programmes = programmes
        self._envelopes = programmes[0].operators
        self._visits = np.array([[programme.visits] for programme in programmes])
        self._share = world.draw["existing_run_share"]
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
            opened_here = [np.asarray(programme.open_units) for programme in self._programmes]
            self._new = self._drawn(opened_here)
        return self._new

    def rate(self) -> Floats:
        """Contacts a year by district at today's service.

        Of what stood at the start only a share of the running cost falls on the envelope: what
        others pay keeps the rest of its visits, whatever the envelope can pay.
        """
        services = [envelope.service for envelope in self._envelopes]
        new = self._drawn_by_new()
        if min(services) == 1.0:
            return new + self.old
        service = np.array(services)
        rate: Floats = service * new + (1.0 - self._share * (1.0 - service)) * self.old
        return rate


def _sites(world: World, programmes: Mapping[str, Programme]) -> list[_Sites]:
    """All sites, in the order of kinds and of the names of their programmes."""
    sorts: dict[tuple[str, str, str], list[Programme]] = {}
    for programme in programmes.values():
        if programme.visits:
            spec = programme.spec
            kind = MEDIA if spec.citywide else VISITS
            sorts.setdefault((kind, spec.group, spec.place), []).append(programme)
    return [_Sites(world, kind, programmes) for (kind, _, _), programmes in sorts.items()]
