"""Fan charts: how the targets of a group develop, quarter by quarter, over all replications."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from sim.analysis.rows import Floats
from sim.analysis.stored import coded, row_groups
from sim.page.font import text_width
from sim.answer.found import Floats, coded, row_groups
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
    from matplotlib.transforms import Bbox

PLACE, CITY = "place", "city"  # the contract's name of the whole city among places
ENTRIES = 1 << 22  # values in memory at a time: 32 MB
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
PANELS = 8  # at most on one page: more could not be read on a wall
_COLUMNS = 4
_COLUMN_GAP, _ROW_GAP = 0.3, 0.3  # inches
_DATES = 0.4  # inches below a plot for the years and the last date
_LEFT, _RIGHT = 0.52, 0.5  # inches inside a panel for the numbers of the axis and the last value
_PLOT_HEIGHTS = {1: 3.4, 2: 1.85}  # inches, by number of rows of panels on the page
_SIZE = 10.5
_GOAL_SIZE, _GOAL_LEADING = 9.0, 1.12  # points; distance between lines, as a multiple
_STEPS = 20  # places that are tried for the goal's name from left to right
_COLOURS = {True: style.BLUE, False: style.GREY}  # by whether the reading counts


@dataclass(frozen=True)
class _Panel:
    """One target: its rows (one a reading), and the words above its plot."""

    rows: list[TargetRow]
    header: list[Line]


def city_quantiles(path: Path, indicators: Collection[str], entries: int = ENTRIES) -> pd.DataFrame:
    """Return quantiles over replications of indicators of the city.

    ``path``: a series.parquet. Result: index (indicator, date), one column for each of
    :data:`QUANTILES`; dates are timestamps, and an indicator without values has no row. The file is
    read as often as it takes to have about ``entries`` values in memory at a time.
    """
    import numpy as np
    import pandas as pd

    counts: Counter[str] = Counter()
    for group in row_groups(path, ["indicator"], (PLACE, CITY)):
        names, numbers = coded(group["indicator"])
        counts.update(dict(zip(names, np.bincount(numbers, minlength=len(names)), strict=True)))
    found: dict[tuple[str, dt.date], Floats] = {}
    block: list[str] = []
    for indicator in sorted(name for name in indicators if counts[name]):
        if block and sum(counts[name] for name in [*block, indicator]) > entries:
            found |= _quantiles(path, block)
            block = []
        block.append(indicator)
    found |= _quantiles(path, block)
    index = pd.MultiIndex.from_tuples(
        [(indicator, pd.Timestamp(date)) for indicator, date in found], names=["indicator", "date"]
    )
    return pd.DataFrame(found.values(), index=index, columns=list(QUANTILES)).sort_index()


def _quantiles(path: Path, indicators: Collection[str]) -> dict[tuple[str, dt.date], Floats]:
    """Return the quantiles of a few indicators, by indicator and date."""
    import numpy as np

    values: dict[tuple[str, dt.date], list[Floats]] = {}
    for group in row_groups(path, ["indicator", "date", "value"], (PLACE, CITY)):
        names, name = coded(group["indicator"])
        wanted = np.flatnonzero(np.isin(names, list(indicators))[name])
        dates, date = coded(group["date"])
        cells = name[wanted] * len(dates) + date[wanted]
        order = np.argsort(cells, kind="stable")
        value = group["value"].to_numpy()[wanted[order]]
        starts = np.flatnonzero(np.diff(cells[order], prepend=-1))
        for cell, part in zip(cells[order][starts], np.split(value, starts[1:]), strict=False):
            key = names[cell // len(dates)], dates[cell % len(dates)]
            values.setdefault(key, []).append(part.copy())
    return {key: np.quantile(np.concatenate(parts), QUANTILES) for key, parts in values.items()}


@style.styled
def fan_charts(
    attainment: pd.DataFrame,
    quantiles: pd.DataFrame,
    manifest: Manifest,
    group: str,
    language: Language = "both",
) -> list[Figure]:
    """Return the pages of one group: a panel for every modelled target with a series.

    A panel shows the median, bands of 50 % and 90 % of replications and the goal; two readings of
    one target share a panel. ``quantiles``: see :func:`city_quantiles`. A page holds up to
    :data:`PANELS`; no panel, no page.
    """
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
    tall = plot + _DATES
    body = sum(heads) + len(lines) * tall + (len(lines) - 1) * _ROW_GAP
    sheet = Sheet(title, footer, body + 0.22)
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
        # Where both readings agree, the one that counts is seen.
        axes.plot(days, middle, color=colour, linewidth=2.0, zorder=4.5 if row.counts else 4)
        top = max(top, float(high.max()))
        ends.append((float(middle[-1]), colour, row))
    frame_axes(axes, top, dates, language)
    goal_line(axes, rows[0], language)
    _last_values(axes, ends, language)


def frame_axes(axes: Axes, top: float, dates: Sequence[dt.date], language: Language) -> None:
    """Set up the axes: years to the right up to the last date, values from zero upwards.

    A year's name stands in the middle of the year; the last date, as a rule the deadline, is named
    below them. Above ``top``, the highest value, room is left for the goal.
    """
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axes.set_ylim(0.0, (1.3 if language == "both" else 1.16) * top)
    axes.margins(x=0.0)
    _name_years(axes, dates[0], dates[-1])
    # No half bases and no third of a regulation: fractions only where everything is below one.
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=top >= 1.0))
    axes.yaxis.set_major_formatter(
        FuncFormatter(lambda value, _: spoken(language, partial(value_text, value)))
    )
    axes.tick_params(labelsize=9, length=3, width=0.8, color=style.FAINT, pad=2)
    axes.grid(axis="y", color=style.GRID, linewidth=0.6, zorder=0)
    axes.set_axisbelow(True)


def _name_years(axes: Axes, first: dt.date, last: dt.date) -> None:
    """Mark where years begin, name them in between, and mark and name the last date."""
    begins = [dt.date(year, 1, 1) for year in range(first.year, last.year + 2)]
    inside = [day.toordinal() for day in begins if first <= day <= last]
    axes.set_xticks([*inside, last.toordinal()], [""] * (len(inside) + 1))
    width = _plot_size(axes)[0] / max(1, last.toordinal() - first.toordinal())  # inches a day
    size = 9.0 if 365 * width > 1.25 * text_width("2020", 9.0) * style.POINT else 8.0
    for begin, end in pairwise(begins):
        start, stop = max(begin, first).toordinal(), min(end, last).toordinal()
        name = str(begin.year)
        if (stop - start) * width > text_width(name, size) * style.POINT:
            _under(axes, (start + stop) / 2.0, name, size, 5.0, "center")
    axes.axvline(last.toordinal(), color=style.FAINT, linewidth=0.8, zorder=1)
    _under(axes, last.toordinal(), last.isoformat(), size, 6.0 + 1.25 * size, "right")


def _under(axes: Axes, day: float, text: str, size: float, drop: float, align: str) -> None:
    """Write a text ``drop`` points below the axis."""
    axes.annotate(
        text,
        (day, 0.0),
        xycoords=axes.get_xaxis_transform(),
        xytext=(0.0, -drop),
        textcoords="offset points",
        fontsize=size,
        color=style.MUTED,
        ha=align,
        va="top",
        annotation_clip=False,
    )


def _plot_size(axes: Axes) -> tuple[float, float]:
    """Return width and height of the plot in inches."""
    figure, box = axes.get_figure(root=True), axes.get_position()
    assert figure is not None  # axes of a Sheet
    wide, tall = figure.get_size_inches()
    return float(box.width * wide), float(box.height * tall)


def goal_line(axes: Axes, row: TargetRow | Subject, language: Language) -> None:
    """Draw the goal and name it where no curve runs that has been drawn before."""

    def text(tongue: Tongue) -> str:
        goal = goal_text(row.comparator, row.goal, row.unit[tongue], tongue)
        return word("fan.goal", tongue).format(goal=goal)

    from matplotlib.patches import Rectangle

    said = spoken(language, text)
    box = _free_place(axes, row.goal, said)
    axes.axhline(row.goal, color=style.INK, linewidth=1.2, linestyle=(0, (4, 3)), zorder=3)
    # White under the words hides the grid alone: bands and curves are drawn over it.
    axes.add_patch(
        Rectangle((box.x0, box.y0), box.width, box.height, facecolor="white", zorder=0.8)
    )
    axes.text(
        box.x0,
        (box.y0 + box.y1) / 2.0,
        said,
        fontsize=_GOAL_SIZE,
        linespacing=_GOAL_LEADING,
        color=style.INK,
        va="center",
        zorder=5,
    )


def _free_place(axes: Axes, goal: float, text: str) -> Bbox:
    """Return the box in data coordinates where a text near the goal's line covers no curve.

    Best is right above the line at the left, then further right, then below the line, then under
    the upper edge of the plot. A curve is covered only if there is no other place; bands are
    covered rather than that the text leaves the line, unless both readings' or both bands are.
    """
    from matplotlib.transforms import Bbox

    lines = text.split("\n")
    wide, tall = _plot_size(axes)
    (start, end), (low, high) = axes.get_xlim(), axes.get_ylim()
    day, unit = (end - start) / wide, (high - low) / tall  # in an inch
    gap = 0.04  # inches
    width = max(text_width(line, _GOAL_SIZE) for line in lines) * style.POINT * day
    height = len(lines) * _GOAL_SIZE * 1.25 * _GOAL_LEADING * style.POINT * unit
    near = (goal + gap * unit, goal - gap * unit - height)
    bottoms = [*(bottom for bottom in near if low <= bottom <= high - height), high - height]
    room = max(0.0, end - start - width - 2 * gap * day)
    lefts = [start + gap * day + room * step / _STEPS for step in range(_STEPS + 1)]
    curves = [curve.get_path() for curve in axes.lines if len(curve.get_path()) > 2]
    bands = [band for drawn in axes.collections for band in drawn.get_paths()]

    def cost(box: Bbox) -> float:
        crossed = sum(curve.intersects_bbox(box, filled=False) for curve in curves)
        covered = sum(band.intersects_bbox(box, filled=True) for band in bands)
        return 10.0 * crossed + covered + (0.0 if box.y0 in near else 1.5)

    places = (Bbox.from_bounds(x, y, width, height) for y in bottoms for x in lefts)
    return min(places, key=cost)  # the first of the best


def _median_text(value: float, tongue: Tongue) -> str:
    """Write a median; one between two counts, such as 2.5 bases, with one decimal."""
    halves = (2.0 * value).is_integer() and not value.is_integer() and value < 10.0
    return f"{value:.1f}" if halves else value_text(value, tongue)


def _last_values(axes: Axes, ends: list[tuple[float, str, TargetRow]], language: Language) -> None:
    """Write each median's last value beside its end, apart from each other."""
    ends = sorted(ends, key=lambda end: end[0])
    texts = [spoken(language, partial(_median_text, row.p50)) for _, _, row in ends]
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
