"""Checks of a run against the table of its places."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from sim.config.errors import ConfigError
from sim.config.schema import CoverageMeasure, Run
from sim.plan.districts import District
from sim.plan.problems import Problems, same_names
from sim.words import Said

LARGEST_WEIGHT = 1e12
"""Largest weight of a district: sums of weights and their shares stay numbers."""


def check_places(run: Run, districts: Sequence[District]) -> Problems:
    """Weights are complete, and nothing that is spread over places has none."""
    farmers = run.plan.farmers
    if farmers is not None and not any(d.zone in farmers.zones for d in districts):
        yield ConfigError(
            "plan.farmers_nowhere",
            key="plan.farmers.zones",
            value=", ".join(farmers.zones),
            known={district.zone for district in districts},
        )
    for place in districts:
        if place.adcode == run.plan.city_code or place.zh == run.plan.city.zh:
            city = f"{place.adcode} {place.zh}"
            yield ConfigError("plan.city_among_places", key="plan.districts", value=city)
    yield from _check_universes(run, districts)
    if run.allocation.rule == "custom":
        adcodes = [str(district.adcode) for district in districts]
        given = [name for name in run.allocation.weights if name in adcodes]
        for name, weight in run.allocation.weights.items():
            if name not in adcodes:
                yield unknown_district(name, districts)
            elif weight > LARGEST_WEIGHT:
                key, most = f"allocation.weights.{name}", f"{LARGEST_WEIGHT:g}"
                yield ConfigError("plan.large_weight", key=key, value=weight, most=most)
        yield from same_names("district", given, adcodes, "allocation.weights")


def unknown_district(
    name: str,
    districts: Sequence[District],
    words: str = "plan.no_district",
    key: str | None = None,
) -> ConfigError:
    """``name`` is no district's; said in ``words``, at ``key`` (default: that of its weight)."""
    adcodes = {str(district.adcode): district for district in districts}
    names = {name.casefold(): d for d in districts for name in (d.en, d.zh)}
    near: District | None = None
    for written, known in ((name.casefold(), names), (name, adcodes)):
        for like in difflib.get_close_matches(written, known, n=1, cutoff=0.5):
            near = near or known[like]
    return ConfigError(
        words,
        key=key or f"allocation.weights.{name}",
        value=name,
        allowed=[_called(district) for district in adcodes.values()],
        nearest=_called(near) if near else None,
    )


def _called(district: District) -> Said:
    name = {"zh": district.zh, "en": district.en}
    return Said("plan.district", {"adcode": district.adcode, "name": name})


def _check_universes(run: Run, districts: Sequence[District]) -> Problems:
    """A share of places is no number where there are none, under either reading."""
    for target_id, target in run.plan.targets.items():
        measure = target.measured_by
        if not isinstance(measure, CoverageMeasure):
            continue
        definition = run.plan.definitions.get(target.definition or "")
        readings = [measure.reading or ""] if definition is None else list(definition.readings)
        if measure.universe == "urban_communities":
            readings = [reading for reading in readings if reading in districts[0].communities]
        for reading in readings:
            if not any(district.places(measure.universe, reading) for district in districts):
                yield ConfigError(
                    "plan.no_places",
                    key=f"plan.targets.{target_id}.measured_by.universe",
                    value=measure.universe,
                    reading=reading,
                    table=run.plan.districts,
                )
