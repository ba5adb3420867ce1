"""People: nobody is lost, nobody holds two posts, and flows have the rates they claim.

Read off the series of whole replications: the persons in full-time posts and part-time, by
district and quarter.
"""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path

import numpy as np
import pytest

from sim.config.schema import Run
from sim.model.city import City
from sim.model.kernel.streams import Streams
from sim.model.parts.people import StaffError, _by_degree, _join, _move
from sim.model.works.project import CONTRACTED, STAFF
from sim.study.worker import Worker
from tests.eventlog import stories
from tests.factory import Json, city_of, fixed, history, layout_of, micro_run, settings, values_of
from tests.tolerance import Z, assert_mean

PERSONS = {
    "staff": {
        "measure": "stock", "goal": 10**6, "definition": "full_time_staff",
        "measured_by": {"type": "staff", "count": "persons"},
    },
    "degrees": {
        "measure": "stock", "goal": 90.0, "definition": "full_time_staff",
        "measured_by": {"type": "staff", "count": "bachelor_share"},
    },
}  # fmt: skip
NO_FLOW = {
    f"parameters.{name}": fixed(0.0)
    for name in (
        "attrition", "part_time_attrition", "part_time_entry", "candidates", "conversion_rate",
        "upgrade_rate", "free_trained_share",
    )
}  # fmt: skip
POOR = {"budget.public_total": 0, "budget.social_total": 0}


def staff_run(directory: Path, parameters: dict[str, Json], **programmes: Json) -> Run:
    """1 000 full-time and 1 000 part-time persons, all part-time persons free."""
    return micro_run(
        directory,
        programmes or {"idle": {"goal": 1, "unit_cost": 10**9}},
        targets=PERSONS,
        parameters=parameters,
        record="full",
    )


def series(run: Run, replication: int, indicator: str) -> np.ndarray:
    """(quarters, districts) of one indicator, from day 0 on."""
    outcome = history(run, replication, trace=False)
    return outcome.district_series[:, :, layout_of(run).district_indicators.index(indicator)]


def city_series(run: Run, replication: int, indicator: str) -> np.ndarray:
    outcome = history(run, replication, trace=False)
    return outcome.city_series[:, layout_of(run).city_indicators.index(indicator)]


# ----------------------------------------------------------------------------------- conservation


def test_without_flows_nobody_moves(real_run: Run) -> None:
    run = settings(real_run, {**NO_FLOW, **POOR}, record="full")
    for indicator in ("full_time_staff:strict", "full_time_staff:broad"):
        by_quarter = series(run, 0, indicator)
        assert (by_quarter == by_quarter[0]).all()
    shares = city_series(run, 0, "bachelor_share:strict")
    assert (shares == shares[0]).all()


def test_the_staff_of_the_start_is_the_density_times_the_population(directory: Path) -> None:
    run = staff_run(
        directory, {"full_time_density": fixed(123.0), "part_to_full_time_ratio": fixed(3.0)}
    )
    values = values_of(run, history(run))
    assert values["staff:strict"] == 123  # 100 000 inhabitants
    assert values["staff:broad"] == 123 + 369


def test_conversion_moves_people_from_part_time_to_full_time(directory: Path) -> None:
    run = staff_run(directory, {"conversion_rate": fixed(0.3)})
    full, all_ = series(run, 0, "staff:strict")[:, 0], series(run, 0, "staff:broad")[:, 0]
    assert (all_ == 2_000).all()
    assert (np.diff(full) >= 0).all()
    assert full[-1] > full[0]


def test_study_changes_degrees_and_not_the_number_of_people(directory: Path) -> None:
    run = staff_run(directory, {"upgrade_rate": fixed(0.3)})
    assert (series(run, 0, "staff:strict") == 1_000).all()
    shares = city_series(run, 0, "degrees:strict")
    assert shares[0] == 50.0
    assert (np.diff(shares) > 0.0).all()
    assert shares[-1] <= 100.0


