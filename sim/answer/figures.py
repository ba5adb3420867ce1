"""The kinds of figure: what each one shows, as data that any medium can draw.

Rows and panels stand in the order of their importance: where there are more than a page holds, the
first page carries the message.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sim.answer.blocks import Figure, Spoken

Role = Literal[
    "met", "missed", "likely", "open", "unlikely", "counts", "other", "reference", "goal",
    "level1", "level2", "level3", "level4",
]  # fmt: skip
"""What something stands for; one meaning has one colour in all pictures."""

Floats = Sequence[float]


# ------------------------------------------------------------------ chances


@dataclass(frozen=True)
class Chance:
    """A probability with its interval, of one row.

    Attributes:
        name: of the row; group: of the rows that it stands with.
        counts: whether its reading is the one that counts.
        goal, median: what stands beside it in words.
    """

    name: Spoken
    group: Spoken
    probability: float
    low: float
    high: float
    counts: bool = True
    goal: Spoken = None
    median: Spoken = None


@dataclass(frozen=True, kw_only=True)
class Chances(Figure):
    """A dot and an interval a row, on an axis from 0 to 100 %, with goal and median in words."""

    rows: Sequence[Chance]


# ------------------------------------------------------------------ fan


@dataclass(frozen=True)
class Curve:
    """A value over time: its middle, and bands around it, the widest first.

    Attributes:
        bands: (low, high) of each, same length as ``dates``.
        points: whether it is known at these dates only, such as a survey.
    """

    role: Role
    dates: Sequence[dt.date]
    middle: Floats
    bands: Sequence[tuple[Floats, Floats]] = ()
    points: bool = False


@dataclass(frozen=True)
class Mark:
    """A value at a date with its interval; an end that is None is open."""

    role: Role
    date: dt.date
    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class FanPanel:
    """How one target develops.

    Attributes:
        lines: what stands below its name.
        whole: whether its values are whole numbers.
        goal: the value, and what is written at its line.
    """

    name: Spoken
    lines: Sequence[Spoken]
    curves: Sequence[Curve]
    goal: tuple[float, Spoken] | None = None
    marks: Sequence[Mark] = ()
    whole: bool = False


@dataclass(frozen=True, kw_only=True)
class Fan(Figure):
    """Small multiples of curves with bands over time."""

    panels: Sequence[FanPanel]
    start: dt.date
    end: dt.date
