"""Rows below each other: names at the left, one axis for all, words at the right, on pages.

Chances, dumbbells and ladders differ in what stands on the axis; everything else about them is the
same and is here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sim.answer.blocks import Spoken
from sim.answer.figures import Axis, Chances, Dot, Dumbbell, Key, Ladder, Role, Stamp
from sim.page.picture.colours import FAINT, GRID, INK, LOOKS, MUTED, PAPER, words_in
from sim.page.picture.scale import Scale, scale_of, spread
from sim.page.picture.sheet import (
    MARGIN,
    WIDTH,
    Area,
    Box,
    Frame,
    Line,
    Sheet,
    Spot,
    Stroke,
    Text,
    block,
    column_head,
    rectangle,
    tall,
    wide,
)
from sim.words import ChanceInterval, Said, Speech, likelihood
from sim.words.numbers import LIKELY

ROWS = 14
"""At most on one page: more could not be read on a wall."""

SIZE = 12.5  # points: names and numbers of rows
HEADING = 14.0
_NAMES = (2.4, 4.0)  # narrowest and widest column of names, in inches
_CELL = 2.1  # widest column of words
_HEADER = 1.2  # width that a header may take beyond the words below it
_GAP = 0.22  # inches between columns
_INDENT = 0.2
_PLOT = 3.2  # least width of a plot, its margins included
_LEFT, _RIGHT = 0.15, 0.2  # inches between a plot and the words beside it, for names of ticks
_LOOSE = 0.3  # inches more between rows at most, where there is room
_SPACE, _HEADING_SPACE = 0.06, 0.08  # inches above and below a row; more above a heading
_LINES = 3  # at most of a name
_LANE = 0.09  # inches between dots of a row that stand below each other


# ------------------------------------------------------------------ what a row needs


@dataclass(frozen=True)
class Item:
    """A row before it has a place: its words, and how they look.

    Attributes:
        cells: texts at the right, by column; None for none.
        looks: of ``cells``: colour, and whether they are bold.
        note: what stands in place of a value.
        least: height in inches that what is drawn in it needs.
    """

    name: Spoken
    group: Spoken = None
    reading: Spoken = None
    cells: Sequence[Spoken] = ()
    looks: Sequence[tuple[str, bool]] = ()
    counts: bool = True
    note: Spoken = None
    least: float = 0.0


@dataclass(frozen=True)
class Column:
    """A column of words: its header and the colour of that; right of the plot unless ``before``."""

    header: Spoken
    colour: str = MUTED
    align: str = "right"
    before: bool = False


@dataclass(frozen=True)
class Row:
    """A row that is written: its lines, and how high it stands below the one before."""

    number: int
    item: Item
    name: list[Line]
    reading: list[Line]
    cells: list[list[Line]]
    note: list[Line]

    def height(self, first: bool) -> float:
        """Its height in inches; ``first`` of its name on the page, which is written then."""
        own = max(tall(self.reading), *(tall(cell) for cell in self.cells), tall(self.note))
        own = max(own, self.item.least)
        if self.reading:
            own += tall(self.name) if first else 0.0
        else:
            own = max(own, tall(self.name))
        return max(own, Line("", SIZE).height) + _SPACE


@dataclass(frozen=True)
class Place:
    """Where columns stand in inches from the left: the plot, and the edges of words."""

    plot: tuple[float, float]
    cells: tuple[float, ...]


Draw = Callable[[Sheet, Scale, int, float], None]
"""Draws what stands on the axis in the row of a number, at a height."""


class Table:
    """The rows of a figure, their columns, and their pages."""

    def __init__(
        self,
        frame: Frame,
        items: Sequence[Item],
        columns: Sequence[Column] = (),
        plot: float = _PLOT,
        loose: float = _LOOSE,
    ) -> None:
        """Lay out rows.

        Args:
            plot: least width of the plot in inches, its margins included.
            loose: inches that may be added between rows where there is room.
        """
        self.loose = loose
        self.frame, self.speech, self.columns = frame, frame.speech, columns
        said = self.speech.text
        cells = [
            [
                block(said(text), _CELL, SIZE, bold=bold, colour=colour)
                for text, (colour, bold) in zip(item.cells, item.looks, strict=True)
            ]
            for item in items
        ]
        widths = [
            max([_HEADER, *(wide(row[i]) for row in cells if len(row) > i)])
            for i in range(len(columns))
        ]
        self.header = [
            column_head(
                said(column.header), width, bold=column.colour != MUTED, colour=column.colour
            )
            for column, width in zip(columns, widths, strict=True)
        ]
        widths = [
            max([wide(header), *(wide(row[i]) for row in cells if len(row) > i)])
            for i, header in enumerate(self.header)
        ]
        total = WIDTH - 2 * MARGIN
        free = total - sum(widths) - _GAP * (len(widths) + 1) - plot
        most = max(min(_NAMES[1], free), _NAMES[0])
        named = [self._name(item, most) for item in items]
        own = max((wide([*name, *reading]) for name, reading in named), default=0.0) + _INDENT
        left = MARGIN + min(max(own, _NAMES[0]), most) + _GAP
        right, edges = WIDTH - MARGIN, [0.0] * len(columns)
        for i, column in reversed(list(enumerate(columns))):
            if not column.before:
                edges[i] = right if column.align == "right" else right - widths[i]
                right -= widths[i] + _GAP
        for i, column in enumerate(columns):
            if column.before:
                edges[i] = left + widths[i] if column.align == "right" else left
                left += widths[i] + _GAP
        self.place = Place((left + _LEFT, right - _RIGHT), tuple(edges))
        self.rows = [
            Row(
                number,
                item,
                name,
                reading,
                own_cells,
                block(said(item.note), right - left - _LEFT, colour=MUTED, most=_LINES),
            )
            for number, (item, (name, reading), own_cells) in enumerate(
                zip(items, named, cells, strict=True)
            )
        ]
        self._heights: dict[tuple[int, bool], float] = {}
        self.head = max((tall(header) for header in self.header), default=0.0)

    def _name(self, item: Item, width: float) -> tuple[list[Line], list[Line]]:
        reading = self.speech.text(item.reading)
        ink = INK if item.counts or reading else MUTED
        name = block(self.speech.text(item.name), width, SIZE, colour=ink, most=_LINES)
        if not reading:
            return name, []
        colour = INK if item.counts else MUTED
        mark = "● " if item.counts else "○ "
        lines = block(mark + reading, width - _INDENT, colour=colour, most=_LINES)
        return name, lines

    # -------------------------------------------------------------- pages

    def heading(self, number: int, first: bool) -> list[Line]:
        """What stands above a row: its group's name, if another one or the page began."""
        group = self.speech.text(self.rows[number].item.group)
        before = self.speech.text(self.rows[number - 1].item.group) if number else ""
        if not group or (group == before and not first):
            return []
        if group == before:
            group = self.speech("picture.continued", name=group)
        return block(group, WIDTH - 2 * MARGIN, HEADING, bold=True, most=1)

    def named(self, number: int, first: bool) -> bool:
        """Whether a row writes its name: the first of its name, or of the page."""
        if first or not number:
            return True
        row, before = self.rows[number].item, self.rows[number - 1].item
        return not row.reading or self._same(row, before) is False

    def _same(self, row: Item, other: Item) -> bool:
        say = self.speech.text
        return say(row.name) == say(other.name) and say(row.group) == say(other.group)

    def height(self, number: int, first: bool) -> float:
        """Height of a row with its heading, if it is the ``first`` of a page or not."""
        if (number, first) not in self._heights:
            heading = self.heading(number, first)
            above = tall(heading) + (_HEADING_SPACE if heading else 0.0)
            own = self.rows[number].height(self.named(number, first))
            self._heights[number, first] = above + own
        return self._heights[number, first]

    def pages(self, room: float) -> list[range]:
        """The rows of each page: few pages, groups kept together where they fit."""
        together = [
            0 if not number
            else 2 if self.rows[number].item.reading
            and self._same(self.rows[number].item, self.rows[number - 1].item)
            else 1 if self.rows[number].item.group is not None
            and not self.heading(number, False)
            else 0
            for number in range(len(self.rows))
        ]  # fmt: skip
        return paged(len(self.rows), self.height, together, room)

    def sheets(
        self,
        axis: Axis | None,
        values: Sequence[float],
        draw: Draw,
        above: Callable[[Sheet, float], float] | None = None,
    ) -> list[Sheet]:
        """The pages; ``values`` are all that the axis has to hold.

        ``above`` writes what else stands over the plot, down to a height, and returns its own.
        """
        scale = scale_of(axis or Axis(), values, *self.place.plot)
        named = spread(scale, axis, self.speech) if axis is not None else []
        body = self.frame.body
        name = self.speech.text(axis.name) if axis is not None else ""
        title = block(name, self.place.plot[1] - self.place.plot[0], colour=MUTED, most=2)
        axis_height = tall(title) + (Line("").height if named else 0.0)
        more = above(Sheet(body), body.bottom) if above is not None else 0.0
        head = max(self.head, axis_height, more) + 0.08
        pages = self.pages(body.height - head)
        sheets = []
        for page, rows in enumerate(pages, start=1):
            sheet = self.frame.sheet(page, len(pages))
            bottom = body.top + head
            for edge, column, header, number in zip(
                self.place.cells, self.columns, self.header, range(len(self.columns)), strict=True
            ):
                top = bottom - 0.08 - tall(header)
                sheet.write(f"column{number}", edge, top, header, column.align)
            sheet.write("axis", self.place.plot[0], bottom - 0.08 - axis_height, title)
            if above is not None:
                above(sheet, bottom - 0.08)
            heights = [self.height(number, number == rows[0]) for number in rows]
            spare = (body.height - head - sum(heights)) / len(rows)
            heights = [height + min(max(spare, 0.0), self.loose) for height in heights]
            end = bottom + sum(heights)
            for tick, (value, text) in enumerate(named):
                x = scale(value)
                strong = axis is not None and value in self.marked
                colour, width, dash = (FAINT, 1.3, (4.0, 3.0)) if strong else (GRID, 0.9, None)
                ends = ((x, bottom - 0.04), (x, end))
                sheet.put(Stroke(f"guide{tick}", ends, colour, width, dash))
                if text:
                    line = Line(text, colour=MUTED)
                    sheet.put(
                        Text(f"tick{tick}", x, bottom - 0.08 - line.height / 2, line, "center")
                    )
            self.span = (bottom - 0.04, end)
            self._before(sheet, scale)
            top = bottom
            for number, height in zip(rows, heights, strict=True):
                self._write(sheet, number, top, height, number == rows[0], scale, draw)
                top += height
            sheets.append(sheet)
        return sheets

    marked: Sequence[float] = ()
    """Ticks that are set off."""
    reference: float | None = None
    """A value that is marked in every row."""

    def _before(self, sheet: Sheet, scale: Scale) -> None:
        if self.reference is not None and scale.holds(self.reference):
            x, look = scale(self.reference), LOOKS["reference"]
            ends = tuple((x, y) for y in self.span)
            sheet.put(Stroke("reference", ends, look.colour, 1.3, look.dash))

    def _write(
        self,
        sheet: Sheet,
        number: int,
        top: float,
        height: float,
        first: bool,
        scale: Scale,
        draw: Draw,
    ) -> None:
        row, bottom = self.rows[number], top + height
        heading = self.heading(number, first)
        if heading:
            sheet.write(f"row{number}.group", MARGIN, top + _HEADING_SPACE, heading)
            top += tall(heading) + _HEADING_SPACE
        if row.reading:
            if self.named(number, first):
                sheet.write(f"row{number}.name", MARGIN, top + _SPACE / 2, row.name)
                top += tall(row.name)
            middle = (top + bottom) / 2.0
            sheet.centre(f"row{number}.reading", MARGIN + _INDENT, middle, row.reading)
        else:
            middle = (top + bottom) / 2.0
            sheet.centre(f"row{number}.name", MARGIN, middle, row.name)
        for place, (edge, column, cell) in enumerate(
            zip(self.place.cells, self.columns, row.cells, strict=False)
        ):
            sheet.centre(f"row{number}.cell{place}", edge, middle, cell, column.align)
        if row.note:
            half = tall(row.note) / 2.0
            ground = Box(self.place.plot[0] - 0.05, middle - half,
                         self.place.plot[0] + wide(row.note) + 0.05, middle + half)  # fmt: skip
            sheet.put(Area(f"row{number}.ground", rectangle(ground), PAPER))
            sheet.centre(f"row{number}.note", self.place.plot[0], middle, row.note)
        draw(sheet, scale, number, middle)


