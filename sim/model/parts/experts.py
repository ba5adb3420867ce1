"""The city's pool of experts: persons who are appointed in yearly rounds and leave again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import numpy as np

from sim.model.kernel.calendar import Phase
from sim.model.kernel.streams import Keys, entity_keys, name_key
from sim.model.parts.part import Mechanism, Process
from sim.plan.plan import TargetRow

if TYPE_CHECKING:
    from sim.model.city import City

_PERSONS_OF_A_LIST = 1_000_000
"""Persons are numbered by list and place on it, so that no round shifts another one's numbers."""


class Experts(Mechanism):
    """The pool, person by person.

    Attributes:
        pool: keys of the experts in it; a key is one person's for good.
        unplaced: persons found fit for whom a round had no place.
    """

    def __init__(self, city: City) -> None:
        super().__init__(city)
        section = city.plan.spec.experts
        assert section is not None, "the registry sets up mechanisms that have their section"
        self._section = section
        self._start = round(self.baseline("experts"))
        self.pool = self._persons(0, self._start)
        self.unplaced = 0

    def processes(self) -> Iterable[Process]:
        """The yearly rounds."""
        return (self._rounds(),)

    def _rounds(self) -> Process:
        """Every year: some have left, and new ones are appointed."""
        city, calendar = self.city, self.city.calendar
        section = self._section
        issued = calendar.day(city.plan.spec.issued)
        rounds = np.arange(len(calendar.years))
        key = np.array([name_key("experts")], dtype=np.uint64)
        nominated = city.quantile(
            section.nominated, city.streams.uniform("experts/nominated", key, rounds)
        )
        places = city.quantile(section.places, city.streams.uniform("experts/places", key, rounds))
        for index, year in enumerate(calendar.years):
            day = calendar.day_of(year, section.round)
            if day < issued:
                continue
            yield city.clock.at(day, Phase.PLANNING)
            self._let_leave(index)
            self._appoint(index, int(nominated[index]), int(places[index]))
            city.books.changed("experts")

    def _let_leave(self, year: int) -> None:
        """Those who have left in the year before this round, each by a number of their own."""
        city = self.city
        stays = city.streams.uniform("experts/leaving", self.pool, year)
        self.pool = self.pool[stays >= city.draw[self._section.leaving]]

    def _appoint(self, year: int, nominated: int, places: int) -> None:
        """Appoint the best of those found fit, as far as there are places."""
        city = self.city
        candidates = self._persons(year + 1, nominated)
        marks = city.streams.uniform("experts/fit", candidates)
        fit = int((marks < city.draw[self._section.acceptance]).sum())
        best = candidates[np.argsort(marks)[: min(fit, places)]]
        self.pool = np.concatenate((self.pool, best))
        self.unplaced += max(0, fit - places)
        if city.tracing:
            found = f"{len(best)}: {fit} fit among {nominated} nominated, {places} places"
            city.log("planning", "experts", "appointed", found)

    def _persons(self, cohort: int, count: int) -> Keys:
        """Keys of the first ``count`` persons on a list: 0 the start, then one a yearly round."""
        numbers = cohort * _PERSONS_OF_A_LIST + np.arange(count)
        return entity_keys("experts", self.city.plan.spec.city_code, numbers)

    def reader(self, row: TargetRow) -> Callable[[], float]:
        """Experts in the pool."""
        return lambda: float(len(self.pool))

    def unmet(self, row: TargetRow, missing: int) -> dict[str, int]:
        """First fit persons turned away, then leavers not replaced; the rest were not found."""
        turned_away = min(missing, self.unplaced)
        left = min(missing - turned_away, max(0, self._start - len(self.pool)))
        return {
            "round_quota": turned_away,
            "no_candidate": missing - turned_away - left,
            "attrition": left,
        }
