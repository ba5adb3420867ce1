"""Measures: every way to measure a target is a class; here are those of what is built and covered.

Staff, titles, and whatever else lives in the city are measured by the parts they belong to.
"""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from sim.config.schema import CoverageMeasure, DeliveredMeasure, PlacesMeasure
from sim.model.kernel.measure import PLACES, Measure
from sim.model.kernel.world import World
from sim.model.parts.events import Events
from sim.model.parts.experts import Experts
from sim.model.parts.farmers import Farmers
from sim.model.parts.governance import Governance
from sim.model.parts.industry import Industry
from sim.model.parts.ladder import Ladder
from sim.model.parts.literacy import Literacy
from sim.model.parts.part import Part
from sim.model.parts.people import People
from sim.model.parts.reach import Reach
from sim.model.parts.regulation import Regulation
from sim.model.parts.volunteers import Volunteers
from sim.model.works.planning import Portfolio
from sim.model.works.programme import Programme, Programmes
from sim.model.works.project import OPEN
from sim.model.works.stock import Places
from sim.plan.plan import Plan, TargetRow

PARTS: tuple[type[Part], ...] = (
    People, Reach, Ladder, Regulation, Volunteers, Experts, Farmers, Events, Governance, Industry,
    Literacy,
)  # fmt: skip
"""All parts that a city may have, in the order in which it builds them and they begin to live."""


def parts_of(plan: Plan) -> tuple[type[Part], ...]:
    """The parts that a plan's city has."""
    return tuple(part for part in PARTS if not part.section or part.section in plan.mechanisms)


class WorksMeasure(Measure):
    """A way to measure what is built: it is given the rooms that it ``needs``."""

    needs: ClassVar[tuple[type, ...]]


class Delivered(WorksMeasure):
    """Units of a programme that have opened, and what stood before if the target counts a stock."""

    type = "delivered"
    needs = (World, Programmes)

    def __init__(self, row: TargetRow, world: World, programmes: Programmes) -> None:
        super().__init__(row)
        self._programme = _programme(row, programmes)
        self._start = world.baseline(row.target) if row.spec.measure == "stock" else 0.0
        self.topics = (self._programme.topic,)

    def value(self) -> float:
        """Units."""
        return self._start + self._programme.total_open

    @classmethod
    def has_districts(cls, row: TargetRow) -> bool:
        """Units stand in districts."""
        return True

    def by_district(self) -> list[float]:
        """Units by district."""
        if self.row.spec.measure == "new":
            return [float(units) for units in self._programme.open_units]
        return _numbers(self._programme.standing)

    def unmet(self, missing: int) -> dict[str, int]:
        """Nothing: the stages of its projects say what held it back."""
        return {}


class Standing(WorksMeasure):
    """Districts in which a unit of a programme stands."""

    type = "places"
    needs = (Programmes,)

    def __init__(self, row: TargetRow, programmes: Programmes) -> None:
        super().__init__(row)
        self._programme = _programme(row, programmes)
        self.topics = (self._programme.topic,)

    def value(self) -> float:
        """Districts."""
        return float(np.count_nonzero(self._programme.standing))

    @classmethod
    def has_districts(cls, row: TargetRow) -> bool:
        """Units stand in districts."""
        return True

    @classmethod
    def missing_in(cls, row: TargetRow) -> str:
        """Districts."""
        return PLACES

    def by_district(self) -> list[float]:
        """1 for a district that has one."""
        return _numbers(self._programme.standing > 0)

    def unmet(self, missing: int) -> dict[str, int]:
        """Nothing: the stages of its projects say what held it back."""
        return {}


class Covered(WorksMeasure):
    """Per cent of the small places that are covered, under one reading of what a place is."""

    type = "coverage"
    needs = (Programmes, Places, Portfolio)

    def __init__(
        self, row: TargetRow, programmes: Programmes, places: Places, portfolio: Portfolio
    ) -> None:
        super().__init__(row)
        measure = row.spec.measured_by
        assert isinstance(measure, CoverageMeasure), "made for targets of this type"
        self._universe = measure.universe
        self._coverage = places.coverage[measure.universe]
        self._programmes = programmes
        self._portfolio = portfolio
        self.topics = tuple(
            programme.topic
            for programme in programmes.values()
            if measure.universe in (programme.covers, programme.may_cover)
        )

    def value(self) -> float:
        """Per cent of the places of the whole city."""
        return self._coverage.per_cent(self.row.counted)

    @classmethod
    def has_districts(cls, row: TargetRow) -> bool:
        """Places lie in districts."""
        return True

    @classmethod
    def missing_in(cls, row: TargetRow) -> str:
        """Small places: communities or villages."""
        return PLACES

    def by_district(self) -> list[float]:
        """Per cent by district; NaN where the reading knows no place."""
        return self._coverage.per_cent_by_district(self.row.counted)

    def unmet(self, missing: int) -> dict[str, int]:
        """Places missing under the reading that planning does not follow, if quotas cannot explain.

        Nobody planned for these places: if they are more than what the quotas left undelivered,
        that is what holds this reading back.
        """
        if self.row.counts:
            return {}
        coverage, reading = self._coverage, self.row.counted
        places = sum(coverage.totals[reading])
        wanted = math.ceil(self.row.spec.goal / 100.0 * places)
        uncovered = wanted - sum(coverage.covered[reading])
        undelivered = sum(
            project.units
            for name, programme in self._programmes.items()
            if programme.covers == self._universe
            for project in self._portfolio.projects[name]
            if project.status != OPEN
        )
        return {"not_planned": uncovered} if uncovered > undelivered else {}


WORKS: tuple[type[WorksMeasure], ...] = (Delivered, Standing, Covered)

MEASURES: dict[str, type[Measure]] = {
    measure.type: measure for measure in (*WORKS, *(m for part in PARTS for m in part.measures))
}
"""All ways to measure a target, by what the plan calls them."""


def measure_of(row: TargetRow) -> type[Measure]:
    """The way in which a modelled row is measured."""
    assert row.spec.measured_by is not None, "asked for modelled rows only"
    return MEASURES[row.spec.measured_by.type]


def _programme(row: TargetRow, programmes: Programmes) -> Programme:
    measure = row.spec.measured_by
    assert isinstance(measure, DeliveredMeasure | PlacesMeasure), "made for targets of these types"
    return programmes[measure.programme]


def _numbers(by_place: npt.NDArray[np.generic]) -> list[float]:
    numbers: list[float] = by_place.astype(np.float64).tolist()
    return numbers
