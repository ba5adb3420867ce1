"""Timelines: the projects of a place over time, each as a bar of what it was at or waited for."""

from __future__ import annotations

import datetime as dt

from sim.answer.blocks import Spoken
from sim.answer.figures import Key, Role, Stamp, Timeline
from sim.page.picture.colours import FAINT, INK, MUTED, PAPER, Fill, fills
from sim.page.picture.rows import Column, Item, Table
from sim.page.picture.scale import Calendar, Scale
from sim.page.picture.sheet import (
    Area,
    Box,
    Frame,
    Line,
    Sheet,
    Spot,
    Stroke,
    Text,
    rectangle,
)
from sim.words import Speech

_HALF = 0.085  # inches: half a bar's height
_PLOT = 6.0  # least width of the bars in inches


def draw_timeline(figure: Timeline, stamp: Stamp, speech: Speech) -> list[Sheet]:
    """A row a project: its stages along the years, a mark where it opened."""
    say = speech.text
    kinds: dict[tuple[str, Role, bool], Spoken] = {
        (say(span.name), span.role, span.hatched): span.name
        for row in figure.rows
        for span in row.spans
    }
    fill = fills([(kind, kind[1], kind[2]) for kind in kinds])
    key: list[tuple[Fill, Spoken]] = [(fill[kind], name) for kind, name in kinds.items()]
    opened = figure.opened is not None and any(row.done is not None for row in figure.rows)
    mark = [Key("reference", figure.opened, "diamond")] if opened else []
    frame = Frame(figure, stamp, speech, mark, key)
    columns = [] if figure.text is None else [Column(figure.text)]
    items = [
        Item(
            row.name,
            row.group,
            cells=[row.text] * len(columns),
            looks=((INK, False),) * len(columns),
            least=2 * _HALF + 0.02,
        )
        for row in figure.rows
    ]
    table = Table(frame, items, columns, _PLOT, 0.1)
    days = Calendar(figure.start, figure.end, *table.place.plot)

    def draw(sheet: Sheet, scale: Scale, number: int, y: float) -> None:
        del scale
        row = figure.rows[number]
        for i, span in enumerate(row.spans):
            box = Box(days(span.start), y - _HALF, days(span.end), y + _HALF)
            own = fill[say(span.name), span.role, span.hatched]
            sheet.put(Area(f"row{number}.span{i}", rectangle(box), own.colour, 1.0, own.hatch))
        if row.done is not None:
            x = days(row.done)
            sheet.put(Spot(f"row{number}.done", x, y, INK, PAPER, 9.0, "diamond"))

    def above(sheet: Sheet, bottom: float) -> float:
        line = Line("").height
        for year, x in days.years():
            name = Line(str(year), colour=MUTED)
            sheet.put(Text(f"year{year}", x, bottom - line / 2.0, name, "center"))
        return line

    sheets = table.sheets(None, [0.0, 1.0], draw, above)
    for sheet in sheets:
        _years(sheet, days, figure.start)
    return sheets


def _years(sheet: Sheet, days: Calendar, start: dt.date) -> None:
    """Draw where years begin, behind everything else."""
    rows = [mark for mark in sheet.marks if isinstance(mark, Area) and ".span" in mark.name]
    if not rows:
        return
    top = min(y for mark in rows for _, y in mark.points) - 0.08
    bottom = max(y for mark in rows for _, y in mark.points) + 0.08
    lines = [
        Stroke(f"begin{day.year}", ((days(day), top), (days(day), bottom)), FAINT, 0.8)
        for day in days.begins()
        if day > start
    ]
    sheet.marks[:0] = lines
