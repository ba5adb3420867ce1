"""A regulation on its way through the stages of legislation."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from sim.model.kernel.clock import Phase, Process
from sim.model.kernel.facts import Kind, Sort
from sim.model.kernel.streams import name_key
from sim.model.kernel.world import World
from sim.model.parts.part import Part, PartMeasure
from sim.model.works.programme import DAYS_PER_MONTH

REGULATION = Sort("regulation", "regulation")
MISSED_AGENDA = Kind("missed the agenda", Phase.PLANNING, "{stage}")
STAGE_BEGUN = Kind("stage begun", Phase.PLANNING, "{stage}")
STAGE_ENDED = Kind("stage ended", Phase.PLANNING, "{stage}")
ENACTED = Kind("enacted", Phase.PLANNING)


class Enacted(PartMeasure["Regulation"]):
    """Whether the regulation has been enacted."""

    type = "regulation"

    def value(self) -> float:
        """1 once it is enacted."""
        return float(self.part.enacted is not None)

    def unmet(self, missing: int) -> dict[str, int]:
        """``slipped`` if it would be enacted had it missed no agenda; else stages take too long."""
        late = self.part.unhindered > self.part.world.calendar.horizon
        return {"procedure" if late else "slipped": missing}


class Regulation(Part):
    """The regulation and the stages it still has before it.

    A stage begins on the day the one before ended, unless it misses the agenda of that year: then
    it waits for the day on which the next agenda is settled, and may miss that one too.

    Attributes:
        enacted: day on which the last stage was behind it; None as long as it is not.
        unhindered: day on which it would have been, had it missed no agenda.
    """

    section = "regulation"
    measures = (Enacted,)

    def __init__(self, world: World) -> None:
        super().__init__(world)
        section = world.plan.spec.regulation
        assert section is not None, "the city has parts whose section there is"
        self._section = section
        self.enacted: int | None = None
        names = list(section.stages)
        keys = np.array([name_key(name) for name in names], dtype=np.uint64)
        durations = world.streams.uniform("regulation/months", keys)
        self._days = [
            math.ceil(float(world.quantile(section.stages[name].months, u)[0]) * DAYS_PER_MONTH)
            for name, u in zip(names, durations[:, None], strict=True)
        ]
        self.unhindered = world.calendar.day(section.start) + sum(self._days)
        agendas = np.arange(len(world.calendar.years) + 1)
        chances = np.array([world.draw[stage.slip] for stage in section.stages.values()])
        missed = world.streams.uniform("regulation/slip", keys[:, None], agendas) < chances[:, None]
        # An agenda beyond the horizon is as good as missed: nothing happens after the last day.
        self._slips = [row.index(False) if False in row else len(row) for row in missed.tolist()]

    def processes(self) -> Iterable[Process]:
        """The way through the stages."""
        return (self._stages(),)

    def _stages(self) -> Process:
        """One stage after the other, each once it is on an agenda, until the vote."""
        world, calendar = self.world, self.world.calendar
        day = calendar.day(self._section.start)
        yield world.clock.at(day, Phase.PLANNING)
        for name, days, slips in zip(self._section.stages, self._days, self._slips, strict=True):
            for _ in range(slips):
                world.fact(MISSED_AGENDA, REGULATION(), stage=name)
                day = self._agenda_after(day)
                if day > calendar.horizon:
                    return
                yield world.clock.at(day, Phase.PLANNING)
            world.fact(STAGE_BEGUN, REGULATION(), stage=name)
            day += days
            if day > calendar.horizon:
                return
            yield world.clock.at(day, Phase.PLANNING)
            world.fact(STAGE_ENDED, REGULATION(), stage=name)
        self.enacted = day
        world.fact(ENACTED, REGULATION())
        world.changed("regulation")

    def _agenda_after(self, day: int) -> int:
        """Day on which the first agenda after ``day`` is settled."""
        calendar, agenda = self.world.calendar, self._section.agenda
        year = calendar.date(day).year
        this_year = calendar.day_of(year, agenda)
        return this_year if this_year > day else calendar.day_of(year + 1, agenda)

    def in_force(self, first: int, last: int) -> float:
        """Share of the days from ``first`` to ``last`` (today at most) on which it is in force."""
        if self.enacted is None:
            return 0.0
        return (last + 1 - max(first, self.enacted)) / (last + 1 - first)
