"""Checks that every target says what it counts, and from what start: nothing is read in silence."""

from __future__ import annotations

from collections.abc import Iterator

from sim.config.errors import ConfigError
from sim.config.schema import (
    CoverageMeasure,
    EventsMeasure,
    LadderMeasure,
    LiteracyMeasure,
    Plan,
    Run,
    StaffMeasure,
    Target,
)
from sim.plan.problems import Problems
from sim.words import Said

Pair = tuple[str, str]

READINGS: dict[str, tuple[Pair, ...]] = {
    "coverage": (("narrow", "wide"),),
    "staff": (("strict", "broad"),),
    "industry": (("core", "broad"),),
    "ladder": (("until_replaced", "strict"), ("promoted_count", "promoted_leave")),
}
"""Names of the two readings that a measure can tell apart, by its type."""

FROM_NOTHING = frozenset({"events", "governance", "regulation"})
"""Measures that count what happens from the start of the horizon on, whatever was before."""

STAFF_OF_THE_START = {"persons": "full_time_density", "bachelor_share": "bachelor_share_baseline"}
"""Parameters from which the model takes the staff of the start, by what a target counts of it."""

ONE_START = frozenset({"volunteers", "experts", "farmers"})
"""Measures of something of which a city has one, so that it has one baseline."""


def check_readings(run: Run) -> Problems:
    """What can be counted in two ways says in which, in words that its measure knows."""
    for name, target in run.plan.targets.items():
        yield from _check_reading(run.plan, target, f"plan.targets.{name}")


def _check_reading(plan: Plan, target: Target, key: str) -> Problems:
    measure = target.measured_by
    if measure is None:
        return
    known, own = tuple(_pairs(plan, target)), getattr(measure, "reading", None)
    choices = Said("plan.pairs", {"pairs": [Said("plan.pair", {"pair": p}) for p in known]})
    definition = plan.definitions.get(target.definition or "")
    if definition is not None:
        if set(definition.readings) not in [set(pair) for pair in known]:
            yield ConfigError(
                "plan.other_readings",
                key=f"plan.definitions.{target.definition}.readings",
                value=", ".join(definition.readings),
                allowed=choices if known else Said("plan.no_definition"),
                type=measure.type,
            )
        if own is not None:
            yield ConfigError(
                "plan.both_reported",
                key=f"{key}.measured_by.reading",
                value=own,
                definition=target.definition,
            )
    elif own is not None and not any(own in pair for pair in known):
        yield ConfigError(
            "plan.one_way",
            key=f"{key}.measured_by.reading",
            value=own,
            allowed=choices if known else Said("plan.without_reading"),
        )
    elif own is None and known and target.definition is None:
        yield ConfigError(
            "plan.which_way",
            key=f"{key}.measured_by.reading",
            readings=[reading for pair in known for reading in pair],
            choices=choices,
        )


def _pairs(plan: Plan, target: Target) -> Iterator[Pair]:
    """The readings between which the value of a target can differ."""
    measure = target.measured_by
    assert measure is not None, "asked for measured targets only"
    pairs = READINGS.get(measure.type, ())
    if isinstance(measure, CoverageMeasure) and measure.universe == "villages":
        return
    if not isinstance(measure, LadderMeasure):
        yield from pairs
        return
    level = plan.ladder.get(measure.level)
    if level is None:
        return
    ends, goes_up = pairs
    if level.term_years is not None or level.baseline_expiry is not None:
        yield ends
    if any(other.below == measure.level for other in plan.ladder.values()):
        yield goes_up


def check_baselines(run: Run) -> Problems:
    """The baseline of a target is where the model starts from."""
    plan = run.plan
    first: dict[str, tuple[str, float | str]] = {}
    for name, target in plan.targets.items():
        key, measure = f"plan.targets.{name}.baseline", target.measured_by
        if measure is None:
            continue
        if measure.type in FROM_NOTHING and target.baseline != 0:
            yield ConfigError(
                "plan.from_nothing",
                key=key,
                value=target.baseline,
                allowed=0,
                type=measure.type,
            )
        if isinstance(measure, StaffMeasure):
            wanted = STAFF_OF_THE_START[measure.count]
            if target.baseline != wanted:
                yield ConfigError(
                    "plan.staff_of_the_start",
                    key=key,
                    value=target.baseline,
                    allowed=wanted,
                )
        if isinstance(measure, LiteracyMeasure) and measure.count != "gap" and target.baseline != 0:
            yield ConfigError("plan.change", key=key, value=target.baseline, allowed=0)
        counted = _one_of_the_city(target)
        if counted:
            other, start = first.setdefault(counted, (name, target.baseline))
            if start != target.baseline:
                yield ConfigError(
                    "plan.other_start",
                    key=key,
                    value=target.baseline,
                    allowed=start,
                    other=other,
                )


def _one_of_the_city(target: Target) -> str:
    """What a target counts of which a city has only one; empty for all else."""
    measure = target.measured_by
    if isinstance(measure, CoverageMeasure):
        return f"coverage of {measure.universe}"
    if isinstance(measure, LadderMeasure):
        return f"level {measure.level}"
    return measure.type if measure is not None and measure.type in ONE_START else ""


def check_definitions(run: Run) -> Problems:
    """A switch of a definition changes something, and each of its readings can be chosen."""
    plan = run.plan
    asked = {target.definition for target in plan.targets.values()}
    varied = {name for programme in plan.programmes.values() for name in programme.variants}
    for name, definition in plan.definitions.items():
        key = f"plan.definitions.{name}"
        if definition.changes_run and name not in varied:
            yield ConfigError("plan.no_variants", key=f"{key}.changes_run", value="true")
        elif name not in asked | varied:
            yield ConfigError("plan.unread", key=key)
        first, second = (reading.switch for reading in definition.readings.values())
        if type(first) is type(second) and first == second:
            yield ConfigError(
                "plan.same_switch",
                key=f"{key}.readings.{list(definition.readings)[1]}.switch",
                value=second,
            )


def check_repetitions(run: Run) -> Problems:
    """Lists in which a name said twice would count twice, or not at all."""
    plan = run.plan
    lists: dict[str, list[str]] = {
        "plan.calendar.assessment_years": [str(year) for year in plan.calendar.assessment_years]
    }
    for name, target in plan.targets.items():
        if isinstance(target.measured_by, EventsMeasure):
            lists[f"plan.targets.{name}.measured_by.series"] = target.measured_by.series
    if plan.literacy is not None:
        lists["plan.literacy.surveys"] = [str(survey.year) for survey in plan.literacy.surveys]
        lists["plan.literacy.behind"] = [*plan.literacy.ahead, *plan.literacy.behind]
    for key, entries in lists.items():
        for entry in dict.fromkeys(entry for entry in entries if entries.count(entry) > 1):
            yield ConfigError("plan.twice", key=key, value=entry)
