"""The charts of a study of bottlenecks: the matrix of gains, and the number of targets met."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from sim.report.bottleneck_table import met_note
from sim.report.bottlenecks import (
    TOGETHER,
    BottleneckRow,
    Bottlenecks,
    Gain,
    points_text,
    read_bottlenecks,
)
from sim.report.charts import style
from sim.report.charts.gained import gained_chart
from sim.report.charts.style import MARGIN, WIDTH, Line, Sheet
from sim.report.numbers import percent_text
from sim.report.results import READING_MARKS, Manifest, group_label, read_manifest
from sim.report.words import Language, Tongue, phrase, spoken, word
from sim.study.files import read_frame

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SIZE = 11.0  # points
_NAMES, _CHANCE, _LEDGER = 3.9, 0.85, 2.3  # widths of columns in inches
_GAP, _INDENT = 0.2, 0.2
_SPACE, _HEADING_SPACE = 0.1, 0.18
_CELL = 0.27  # least height of a cell


def write_bottleneck_charts(folder: Path, language: Language = "both") -> list[Path]:
    """Write ``matrix`` and ``targets_met`` as PNG and SVG into a study's folder; their paths."""
    manifest = read_manifest(folder)
    gains, binding = (read_frame(folder / f"{name}.csv") for name in ("bottlenecks", "binding"))
    found = read_bottlenecks(gains, binding, manifest)
    charts = {"matrix": matrix_chart, "targets_met": gained_chart}
    return [
        path
        for name, chart in charts.items()
        for path in style.save(chart(found, manifest, language), folder / name, manifest)
    ]


@dataclass(frozen=True)
class _Band:
    """A strip of the matrix: a group's heading, a target's name, or a row with cells."""

    lines: list[Line]
    row: BottleneckRow | None = None
    heading: bool = False
    indent: float = 0.0

    @property
    def height(self) -> float:
        if self.heading:
            return style.height(self.lines) + _HEADING_SPACE
        return max(style.height(self.lines) + _SPACE, _CELL if self.row else 0.0)


@style.styled
def matrix_chart(found: Bottlenecks, manifest: Manifest, language: Language = "both") -> Figure:
    """Return the gains by target and relief as coloured cells, the ledger's stage beside them.

    Headline groups first, in each the targets with the largest gain first; columns by what the
    relief adds to the number of targets met. Targets that are likely to be met as it is and gain
    nothing are named below.
    """
    shown = [row for row in found.rows if not row.is_settled]
    bands = _bands(shown, manifest, language)
    reliefs = [*found.single, *(name for name in found.reliefs if name == TOGETHER)]
    width = WIDTH - 2 * MARGIN - _NAMES - _CHANCE - _LEDGER - 2 * _GAP
    width = min(width / len(reliefs), 1.5)
    header = [
        style.bilingual_block(language, found.reliefs[name].__getitem__, width, _SIZE, bold=True)
        for name in reliefs
    ]
    head = max(style.height(lines) for lines in header) + 0.1
    note = [
        line
        for tongue in (("zh", "en") if language == "both" else (language,))
        for text in met_note(found, tongue)
        for line in style.block(text, WIDTH - 2 * MARGIN - 0.5, 10, colour=style.MUTED)
    ]
    tall = sum(band.height for band in bands)
    sheet = Sheet(
        style.title_block(language, partial(_title, found), partial(_subtitle, found)),
        style.footer_block(manifest, found.pairs, language),
        head + tall + 0.1 + style.height(note),
    )
    left = MARGIN + _NAMES + _CHANCE + _GAP
    for i, lines in enumerate(header):
        top = sheet.top + head - 0.08 - style.height(lines)
        sheet.write(left + (i + 0.5) * width, top, lines, "center")
    for key, x, align in (
        ("bottleneck.chance", left - _GAP, "right"),
        ("bottleneck.ledger", left + len(reliefs) * width + _GAP, "left"),
    ):
        lines = style.bilingual_block(language, partial(word, key), 3.0, 10.5, colour=style.MUTED)
        sheet.write(x, sheet.top + head - 0.08 - style.height(lines), lines, align)
    _draw(sheet, bands, reliefs, (left, sheet.top + head, width), language)
    sheet.write(MARGIN, sheet.top + head + tall + 0.08, note)
    return sheet.figure


def _title(found: Bottlenecks, tongue: Tongue) -> str:
    """Say which relief gains most for most targets, or which several are equal in that."""
    counts = {name: len(found.binds(name)) for name in found.single}
    most = max(counts.values())
    if not most:
        return word("bottleneck.title_none", tongue)
    first = [found.reliefs[name][tongue] for name, count in counts.items() if count == most]
    quoted = [word("bottleneck.quoted", tongue).format(relief=relief) for relief in first]
    return word("bottleneck.title" if len(first) == 1 else "bottleneck.title_tied", tongue).format(
        relief=first[0],
        list=word("list.separator", tongue).join(quoted),
        count=most,
        total=sum(row.decides for row in found.rows),
    )


