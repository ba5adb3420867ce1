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

LARGEST_FILE = 16_000_000
"""Bytes; a table of all villages of a country is smaller."""

_SEPARATORS = ",;\t"
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # xlsx and ods, xls
_AS_CSV = 'a CSV file: in the spreadsheet "save as", type "CSV UTF-8"'


class Unreadable(Exception):
    """There is no grid in the file, or not all of it.

    Attributes:
        problem: what is wrong; ``allowed``: the way out.
        row: where, as a spreadsheet counts; None for the file as a whole.
    """

    def __init__(self, problem: str, allowed: str, row: int | None = None) -> None:
        super().__init__(problem)
        self.problem, self.allowed, self.row = problem, allowed, row


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
        problem = "a cell is absurdly long: perhaps a quotation mark is opened and never closed"
    elif "unexpected end" in error:
        problem = "a quotation mark is opened and never closed"
    else:
        problem = "a cell goes on behind its closing quotation mark, or one is opened too early"
    allowed = 'a text between quotation marks, those within it doubled: "a ""b"" c"'
    return Unreadable(problem, allowed, row)


def _text(path: Path) -> str:
    """The contents of the file as text."""
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise Unreadable("this is a folder, not a file", "the path of a CSV file")
        if not stat.S_ISREG(found.st_mode):
            raise Unreadable("this is no ordinary file", "the path of a CSV file")
        if found.st_size > LARGEST_FILE:
            raise Unreadable(
                f"the file is too large for a table: {found.st_size:,} bytes",
                f"at most {LARGEST_FILE:,} bytes",
            )
        content = path.read_bytes()
    except OSError as error:
        raise Unreadable(f"the file cannot be read: {error.strerror}", "a file to read") from None
    if content.startswith(_WORKBOOKS):
        raise Unreadable("this is a workbook (xlsx, xls or ods), whatever its name says", _AS_CSV)
    text = _decoded(content)
    if "\0" in text:
        raise Unreadable("the file holds NUL characters, so it is no text", _AS_CSV)
    if not any(map(str.isalnum, text)):
        raise Unreadable("the table is empty", "a heading row, and a row for every place")
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
    raise Unreadable(
        "the encoding of the file is not sure: it is neither UTF-8, nor UTF-16 with its mark, nor "
        "GB2312 (the common characters of GB18030)",
        _AS_CSV,
    )


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
        or character in "·—…“”‘’"
    )
