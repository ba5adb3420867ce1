"""Tiles: places as squares of a grid in the colour of a value, never as a map of boundaries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.answer.blocks import Spoken
from sim.answer.figures import Key, Stamp, Tile, TilePanel, Tiles
from sim.page.picture.colours import INK, MUTED, heat, ink_on
from sim.page.picture.panels import Panel, multiples
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
    rectangle,
)
from sim.words import Said, Speech

_SHAPES = ((2, 2), (2, 1), (1, 1))
_GAP = 0.05  # inches between tiles
_WIDEST, _TALLEST = 1.15, 0.8  # inches: a tile
_NONE = "#F2F2F2"  # a place without a value has no colour
_STEPS = 5  # of the scale
_STEP = 0.34  # inches
_FOOT = Line("").height + 0.14  # inches below a map for its scale
_ONE, _TWO = SMALL * 1.3 * POINT, 2 * SMALL * 1.25 * POINT  # inches: lines of words on a tile


def draw_tiles(figure: Tiles, stamp: Stamp, speech: Speech) -> list[Sheet]:
    """Every map on a page of its own, or several where the words on tiles leave room."""
    drawings = [_Map(panel, speech) for panel in figure.panels]
    frame = Frame(figure, stamp, speech, figure.keys)
    return multiples(
        frame,
        [Panel(one.panel.name, one.lines, one) for one in drawings],
        _FOOT,
        Said("picture.tiles"),
        shapes=_SHAPES,
        least=max((one.height for one in drawings), default=0.0),
        narrowest=max((one.width for one in drawings), default=0.0),
    )


@dataclass(frozen=True)
class _Map:
    """Draws one map."""

    panel: TilePanel
    speech: Speech

    @property
    def lines(self) -> list[tuple[Key | None, Spoken]]:
        """What stands under the name of the map."""
        return [(None, line) for line in self.panel.lines]

    @property
    def _shape(self) -> tuple[int, int]:
        """Columns and rows of the grid."""
        tiles = self.panel.tiles
        return (
            max((tile.column for tile in tiles), default=0) + 1,
            max((tile.row for tile in tiles), default=0) + 1,
        )

    @property
    def width(self) -> float:
        """Width in inches that the words on its tiles need."""
        say = self.speech.text
        widths = [max(Line(say(tile.name)).width, Line(say(tile.text), bold=True).width)
                  for tile in self.panel.tiles]  # fmt: skip
        return (max(widths, default=0.0) + _GAP + 0.06) * self._shape[0]

    @property
    def height(self) -> float:
        """Height in inches that the words on its tiles need."""
        return (_TWO + _GAP) * self._shape[1]

    def __call__(self, sheet: Sheet, name: str, box: Box) -> None:
        """Draw into a box."""
        columns, rows = self._shape
        width, height = min(box.width / columns, _WIDEST), min(box.height / rows, _TALLEST)
        for number, tile in enumerate(self.panel.tiles):
            left, top = box.left + tile.column * width, box.top + tile.row * height
            place = Box(left, top, left + width - _GAP, top + height - _GAP)
            self._tile(sheet, f"{name}.tile{number}", place, tile)
        self._scale(sheet, name, box.left, box.top + rows * height + 0.06)

    def _tile(self, sheet: Sheet, name: str, box: Box, tile: Tile) -> None:
        colour = _NONE
        if tile.value is not None:
            colour = heat(tile.value, *self.panel.ends, self.panel.role)
        corners = rectangle(box)
        sheet.put(Area(name, corners, colour))
        if tile.marked:
            sheet.put(Stroke(f"{name}.frame", (*corners, corners[0], corners[1]), INK, 2.6))
        ink = ink_on(colour) if tile.value is not None else MUTED
        say, room = self.speech.text, box.width - 0.06
        named = block(say(tile.name), room, colour=ink, most=1)
        valued = block(say(tile.text), room, bold=True, colour=ink, most=1)
        middle = (box.left + box.right) / 2.0
        if box.height < _TWO:  # the value says more than the name
            words = [("value", valued)] if box.height >= _ONE else []
        else:
            words = [("name", named), ("value", valued)]
        words = [(own, lines) for own, lines in words if lines]
        pitch = SMALL * 1.22 * POINT
        top = (box.top + box.bottom) / 2.0 - pitch * (len(words) - 1) / 2.0
        for place, (own, lines) in enumerate(words):
            sheet.put(Text(f"{name}.{own}", middle, top + place * pitch, lines[0], "center"))

    def _scale(self, sheet: Sheet, name: str, left: float, top: float) -> None:
        """Draw the colours from the palest to the deepest between their names."""
        (low, high), (first, last) = self.panel.ends, map(self._end, self.panel.scale)
        middle = top + Line("").height / 2.0
        sheet.centre(f"{name}.low", left, middle, first)
        left += max((line.width for line in first), default=-0.08) + 0.08
        for step in range(_STEPS):
            value = low + (high - low) * step / (_STEPS - 1)
            place = Box(left, middle - 0.09, left + _STEP, middle + 0.09)
            colour = heat(value, low, high, self.panel.role)
            sheet.put(Area(f"{name}.scale{step}", rectangle(place), colour))
            left += _STEP
        sheet.centre(f"{name}.high", left + 0.08, middle, last)

    def _end(self, said: Spoken) -> Sequence[Line]:
        return block(self.speech.text(said), 2.0, colour=MUTED, most=1)
