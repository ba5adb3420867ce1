"""Facts: what is noted of a history, as typed values; the words of the event log come from them.

A rule declares the kinds of facts that it tells, and the sort of thing that they are about, beside
itself::

    VOLUNTEERS = Sort("volunteers", "volunteers")
    REGISTERED = Kind("registered", Phase.APPOINTMENTS, "{new} new, {left} dropped out")

    world.fact(REGISTERED, VOLUNTEERS(), new=12, left=3)

A sort and an event together say what the fields of a fact mean. Whoever tells a story reads these
values; ``entity`` and ``detail`` are only how a table for people shows them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import NamedTuple

from sim.model.kernel.clock import Phase


class Listed(tuple[str, ...]):
    """Several names in a field; the format specification is what the event log puts before them."""

    __slots__ = ()

    def __format__(self, before: str) -> str:
        return before + ", ".join(self) if self else ""


Value = str | int | float | Listed
"""What a field may hold."""

Fields = tuple[tuple[str, Value], ...]
"""Values by name, in the order in which they were told; equal facts are equal by them."""


_TEXTS = ("phase", "entity", "event", "place", "detail")


class Who(NamedTuple):
    """One thing that facts are about: its sort, and which one of that sort."""

    sort: Sort
    parts: Fields

    def __str__(self) -> str:
        return self.sort.text.format(**dict(self.parts))


class Sort(NamedTuple):
    """A sort of things; ``text`` is what the event log calls one of them, given its parts."""

    name: str
    text: str

    def __call__(self, **parts: str | int) -> Who:
        """The one of this sort with these ``parts``."""
        return Who(self, tuple(parts.items()))


class Kind(NamedTuple):
    """What happens, in which phase of the day, and how the event log writes the fields."""

    event: str
    phase: Phase
    detail: str = ""


class Fact(NamedTuple):
    """One fact of a history.

    Attributes:
        day: number of the day; phase: name of the phase.
        entity, detail: who it is about and its fields, as the event log writes them.
        event: what happened.
        place: adcode of the district where it happened, or "city".
        sort: sort of the thing that it is about; who: which one of that sort.
        fields: what else is to be said, by name.
    """

    day: int
    phase: str
    entity: str
    event: str
    place: str
    detail: str
    sort: str = ""
    who: Fields = ()
    fields: Fields = ()

    @classmethod
    def of(cls, day: int, kind: Kind, who: Who, place: str, fields: Mapping[str, Value]) -> Fact:
        """The fact that something of a ``kind`` happened to ``who``."""
        detail = kind.detail.format(**fields)
        return cls(
            day, kind.phase.name.lower(), str(who), kind.event, place, detail,
            who.sort.name, who.parts, tuple(fields.items()),
        )  # fmt: skip

    @property
    def typed(self) -> str:
        """What it says as values, as JSON; :meth:`read` reads it again."""
        said = {"sort": self.sort, "who": dict(self.who), "fields": dict(self.fields)}
        return json.dumps(said, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def read(cls, row: Mapping[str, str], typed: str) -> Fact:
        """The fact of a row of the event log.

        Raises:
            ValueError: the day is no number, or ``typed`` is not what :attr:`typed` writes.
        """
        said = json.loads(typed)
        try:
            who, fields = (
                tuple((name, _value(value)) for name, value in said[part].items())
                for part in ("who", "fields")
            )
            phase, entity, event, place, detail = (row[name] for name in _TEXTS)
            return cls(
                int(row["day"]), phase, entity, event, place, detail, said["sort"], who, fields
            )
        except (AttributeError, KeyError, TypeError) as error:
            raise ValueError(f"not a fact: {typed}") from error

    @property
    def order(self) -> tuple[int, int, str]:
        """By day, phase and entity; what one entity does in one phase stays in its order."""
        return self.day, Phase[self.phase.upper()], self.entity


def _value(value: Value | list[str]) -> Value:
    return Listed(value) if isinstance(value, list) else value
