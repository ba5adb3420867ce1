"""Stacks: bars of parts that sum, each part named beside its bar or above all of them."""

from __future__ import annotations

from collections.abc import Sequence

from sim.answer.blocks import Spoken
from sim.answer.figures import Axis, Bar, Part, Stack, Stamp
from sim.page.picture.colours import INK, LOOKS, MUTED, PAPER, Fill, fills, ink_on
from sim.page.picture.rows import Column, Item, Table
from sim.page.picture.scale import Scale
from sim.page.picture.sheet import (
    Area,
    Box,
    Flow,
    Frame,
    Line,
    Sheet,
    Stroke,
    Text,
    block,
    rectangle,
)
from sim.words import Said, Speech

INVISIBLE = 0.005
"""Parts below this share are too thin to be seen, and are not named."""

_HALF = 0.11  # inches: half a bar's height
_BESIDE = 0.34  # share of the plot that bars take where their parts are named beside them
_GAP = 0.2  # inches between a bar and the names of its parts
_PLOT = 5.0  # least width of bars and names in inches
_LOOSE = 0.16
_TOO_THIN = Fill(LOOKS["rest"].colour)


def draw_stack(figure: Stack, stamp: Stamp, speech: Speech) -> list[Sheet]:
    """Bars from the left; in a stack of shares each is its own whole."""
    shown = [(part.name, part.role, part.hatched) for row in figure.rows for part in row.parts
             if _visible(part, row)]  # fmt: skip
    names = {_known(name, role, hatched, speech): name for name, role, hatched in shown}
    common = fills([(_known(*part, speech), part[1], part[2]) for part in shown])
    key: list[tuple[Fill, Spoken]] = []
    if not figure.beside:
        key = [(common[known], name) for known, name in names.items()]
    frame = Frame(figure, stamp, speech, fills=key)
    columns = [Column(figure.total, before=True)]
    sums = [sum(part.amount for part in row.parts) for row in figure.rows]
    left, right = Table(frame, _items(figure), columns, _PLOT).place.plot
    middle = left + _BESIDE * (right - left) if figure.beside else right
    lists: list[list[Flow]] = []
    if figure.beside:  # names may need more lines than the name of their row
        lists = [_beside(frame, row, right - middle - _GAP, speech) for row in figure.rows]
    table = Table(frame, _items(figure, lists), columns, _PLOT, _LOOSE)
    axis = None if figure.shares or figure.beside else Axis(figure.parts, ends=(0.0, None))

    def draw(sheet: Sheet, scale: Scale, number: int, y: float) -> None:
        row, total = figure.rows[number], sums[number]
        if total <= 0.0:
            return
        own = common
        if figure.beside:  # only those of one bar have to be told apart
            parts = [part for part in row.parts if _visible(part, row)]
            own = fills([(_known(p.name, p.role, p.hatched, speech), p.role, p.hatched)
                         for p in parts])  # fmt: skip
        whole = total if figure.shares else max(sums)
        place = left
        for i, part in enumerate(row.parts):
            if part.amount <= 0.0:
                continue
            length = (middle - left) * part.amount / whole
            if axis is not None:
                length = scale(part.amount) - scale(0.0)
            fill = own.get(_known(part.name, part.role, part.hatched, speech), _TOO_THIN)
            box = Box(place, y - _HALF, place + length, y + _HALF)
            name = f"row{number}.part{i}"
            sheet.put(Area(name, rectangle(box), fill.colour, 1.0, fill.hatch))
            # A gap between parts, for a grey copy.
            edge = ((box.right, box.top), (box.right, box.bottom))
            sheet.put(Stroke(f"{name}.edge", edge, PAPER, 1.2))
            if figure.shares and fill.hatch is None:
                line = Line(_percent(part.amount / total, speech), colour=ink_on(fill.colour))
                if line.width < length - 0.06:
                    sheet.put(Text(f"{name}.share", place + length / 2.0, y, line, "center"))
            place += length
        if figure.beside:
            height = len(lists[number]) * Line("").height
            start = middle + _GAP
            frame.write_flow(sheet, f"row{number}.beside", start, y - height / 2, lists[number])

    def above(sheet: Sheet, bottom: float) -> float:
        lines = block(speech.text(figure.parts), right - left, colour=MUTED, most=2)
        sheet.write("parts", left, bottom - len(lines) * Line("").height, lines)
        return len(lines) * Line("").height

    if axis is not None:
        return table.sheets(axis, [0.0, *sums], draw)
    return table.sheets(None, [0.0, 1.0], draw, above)


def _items(figure: Stack, lists: Sequence[Sequence[Flow]] = ()) -> list[Item]:
    return [
        Item(
            row.name,
            row.group,
            cells=(row.total,),
            looks=((INK, False),),
            note=row.note if sum(part.amount for part in row.parts) <= 0.0 else None,
            least=max(len(lists[i]) * Line("").height if lists else 0.0, 2 * _HALF + 0.02),
        )
        for i, row in enumerate(figure.rows)
    ]


def _visible(part: Part, row: Bar) -> bool:
    return part.amount > 0.0 and part.amount >= INVISIBLE * sum(p.amount for p in row.parts)


def _known(name: Spoken, role: str, hatched: bool, speech: Speech) -> tuple[str, str, bool]:
    """What tells a part from others: labels are no keys of a mapping."""
    return speech.text(name), role, hatched


def _beside(frame: Frame, row: Bar, width: float, speech: Speech) -> list[Flow]:
    """The names and shares of a bar's parts, in lines."""
    parts = [part for part in row.parts if _visible(part, row)]
    total = sum(part.amount for part in row.parts)
    own = fills([(_known(p.name, p.role, p.hatched, speech), p.role, p.hatched) for p in parts])
    items = []
    for part in parts:
        share = _percent(part.amount / total, speech)
        said = speech.text(Said("picture.part", {"name": part.name, "share": share}))
        items.append((own[_known(part.name, part.role, part.hatched, speech)], said))
    return frame.flow(items, width)


def _percent(share: float, speech: Speech) -> str:
    sign = "%" if speech.language == "zh" else "\u00a0%"
    return f"{100.0 * share:.0f}{sign}"
