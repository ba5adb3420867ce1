"""The rows of an answer: targets of a plan, each under one reading, and several of them together.

Rows come from a configuration as plain mappings, as it stands in a manifest: so the rows of a run
are known, too, which another version of the code has written and this one might not validate.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.words import Goal, Label, Said, Speech, catalogue

Config = Mapping[str, Any]

RowKey = tuple[str, str]
"""Target and reading; the reading is empty where the plan's wording has one meaning."""

ALL, MET_COUNT = "all", "met_count"
"""Targets of joint rows; those of a group end in ``:GROUP``."""

MARKS = {True: "●", False: "○"}
"""Whether a reading counts in joint rows."""

NOT_THE_PLANS = "†"
"""The mark of a target for which the plan names no number."""


@dataclass(frozen=True)
class Row:
    """A target under one reading, or a statement on several targets.

    Attributes:
        target, definition: its key; the columns of that name in every table.
        group: of the plan; empty for all targets together.
        name: of the target; reading: of the reading, None where there is nothing to choose.
        comparator: empty for a joint row; goal: of a joint row how many targets it judges.
        counts: whether this reading enters joint rows; kind: ``plan``, ``operationalised`` or
            ``diagnostic``.
        members: the keys that are judged together; a single row's own.
        clauses: of the plan that set the target.
    """

    target: str
    definition: str
    group: str
    name: Label
    reading: Label | None
    comparator: str
    goal: float
    unit: Label
    kind: str
    counts: bool
    modelled: bool
    members: tuple[RowKey, ...]
    clauses: tuple[str, ...] = ()

    def __hash__(self) -> int:
        return hash(self.key)

    @property
    def key(self) -> RowKey:
        """Target and reading."""
        return self.target, self.definition

    @property
    def indicator(self) -> str:
        """The name of its series in series.parquet."""
        return f"{self.target}:{self.definition}" if self.definition else self.target

    @property
    def joint(self) -> bool:
        """Whether it is about several targets at once."""
        return not self.comparator

    @property
    def counts_targets(self) -> bool:
        """Whether it says how many targets are met."""
        return self.joint and self.target.partition(":")[0] == MET_COUNT

    @property
    def decides(self) -> bool:
        """Whether this is a modelled target of the plan itself, under the reading that counts."""
        return not self.joint and self.modelled and self.counts and self.kind == "plan"

    @property
    def less_is_better(self) -> bool:
        """Whether its goal is a value to stay below."""
        return self.comparator.startswith("<")

    def attained_by(self, value: float) -> bool:
        """Whether a value is what its goal asks for."""
        if self.comparator == ">=":
            return value >= self.goal
        return value > self.goal if self.comparator == ">" else value < self.goal

    @property
    def wanted(self) -> Goal:
        """Its goal, to be said."""
        return Goal(self.comparator, self.goal, self.unit)

    def spoken(self, speech: Speech) -> str:
        """Its name, and the reading if there are two."""
        if self.reading is None:
            return speech.name(self.name)
        return speech("row.reading", target=self.name, reading=self.reading)

    @property
    def clause(self) -> Said | None:
        """Where the plan sets the target, in words."""
        return Said("row.clause", {"clauses": self.clauses}) if self.clauses else None

    @property
    def dagger(self) -> str:
        """The mark of a target for which the plan names no number; empty for the others."""
        return "" if self.kind == "plan" else f" {NOT_THE_PLANS}"

    @property
    def marked(self) -> Said:
        """Its name with the marks of a table: which reading counts, and what is not the plan's."""
        if self.reading is None:
            return Said("row.marked", {"target": self.name, "dagger": self.dagger})
        return Said(
            "row.marked_reading",
            {
                "target": self.name,
                "dagger": self.dagger,
                "mark": MARKS[self.counts],
                "reading": self.reading,
            },
        )


@dataclass(frozen=True)
class Quoted:
    """A name to be set in quotation marks: those of its own become single ones."""

    row: Row

    def spoken(self, speech: Speech) -> str:
        """The name without double quotation marks."""
        return speech.text(self.row).replace("“", "‘").replace("”", "’")


