"""The overview of a run: one page that answers alone, for whoever reads no other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby, zip_longest

from sim.answer.figures import Chance, Overview, Part, Role
from sim.answer.found import Found
from sim.answer.row import Row
from sim.answer.run.attained import Attained
from sim.answer.run.delays import NEVER_PROPOSED, ROLES
from sim.answer.run.page import STAGE, stages, summary
from sim.words import Said

ROWS = 11
"""Targets that are shown by name."""


def overview(attained: Attained, found: Found) -> Overview:
    """Headline sentences, classes of all targets, chances of some, and what holds others back."""
    deciding = attained.deciding
    classes = attained.classes(deciding)
    kinds: Sequence[Role] = ("likely", "open", "unlikely")
    reasons = Counter(attained[row].held_back_by for row in deciding if attained.chance(row) < 0.5)
    order = sorted(
        (stage for stage in stages() if reasons[stage]), key=lambda stage: -reasons[stage]
    )
    headline = [row for row in deciding if _leads(row, attained)]
    shown = _some(headline)
    told = {"shown": len(shown), "total": len(headline)}
    return Overview(
        name="overview",
        title=Said(
            "overview.title",
            {
                "plan": attained.config["plan"]["name"],
                "likely": classes["likely"],
                "total": len(deciding),
            },
        ),
        statements=[own.said for own in summary(attained, found) if own.weight == "headline"],
        classes=[Part(Said(f"overview.{kind}"), classes[kind], kind) for kind in kinds],
        rows=[_chance(row, attained) for row in shown],
        reasons=[
            Part(
                Said(f"{STAGE}.{stage}"),
                reasons[stage],
                ROLES.get(stage, "rest"),
                stage.startswith(NEVER_PROPOSED),
            )
            for stage in order
        ],
        classes_heading=Said("overview.classes", {"total": len(deciding)}),
        rows_heading=Said("overview.rows", told),
        reasons_heading=Said("overview.obstacles"),
    )


def _leads(row: Row, attained: Attained) -> bool:
    headline: bool = attained.config["plan"]["groups"][row.group]["headline"]
    return headline


def _some(rows: Sequence[Row]) -> list[Row]:
    """As many rows as are shown, in their order: the first ones of every group."""
    groups = [[*own] for _, own in groupby(rows, key=lambda row: row.group)]
    turns = [row for turn in zip_longest(*groups) for row in turn if row is not None]
    chosen = turns[:ROWS]
    return [row for row in rows if row in chosen]


def _chance(row: Row, attained: Attained) -> Chance:
    interval = attained.interval(row)
    return Chance(
        name=Said("row.marked", {"target": row.name, "dagger": row.dagger}),
        group=None,
        probability=interval.probability,
        low=interval.low,
        high=interval.high,
    )
