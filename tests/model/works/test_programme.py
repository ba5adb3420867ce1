"""What a programme knows of its units, by district."""

from __future__ import annotations

from pathlib import Path

from tests.factory import city_of, district, micro_run


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
