"""Overviews: one page with sentences, the classes of all targets, chances and main reasons."""

from __future__ import annotations

from collections.abc import Sequence

from sim.answer.blocks import Spoken
from sim.answer.figures import Chance, Dot, Overview, Part, Stamp
from sim.page.picture.colours import GRID, LOOKS, MUTED, fills, ink_on, words_in
from sim.page.picture.rows import put_dot
from sim.page.picture.scale import CHANCES, Scale
from sim.page.picture.sheet import (
    Area,
    Box,
    Frame,
    Line,
    Sheet,
    Stroke,
    Text,
    block,
    rectangle,
    tall,
    wide,
)
from sim.words import ChanceInterval, Said, Speech, likelihood

_SAID = 13.0  # points: sentences
_HEADING = 14.0
_LEFT = 4.9  # inches: the bar of classes and the reasons
_BETWEEN = 0.55
_BAR = 0.5  # inches: height of the bar of classes
_THIN = 0.2  # and of a reason
_ROW = 0.3  # least height of a row
_LOOSE = 0.42  # and its greatest
_MOST = 3  # lines of a sentence
_NAMES = 3.3  # inches: widest names
_PLOT = 2.6  # inches: narrowest axis of chances


def draw_overview(figure: Overview, stamp: Stamp, speech: Speech) -> list[Sheet]:
    """One page; of rows and reasons that have no room, the first ones."""
    frame = Frame(figure, stamp, speech)
    sheet, body = frame.sheet(1, 1), frame.body
    top = body.top
    for number, said in enumerate(figure.statements):
        lines = block(speech.text(said), body.width - 0.2, _SAID, most=_MOST)
        if top + tall(lines) > body.top + 0.42 * body.height:
            break
        bullet = Box(body.left, top + 0.07, body.left + 0.07, top + 0.17)
        sheet.put(Area(f"statement{number}.bullet", rectangle(bullet), LOOKS["counts"].colour))
        sheet.write(f"statement{number}", body.left + 0.2, top, lines)
        top += tall(lines) + 0.06
    top += 0.12
    left = Box(body.left, top, body.left + _LEFT, body.bottom)
    right = Box(left.right + _BETWEEN, top, body.right, body.bottom)
    end = _classes(sheet, left, figure, speech)
    _reasons(sheet, Box(left.left, end + 0.2, left.right, left.bottom), figure, speech)
    _chances(sheet, right, figure, speech)
    return [sheet]


def _heading(sheet: Sheet, name: str, box: Box, said: Spoken, speech: Speech) -> float:
    """Write a heading; return where it ends."""
    lines = block(speech.text(said), box.width, _HEADING, bold=True, most=1)
    sheet.write(name, box.left, box.top, lines)
    return box.top + tall(lines) + 0.06


def _classes(sheet: Sheet, box: Box, figure: Overview, speech: Speech) -> float:
    """One bar of all targets, with the number of each class in it and its name below."""
    top = _heading(sheet, "classes", box, figure.classes_heading, speech)
    shown = [part for part in figure.classes if part.amount > 0.0]
    total = sum(part.amount for part in shown)
    left, row = box.left, top + _BAR + 0.06
    for number, part in enumerate(shown):
        width = box.width * part.amount / total
        place = Box(left, top, left + width - 0.02, top + _BAR)
        colour = LOOKS[part.role].colour
        sheet.put(Area(f"class{number}", rectangle(place), colour))
        count = Line(f"{part.amount:.0f}", 18.0, True, ink_on(colour))
        if count.width < place.width:
            middle = (place.left + place.right) / 2.0, (place.top + place.bottom) / 2.0
            sheet.put(Text(f"class{number}.count", *middle, count, "center"))
        left += width
        lines = block(f"{part.amount:.0f}  {speech.text(part.name)}", box.width - 0.3, most=1)
        swatch = Box(box.left, row + 0.04, box.left + 0.2, row + 0.19)
        sheet.put(Area(f"class{number}.sign", rectangle(swatch), colour))
        sheet.write(f"class{number}.name", box.left + 0.3, row, lines)
        row += tall(lines)
    return row