def _subtitle(found: Bottlenecks, tongue: Tongue) -> str:
    notes = [word("bottleneck.subtitle", tongue)]
    if any(gain.is_loss for row in found.rows for gain in row.gains.values()):
        notes.append(word("bottleneck.loss", tongue))
    if any(row.agrees for row in found.rows):
        notes.append(word("bottleneck.agrees", tongue))
    if any(row.reading for row in found.rows):
        notes.append(word("note.counts", tongue))
    if any(row.kind != "plan" for row in found.rows):
        notes.append(word("note.not_plan", tongue))
    return word("list.clause", tongue).join(note.rstrip("。.") for note in notes)


def _bands(rows: Sequence[BottleneckRow], manifest: Manifest, language: Language) -> list[_Band]:
    bands = []
    for group, members in groupby(rows, key=lambda row: row.group):
        name = spoken(language, group_label(group, manifest).__getitem__, " · ")
        bands.append(_Band([Line(name, 12.5, bold=True)], heading=True))
        for _, readings in groupby(members, key=lambda row: row.target):
            bands += _target_bands(list(readings), language)
    return bands


def _target_bands(readings: Sequence[BottleneckRow], language: Language) -> list[_Band]:
    """Return one band, or one with the target's name and one for each reading."""
    first = readings[0]
    mark = "" if first.kind == "plan" else " †"
    name = style.bilingual_block(language, lambda t: first.label[t] + mark, _NAMES - 0.1, _SIZE)
    if first.reading is None:
        return [_Band(name, first)]
    bands = [_Band(name)]
    for row in readings:
        label = row.reading or {}
        text = f"{READING_MARKS[row.counts]} {spoken(language, label.__getitem__, ' / ')}"
        colour = style.INK if row.counts else style.MUTED
        lines = style.block(text, _NAMES - _INDENT - 0.1, _SIZE - 1.5, colour=colour)
        bands.append(_Band(lines, row, indent=_INDENT))
    return bands


def _draw(
    sheet: Sheet,
    bands: Sequence[_Band],
    reliefs: Sequence[str],
    place: tuple[float, float, float],
    language: Language,
) -> None:
    left, start, width = place
    top = start
    for band in bands:
        middle = top + band.height / 2 + (_HEADING_SPACE / 4 if band.heading else 0.0)
        sheet.write_centred(MARGIN + band.indent, middle, band.lines)
        row = band.row
        if row is not None:
            chance = Line(percent_text(row.probability, language), _SIZE)
            sheet.write_centred(left - _GAP, middle, [chance], "right")
            for i, name in enumerate(reliefs):
                # What all together gain is no rival of the single reliefs: a gap sets it apart.
                x = left + i * width + (0.06 if name == TOGETHER else 0.0)
                _cell(sheet, row.gains[name], (x, top, width - 0.06, band.height),
                      best=name == row.best)  # fmt: skip
            _ledger(sheet, row, left + len(reliefs) * width + _GAP, middle, language)
        top += band.height


def _cell(sheet: Sheet, gain: Gain, box: tuple[float, float, float, float], *, best: bool) -> None:
    """Draw a cell whose tint is the size of the gain; without a tint if it may be chance."""
    from matplotlib.patches import Rectangle

    x, top, width, tall = box
    sure = gain.is_gain or gain.is_loss
    face = _tint(gain.value) if sure else "#F6F6F6"
    patch = Rectangle(
        (x / WIDTH, 1 - (top + tall - 0.02) / sheet.height),
        width / WIDTH,
        (tall - 0.04) / sheet.height,
        facecolor=face,
        edgecolor=style.INK if best else "none",
        linewidth=1.6,
    )
    sheet.figure.add_artist(patch)
    if sure:
        dark = abs(gain.value) > 0.55
        text = Line(points_text(gain.value), _SIZE, best, "white" if dark else style.INK)
    else:
        text = Line(points_text(gain.value), _SIZE - 2, colour=style.FAINT)
    sheet.write_centred(x + width / 2, top + tall / 2, [text], "center")


def _tint(gain: float) -> str:
    """Return the colour of a gain: the deeper the larger, blue for gains, vermilion for losses."""
    from matplotlib.colors import to_hex, to_rgb

    strength = 0.12 + 0.88 * min(abs(gain), 1.0)
    full = to_rgb(style.BLUE if gain > 0.0 else style.VERMILION)
    red, green, blue = (1.0 - strength * (1.0 - part) for part in full)
    return str(to_hex((red, green, blue)))


def _ledger(sheet: Sheet, row: BottleneckRow, x: float, middle: float, language: Language) -> None:
    if not row.stage:
        return
    text = phrase(f"stage.{row.stage}", language, " ")
    mark, bold = ("✓ ", True) if row.agrees else ("", False)
    lines = style.block(mark + text, _LEDGER, _SIZE - 1, bold=bold and row.counts)
    sheet.write_centred(x, middle, lines)
