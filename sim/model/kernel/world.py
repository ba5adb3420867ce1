"""The world: what all rooms of the model share, and knows none of them.

Calls go down: a part asks the world and the parts below it. Upwards go only notices: what targets
count has *changed* and is looked at when the day closes; a *moment* of the year has come that
others act on; a decision was *missed*.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt
from simpy.events import Event

from sim.model.kernel.calendar import Calendar
from sim.model.kernel.clock import Clock, Phase, Process
from sim.model.kernel.facts import Fact, Kind, Listed, Value, Who
from sim.model.kernel.ledger import Ledger
from sim.model.kernel.queues import GrantDesk
from sim.model.kernel.shocks import BEGAN, ENDED, SHOCK, Shocks
from sim.model.kernel.streams import Streams, entity_keys, name_key
from sim.plan.distribution import mode, quantile
from sim.plan.plan import Draw, Plan, Scenario

Floats = npt.NDArray[np.float64]

CITY_PLACE = "city"
"""Place of what did not happen in one district."""

YearMoment = Literal["the year begins", "the year ends"]
"""Moments of the fiscal year: before its money is announced, before what is left goes back."""


class World:
    """The circumstances of one history.

    Attributes:
        plan, scenario, draw, streams: as ``simulate`` was given them.
        districts: in the plan's order of places; ``ties``: a number drawn for each of them.
        calendar, clock, desk, ledger, shocks: what everybody lives by.
        year: index of the fiscal year that the books are open for.
        cost_index, wage_index: prices by year, 1 in the first.
        missed: why the step of governance that a decision depends on was missed, by decision and
            index of the year; what depends on no step is not in it.
        tracing: whether facts are kept.
    """

    def __init__(
        self, plan: Plan, scenario: Scenario, draw: Draw, streams: Streams, *, trace: bool
    ) -> None:
        self.plan = plan
        self.scenario = scenario
        self.draw = draw
        self.streams = streams
        self.districts = plan.districts
        self.calendar = Calendar(plan.spec)
        self.clock = Clock()
        self.desk = GrantDesk(self.clock)
        years = range(len(self.calendar.years))
        self.ledger = Ledger(len(years))
        self.year = 0
        self.ties: list[float] = streams.uniform(
            "tie/place", entity_keys("place", [d.adcode for d in self.districts])
        ).tolist()
        self.cost_index = [(1.0 + draw["cost_inflation"]) ** y for y in years]
        self.wage_index = [(1.0 + draw["wage_growth"]) ** y for y in years]
        self.shocks = Shocks(scenario.shocks, self.calendar, [d.zone for d in self.districts])
        self.missed: dict[tuple[str, int], str] = {}
        self.tracing = trace
        self._facts: list[Fact] = []
        self._changed: set[str] = set()
        self._closing = False
        self._closers: list[Callable[[set[str]], None]] = []
        self._listeners: dict[YearMoment, list[Callable[[], None]]] = {}

    # ------------------------------------------------------------------ numbers

    def baseline(self, target: str) -> float:
        """What stood at the start: the plan's number, or the draw of its parameter."""
        baseline = self.plan.spec.targets[target].baseline
        return self.draw[baseline] if isinstance(baseline, str) else baseline

    def baseline_of(self, kind: str) -> float:
        """The same of the target with measures of type ``kind``; 0 without one."""
        for name, target in self.plan.spec.targets.items():
            if target.measured_by is not None and target.measured_by.type == kind:
                return self.baseline(name)
        return 0.0

    def drawn(self, name: str | None) -> float:
        """The draw of a parameter that need not be named; 0 without a name."""
        return 0.0 if name is None else self.draw[name]

    def quantile(self, name: str, u: Floats) -> Floats:
        """Values of a parameter that varies below the draw, at uniforms ``u``."""
        return quantile(self.plan.parameters[name], u)

    def mode(self, name: str) -> float:
        """Most likely value of a parameter."""
        return mode(self.plan.parameters[name])

    def name_ties(self, names: Sequence[str]) -> list[float]:
        """Numbers drawn to break ties between named things."""
        keys = np.array([name_key(name) for name in names], dtype=np.uint64)
        drawn: list[float] = self.streams.uniform("tie/name", keys).tolist()
        return drawn

    # ------------------------------------------------------------------ time

    def open_year(self, index: int) -> None:
        """Book what follows under year ``index`` of the horizon."""
        self.year = index
        self.ledger.open_year(index)

    def shocks_in_time(self) -> Process:
        """Tell when shocks end and begin, in this order; for nothing else."""
        calendar, days = self.calendar, []
        for number, shock in enumerate(self.scenario.shocks):
            days.append((max(0, calendar.day(shock.start)), 1, number, BEGAN))
            days.append((calendar.day(shock.end) + 1, 0, number, ENDED))
        for day, _, number, kind in sorted(days):
            if day > calendar.horizon:
                return
            yield self.clock.at(day, Phase.RELEASE)
            shock = self.scenario.shocks[number]
            self.fact(
                kind, SHOCK(shock=shock.kind),
                size=shock.size, zones=Listed(shock.zones), groups=Listed(shock.groups),
            )  # fmt: skip

    # ------------------------------------------------------------------ notices

    def changed(self, topic: str) -> None:
        """What the targets of a ``topic`` count has changed: look at it when the day closes."""
        self._changed.add(topic)
        self.close_today()

    def close_today(self) -> None:
        """The day is to be closed, once, after everything that happens on it."""
        if not self._closing:
            self._closing = True
            self.clock.after(0, Phase.ACCOUNTING).callbacks.append(self._close_day)

    def at_close(self, closer: Callable[[set[str]], None]) -> None:
        """Let ``closer`` close every day on which something happened, after those before it.

        It is given the topics that have changed, those included that earlier ones changed.
        """
        self._closers.append(closer)

    def _close_day(self, _: Event) -> None:
        for closer in self._closers:
            closer(self._changed)
        self._changed.clear()
        self._closing = False

    def when(self, moment: YearMoment, listener: Callable[[], None]) -> None:
        """Let ``listener`` act at a moment of every year."""
        self._listeners.setdefault(moment, []).append(listener)

    def has_come(self, moment: YearMoment) -> None:
        """Tell whoever acts at a moment of the year that it has come."""
        for listener in self._listeners.get(moment, ()):
            listener()

    # ------------------------------------------------------------------ facts

    def fact(self, kind: Kind, who: Who, /, *, place: int | None = None, **fields: Value) -> None:
        """Note that something happened, if facts are kept; ``place`` None is the city."""
        if self.tracing:
            where = CITY_PLACE if place is None else str(self.districts[place].adcode)
            self._facts.append(Fact.of(self.clock.today, kind, who, where, fields))

    def facts(self) -> list[Fact] | None:
        """All facts in the order of the log, if they were kept."""
        return sorted(self._facts, key=lambda fact: fact.order) if self.tracing else None

    def dissolve(self) -> None:
        """Let go of everything."""
        self.clock.dissolve()
        self.__dict__.clear()
