"""Charts of a sweep of one lever: the chance of every target, and how many are met."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.answer.settings import axis_label
from sim.report.budget_sweep import Response, SweepReport
from sim.report.charts import style
from sim.report.charts.budget_grid import grid_chart, grid_pages, joint_pages, joint_title
from sim.report.charts.lever_axis import lever_axis
from sim.report.charts.style import MARGIN, WIDTH, Line, Sheet
from sim.report.numbers import percent_text
from sim.report.results import group_order
from sim.report.subjects import quotable
from sim.report.words import Language, Tongue, in_speech, spoken, word

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Floats = npt.NDArray[np.float64]

STEM = "budget_sweep"
PANELS = 12  # at most on one page
_COLUMNS = 4
_GAP, _ROW_GAP = 0.3, 0.3  # inches between panels
_LEFT = 0.5  # inches inside a panel for the numbers of the axis
_PLOT = {1: 3.2, 2: 2.0, 3: 1.35}  # inches, by number of rows of panels
_SIZE = 11.0
_GUIDES = (0.0, 0.5, 1.0)


@dataclass(frozen=True)
class _Place:
    """A rectangle for a panel: left edge, top edge, width and height of the plot, in inches."""

    left: float
    top: float
    width: float
    plot: float


def write_sweep_charts(folder: Path, language: Language = "both") -> list[Path]:
    """Write the charts of a study folder as PNG and SVG into it and return their paths.

    With one lever: ``budget_sweep_GROUP`` (further pages end in ``_2``, ``_3``) with the chances of
    the targets of each group, and ``budget_sweep_met_count``. With two: ``budget_sweep_grid`` with
    the number of targets met, and ``budget_sweep_targets``. With either ``budget_sweep_joint`` with
    the chances that all targets are met. Charts of an earlier drawing go.
    """
    report = SweepReport.read(folder)
    figures: dict[str, Figure] = {}
    if report.second_key:
        if report.counted() is not None:
            figures["grid"] = grid_chart(report, language)
            figures["joint"] = joint_pages(report, language)
        figures["targets"] = grid_pages(report, language)
    else:
        if report.counted() is not None:
            figures["met_count"] = met_count_chart(report, language)
            figures["joint"] = joint_chart(report, language)
        for group in group_order(report.manifest):
            for number, page in enumerate(sweep_charts(report, group, language), start=1):
                figures[group if number == 1 else f"{group}_{number}"] = page
    for old in (*folder.glob(f"{STEM}_*.png"), *folder.glob(f"{STEM}_*.svg")):
        old.unlink()
    return [
        path
        for name, figure in figures.items()
        for path in style.save(figure, folder / f"{STEM}_{name}", report.manifest)
    ]


# ---------------------------------------------------------------------------------- chances


@style.styled
def sweep_charts(report: SweepReport, group: str, language: Language = "both") -> list[Figure]:
    """Return the pages of one group: a panel for every target shown, the most responsive first."""
    rows = [row for row in report.shown if row.group == group]
    if not rows:
        return []
    pages = math.ceil(len(rows) / PANELS)
    size = math.ceil(len(rows) / pages)
    figures = []
    for page in range(pages):
        title = _title(report, group, rows, (page + 1, pages), language)
        figures.append(_page(report, rows[page * size : (page + 1) * size], title, language))
    return figures


def _title(
    report: SweepReport,
    group: str,
    rows: Sequence[Response],
    page: tuple[int, int],
    language: Language,
) -> list[Line]:
    judged = report.judged(rows)
    moving = [row for row in judged if row.responds]

    def title(tongue: Tongue) -> str:
        text = word("sweep.chart_title" if moving else "sweep.chart_title_none", tongue).format(
            group=report.group_name(group, tongue),
            total=len(judged),
            count=len(moving),
            lever=report.lever(tongue),
            most=quotable(judged[0].label[tongue]),
        )
        number = word("fan.page", tongue).format(page=page[0], pages=page[1])
        return text + (number if page[1] > 1 else "")

    def subtitle(tongue: Tongue) -> str:
        notes = [word("sweep.chart_subtitle", tongue)]
        if any(not row.of_plan for row in rows):
            notes.append(word("note.not_plan", tongue).rstrip("。."))
        return word("list.clause", tongue).join(notes)

    return style.title_block(language, title, subtitle)


def _page(
    report: SweepReport, rows: Sequence[Response], title: list[Line], language: Language
) -> Figure:
    lines = math.ceil(len(rows) / _COLUMNS)
    columns = math.ceil(len(rows) / lines)
    width = (WIDTH - 2 * MARGIN - (_COLUMNS - 1) * _GAP) / max(columns, 3)
    if columns == _COLUMNS:
        width = (WIDTH - 2 * MARGIN - (columns - 1) * _GAP) / columns
    heads = [_chance_header(row, width, language) for row in rows]
    axis = _axis_lines(report, language)
    foot = _tick_space(language)
    tops = [
        max(style.height(head) for head in heads[start : start + columns])
        for start in range(0, len(rows), columns)
    ]
    plot = _PLOT[lines]
    body = sum(tops) + lines * (plot + foot) + (lines - 1) * _ROW_GAP + style.height(axis) + 0.2
    sheet = Sheet(title, _footer(report, language), body)
    top = sheet.top + 0.12
    for line, head in enumerate(tops):
        for column in range(columns):
            number = line * columns + column
            if number == len(rows):
                break
            left = MARGIN + column * (width + _GAP)
            lines_above = heads[number]
            sheet.write(left, top + head - style.height(lines_above), lines_above)
            place = _Place(left + _LEFT, top + head + 0.06, width - _LEFT - 0.1, plot)
            _chance_panel(sheet, report, rows[number], place, language)
        top += head + plot + foot + _ROW_GAP
    sheet.write(MARGIN, top - _ROW_GAP + 0.05, axis)
    return sheet.figure


def _chance_header(row: Response, width: float, language: Language) -> list[Line]:
    """Return the target's name, and its chances at both ends of the sweep."""
    lines = style.bilingual_block(language, row.title.__getitem__, width, _SIZE, bold=True)
    tongue: Tongue = "en" if language == "en" else "zh"
    return [*lines, Line(_chance_change(row, tongue), _SIZE, bold=True, colour=_colour(row))]


