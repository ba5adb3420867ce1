"""The ladder of bases: quotas, rounds, terms, strike-off, and the readings that count them."""

from __future__ import annotations

import math
import re
from collections import deque
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.config.schema import Run
from sim.model.city import City
from sim.model.parts.ladder import (
    ELIGIBILITY,
    NEXT_ROUND,
    NO_ROUND,
    PANEL,
    ROUND_QUOTA,
    Ladder,
    Level,
)
from sim.model.record import Outcome
from sim.model.works.planning import administrations
from sim.model.works.project import BUILDING, CONTRACTED, MONEY, OPEN, REVIEW, WITHDRAWN
from tests.eventlog import city_events
from tests.factory import (
    LABEL,
    Json,
    city_of,
    district,
    fixed,
    history,
    layout_of,
    micro_run,
    parameter,
    settings,
    values_of,
    write_districts,
)
from tests.tolerance import assert_count

LEVELS = ("district", "municipal", "national")


def per_round(value: float) -> Json:
    return parameter("fixed", value=value, varies="round", integer=True)


FROZEN: dict[str, Any] = {
    "parameters.district_naming_quota": per_round(0),
    "parameters.municipal_naming_quota": per_round(0),
    "parameters.national_naming_quota": per_round(0),
    "parameters.base_delisting": fixed(0.0),
    "parameters.national_round_1": fixed(1.0),
    "parameters.national_round_2": fixed(9.0),
    "parameters.national_baseline_expiry": fixed(9.0),
    "parameters.district_bases_baseline": fixed(600),
    "parameters.national_bases_baseline": fixed(12),
    "parameters.governance_slip": fixed(0.0),
    "plan.calendar.assessment_years": [2016, 2019],
}
"""Nobody is named, struck off or expires, every round is held, and the start is known."""


def bases(run: Run, replication: int = 0) -> dict[str, float]:
    values = values_of(run, history(run, replication, trace=False))
    return {k.replace("_bases", ""): v for k, v in values.items() if "_bases:" in k}


def named(outcome: Outcome) -> dict[str, list[tuple[int, int, int]]]:
    """(day, named, applicants) of every round, by level."""
    found: dict[str, list[tuple[int, int, int]]] = {level: [] for level in LEVELS}
    for entry in city_events(outcome.log, "named"):
        count, applicants = map(int, re.findall(r"\d+", entry.detail))
        found[entry.entity.removeprefix("round ")].append((entry.day, count, applicants))
    return found


def test_when_nothing_happens_the_start_remains(real_run: Run) -> None:
    assert bases(settings(real_run, FROZEN)) == {
        "national:until_replaced": 12, "national:strict": 12,
        "municipal:promoted_count": 113, "municipal:promoted_leave": 113,
        "district:promoted_count": 600, "district:promoted_leave": 600,
    }  # fmt: skip


# ---------------------------------------------------------------------------------------- rounds


@pytest.mark.parametrize("replication", range(3))
def test_a_round_names_no_more_than_its_quota_and_its_applicants(
    real_run: Run, replication: int
) -> None:
    quotas = {"district": 25, "municipal": 3, "national": 2}
    run = settings(real_run, {
        f"parameters.{level}_naming_quota": per_round(quota) for level, quota in quotas.items()
    })  # fmt: skip
    rounds = named(history(run, replication))
    for level, quota in quotas.items():
        for _, count, applicants in rounds[level]:
            assert count <= min(quota, applicants)
    # Quotas this small are filled at least once: the limit is theirs and no accident.
    assert max(count for _, count, _ in rounds["district"]) == 25
    assert max(count for _, count, _ in rounds["municipal"]) == 3


def test_yearly_rounds_are_once_a_year_the_approval_after_the_deadline(real_run: Run) -> None:
    """5 December and 149 days: 3 May 2016 (leap year: 2 May), then 3 May."""
    changes = {"parameters.base_approval_days": per_round(149)}
    rounds = named(history(settings(real_run, changes)))
    first_of_may = [121, 486, 851, 1216, 1582]
    deadlines = [-27, 339, 704, 1069, 1434]
    assert [d + 149 for d in deadlines] == [
        m + k for m, k in zip(first_of_may, [1, 2, 2, 2, 1], strict=True)
    ]
    for level in ("district", "municipal"):
        assert [day for day, *_ in rounds[level]] == [d + 149 for d in deadlines]


