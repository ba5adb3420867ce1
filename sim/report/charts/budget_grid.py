"""Charts of a sweep of two levers: heat maps of targets met, and of the chances of targets."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from sim.answer.settings import axis_label, setting_number, setting_text
from sim.page.font import text_width
from sim.report.budget_sweep import Response, SweepReport
from sim.report.charts import style
from sim.report.charts.style import MARGIN, WIDTH, Line, Sheet
from sim.report.numbers import percent_text
from sim.report.results import Label, group_order
from sim.report.subjects import quotable
from sim.report.words import Language, Tongue, in_speech, spoken, word
from sim.words import Speech

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PANELS = 12  # at most on the page of targets
_COLUMNS = 4
_GAP, _ROW_GAP = 0.3, 0.3  # inches between panels
_CELL = (0.62, 0.34)  # largest width of a cell's text, and height of a cell, on the page of targets
_DARK = 0.62  # share of the colour scale from which numbers are written in white
_MAP = "Blues"


@style.styled
def grid_chart(report: SweepReport, language: Language = "both") -> Figure:
    """Return the mean number of targets met at every pair of settings."""
    points = report.curve("met_count")
    best = max(report.points(), key=lambda point: point.mean)

    def title(tongue: Tongue) -> str:
        return word("sweep.grid_title", tongue).format(
            low=f"{points['mean'].min():.1f}",
            high=f"{points['mean'].max():.1f}",
            total=len(report.deciding),
            first=report.lever(tongue),
            second=report.second_lever(tongue),
            first_at=report.setting(best.setting, tongue),
            second_at=setting_text(report.second_key, best.second_setting, Speech(tongue)),
        )

    labels = _second_labels(report, language)
    left = MARGIN + _widest(labels, 10.5) + 0.15
    names = [_axis(report, key, language) for key in (report.second_key, report.key)]
    foot = 0.55 if language == "both" else 0.35
    tall = max(2.4, 0.62 * len(report.second_settings))
    sheet = Sheet(
        style.title_block(language, title, partial(word, "sweep.grid_subtitle")),
        style.footer_block(report.manifest, report.replications, language),
        sum(style.height(lines) for lines in names) + tall + foot + 0.3,
    )
    top = sheet.top + 0.12
    sheet.write(MARGIN, top, names[0])
    top += style.height(names[0]) + 0.06
    axes = sheet.axes(left, top, WIDTH - MARGIN - left, tall)
    low, high = float(points["mean"].min()), float(points["mean"].max())
    _cells(axes, report, points, "mean", (low, high), lambda mean: f"{mean:.1f}", 13)
    _ticks(axes, report, language, 10.5)
    sheet.write(left, top + tall + foot, names[1])
    return sheet.figure


@style.styled
def grid_pages(report: SweepReport, language: Language = "both") -> Figure:
    """Return small heat maps of the chances of the targets shown that change most."""
    shown = sorted(report.shown, key=lambda row: (not row.responds, -row.change))
    rows, judged = shown[:PANELS], report.judged(shown)
    moving = [row for row in judged if row.responds]

    def title(tongue: Tongue) -> str:
        key = "sweep.pages_title" if moving else "sweep.pages_title_none"
        return word(key, tongue).format(
            total=len(judged),
            count=len(moving),
            most=quotable(judged[0].label[tongue]),
        )

    def subtitle(tongue: Tongue) -> str:
        notes = [word("sweep.pages_subtitle", tongue).format(shown=len(rows))]
        if any(not row.of_plan for row in rows):
            notes.append(word("note.not_plan", tongue).rstrip("。."))
        return word("list.clause", tongue).join(notes)

    names = [row.title for row in rows]
    return _maps(report, rows, names, _titled(report, title, subtitle, language), language)


@style.styled
def joint_pages(report: SweepReport, language: Language = "both") -> Figure:
    """Return small heat maps of the chances that all targets are met: of all, and by group."""
    groups = ["", *group_order(report.manifest)]
    rows = [row for group in groups if (row := report.joint(group)) is not None]
    names: list[Label] = [
        {"zh": report.group_text(row.group, "zh"), "en": report.group_text(row.group, "en")}
        for row in rows
    ]
    subtitle = partial(word, "sweep.joint_grid_subtitle")
    block = _titled(report, partial(joint_title, report), subtitle, language)
    return _maps(report, rows, names, block, language)


def joint_title(report: SweepReport, tongue: Tongue) -> str:
    """Write what the sweep does to the chance that all targets are met, and to that of a group."""
    everything = report.joint()
    if everything is None:
        raise ValueError("no target of the plan is modelled")
    ends = (everything.first, everything.last)
    if report.second_key:
        ends = (everything.lowest, everything.highest)
    low, high = (percent_text(end, tongue) for end in ends)
    key = "sweep.joint_grid_title" if report.second_key else "sweep.joint_title"
    return word(f"{key}_same" if low == high else key, tongue).format(
        lever=report.lever(tongue),
        first=report.setting(report.settings[0], tongue),
        last=report.setting(report.settings[-1], tongue),
        total=report.total(),
        low=low,
        high=high,
        most=_most(report, tongue),
    )


def _most(report: SweepReport, tongue: Tongue) -> str:
    """Write which group's joint chance changes most; nothing if none responds."""
    rows = [row for group in group_order(report.manifest) if (row := report.joint(group))]
    moving = [row for row in rows if row.responds]
    if not moving:
        return ""
    most = max(moving, key=lambda row: row.change)
    ends = (most.lowest, most.highest) if report.second_key else (most.first, most.last)
    low, high = (percent_text(end, tongue) for end in ends)
    group = report.group_name(most.group, tongue)
    return word("sweep.joint_most", tongue).format(group=group, low=low, high=high)


