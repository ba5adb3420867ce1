"""What is said beside the page with sliders: what was simulated, and how far off it reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from experiments.dashboard.findings import Missed
from sim.answer.blocks import Answer, Column, Line, Note, Statement, Sweep, Table
from sim.answer.row import Quoted
from sim.answer.settings import setting_text
from sim.words import Replications, Said, speeches
from sim.words.numbers import LIKELY

Ended = Literal["known", "most", "narrow"]
"""Why no more settings were added: the error is small enough, there are enough points, or the
settings are too near to each other."""


def answer(sweep: Sweep, missed: Sequence[Missed], ended: Ended, error: float) -> Answer:
    """The whole answer.

    Args:
        missed: at every setting that can be left out.
        error: percentage points at which no more settings are added.
    """
    left_out = sweep.left_out
    return Answer(
        statements=[*_statements(sweep, ended, error)],
        tables=[_table(sweep, missed)] if missed else [],
        notes=[Note(Said("dashboard.method"), "method"), Note(Said("dashboard.ends"), "caution")],
        figures={
            "keys": [lever.key for lever in sweep.levers],
            "points": len(sweep.points),
            "error": None if left_out is None else left_out.mean,
            "error_worst": None if left_out is None else left_out.worst,
            "ended": ended,
        },
        sweep=sweep,
    )


def _statements(sweep: Sweep, ended: Ended, error: float) -> Iterator[Statement]:
    grid = [number for number, point in enumerate(sweep.points) if point.on]
    first, last = (
        end(grid, key=lambda number: [*sweep.points[number].settings]) for end in (min, max)
    )
    base = next((number for number in grid if sweep.points[number].base), None)
    told = {
        "total": sum(row.decides for row in sweep.rows),
        "least": Said("dashboard.chance", {"chance": f"{100 * LIKELY:.0f}"}),
        "first": _settings(sweep, first),
        "last": _settings(sweep, last),
        "at_first": _likely(sweep, first),
        "at_last": _likely(sweep, last),
        "base": base is not None,
        "at_base": None if base is None else _likely(sweep, base),
    }
    yield Statement(Said("dashboard.likely", told), "headline")
    points = {
        "points": len(grid),
        "replications": Replications(max(point.replications for point in sweep.points)),
        "scenarios": [point.scenario for point in sweep.points if point.scenario],
    }
    if sweep.left_out is None:
        yield Statement(Said("dashboard.nothing_moves", points), "headline")
        return
    own = sweep.left_out
    numbers = {
        "mean": f"{100 * own.mean:.1f}",
        "worst": f"{100 * own.worst:.0f}",
        "row": own.row,
        "at": own.at,
        "ended": Said(f"dashboard.ended.{ended}", {"error": f"{error:g}", "points": len(grid)}),
    }
    yield Statement(Said("dashboard.left_out", {**points, **numbers}), "headline")


def _settings(sweep: Sweep, number: int) -> list[object]:
    settings = [*zip(sweep.levers, sweep.points[number].settings, strict=True)]
    if len(settings) == 1:
        return [_written(lever.key, setting) for lever, setting in settings]
    return [
        Said("dashboard.at", {"lever": lever.name, "setting": _written(lever.key, setting)})
        for lever, setting in settings
    ]


def _written(key: str, setting: float) -> dict[str, str]:
    return {own.language: setting_text(key, setting, own) for own in speeches("both")}


def _likely(sweep: Sweep, number: int) -> int:
    """How many targets are likely to be met at a design point."""
    return sum(row.decides and row.chance[number] >= LIKELY for row in sweep.rows)


def _table(sweep: Sweep, missed: Sequence[Missed]) -> Table:
    """What is missed at every setting that is left out."""
    names = {lever.key: lever.name for lever in sweep.levers}
    columns = {
        "setting": Column(Said("dashboard.setting"), "text"),
        "error": Column(Said("dashboard.error"), means=Said("dashboard.error_means")),
        "worst": Column(Said("dashboard.worst")),
        "target": Column(Said("dashboard.of"), "name"),
    }
    lines = [
        Line(
            {
                "setting": Said(
                    "dashboard.at",
                    {"lever": names[one.key], "setting": _written(one.key, one.setting)},
                )
                if len(names) > 1
                else _written(one.key, one.setting),
                "error": f"{100 * one.error:.1f}",
                "worst": f"{100 * one.error_worst:.0f}",
                "target": Quoted(one.row),
            }
        )
        for one in missed
    ]
    return Table("left_out", Said("dashboard.title"), columns, lines)
