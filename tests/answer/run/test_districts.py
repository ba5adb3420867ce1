"""How districts fare: counted from the delay ledger, shown where they lie."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sim.answer.figures import Tiles
from sim.answer.run.districts import Record, district_table, maps, records
from sim.plan.districts import districts_path, read_districts
from sim.plan.tile_map import tile_map
from sim.words import Speech

EN, ZH = Speech("en"), Speech("zh")
CONFIG: dict[str, Any] = {
    "plan": {
        "districts": "districts.csv",
        "programmes": {"rooms": {}, "halls": {"feeds": None}, "hosts": {"feeds": "district"}},
    }
}
# replication, place, programme, stage, project days, excess days, passed, standing, missing
ROWS = [
    (0, "500101", "rooms", "money", 90, 90, 4, 1, 1),
    (0, "500101", "rooms", "staff", 30, 30, 2, 1, 1),
    (0, "500101", "halls", "money", 10, 10, 1, 0, 0),
    (0, "500101", "hosts", "money", 0, 0, 3, 0, 2),
    (0, "500101", "bases", "unmet:panel", 0, 0, 0, 0, 9),
    (0, "500102", "halls", "unproposed:pace", 0, 0, 0, 0, 1),
    (0, "city", "halls", "money", 500, 500, 9, 9, 9),
    (1, "500101", "rooms", "money", 50, 50, 6, 0, 0),
    (1, "500102", "halls", "money", 20, 20, 1, 0, 0),
]


@pytest.fixture
def delays(tmp_path: Path) -> Path:
    names = ["replication", "place", "programme", "stage", "project_days", "excess_days",
             "passed", "standing", "missing"]  # fmt: skip
    path = tmp_path / "delays.parquet"
    pd.DataFrame(ROWS, columns=names).to_parquet(path, row_group_size=3)
    return path


def test_quotas_projects_and_days_are_counted_by_place(delays: Path) -> None:
    found = records(delays, CONFIG, 2)
    assert found == {
        # Rooms lack something in one of two histories, halls in none; hosts are not asked.
        # Opened: 4 with all their money but one that waits for staff, 1 hall, 3 hosts; then 6.
        "500101": Record(quotas=2, met=1.5, opened=6.5, started=7.5, lost=90.0),
        "500102": Record(quotas=1, met=0.5, opened=0.5, started=0.5, lost=10.0),
    }


def figures(
    recorded: Mapping[str, Record], held: Mapping[str, float], config: dict[str, Any] = CONFIG
) -> dict[str, Tiles]:
    return {figure.name: figure for figure in maps(config, recorded, held)}


def test_every_district_has_its_tile_and_the_worst_are_framed() -> None:
    places = read_districts("districts.csv")
    recorded = {
        str(own.adcode): Record(10, float(i % 10), 5.0 * i, 10.0, 100.0 * i)
        for i, own in enumerate(places)
    }
    held = {str(own.adcode): 1e5 * i for i, own in enumerate(places)}
    drawn, squares = figures(recorded, held), tile_map()
    names = ["districts_met", "districts_opened", "districts_lost", "districts_unspent"]
    assert [*drawn] == names
    for name, figure in drawn.items():
        (panel,) = figure.panels
        assert len(panel.tiles) == 38
        assert panel.role == ("more" if name in names[:2] else "less")
        for i, (own, tile) in enumerate(zip(places, panel.tiles, strict=True)):
            square = squares[own.adcode]
            assert (tile.column, tile.row) == (square.column, square.row)
            assert (EN.text(tile.name), ZH.text(tile.name)) == (square.en, square.zh)
            expected = {
                "districts_met": (i % 10) / 10.0,
                "districts_opened": 5e5 * i / own.population,
                "districts_lost": 10.0 * i,
                "districts_unspent": 1e5 * i,
            }
            assert tile.value == pytest.approx(expected[name])
        values = [tile.value for tile in panel.tiles if tile.value is not None]
        framed = [tile.value for tile in panel.tiles if tile.marked and tile.value is not None]
        ordered = sorted(values, reverse=panel.role == "less")
        assert sorted(framed) == sorted(ordered[:5])
        assert panel.ends == (min(values), max(values))
    assert EN.text(drawn["districts_lost"].title) == (
        "Days lost per project: from 0.0 in Wanzhou to 370 in Pengshui"
    )
    assert "500101" not in EN.text(drawn["districts_met"].title)
    assert EN.text(drawn["districts_unspent"].title).endswith("to 3.70 million yuan in Pengshui")
    assert "彭水370万元最多" in ZH.text(drawn["districts_unspent"].title)
    # A tile counts in the unit that the head of its map names in that language.
    assert ZH.text(drawn["districts_unspent"].panels[0].scale[1]) == "370"
    assert EN.text(drawn["districts_unspent"].panels[0].scale[1]) == "3.7"
    tile = drawn["districts_met"].panels[0].tiles[7]
    assert (EN.text(tile.text), ZH.text(tile.text)) == ("70 %", "70%")


def test_without_a_ledger_there_is_no_map_of_money() -> None:
    places = [str(own.adcode) for own in read_districts("districts.csv")][:6]
    recorded = {place: Record(1, 1.0, 1.0, 0.0, 0.0) for place in places}
    # Nothing was started, so no project lost a day.
    assert [*figures(recorded, {})] == ["districts_met", "districts_opened"]
    (first, *_) = figures(recorded, {}).values()
    assert len([tile for tile in first.panels[0].tiles if tile.marked]) == 1


def test_places_that_no_tile_map_knows_stand_in_rows_by_order(tmp_path: Path) -> None:
    path = tmp_path / "places.csv"
    shipped = districts_path("districts.csv").read_text(encoding="utf-8-sig").splitlines()
    lines = [line.replace("5001", "9901", 1) for line in shipped[:9]]
    path.write_text("\n".join(lines), encoding="utf-8")
    places = read_districts(str(path))
    config = {"plan": {**CONFIG["plan"], "districts": str(path)}}
    recorded = {str(own.adcode): Record(2, 1.0, 1.0, 1.0, 1.0) for own in places}
    figure = figures(recorded, {}, config)["districts_met"]
    seats = [(tile.row, tile.column) for tile in figure.panels[0].tiles]
    assert seats == sorted(set(seats))
    assert len({column for _, column in seats}) == 4
    assert figure.panels[0].tiles[0].name == {"zh": "万州区", "en": "Wanzhou"}


def test_squares_of_the_tile_map_are_those_of_the_districts_and_all_different() -> None:
    squares = tile_map()
    assert set(squares) == {own.adcode for own in read_districts("districts.csv")}
    assert len({(own.column, own.row) for own in squares.values()}) == 38


def test_the_table_names_first_who_is_behind() -> None:
    places = read_districts("districts.csv")[:3]
    zones = {own.zone: {"name": {"zh": own.zone, "en": own.zone}} for own in places}
    config = {"plan": {**CONFIG["plan"], "zones": zones}}
    recorded = {
        str(places[0].adcode): Record(quotas=4, met=3.0, opened=12.0, started=20.0, lost=500.0),
        str(places[1].adcode): Record(quotas=4, met=1.0, opened=5.0, started=5.0, lost=0.0),
        str(places[2].adcode): Record(),
    }
    table = district_table(config, recorded, {str(places[0].adcode): 2_500_000.0})
    told = [{name: EN.text(cell) for name, cell in line.cells.items()} for line in table.rows]
    assert [row["place"] for row in told] == [places[at].en for at in (1, 0, 2)]
    heads = f"{1e5 * 12.0 / (places[0].population or 1.0):.1f}"
    assert told[1] == {
        "place": places[0].en, "zone": places[0].zone, "met": "75 %", "quotas": "4",
        "opened": "12", "per_head": heads, "lost": "25", "unspent": "2.5",
    }  # fmt: skip
    assert (told[0]["met"], told[0]["lost"], told[0]["unspent"]) == ("25 %", "0.0", "0.0")
    assert (told[2]["met"], told[2]["lost"], told[2]["quotas"]) == ("", "", "0")
