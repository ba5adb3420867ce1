"""Charts of the study of milestones: successful and failed histories, and the tripwires between."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from sim.report.charts import style
from sim.report.charts.fan import PANELS, frame_axes, goal_line
from sim.report.charts.style import MARGIN, WIDTH, Line, Sheet
from sim.report.milestones import Watch, Watched, alarms, date_text, middle_date, watches_of
from sim.report.numbers import percent_text, share_text
from sim.report.results import Manifest, group_label, read_manifest
from sim.report.subjects import as_run_of
from sim.report.words import Language, Tongue, spoken, word
from sim.study.files import read_frame

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LEVEL_COLOURS = (style.INK, style.PURPLE, style.GREEN, style.GREY)
"""Colours of the levels in their order; their names are words of the catalogue."""

_OUTCOMES = ((False, style.VERMILION), (True, style.BLUE))
_COLUMNS = 4
_COLUMN_GAP, _ROW_GAP = 0.35, 0.3  # inches
_LEFT = 0.55  # inches inside a panel for the numbers of the axis
_PLOT_HEIGHTS = {1: 3.2, 2: 2.0}  # inches, by number of rows of panels on the page
_SIZE = 10.5
_HALF_BAR = 34  # days: half the length of the short bar of a tripwire
_APART = 44  # days between the tripwires of two levels at one date


@dataclass(frozen=True)
class _Panel:
    row: Watched
    histories: pd.DataFrame
    header: list[Line]


def write_milestone_charts(folder: Path, language: Language = "both") -> list[Path]:
    """Write the charts of a study of milestones as PNG and SVG into it and return their paths.

    ``milestones_SCENARIO_GROUP`` for every scenario and group with a tripwire (further pages end in
    ``_2``, ``_3``).
    """
    manifest = read_manifest(folder)
    return [
        path
        for name, figure in _figures(folder, manifest, language).items()
        for path in style.save(figure, folder / name, manifest)
    ]


def _figures(folder: Path, manifest: Manifest, language: Language) -> dict[str, Figure]:
    watches = watches_of(read_frame(folder / "milestones.csv"), manifest)
    histories = read_frame(folder / "milestones_paths.csv")
    histories["definition"] = histories["definition"].fillna("").astype(str)
    figures: dict[str, Figure] = {}
    for number, watch in enumerate(watches, start=1):
        scenario = re.sub(r"[^a-zA-Z0-9-]+", "_", watch.name)
        if any(name.startswith(f"milestones_{scenario}_") for name in figures):
            scenario = f"{scenario}_{number}"
        own = histories[histories["scenario"] == watch.name]
        shown = [row for row in watch.rows if row.wires]
        for group, members in groupby(shown, key=lambda row: row.subject.group):
            pages = milestone_charts(list(members), own, watch, manifest, group, language)
            for page, figure in enumerate(pages, start=1):
                suffix = "" if page == 1 else f"_{page}"
                figures[f"milestones_{scenario}_{group}{suffix}"] = figure
    return figures


@style.styled
def milestone_charts(
    rows: Sequence[Watched],
    histories: pd.DataFrame,
    watch: Watch,
    manifest: Manifest,
    group: str,
    language: Language = "both",
) -> list[Figure]:
    """Return the pages of one group: a panel for each of ``rows``.

    A panel shows median and 5-95 % of the histories that meet the target and of those that miss it,
    the goal, and the tripwires at the ends of years with their intervals.
    """
    title = _title(rows, watch, manifest, group, language)
    footer = style.footer_block(as_run_of(manifest, watch.label), watch.replications, language)
    pages = math.ceil(len(rows) / PANELS)
    size = math.ceil(len(rows) / pages)
    keys = ["target", "definition"]
    parts = {(str(t), str(d)): part for (t, d), part in histories.groupby(keys)}
    return [
        _page(rows[start : start + size], parts, watch, title, footer, language)
        for start in range(0, len(rows), size)
    ]


def _title(
    rows: Sequence[Watched], watch: Watch, manifest: Manifest, group: str, language: Language
) -> list[Line]:
    date = middle_date(watch, manifest)
    best = next((row for row in watch.telling(date) if row in rows), None)

    def title(tongue: Tongue) -> str:
        name = group_label(group, manifest)[tongue]
        if best is None:
            return word("milestones.chart_title_plain", tongue).format(group=name)
        value, level = next(iter(alarms(best, date, watch, tongue).items()))
        return word("milestones.chart_title", tongue).format(
            group=name,
            date=date_text(date, tongue),
            target=best.subject.label[tongue],
            side=best.side(tongue),
            value=value,
            unit=best.subject.unit[tongue],
            level=share_text(level, tongue),
        )

    def subtitle(tongue: Tongue) -> str:
        levels = [
            word("milestones.chart_level", tongue).format(
                colour=word(f"milestones.colour.{i}", tongue), level=share_text(level, tongue)
            )
            for i, level in enumerate(watch.levels)
        ]
        listed = word("list.separator", tongue).join(levels)
        notes = [word("milestones.chart_subtitle", tongue).format(levels=listed)]
        if any(row.subject.reading for row in rows):
            notes.append(word("note.counts", tongue))
        if any(row.subject.kind != "plan" for row in rows):
            notes.append(word("note.not_plan", tongue))
        return word("list.clause", tongue).join(note.rstrip("。.") for note in notes)

    return style.title_block(language, title, subtitle)


def _page(
    rows: Sequence[Watched],
    histories: dict[tuple[str, str], pd.DataFrame],
    watch: Watch,
    title: list[Line],
    footer: list[Line],
    language: Language,
) -> Figure:
    columns = min(_COLUMNS, max(2, math.ceil(len(rows) / 2)))
    width = (WIDTH - 2 * MARGIN - (columns - 1) * _COLUMN_GAP) / columns
    panels = [
        _Panel(
            row,
            histories[row.subject.target, row.subject.definition],
            _header(row, width, language),
        )
        for row in rows
    ]
    lines = [panels[start : start + columns] for start in range(0, len(panels), columns)]
    heads = [max(style.height(panel.header) for panel in line) for line in lines]
    plot = _PLOT_HEIGHTS[len(lines)]
    tall = plot + 0.3
    body = sum(heads) + len(lines) * tall + (len(lines) - 1) * _ROW_GAP
    sheet = Sheet(title, footer, body + 0.15)
    top = sheet.top + 0.15
    for line, head in zip(lines, heads, strict=True):
        for column, panel in enumerate(line):
            left = MARGIN + column * (width + _COLUMN_GAP)
            sheet.write(left, top + head - style.height(panel.header), panel.header)
            axes = sheet.axes(left + _LEFT, top + head + 0.06, width - _LEFT, plot)
            _draw(axes, panel, watch, language)
        top += head + tall + _ROW_GAP
    return sheet.figure


def _header(row: Watched, width: float, language: Language) -> list[Line]:
    """Return the target's name, with its reading, and the chance of success."""

    def chance(tongue: Tongue) -> str:
        text = percent_text(row.hits / row.replications, tongue)
        return word("milestones.chart_chance", tongue).format(chance=text)

    return [
        *style.bilingual_block(language, row.subject.marked_name, width, _SIZE + 0.5, bold=True),
        *style.block(spoken(language, chance, " / "), width, _SIZE, colour=style.MUTED),
    ]