def test_without_conversion_posts_or_facilities_staff_never_grows(real_run: Run) -> None:
    """Recruits fill the posts that leavers emptied, and nothing else."""
    changes = POOR | {"parameters.conversion_rate": fixed(0.0)}
    by_quarter = series(settings(real_run, changes, record="full"), 0, "full_time_staff:strict")
    assert (by_quarter <= by_quarter[0]).all()


def test_new_facilities_add_exactly_their_posts(directory: Path) -> None:
    hall = {"goal": 4, "needs": ["staff"], "full_time_posts": 3, "part_time_posts": 7}
    run = staff_run(directory, {"free_trained_share": fixed(0.5)}, hall=hall)
    values = values_of(run, history(run))
    assert values["hall"] == 4
    assert values["staff:strict"] == 1_000 + 4 * 3
    assert values["staff:broad"] == 2_000 + 4 * 3  # part-time persons were counted before, too


@pytest.mark.parametrize("share", [20.0, 42.0, 58.0, 90.0])
def test_degrees_of_few_persons_have_the_share_of_many(
    directory: Path, share: float, seed: int
) -> None:
    """One or two a month are converted: rounding must not give all of them the commoner degree."""
    run = staff_run(
        directory,
        {
            "conversion_rate": fixed(0.01),
            "part_time_bachelor_share": fixed(share),
            "bachelor_share_baseline": fixed(0.0),
        },
    )
    run = settings(run, seed=seed)
    ends = [values_of(run, history(run, r, trace=False)) for r in range(40)]
    converted = np.array([own["staff:strict"] for own in ends]) - 1_000.0
    graduates = np.array([own["degrees:strict"] * own["staff:strict"] / 100.0 for own in ends])
    assert_mean(graduates - converted * share / 100.0, 0.0, "graduates beyond their share")
    assert converted.mean() > 30.0


@pytest.mark.parametrize("share", [30.0, 76.0])
def test_recruits_have_the_degrees_that_their_parameter_says(
    directory: Path, share: float, seed: int
) -> None:
    """Posts that leavers empty are refilled by recruits, of whom the share holds a degree."""
    run = staff_run(
        directory,
        {
            "attrition": fixed(0.1),
            "candidates": fixed(0.3),
            "training_seats_share": fixed(1.0),
            "hires_bachelor_share": fixed(share),
            "bachelor_share_baseline": fixed(share),
        },
    )
    run = settings(run, seed=seed)
    shares = [values_of(run, history(run, r, trace=False))["degrees:strict"] for r in range(40)]
    assert_mean(np.array(shares), share, "per cent with a degree")


def test_filled_posts_do_not_wait_for_people(directory: Path) -> None:
    """Of two halls one has its full-time person and waits for part-timers: one post is unfilled."""
    hall = {"goal": 2, "needs": ["staff"], "full_time_posts": 1, "part_time_posts": 2_000}
    run = staff_run(
        directory,
        {"free_trained_share": fixed(0.001), "part_time_free_share": fixed(0.5)},
        hall=hall,
    )
    reasons = {stage: n for _, name, stage, *_, n in history(run).delays if name == "staff"}
    persons = values_of(run, history(run))["staff:strict"]
    assert persons == 1_001
    assert reasons == {"unmet:no_candidate": 1, "unmet:unfunded_post": 10**6 - 1_001 - 1}


def test_posts_beyond_the_trained_people_stay_empty(directory: Path) -> None:
    """5 persons are trained and free; four halls want 3 each: one opens, three wait for ever."""
    hall = {"goal": 4, "needs": ["staff"], "full_time_posts": 3}
    run = staff_run(directory, {"free_trained_share": fixed(0.005)}, hall=hall)
    outcome = history(run)
    assert values_of(run, outcome)["staff:strict"] == 1_003
    standing = {(p, s): n for _, p, s, _, _, _, n, _ in outcome.delays if n}
    assert standing == {("hall", "staff"): 3}


