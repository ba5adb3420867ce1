"""Registered volunteers: flows have the rates they claim, and answer to what brings them."""

from __future__ import annotations

import datetime as dt
import math
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.config.schema import Run
from sim.model.parts.reach import Reach
from sim.model.parts.volunteers import REGISTERED, Volunteers
from tests.factory import (
    Json,
    city_of,
    district,
    fixed,
    history,
    layout_of,
    micro_run,
    settings,
    values_of,
)
from tests.model.parts.test_regulation import REGULATION, stage_parameters
from tests.tolerance import Z, assert_mean

SECTION = {
    "registration_rate": "rate_t",
    "per_contact": "per_contact_t",
    "per_visit": "per_visit_t",
    "regulation_effect": "effect_t",
    "drop_out": "drop_out_t",
}
TARGETS: dict[str, Json] = {
    "volunteers": {
        "measure": "stock", "goal": 10**6, "baseline": 1_001,
        "measured_by": {"type": "volunteers"},
    },
    "law": {"measured_by": {"type": "regulation"}},
}  # fmt: skip
QUARTERS = 20


def volunteer_run(directory: Path, sections: Json | None = None, **numbers: float) -> Run:
    """Three districts of 300 000 inhabitants together, in which nothing happens by itself."""
    given = {"rate_t": 0.0, "per_contact_t": 0.0, "per_visit_t": 0.0, "effect_t": 1.0}
    given |= {"drop_out_t": 0.0} | numbers
    return micro_run(
        directory,
        {"hall": {"goal": 3, "unit_cost": 1_000, "visits": 20_000}},
        districts=[
            district(900101, population=50_000),
            district(900102, population=100_000),
            district(900103, population=150_000),
        ],
        targets=TARGETS if sections else {"volunteers": TARGETS["volunteers"]},
        parameters={name: fixed(value) for name, value in given.items()} | stage_parameters(),
        sections={"volunteers": SECTION, **(sections or {})},
        record="full",
    )


def by_district(run: Run, replication: int = 0) -> np.ndarray:
    """(quarters, districts), from day 0 on."""
    outcome = history(run, replication, trace=False)
    return outcome.district_series[:, :, layout_of(run).district_indicators.index("volunteers")]


def final(run: Run, seed: int, replications: int = 200) -> np.ndarray:
    run = settings(run, seed=seed)
    return np.array([by_district(run, r)[-1].sum() for r in range(replications)])


def test_those_of_the_start_are_spread_by_population_and_nobody_moves_by_themselves(
    directory: Path,
) -> None:
    persons = by_district(volunteer_run(directory))
    assert persons[0].tolist() == [167, 334, 500]  # 1 001 in the proportion 1 : 2 : 3
    assert (persons == persons[0]).all()


def test_registrations_have_the_mean_and_variance_of_a_poisson_flow(
    directory: Path, seed: int
) -> None:
    """300 000 inhabitants at 20 per 100 000 and year: 60 a year, 300 in five."""
    came = final(volunteer_run(directory, rate_t=20.0), seed) - 1_001
    assert_mean(came, 300.0, "registrations")
    # For a Poisson count the variance is the mean; its estimate from n values has this error.
    n, error = len(came), 300.0 * math.sqrt(2.0 / (len(came) - 1) + 1.0 / (300.0 * len(came)))
    assert abs(came.var(ddof=1) - 300.0) <= Z * error, f"variance over {n} replications"


def test_drop_out_leaves_the_yearly_share(directory: Path, seed: int) -> None:
    left = final(volunteer_run(directory, drop_out_t=0.2), seed)
    assert_mean(left, 1_001 * 0.8**5, "volunteers left")


def test_visits_bring_volunteers_where_they_happen(directory: Path, seed: int) -> None:
    run = settings(volunteer_run(directory, per_visit_t=50.0), seed=seed)
    index = layout_of(run).city_indicators.index("visits")
    came, expected = [], []
    for replication in range(100):
        outcome = history(run, replication, trace=False)
        rates = 4.0 * outcome.city_series[:, index]  # visits a year at the quarters' ends
        visits = sum((a + b) / 2.0 / 4.0 for a, b in pairwise(rates))
        came.append(values_of(run, outcome)["volunteers"] - 1_001)
        expected.append(visits * 50.0 / 10_000)
    # Quarters are not exactly quarters of a year: half a per cent is more than they can make up.
    error = float(np.std(came, ddof=1)) / math.sqrt(len(came))
    assert abs(np.mean(came) - np.mean(expected)) <= Z * error + 0.005 * float(np.mean(expected))


def test_the_registrations_of_a_quarter_by_hand(directory: Path) -> None:
    """Twenty a year per 100 000 inhabitants come by themselves, fifty for 10 000 contacts at events
    and ten for as many visits, of those since the last count alone."""
    run = volunteer_run(directory, rate_t=20.0, per_contact_t=50.0, per_visit_t=10.0)
    city = city_of(run)
    volunteers, reach = city.part(Volunteers), city.part(Reach)
    reach.contacts["events"][0] += [10_000, 20_000, 0]
    reach.contacts["training"][0] += 10_000  # brings nobody
    assert volunteers._expected(0, 90).tolist() == pytest.approx([52.5, 105.0, 7.5])
    assert volunteers._expected(91, 181).tolist() == pytest.approx([2.5, 5.0, 7.5])
    reach.contacts["events"][1] += [0, 0, 2_000]
    reach.contacts["visits"][1] += [0, 5_000, 0]
    assert volunteers._expected(182, 273).tolist() == pytest.approx([2.5, 10.0, 17.5])


