"""The kinds of figure: what each one shows, as data that any medium can draw.

Rows and panels stand in the order of their importance: where there are more than a page holds, the
first page carries the message. Rows of one group, and in it those of one name (readings of one
target), are neighbours.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sim.answer.blocks import Figure, Form, Spoken

Role = Literal[
    "met", "missed", "likely", "open", "unlikely", "counts", "other", "more", "less", "same",
    "reference", "goal", "sum",
    "level1", "level2", "level3", "level4",
    "series1", "series2", "series3", "series4", "series5", "series6", "series7", "series8",
    "money", "people", "choice", "date", "room", "growth", "loss", "rest", "usual",
    "public", "social",
]  # fmt: skip
"""What something stands for; one meaning has one colour in all pictures.

``met`` and ``missed`` are histories, ``likely`` to ``unlikely`` classes of a chance, ``counts`` and
``other`` readings, ``more`` to ``same`` changes; levels are ordered, series are not. Nine are kinds
of reason: money, people, a choice among applicants, waiting for a date, scarce places or crews,
slow growth, what was lost again, all small ones together, and time that is taken anyway. The last
two say whose money it is.
"""

Sign = Literal["dot", "ring", "line", "band", "fill", "bar", "dash", "diamond", "frame"]
Floats = Sequence[float]
Ends = tuple[float | None, float | None]
"""An interval; an end that is None is open."""


# ------------------------------------------------------------------ what several kinds share


@dataclass(frozen=True)
class Stamp:
    """Of which result a figure is, for its footer and the metadata of its files.

    Attributes:
        scenario: its name, with what was changed of it.
        caution: what has to be kept in mind with every number; None for nothing.
        command: that gives the result again; files name it, nobody reads it on a page.
    """

    scenario: Spoken
    replications: Spoken
    seed: Spoken
    result_hash: str
    caution: Spoken = None
    command: str = ""


@dataclass(frozen=True)
class Key:
    """What a colour means: a sign of it, and its name."""

    role: Role
    name: Spoken
    sign: Sign = "dot"


@dataclass(frozen=True, kw_only=True)
class Keyed(Figure):
    """A figure with a line that says what its colours mean."""

    keys: Sequence[Key] = ()


@dataclass(frozen=True)
class Axis:
    """Where values stand.

    Attributes:
        name: what they are, with the unit if all have one.
        form: how they are written; a ``chance`` has its usual guides from 0 to 100 %.
        ends: what has to be in view; None for whatever the values need.
        scale: ``wide`` is logarithmic if the values lie decades apart, and linear otherwise.
        whole: whether they are whole numbers.
        ticks: places and their names, the most important first; none for round numbers.
    """

    name: Spoken = None
    form: Form = "number"
    ends: Ends = (None, None)
    scale: Literal["linear", "log", "wide"] = "linear"
    whole: bool = False
    ticks: Sequence[tuple[float, Spoken]] = ()


@dataclass(frozen=True)
class Dot:
    """A value on the axis of its row.

    Attributes:
        value: NaN or None if there is none.
        interval: where it may lie; None where none is known.
        hollow: drawn as a ring: what is compared with, or what does not count.
    """

    value: float | None
    role: Role = "counts"
    interval: Ends | None = None
    hollow: bool = False


# ------------------------------------------------------------------ chances


@dataclass(frozen=True)
class Chance:
    """A probability with its interval, of one row.

    Attributes:
        name: of the row; group: of the rows that it stands with.
        counts: whether its reading is the one that counts.
        goal, median: what stands beside it in words.
        reading: which of several readings of its name it is.
    """

    name: Spoken
    group: Spoken
    probability: float
    low: float
    high: float
    counts: bool = True
    goal: Spoken = None
    median: Spoken = None
    reading: Spoken = None


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
        name: what stands in its colour above the plot, such as a reading and its chance.
        end: what stands beside its last value.
    """

    role: Role
    dates: Sequence[dt.date]
    middle: Floats
    bands: Sequence[tuple[Floats, Floats]] = ()
    points: bool = False
    name: Spoken = None
    end: Spoken = None


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
class Fan(Keyed):
    """Small multiples of curves with bands over time."""

    panels: Sequence[FanPanel]
    start: dt.date
    end: dt.date


# ------------------------------------------------------------------ response


@dataclass(frozen=True)
class Point:
    """What was found at one setting, with its interval.

    Attributes:
        apart: whether it was found in another way than the others, such as a confirmation.
    """

    x: float
    y: float
    interval: Ends | None = None
    role: Role = "counts"
    apart: bool = False


@dataclass(frozen=True)
class ResponsePanel:
    """How one target answers to a lever.

    Attributes:
        x, fit: the curve; may be empty.
        bands: (low, high) along ``x``, the widest first.
        span: interval of settings that is set off.
        across, up: axes of its own, where it does not share the figure's.
    """

    name: Spoken
    lines: Sequence[Spoken]
    x: Floats
    fit: Floats
    bands: Sequence[tuple[Floats, Floats]] = ()
    points: Sequence[Point] = ()
    role: Role = "counts"
    span: Ends | None = None
    across: Axis | None = None
    up: Axis | None = None


