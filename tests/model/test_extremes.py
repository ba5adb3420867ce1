"""The two ends of the scale: no money at all, and more of everything than can be used."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path

import numpy as np
import pytest

from sim.config.schema import Run
from sim.model.kernel.streams import Streams, entity_keys
from sim.plan.distribution import quantile
from sim.study.worker import Worker
from tests.eventlog import HORIZON, stories
from tests.factory import fixed, history, layout_of, micro_run, settings, values_of

START = dt.date(2016, 1, 1)
DAYS_PER_MONTH = 365.25 / 12.0
NO_MONEY = {"budget.public_total": 0, "budget.social_total": 0}

PLENTY = {
    "budget.public_total": 10**14,
    "budget.social_total": 10**13,
    "planning.pace": 1.0,
    "parameters.review_panels": fixed(10**6),
    "parameters.free_trained_share": fixed(1e3),
    "parameters.part_time_free_share": fixed(1e3),
    "parameters.part_time_attrition": fixed(0.0),
    "parameters.base_delisting": fixed(0.0),  # or quotas would grow later on
} | {
    f"parameters.crews_{zone}": fixed(10**6)
    for zone in ("core", "expansion", "new_urban", "northeast", "southeast")
}  # fmt: skip


# --------------------------------------------------------------------------------------- no money


@pytest.mark.parametrize("replication", range(3))
def test_without_money_nothing_that_costs_money_is_delivered(
    real_run: Run, replication: int
) -> None:
    run = settings(real_run, NO_MONEY)
    outcome = history(run, replication)
    assert stories(outcome.log) == {}
    assert outcome.ledger.rows() == []
    values = values_of(run, outcome)
    for name, target in run.plan.targets.items():
        if target.measured_by is not None and target.measured_by.type == "delivered":
            drawn = Worker(run).draw(replication)
            start = target.baseline if target.measure == "stock" else 0.0
            assert values[name] == (drawn[start] if isinstance(start, str) else start)


def test_without_money_every_unit_is_missing_for_want_of_money_in_sight(real_run: Run) -> None:
    run = settings(real_run, NO_MONEY)
    stages = {
        stage: missing
        for _, programme, stage, *_, missing in history(run).delays
        if programme in run.plan.programmes and stage.startswith("unproposed")
    }
    assert set(stages) == {"unproposed:money_in_sight"}


def test_without_money_what_costs_nothing_is_still_delivered(directory: Path) -> None:
    programmes = {
        "gift": {"goal": 3, "unit_cost": 0, "build_months": 2},
        "hall": {"goal": 3, "unit_cost": 1, "build_months": 2},
    }
    run = micro_run(directory, programmes, budget={"public_total": 0, "social_total": 0})
    outcome = history(run)
    assert values_of(run, outcome) == {"gift": 3.0, "hall": 0.0}
    # 2 months are 60.875 days, so 61 from the window of 15 January.
    assert {s.day("opened") for s in stories(outcome.log).values()} == {14 + 61}
    assert outcome.ledger.rows() == []


def test_money_that_is_authorised_but_never_released_buys_nothing(directory: Path) -> None:
    run = micro_run(
        directory,
        {"hall": {"goal": 3, "unit_cost": 1_000, "build_months": 2}},
        parameters={"execution_factor": fixed(0.0, "year")},
    )
    outcome = history(run)
    assert values_of(run, outcome)["hall"] == 0.0
    assert outcome.ledger.rows() == []


# ------------------------------------------------------------------------------ more than enough


def test_the_critical_path_by_hand(directory: Path) -> None:
    """Everything is there but the calendar: a window, a first release, and the work itself.

    running  proposed 2016-01-15, reviewed 2016-01-25 (10 days), money with the first release of
             2016-02-20, 3 months are 92 days: 2016-05-22.
    new      proposed 2016-06-01, reviewed 2016-06-11, money is there, 92 days: 2016-09-11.
    bare     proposed 2016-01-15, no review; money 2016-02-20; 1 month is 31 days: 2016-03-22.
    """
    run = micro_run(
        directory,
        {
            "running": {"goal": 20, "needs": ["review", "crew", "staff"], "unit_cost": 10**6,
                        "build_months": 3, "full_time_posts": 2, "part_time_posts": 1},
            "new": {"goal": 20, "needs": ["review", "crew", "staff"], "unit_cost": 10**6,
                    "build_months": 3, "full_time_posts": 2, "running": False},
            "bare": {"goal": 20, "unit_cost": 10**6, "build_months": 1},
        },
        parameters={
            "review_panels": fixed(1_000), "crews_z": fixed(1_000),
            "free_trained_share": fixed(1.0),
        },
        budget={"public_total": 10**12},
    )  # fmt: skip
    opened = {
        (story.programme, (START + dt.timedelta(story.day("opened"))).isoformat())
        for story in stories(history(run).log).values()
    }
    assert opened == {("running", "2016-05-22"), ("new", "2016-09-11"), ("bare", "2016-03-22")}


@pytest.mark.parametrize("replication", range(2))
def test_with_plenty_of_everything_projects_take_their_drawn_durations_and_no_day_more(
    real_run: Run, replication: int
) -> None:
    """Computed from the drawn numbers of each project's key, not from what the model did:

    window + (service + rework) for each time it was sent back + service, then the first release at
    the earliest, then the drawn months. A file that comes back too often for its year lapses and
    comes again in January, with the same durations but another draw of being sent back. Hosts of
    the ladder have later windows, too: their quotas grow with the titles still missing.
    """
    run = settings(real_run, PLENTY)
    worker = Worker(run)
    drawn, streams = worker.draw(replication), Streams(run.seed, replication)
    outcome = history(run, replication)
    told = stories(outcome.log)
    assert len(told) > 1_000
    january, release = (dt.date(2016, 1, 15) - START).days, (dt.date(2016, 2, 20) - START).days
    windows = {(dt.date(year, 1, 15) - START).days for year in range(2016, 2021)}
    windows.add((dt.date(2016, 6, 1) - START).days)
    for story in told.values():
        name, place, ordinal = story.key.split("/")
        spec = run.plan.programmes[name]
        key = np.atleast_1d(entity_keys(name, int(place), int(ordinal)))

        def number(parameter: str, purpose: str, key: np.ndarray = key) -> float:
            return float(quantile(run.parameters[parameter], streams.uniform(purpose, key))[0])

        day = january if spec.running else (dt.date(2016, 6, 1) - START).days
        if spec.feeds is not None:
            day = story.days("proposed")[0]
            assert day in windows
        year, attempt, ready = (START + dt.timedelta(day)).year, 0, day
        while "review" in spec.needs:
            service = math.ceil(number("review_service_days", "review"))
            rework = math.ceil(number("review_rework_days", "rework"))
            u = float(streams.uniform("sent back", key, attempt)[0])
            times = 0
            while u < drawn["review_send_back"] ** (times + 1):
                times += 1
            ready = day + (times + 1) * service + times * rework
            if ready <= (dt.date(year, 12, 31) - START).days:
                break
            year, attempt = year + 1, attempt + 1
            day = (dt.date(year, 1, 15) - START).days
        months = number(spec.build_months, "build")
        building = math.ceil(months * DAYS_PER_MONTH * drawn["build_delay_factor"])
        expected = max(ready, release) + building
        assert story.days("proposed")[-1] == day, story.key
        if expected <= HORIZON:
            assert story.day("opened") == expected, story.key
        else:
            assert story.last in ("crew arrived", "contracted"), story.key


def test_with_plenty_of_everything_nothing_is_left_unproposed(real_run: Run) -> None:
    run = settings(real_run, PLENTY)
    outcome = history(run)
    left = [(p, stage) for _, p, stage, *_ in outcome.delays if stage.startswith("unproposed")]
    assert left == []


def test_with_plenty_of_everything_what_can_be_delivered_in_time_is(real_run: Run) -> None:
    """Every target that counts deliveries, but those whose building may take the whole period."""
    run = settings(real_run, PLENTY)
    values = values_of(run, history(run))
    judged = []
    for name, target in run.plan.targets.items():
        if target.measured_by is None or target.measured_by.type != "delivered":
            continue
        programme = run.plan.programmes[target.measured_by.programme]
        longest = run.parameters[programme.build_months].high
        assert longest is not None
        if longest <= 36:
            judged.append(name)
            assert values[name] >= target.goal, name
    assert len(judged) > 5


EASY = PLENTY | {"parameters.governance_slip": fixed(0.0), "planning.margin": 0.3} | {
    f"parameters.{name}": fixed(value)
    for name, value in {
        "district_applicants": 1.0, "district_acceptance": 1.0, "municipal_applicants": 1.0,
        "municipal_acceptance": 1.0, "municipal_minimum_age": 0.0, "national_applicants": 1.0,
        "national_acceptance": 1.0, "national_minimum_age": 0.0, "naming_minimum_service": 0.0,
        "national_renewal": 1.0, "district_bases_staffed_share": 1.0, "build_delay_factor": 1.0,
    }.items()
}  # fmt: skip
"""Money, people, panels and crews without end, and nobody who says no."""


def test_every_programme_reaches_its_target_when_nothing_is_scarce(real_run: Run) -> None:
    """With time, too: everything is built in a month, and rounds name whoever applies."""
    quick = {
        f"parameters.{programme.build_months}": fixed(1.0, "project")
        for programme in real_run.plan.programmes.values()
    }
    rounds = {
        f"parameters.{level.quota}": fixed(2000.0, real_run.parameters[level.quota].varies)
        for level in real_run.plan.ladder.values()
    }
    run = settings(real_run, EASY | quick | rounds)
    values = values_of(run, history(run, trace=False))
    missed = []
    for programme in run.plan.programmes.values():
        rows = [r for r in layout_of(run).rows if r.target == programme.target and r.counts]
        missed += [r.indicator for r in rows if not r.attained(values[r.indicator])]
    assert missed == []
