"""Console tables that are laid out for the width they get.

Where a line has no room for all columns, cells are stacked in one column or left out; numbers and
names are never squeezed into a few letters a line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rich.box import SIMPLE_HEAD
from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

WIDE, MEDIUM, COMPACT = 110, 90, 74
"""Widths from which a table of the report has all its columns, from which it stacks some, and from
which it stacks them closely; a narrower one leaves out what another table says."""

HEADING = "target"
"""The cell in which the heading of a group of rows stands."""


@dataclass(frozen=True)
class Column:
    """One column: the cells that it stacks, and how they are set.

    ``width``: the largest, None for what is left. ``whole``: no line is broken.
    """

    cells: tuple[str, ...]
    width: int | None = None
    right: bool = False
    whole: bool = False


@dataclass(frozen=True)
class _Row:
    cells: Mapping[str, Text]
    style: str | None = None
    heads: bool = False


@dataclass
class FittedTable:
    """A table of named cells; rows are added, and laid out when it is printed.

    ``headers``: by cell. ``layouts``: the columns by the width from which they fit; the one for 0
    is for everything narrower. A cell that no column of a layout has is left out in it.
    """

    headers: Mapping[str, str]
    layouts: Mapping[int, Sequence[Column]]
    _rows: list[_Row] = field(default_factory=list)

    def add_heading(self, text: str) -> None:
        """Begin a group of rows."""
        self._rows.append(_Row({HEADING: Text(text, style="bold underline")}, heads=True))

    def add_row(self, cells: Mapping[str, Text], style: str | None = None) -> None:
        """Add a row; cells that it does not have are empty."""
        self._rows.append(_Row(cells, style))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        fitting = max(width for width in self.layouts if width <= max(options.max_width, 0))
        columns = self.layouts[fitting]
        table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, header_style="bold")
        for column in columns:
            table.add_column(
                "\n".join(self.headers[cell] for cell in column.cells),
                justify="right" if column.right else "left",
                max_width=column.width,
                no_wrap=column.whole,
                overflow="fold",
            )
        for row in self._rows:
            if row.heads:
                table.add_section()
            table.add_row(*(_stacked(row.cells, column) for column in columns), style=row.style)
        yield table


def _stacked(cells: Mapping[str, Text], column: Column) -> Text:
    present = [cells[name] for name in column.cells if cells.get(name)]
    return Text("\n").join(present)