def _titled(
    report: SweepReport,
    title: Callable[[Tongue], str],
    subtitle: Callable[[Tongue], str],
    language: Language,
) -> list[Line]:
    """Return a title whose second line begins with what is across and what is down."""

    def with_axes(tongue: Tongue) -> str:
        axes = " × ".join(
            axis_label(key, report.config, Speech(tongue))
            for key in (report.key, report.second_key)
        )
        return word("list.clause", tongue).join([axes, subtitle(tongue)])

    return style.title_block(language, title, with_axes)


def _maps(
    report: SweepReport,
    rows: Sequence[Response],
    names: Sequence[Label],
    title: list[Line],
    language: Language,
) -> Figure:
    """Return a small heat map of the chance of each of ``rows`` under its name."""
    columns = min(_COLUMNS, max(2, len(rows)))
    width = (WIDTH - 2 * MARGIN - (columns - 1) * _GAP) / columns
    labels = _second_labels(report, language)
    inner = _widest(labels, 9) + 0.12
    heads = [
        style.bilingual_block(language, name.__getitem__, width, 10.5, bold=True) for name in names
    ]
    lines = math.ceil(len(rows) / columns)
    tops = [
        max(style.height(head) for head in heads[i * columns : (i + 1) * columns])
        for i in range(lines)
    ]
    tall = _CELL[1] * len(report.second_settings)
    foot = 0.42 if language == "both" else 0.25
    body = sum(tops) + lines * (tall + foot + 0.06) + (lines - 1) * _ROW_GAP + 0.15
    footer = style.footer_block(report.manifest, report.replications, language)
    sheet = Sheet(title, footer, body)
    top = sheet.top + 0.12
    for number, row in enumerate(rows):
        line, column = divmod(number, columns)
        if number and not column:
            top += tops[line - 1] + tall + foot + 0.06 + _ROW_GAP
        left = MARGIN + column * (width + _GAP)
        sheet.write(left, top + tops[line] - style.height(heads[number]), heads[number])
        axes = sheet.axes(left + inner, top + tops[line] + 0.06, width - inner, tall)
        _target_cells(axes, report, row)
        _ticks(axes, report, language, 9)
    return sheet.figure


def _target_cells(axes: Axes, report: SweepReport, row: Response) -> None:
    points = report.curve(row.target, row.definition)
    _cells(axes, report, points, "probability", (0.0, 1.0), lambda p: f"{100.0 * p:.0f}", 9.5)


def _cells(
    axes: Axes,
    report: SweepReport,
    points: pd.DataFrame,
    column: str,
    limits: tuple[float, float],
    text: Callable[[float], str],
    size: float,
) -> None:
    """Draw one cell for each point with its number; the smallest second setting is lowest."""
    from matplotlib.patches import Rectangle

    values = points.pivot(index="second_setting", columns="setting", values=column).to_numpy()
    low, high = limits
    reach = (high - low) or 1.0
    axes.imshow(
        values, cmap=_MAP, vmin=low - 0.08 * reach, vmax=high + 0.25 * reach,
        aspect="auto", origin="lower",
    )  # fmt: skip
    for (i, j), value in np.ndenumerate(values):
        dark = (value - low) / reach > _DARK
        colour = "white" if dark else style.INK
        axes.text(j, i, text(value), ha="center", va="center", fontsize=size, color=colour)
        if report.base == (report.settings[j], report.second_settings[i]):
            axes.add_patch(
                Rectangle((j - 0.5, i - 0.5), 1, 1, fill=False, edgecolor=style.INK,
                          linewidth=2.2, zorder=3, clip_on=False)
            )  # fmt: skip


def _ticks(axes: Axes, report: SweepReport, language: Language, size: float) -> None:
    firsts = [
        spoken(language, in_speech(partial(setting_number, report.key, setting)))
        for setting in report.settings
    ]
    axes.set_xticks(range(len(firsts)), firsts, fontsize=size)
    seconds = _second_labels(report, language)
    axes.set_yticks(range(len(seconds)), seconds, fontsize=size)
    axes.tick_params(length=0, pad=4)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _second_labels(report: SweepReport, language: Language) -> list[str]:
    return [
        spoken(language, in_speech(partial(setting_number, report.second_key, setting)))
        for setting in report.second_settings
    ]


def _widest(labels: list[str], size: float) -> float:
    """Width in inches of the widest line of some labels."""
    lines = [line for label in labels for line in label.split("\n")]
    return max(text_width(line, size) for line in lines) * style.POINT


def _axis(report: SweepReport, key: str, language: Language) -> list[Line]:
    text = spoken(language, in_speech(partial(axis_label, key, report.config)), " / ")
    return style.block(text, WIDTH - 2 * MARGIN, 10.5, colour=style.MUTED)
