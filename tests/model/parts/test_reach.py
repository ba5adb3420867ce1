"""Contacts by kind, year and district: who is counted where, and what stands draws by itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.model.city import City
from sim.model.parts.reach import Reach
from tests.factory import Json, city_of, district, fixed, micro_run


@pytest.fixture
def city(directory: Path) -> City:
    """A quarter of the people and eight halls in the first district, twenty-four in the second. A
    hall draws 1 000 visits a year, a museum 600; the city's programme on the air reaches 40 000."""
    air = {
        "target": "air", "pool": "city", "place": "city", "quota_key": "city", "citywide": True,
        "unit_cost": 0, "visits": 40_000,
    }  # fmt: skip
    stock = {"measure": "stock", "goal": 50}
    programmes: dict[str, Json] = {
        "hall": {"target": "hall", "unit_cost": 0, "visits": 1_000},
        "museum": {"target": "museum", "unit_cost": 0, "visits": 600},
        "air": air,
        "office": {"goal": 1, "unit_cost": 0},
    }  # fmt: skip
    run = micro_run(
        directory,
        programmes,
        districts=[district(900101, population=1_000), district(900102, population=3_000)],
        targets={
            name: stock | {"baseline": count, "measured_by": {"type": "delivered",
                                                              "programme": name}}
            for name, count in (("hall", 32), ("museum", 0), ("air", 0))
        },
        parameters={"existing_run_share": fixed(0.5)},
    )  # fmt: skip
    return city_of(run)


def test_persons_are_counted_where_they_are_or_by_population(city: City) -> None:
    reach = city.part(Reach)
    reach.add("events", 1, 100.0, None)
    reach.add("events", 1, 7.0, 1)
    reach.add_by_place("events", 2, [1.0, 2.0])
    reach.add_in("training", 2, [1], np.array([5.0]))
    for _ in range(2):
        reach.was_usual("events", np.array([10.0, 20.0]))
    assert reach.contacts["events"].tolist() == [[0, 0], [25, 82], [1, 2], [0, 0], [0, 0]]
    assert reach.contacts["training"].tolist() == [[0, 0], [0, 0], [0, 5], [0, 0], [0, 0]]
    assert reach.usual("events").tolist() == [20.0, 40.0]


def test_what_stands_draws_visits_where_it_is_and_media_reach_everybody(city: City) -> None:
    """Two museums in the first district, and one programme on the air that another one hosts. Half
    of the service costs the museums half of their visits, the old halls a quarter."""
    reach = city.part(Reach)
    assert reach.usual("visits").tolist() == [8_000.0, 24_000.0]
    city.programmes["museum"].enter(0, 2, staffed=False)
    city.programmes["air"].enter(1, 1, staffed=False)
    both = {key: rate.tolist() for key, rate in reach.rates().items()}
    assert both == {
        ("visits", "facilities"): [9_200.0, 24_000.0], ("media", "facilities"): [10_000.0, 30_000.0]
    }  # fmt: skip
    assert list(reach.rates(("visits",))) == [("visits", "facilities")]
    own, first, _ = city.envelopes.of("facilities")
    first.service = own.service = 0.5
    rates = {key: rate.tolist() for key, rate in reach.rates().items()}
    assert rates == {
        ("visits", "facilities"): [0.75 * 8_000 + 0.5 * 1_200, 24_000.0],
        ("media", "facilities"): [5_000.0, 15_000.0],
    }  # fmt: skip
    assert reach.visits().tolist() == [6_600.0, 24_000.0]


def test_a_quarter_brings_the_mean_of_its_ends_for_its_days(city: City) -> None:
    """91 of the 366 days of 2016, at 9 000 visits a year in the first district at the start and
    9 600 at the end; in the last quarter of 2020 92 of 366 days at 9 600."""
    reach = city.part(Reach)
    city.programmes["hall"].enter(0, 1, staffed=False)
    for process in reach.processes():
        city.world.clock.process(process)
    city.world.clock.run_through(0)
    city.programmes["museum"].enter(0, 1, staffed=False)
    city.world.clock.run_through(90)
    assert reach.contacts["visits"][0].tolist() == pytest.approx(
        [9_300 * 91 / 366, 24_000 * 91 / 366]
    )
    city.world.clock.run_through(1_734)
    before = reach.contacts["visits"][4].copy()
    city.world.clock.run_through(1_826)
    quarter = reach.contacts["visits"][4] - before
    assert quarter.tolist() == pytest.approx([9_600 * 92 / 366, 24_000 * 92 / 366])
    assert reach.contacts["visits"].sum(axis=0)[1] == pytest.approx(5 * 24_000)


def test_only_what_people_come_to_has_doors(city: City) -> None:
    """Neither has what is on the air, nor what nobody visits."""
    assert {name: programme.has_doors for name, programme in city.programmes.items()} == {
        "hall": True, "museum": True, "air": False, "office": False,
    }  # fmt: skip
