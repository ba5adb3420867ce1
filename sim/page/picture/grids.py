"""Grids: heat maps of two levers as small multiples, or one of many rows with words beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.answer.figures import Cell, Grid, GridPanel, Stamp
from sim.page.picture.colours import INK, MUTED, heat, ink_on
from sim.page.picture.panels import NAME, Panel, multiples
from sim.page.picture.rows import Column, Item, Table
from sim.page.picture.scale import Scale
from sim.page.picture.sheet import (
    POINT,
    SMALL,
    Area,
    Box,
    Frame,
    Line,
    Sheet,
    Stroke,
    Text,
    block,
    column_head,
    rectangle,
    tall,
    wide,
)
from sim.words import Speech

_UNSURE = "#F2F2F2"  # a value that may be chance has no colour
_GAP = 0.03  # inches between cells
_APART = 0.14  # inches before a column that is no rival of the others
_CELL = 0.34  # usual height of a cell in inches
_TALLEST = 0.5  # and its greatest, with a few rows
_FEW = 8
_SIDE = 1.4  # widest names of rows in small multiples
_MIDDLE = 7.0  # least width of cells in a single map


def draw_grid(figure: Grid, stamp: Stamp, speech: Speech) -> list[Sheet]:
    """Cells in the colour of their value, with what is written on them."""
    frame = Frame(figure, stamp, speech, figure.keys)
    if len(figure.panels) == 1:
        return _single(figure, figure.panels[0], frame, speech)
    drawings = [_Map(panel, figure, speech) for panel in figure.panels]
    below = [f"{arrow} {speech.text(name)}" for arrow, name in
             (("→", figure.across), ("↑", figure.up)) if name is not None]  # fmt: skip
    return multiples(
        frame,
        [Panel(one.panel.name, (), one) for one in drawings],
        Line("").height + 0.08,
        " · ".join(below) or None,
        least=max((len(panel.rows) * (SMALL * 1.3 * POINT) for panel in figure.panels), default=0),
        narrowest=max((one.width for one in drawings), default=0.0),
    )


def put_cell(sheet: Sheet, name: str, box: Box, cell: Cell, ends: tuple[float, float],
             speech: Speech, size: float = SMALL) -> None:  # fmt: skip
    """Draw a cell; its words are left out where they do not fit."""
    colour = heat(cell.value, *ends) if cell.sure else _UNSURE
    inner = Box(box.left, box.top, box.right - _GAP, box.bottom - _GAP)
    sheet.put(Area(name, rectangle(inner), colour))
    if cell.marked:
        corners = rectangle(inner)
        sheet.put(Stroke(f"{name}.frame", (*corners, corners[0], corners[1]), INK, 2.4))
    ink = ink_on(colour) if cell.sure else MUTED
    line = Line(speech.text(cell.text), size, cell.marked, ink)
    if line.text and line.width <= inner.width and inner.height >= SMALL * POINT:
        middle = (inner.left + inner.right) / 2.0, (inner.top + inner.bottom) / 2.0
        sheet.put(Text(f"{name}.value", *middle, line, "center"))


# ------------------------------------------------------------------ one map of many rows


def _single(figure: Grid, panel: GridPanel, frame: Frame, speech: Speech) -> list[Sheet]:
    columns = []
    if any(row.before is not None for row in panel.rows):
        columns.append(Column(figure.before, before=True))
    if any(row.after is not None for row in panel.rows):
        columns.append(Column(figure.after, align="left"))
    items = [
        Item(
            row.name,
            row.group,
            row.reading,
            [row.before if column.before else row.after for column in columns],
            [(INK if row.counts else MUTED, False)] * len(columns),
            row.counts,
            least=_TALLEST if len(panel.rows) <= _FEW else _CELL,
        )
        for row in panel.rows
    ]
    table = Table(frame, items, columns, _MIDDLE if len(panel.columns) > 4 else 5.0, 0.0)
    left, right = table.place.plot
    apart = _APART if figure.apart and len(panel.columns) > 1 else 0.0
    width = min((right - left - apart) / max(len(panel.columns), 1), 2.2)
    last = len(panel.columns) - 1

    def place(column: int) -> float:
        return left + column * width + (apart if column == last else 0.0)

    headers = [
        column_head(speech.text(name), width - 0.08, bold=True, most=4) for name in panel.columns
    ]
    across = block(speech.text(figure.across), right - left, colour=MUTED, most=1)
    up = block(speech.text(figure.up), left - frame.body.left - 0.2, colour=MUTED, most=2)

    def above(sheet: Sheet, bottom: float) -> float:
        high = max(map(tall, headers), default=0.0)
        for number, header in enumerate(headers):
            x = place(number) + (width - _GAP) / 2.0
            sheet.write(f"header{number}", x, bottom - tall(header), header, "center")
        sheet.write("across", left, bottom - high - tall(across), across)
        if not columns or not columns[0].before:
            sheet.write("up", frame.body.left, bottom - tall(up), up)
        return max(high + tall(across), tall(up))

    def draw(sheet: Sheet, scale: Scale, number: int, y: float) -> None:
        del scale
        height = min(_height(table, number), _TALLEST)
        for column, cell in enumerate(panel.rows[number].cells):
            x = place(column)
            box = Box(x, y - height / 2.0, x + width, y + height / 2.0)
            put_cell(sheet, f"row{number}.cell_{column}", box, cell, figure.ends, speech, NAME)

    return table.sheets(None, [0.0, 1.0], draw, above)


def _height(table: Table, number: int) -> float:
    """The height of the cells of a row: of its words, without those of its name above them."""
    row = table.rows[number]
    own = max(row.item.least, tall(row.reading) if row.reading else tall(row.name))
    return max(own, *(tall(cell) for cell in row.cells), 0.0)


# ------------------------------------------------------------------ small multiples


@dataclass(frozen=True)
class _Map:
    """Draws one heat map among others."""

    panel: GridPanel
    figure: Grid
    speech: Speech

    def _names(self) -> list[list[Line]]:
        say = self.speech.text
        return [block(say(row.name), _SIDE, colour=MUTED, most=1) for row in self.panel.rows]

    @property
    def width(self) -> float:
        """Width in inches that its cells need for their words."""
        texts = [Line(self.speech.text(cell.text), bold=cell.marked).width
                 for row in self.panel.rows for cell in row.cells]  # fmt: skip
        cells = (max(texts, default=0.0) + 2 * _GAP) * len(self.panel.columns)
        return max(map(wide, self._names()), default=0.0) + 0.1 + cells

    def __call__(self, sheet: Sheet, name: str, box: Box) -> None:
        """Draw into a box."""
        panel, names = self.panel, self._names()
        left = box.left + max(map(wide, names), default=0.0) + 0.1
        width = (box.right - left) / max(len(panel.columns), 1)
        height = min(box.height / max(len(panel.rows), 1), _TALLEST)
        skip = 1
        while names and height * skip < SMALL * 1.2 * POINT:
            skip += 1
        for i, row in enumerate(panel.rows):
            top = box.top + i * height
            if i % skip == 0:
                middle = top + (height - _GAP) / 2.0
                sheet.centre(f"{name}.row{i}", left - 0.07, middle, names[i], "right")
            for j, cell in enumerate(row.cells):
                x = left + j * width
                place = Box(x, top, x + width, top + height)
                put_cell(sheet, f"{name}.cell{i}_{j}", place, cell, self.figure.ends, self.speech)
        self._columns(sheet, name, left, box.top + len(panel.rows) * height, width)

    def _columns(self, sheet: Sheet, name: str, left: float, bottom: float, width: float) -> None:
        lines = [Line(self.speech.text(column), colour=MUTED) for column in self.panel.columns]
        widths = [line.width for line in lines]
        right = left + len(lines) * width + 0.1
        middles = [
            min(left + (j + 0.5) * width - _GAP / 2.0, right - own / 2.0)
            for j, own in enumerate(widths)
        ]
        step = _step(widths, middles)
        for j, line in enumerate(lines):
            if j % step == 0:
                middle = bottom + 0.05 + line.height / 2.0
                sheet.put(Text(f"{name}.column{j}", middles[j], middle, line, "center"))


def _step(widths: Sequence[float], middles: Sequence[float]) -> int:
    """Every how many columns one can be named, where their names stand."""
    step = 1
    while step < len(widths) and any(
        middles[j + step] - middles[j] < (widths[j] + widths[j + step]) / 2.0 + 0.06
        for j in range(0, len(widths) - step, step)
    ):
        step += 1
    return step
