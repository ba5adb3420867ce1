"""What a run assumes: every uncertain number with its range, and how well it is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sim.answer.blocks import Column, Line, Note, Table
from sim.answer.row import Config
from sim.words import Said, catalogue

_GRADES = ("assumption", "derived", "statistic", "plan")
"""How numbers are known, the least known first."""

_NUMBERS = ("low", "mode", "high", "median", "sigma", "a", "b")


def assumptions_table(config: Config) -> Table:
    """The parameters of a run, those that are known least first."""
    parameters: Mapping[str, Mapping[str, Any]] = config["parameters"]
    lines = []
    for grade in _GRADES:
        own = {name: one for name, one in parameters.items() if one["grade"] == grade}
        if own:
            told = {"grade": Said(f"grade.{grade}"), "count": len(own)}
            lines.append(Line({"name": Said("assumptions.heading", told)}, heading=True))
        lines += [_line(name, one) for name, one in own.items()]
    return Table(
        "assumptions",
        Said("assumptions.title"),
        {
            "name": Column(Said("assumptions.name"), "name"),
            "range": Column(Said("assumptions.range"), "text"),
            "unit": Column(Said("assumptions.unit"), "text"),
            "grade": Column(Said("assumptions.grade"), "text", means=Said("assumptions.means")),
            "source": Column(Said("assumptions.source"), "text"),
            "known": Column(Said("assumptions.known"), "text"),
            "key": Column(Said("assumptions.key"), "text"),
        },
        lines,
        Said("assumptions.caption"),
        annex=True,
    )


def _line(name: str, parameter: Mapping[str, Any]) -> Line:
    known = parameter["known_from"]
    return Line(
        {
            "name": parameter["label"],
            "range": _range(parameter),
            "unit": unit_of(str(parameter["unit"])),
            "grade": Said(f"grade.{parameter['grade']}"),
            "source": (parameter["source"] or "").replace("+", ", ") or Said("number.none"),
            "known": Said("assumptions.never") if known is None else str(known),
            "key": f"parameters.{name}",
        },
        essential=False,
    )


def _range(parameter: Mapping[str, Any]) -> Said | str:
    """The numbers of a distribution, in words."""
    if parameter["kind"] == "fixed":
        return f"{parameter['value']:,.15g}"
    given = {key: f"{parameter[key]:,.15g}" for key in _NUMBERS if parameter.get(key) is not None}
    return Said(f"assumptions.kind.{parameter['kind']}", given)


def unit_of(unit: str) -> Said | str:
    """A unit of a parameter; one that has no words stays as it is."""
    key = f"parameter_unit.{unit}"
    return Said(key) if catalogue().has(key) else unit


def grades_note(config: Config) -> Note:
    """How many parameters are known how well."""
    counts = Counter(str(one["grade"]) for one in config["parameters"].values())
    told = {grade: counts[grade] for grade in _GRADES}
    return Note(Said("assumptions.note", {"total": counts.total(), **told}), "caution")
