"""The yearly cycle of governance: steps that are held or missed, and what then does not happen."""

from __future__ import annotations

from collections.abc import Iterable
from math import fsum

import numpy as np

from sim.model.kernel.clock import Phase, Process
from sim.model.kernel.facts import Kind, Sort
from sim.model.kernel.streams import name_key
from sim.model.kernel.world import World
from sim.model.money.envelope import Envelopes
from sim.model.parts.part import Part, PartMeasure
from sim.model.parts.people import People

REASONS = ("no_money", "no_people", "slipped")
"""Why a step was missed, in the order in which missing ones are explained."""


STEP = Sort("step", "{step}")
HELD = Kind("held", Phase.GOVERNANCE, "{money}")
MISSED = Kind("missed", Phase.GOVERNANCE, "{reason}")


class Steps(PartMeasure["Governance"]):
    """Steps held since the plan was issued."""

    type = "governance"

    def value(self) -> float:
        """Steps."""
        return float(self.part.held)

    def unmet(self, missing: int) -> dict[str, int]:
        """Steps missed, by reason; beyond those, the cycle has too few."""
        reasons = {}
        for reason in REASONS:
            reasons[reason] = min(missing, self.part.lost[reason])
            missing -= reasons[reason]
        return reasons | {"not_scheduled": missing}


class Governance(Part):
    """The steps of every year since the plan was issued.

    Attributes:
        held: steps held so far; ``lost``: steps missed, by reason.
        staff_days: days that people have worked for the steps.
    """

    section = "governance"
    needs = (Envelopes, People)
    measures = (Steps,)
    indicators = ("governance_staff_days",)

    def __init__(self, world: World, envelopes: Envelopes, people: People) -> None:
        super().__init__(world)
        self._people = people
        section = world.plan.spec.governance
        assert section is not None, "the city has parts whose section there is"
        self._section = section
        self._envelope = envelopes.city[section.group]
        self._payee = world.ledger.account(f"meetings:{section.group}")
        self._administration = world.ledger.account(f"administration:{section.group}")
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
        world, calendar = self.world, self.world.calendar
        issued = calendar.day(world.plan.spec.issued)
        steps = self._section.steps
        keys = np.array([name_key(f"governance/{name}") for name in steps], dtype=np.uint64)
        years = np.arange(len(calendar.years))
        slips = world.streams.uniform("governance", keys[:, None], years).tolist()
        ties = world.streams.uniform("tie/governance", keys).tolist()
        agenda = sorted(
            (calendar.day_of(calendar.years[year], step.date), tie, name, year, row[year])
            for (name, step), tie, row in zip(steps.items(), ties, slips, strict=True)
            for year in years.tolist()
        )
        for day, _, name, year, u in agenda:
            if day < issued:
                continue
            yield world.clock.at(day, Phase.GOVERNANCE)
            self._convene(name, year, u)

    def _convene(self, name: str, year: int, u: float) -> None:
        """Hold a step, or miss it with whatever depends on it."""
        world, step = self.world, self._section.steps[name]
        cost = round(world.draw[step.cost] * world.cost_index[year])
        persons = world.draw[step.staff]
        reason = self._latest.get(step.builds_on or "", "")
        if not reason and u < world.draw[step.slip]:
            reason = "slipped"
        if not reason and persons > self._free_persons():
            reason = "no_people"
        if not reason and cost > self._envelope.uncommitted():
            reason = "no_money"
        self._latest[name] = reason
        if reason:
            self.lost[reason] += 1
            if step.decides is not None:
                world.missed[step.decides, year] = reason
            world.fact(MISSED, STEP(step=name), reason=reason)
            return
        self._envelope.pay(self._payee, cost)
        self.staff_days += persons
        self.held += 1
        world.fact(HELD, STEP(step=name), money=cost)
        world.changed("governance")

    def _free_persons(self) -> float:
        available = self.world.draw[self._section.staff_available]
        return self._people.total("broad") * available

    # ------------------------------------------------------------------ administration

    def _administer(self) -> Process:
        """Once a release has come, administration takes what the steps of a year do not need."""
        world = self.world
        steps = self._section.steps.values()
        yearly = fsum(world.draw[step.cost] for step in steps)
        for year, releases in enumerate(world.calendar.releases):
            reserve = round(yearly * world.cost_index[year])
            for day in releases:
                yield world.clock.at(day, Phase.ACTIVITIES)
                rest = max(0, self._envelope.uncommitted() - reserve)
                self._envelope.pay(self._administration, rest)

    def readings(self) -> list[float]:
        """Days worked for the steps since the start."""
        return [self.staff_days]
