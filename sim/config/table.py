"""Tables that users bring, as a spreadsheet or a program saves them, read with every doubt refused.

One reader for all of them: it knows the many ways to write a number, and names row and column of
whatever it does not understand. What it returns holds no guess.
"""

from __future__ import annotations

import difflib
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sim.config.errors import ConfigError
from sim.config.grid import Grid, Unreadable, read_grid
from sim.config.text import unprintable
from sim.words import Said

Kind = Literal["text", "code", "whole", "number"]
Cell = str | int | float

LONGEST_TEXT = 200
_LONGEST_CODE = 18  # digits, so that a code is a number of 64 bits
_LARGEST = 1e18  # likewise
_LISTED = 20  # problems of one table that are told one by one

_SUM_NAMES = frozenset(
    ("合计", "总计", "小计", "共计", "总和", "总数", "全市", "全市合计", "全省", "全国", "total",
     "totals", "grandtotal", "subtotal", "sub-total", "sum")
)  # fmt: skip
_PART_SUM = re.compile(r"(小计|合计|总计|共计)|\b(sub-?|grand )?totals?$", re.IGNORECASE)
_ROUNDING = 1e-3  # relative: a sum is rounded, or corrected where its parts are not

_PLAIN = r"[0-9]+(?:\.[0-9]*)?"
_GROUPED = r"[0-9]{1,3}(?:(?:,[0-9]{3})+|(?: [0-9]{3})+)(?:\.[0-9]*)?"
_NUMBER = re.compile(f"({_GROUPED}|{_PLAIN})")
_WITH_SIGN = re.compile(f"(-?(?:{_GROUPED}|{_PLAIN}))(.*)")
_SHORTENED = re.compile(r"[+-]?[0-9]*\.?[0-9]+[eE][+-]?[0-9]+")
_MULTIPLES = {"万": 10**4, "亿": 10**8}
_FULL_WIDTH = {0xFF01 + i: 0x21 + i for i in range(94)}
_SPACES = dict.fromkeys((0x3000, 0xA0, 0x2009, 0x202F), " ")
_SPREADSHEET_ERRORS = re.compile(r"#(REF!|N/A|NAME\?|VALUE!|DIV/0!|NUM!|NULL!|SPILL!|#+)")


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a table must have.

    Attributes:
        name: its heading.
        kind: ``text``; ``code``, digits that name the row, no two rows alike; ``whole``, a whole
            number of at least 0; ``number``, any of at least 0.
        unit: what its numbers are counted in.
        signs: what may stand behind a number because it says that very unit: ``人``, ``%``.
        most: the largest number that can be meant.
        known: the only names that may stand in a column of texts; None for any.
    """

    name: str
    kind: Kind = "text"
    unit: Said | None = None
    signs: tuple[str, ...] = ()
    most: float = math.inf
    known: tuple[str, ...] | None = None

    @property
    def is_amount(self) -> bool:
        """Whether a row of sums would add its cells up."""
        return self.kind in ("whole", "number")

    @property
    def allowed(self) -> Said:
        """What may stand in it."""
        words = Said(f"cells.column.{self.kind}", {"unit": self.unit})
        most = f"{self.most:,.0f}"
        return words if self.most == math.inf else Said("cells.at_most", {"a": words, "most": most})


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is understood: ``number`` as a spreadsheet counts it, ``cells`` by heading."""

    number: int
    cells: Mapping[str, Cell]

    def whole(self, column: str) -> int:
        """The cell of a column of kind ``whole`` or ``code``."""
        return int(self.cells[column])

    def amount(self, column: str) -> float:
        """The cell of a column of kind ``number``."""
        return float(self.cells[column])

    def text(self, column: str) -> str:
        """The cell of a column of kind ``text``."""
        return str(self.cells[column])


