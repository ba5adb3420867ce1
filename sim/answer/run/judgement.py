"""The judgement of a planning office: every target is in one of four classes, by its chance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from sim.answer.blocks import Column, Line, Look, Table
from sim.answer.row import Config, Row, group_name
from sim.answer.run.attained import Attained
from sim.words import JudgedChance, Said, Share

Class = Literal["ahead", "on_schedule", "lagging", "lost"]
CLASSES: tuple[Class, ...] = ("ahead", "on_schedule", "lagging", "lost")

_LOOKS: Mapping[Class, Look] = {
    "ahead": "likely",
    "on_schedule": "open",
    "lagging": "open",
    "lost": "unlikely",
}


def class_of(chance: float, ends: Mapping[str, float]) -> Class:
    """The class of a chance.

    Args:
        ends: ``judgement`` of a run's configuration.
    """
    if chance > ends["ahead_above"]:
        return "ahead"
    if chance >= ends["on_schedule_from"]:
        return "on_schedule"
    return "lagging" if chance >= ends["lagging_from"] else "lost"


def judgement_table(attained: Attained) -> Table:
    """Every modelled target of the plan under its class, the surest first in each."""
    config = attained.config
    return Table(
        "judgement",
        Said("judgement.title"),
        {
            "target": Column(Said("column.target"), "name"),
            "group": Column(Said("judgement.group"), "text", room=14),
            "class": Column(Said("judgement.class"), "text", means=Said("judgement.means")),
            "chance": Column(
                Said("column.chance"), form="chance", means=Said("column.chance_means")
            ),
            "goal": Column(
                Said("column.goal"), room=15, spare=True, means=Said("column.goal_means")
            ),
        },
        [*_lines(attained, config)],
        Said("judgement.caption"),
    )


def _judged(attained: Attained, row: Row, ends: Mapping[str, float]) -> JudgedChance:
    own = attained.interval(row)
    return JudgedChance(own.probability, own.low, own.high, tuple(ends.values()))


def _lines(attained: Attained, config: Config) -> Iterator[Line]:
    ends = config["judgement"]
    rows: dict[Class, list[Row]] = {name: [] for name in CLASSES}
    for row in sorted(attained.deciding, key=attained.chance, reverse=True):
        rows[class_of(attained.chance(row), ends)].append(row)
    shares = {name: Share(ends[name]) for name in ends}
    for name, members in rows.items():
        said = Said(f"judgement.{name}")
        told = {"class": said, "range": Said(f"judgement.range.{name}", shares)}
        heading = Said("judgement.heading", {**told, "count": len(members)})
        yield Line({"target": heading}, heading=True)
        for row in members:
            yield Line(
                {
                    "target": row.marked,
                    "group": group_name(config, row.group),
                    "class": said,
                    "chance": _judged(attained, row, ends),
                    "goal": row.wanted,
                },
                essential=bool(config["plan"]["groups"][row.group]["headline"]),
                looks={"class": _LOOKS[name], "chance": _LOOKS[name]},
                source=row.clause,
            )
