"""Fan charts: how the targets of a group develop, quarter by quarter, over all replications."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from sim.report.charts import style
from sim.report.charts.style import MARGIN, WIDTH, Line, Sheet
from sim.report.numbers import chance_text, goal_text, value_text
from sim.report.results import (
    READING_MARKS,
    Label,
    Manifest,
    TargetRow,
    finished_replications,
    group_label,
    likelihood_counts,
    target_rows,
)
from sim.report.subjects import Subject
from sim.report.words import Language, Tongue, phrase, spoken, tongues, word

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CITY = "city"  # the contract's name of the whole city among places
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
PANELS = 8  # at most on one page: more could not be read on a wall
_COLUMNS = 4
_COLUMN_GAP, _ROW_GAP = 0.3, 0.34  # inches
_LEFT, _RIGHT = 0.52, 0.5  # inches inside a panel for the numbers of the axis and the last value
_PLOT_HEIGHTS = {1: 3.4, 2: 1.85}  # inches, by number of rows of panels on the page
_SIZE = 10.5
_COLOURS = {True: style.BLUE, False: style.GREY}  # by whether the reading counts


@dataclass(frozen=True)
class _Panel:
    """One target: its rows (one a reading), and the words above its plot."""

    rows: list[TargetRow]
    header: list[Line]


def city_series(series: pd.DataFrame) -> pd.DataFrame:
    """Return quantiles over replications of the city's indicators.

    ``series``: columns of ``series.parquet``. Result: index (indicator, date), one column for each
    of :data:`QUANTILES`; dates are timestamps.
    """
    import numpy as np
    import pandas as pd

    city = series.loc[series["place"].astype(str) == CITY, ["indicator", "date", "value"]]
    city = city.assign(date=pd.to_datetime(city["date"]), indicator=city["indicator"].astype(str))
    quantiles = city.groupby(["indicator", "date"], sort=True)["value"].quantile(
        np.array(QUANTILES)
    )
    return quantiles.unstack()


@style.styled
def fan_charts(
    attainment: pd.DataFrame,
    series: pd.DataFrame,
    manifest: Manifest,
    group: str,
    language: Language = "both",
) -> list[Figure]:
    """Return the pages of one group: a panel for every modelled target with a series.

    A panel shows the median, bands of 50 % and 90 % of replications and the goal; two readings of
    one target share a panel. A page holds up to :data:`PANELS`; no panel, no page.
    """
    if series.empty:
        return []
    quantiles = city_series(series)
    known = set(quantiles.index.get_level_values("indicator"))
    rows = [
        row
        for row in target_rows(attainment, manifest)
        if row.group == group and row.modelled and row.indicator in known
    ]
    targets = [list(readings) for _, readings in groupby(rows, key=lambda row: row.target)]
    pages = math.ceil(len(targets) / PANELS)
    if not pages:
        return []
    size = math.ceil(len(targets) / pages)
    footer = style.footer_block(manifest, finished_replications(attainment), language)
    figures = []
    for page in range(pages):
        title = _title(rows, manifest, group, language, page, pages)
        part = targets[page * size : (page + 1) * size]
        figures.append(_page(part, quantiles, title, footer, language))
    return figures


def _title(
    rows: list[TargetRow], manifest: Manifest, group: str, language: Language, page: int, pages: int
) -> list[Line]:
    likely, undecided, unlikely = likelihood_counts(rows)

    def title(tongue: Tongue) -> str:
        text = word("fan.title", tongue).format(
            group=group_label(group, manifest)[tongue],
            total=likely + undecided + unlikely,
            likely=likely,
        )
        number = word("fan.page", tongue).format(page=page + 1, pages=pages)
        return text + (number if pages > 1 else "")

    def subtitle(tongue: Tongue) -> str:
        notes = [word("fan.subtitle", tongue)]
        if any(row.reading for row in rows):
            notes.append(word("note.counts", tongue))
        return word("list.clause", tongue).join(note.rstrip("。.") for note in notes)

    return style.title_block(language, title, subtitle)


def _page(
    targets: Sequence[list[TargetRow]],
    quantiles: pd.DataFrame,
    title: list[Line],
    footer: list[Line],
    language: Language,
) -> Figure:
    columns = min(_COLUMNS, max(2, math.ceil(len(targets) / 2)))
    width = (WIDTH - 2 * MARGIN - (columns - 1) * _COLUMN_GAP) / columns
    panels = [_Panel(rows, _panel_header(rows, width, language)) for rows in targets]
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
            axes = sheet.axes(left + _LEFT, top + head + 0.06, width - _LEFT - _RIGHT, plot)
            _draw(axes, panel.rows, quantiles, language)
        top += head + tall + _ROW_GAP
    return sheet.figure


def _panel_header(rows: Sequence[TargetRow], width: float, language: Language) -> list[Line]:
    """Return the target's name and the chance under each reading."""
    lines = style.bilingual_block(language, rows[0].label.__getitem__, width, _SIZE + 1, bold=True)
    for row in rows:
        # Spaces that do not break: a chance and its interval stay on one line.
        chance = chance_text(row.probability, row.low, row.high, language).replace(" ", "\u00a0")
        colour = _COLOURS[row.counts]
        if row.reading is None:
            text = f"{phrase('fan.probability', language, ' / ')} {chance}"
            lines += style.block(text, width, _SIZE, bold=True, colour=colour)
        else:
            lines += _reading_lines(row, row.reading, chance, width, language)
    return lines