def test_a_person_appointed_to_a_facility_that_waits_for_others_is_not_appointed_again(
    directory: Path,
) -> None:
    """2 trained persons; 20 free part-time persons, later some more; two halls want 2 + 30 each.

    Only one hall can ever open: the full-time persons of the other one do not exist. Of some 75
    part-time persons who enter every month one or two are free, so that there are 60 in the end.
    """
    run = staff_run(
        directory,
        {
            "free_trained_share": fixed(0.002),
            "part_time_free_share": fixed(0.02),
            "part_time_entry": fixed(0.9),
        },
        hall={"goal": 2, "needs": ["staff"], "full_time_posts": 2, "part_time_posts": 30},
    )
    outcome = history(run)
    opened = [story for story in stories(outcome.log).values() if story.last == "opened"]
    assert len(opened) == 1
    assert values_of(run, outcome)["staff:strict"] == 1_002


def test_those_without_a_post_leave_like_the_others_whatever_their_degree(directory: Path) -> None:
    """Of 4 with and 6 without a degree 1 and 2 leave: of the 5 who are free 3.5 stay."""
    people = city_of(staff_run(directory, {"part_time_free_share": fixed(0.5)})).people
    people.part_time[:] = [[4.0], [6.0]]
    people._trials[6] = 10.0
    people._part_time_free[:], people._part_time_fraction[:] = [5], 0.0
    people._turn_over_part_time(
        np.array([[1.0], [2.0], [0.0]]), converted=np.zeros(1), mixes=np.full((2, 1), 0.5)
    )
    assert people.part_time.tolist() == [[3.0], [4.0]]
    assert people._part_time_free == [3]
    assert people._part_time_fraction.tolist() == [0.5]


def test_facilities_that_hosts_staff_themselves_take_nobody(directory: Path) -> None:
    hall = {"goal": 4, "needs": ["staff"], "full_time_posts": 3, "staffed_hosts": 1.0}
    run = staff_run(directory, {"free_trained_share": fixed(0.0)}, hall=hall)
    values = values_of(run, history(run))
    assert values["hall"] == 4
    assert values["staff:strict"] == 1_000


def test_full_time_and_part_time_posts_wait_in_separate_lines(directory: Path) -> None:
    """A hall that waits for full-time people does not keep a room from its part-time people."""
    run = staff_run(
        directory,
        {"free_trained_share": fixed(0.0)},
        hall={"goal": 1, "priority_class": 1, "needs": ["staff"], "full_time_posts": 3},
        room={"goal": 1, "priority_class": 2, "needs": ["staff"], "part_time_posts": 3},
    )
    values = values_of(run, history(run))
    assert (values["hall"], values["room"]) == (0, 1)


def test_nobody_passes_the_head_of_a_line_of_people(directory: Path) -> None:
    """3 trained people; the hall, of the better class, wants 4 and waits; the room wants 2."""
    run = staff_run(
        directory,
        {"free_trained_share": fixed(0.003)},
        hall={"goal": 1, "priority_class": 1, "needs": ["staff"], "full_time_posts": 4},
        room={"goal": 1, "priority_class": 2, "needs": ["staff"], "full_time_posts": 2},
    )
    values = values_of(run, history(run))
    assert (values["hall"], values["room"]) == (0, 0)


def test_recruits_are_limited_by_training_seats(directory: Path) -> None:
    """1 000 persons and a share of 0.004 make 4 seats a year: 20 persons in five years, at most."""
    hall = {"goal": 40, "needs": ["staff"], "full_time_posts": 1}
    parameters = {"training_seats_share": fixed(0.004), "candidates": fixed(1000.0)}
    run = staff_run(directory, parameters, hall=hall)
    outcome = history(run)
    opened = sorted(s.day("opened") for s in stories(outcome.log).values() if s.last == "opened")
    days = [(dt.date(year, 1, 31) - dt.date(2016, 1, 1)).days for year in range(2016, 2021)]
    # New staff raise the seats of the year after, by less than half a person in all.
    assert opened == [day for day in days for _ in range(4)]


# ------------------------------------------------------------------------------------------ rates


