"""What held a unit back: each missing unit for one cause, the one that cost it most days."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.config.schema import Run
from sim.model.city import City
from sim.model.kernel.streams import Streams
from sim.study.worker import Worker
from tests.factory import Json, fixed, history, micro_run

HALL = {"goal": 1, "unit_cost": 1_000_000, "build_months": 24}


def hall_run(directory: Path, hall: Json | None = None, **more: Any) -> Run:
    return micro_run(directory, {"hall": HALL | (hall or {})}, **more)


def column(run: Run, name: str) -> dict[str, int]:
    """One column of the delay ledger by stage, zeros left out."""
    at = ("project_days", "excess_days", "passed", "standing", "missing").index(name)
    found: dict[str, int] = {}
    for _, _, stage, *numbers in history(run).delays:
        found[stage] = found.get(stage, 0) + numbers[at]
    return {stage: number for stage, number in found.items() if number}


def test_building_counts_only_beyond_the_critical_path(directory: Path) -> None:
    """36 days for money; 70 months of building is what it takes: money held it back."""
    run = hall_run(directory, {"build_months": 70})
    assert column(run, "project_days") == {"money": 36, "building": 1826 - 50}
    assert column(run, "excess_days") == {"money": 36}
    assert column(run, "standing") == {"building": 1}
    assert column(run, "missing") == {"money": 1}


def test_a_stretched_building_time_is_a_delay(directory: Path) -> None:
    """Three times 24 months: at the deadline 1 776 days, of which 731 (730.5) are usual."""
    run = hall_run(directory, parameters={"build_delay_factor": fixed(3.0)})
    assert column(run, "excess_days") == {"money": 36, "building": 1776 - 731}
    assert column(run, "missing") == {"building": 1}


def test_the_longer_wait_names_it_and_ties_go_to_the_earlier_stage(directory: Path) -> None:
    """From 15 January to the first release on 20 February are 36 days."""
    long = {"needs": ["review"], "build_months": 70}
    for review, money, cause in ((17, 19, "money"), (18, 18, "review"), (19, 17, "review")):
        parameters = {"review_service_days": fixed(review, "project")}
        run = hall_run(directory, long, parameters=parameters)
        assert column(run, "excess_days") == {"review": review, "money": money}
        assert column(run, "missing") == {cause: 1}


def test_who_waits_for_a_crew_or_for_people_stands_there(directory: Path) -> None:
    run = hall_run(directory, {"needs": ["crew"]}, parameters={"crews_z": fixed(0)})
    assert column(run, "standing") == column(run, "missing") == {"crew": 1}
    assert column(run, "project_days") == {"money": 36, "crew": 1826 - 50}

    run = hall_run(directory, {"needs": ["staff"], "full_time_posts": 1})
    assert column(run, "standing") == column(run, "missing") == {"staff": 1}
    assert column(run, "project_days") == {"money": 36, "building": 731, "staff": 1826 - 781}
    assert column(run, "passed") == {"money": 1, "building": 1}


def test_a_lapsed_proposal_counts_for_the_stage_that_cost_it_most(directory: Path) -> None:
    """No money in five years: 351 days of 2016, 350 or 351 of the others, and 15 between them. On
    the last 31 December it lapses, too, and stands where the deadline found it."""
    run = hall_run(directory, {"unit_cost": 30_000_000, "build_months": 1},
                   budget={"public_total": 10_000_000, "first_instalment": 1.0},
                   planning={"overcommitment": 100.0})  # fmt: skip
    assert column(run, "project_days") == {"money": 351 + 3 * 350 + 351, "calendar": 4 * 15}
    assert column(run, "standing") == column(run, "missing") == {"money": 1}


def test_who_was_proposed_late_is_missing_for_the_limit_and_not_for_the_building(
    directory: Path,
) -> None:
    """One hall a year by the pace, 30 months each. Those of 2016, 2017 and 2018 are open in the
    end (20 August 2020 at the latest), the others were proposed three and four years late."""
    run = hall_run(
        directory, {"goal": 5, "build_months": 30}, planning={"pace": 0.2},
        budget={"public_total": 10**9},
    )  # fmt: skip
    assert column(run, "standing") == {"building": 2}
    assert column(run, "missing") == {"unproposed:pace": 2}


def test_the_days_that_a_project_lost_itself_count_before_those_before_its_proposal(
    directory: Path,
) -> None:
    """The last three, proposed years late: but each has waited until November for its money."""
    run = hall_run(
        directory, {"goal": 5, "build_months": 30, "unit_cost": 8_000_000},
        planning={"pace": 0.2}, budget={"first_instalment": 1.0},
    )  # fmt: skip
    assert column(run, "standing") == {"building": 3}
    assert column(run, "missing") == {"money": 3}


def test_days_on_which_nothing_waited_are_no_limits(directory: Path) -> None:
    """A proposal that lapses has not been kept waiting by the pace while it was under way."""
    city = micro_run(
        directory, {"hall": HALL | {"goal": 1, "unit_cost": 30_000_000}},
        budget={"public_total": 10_000_000, "first_instalment": 1.0},
        planning={"overcommitment": 100.0},
    )  # fmt: skip
    worker = Worker(city)
    built = City(worker.plan, worker.scenario, worker.draw(0), Streams(1, 0), worker.layout)
    built.run()
    (line,) = built.quotas.lines_of["hall"]
    # From the start to the first window, and four times from 31 December to the next one.
    assert max(line.limited_for) == 14 + 4 * 15


def test_units_of_a_cohort_count_one_by_one(directory: Path) -> None:
    """A cohort of four and one of three, both unfinished: two projects, seven missing units."""
    run = hall_run(directory, {"goal": 7, "cohort": 4, "build_months": 70})
    assert column(run, "standing") == {"building": 2}
    assert column(run, "missing") == {"money": 7}


def test_open_projects_are_missing_nowhere(directory: Path) -> None:
    run = hall_run(directory)
    assert column(run, "missing") == column(run, "standing") == {}
    assert column(run, "passed") == {"money": 1, "building": 1}
