"""What stands at the start and where, and in which order a day's openings are entered."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.model.kernel.queues import Claim
from sim.model.kernel.streams import Streams
from sim.model.works.project import Project
from sim.model.works.stock import Openings, places_that_have_one
from tests.factory import LABEL, Json, city_of, district, fixed, micro_run
from tests.tolerance import assert_count

THREE = [district(900101, gdp=10.0), district(900102, gdp=30.0), district(900103, gdp=0.0)]


def test_the_stronger_district_is_likelier_to_have_one(directory: Path, seed: int) -> None:
    """The first one to have it is drawn in proportion to strength: 1 to 3, and nothing to speak of
    where there is none."""
    world = city_of(micro_run(directory, {"hall": {"goal": 1}}, districts=THREE)).world
    first = []
    for replication in range(1_000):
        world.streams = Streams(seed, replication)
        first.append(places_that_have_one(world, "hall", 1))
    assert {sum(have) for have in first} == {1}
    assert_count(sum(have[1] for have in first), 1_000, 0.75, "the stronger one")
    assert sum(have[2] for have in first) <= 5  # one in 4 001


def test_as_many_have_one_as_there_are(directory: Path) -> None:
    """Who is among the first is among more of them, too."""
    world = city_of(micro_run(directory, {"hall": {"goal": 1}}, districts=THREE)).world
    none, one, two, all_ = (places_that_have_one(world, "hall", count) for count in range(4))
    assert (none, sum(one), sum(two), all_) == ([0, 0, 0], 1, 2, [1, 1, 1])
    assert all(a <= b for a, b in zip(one, two, strict=True))
    assert two == [1, 1, 0]


@pytest.mark.parametrize(
    ("key", "parts"),
    [
        ("population", [8, 3]),
        ("villages", [3, 8]),
        ("urban_communities", [2, 9]),  # no target counts them: by the first reading, 20 and 80
        ("nothing of the kind", [6, 6]),
    ],
)
def test_units_are_spread_by_what_their_key_counts(
    directory: Path, key: str, parts: list[int]
) -> None:
    """Eleven in the proportion of a key, or twelve evenly."""
    places = [
        district(900101, population=300_000, villages=10, narrow=20),
        district(900102, population=100_000, villages=30, narrow=80),
    ]
    spread = city_of(micro_run(directory, {"hall": {"goal": 1}}, districts=places)).places.spread
    assert spread(key, sum(parts)) == parts
    assert spread(key, sum(parts), [5, 1]) == [min(parts[0], 5), 1]


def test_where_there_are_no_villages_none_is_planned_for(directory: Path) -> None:
    run = micro_run(directory, {"hall": {"goal": 1}}, districts=[district(villages=0)])
    assert city_of(run).places.spread("villages", 5) == [0]


@pytest.mark.parametrize(
    ("measure", "stand"),
    [
        ({"type": "ladder", "level": "base"}, [6, 2]),  # titles, by population
        ({"type": "places", "programme": "hall"}, [1, 1]),  # eight are more than there are places
        ({"type": "delivered", "programme": "hall"}, [2, 6]),  # by the key of the quota
    ],
)
def test_what_stands_at_the_start_is_what_its_target_counts(
    directory: Path, measure: Json, stand: list[int]
) -> None:
    """Eight of it, and half of their running cost of 100 yuan falls on the districts."""
    level = {
        "name": LABEL, "target": "halls", "rounds": "yearly", "approval_days": "approval",
        "quota": "none", "applicants": "all", "acceptance": "all",
    }  # fmt: skip
    hall = {
        "target": "halls", "unit_cost": 0, "quota_key": "villages", "running_cost": 100,
        "feeds": "base" if measure["type"] == "ladder" else None,
    }  # fmt: skip
    run = micro_run(
        directory,
        {"hall": hall},
        districts=[
            district(900101, population=300_000, villages=10),
            district(900102, population=100_000, villages=30),
        ],
        targets={"halls": {"measure": "stock", "goal": 9, "baseline": 8, "measured_by": measure}},
        ladder={"base": level} if measure["type"] == "ladder" else {},
        parameters={
            "existing_run_share": fixed(0.5), "approval": fixed(149, "round"),
            "none": fixed(0, "round"), "all": fixed(1.0),
        },
    )  # fmt: skip
    city = city_of(run)
    hall_programme = city.programmes["hall"]
    assert hall_programme.existing.tolist() == stand
    assert hall_programme.total_existing == sum(stand)
    assert [purse.running_year for purse in hall_programme.operators] == [50.0 * n for n in stand]


class Crowd:
    """People who take up any post, and remember the order."""

    def __init__(self) -> None:
        self.taken: list[Project] = []

    def expect(self, project: Project) -> None: ...

    def ask_for_posts(self, project: Project) -> tuple[Claim | None, Claim | None]:
        return None, None

    def take_up(self, project: Project) -> None:
        self.taken.append(project)


def test_a_days_appointments_and_openings_are_entered_by_their_drawn_numbers(
    directory: Path,
) -> None:
    """Whoever came first on the day: two equal numbers in the order of their keys."""
    hall = {"goal": 3, "needs": ["staff"], "full_time_posts": 1}
    city = city_of(micro_run(directory, {"hall": hall, "idle": {"goal": 1}}))
    people = Crowd()
    openings = Openings(city.world, city.places, people)
    projects = city.portfolio.projects["hall"]
    for project, tie, order in zip(projects, (0.9, 0.2, 0.2), (1, 3, 2), strict=True):
        project.tie, project.order = tie, order
        openings.appoint(project)
        openings.open(project)
    (idle,) = city.portfolio.projects["idle"]
    openings.appoint(idle)  # it has no posts to take up
    assert all(project.appointed for project in (*projects, idle))
    assert people.taken == []
    city.world.clock.run_through(0)
    assert people.taken == [projects[2], projects[1], projects[0]]
    assert city.programmes["hall"].total_open == 3
    openings.open(idle)
    city.world.clock.run_through(0)
    assert len(people.taken) == 3
    assert city.programmes["hall"].total_open == 3
    assert city.programmes["idle"].total_open == 1
