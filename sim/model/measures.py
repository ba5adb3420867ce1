"""Measures: the value of a target, read off the city. They decide nothing and change nothing."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.config.schema import (
    CoverageMeasure,
    DeliveredMeasure,
    LadderMeasure,
    PlacesMeasure,
    StaffMeasure,
)
from sim.model.parts.part import Mechanism
from sim.model.parts.registry import MECHANISMS
from sim.plan.plan import TargetRow

if TYPE_CHECKING:
    from sim.model.city import City


def reader(city: City, row: TargetRow) -> Callable[[], float]:
    """A function that reads the present value of a target in its unit (shares in per cent)."""
    reading = row.counted
    match row.spec.measured_by:
        case DeliveredMeasure(programme=name):
            delivered = city.programmes[name]
            start = city.baseline(row.target) if row.spec.measure == "stock" else 0.0
            return lambda: start + delivered.total_open
        case PlacesMeasure(programme=name):
            programme = city.programmes[name]
            return lambda: float(np.count_nonzero(programme.standing))
        case CoverageMeasure(universe=universe):
            coverage = city.coverage[universe]
            return lambda: coverage.per_cent(reading)
        case LadderMeasure(level=level_name):
            level, clock = city.levels[level_name], city.clock
            return lambda: float(level.count(reading, clock.today))
        case StaffMeasure(count="persons"):
            people = city.people
            return lambda: people.total(reading)
        case StaffMeasure():
            staff = city.people
            return lambda: staff.bachelor_share(reading)
    return _mechanism(city, row).reader(row)


def has_districts(row: TargetRow) -> bool:
    """Whether a target has values by district; if not, only the city has one."""
    match row.spec.measured_by:
        case StaffMeasure(count=count):
            return count == "persons"
        case measure if measure is not None and measure.type in MECHANISMS:
            return MECHANISMS[measure.type].has_districts(row)
    return True


def values_by_district(city: City, row: TargetRow) -> list[float]:
    """Values by district in the plan's order of places, of a target that has them."""
    match row.spec.measured_by:
        case DeliveredMeasure(programme=name):
            programme = city.programmes[name]
            if row.spec.measure == "new":
                return [float(units) for units in programme.open_units]
            return _numbers(programme.standing)
        case PlacesMeasure(programme=name):
            programme = city.programmes[name]
            return _numbers(programme.standing > 0)
        case CoverageMeasure(universe=universe):
            return city.coverage[universe].per_cent_by_district(row.counted)
        case LadderMeasure(level=level):
            titles = city.levels[level].count_by_place(row.counted, city.clock.today)
            return [float(count) for count in titles]
        case StaffMeasure(count="persons"):
            persons: list[float] = city.people.persons(row.counted).tolist()
            return persons
    return _mechanism(city, row).by_district(row)


def _numbers(by_place: npt.NDArray[np.generic]) -> list[float]:
    numbers: list[float] = by_place.astype(np.float64).tolist()
    return numbers


def _mechanism(city: City, row: TargetRow) -> Mechanism:
    assert row.spec.measured_by is not None, "asked for modelled rows only"
    return city.mechanisms[row.spec.measured_by.type]


def missing_units(row: TargetRow, value: float) -> int:
    """Whole units short of attaining; one more than the distance if the goal must be exceeded."""
    if row.attained(value):
        return 0
    if row.spec.comparator == "<":
        return math.floor(value - row.spec.goal) + 1
    if row.spec.comparator == ">":
        return math.floor(row.spec.goal) + 1 - math.floor(value)
    return math.ceil(row.spec.goal - value)
