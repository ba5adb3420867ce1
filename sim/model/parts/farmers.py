"""Courses for farmers: seats, money, and how many people sit in one for the first time."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from sim.model.kernel.clock import Phase, Process
from sim.model.kernel.exact import largest_remainder
from sim.model.kernel.facts import Kind, Sort
from sim.model.kernel.measure import PERSONS
from sim.model.kernel.streams import entity_keys
from sim.model.kernel.world import World
from sim.model.money.envelope import Envelopes
from sim.model.parts.part import Part, PartMeasure
from sim.model.parts.reach import Reach
from sim.plan.plan import TargetRow

Floats = npt.NDArray[np.float64]

FARMERS = Sort("farmers", "farmers")
TRAINED = Kind("trained", Phase.PLANNING, "{count}, {new} new")


class Trained(PartMeasure["Farmers"]):
    """Persons who have been in a course, by district."""

    type = "farmers"

    def value(self) -> float:
        """Persons trained in all districts with courses."""
        return self.part.total

    @classmethod
    def has_districts(cls, row: TargetRow) -> bool:
        """Courses are held in districts."""
        return True

    def by_district(self) -> list[float]:
        """Persons trained by district; none (NaN) where no courses are held."""
        values = np.full(len(self.part.world.districts), np.nan)
        values[self.part.places] = self.part.trained
        persons: list[float] = values.tolist()
        return persons

    @classmethod
    def missing_in(cls, row: TargetRow) -> str:
        """Persons."""
        return PERSONS

    def unmet(self, missing: int) -> dict[str, int]:
        """Seats that could not be paid come first, then those that were closed.

        The rest is too few seats, or, once everybody eligible has been trained, too few people.
        """
        part = self.part
        no_money = min(missing, part.unpaid)
        closed = min(missing - no_money, part.closed)
        rest = missing - no_money - closed
        untrained = int((part.eligible - part.trained).clip(0.0).sum())
        seats = min(rest, untrained)
        return {
            "no_money": no_money,
            "closed": closed,
            "seats": seats,
            "no_candidate": rest - seats,
        }


class Farmers(Part):
    """Farmers trained in the districts that hold courses; arrays have one entry for each of these.

    Attributes:
        places: positions of these districts among all.
        eligible: persons who may come.
        trained: persons who have been in a course, before the start or since; ``total``: their sum.
        unpaid: seats since the start that the envelopes could not pay.
        closed: seats since the start that closures took.
    """

    section = "farmers"
    needs = (Envelopes, Reach)
    measures = (Trained,)

    def __init__(self, world: World, envelopes: Envelopes, reach: Reach) -> None:
        super().__init__(world)
        self._reach = reach
        section, draw = world.plan.spec.farmers, world.draw
        assert section is not None, "the city has parts whose section there is"
        self._section = section
        self.places = [i for i, d in enumerate(world.districts) if d.zone in section.zones]
        districts = [world.districts[i] for i in self.places]
        self._keys = entity_keys("farmers", [d.adcode for d in districts])
        self._ties = [world.ties[i] for i in self.places]
        rural = [round(d.population * draw[section.zones[d.zone]]) for d in districts]
        self.eligible = np.floor(np.array(rural) * draw[section.eligible_share])
        self._envelopes = [envelopes.districts[section.group][i] for i in self.places]
        self._payee = world.ledger.account(f"courses:{section.group}")
        start = round(world.baseline_of("farmers"))
        self.trained = self._spread(start, rural)
        sessions = len(section.sessions) * len(world.calendar.years)
        seats = round(draw[section.seats] * len(world.calendar.years))
        self._seats = [
            self._spread(part, rural)
            for part in largest_remainder(seats, [1] * sessions, list(range(sessions)))
        ]
        self.total = float(start)
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
        world, calendar = self.world, self.world.calendar
        days = sorted(
            (calendar.day_of(year, when), index)
            for index, year in enumerate(calendar.years)
            for when in self._section.sessions
        )
        uniforms = world.streams.uniform("farmers", self._keys, np.arange(len(days))[:, None])
        for i, (day, year) in enumerate(days):
            yield world.clock.at(day, Phase.PLANNING)
            self._hold(day, year, self._seats[i], uniforms[i])
            world.changed("farmers")

    def _hold(self, day: int, year: int, seats: Floats, u: Floats) -> None:
        """One session: seats that are open and paid for, and the persons new in them.

        A seat goes to anybody eligible, so of the seats that share is taken by new persons which
        new ones have among the eligible; a drawn number decides about the fraction of a person.
        """
        world, section = self.world, self._section
        left = world.shocks.left_by_place("closure", day, section.group)[self.places]
        offered = np.floor(seats * left)
        price = world.draw[section.cost] * world.draw[section.purse_share] * world.cost_index[year]
        filled = self._pay(offered, price)
        untrained = np.maximum(self.eligible - self.trained, 0.0)
        new = np.floor(filled * untrained / np.maximum(self.eligible, 1.0) + u)
        new = np.minimum(new, np.minimum(filled, untrained))
        self.trained += new
        self.total += float(new.sum())
        self.closed += int((seats - offered).sum())
        self.unpaid += int((offered - filled).sum())
        self._reach.add_in("training", year, self.places, filled)
        if world.tracing:
            for place, persons, fresh in zip(self.places, filled, new, strict=True):
                world.fact(TRAINED, FARMERS(), place=place, count=int(persons), new=int(fresh))

    def _pay(self, offered: Floats, price: float) -> Floats:
        """Pay for as many of the seats as the envelopes can, and say how many these are.

        Courses have what no claim in the queue and no unpaid instalment needs, and at least their
        part of the year's announced money, as far as completion payments leave it.
        """
        part = self.world.draw[self._section.earmark] / len(self._section.sessions)
        filled = []
        for envelope, seats in zip(self._envelopes, offered.tolist(), strict=True):
            own = min(
                int(part * sum(envelope.announced)), envelope.balance() - envelope.completions
            )
            free = max(own, envelope.uncommitted())
            persons = seats if seats * price <= free else float(free // price)
            envelope.pay(self._payee, min(free, round(persons * price)))
            filled.append(persons)
        return np.array(filled)