@pytest.mark.parametrize("rate", [0.05, 0.3])
def test_leavers_have_the_yearly_rate(real_run: Run, rate: float) -> None:
    """Without recruits N falls by Binomial(N, p) every month, p from (1 - p)^12 = 1 - rate.

    Over a quarter N' ~ Binomial(N, (1 - p)^3), quarter after quarter and district by district: the
    sum of the deviations is a martingale, and over its standard deviation a standard normal.
    """
    changes = NO_FLOW | POOR | {"parameters.attrition": fixed(rate)}
    run = settings(real_run, changes, record="full")
    deviation = variance = 0.0
    for replication in range(4):
        by_quarter = series(run, replication, "full_time_staff:strict")
        stay = (1.0 - rate) ** (3.0 / 12.0)
        before, after = by_quarter[:-1], by_quarter[1:]
        deviation += float((after - before * stay).sum())
        variance += float((before * stay * (1.0 - stay)).sum())
    assert abs(deviation) / math.sqrt(variance) <= Z


def test_part_time_people_come_and_go_at_their_rates(real_run: Run) -> None:
    """Entries are Binomial(N, rate / 12) a month; leavers as for full-time people."""
    leave, enter = 0.1, 0.2
    changes = NO_FLOW | POOR | {
        "parameters.part_time_attrition": fixed(leave), "parameters.part_time_entry": fixed(enter),
    }  # fmt: skip
    run = settings(real_run, changes, record="full")
    p = 1.0 - (1.0 - leave) ** (1.0 / 12.0)
    q = enter / 12.0
    growth = 1.0 - p + q  # of the mean, a month
    spread = p * (1.0 - p) + q * (1.0 - q)  # variance of a month's change, per person
    deviation = variance = 0.0
    for replication in range(4):
        full = series(run, replication, "full_time_staff:strict")
        part = series(run, replication, "full_time_staff:broad") - full
        before, after = part[:-1], part[1:]
        deviation += float((after - before * growth**3).sum())
        # After m months: Var(N) = n spread growth^(m-1) (1 + growth + ... + growth^(m-1)).
        weight = growth**2 * (1.0 + growth + growth**2)
        variance += float((before * spread * weight).sum())
    assert abs(deviation) / math.sqrt(variance) <= Z


def test_degrees_finished_have_the_yearly_rate(real_run: Run) -> None:
    rate = 0.2
    run = settings(
        real_run, NO_FLOW | POOR | {"parameters.upgrade_rate": fixed(rate)}, record="full"
    )
    deviation = variance = 0.0
    for replication in range(4):
        persons = city_series(run, replication, "full_time_staff:strict")
        without = persons * (1.0 - city_series(run, replication, "bachelor_share:strict") / 100.0)
        stay = (1.0 - rate) ** (3.0 / 12.0)
        before, after = without[:-1], without[1:]
        deviation += float((after - before * stay).sum())
        variance += float((before * stay * (1.0 - stay)).sum())
    assert abs(deviation) / math.sqrt(variance) <= Z


def test_candidates_come_in_july(real_run: Run) -> None:
    """With a peak of one all recruits stand ready at the end of July; fewer come than leave."""
    changes = NO_FLOW | POOR | {
        "parameters.graduate_peak": fixed(1.0),
        "parameters.candidates": fixed(0.1),
        "parameters.training_seats_share": fixed(0.5),
        "parameters.pay_elasticity": fixed(0.0),
        "parameters.attrition": fixed(0.2),
    }  # fmt: skip
    staff = city_series(settings(real_run, changes, record="full"), 0, "full_time_staff:strict")
    change = np.diff(staff)
    third_quarter = np.arange(len(change)) % 4 == 2
    assert (change[~third_quarter] < 0).all()
    # A tenth of the staff comes in July, a twentieth leaves in the quarter.
    assert (change[third_quarter] > 0).all()


def test_better_pay_brings_more_candidates(real_run: Run) -> None:
    """With equal random numbers, more pay at a positive elasticity never loses staff."""
    last = {}
    for pay in (40_000.0, 90_000.0):
        changes = POOR | {
            "parameters.staff_pay": fixed(pay), "parameters.pay_elasticity": fixed(1.0),
            "parameters.attrition": fixed(0.12), "parameters.candidates": fixed(0.06),
        }  # fmt: skip
        last[pay] = series(settings(real_run, changes, record="full"), 0, "full_time_staff:strict")[
            -1
        ]
    assert last[90_000.0].sum() > last[40_000.0].sum()


