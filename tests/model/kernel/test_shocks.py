"""Shocks take away what they say, from the day they say, where they say, and nothing before."""

from __future__ import annotations

import datetime as dt
import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as budget_of
from hypothesis import strategies as st

from sim.config.schema import Run, Shock
from sim.edge import compose
from sim.model.city import City
from sim.model.kernel.calendar import Calendar
from sim.model.kernel.facts import Fact
from sim.model.kernel.shocks import Shocks
from sim.model.kernel.streams import Streams
from sim.model.works.project import CALENDAR, CONTRACTED
from sim.plan.plan import Plan
from sim.study.worker import Worker
from tests.factory import Json, city_of, district, fixed, history, micro_run, settings, values_of
from tests.tolerance import assert_mean

START = dt.date(2016, 1, 1)


def shock(kind: str, start: str, end: str, size: float, **scope: list[str]) -> Json:
    return {"kind": kind, "start": start, "end": end, "size": size, **scope}


def day(text: str) -> int:
    return (dt.date.fromisoformat(text) - START).days


@pytest.fixture
def calendar(real_run: Run) -> Calendar:
    return Calendar(Plan.of(real_run).spec)


# ---------------------------------------------------------------------------------- as numbers


def halts(data: st.DataObject) -> list[Shock]:
    drawn = data.draw(
        st.lists(
            st.tuples(
                st.integers(0, 60), st.integers(0, 30), st.sampled_from([0.3, 0.5, 0.8, 0.9, 1.0])
            ),
            max_size=3,
        )
    )
    return [
        Shock(
            kind="construction_halt",
            start=START + dt.timedelta(days=first),
            end=START + dt.timedelta(days=first + length),
            size=size,
        )
        for first, length, size in drawn
    ]


@budget_of(max_examples=200)
@given(data=st.data())
def test_building_ends_when_the_days_of_work_are_done(real_run: Run, data: st.DataObject) -> None:
    """Against an exact count day by day: each day adds the share of work that the halts leave."""
    calendar = Calendar(real_run.plan)
    given_halts = halts(data)
    shocks = Shocks(given_halts, calendar, ["z"])
    start, work = data.draw(st.integers(0, 70)), data.draw(st.integers(1, 60))
    done, today = Fraction(0), start
    while done < work:
        today += 1
        date = START + dt.timedelta(days=today)
        on = [halt for halt in given_halts if halt.start <= date <= halt.end]
        done += math.prod((1 - Fraction(str(halt.size)) for halt in on), start=Fraction(1))
    assert shocks.finished(start, work, 0, "facilities") == today


def test_no_work_takes_no_time_whatever_halts(calendar: Calendar) -> None:
    halt = Shock.model_validate(shock("construction_halt", "2016-02-01", "2016-03-31", 1.0))
    assert Shocks([halt], calendar, ["z"]).finished(day("2016-02-10"), 0, 0, "f") == 40


def test_shocks_at_once_multiply_what_they_leave(calendar: Calendar) -> None:
    shocks = Shocks(
        [
            Shock.model_validate(shock("closure", "2016-02-01", "2016-02-29", 0.5)),
            Shock.model_validate(shock("closure", "2016-02-10", "2016-03-10", 0.2, zones=["a"])),
        ],
        calendar,
        ["a", "b"],
    )
    expected = {
        "2016-01-31": (1.0, 1.0),
        "2016-02-01": (0.5, 0.5),
        "2016-02-10": (0.4, 0.5),
        "2016-02-29": (0.4, 0.5),
        "2016-03-01": (0.8, 1.0),
        "2016-03-11": (1.0, 1.0),
    }
    for date, left in expected.items():
        assert shocks.left_by_place("closure", day(date), "facilities") == pytest.approx(left)
    assert shocks.left("closure", day("2016-03-01"), None, None) == 1.0, "not the whole city"


def test_doors_stay_shut_through_closures_that_follow_one_another(calendar: Calendar) -> None:
    closures = [("2016-02-01", "2016-02-29", 1.0), ("2016-03-01", "2016-03-15", 1.0)]
    half = ("2016-03-16", "2016-04-30", 0.5)
    shocks = Shocks(
        [Shock.model_validate(shock("closure", *c)) for c in (*closures, half)], calendar, ["z"]
    )
    assert shocks.reopening(day("2016-02-10"), 0, "facilities") == day("2016-03-16")
    assert shocks.reopening(day("2016-01-31"), 0, "facilities") == day("2016-01-31")