def test_all_are_named_where_quota_and_panels_allow(real_run: Run) -> None:
    """Every host that is ready applies, every applicant passes, and the quota never binds."""
    run = settings(real_run, {
        "parameters.district_naming_quota": per_round(10**6),
        "parameters.district_applicants": fixed(1.0),
        "parameters.district_acceptance": fixed(1.0),
        "parameters.naming_minimum_service": fixed(0.0),
        "parameters.base_delisting": fixed(0.0),
    })  # fmt: skip
    outcome = history(run)
    for _, count, applicants in named(outcome)["district"]:
        assert count == applicants
    drawn = sum(count for _, count, _ in named(outcome)["district"])
    start = bases(settings(run, {"parameters.district_naming_quota": per_round(0)}))
    assert bases(run)["district:promoted_count"] == start["district:promoted_count"] + drawn


@pytest.mark.parametrize(("years", "counts"), [(1826 / 365.25, True), (1826.5 / 365.25, False)])
def test_what_is_named_after_the_horizon_does_not_count(
    real_run: Run, years: float, counts: bool
) -> None:
    """Day 1826 is 2020-12-31; a round half a day later rounds up to the next day."""
    run = settings(real_run, FROZEN | {
        "parameters.national_round_1": fixed(years),
        "parameters.national_naming_quota": per_round(5),
        "parameters.national_applicants": fixed(1.0),
        "parameters.national_acceptance": fixed(1.0),
    })  # fmt: skip
    outcome = history(run)
    assert [day for day, *_ in named(outcome)["national"]] == ([1826] if counts else [])
    assert bases(run)["national:until_replaced"] == (17 if counts else 12)


def test_a_municipal_base_needs_a_year_as_a_district_base(real_run: Run) -> None:
    """With no bases at the start the first district titles are given in 2016, and the deadline of
    the round of 2017 is not a year later: the first municipal titles are those of 2018."""
    run = settings(real_run, FROZEN | {
        "parameters.district_bases_baseline": fixed(0),
        "parameters.district_naming_quota": per_round(1_000),
        "parameters.municipal_naming_quota": per_round(1_000),
        "parameters.municipal_applicants": fixed(1.0),
        "parameters.municipal_acceptance": fixed(1.0),
        "parameters.base_approval_days": per_round(149),
        "parameters.naming_minimum_service": fixed(0.0),
        "budget.public_total": 10**11,
    })  # fmt: skip
    rounds = named(history(run))
    district = [count for _, count, _ in rounds["district"]]
    municipal = [count for _, count, _ in rounds["municipal"]]
    assert district[0] == 0  # the deadline of the first round is before anything opened
    assert district[1] > 0
    assert municipal[:3] == [0, 0, 0]
    assert municipal[3] > 0


def test_the_eligible_apply_and_applicants_pass_with_their_probabilities(
    real_run: Run, seed: int
) -> None:
    """600 district bases, all of them staffed and old enough, and nobody is ever named: 600 are
    eligible in each of five rounds. Applicants and, in another run, the accepted are binomial."""
    ready = FROZEN | {
        "parameters.district_bases_staffed_share": fixed(1.0),
        "parameters.naming_minimum_service": fixed(0.0),
        "parameters.municipal_applicants": fixed(0.3),
    }
    run = settings(real_run, ready, seed=seed)
    rounds = [r for i in range(4) for r in named(history(run, i))["municipal"]]
    assert len(rounds) == 20
    assert_count(sum(applicants for *_, applicants in rounds), 20 * 600, 0.3, "applicants")

    changes = {
        "parameters.municipal_naming_quota": per_round(10_000),
        "parameters.municipal_acceptance": fixed(0.2),
    }
    run = settings(run, changes)
    rounds = [r for i in range(4) for r in named(history(run, i))["municipal"]]
    total = sum(applicants for *_, applicants in rounds)
    assert_count(sum(count for _, count, _ in rounds), total, 0.2, "accepted")


@pytest.mark.parametrize(
    ("name", "value"), [("district_bases_staffed_share", 0.0), ("naming_minimum_service", 1.01)]
)
def test_bases_without_the_staff_or_the_service_cannot_apply(
    real_run: Run, name: str, value: float
) -> None:
    changes = {"parameters.municipal_applicants": fixed(1.0), f"parameters.{name}": fixed(value)}
    rounds = named(history(settings(real_run, FROZEN | changes)))
    assert [applicants for *_, applicants in rounds["municipal"]] == [0] * 5


# ----------------------------------------------------------------------------------------- terms