def _reading_lines(
    row: TargetRow, name: Label, chance: str, width: float, language: Language
) -> list[Line]:
    """Return a reading's mark, name and chance; a second language adds its name alone."""
    first, *others = tongues(language)
    text = word("fan.reading", first).format(
        mark=READING_MARKS[row.counts], reading=name[first], probability=chance
    )
    lines = style.block(text, width, _SIZE, colour=_COLOURS[row.counts])
    for tongue in others:
        lines += style.block(name[tongue], width, 0.82 * _SIZE, colour=style.MUTED)
    return lines


def _draw(
    axes: Axes, rows: Sequence[TargetRow], quantiles: pd.DataFrame, language: Language
) -> None:
    top = rows[0].goal
    dates: list[dt.date] = []
    ends = []
    for row in rows:
        fan = quantiles.loc[row.indicator]
        colour = _COLOURS[row.counts]
        dates = [timestamp.date() for timestamp in fan.index]
        days = [date.toordinal() for date in dates]
        low, lower, middle, upper, high = (fan[quantile].to_numpy() for quantile in QUANTILES)
        axes.fill_between(days, low, high, color=colour, alpha=0.16, linewidth=0, zorder=2)
        axes.fill_between(days, lower, upper, color=colour, alpha=0.30, linewidth=0, zorder=2)
        axes.plot(days, middle, color=colour, linewidth=2.0, zorder=4)
        top = max(top, float(high.max()))
        ends.append((float(middle[-1]), colour, row))
    frame_axes(axes, top, dates, language)
    goal_line(axes, rows[0], language)
    _last_values(axes, ends, language)


def frame_axes(axes: Axes, top: float, dates: Sequence[dt.date], language: Language) -> None:
    """Set up the axes: years to the right, values from zero upwards."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axes.set_ylim(0.0, (1.3 if language == "both" else 1.16) * top)
    axes.margins(x=0.0)
    starts = [dt.date(year, 1, 1) for year in range(dates[0].year, dates[-1].year + 1)]
    starts = [start for start in starts if dates[0] <= start <= dates[-1]]
    axes.set_xticks([start.toordinal() for start in starts], [str(s.year) for s in starts])
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.yaxis.set_major_formatter(
        FuncFormatter(lambda value, _: spoken(language, partial(value_text, value)))
    )
    axes.tick_params(labelsize=9, length=3, width=0.8, color=style.FAINT, pad=2)
    axes.grid(axis="y", color=style.GRID, linewidth=0.6, zorder=0)
    axes.set_axisbelow(True)


def goal_line(axes: Axes, row: TargetRow | Subject, language: Language) -> None:
    """Draw the goal and name it above the line, at the left where histories begin low."""
    from matplotlib.patheffects import withStroke

    axes.axhline(row.goal, color=style.INK, linewidth=1.2, linestyle=(0, (4, 3)), zorder=3)

    def text(tongue: Tongue) -> str:
        goal = goal_text(row.comparator, row.goal, row.unit[tongue], tongue)
        return word("fan.goal", tongue).format(goal=goal)

    axes.annotate(
        spoken(language, text),
        (0.0, row.goal),
        xycoords=("axes fraction", "data"),
        xytext=(3, 3),
        textcoords="offset points",
        fontsize=9,
        color=style.INK,
        va="bottom",
        zorder=5,
        path_effects=[withStroke(linewidth=2.5, foreground="white")],
    )


def _last_values(axes: Axes, ends: list[tuple[float, str, TargetRow]], language: Language) -> None:
    """Write each median's last value beside its end, apart from each other."""
    ends = sorted(ends, key=lambda end: end[0])
    texts = [spoken(language, partial(value_text, row.p50)) for _, _, row in ends]
    lines = max(text.count("\n") + 1 for text in texts)
    gap = 0.12 * lines * axes.get_ylim()[1]
    heights: list[float] = []
    for value, _, _ in ends:
        heights.append(max(value, heights[-1] + gap) if heights else value)
    shift = sum(heights) / len(heights) - sum(value for value, _, _ in ends) / len(ends)
    shift = min(shift, heights[0])  # not below the axis, where the years are written
    for height, (_, colour, _), text in zip(heights, ends, texts, strict=True):
        axes.annotate(
            text,
            (1.0, height - shift),
            xycoords=("axes fraction", "data"),
            xytext=(4, 0),
            textcoords="offset points",
            fontsize=10,
            fontweight="bold",
            color=colour,
            va="center",
            annotation_clip=False,
        )
