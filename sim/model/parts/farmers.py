"""Courses for farmers: seats, money, and how many people sit in one for the first time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.model.kernel.calendar import Phase
from sim.model.kernel.exact import largest_remainder
from sim.model.kernel.streams import entity_keys
from sim.model.parts.part import Mechanism, Process
from sim.plan.plan import TargetRow

if TYPE_CHECKING:
    from sim.model.city import City

Floats = npt.NDArray[np.float64]


class Farmers(Mechanism):
    """Farmers trained in the districts that hold courses; arrays have one entry for each of these.

    Attributes:
        places: positions of these districts among all.
        trained: persons who have been in a course, before the start or since.
        unpaid: seats since the start that the purses could not pay.
        closed: seats since the start that closures took.
    """

    def __init__(self, city: City) -> None:
        super().__init__(city)
        section, draw = city.plan.spec.farmers, city.draw
        assert section is not None, "the registry sets up mechanisms that have their section"
        self._section = section
        self.places = [i for i, d in enumerate(city.districts) if d.zone in section.zones]
        districts = [city.districts[i] for i in self.places]
        self._keys = entity_keys("farmers", [d.adcode for d in districts])
        self._ties = [city.place_ties[i] for i in self.places]
        rural = [round(d.population * draw[section.zones[d.zone]]) for d in districts]
        self._eligible = np.floor(np.array(rural) * draw[section.eligible_share])
        self._purses = [city.district_purses[section.group][i] for i in self.places]
        self._payee = city.ledger.account(f"courses:{section.group}")
        start = round(self.baseline("farmers"))
        self.trained = self._spread(start, rural)
        sessions = len(section.sessions) * len(city.calendar.years)
        seats = round(draw[section.seats] * len(city.calendar.years))
        self._seats = [
            self._spread(part, rural)
            for part in largest_remainder(seats, [1] * sessions, list(range(sessions)))
        ]
        self._total = float(start)
        self.unpaid = 0
        self.closed = 0

    def _spread(self, persons: int, rural: list[int]) -> Floats:
        """Persons by district, in proportion to the rural population."""
        return np.array(largest_remainder(persons, rural, self._ties), dtype=np.float64)

    def processes(self) -> Iterable[Process]:
        """The sessions."""
        return (self._sessions(),)

    def _sessions(self) -> Process:
        """Courses on the same days of every year, in all these districts at once."""
        city, calendar = self.city, self.city.calendar
        days = sorted(
            (calendar.day_of(year, when), index)
            for index, year in enumerate(calendar.years)
            for when in self._section.sessions
        )
        uniforms = city.streams.uniform("farmers", self._keys, np.arange(len(days))[:, None])
        for i, (day, year) in enumerate(days):
            yield city.clock.at(day, Phase.PLANNING)
            self._hold(day, year, self._seats[i], uniforms[i])
            city.books.changed("farmers")

    def _hold(self, day: int, year: int, seats: Floats, u: Floats) -> None:
        """One session: seats that are open and paid for, and the persons new in them.

        A seat goes to anybody eligible, so of the seats that share is taken by new persons which
        new ones have among the eligible; a drawn number decides about the fraction of a person.
        """
        city, section = self.city, self._section
        left = city.shocks.left_by_place("closure", day, section.group)[self.places]
        offered = np.floor(seats * left)
        price = city.draw[section.cost] * city.draw[section.purse_share] * city.cost_index[year]
        filled = self._pay(offered, price)
        untrained = np.maximum(self._eligible - self.trained, 0.0)
        new = np.floor(filled * untrained / np.maximum(self._eligible, 1.0) + u)
        new = np.minimum(new, np.minimum(filled, untrained))
        self.trained += new
        self._total += float(new.sum())
        self.closed += int((seats - offered).sum())
        self.unpaid += int((offered - filled).sum())
        city.exposure.contacts["training"][year, self.places] += filled
        if city.tracing:
            for place, persons, fresh in zip(self.places, filled, new, strict=True):
                city.log("planning", "farmers", "trained", f"{persons:g}, {fresh:g} new", place)

    def _pay(self, offered: Floats, price: float) -> Floats:
        """Pay for as many of the seats as the purses can, and say how many these are.

        Courses have what no claim in the queue and no unpaid instalment needs, and at least their
        part of the year's announced money, as far as completion payments leave it.
        """
        part = self.city.draw[self._section.earmark] / len(self._section.sessions)
        filled = []
        for purse, seats in zip(self._purses, offered.tolist(), strict=True):
            own = min(int(part * sum(purse.announced)), purse.balance - purse.completions)
            free = max(own, purse.uncommitted)
            persons = seats if seats * price <= free else float(free // price)
            purse.pay(self._payee, min(free, round(persons * price)))
            filled.append(persons)
        return np.array(filled)

    def reader(self, row: TargetRow) -> Callable[[], float]:
        """Persons trained in all these districts."""
        return lambda: self._total

    @classmethod
    def has_districts(cls, row: TargetRow) -> bool:
        """Courses are held in districts."""
        return True

    def by_district(self, row: TargetRow) -> list[float]:
        """Persons trained by district; none (NaN) where no courses are held."""
        values = np.full(len(self.city.districts), np.nan)
        values[self.places] = self.trained
        persons: list[float] = values.tolist()
        return persons

    def unmet(self, row: TargetRow, missing: int) -> dict[str, int]:
        """Seats that could not be paid come first, then those that were closed.

        The rest is too few seats, or, once everybody eligible has been trained, too few people.
        """
        no_money = min(missing, self.unpaid)
        closed = min(missing - no_money, self.closed)
        rest = missing - no_money - closed
        untrained = int((self._eligible - self.trained).clip(0.0).sum())
        seats = min(rest, untrained)
        return {
            "no_money": no_money,
            "closed": closed,
            "seats": seats,
            "no_candidate": rest - seats,
        }