def test_expired_titles_count_until_replaced_but_not_strictly(real_run: Run) -> None:
    """The cohort of 2015 expires on day 1461 (4 years) and no round comes to replace it."""
    run = settings(
        real_run, FROZEN | {"parameters.national_baseline_expiry": fixed(4.0)}, record="full"
    )
    outcome = history(run)
    assert bases(run)["national:strict"] == 0
    assert bases(run)["national:until_replaced"] == 12
    layout = layout_of(run)
    strict = outcome.city_series[:, layout.city_indicators.index("national_bases:strict")]
    expected = [12.0 if day < 1461 else 0.0 for day in layout.city_days]
    assert strict.tolist() == expected


@pytest.mark.parametrize(("expiry", "counted"), [(1825.5, 0), (1826.0, 0), (1826.5, 12)])
def test_a_title_no_longer_counts_on_the_day_it_runs_out(
    real_run: Run, expiry: float, counted: int
) -> None:
    years = expiry / 365.25
    assert years * 365.25 == expiry
    run = settings(real_run, FROZEN | {"parameters.national_baseline_expiry": fixed(years)})
    assert bases(run)["national:strict"] == counted


@pytest.mark.parametrize(("term", "counted"), [(2.0, 0), (3.9, 0), (4.1, 5)])
def test_new_titles_run_for_their_term(real_run: Run, term: float, counted: int) -> None:
    """Five are named at the end of the first year, and four more years are left."""
    run = settings(real_run, FROZEN | {
        "parameters.national_naming_quota": per_round(5),
        "parameters.national_applicants": fixed(1.0),
        "parameters.national_acceptance": fixed(1.0),
        "parameters.national_term": fixed(term),
        "parameters.national_baseline_expiry": fixed(0.5),
        "parameters.national_renewal": fixed(0.0),
    })  # fmt: skip
    assert bases(run)["national:strict"] == counted
    assert bases(run)["national:until_replaced"] == 5  # the cohort of 2015 was replaced


@pytest.mark.parametrize("renewed", [0.0, 1.0])
def test_a_new_round_renews_expired_titles_or_ends_them(real_run: Run, renewed: float) -> None:
    run = settings(real_run, FROZEN | {
        "parameters.national_baseline_expiry": fixed(4.0),
        "parameters.national_round_2": fixed(4.5),
        "parameters.national_renewal": fixed(renewed),
    })  # fmt: skip
    assert bases(run)["national:until_replaced"] == 12 * renewed
    assert bases(run)["national:strict"] == 12 * renewed


# ------------------------------------------------------------------------------------ strike-off


def test_struck_off_bases_lose_their_titles(real_run: Run) -> None:
    """A tenth at the assessments of 2016 and 2019, rounded: 600, 540, 486 and 113, 102, 92."""
    last = bases(settings(real_run, FROZEN | {"parameters.base_delisting": fixed(0.1)}))
    assert last["district:promoted_count"] == 486
    assert last["municipal:promoted_count"] == 92
    assert last["national:until_replaced"] == 12  # no assessment at this level


def test_when_all_are_struck_off_none_is_left_at_any_level(real_run: Run) -> None:
    run = settings(real_run, {
        "parameters.base_delisting": fixed(1.0), "plan.calendar.assessment_years": [2019],
    }, record="full")  # fmt: skip
    outcome = history(run)
    layout = layout_of(run)
    last_of_2019 = layout.city_days.index(1460)
    for name in ("district_bases:promoted_count", "municipal_bases:promoted_count"):
        assert outcome.city_series[last_of_2019, layout.city_indicators.index(name)] == 0


def test_a_base_struck_off_at_one_level_loses_its_titles_at_all(real_run: Run) -> None:
    """All municipal bases are promoted district bases here, and all are struck off: the district
    count falls by as many, and by a district base of its own never."""
    run = settings(real_run, FROZEN | {
        "plan.targets.municipal_bases.baseline": 0,
        "parameters.municipal_naming_quota": per_round(40),
        "parameters.municipal_applicants": fixed(1.0),
        "parameters.municipal_acceptance": fixed(1.0),
        "parameters.naming_minimum_service": fixed(0.0),
        "plan.ladder.district.delisting": None,
        "parameters.base_delisting": fixed(1.0),
        "plan.calendar.assessment_years": [2018],
    })  # fmt: skip
    outcome = history(run)
    promoted = [count for day, count, _ in named(outcome)["municipal"]]
    assert promoted == [40] * 5
    last = bases(run)
    # Three rounds of 40 are struck off in December 2018, two more follow.
    assert last["municipal:promoted_count"] == 80
    assert last["district:promoted_count"] == 600 - 120
    assert last["district:promoted_leave"] == 600 - 120 - 80


