"""A regulation on its way through the stages of legislation."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import numpy as np

from sim.model.kernel.calendar import Phase
from sim.model.kernel.streams import name_key
from sim.model.parts.part import Mechanism, Process
from sim.model.works.programme import DAYS_PER_MONTH
from sim.plan.plan import TargetRow

if TYPE_CHECKING:
    from sim.model.city import City


class Regulation(Mechanism):
    """The regulation and the stages it still has before it.

    A stage begins on the day the one before ended, unless it misses the agenda of that year: then
    it waits for the day on which the next agenda is settled, and may miss that one too.

    Attributes:
        enacted: day on which the last stage was behind it; None as long as it is not.
    """

    def __init__(self, city: City) -> None:
        super().__init__(city)
        section = city.plan.spec.regulation
        assert section is not None, "the registry sets up mechanisms that have their section"
        self._section = section
        self.enacted: int | None = None
        names = list(section.stages)
        keys = np.array([name_key(name) for name in names], dtype=np.uint64)
        durations = city.streams.uniform("regulation/months", keys)
        self._days = [
            math.ceil(float(city.quantile(section.stages[name].months, u)[0]) * DAYS_PER_MONTH)
            for name, u in zip(names, durations[:, None], strict=True)
        ]
        agendas = np.arange(len(city.calendar.years) + 1)
        chances = np.array([city.draw[stage.slip] for stage in section.stages.values()])
        missed = city.streams.uniform("regulation/slip", keys[:, None], agendas) < chances[:, None]
        # An agenda beyond the horizon is as good as missed: nothing happens after the last day.
        self._slips = [row.index(False) if False in row else len(row) for row in missed.tolist()]

    def processes(self) -> Iterable[Process]:
        """The way through the stages."""
        return (self._stages(),)

    def _stages(self) -> Process:
        """One stage after the other, each once it is on an agenda, until the vote."""
        city, calendar = self.city, self.city.calendar
        day = calendar.day(self._section.start)
        yield city.clock.at(day, Phase.PLANNING)
        for name, days, slips in zip(self._section.stages, self._days, self._slips, strict=True):
            for _ in range(slips):
                city.log("planning", "regulation", "missed the agenda", name)
                day = self._agenda_after(day)
                if day > calendar.horizon:
                    return
                yield city.clock.at(day, Phase.PLANNING)
            city.log("planning", "regulation", "stage begun", name)
            day += days
            if day > calendar.horizon:
                return
            yield city.clock.at(day, Phase.PLANNING)
            city.log("planning", "regulation", "stage ended", name)
        self.enacted = day
        city.log("planning", "regulation", "enacted")
        city.books.changed("regulation")

    def _agenda_after(self, day: int) -> int:
        """Day on which the first agenda after ``day`` is settled."""
        calendar, agenda = self.city.calendar, self._section.agenda
        year = calendar.date(day).year
        this_year = calendar.day_of(year, agenda)
        return this_year if this_year > day else calendar.day_of(year + 1, agenda)

    def reader(self, row: TargetRow) -> Callable[[], float]:
        """1 once it is enacted."""
        return lambda: float(self.enacted is not None)

    def unmet(self, row: TargetRow, missing: int) -> dict[str, int]:
        """``slipped`` if it would be enacted had it missed no agenda; else stages take too long."""
        calendar = self.city.calendar
        unhindered = calendar.day(self._section.start) + sum(self._days)
        return {"slipped" if unhindered <= calendar.horizon else "procedure": missing}


def share_in_force(city: City, first: int, last: int) -> float:
    """Share of the days from ``first`` to ``last`` (today at most) on which it is in force."""
    regulation = city.mechanisms.get("regulation")
    if not isinstance(regulation, Regulation) or regulation.enacted is None:
        return 0.0
    return (last + 1 - max(first, regulation.enacted)) / (last + 1 - first)
