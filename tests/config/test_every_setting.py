"""No setting is ignored in silence: moved away from its value, each one of the schema changes what
a run reports, or is refused, or stands in a table of those that never change a result.

The real plan in five small places holds every leaf of the schema. Leaves of one class and field are
tried together, until one of them changes something: what an instance of them does not look at is
refused by the linter (``tests/bad_configs/unused_*.yaml``).
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

import pytest
from pydantic import BaseModel, ValidationError

from sim.config.errors import ConfigError
from sim.config.schema import Run
from sim.config.schema.base import Drawn, Label, MonthDay
from sim.model.city import simulate
from sim.model.kernel.streams import Streams
from sim.plan.linter import lint
from sim.plan.mechanisms import references
from sim.study.worker import Worker
from tests.factory import baseline_run, in_small

Json = dict[str, Any]

FOR_READERS = {
    "Definition": {"name": "a label", "note": "a note"},
    "EventSeries": {"name": "a label", "clause": "where the plan says it"},
    "GovernanceStep": {"name": "a label"},
    "Group": {"name": "a label", "headline": "which groups charts show first"},
    "Judgement": dict.fromkeys(
        ("ahead_above", "on_schedule_from", "lagging_from"), "what a chance is called"
    ),
    "JointLabels": {"all": "a label", "met_count": "a label"},
    "LadderLevel": {"name": "a label"},
    "LegislativeStage": {"name": "a label"},
    "Parameter": {
        "label": "a label", "source": "evidence", "grade": "evidence", "known_from": "evidence",
        "note": "evidence", "unit": "a label, which also says what numbers are possible",
    },
    "Plan": {"id": "a name", "name": "a label", "city": "a label"},
    "Programme": {"name": "a label", "clause": "where the plan says it"},
    "Reading": {"name": "a label"},
    "Run": {
        "replications": "how many histories, not which: those of smaller numbers stay the same",
        "workers": "execution", "backend": "execution", "scheduler": "execution",
        "store": "where finished replications are kept",
        "trace": "adds a file of events", "language": "of tables and charts",
        "table": "how much of it the console shows",
        "report": "adds files made from the answer",
    },
    "ScenarioName": {"name": "a name", "label": "a label"},
    "Target": {
        "name": "a label", "clause": "where the plan says it", "note": "a note",
        "unit": "a label, which also says what goals are possible",
        "measure": "says why there is no baseline: what is new starts from 0, and so may a stock",
    },
    "Zone": {"name": "a label"},
}  # fmt: skip
"""Settings that never change a result, and why, by class and field."""

RICH = {"budget.public_total": 2_000_000_000}
MUSEUM = {"definitions.district_venue": "museum", "budget.public_total": 10_000_000_000}
POOR = {"budget.public_total": 20_000_000, "budget.social_total": 0}
BY_PLACE = {"record": "full"}
EQUITY = {
    "allocation.rule": "equity", "allocation.equity_zones": ["core"],
    "allocation.equity_factor": 3.0, **BY_PLACE,
}  # fmt: skip
PERFORMANCE = {"allocation.rule": "performance", **BY_PLACE}
SHOCK = {"kind": "budget_cut", "start": "2017-01-01", "end": "2018-12-31", "size": 0.5}
NO_REPORT = {"plan.governance.steps.year_end_report.decides": None}
MODEST = {"budget.public_total": 50_000_000, "budget.social_total": 10_000_000}
CONTEXTS: tuple[Json, ...] = ({}, RICH, POOR, MUSEUM, MODEST)
"""Circumstances under which a setting may matter, one of which is enough."""

WHERE_IT_COUNTS: dict[str, Json] = {
    "Allocation.equity_zones": EQUITY,
    "Allocation.equity_factor": EQUITY,
    "Allocation.performance_share": PERFORMANCE,
    "Calendar.assessment": NO_REPORT,
    "Farmers.earmark": {
        "plan.targets.teacher_studios.goal": 500,
        "planning.overcommitment": 50.0,
    },
    "LadderLevel.minimum_service": {
        "allocation.group_shares.facilities": 0.15,
        "allocation.group_shares.governance": 0.35,
    },
    "Shock.kind": {"shocks": [SHOCK]},
    "Shock.start": {"shocks": [SHOCK]},
    "Shock.end": {"shocks": [SHOCK]},
    "Shock.size": {"shocks": [SHOCK]},
    "Shock.zones": {"shocks": [SHOCK]},
    "Shock.groups": {"shocks": [SHOCK]},
}
"""The only circumstances under which some settings are not refused."""

REPLICATIONS = 4
INSTANCES = 6  # of a class and field that are tried; the first ones and then every so many


class Leaf(NamedTuple):
    """A setting of the run: where it stands, what its type says, and its value."""

    path: tuple[str, ...]
    annotation: Any
    value: Any


# ------------------------------------------------------------------------------ all settings


def leaves(model: BaseModel, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Leaf]]:
    """Class and field, with its leaf, of every setting; a label or day of the year is one."""
    hints = get_type_hints(type(model), include_extras=True)
    for field in type(model).model_fields:
        place, value = (*path, field), getattr(model, field)
        for name, below in _entries(value):
            yield from leaves(below, (*place, *name))
        if not _entries(value):
            yield f"{type(model).__name__}.{field}", Leaf(place, hints[field], value)


def _entries(value: Any) -> list[tuple[tuple[str, ...], BaseModel]]:
    """The models below a value, however deep in mappings and lists."""
    if isinstance(value, Label | MonthDay):
        return []
    if isinstance(value, BaseModel):
        return [((), value)]
    if isinstance(value, list):
        value = dict(enumerate(value))
    pairs = value.items() if isinstance(value, dict) else []
    return [((str(key), *name), one) for key, item in pairs for name, one in _entries(item)]


@cache
def settings_by_field() -> dict[str, list[Leaf]]:
    run = baseline_run()
    found: dict[str, list[Leaf]] = {}
    for name, leaf in leaves(changed(run, {"shocks": [SHOCK]})):
        found.setdefault(name, []).append(leaf)
    return found


def changed(run: Run, changes: Mapping[str, Any]) -> Run:
    config = run.model_dump(mode="json")
    for key, value in changes.items():
        put(config, tuple(key.split(".")), value)
    return Run.model_validate_json(json.dumps(config))


def put(config: Json, path: tuple[str, ...], value: Any) -> None:
    here: Any = config
    for part in path[:-1]:
        here = here[int(part)] if isinstance(here, list) else here[part]
    here[int(path[-1]) if isinstance(here, list) else path[-1]] = value


# ------------------------------------------------------------------------------ other values


def alternatives(leaf: Leaf, config: Json) -> Iterator[Any]:
    """Other values that a setting might have; not all of them fit."""
    value, annotation = leaf.value, leaf.annotation
    drawn = marked(annotation)
    if drawn and (value is None or isinstance(value, str)):
        if value is not None:
            yield from (moved(value, factor) for factor in (0.6, 1.6, 0.01, 40.0))
        yield None if value is not None else next(iter(config["parameters"]))
    elif isinstance(value, Label):
        yield {"zh": "别名", "en": "another name"}
    elif isinstance(value, MonthDay):
        for month in (value.month % 12 + 1, value.month % 11 + 1, 12):
            yield {"month": month, "day": value.day % 28 + 1}
    elif isinstance(value, bool):
        yield not value
    elif isinstance(value, int | float):
        numbers = (value * 2, value / 2, value + 1, value - 1)
        yield from (int(n) if isinstance(value, int) else n for n in numbers)
    elif isinstance(value, dt.date):
        yield from ((value + dt.timedelta(days=days)).isoformat() for days in (200, -100, 20))
    elif isinstance(value, list):
        yield from other_lists(value, config)
    elif isinstance(value, dict):
        yield from other_mappings(value, config)
    else:
        yield from choices(annotation, value)
        yield from names_like(value, config)
        yield from ([None, f"{value} too"] if isinstance(value, str) else ["text", 1, 1.0])


def marked(annotation: Any) -> bool:
    """Whether a setting is the name of a parameter, or may be."""
    arguments = get_args(annotation)
    if get_origin(annotation) is Annotated:
        return any(isinstance(mark, Drawn) for mark in arguments[1:]) or marked(arguments[0])
    return get_origin(annotation) in (Union, UnionType) and any(map(marked, arguments))


def choices(annotation: Any, value: Any) -> Iterator[Any]:
    if get_origin(annotation) is Literal:
        yield from (choice for choice in get_args(annotation) if choice != value)
    elif get_origin(annotation) in (Union, UnionType, Annotated):
        for argument in get_args(annotation):
            yield from choices(argument, value)


def names_like(value: Any, config: Json) -> Iterator[str]:
    """Other names of the collections in which ``value`` is one."""
    plan = config["plan"]
    governance, events = plan["governance"]["steps"], plan["events"]["series"]
    definitions = [
        {str(r["switch"]): r for r in d["readings"].values()} for d in plan["definitions"].values()
    ]
    collections = [
        *(plan[name] for name in ("programmes", "targets", "groups", "zones", "ladder", "sources")),
        *(plan["definitions"], governance, events, *definitions),
    ]
    for names in collections:
        if value in names:
            yield from itertools.islice((name for name in names if name != value), 3)


class moved(str):  # a value like any other
    """The name of a parameter, to be replaced by one of its own with other numbers."""

    factor: float

    def __new__(cls, name: str, factor: float) -> moved:
        made = super().__new__(cls, name)
        made.factor = factor
        return made


def other_lists(value: list[Any], config: Json) -> Iterator[list[Any]]:
    plain = [v.model_dump() if isinstance(v, BaseModel) else v for v in value]
    if value and isinstance(value[0], float):
        yield [value[0] + 0.05, value[1] - 0.05, *value[2:]]
        return
    if value:
        yield plain[1:]
        yield plain[:-1]
        yield [*plain[1:], plain[0]]
        yield [*alternative_items(value[0], config), *plain[1:]]
    for more in ("review", "crew", "staff", "northeast", "facilities", "crews_core", 2017):
        yield [*plain, more]


def alternative_items(value: Any, config: Json) -> list[Any]:
    if isinstance(value, MonthDay):
        return [{"month": value.month, "day": value.day % 28 + 1}]
    return [moved(value, 1.6)] if value in config["parameters"] else [f"{value} too"]


def other_mappings(value: Mapping[str, Any], config: Json) -> Iterator[Json]:
    plain = {k: v.model_dump() if isinstance(v, BaseModel) else v for k, v in value.items()}
    names = list(value)
    for name in names:
        own = value[name]
        if isinstance(own, float):
            yield {**plain, name: own * 0.9}
            other = next(n for n in names if n != name)
            yield {**plain, name: own * 0.9, other: value[other] + own * 0.1}
        elif own in config["parameters"]:
            yield {**plain, name: moved(own, 1.6)}
        else:
            yield from ({**plain, name: new} for new in (not own, *names_like(own, config)))
    if names:
        yield {name: plain[name] for name in names[1:]}


# ------------------------------------------------------------------------------ what changes


@cache
def context(number: int, field: str) -> Run:
    return changed(small_run(), WHERE_IT_COUNTS.get(field, CONTEXTS[number]))


@cache
def small_run() -> Run:
    run = baseline_run()
    return changed(run, in_small(run, Path(DISTRICTS[0])))


DISTRICTS: list[str] = []


@pytest.fixture(scope="module", autouse=True)
def _districts(tmp_path_factory: pytest.TempPathFactory) -> None:
    DISTRICTS[:] = [str(tmp_path_factory.mktemp("places"))]


def with_setting(run: Run, path: tuple[str, ...], value: Any) -> Run:
    """``run`` with another value; parameters that nothing uses any more go with what used them.

    Raises:
        ValidationError, ConfigError: it is refused.
    """
    config = run.model_dump(mode="json")
    put(config, path, in_place(value, config))
    other = Run.model_validate_json(json.dumps(config), strict=True)
    if path[0] == "plan":
        used = {use.parameter for use in references(other.plan)}
        kept = {name: p for name, p in other.parameters.items() if name in used}
        other = other.model_copy(update={"parameters": kept})
    lint(other)
    return other


def in_place(value: Any, config: Json) -> Any:
    """``value`` with a parameter of its own wherever one is to be moved."""
    if isinstance(value, moved):
        own = dict(config["parameters"][value])
        for number in ("value", "low", "mode", "high", "median"):
            if own[number] is not None:
                own[number] = own[number] * value.factor
        config["parameters"]["moved_for_a_test"] = own
        return "moved_for_a_test"
    if isinstance(value, dict):
        return {key: in_place(item, config) for key, item in value.items()}
    return [in_place(item, config) for item in value] if isinstance(value, list) else value


def report(run: Run, replication: int) -> tuple[Any, ...]:
    """All that a run reports of one replication, and which rows of it count together."""
    worker = Worker(run)
    outcome = simulate(
        worker.plan, worker.scenario, worker.draw(replication), Streams(run.seed, replication),
        record=run.record,
    )  # fmt: skip
    rows = [(r.indicator, r.counts, r.spec.kind, r.spec.group) for r in worker.layout.rows]
    arrays = outcome.values, outcome.attained, outcome.first_attained, outcome.city_series
    return (
        rows, worker.layout.city_indicators, [array.tobytes() for array in arrays],
        outcome.district_series.tobytes(), outcome.delays, outcome.ledger.rows(),
    )  # fmt: skip


@cache
def usual(number: int, field: str, replication: int) -> tuple[Any, ...]:
    return report(context(number, field), replication)


def verdict(field: str, leaf: Leaf, number: int, replication: int) -> str:
    """``changed`` if some other value is accepted and changes something, ``silent`` if none that is
    accepted does, ``refused`` if none is."""
    run, found = context(number, field), "refused"
    config = run.model_dump(mode="json")
    for value in alternatives(leaf, config):
        try:
            other = with_setting(run, leaf.path, value)
        except (ValidationError, ConfigError):
            continue
        found = "silent"
        if report(other, replication) != usual(number, field, replication):
            return "changed"
    return found


def sample(found: list[Leaf]) -> list[Leaf]:
    """Some instances from everywhere, those that have a value before those that have none."""
    given = [leaf for leaf in found if leaf.value]
    empty = [leaf for leaf in found if not leaf.value]
    return [leaf for part in (given, empty) for leaf in part[:: -(-len(part) // INSTANCES) or 1]]


def never_changes(field: str) -> bool:
    model, _, name = field.partition(".")
    return name in FOR_READERS.get(model, {})


@pytest.mark.parametrize("field", sorted(f for f in settings_by_field() if not never_changes(f)))
def test_a_setting_changes_something_or_is_refused(field: str) -> None:
    found = sample(settings_by_field()[field])
    numbers = range(1 if field in WHERE_IT_COUNTS else len(CONTEXTS))
    trials = [(number, 0) for number in numbers]
    trials += [(0, replication) for replication in range(1, REPLICATIONS)]
    verdicts = set()
    for number, replication in trials:
        for leaf in found:
            said = verdict(field, leaf, number, replication)
            if said == "changed":
                return
            verdicts.add(said)
        if verdicts == {"refused"}:
            return
    pytest.fail(f"{field} is accepted and changes nothing that a run reports")


@pytest.mark.parametrize("field", sorted(filter(never_changes, settings_by_field())))
def test_what_is_said_never_to_change_a_result_does_not(field: str) -> None:
    leaf = settings_by_field()[field][0]
    assert verdict(field, leaf, 0, 0) != "changed"


def test_the_table_names_settings_that_exist() -> None:
    named = {f"{model}.{field}" for model, fields in FOR_READERS.items() for field in fields}
    assert named <= set(settings_by_field())