class Table:
    """What is read of a file, and what is found wrong with it.

    Checks that only the caller can make report to :meth:`refuse`; :meth:`close` raises all there
    is, so that one reading shows everything to mend.

    Args:
        path: the file: CSV with comma, semicolon or tab between cells, in UTF-8, in UTF-16 with its
            mark, or in GB2312.
        columns: those needed, in any order; what stands beside them is not looked at.
        key: the setting that names the file.

    Attributes:
        rows: those without a problem.

    Raises:
        ConfigError: there is no table, or its headings are not right.
    """

    def __init__(self, path: Path, columns: Sequence[Column], key: str) -> None:
        self._path = path
        self._columns = columns
        self._problems: list[ConfigError] = []
        names = [column.name for column in columns]
        try:
            grid = read_grid(path, names)
        except Unreadable as error:
            error.file = str(path)
            if error.key is None:
                error.key, error.value = key, str(path)
            raise
        self._check_heading(grid, names)
        self._raise()
        found = (self._row(grid, number, cells) for number, cells in grid.rows)
        self.rows = [row for row in found if row is not None]
        self._check_sums()
        self._check_codes()

    def refuse(
        self,
        row: int,
        column: str,
        problem: ConfigError,
        value: object = None,
    ) -> None:
        """Note what is wrong with a cell, which holds ``value``."""
        problem.file, problem.value = str(self._path), value
        problem.key = Said("cells.cell", {"row": row, "column": column})
        self._problems.append(problem)

    def close(self) -> list[Row]:
        """The rows. Raises ConfigError if anything was refused."""
        self._raise()
        return self.rows

    def _raise(self) -> None:
        found = self._problems
        if len(found) > _LISTED:
            more = ConfigError("cells.more", count=len(found) - _LISTED, file=str(self._path))
            found = [*found[:_LISTED], more]
        if found:
            raise ConfigError.join(found)

    # ------------------------------------------------------------------ headings

    def _check_heading(self, grid: Grid, names: Sequence[str]) -> None:
        counts = Counter(grid.heading)
        free = [name for name in grid.heading if name and name not in names]
        if not any(counts[name] for name in names):
            given = grid.separator.join(grid.heading)
            self.refuse(grid.at, "1", ConfigError("cells.no_heading", names=names), given)
            return
        for name in names:
            if counts[name] > 1:
                problem = ConfigError("cells.heading_twice", name=name, count=counts[name])
                self.refuse(grid.at, name, problem)
            elif not counts[name]:
                near = next(iter(difflib.get_close_matches(name, free, n=1)), None)
                self.refuse(grid.at, name, ConfigError("cells.no_column", name=name, nearest=near))
        if not grid.rows:
            self.refuse(grid.at + 1, names[0], ConfigError("cells.only_heading"))

    # ------------------------------------------------------------------ cells

    def _row(self, grid: Grid, number: int, cells: Sequence[str]) -> Row | None:
        """The row; None if something is wrong with it."""
        heading, before = grid.heading, len(self._problems)
        if len(cells) < len(heading) or any(cell.strip() for cell in cells[len(heading) :]):
            problem = ConfigError("cells.cells", count=len(cells), headings=len(heading))
            self.refuse(number, heading[0], problem, cells[0])
            return None
        texts = {name: cell.strip() for name, cell in zip(heading, cells, strict=False)}
        for name, text in texts.items():
            if "\n" in text and text.count(grid.separator) >= len(heading) - 1:
                self.refuse(number, name, ConfigError("cells.rows_in_quotation"), text)
                return None
        for column in self._columns:
            text = texts[column.name]
            if not column.is_amount and _is_sum_by_name(text):
                self._refuse_sum(number, column.name, text)
                return None
        read = {}
        for column in self._columns:
            try:
                read[column.name] = _cell(texts[column.name], column, grid.separator)
            except ConfigError as problem:
                self.refuse(number, column.name, problem, texts[column.name])
        return Row(number, read) if len(self._problems) == before else None

    def _refuse_sum(self, row: int, column: str, value: object) -> None:
        self.refuse(row, column, ConfigError("cells.sum"), value)

    # ------------------------------------------------------------------ rows

    def _check_codes(self) -> None:
        """No code twice, and no row under two codes."""
        for column in (column.name for column in self._columns if column.kind == "code"):
            first: dict[str, Row] = {}
            told: dict[tuple[Cell, ...], Row] = {}
            for row in self.rows:
                before = first.setdefault(row.text(column), row)
                rest = tuple(cell for name, cell in row.cells.items() if name != column)
                alike = told.setdefault(rest, row)
                if before is row and alike is not row:
                    other = ConfigError("cells.other_code", row=alike.number)
                    self.refuse(row.number, column, other, row.text(column))
                if before is row:
                    continue
                again = "cells.row_again" if before.cells == row.cells else "cells.code_again"
                problem = ConfigError(again, row=before.number, allowed=Said("cells.codes_once"))
                self.refuse(row.number, column, problem, row.text(column))

    def _check_sums(self) -> None:
        """Among three rows or more none has in every column of amounts the sum of the others.

        Nor that of the rows right above or right below it, or of the others of its kind (where a
        column has known names), as a row of a part of the whole has.
        """
        amounts = [column.name for column in self._columns if column.is_amount]
        if len(self.rows) < 3 or not amounts:
            return
        numbers = [[row.amount(name) for name in amounts] for row in self.rows]
        kinds = [column.name for column in self._columns if column.known is not None]
        parts: dict[tuple[str, Cell], list[list[float]]] = {}
        for row, own in zip(self.rows, numbers, strict=True):
            for kind in kinds:
                parts.setdefault((kind, row.cells[kind]), []).append(own)
        for at, (row, own) in enumerate(zip(self.rows, numbers, strict=True)):
            if any(own) and (
                _is_sum_of_rest(own, numbers)
                or any(_is_sum_of_rest(own, parts[kind, row.cells[kind]]) for kind in kinds)
                or _begins_with_sum(own, numbers[at + 1 :])
                or _begins_with_sum(own, numbers[:at][::-1])
            ):
                self._refuse_sum(row.number, amounts[0], row.cells[amounts[0]])