def test_groups_that_are_not_named_are_not_concerned(calendar: Calendar) -> None:
    cut = shock("budget_cut", "2016-02-01", "2016-12-31", 0.5, groups=["staff"])
    shocks = Shocks([Shock.model_validate(cut)], calendar, ["z"])
    assert shocks.left("budget_cut", 40, 0, "staff") == 0.5
    assert shocks.left("budget_cut", 40, 0, "facilities") == 1.0


# ------------------------------------------------------------------------------ in a small plan


ROOMS = {"goal": 4, "unit_cost": 1_000_000, "build_months": 6}


def opened(run: Run) -> list[int]:
    return [entry.day for entry in history(run).log or [] if entry.event == "opened"]


def small(directory: Path, *shocks: Json, room: Json | None = None, **more: Any) -> Run:
    return micro_run(directory, {"room": ROOMS | (room or {})}, shocks=list(shocks), **more)


def flows(run: Run) -> dict[tuple[str, str], int]:
    totals: dict[tuple[str, str], int] = {}
    for _, payer, payee, yuan in history(run, trace=False).ledger.of_all_places():
        totals[payer, payee] = totals.get((payer, payee), 0) + yuan
    return totals


def test_a_halt_of_forty_days_delays_what_is_being_built_by_forty_days(directory: Path) -> None:
    """The first money comes on 20 February 2016; six months later the rooms are built.

    Only what building crews work on stands still.
    """
    halt = shock("construction_halt", "2016-05-01", "2016-06-09", 1.0)  # both ends included
    crews: Json = {"room": {"needs": ["crew"]}, "parameters": {"crews_z": fixed(4)}}
    usual = opened(small(directory, **crews))
    delays = [b - a for a, b in zip(usual, opened(small(directory, halt, **crews)), strict=True)]
    assert delays == [40 if a < day("2017-01-01") else 0 for a in usual]
    assert 40 in delays
    assert opened(small(directory, halt)) == opened(small(directory))


def test_a_shock_is_told_of_on_its_first_day_and_on_the_day_after_its_last(directory: Path) -> None:
    halt = shock("construction_halt", "2016-05-01", "2016-06-09", 1.0)
    log = history(small(directory, halt)).log or []
    told = [(entry.event, entry.day) for entry in log if entry.entity.startswith("shock ")]
    assert told == [("began", day("2016-05-01")), ("ended", day("2016-06-10"))]


def test_a_closure_delays_openings_to_its_end(directory: Path) -> None:
    """Of what has doors: nobody visits a course or a training base."""
    usual = opened(small(directory))
    first = START + dt.timedelta(days=usual[0])
    closure = shock("closure", first.isoformat(), "2016-12-24", 1.0)
    assert opened(small(directory, closure, room={"visits": 100}))[0] == day("2016-12-25")
    assert opened(small(directory, closure)) == usual


def test_what_is_built_and_may_not_open_waits_for_the_calendar(directory: Path) -> None:
    """All is paid, nobody is missing: not the money but the closure keeps the doors shut."""
    first = START + dt.timedelta(days=opened(small(directory))[0])
    closure = shock("closure", first.isoformat(), "2020-12-31", 1.0)
    city = city_of(small(directory, closure, room={"visits": 100}))
    city.run()
    built = [own for own in city.portfolio.projects["room"] if own.status == CONTRACTED]
    assert built
    assert {own.stage for own in built} == {CALENDAR}


def test_a_cut_withholds_its_share_of_public_money_and_no_other(directory: Path) -> None:
    """2 000 000 a quarter: half of four quarters of 2018 is withheld; social money is not."""
    run = small(
        directory,
        shock("budget_cut", "2018-01-01", "2018-12-31", 0.5),
        budget={"social_total": 4_000_000},
    )
    totals = flows(run)
    assert sum(y for (_, payee), y in totals.items() if payee == "withheld") == 4_000_000
    assert {payer for payer, payee in totals if payee == "withheld"} == {"treasury:city"}