def test_what_was_struck_off_is_missing_again_and_can_be_made_good(real_run: Run) -> None:
    """All 600 lose their titles in 2016: as many more hosts are upgraded and may be named."""
    start = FROZEN | {
        "parameters.district_naming_quota": per_round(10_000),
        "parameters.district_applicants": fixed(1.0),
        "parameters.district_acceptance": fixed(1.0),
        "parameters.naming_minimum_service": fixed(0.0),
        "parameters.district_bases_staffed_hosts": fixed(1.0),
        "plan.calendar.assessment_years": [2016],
        "planning.pace": 1.0,
        "budget.public_total": 10**11,
    }
    kept = bases(settings(real_run, start | {"parameters.base_delisting": fixed(0.0)}))
    # 113 municipal bases of the start hold no district title here, and are struck off for nothing.
    struck = bases(settings(real_run, start | {"parameters.base_delisting": fixed(1.0)}))
    # The goal of more than 1 000 with a margin of 5 % of the gap: 600 + ceil(401 x 1.05) = 1 022.
    assert kept["district:promoted_count"] == 1_022
    assert struck["district:promoted_count"] == 1_022


# -------------------------------------------------------------------------------------- readings


@pytest.mark.parametrize("replication", range(3))
def test_the_readings_differ_by_what_was_promoted_and_what_has_expired(
    real_run: Run, replication: int
) -> None:
    run = settings(real_run, {"parameters.base_delisting": fixed(0.0)})
    outcome = history(run, replication)
    rounds, last = named(outcome), bases(run, replication)
    promoted = sum(count for _, count, _ in rounds["municipal"])
    assert last["district:promoted_count"] - last["district:promoted_leave"] == promoted
    assert last["municipal:promoted_count"] - last["municipal:promoted_leave"] == sum(
        count for _, count, _ in rounds["national"]
    )
    assert last["national:strict"] <= last["national:until_replaced"]


def test_district_values_sum_to_the_city(real_run: Run) -> None:
    run = settings(real_run, record="full")
    outcome, layout = history(run, 1), layout_of(run)
    for name in ("district_bases:promoted_count", "municipal_bases:promoted_leave"):
        by_place = outcome.district_series[:, :, layout.district_indicators.index(name)]
        city = outcome.city_series[:, layout.city_indicators.index(name)]
        assert np.array_equal(by_place.sum(axis=1), city)


# ------------------------------------------------------------------ titles that went amiss, by hand


LOW_AND_HIGH = {
    level: {
        "measure": "stock", "goal": goal, "baseline": start,
        "measured_by": {"type": "ladder", "level": level},
    }
    for level, goal, start in (("low", 100, 40), ("high", 50, 0))
}  # fmt: skip


def micro_ladder(
    directory: Path, *, goal: int = 50, low: Json | None = None, **numbers: float
) -> Run:
    """40 bases of the low level, all of which apply for the high one in each of five rounds."""
    values: dict[str, float] = {
        "low_quota": 0, "high_quota": 5, "applying": 1.0, "accepted": 1.0, "approval": 149,
        "delisting": 0.0, **numbers,
    }  # fmt: skip
    level = {
        "name": LABEL, "rounds": "yearly", "approval_days": "approval", "applicants": "applying",
        "acceptance": "accepted", "delisting": "delisting",
    }  # fmt: skip
    by_round = ("low_quota", "high_quota", "approval")
    return micro_run(
        directory,
        {"idle": {"goal": 1, "unit_cost": 10**12}},
        targets={
            "low": LOW_AND_HIGH["low"] | (low or {}),
            "high": LOW_AND_HIGH["high"] | {"goal": goal},
        },
        ladder={
            "low": level | {"target": "low", "quota": "low_quota"},
            "high": level | {"target": "high", "quota": "high_quota", "below": "low"},
        },
        parameters={
            name: fixed(value, "round" if name in by_round else "draw")
            for name, value in values.items()
        },
        calendar={"assessment_years": [2019]},
    )


def losses(run: Run) -> dict[str, int]:
    """Titles of the high level that went amiss."""
    city = city_of(run)
    city.run()
    return city.part(Ladder).levels["high"].lost


def test_a_quota_that_is_filled_loses_nothing_to_the_panel(directory: Path) -> None:
    """The panel turned many down, but no place of the round stayed empty for it."""
    run = micro_ladder(directory, high_quota=2, accepted=0.5)
    rounds = named_at(history(run), "high")
    assert [count for count, _ in rounds] == [2] * 5
    assert losses(run)["panel"] == 0
    assert losses(run)["round_quota"] > 0


