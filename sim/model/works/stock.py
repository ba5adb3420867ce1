"""What stands at the start: facilities, covered places, titles, and the obligations they bring."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from sim.config.schema import (
    CoverageMeasure,
    DeliveredMeasure,
    LadderMeasure,
    PlacesMeasure,
)
from sim.model.kernel.exact import largest_remainder
from sim.model.kernel.streams import entity_keys
from sim.model.parts.ladder import Level, found_level
from sim.model.works.coverage import Coverage
from sim.model.works.programme import Programme, spread
from sim.plan.plan import chosen_reading

if TYPE_CHECKING:
    from sim.model.city import City


def found_ladder(city: City) -> dict[str, Level]:
    """The levels of the ladder with the bases that hold their titles at the start."""
    levels = {}
    for name, spec in city.plan.spec.ladder.items():
        count = round(city.baseline(spec.target))
        by_place = largest_remainder(count, city.key_weights("population"), city.place_ties)
        levels[name] = found_level(city, name, spec, city.bases, by_place)
    return levels


def survey_places(city: City) -> dict[str, Coverage]:
    """Which small places are covered at the start, under every reading of what a place is."""
    coverage: dict[str, Coverage] = {}
    for name, target in city.plan.spec.targets.items():
        if not isinstance(target.measured_by, CoverageMeasure):
            continue
        universe = target.measured_by.universe
        planning: str = target.measured_by.reading or ""
        readings = [planning]
        if target.definition is not None:
            phrase = city.plan.spec.definitions[target.definition]
            readings = list(phrase.readings)
            planning = chosen_reading(phrase, city.scenario.definitions[target.definition])
        totals = {reading: [d.places(universe, reading) for d in city.districts]
                  for reading in readings}  # fmt: skip
        share = city.baseline(name) / 100.0
        covered = {
            reading: largest_remainder(round(share * sum(counts)), counts, city.place_ties)
            for reading, counts in totals.items()
        }
        coverage[universe] = Coverage(totals, covered, planning)
    return coverage


def take_stock(city: City, programmes: Mapping[str, Programme]) -> None:
    """Enter existing facilities with their share of running cost, and the staff of the start.

    ``existing_run_share`` of the running cost falls on this purse; ``programme_paid_share`` of the
    staff is paid by the staff group's purses, city and districts, in the proportion of its money.
    """
    draw = city.draw
    for programme in programmes.values():
        existing = existing_units(city, programme)
        programme.existing = np.array(existing)
        programme.total_existing = sum(existing)
        yearly = draw["existing_run_share"] * programme.running_cost
        for purse, units in zip(programme.operators, existing, strict=True):
            purse.running_year += yearly * units
    for group in city.plan.staff_groups:
        share = city.scenario.allocation.city_shares.get(group, 0.0)
        persons = city.people.persons("strict")
        pay = draw["programme_paid_share"] * draw["staff_pay"] * persons
        city.city_purses[group].pay_year += share * float(pay.sum())
        for purse, yuan in zip(city.district_purses[group], pay.tolist(), strict=True):
            purse.pay_year += (1.0 - share) * yuan


def existing_units(city: City, programme: Programme) -> list[int]:
    """Units of a programme that stand at the start, by district."""
    spec = programme.spec
    target = city.plan.spec.targets[spec.target]
    match target.measured_by:
        case CoverageMeasure(universe=universe):
            coverage = city.coverage[universe]
            return list(coverage.covered[coverage.planning])
        case LadderMeasure(level=level):
            return city.levels[level].count_by_place("", 0)
        case PlacesMeasure():
            return places_that_have_one(city, programme.name, round(city.baseline(spec.target)))
        case DeliveredMeasure() if target.measure == "stock":
            return spread(city, spec.quota_key, round(city.baseline(spec.target)))
        case _:
            return [0] * len(city.districts)


def places_that_have_one(city: City, name: str, count: int) -> list[int]:
    """Which districts have a facility already: drawn, the fiscally stronger ones more likely.

    Weighted sampling without replacement by exponential keys (Efraimidis and Spirakis 2006).
    """
    keys = entity_keys(f"existing/{name}", [d.adcode for d in city.districts])
    strength = np.array([max(1, d.fiscal_strength) for d in city.districts])
    waiting = -np.log(city.streams.uniform("existing", keys)) / strength
    have = set(np.argsort(waiting, kind="stable")[:count].tolist())
    return [int(place in have) for place in range(len(city.districts))]