def test_replications_differ_in_people(real_worker: Worker) -> None:
    rows = [row.indicator for row in real_worker.layout.rows]
    at = rows.index("full_time_staff:strict")
    values = [real_worker.replicate(r).values[at] for r in range(4)]
    assert len(set(values)) == len(values)


def test_the_staff_are_an_infinite_server_with_arrivals_that_vary_over_the_year(
    real_run: Run,
) -> None:
    """All who have posts or are trained, against the mean and variance of M_t/G/infinity.

    Posts stay filled from a large pool, so recruits arrive at a rate that follows the calendar
    alone, and everybody leaves independently: a person of month k is there in month n with
    probability (1 - m)^(n - k). Counts are sums of independent Bernoulli trials.
    """
    leave, hire, peak = 0.2, 0.3, 0.4
    changes = NO_FLOW | POOR | {
        "parameters.attrition": fixed(leave),
        "parameters.candidates": fixed(hire),
        "parameters.graduate_peak": fixed(peak),
        "parameters.free_trained_share": fixed(0.5),
        "parameters.training_seats_share": fixed(10.0),
        "parameters.pay_elasticity": fixed(0.0),
    }  # fmt: skip
    worker = Worker(settings(real_run, changes))
    stay = (1.0 - leave) ** (1.0 / 12.0)
    deviation = variance = 0.0
    for replication in range(4):
        draw, streams = worker.draw(replication), Streams(worker.run.seed, replication)
        city = City(worker.plan, worker.scenario, draw, streams, worker.layout)
        posts = float(city.people.full_time.sum())
        at_first = posts + float(city.people.free.sum())
        city.run()
        assert city.people.full_time.sum() == posts, "posts stay filled"
        survive = stay**60
        mean, spread = at_first * survive, at_first * survive * (1.0 - survive)
        for month in range(60):
            rate = hire * (peak if month % 12 == 6 else (1.0 - peak) / 11.0)
            there = rate * stay ** (59 - month)
            mean += posts * there
            spread += posts * there * (1.0 - there)
        deviation += posts + float(city.people.free.sum()) - mean
        variance += spread
    assert abs(deviation) / math.sqrt(variance) <= Z


# ------------------------------------------------------------------------ what people are missing


def test_part_time_people_who_left_are_missing_by_attrition(directory: Path) -> None:
    """Under the broad reading; all who are missing beyond them never came forward."""
    run = staff_run(directory, {"part_time_attrition": fixed(0.5)})
    outcome = history(run)
    left = 2_000 - values_of(run, outcome)["staff:broad"]
    assert left > 900  # 1 000 x (1 - 0.5 ** 5) = 969
    assert missing_people(run) == {"no_candidate": 10**6 - 2_000, "attrition": left}


def test_posts_that_leavers_emptied_are_missing_by_attrition(directory: Path) -> None:
    """Under the strict reading; what is missing beyond them has no post."""
    run = staff_run(directory, {"attrition": fixed(0.3)})
    left = 1_000 - values_of(run, history(run))["staff:strict"]
    assert left > 700  # 1 000 x (1 - 0.7 ** 5) = 832
    assert missing_people(run, "staff:strict", "staff") == {
        "unfunded_post": 10**6 - 1_000, "attrition": left,
    }  # fmt: skip


def test_posts_of_facilities_that_wait_for_people_have_no_candidate(directory: Path) -> None:
    """Three halls of 7 posts are built, and nobody trained is there."""
    hall = {"goal": 3, "needs": ["staff"], "full_time_posts": 7}
    run = staff_run(directory, {}, hall=hall)
    assert missing_people(run, "staff:strict", "staff") == {
        "unfunded_post": 10**6 - 1_000 - 21, "no_candidate": 21,
    }  # fmt: skip


def test_missing_degrees_are_persons_above_what_the_goal_allows(directory: Path) -> None:
    """Half of 1 000 have one and 90 % are wanted: 400 persons."""
    assert missing_people(staff_run(directory, {}), "degrees:strict", "degrees") == {
        "no_graduate": 400
    }


