"""Tables as slides: native, the essential rows, as many a slide as can be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sim.answer.blocks import Column, Line, Look, Spoken, Table
from sim.page.deck.charts import Page
from sim.page.deck.office import (
    BODY,
    LINE,
    SMALL,
    Deck,
    TableCell,
    Text,
    height_of,
    lines_of,
)
from sim.page.font import text_width
from sim.page.picture.colours import BLUE, GREY, MUTED, VERMILION, mixed
from sim.page.picture.sheet import Box
from sim.words import Speech

_FILLS: Mapping[Look, str] = {
    "likely": mixed(BLUE, 0.75),
    "open": mixed(GREY, 0.8),
    "unlikely": mixed(VERMILION, 0.72),
}
_HEAD, _HEADING = "#E0E8EF", "#F3F3F3"
_AROUND = 0.22  # inches beside the text of a cell
_WIDER = 1.05  # letters of the reader's fonts: cells are short, and rows may grow a little
_ABOVE = 0.06  # inches above and below it
_WIDEST = {"name": 4.6, "text": 3.2, "number": 2.8}
_NARROWEST = {"name": 2.8, "text": 1.4, "number": 1.0}

_Row = tuple[float, Sequence[TableCell]]


def table_pages(table: Table, speech: Speech, *, even: bool = False) -> list[Page]:
    """The slides that a table would take; none of one that is there to be looked up.

    Args:
        even: whether no slide is much emptier than the others: if all will be shown.
    """
    lines = table.essential()
    if table.annex or not lines:
        return []
    columns, widths = _columns(table, lines, speech)
    head = _head(columns, widths, speech)
    rows = [_row(line, columns, widths, speech) for line in lines]
    caption = speech.text(table.caption)
    shown = sum(not line.heading for line in lines)
    total = sum(not line.heading for line in table.rows)
    if shown < total:
        told = speech("deck.first", shown=shown, total=total)
        caption = speech.clauses(filter(None, [caption, told]))
    texts = [Text(caption, SMALL, colour=MUTED)] if caption else []
    top = BODY.top + (height_of(texts, BODY.width) + 0.08 if texts else 0.0)
    title = speech.text(table.title)
    notes = [
        caption,
        *(
            speech("deck.means", column=column.header, means=column.means)
            for column in columns.values()
            if column.means is not None
        ),
    ]
    split = _even_parts if even else _parts
    made = split([*zip(lines, rows, strict=True)], BODY.bottom - top - head[0])
    return [
        Page(
            title,
            _drawing(texts, top, widths, [head, *part], title),
            notes,
        )
        for part in made
    ]


def _drawing(
    texts: Sequence[Text], top: float, widths: Sequence[float], rows: Sequence[_Row], alt: str
) -> Callable[[Deck, Any], None]:
    def draw(deck: Deck, slide: Any) -> None:
        if texts:
            deck.write(slide, Box(BODY.left, BODY.top, BODY.right, top - 0.08), texts)
        bottom = top + sum(height for height, _ in rows)
        deck.table(slide, Box(BODY.left, top, BODY.left + sum(widths), bottom), widths, rows, alt)

    return draw


def _even_parts(rows: Sequence[tuple[Line, _Row]], room: float) -> list[list[_Row]]:
    """The same with no slide much emptier than the others."""
    parts = [*_parts(rows, room)]
    height = sum(row[0] for _, row in rows)
    for extra in (0.3, 0.6, 0.9):
        even = [*_parts(rows, min(room, height / len(parts) + extra))]
        if len(even) == len(parts):
            return even
    return parts


def _parts(rows: Sequence[tuple[Line, _Row]], room: float) -> Iterator[list[_Row]]:
    """Rows by slide; the heading of a group stands again where its rows go on."""
    part: list[_Row] = []
    heading: _Row | None = None
    used = 0.0
    for at, (line, row) in enumerate(rows):
        # A heading without a row below it does not end a slide.
        need = row[0] + (rows[at + 1][1][0] if line.heading and at + 1 < len(rows) else 0.0)
        if part and used + need > room:
            yield part
            part = [heading] if heading is not None and not line.heading else []
            used = sum(height for height, _ in part)
        if line.heading:
            heading = row
        part.append(row)
        used += row[0]
    if part:
        yield part


# ------------------------------------------------------------------ widths and heights


def _columns(
    table: Table, lines: Sequence[Line], speech: Speech
) -> tuple[dict[str, Column], list[float]]:
    """The columns that there is room for, and their widths in inches."""
    columns = {
        key: column
        for key, column in table.columns.items()
        if any(line.cells.get(key) is not None for line in lines)
    }
    wanted = {key: _wanted(key, column, lines, speech) for key, column in columns.items()}
    if sum(wanted.values()) > BODY.width:
        columns = {key: column for key, column in columns.items() if not column.spare}
        wanted = {key: wanted[key] for key in columns}
    spare = BODY.width - sum(wanted.values())
    widths = [*wanted.values()]
    if spare >= 0.0:
        return columns, [width * BODY.width / (BODY.width - spare) for width in widths]
    for kind in ("name", "text", "number"):  # names break best
        for at, column in enumerate(columns.values()):
            least = min(widths[at], _NARROWEST[kind])
            if column.width == kind and spare < 0.0:
                narrow = max(least, widths[at] + spare)
                spare += widths[at] - narrow
                widths[at] = narrow
    fit = BODY.width / max(sum(widths), BODY.width)
    return columns, [width * fit for width in widths]


def _wanted(key: str, column: Column, lines: Sequence[Line], speech: Speech) -> float:
    """The width of the longest cell, up to a limit."""
    texts = [_text(line.cells.get(key), speech) for line in lines if not line.heading]
    longest = max((_width(text) for text in texts), default=0.0)
    header = _width(speech.text(column.header), bold=True)
    return max(min(longest, _WIDEST[column.width]), min(header, 1.3)) + _AROUND


def _text(cell: Spoken, speech: Speech) -> str:
    """A cell without the blanks that align it on a screen."""
    return " ".join(speech.text(cell).split())


def _width(text: str, bold: bool = False) -> float:
    return (
        max((text_width(line, SMALL, bold) for line in text.split("\n")), default=0.0) / 72 * _WIDER
    )


def _height(texts: Sequence[tuple[str, float, bool]]) -> float:
    """Height of a row: that of its tallest cell."""
    lines = (
        lines_of(text, width - _AROUND + 0.06, SMALL, bold, _WIDER) for text, width, bold in texts
    )
    return max(lines, default=1) * SMALL * LINE / 72.0 + _ABOVE


def _head(columns: Mapping[str, Column], widths: Sequence[float], speech: Speech) -> _Row:
    texts = [speech.text(column.header) for column in columns.values()]
    cells = [
        TableCell(text, bold=True, fill=_HEAD, right=column.width == "number")
        for text, column in zip(texts, columns.values(), strict=True)
    ]
    return _height([(text, width, True) for text, width in zip(texts, widths, strict=True)]), cells


def _row(
    line: Line, columns: Mapping[str, Column], widths: Sequence[float], speech: Speech
) -> _Row:
    if line.heading:
        text = speech.text(line.cells.get(next(iter(columns))))
        cell = TableCell(text, bold=True, fill=_HEADING)
        return _height([(text, sum(widths), True)]), [cell]
    texts = [_text(line.cells.get(key), speech) for key in columns]
    cells = []
    for text, (key, column) in zip(texts, columns.items(), strict=True):
        look = line.looks.get(key, "")
        cells.append(
            TableCell(
                text,
                colour=MUTED if look == "quiet" else "#1A1A1A",
                fill=_FILLS.get(look),
                right=column.width == "number",
            )
        )
    return _height([(text, width, False) for text, width in zip(texts, widths, strict=True)]), cells
