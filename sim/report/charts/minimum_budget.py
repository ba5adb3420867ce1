"""The chart of smallest budgets: what each target costs, and which ones no money buys."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sim.report.charts import style
from sim.report.charts.budget_curves import budget_curves, round_ticks
from sim.report.charts.style import MARGIN, WIDTH, Line, Sheet, save
from sim.report.minimum_budget import times_text
from sim.report.minimum_budget_rows import MONEY, SECTIONS, BudgetRow, budget_rows
from sim.report.numbers import chance_text, percent_text, value_text, yuan_text
from sim.report.results import Manifest, read_manifest
from sim.report.words import Language, Tongue, phrase, spoken, word
from sim.study.files import read_frame

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SIZE = 11.5  # points
_SPACE, _HEADING_SPACE = 0.055, 0.16  # inches above and below rows
_LABELS, _RANGE, _TIMES = 4.4, 2.3, 0.75  # widths of the columns of text in inches
_GAP = 0.25
_PLOT = MARGIN + _LABELS + _GAP
_WIDTH = WIDTH - MARGIN - _TIMES - _RANGE - _GAP - _PLOT
_FREE = 1.25  # factor left free at both ends of the budgets shown
_COLOURS = {"within": style.BLUE, "around": style.PURPLE, "beyond": style.ORANGE}
_CHANCES = {"met_anyway": "nothing", "social_enough": "zero"}
"""Which probability stands beside the rows of a section; at the largest budget elsewhere."""


@dataclass(frozen=True)
class _Band:
    """A strip of the chart: the heading of a section, or a row."""

    lines: list[Line]
    section: str
    row: BudgetRow | None = None

    @property
    def height(self) -> float:
        return style.height(self.lines) + (_SPACE if self.row else _HEADING_SPACE)

    @property
    def priced(self) -> bool:
        """Whether there is a budget to draw."""
        return self.row is not None and self.row.section in MONEY


def write_minimum_budget_charts(folder: Path, language: Language = "both") -> list[Path]:
    """Write the charts of a study folder as PNG and SVG into it and return their paths.

    ``minimum_budget``, and ``minimum_budget_curves`` (further pages end in ``_2``, ``_3``) where
    there is a target whose chance hangs on money.
    """
    manifest = read_manifest(folder)
    table, curves = (read_frame(folder / f"{name}.csv") for name in ("minimum_budget", "curves"))
    figures = {"minimum_budget": minimum_budget_chart(table, manifest, language)}
    pages = budget_curves(table, curves, manifest, language)
    for number, page in enumerate(pages, start=1):
        figures["minimum_budget_curves" + (f"_{number}" if number > 1 else "")] = page
    for path in folder.glob("minimum_budget*"):  # there may have been more pages
        if path.suffix in (".png", ".svg"):
            path.unlink()
    return [
        path for name, figure in figures.items() for path in save(figure, folder / name, manifest)
    ]


@style.styled
def minimum_budget_chart(
    table: pd.DataFrame, manifest: Manifest, language: Language = "both"
) -> Figure:
    """Return the smallest budget of every target on a logarithmic axis, by what money can do.

    Targets that no money buys name what holds them back instead, and their chance at the largest
    budget. ``table``: minimum_budget.csv.
    """
    base = int(manifest["config"]["budget"]["public_total"])
    level = float(manifest["question"]["settings"]["probability"])
    rows = budget_rows(table, manifest["config"], base)

    def title(tongue: Tongue) -> str:
        counts = Counter(row.section for row in rows if not row.joint)
        items = [
            word(f"minimum.chart.{section}", tongue).format(count=counts[section])
            for section in SECTIONS
            if counts[section]
        ]
        return word("minimum.chart.title", tongue).format(
            level=percent_text(level, tongue),
            total=counts.total(),
            list=word("list.clause", tongue).join(items),
        )

    def subtitle(tongue: Tongue) -> str:
        key = "minimum.chart.subtitle" if base else "minimum.chart.subtitle_nothing"
        return word(key, tongue).format(base=yuan_text(base, tongue))

    bands = _bands(rows, language)
    tall = sum(band.height for band in bands)
    sheet = Sheet(
        style.title_block(language, title, subtitle),
        style.footer_block(manifest, int(manifest["replications"]), language),
        tall + 0.1,
    )
    start = top = sheet.top + 0.05
    axes = _axes(sheet, rows, base, top, tall)
    ticks = round_ticks(*axes.get_xlim(), _WIDTH, language)
    spans: list[tuple[float, float]] = []
    named = False  # the axis is named at the first section that has budgets
    for band in bands:
        middle = top + band.height / 2 + (0.0 if band.row else _HEADING_SPACE / 4)
        sheet.write_centred(MARGIN, middle, band.lines)
        if band.row is not None:
            _draw(axes, band.row, middle - start, language)
            _numbers(sheet, band.row, middle, language)
        else:
            _describe(sheet, band.section, middle, language)
            if band.section in MONEY and not named:
                _name_ticks(sheet, axes, ticks, middle, language)
                named = True
        if band.priced:  # one line through neighbours, so that its dashes go on
            joined = spans and spans[-1][1] == top
            spans.append((spans.pop()[0] if joined else top, top + band.height))
        top += band.height
    for upper, lower in spans:
        ends = upper - start, lower - start
        axes.vlines(ticks, *ends, color=style.GRID, linewidth=0.9, zorder=0)
        axes.vlines([base] if base else [], *ends, color=style.INK, linewidth=1.2, zorder=1,
                    linestyle=(0, (4, 3)))  # fmt: skip
    return sheet.figure


def _bands(rows: Sequence[BudgetRow], language: Language) -> list[_Band]:
    bands: list[_Band] = []
    for section in SECTIONS:
        own = [row for row in rows if section == ("joint" if row.joint else row.section)]
        if own:
            key = "joint.heading" if section == "joint" else f"minimum.section.{section}"
            bands.append(_Band([Line(phrase(key, language, " · "), 12.5, bold=True)], section))
        for row in own:
            lines = style.bilingual_block(language, row.label.__getitem__, _LABELS, _SIZE)
            bands.append(_Band(lines, section, row))
    return bands


def _axes(sheet: Sheet, rows: Sequence[BudgetRow], base: int, top: float, tall: float) -> Axes:
    """Return axes with budgets to the right on a logarithmic scale, inches downwards."""
    ends = [end for row in rows if row.section in MONEY for end in (row.low, row.budget, row.high)]
    shown = [end for end in [*ends, float(base)] if end > 0.0 and not math.isnan(end)] or [1e9]
    axes = sheet.axes(_PLOT, top, _WIDTH, tall)
    axes.set_xscale("log")
    axes.set_xlim(min(shown) / _FREE, max(shown) * _FREE)
    axes.set_ylim(tall, 0.0)
    axes.set_axis_off()
    return axes


def _name_ticks(
    sheet: Sheet, axes: Axes, ticks: Sequence[float], middle: float, language: Language
) -> None:
    low, high = (math.log(end) for end in axes.get_xlim())
    for tick in ticks:
        x = _PLOT + _WIDTH * (math.log(tick) - low) / (high - low)
        lines = style.bilingual_block(language, partial(value_text, tick), 2.0, 9.5)
        sheet.write_centred(x, middle, [replace(line, colour=style.MUTED) for line in lines],
                            "center")  # fmt: skip


def _describe(sheet: Sheet, section: str, middle: float, language: Language) -> None:
    """Write above the numbers of a section what they are."""
    if section == "joint":
        return
    key = f"minimum.chart.{_CHANCES.get(section, 'max')}"
    if section in MONEY:
        key = "minimum.column.budget"
    lines = style.bilingual_block(language, partial(word, key), 4.0, 9.5, colour=style.MUTED)
    sheet.write_centred(WIDTH - MARGIN - _TIMES, middle, lines, "right")


def _draw(axes: Axes, row: BudgetRow, middle: float, language: Language) -> None:
    """Draw a budget with its interval, or write what holds the row back."""
    if row.section not in MONEY:
        colour = style.VERMILION if row.section == "out_of_reach" else style.MUTED
        axes.text(0.0, middle, _reason(row, language), transform=axes.get_yaxis_transform(),
                  fontsize=10, color=colour, va="center_baseline")  # fmt: skip
        return
    low, high = axes.get_xlim()
    colour, open_end = _COLOURS[row.section], math.isnan(row.high)
    ends = [max(row.low, low), high if open_end else row.high]
    axes.plot(ends, [middle, middle], color=colour, linewidth=2.6, alpha=0.55, zorder=2,
              solid_capstyle="butt" if open_end else "round")  # fmt: skip
    axes.plot([max(row.budget, low)], [middle], marker="D" if row.joint else "o", markersize=8,
              color=colour, zorder=3, clip_on=False)  # fmt: skip


def _reason(row: BudgetRow, language: Language) -> str:
    """Write what holds a row back, in one language with an explanation where there is room."""
    if language == "both" or row.joint or not row.obstacle:
        return spoken(language, row.obstacle_text, " / ")
    return word("minimum.chart.reason", language).format(
        stage=row.obstacle_text(language), note=word(f"stage_note.{row.obstacle}", language)
    )


def _numbers(sheet: Sheet, row: BudgetRow, middle: float, language: Language) -> None:
    """Write the smallest budget with its interval and multiple, or a chance."""
    if row.section in MONEY:
        lines = style.bilingual_block(language, row.range_text, _RANGE, _SIZE)
        times = times_text(row.budget, row.base)
        if times:
            sheet.write_centred(WIDTH - MARGIN, middle, [Line(f"{times}×", _SIZE)], "right")
    else:
        chance = chance_text(*row.chances[_CHANCES.get(row.section, "max")], language)
        lines = [Line(chance, _SIZE, colour=style.MUTED)]
    sheet.write_centred(WIDTH - MARGIN - _TIMES, middle, lines, "right")
