"""What could honestly be promised: the table on the console and the answer in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.console import Group
from rich.table import Table
from rich.text import Text

from sim.report.numbers import LIKELY, percent_text, promise_text, replications_text, share_text
from sim.report.results import Label, Manifest, group_label
from sim.report.subjects import Subject, by_subject, scenario_names
from sim.report.words import Language, Tongue, phrase, spoken, word

if TYPE_CHECKING:
    import pandas as pd

CUTS = 3
"""Targets that the answer names as those to be cut most."""
LONGEST = 24
"""Most names of targets in one sentence."""


@dataclass(frozen=True)
class Promise:
    """What is kept with one confidence: a value with its 95 % interval, in the target's unit."""

    value: float
    low: float
    high: float
    share: float
    keeps_goal: bool


@dataclass(frozen=True)
class Promised:
    """A target under one reading, and its promises by confidence in ascending order."""

    subject: Subject
    promises: dict[float, Promise]

    def is_nothing(self, confidence: float) -> bool:
        """Whether the promise would be that nothing is reached."""
        return self.subject.comparator != "<" and self.promises[confidence].value <= 0.0

    def text(self, confidence: float, tongue: Tongue) -> str:
        """The promise with its comparator, rounded to the safe side; in words if it is nothing."""
        promise = self.promises[confidence]
        if self.is_nothing(confidence):
            return word("promises.nothing", tongue)
        return promise_text(promise.value, self.subject.comparator, tongue)


@dataclass(frozen=True)
class Scenario:
    """The promises of one scenario."""

    name: str
    label: Label
    replications: int
    rows: list[Promised]

    def judged(self) -> list[Promised]:
        """Those of the plan's own targets, under the reading that counts."""
        return [row for row in self.rows if row.subject.decides]

    def promised(self, confidence: float) -> list[Promised]:
        """Those of them that can be promised as they stand."""
        return [row for row in self.judged() if row.promises[confidence].keeps_goal]

    def kept(self, confidence: float) -> int:
        """How many of them that are."""
        return len(self.promised(confidence))


def scenarios_of(table: pd.DataFrame, manifest: Manifest) -> list[Scenario]:
    """The scenarios of promises.csv in its order."""
    return [
        _scenario(name, label, table[table["scenario"] == name], manifest)
        for name, label in scenario_names(table).items()
    ]


def _scenario(name: str, label: Label, table: pd.DataFrame, manifest: Manifest) -> Scenario:
    rows = [
        Promised(
            subject,
            {
                float(record["confidence"]): Promise(
                    float(record["value"]),
                    float(record["low"]),
                    float(record["high"]),
                    float(record["share"]),
                    str(record["keeps_goal"]).lower() == "true",
                )
                for record in sorted(records, key=lambda record: float(record["confidence"]))
            },
        )
        for subject, records in by_subject(table, manifest)
    ]
    return Scenario(name, label, int(table["replications"].max()), rows)


def confidences_of(scenario: Scenario) -> list[float]:
    """The confidences of the study in ascending order."""
    return list(scenario.rows[0].promises)


def main_confidence(scenario: Scenario) -> float:
    """The confidence that findings are told for: the one nearest to the contract's 80 %."""
    return min(confidences_of(scenario), key=lambda confidence: abs(confidence - LIKELY))


def promise_table(scenario: Scenario, manifest: Manifest, language: Language = "both") -> Group:
    """Return the promises of one scenario beside the plan's goals. Fits 100 columns and more."""
    main = main_confidence(scenario)
    confidences = confidences_of(scenario)

    def title(tongue: Tongue) -> str:
        return word("promises.caption", tongue).format(
            scenario=scenario.label[tongue],
            replications=replications_text(scenario.replications, tongue),
        )

    heading = Text(phrase("promises.title", language, " · "), style="bold")
    heading.append("\n" + spoken(language, title), style="not bold")
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, header_style="bold")
    table.add_column(phrase("column.target", language), overflow="fold")
    table.add_column(
        phrase("column.goal", language), justify="right", max_width=18, overflow="fold"
    )
    for confidence in confidences:
        name = spoken(language, partial(confidence_text, confidence))
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column(phrase("promises.share", language), justify="right", no_wrap=True)
    for group, members in groupby(scenario.rows, key=lambda row: row.subject.group):
        table.add_section()
        label = spoken(language, group_label(group, manifest).__getitem__, " · ")
        table.add_row(Text(label, style="bold underline"))
        for row in members:
            table.add_row(
                Text(spoken(language, row.subject.marked_name)),
                Text(spoken(language, row.subject.goal_text)),
                *(_cell(row, confidence, language) for confidence in confidences),
                Text(fraction_text(row.promises[main].share, "zh" if language == "zh" else "en")),
                style=None if row.subject.counts else "dim",
            )
    return Group(heading, table, Text(spoken(language, partial(_notes, scenario))))