def missing_people(
    run: Run, indicator: str = "staff:broad", target: str = "staff"
) -> dict[str, float]:
    """Persons missing by reason; the reading that counts goes by the name of its target."""
    name = target if indicator.endswith(":strict") else indicator
    return {
        stage.removeprefix("unmet:"): missing
        for _, owner, stage, *_, missing in history(run, trace=False).delays
        if owner == name and stage.startswith("unmet:")
    }


def test_part_time_people_who_take_posts_leave_the_pool_of_the_free(directory: Path) -> None:
    """After two years most part-time persons have taken full-time posts; a hall that asks for
    half of those of the start finds no such number any more, and one for a twentieth does."""
    hall = {"goal": 1, "build_months": 24, "needs": ["staff"]}
    run = staff_run(
        directory,
        {"conversion_rate": fixed(0.8)},
        large=hall | {"part_time_posts": 500},
        small=hall | {"part_time_posts": 10, "priority_class": 2},
    )
    part = series(run, 0, "staff:broad")[:, 0] - series(run, 0, "staff:strict")[:, 0]
    assert 10 < part[8] < 100  # 1 000 x 0.2 ** 2 = 40 at the end of 2017
    values = values_of(run, history(run))
    assert (values["small"], values["large"]) == (1, 0)


@pytest.mark.parametrize("share", [30.0, 70.0])
def test_appointments_have_the_degrees_of_the_pool_one_post_at_a_time(
    directory: Path, share: float, seed: int
) -> None:
    """Forty halls of one post: rounding would give every post to the commoner degree."""
    hall = {"goal": 40, "needs": ["staff"], "full_time_posts": 1}
    run = staff_run(
        directory,
        {
            "free_trained_share": fixed(10.0), "hires_bachelor_share": fixed(share),
            "bachelor_share_baseline": fixed(0.0),
        },
        hall=hall,
    )  # fmt: skip
    run = settings(run, seed=seed)
    graduates = []
    for replication in range(12):
        values = values_of(run, history(run, replication, trace=False))
        assert values["staff:strict"] == 1_040
        graduates.append(values["degrees:strict"] / 100.0 * 1_040)
    assert_mean(np.array(graduates), 40 * share / 100.0, "appointed with a degree")


def test_nobody_leaves_and_changes_over_at_once(directory: Path) -> None:
    """Nearly all part-time people want a post and nearly all want to go: those who went are gone,
    and no more change over than are left."""
    flows = {"conversion_rate": fixed(0.999999), "part_time_attrition": fixed(0.999999)}
    run = staff_run(directory, flows)
    full, all_ = series(run, 0, "staff:strict")[:, 0], series(run, 0, "staff:broad")[:, 0]
    assert (all_ - full >= 0).all()
    assert (np.diff(all_) <= 0).all()  # nobody comes
    assert 1_000 < full[-1] < 2_000
    assert all_[-1] == full[-1]


# ------------------------------------------------------------------------- step by step, by hand


def test_degrees_are_in_proportion_and_the_uniform_decides_on_the_fraction() -> None:
    """3 of 2 + 4: one with a degree; 5 of 2 + 4: one and two thirds, so one or two."""
    for persons, u, graduates in ((3.0, 0.0, 1), (3.0, 0.99, 1), (5.0, 0.3, 1), (5.0, 0.4, 2)):
        group, other = np.array([[2.0], [4.0]]), np.array([[10.0], [20.0]])
        _move(np.array([persons]), group, other, np.array([u]))
        assert group.tolist() == [[2.0 - graduates], [4.0 - (persons - graduates)]]
        assert other.tolist() == [[10.0 + graduates], [20.0 + (persons - graduates)]]
    for u, graduates in ((0.2, 1), (0.6, 2)):  # half of three
        group = np.array([[2.0], [4.0]])
        _join(group, np.array([3.0]), 50.0, np.array([u]))
        assert group.tolist() == [[2.0 + graduates], [4.0 + 3.0 - graduates]]
    assert _by_degree(np.array([5.0, 7.0]), 30.0).tolist() == [[2.0, 2.0], [3.0, 5.0]]


