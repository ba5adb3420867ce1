"""A second plan is a file and no change of code: what a valid plan may leave out.

Every plan here passes the linter (``validate``), so it must run.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sim.config.errors import ConfigError
from sim.config.schema import Run
from sim.config.validation import validate
from sim.plan.plan import Plan, Scenario
from tests.factory import district, fixed, history, micro_run, settings, triangular, values_of

ROOMS = {"goal": 2, "unit_cost": 1_000, "build_months": 1}


def linted(run: Run) -> Run:
    return validate(json.loads(run.model_dump_json()))


def without(run: Run, *parameters: str) -> Run:
    kept = {name: p for name, p in run.parameters.items() if name not in parameters}
    return run.model_copy(update={"parameters": kept})


def test_a_plan_without_training_bases_runs(directory: Path) -> None:
    """Nobody names a parameter of training seats, so it must not be asked for."""
    run = linted(without(micro_run(directory, {"rooms": ROOMS}), "training_seats_per_base"))
    assert values_of(run, history(run))["rooms"] == 2


def test_training_seats_may_be_any_parameter(directory: Path) -> None:
    """The seats of a programme are those that the programme names."""
    base = {
        "goal": 2, "unit_cost": 1_000, "build_months": 1,
        "training_seats": "seats_of_a_school",
    }  # fmt: skip
    run = micro_run(directory, {"schools": base}, parameters={"seats_of_a_school": fixed(5)})
    run = linted(without(run, "training_seats_per_base"))
    assert values_of(run, history(run))["schools"] == 2


def test_quotas_may_go_by_communities_without_a_target_about_communities(directory: Path) -> None:
    places = [district(900_101, narrow=30), district(900_102, narrow=10)]
    run = micro_run(
        directory,
        {"rooms": ROOMS | {"goal": 8, "quota_key": "urban_communities"}},
        districts=places,
    )
    assert values_of(run, history(run))["rooms"] == 8


def test_staff_may_be_a_target_of_a_group_without_programmes(directory: Path) -> None:
    targets = {
        "people": {
            "measure": "stock", "goal": 10**6, "group": "staff", "definition": "full_time_staff",
            "measured_by": {"type": "staff", "count": "persons"},
        }
    }  # fmt: skip
    run = micro_run(
        directory, {"rooms": ROOMS}, targets=targets, groups={"facilities": 0.8, "staff": 0.2}
    )
    assert values_of(run, history(run))["people:strict"] == 1_000


def test_a_plan_without_ladder_staff_or_coverage_runs(directory: Path) -> None:
    run = micro_run(directory, {"rooms": ROOMS})
    assert values_of(run, history(run)) == {"rooms": 2.0}


def test_a_programme_whose_goal_is_met_at_the_start_proposes_nothing(directory: Path) -> None:
    targets = {
        "halls": {
            "measure": "stock", "goal": 5, "baseline": 7,
            "measured_by": {"type": "delivered", "programme": "halls"},
        }
    }  # fmt: skip
    run = micro_run(directory, {"halls": {"target": "halls"}, "rooms": ROOMS}, targets=targets)
    outcome = history(run)
    assert values_of(run, outcome)["halls"] == 7
    assert not [e for e in outcome.log or [] if e.entity.startswith("halls")]
    assert outcome.first_attained.tolist()[1] == 0  # on the first day


@pytest.mark.parametrize(
    ("name", "varies"),
    [
        ("rooms_unit_cost", "project"),  # one value a draw is asked for, and there is none
        ("execution_factor", "draw"),  # drawn by year and source all the same
        ("rooms_build_months", "year"),
    ],
)
def test_a_parameter_that_varies_at_a_level_the_model_does_not_draw_it_at_is_refused(
    directory: Path, name: str, varies: str
) -> None:
    run = without(micro_run(directory, {"rooms": ROOMS}), "training_seats_per_base")
    run = settings(run, {f"parameters.{name}": triangular(0.8, 0.9, 1.0, varies)})
    with pytest.raises(ConfigError, match=name):
        linted(run)


def test_objects_of_the_plan_know_their_run(real_run: Run) -> None:
    plan, scenario = Plan.of(real_run), Scenario.of(real_run)
    assert len(plan.districts) == 38
    assert sum(d.communities["narrow"] for d in plan.districts) == 1_648
    assert sum(d.communities["wide"] for d in plan.districts) == 2_910
    rows = plan.rows(scenario.definitions)
    twice = [row for row in rows if row.reading]
    assert len(rows) == len(real_run.plan.targets) + len(twice) // 2
    for target in real_run.plan.targets:
        assert sum(row.counts for row in rows if row.target == target) == 1


@pytest.mark.parametrize(
    ("comparator", "below", "at", "above"),
    [(">=", False, True, True), (">", False, False, True), ("<", True, False, False)],
)
def test_comparators_at_the_goal(
    real_run: Run, comparator: str, below: bool, at: bool, above: bool
) -> None:
    run = settings(real_run, {"plan.targets.demo_projects.comparator": comparator})
    rows = Plan.of(run).rows(run.definitions)
    (row,) = [row for row in rows if row.target == "demo_projects"]
    assert [row.attained(v) for v in (19.0, 20.0, 21.0)] == [below, at, above]
