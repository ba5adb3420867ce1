"""Strips of dots on a common scale: what is reached of each goal, by confidence or by scenario."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from sim.page.font import text_width
from sim.report.charts import style
from sim.report.charts.style import MARGIN, WIDTH, Line, Sheet
from sim.report.numbers import percent_text
from sim.report.results import Manifest, group_label
from sim.report.subjects import Subject
from sim.report.words import Language, Tongue, spoken, word

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

EDGE = 1.5
"""Where the scale ends; what lies beyond is drawn there as a triangle."""

_SIZE = 11.0  # points
_SPACE, _HEADING_SPACE = 0.055, 0.16  # inches above and below rows
_GAP = 0.16  # inches between columns
_LABELS = (3.0, 3.6)  # narrowest and widest column of names
_GOAL = 1.5
_NUMBERS = (0.85, 1.45)  # narrowest and widest column of numbers
_GUIDES = (0.0, 0.5, 1.0, EDGE)


@dataclass(frozen=True)
class Series:
    """One dot of every strip: what it is called and its colour."""

    name: Callable[[Tongue], str]
    colour: str


@dataclass(frozen=True)
class Dot:
    """A share of the goal (NaN: none), the number it stands for, and whether the goal is kept.

    ``interval``: its 95 % interval on the same scale, NaN for an open end, None where not drawn.
    """

    share: float
    text: Callable[[Tongue], str]
    keeps: bool
    interval: tuple[float, float] | None = None


@dataclass(frozen=True)
class Strip:
    """One target with a dot for each series."""

    subject: Subject
    dots: Sequence[Dot]


@dataclass(frozen=True)
class _Band:
    lines: list[Line]
    strip: Strip | None = None
    goal: tuple[Line, ...] = ()
    numbers: tuple[tuple[Line, ...], ...] = ()

    @property
    def height(self) -> float:
        blocks = (self.lines, self.goal, *self.numbers)
        extra = _HEADING_SPACE if self.strip is None else _SPACE
        return max(style.height(block) for block in blocks) + extra


@dataclass(frozen=True)
class _Columns:
    """Where columns stand in inches: left end of the plot, right ends of the numbers and goals."""

    plot: float
    plot_width: float
    numbers: tuple[float, ...]
    goal: float


@style.styled
def strip_chart(
    strips: Sequence[Strip],
    series: Sequence[Series],
    title: list[Line],
    footer: list[Line],
    manifest: Manifest,
    language: Language,
) -> Figure:
    """Return the chart of ``strips``, which stand by group in the order in which they are given."""
    bands = _bands(strips, manifest, language)
    header = [
        style.bilingual_block(language, one.name, _NUMBERS[1], 10, bold=True, colour=one.colour)
        for one in series
    ]
    goal = style.bilingual_block(
        language, lambda t: word("column.goal", t), _GOAL, 10, colour=style.MUTED
    )
    head = max(style.height(block) for block in (*header, goal)) + 0.3
    sheet = Sheet(title, footer, head + sum(band.height for band in bands) + 0.05)
    columns = _columns(bands, header)
    for right, block in zip((*columns.numbers, columns.goal), (*header, goal), strict=True):
        sheet.write(right, sheet.top, block, "right")
    _draw(sheet, bands, series, columns, head, language)
    return sheet.figure


def _bands(strips: Sequence[Strip], manifest: Manifest, language: Language) -> list[_Band]:
    bands = []
    for group, members in groupby(strips, key=lambda strip: strip.subject.group):
        name = spoken(language, group_label(group, manifest).__getitem__, " · ")
        bands.append(_Band([Line(name, 12.5, bold=True)]))
        for strip in members:
            ink = style.INK if strip.subject.counts else style.MUTED
            bands.append(
                _Band(
                    style.bilingual_block(
                        language, strip.subject.marked_name, _LABELS[1], _SIZE, colour=ink
                    ),
                    strip,
                    tuple(style.bilingual_block(language, strip.subject.goal_text, _GOAL, _SIZE)),
                    tuple(
                        tuple(
                            style.bilingual_block(
                                language, dot.text, _NUMBERS[1], _SIZE, bold=dot.keeps
                            )
                        )
                        for dot in strip.dots
                    ),
                )
            )
    return bands


def _widest(blocks: Sequence[Sequence[Line]]) -> float:
    return max(
        (
            text_width(line.text, line.size, line.bold) * style.POINT
            for block in blocks
            for line in block
        ),
        default=0.0,
    )


def _columns(bands: Sequence[_Band], header: Sequence[list[Line]]) -> _Columns:
    """Give names and numbers the width they need and the plot what is left."""
    names = min(max(_widest([band.lines for band in bands]), _LABELS[0]), _LABELS[1])
    goal = WIDTH - MARGIN
    right = goal - _widest([band.goal for band in bands]) - 2 * _GAP
    numbers = []
    for i in reversed(range(len(header))):
        numbers.append(right)
        own = _widest([header[i], *(band.numbers[i] for band in bands if band.numbers)])
        right -= min(max(own, _NUMBERS[0]), _NUMBERS[1]) + _GAP
    plot = MARGIN + names + _GAP + 0.1
    return _Columns(plot, right - 0.15 - plot, tuple(reversed(numbers)), goal)


def _draw(
    sheet: Sheet,
    bands: Sequence[_Band],
    series: Sequence[Series],
    columns: _Columns,
    head: float,
    language: Language,
) -> None:
    start = sheet.top + head
    tall = sum(band.height for band in bands)
    axes = sheet.axes(columns.plot, start, columns.plot_width, tall)
    _frame(axes, tall, language)
    top = 0.0
    for band in bands:
        middle = top + band.height / 2
        if band.strip is None:  # nearer to its own targets than to the group above
            middle += _HEADING_SPACE / 4
        sheet.write_centred(MARGIN, start + middle, band.lines)
        sheet.write_centred(columns.goal, start + middle, band.goal, "right")
        for right, number in zip(columns.numbers, band.numbers, strict=False):
            sheet.write_centred(right, start + middle, number, "right")
        if band.strip is not None:
            _dots(axes, band.strip, series, middle)
        top += band.height


def _frame(axes: Axes, tall: float, language: Language) -> None:
    """Set up the axes: shares of the goal to the right, inches downwards."""
    axes.set_xlim(-0.02, EDGE + 0.03)
    axes.set_ylim(tall, 0.0)
    axes.set_yticks([])
    tongue: Tongue = "zh" if language == "zh" else "en"
    axes.set_xticks(_GUIDES, [percent_text(guide, tongue) for guide in _GUIDES], fontsize=10)
    axes.xaxis.tick_top()
    axes.tick_params(length=0, pad=3)
    for spine in axes.spines.values():
        spine.set_visible(False)
    for guide in _GUIDES:
        goal = guide == 1.0
        axes.axvline(
            guide,
            color=style.INK if goal else style.GRID,
            linewidth=1.2 if goal else 0.9,
            linestyle=(0, (4, 3)) if goal else "solid",
            zorder=0,
        )


def _dots(axes: Axes, strip: Strip, series: Sequence[Series], middle: float) -> None:
    shares = [min(dot.share, EDGE) for dot in strip.dots if not math.isnan(dot.share)]
    if not shares:
        return
    axes.plot([min(shares), max(shares)], [middle, middle], color=style.FAINT, linewidth=1.2,
              zorder=1)  # fmt: skip
    for dot, one in zip(strip.dots, series, strict=True):
        if dot.interval is not None:
            low, high = dot.interval
            ends = [0.0 if math.isnan(low) else min(low, EDGE), EDGE if math.isnan(high) else
                    min(high, EDGE)]  # fmt: skip
            axes.plot(ends, [middle, middle], color=one.colour, linewidth=7, alpha=0.25,
                      solid_capstyle="butt", zorder=2)  # fmt: skip
    for place, (dot, one) in enumerate(zip(strip.dots, series, strict=True)):
        if math.isnan(dot.share):
            continue
        beyond = dot.share > EDGE
        size = 10.5 - 6.5 * place / len(series)  # equal dots are seen as rings
        axes.plot([min(dot.share, EDGE)], [middle], marker=">" if beyond else "o",
                  markersize=size, color=one.colour, zorder=5 + place,
                  markerfacecolor=one.colour if strip.subject.counts else "white",
                  markeredgewidth=1.5, clip_on=False, linestyle="none")  # fmt: skip