def test_vacancies_take_the_trained_people_that_there_are(directory: Path) -> None:
    """Three vacancies and two free persons, one with a degree."""
    people = city_of(staff_run(directory, {})).people
    people.vacancies[:] = 3.0
    people.free[:] = [[1.0], [1.0]]
    people.full_time[:] = [[40.0], [60.0]]
    people._refill_vacancies(np.array([0.5]))
    assert people.vacancies.tolist() == [1.0]
    assert people.free.tolist() == [[0.0], [0.0]]
    assert people.full_time.tolist() == [[41.0], [61.0]]


def test_a_month_by_hand(directory: Path) -> None:
    """Counts as if drawn: who leaves is gone before anybody comes, seats are used up, posts that
    were left are refilled by those trained, and two with a part-time post change over."""
    people = city_of(staff_run(directory, {"hires_bachelor_share": fixed(100.0)})).people
    people.full_time[:], people.free[:] = [[40.0], [60.0]], [[5.0], [5.0]]
    people.part_time[:] = [[0.0], [30.0]]
    people._part_time_free[:], people._seats[:] = [30], 4.0
    asked: list[list[float]] = []

    def counts(u: np.ndarray, trials: np.ndarray) -> np.ndarray:
        asked.append(trials.tolist())
        # Leavers with and without a degree, of the free likewise, degrees, recruits, changes over,
        # part-time leavers likewise, part-time entrants.
        return np.array([1.0, 2.0, 3.0, 4.0, 5.0, 9.0, 2.0, 0.0, 6.0, 8.0])

    people._turn_over(counts, np.zeros(10), np.zeros((4, 1)))  # type: ignore[arg-type]
    assert asked == [[40, 60, 5, 5, 60, 100, 30, 0, 30, 30]]
    # Free: 2 + 1 stay and 4 with a degree are trained; of the three posts left they take three, six
    # sevenths of them with a degree, rounded down. Of 24 part-time persons two change over.
    assert people.vacancies.tolist() == [0.0]
    assert people._seats.tolist() == [0.0]
    assert people.free.tolist() == [[6.0 - 2.0], [1.0 - 1.0]]
    assert people.full_time.tolist() == [[40 - 1 + 5 + 2.0], [60 - 2 - 5 + 1 + 2.0]]
    assert people.part_time.tolist() == [[4.0], [30 - 6 - 2 + 4.0]]
    # All part-time persons were free: eight come, and 8 of 30 leave in one way or the other.
    assert people._part_time_free == [math.floor(38 - 38 * 8 / 30)]
    assert people._full_time_free == [4]


@pytest.mark.parametrize(
    ("free", "tie", "graduates"), [((2, 1), 0.1, 1), ((2, 1), 0.9, 2), ((0, 5), 0.9, 0),
                                   ((5, 0), 0.9, 2), ((1, 1), 0.0, 1)],
)  # fmt: skip
def test_posts_of_a_facility_take_degrees_in_proportion(
    directory: Path, free: tuple[int, int], tie: float, graduates: int
) -> None:
    """Two posts: four thirds of 2 + 1 with a degree, so one or two of them."""
    hall = {"goal": 1, "needs": ["staff"], "full_time_posts": 2}
    city = city_of(staff_run(directory, {}, hall=hall))
    (project,) = city.portfolio.projects["hall"]
    project.tie = tie
    people = city.people
    people.free[:] = [[free[0]], [free[1]]]
    before = people.full_time.copy()
    people.take_up(project)
    assert people.free.tolist() == [[free[0] - graduates], [free[1] - (2 - graduates)]]
    assert (people.full_time - before).tolist() == [[graduates], [2 - graduates]]
    assert people.total("strict") == people.full_time.sum()
    share = 100.0 * people.full_time[0].sum() / people.full_time.sum()
    assert people.bachelor_share("strict") == pytest.approx(share)


def test_pay_that_beats_the_wage_brings_candidates_by_its_elasticity(directory: Path) -> None:
    """A tenth a year where pay is the wage; 1.5 times as much pay at an elasticity of two brings
    2.25 times as many."""
    run = staff_run(
        directory,
        {
            "candidates": fixed(0.1), "staff_pay": fixed(120_000.0), "pay_elasticity": fixed(2.0),
        },
    )  # fmt: skip
    assert city_of(run).people._hiring.tolist() == pytest.approx([0.225])