@dataclass(frozen=True, kw_only=True)
class Response(Keyed):
    """Small multiples of curves along a lever, with what was found at its settings.

    Attributes:
        base: setting of the base run, and its name.
        level: a value that matters, and its name.
    """

    panels: Sequence[ResponsePanel]
    across: Axis
    up: Axis
    base: tuple[float, Spoken] | None = None
    level: tuple[float, Spoken] | None = None


# ------------------------------------------------------------------ grid


@dataclass(frozen=True)
class Cell:
    """A value as a colour, and as what is written on it.

    Attributes:
        sure: whether it is more than chance; others have no colour.
        marked: set off by a frame, such as the base run or the best of its row.
    """

    value: float
    text: Spoken
    sure: bool = True
    marked: bool = False


@dataclass(frozen=True)
class GridRow:
    """Cells of one row, by column; ``before`` and ``after`` stand beside them in words."""

    name: Spoken
    cells: Sequence[Cell]
    group: Spoken = None
    reading: Spoken = None
    before: Spoken = None
    after: Spoken = None
    counts: bool = True


@dataclass(frozen=True)
class GridPanel:
    """One heat map."""

    name: Spoken
    columns: Sequence[Spoken]
    rows: Sequence[GridRow]


@dataclass(frozen=True, kw_only=True)
class Grid(Keyed):
    """A heat map with as many rows as there are, or small multiples of several.

    Attributes:
        ends: values of the palest and the deepest colour; with a negative one, gains and losses
            have colours of their own.
        across, up: what the columns and rows are.
        before, after: headers of what stands beside the rows.
        apart: whether the last column is no rival of the others.
    """

    panels: Sequence[GridPanel]
    ends: tuple[float, float]
    across: Spoken = None
    up: Spoken = None
    before: Spoken = None
    after: Spoken = None
    apart: bool = False


# ------------------------------------------------------------------ dumbbell


@dataclass(frozen=True)
class Pair:
    """Values to compare in one row; the first is what the others are compared with.

    Attributes:
        role: of the change.
        sure: whether the change is more than chance.
        texts: what stands beside it, by column.
    """

    name: Spoken
    dots: Sequence[Dot]
    texts: Sequence[Spoken] = ()
    role: Role = "same"
    sure: bool = True
    group: Spoken = None
    reading: Spoken = None
    counts: bool = True


@dataclass(frozen=True, kw_only=True)
class Dumbbell(Keyed):
    """Values of the same thing, joined, with their differences in words.

    Attributes:
        columns: headers of the texts beside the rows.
        reference: a value that all are compared with, and its name.
    """

    rows: Sequence[Pair]
    axis: Axis
    columns: Sequence[Spoken] = ()
    reference: tuple[float, Spoken] | None = None


# ------------------------------------------------------------------ stack


@dataclass(frozen=True)
class Part:
    """A part of a sum; ``hatched`` sets off what never began."""

    name: Spoken
    amount: float
    role: Role
    hatched: bool = False


@dataclass(frozen=True)
class Bar:
    """A sum and its parts.

    Attributes:
        total: the sum in words.
        note: what is said where there is nothing to draw.
    """

    name: Spoken
    parts: Sequence[Part]
    total: Spoken = None
    note: Spoken = None
    group: Spoken = None


@dataclass(frozen=True, kw_only=True)
class Stack(Figure):
    """Bars of parts that sum.

    Attributes:
        shares: whether every bar is its own whole; else their lengths can be compared.
        beside: whether parts are named beside their bar; else above all bars.
        total, parts: headers of the sums and of the bars.
    """

    rows: Sequence[Bar]
    shares: bool = True
    beside: bool = True
    total: Spoken = None
    parts: Spoken = None


# ------------------------------------------------------------------ ladder


@dataclass(frozen=True)
class Rung:
    """One target with a value for each series.

    Attributes:
        dots: by series; their roles are those of the series.
        texts: by series, what is written for each.
        goal: the goal in words; at: where it stands on the axis, if it is not the figure's.
        note: what is said in place of values, such as what holds it back.
    """

    name: Spoken
    dots: Sequence[Dot]
    texts: Sequence[Spoken] = ()
    goal: Spoken = None
    at: float | None = None
    note: Spoken = None
    group: Spoken = None
    reading: Spoken = None
    counts: bool = True


@dataclass(frozen=True, kw_only=True)
class Ladder(Keyed):
    """Ordered values a row, with a goal; what lies beyond the axis is drawn at its end.

    Attributes:
        columns: headers of the texts, each with the role of its series.
        reference: a value that matters in every row, and its name.
        goal: header of the goals.
        apart: whether the dots of a row stand below each other, a line from the first one down, so
            that intervals of many series can be told apart.
    """

    rows: Sequence[Rung]
    axis: Axis
    columns: Sequence[tuple[Spoken, Role]] = ()
    reference: tuple[float, Spoken] | None = None
    goal: Spoken = None
    apart: bool = False


