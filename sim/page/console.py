"""The answer on a console: a first screen that answers, or all of it.

The first screen is the answer in at most three sentences, one table that fits
:data:`LINES` lines, and where the rest is. With ``table=full`` everything is printed.
"""

from __future__ import annotations

import io
import os
import re
import sys
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import IO, Literal

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.table import Table as RichTable
from rich.text import Text

from sim.answer.blocks import Answer, Line, Look, Table, Width
from sim.command.terminal import outlet
from sim.page.heads import untorn
from sim.words import Speech

LINES = 24
"""Lines that a short table may take, its headers included."""

HEADLINES = 3
"""Sentences of the first screen."""

PLAIN_WIDTH = 120  # columns where the output is a file or a pipe and nobody says how many
NARROW = 90
"""Below so many columns what a table can spare is left out."""

_SHORTEST: Mapping[Width, int] = {"name": 14, "text": 8, "number": 12}
"""Characters that a line of a cell has, whatever else there is to show."""

_UNBROKEN = re.compile("[^\\s\u2e80-\uffef]+|[\u2e80-\uffef]")
"""What stays on one line: a word, or a Chinese character."""

_LOOKS: Mapping[Look, str] = {
    "": "",
    "quiet": "dim",
    "likely": "blue",
    "open": "default",
    "unlikely": "dark_orange3",
}


def console_on(file: IO[str] | None = None) -> Console:
    """A console on ``file`` (default: standard output).

    It is as wide as the terminal; off a terminal as wide as the environment variable ``COLUMNS``
    says, else :data:`PLAIN_WIDTH`. Texts are printed as they are: labels may hold brackets.
    """
    stream = outlet(sys.stdout) if file is None else file
    width = None if stream.isatty() else _width_off_a_terminal()
    return Console(file=stream, width=width, highlight=False, markup=False, emoji=False)


def _width_off_a_terminal() -> int:
    columns = os.environ.get("COLUMNS", "")
    return int(columns) if columns.isdecimal() and int(columns) else PLAIN_WIDTH


def answered(
    answer: Answer,
    speech: Speech,
    width: int,
    folder: Path | None = None,
    *,
    full: bool = False,
    more: bool = True,
) -> Iterator[RenderableType]:
    """The parts of an answer, to be printed one below the other.

    Args:
        width: columns of the console.
        folder: where the files are; None if there are none.
        full: all sentences, tables and notes, not the first screen alone.
        more: whether there is more than a first screen shows.
    """
    told = [*answer.said(speech, "headline")]
    yield from map(Text, told if full else told[:HEADLINES])
    yield from map(Text, answer.said(speech, "caution"))
    shown = [table for table in answer.tables if not table.annex]
    for table in shown if full else shown[:1]:
        yield Text("")
        yield _titled(table, speech, width, full=full)
    if full:
        for note in answer.notes:
            yield Text(speech.text(note.said), style="dim")
        yield Text("")
        yield from map(Text, answer.said(speech, "support"))
    elif more:
        yield Text(speech("console.more"), style="dim")
    if folder is not None:
        yield Text(f"{speech('console.results')}: {folder}", no_wrap=True, overflow="ignore")


def _titled(table: Table, speech: Speech, width: int, *, full: bool) -> RenderableType:
    heading = Text(speech.text(table.title), style="bold")
    if table.caption is not None:
        heading.append("\n" + speech.text(table.caption), style="not bold")
    if full:
        return Group(heading, _laid_out(table, table.rows, speech, width))
    lines = table.essential()
    if not lines:  # nothing stands out: then the first ones, rather than none
        lines = [*table.rows]
    shown = _fitting(table, lines, speech, width)
    left_out = sum(not line.heading for line in table.rows) - sum(not ln.heading for ln in shown)
    parts: list[RenderableType] = [heading, _laid_out(table, shown, speech, width)]
    if left_out:
        parts.append(Text(speech("console.left_out", count=left_out), style="dim"))
    return Group(*parts)


