"""Small multiples of what money buys: chance by budget of every row that hangs on money."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from sim.report.charts import style
from sim.report.charts.style import MARGIN, WIDTH, Line, Sheet
from sim.report.minimum_budget_rows import MONEY, BudgetRow, budget_rows
from sim.report.numbers import percent_text, value_text
from sim.report.results import Manifest, cell_text
from sim.report.words import Language, Tongue, spoken, word

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PANELS = 12  # at most on one page
_COLUMNS = 4
_COLUMN_GAP, _ROW_GAP = 0.32, 0.25  # inches
_LEFT, _BOTTOM = 0.42, 0.42  # inches inside a panel for the numbers of the axes
_PLOT = 1.45  # inches, height of a plot
_SIZE = 10.5
_AROUND = 4.0  # budgets up to so many times the interval's ends are shown


@style.styled
def budget_curves(
    table: pd.DataFrame, curves: pd.DataFrame, manifest: Manifest, language: Language = "both"
) -> list[Figure]:
    """Return pages of panels, cheapest first; none where no row hangs on money.

    ``table``, ``curves``: minimum_budget.csv and curves.csv.
    """
    config = manifest["config"]
    base = int(config["budget"]["public_total"])
    level = float(manifest["question"]["settings"]["probability"])
    rows = [row for row in budget_rows(table, config, base) if row.section in MONEY]
    rows.sort(key=lambda row: row.budget)
    targets = sum(not row.joint for row in rows) or len(rows)
    pages = math.ceil(len(rows) / PANELS)
    size = math.ceil(len(rows) / pages) if pages else 0
    keys = zip(curves["target"].astype(str), curves["definition"].map(cell_text), strict=True)
    curves = curves.assign(row=[f"{target}:{definition}" for target, definition in keys])
    by_row = dict(list(curves.groupby("row", sort=False)))
    footer = style.footer_block(manifest, int(manifest["replications"]), language)
    figures = []
    for page in range(pages):

        def title(tongue: Tongue, page: int = page) -> str:
            text = word("minimum.curves.title", tongue).format(count=targets)
            number = word("fan.page", tongue).format(page=page + 1, pages=pages)
            return text + (number if pages > 1 else "")

        heading = style.title_block(language, title, partial(word, "minimum.curves.subtitle"))
        own = rows[page * size : (page + 1) * size]
        data = [by_row[f"{row.target}:{row.definition}"] for row in own]
        figures.append(_page(own, data, level, heading, footer, language))
    return figures


def _page(
    rows: Sequence[BudgetRow],
    curves: Sequence[pd.DataFrame],
    level: float,
    title: list[Line],
    footer: list[Line],
    language: Language,
) -> Figure:
    columns = min(_COLUMNS, len(rows))
    width = (WIDTH - 2 * MARGIN - (_COLUMNS - 1) * _COLUMN_GAP) / _COLUMNS
    heads = [_header(row, width, language) for row in rows]
    starts = range(0, len(rows), columns)
    tallest = [max(map(style.height, heads[start : start + columns])) for start in starts]
    bottom = _BOTTOM + (0.12 if language == "both" else 0.0)
    body = sum(tallest) + len(tallest) * (_PLOT + bottom) + (len(tallest) - 1) * _ROW_GAP
    sheet = Sheet(title, footer, body + 0.15)
    top = sheet.top + 0.15
    for start, head in zip(starts, tallest, strict=True):
        for column in range(min(columns, len(rows) - start)):
            left = MARGIN + column * (width + _COLUMN_GAP)
            lines = heads[start + column]
            sheet.write(left, top + head - style.height(lines), lines)
            axes = sheet.axes(left + _LEFT, top + head + 0.06, width - _LEFT, _PLOT)
            data = curves[start + column]
            _draw(axes, rows[start + column], data, level, width - _LEFT, language)
        top += head + _PLOT + bottom + _ROW_GAP
    return sheet.figure


def _header(row: BudgetRow, width: float, language: Language) -> list[Line]:
    """Return the name, and the smallest budget with its interval."""
    lines = style.bilingual_block(language, row.label.__getitem__, width, _SIZE + 1, bold=True)
    text = spoken(language, row.range_text, " / ")
    return [*lines, *style.block(text, width, _SIZE, colour=style.BLUE)]


def _draw(
    axes: Axes,
    row: BudgetRow,
    curve: pd.DataFrame,
    level: float,
    width: float,
    language: Language,
) -> None:
    from matplotlib.ticker import FixedLocator, NullLocator

    budgets = curve["public_yuan"].to_numpy(dtype=float)
    top = row.base if math.isnan(row.high) else max(row.high, row.base)
    right = min(budgets[-1], _AROUND * max(top, row.budget))
    left = max(min(row.low, row.base) / _AROUND, 0.0)
    left = max(left, right / 300.0, float(budgets[budgets > 0.0].min()) * 0.8)
    shown = curve[(budgets >= left) & (budgets <= right)]
    axes.set_xscale("log")
    axes.set_xlim(left, right)
    axes.set_ylim(0.0, 1.04)
    end = right if math.isnan(row.high) else row.high
    axes.axvspan(max(row.low, left), end, color=style.SKY, alpha=0.28, linewidth=0, zorder=1)
    axes.axhline(level, color=style.FAINT, linewidth=1.0, zorder=1)
    if row.base:
        axes.axvline(row.base, color=style.INK, linewidth=1.1, linestyle=(0, (4, 3)), zorder=2)
    axes.plot(budgets, curve["fit"].to_numpy(dtype=float), color=style.BLUE, linewidth=1.4,
              zorder=3)  # fmt: skip
    x, p = shown["public_yuan"].to_numpy(dtype=float), shown["probability"].to_numpy(dtype=float)
    axes.vlines(x, shown["probability_low"], shown["probability_high"], color=style.BLUE,
                linewidth=1.2, alpha=0.5, zorder=3)  # fmt: skip
    axes.plot(x, p, linestyle="none", marker="o", markersize=3.4, color=style.BLUE, zorder=4)
    middle, low, high = row.chances["confirmed"]
    if not math.isnan(middle):
        at = [row.confirmed_budget]
        axes.vlines(at, [low], [high], color=style.VERMILION, linewidth=1.4, zorder=5)
        axes.plot(at, [middle], marker="D", markersize=6, color=style.VERMILION,
                  markerfacecolor="white", markeredgewidth=1.5, zorder=6)  # fmt: skip
    ticks = round_ticks(left, right, width, language)
    axes.xaxis.set_major_locator(FixedLocator(ticks))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xticklabels([spoken(language, partial(value_text, tick)) for tick in ticks])
    guides = (0.0, 0.5, level, 1.0) if level < 0.95 else (0.0, 0.5, level)
    axes.set_yticks(guides, [percent_text(guide, language) for guide in guides])
    axes.tick_params(labelsize=8.5, length=3, width=0.8, color=style.FAINT, pad=2)


def round_ticks(low: float, high: float, width: float, language: Language) -> list[float]:
    """Round amounts between ``low`` and ``high`` whose names do not touch on ``width`` inches.

    At least the geometric middle where no power of ten lies in between.
    """
    apart = (0.6 if language == "zh" else 0.8) / width * math.log10(high / low)
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for steps in ((1, 2, 5), (1, 3), (1,)):
        ticks = [float(step * 10**power) for power in powers for step in steps]
        ticks = [tick for tick in ticks if low * 1.1 <= tick <= high / 1.1]
        gaps = [math.log10(after / before) for before, after in pairwise(ticks)]
        if len(ticks) > 1 and min(gaps) >= apart:
            return ticks
    return ticks or [float(f"{math.sqrt(low * high):.1g}")]
