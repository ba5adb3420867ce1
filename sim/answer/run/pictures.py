"""What a run shows, from its folder: overview, chances, development, money, places, delays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import groupby
from pathlib import Path

from sim.answer.blocks import Figure, Table
from sim.answer.figures import Chance, Chances
from sim.answer.found import Found
from sim.answer.row import group_name, marks
from sim.answer.run.attained import Attained
from sim.answer.run.delays import delays_of, stacks, stage_means
from sim.answer.run.development import SURVEY, TRUE, city_development, fans
from sim.answer.run.districts import Record, district_table, maps, records
from sim.answer.run.money import Movements, flows, money_table, movements, spending
from sim.answer.run.money_values import money_values
from sim.answer.run.overview import overview
from sim.lazy import pq
from sim.words import Quantity, Said


class Recorded:
    """What the folder of a run holds, each part read once, when somebody asks for it.

    Attributes:
        attained: by the run.
        series, delays: files; None if the run wrote no rows into them.
    """

    def __init__(self, folder: Path, attained: Attained) -> None:
        self.attained = attained
        self.series, self.delays, self._ledger = (
            path if _has_rows(path := folder / f"{name}.parquet") else None
            for name in ("series", "delays", "ledger")
        )

    @cached_property
    def money(self) -> tuple[Movements, Mapping[str, float]]:
        """See :func:`sim.answer.run.money.movements`; nothing where nothing moved."""
        if self._ledger is None:
            return {}, {}
        return movements(self._ledger, self.attained.replications)

    @cached_property
    def places(self) -> Mapping[str, Record]:
        """See :func:`sim.answer.run.districts.records`; nothing where nothing was recorded."""
        if self.delays is None:
            return {}
        return records(self.delays, self.attained.config, self.attained.replications)


def tables(recorded: Recorded) -> Iterator[Table]:
    """Who is behind, and where the money went."""
    config, (moved, held) = recorded.attained.config, recorded.money
    if recorded.places:
        yield district_table(config, recorded.places, held)
    if moved:
        yield money_table(moved, config)


def pictures(recorded: Recorded, found: Found) -> Iterator[Figure]:
    """What a run shows; what it did not record, or whose targets are not modelled, is left out.

    ``overview``, ``attainment``; one picture a group, named by the group; ``money``, by year
    ``money_years``, ``spend``, ``money_values``; ``districts_met`` and other maps; ``delays`` and
    ``missing``.

    Args:
        found: what every replication found.
    """
    attained, series, delays = recorded.attained, recorded.series, recorded.delays
    if not attained.replications:
        return
    config = attained.config
    yield overview(attained, found)
    yield chances(attained)
    if series is not None:
        shown = {f"{row.indicator}{end}" for row in attained.rows for end in ("", TRUE, SURVEY)}
        yield from fans(attained, city_development(series, shown))
    moved, held = recorded.money
    yield from flows(moved, config)
    if series is not None:
        yield from spending(series, config)
        yield from money_values(series, attained, found)
    if delays is not None:
        yield from maps(config, recorded.places, held)
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