def _reasons(sheet: Sheet, box: Box, figure: Overview, speech: Speech) -> None:
    """A bar for each reason, as long as it holds back many targets."""
    some = [part for part in figure.reasons if part.amount > 0.0]
    if not some:
        return
    top = _heading(sheet, "reasons", box, figure.reasons_heading, speech)
    rows = _some(some, max(int((box.bottom - top) / _ROW), 1))
    names = [block(speech.text(part.name), 0.6 * box.width, most=1) for part in rows]
    left = box.left + max(map(wide, names), default=0.0) + 0.12
    counts = [Line(f"{part.amount:.0f}", bold=True) for part in rows]
    room = box.right - left - max((count.width for count in counts), default=0.0) - 0.1
    largest = max((part.amount for part in rows), default=1.0)
    own = fills([(number, part.role, part.hatched) for number, part in enumerate(rows)])
    for number, (part, name) in enumerate(zip(rows, names, strict=True)):
        middle = top + _ROW * (number + 0.5)
        width = room * part.amount / largest
        bar = Box(left, middle - _THIN / 2.0, left + width, middle + _THIN / 2.0)
        fill = own[number]
        sheet.put(Area(f"reason{number}", rectangle(bar), fill.colour, 1.0, fill.hatch))
        sheet.centre(f"reason{number}.name", box.left, middle, name)
        sheet.put(Text(f"reason{number}.count", bar.right + 0.08, middle, counts[number]))


def _some(parts: Sequence[Part], most: int) -> list[Part]:
    """The first parts; where there are more than fit, the last row says what the others are."""
    if len(parts) <= most:
        return [*parts]
    others = parts[most - 1 :]
    name = Said("picture.others", {"count": len(others)})
    return [*parts[: most - 1], Part(name, sum(part.amount for part in others), "rest")]


def _chances(sheet: Sheet, box: Box, figure: Overview, speech: Speech) -> None:
    """Targets with their chance: a dot and its interval, and in words."""
    if not figure.rows:
        return
    top = _heading(sheet, "rows", box, figure.rows_heading, speech)
    tick = Line("").height
    rows: Sequence[Chance] = figure.rows[: max(int((box.bottom - top - tick) / _ROW), 0)]
    if not rows:
        return
    texts = [
        Line(
            speech.text(ChanceInterval(row.probability, row.low, row.high)),
            bold=True,
            colour=words_in(likelihood(row.probability)),
        )
        for row in rows
    ]
    cells = max(line.width for line in texts)
    room = min(_NAMES, box.width - cells - _PLOT - 0.4)
    names = [block(speech.text(row.name), room, most=1) for row in rows]
    left = box.left + max(map(wide, names)) + 0.3
    scale = Scale(0.0, 1.0, left, box.right - cells - 0.3)
    height = min((box.bottom - top - tick) / len(rows), _LOOSE)
    end = top + tick + height * len(rows)
    sign = "%" if speech.language == "zh" else " %"
    for number, guide in enumerate(CHANCES):
        x = scale(guide)
        sheet.put(Stroke(f"guide{number}", ((x, top + tick), (x, end)), GRID, 0.9))
        if guide in (0.0, 0.5, 1.0):
            name = Line(f"{100.0 * guide:.0f}{sign}", colour=MUTED)
            sheet.put(Text(f"tick{number}", x, top + tick / 2.0, name, "center"))
    for number, (row, name_lines, text) in enumerate(zip(rows, names, texts, strict=True)):
        middle = top + tick + height * (number + 0.5)
        sheet.centre(f"row{number}.name", box.left, middle, name_lines)
        dot = Dot(row.probability, likelihood(row.probability), (row.low, row.high))
        put_dot(sheet, f"row{number}", scale, dot, middle)
        sheet.put(Text(f"row{number}.chance", box.right, middle, text, "right"))
