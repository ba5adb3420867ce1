"""The console table of what held the missed targets back: units, days, and where projects stand."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from rich.console import Group
from rich.text import Text

from sim.report.fitting import COMPACT, WIDE, Column, FittedTable
from sim.report.numbers import amount_text, likelihood, percent_text
from sim.report.results import Label, Manifest, TargetRow, cell_text, records_of, target_rows
from sim.report.words import Language, Tongue, phrase, spoken, word

if TYPE_CHECKING:
    import pandas as pd

_COUNTS = ("units", "days", "standing")
# What is counted where the target's own unit is not, by the type of its measure and, where it
# matters, by what that measure counts.
_COUNTED = {
    ("coverage", ""): "places",
    ("staff", "bachelor_share"): "persons",
    ("literacy", ""): "points",
}
_TARGET, _MISSED = Column(("target",)), Column(("missed",), right=True, whole=True)


def _stacked(width: int) -> tuple[Column, ...]:
    return tuple(Column((f"{count}_stage", count), width=width) for count in _COUNTS)


_LAYOUTS = {
    WIDE: (
        _TARGET,
        _MISSED,
        *(
            column
            for count in _COUNTS
            for column in (
                Column((f"{count}_stage",), width=14),
                Column((count,), width=16, right=True),
            )
        ),
    ),
    COMPACT: (_TARGET, _MISSED, *_stacked(14)),
    0: (_TARGET, *_stacked(12)),
}


def held_back_table(
    attainment: pd.DataFrame,
    held_back: pd.DataFrame,
    manifest: Manifest,
    language: Language = "both",
) -> Group | None:
    """Return the table of the targets that are not likely to be met, or None if there is none.

    ``attainment``, ``held_back`` and ``manifest`` are the run folder's files. A target with two
    readings stands under the one that counts. Fits 60 columns and more: below 110 the numbers stand
    under their reasons; below 74 the share of misses, which is one minus the chance, is left out.
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
    table, plan = FittedTable(_headers(language), _LAYOUTS), manifest["config"]["plan"]
    for row in rows:
        record = records[row.target, row.definition]
        cells = {
            "target": Text(spoken(language, partial(_name, row))),
            "missed": Text(percent_text(float(record["missed"]), language)),
        }
        for count in _COUNTS:
            unit = missing_unit(plan["targets"][row.target]) if count == "units" else None
            cells |= _cells(record, count, unit, language)
        table.add_row(cells)
    note = Text(spoken(language, partial(word, "held_back.note")), style="dim")
    return Group(_heading(language), table, note)


def _heading(language: Language) -> Text:
    title = Text(phrase("held_back.title", language, " · "), style="bold")
    return title.append("\n" + phrase("held_back.caption", language), style="not bold")


def _headers(language: Language) -> dict[str, str]:
    cells = ("missed", *(cell for count in _COUNTS for cell in (f"{count}_stage", count)))
    return {
        "target": phrase("column.target", language),
        **{cell: phrase(f"held_back.{cell}", language) for cell in cells},
    }


def _name(row: TargetRow, tongue: Tongue) -> str:
    return row.label[tongue] + ("" if row.kind == "plan" else " †")


def _cells(
    record: Mapping[str, Any], count: str, unit: Label | None, language: Language
) -> dict[str, Text]:
    """Return the leading stage of a count and its mean, nothing where nothing is counted.

    Missing units are those of their target, so their number says of what.
    """
    stage = cell_text(record[f"{count}_stage"])
    if not stage:
        return {}
    mean = float(record[f"{count}_mean"])

    def text(tongue: Tongue) -> str:
        gap = "" if unit is None or tongue == "zh" else " "
        return amount_text(mean, tongue) + gap + ("" if unit is None else unit[tongue])

    amount = spoken(language, text)
    return {f"{count}_stage": Text(phrase(f"stage.{stage}", language)), count: Text(amount)}


def missing_unit(target: Mapping[str, Any]) -> Label:
    """Return what the missing units of a target are: its own units, or what is counted instead."""
    measure = target.get("measured_by") or {}
    kind, count = str(measure.get("type", "")), str(measure.get("count", ""))
    key = _COUNTED.get((kind, count)) or _COUNTED.get((kind, ""))
    if key is None:
        unit: Label = target["unit"]
        return unit
    return {"zh": word(f"delays.{key}", "zh"), "en": word(f"delays.{key}", "en")}
