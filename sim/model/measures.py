"""Measures: the value of a target, read off the city. They decide nothing and change nothing."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.config.schema import (
    CoverageMeasure,
    DeliveredMeasure,
    LadderMeasure,
    PlacesMeasure,
    StaffMeasure,
)
from sim.plan.plan import TargetRow

if TYPE_CHECKING:
    from sim.model.city import City


def value(city: City, row: TargetRow) -> float:
    """Value of a modelled target now, in the target's unit (shares in per cent)."""
    match row.spec.measured_by:
        case DeliveredMeasure(programme=name):
            programme = city.programmes[name]
            new = float(programme.open_units.sum())
            return new + city.baseline(row.target) if row.spec.measure == "stock" else new
        case PlacesMeasure(programme=name):
            programme = city.programmes[name]
            return float(np.count_nonzero(programme.existing + programme.open_units))
        case CoverageMeasure(universe=universe):
            return city.coverage[universe].per_cent(row.reading)
        case LadderMeasure(level=level):
            return float(city.levels[level].count(row.reading, int(city.clock.now)))
        case StaffMeasure(count="persons"):
            return float(city.people.persons(row.reading).sum())
        case StaffMeasure():
            return city.people.bachelor_share(row.reading)
    raise AssertionError(f"{row.target} has no measure")


def values_by_district(city: City, row: TargetRow) -> list[float] | None:
    """Values by district in the plan's order of places; None for a share only the city has."""
    match row.spec.measured_by:
        case DeliveredMeasure(programme=name):
            programme = city.programmes[name]
            stock = row.spec.measure == "stock"
            counts = programme.open_units + programme.existing if stock else programme.open_units
            return [float(n) for n in counts.tolist()]
        case PlacesMeasure(programme=name):
            programme = city.programmes[name]
            return [float(n > 0) for n in (programme.existing + programme.open_units).tolist()]
        case CoverageMeasure(universe=universe):
            return city.coverage[universe].per_cent_by_district(row.reading)
        case LadderMeasure(level=level):
            counts = [0.0] * len(city.districts)
            for base in city.levels[level].counted(row.reading, int(city.clock.now)):
                counts[base.place] += 1.0
            return counts
        case StaffMeasure(count="persons"):
            persons: list[float] = city.people.persons(row.reading).tolist()
            return persons
        case _:
            return None


def shortfall(row: TargetRow, value: float) -> float:
    """Distance of ``value`` to the goal in the target's unit, 0 where attained.

    A goal that must be exceeded counts the step beyond it only for whole units: a value equal to it
    is short by 0 as a distance, though it does not attain.
    """
    if row.attained(value):
        return 0.0
    return abs(row.spec.goal - value)


def missing_units(row: TargetRow, value: float) -> int:
    """Whole units short of attaining the target; one more than the distance if it must be exceeded."""
    if row.attained(value):
        return 0
    if row.spec.comparator == ">":
        return math.floor(row.spec.goal) + 1 - math.floor(value)
    return math.ceil(row.spec.goal - value)
