"""The attainment table on the console."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from sim.answer.origin import caution_of
from sim.answer.settings import scenario_text
from sim.report.fitting import COMPACT, MEDIUM, WIDE, Column, FittedTable
from sim.report.numbers import (
    chance_text,
    goal_text,
    likelihood,
    range_text,
    replications_text,
)
from sim.report.results import (
    READING_MARKS,
    JointRow,
    Manifest,
    TargetRow,
    built_readings,
    finished_replications,
    group_label,
    joint_rows,
    target_rows,
)
from sim.report.sentences import obstacle_text, reading_sentences
from sim.report.words import STAGES, Language, Tongue, in_speech, phrase, spoken, word
from sim.words import Speech

if TYPE_CHECKING:
    import pandas as pd

COLOURS = {"likely": "blue", "open": "default", "unlikely": "dark_orange3"}

_CELLS = ("target", "goal", "median", "probability", "date", "obstacle")
_OBSTACLE = Column(("obstacle",), width=14)


def _stacked(width: int) -> tuple[Column, ...]:
    """Columns with the median under the goal; one longer than ``width`` breaks before its range."""
    return (
        Column(("target",)),
        Column(("goal", "median"), width=width, right=True),
        Column(("probability", "date"), right=True, whole=True),
    )


_LAYOUTS = {
    WIDE: (
        Column(("target",)),
        Column(("goal",), width=15, right=True),
        Column(("median",), right=True, whole=True),
        Column(("probability",), right=True, whole=True),
        Column(("date",), whole=True),
        _OBSTACLE,
    ),
    MEDIUM: (*_stacked(24), _OBSTACLE),
    COMPACT: (*_stacked(18), _OBSTACLE),
    0: _stacked(16),
}


def attainment_table(
    attainment: pd.DataFrame,
    manifest: Manifest,
    language: Language = "both",
) -> Group:
    """Return the attainment table of one scenario, to be printed by a rich console.

    ``attainment`` and ``manifest`` are the run folder's files. Targets stand by group, headline
    groups first; both readings of an ambiguous target are neighbours; joint rows close the table.
    Below it stand the targets that are not modelled, the definitions whose readings give different
    answers, and the caution. Fits 60 columns and more: from 110 on a row has a column for
    everything; below, the median stands under the goal and the date under the chance; below 74 the
    obstacle is left to the table of :mod:`sim.report.held_back`.
    """
    rows = target_rows(attainment, manifest)
    finished = finished_replications(attainment)
    parts: list[RenderableType] = [
        _heading(manifest, finished, language),
        *_warnings(manifest, finished, language),
    ]
    table = _empty_table(language)
    modelled = [row for row in rows if row.modelled]
    for group, members in groupby(modelled, key=lambda row: row.group):
        label = group_label(group, manifest)
        table.add_heading(spoken(language, label.__getitem__, " · "))
        for _, readings in groupby(members, key=lambda row: row.target):
            _add_target(table, list(readings), language)
    joint = joint_rows(attainment, manifest)
    if joint:
        table.add_heading(phrase("joint.heading", language, " · "))
        for joint_row in joint:
            table.add_row(_joint_cells(joint_row, manifest, language))
    parts += [table, Text(spoken(language, partial(_notes, rows, manifest)), style="dim")]
    sentences = reading_sentences(attainment, manifest, language)
    parts += ["", *(Text(sentence) for sentence in sentences)]
    caution = caution_of(manifest["config"])
    parts.append(Text(spoken(language, in_speech(lambda speech: speech.text(caution)))))
    return Group(*parts)


def _heading(manifest: Manifest, finished: int, language: Language) -> Text:
    config = manifest["config"]

    def lines(tongue: Tongue) -> str:
        title = word("table.title", tongue).format(plan=config["plan"]["name"][tongue])
        caption = word("table.caption", tongue).format(
            scenario=scenario_text(manifest, Speech(tongue)),
            replications=replications_text(finished, tongue),
            deadline=config["plan"]["end"],
        )
        return f"{title}\n{caption}"

    text = Text()
    for line in spoken(language, lines).split("\n"):
        text.append(line + "\n", style="" if text.plain.count("\n") % 2 else "bold")
    return text


def _warnings(manifest: Manifest, finished: int, language: Language) -> Iterator[Text]:
    """Yield why the results rest on fewer replications than were asked for, if they do.

    What was not simulated because the run was interrupted did not fail.
    """
    asked = int(manifest["replications"])
    failed = int(manifest.get("failed", asked - finished))
    numbers = {"failures": failed, "total": asked, "finished": finished}
    if failed:
        text = spoken(language, lambda tongue: word("warning.failures", tongue).format(**numbers))
        yield Text(text, style="bold red")
    if manifest.get("interrupted"):
        text = spoken(
            language, lambda tongue: word("warning.interrupted", tongue).format(**numbers)
        )
        yield Text(text, style="bold")


def _empty_table(language: Language) -> FittedTable:
    return FittedTable({cell: phrase(f"column.{cell}", language) for cell in _CELLS}, _LAYOUTS)


def _add_target(table: FittedTable, readings: Sequence[TargetRow], language: Language) -> None:
    """Add a target: one row, or a row with its name and goal and one for each reading."""
    first = readings[0]
    mark = "" if first.kind == "plan" else " †"
    label = Text(spoken(language, lambda tongue: first.label[tongue] + mark))
    goal = Text(
        spoken(
            language,
            lambda t: goal_text(first.comparator, first.goal, first.unit_text(t), t),
        )
    )
    cells = {"target": label, "goal": goal}
    if first.reading is None:
        table.add_row(cells | _result_cells(first, language))
        return
    table.add_row(cells)
    for row in readings:
        name = Text(spoken(language, partial(_reading_text, row)))
        style = None if row.counts else "dim"
        table.add_row({"target": name, **_result_cells(row, language)}, style)


def _reading_text(row: TargetRow, tongue: Tongue) -> str:
    return "" if row.reading is None else f" {READING_MARKS[row.counts]} {row.reading[tongue]}"


def _result_cells(row: TargetRow, language: Language) -> dict[str, Text]:
    """Return median and range, chance, date met, and obstacle of one row."""
    median = spoken(language, lambda tongue: range_text(row.p50, row.p05, row.p95, tongue))
    return {
        "median": Text(median),
        "probability": _chance(row, language),
        "date": Text(row.first_attained[:7] or phrase("number.none", language)),
        "obstacle": Text(phrase(f"stage.{row.held_back_by}", language) if row.held_back_by else ""),
    }


def _chance(row: TargetRow | JointRow, language: Language) -> Text:
    text = chance_text(row.probability, row.low, row.high, language)
    return Text(text, style=COLOURS[likelihood(row.probability)])


def _joint_cells(row: JointRow, manifest: Manifest, language: Language) -> dict[str, Text]:
    key = ("joint.count" if row.counts_targets else "joint.all") + ("_group" if row.group else "")

    def name(tongue: Tongue) -> str:
        group = group_label(row.group, manifest)[tongue] if row.group else ""
        return word(key, tongue).format(group=group, total=row.total)

    label = Text(spoken(language, name))
    if row.counts_targets:
        median = spoken(language, lambda tongue: range_text(row.p50, row.p05, row.p95, tongue))
        return {"target": label, "median": Text(median)}
    return {"target": label, "probability": _chance(row, language)}


def _notes(rows: Sequence[TargetRow], manifest: Manifest, tongue: Tongue) -> str:
    """Return the lines that explain marks, columns and obstacles, and name what is not modelled."""
    shown = [row for row in rows if row.modelled]
    lines = [word("note.columns", tongue)]
    if any(row.reading for row in shown):
        lines.append(word("note.counts", tongue))
    built = word("list.clause", tongue).join(name[tongue] for name in built_readings(manifest))
    if built:
        lines.append(word("note.built", tongue).format(readings=built))
    if any(row.kind != "plan" for row in shown):
        lines.append(word("note.not_plan", tongue))
    stages = [stage for stage in STAGES if any(row.held_back_by == stage for row in shown)]
    if stages:
        obstacles = word("list.clause", tongue).join(obstacle_text(s, tongue) for s in stages)
        lines.append(word("note.obstacles", tongue).format(list=obstacles))
    names = list(dict.fromkeys(row.label[tongue] for row in rows if not row.modelled))
    if names:
        listed = word("list.separator", tongue).join(names)
        lines.append(word("note.not_modelled", tongue).format(count=len(names), list=listed))
    return "\n".join(lines)
