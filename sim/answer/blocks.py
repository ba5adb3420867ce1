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


@dataclass(frozen=True)
class Answer:
    """An answer, to be shown in any medium.

    Attributes:
        figures: numbers behind the statements, by name, as they stand in answer.json.
    """

    statements: Sequence[Statement]
    tables: Sequence[Table] = ()
    pictures: Sequence[Figure] = ()
    notes: Sequence[Note] = ()
    figures: Mapping[str, object] = field(default_factory=dict)

    def said(self, speech: Speech, *weights: Weight) -> Iterator[str]:
        """Its sentences, in their order; of some weights only, if any are given."""
        for statement in self.statements:
            if not weights or statement.weight in weights:
                yield speech.text(statement.said)

    def words(self, speech: Speech) -> str:
        """The whole answer in words."""
        return speech.sentences(self.said(speech))
