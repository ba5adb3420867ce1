"""Charts of a comparison: what every scenario changes, target by target, and how all compare."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from sim.page.font import text_width
from sim.report.charts import style
from sim.report.charts.comparison_overview import overview_chart
from sim.report.charts.style import MARGIN, WIDTH, Line, Sheet
from sim.report.compare_scenarios import (
    LESS,
    MORE,
    TABLE,
    ComparedRow,
    Comparison,
    points,
    read_comparisons,
    signed,
    with_limits,
)
from sim.report.numbers import percent_text
from sim.report.results import (
    READING_MARKS,
    Manifest,
    group_label,
    group_order,
    read_manifest,
)
from sim.report.words import Language, Tongue, spoken, tongues, word

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = {MORE: style.BLUE, LESS: style.VERMILION, "": style.GREY}

_SIZE = 11.5  # points
_SPACE, _HEADING_SPACE = 0.055, 0.16  # inches above and below rows
_GAP = 0.25  # inches between columns
_CHANCE, _DIFFERENCE = 1.45, 2.15  # widths of the columns of numbers in inches
_LABELS = (3.4, 4.7)  # narrowest and widest column of names
_INDENT = 0.25
_GUIDES = (0.0, 0.25, 0.5, 0.75, 1.0)
_KEY = (("compare.more", MORE), ("compare.less", LESS), ("compare.unchanged", ""))


@dataclass(frozen=True)
class _Band:
    """A strip of the chart: a group's heading, a target's name, or a row with results."""

    lines: list[Line]
    row: ComparedRow | None = None
    heading: bool = False

    @property
    def height(self) -> float:
        return style.height(self.lines) + (_HEADING_SPACE if self.heading else _SPACE)

    @property
    def indent(self) -> float:
        return _INDENT if self.row is not None and self.row.reading is not None else 0.0


def write_comparison_charts(folder: Path, language: Language = "both") -> list[Path]:
    """Write the charts of a study folder as PNG and SVG into it and return their paths.

    One for each scenario, ``compare_scenarios_NAME``, and an overview of the number of targets met
    if there are several. Every file names the manifest's result_hash.
    """
    manifest = read_manifest(folder)
    comparisons = read_comparisons(folder, manifest["config"])
    stems = chart_names([comparison.name for comparison in comparisons])
    paths = []
    for stem, comparison in zip(stems, comparisons, strict=True):
        figure = comparison_chart(comparison, manifest, language)
        paths += style.save(figure, folder / stem, manifest)
    if len(comparisons) > 1 and all(comparison.met for comparison in comparisons):
        figure = overview_chart(comparisons, manifest, language)
        paths += style.save(figure, folder / f"{TABLE}_overview", manifest)
    return paths


def chart_names(scenarios: Sequence[str]) -> list[str]:
    """Return names of files, distinct even where names of scenarios differ in odd signs alone."""
    names: list[str] = []
    taken = {f"{TABLE}_overview"}
    for scenario in scenarios:
        safe = re.sub(r"\W+", "_", scenario).strip("_")[:60]
        stem = name = f"{TABLE}_{safe}"
        number = 1
        while name.casefold() in taken:
            number += 1
            name = f"{stem}_{number}"
        taken.add(name.casefold())
        names.append(name)
    return names


@style.styled
def comparison_chart(
    comparison: Comparison, manifest: Manifest, language: Language = "both"
) -> Figure:
    """Return rings and dots joined by arrows: the chance of every target in both scenarios.

    Headline groups first, in each the largest change first; both readings are neighbours.
    """
    bands = _bands(comparison, manifest, language)
    header = _header(language)
    head = max(style.height(lines) for lines in header.values()) + 0.28
    sheet = Sheet(
        style.title_block(language, partial(_title, comparison), partial(_subtitle, comparison)),
        style.footer_block(_of(comparison, manifest), max(comparison.replications), language),
        head + sum(band.height for band in bands) + 0.05,
    )
    widest = max(
        band.indent + text_width(line.text, line.size, line.bold) * style.POINT
        for band in bands
        for line in band.lines
    )
    left = MARGIN + min(max(widest, _LABELS[0]), _LABELS[1]) + _GAP
    chance = WIDTH - MARGIN - _DIFFERENCE - _GAP
    _write_header(sheet, header, (left, chance), language)
    _draw(sheet, bands, (left, chance), head, language)
    return sheet.figure


def _of(comparison: Comparison, manifest: Manifest) -> Manifest:
    """The manifest with both scenarios in the place where the footer names one."""
    label = {
        tongue: word("compare.footer", tongue).format(
            scenario=comparison.label[tongue], reference=comparison.reference[tongue]
        )
        for tongue in ("zh", "en")
    }
    return {**manifest, "config": {**manifest["config"], "scenario": {"label": label}}}


def _title(comparison: Comparison, tongue: Tongue) -> str:
    parts = [
        word("compare.title", tongue).format(
            scenario=comparison.label[tongue],
            reference=comparison.reference[tongue],
            total=comparison.total,
            less=len(comparison.changed(LESS)),
            more=len(comparison.changed(MORE)),
        )
    ]
    if comparison.met is not None:
        difference = comparison.met.value_difference
        value, low, high = (signed(limit) for limit in difference.limits)
        parts.append(word("compare.title_met", tongue).format(difference=value, low=low, high=high))
    return word("list.clause", tongue).join(parts)


def _subtitle(comparison: Comparison, tongue: Tongue) -> str:
    notes = [word("compare.subtitle", tongue)]
    if any(row.reading for row in comparison.rows):
        notes.append(word("note.counts", tongue))
    if any(row.kind != "plan" for row in comparison.rows):
        notes.append(word("note.not_plan", tongue))
    return word("list.clause", tongue).join(note.rstrip("。.") for note in notes)


def _bands(comparison: Comparison, manifest: Manifest, language: Language) -> list[_Band]:
    bands = []
    order = group_order(manifest)
    rows = sorted(comparison.single, key=lambda row: order.index(row.group))
    for group, members in groupby(rows, key=lambda row: row.group):
        name = spoken(language, group_label(group, manifest).__getitem__, " · ")
        bands.append(_Band([Line(name, 12.5, bold=True)], heading=True))
        targets = [list(readings) for _, readings in groupby(members, key=lambda r: r.target)]
        for readings in sorted(targets, key=_largest):
            bands += _target_bands(readings, language)
    return bands


def _largest(readings: Sequence[ComparedRow]) -> float:
    """Sorts targets by the change under the reading that counts, the largest first."""
    return -max(abs(row.difference.value) for row in readings if row.counts)


def _target_bands(readings: Sequence[ComparedRow], language: Language) -> list[_Band]:
    """Return one band, or one with the target's name and one for each reading."""
    first = readings[0]
    mark = "" if first.kind == "plan" else " †"
    name = style.bilingual_block(language, lambda t: first.label[t] + mark, _LABELS[1], _SIZE)
    if first.reading is None:
        return [_Band(name, first)]
    ordered = sorted(readings, key=lambda row: not row.counts)
    return [_Band(name), *(_reading_band(row, language) for row in ordered)]


