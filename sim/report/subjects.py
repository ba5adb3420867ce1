"""What the tables of a study are about: targets under one reading, and scenarios, with their names.

Tables of studies carry the descriptive columns of attainment.csv, ``counts``, and the scenario's
name in both languages; the configuration in the manifest knows the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.report.numbers import goal_text
from sim.report.results import READING_MARKS, Label, Manifest, cell_text, group_order
from sim.report.words import Tongue, word

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Subject:
    """One target under one reading; ``reading`` is None where there is nothing to choose."""

    target: str
    definition: str
    reading: Label | None
    counts: bool
    group: str
    label: Label
    comparator: str
    goal: float
    unit: Label
    kind: str

    @property
    def decides(self) -> bool:
        """Whether this is a target of the plan itself, under the reading that counts."""
        return self.counts and self.kind == "plan"

    def name(self, tongue: Tongue) -> str:
        """The target's name, and the reading if there are two."""
        if self.reading is None:
            return self.label[tongue]
        return word("row.reading", tongue).format(
            target=self.label[tongue], reading=self.reading[tongue]
        )

    def marked_name(self, tongue: Tongue) -> str:
        """The same with the marks of a table: which reading counts, and what is not the plan's."""
        gap = "" if tongue == "zh" else " "
        mark = "" if self.reading is None else READING_MARKS[self.counts] + gap
        return mark + self.name(tongue) + ("" if self.kind == "plan" else " †")

    def goal_text(self, tongue: Tongue) -> str:
        """What the plan asks for, with comparator and unit."""
        return goal_text(self.comparator, self.goal, self.unit[tongue], tongue)


Row = Mapping[str, Any]


def by_subject(table: pd.DataFrame, manifest: Manifest) -> list[tuple[Subject, list[Row]]]:
    """The rows of one scenario by what they are about.

    Headline groups first, then the table's order; readings of a target stand together, the one that
    counts first.
    """
    parts: dict[tuple[str, str], tuple[Subject, list[Row]]] = {}
    for record in table.to_dict("records"):
        row = {str(key): value for key, value in record.items()}
        key = str(row["target"]), cell_text(row["definition"])
        parts.setdefault(key, (_subject(row, manifest), []))[1].append(row)
    groups = {group: place for place, group in enumerate(group_order(manifest))}
    first: dict[str, int] = {}
    for place, (target, _) in enumerate(parts):
        first.setdefault(target, place)
    return sorted(
        parts.values(), key=lambda p: (groups[p[0].group], first[p[0].target], not p[0].counts)
    )


def _subject(row: Row, manifest: Manifest) -> Subject:
    plan = manifest["config"]["plan"]
    target, definition = str(row["target"]), cell_text(row["definition"])
    phrase = plan["targets"][target]["definition"]
    readings = plan["definitions"][phrase]["readings"] if definition else {}
    return Subject(
        target=target,
        definition=definition,
        reading=readings[definition]["name"] if definition else None,
        counts=str(row["counts"]).lower() == "true",
        group=str(row["group"]),
        label={"zh": str(row["label_zh"]), "en": str(row["label_en"])},
        comparator=str(row["comparator"]),
        goal=float(row["goal"]),
        unit=plan["targets"][target]["unit"],
        kind=str(row["kind"]),
    )


def quotable(name: str) -> str:
    """A name to be set in quotation marks: those of its own become single ones."""
    return name.replace("“", "‘").replace("”", "’")


def scenario_names(table: pd.DataFrame) -> dict[str, Label]:
    """Names of the scenarios of a table in both languages, in its order."""
    first = table.drop_duplicates("scenario")
    return {
        str(name): {"zh": str(zh), "en": str(en)}
        for name, zh, en in zip(
            first["scenario"], first["scenario_zh"], first["scenario_en"], strict=True
        )
    }


def as_run_of(manifest: Manifest, scenario: Label) -> Manifest:
    """The manifest of a study as that of one of its scenarios, for the footer of its charts."""
    config = {**manifest["config"], "scenario": {"label": scenario}}
    return {**manifest, "config": config}
