"""The table of places, as read: what the model knows of every one of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.config.errors import ConfigError
from sim.plan import districts
from sim.plan.districts import read_districts
from tests.factory import district, write_districts


def test_tables_that_there_are_stand_in_the_order_of_their_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder tells of its files in an order of its own."""
    names = [f"places_{number}.csv" for number in (7, 2, 9, 4, 0, 8, 1, 5, 3, 6)]
    for name in names:
        (tmp_path / name).touch()
    monkeypatch.setattr(districts, "DATA_DIRECTORY", tmp_path)
    with pytest.raises(ConfigError) as refused:
        read_districts("mine.csv")
    (problem,) = refused.value.problems
    assert [*problem.known] == sorted(names)


def test_a_place_is_what_its_row_says(tmp_path: Path) -> None:
    row = district(900_101, zone="y", population=12_345, narrow=4, wide=5, villages=6, gdp=7.25)
    (place,) = read_districts(write_districts(tmp_path, [row]))
    assert (place.adcode, place.zone, place.population, place.villages) == (900_101, "y", 12_345, 6)
    assert place.communities == {"narrow": 4, "wide": 5}


@pytest.mark.parametrize(
    ("gdp", "million"), [(0.0, 0), (0.01, 1), (0.37, 37), (100.0, 10_000), (1_234.56, 123_456)]
)
def test_fiscal_strength_is_gdp_in_million_yuan(tmp_path: Path, gdp: float, million: int) -> None:
    """The table has it in 100 million yuan. Weights of money are whole numbers: to the nearest 100
    million a small district would weigh nothing, or twice what it should."""
    rows = [district(gdp=gdp), district(900_102)]
    place, _ = read_districts(write_districts(tmp_path, rows))
    assert place.fiscal_strength == million
