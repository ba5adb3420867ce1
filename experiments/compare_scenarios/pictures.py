"""Pictures of a comparison: what every scenario changes, target by target, and how all compare."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from experiments.compare_scenarios.across import Together, chance_figure
from experiments.compare_scenarios.comparison import (
    Comparison,
    Standing,
    differ,
    points,
)
from experiments.compare_scenarios.findings import LESS, MORE, Compared
from sim.answer.blocks import Spoken
from sim.answer.figures import Axis, Dot, Dumbbell, Key, Ladder, Pair, Role
from sim.answer.row import Config, for_readers, group_name, marks
from sim.words import Chance, Label, Said, signed, speeches

STEM = "compare_scenarios"
OVERVIEW = f"{STEM}_overview"

_ROLES: dict[str, Role] = {MORE: "more", LESS: "less", "": "same"}


def pictures(
    comparisons: Sequence[Comparison], ranked: Sequence[Standing], config: Config
) -> Iterator[Dumbbell | Ladder]:
    """One scenario against the reference; several by their chances and the targets they meet."""
    if len(comparisons) == 1:
        yield dumbbell(picture_name(comparisons[0].name), comparisons[0], config)
        return
    several = {"count": len(comparisons)}
    origin = _origin("compare_scenarios.overview.origin", comparisons[0].reference, **several)
    yield chance_figure(STEM, Together.of(comparisons), origin)
    if ranked:
        yield overview(comparisons, ranked)


def picture_name(scenario: str) -> str:
    """The name of a file, whatever signs the name of the scenario has."""
    safe = re.sub(r"\W+", "_", scenario).strip("_")
    return f"{STEM}_{safe[:60]}"


def dumbbell(name: str, one: Comparison, config: Config) -> Dumbbell:
    """Rings and dots: the chance of every target in the reference and in the scenario.

    The first page shows what has changed most.
    """
    title: dict[str, object] = {
        "scenario": one.label,
        "reference": one.reference,
        "total": one.total,
        "less": len(one.changed(LESS)),
        "more": len(one.changed(MORE)),
    }
    met = [signed(limit) for limit in one.met_change.limits] if one.met is not None else [None] * 3
    title |= dict(zip(("met", "low", "high"), met, strict=True))
    keys: tuple[Role, ...] = ("more", "less", "same")
    return Dumbbell(
        name=name,
        title=Said("compare_scenarios.chart.title", title),
        legend=Said("compare_scenarios.chart.legend"),
        keys=[Key(role, Said(f"compare_scenarios.chart.{role}")) for role in keys],
        notes=[*marks([found.row for found in one.single])],
        origin=_origin("compare_scenarios.chart.origin", one.reference, scenario=one.label),
        rows=[_pair(found, config) for found in _ordered(one, config)],
        axis=Axis(form="chance"),
        columns=[
            Said("compare_scenarios.chart.chance"),
            Said("compare_scenarios.chart.difference"),
        ],
    )


def _origin(key: str, reference: Label, **values: object) -> Label:
    """What a picture is of, for its footer."""
    told = {**values, "reference": reference}
    return {speech.language: speech.text(Said(key, told)) for speech in speeches("both")}


def _ordered(one: Comparison, config: Config) -> Iterator[Compared]:
    """Single rows by group, then by target: where most has changed for sure comes first.

    What has changed alike stays as readers read it; readings of a target are neighbours.
    """
    by_row = {found.row: found for found in one.single}
    rows = for_readers(by_row, config)
    groups = [[by_row[row] for row in own] for _, own in groupby(rows, lambda row: row.group)]
    for group in sorted(groups, key=lambda own: -max(map(_surely, own))):
        targets = [[*own] for _, own in groupby(group, lambda found: found.row.target)]
        for readings in sorted(targets, key=lambda own: -abs(own[0].chance_change.value)):
            yield from readings


def _surely(found: Compared) -> float:
    """The size of the change, if it is more than chance and the target decides."""
    return abs(found.chance_change.value) if found.change and found.row.decides else 0.0


def _pair(found: Compared, config: Config) -> Pair:
    row, role = found.row, _ROLES[found.change]
    before, after = found.chances
    chances = Said(
        "compare_scenarios.chart.chances", {"before": Chance(before), "after": Chance(after)}
    )
    return Pair(
        name=Said("row.marked", {"target": row.name, "dagger": row.dagger}),
        dots=[Dot(before, role, hollow=True), Dot(after, role)],
        texts=[chances, points(found.chance_change)],
        role=role,
        sure=bool(found.change),
        group=group_name(config, row.group),
        reading=row.reading,
        counts=row.counts,
    )


def overview(comparisons: Sequence[Comparison], ranked: Sequence[Standing]) -> Dumbbell:
    """The mean number of targets met under every scenario with its interval, most first."""
    reference = next(own for own in ranked if own.difference is None)
    total = {"total": comparisons[0].total}
    keys: tuple[Role, ...] = ("more", "less", "same")
    return Dumbbell(
        name=OVERVIEW,
        title=differ(ranked),
        legend=Said("compare_scenarios.overview.legend", total),
        keys=[Key(role, Said(f"compare_scenarios.overview.{role}")) for role in keys],
        origin=_origin(
            "compare_scenarios.overview.origin", reference.label, count=len(comparisons)
        ),
        rows=[_standing(own) for own in ranked],
        axis=Axis(Said("compare_scenarios.overview.mean")),
        columns=[
            Said("compare_scenarios.overview.mean"),
            Said("compare_scenarios.overview.difference"),
        ],
        reference=(reference.mean.value, Said("compare_scenarios.overview.reference")),
    )


def _standing(own: Standing) -> Pair:
    role = _ROLES[own.change]
    interval = own.mean.low, own.mean.high
    texts: list[Spoken] = [own.mean_text, own.difference_text]
    return Pair(
        name=own.label,
        dots=[Dot(own.mean.value, role, interval, hollow=own.difference is None)],
        texts=texts,
        role=role,
        sure=bool(own.change),
    )