def test_places_that_the_panel_leaves_empty_are_lost_to_it(directory: Path) -> None:
    """A quota of 30 and fewer accepted: what is empty is lost to the panel, as far as it turned
    applicants down; nobody who was accepted went without."""
    run = micro_ladder(directory, high_quota=30, accepted=0.2)
    rounds = named_at(history(run), "high")
    empty = [30 - count for count, _ in rounds]
    turned_down = [applicants - count for count, applicants in rounds]
    assert min(empty) > 0
    assert losses(run) == {
        "no_round": 0, "round_quota": 0, "strike_off": 0,
        "panel": sum(map(min, empty, turned_down)),
    }  # fmt: skip


def test_where_all_are_accepted_the_quota_is_what_names_so_few(directory: Path) -> None:
    """40 apply, 5 are named; then 35 for 5, and so on: 35 + 30 + 25 + 20 + 15 went without."""
    run = micro_ladder(directory)
    assert named_at(history(run), "high") == [(5, 40), (5, 35), (5, 30), (5, 25), (5, 20)]
    assert losses(run) == {"no_round": 0, "round_quota": 125, "panel": 0, "strike_off": 0}
    # 25 of 50 titles are there, and for each of the missing 25 one was lost to the quota.
    assert unmet(run, "high") == {"round_quota": 25}


def test_a_panel_that_accepts_everybody_loses_nothing(directory: Path) -> None:
    """Twenty places of the first round stay empty because nobody else applied."""
    run = micro_ladder(directory, high_quota=60)
    assert named_at(history(run), "high") == [(40, 40), *[(0, 0)] * 4]
    assert set(losses(run).values()) == {0}
    assert unmet(run, "high") == {"eligibility": 10}


def test_missing_titles_are_put_down_to_what_took_them_in_order(directory: Path) -> None:
    """16 of 20 titles are left after a fifth was struck off in 2019 (4 of 20), and 5 more named."""
    run = micro_ladder(directory, goal=30, delisting=0.2)
    assert values_of(run, history(run))["high"] == 16 + 5
    assert losses(run)["strike_off"] == 4
    assert unmet(run, "high") == {"strike_off": 4, "round_quota": 5}


@pytest.mark.parametrize(("share", "struck"), [(0.12, 5), (0.11, 4), (0.0125, 0), (0.04, 2)])
def test_the_number_struck_off_is_rounded_to_the_nearest(
    directory: Path, share: float, struck: int
) -> None:
    """Of 40 bases: 4.8 are five, 4.4 four, half a base none (as half to even), 1.6 two."""
    run = micro_ladder(directory, delisting=share, high_quota=0)
    assert values_of(run, history(run))["low"] == 40 - struck


@pytest.mark.parametrize("renewed", [0.0, 1.0])
def test_a_title_that_runs_out_on_the_day_of_a_round_is_up_for_renewal(
    real_run: Run, renewed: float
) -> None:
    """Four years are 1 461 days, and on day 1 461 the round is held: it is the title's last."""
    run = settings(real_run, FROZEN | {
        "parameters.national_baseline_expiry": fixed(4.0),
        "parameters.national_round_2": fixed(4.0),
        "parameters.national_renewal": fixed(renewed),
    })  # fmt: skip
    assert bases(run)["national:until_replaced"] == 12 * renewed
    assert bases(run)["national:strict"] == 12 * renewed


@pytest.mark.parametrize(
    ("proposed_in", "rounds"),
    [(0, 4), (1, 3), (2, 2), (3, 1)],
)
def test_a_host_can_enter_the_rounds_of_later_years_only(
    directory: Path, proposed_in: int, rounds: int
) -> None:
    """Four fifths of the candidates apply and five eighths of these are named, a half of all: for
    every title missing 1 / (1 - 0.5 ** rounds) hosts.

    Hosts proposed in 2016 are in time for the deadlines of December 2016 to 2019: four rounds.
    """
    host = {
        "target": "bases", "unit_cost": 10**12, "build_months": 1, "feeds": "base",
    }  # fmt: skip
    level = {
        "name": LABEL, "target": "bases", "rounds": "yearly", "approval_days": "approval",
        "quota": "quota", "applicants": "applying", "acceptance": "accepted",
    }  # fmt: skip
    goal = 1_000
    run = micro_run(
        directory, {"host": host}, ladder={"base": level},
        targets={"bases": LOW_AND_HIGH["low"] | {
            "baseline": 0, "goal": goal, "measured_by": {"type": "ladder", "level": "base"},
        }},
        parameters={
            "approval": fixed(149, "round"), "quota": fixed(0, "round"),
            "applying": fixed(0.8), "accepted": fixed(0.625),
        },
    )  # fmt: skip
    city = city_of(run)
    (day, year) = [window for window in city.world.calendar.windows if window[1] == proposed_in][-1]
    # Hosts are so dear that none is ever proposed; what grows is the quota.
    processes = [city.part(Ladder).hosts(), city.treasury.years()]
    for process in processes:
        city.world.clock.process(process)
    city.world.clock.run_through(day)
    (line,) = city.quotas.lines_of["host"]
    assert year == proposed_in
    assert line.quota >= math.ceil(goal / (1.0 - 0.5**rounds))
    assert line.quota == max(
        math.ceil(goal / (1.0 - 0.5 ** (4 - index))) for index in range(proposed_in + 1)
    )


