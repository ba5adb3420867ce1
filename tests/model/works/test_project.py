"""A project by hand: what it is made of, what it costs when, and what held it back."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.model.works.project import (
    BUILDING,
    CALENDAR,
    CONTRACTED,
    CREW,
    MONEY,
    OPEN,
    PROPOSED,
    REVIEW,
    WITHDRAWN,
    Project,
)
from tests.factory import city_of, district, fixed, history, micro_run


def test_a_cohort_costs_and_delivers_by_its_units(directory: Path) -> None:
    """Seven rooms in cohorts of four: 1 000 yuan a room times one and a half. Two months are 60.875
    days, half as long again 91.3: 92."""
    run = micro_run(
        directory,
        {"room": {"goal": 7, "cohort": 4, "unit_cost": 1_000, "build_months": 2}},
        parameters={
            "project_cost_factor": fixed(1.5, "project"), "build_delay_factor": fixed(1.5),
        },
    )  # fmt: skip
    projects = city_of(run).portfolio.projects["room"]
    assert [(p.ordinal, p.units, p.base_cost, p.build_days) for p in projects] == [
        (0, 4, 6_000.0, 92), (1, 3, 4_500.0, 92),
    ]  # fmt: skip


def test_every_project_is_known_by_a_number_of_its_own(directory: Path) -> None:
    """In both districts and the city, of both programmes, those of the start and those added."""
    hall = {"goal": 20, "unit_cost": 1_000}
    run = micro_run(
        directory,
        {
            "hall": hall, "room": hall,
            "museum": hall | {"pool": "city", "place": "city", "quota_key": "city"},
        },
        districts=[district(900101), district(900102)],
    )  # fmt: skip
    city = city_of(run)
    city.quotas.add(city.programmes["hall"], {0: 5, 1: 5})
    keys = [project.key for own in city.portfolio.projects.values() for project in own]
    assert len(keys) == len(set(keys)) == 3 * 20 + 10
    ties = {project.tie for own in city.portfolio.projects.values() for project in own}
    assert len(ties) == 70


@pytest.fixture
def project(directory: Path) -> Project:
    """A hall of 1 001 yuan, 30 % of them at contract, usually built in 31 days."""
    run = micro_run(
        directory,
        {"hall": {"goal": 1, "unit_cost": 1_001, "build_months": 1, "needs": ["review"]}},
        budget={"first_instalment": 0.3},
    )
    (project,) = city_of(run).portfolio.projects["hall"]
    return project


def test_the_price_is_that_of_the_year_and_paid_in_two_parts(project: Project) -> None:
    clock = project.programme.clock
    clock.today = 14
    project.propose(1.0, ("pace", 14))
    assert (project.cost, project.first, project.rest) == (1_001, 300, 701)
    assert (project.status, project.stage, project.since) == (PROPOSED, REVIEW, 14)
    project.step(MONEY)
    clock.today = 364
    project.lapse(for_good=False)
    assert (project.status, project.stage, project.days[MONEY]) == (WITHDRAWN, CALENDAR, 350)
    clock.today = 380
    project.propose(1.1, ("money_in_sight", 99))
    assert (project.cost, project.first, project.rest) == (1_101, 330, 771)
    assert (project.days[CALENDAR], project.attempt) == (16, 1)
    assert project.late_by == ("pace", 14), "what kept it from its first proposal"


def test_the_last_lapse_leaves_a_project_where_it_stands(project: Project) -> None:
    project.programme.clock.today = 14
    project.propose(1.0, ("", 0))
    project.lapse(for_good=True)
    assert (project.status, project.stage) == (WITHDRAWN, REVIEW)
    project.close(1_826)
    assert project.days[REVIEW] == 1_812


def test_a_contract_without_a_crew_is_being_built(project: Project) -> None:
    project.contract()
    assert (project.status, project.stage) == (CONTRACTED, BUILDING)
    project.programme.crew = True
    project.contract()
    assert project.stage == CREW


@pytest.mark.parametrize(
    ("days", "late_by", "cause"),
    [
        ({}, ("", 0), "crew"),  # it stands there, and has lost nothing
        ({}, ("pace", 0), "crew"),
        ({}, ("pace", 1), "unproposed:pace"),
        ({BUILDING: 31}, ("pace", 1), "unproposed:pace"),  # that is what building takes
        ({BUILDING: 32}, ("pace", 9), "building"),
        ({MONEY: 5, BUILDING: 36}, ("pace", 9), "money"),
        ({MONEY: 5, BUILDING: 37}, ("", 0), "building"),
        ({REVIEW: 5, CALENDAR: 5}, ("", 0), "review"),
        ({REVIEW: 5, CALENDAR: 6}, ("", 0), "calendar"),
    ],
)
def test_the_stage_of_most_lost_days_held_it_back(
    project: Project, days: dict[int, int], late_by: tuple[str, int], cause: str
) -> None:
    project.stage = CREW
    project.late_by = late_by
    for stage, count in days.items():
        project.days[stage] = count
    assert project.held_back_by() == cause


def test_who_opens_is_open_from_that_day_on(project: Project) -> None:
    project.programme.clock.today = 100
    project.open()
    assert (project.status, project.opened) == (OPEN, 100)


@pytest.mark.parametrize(("crews", "built"), [(1, [31, 62, 93]), (2, [31, 31, 62])])
def test_a_crew_builds_one_after_the_other(directory: Path, crews: int, built: list[int]) -> None:
    """Three halls of 31 days, all paid on 20 February, the fiftieth day."""
    run = micro_run(
        directory,
        {"hall": {"goal": 3, "unit_cost": 1_000, "build_months": 1, "needs": ["crew"]}},
        parameters={"crews_z": fixed(crews)},
    )
    days = sorted(e.day for e in history(run).log or [] if e.event == "built")
    assert [day - 50 for day in days] == built
