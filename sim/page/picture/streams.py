"""Flows: money from source to payee as streams, as wide as they are large."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise

from sim.answer.figures import Flow, FlowPanel, Stamp
from sim.page.picture.colours import INK, LOOKS, MUTED, PAPER
from sim.page.picture.panels import Panel, multiples, spread_out
from sim.page.picture.sheet import (
    Area,
    Box,
    Frame,
    Line,
    Sheet,
    block,
    rectangle,
    wide,
)
from sim.words import Said, Share, Speech, Yuan, YuanInColumn

_BAR = 0.12  # inches: width of an account
_GAP = 0.08  # inches at least between two accounts of a column
_MORE = 0.3  # and at most what they get on top of it
_STREAMS = 0.45  # least share of the height for streams beside words of two lines
_SQUEEZED = 0.2  # the same where not even words of one line have room
_HALVINGS = 20  # until a scale is found
_NAME = 3.0  # inches at most beside an account
_BETWEEN = 0.7  # inches at least from the words of a column to the next column
_BESIDE = 0.08
_ALPHA = 0.4
_GROUND = 0.65  # of the white under words on streams
_STEPS = 16  # of the curve of a stream
_SHAPES = ((3, 1), (2, 1), (1, 1))
_LEAST = 3.0  # inches: height of a panel
_TICK = Line("").height


def draw_flow(figure: Flow, stamp: Stamp, speech: Speech) -> list[Sheet]:
    """Accounts as bars in columns, streams between them; all panels have one scale."""
    drawings = [_FlowDrawing(panel, figure, speech) for panel in figure.panels]
    frame = Frame(figure, stamp, speech, figure.keys)
    return multiples(
        frame,
        [Panel(one.panel.name, (), one) for one in drawings],
        0.0,
        shapes=_SHAPES,
        least=_LEAST,
        narrowest=max((one.width for one in drawings), default=0.0),
        stretched=True,
    )


@dataclass(frozen=True)
class _FlowDrawing:
    """Draws one panel of a flow."""

    panel: FlowPanel
    figure: Flow
    speech: Speech

    @cached_property
    def _columns(self) -> list[list[int]]:
        """Accounts with money by column."""
        accounts = self.panel.accounts
        count = max((account.column for account in accounts), default=-1) + 1
        columns: list[list[int]] = [[] for _ in range(count)]
        for number, account in enumerate(accounts):
            if self.panel.yuan(number) > 0.0:
                columns[account.column].append(number)
        return columns

    @cached_property
    def total(self) -> float:
        """Yuan of the fullest column."""
        panel = self.panel
        sums: defaultdict[int, float] = defaultdict(float)
        for number, account in enumerate(panel.accounts):
            sums[account.column] += panel.yuan(number)
        return max(sums.values(), default=0.0)

    def _label(self, number: int, lines: int) -> list[Line]:
        """The name of an account, its amount and its share, in one line or two."""
        say, yuan = self.speech.text, self.panel.yuan(number)
        share = Share(round(yuan / (self.total or 1.0), 2))
        told = YuanInColumn(yuan) if self.figure.unit_told else Yuan(round(yuan))
        amount = Said("picture.amount", {"amount": told, "share": share})
        name = say(self.panel.accounts[number].name)
        if lines == 1:
            joined = say(Said("picture.named_amount", {"name": name, "amount": amount}))
            return block(joined, _NAME + 1.0, most=1)
        return [
            *block(name, _NAME, bold=True, most=1),
            *block(say(amount), _NAME, colour=INK, most=1),
        ]

    @cached_property
    def _headers(self) -> list[list[Line]]:
        say = self.speech.text
        return [block(say(name), _NAME, colour=MUTED, most=1) for name in self.figure.columns]

    def _widest(self, column: int, lines: int = 2) -> float:
        header = self._headers[column : column + 1]
        labels = [self._label(number, lines) for number in self._columns[column]]
        return max(map(wide, [*labels, *header]), default=0.0)

    @property
    def width(self) -> float:
        """Width in inches that its words need."""
        count = len(self._columns)
        return sum(self._widest(c) + _BESIDE + _BAR for c in range(count)) + _BETWEEN * (count - 1)

    def __call__(self, sheet: Sheet, name: str, box: Box) -> None:
        """Draw into a box."""
        columns = self._columns
        if not columns:
            return
        body = Box(box.left, box.top + _TICK + 0.06, box.right, box.bottom)
        lines = 2 if self._fits(2, body.height) else 1
        inches = min(
            drawing.scale(lines, body.height)
            for drawing in (_FlowDrawing(own, self.figure, self.speech)
                            for own in self.figure.panels)
        )  # fmt: skip
        first = body.left + self._widest(0, lines) + _BESIDE
        last = body.right - self._widest(len(columns) - 1, lines) - _BESIDE - _BAR
        # Words stand between a column and the next, but for those of the first.
        rooms = [0.0, *(self._widest(c, lines) for c in range(1, len(columns) - 1))]
        free = (last - first - sum(rooms)) / max(len(columns) - 1, 1)
        edges = [first, *(first + x + free * c for c, x in enumerate(accumulate(rooms), start=1))]
        places: dict[int, Box] = {}
        for x, numbers in zip(edges, columns, strict=False):
            heights = [self.panel.yuan(number) * inches for number in numbers]
            gaps = _gaps(heights, lines * _TICK)
            spare = body.height - sum(heights) - sum(gaps)
            more = max(min(spare / (len(numbers) + 1), _MORE), 0.0)
            y = body.top + (spare - more * (len(numbers) - 1)) / 2.0
            for number, height, gap in zip(numbers, heights, gaps[1:], strict=True):
                y += gaps[0] if number == numbers[0] else 0.0
                places[number] = Box(x, y, x + _BAR, y + height)
                y += height + gap + more
        self._streams(sheet, name, places, inches)
        for number, place in places.items():
            sheet.put(Area(f"{name}.account{number}", rectangle(place), INK))
        for column, (x, numbers) in enumerate(zip(edges, columns, strict=False)):
            before = column == 0
            edge, align = (x - _BESIDE, "right") if before else (x + _BAR + _BESIDE, "left")
            self._labels(sheet, name, numbers, places, lines, body, edge, align)
            for header in self._headers[column : column + 1]:
                sheet.write(f"{name}.column{column}", edge, box.top, header, align)

    def _fits(self, lines: int, height: float) -> bool:
        """Whether words of so many lines leave the streams their share of a height."""
        return all(
            drawing.scale(lines, height) * drawing.total >= _STREAMS * height
            for drawing in (_FlowDrawing(own, self.figure, self.speech)
                            for own in self.figure.panels)
        )  # fmt: skip

    def scale(self, lines: int, height: float) -> float:
        """Inches of a yuan so that every column, with room for its words, has a height."""
        low, high = 0.0, height / (self.total or 1.0)
        for _ in range(_HALVINGS):
            middle = (low + high) / 2.0
            fits = True
            for numbers in self._columns:
                heights = [self.panel.yuan(number) * middle for number in numbers]
                fits &= sum(heights) + sum(_gaps(heights, lines * _TICK)) <= height
            low, high = (middle, high) if fits else (low, middle)
        return low or _SQUEEZED * height / (self.total or 1.0)

    def _streams(self, sheet: Sheet, name: str, places: dict[int, Box], inches: float) -> None:
        """Draw what flows between accounts, in the order in which the other ends stand."""
        own = [(n, s) for n, s in enumerate(self.panel.streams) if s.yuan > 0.0]

        def starts(here: str, there: str) -> dict[int, float]:
            used: defaultdict[int, float] = defaultdict(float)
            found = {}
            order = sorted(own, key=lambda e: (places[getattr(e[1], there)].top, e[1].role, e[0]))
            for number, stream in order:
                account = getattr(stream, here)
                found[number] = places[account].top + used[account]
                used[account] += stream.yuan * inches
            return found

        given, got = starts("source", "target"), starts("target", "source")
        for number, stream in own:
            ends = (places[stream.source].right, places[stream.target].left)
            area = _ribbon(*ends, given[number], got[number], stream.yuan * inches)
            colour = LOOKS[stream.role].colour
            sheet.put(Area(f"{name}.stream{number}", area, colour, _ALPHA))

    def _labels(
        self, sheet: Sheet, name: str, numbers: Sequence[int], places: dict[int, Box],
        lines: int, body: Box, edge: float, align: str,
    ) -> None:  # fmt: skip
        """Write beside accounts what they are; of more than have room, beside the largest."""
        need = lines * _TICK
        most = max(int(body.height / need), 1)
        named = sorted(numbers, key=lambda number: -self.panel.yuan(number))[:most]
        named = [number for number in numbers if number in named]
        if not named:
            return
        middles = [(places[n].top + places[n].bottom) / 2.0 for n in named]
        spots = spread_out(middles, need, body.top + need / 2.0, body.bottom - need / 2.0)
        for number, y in zip(named, spots, strict=True):
            words, half = self._label(number, lines), need / 2.0 - 0.02
            if align == "left":
                ground = Box(edge - 0.03, y - half, edge + wide(words) + 0.03, y + half)
                corners = rectangle(ground)
                sheet.put(Area(f"{name}.account{number}.ground", corners, PAPER, _GROUND))
            sheet.centre(f"{name}.account{number}.name", edge, y, words, align)


def _gaps(heights: Sequence[float], words: float) -> list[float]:
    """Room before, between and after accounts of some heights, so that words fit beside each."""
    between = [max(_GAP, words - (one + other) / 2.0) for one, other in pairwise(heights)]
    ends = [max(0.0, (words - height) / 2.0) for height in (*heights[:1], *heights[-1:])]
    return [*ends[:1], *between, *ends[1:]]


def _ribbon(
    left: float, right: float, start: float, end: float, width: float
) -> list[tuple[float, float]]:
    """The outline of a stream from a height at the left to one at the right."""
    upper = []
    for step in range(_STEPS + 1):
        t = step / _STEPS
        upper.append((left + (right - left) * t, start + (end - start) * (3.0 - 2.0 * t) * t * t))
    return [*upper, *((x, y + width) for x, y in reversed(upper))]
