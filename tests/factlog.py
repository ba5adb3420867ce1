"""Facts in the short form in which tests write them: as the event log shows them.

What reads like a fact that the model tells, by the forms that its parts declare, gets its typed
values; anything else is a fact that nobody foresaw, with texts alone.
"""

from __future__ import annotations

import re
from functools import cache
from string import Formatter

from sim.model.kernel import shocks
from sim.model.kernel.facts import Fact, Fields, Kind, Listed, Sort, Value
from sim.model.money import treasury
from sim.model.parts import (
    events,
    experts,
    farmers,
    governance,
    industry,
    ladder,
    literacy,
    regulation,
    volunteers,
)
from sim.model.works import project

# The names of steps can be anything, and four parts may be a base or a project: they come last.
_MODULES = (shocks, treasury, ladder, events, farmers, experts, industry, literacy, regulation,
            volunteers, project, governance)  # fmt: skip


def fact_of(day: int, entity: str, event: str, place: str, detail: str) -> Fact:
    """The fact of a row of the event log, in a phase called "phase"."""
    texts = day, "phase", entity, event, place, detail
    sorts, declared = _declared()
    for sort in sorts:
        who = _read(sort.text, entity)
        if who is not None:
            kinds = (kind for kind in declared if kind.event == event)
            read = (_read(kind.detail, detail) for kind in kinds)
            fields = next((fields for fields in read if fields is not None), ())
            return Fact(*texts, sort.name, who, fields)
    return Fact(*texts)


@cache
def _declared() -> tuple[list[Sort], list[Kind]]:
    found = [own for module in _MODULES for own in vars(module).values()]
    return [own for own in found if type(own) is Sort], [own for own in found if type(own) is Kind]


def _read(form: str, text: str) -> Fields | None:
    match = _pattern(form).fullmatch(text)
    if match is None:
        return None
    listed = {name for _, name, spec, _ in Formatter().parse(form) if (spec or "").startswith(";")}
    return tuple(
        (name, Listed(value.split(", ") if value else ()) if name in listed else _value(value))
        for name, value in match.groupdict().items()
    )


@cache
def _pattern(form: str) -> re.Pattern[str]:
    pattern = ""
    for literal, name, spec, _ in Formatter().parse(form):
        pattern += re.escape(literal)
        if name is not None and (spec or "").startswith(";"):
            pattern += f"({re.escape(spec or '')}(?P<{name}>[^;]+))?"
        elif name is not None:
            pattern += rf"(?P<{name}>\w+(\.\d+)?)"
    return re.compile(pattern)


def _value(text: str) -> Value:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
