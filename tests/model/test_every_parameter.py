"""No parameter is dead: each one, moved from its low end to its high end, changes some output."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from sim.config.schema import Parameter, Run
from sim.config.validation import validate
from sim.edge import compose
from sim.model.city import simulate
from sim.model.kernel.streams import Streams
from sim.model.record import Outcome
from sim.plan.distribution import quantile
from sim.plan.plan import Plan, Scenario
from tests.factory import in_small, settings

SMALL: dict[str, Any] = {}  # what brings the plan into five small places, where all rules hold
MUSEUM = {"definitions.district_venue": "museum", "budget.public_total": 40_000_000_000}
CONTEXTS: tuple[tuple[float, dict[str, Any]], ...] = (
    (0.5, SMALL),
    (0.5, {}),
    (0.5, {"budget.public_total": 5_000_000_000}),
    (0.1, MUSEUM),
    (0.9, MUSEUM),
    (0.5, {"budget.public_total": 50_000_000, "budget.social_total": 0}),
)
"""Circumstances under which a parameter may matter, one of which is enough: the quantile at which
all others stand, and settings."""

REPLICATIONS = 20


@cache
def run() -> Run:
    return validate(compose([]))


@pytest.fixture(scope="module", autouse=True)
def _small(tmp_path_factory: pytest.TempPathFactory) -> None:
    SMALL.update(in_small(run(), tmp_path_factory.mktemp("places")))


@cache
def context(number: int) -> tuple[Plan, Scenario]:
    changed = settings(run(), CONTEXTS[number][1])
    return Plan.of(changed), Scenario.of(changed)


def ends(parameter: Parameter) -> tuple[float, float]:
    """A low and a high value; a fixed number, which has none, is halved and doubled."""
    if parameter.value is not None:
        return parameter.value / 2.0, parameter.value * 2.0
    low, high = quantile(parameter, [0.02, 0.98]).tolist()
    return low, high


def drawn(number: int) -> dict[str, float]:
    plan, _ = context(number)
    return dict(plan.draw(np.full(len(plan.drawn_names), CONTEXTS[number][0])))


@cache
def between(number: int, replication: int) -> tuple[Any, ...]:
    """The history in which all parameters stand at one quantile, between their ends."""
    return fingerprint(simulate(*context(number), drawn(number), Streams(2016, replication)))


def outcome(number: int, name: str, value: float, replication: int) -> Outcome:
    """The history in which one parameter has ``value`` and all others stand at one quantile."""
    plan, scenario = context(number)
    parameter, draw = plan.parameters[name], drawn(number)
    if parameter.varies == "draw":
        draw[name] = value
    else:
        numbers = {"kind": "fixed", "value": value, "integer": parameter.integer}
        same = ("label", "unit", "source", "grade", "known_from", "note", "varies")
        known = {field: getattr(parameter, field) for field in same} | numbers
        plan = replace(plan, parameters={**plan.parameters, name: Parameter(**known)})
    return simulate(plan, scenario, draw, Streams(2016, replication))


def fingerprint(result: Outcome) -> tuple[Any, ...]:
    return (
        result.values.tobytes(),
        result.first_attained.tobytes(),
        result.city_series.tobytes(),
        result.district_series.tobytes(),
        tuple(result.delays),
        tuple(result.ledger.rows()),
    )


@pytest.mark.parametrize("name", sorted(run().parameters))
def test_a_parameter_moves_at_least_one_output(name: str) -> None:
    low, high = ends(run().parameters[name])
    # The probability of something rare shows in some histories only.
    trials = [(0, number) for number in range(len(CONTEXTS))]
    trials += [(replication, 0) for replication in range(1, REPLICATIONS)]
    for replication, number in trials:
        ended = fingerprint(outcome(number, name, low, replication))
        if run().parameters[name].varies == "draw" and ended != between(number, replication):
            return
        if ended != fingerprint(outcome(number, name, high, replication)):
            return
    pytest.fail(f"{name} changes nothing that a run reports: nobody needs to know it")