def paged(
    count: int,
    height: Callable[[int, bool], float],
    together: Sequence[int],
    room: float,
    most: int = ROWS,
) -> list[range]:
    """Rows by page: as few pages as there must be, breaks where they tear least apart.

    ``height`` of a row, as the first of its page or not; ``together`` says how much a row belongs
    to the one before: 0 not, 1 to its group, 2 to its name. A row higher than a page has one alone.
    """
    tear = (0.0, 0.7, 3.0)
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, count + 1):
        choices = []
        rest = 0.0  # all but the first row of the page
        for start in range(end - 1, max(end - most, 0) - 1, -1):
            rest += height(start + 1, False) if start + 1 < end else 0.0
            used = height(start, True) + rest
            if used > room and start < end - 1:
                break
            empty = max(1.0 - used / room, 0.0)
            cost = best[start][0] + 1.0 + 0.15 * empty**2
            cost += tear[together[end]] if end < count else 0.0
            choices.append((cost, start))
        best.append(min(choices))
    pages: list[range] = []
    end = count
    while end:
        start = best[end][1]
        pages.insert(0, range(start, end))
        end = start
    return pages


# ------------------------------------------------------------------ dots and intervals


def put_dot(
    sheet: Sheet,
    name: str,
    scale: Scale,
    dot: Dot,
    y: float,
    size: float = 10.0,
    thick: float = 3.0,
) -> None:
    """Draw a value with its interval; a value beyond the axis is a triangle at its end."""
    look = LOOKS[dot.role]
    if dot.interval is not None:
        left, right = scale.ends(*dot.interval)
        low, high = dot.interval
        inside = (low is None or low <= scale.high) and (high is None or high >= scale.low)
        if inside:
            # Never so short that it could not be seen beside its dot.
            sheet.put(
                Stroke(f"{name}.interval", ((left, y), (right, y)), look.colour, thick, None, 0.55)
            )
            for side, end, x in (("low", low, left), ("high", high, right)):
                if end is not None and scale.holds(end):
                    cap = ((x, y - 0.065), (x, y + 0.065))
                    sheet.put(Stroke(f"{name}.{side}", cap, look.colour, 1.4))
    if dot.value is None or math.isnan(dot.value):
        return
    shape = look.shape
    if not scale.holds(dot.value):
        shape = "right" if dot.value > scale.high else "left"
    fill = PAPER if dot.hollow else look.colour
    sheet.put(Spot(name, scale(dot.value), y, look.colour, fill, size, shape, 1.8))


