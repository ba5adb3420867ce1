"""Programmes resolved for one replication: what their units cost, take, need, and who pays."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sim.model.kernel.world import World
from sim.model.money.envelope import Envelopes
from sim.plan.plan import chosen_reading

Integers = npt.NDArray[np.int64]

DAYS_PER_MONTH = 365.25 / 12.0

CITY = -1
"""Stands for the city where places are given by district index."""


class Programme:
    """One programme with the numbers of this draw.

    What every project asks for is copied from ``spec``, where looking it up takes longer.

    Attributes:
        unit_cost: yuan a unit at first-year prices, mean over projects; ``drawn_unit_cost`` is
            what the projects' own factors multiply.
        running_cost: yuan a unit and year; full_time_posts, part_time_posts: persons a unit.
        visits: visits a unit and year; has_doors: whether people come to it, so that a closure
            concerns it; mode_days: most likely building time (critical path).
        payers: by district, the envelope that pays for the projects; ``operators``: the one that
            answers for them when open, the district's own for what stands in districts.
        existing: units that stood at the start, by district (or by host district);
            ``total_existing`` is their sum.
        topic: what :meth:`World.changed` is told when one of its units opens.
        planned: units that have been given to planners since, by host district.
        open_units: units opened since, by district; ``total_open`` is their sum.
    """

    # Python keeps up to thirty attributes of an instance where they are found at once; a programme
    # has more, and its projects ask for them at every step.
    __slots__ = (
        *("world", "clock", "name", "topic", "spec", "group", "priority_class"),
        *("cohort", "first_instalment", "review", "crew", "staff", "covers", "may_cover", "feeds"),
        *("unit_cost", "drawn_unit_cost", "build_months", "mode_days", "running_cost", "visits"),
        *("full_time_posts", "part_time_posts", "has_doors", "starts", "payers", "operators"),
        *("existing", "total_existing", "planned", "open_units", "total_open"),
        *("_ordinals", "_paid_share", "_staff_pay"),
    )

    def __init__(
        self, world: World, envelopes: Envelopes, name: str, mean_cost_factor: float
    ) -> None:
        spec = world.plan.spec.programmes[name]
        self.world = world
        self.clock = world.clock
        self.name = name
        self.topic = f"programme {name}"
        self.spec = spec
        self.group = spec.group
        self.priority_class = spec.priority_class
        self.cohort = spec.cohort
        self.first_instalment = world.scenario.budget.first_instalment
        self.review = "review" in spec.needs
        self.crew = "crew" in spec.needs
        self.staff = "staff" in spec.needs
        self.covers, self.may_cover, self.feeds = spec.covers, spec.may_cover, spec.feeds
        costs, months = spec.unit_cost, spec.build_months
        for definition, variants in spec.variants.items():
            phrase = world.plan.spec.definitions[definition]
            reading = chosen_reading(phrase, world.scenario.definitions[definition])
            variant = variants.get(reading)
            if variant is not None:
                costs, months = variant.unit_cost, variant.build_months
        self.unit_cost = world.draw[costs] * mean_cost_factor
        self.drawn_unit_cost = world.draw[costs]
        self.build_months = months
        self.mode_days = math.ceil(world.mode(months) * DAYS_PER_MONTH)
        self.running_cost = world.drawn(spec.running_cost)
        self.full_time_posts = int(world.drawn(spec.full_time_posts))
        self.part_time_posts = int(world.drawn(spec.part_time_posts))
        self._paid_share = world.draw["programme_paid_share"]
        self._staff_pay = world.draw["staff_pay"]
        self.visits = world.drawn(spec.visits)
        self.has_doors = spec.visits is not None and not spec.citywide
        self.starts = 0 if spec.running else world.calendar.first_window
        self.existing = np.zeros(len(world.districts), dtype=np.int64)
        self.total_existing = 0
        self.planned = [0] * len(world.districts)
        # Counted one by one, and read by NumPy without a copy.
        self.open_units = array("q", [0] * len(world.districts))
        self.total_open = 0
        self._ordinals: dict[int, int] = {}
        self.payers = (
            envelopes.districts[spec.group]
            if spec.pool == "district"
            else [envelopes.city[spec.group]] * len(world.districts)
        )
        self.operators = (
            envelopes.districts[spec.group] if spec.place == "districts" else self.payers
        )

    @property
    def standing(self) -> Integers:
        """Units that stand now, by district: those of the start and those opened since."""
        standing: Integers = self.existing + np.asarray(self.open_units)
        return standing

    def plan(self, place: int, units: int) -> None:
        """Give planners ``units`` more to deliver in a district."""
        self.planned[place] += units

    def stand(self, units: Sequence[int]) -> None:
        """Say what stands at the start, by district."""
        self.existing = np.array(units)
        self.total_existing = sum(units)

    def enter(self, place: int, units: int, *, staffed: bool) -> None:
        """``units`` more have opened: they count, and cost running money and the pay of staff.

        ``staffed`` says whether they need people of their own.
        """
        self.open_units[place] += units
        self.total_open += units
        pay = 0.0
        if staffed:
            pay = self.full_time_posts * units * self._paid_share * self._staff_pay
        self.operators[place].answer_for(self.running_cost * units, pay)

    def next_ordinals(self, place: int, count: int) -> range:
        """Ordinals of ``count`` more projects in ``place``, after the last ones."""
        first = self._ordinals.get(place, 0)
        self._ordinals[place] = first + count
        return range(first, first + count)


class Programmes(dict[str, Programme]):
    """All programmes of the plan by name, in the order of their names."""

    def __init__(self, world: World, envelopes: Envelopes) -> None:
        factor = world.plan.mean("project_cost_factor")
        names = sorted(world.plan.spec.programmes)
        super().__init__({name: Programme(world, envelopes, name, factor) for name in names})


def required_units(goal: float, comparator: str, baseline: float, margin: float) -> int:
    """Units a planner aims at: the gap, one more if the goal must be exceeded, a margin."""
    gap = goal - baseline + (1.0 if comparator == ">" else 0.0)
    # A hair under the ceiling: 300 x 1.05 must be 315, not 316 by a rounding error of 1e-14.
    return max(0, math.ceil(gap * (1.0 + margin) - 1e-9))


def cohorts(units: int, size: int) -> list[int]:
    """Split ``units`` into cohorts of ``size``, the last one smaller if need be."""
    full, rest = divmod(units, size)
    return [size] * full + ([rest] if rest else [])
