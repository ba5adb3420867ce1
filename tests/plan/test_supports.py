"""What the units of parameters and goals allow."""

from __future__ import annotations

import math

import pytest

from sim.config.schema import Run
from sim.model.kernel.streams import _BELOW_ONE, _UNIT
from sim.plan.distribution import quantile
from sim.plan.support_linter import SUPPORTS, bounds, check_goals, check_supports
from tests.factory import settings


def _refused(run: Run) -> dict[str, str]:
    return {str(problem.key): str(problem) for problem in check_supports(run)}


def test_the_register_and_the_plan_stay_within_their_units(real_run: Run) -> None:
    assert _refused(real_run) == {}
    assert len(real_run.parameters) == 283
    for name, target in real_run.plan.targets.items():
        assert list(check_goals(target, name)) == []


def test_the_longest_beginning_of_a_unit_decides() -> None:
    assert bounds("share") == bounds("share of staff") == (0.0, 1.0)
    assert bounds("share of eligible") == SUPPORTS["share of eligible"] != bounds("share")
    assert bounds("persons") == bounds("persons per 10000 visits") != bounds("persons interviewed")
    assert bounds("shares of something")[1] > 1.0, "another word, although it begins alike"
    assert bounds("tonnes of paper")[0] == 0.0


@pytest.mark.parametrize(
    "things", ["firms", "activities", "bases", "crews", "districts", "grants", "panels", "posts"]
)
def test_of_what_is_counted_there_may_be_none(things: str) -> None:
    """At the start of a plan no district need have a venue."""
    assert bounds(things) == bounds(f"{things} in 2015") == (0.0, 1e6)


def test_no_share_is_wider_than_its_kind() -> None:
    """A longer entry may narrow what the words it begins with allow, not widen it."""
    for unit, (lowest, highest) in SUPPORTS.items():
        assert lowest < highest
        for other in SUPPORTS:
            if unit.startswith(f"{other} "):
                assert bounds(other)[0] <= lowest
                assert highest <= bounds(other)[1]


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"attrition.low": -0.01}, "parameters.attrition.low"),
        ({"attrition.high": 1.01}, "parameters.attrition.high"),
        ({"pay_elasticity.high": 11.0}, "parameters.pay_elasticity.high"),
        ({"wage_core.low": 0.0}, "parameters.wage_core.low"),
        ({"project_cost_factor.median": 99.0}, "parameters.project_cost_factor"),
    ],
)
def test_every_number_of_a_distribution_is_looked_at(
    real_run: Run, changes: dict[str, float], key: str
) -> None:
    refused = _refused(
        settings(real_run, {f"parameters.{name}": value for name, value in changes.items()})
    )
    assert list(refused) == [key]
    assert "since its unit is" in refused[key]


def test_what_may_be_negative_may_be_negative(real_run: Run) -> None:
    changes = {
        "parameters.cost_inflation.low": -0.02,
        "parameters.literacy_deviation.low": -0.3,
        "parameters.pay_elasticity.low": -1.0,
    }
    assert _refused(settings(real_run, changes)) == {}


def test_no_draw_of_a_lognormal_lies_beyond_what_is_checked(real_run: Run) -> None:
    factor = real_run.parameters["project_cost_factor"]
    assert factor.median is not None
    assert factor.sigma is not None
    ends = quantile(factor, [0.5 * _UNIT, _BELOW_ONE])
    reach = [abs(math.log(end / factor.median)) / factor.sigma for end in ends]
    assert max(reach) < 8.3