def rows_of(config: Config) -> dict[RowKey, Row]:
    """Every target under every reading, in the plan's order, modelled or not.

    Args:
        config: of a run, as in its manifest.
    """
    plan, found = config["plan"], {}
    for name, target in plan["targets"].items():
        phrase = target["definition"]
        readings: Mapping[str, Any] = {"": None}
        if phrase is not None:
            readings = plan["definitions"][phrase]["readings"]
        for reading, meaning in readings.items():
            found[name, reading] = Row(
                target=name,
                definition=reading,
                group=target["group"],
                name=target["name"],
                reading=meaning and meaning["name"],
                comparator=target["comparator"],
                goal=float(target["goal"]),
                unit=target["unit"],
                kind=target["kind"],
                counts=meaning is None or meaning["switch"] == config["definitions"][phrase],
                modelled=is_modelled(target),
                members=((name, reading),),
                clauses=tuple(target.get("clause", ())),
            )
    return found


def is_modelled(target: Config) -> bool:
    """Whether a target of a configuration is given a value by the simulation."""
    return target.get("measured_by") is not None


def joint_row(target: str, name: Label, members: tuple[RowKey, ...], group: str = "") -> Row:
    """A row over several ``members``: all of them hold, or how many do, as ``target`` says."""
    return Row(
        target=target,
        definition="",
        group=group,
        name=name,
        reading=None,
        comparator="",
        goal=float(len(members)),
        unit=catalogue().texts("row.targets"),
        kind="plan",
        counts=True,
        modelled=True,
        members=members,
    )


def joint_rows_of(config: Config, rows: Iterable[Row]) -> dict[RowKey, Row]:
    """The joint rows over ``rows``: every target holds, and how many do; all, then by group."""
    plan, deciding = config["plan"], [row for row in rows if row.decides]
    groups = [group for group in plan["groups"] if any(row.group == group for row in deciding)]
    found = {}
    for statement in (ALL, MET_COUNT) if deciding else ():
        for group in ("", *groups):
            members = tuple(row.key for row in deciding if group in ("", row.group))
            key = f"{statement}:{group}" if group else statement
            name = _joint_name(plan, statement, group)
            found[key, ""] = joint_row(key, name, members, group)
    return found


def _joint_name(plan: Config, statement: str, group: str) -> Label:
    label = plan["joint_labels"][statement]
    if not group:
        return {"zh": label["zh"], "en": label["en"]}
    name = plan["groups"][group]["name"]
    return {"zh": f"{label['zh']}：{name['zh']}", "en": f"{label['en']}: {name['en']}"}


def group_order(config: Config) -> list[str]:
    """The plan's groups, headline groups first."""
    groups = config["plan"]["groups"]
    return sorted(groups, key=lambda group: not groups[group]["headline"])


def group_name(config: Config, group: str) -> Label:
    """What a group is called."""
    name: Label = config["plan"]["groups"][group]["name"]
    return name


def for_readers(rows: Collection[Row], config: Config) -> list[Row]:
    """Rows in the order in which people read them.

    Headline groups first, then the plan's order; readings of one target are neighbours, the one
    that counts first.
    """
    groups = {group: place for place, group in enumerate(group_order(config))}
    first: dict[str, int] = {}
    for place, row in enumerate(rows):
        first.setdefault(row.target, place)
    return sorted(rows, key=lambda row: (groups[row.group], first[row.target], not row.counts))


def marks(rows: Sequence[Row]) -> Iterator[Said]:
    """What the marks beside names mean, as far as they occur."""
    if any(row.reading for row in rows):
        yield Said("row.counts")
    if any(row.kind != "plan" for row in rows):
        yield Said("row.not_plan")


def incomparable(reference: Config, other: Config) -> tuple[str, object, object] | None:
    """Key and two values of the first setting for which two answers mean different things.

    Those are the plan, its targets with goals and groups, and the switch of every definition that
    decides which reading joint rows judge. A definition that changes what is built may differ, as
    anything else may. None if the rows mean the same.
    """
    ours, theirs = dict(_meaning(reference)), dict(_meaning(other))
    for key in dict.fromkeys([*ours, *theirs]):
        if ours.get(key) != theirs.get(key):
            return key, ours.get(key), theirs.get(key)
    return None


_OF_PLAN = ("id", "start", "end")
_OF_TARGET = ("group", "kind", "comparator", "goal", "deadline", "definition")


def _meaning(config: Config) -> Iterable[tuple[str, object]]:
    plan = config["plan"]
    yield from ((f"plan.{key}", plan[key]) for key in _OF_PLAN)
    for name, target in plan["targets"].items():
        yield from ((f"plan.targets.{name}.{key}", target[key]) for key in _OF_TARGET)
    for name, definition in plan["definitions"].items():
        if not definition["changes_run"]:
            yield f"definitions.{name}", config["definitions"][name]
