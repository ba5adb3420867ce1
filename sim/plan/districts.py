"""The places of a plan: county-level units with what the model needs to know of them."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from sim.config.errors import ConfigError
from sim.config.table import Column, Table
from sim.words import Said

DATA_DIRECTORY = Path(__file__).resolve().parent.parent / "data"

_CODE = "adcode_2016_stats"
_ZH, _EN, _ZONE = "name_zh_2020", "name_en", "zone"
_POPULATION = "pop_2015_est_revised_total"
_GDP = "gdp_2018_100m_yuan"
_NARROW, _WIDE = "communities_in_subdistricts_2016", "communities_2016"
_VILLAGES = "villages_2016"

_LARGEST_POPULATION = 1e10  # persons; weights built of it stay numbers of 64 bits
_LARGEST_GDP = 1e8  # in 100 million yuan, a hundred times that of the country
_MOST_PLACES = 1e7
_PERSONS, _COMMUNITIES = Said("place_table.unit.persons"), Said("place_table.unit.communities")


_ONE_SMALL_TOWN = 1_000
"""Persons. Where no place has as many, populations are in thousands or in ten thousands."""


@dataclass(frozen=True, slots=True)
class District:
    """One county-level unit.

    ``population`` is in persons (end of 2015), ``fiscal_strength`` a relative weight (GDP of 2018
    in million yuan: no earlier year is known by district, so its use is an assumption),
    ``communities`` the number of urban communities by reading of the definition
    ``urban_community``, ``villages`` a count.
    """

    adcode: int
    zh: str
    en: str
    zone: str
    population: int
    fiscal_strength: int
    communities: dict[str, int]
    villages: int

    def places(self, universe: str, reading: str) -> int:
        """Small places of a universe (``urban_communities``, ``villages``) under a reading."""
        return self.villages if universe == "villages" else self.communities[reading]


def find_named(name: str, known: Mapping[str, str]) -> str | None:
    """What ``known`` has under ``name``, upper and lower case being equal.

    The beginning of a name will do if all that begin like it are of one thing; None if none is.
    """
    wanted = name.casefold()
    codes = {written.casefold(): code for written, code in known.items()}
    if wanted in codes:
        return codes[wanted]
    found = {code for written, code in codes.items() if written.startswith(wanted)}
    return found.pop() if len(found) == 1 else None


def districts_path(name: str) -> Path:
    """Where a table of places is: a file of ``sim/data`` or any path."""
    return Path(name) if Path(name).is_absolute() else DATA_DIRECTORY / name


def read_districts(name: str, zones: Collection[str] | None = None) -> tuple[District, ...]:
    """Read the table of places at :func:`districts_path`.

    Args:
        name: as in ``plan.districts``.
        zones: those of the plan, which every place must lie in one of; None to take any.

    Raises:
        ConfigError: there is no such table, or something in it is wrong or not sure; it lists all
            problems with row and column.
    """
    path = districts_path(name)
    if not os.path.lexists(path):
        known = sorted(p.name for p in DATA_DIRECTORY.glob("*.csv"))
        raise ConfigError("place_table.absent", key="plan.districts", value=name, known=known)
    table = Table(path, _columns(zones), key="plan.districts")
    _check_amounts(table)
    return tuple(
        District(
            adcode=row.whole(_CODE),
            zh=row.text(_ZH),
            en=row.text(_EN),
            zone=row.text(_ZONE),
            population=row.whole(_POPULATION),
            # Weights of money are integers so that every split is exact; GDP to 1 million yuan.
            fiscal_strength=round(100 * row.amount(_GDP)),
            communities={"narrow": row.whole(_NARROW), "wide": row.whole(_WIDE)},
            villages=row.whole(_VILLAGES),
        )
        for row in table.close()
    )


def _columns(zones: Collection[str] | None) -> list[Column]:
    return [
        Column(_CODE, "code"),
        Column(_ZH),
        Column(_EN),
        Column(_ZONE, known=None if zones is None else tuple(zones)),
        Column(_POPULATION, "whole", _PERSONS, ("人",), _LARGEST_POPULATION),
        Column(_GDP, "number", Said("place_table.unit.gdp"), ("亿元", "亿"), _LARGEST_GDP),
        Column(_NARROW, "whole", _COMMUNITIES, ("个",), _MOST_PLACES),
        Column(_WIDE, "whole", _COMMUNITIES, ("个",), _MOST_PLACES),
        Column(_VILLAGES, "whole", Said("place_table.unit.villages"), ("个",), _MOST_PLACES),
    ]


def _check_amounts(table: Table) -> None:
    """Numbers that are numbers and yet cannot be meant."""
    for row in table.rows:
        population, narrow, wide, villages = (
            row.whole(column) for column in (_POPULATION, _NARROW, _WIDE, _VILLAGES)
        )
        if narrow > wide:
            problem = ConfigError("place_table.communities", most=wide, column=_WIDE)
            table.refuse(row.number, _NARROW, problem, narrow)
        if population < wide + villages:
            problem = ConfigError("place_table.few_persons")
            table.refuse(row.number, _POPULATION, problem, population)
    for column, words in ((_POPULATION, "place_table.nobody"), (_GDP, "place_table.no_gdp")):
        if table.rows and not any(row.cells[column] for row in table.rows):
            nothing = ConfigError(words, allowed=Said("place_table.an_amount"))
            table.refuse(table.rows[0].number, column, nothing, 0)
    largest = max(table.rows, key=lambda row: row.whole(_POPULATION), default=None)
    if largest is not None and 0 < largest.whole(_POPULATION) < _ONE_SMALL_TOWN:
        problem = ConfigError("place_table.no_town", count=f"{_ONE_SMALL_TOWN:,}")
        table.refuse(largest.number, _POPULATION, problem, largest.whole(_POPULATION))