def _is_sum_by_name(text: str) -> bool:
    return (
        re.sub(r"[\s:：]", "", text).casefold() in _SUM_NAMES or _PART_SUM.search(text) is not None
    )


def _same(these: Sequence[float], those: Sequence[float]) -> bool:
    pairs = zip(these, those, strict=True)
    return all(math.isclose(this, that, rel_tol=_ROUNDING) for this, that in pairs)


def _is_sum_of_rest(own: Sequence[float], rows: Sequence[Sequence[float]]) -> bool:
    """Whether ``own``, one of three ``rows`` or more, is the sum of the others."""
    totals = [math.fsum(column) for column in zip(*rows, strict=True)]
    return len(rows) > 2 and _same([2.0 * number for number in own], totals)


def _begins_with_sum(own: Sequence[float], rows: Sequence[Sequence[float]]) -> bool:
    """Whether the first two or more of ``rows`` add up to ``own``."""
    sums = [0.0] * len(own)
    for count, row in enumerate(rows, start=1):
        sums = [total + number for total, number in zip(sums, row, strict=True)]
        if sums[0] > own[0] * (1.0 + _ROUNDING):
            return False
        if count > 1 and _same(own, sums):
            # Rows of nothing add nothing: two with something are a sum.
            return sum(any(each) for each in rows[:count]) > 1
    return False


def _cell(text: str, column: Column, separator: str) -> Cell:
    """What a cell means. Raises ConfigError if it is not understood for sure."""
    if not text:
        raise ConfigError("cells.empty_cell", allowed=column.allowed)
    if text.startswith(("=", "＝")):
        raise ConfigError("cells.formula", allowed=column.allowed)
    if _SPREADSHEET_ERRORS.fullmatch(text):
        raise ConfigError("cells.spreadsheet_error", allowed=column.allowed)
    if column.kind == "text":
        return _text(text, column)
    plain = text.translate(_FULL_WIDTH).translate(_SPACES)
    if column.kind == "code":
        if not re.fullmatch(r"[1-9][0-9]*", plain) or len(plain) > _LONGEST_CODE:
            raise ConfigError("cells.no_code", allowed=column.allowed)
        return plain
    return _amount(plain, column, separator)


def _text(text: str, column: Column) -> str:
    if column.known is not None and text not in column.known:
        raise ConfigError("cells.unknown", column=column.name, known=column.known)
    if len(text) > LONGEST_TEXT:
        raise ConfigError("cells.long_text", count=f"{len(text):,}", most=LONGEST_TEXT)
    if "\ufffd" in text:
        raise ConfigError("cells.lost_character")
    hidden = unprintable(text)
    if hidden is not None:
        raise ConfigError("cells.hidden", hidden=hidden)
    return text


def _amount(plain: str, column: Column, separator: str) -> int | float:
    """The number that a text in half-width characters says."""
    for sign in column.signs:
        plain = plain.removesuffix(sign).rstrip()
    if _SHORTENED.fullmatch(plain):
        raise ConfigError("cells.shortened", allowed=column.allowed)
    if not _NUMBER.fullmatch(plain):
        raise _misread(plain, column)
    if separator == ";" and re.fullmatch(r"[0-9]{1,3},[0-9]{3}", plain) and column.kind != "whole":
        raise ConfigError("cells.comma", allowed=column.allowed)
    digits = re.sub(r"[ ,]", "", plain)
    whole, _, decimals = digits.partition(".")
    if column.kind == "whole" and decimals.strip("0"):
        raise ConfigError("cells.fraction", unit=column.unit, allowed=column.allowed)
    value = float(digits) if column.kind == "number" or len(whole) > _LONGEST_CODE else int(whole)
    if not value <= min(column.most, _LARGEST):
        raise ConfigError("cells.too_large_number", allowed=column.allowed)
    return value


def _misread(plain: str, column: Column) -> ConfigError:
    """What is wrong with a text that is no number, and what to write instead."""
    found = _WITH_SIGN.fullmatch(plain)
    if found is None:
        return ConfigError("cells.no_number", allowed=column.allowed)
    number, rest = float(re.sub(r"[ ,]", "", found[1])), found[2].strip()
    if found[1].startswith("-"):
        return ConfigError("cells.negative", allowed=column.allowed)
    if rest[:1] in _MULTIPLES:
        meant = round(number * _MULTIPLES[rest[0]])
        allowed = Said("cells.meant", {"a": column.allowed, "meant": meant})
        return ConfigError("cells.other_unit", unit=column.unit, other=rest[0], allowed=allowed)
    if rest == "%":
        return ConfigError("cells.per_cent", unit=column.unit, allowed=column.allowed)
    return ConfigError("cells.behind_number", rest=rest, allowed=column.allowed)