def _reached(dots: Sequence[Dot]) -> list[float]:
    """All values that an axis has to hold for some dots."""
    ends = [end for dot in dots for end in dot.interval or () if end is not None]
    return [*ends, *(dot.value for dot in dots if dot.value is not None)]


# ------------------------------------------------------------------ chances


def draw_chances(figure: Chances, stamp: Stamp, speech: Speech) -> list[Sheet]:
    """Dots with intervals between 0 and 100 %, chance, median and goal in words beside them."""
    classes: tuple[Role, ...] = ("likely", "open", "unlikely")
    keys = [Key(role, Said(f"picture.{role}")) for role in classes]
    roles: list[Role] = [next(c for c in classes if c == likelihood(row.probability))
                         for row in figure.rows]  # fmt: skip
    medians = any(row.median is not None for row in figure.rows)
    goals = any(row.goal is not None for row in figure.rows)
    items = []
    for row, role in zip(figure.rows, roles, strict=True):
        chance = ChanceInterval(row.probability, row.low, row.high)
        cells: list[Spoken] = [chance]
        looks = [(words_in(role), row.counts)]
        if medians:
            cells.append(row.median)
            looks.append((INK, False))
        if goals:
            cells.append(row.goal)
            looks.append((INK, False))
        items.append(Item(row.name, row.group, row.reading, cells, looks, row.counts))
    columns = [Column(Said("picture.chance"), align="left")]
    columns += [Column(Said("picture.median"))] if medians else []
    columns += [Column(Said("picture.goal"))] if goals else []
    table = Table(Frame(figure, stamp, speech, keys), items, columns)

    def draw(sheet: Sheet, scale: Scale, number: int, y: float) -> None:
        row = figure.rows[number]
        dot = Dot(row.probability, roles[number], (row.low, row.high), not row.counts)
        put_dot(sheet, f"row{number}", scale, dot, y)

    table.marked = (LIKELY,)
    sign = "%" if speech.language == "zh" else " %"
    guides = tuple((guide, f"{100 * guide:.0f}{sign}") for guide in (LIKELY, 0.0, 1.0, 0.5, 0.2))
    return table.sheets(Axis(form="chance", ticks=guides), [0.0, 1.0], draw)