def _cell(row: Promised, confidence: float, language: Language) -> Text:
    kept = row.promises[confidence].keeps_goal
    text = spoken(language, lambda tongue: row.text(confidence, tongue) + (" ✓" if kept else "  "))
    return Text(text, style="blue" if kept else "default")


def _notes(scenario: Scenario, tongue: Tongue) -> str:
    lines = [
        word("promises.note", tongue).format(
            confidence=share_text(main_confidence(scenario), tongue)
        )
    ]
    if any(row.subject.reading for row in scenario.rows):
        lines.append(word("note.counts", tongue))
    if any(row.subject.kind != "plan" for row in scenario.rows):
        lines.append(word("note.not_plan", tongue))
    return "\n".join(lines)


def confidence_text(confidence: float, tongue: Tongue) -> str:
    """Return what heads the promises of one confidence."""
    return word("promises.column", tongue).format(confidence=share_text(confidence, tongue))


def fraction_text(share: float, tongue: Tongue) -> str:
    """Write a share of the goal; a dash where there is none."""
    return word("number.none", tongue) if math.isnan(share) else percent_text(share, tongue)


def promise_answer(scenarios: Sequence[Scenario], tongue: Tongue) -> str:
    """How many targets can be promised as they stand, which must be cut most, and to what."""
    first = scenarios[0]
    main = main_confidence(first)
    judged = first.judged()
    kept = first.kept(main)
    others = [
        word("promises.answer_at", tongue).format(
            confidence=share_text(confidence, tongue), kept=first.kept(confidence)
        )
        for confidence in confidences_of(first)
        if confidence != main
    ]
    listed = word("list.clause", tongue)
    parts = [
        word("promises.answer" if kept < len(judged) else "promises.answer_all", tongue).format(
            scenario=first.label[tongue],
            total=len(judged),
            kept=kept,
            cut=len(judged) - kept,
            confidence=share_text(main, tongue),
            risk=share_text(1.0 - main, tongue),
            others=word("promises.answer_others", tongue).format(list=listed.join(others))
            if others
            else "",
        )
    ]
    if kept:
        parts.append(_kept_text(first.promised(main), tongue))
    cuts = [_cut_text(row, main, tongue) for row in deepest_cuts(first)]
    if cuts:
        parts.append(
            word("promises.answer_cuts", tongue).format(
                confidence=share_text(main, tongue), list=listed.join(cuts)
            )
        )
    nothing = [row.subject.name(tongue) for row in judged if row.is_nothing(main)]
    if nothing:
        parts.append(
            word("promises.answer_nothing", tongue).format(
                confidence=share_text(main, tongue),
                list=word("list.separator", tongue).join(nothing),
            )
        )
    if len(scenarios) > 1:
        counts = [
            word("promises.answer_scenario", tongue).format(
                scenario=scenario.label[tongue], kept=scenario.kept(main)
            )
            for scenario in scenarios
        ]
        parts.append(
            word("promises.answer_scenarios", tongue).format(
                list=word("list.separator", tongue).join(counts)
            )
        )
    return ("" if tongue == "zh" else " ").join(parts)


def _kept_text(rows: Sequence[Promised], tongue: Tongue) -> str:
    """Name the targets that can be promised; where they are very many, the first of them."""
    more = len(rows) - LONGEST
    return word("promises.answer_kept", tongue).format(
        list=word("list.separator", tongue).join(
            row.subject.name(tongue) for row in rows[:LONGEST]
        ),
        more=word("promises.answer_kept_more", tongue).format(count=more) if more > 0 else "",
    )


def deepest_cuts(scenario: Scenario) -> list[Promised]:
    """The targets of the plan whose promise is the smallest share of the goal, smallest first.

    Those of which nothing at all can be promised are another matter.
    """
    main = main_confidence(scenario)
    short = [row for row in scenario.judged() if not row.promises[main].keeps_goal]
    known = [
        row for row in short if not (math.isnan(row.promises[main].share) or row.is_nothing(main))
    ]
    return sorted(known, key=lambda row: row.promises[main].share)[:CUTS]


def _cut_text(row: Promised, confidence: float, tongue: Tongue) -> str:
    promise = row.text(confidence, tongue)
    gap = "" if tongue == "zh" else " "
    return word("promises.answer_cut", tongue).format(
        name=row.subject.name(tongue),
        goal=row.subject.goal_text(tongue),
        promise=f"{promise}{gap}{row.subject.unit[tongue]}",
        share=fraction_text(row.promises[confidence].share, tongue),
    )