def test_a_cut_spares_no_group_of_which_nothing_is_simulated(directory: Path) -> None:
    run = small(
        directory,
        shock("budget_cut", "2018-01-01", "2018-12-31", 1.0),
        groups={"facilities": 0.5, "idle": 0.5},
    )
    withheld = [
        (y, yuan)
        for y, _, payee, yuan in history(run).ledger.of_all_places()
        if payee == "withheld"
    ]
    assert {year for year, _ in withheld} == {2}
    assert sum(yuan for _, yuan in withheld) == 8_000_000
    spent = {
        y: yuan
        for y, _, payee, yuan in history(run).ledger.of_all_places()
        if "spending:idle" in payee
    }
    assert spent == dict.fromkeys((0, 1, 3, 4), 4000000)


def test_a_cut_of_one_zone_leaves_the_other_alone(directory: Path) -> None:
    districts = [district(900101, zone="a"), district(900102, zone="b")]
    run = small(
        directory,
        shock("budget_cut", "2016-01-01", "2020-12-31", 1.0, zones=["a"]),
        districts=districts,
        record="full",
    )
    got = [0, 0]
    for _, payer, _, yuan, place in history(run, trace=False).ledger.rows():
        if payer == "treasury:city" and place >= 0:
            got[place] += yuan
    assert got == [0, 20_000_000]


def test_a_late_release_reaches_the_purse_late(directory: Path) -> None:
    """The contracts that the first release pays for come thirty days later."""
    late = small(directory, shock("release_delay", "2016-02-01", "2016-02-28", 30))
    contracts = [
        next(e.day for e in history(run).log or [] if e.event == "contracted")
        for run in (small(directory), late)
    ]
    assert contracts[1] - contracts[0] == 30


def test_a_release_is_late_in_the_zone_that_a_shock_names(directory: Path) -> None:
    """Two districts, four rooms each: the neighbours of the zone get their money as usual."""
    run = small(
        directory,
        shock("release_delay", "2016-02-01", "2016-02-28", 30, zones=["a"]),
        room={"goal": 8},
        districts=[district(900101, zone="a"), district(900102, zone="b")],
    )
    first = {
        place: min(
            e.day for e in history(run).log or [] if e.event == "contracted" and e.place == place
        )
        for place in ("900101", "900102")
    }
    assert first == {"900101": day("2016-03-21"), "900102": day("2016-02-20")}


def test_delays_split_a_release_and_lose_nothing_of_it(directory: Path) -> None:
    """The longest of the delays that concern a place counts; what is too late goes back."""
    shocks = [
        shock("release_delay", "2020-11-01", "2020-11-30", 20),
        shock("release_delay", "2020-11-01", "2020-11-30", 90, zones=["a"]),
    ]
    districts = [district(900101, zone="a"), district(900102, zone="b")]
    run = small(directory, *shocks, districts=districts, allocation={
        "city_shares": {"facilities": 0.5}, "capital_share": 0.5})  # fmt: skip
    late = [e for e in history(run).log or [] if e.event == "received late"]
    assert [(e.day, e.detail) for e in late] == [(day("2020-11-30"), "1500000")]
    assert flows(run)["treasury:city", "returned"] == 500_000


def test_late_money_is_booked_in_the_year_in_which_it_comes(directory: Path) -> None:
    """As late as 1 January, before the division of the new year is even known."""
    release = dt.date(2016, 11, 10)  # 2 million yuan, a quarter of the year's money
    for comes, booked in ((dt.date(2016, 12, 31), [8, 8]), (dt.date(2017, 1, 1), [6, 10])):
        late = (comes - release).days
        run = small(directory, shock("release_delay", str(release), str(release), late))
        arrived = [
            (year, yuan) for year, *ends, yuan in history(run, trace=False).ledger.of_all_places()
            if ends == ["treasury:city", "district:facilities:public"] and year < 2
        ]  # fmt: skip
        assert arrived == [(year, yuan * 1_000_000) for year, yuan in enumerate(booked)]


def test_money_that_would_come_after_the_end_is_returned(directory: Path) -> None:
    run = small(directory, shock("release_delay", "2020-11-01", "2020-11-30", 90))
    assert flows(run)["treasury:city", "returned"] == 2_000_000


