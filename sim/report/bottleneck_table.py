"""The console table of a study of bottlenecks: what every relief gains for every target."""

from __future__ import annotations

from functools import partial
from itertools import groupby

from rich.box import SIMPLE_HEAD
from rich.console import Group
from rich.table import Table
from rich.text import Text

from sim.report.bottlenecks import (
    TOGETHER,
    BottleneckRow,
    Bottlenecks,
    Gain,
    number_text,
    points_text,
)
from sim.report.numbers import percent_text
from sim.report.results import READING_MARKS, Manifest, group_label
from sim.report.words import Language, Tongue, phrase, spoken, word


def bottleneck_table(found: Bottlenecks, manifest: Manifest, language: Language = "both") -> Group:
    """Return the gains by target and relief, then by number of targets met. Fits 110 columns.

    Targets that are likely to be met as it is, and gain nothing, are named below the table.
    """
    reliefs = [*found.single, *(name for name in found.reliefs if name == TOGETHER)]
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, header_style="bold")
    table.add_column(phrase("column.target", language), overflow="fold")
    table.add_column(phrase("bottleneck.chance", language), justify="right", no_wrap=True)
    for name in reliefs:
        label = spoken(language, found.reliefs[name].__getitem__)
        table.add_column(label, justify="right", max_width=10, overflow="fold")
    table.add_column(phrase("bottleneck.ledger", language), max_width=18, overflow="fold")
    shown = [row for row in found.rows if not row.is_settled]
    for group, members in groupby(shown, key=lambda row: row.group):
        label = spoken(language, group_label(group, manifest).__getitem__, " · ")
        table.add_section()
        table.add_row(Text(label, style="bold underline"))
        for _, readings in groupby(members, key=lambda row: row.target):
            _add_target(table, list(readings), reliefs, language)
    table.add_section()
    table.add_row(Text(phrase("joint.heading", language, " · "), style="bold underline"))
    for count in found.counts:
        table.add_row(
            Text(spoken(language, partial(_count_name, count.group, count.total, manifest))),
            f"{count.mean:.1f}",
            *(_cell(count.gains[name], number_text(count.gains[name].value)) for name in reliefs),
        )
    heading = Text(phrase("bottleneck.heading", language, " · "), style="bold")
    caption = spoken(
        language, lambda tongue: word("bottleneck.caption", tongue).format(pairs=f"{found.pairs:,}")
    )
    heading.append("\n" + caption, style="not bold")
    return Group(heading, table, Text(spoken(language, partial(_notes, found)), style="dim"))


def _add_target(
    table: Table, readings: list[BottleneckRow], reliefs: list[str], language: Language
) -> None:
    """Add a target: one row, or a row with its name and one for each reading."""
    first = readings[0]
    name = Text(spoken(language, partial(_name, first)))
    if first.reading is None:
        table.add_row(name, *_cells(first, reliefs, language))
        return
    table.add_row(name)
    for row in readings:
        reading = Text(spoken(language, partial(_reading, row)))
        style = None if row.counts else "dim"
        table.add_row(reading, *_cells(row, reliefs, language), style=style)


def _cells(row: BottleneckRow, reliefs: list[str], language: Language) -> list[Text]:
    cells = [Text(percent_text(row.probability, language))]
    for name in reliefs:
        gain = row.gains[name]
        cells.append(_cell(gain, points_text(gain.value), best=name == row.best))
    stage = phrase(f"stage.{row.stage}", language) if row.stage else ""
    return [*cells, Text(f"✓ {stage}" if row.agrees else stage)]


def _cell(gain: Gain, text: str, *, best: bool = False) -> Text:
    """A gain: blue or orange, between brackets if it is the best; in round ones if chance."""
    if not gain.is_gain and not gain.is_loss:
        return Text(text if text in ("0", "0.0") else f"({text})", style="dim")
    colour = "blue" if gain.is_gain else "dark_orange3"
    return Text(f"[{text}]" if best else text, style=f"bold {colour}" if best else colour)


def _name(row: BottleneckRow, tongue: Tongue) -> str:
    return row.label[tongue] + ("" if row.kind == "plan" else " †")


def _reading(row: BottleneckRow, tongue: Tongue) -> str:
    return "" if row.reading is None else f" {READING_MARKS[row.counts]} {row.reading[tongue]}"


def _count_name(group: str, total: int, manifest: Manifest, tongue: Tongue) -> str:
    if not group:
        return word("bottleneck.count", tongue).format(total=total)
    name = group_label(group, manifest)[tongue]
    return word("joint.count_group", tongue).format(group=name, total=total)


def _notes(found: Bottlenecks, tongue: Tongue) -> str:
    lines = [word("bottleneck.note", tongue)]
    if any(row.reading for row in found.rows):
        lines.append(word("note.counts", tongue))
    if any(row.kind != "plan" for row in found.rows):
        lines.append(word("note.not_plan", tongue))
    return "\n".join([*lines, *met_note(found, tongue)])


def met_note(found: Bottlenecks, tongue: Tongue) -> list[str]:
    """Return the line that names the targets left out because they are likely as it is."""
    names = [
        _name(row, tongue)
        if row.reading is None
        else word("bottleneck.answer.target", tongue).format(
            target=_name(row, tongue), note=row.reading[tongue]
        )
        for row in found.rows
        if row.is_settled
    ]
    if not names:
        return []
    listed = word("list.separator", tongue).join(names)
    return [word("bottleneck.met", tongue).format(list=listed)]
