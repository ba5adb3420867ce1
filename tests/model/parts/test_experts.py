"""Experts: rounds by hand, leaving person by person, and what held the pool back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.config.schema import Run
from sim.model.parts.experts import Experts
from tests.factory import (
    Json,
    city_of,
    fixed,
    history,
    layout_of,
    micro_run,
    parameter,
    settings,
    values_of,
)
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


@pytest.mark.parametrize(("issued", "rounds"), [("2016-09-20", 5), ("2016-09-21", 4)])
def test_a_round_may_be_held_on_the_day_on_which_the_plan_is_issued(
    directory: Path, issued: str, rounds: int
) -> None:
    run = expert_run(directory, nominated=fixed(10, "round"))
    run = settings(run, {"plan.issued": issued, "plan.calendar.first_window": issued})
    assert pool(run)[-1] == 75 + rounds * 10


def test_nobody_is_in_the_pool_twice(directory: Path) -> None:
    """Not those of the start, nor anybody of two rounds."""
    city = city_of(expert_run(directory, nominated=fixed(100, "round")))
    city.run()
    experts = city.part(Experts)
    assert len(experts.pool) == len(set(experts.pool.tolist())) == 75 + 5 * 100


def test_the_pool_of_the_start_is_of_whole_persons(directory: Path) -> None:
    run = expert_run(directory, nominated=fixed(0, "round"))
    city = city_of(settings(run, {"plan.targets.experts.baseline": 74.6}))
    assert city.part(Experts).start == len(city.part(Experts).pool) == 75


def test_missing_experts_were_turned_away_or_left_or_were_never_found(directory: Path) -> None:
    city = city_of(expert_run(directory, nominated=fixed(0, "round")))
    (measure,) = (m for m in city.scoreboard.measures if m.type == "experts")
    experts = city.part(Experts)
    experts.unplaced, experts.pool = 3, experts.pool[:70]  # five have left
    assert measure.unmet(10) == {"round_quota": 3, "attrition": 5, "no_candidate": 2}
    assert measure.unmet(5) == {"round_quota": 3, "attrition": 2, "no_candidate": 0}
    assert measure.unmet(2) == {"round_quota": 2, "attrition": 0, "no_candidate": 0}


def test_the_fittest_are_appointed_where_places_are_few(directory: Path) -> None:
    """The best ten of those who would be appointed with places for all."""
    few, many = (
        city_of(expert_run(directory, nominated=fixed(60, "round"), places=n, acceptance=0.5))
        for n in (10, 100)
    )
    for city, places in ((few, 10), (many, 100)):
        city.part(Experts)._appoint(0, 60, places)
    chosen, fit = (city.part(Experts).pool[75:].tolist() for city in (few, many))
    assert len(chosen) == 10 < len(fit)
    assert chosen == fit[:10]
    assert few.part(Experts).unplaced == len(fit) - 10


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
