"""The chart of chances: with what probability each target is met."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from sim.page.font import text_width
from sim.report.charts import style
from sim.report.charts.style import MARGIN, WIDTH, Line, Sheet
from sim.report.numbers import (
    LIKELY,
    chance_text,
    goal_text,
    likelihood,
    percent_text,
    value_text,
)
from sim.report.results import (
    READING_MARKS,
    Manifest,
    TargetRow,
    end_year,
    finished_replications,
    group_label,
    likelihood_counts,
    target_rows,
)
from sim.report.words import Language, Tongue, spoken, word

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SIZE = 11.5  # points
_SPACE, _HEADING_SPACE = 0.055, 0.16  # inches above and below rows
_GAP = 0.22  # inches between columns
_CHANCE, _MEDIAN, _GOAL = 1.5, 1.9, 1.5  # widths of the columns of text in inches
_LABELS = (3.4, 4.5)  # narrowest and widest column of names
_INDENT = 0.25
_GUIDES = (0.0, 0.5, LIKELY, 1.0)


@dataclass(frozen=True)
class _Band:
    """A strip of the chart: a group's heading, a target's name, or a row with results."""

    lines: list[Line]
    row: TargetRow | None = None
    goal: tuple[Line, ...] = ()
    heading: bool = False

    @property
    def height(self) -> float:
        extra = _HEADING_SPACE if self.heading else _SPACE
        return max(style.height(self.lines), style.height(self.goal)) + extra

    @property
    def indent(self) -> float:
        return _INDENT if self.row is not None and self.row.reading is not None else 0.0


@dataclass(frozen=True)
class _Columns:
    """Where the columns stand, in inches from the left edge: left, left, right, right aligned."""

    plot: float
    plot_width: float
    chance: float
    median: float
    goal: float


@style.styled
def attainment_chart(
    attainment: pd.DataFrame, manifest: Manifest, language: Language = "both"
) -> Figure:
    """Return dots with 95 % intervals for every modelled target, likeliest first in each group.

    Both readings of an ambiguous target are neighbours. Raise ValueError if nothing is modelled.
    """
    rows = [row for row in target_rows(attainment, manifest) if row.modelled]
    if not rows:
        raise ValueError("attainment.csv has no modelled target to draw")
    likely, undecided, unlikely = likelihood_counts(rows)
    year = end_year(manifest)

    def title(tongue: Tongue) -> str:
        total = likely + undecided + unlikely
        return word("attainment.title", tongue).format(total=total, likely=likely, year=year)

    def subtitle(tongue: Tongue) -> str:
        notes = [word("attainment.subtitle", tongue)]
        if any(row.reading for row in rows):
            notes.append(word("note.counts", tongue))
        if any(row.kind != "plan" for row in rows):
            notes.append(word("note.not_plan", tongue))
        return word("list.clause", tongue).join(note.rstrip("。.") for note in notes)

    bands = _bands(rows, manifest, language)
    header = _header(language)
    head = max(style.height(lines) for lines in header.values()) + 0.28
    sheet = Sheet(
        style.title_block(language, title, subtitle),
        style.footer_block(manifest, finished_replications(attainment), language),
        head + sum(band.height for band in bands) + 0.05,
    )
    columns = _columns(bands)
    _write_header(sheet, header, columns, language)
    _draw(sheet, bands, columns, head, language)
    return sheet.figure


def _bands(rows: Sequence[TargetRow], manifest: Manifest, language: Language) -> list[_Band]:
    bands = []
    for group, members in groupby(rows, key=lambda row: row.group):
        name = spoken(language, group_label(group, manifest).__getitem__, " · ")
        bands.append(_Band([Line(name, 12.5, bold=True)], heading=True))
        targets = [list(readings) for _, readings in groupby(members, key=lambda r: r.target)]
        for readings in sorted(targets, key=lambda readings: -readings[0].probability):
            bands += _target_bands(readings, language)
    return bands


def _target_bands(readings: Sequence[TargetRow], language: Language) -> list[_Band]:
    """Return one band, or one with the target's name and goal and one for each reading."""
    first = readings[0]
    mark = "" if first.kind == "plan" else " †"

    def goal_in(tongue: Tongue) -> str:
        return goal_text(first.comparator, first.goal, first.unit[tongue], tongue)

    name = style.bilingual_block(language, lambda t: first.label[t] + mark, _LABELS[1], _SIZE)
    goal = tuple(style.bilingual_block(language, goal_in, _GOAL, _SIZE))
    if first.reading is None:
        return [_Band(name, first, goal)]
    return [_Band(name, None, goal), *(_reading_band(row, language) for row in readings)]


def _reading_band(row: TargetRow, language: Language) -> _Band:
    """Return a reading's row, both languages on one line if they fit."""
    label = row.reading or {}
    colour = style.INK if row.counts else style.MUTED
    mark, width, size = READING_MARKS[row.counts], _LABELS[1] - _INDENT, _SIZE - 1
    lines = style.block(
        f"{mark} {spoken(language, label.__getitem__, ' / ')}", width, size, colour=colour
    )
    if len(lines) > 1 and language == "both":
        lines = style.bilingual_block(
            language, lambda t: f"{mark} {label[t]}", width, size, colour=colour
        )
    return _Band(lines, row)


