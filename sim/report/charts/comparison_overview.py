"""The overview of a comparison: how many targets are met under every scenario."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from sim.report.charts import style
from sim.report.charts.style import MARGIN, WIDTH, Line, Sheet
from sim.report.compare_scenarios import Comparison, Estimate, signed, with_limits
from sim.report.results import Label, Manifest
from sim.report.words import Language, Tongue, phrase, word

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SIZE = 12.0  # points
_SPACE = 0.22  # inches between rows
_NAMES, _MEAN, _DIFFERENCE, _GAP = 3.9, 1.9, 2.2, 0.3  # inches


@dataclass(frozen=True)
class _Row:
    """One scenario; ``difference`` is None for the reference."""

    label: Label
    lines: list[Line]
    mean: Estimate
    difference: Estimate | None

    @property
    def colour(self) -> str:
        if self.difference is None or not self.difference.excludes_zero:
            return style.GREY
        return style.BLUE if self.difference.value > 0.0 else style.VERMILION


@style.styled
def overview_chart(
    comparisons: Sequence[Comparison], manifest: Manifest, language: Language = "both"
) -> Figure:
    """Return the mean number of targets met with its interval, most first.

    Raise ValueError if a comparison does not say how many targets are met.
    """
    rows = _rows(comparisons, language)
    tall = sum(style.height(row.lines) + _SPACE for row in rows)
    total, best, worst = comparisons[0].total, rows[0], rows[-1]

    def title(tongue: Tongue) -> str:
        if not any(row.difference is not None and row.difference.excludes_zero for row in rows):
            own = next(row for row in rows if row.difference is None)
            return word("compare.overview_title_none", tongue).format(
                reference=own.label[tongue], mean=f"{own.mean.value:.1f}"
            )
        return word("compare.overview_title", tongue).format(
            best=best.label[tongue],
            most=f"{best.mean.value:.1f}",
            worst=worst.label[tongue],
            least=f"{worst.mean.value:.1f}",
        )

    def subtitle(tongue: Tongue) -> str:
        return word("compare.overview_subtitle", tongue).format(total=total)

    label = {
        tongue: word("compare.footer_all", tongue).format(
            count=len(comparisons), reference=comparisons[0].reference[tongue]
        )
        for tongue in ("zh", "en")
    }
    described = {**manifest, "config": {**manifest["config"], "scenario": {"label": label}}}
    replications = max(max(one.replications) for one in comparisons)
    header = {
        key: style.bilingual_block(language, partial(word, key), 4.0, 10.5, colour=style.MUTED)
        for key in ("compare.overview_mean", "compare.overview_difference")
    }
    head = max(style.height(lines) for lines in header.values()) + 0.12
    sheet = Sheet(
        style.title_block(language, title, subtitle),
        style.footer_block(described, replications, language),
        head + tall + 0.4,
    )
    mean_column = WIDTH - MARGIN - _DIFFERENCE - _GAP
    sheet.write(mean_column, sheet.top, header["compare.overview_mean"], "right")
    sheet.write(WIDTH - MARGIN, sheet.top, header["compare.overview_difference"], "right")
    _draw(sheet, rows, sheet.top + head, mean_column, language)
    return sheet.figure


def _rows(comparisons: Sequence[Comparison], language: Language) -> list[_Row]:
    rows = []
    for position, comparison in enumerate(comparisons):
        counted = comparison.met
        if counted is None:
            raise ValueError(f"{comparison.name} does not say how many targets are met")
        own: list[tuple[Label, Estimate, Estimate | None]] = [
            (comparison.label, counted.means[1], counted.value_difference)
        ]
        if position == 0:
            own.append((comparison.reference, counted.means[0], None))
        for label, mean, difference in own:
            bold = difference is None
            lines = style.bilingual_block(language, label.__getitem__, _NAMES, _SIZE, bold=bold)
            rows.append(_Row(label, lines, mean, difference))
    return sorted(rows, key=lambda row: -row.mean.value)


def _draw(
    sheet: Sheet, rows: Sequence[_Row], start: float, mean_column: float, language: Language
) -> None:
    from matplotlib.ticker import MaxNLocator

    tall = sum(style.height(row.lines) + _SPACE for row in rows)
    left = MARGIN + _NAMES + _GAP
    axes = sheet.axes(left, start, mean_column - _MEAN - left, tall)
    axes.set_ylim(tall, 0.0)
    axes.set_yticks([])
    low, high = min(row.mean.low for row in rows), max(row.mean.high for row in rows)
    margin = max(0.08 * (high - low), 0.5)
    axes.set_xlim(low - margin, high + margin)
    axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=style.GRID, linewidth=0.7, zorder=0)
    top = 0.0
    for row in rows:
        height = style.height(row.lines) + _SPACE
        middle = top + height / 2
        top += height
        if row.difference is None:
            axes.axvline(row.mean.value, color=style.FAINT, linewidth=1.2, linestyle=(0, (4, 3)))
        axes.plot([row.mean.low, row.mean.high], [middle, middle], color=row.colour, linewidth=3.0,
                  alpha=0.55, solid_capstyle="round", zorder=2)  # fmt: skip
        axes.plot([row.mean.value], [middle], marker="o", markersize=9, color=row.colour,
                  markerfacecolor="white" if row.difference is None else row.colour,
                  markeredgewidth=1.8, zorder=3)  # fmt: skip
        sheet.write_centred(MARGIN, start + middle, row.lines)
        mean = with_limits([f"{limit:.1f}" for limit in row.mean.limits])
        sheet.write_centred(mean_column, start + middle, [Line(mean, _SIZE)], "right")
        if row.difference is None:
            said, bold = phrase("compare.overview_reference", language, " / "), False
        else:
            said = with_limits([signed(limit, 2) for limit in row.difference.limits])
            bold = row.difference.excludes_zero
        line = Line(said, _SIZE, bold=bold, colour=row.colour)
        sheet.write_centred(WIDTH - MARGIN, start + middle, [line], "right")