def _chance_change(row: Response, tongue: Tongue) -> str:
    """Write the fitted chance at both ends of the sweep."""
    return word("sweep.from_to", tongue).format(
        low=percent_text(row.first, tongue), high=percent_text(row.last, tongue)
    )


def _colour(row: Response) -> str:
    return style.BLUE if row.responds else style.GREY


def _chance_panel(
    sheet: Sheet, report: SweepReport, row: Response, place: _Place, language: Language
) -> None:
    axes = _axes(sheet, report, place, language)
    curve = report.curve(row.target, row.definition)
    x, colour = curve["setting"].to_numpy(), _colour(row)
    low, high = curve["probability_low"].to_numpy(), curve["probability_high"].to_numpy()
    axes.fill_between(x, low, high, color=colour, alpha=0.18, linewidth=0, zorder=2)
    _fit_and_points(axes, x, curve["fitted"].to_numpy(), curve["probability"].to_numpy(), colour)
    axes.set_ylim(-0.04, 1.04)
    tongue: Language = "en" if language == "en" else "zh"
    axes.set_yticks(_GUIDES, [percent_text(guide, tongue) for guide in _GUIDES])


def _fit_and_points(axes: Axes, x: Floats, fitted: Floats, points: Floats, colour: str) -> None:
    axes.plot(x, fitted, color=colour, linewidth=1.8, zorder=3)
    axes.plot(
        x, points, linestyle="none", marker="o", markersize=4.5, color=colour,
        markeredgecolor="white", markeredgewidth=0.7, zorder=4, clip_on=False,
    )  # fmt: skip


def _axes(sheet: Sheet, report: SweepReport, place: _Place, language: Language) -> Axes:
    """Return axes along the lever with a light grid."""
    axes = sheet.axes(place.left, place.top, place.width, place.plot)
    base = None if report.base is None else report.base[0]
    lever_axis(axes, report.key, report.settings, base, language)
    axes.grid(axis="y", color=style.GRID, linewidth=0.6, zorder=0)
    axes.set_axisbelow(True)
    return axes


def _axis_lines(report: SweepReport, language: Language) -> list[Line]:
    """Return what the horizontal axes show, for below the last row of panels."""
    text = spoken(language, in_speech(partial(axis_label, report.key, report.config)), " / ")
    return style.block(text, WIDTH - 2 * MARGIN, 10.5, colour=style.MUTED)


def _tick_space(language: Language) -> float:
    return 0.42 if language == "both" else 0.25


def _footer(report: SweepReport, language: Language) -> list[Line]:
    return style.footer_block(report.manifest, report.replications, language)


# ---------------------------------------------------------------------------------- together


@style.styled
def met_count_chart(report: SweepReport, language: Language = "both") -> Figure:
    """Return how many targets are met: all of them on the left, every group on the right."""

    def change(row: Response, tongue: Tongue) -> str:
        means = report.curve(row.target)["mean"]
        return word("sweep.from_to", tongue).format(
            low=f"{means.iloc[0]:.1f}", high=f"{means.iloc[-1]:.1f}"
        )

    everything = _present(report.counted())
    title = _met_title(report, everything, language)
    return _overview(report, report.counted, title, change, _count_panel, language)