def test_coming_and_going_are_drawn_apart(directory: Path, seed: int) -> None:
    """Those who come in a quarter say nothing of those who leave in it, before or after it: the
    correlation over independent quarters is that of chance."""
    run = volunteer_run(directory, rate_t=200.0, drop_out_t=0.2)
    run = settings(run, {"plan.targets.volunteers.baseline": 3_000}, seed=seed)
    pairs = [
        [
            tuple(map(int, re.findall(r"\d+", entry.detail)))
            for entry in log
            if entry.event == REGISTERED.event
        ]
        for log in (history(run, replication).log or [] for replication in range(12))
    ]
    new, left = np.moveaxis(np.array(pairs, dtype=float), 2, 0)
    new -= new.mean(axis=0)
    left -= left.mean(axis=0)
    for lag in (-1, 0, 1):
        one, other = new[:, 1:-1], left[:, 1 + lag : QUARTERS - 1 + lag]
        correlation = (one * other).sum() / math.sqrt((one**2).sum() * (other**2).sum())
        # One more person who came is a little more who may leave: far less than this.
        assert abs(correlation) <= Z / math.sqrt(one.size)


def test_nothing_brings_nobody_and_a_district_answers_to_its_own_visits(directory: Path) -> None:
    run = volunteer_run(directory, per_visit_t=500.0)
    poor = settings(run, {"budget.public_total": 0})
    assert (by_district(poor) == by_district(poor)[0]).all()
    rich = by_district(run)
    assert (rich[-1] > rich[0]).all()  # one hall in every district


def test_an_enacted_regulation_multiplies_registrations(directory: Path, seed: int) -> None:
    """Enacted on 2018-01-01, it doubles the flow of the last three of five years."""
    law = {"regulation": {**REGULATION, "start": "2016-01-01"}}
    run = volunteer_run(directory, law, rate_t=20.0, effect_t=2.0)
    run = settings(run, {f"parameters.{name}": p for name, p in stage_parameters(24.0).items()})
    came = final(run, seed, replications=100) - 1_001
    assert_mean(came, 60.0 * (2 + 3 * 2.0), "registrations")


def test_a_regulation_counts_from_the_day_on_which_it_is_enacted(
    directory: Path, seed: int
) -> None:
    """Enacted in the middle of a quarter, and so strong that a whole quarter would stand out."""
    law = {"regulation": {**REGULATION, "start": "2016-01-01"}}
    run = volunteer_run(directory, law, rate_t=20.0, effect_t=10.0)
    run = settings(run, {f"parameters.{name}": p for name, p in stage_parameters(30.5).items()})
    enacted = next(e for e in history(run).log or [] if e.event == "enacted").day
    date = dt.date(2016, 1, 1) + dt.timedelta(days=enacted)
    assert dt.date(2018, 7, 10) < date < dt.date(2018, 9, 20)
    in_force = (dt.date(2018, 10, 1) - date).days / 92.0 + 9.0
    expected = 15.0 * (20.0 - in_force + 10.0 * in_force)
    assert_mean(final(run, seed, replications=100) - 1_001, expected, "registrations")


def test_where_there_were_no_volunteers_nobody_can_drop_out(directory: Path) -> None:
    run = settings(
        volunteer_run(directory, drop_out_t=0.5), {"plan.targets.volunteers.baseline": 0}
    )
    assert not by_district(run).any()


def test_those_of_the_start_are_whole_persons(directory: Path) -> None:
    run = settings(volunteer_run(directory), {"plan.targets.volunteers.baseline": 1_000.6})
    volunteers = city_of(run).part(Volunteers)
    assert (volunteers.total, volunteers.start, volunteers.registered.sum()) == (1_001,) * 3


def test_what_is_missing_never_registered_unless_the_number_fell(directory: Path) -> None:
    def missing(run: Run) -> dict[str, int]:
        rows = history(run).delays
        return {stage: n for _, name, stage, *_, n in rows if name == "volunteers"}

    changes: dict[str, Any] = {"plan.targets.volunteers.goal": 2_000}
    idle = settings(volunteer_run(directory), changes)
    assert missing(idle) == {"unmet:no_candidate": 999}
    shrinking = settings(volunteer_run(directory, drop_out_t=0.5), changes)
    left = int(by_district(shrinking)[-1].sum())
    assert left < 1_001
    assert missing(shrinking) == {
        "unmet:attrition": 1_001 - left,
        "unmet:no_candidate": 999,
    }


def test_volunteers_of_a_district_do_not_depend_on_its_neighbours(directory: Path) -> None:
    run = volunteer_run(directory, rate_t=100.0, drop_out_t=0.1)
    same = {name: run.parameters[name].model_dump(mode="json") for name in SECTION.values()}
    alone = micro_run(
        directory,
        {"hall": {"goal": 1, "unit_cost": 1_000}},
        districts=[district(900103, population=150_000)],
        targets={"volunteers": {**TARGETS["volunteers"], "baseline": 500}},
        parameters=same,
        sections={"volunteers": SECTION},
        record="full",
    )
    assert by_district(alone)[:, 0].tolist() == by_district(run)[:, 2].tolist()