def _reading_band(row: ComparedRow, language: Language) -> _Band:
    label, mark = row.reading or {}, READING_MARKS[row.counts]
    return _Band(
        style.bilingual_block(
            language,
            lambda tongue: f"{mark} {label[tongue]}",
            _LABELS[1] - _INDENT,
            _SIZE - 1,
            colour=style.INK if row.counts else style.MUTED,
        ),
        row,
    )


def _header(language: Language) -> dict[str, list[Line]]:
    return {
        key: style.bilingual_block(language, partial(word, key), 4.0, 10.5, colour=style.MUTED)
        for key in ("compare.chance", "compare.difference")
    }


def _write_header(
    sheet: Sheet,
    header: Mapping[str, list[Line]],
    columns: tuple[float, float],
    language: Language,
) -> None:
    """Write what the columns hold, and above the names what the colours mean."""
    left, chance = columns
    lines = header["compare.chance"]
    sheet.write(left, sheet.top, lines)
    sheet.write(chance, sheet.top, lines, "right")
    sheet.write(WIDTH - MARGIN, sheet.top, header["compare.difference"], "right")
    top = sheet.top
    for tongue in tongues(language):
        x = MARGIN
        for key, change in _KEY:
            line = Line(f"● {word(key, tongue)}", 10.5, colour=COLOURS[change])
            sheet.write(x, top, [line])
            x += text_width(line.text, line.size) * style.POINT + 0.2
        top += line.height


def _draw(
    sheet: Sheet,
    bands: Sequence[_Band],
    columns: tuple[float, float],
    head: float,
    language: Language,
) -> None:
    left, chance = columns
    start, tall = sheet.top + head, sum(band.height for band in bands)
    axes = sheet.axes(left + 0.1, start, chance - _CHANCE - _GAP - left - 0.1, tall)
    _frame(axes, tall, language)
    top = 0.0
    for band in bands:
        middle = top + band.height / 2
        if band.heading:  # nearer to its own targets than to the group above
            middle += _HEADING_SPACE / 4
        sheet.write_centred(MARGIN + band.indent, start + middle, band.lines)
        if band.row is not None:
            _dumbbell(axes, band.row, middle)
            _numbers(sheet, band.row, start + middle, chance, language)
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
        axes.axvline(guide, color=style.GRID, linewidth=0.9, zorder=0)


def _dumbbell(axes: Axes, row: ComparedRow, middle: float) -> None:
    """Draw the ring of the reference and the dot of the scenario; an arrow where there is room."""
    colour = COLOURS[row.change]
    before, after = row.chances
    sure = bool(row.change)
    axes.plot([before, after], [middle, middle], color=colour, linewidth=2.8 if sure else 1.2,
              alpha=0.75 if sure else 0.6, zorder=2, clip_on=False)  # fmt: skip
    axes.plot([before], [middle], marker="o", markersize=9.5, color=colour, zorder=3,
              markerfacecolor="white", markeredgewidth=1.6 if sure else 1.1,
              clip_on=False)  # fmt: skip
    axes.plot([after], [middle], marker="o", markersize=7.5 if sure else 5.5, color=colour,
              markeredgewidth=0.0, zorder=4, clip_on=False)  # fmt: skip


def _numbers(
    sheet: Sheet, row: ComparedRow, middle: float, chance: float, language: Language
) -> None:
    """Write both chances, and their difference with its interval."""
    colour = COLOURS[row.change]
    sure = bool(row.change)
    before, after = (percent_text(p, language) for p in row.chances)
    for x, text in (
        (chance, f"{before} → {after}"),
        (WIDTH - MARGIN, with_limits(points(row.difference))),
    ):
        sheet.write_centred(x, middle, [Line(text, _SIZE, bold=sure, colour=colour)], "right")