def _columns(bands: Sequence[_Band]) -> _Columns:
    """Give names the width they need and the plot what is left."""
    widest = max(
        band.indent + text_width(line.text, line.size, line.bold) * style.POINT
        for band in bands
        for line in band.lines
    )
    names = min(max(widest, _LABELS[0]), _LABELS[1])
    plot = MARGIN + names + _GAP + 0.1
    goal = WIDTH - MARGIN
    median = goal - _GOAL - _GAP
    chance = median - _MEDIAN - _CHANCE
    return _Columns(plot, chance - _GAP - plot, chance, median, goal)


def _header(language: Language) -> dict[str, list[Line]]:
    keys = ("attainment.axis", "column.probability", "attainment.median", "column.goal")
    return {
        key: style.bilingual_block(language, partial(word, key), 4.0, 10.5, colour=style.MUTED)
        for key in keys
    }


def _write_header(
    sheet: Sheet, header: Mapping[str, list[Line]], columns: _Columns, language: Language
) -> None:
    """Write what the columns hold, and above the names what the colours mean."""
    places = (
        (columns.plot, "left"),
        (columns.chance, "left"),
        (columns.median, "right"),
        (columns.goal, "right"),
    )
    for lines, (x, align) in zip(header.values(), places, strict=True):
        sheet.write(x, sheet.top, lines, align)
    x = MARGIN
    tongue: Tongue = "zh" if language == "zh" else "en"
    for key, colour in style.LIKELIHOOD_COLOURS.items():
        line = Line(f"● {word(f'attainment.{key}', tongue)}", 10.5, colour=colour)
        sheet.write(x, sheet.top, [line])
        x += text_width(line.text, line.size) * style.POINT + 0.2


def _draw(
    sheet: Sheet, bands: Sequence[_Band], columns: _Columns, head: float, language: Language
) -> None:
    start = sheet.top + head
    tall = sum(band.height for band in bands)
    axes = sheet.axes(columns.plot, start, columns.plot_width, tall)
    _frame(axes, tall, language)
    top = 0.0
    for band in bands:
        middle = top + band.height / 2
        if band.heading:  # nearer to its own targets than to the group above
            middle += _HEADING_SPACE / 4
        sheet.write_centred(MARGIN + band.indent, start + middle, band.lines)
        sheet.write_centred(columns.goal, start + middle, band.goal, "right")
        if band.row is not None:
            _dot(axes, band.row, middle)
            _numbers(sheet, band.row, start + middle, columns, language)
        top += band.height


def _frame(axes: Axes, tall: float, language: Language) -> None:
    """Set up the axes: probabilities to the right, inches downwards."""
    axes.set_xlim(-0.02, 1.02)
    axes.set_ylim(tall, 0.0)
    axes.set_yticks([])
    labels = [percent_text(guide, language) for guide in _GUIDES]
    axes.set_xticks(_GUIDES, labels, fontsize=10.5)
    axes.xaxis.tick_top()
    axes.tick_params(length=0, pad=3)
    for spine in axes.spines.values():
        spine.set_visible(False)
    for guide in _GUIDES:
        strong = guide == LIKELY
        axes.axvline(
            guide,
            color=style.FAINT if strong else style.GRID,
            linewidth=1.2 if strong else 0.9,
            linestyle=(0, (4, 3)) if strong else "solid",
            zorder=0,
        )


def _dot(axes: Axes, row: TargetRow, middle: float) -> None:
    colour = style.LIKELIHOOD_COLOURS[likelihood(row.probability)]
    axes.plot([row.low, row.high], [middle, middle], color=colour, linewidth=2.6,
              alpha=0.55, solid_capstyle="round", zorder=2, clip_on=False)  # fmt: skip
    axes.plot([row.probability], [middle], marker="o", markersize=8.5, color=colour,
              markerfacecolor=colour if row.counts else "white", markeredgewidth=1.8,
              zorder=3, clip_on=False)  # fmt: skip


def _numbers(
    sheet: Sheet, row: TargetRow, middle: float, columns: _Columns, language: Language
) -> None:
    """Write the chance beside the dot, and the median before the goal."""
    colour = style.LIKELIHOOD_COLOURS[likelihood(row.probability)]
    chance = chance_text(row.probability, row.low, row.high, language)
    sheet.write_centred(
        columns.chance, middle, [Line(chance, _SIZE, bold=row.counts, colour=colour)]
    )
    median = style.bilingual_block(language, partial(value_text, row.p50), _MEDIAN, _SIZE)
    if row.reading is not None and len(median) > 1:  # the rows of readings are one line high
        median = [Line(" / ".join(line.text for line in median), _SIZE - 1)]
    sheet.write_centred(columns.median, middle, median, "right")
