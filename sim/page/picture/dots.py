"""Scatters: one dot a replication, the plot parted into quarters with the share of each."""

from __future__ import annotations

from dataclasses import dataclass

from sim.answer.figures import Scatter, ScatterPanel, Stamp
from sim.page.picture.colours import FAINT, INK, LOOKS, PAPER
from sim.page.picture.panels import Panel, multiples, name_room, settings_axis, values_axis
from sim.page.picture.scale import scale_of, ticks
from sim.page.picture.sheet import Area, Box, Frame, Line, Sheet, Spot, Stroke, block, rectangle
from sim.words import Said, Speech

_SIZE = 4.5  # points: a dot, of which there may be thousands
_CORNER = 0.06  # inches from the edges of the plot to the shares of the quarters
_SHARE = 2.0  # inches: widest share


def draw_scatter(figure: Scatter, stamp: Stamp, speech: Speech) -> list[Sheet]:
    """Dots at two values of every replication, lines between the quarters."""
    below = Said("picture.axes", {"across": figure.across.name, "up": figure.up.name})
    panels = [
        Panel(panel.name, [(None, line) for line in panel.lines], _Plot(panel, figure, speech))
        for panel in figure.panels
    ]
    frame = Frame(figure, stamp, speech, figure.keys)
    return multiples(frame, panels, Line("").height + 0.11, below)


@dataclass(frozen=True)
class _Plot:
    """Draws one panel of a scatter."""

    panel: ScatterPanel
    figure: Scatter
    speech: Speech

    def __call__(self, sheet: Sheet, name: str, box: Box) -> None:
        """Draw into a box."""
        panel = self.panel
        across, up = panel.across or self.figure.across, panel.up or self.figure.up
        cross = panel.cross or ()
        # No dot lies where the shares stand.
        room = Line("").height + 2 * _CORNER if panel.shares else 0.0
        height = scale_of(up, [*panel.y, *cross[1:]], box.bottom - room, box.top + room)
        named = ticks(height, up, self.speech, 5)
        plot = Box(box.left + name_room(named), box.top, box.right - 0.1, box.bottom)
        width = scale_of(across, [*panel.x, *cross[:1]], plot.left, plot.right)
        values_axis(sheet, name, plot, height, up, self.speech)
        settings_axis(sheet, name, plot, width, across, self.speech)
        look = LOOKS[panel.role]
        for number, (x, y) in enumerate(zip(panel.x, panel.y, strict=True)):
            place = width(x), height(y)
            own = f"{name}.dot{number}"
            sheet.put(Spot(own, *place, PAPER, look.colour, _SIZE, look.shape, 0.3))
        if panel.cross is not None:
            self._quarters(sheet, name, plot, width(panel.cross[0]), height(panel.cross[1]))

    def _quarters(self, sheet: Sheet, name: str, plot: Box, x: float, y: float) -> None:
        dash = LOOKS["goal"].dash
        sheet.put(
            Stroke(f"{name}.upright", ((x, plot.top), (x, plot.bottom)), FAINT, 1.2, dash),
            Stroke(f"{name}.level", ((plot.left, y), (plot.right, y)), FAINT, 1.2, dash),
        )
        line, room = Line("").height, min(_SHARE, plot.width / 2.0 - 2 * _CORNER)
        for number, said in enumerate(self.panel.shares):
            words = block(self.speech.text(said), room, bold=True, colour=INK, most=1)
            if not words:
                continue
            lower, right = divmod(number, 2)
            align = "right" if right else "left"
            edge = plot.right - _CORNER if right else plot.left + _CORNER
            top = plot.bottom - _CORNER - line if lower else plot.top + _CORNER
            left = edge - words[0].width if right else edge
            ground = Box(left - 0.03, top, left + words[0].width + 0.03, top + line)
            sheet.put(Area(f"{name}.ground{number}", rectangle(ground), PAPER, 0.8))
            sheet.write(f"{name}.share{number}", edge, top, words, align)
