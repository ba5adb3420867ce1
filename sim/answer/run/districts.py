"""How districts fare: quotas met, projects opened, days lost and money unspent, by place."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sim.answer.blocks import Column, Line, Spoken, Table
from sim.answer.figures import Key, Tile, TilePanel, Tiles
from sim.answer.found import coded, row_groups, whole_replications
from sim.answer.row import Config
from sim.lazy import pa
from sim.plan.districts import District, read_districts
from sim.plan.tile_map import Square, tile_map
from sim.words import Count, Label, Mean, Said, Share, Yuan, YuanInColumn

WORST = 5
"""At most so many places are framed, and never more than a quarter of them."""

_HEADS = 1e5  # persons for whom opened projects are counted
_COUNTS = ("excess_days", "passed", "standing", "missing")
PROJECT_COLUMNS = ("replication", "place", "programme", "stage", *_COUNTS)
"""Columns of the delay ledger that :func:`project_rows` looks at."""
_UNMET = "unmet:"

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Record:
    """What was recorded of one place, as means over replications.

    Attributes:
        quotas: programmes of which it had to deliver units.
        met: how many of them it delivered in full; opened, started: projects; lost: days that
            they waited or were built beyond their usual time.
    """

    quotas: int = 0
    met: float = 0.0
    opened: float = 0.0
    started: float = 0.0
    lost: float = 0.0


@dataclass(frozen=True)
class ProjectRows:
    """Rows of the delay ledger about projects of districts: arrays of one length, row by row.

    Attributes:
        places, programmes, stages: names; place, programme, stage: which of them a row is about.
        opened: projects that opened, in the row of the stage that says so, less those that a row
            says to be waiting for staff; standing: projects that the deadline found in the stage.
        days: lost; missing: units.
    """

    replication: npt.NDArray[np.int64]
    places: Sequence[str]
    programmes: Sequence[str]
    stages: Sequence[str]
    place: npt.NDArray[np.int64]
    programme: npt.NDArray[np.int64]
    stage: npt.NDArray[np.int64]
    opened: npt.NDArray[np.int64]
    standing: npt.NDArray[np.int64]
    days: npt.NDArray[np.int64]
    missing: npt.NDArray[np.int64]


def project_rows(tables: Iterable[pa.Table], config: Config) -> Iterator[ProjectRows]:
    """What the delay ledger says of projects of districts, whole replications at a time.

    Args:
        tables: in ascending order of replications, with the columns :data:`PROJECT_COLUMNS`.
    """
    programmes = config["plan"]["programmes"]
    for table in whole_replications(tables):
        places, place = coded(table["place"])
        names, name = coded(table["programme"])
        stages, stage = coded(table["stage"])
        days, passed, standing, missing = (table[count].to_numpy() for count in _COUNTS)
        built = np.array([own in programmes for own in names])[name]
        built &= np.array([not own.startswith(_UNMET) for own in stages])[stage]
        built &= np.array([own != "city" for own in places])[place]
        paid = np.array([own == "money" for own in stages])[stage]
        staffed = np.array([own == "staff" for own in stages])[stage]
        # Whoever has all money has opened, but for those that wait for staff.
        opened = passed * paid - standing * staffed
        columns = (place, name, stage, opened, standing, days, missing)
        replication = table["replication"].to_numpy()[built]
        yield ProjectRows(replication, places, names, stages, *(own[built] for own in columns))


def has_quotas(config: Config, programme: str) -> bool:
    """Whether what is missing of a programme are its units; of hosts of bases it is titles."""
    return not config["plan"]["programmes"][programme].get("feeds")


def records(path: Path, config: Config, replications: int) -> dict[str, Record]:
    """What was recorded of every place that had a quota.

    A programme has a quota in a place if it left a trace there in any replication; hosts of bases
    are left out of the quotas, as what is missing there are titles.

    Args:
        path: a delays.parquet; replications: how many finished.
    """
    missed: dict[tuple[str, str], int] = {}
    sums: dict[str, Floats] = {}
    for rows in project_rows(row_groups(path, PROJECT_COLUMNS), config):
        for number, parts in enumerate(zip(*(
            np.bincount(rows.place, own, len(rows.places))
            for own in (rows.opened, rows.opened + rows.standing, rows.days)
        ), strict=True)):  # fmt: skip
            sums[rows.places[number]] = sums.get(rows.places[number], np.zeros(3)) + parts
        cells = rows.place * len(rows.programmes) + rows.programme
        for cell in np.unique(cells):
            missed.setdefault(_cell(rows, cell), 0)
        # Once for every replication that lacks anything of a programme in a place.
        short = rows.missing > 0
        own = np.unique(np.stack((rows.replication[short], cells[short])), axis=1)[1]
        for cell, count in zip(*np.unique(own, return_counts=True), strict=True):
            missed[_cell(rows, cell)] += int(count)
    found = {}
    for own_place in sorted({own for own, _ in missed}):
        quotas = [count for (own, programme), count in missed.items()
                  if own == own_place and has_quotas(config, programme)]  # fmt: skip
        opened, started, lost = sums[own_place] / replications
        met = sum(1.0 - count / replications for count in quotas)
        found[own_place] = Record(len(quotas), met, opened, started, lost)
    return found


def _cell(rows: ProjectRows, cell: int) -> tuple[str, str]:
    place, programme = divmod(int(cell), len(rows.programmes))
    return rows.places[place], rows.programmes[programme]


# ------------------------------------------------------------------ maps


@dataclass(frozen=True)
class _Measure:
    """What one map shows: a value of each place, whether much of it is good, how it is said.

    ``told`` is how it is said in a sentence, if not as on a tile.
    """

    name: str
    value: Callable[[District], float | None]
    good: bool
    said: Callable[[float], Spoken]
    told: Callable[[float], Spoken] | None = None


def maps(
    config: Config, recorded: Mapping[str, Record], held: Mapping[str, float]
) -> Iterator[Tiles]:
    """A map of each measure, the worst places framed.

    Args:
        recorded: by place, see :func:`records`.
        held: yuan that the envelopes of each place hold at the end.
    """
    places = [own for own in read_districts(str(config["plan"]["districts"]))
              if str(own.adcode) in recorded]  # fmt: skip
    if len(places) < 2:
        return

    def quotas_met(own: District) -> float | None:
        record = recorded[str(own.adcode)]
        return record.met / record.quotas if record.quotas else None

    def opened(own: District) -> float | None:
        return (
            _HEADS * recorded[str(own.adcode)].opened / own.population if own.population else None
        )

    def lost(own: District) -> float | None:
        record = recorded[str(own.adcode)]
        return record.lost / record.started if record.started else None

    def unspent(own: District) -> float | None:
        return held.get(str(own.adcode), 0.0)

    def share(value: float) -> Spoken:
        return Share(round(value, 2))

    def money(value: float) -> Spoken:
        return Yuan(round(float(f"{value:.3g}")))

    measures = [
        _Measure("met", quotas_met, True, share),
        _Measure("opened", opened, True, Mean),
        _Measure("lost", lost, False, Mean),
        *([_Measure("unspent", unspent, False, YuanInColumn, money)] if held else []),
    ]
    squares = _squares(places)
    yield from (figure for own in measures if (figure := _map(own, places, squares)) is not None)


def _map(
    measure: _Measure, places: Sequence[District], squares: Mapping[int, Square]
) -> Tiles | None:
    """One map; None if no place has a value."""
    values = {own.adcode: value for own in places if (value := measure.value(own)) is not None}
    if not values:
        return None
    ranked = sorted((own for own in places if own.adcode in values), key=lambda p: values[p.adcode])
    lowest, highest = ranked[0], ranked[-1]
    ends = values[lowest.adcode], values[highest.adcode]
    count = max(min(WORST, len(ranked) // 4), 1)
    worst = ranked[:count] if measure.good else ranked[-count:]
    framed = "lowest" if measure.good else "highest"
    tiles = []
    for own in places:
        square, value = squares[own.adcode], values.get(own.adcode)
        text: Spoken = Said("number.none") if value is None else measure.said(value)
        named = _name(squares, own)
        tiles.append(Tile(named, square.column, square.row, value, text, own in worst))
    scale = measure.said(ends[0]), measure.said(ends[1])
    say = measure.told or measure.said
    told = {
        "low": say(ends[0]),
        "low_place": _name(squares, lowest),
        "high": say(ends[1]),
        "high_place": _name(squares, highest),
    }
    return Tiles(
        name=f"districts_{measure.name}",
        title=Said(f"district_map.title.{measure.name}", told),
        legend=Said("district_map.legend"),
        keys=[Key("reference", Said(f"district_map.{framed}", {"count": count}), "frame")],
        panels=[
            TilePanel(
                name=Said(f"district_map.measure.{measure.name}"),
                tiles=tiles,
                ends=ends,
                role="more" if measure.good else "less",
                scale=scale,
                lines=[Said(f"district_map.note.{measure.name}")],
            )
        ],
    )


def _name(squares: Mapping[int, Square], place: District) -> Label:
    square = squares[place.adcode]
    return {"zh": square.zh, "en": square.en}


def _squares(places: Sequence[District]) -> Mapping[int, Square]:
    """Where each place stands: on the tile map, or, if that does not know it, in rows by order."""
    known = tile_map()
    found = {own.adcode: known[own.adcode] for own in places if own.adcode in known}
    others = [own for own in places if own.adcode not in found]
    top = max((square.row for square in found.values()), default=-1) + 1
    width = max((square.column for square in found.values()), default=-1) + 1
    width = width or math.ceil(math.sqrt(2.0 * len(others)))
    for number, own in enumerate(others):
        row, column = divmod(number, width)
        found[own.adcode] = Square(column, top + row, own.zh, own.en)
    return found


# ------------------------------------------------------------------ table


def district_table(
    config: Config, recorded: Mapping[str, Record], held: Mapping[str, float]
) -> Table:
    """Who is behind: every place with its zone, those that meet the fewest quotas first.

    Args:
        recorded, held: as of :func:`maps`.
    """
    zones, lines = config["plan"]["zones"], list[Line]()
    places = [(own, recorded[str(own.adcode)])
              for own in read_districts(str(config["plan"]["districts"]))
              if str(own.adcode) in recorded]  # fmt: skip
    for own, record in sorted(places, key=lambda one: _met_share(one[1])):
        cells: dict[str, Spoken] = {
            "place": {"zh": own.zh, "en": own.en},
            "zone": zones[own.zone]["name"],
            "met": Share(round(_met_share(record), 2)) if record.quotas else None,
            "quotas": Count(record.quotas),
            "opened": Mean(record.opened),
            "per_head": Mean(_HEADS * record.opened / own.population) if own.population else None,
            "lost": Mean(record.lost / record.started) if record.started else None,
            "unspent": YuanInColumn(held.get(str(own.adcode), 0.0)),
        }
        lines.append(Line(cells, essential=len(lines) < 2 * WORST))
    columns = {
        "place": Column(Said("district_table.place"), "name"),
        "zone": Column(Said("district_table.zone"), "text", spare=True),
        "met": Column(Said("district_table.met"), form="share", means=_means("met")),
        "quotas": Column(Said("district_table.quotas"), spare=True, means=_means("quotas")),
        "opened": Column(Said("district_table.opened"), spare=True, means=_means("opened")),
        "per_head": Column(Said("district_table.per_head"), means=_means("per_head")),
        "lost": Column(Said("district_table.lost"), means=_means("lost")),
        "unspent": Column(Said("district_table.unspent"), form="yuan", means=_means("unspent")),
    }
    title = Said("district_table.title")
    return Table("districts", title, columns, lines, Said("district_table.caption"))


def _met_share(record: Record) -> float:
    return record.met / record.quotas if record.quotas else 1.0


def _means(name: str) -> Said:
    return Said(f"district_table.means.{name}")
