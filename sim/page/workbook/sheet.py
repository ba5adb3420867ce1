"""A worksheet before it is written: columns with fixed number formats, typed cells, charts.

Number formats are fixed by the column. None of them is conditional: a format that scales by size
(``[>=1000000]0.0,,``) loses the minus sign of what falls into its last part.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from sim.answer.blocks import Look
from sim.words import Language, Speech

TEXT, DATE, PERCENT = "@", "yyyy-mm-dd", "0.0%"
YUAN = {
    "zh": ((1e8, "large"), (1e4, "ten_thousand")),
    "en": ((1e6, "large"), (1e3, "ten_thousand")),
}
"""Units of money: from which amount on, and their name among the headers."""

Value = str | float | int | dt.date | None


@dataclass(frozen=True)
class Cell:
    """A value that is written in another way than its column, or set off."""

    value: Value
    form: str | None = None
    look: Look = ""


@dataclass(frozen=True)
class Head:
    """A column: its header, the number format of its cells, and how wide it may become.

    Attributes:
        name: whether it names the rows: it stays in view.
    """

    text: str
    form: str = TEXT
    most: float = 44.0
    name: bool = False


@dataclass(frozen=True)
class Span:
    """Cells below each other: a column, and rows counted from the first below the header."""

    column: int
    first: int
    last: int


@dataclass(frozen=True)
class Series:
    """One series of a chart.

    Attributes:
        colours: by point, where they have their own.
        errors: where the distances up and down of each point stand.
        width: of its line in points, 0 for markers alone; dashed: whether it is.
    """

    name: str
    across: Span
    up: Span
    colour: str
    colours: Sequence[str] = ()
    errors: tuple[Span, Span] | None = None
    width: float = 0.0
    dashed: bool = False


@dataclass(frozen=True)
class Chart:
    """A native chart beside the table.

    Attributes:
        shares: whether bars are parts of one whole.
        ends, across_ends: of the axes, where they are fixed.
        decades: whether the axis across is logarithmic.
        units: in which large values are written, as XlsxWriter calls them.
        across, up: names of the axes; across_form, up_form: their number formats.
        size: in pixels.
    """

    kind: Literal["bar", "bars_stacked", "columns_stacked", "scatter"]
    title: str
    series: Sequence[Series]
    across: str = ""
    up: str = ""
    across_form: str = "General"
    up_form: str = "General"
    ends: tuple[float | None, float | None] = (None, None)
    across_ends: tuple[float | None, float | None] = (None, None)
    size: tuple[int, int] = (760, 420)
    shares: bool = False
    units: str | None = None
    decades: bool = False


@dataclass
class Sheet:
    """A worksheet.

    Attributes:
        tab: its name; title: what it shows; caption: what has to be known to read it.
        foot: lines below the table.
    """

    tab: str
    title: str
    heads: Sequence[Head]
    rows: Sequence[Sequence[Value | Cell]]
    caption: str = ""
    foot: Sequence[str] = ()
    charts: Sequence[Chart] = field(default_factory=list)


def fixed(values: Iterable[float | None]) -> str:
    """The number format of a column: whole numbers, or decimals."""
    known = [abs(value) for value in values if value is not None and math.isfinite(value)]
    if all(float(value).is_integer() for value in known):
        return "#,##0"
    return "#,##0.00" if max(known) >= 1.0 else "0.0000"


def plain(value: float | None) -> Cell:
    """A number with as many decimals as it has, where those below it are of other kinds."""
    whole = value is None or float(value).is_integer()
    return Cell(value, "#,##0" if whole else "#,##0.0###")


def money(values: Iterable[float | None], language: Language) -> tuple[float, str, str]:
    """How an amount in yuan is written: its divisor, the unit's name, the number format."""
    largest = max((abs(value) for value in values if value is not None), default=0.0)
    for size, unit in YUAN[language]:
        if largest >= size:
            return size, unit, "#,##0.00"
    return 1.0, "yuan", "#,##0"


def large(values: Iterable[float], language: Language) -> str | None:
    """The unit of an axis with very long numbers."""
    if max(map(abs, values), default=0.0) < 1e9:
        return None
    return "hundred_millions" if language == "zh" else "millions"


def scaled(value: float | None, divisor: float) -> float | None:
    """An amount in its unit."""
    return None if value is None else value / divisor


def headed(name: str, unit: str, speech: Speech) -> str:
    """A header with a unit, if there is one."""
    return speech("head.in_unit", name=name, unit=unit) if unit else name