# ------------------------------------------------------------------ dumbbells


def draw_dumbbell(figure: Dumbbell, stamp: Stamp, speech: Speech) -> list[Sheet]:
    """Values of a row, joined from the first to the last, with texts beside them."""
    keys = list(figure.keys)
    if figure.reference is not None and figure.reference[1] is not None:
        keys.append(Key("reference", figure.reference[1], "dash"))
    items = [
        Item(
            row.name,
            row.group,
            row.reading,
            row.texts,
            [(words_in(row.role) if row.sure else MUTED, row.sure and row.counts)] * len(row.texts),
            row.counts,
        )
        for row in figure.rows
    ]
    columns = [Column(header) for header in figure.columns]
    table = Table(Frame(figure, stamp, speech, keys), items, columns)
    values = [value for row in figure.rows for value in _reached(row.dots)]
    if figure.reference is not None:
        table.reference = figure.reference[0]
        values.append(figure.reference[0])

    def draw(sheet: Sheet, scale: Scale, number: int, y: float) -> None:
        row = figure.rows[number]
        places = [scale(dot.value) for dot in row.dots
                  if dot.value is not None and not math.isnan(dot.value)]  # fmt: skip
        name = f"row{number}"
        if len(places) > 1:
            look = LOOKS[row.role]
            ends = ((places[0], y), (places[-1], y))
            if len(row.dots) > 2:
                ends = ((min(places), y), (max(places), y))
            sheet.put(Stroke(f"{name}.change", ends, look.colour, 2.4 if row.sure else 1.2))
        for place, dot in enumerate(row.dots):
            # Those behind are larger, so that equal ones are seen as rings around each other.
            size = 11.0 - 4.0 * place / max(len(row.dots) - 1, 1)
            put_dot(sheet, f"{name}.dot{place}", scale, dot, y, size)

    return table.sheets(figure.axis, values, draw)