@pytest.mark.parametrize(("late", "returned"), [(51, 0), (52, 2_000_000)])
def test_late_money_may_still_come_on_the_last_day(
    directory: Path, late: int, returned: int
) -> None:
    """From 10 November to 31 December are 51 days."""
    run = small(directory, shock("release_delay", "2020-11-01", "2020-11-30", late))
    assert flows(run).get(("treasury:city", "returned"), 0) == returned


@pytest.mark.parametrize(("end", "told"), [("2020-12-30", ["began", "ended"]),
                                           ("2020-12-31", ["began"])])  # fmt: skip
def test_the_end_of_a_shock_is_told_if_the_plan_sees_it(
    directory: Path, end: str, told: list[str]
) -> None:
    log = history(small(directory, shock("closure", "2020-06-01", end, 0.5))).log or []
    assert [entry.event for entry in log if entry.entity.startswith("shock ")] == told


def test_of_shocks_that_meet_the_old_one_ends_before_the_new_one_begins(directory: Path) -> None:
    """And those of one day are told in the order of the scenario."""
    given_shocks = [
        shock("closure", "2016-06-01", "2016-06-30", 0.5),
        shock("budget_cut", "2016-05-01", "2016-05-31", 0.5),
        shock("budget_cut", "2016-06-01", "2016-06-30", 0.5),
    ]
    run = small(directory, *given_shocks)
    city = City(
        (worker := Worker(run)).plan, worker.scenario, worker.draw(0), Streams(1, 0),
        worker.layout, trace=True,
    )  # fmt: skip
    city.world.clock.process(city.world.shocks_in_time())
    city.world.clock.run_through(day("2016-06-30"))
    told = [(fact.day, fact.event, fact.entity) for fact in city.world._facts]
    assert told == [
        (day("2016-05-01"), "began", "shock budget_cut"),
        (day("2016-06-01"), "ended", "shock budget_cut"),
        (day("2016-06-01"), "began", "shock closure"),
        (day("2016-06-01"), "began", "shock budget_cut"),
    ]


def test_nobody_new_is_hired_under_a_full_freeze(real_run: Run) -> None:
    """Without attrition the trained people of the start are all there will ever be."""
    still = {
        "parameters.attrition": fixed(0.0),
        "parameters.conversion_rate": fixed(0.2),
        "parameters.candidates": fixed(0.2),
    }
    frozen = [shock("hiring_freeze", "2016-01-01", "2020-12-31", 1.0)]
    totals = {}
    for name, shocks in (("free", []), ("frozen", frozen)):
        worker = Worker(settings(real_run, {**still, "shocks": shocks}))
        draw, streams = worker.draw(0), Streams(2016, 0)
        city = City(worker.plan, worker.scenario, draw, streams, worker.layout)
        before = float(city.people.full_time.sum() + city.people.free.sum())
        city.run()
        totals[name] = float(city.people.full_time.sum() + city.people.free.sum()) - before
    assert totals["frozen"] == 0.0
    assert totals["free"] > 100.0


@pytest.mark.parametrize("size", [0.2, 0.5, 0.9])
def test_a_partial_freeze_takes_its_share_of_small_numbers_too(
    directory: Path, size: float, seed: int
) -> None:
    """One conversion a month or less in each district: rounding must not decide which are left."""
    districts = [district(900101 + i, population=2_000) for i in range(10)]  # 20 persons each

    def converted(*shocks: Json) -> list[float]:
        run = micro_run(
            directory,
            {"idle": {"goal": 1, "unit_cost": 10**9}},
            districts=districts,
            targets={
                "staff": {
                    "measure": "stock", "goal": 10**6, "definition": "full_time_staff",
                    "measured_by": {"type": "staff", "count": "persons"},
                }
            },
            parameters={"conversion_rate": fixed(0.1)},
            shocks=list(shocks),
            seed=seed,
        )  # fmt: skip
        values = (values_of(run, history(run, r, trace=False)) for r in range(60))
        return [own["staff:strict"] - 200.0 for own in values]

    monthly = 1.0 - 0.9 ** (1.0 / 12.0)
    left = 200.0 * (1.0 - monthly * (1.0 - size)) ** 60
    freeze = shock("hiring_freeze", "2016-01-01", "2020-12-31", size)
    assert_mean(np.array(converted(freeze)), 200.0 - left, f"converted under a freeze of {size}")


