"""Courses for farmers: seats, money and new persons by hand; nothing paid, nobody trained."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from sim.config.schema import Run
from sim.model.parts.farmers import Farmers
from sim.model.parts.reach import Reach
from tests.factory import (
    Json,
    city_of,
    district,
    fixed,
    history,
    layout_of,
    micro_run,
    settings,
    values_of,
    write_districts,
)

SECTION = {
    "group": "facilities",
    "zones": {"y": "rural_t"},
    "sessions": [{"month": 2, "day": 20}, {"month": 11, "day": 10}],
    "seats": "seats_t",
    "cost": "cost_t",
    "purse_share": "purse_share_t",
    "earmark": "earmark_t",
    "eligible_share": "eligible_t",
}
NUMBERS = {
    "rural_t": 0.5,
    "seats_t": 1_000.0,
    "cost_t": 200.0,
    "purse_share_t": 0.5,
    "earmark_t": 1.0,
    "eligible_t": 1.0,
}
ZONES = [
    district(900101, population=50_000, zone="z"),
    district(900102, population=100_000, zone="y"),
    district(900103, population=300_000, zone="y"),
]


def farmer_run(
    directory: Path,
    *,
    baseline: int = 0,
    budget: Json | None = None,
    hall: Json | None = None,
    **numbers: float,
) -> Run:
    """1 000 seats a year for 200 000 rural people in two of three districts, at 100 yuan a seat."""
    return micro_run(
        directory,
        {"hall": {"goal": 1, "unit_cost": 10**9, **(hall or {})}},
        districts=ZONES,
        targets={
            "farmers": {
                "measure": "stock",
                "goal": 100_000,
                "baseline": baseline,
                "measured_by": {"type": "farmers"},
            }
        },
        parameters={name: fixed(value) for name, value in {**NUMBERS, **numbers}.items()},
        sections={"farmers": SECTION},
        budget=budget,
        record="full",
    )


def trained(run: Run, replication: int = 0) -> np.ndarray:
    """(quarters, districts), from day 0 on."""
    outcome = history(run, replication, trace=False)
    return outcome.district_series[:, :, layout_of(run).district_indicators.index("farmers")]


def paid(run: Run) -> list[int]:
    """Yuan for courses by year."""
    flows = history(run).ledger.of_all_places()
    return [
        sum(yuan for y, _, to, yuan in flows if y == year and to == "courses:facilities")
        for year in range(5)
    ]


def missing(run: Run) -> dict[str, int]:
    return {stage: n for _, name, stage, *_, n in history(run).delays if name == "farmers"}


def test_seats_are_spread_by_rural_population_and_cost_what_they_cost(directory: Path) -> None:
    """At most 5 000 of 200 000 are trained, so nearly every seat holds a new person."""
    run = farmer_run(directory)
    assert paid(run) == [100_000] * 5
    persons = trained(run)
    assert np.isnan(persons[:, 0]).all()  # no courses in this zone
    # A quarter of the seats for the smaller district: 125 a session, nobody trained before.
    assert persons[1, 1:].tolist() == [125.0, 375.0]
    # Seat by seat, the chance of a new person is the share of the untrained.
    small = 50_000.0 * (1.0 - math.prod([1.0 - 125.0 / 50_000.0] * 10))
    large = 150_000.0 * (1.0 - math.prod([1.0 - 375.0 / 150_000.0] * 10))
    assert np.abs(persons[-1, 1:] - [small, large]).max() <= 10.0  # a person a session
    value = values_of(run, history(run))["farmers"]
    assert value == persons[-1, 1:].sum()
    assert missing(run) == {"unmet:seats": 100_000 - int(value)}


def test_seats_and_those_trained_at_the_start_are_whole(directory: Path) -> None:
    """59.6 persons are 60; 199.9 seats a year are 999.5 in five years, so 1 000 at ten sessions."""
    run = settings(farmer_run(directory, seats_t=199.9), {"plan.targets.farmers.baseline": 59.6})
    farmers = city_of(run).part(Farmers)
    assert (farmers.total, farmers.trained.tolist()) == (60.0, [15.0, 45.0])
    assert [seats.sum() for seats in farmers._seats] == [100.0] * 10


@pytest.mark.parametrize("replication", range(4))
def test_the_odd_person_is_where_the_number_drawn_for_the_district_is_smallest(
    directory: Path, replication: int
) -> None:
    """Of two districts alike; a third one without courses has nothing to do with it."""
    places = [district(900100 + i, zone=zone) for i, zone in enumerate("yzy")]
    run = settings(
        farmer_run(directory, baseline=1),
        {"plan.districts": write_districts(directory, places)},
    )
    city = city_of(run, replication)
    first, _, last = city.world.ties
    assert city.part(Farmers).trained.tolist() == ([1.0, 0.0] if first < last else [0.0, 1.0])


def test_prices_rise(directory: Path) -> None:
    run = settings(farmer_run(directory), {"parameters.cost_inflation": fixed(0.1)})
    expected = [100_000 * 1.1**year for year in range(5)]
    # 125 or 375 seats at a price rounded to whole yuan, four payments a year.
    assert np.abs(np.subtract(paid(run), expected)).max() <= 4 * 0.5


def test_without_money_nobody_is_trained(directory: Path) -> None:
    run = farmer_run(directory, baseline=60, budget={"public_total": 0})
    assert (trained(run)[:, 1:] == [15.0, 45.0]).all()
    assert sum(paid(run)) == 0
    assert missing(run) == {"unmet:no_money": 5_000, "unmet:seats": 94_940}
    # Unless others pay for it all.
    free = settings(run, {"parameters.purse_share_t.value": 0.0})
    assert trained(free)[-1, 1:].sum() > 4_800


def test_a_short_purse_fills_as_many_seats_as_it_can_pay(directory: Path) -> None:
    """45 000 yuan a quarter, by population: 10 000 and 30 000 for districts that want 12 500 and
    37 500 a session. The second session of a year has saved three quarters of the money."""
    run = farmer_run(directory, budget={"public_total": 900_000, "carry_over": 0.0})
    persons = trained(run)
    assert persons[1, 1:].tolist() == [100.0, 300.0]
    assert paid(run) == [40_000 + 50_000] * 5


def test_projects_that_wait_keep_all_but_the_earmark(directory: Path) -> None:
    """A claim that is never met takes all money; with an earmark courses have their part of it."""
    hall = {"goal": 3, "unit_cost": 3 * 10**6, "quota_key": "equal"}
    budget = {"public_total": 5 * 9 * 10**5, "first_instalment": 1.0}
    # The larger district gets 600 000 yuan a year: its claim of 3 000 000 waits for five years.
    without, some = (
        trained(
            settings(
                farmer_run(directory, hall=hall, budget=budget, earmark_t=earmark),
                {"planning.overcommitment": 100.0},
            )
        )[-1, 2]
        for earmark in (0.0, 0.01)
    )
    assert without == 0.0
    # 1 per cent of 600 000 yuan a year pays for 30 seats a session; nearly all hold a new person.
    assert 290.0 <= some <= 300.0


def test_persons_count_once(directory: Path) -> None:
    """More seats than people: everybody is trained in the end, and nobody twice."""
    run = farmer_run(directory, seats_t=10**6, purse_share_t=0.0, eligible_t=0.1)
    persons = trained(run)
    assert (np.diff(persons[:, 1:], axis=0) >= 0).all()
    assert persons[-1, 1:].tolist() == [5_000.0, 15_000.0]
    assert missing(run) == {"unmet:no_candidate": 80_000}
    # Nor are there more seats than were offered.
    assert (trained(farmer_run(directory, baseline=10**6))[-1, 1:].sum()) == 10**6


def test_a_closure_takes_seats(directory: Path) -> None:
    closure = {"kind": "closure", "start": "2020-01-01", "end": "2020-12-31", "size": 0.6}
    run = farmer_run(directory)
    shut = settings(run, shocks=[closure])
    assert paid(shut) == [100_000] * 4 + [40_000]
    assert missing(shut)["unmet:closed"] == 600
    elsewhere = settings(run, shocks=[{**closure, "zones": ["z"]}])
    assert paid(elsewhere) == paid(run)


def test_missing_farmers_are_put_down_to_money_closures_seats_and_people_in_turn(
    directory: Path,
) -> None:
    """Five of those eligible are untrained; in a district with more trained than eligible none."""
    city = city_of(farmer_run(directory))
    (measure,) = (m for m in city.scoreboard.measures if m.type == "farmers")
    farmers = city.part(Farmers)
    farmers.unpaid, farmers.closed = 3, 4
    farmers.eligible, farmers.trained = np.array([9.0, 6.0]), np.array([4.0, 8.0])
    reasons = ("no_money", "closed", "seats", "no_candidate")
    for missing, counts in ((20, (3, 4, 5, 8)), (9, (3, 4, 2, 0)), (5, (3, 2, 0, 0))):
        assert measure.unmet(missing) == dict(zip(reasons, counts, strict=True))


def test_one_session_by_hand(directory: Path) -> None:
    """Half of 12 seats are closed in the first district, half of 13 in the second: six are left
    in each. Its purse has money for six and a half, the other one's for three. Two thirds and all
    of those eligible are untrained: of the six persons four are new, all of the three are."""
    closure = {"kind": "closure", "start": "2016-02-20", "end": "2016-02-20", "size": 0.5}
    run = settings(farmer_run(directory, earmark_t=0.0), shocks=[closure])
    city = city_of(run)
    farmers = city.part(Farmers)
    farmers.eligible, farmers.trained = np.array([9.0, 8.0]), np.array([3.0, 0.0])
    first, second = city.envelopes.districts["facilities"][1:]
    first.public, second.public = 650, 399
    farmers._hold(50, 0, np.array([12.0, 13.0]), np.array([0.5, 0.5]))
    assert farmers.trained.tolist() == [7.0, 3.0]
    assert (farmers.total, farmers.closed, farmers.unpaid) == (7.0, 6 + 7, 3)
    assert (first.public, second.public) == (50, 99)
    assert city.part(Reach).contacts["training"][0].tolist() == [0.0, 6.0, 3.0]


def test_the_earmark_is_a_part_of_the_years_money_as_far_as_it_is_there(directory: Path) -> None:
    """A purse with 900 yuan that are all wanted, and 4 000 a year announced: courses have half of
    a fifth of these at each of two sessions, four seats, but not what completions are due."""
    city = city_of(farmer_run(directory, earmark_t=0.2))
    farmers = city.part(Farmers)
    purse = city.envelopes.districts["facilities"][1]
    seats = np.array([100.0, 0.0])
    for completions, filled in ((0, 4.0), (700, 2.0), (900, 0.0)):
        purse.announce([1_000.0] * 4)
        purse.public, purse.committed, purse.completions = 900, 900, completions
        assert farmers._pay(seats, 100.0).tolist() == [filled, 0.0]
        assert purse.public == 900 - 100 * filled


def test_completion_payments_keep_their_money(directory: Path) -> None:
    """The larger district gets 150 000 yuan a quarter and builds a hall for 500 000.

    150 000 are paid in February; 350 000 are due in May and wait. When the fourth release has come,
    450 000 are there: courses may have 100 000 of them, however large their earmark is.
    """
    hall = {"goal": 3, "unit_cost": 500_000, "build_months": 3, "quota_key": "equal"}
    budget = {"public_total": 5 * 9 * 10**5, "first_instalment": 0.3}
    changes = {
        "planning.overcommitment": 100.0,
        "plan.farmers.sessions": [{"month": 11, "day": 10}],
    }
    run = settings(farmer_run(directory, hall=hall, budget=budget, seats_t=10**5), changes)
    outcome = history(run, trace=False)
    indicators = layout_of(run).district_indicators
    halls, farmers = (
        outcome.district_series[:5, 2, indicators.index(name)] for name in ("hall", "farmers")
    )
    assert halls.tolist() == [0.0, 0.0, 0.0, 0.0, 1.0]
    assert farmers.tolist() == [0.0, 0.0, 0.0, 0.0, 1_000.0]


def test_courses_are_contacts_and_cost_the_real_purses_money(real_run: Run) -> None:
    """In the real plan nothing is booked to courses without money, and something with it."""
    poor = settings(real_run, {"budget.public_total": 0, "budget.social_total": 0})
    for run, some in ((real_run, True), (poor, False)):
        flows = history(run, trace=False).ledger.of_all_places()
        assert any(to.startswith("courses:") for _, _, to, _ in flows) is some