# ------------------------------------------------------------------ flow


@dataclass(frozen=True)
class Account:
    """Where money comes from, stays or goes to; ``column`` is its place on the way, from 0."""

    name: Spoken
    column: int


@dataclass(frozen=True)
class Stream:
    """Yuan from one account to one of a later column, by their places among the accounts."""

    source: int
    target: int
    yuan: float
    role: Role = "public"


@dataclass(frozen=True)
class FlowPanel:
    """The money of one span of time; what an account gets and gives is the same."""

    name: Spoken
    accounts: Sequence[Account]
    streams: Sequence[Stream]

    def yuan(self, number: int) -> float:
        """What goes through an account."""
        got = sum(own.yuan for own in self.streams if own.target == number)
        given = sum(own.yuan for own in self.streams if own.source == number)
        return max(got, given)


@dataclass(frozen=True, kw_only=True)
class Flow(Keyed):
    """Streams of money from source to payee, as wide as they are large, with amount and share.

    Attributes:
        columns: what the accounts of each column are.
        unit_told: whether the legend says the unit of the amounts, see :class:`YuanInColumn`.
    """

    panels: Sequence[FlowPanel]
    columns: Sequence[Spoken]
    unit_told: bool = False


# ------------------------------------------------------------------ tiles


@dataclass(frozen=True)
class Tile:
    """A place at a column and a row of the map, with a value as its colour.

    Attributes:
        value: None if there is none.
        text: the value in words.
        marked: set off by a frame, such as the worst.
    """

    name: Spoken
    column: int
    row: int
    value: float | None
    text: Spoken = None
    marked: bool = False


@dataclass(frozen=True)
class TilePanel:
    """One map.

    Attributes:
        ends: values of the palest and the deepest colour.
        role: what much of it is: ``more`` if that is good, ``less`` if it is bad.
        scale: what is written at both ends.
    """

    name: Spoken
    tiles: Sequence[Tile]
    ends: tuple[float, float]
    role: Role = "more"
    scale: tuple[Spoken, Spoken] = (None, None)
    lines: Sequence[Spoken] = ()


@dataclass(frozen=True, kw_only=True)
class Tiles(Keyed):
    """Maps of places as squares that are no boundaries, which stands under every map."""

    panels: Sequence[TilePanel]


# ------------------------------------------------------------------ scatter


@dataclass(frozen=True)
class ScatterPanel:
    """One dot a replication.

    Attributes:
        cross: values that part the plot into quarters, such as a budget and a goal.
        shares: of the quarters: upper left, upper right, lower left, lower right.
        across: an axis of its own, where it does not share the figure's; up: the same.
    """

    name: Spoken
    x: Floats
    y: Floats
    role: Role = "counts"
    cross: tuple[float, float] | None = None
    shares: Sequence[Spoken] = ()
    lines: Sequence[Spoken] = ()
    across: Axis | None = None
    up: Axis | None = None


@dataclass(frozen=True, kw_only=True)
class Scatter(Keyed):
    """Small multiples of replications by two of their values; no curve of what can be chosen."""

    panels: Sequence[ScatterPanel]
    across: Axis
    up: Axis


# ------------------------------------------------------------------ timeline


@dataclass(frozen=True)
class Span:
    """What a project is at or waits for, from one day to another."""

    start: dt.date
    end: dt.date
    role: Role
    name: Spoken
    hatched: bool = False


@dataclass(frozen=True)
class Life:
    """A project; ``done`` is the day on which it opened, None if it never did."""

    name: Spoken
    spans: Sequence[Span]
    done: dt.date | None = None
    group: Spoken = None
    text: Spoken = None


@dataclass(frozen=True, kw_only=True)
class Timeline(Figure):
    """Projects of one place over time with their stages.

    Attributes:
        opened: what the mark at the end of a project means.
        text: header of what stands beside the rows.
    """

    rows: Sequence[Life]
    start: dt.date
    end: dt.date
    opened: Spoken = None
    text: Spoken = None


# ------------------------------------------------------------------ overview


@dataclass(frozen=True, kw_only=True)
class Overview(Figure):
    """One page that answers alone: sentences, classes as one bar, chances, main reasons.

    Attributes:
        statements: sentences, the first ones the most important.
        classes: how many targets are of each; heading: what they are.
        rows: chances of some targets, the most important first.
        reasons: what holds back how many targets, the most frequent first.
    """

    statements: Sequence[Spoken]
    classes: Sequence[Part]
    rows: Sequence[Chance]
    reasons: Sequence[Part]
    classes_heading: Spoken = None
    rows_heading: Spoken = None
    reasons_heading: Spoken = None