def test_bases_that_went_up_are_the_first_cause_where_a_reading_leaves_them_out(
    directory: Path,
) -> None:
    """25 of 40 were named at the high level: under that reading 15 count, and of the 85 that are
    missing to a hundred 25 went up, and the others never were."""
    run = micro_ladder(directory, low={"definition": "promoted_base_counts"})
    values = values_of(run, history(run))
    assert (values["low:promoted_count"], values["low:promoted_leave"]) == (40, 15)
    assert unmet(run, "low") == {"eligibility": 60}
    assert unmet(run, "low:promoted_leave") == {"promoted": 25, "eligibility": 60}


def test_hosts_that_have_been_named_are_candidates_no_more(directory: Path) -> None:
    """Ten hosts open in 2016, three are named in each of the four rounds that come after."""
    level = {
        "name": LABEL, "target": "bases", "rounds": "yearly", "approval_days": "approval",
        "quota": "quota", "applicants": "all", "acceptance": "all",
    }  # fmt: skip
    run = micro_run(
        directory,
        {"host": {"target": "bases", "unit_cost": 0, "build_months": 1, "feeds": "base"}},
        ladder={"base": level},
        targets={
            "bases": {
                "measure": "stock", "goal": 10, "baseline": 0,
                "measured_by": {"type": "ladder", "level": "base"},
            }
        },
        parameters={
            "approval": fixed(149, "round"), "quota": fixed(3, "round"), "all": fixed(1.0),
        },
    )  # fmt: skip
    assert named_at(history(run), "base") == [(0, 0), (3, 10), (3, 7), (3, 4), (1, 1)]
    city = city_of(run)
    city.world.clock.process(city.part(Ladder).levels["base"].rounds(None))
    for process in (city.treasury.years(), *administrations(city.world, city.quotas)):
        city.world.clock.process(process)
    left = []
    for end in city.world.calendar.year_ends:
        city.world.clock.run_through(end)
        left.append(sum(city.part(Ladder).levels["base"].candidates_by_place()))
    assert left == [10, 7, 4, 1, 0]


def named_at(outcome: Outcome, level: str) -> list[tuple[int, int]]:
    """(named, applicants) of every round of a level."""
    return [
        (int(named), int(applicants))
        for entry in city_events(outcome.log, "named")
        if entry.entity == f"round {level}"
        for named, applicants in [re.findall(r"\d+", entry.detail)]
    ]


def unmet(run: Run, target: str) -> dict[str, int]:
    """Missing titles by reason."""
    return {
        stage.removeprefix("unmet:"): missing
        for _, name, stage, *_, missing in history(run).delays
        if name == target and stage.startswith("unmet:")
    }


# --------------------------------------------------------------------- step by step, by hand


def micro_city(directory: Path, **numbers: Any) -> tuple[City, Level, Level]:
    """The city of :func:`micro_ladder`, and its two levels."""
    city = city_of(micro_ladder(directory, **numbers))
    levels = city.part(Ladder).levels
    return city, levels["low"], levels["high"]


def test_who_may_apply_for_the_level_above(directory: Path) -> None:
    """Staffed, in a district that serves, a holder of the level below for long enough, and not
    named yet; all others learn that they were not eligible."""
    city = city_of(settings(micro_ladder(directory), {
        "plan.ladder.high.minimum_age_years": "year", "parameters.year": fixed(4.0),
    }))  # fmt: skip
    low, high = (city.part(Ladder).levels[name] for name in ("low", "high"))
    bases = city.part(Ladder).register
    young, old, unstaffed, named = low.holders[:4]
    low.holders = low.holders[:4]
    # Four years are 1 461 days.
    bases.named["low"][young], bases.named["low"][old] = 540, 539
    bases.staffed[unstaffed] = False
    bases.named["high"][named] = 5
    assert high._applicants(0, 2_000, low).tolist() == [old]
    reasons = [bases.reasons[base] for base in (young, old, unstaffed, named)]
    assert reasons == [ELIGIBILITY, NEXT_ROUND, ELIGIBILITY, ELIGIBILITY]


