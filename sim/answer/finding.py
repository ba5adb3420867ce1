"""Findings: typed rows of what was found, of which CSV tables are the shadow.

A finding is a frozen dataclass. Its fields are the columns of its table, in their order; a field
that holds a :class:`~sim.answer.row.Row` stands for several of them, as its annotation says
(:class:`Told`). Numbers carry their unit in the annotation (:class:`Unit`), so that a table can say
what it counts in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import NoneType
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

from sim.answer.row import Row, RowKey

F = TypeVar("F")


@dataclass(frozen=True)
class Unit:
    """Marks a number with the unit that it is counted in."""

    name: str


@dataclass(frozen=True)
class Told:
    """Marks a row with the columns that tell what it is; its key is among them."""

    columns: tuple[str, ...]


KEY = ("target", "definition")

Described = Annotated[
    Row,
    Told((*KEY, "counts", "group", "label_zh", "label_en", "comparator", "goal", "unit", "kind")),
]
"""The row that a finding is about, in the columns of most tables of questions."""

Keyed = Annotated[Row, Told(KEY)]
"""The row that a finding is about, by its key alone."""

OF_THE_ROW = "unit of the target"
InUnits = Annotated[float, Unit(OF_THE_ROW)]
"""A value of the target that the finding is about."""

Share = Annotated[float, Unit("share, 0 to 1")]
Replications = Annotated[int, Unit("replications")]

_OF_ROW: Mapping[str, Callable[[Row], object]] = {
    "target": lambda row: row.target,
    "definition": lambda row: row.definition,
    "counts": lambda row: row.counts,
    "group": lambda row: row.group,
    "label_zh": lambda row: row.name["zh"],
    "label_en": lambda row: row.name["en"],
    "comparator": lambda row: row.comparator,
    "goal": lambda row: row.goal,
    "unit": lambda row: row.unit["en"],
    "kind": lambda row: row.kind,
    "modelled": lambda row: row.modelled,
}
_UNITS_OF_ROW = {"goal": OF_THE_ROW}


@dataclass(frozen=True)
class _Field:
    """What the annotation of a field says: its plain type, whether it may be None, and marks."""

    name: str
    kind: type
    optional: bool
    unit: str
    columns: tuple[str, ...]


def _fields(kind: Any) -> tuple[_Field, ...]:
    return tuple(
        _field(name, hint) for name, hint in get_type_hints(kind, include_extras=True).items()
    )


def _field(name: str, hint: Any) -> _Field:
    options = [hint]
    if get_origin(hint) is not Annotated:
        options = [option for option in get_args(hint) if option is not NoneType] or [hint]
    (own,) = options
    marks: tuple[Any, ...] = ()
    plain = own
    if get_origin(own) is Annotated:
        plain, *others = get_args(own)
        marks = tuple(others)
    unit = next((mark.name for mark in marks if isinstance(mark, Unit)), "")
    columns = next((mark.columns for mark in marks if isinstance(mark, Told)), ())
    return _Field(name, plain, NoneType in get_args(hint), unit, columns)


def columns_of(kind: type[Any]) -> dict[str, str]:
    """The columns of a table of findings, and the unit of each; empty where it has none."""
    found: dict[str, str] = {}
    for own in _fields(kind):
        if own.columns:
            found |= {name: _UNITS_OF_ROW.get(name, "") for name in own.columns}
        else:
            found[own.name] = own.unit
    return found


def cells_of(kind: type[F], findings: Iterable[F]) -> Iterator[list[object]]:
    """The cells of findings of a kind under :func:`columns_of`; None is an empty one."""
    fields = _fields(kind)
    for finding in findings:
        cells: list[object] = []
        for own in fields:
            value = getattr(finding, own.name)
            if own.columns:
                cells += [_OF_ROW[name](value) for name in own.columns]
            else:
                cells.append(value.isoformat() if isinstance(value, dt.date) else value)
        yield cells


def findings_from(
    kind: type[F], records: Iterable[Mapping[str, str]], rows: Mapping[RowKey, Row]
) -> Iterator[F]:
    """Findings as they stand in a table.

    Args:
        records: cells by column, as texts.
        rows: what a finding may be about.

    Raises:
        KeyError: a column is missing, or a row is about something that is not among ``rows``.
        ValueError: a cell is not what its field holds.
    """
    fields = _fields(kind)
    for record in records:
        yield kind(
            **{
                own.name: rows[record["target"], record["definition"]]
                if own.columns
                else _parsed(record[own.name], own)
                for own in fields
            }
        )


_TRUTHS = {"True": True, "False": False}


def _parsed(cell: str, own: _Field) -> object:
    if not cell and own.optional:
        return None
    if own.kind is bool:
        if cell not in _TRUTHS:
            raise ValueError(f"{cell!r} is neither True nor False")
        return _TRUTHS[cell]
    if own.kind is dt.date:
        return dt.date.fromisoformat(cell)
    return own.kind(cell)
