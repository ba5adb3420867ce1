"""The city's pool of experts: persons who are appointed in yearly rounds and leave again."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from sim.model.kernel.clock import Phase, Process
from sim.model.kernel.facts import Kind, Sort
from sim.model.kernel.measure import PERSONS
from sim.model.kernel.streams import Keys, entity_keys, name_key
from sim.model.kernel.world import World
from sim.model.parts.part import Part, PartMeasure
from sim.plan.plan import TargetRow

EXPERTS = Sort("experts", "experts")
APPOINTED = Kind(
    "appointed", Phase.PLANNING, "{count}: {fit} fit among {total} nominated, {places} places"
)

_PERSONS_OF_A_LIST = 1_000_000
"""Persons are numbered by list and place on it, so that no round shifts another one's numbers."""


class Pool(PartMeasure["Experts"]):
    """Experts in the pool."""

    type = "experts"

    def value(self) -> float:
        """Persons."""
        return float(len(self.part.pool))

    @classmethod
    def missing_in(cls, row: TargetRow) -> str:
        """Persons."""
        return PERSONS

    def unmet(self, missing: int) -> dict[str, int]:
        """First fit persons turned away, then leavers not replaced; the rest were not found."""
        part = self.part
        turned_away = min(missing, part.unplaced)
        left = min(missing - turned_away, max(0, part.start - len(part.pool)))
        return {
            "round_quota": turned_away,
            "no_candidate": missing - turned_away - left,
            "attrition": left,
        }


class Experts(Part):
    """The pool, person by person.

    Attributes:
        pool: keys of the experts in it; a key is one person's for good. ``start`` is how many
            there were at the start.
        unplaced: persons found fit for whom a round had no place.
    """

    section = "experts"
    measures = (Pool,)

    def __init__(self, world: World) -> None:
        super().__init__(world)
        section = world.plan.spec.experts
        assert section is not None, "the city has parts whose section there is"
        self._section = section
        self.start = round(world.baseline_of("experts"))
        self.pool = self._persons(0, self.start)
        self.unplaced = 0

    def processes(self) -> Iterable[Process]:
        """The yearly rounds."""
        return (self._rounds(),)

    def _rounds(self) -> Process:
        """Every year: some have left, and new ones are appointed."""
        world, calendar = self.world, self.world.calendar
        section = self._section
        issued = calendar.day(world.plan.spec.issued)
        rounds = np.arange(len(calendar.years))
        key = np.array([name_key("experts")], dtype=np.uint64)
        nominated = world.quantile(
            section.nominated, world.streams.uniform("experts/nominated", key, rounds)
        )
        places = world.quantile(
            section.places, world.streams.uniform("experts/places", key, rounds)
        )
        for index, year in enumerate(calendar.years):
            day = calendar.day_of(year, section.round)
            if day < issued:
                continue
            yield world.clock.at(day, Phase.PLANNING)
            self._let_leave(index)
            self._appoint(index, int(nominated[index]), int(places[index]))
            world.changed("experts")

    def _let_leave(self, year: int) -> None:
        """Those who have left in the year before this round, each by a number of their own."""
        world = self.world
        stays = world.streams.uniform("experts/leaving", self.pool, year)
        self.pool = self.pool[stays >= world.draw[self._section.leaving]]

    def _appoint(self, year: int, nominated: int, places: int) -> None:
        """Appoint the best of those found fit, as far as there are places."""
        world = self.world
        candidates = self._persons(year + 1, nominated)
        marks = world.streams.uniform("experts/fit", candidates)
        fit = int((marks < world.draw[self._section.acceptance]).sum())
        best = candidates[np.argsort(marks)[: min(fit, places)]]
        self.pool = np.concatenate((self.pool, best))
        self.unplaced += max(0, fit - places)
        world.fact(APPOINTED, EXPERTS(), count=len(best), fit=fit, total=nominated, places=places)

    def _persons(self, cohort: int, count: int) -> Keys:
        """Keys of the first ``count`` persons on a list: 0 the start, then one a yearly round."""
        numbers = cohort * _PERSONS_OF_A_LIST + np.arange(count)
        return entity_keys("experts", self.world.plan.spec.city_code, numbers)
