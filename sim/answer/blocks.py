"""What an answer is made of: statements, tables, figures and notes, for whatever medium.

A question makes blocks and knows no medium; a medium shows blocks and knows no question. Texts and
values in a block are :data:`Spoken`: they are said when they are shown, in the language of the
reader.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from sim.words import Label, Speech

Spoken = object
"""Whatever :meth:`sim.words.Speech.text` can say: a text, a :class:`~sim.words.Said`, a label, a
number of :mod:`sim.words.numbers`, or a sequence of these."""

Weight = Literal["headline", "support", "caution"]
Subject = Literal["definition", "caution", "method"]
Width = Literal["name", "text", "number"]
Form = Literal["number", "chance", "share", "yuan"]
"""How numbers are written: as they are, as probabilities, as shares of one, or as money."""

Look = Literal["", "quiet", "likely", "open", "unlikely"]


@dataclass(frozen=True)
class Statement:
    """A sentence of the answer.

    Attributes:
        weight: ``headline`` answers the question (three at most), ``support`` says more,
            ``caution`` says how far to trust it.
    """

    said: Spoken
    weight: Weight = "support"


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        header: its name, with the unit where all its values have one.
        width: what stands in it: the ``name`` of a row, a ``text`` or a ``number``.
        room: characters that its longest cells may take before they break; None for any number.
        spare: left out where there is little room.
        means: a sentence on what it means, if the header does not say it.
        form: how its numbers are written where they stand by themselves, such as on a worksheet.
        unit: of its numbers, if all have one.
    """

    header: Spoken
    width: Width = "number"
    room: int | None = None
    spare: bool = False
    means: Spoken = None
    form: Form = "number"
    unit: Spoken = None


@dataclass(frozen=True)
class Line:
    """A row of a table, or the heading of those that follow.

    Attributes:
        cells: by column; what is missing is empty.
        essential: whether it belongs in a short table.
        heading: whether it is a heading; its text stands in the first column.
        looks: by column, how a cell is set off; ``quiet`` for what is there to compare.
        source: where it comes from, such as the clause of the plan that sets a target.
    """

    cells: Mapping[str, Spoken]
    essential: bool = True
    heading: bool = False
    looks: Mapping[str, Look] = field(default_factory=dict)
    source: Spoken = None


@dataclass(frozen=True)
class Table:
    """Rows of cells under the same columns.

    Attributes:
        annex: whether it is there to be looked up: in files, not on a screen or a slide.
    """

    name: str
    title: Spoken
    columns: Mapping[str, Column]
    rows: Sequence[Line]
    caption: Spoken = None
    annex: bool = False

    def essential(self) -> list[Line]:
        """The rows of a short table; headings without any such row below them are left out."""
        kept: list[Line] = []
        for row in self.rows:
            if row.heading and kept and kept[-1].heading:
                kept.pop()
            if row.heading or row.essential:
                kept.append(row)
        while kept and kept[-1].heading:
            kept.pop()
        return kept


@dataclass(frozen=True)
class Note:
    """What has to be known to read the answer."""

    said: Spoken
    about: Subject = "definition"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A picture to be drawn; its kinds are in :mod:`sim.answer.figures`.

    Attributes:
        name: distinct within the answer, the stem of its files.
        title: what it shows.
        legend: how to read it.
        notes: what else stands below it.
        alt: for those who cannot see it; None says the title.
        origin: of which run it is, if not of the answer's own.
    """

    name: str
    title: Spoken
    legend: Spoken = None
    notes: Sequence[Spoken] = ()
    alt: Spoken = None
    origin: Label | None = None


Direction = Literal["up", "down", "mixed", "still"]
"""What a curve does as its lever grows; ``mixed``: it rises and falls, ``still``: nothing sure."""


@dataclass(frozen=True)
class SweepLever:
    """A number of the run that was turned.

    Attributes:
        axis: its name with the unit in which its numbers are counted.
        counted_in: what those are divided by, by language.
        written: how a number with its unit is written, ``{}`` being the number.
        base: its setting in the base run.
    """

    key: str
    name: Spoken
    axis: Spoken
    counted_in: Mapping[str, float]
    written: Spoken
    base: float


@dataclass(frozen=True)
class SweepPoint:
    """A point that was simulated.

    Attributes:
        settings: of the levers, in their order.
        scenario: its name, if it was asked for by one.
        on: whether nothing but its settings tells it from the others; the grid consists of these.
        base: whether it is the base run.
    """

    settings: Sequence[float]
    scenario: Spoken
    on: bool
    base: bool
    replications: int


@dataclass(frozen=True)
class SweepRow:
    """What was found of a target, or of several together, by point.

    Attributes:
        name: distinct; label: what it is called; reading: under which it counts, None where there
            is nothing to choose; group: of the plan, empty for all.
        kind: whether it is a target, the chance that several are met, or how many are.
        decides: whether joint rows judge it.
        goal: as it is written; value: the number in it, None where there is none.
        more: whether more of it is better; whole: whether its values are whole numbers.
        direction: along the first lever.
        chance, low, high: of being met, and its interval; empty where targets are counted.
        mean, p05, p50, p95: of its values at the deadline; empty where it has none.
    """

    name: str
    label: Spoken
    reading: Spoken
    group: str
    kind: Literal["target", "all", "count"]
    decides: bool
    goal: Spoken
    value: float | None
    more: bool
    whole: bool
    unit: Spoken
    direction: Direction
    chance: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]
    mean: Sequence[float]
    p05: Sequence[float]
    p50: Sequence[float]
    p95: Sequence[float]


@dataclass(frozen=True)
class LeftOut:
    """How far chances are off that are read between design points, as shares of one.

    Attributes:
        mean: over all points that were left out in turn, and the targets whose chance moves.
        worst: the largest, of which target and at which setting.
        points: how often a point was left out.
    """

    mean: float
    worst: float
    row: Spoken
    at: Spoken
    points: int


@dataclass(frozen=True)
class Sweep:
    """What was found where one or two numbers of the run were turned.

    Attributes:
        groups: names of the groups of rows, in the order in which people read them.
        left_out: None where too few points were simulated to leave one out, or no chance moves.
    """

    levers: Sequence[SweepLever]
    points: Sequence[SweepPoint]
    groups: Mapping[str, Spoken]
    rows: Sequence[SweepRow]
    left_out: LeftOut | None = None


@dataclass(frozen=True)
class Answer:
    """An answer, to be shown in any medium.

    Attributes:
        figures: numbers behind the statements, by name, as they stand in answer.json.
        sweep: what was found where numbers of the run were turned, if any were.
    """

    statements: Sequence[Statement]
    tables: Sequence[Table] = ()
    pictures: Sequence[Figure] = ()
    notes: Sequence[Note] = ()
    figures: Mapping[str, object] = field(default_factory=dict)
    sweep: Sweep | None = None

    def said(self, speech: Speech, *weights: Weight) -> Iterator[str]:
        """Its sentences, in their order; of some weights only, if any are given."""
        for statement in self.statements:
            if not weights or statement.weight in weights:
                yield speech.text(statement.said)

    def words(self, speech: Speech) -> str:
        """The whole answer in words."""
        return speech.sentences(self.said(speech))