def test_training_seats_are_those_of_hosts_and_what_facilities_add(directory: Path) -> None:
    """1 000 persons at 0.0025 have two and a half; a base that stands and two that have opened add
    three each, and the district has all of the people: eleven and a half are twelve."""
    base = {
        "target": "bases", "unit_cost": 0, "training_seats": 3, "quota_key": "population",
    }  # fmt: skip
    run = micro_run(
        directory, {"base": base},
        targets=PERSONS | {
            "bases": {
                "measure": "stock", "goal": 5, "baseline": 1,
                "measured_by": {"type": "delivered", "programme": "base"},
            }
        },
        parameters={"training_seats_share": fixed(0.0025)},
    )  # fmt: skip
    city = city_of(run)
    city.programmes["base"].enter(0, 2, staffed=False)
    city.people._grant_seats()
    assert city.people._seats.tolist() == [12.0]


def test_missing_persons_are_put_down_to_leavers_waiting_posts_and_the_rest(
    directory: Path,
) -> None:
    """Four posts were left empty, and nine part-time persons are gone."""
    people = city_of(staff_run(directory, {})).people
    people.vacancies[:] = 4.0
    people.part_time[1] -= 9.0
    assert people.unmet("strict", 10) == {"attrition": 4, "no_candidate": 0, "unfunded_post": 6}
    assert people.unmet("strict", 3) == {"attrition": 3, "no_candidate": 0, "unfunded_post": 0}
    assert people.unmet("broad", 20) == {"attrition": 13, "no_candidate": 7}
    people.part_time[1] += 30.0  # more than at the start make good for no empty post
    assert people.unmet("broad", 20) == {"attrition": 4, "no_candidate": 16}


def test_a_contract_lets_all_posts_of_its_units_be_expected(directory: Path) -> None:
    hall = {
        "goal": 3, "cohort": 3, "needs": ["staff"], "full_time_posts": 2, "part_time_posts": 5,
    }  # fmt: skip
    city = city_of(staff_run(directory, {}, hall=hall))
    (project,) = city.portfolio.projects["hall"]
    city.people.expect(project)
    assert [line.expected for line in city.people.lines] == [6, 15]
    # Three halls that are built and wait for people: two posts each are without a candidate.
    project.stage, project.status = STAFF, CONTRACTED
    missing = {"attrition": 0, "no_candidate": 6, "unfunded_post": 4}
    assert city.people.unmet("strict", 10) == missing


def test_people_who_are_lost_are_found_missing(directory: Path) -> None:
    people = city_of(staff_run(directory, {"free_trained_share": fixed(0.01)})).people
    people.audit()  # finds all of them
    people.free[0] += 1.0
    with pytest.raises(StaffError, match="lost count"):
        people.audit()
    people.free[0] -= 1.0
    for cohort in (people.full_time, people.part_time, people.free):
        cohort[0] -= 10_000.0
        people._full_time_free = [int(people.free.sum())]
        with pytest.raises(StaffError, match="negative"):
            people.audit()
        cohort[0] += 10_000.0
        people._full_time_free = [int(people.free.sum())]
    people.audit()


def test_the_staff_of_the_start_are_whole_persons(directory: Path) -> None:
    """122.6 full-time persons are 123, and 3.005 times as many part-time ones, 369.6, are 370."""
    run = staff_run(
        directory, {"full_time_density": fixed(122.6), "part_to_full_time_ratio": fixed(3.005)}
    )
    people = city_of(run).people
    assert (people.persons("strict").sum(), people.persons("broad").sum()) == (123, 123 + 370)
    assert (people.total("strict"), people.total("broad")) == (123, 493)


def test_where_nobody_works_nobody_has_a_degree(directory: Path) -> None:
    people = city_of(staff_run(directory, {"full_time_density": fixed(0.0)})).people
    assert (people.total("broad"), people.bachelor_share("broad")) == (0.0, 0.0)
