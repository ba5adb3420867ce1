"""The plan and the scenario as the simulation sees them: typed, frozen, resolved once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from sim.config.schema import (
    Allocation,
    Budget,
    Definition,
    Parameter,
    Planning,
    Run,
    Shock,
    StaffMeasure,
    Target,
)
from sim.config.schema import Plan as PlanSpec
from sim.plan.distribution import BlockQuantile, mean
from sim.plan.districts import District, read_districts

Draw = Mapping[str, float]
"""One joint sample: the value of every parameter that varies by draw, by name."""


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One row of the answer: a target under one reading of its definition.

    ``reading`` is empty where the plan's wording has one meaning; ``counts`` says whether this
    reading enters joint rows.
    """

    target: str
    reading: str
    spec: Target
    counts: bool

    @property
    def indicator(self) -> str:
        """Name of the row's series: the target id, with the reading if there are two."""
        return f"{self.target}:{self.reading}" if self.reading else self.target

    @property
    def counted(self) -> str:
        """The reading that the value follows: the row's own, or else the one its measure names."""
        return self.reading or getattr(self.spec.measured_by, "reading", None) or ""

    def attained(self, value: float) -> bool:
        """Whether ``value`` satisfies the target's comparator."""
        if self.spec.comparator == ">=":
            return value >= self.spec.goal
        if self.spec.comparator == ">":
            return value > self.spec.goal
        return value < self.spec.goal


def chosen_reading(definition: Definition, switch: str | bool) -> str:
    """Name of the reading that ``switch`` selects: a switch need not be called like its reading.

    Raises:
        KeyError: there is none, which the linter rules out.
    """
    for name, reading in definition.readings.items():
        if reading.switch == switch:
            return name
    raise KeyError(switch)


@dataclass(frozen=True)
class Scenario:
    """Everything a decision maker can choose or suffer."""

    budget: Budget
    allocation: Allocation
    planning: Planning
    definitions: Mapping[str, str | bool]
    shocks: tuple[Shock, ...] = ()

    @classmethod
    def of(cls, run: Run) -> Scenario:
        """The scenario that a validated run describes."""
        return cls(
            run.budget, run.allocation, run.planning, dict(run.definitions), tuple(run.shocks)
        )


@dataclass(frozen=True)
class Plan:
    """A plan with its places and uncertain numbers, ready to be simulated.

    ``districts`` stand in the order of their codes, whatever the order of the table: every sum and
    every running number is then the same for any order of the input.
    """

    spec: PlanSpec
    parameters: Mapping[str, Parameter]
    districts: tuple[District, ...]

    @classmethod
    def of(cls, run: Run) -> Plan:
        """The plan that a validated run describes; reads the table of districts."""
        districts = read_districts(run.plan.districts)
        return cls(run.plan, run.parameters, tuple(sorted(districts, key=lambda d: d.adcode)))

    @cached_property
    def drawn_names(self) -> tuple[str, ...]:
        """Names of the parameters that have one value per draw, in alphabetical order."""
        return tuple(sorted(n for n, p in self.parameters.items() if p.varies == "draw"))

    @cached_property
    def block_quantile(self) -> BlockQuantile:
        """Quantile functions of the drawn parameters, in the order of ``drawn_names``."""
        return BlockQuantile([self.parameters[name] for name in self.drawn_names])

    @cached_property
    def staff_groups(self) -> tuple[str, ...]:
        """Groups whose money pays the programme-paid staff of the start, in alphabetical order."""
        targets = self.spec.targets.values()
        return tuple(sorted({t.group for t in targets if isinstance(t.measured_by, StaffMeasure)}))

    @cached_property
    def envelope_groups(self) -> tuple[str, ...]:
        """Groups with something simulated behind their money, in alphabetical order."""
        sections = (getattr(self.spec, name) for name in self.mechanisms)
        return tuple(sorted(self.district_groups.union(*(s.envelopes for s in sections))))

    @cached_property
    def district_groups(self) -> frozenset[str]:
        """Those of ``envelope_groups`` with something simulated behind the districts' money too."""
        groups = {programme.group for programme in self.spec.programmes.values()}
        sections = (getattr(self.spec, name) for name in self.mechanisms)
        spent = (section.district_envelopes for section in sections)
        return frozenset(groups.union(self.staff_groups, *spent))

    @cached_property
    def mechanisms(self) -> frozenset[str]:
        """Optional sections of the plan that are filled: each is a mechanism of the model."""
        return frozenset(
            name
            for name, field in PlanSpec.model_fields.items()
            if not field.is_required() and getattr(self.spec, name) is not None
        )

    def draw(self, uniforms: npt.NDArray[np.float64]) -> Draw:
        """The joint sample at ``uniforms``, one number per name of ``drawn_names``."""
        return dict(zip(self.drawn_names, self.block_quantile(uniforms).tolist(), strict=True))

    def mean(self, name: str) -> float:
        """Expected value of a parameter, whatever it varies by."""
        return mean(self.parameters[name])

    def rows(self, definitions: Mapping[str, str | bool]) -> tuple[TargetRow, ...]:
        """The rows of the answer in the plan's order, modelled or not."""
        rows = []
        for name, target in self.spec.targets.items():
            if target.definition is None:
                rows.append(TargetRow(name, "", target, True))
                continue
            readings = self.spec.definitions[target.definition].readings
            for reading, meaning in readings.items():
                counts = meaning.switch == definitions[target.definition]
                rows.append(TargetRow(name, reading, target, counts))
        return tuple(rows)

    def modelled_rows(self, definitions: Mapping[str, str | bool]) -> tuple[TargetRow, ...]:
        """The rows that the simulation gives a value."""
        return tuple(row for row in self.rows(definitions) if row.spec.modelled)