def test_a_freeze_counts_by_the_days_of_a_month(calendar: Calendar) -> None:
    """Half of June, wherever in the month, is half of its recruits."""
    for start, end in (("2017-06-01", "2017-06-15"), ("2017-06-16", "2017-06-30")):
        shocks = Shocks(
            [Shock.model_validate(shock("hiring_freeze", start, end, 1.0))], calendar, ["z"]
        )
        june = day("2017-06-01"), day("2017-06-30")
        assert shocks.mean_left_by_place("hiring_freeze", *june, None) == pytest.approx([0.5])


def test_a_freeze_that_ends_within_a_month_is_felt(real_run: Run) -> None:
    freeze = [shock("hiring_freeze", "2017-07-01", "2017-07-30", 1.0)]
    usual, hit = (
        history(run, trace=False) for run in (real_run, settings(real_run, {"shocks": freeze}))
    )
    assert not np.array_equal(usual.city_series, hit.city_series, equal_nan=True)


# ------------------------------------------------------------------------------ in the real plan


def before(log: list[Fact] | None, date: str) -> list[Fact]:
    assert log is not None
    return [entry for entry in log if entry.day < day(date)]


@pytest.mark.parametrize(
    ("kind", "size"),
    [
        ("budget_cut", 0.5),
        ("closure", 1.0),
        ("construction_halt", 1.0),
        ("hiring_freeze", 1.0),
        ("release_delay", 45),
    ],
)
@pytest.mark.parametrize("date", ["2017-03-01", "2018-08-20"])
def test_nothing_differs_before_a_shock_begins(
    real_run: Run, kind: str, size: float, date: str
) -> None:
    """Nobody sees it coming: the event logs are identical up to the day, and differ after it."""
    hit = settings(real_run, {"shocks": [shock(kind, date, "2019-12-31", size)]})
    one, other = history(real_run, 2).log, history(hit, 2).log
    assert before(one, date) == before(other, date)
    quiet = [entry for entry in other or [] if not entry.entity.startswith("shock ")]
    assert one != quiet, "a shock that changes nothing tests nothing"


@pytest.mark.parametrize(
    "name",
    ["epidemic_2020", "mid_term_cut", "late_release", "contractor_shortage", "frozen_hiring"],
)
def test_every_preset_of_shocks_does_something(real_run: Run, name: str) -> None:
    run = Run.model_validate(compose([f"scenario={name}"]))
    assert run.scenario.name == name
    assert run.shocks
    usual, hit = history(real_run, trace=False), history(run, trace=False)
    assert not np.array_equal(usual.city_series, hit.city_series, equal_nan=True)


# ------------------------------------------------------------------------------ money that is late


def test_of_two_delays_at_once_the_longer_one_holds(directory: Path) -> None:
    """They run side by side: the release of 20 February comes on the 60th day after, 20 April."""
    late = [shock("release_delay", "2016-02-01", "2016-03-31", size) for size in (30.0, 60.0)]
    calendar = Calendar(small(directory).plan)
    shocks = Shocks([Shock.model_validate(own) for own in late], calendar, ["z"])
    release = day("2016-02-20")
    assert shocks.days_late(release, 0, "facilities") == 60
    assert shocks.days_late(release, None, "facilities") == 60
    assert shocks.days_late(day("2016-05-20"), 0, "facilities") == 0


@pytest.mark.parametrize(
    ("date", "expected"),
    [("2016-01-31", 1.0), ("2016-02-01", 0.5), ("2016-03-31", 0.5), ("2016-04-01", 1.0)],
)
def test_a_shock_lasts_from_its_first_day_to_its_last(
    calendar: Calendar, date: str, expected: float
) -> None:
    cut = Shock.model_validate(shock("budget_cut", "2016-02-01", "2016-03-31", 0.5))
    shocks = Shocks([cut], calendar, ["z"])
    assert shocks.left("budget_cut", day(date), None, None) == expected
    late = Shock.model_validate(shock("release_delay", "2016-02-01", "2016-03-31", 9.0))
    expected_days = 9 if expected < 1.0 else 0
    assert Shocks([late], calendar, ["z"]).days_late(day(date), 0, "g") == expected_days
