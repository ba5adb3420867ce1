"""The chart of delays: where project time goes, and why units are missing at the deadline."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from sim.page.font import text_width
from sim.report.charts import stages, style
from sim.report.charts.delay_rows import (
    SAFE,
    SMALL,
    DelayRow,
    DelayRows,
    delay_rows,
    grouped,
    mean_delays,
)
from sim.report.charts.reasons import INVISIBLE, Reason, draw_reasons, list_height, list_reasons
from sim.report.charts.style import MARGIN, WIDTH, Line, Sheet
from sim.report.numbers import amount_text, percent_text, share_text
from sim.report.results import Label, Manifest, finished_replications
from sim.report.words import STAGES, Language, Tongue, phrase, spoken, tongues, word

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SIZE, _NUMBER = 10.5, 10.0  # points
_TITLE = 19.0  # points; as in style.title_block
_SPACE, _BAR = 0.115, 0.1  # inches between rows, and half a bar's height
_GAP, _NEAR = 0.13, 0.08  # inches between columns, and between a number and its bar
_LABELS = 2.5  # widest column of names, in inches
_TIME, _WHY = 1.9, 1.3  # inches of the bars of time and of reasons
_HEAD = 0.16  # inches above a block's heading


@dataclass(frozen=True)
class _Strip:
    """A row with everything that is written in it."""

    row: DelayRow
    name: list[Line]
    amount: list[Line]
    shares: list[tuple[str, float]]
    reasons: list[Reason]

    @property
    def height(self) -> float:
        """Height in inches, the space to the next row included."""
        blocks = (style.height(self.name), style.height(self.amount), list_height(self.reasons))
        return max(*blocks, 2 * _BAR) + _SPACE


@dataclass(frozen=True)
class _Columns:
    """Where the columns of a block stand, in inches from the left.

    ``days`` and ``amount`` are the right edges of numbers, the others left edges; the bars of time
    are missing (None) in a block without projects.
    """

    days: float
    time: float | None
    amount: float
    why: float
    reasons: float


@dataclass(frozen=True)
class _Block:
    """The rows under one heading (a key of the catalogue)."""

    heading: str
    columns: _Columns
    strips: list[_Strip]


@style.styled
def delay_chart(
    attainment: pd.DataFrame, delays: pd.DataFrame, manifest: Manifest, language: Language = "both"
) -> Figure:
    """Return the chart of delays: days lost by stage, usual building time, and missing units.

    Programmes come first, those that lost most days on top, then targets that are not built as
    projects. Stages of projects have colours of their own, explained by a key; the reasons of a bar
    are named beside it. Targets as good as met are named below. Raise ValueError if ``delays`` has
    neither days nor missing units, and KeyError for a stage without a word.
    """
    replications = finished_replications(attainment)
    if not replications or not delays[["project_days", "missing"]].to_numpy().any():
        raise ValueError("delays.parquet has no delay to draw")
    means = mean_delays(delays, replications)
    rows = delay_rows(means, attainment, manifest)
    blocks = _blocks(rows, language)
    key = stages.stage_key(_visible(rows.projects), language)
    notes = _notes(rows.safe, language)
    body = stages.key_height(key) + style.height(notes) + 0.2
    body += sum(_heading_height(language) + sum(s.height for s in b.strips) for b in blocks)
    footer = style.footer_block(manifest, replications, language)
    sheet = Sheet(_title([*rows.projects, *rows.others], language), footer, body)
    stages.draw_key(sheet, key, sheet.top)
    top = sheet.top + stages.key_height(key)
    for block in blocks:
        top = _draw_block(sheet, block, top, language)
    sheet.write(MARGIN, top + 0.12, notes)
    return sheet.figure


def _visible(projects: Sequence[DelayRow]) -> set[str]:
    """Return the stages and limits that can be seen in the bars of programmes."""
    parts = [grouped(row.missing) for row in projects if row.missing]
    parts += [list(_shares(row.days)) for row in projects if row.days]
    return {stage for part in parts for stage, share in part if share >= INVISIBLE}


def _shares(amounts: Mapping[str, float]) -> list[tuple[str, float]]:
    """Return amounts as shares of their sum."""
    total = sum(amounts.values())
    return [(stage, amount / total) for stage, amount in amounts.items()]


def _blocks(delays: DelayRows, language: Language) -> list[_Block]:
    """Return the blocks that have rows; columns of text are as wide as they must be."""
    projects, others = delays.projects, delays.others

    def widest(
        rows: Sequence[DelayRow], lines: Callable[[DelayRow, Language], list[Line]]
    ) -> float:
        said = [line for row in rows for line in lines(row, language)]
        widths = (text_width(line.text, line.size, line.bold) for line in said)
        return max(widths, default=0.0) * style.POINT

    names = MARGIN + widest([*projects, *others], _name) + _GAP
    days = names + widest(projects, _days)
    time = days + _NEAR
    amount = time + _TIME + 2 * _GAP + widest(projects, _amount)
    reasons = amount + _NEAR + _WHY + _GAP
    blocks = []
    for heading, rows in (("delays.projects", projects), ("delays.others", others)):
        if any(row.days for row in rows):
            columns = _Columns(days, time, amount, amount + _NEAR, reasons)
        else:  # the bars of reasons have the place of those of time as well
            near = names + widest(rows, _amount)
            columns = _Columns(days, None, near, near + _NEAR, reasons)
        if rows:
            strips = [_strip(row, columns, language) for row in rows]
            blocks.append(_Block(heading, columns, strips))
    return blocks


def _name(row: DelayRow, language: Language) -> list[Line]:
    return style.bilingual_block(language, row.label.__getitem__, _LABELS, _SIZE)


def _days(row: DelayRow, language: Language) -> list[Line]:
    total = sum(row.days.values())
    return [Line(spoken(language, partial(amount_text, total)), _NUMBER)] if total else []


def _amount(row: DelayRow, language: Language) -> list[Line]:
    if not row.missing:
        return []
    return style.bilingual_block(language, row.amount, 5.0, _NUMBER, bold=True)


def _strip(row: DelayRow, columns: _Columns, language: Language) -> _Strip:
    shares = grouped(row.missing) if row.missing else []
    reasons = list_reasons(shares, WIDTH - MARGIN - columns.reasons, language)
    return _Strip(row, _name(row, language), _amount(row, language), shares, reasons)


def _title(rows: Sequence[DelayRow], language: Language) -> list[Line]:
    """Say which stage cost most days, and which reason is most often the largest.

    The building time that projects take anyway is no delay, and missing units of different targets
    have no sum: what is counted of them is targets.
    """
    days: Counter[str] = Counter()
    for row in rows:
        days.update(row.lost)
    largest = Counter(_largest(row.missing) for row in rows if row.missing)

    def title(tongue: Tongue) -> str:
        parts = []
        if days:
            stage = _largest(days)
            share = share_text(round(days[stage] / days.total(), 2), tongue)
            name = word(f"stage.{stage}", tongue)
            parts.append(word("delays.title_days", tongue).format(stage=name, share=share))
        if largest:
            stage = _largest(largest)
            name = word(f"stage.{stage}", tongue)
            parts.append(
                word("delays.title_missing", tongue).format(
                    stage=name, count=largest[stage], total=largest.total()
                )
            )
        clause = word("list.clause", tongue)
        text = clause.join(parts)
        # Two statements that do not fit on one line get a line each, not a last word of their own.
        fits = len(style.wrapped(text, WIDTH - 2 * MARGIN, _TITLE, bold=True)) == 1
        return text if fits else f"{clause.rstrip()}\n".join(parts)

    def subtitle(tongue: Tongue) -> str:
        return word("delays.subtitle", tongue).format(small=share_text(SMALL, tongue))

    return style.title_block(language, title, subtitle)


def _largest(amounts: Mapping[str, float]) -> str:
    """Return the stage with the largest amount, the earlier one if two are equal."""
    return max((stage for stage in STAGES if stage in amounts), key=lambda stage: amounts[stage])


def _notes(safe: Sequence[Label], language: Language) -> list[Line]:
    """Say what is counted, and which targets have no row because they are as good as met."""

    def note(tongue: Tongue) -> str:
        counted = word("delays.note_counted", tongue)
        if not safe:
            return counted
        listed = word("list.separator", tongue).join(label[tongue] for label in safe)
        chance = share_text(SAFE, tongue)
        left_out = word("delays.note_safe", tongue).format(chance=chance, list=listed)
        return counted + ("" if tongue == "zh" else " ") + left_out

    return style.bilingual_block(language, note, WIDTH - 2 * MARGIN, _SIZE, colour=style.MUTED)


def _heading(key: str, language: Language, bold: bool = False) -> list[Line]:
    size = _SIZE + 0.5 if bold else _SIZE - 0.5
    colour = style.INK if bold else style.MUTED
    return style.bilingual_block(language, partial(word, key), 6.0, size, bold=bold, colour=colour)


def _heading_height(language: Language) -> float:
    return _HEAD + style.height(_heading("delays.projects", language, bold=True)) + 0.08


def _draw_block(sheet: Sheet, block: _Block, top: float, language: Language) -> float:
    """Draw the rows of a block under their heading; return where they end, in inches."""
    columns = block.columns
    sheet.write(MARGIN, top + _HEAD, _heading(block.heading, language, bold=True))
    sheet.write(columns.why, top + _HEAD, _heading("delays.missing", language))
    if columns.time is not None:
        sheet.write(columns.time, top + _HEAD, _heading("delays.days", language))
    top += _heading_height(language)
    tall = sum(strip.height for strip in block.strips)
    why = _bars(sheet, columns.why, top, columns.reasons - _GAP - columns.why, tall)
    time = None if columns.time is None else _bars(sheet, columns.time, top, _TIME, tall)
    for strip in block.strips:
        middle = top + strip.height / 2
        sheet.write_centred(MARGIN, middle, strip.name)
        if time is not None and columns.time is not None:
            sheet.write_centred(columns.days, middle, _days(strip.row, language), "right")
            _draw_time(sheet, time, strip.row, columns.time, middle, language)
        if strip.shares:
            sheet.write_centred(columns.amount, middle, strip.amount, "right")
            chosen = stages.draw_bar(why, strip.shares, middle, _BAR)
            draw_reasons(sheet, strip.reasons, chosen, columns.reasons, middle)
        else:
            sheet.write_centred(columns.why, middle, _nothing_missing(strip.row, language))
        top += strip.height
    return top


def _bars(sheet: Sheet, left: float, top: float, width: float, tall: float) -> Axes:
    """Return axes for bars of length one; heights are inches on the sheet."""
    axes = sheet.axes(left, top, width, tall)
    axes.set_xlim(0.0, 1.0)
    axes.set_ylim(top + tall, top)
    axes.axis("off")
    return axes


def _draw_time(
    sheet: Sheet, axes: Axes, row: DelayRow, left: float, middle: float, language: Language
) -> None:
    """Draw the days lost by stage, and the usual building time, as shares of the project days."""
    if not row.days:
        line = Line(phrase("delays.no_projects", language, " / "), _NUMBER, colour=style.FAINT)
        sheet.write_centred(left, middle, [line])
        return
    shares = _shares(row.days)
    chosen = stages.draw_bar(axes, shares, middle, _BAR)
    for stage, share in shares:
        text = share_text(round(share, 2), tongues(language)[0])
        if text_width(text, 9.0) * style.POINT < _TIME * share - 0.08:
            line = Line(text, 9.0, colour=chosen[stage].ink)
            sheet.write_centred(left + _TIME * share / 2, middle, [line], "center")
        left += _TIME * share


def _nothing_missing(row: DelayRow, language: Language) -> list[Line]:
    """Say why a programme has no missing units to show."""

    def text(tongue: Tongue) -> str:
        if row.counted_below:
            return word("delays.counted_below", tongue)
        if math.isnan(row.chance):
            return word("delays.none_missing", tongue)
        return word("delays.met", tongue).format(chance=percent_text(row.chance, tongue))

    lines = style.bilingual_block(language, text, 6.0, _NUMBER)
    return [replace(line, colour=style.FAINT) for line in lines]