# ------------------------------------------------------------------ ladders


def draw_ladder(figure: Ladder, stamp: Stamp, speech: Speech) -> list[Sheet]:
    """Values by series on one axis, with a goal; texts of each series and the goal beside them."""
    keys = list(figure.keys)
    if figure.reference is not None and figure.reference[1] is not None:
        keys.append(Key("reference", figure.reference[1], "dash"))
    goals = any(row.goal is not None for row in figure.rows)
    items = []
    for row in figure.rows:
        texts = [*row.texts, *[None] * (len(figure.columns) - len(row.texts))]
        looks = [(words_in(role) if row.counts else MUTED, False) for _, role in figure.columns]
        if goals:
            texts.append(row.goal)
            looks.append((INK, False))
        least = _LANE * (len(row.dots) + 1) if figure.apart else 0.0
        items.append(
            Item(row.name, row.group, row.reading, texts, looks, row.counts, row.note, least)
        )
    columns = [Column(header, words_in(role)) for header, role in figure.columns]
    columns += [Column(figure.goal)] if goals else []
    table = Table(Frame(figure, stamp, speech, keys), items, columns)
    values = [value for row in figure.rows for value in _reached(row.dots)]
    values += [row.at for row in figure.rows if row.at is not None]
    if figure.reference is not None:
        table.reference = figure.reference[0]
        values.append(figure.reference[0])
    low, high = figure.axis.ends  # what lies beyond is drawn at the end
    values = [value for value in values
              if (low is None or value >= low) and (high is None or value <= high)]  # fmt: skip

    def draw(sheet: Sheet, scale: Scale, number: int, y: float) -> None:
        row, name = figure.rows[number], f"row{number}"
        places = [scale(dot.value) for dot in row.dots
                  if dot.value is not None and not math.isnan(dot.value)]  # fmt: skip
        lane = _LANE if figure.apart else 0.0
        lanes = [y + lane * (place - (len(row.dots) - 1) / 2.0) for place in range(len(row.dots))]
        if len(places) > 1:
            ends = ((min(places), y), (max(places), y))
            if figure.apart:
                ends = ((places[0], lanes[0]), (places[0], lanes[-1]))
            sheet.put(Stroke(f"{name}.reach", ends, FAINT, 1.2))
        if row.at is not None:
            x, look = scale(row.at), LOOKS["goal"]
            sheet.put(Stroke(f"{name}.goal", ((x, y - 0.12), (x, y + 0.12)), look.colour, 2.2))
        for place, dot in enumerate(row.dots):
            size = 11.0 - 4.5 * place / max(len(row.dots) - 1, 1)
            thick = 5.0
            if figure.apart:
                size, thick = 7.0, 2.0
            put_dot(sheet, f"{name}.dot{place}", scale, dot, lanes[place], size, thick)

    return table.sheets(figure.axis, values, draw)
