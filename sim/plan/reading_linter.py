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
    choices = " or ".join(" and ".join(pair) for pair in known)
    definition = plan.definitions.get(target.definition or "")
    if definition is not None:
        if set(definition.readings) not in [set(pair) for pair in known]:
            yield ConfigError(
                f"a measure of type {measure.type} does not know these readings",
                key=f"plan.definitions.{target.definition}.readings",
                value=", ".join(definition.readings),
                allowed=choices or "no definition",
            )
        if own is not None:
            yield ConfigError(
                f"the definition {target.definition} reports both readings, so this one would "
                "change nothing",
                key=f"{key}.measured_by.reading",
                value=own,
                allowed="a definition or a reading, not both",
            )
    elif own is not None and not any(own in pair for pair in known):
        yield ConfigError(
            "there is only one way to count this, or not this one",
            key=f"{key}.measured_by.reading",
            value=own,
            allowed=choices or "no reading",
        )
    elif own is None and known and target.definition is None:
        yield ConfigError(
            "this can be counted in two ways, and the target does not say in which",
            key=f"{key}.measured_by.reading",
            allowed=f"{' or '.join(reading for pair in known for reading in pair)}; or a "
            f"definition with the readings {choices}, which reports both",
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
                f"a measure of type {measure.type} counts from the start on, without a baseline",
                key=key,
                value=target.baseline,
                allowed=0,
            )
        if isinstance(measure, StaffMeasure):
            wanted = STAFF_OF_THE_START[measure.count]
            if target.baseline != wanted:
                yield ConfigError(
                    "the staff of the start come from another parameter, so this would do nothing",
                    key=key,
                    value=target.baseline,
                    allowed=wanted,
                )
        if isinstance(measure, LiteracyMeasure) and measure.count != "gap" and target.baseline != 0:
            yield ConfigError(
                "a change since the start begins at nothing", key=key, value=target.baseline,
                allowed=0,
            )  # fmt: skip
        counted = _one_of_the_city(target)
        if counted:
            other, start = first.setdefault(counted, (name, target.baseline))
            if start != target.baseline:
                yield ConfigError(
                    f"the target {other} starts from another number of the same thing",
                    key=key,
                    value=target.baseline,
                    allowed=start,
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
            yield ConfigError(
                "no programme has variants for this definition, so it does not change the run",
                key=f"{key}.changes_run",
                value="true",
                allowed="variants of a programme, or false",
            )
        elif name not in asked | varied:
            yield ConfigError(
                "no target is read by this definition, so its switch would change nothing",
                key=key,
                allowed="definition: of a target that names it, or no such definition",
            )
        first, second = (reading.switch for reading in definition.readings.values())
        if type(first) is type(second) and first == second:
            yield ConfigError(
                "both readings have the same switch, so none can be chosen",
                key=f"{key}.readings.{list(definition.readings)[1]}.switch",
                value=second,
                allowed="a value of its own",
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
            yield ConfigError(
                "this is named twice",
                key=key,
                value=entry,
                allowed="each of them once",
            )
