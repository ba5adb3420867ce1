"""The pictures of a run, from its folder: overview, chances, development, money, places, delays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path

from sim.answer.blocks import Figure
from sim.answer.figures import Chance, Chances
from sim.answer.found import Found
from sim.answer.row import group_name, marks
from sim.answer.run.attained import Attained
from sim.answer.run.delays import delays_of, stacks, stage_means
from sim.answer.run.development import SURVEY, TRUE, city_development, fans
from sim.answer.run.districts import maps, records
from sim.answer.run.money import flows, movements, spending
from sim.answer.run.overview import overview
from sim.lazy import pq
from sim.words import Quantity, Said


def pictures(folder: Path, attained: Attained, found: Found) -> Iterator[Figure]:
    """What a run shows; what it did not record, or whose targets are not modelled, is left out.

    ``overview``, ``attainment``; one picture a group, named by the group; ``money``, by year
    ``money_years``, ``spend``; ``districts_met`` and other maps; ``delays`` and ``missing``.

    Args:
        folder: of the run, with its series.parquet, ledger.parquet and delays.parquet.
        found: what every replication found.
    """
    if not attained.replications:
        return
    config, series, delays = attained.config, folder / "series.parquet", folder / "delays.parquet"
    yield overview(attained, found)
    yield chances(attained)
    if _has_rows(series):
        shown = {f"{row.indicator}{end}" for row in attained.rows for end in ("", TRUE, SURVEY)}
        yield from fans(attained, city_development(series, shown))
    held: Mapping[str, float] = {}
    if _has_rows(folder / "ledger.parquet"):
        moved, held = movements(folder / "ledger.parquet", attained.replications)
        yield from flows(moved, config)
    if _has_rows(series):
        yield from spending(series, config)
    if _has_rows(delays):
        yield from maps(config, records(delays, config, attained.replications), held)
        means = stage_means(delays, attained.replications)
        yield from stacks(delays_of(means, attained))


def _has_rows(path: Path) -> bool:
    """Whether the run wrote rows into a Parquet file."""
    return path.exists() and pq.read_metadata(path).num_rows > 0


def chances(attained: Attained) -> Chances:
    """The chance of every modelled target, likeliest first in each group.

    Both readings of an ambiguous target are neighbours.
    """
    config, classes = attained.config, attained.classes(attained.deciding)
    rows = []
    for group, members in groupby(attained.rows, key=lambda row: row.group):
        targets = [[*own] for _, own in groupby(members, key=lambda row: row.target)]
        for row in (
            row
            for readings in sorted(targets, key=lambda own: -attained.chance(own[0]))
            for row in readings
        ):
            interval = attained.interval(row)
            rows.append(
                Chance(
                    name=Said("row.marked", {"target": row.name, "dagger": row.dagger}),
                    group=group_name(config, group),
                    probability=interval.probability,
                    low=interval.low,
                    high=interval.high,
                    counts=row.counts,
                    goal=row.wanted,
                    median=Quantity(attained.values(row).middle),
                    reading=row.reading,
                )
            )
    told = {"total": classes.total(), "likely": classes["likely"]}
    return Chances(
        name="attainment",
        title=Said("attainment.title", {**told, "year": str(config["plan"]["end"])[:4]}),
        legend=Said("attainment.subtitle"),
        notes=[*marks(attained.rows)],
        rows=rows,
    )