def _counts(histories: pd.DataFrame) -> bool:
    """Whether a target counts things: percentiles between two whole numbers are exceptions."""
    values = histories[["p05", "p50", "p95"]].to_numpy(dtype=float)
    return bool((values == values.round()).mean() > 0.5)


def _draw(axes: Axes, panel: _Panel, watch: Watch, language: Language) -> None:
    from matplotlib.ticker import MaxNLocator

    goal = panel.row.subject.goal
    lows, highs = [0.0, goal], [goal]
    dates: list[dt.date] = []
    for met, colour in _OUTCOMES:
        own = panel.histories[panel.histories["met"].astype(str).str.lower() == str(met).lower()]
        dates = [dt.date.fromisoformat(str(date)) for date in own["date"]]
        days = [date.toordinal() for date in dates]
        low, middle, high = (own[name].to_numpy(dtype=float) for name in ("p05", "p50", "p95"))
        marker = "o" if len(days) < PANELS else ""  # surveys are points in time
        axes.fill_between(days, low, high, color=colour, alpha=0.2, linewidth=0, zorder=2)
        axes.plot(days, middle, color=colour, linewidth=1.8, marker=marker, markersize=4, zorder=4)
        lows.append(float(low.min()))
        highs.append(float(high.max()))
    frame_axes(axes, max(highs), dates, language)
    if _counts(panel.histories):
        axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    bottom = min(lows)
    if bottom < 0.0:
        axes.set_ylim(1.1 * bottom, axes.get_ylim()[1])
    goal_line(axes, panel.row.subject, language)
    limits = axes.get_ylim()
    for (date, level), wire in panel.row.wires.items():
        place = watch.levels.index(level)
        day = dt.date.fromisoformat(date).toordinal() + _APART * (
            place - (len(watch.levels) - 1) / 2.0
        )
        ends = [
            limits[0] if math.isnan(wire.low) else wire.low,
            limits[1] if math.isnan(wire.high) else wire.high,
        ]
        colour = LEVEL_COLOURS[place]
        axes.plot([day, day], ends, color=colour, linewidth=1.1, zorder=4.4)
        axes.plot([day - _HALF_BAR, day + _HALF_BAR], [wire.value] * 2, color=colour,
                  linewidth=2.4, zorder=4.6, solid_capstyle="butt")  # fmt: skip
    axes.set_ylim(*limits)
