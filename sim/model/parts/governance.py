"""The yearly cycle of governance: steps that are held or missed, and what then does not happen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import fsum
from typing import TYPE_CHECKING

import numpy as np

from sim.model.kernel.calendar import Phase
from sim.model.kernel.streams import name_key
from sim.model.parts.part import Mechanism, Process
from sim.plan.plan import TargetRow

if TYPE_CHECKING:
    from sim.model.city import City

REASONS = ("no_money", "no_people", "slipped")
"""Why a step was missed, in the order in which missing ones are explained."""


class Governance(Mechanism):
    """The steps of every year since the plan was issued.

    Attributes:
        held: steps held so far; ``lost``: steps missed, by reason.
        staff_days: days that people have worked for the steps.
    """

    indicators = ("governance_staff_days",)

    def __init__(self, city: City) -> None:
        super().__init__(city)
        section = city.plan.spec.governance
        assert section is not None, "the registry sets up mechanisms that have their section"
        self._section = section
        self._purse = city.city_purses[section.group]
        self._payee = city.ledger.account(f"meetings:{section.group}")
        self._administration = city.ledger.account(f"administration:{section.group}")
        self._missed: dict[tuple[str, int], str] = {}
        self._latest: dict[str, str] = {}
        self.held = 0
        self.lost = dict.fromkeys(REASONS, 0)
        self.staff_days = 0.0

    def processes(self) -> Iterable[Process]:
        """The cycle of steps, and the administration behind it."""
        return self._cycle(), self._administer()

    # ------------------------------------------------------------------ the steps

    def _cycle(self) -> Process:
        """One step after the other, before anything else of its day."""
        city, calendar = self.city, self.city.calendar
        issued = calendar.day(city.plan.spec.issued)
        steps = self._section.steps
        keys = np.array([name_key(f"governance/{name}") for name in steps], dtype=np.uint64)
        years = np.arange(len(calendar.years))
        slips = city.streams.uniform("governance", keys[:, None], years).tolist()
        ties = city.streams.uniform("tie/governance", keys).tolist()
        agenda = sorted(
            (calendar.day_of(calendar.years[year], step.date), tie, name, year, row[year])
            for (name, step), tie, row in zip(steps.items(), ties, slips, strict=True)
            for year in years.tolist()
        )
        for day, _, name, year, u in agenda:
            if day < issued:
                continue
            yield city.clock.at(day, Phase.GOVERNANCE)
            self._convene(name, year, u)

    def _convene(self, name: str, year: int, u: float) -> None:
        """Hold a step, or miss it with whatever depends on it."""
        city, step = self.city, self._section.steps[name]
        cost = round(city.draw[step.cost] * city.cost_index[year])
        persons = city.draw[step.staff]
        reason = self._latest.get(step.builds_on or "", "")
        if not reason and u < city.draw[step.slip]:
            reason = "slipped"
        if not reason and persons > self._free_persons():
            reason = "no_people"
        if not reason and cost > self._purse.uncommitted:
            reason = "no_money"
        self._latest[name] = reason
        if reason:
            self.lost[reason] += 1
            if step.decides is not None:
                self._missed[step.decides, year] = reason
            city.log("governance", name, "missed", reason)
            return
        self._purse.pay(self._payee, cost)
        self.staff_days += persons
        self.held += 1
        city.log("governance", name, "held", f"{cost}")
        city.books.changed("governance")

    def _free_persons(self) -> float:
        available = self.city.draw[self._section.staff_available]
        return self.city.people.total("broad") * available

    def obstacle(self, decision: str, year: int) -> str:
        """Why the step on which ``decision`` depends was missed in a year (by index), or ""."""
        return self._missed.get((decision, year), "")

    # ------------------------------------------------------------------ administration

    def _administer(self) -> Process:
        """Once a release has come, administration takes what the steps of a year do not need."""
        city = self.city
        steps = self._section.steps.values()
        yearly = fsum(city.draw[step.cost] for step in steps)
        for year, releases in enumerate(city.calendar.releases):
            reserve = round(yearly * city.cost_index[year])
            for day in releases:
                yield city.clock.at(day, Phase.ACTIVITIES)
                rest = max(0, self._purse.uncommitted - reserve)
                self._purse.pay(self._administration, rest)

    # ------------------------------------------------------------------ what is measured

    def reader(self, row: TargetRow) -> Callable[[], float]:
        """Steps held since the plan was issued."""
        return lambda: float(self.held)

    def readings(self) -> list[float]:
        """Days worked for the steps since the start."""
        return [self.staff_days]

    def unmet(self, row: TargetRow, missing: int) -> dict[str, int]:
        """Steps missed, by reason; beyond those, the cycle has too few."""
        reasons = {}
        for reason in REASONS:
            reasons[reason] = min(missing, self.lost[reason])
            missing -= reasons[reason]
        return reasons | {"not_scheduled": missing}
