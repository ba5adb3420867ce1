"""Experts: rounds by hand, leaving person by person, and what held the pool back."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from sim.config.schema import Run
from tests.factory import Json, fixed, history, layout_of, micro_run, parameter, settings, values_of
from tests.tolerance import assert_mean

SECTION = {
    "round": {"month": 9, "day": 20},
    "nominated": "nominated_t",
    "places": "places_t",
    "acceptance": "acceptance_t",
    "leaving": "leaving_t",
}


def expert_run(
    directory: Path,
    *,
    nominated: Json,
    places: int = 1_000,
    acceptance: float = 1.0,
    leaving: float = 0.0,
    **section: Json,
) -> Run:
    return micro_run(
        directory,
        {"hall": {"goal": 1, "unit_cost": 1_000}},
        targets={
            "experts": {
                "measure": "stock",
                "goal": 200,
                "baseline": 75,
                "measured_by": {"type": "experts"},
            }
        },
        parameters={
            "nominated_t": nominated,
            "places_t": fixed(places, "round"),
            "acceptance_t": fixed(acceptance),
            "leaving_t": fixed(leaving),
        },
        sections={"experts": {**SECTION, **section}},
    )


def pool(run: Run, replication: int = 0) -> np.ndarray:
    """Experts on day 0 and at the ends of quarters."""
    outcome = history(run, replication, trace=False)
    return outcome.city_series[:, layout_of(run).city_indicators.index("experts")]


def missing(run: Run, replication: int = 0) -> dict[str, int]:
    rows = history(run, replication).delays
    return {stage: n for _, name, stage, *_, n in rows if name == "experts"}


def test_five_rounds_by_hand(directory: Path) -> None:
    """20 fit a round, 15 places: 75 + 5 x 15 on the days of the rounds and no other."""
    run = expert_run(directory, nominated=fixed(20, "round"), places=15)
    year = [0, 0, 15, 15]
    assert pool(run).tolist() == [75, *(75 + 15 * y + n for y in range(5) for n in year)]
    assert missing(run) == {"unmet:round_quota": 25, "unmet:no_candidate": 25}


def test_no_round_is_held_before_the_plan_is_issued(directory: Path) -> None:
    spring: Json = {"month": 3, "day": 1}
    run = expert_run(directory, nominated=fixed(10, "round"), round=spring)
    assert pool(run)[4] == 75
    assert pool(run)[-1] == 75 + 4 * 10


def test_nobody_nominated_nobody_appointed(directory: Path) -> None:
    run = expert_run(directory, nominated=fixed(0, "round"))
    assert (pool(run) == 75).all()
    assert missing(run) == {"unmet:no_candidate": 125}
    turned_down = expert_run(directory, nominated=fixed(50, "round"), acceptance=0.0)
    assert (pool(turned_down) == 75).all()


def test_experts_leave_at_their_yearly_rate(directory: Path, seed: int) -> None:
    run = settings(expert_run(directory, nominated=fixed(0, "round"), leaving=0.2), seed=seed)
    left = [pool(run, r)[-1] for r in range(200)]
    assert_mean(left, 75 * 0.8**5, "experts left")
    few = settings(run, {"plan.targets.experts.goal": 76})
    assert missing(few) == {"unmet:no_candidate": 1, "unmet:attrition": int(75 - left[0])}


def test_the_share_found_fit(directory: Path, seed: int) -> None:
    run = settings(expert_run(directory, nominated=fixed(40, "round"), acceptance=0.3), seed=seed)
    assert_mean([pool(run, r)[-1] - 75 for r in range(150)], 5 * 40 * 0.3, "appointed")


def test_one_more_nominated_moves_nobody_else(directory: Path) -> None:
    """The same persons are found fit, and the same leave; only those added can differ."""
    fewer, more = (
        expert_run(directory, nominated=fixed(n, "round"), acceptance=0.5, leaving=0.3)
        for n in (20, 21)
    )
    difference = pool(more) - pool(fewer)
    assert (difference >= 0).all()
    assert (difference <= 5).all()


def test_numbers_of_a_round_are_drawn_for_the_round(directory: Path, seed: int) -> None:
    nominated = parameter("uniform", low=0, high=100, varies="round", integer=True)
    run = settings(expert_run(directory, nominated=nominated), seed=seed)
    gains = np.array([np.diff(pool(run, r)[[0, 4, 8, 12, 16, 20]]) for r in range(60)])
    assert len(np.unique(gains)) > 30
    assert_mean(gains.mean(axis=1), 50.0, "nominated")


def test_the_pool_costs_nothing(real_run: Run) -> None:
    poor = settings(real_run, {"budget.public_total": 0, "budget.social_total": 0})
    rich, bare = (values_of(run, history(run, 1)) for run in (real_run, poor))
    assert rich["experts"] == bare["experts"]