@style.styled
def joint_chart(report: SweepReport, language: Language = "both") -> Figure:
    """Return the chance that all targets are met together: of all groups, and of every group."""
    title = style.title_block(
        language, partial(joint_title, report), partial(word, "sweep.joint_subtitle")
    )
    return _overview(report, report.joint, title, _chance_change, _chance_panel, language)


def _present(row: Response | None) -> Response:
    if row is None:
        raise ValueError("no target of the plan is modelled")
    return row


def _overview(
    report: SweepReport,
    row_of: Callable[[str], Response | None],
    title: list[Line],
    change: Callable[[Response, Tongue], str],
    panel: Callable[[Sheet, SweepReport, Response, _Place, Language], None],
    language: Language,
) -> Figure:
    """Return a large panel of all targets, and a small one of every group on its right.

    ``row_of`` gives the row of a group, or of all of them; ``change`` writes what happens to it
    from one end of the sweep to the other; ``panel`` draws it.
    """
    everything = _present(row_of(""))
    groups = [row for group in group_order(report.manifest) if (row := row_of(group)) is not None]
    columns = 2 if len(groups) <= 4 else 3
    lines = math.ceil(len(groups) / columns)
    large = 5.0
    small = (WIDTH - 2 * MARGIN - large - columns * _GAP) / columns
    heads = {
        row.target: _group_header(
            report, row, change, large if row is everything else small, language
        )
        for row in (everything, *groups)
    }
    head = max(style.height(lines_above) for lines_above in heads.values())
    foot, axis = _tick_space(language), _axis_lines(report, language)
    plot = max(1.5, 3.6 / lines - 0.4)
    tall = lines * (head + 0.06 + plot + foot) + (lines - 1) * _ROW_GAP
    sheet = Sheet(title, _footer(report, language), tall + style.height(axis) + 0.2)
    top = sheet.top + 0.12
    above = heads[everything.target]
    sheet.write(MARGIN, top + head - style.height(above), above)
    whole = _Place(
        MARGIN + _LEFT, top + head + 0.06, large - _LEFT - 0.1, tall - head - 0.06 - foot
    )
    panel(sheet, report, everything, whole, language)
    for number, row in enumerate(groups):
        line, column = divmod(number, columns)
        left = MARGIN + large + _GAP + column * (small + _GAP)
        start = top + line * (head + 0.06 + plot + foot + _ROW_GAP)
        sheet.write(left, start + head - style.height(heads[row.target]), heads[row.target])
        place = _Place(left + _LEFT, start + head + 0.06, small - _LEFT - 0.1, plot)
        panel(sheet, report, row, place, language)
    sheet.write(MARGIN, top + tall + 0.05, axis)
    return sheet.figure


def _met_title(report: SweepReport, counted: Response, language: Language) -> list[Line]:
    curve = report.curve("met_count")["mean"]

    def title(tongue: Tongue) -> str:
        flat = ""
        if counted.responds and counted.most_reached_at < report.settings[-1]:
            at = report.setting(counted.most_reached_at, tongue)
            flat = word("sweep.met_title_flat", tongue).format(setting=at)
        return word("sweep.met_title", tongue).format(
            lever=report.lever(tongue),
            first=report.setting(report.settings[0], tongue),
            last=report.setting(report.settings[-1], tongue),
            low=f"{curve.iloc[0]:.1f}",
            high=f"{curve.iloc[-1]:.1f}",
            total=len(report.deciding),
            flat=flat,
        )

    return style.title_block(language, title, partial(word, "sweep.met_subtitle"))


def _group_header(
    report: SweepReport,
    row: Response,
    change: Callable[[Response, Tongue], str],
    width: float,
    language: Language,
) -> list[Line]:
    """Return which targets a panel is about, how many these are, and how it changes."""
    lines = style.bilingual_block(
        language, partial(report.group_text, row.group), width, _SIZE, bold=True
    )
    tongue: Tongue = "en" if language == "en" else "zh"
    return [*lines, Line(change(row, tongue), _SIZE, bold=True, colour=_colour(row))]


def _count_panel(
    sheet: Sheet, report: SweepReport, row: Response, place: _Place, language: Language
) -> None:
    from matplotlib.ticker import MaxNLocator

    axes = _axes(sheet, report, place, language)
    curve = report.curve(row.target)
    x, colour = curve["setting"].to_numpy(), _colour(row)
    low, high = curve["p05"].to_numpy(), curve["p95"].to_numpy()
    axes.fill_between(x, low, high, color=colour, alpha=0.18, linewidth=0, zorder=2)
    _fit_and_points(axes, x, curve["fitted"].to_numpy(), curve["mean"].to_numpy(), colour)
    total = report.total(row.group)
    axes.set_ylim(-0.03 * total, 1.03 * total)
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