def test_a_round_names_up_to_its_quota_and_says_why_not_to_the_others(directory: Path) -> None:
    """One of six applicants was struck off in the meantime; two of the other five are named."""
    city, low, high = micro_city(directory)
    bases = city.part(Ladder).register
    applicants = low.holders[:6]
    bases.struck[applicants[0]] = True
    high._name(applicants, 2, 0, 700)
    assert len(high.holders) == 2
    assert set(high.holders.tolist()) < set(applicants[1:].tolist())
    assert bases.named["high"][high.holders].tolist() == [700, 700]
    assert bases.gone_up["low"][high.holders].all()
    assert np.count_nonzero(bases.gone_up["low"]) == 2
    others = [base for base in applicants[1:].tolist() if base not in high.holders]
    assert [bases.reasons[base] for base in others] == [ROUND_QUOTA] * 3
    assert high.lost == {"no_round": 0, "round_quota": 3, "panel": 0, "strike_off": 0}
    assert low.count("promoted_leave", 0) == 38
    assert low.count_promoted("promoted_leave") == 2
    assert low.count_promoted("promoted_count") == 0


def test_a_panel_that_turns_all_down_loses_no_more_than_applied(directory: Path) -> None:
    """Nobody is accepted: of a quota of two both places stay empty, of one of nine only the six
    for which somebody applied."""
    city, low, high = micro_city(directory, accepted=0.0)
    applicants = low.holders[:6]
    high._name(applicants, 2, 0, 700)
    assert high.lost["panel"] == 2
    high._name(applicants, 9, 1, 700)
    assert high.lost["panel"] == 2 + 6
    assert (city.part(Ladder).register.reasons[applicants] == PANEL).all()


def test_a_round_that_is_not_held_loses_its_quota(directory: Path) -> None:
    city, low, high = micro_city(directory)
    high._pass_over(low.holders[:6], 5)
    assert high.lost["no_round"] == 5
    reasons = city.part(Ladder).register.reasons
    assert np.flatnonzero(reasons == NO_ROUND).tolist() == low.holders[:6].tolist()


