"""Registered volunteers: a flow of registrations in every district, and those who drop out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.model.kernel.calendar import Phase
from sim.model.kernel.exact import BinomialQuantile, largest_remainder, poisson_quantile
from sim.model.kernel.streams import entity_keys
from sim.model.parts.part import Mechanism, Process
from sim.model.parts.regulation import share_in_force
from sim.plan.plan import TargetRow

if TYPE_CHECKING:
    from sim.model.city import City

Floats = npt.NDArray[np.float64]

QUARTERS = 4
_PER_RESIDENTS = 100_000
_PER_CONTACTS = 10_000


class Volunteers(Mechanism):
    """Volunteers of all districts; arrays have one entry per district.

    Attributes:
        registered: volunteers at present.
    """

    def __init__(self, city: City) -> None:
        super().__init__(city)
        section, draw = city.plan.spec.volunteers, city.draw
        assert section is not None, "the registry sets up mechanisms that have their section"
        population = [d.population for d in city.districts]
        start = round(self.baseline("volunteers"))
        self.registered = np.array(
            largest_remainder(start, population, city.place_ties), dtype=np.float64
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
        self._start = self._total = start

    def processes(self) -> Iterable[Process]:
        """The quarters."""
        return (self._quarters(),)

    def _quarters(self) -> Process:
        """At the end of every quarter: some drop out, others have registered."""
        city = self.city
        ends = city.calendar.quarter_ends
        keys = entity_keys("volunteers", [d.adcode for d in city.districts])
        uniforms = city.streams.uniform("volunteers", keys, np.arange(2 * len(ends))[:, None])
        first = 0
        for i, day in enumerate(ends):
            # After the contacts of the quarter have been counted.
            yield city.clock.at(day, Phase.APPOINTMENTS)
            self._turn_over(uniforms[2 * i], uniforms[2 * i + 1], self._expected(first, day))
            city.books.changed("volunteers")
            first = day + 1

    def _turn_over(self, leaving: Floats, arriving: Floats, expected: Floats) -> None:
        city = self.city
        left = self._leavers(leaving, self.registered)
        came = poisson_quantile(arriving, expected)
        self.registered += came - left
        out, new = int(left.sum()), int(came.sum())
        self._total += new - out
        if city.tracing:
            city.log("appointments", "volunteers", "registered", f"{new} new, {out} dropped out")

    def _expected(self, first: int, last: int) -> Floats:
        """Mean registrations by district in the quarter from day ``first`` to today, ``last``.

        The regulation multiplies those of the days on which it is in force.
        """
        city = self.city
        expected = self._by_themselves.copy()
        for kind, share in self._brought_by.items():
            contacts = city.exposure.contacts[kind].sum(axis=0)
            expected += share * (contacts - self._seen[kind])
            self._seen[kind] = contacts
        expected *= 1.0 + (self._regulation_effect - 1.0) * share_in_force(city, first, last)
        return expected

    def reader(self, row: TargetRow) -> Callable[[], float]:
        """Volunteers of the whole city."""
        return lambda: float(self._total)

    @classmethod
    def has_districts(cls, row: TargetRow) -> bool:
        """Volunteers register where they live."""
        return True

    def by_district(self, row: TargetRow) -> list[float]:
        """Volunteers by district."""
        persons: list[float] = self.registered.tolist()
        return persons

    def unmet(self, row: TargetRow, missing: int) -> dict[str, int]:
        """Those who dropped out and were not replaced; the rest never registered."""
        attrition = min(missing, max(0, self._start - self._total))
        return {"no_candidate": missing - attrition, "attrition": attrition}
