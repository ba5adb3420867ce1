"""Registered volunteers: a flow of registrations in every district, and those who drop out."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from sim.model.kernel.clock import Phase, Process
from sim.model.kernel.exact import BinomialQuantile, largest_remainder, poisson_quantile
from sim.model.kernel.facts import Kind, Sort
from sim.model.kernel.measure import PERSONS
from sim.model.kernel.streams import entity_keys
from sim.model.kernel.world import World
from sim.model.parts.part import Part, PartMeasure
from sim.model.parts.reach import Reach
from sim.model.parts.regulation import Regulation
from sim.plan.plan import TargetRow

VOLUNTEERS = Sort("volunteers", "volunteers")
REGISTERED = Kind("registered", Phase.APPOINTMENTS, "{new} new, {left} dropped out")

Floats = npt.NDArray[np.float64]

QUARTERS = 4
_PER_RESIDENTS = 100_000
_PER_CONTACTS = 10_000


class Registered(PartMeasure["Volunteers"]):
    """Registered volunteers, by the district in which they live."""

    type = "volunteers"

    def value(self) -> float:
        """Volunteers of the whole city."""
        return float(self.part.total)

    @classmethod
    def has_districts(cls, row: TargetRow) -> bool:
        """Volunteers register where they live."""
        return True

    @classmethod
    def missing_in(cls, row: TargetRow) -> str:
        """Persons."""
        return PERSONS

    def by_district(self) -> list[float]:
        """Volunteers by district."""
        persons: list[float] = self.part.registered.tolist()
        return persons

    def unmet(self, missing: int) -> dict[str, int]:
        """Those who dropped out and were not replaced; the rest never registered."""
        attrition = min(missing, max(0, self.part.start - self.part.total))
        return {"no_candidate": missing - attrition, "attrition": attrition}


class Volunteers(Part):
    """Volunteers of all districts; arrays have one entry per district.

    Attributes:
        registered: volunteers at present; ``total`` is their sum, ``start`` that of the start.
    """

    section = "volunteers"
    needs = (Reach, Regulation)
    measures = (Registered,)

    def __init__(self, world: World, reach: Reach, regulation: Regulation | None) -> None:
        super().__init__(world)
        self._reach = reach
        self._regulation = regulation
        section, draw = world.plan.spec.volunteers, world.draw
        assert section is not None, "the city has parts whose section there is"
        population = [d.population for d in world.districts]
        start = round(world.baseline_of("volunteers"))
        self.registered = np.array(
            largest_remainder(start, population, world.ties), dtype=np.float64
        )
        self._by_themselves = np.array(population) * (
            draw[section.registration_rate] / _PER_RESIDENTS / QUARTERS
        )
        self._brought_by = {
            "events": draw[section.per_contact] / _PER_CONTACTS,
            "visits": draw[section.per_visit] / _PER_CONTACTS,
        }
        self._regulation_effect = draw[section.regulation_effect]
        leaving = 1.0 - (1.0 - draw[section.drop_out]) ** (1.0 / QUARTERS)
        self._leavers = BinomialQuantile(np.full(len(population), leaving))
        self._seen = dict.fromkeys(self._brought_by, 0.0 * self._by_themselves)
        self.start = self.total = start

    def processes(self) -> Iterable[Process]:
        """The quarters."""
        return (self._quarters(),)

    def _quarters(self) -> Process:
        """At the end of every quarter: some drop out, others have registered."""
        world = self.world
        ends = world.calendar.quarter_ends
        keys = entity_keys("volunteers", [d.adcode for d in world.districts])
        uniforms = world.streams.uniform("volunteers", keys, np.arange(2 * len(ends))[:, None])
        first = 0
        for i, day in enumerate(ends):
            # After the contacts of the quarter have been counted.
            yield world.clock.at(day, Phase.APPOINTMENTS)
            self._turn_over(uniforms[2 * i], uniforms[2 * i + 1], self._expected(first, day))
            world.changed("volunteers")
            first = day + 1

    def _turn_over(self, leaving: Floats, arriving: Floats, expected: Floats) -> None:
        left = self._leavers(leaving, self.registered)
        came = poisson_quantile(arriving, expected)
        self.registered += came - left
        out, new = int(left.sum()), int(came.sum())
        self.total += new - out
        self.world.fact(REGISTERED, VOLUNTEERS(), new=new, left=out)

    def _expected(self, first: int, last: int) -> Floats:
        """Mean registrations by district in the quarter from day ``first`` to today, ``last``.

        The regulation multiplies those of the days on which it is in force.
        """
        expected = self._by_themselves.copy()
        for kind, share in self._brought_by.items():
            contacts = self._reach.contacts[kind].sum(axis=0)
            expected += share * (contacts - self._seen[kind])
            self._seen[kind] = contacts
        in_force = 0.0 if self._regulation is None else self._regulation.in_force(first, last)
        expected *= 1.0 + (self._regulation_effect - 1.0) * in_force
        return expected
