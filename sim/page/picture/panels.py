"""Small multiples: up to eight plots a page, each under its name; fans and responses.

One layout serves both kinds: it finds how many plots fit on a page so that each is high enough, and
puts names, lines, axes and plots where they belong.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sim.answer.blocks import Spoken
from sim.answer.figures import (
    Axis,
    Curve,
    Fan,
    FanPanel,
    Key,
    Mark,
    Response,
    ResponsePanel,
    Stamp,
)
from sim.page.picture.colours import FAINT, GRID, LOOKS, MUTED, PAPER, words_in
from sim.page.picture.scale import Calendar, Scale, moved, scale_of, spread, ticks
from sim.page.picture.sheet import (
    POINT,
    SMALL,
    Area,
    Box,
    Flow,
    Frame,
    Line,
    Sheet,
    Spot,
    Stroke,
    Text,
    block,
    rectangle,
    tall,
    wide,
)
from sim.words import Speech

PANELS = 8
"""At most on one page: more could not be read on a wall."""

NAME = 13.0  # points
_SHAPES = ((4, 2), (3, 2), (4, 1), (2, 2), (3, 1), (2, 1), (1, 1))  # columns and rows of a page
_PLOT = 1.2  # least height of a plot in inches
_GAP, _ROW_GAP = 0.38, 0.14  # inches between panels
_HEAD_GAP = 0.11  # inches between the words above a plot and the plot
_NAME_LINES = 2  # at most
_END = 1.5  # inches at most beside a last value
_NARROWEST, _WIDEST = 1.0, 10.0  # inches: a plot between the words beside it; any width
_GOAL, _GOAL_EDGES = 3.0, 0.08  # inches: what a goal's name may ask of a plot, and beside it
_TICK = Line("").height
_TRIES = 16  # places that are tried for a goal's name from left to right

Points = Sequence[tuple[float, float]]


# ------------------------------------------------------------------ the layout


@dataclass(frozen=True)
class Head:
    """What stands above a plot: its name, and lines with or without a sign."""

    name: list[Line]
    items: list[Flow]

    @property
    def height(self) -> float:
        """Height in inches."""
        return tall(self.name) + len(self.items) * _TICK


@dataclass(frozen=True)
class Panel:
    """One plot before it has a place: its words, and what draws it into a box."""

    name: Spoken
    items: Sequence[tuple[Key | None, Spoken]]
    draw: Callable[[Sheet, str, Box], None]


def multiples(
    frame: Frame,
    panels: Sequence[Panel],
    foot: float,
    below: Spoken = None,
    shapes: Sequence[tuple[int, int]] = _SHAPES,
    least: float = _PLOT,
    narrowest: float = 0.0,
    stretched: bool = False,
) -> list[Sheet]:
    """The pages of small multiples.

    Args:
        foot: inches below each plot for what its horizontal axis says.
        below: what stands below all plots of a page.
        shapes: columns and rows of a page, from which the first is taken that leaves every plot
            the ``least`` height and the ``narrowest`` width in inches, or the last.
        stretched: whether plots of a line that is not full take its whole width.
    """
    if not panels:
        return []
    body = frame.body
    words = block(frame.speech.text(below), body.width, colour=MUTED, most=2)
    room = body.height - tall(words) - (0.04 if words else 0.0)
    for columns, rows in shapes:
        pages = math.ceil(len(panels) / (columns * rows))
        size = math.ceil(len(panels) / pages)
        if size <= columns * (rows - 1):  # fewer rows would do
            continue
        columns = min(columns, math.ceil(size / rows))
        width = (body.width - (columns - 1) * _GAP) / columns
        heads = [_head(frame, panel, width) for panel in panels]
        height = _plot_height(heads, columns, size, rows, room, foot)
        if height >= least and width >= narrowest:
            break
    sheets = []
    for page in range(pages):
        sheet = frame.sheet(page + 1, pages)
        own = range(page * size, min((page + 1) * size, len(panels)))
        top = body.top
        for start in range(own.start, own.stop, columns):
            line = range(start, min(start + columns, own.stop))
            head = max(heads[number].height for number in line)
            if stretched:
                width = (body.width - (len(line) - 1) * _GAP) / len(line)
            for number in line:
                left = body.left + (number - start) * (width + _GAP)
                name = f"panel{number}"
                _write_head(frame, sheet, name, left, top + head - heads[number].height,
                            heads[number])  # fmt: skip
                plot_top = top + head + _HEAD_GAP
                box = Box(left, plot_top, left + width, plot_top + height)
                panels[number].draw(sheet, name, box)
            top += head + _HEAD_GAP + height + foot + _ROW_GAP
        sheet.write("below", body.left, body.bottom - tall(words), words)
        sheets.append(sheet)
    return sheets


def _head(frame: Frame, panel: Panel, width: float) -> Head:
    say = frame.speech.text
    name = block(say(panel.name), width, NAME, bold=True, most=_NAME_LINES)
    items = [(key, say(text)) for key, text in panel.items]
    return Head(name, frame.flow([item for item in items if item[1]], width))


def _plot_height(
    heads: Sequence[Head], columns: int, size: int, rows: int, room: float, foot: float
) -> float:
    """The height of a plot that the fullest page leaves."""
    least = math.inf
    for page in range(0, len(heads), size):
        own = heads[page : page + size]
        lines = [own[start : start + columns] for start in range(0, len(own), columns)]
        above = sum(max(head.height for head in line) + _HEAD_GAP + foot for line in lines)
        least = min(least, (room - above - _ROW_GAP * (len(lines) - 1)) / len(lines))
    return max(least, 0.3) if rows else least


def _write_head(frame: Frame, sheet: Sheet, name: str, left: float, top: float, head: Head) -> None:
    sheet.write(f"{name}.name", left, top, head.name)
    frame.write_flow(sheet, f"{name}.line", left, top + tall(head.name), head.items)


# ------------------------------------------------------------------ what plots share


def values_axis(
    sheet: Sheet, name: str, box: Box, scale: Scale, axis: Axis, speech: Speech
) -> None:
    """Draw guides at round values, and their names left of the plot."""
    room = scale.start - scale.stop
    most = max(2, min(5, int(room / (1.15 * _TICK)) + 1))
    for number, (value, text) in enumerate(ticks(scale, axis, speech, most)):
        y = scale(value)
        line = Line(text, colour=MUTED)
        sheet.put(
            Stroke(f"{name}.guide{number}", ((box.left, y), (box.right, y)), GRID, 0.8),
            Text(f"{name}.value{number}", box.left - 0.07, y, line, "right"),
        )
    sheet.put(Stroke(f"{name}.axis", ((box.left, box.bottom), (box.right, box.bottom)), FAINT, 0.9))


def settings_axis(
    sheet: Sheet, name: str, plot: Box, width: Scale, across: Axis, speech: Speech
) -> None:
    """Draw ticks at round settings, and their names below the plot."""
    middle = plot.bottom + 0.1 + _TICK / 2.0
    bounds = (plot.left - 0.3, plot.right + 0.1)
    for number, (value, text) in enumerate(spread(width, across, speech, 5, bounds)):
        x = width(value)
        tick = ((x, plot.bottom), (x, plot.bottom + 0.05))
        sheet.put(Stroke(f"{name}.tick{number}", tick, FAINT, 0.9))
        line = Line(text, colour=MUTED)
        x = moved(x, line.width, bounds)
        if text:
            sheet.put(Text(f"{name}.setting{number}", x, middle, line, "center"))


def name_room(scale_values: Sequence[tuple[float, str]]) -> float:
    """Inches left of a plot for the names of its values."""
    return max((Line(text).width for _, text in scale_values), default=0.0) + 0.09


def _area(low: Points, high: Points) -> Points:
    return [*low, *reversed(high)]


def _crossings(curve: Points, box: Box) -> bool:
    """Whether a polyline runs through a box."""
    for (x0, y0), (x1, y1) in pairwise(curve):
        left, right = max(min(x0, x1), box.left), min(max(x0, x1), box.right)
        if left > right:
            continue
        slope = (y1 - y0) / (x1 - x0) if x1 != x0 else 0.0
        at = [y0 + slope * (left - x0), y0 + slope * (right - x0)] if x1 != x0 else [y0, y1]
        if min(at) < box.bottom and max(at) > box.top:
            return True
    return False


def _free_place(
    plot: Box, y: float, width: float, height: float, curves: Sequence[Points],
    bands: Sequence[Points], taken: Sequence[Box] = (),
) -> Box:  # fmt: skip
    """Where a text near the line at ``y`` covers least.

    Best is right above the line at the left, then further right, then below the line, then under
    the upper edge of the plot. A curve is covered only if there is no other place.
    """
    gap = 0.03
    near = [y - gap - height, y + gap]
    tops = [top for top in near if plot.top - 0.05 <= top <= plot.bottom - height]
    tops += [plot.top, plot.bottom - height]
    room = max(plot.width - width - 2 * gap, 0.0)
    best, least = Box(plot.left, plot.top, plot.left + width, plot.top + height), math.inf
    for top in tops:
        for step in range(_TRIES + 1):
            left = plot.left + gap + room * step / _TRIES
            box = Box(left, top, left + width, top + height)
            cost = 10.0 * sum(_crossings(curve, box) for curve in curves)
            cost += 20.0 * sum(box.meets(other) for other in taken)
            # A band lies under the text if its upper or lower edge runs through it or around it.
            cost += sum(_inside(band, box) for band in bands)
            cost += 0.0 if top in near else 1.5
            if cost < least - 1e-9:
                best, least = box, cost
        if least == 0.0:
            break
    return best


def _inside(band: Points, box: Box) -> bool:
    half = len(band) // 2
    low, high = band[:half], list(reversed(band[half:]))
    if _crossings(low, box) or _crossings(high, box):
        return True
    middle = (box.top + box.bottom) / 2.0
    for (x, bottom), (_, top) in zip(low, high, strict=True):
        if box.left <= x <= box.right and top <= middle <= bottom:
            return True
    return False


def spread_out(places: Sequence[float], gap: float, top: float, bottom: float) -> list[float]:
    """Heights of texts that want to stand at ``places``, at least ``gap`` apart, in their order."""
    order = sorted(range(len(places)), key=lambda i: places[i])
    found = [0.0] * len(places)
    last = -math.inf
    for i in order:
        last = found[i] = max(places[i], last + gap)
    shift = sum(found[i] - places[i] for i in order) / max(len(places), 1)
    lowest, highest = found[order[0]] - shift, found[order[-1]] - shift
    shift += max(highest - bottom, 0.0)
    shift -= max(top - (lowest - max(highest - bottom, 0.0)), 0.0)
    found, limit = [place - shift for place in found], bottom
    for i in reversed(order):
        found[i] = min(found[i], limit)
        limit = found[i] - gap
    return found


# ------------------------------------------------------------------ fans


def draw_fan(figure: Fan, stamp: Stamp, speech: Speech) -> list[Sheet]:
    """Medians, bands, goals and tripwires over time, a panel for each target."""
    late = (figure.end.month, figure.end.day) != (12, 31)
    foot = _TICK + 0.06 + (_TICK if late else 0.0)
    drawings = [_FanDrawing(panel, figure, speech, late) for panel in figure.panels]
    panels = [
        Panel(
            drawing.panel.name,
            [
                *((None, line) for line in drawing.panel.lines),
                *(
                    (Key(curve.role, curve.name, "line"), curve.name)
                    for curve in drawing.panel.curves
                    if curve.name is not None
                ),
            ],
            drawing,
        )
        for drawing in drawings
    ]
    frame = Frame(figure, stamp, speech, figure.keys)
    # No words beside a plot may leave it without room; names of values need not stand as high.
    wide_box = Box(0.0, 0.0, _WIDEST, _PLOT)
    narrowest = 0.0
    for drawing in drawings:
        left, right = drawing.sides(wide_box)
        plot = max(_NARROWEST, min(drawing.goal_room, _GOAL))
        narrowest = max(narrowest, left + _WIDEST - right + plot)
    return multiples(frame, panels, foot, narrowest=narrowest)


@dataclass(frozen=True)
class _FanDrawing:
    """Draws one panel of a fan."""

    panel: FanPanel
    figure: Fan
    speech: Speech
    late: bool

    def __call__(self, sheet: Sheet, name: str, box: Box) -> None:
        """Draw into a box."""
        panel, axis = self.panel, self._axis
        scale = self._scale(box)
        left, right = self.sides(box)
        plot = Box(left, box.top, right, box.bottom)
        days = Calendar(self.figure.start, self.figure.end, left, right)
        values_axis(sheet, name, plot, scale, axis, self.speech)
        self._years(sheet, name, plot, days)
        curves, bands = [], []
        for number, curve in enumerate(panel.curves):
            bands += self._bands(sheet, f"{name}.curve{number}", curve, days, scale)
        # The one that counts is given first, and where both agree it is seen.
        for number, curve in reversed(list(enumerate(panel.curves))):
            curves.append(self._middle(sheet, f"{name}.curve{number}", curve, days, scale))
        for number, mark in enumerate(panel.marks):
            curves.append(self._mark(sheet, f"{name}.mark{number}", mark, days, scale, plot))
        if panel.goal is not None:
            self._goal(sheet, name, plot, scale, panel.goal, curves, bands)
        self._write_ends(sheet, name, plot, scale)

    @property
    def _axis(self) -> Axis:
        return Axis(whole=self.panel.whole)

    def _ends(self) -> list[list[Line]]:
        """What is written beside the last value of each curve."""
        say = self.speech.text
        return [
            block(say(curve.end), _END, bold=True, colour=words_in(curve.role), most=1)
            for curve in self.panel.curves
        ]

    @property
    def goal_room(self) -> float:
        """Inches that the name of the goal takes along its line."""
        said = self.panel.goal[1] if self.panel.goal is not None else None
        return Line(self.speech.text(said)).width + _GOAL_EDGES

    def sides(self, box: Box) -> tuple[float, float]:
        """Where the plot begins and ends in a box, in inches: words stand on both sides of it."""
        scale = self._scale(box)
        most = max(2, min(5, int((scale.start - scale.stop) / (1.15 * _TICK)) + 1))
        left = box.left + name_room(ticks(scale, self._axis, self.speech, most))
        ends = self._ends()
        return left, box.right - (max(map(wide, ends)) + 0.08 if any(ends) else 0.03)

    def _scale(self, box: Box) -> Scale:
        panel = self.panel
        values = [0.0]
        for curve in panel.curves:
            values += [
                *curve.middle,
                *(value for band in curve.bands for end in band for value in end),
            ]
        for mark in panel.marks:
            values += [mark.value, *(end for end in (mark.low, mark.high) if end is not None)]
        top = max((value for value in values if not math.isnan(value)), default=0.0)
        if panel.goal is not None:
            top = max(top, panel.goal[0])
            values.append(panel.goal[0])
        low = min((value for value in values if not math.isnan(value)), default=0.0)
        reach = (top - low) or 1.0
        # Above the highest value room is left for the goal's name.
        room = 1.25 * _TICK / max(box.height - 1.25 * _TICK, 0.3) * reach
        above = room if panel.goal is not None else 0.06 * reach
        return Scale(low - (0.05 * reach if low < 0.0 else 0.0), top + above, box.bottom, box.top)

    def _years(self, sheet: Sheet, name: str, plot: Box, days: Calendar) -> None:
        for number, begin in enumerate(days.begins()):
            x = days(begin)
            tick = ((x, plot.bottom), (x, plot.bottom + 0.05))
            sheet.put(Stroke(f"{name}.begin{number}", tick, FAINT, 0.9))
        middle = plot.bottom + 0.06 + _TICK / 2.0
        for year, x in days.years():
            line = Line(str(year), colour=MUTED)
            sheet.put(Text(f"{name}.year{year}", x, middle, line, "center"))
        if self.late:
            line = Line(self.figure.end.isoformat(), colour=MUTED)
            end = ((plot.right, plot.top), (plot.right, plot.bottom))
            sheet.put(
                Stroke(f"{name}.end", end, FAINT, 0.8),
                Text(f"{name}.date", plot.right, middle + _TICK, line, "right"),
            )

    @staticmethod
    def _places(curve: Curve, values: Sequence[float], days: Calendar, scale: Scale) -> Points:
        return [
            (days(date), scale(value))
            for date, value in zip(curve.dates, values, strict=True)
            if not math.isnan(value)
        ]

    def _bands(
        self, sheet: Sheet, name: str, curve: Curve, days: Calendar, scale: Scale
    ) -> list[Points]:
        look, areas = LOOKS[curve.role], []
        for place, (low, high) in enumerate(curve.bands):
            area = _area(
                self._places(curve, low, days, scale), self._places(curve, high, days, scale)
            )
            alpha = 0.18 if place == 0 else 0.3
            sheet.put(Area(f"{name}.band{place}", area, look.colour, alpha))
            for edge, points in (("low", area[: len(area) // 2]), ("high", area[len(area) // 2 :])):
                if place == 0 and len(points) > 1:  # its rim, for a grey copy
                    sheet.put(Stroke(f"{name}.{edge}", points, look.colour, 0.7, look.dash, 0.6))
            areas.append(area)
        return areas

    def _middle(
        self, sheet: Sheet, name: str, curve: Curve, days: Calendar, scale: Scale
    ) -> Points:
        look = LOOKS[curve.role]
        points = self._places(curve, curve.middle, days, scale)
        if len(points) > 1:
            sheet.put(Stroke(f"{name}.middle", points, look.colour, 2.2, look.dash, round=True))
        if curve.points or len(points) == 1:
            for number, (x, y) in enumerate(points):
                sheet.put(
                    Spot(f"{name}.point{number}", x, y, PAPER, look.colour, 7.0, look.shape, 0.8)
                )
        return points

    def _mark(
        self, sheet: Sheet, name: str, mark: Mark, days: Calendar, scale: Scale, plot: Box
    ) -> Points:
        """Draw a short bar at its value, and its interval upright."""
        look = LOOKS[mark.role]
        same = [other for other in self.panel.marks if other.date == mark.date]
        shift = 0.1 * (next(i for i, other in enumerate(same) if other is mark)
                       - (len(same) - 1) / 2.0)  # fmt: skip
        half = min(0.09, 0.3 * plot.width / max(len(self.panel.marks), 1))
        x = min(max(days(mark.date) + shift, plot.left + half), plot.right - half)
        low, high = scale.ends(mark.low, mark.high)
        y = scale(mark.value)
        sheet.put(
            Stroke(f"{name}.interval", ((x, low), (x, high)), look.colour, 1.3),
            Stroke(f"{name}.value", ((x - half, y), (x + half, y)), look.colour, 3.0),
        )
        for end, value, place in (("low", mark.low, low), ("high", mark.high, high)):
            if value is not None:
                cap = ((x - 0.035, place), (x + 0.035, place))
                sheet.put(Stroke(f"{name}.{end}", cap, look.colour, 1.0))
        return ((x, low), (x, high))

    def _goal(
        self, sheet: Sheet, name: str, plot: Box, scale: Scale, goal: tuple[float, Spoken],
        curves: Sequence[Points], bands: Sequence[Points],
    ) -> None:  # fmt: skip
        value, said = goal
        y, look = scale(value), LOOKS["goal"]
        line = ((plot.left, y), (plot.right, y))
        sheet.put(Stroke(f"{name}.goal", line, look.colour, 1.3, look.dash))
        words = block(self.speech.text(said), plot.width - _GOAL_EDGES, most=1)
        if not words:
            return
        place = _free_place(plot, y, wide(words), SMALL * 1.2 * POINT, curves, bands)
        at = next(i for i, mark in enumerate(sheet.marks) if mark.name == f"{name}.axis")
        # White under the words hides the guides alone: bands and curves are drawn over it.
        sheet.marks.insert(at + 1, Area(f"{name}.ground", rectangle(place), PAPER))
        sheet.put(Text(f"{name}.goal.name", place.left, (place.top + place.bottom) / 2, words[0]))

    def _write_ends(self, sheet: Sheet, name: str, plot: Box, scale: Scale) -> None:
        """Write what belongs to each curve beside its end, apart from each other."""
        shown = [
            (number, end, next(v for v in reversed(curve.middle) if not math.isnan(v)))
            for number, (end, curve) in enumerate(zip(self._ends(), self.panel.curves, strict=True))
            if end and not all(map(math.isnan, curve.middle))
        ]
        if not shown:
            return
        places = [scale(value) for _, _, value in shown]
        half = _TICK / 2.0
        spots = spread_out(places, 0.95 * _TICK, plot.top + half, plot.bottom - half * 0.6)
        for (number, end, _), y in zip(shown, spots, strict=True):
            sheet.centre(f"{name}.curve{number}.end", plot.right + 0.06, y, end)


# ------------------------------------------------------------------ responses


def draw_response(figure: Response, stamp: Stamp, speech: Speech) -> list[Sheet]:
    """Curves along a lever with bands and raw points, a panel for each target."""
    keys = list(figure.keys)
    for role, named in (("reference", figure.base), ("goal", figure.level)):
        if named is not None and named[1] is not None:
            keys.append(Key("reference" if role == "reference" else "goal", named[1], "dash"))
    panels = [
        Panel(
            panel.name,
            [(None, line) for line in panel.lines],
            _ResponseDrawing(panel, figure, speech),
        )
        for panel in figure.panels
    ]
    below = [axis.name for axis in (figure.across, figure.up) if axis.name is not None]
    frame = Frame(figure, stamp, speech, keys)
    names = [speech.text(name) for name in below]
    joined = " · ".join((f"→ {names[0]}" if i == 0 and figure.across.name is not None else f"↑ {n}")
                        for i, n in enumerate(names))  # fmt: skip
    return multiples(frame, panels, _TICK + 0.11, joined or None)


@dataclass(frozen=True)
class _ResponseDrawing:
    """Draws one panel of a response."""

    panel: ResponsePanel
    figure: Response
    speech: Speech

    def __call__(self, sheet: Sheet, name: str, box: Box) -> None:
        """Draw into a box."""
        panel, figure = self.panel, self.figure
        across, up = panel.across or figure.across, panel.up or figure.up
        values = [*panel.fit, *(point.y for point in panel.points)]
        values += [value for band in panel.bands for end in band for value in end]
        values += [end for p in panel.points for end in p.interval or () if end is not None]
        if figure.level is not None:
            values.append(figure.level[0])
        height = scale_of(up, values, box.bottom, box.top)
        most = max(2, min(5, int(box.height / (1.15 * _TICK)) + 1))
        left = box.left + name_room(ticks(height, up, self.speech, most))
        plot = Box(left, box.top, box.right - 0.1, box.bottom)
        settings = [*panel.x, *(point.x for point in panel.points)]
        low, high = across.ends
        settings = [
            x for x in settings if (low is None or x >= low) and (high is None or x <= high)
        ]
        width = scale_of(across, settings, plot.left, plot.right)
        self._span(sheet, name, plot, width)
        values_axis(sheet, name, plot, height, up, self.speech)
        settings_axis(sheet, name, plot, width, across, self.speech)
        self._references(sheet, name, plot, width, height)
        self._curve(sheet, name, width, height)
        self._points(sheet, name, width, height)

    def _span(self, sheet: Sheet, name: str, plot: Box, width: Scale) -> None:
        if self.panel.span is not None:
            left, right = width.ends(*self.panel.span)
            corners = rectangle(Box(left, plot.top, right, plot.bottom))
            sheet.put(Area(f"{name}.span", corners, LOOKS["room"].colour, 0.28))

    def _references(self, sheet: Sheet, name: str, plot: Box, width: Scale, height: Scale) -> None:
        base, level = self.figure.base, self.figure.level
        if base is not None and width.holds(base[0]):
            x, look = width(base[0]), LOOKS["reference"]
            ends = ((x, plot.top), (x, plot.bottom))
            sheet.put(Stroke(f"{name}.base", ends, look.colour, 1.2, look.dash))
        if level is not None and height.holds(level[0]):
            y, look = height(level[0]), LOOKS["goal"]
            across = ((plot.left, y), (plot.right, y))
            sheet.put(Stroke(f"{name}.level", across, look.colour, 1.2, look.dash))

    def _curve(self, sheet: Sheet, name: str, width: Scale, height: Scale) -> None:
        panel, look = self.panel, LOOKS[self.panel.role]

        def places(values: Sequence[float]) -> Points:
            return [
                (width(x), height(value))
                for x, value in zip(panel.x, values, strict=True)
                if not math.isnan(value) and width.holds(x)
            ]

        for number, (low, high) in enumerate(panel.bands):
            area = _area(places(low), places(high))
            alpha = 0.2 if number == 0 else 0.3
            sheet.put(Area(f"{name}.band{number}", area, look.colour, alpha))
        fit = places(panel.fit)
        if len(fit) > 1:
            sheet.put(Stroke(f"{name}.fit", fit, look.colour, 2.0, look.dash, round=True))

    def _points(self, sheet: Sheet, name: str, width: Scale, height: Scale) -> None:
        for number, point in enumerate(self.panel.points):
            if not width.holds(point.x) or math.isnan(point.y):
                continue
            look, x = LOOKS[point.role], width(point.x)
            own = f"{name}.point{number}"
            if point.interval is not None:
                low, high = height.ends(*point.interval)
                sheet.put(
                    Stroke(f"{own}.interval", ((x, low), (x, high)), look.colour, 1.5, None, 0.6)
                )
            if point.apart:
                spot = Spot(own, x, height(point.y), look.colour, PAPER, 9.0, "diamond", 1.8)
            else:
                spot = Spot(own, x, height(point.y), PAPER, look.colour, 6.5, look.shape, 0.7)
            sheet.put(spot)
