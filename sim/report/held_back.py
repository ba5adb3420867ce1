"""The console table of what held the missed targets back: units, days, and where projects stand."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.console import Group
from rich.table import Table
from rich.text import Text

from sim.report.numbers import amount_text, likelihood, percent_text
from sim.report.results import Manifest, TargetRow, cell_text, records_of, target_rows
from sim.report.words import Language, Tongue, phrase, spoken, word

if TYPE_CHECKING:
    import pandas as pd

_COUNTS = ("units", "days", "standing")


def held_back_table(
    attainment: pd.DataFrame,
    held_back: pd.DataFrame,
    manifest: Manifest,
    language: Language = "both",
) -> Group | None:
    """Return the table of the targets that are not likely to be met, or None if there is none.

    ``attainment``, ``held_back`` and ``manifest`` are the run folder's files. A target with two
    readings stands under the one that counts. Fits 100 columns and more.
    """
    rows = [
        row
        for row in target_rows(attainment, manifest)
        if row.modelled and row.counts and likelihood(row.probability) != "likely"
    ]
    if not rows:
        return None
    records = {
        (record["target"], cell_text(record["definition"])): record
        for record in records_of(held_back)
    }
    table = _empty_table(language)
    for row in rows:
        record = records[row.target, row.definition]
        table.add_row(
            Text(spoken(language, partial(_name, row))),
            percent_text(float(record["missed"]), language),
            *(cell for count in _COUNTS for cell in _cells(record, count, language)),
        )
    note = Text(spoken(language, partial(word, "held_back.note")), style="dim")
    return Group(_heading(language), table, note)


def _heading(language: Language) -> Text:
    title = Text(phrase("held_back.title", language, " · "), style="bold")
    return title.append("\n" + phrase("held_back.caption", language), style="not bold")


def _empty_table(language: Language) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, header_style="bold")
    table.add_column(phrase("column.target", language), overflow="fold")
    table.add_column(phrase("held_back.missed", language), justify="right", no_wrap=True)
    for count in _COUNTS:
        stage = phrase(f"held_back.{count}_stage", language)
        table.add_column(stage, max_width=14, overflow="fold")
        table.add_column(phrase(f"held_back.{count}", language), justify="right", no_wrap=True)
    return table


def _name(row: TargetRow, tongue: Tongue) -> str:
    return row.label[tongue] + ("" if row.kind == "plan" else " †")


def _cells(record: Mapping[str, Any], count: str, language: Language) -> tuple[Text, Text]:
    """Return the leading stage of a count and its mean, both empty where nothing is counted."""
    stage = cell_text(record[f"{count}_stage"])
    if not stage:
        return Text(""), Text("")
    mean = float(record[f"{count}_mean"])
    amount = spoken(language, lambda tongue: amount_text(mean, tongue))
    return Text(phrase(f"stage.{stage}", language)), Text(amount)
