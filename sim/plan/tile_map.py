"""Where districts lie on a grid of squares, so that they can be shown without any boundary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.config.table import Column, Table
from sim.plan.districts import DATA_DIRECTORY

_CODE, _COLUMN, _ROW, _ZH, _EN = "adcode", "col", "row", "short_zh", "name_en"


@dataclass(frozen=True, slots=True)
class Square:
    """Column and row of a district, from 0 at the top left, and its short name."""

    column: int
    row: int
    zh: str
    en: str


def tile_map() -> Mapping[int, Square]:
    """The squares of the districts that are known, by code."""
    # Places on a grid are no amounts, in which a reader of tables would look for sums.
    columns = [Column(_CODE, "code"), *map(Column, (_COLUMN, _ROW, _ZH, _EN))]
    table = Table(DATA_DIRECTORY / "tilemap.csv", columns, key="plan")
    return {
        row.whole(_CODE): Square(
            int(row.text(_COLUMN)), int(row.text(_ROW)), row.text(_ZH), row.text(_EN)
        )
        for row in table.close()
    }