def _fitting(table: Table, lines: Sequence[Line], speech: Speech, width: int) -> list[Line]:
    """As many lines as a short table has room for."""

    def height(count: int) -> int:
        laid = _laid_out(table, lines[:count], speech, width)
        return rendered([laid], width).count("\n")

    counts = range(1, len(lines) + 1)  # more lines are never less high
    shown = [*lines[: max(1, bisect_right(counts, LINES, key=height))]]
    while shown and shown[-1].heading:
        shown.pop()
    return shown


def _laid_out(table: Table, lines: Sequence[Line], speech: Speech, width: int) -> RichTable:
    columns = _widths(table, lines, speech, width)
    padding = (0, _gap(width) - 1, 0, 0)  # beside the blank of the box
    laid = RichTable(box=SIMPLE_HEAD, padding=padding, pad_edge=False, header_style="bold")
    for name, own in columns.items():
        column = table.columns[name]
        laid.add_column(
            untorn(speech.text(column.header), partial(_lines, width=own)),
            justify="right" if column.width == "number" else "left",
            width=own,
            overflow="fold",
        )
    first = next(iter(table.columns))
    for line in lines:
        if line.heading:
            laid.add_section()
            laid.add_row(Text(speech.text(line.cells[first]), style="bold underline"))
            continue
        laid.add_row(
            *(
                Text(speech.text(line.cells.get(name)), style=_LOOKS[line.looks.get(name, "")])
                for name in columns
            )
        )
    return laid


def _lines(text: str, width: int) -> list[str]:
    """A text in lines of a width, as a cell has them."""
    console = Console(file=io.StringIO())
    return [line.plain for line in Text(text).wrap(console, width, overflow="fold")]


def _gap(width: int) -> int:
    """Blanks between columns."""
    return 1 if width < NARROW else 2


def _widths(table: Table, lines: Sequence[Line], speech: Speech, width: int) -> dict[str, int]:
    """The columns that there is room for, and how wide each one is.

    Where it is narrow, those that can be spared are left out, and then the last ones, until no
    word needs to be broken. What room is left goes to the columns that could do with more.
    """
    least, most = {}, {}
    for name, column in table.columns.items():
        if column.spare and width < NARROW:
            continue
        said = [speech.text(column.header)]
        said += [speech.text(line.cells.get(name)) for line in lines]
        longest = max(map(cell_len, said))
        word = max(cell_len(part) for text in said for part in _UNBROKEN.findall(text) or [""])
        most[name] = longest if column.room is None else min(longest, max(column.room, word))
        whole = column.width == "number" and column.room is None
        least[name] = most[name] if whole else min(most[name], max(word, _SHORTEST[column.width]))
    left = width - 1 - sum(own + _gap(width) for own in least.values())
    while left < 0 and len(least) > 2:
        left += least.popitem()[1] + _gap(width)
    wanted = {name: most[name] - own for name, own in least.items()}
    part = min(1.0, max(0, left) / max(1, sum(wanted.values())))
    return {name: own + int(part * wanted[name]) for name, own in least.items()}


def listed(
    columns: Mapping[str, Literal["left", "right"]], rows: Iterable[Sequence[str]]
) -> RenderableType:
    """Rows of texts below headings; a column is flush left or right."""
    table = RichTable(box=SIMPLE_HEAD)
    for heading, flush in columns.items():
        table.add_column(heading, justify=flush)
    for row in rows:
        table.add_row(*row)
    return table


def rendered(parts: Iterable[RenderableType], width: int) -> str:
    """What a console of a width would show, with styles as escape sequences."""
    paper = Console(
        file=io.StringIO(),
        width=width,
        force_terminal=True,
        color_system="truecolor",
        no_color=False,
        highlight=False,
        markup=False,
        emoji=False,
    )
    with paper.capture() as capture:
        for part in parts:
            paper.print(part)
    return capture.get()


def show(text: str, console: Console) -> None:
    """Print what :func:`rendered` has returned for a console of the same width."""
    console.print(Text.from_ansi(text.removesuffix("\n")), soft_wrap=True)
