"""A page of a picture: 16:9, in one language, with all that stands around what it shows.

A page is a list of marks: texts, strokes, areas and spots, in inches from its top left corner, with
sizes of type in points. Whoever draws a kind of figure puts marks; :mod:`sim.page.picture.canvas`
makes files of them, and a test can read them as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from sim.answer.blocks import Figure, Spoken
from sim.answer.figures import Key, Sign, Stamp
from sim.page.font import text_width
from sim.page.heads import untorn
from sim.page.picture.colours import FAINT, INK, LOOKS, MUTED, PAPER, Dash, Fill, Shape
from sim.words import Said, Speech

WIDTH, HEIGHT = 40.0 / 3.0, 7.5
MARGIN = 0.5
POINT = 1.0 / 72.0  # inches
SMALL = 12.0  # the smallest type, in points: read from the back row
TITLES = ((22.0, 1), (20.0, 1), (18.0, 1), (20.0, 2), (18.0, 2), (16.0, 2))
"""Sizes of a title and its lines: the first in which it fits."""

LEADING = 1.34
HASH = 12  # characters of a result_hash that name it

# Lines at most, so that no wording leaves the picture itself without room.
_LEGEND, _KEYS, _NOTES, _ORIGIN, _CAUTION = 3, 3, 4, 2, 3
_BASELINE = 0.35  # of the size, from the middle of a line down to its baseline
_HALF = 0.58  # of the size, from the middle of a line to what its signs reach
_SWATCH = 0.3  # inches
_ABOVE_NOTES = 0.12  # inches
_MARKS = ("●", "○", "†")
_NO_LINE_START = "，。、；：？！）》」』”’%％,.;:?!)"


# ------------------------------------------------------------------ words


@dataclass(frozen=True)
class Line:
    """One line of text with its look."""

    text: str
    size: float = SMALL
    bold: bool = False
    colour: str = INK

    @property
    def height(self) -> float:
        """Height in inches, spacing included."""
        return self.size * LEADING * POINT

    @property
    def width(self) -> float:
        """Width in inches."""
        return text_width(self.text, self.size, self.bold) * POINT


def _pieces(text: str) -> Iterator[str]:
    """The parts of a text between which a line may break: words and Chinese characters."""
    piece = ""
    for character in text:
        wide = ord(character) >= 0x2E80
        if piece and (wide or piece[-1] == " " or ord(piece[-1]) >= 0x2E80):
            if character in _NO_LINE_START:
                piece += character
                continue
            yield piece
            piece = ""
        piece += character
    if piece:
        yield piece


@cache
def _advance(piece: str, size: float, bold: bool) -> float:
    """Width in inches that a piece adds to a line, spaces at its end included."""
    return (text_width(f"|{piece}|", size, bold) - text_width("||", size, bold)) * POINT


def wrapped(text: str, width: float, size: float, bold: bool = False) -> list[str]:
    """``text`` in lines at most ``width`` inches wide; its own line breaks stay.

    A word that is wider than that is broken where it must be.
    """
    lines = []
    for paragraph in text.split("\n"):
        line, used = "", 0.0
        for piece in _parts(paragraph, width, size, bold):
            if line and used + _advance(piece.rstrip(" "), size, bold) > width:
                lines.append(line.rstrip(" "))
                line, used = "", 0.0
            line += piece
            used += _advance(piece, size, bold)
        lines.append(line.rstrip(" "))
    return lines


def _parts(text: str, width: float, size: float, bold: bool) -> Iterator[str]:
    """The pieces of a text; one that is wider than a line in parts that are not."""
    for piece in _pieces(text):
        part, used = "", 0.0
        for character in piece if _advance(piece.rstrip(" "), size, bold) > width else (piece,):
            more = _advance(character, size, bold)
            if part and used + more > width:
                yield part
                part, used = "", 0.0
            part += character
            used += more
        yield part


def block(
    text: str,
    width: float,
    size: float = SMALL,
    *,
    bold: bool = False,
    colour: str = INK,
    most: int | None = None,
) -> list[Line]:
    """A text as wrapped lines of one look; what exceeds ``most`` lines ends in an ellipsis."""
    if not text:
        return []
    lines = wrapped(text, width, size, bold)
    if most is not None and len(lines) > most:
        last = lines[most - 1]
        while last and _advance(last + "…", size, bold) > width:
            last = last[:-1]
        lines = [*lines[: most - 1], last.rstrip(" ,，、；;") + "…"]
    return [Line(line, size, bold, colour) for line in lines]


def column_head(
    text: str, width: float, *, bold: bool, colour: str = INK, most: int | None = None
) -> list[Line]:
    """The head of a column, small, which does not break inside its bracket."""
    whole = untorn(text, lambda own: wrapped(own, width, SMALL, bold))
    return block(whole, width, bold=bold, colour=colour, most=most)


def tall(lines: Sequence[Line]) -> float:
    """Height of a block of lines in inches."""
    return sum(line.height for line in lines)


def wide(lines: Sequence[Line]) -> float:
    """Width of a block of lines in inches."""
    return max((line.width for line in lines), default=0.0)


# ------------------------------------------------------------------ marks


@dataclass(frozen=True)
class Box:
    """A rectangle in inches from the top left corner of the page."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top

    def meets(self, other: Box) -> bool:
        """Whether both have some area in common."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


@dataclass(frozen=True)
class Text:
    """A line of text; ``x`` is where it starts, ends or is centred, ``y`` its middle."""

    name: str
    x: float
    y: float
    line: Line
    align: str = "left"

    @property
    def baseline(self) -> float:
        """Where its letters stand."""
        return self.y + _BASELINE * self.line.size * POINT

    @property
    def box(self) -> Box:
        """What its signs may cover."""
        width, half = self.line.width, _HALF * self.line.size * POINT
        left = self.x - {"left": 0.0, "center": 0.5, "right": 1.0}[self.align] * width
        return Box(left, self.y - half, left + width, self.y + half)


@dataclass(frozen=True)
class Stroke:
    """A line through points; width and dashes in points."""

    name: str
    points: Sequence[tuple[float, float]]
    colour: str
    width: float = 1.0
    dash: Dash = None
    alpha: float = 1.0
    round: bool = False


@dataclass(frozen=True)
class Area:
    """A filled polygon; ``hatch`` is the colour of lines on it."""

    name: str
    points: Sequence[tuple[float, float]]
    colour: str
    alpha: float = 1.0
    hatch: str | None = None


@dataclass(frozen=True)
class Spot:
    """A dot: ``size`` in points across, ``colour`` that of its rim."""

    name: str
    x: float
    y: float
    colour: str
    fill: str
    size: float = 9.0
    shape: Shape = "circle"
    rim: float = 1.8


Drawn = Text | Stroke | Area | Spot


@dataclass
class Sheet:
    """A page: its marks, those on top last, and the room that is left for what it shows."""

    body: Box
    number: int = 1
    marks: list[Drawn] = field(default_factory=list)

    def put(self, *marks: Drawn) -> None:
        """Draw marks on top of those that are there."""
        self.marks += marks

    def write(
        self, name: str, left: float, top: float, lines: Sequence[Line], align: str = "left"
    ) -> None:
        """Write lines downwards from ``top``; the second is named ``name.2`` and so on."""
        for number, line in enumerate(lines, start=1):
            own = name if number == 1 else f"{name}.{number}"
            self.put(Text(own, left, top + line.height / 2.0, line, align))
            top += line.height

    def centre(
        self, name: str, left: float, middle: float, lines: Sequence[Line], align: str = "left"
    ) -> None:
        """Write lines so that their block is centred on the height ``middle``."""
        self.write(name, left, middle - tall(lines) / 2.0, lines, align)

    def swatch(self, name: str, left: float, middle: float, key: Key | Fill) -> None:
        """Draw the sign of a key, or a piece of a fill."""
        sign(self, name, Box(left, middle - 0.08, left + _SWATCH - 0.06, middle + 0.08), key)

    @property
    def texts(self) -> list[Text]:
        """Everything written on it."""
        return [mark for mark in self.marks if isinstance(mark, Text)]


def rectangle(box: Box) -> tuple[tuple[float, float], ...]:
    """The corners of a box."""
    return (
        (box.left, box.top),
        (box.right, box.top),
        (box.right, box.bottom),
        (box.left, box.bottom),
    )


def sign(sheet: Sheet, name: str, box: Box, key: Key | Fill) -> None:
    """Draw the sign of a key into a box, or fill it."""
    if isinstance(key, Fill):
        sheet.put(Area(name, rectangle(box), key.colour, 1.0, key.hatch))
        return
    look, middle = LOOKS[key.role], (box.top + box.bottom) / 2.0
    across = ((box.left, middle), (box.right, middle))
    centre = (box.left + box.right) / 2.0
    filled: dict[Sign, str] = {"dot": look.colour, "diamond": PAPER, "ring": PAPER}
    if key.sign in filled:
        shape: Shape = "diamond" if key.sign == "diamond" else look.shape
        sheet.put(Spot(name, centre, middle, look.colour, filled[key.sign], 9.0, shape))
    elif key.sign in ("band", "fill"):
        alpha = 0.25 if key.sign == "band" else 1.0
        sheet.put(Area(name, rectangle(box), look.colour, alpha))
        if key.sign == "band":
            sheet.put(Stroke(f"{name}.line", across, look.colour, 2.0, look.dash))
    elif key.sign == "frame":
        corners = rectangle(box)
        sheet.put(Stroke(name, (*corners, corners[0], corners[1]), INK, 2.6))
    elif key.sign == "bar":  # a value with its interval, upright
        sheet.put(
            Stroke(name, ((centre, box.top - 0.02), (centre, box.bottom + 0.02)), look.colour, 1.4),
            Stroke(f"{name}.line", across, look.colour, 2.6),
        )
    else:
        dash = look.dash or ((4.0, 3.0) if key.sign == "dash" else None)
        sheet.put(Stroke(name, across, look.colour, 2.0 if key.sign == "line" else 1.3, dash))


# ------------------------------------------------------------------ what stands around


def write_notes(sheet: Sheet, notes: Sequence[Spoken], speech: Speech) -> None:
    """Write below a page that is drawn what is to be said of it.

    A note that begins with a mark says what it means: it stands on pages that carry the mark.
    """
    written = "".join(text.line.text for text in sheet.texts)
    carried = [sign for sign in _MARKS if sign in written]
    needed = [
        note
        for note in map(speech.text, notes)
        if not note.startswith(_MARKS) or any(sign in note for sign in carried)
    ]
    lines = _noted(speech.sentences(needed))
    sheet.write("note", MARGIN, sheet.body.bottom + _ABOVE_NOTES, lines)


def _noted(text: str) -> list[Line]:
    return block(text, WIDTH - 2 * MARGIN, colour=MUTED, most=_NOTES)


Flow = list[tuple[float, Key | Fill | None, Line]]
"""A line of signs and their names: distance from the left, sign if any, words."""


class Frame:
    """What stands around the body of every page of a figure, in one language."""

    def __init__(
        self,
        figure: Figure,
        stamp: Stamp,
        speech: Speech,
        keys: Sequence[Key] = (),
        fills: Sequence[tuple[Fill, Spoken]] = (),
    ) -> None:
        self.speech = speech
        width = WIDTH - 2 * MARGIN
        self.number_room = 1.9  # inches beside the title, for the number of the page
        title = speech.text(figure.title).rstrip("。.")  # a sentence of the answer may be one
        self._title = self._titled(title, width - self.number_room)
        legend = speech.text(figure.legend)
        self._legend = block(legend, width, colour=MUTED, most=_LEGEND)
        named: list[tuple[Key | Fill | None, str]] = [(key, speech.text(key.name)) for key in keys]
        named += [(fill, speech.text(name)) for fill, name in fills]
        self._keys = self.flow(named, width)[:_KEYS]
        notes = _noted(speech.sentences(figure.notes))
        origin = Said(
            "picture.footer",
            {
                "scenario": figure.origin if figure.origin is not None else stamp.scenario,
                "replications": stamp.replications,
                "seed": stamp.seed,
                "hash": stamp.result_hash[:HASH],
            },
        )
        self._footer = [
            *block(speech.text(origin), width, colour=MUTED, most=_ORIGIN),
            *block(speech.text(stamp.caution), width, colour=MUTED, most=_CAUTION),
        ]
        top = MARGIN * 0.7 + tall(self._title) + 0.06 + tall(self._legend)
        self._keys_top = top + 0.04
        top = self._keys_top + len(self._keys) * Line("").height + (0.12 if self._keys else 0.06)
        self._footer_top = HEIGHT - MARGIN * 0.5 - tall(self._footer)
        notes_top = self._footer_top - tall(notes) - (0.04 if notes else 0.0)
        self.body = Box(MARGIN, top, WIDTH - MARGIN, notes_top - _ABOVE_NOTES)

    @staticmethod
    def _titled(title: str, width: float) -> list[Line]:
        for size, lines in TITLES:
            if len(wrapped(title, width, size, bold=True)) <= lines:
                break
        return block(title, width, size, bold=True, most=lines)

    def flow(self, items: Sequence[tuple[Key | Fill | None, str]], width: float) -> list[Flow]:
        """Signs and their names one after the other: by line, distance from the left of each."""
        lines: list[Flow] = []
        left = width
        for key, text in items:
            room = width - (_SWATCH if key else 0.0)
            for number, line in enumerate(block(text, room)):
                own = key if number == 0 else None
                need = line.width + (_SWATCH if key else 0.0)
                if number or not lines or left + need > width:
                    lines.append([])
                    left = 0.0
                colour = INK if key else MUTED
                at = left if own or not key else left + _SWATCH
                lines[-1].append((at, own, Line(line.text, line.size, colour=colour)))
                left += need + 0.25
        return lines

    def write_flow(
        self,
        sheet: Sheet,
        name: str,
        left: float,
        top: float,
        lines: Sequence[Flow],
    ) -> float:
        """Write what :meth:`flow` laid out; return where it ends."""
        number = 0
        for line in lines:
            middle = top + Line("").height / 2.0
            for at, key, text in line:
                number += 1
                own = f"{name}.{number}"
                if key is not None:
                    sheet.swatch(f"{own}.sign", left + at, middle, key)
                shift = _SWATCH if key is not None else 0.0
                sheet.put(Text(own, left + at + shift, middle, text))
            top += Line("").height
        return top

    def sheet(self, page: int, pages: int) -> Sheet:
        """An empty page with everything that stands around its body."""
        sheet = Sheet(self.body, page)
        sheet.write("title", MARGIN, MARGIN * 0.7, self._title)
        if pages > 1:
            number = self.speech("picture.page", page=page, pages=pages)
            lines = block(number, self.number_room - 0.1, colour=MUTED)
            sheet.write("page", WIDTH - MARGIN, MARGIN * 0.7 + 0.08, lines, "right")
        sheet.write("legend", MARGIN, MARGIN * 0.7 + tall(self._title) + 0.06, self._legend)
        self.write_flow(sheet, "key", MARGIN, self._keys_top, self._keys)
        rule = self._footer_top - 0.03
        sheet.put(Stroke("footer.rule", ((MARGIN, rule), (WIDTH - MARGIN, rule)), FAINT, 0.6))
        sheet.write("footer", MARGIN, self._footer_top, self._footer)
        return sheet
