"""What a programme knows of its units, by district."""

from __future__ import annotations

from pathlib import Path

from tests.factory import city_of, district, fixed, micro_run


def test_what_opens_costs_running_money_and_pay_only_where_it_needs_people(
    directory: Path,
) -> None:
    """40 yuan a year each; a tenth of 80 000 yuan for each of two posts."""
    hall = {"goal": 1, "full_time_posts": 2, "running_cost": 40}
    parameters = {"programme_paid_share": fixed(0.1), "staff_pay": fixed(80_000.0)}
    programme = city_of(
        micro_run(directory, {"hall": hall}, parameters=parameters)
    ).programmes["hall"]  # fmt: skip
    (purse,) = programme.operators
    programme.enter(0, 3, staffed=False)
    assert (purse.running_year, purse.pay_year) == (120.0, 0.0)
    programme.enter(0, 1, staffed=True)
    assert (purse.running_year, purse.pay_year) == (160.0, 16_000.0)


def test_units_are_planned_stand_and_open_where_they_are(directory: Path) -> None:
    """Three districts; the units of one leave the numbers of the others alone."""
    places = [district(900101), district(900102), district(900103)]
    hall = {"goal": 1, "full_time_posts": 2, "running_cost": 40}
    programme = city_of(micro_run(directory, {"hall": hall}, districts=places)).programmes["hall"]
    programme.stand([0, 4, 0])
    before = [*programme.planned]
    programme.plan(1, 3)
    programme.plan(2, 5)
    assert programme.planned == [before[0], before[1] + 3, before[2] + 5]
    programme.enter(0, 2, staffed=False)
    assert programme.standing.tolist() == [2, 4, 0]
    assert (programme.total_existing, programme.total_open) == (4, 2)