def test_every_round_has_its_own_quota_held_or_not(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three, five, seven, nine and eleven places; the assessments of the years before the third and
    the fourth round were missed, and with them 7 + 9 places."""
    city, low, high = micro_city(directory)
    monkeypatch.setattr(high, "_quotas", lambda rounds: [3, 5, 7, 9, 11][:rounds])
    city.world.missed |= {("naming", 1): "slipped", ("naming", 2): "no_money"}
    city.world.clock.process(high.rounds(low))
    city.world.clock.run_through(city.world.calendar.horizon)
    assert high.lost["no_round"] == 7 + 9
    assert len(high.holders) == 3 + 5 + 11


def test_titles_of_the_start_are_whole_ones(directory: Path) -> None:
    _, low, high = micro_city(directory, low={"baseline": 39.6})
    assert (len(low.holders), len(high.holders)) == (40, 0)


@pytest.mark.parametrize(("missed", "struck"), [(None, 4), (2, 4), (3, 0), (4, 4)])
def test_bases_are_assessed_unless_the_assessment_of_the_year_was_missed(
    directory: Path, missed: int | None, struck: int
) -> None:
    """In December 2019, the fourth year: a tenth of forty."""
    city, low, _ = micro_city(directory, delisting=0.1)
    if missed is not None:
        city.world.missed["naming", missed] = "slipped"
    city.world.clock.process(city.part(Ladder)._assessments())
    city.world.clock.run_through(city.world.calendar.horizon)
    assert low.lost["strike_off"] == struck
    assert len(low.holders) == 40 - struck


def test_hosts_are_asked_for_as_many_titles_are_missing_and_none_is_on_its_way(
    directory: Path,
) -> None:
    """Ten hosts were planned, four of them have opened, two of these have no title yet: eight are
    on their way. Nine titles are wanted and one is held. A half of all candidates is named in a
    round, and there are two to come, 2019 and 2020: eight titles need 8 / 0.75 hosts, eleven."""
    run = micro_run(
        directory,
        {"host": {"target": "bases", "unit_cost": 0, "feeds": "base"}},
        ladder={
            "base": {
                "name": LABEL, "target": "bases", "rounds": "yearly", "approval_days": "approval",
                "quota": "none", "applicants": "some", "acceptance": "some",
            }
        },
        targets={
            "bases": {
                "measure": "stock", "goal": 11, "baseline": 1,
                "measured_by": {"type": "ladder", "level": "base"},
            }
        },
        parameters={
            "approval": fixed(149, "round"), "none": fixed(0, "round"), "some": fixed(0.5**0.5),
        },
    )  # fmt: skip
    city = city_of(run)
    ladder, host = city.part(Ladder), city.programmes["host"]
    (line,) = city.quotas.lines_of["host"]
    city.quotas.titles_wanted["host"] = [9]
    host.enter(0, 4, staffed=False)
    for project in city.portfolio.projects["host"][:2]:
        ladder.levels["base"].present(project)
    assert host.planned == [10]
    ladder._replenish(host, 2)
    assert (line.quota, host.planned) == (13, [13])
    ladder._replenish(host, 2)
    assert line.quota == 13, "eleven are on their way"
    ladder._replenish(host, 4)
    assert line.quota == 13, "no round is to come"


def test_the_weakest_are_of_the_lowest_service_to_a_tenth(directory: Path) -> None:
    """Services of 0.84 and 0.76 are both 0.8: chance decides between these, but 0.74 is less."""
    run = micro_ladder(directory, delisting=0.25)
    places = [district(900_101 + i) for i in range(3)]
    run = settings(run, {"plan.districts": write_districts(directory, places)})
    city = city_of(run)
    low = city.part(Ladder).levels["low"]
    for purse, service in zip(city.envelopes.districts["facilities"], (0.84, 0.76, 0.74),
                              strict=True):  # fmt: skip
        purse.recent_service = deque([service])
    held = np.bincount(city.part(Ladder).register.places[low.holders]).tolist()
    assert sorted(held) == [13, 13, 14]
    for number in range(3):
        struck = low.weakest(number)
        assert (city.part(Ladder).register.places[struck] == 2).all()
        assert len(struck) == 10
    all_but_two = np.concatenate(
        [low.holders[city.part(Ladder).register.places[low.holders] == place] for place in (0, 1)]
    )
    low.holders = all_but_two
    struck = np.concatenate([low.weakest(number) for number in range(6)])
    assert set(city.part(Ladder).register.places[struck].tolist()) == {0, 1}


def test_hosts_are_missing_for_what_the_nearest_to_the_goal_lack(directory: Path) -> None:
    """Of the missing titles the first are those that went up, then candidates without a title,
    hosts that are not open, hosts never proposed, titles struck off, and those nobody planned."""
    run = micro_run(
        directory,
        {"host": {"target": "bases", "unit_cost": 0, "build_months": 1, "feeds": "base"}},
        ladder={
            "base": {
                "name": LABEL, "target": "bases", "rounds": "yearly", "approval_days": "approval",
                "quota": "none", "applicants": "all", "acceptance": "all",
            }
        },
        targets={
            "bases": {
                "measure": "stock", "goal": 6, "baseline": 2,
                "measured_by": {"type": "ladder", "level": "base"},
            }
        },
        parameters={
            "approval": fixed(149, "round"), "none": fixed(0, "round"), "all": fixed(1.0),
        },
    )  # fmt: skip
    city = city_of(run)
    ladder = city.part(Ladder)
    level = ladder.levels["base"]
    first, second, third, _ = city.portfolio.projects["host"]
    (line,) = city.quotas.lines_of["host"]
    line.limited_for = [-1, -1, 9, -1]
    for project in (first, second, third):
        line.waiting.remove(project)
    first.status, first.opened = OPEN, 30
    level.present(first)
    second.status, second.stage, second.days[MONEY] = CONTRACTED, BUILDING, 4
    third.status, third.stage, third.days[REVIEW] = WITHDRAWN, REVIEW, 4
    line.waiting.append(third)  # it waits again, and is unfinished
    ladder.register.gone_up["base"][level.holders[:1]] = True
    level.lost["strike_off"] = 1
    causes = [
        (-1, "unmet:promoted"), (0, "unmet:next_round"), (0, "money"), (0, "review"),
        (0, "unproposed:pace"), (-1, "unmet:strike_off"), (-1, "unmet:eligibility"),
    ]  # fmt: skip
    for missing in range(1, 8):
        assert ladder.untitled(level, "promoted_leave", missing) == dict.fromkeys(
            sorted(causes[:missing]), 1
        )
    more = ladder.untitled(level, "promoted_count", 9)
    assert more == dict.fromkeys(causes[1:6], 1) | {(-1, "unmet:eligibility"): 4}
