"""The places of a plan: county-level units with what the model needs to know of them."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from pathlib import Path

from sim.config.errors import ConfigError

DATA_DIRECTORY = Path(__file__).resolve().parent.parent / "data"

_COLUMNS = {
    "adcode": "adcode_2016_stats",
    "zh": "name_zh_2020",
    "en": "name_en",
    "zone": "zone",
    "population": "pop_2015_est_revised_total",
    "fiscal_strength": "gdp_2018_100m_yuan",
    "communities_narrow": "communities_in_subdistricts_2016",
    "communities_wide": "communities_2016",
    "villages": "villages_2016",
}


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


def districts_path(name: str) -> Path:
    """Where a table of places is: a file of ``sim/data`` or any path."""
    return Path(name) if Path(name).is_absolute() else DATA_DIRECTORY / name


def read_districts(name: str) -> tuple[District, ...]:
    """Read the table of places at :func:`districts_path`.

    Raises:
        ConfigError: the file or one of its columns is missing, or a number is not one.
    """
    path = districts_path(name)
    if not path.is_file():
        known = sorted(p.name for p in DATA_DIRECTORY.glob("*.csv"))
        raise ConfigError(
            "the table of districts does not exist", key="plan.districts", value=name, known=known
        )
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    missing = [c for c in _COLUMNS.values() if not rows or c not in rows[0]]
    if missing:
        raise ConfigError(
            f"the table of districts lacks the columns {', '.join(missing)}",
            file=str(path),
            key="plan.districts",
        )
    return tuple(_district(row, path) for row in rows)


def _district(row: dict[str, str], path: Path) -> District:
    def number(field: str) -> float:
        text = row[_COLUMNS[field]]
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not (math.isfinite(value) and value >= 0):
            raise ConfigError(
                "a district needs a non-negative number here",
                file=str(path),
                key=f"{row[_COLUMNS['adcode']]}.{_COLUMNS[field]}",
                value=text,
            )
        return value

    return District(
        adcode=int(number("adcode")),
        zh=row[_COLUMNS["zh"]],
        en=row[_COLUMNS["en"]],
        zone=row[_COLUMNS["zone"]],
        population=int(number("population")),
        # Weights of money are integers so that every split is exact; GDP to 1 million yuan.
        fiscal_strength=round(100 * number("fiscal_strength")),
        communities={
            "narrow": int(number("communities_narrow")),
            "wide": int(number("communities_wide")),
        },
        villages=int(number("villages")),
    )
