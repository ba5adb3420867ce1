"""The cells of a CSV file that somebody brings, as texts: encoding, separator and quotation marks.

What a spreadsheet saves is read right or refused with a way out; nothing here knows what the cells
mean.
"""

from __future__ import annotations

import codecs
import csv
import io
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.config.errors import ConfigError
from sim.words import Said, SystemReason

LARGEST_FILE = 16_000_000
"""Bytes; a table of all villages of a country is smaller."""

_SEPARATORS = ",;\t"
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # xlsx and ods, xls


class Unreadable(ConfigError):
    """There is no grid in the file, or not all of it; ``key`` says in which row, if in one."""


@dataclass(frozen=True)
class Grid:
    """The cells of a file.

    Attributes:
        at: number of the heading, the first row with anything in it; rows count from 1 as in a
            spreadsheet, empty ones included.
        heading: its cells, without spaces around them.
        rows: number and cells of every further row with anything in it.
        separator: what stands between cells.
    """

    at: int
    heading: list[str]
    rows: list[tuple[int, list[str]]]
    separator: str


def read_grid(path: Path, known: Sequence[str]) -> Grid:
    """Read the file, in which some of the ``known`` headings should stand.

    Raises:
        Unreadable: it is not there, too large, no text, in an encoding that is not sure, empty, or
            its quotation marks do not match.
    """
    text = _text(path)
    separator = max(_SEPARATORS, key=lambda own: _fit(text, own, known))
    (at, heading), *rows = _numbered(text, separator, strict=True)
    return Grid(at, [cell.strip() for cell in heading], rows, separator)


def _fit(text: str, separator: str, known: Sequence[str]) -> tuple[int, int]:
    """How well a separator splits the first row: known headings, then any."""
    _, cells = next(_numbered(text, separator, strict=False))
    return len({cell.strip() for cell in cells}.intersection(known)), len(cells)


def _numbered(text: str, separator: str, *, strict: bool) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=strict)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if any(cell.strip() for cell in cells):
                yield number, cells
    except csv.Error as error:
        raise _broken(str(error), number + 1) from None


def _broken(error: str, row: int) -> Unreadable:
    if "field larger" in error:
        words = "cells.endless_cell"
    elif "unexpected end" in error:
        words = "cells.open_quotation"
    else:
        words = "cells.beyond_quotation"
    return Unreadable(words, key=Said("cells.row", {"row": row}), allowed=Said("cells.quoted"))


def _text(path: Path) -> str:
    """The contents of the file as text."""
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise Unreadable("cells.folder", allowed=Said("cells.path"))
        if not stat.S_ISREG(found.st_mode):
            raise Unreadable("cells.no_ordinary_file", allowed=Said("cells.path"))
        if found.st_size > LARGEST_FILE:
            raise Unreadable(
                "cells.too_large", bytes=f"{found.st_size:,}", most=f"{LARGEST_FILE:,}"
            )
        content = path.read_bytes()
    except OSError as error:
        raise Unreadable("cells.unreadable", reason=SystemReason.of(error)) from None
    if content.startswith(_WORKBOOKS):
        raise Unreadable("cells.workbook", allowed=Said("cells.csv"))
    text = _decoded(content)
    if "\0" in text:
        raise Unreadable("cells.nul", allowed=Said("cells.csv"))
    if not any(map(str.isalnum, text)):
        raise Unreadable("cells.empty")
    return text


def _decoded(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb2312")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding != "gb2312" or all(map(_usual_in_chinese, text)):
            return text
    raise Unreadable("cells.encoding", allowed=Said("cells.csv"))


def _usual_in_chinese(character: str) -> bool:
    """Whether a character is at home in a Chinese table.

    Texts in other encodings, taken for GB2312, soon show kana, Greek, Cyrillic or frames. The rarer
    characters of GB18030 prove nothing: almost any bytes are some of them.
    """
    code = ord(character)
    return (
        code < 0x80
        or 0x4E00 <= code <= 0x9FFF  # hanzi
        or 0x3000 <= code <= 0x303F  # punctuation
        or 0xFF01 <= code <= 0xFF5E  # full-width forms
        or character in "·\u30fb—\u2015…“”‘’"  # dot and dash of GB2312 are read as either
    )
