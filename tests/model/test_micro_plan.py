"""A whole history computed by hand: one district, three projects, every date and every yuan.

All parameters are fixed. Public money is 40 000 000 yuan in five years, social money 4 000 000, a
twentieth of it due each quarter. All quarters are alike, for the execution factor is 0.9 in all:

    city's own sources   2 000 000 x 0.75 x 0.9 = 1 350 000     facilities 0.8   governance 0.2
    the district's match 2 000 000 x 0.25 x 0.9 =   450 000
    social                 200 000 x 0.9        =   180 000

    facilities  1 080 000 of the city's money, 360 000 of match, 144 000 of social money
      capital pool of the city   0.25 x (1 080 000 + 360 000)     = 360 000
      district, public           1 080 000 - 360 000 + 360 000    = 1 080 000
      district, social           (none of it goes to the pool)      = 144 000
    governance  270 000 + 90 000 + 36 000, spent at once: nothing is simulated behind it

Prices rise by 2 % and wages by 5 % a year; half a price is due at contract; half of what is not
committed on 31 December is kept. There is one panel (10 days a file) and one crew.

*hall* (district, class 2, 1 000 000 yuan, 3 months, review, crew, 3 full-time posts)
    2016-01-15  proposed; first at the board, class 2 before class 3
    2016-01-25  reviewed; the purse is empty
    2016-02-20  first release: 1 224 000 come in, 500 000 go out; the crew is free
    2016-05-22  built: 3 months are 91.3125 days, so 92; 500 000 go out
    2017-01-31  staffed: 1 000 people have 0.002 x 1 000 = 2 training seats a year, so 2 persons
                are trained at the end of January 2016 and 2 more at the end of January 2017

*room* (district, class 3, 1 600 000 yuan, 6 months, no needs)
    2016-01-15  proposed, and claims 800 000 at once
    2016-02-20  724 000 are left after the hall: not enough, it waits for the next release
    2016-05-20  1 948 000 are there, 800 000 go out
    2016-11-19  built after 183 days (182.625); paid and open the same day

*museum* (capital pool, class 3, 4 800 000 yuan, 12 months, review)
    2016-01-15  proposed; the panel is busy with the hall until 25 January
    2016-02-04  reviewed; claims 2 400 000, but four releases bring 1 440 000
    2016-12-31  lapses; 720 000 of the 1 440 000 go back
    2017-01-15  second attempt, reviewed 2017-01-25; claims 2 448 000; 2 160 000 are there at most
    2017-12-31  lapses; 1 080 000 go back
    2018-01-15  third attempt, reviewed 2018-01-25; claims 2 496 960 = 4 800 000 x 1.0404 / 2
    2018-11-10  1 080 000 + 4 x 360 000 = 2 520 000 are there at last; 23 040 are left
    2019-11-11  built after 366 days (365.25); 1 463 040 are there, all of it committed
    2020-08-20  third release of 2020: 2 543 040; paid and open; 46 080 are left
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from sim.config.schema import Run
from sim.model.record import Outcome
from tests.eventlog import Story, city_events, spells, stories
from tests.factory import fixed, history, micro_run, values_of

START = dt.date(2016, 1, 1)
HALL = {
    "goal": 1, "priority_class": 2, "needs": ["review", "crew", "staff"],
    "unit_cost": 1_000_000, "build_months": 3, "running_cost": 120_000,
    "full_time_posts": 3, "part_time_posts": 1,
}  # fmt: skip
ROOM = {"goal": 1, "unit_cost": 1_600_000, "build_months": 6}
MUSEUM = {
    "goal": 1, "pool": "city", "place": "city", "quota_key": "city", "needs": ["review"],
    "unit_cost": 4_800_000, "build_months": 12, "running_cost": 40_000,
}  # fmt: skip


def micro(directory: Path) -> Run:
    return micro_run(
        directory,
        {"hall": HALL, "room": ROOM, "museum": MUSEUM},
        parameters={
            "execution_factor": fixed(0.9, "year"),
            "cost_inflation": fixed(0.02),
            "wage_growth": fixed(0.05),
            "programme_paid_share": fixed(0.5),
            "staff_pay": fixed(80_000),
            "training_seats_share": fixed(0.002),
            "candidates": fixed(1000.0),  # far more than there are seats, every month
        },
        groups={"facilities": 0.8, "governance": 0.2},
        budget={
            "public_total": 40_000_000,
            "social_total": 4_000_000,
            "source_shares": {"city": 0.75, "match": 0.25},
            "carry_over": 0.5,
        },
        allocation={"capital_share": 0.25},
        record="full",
    )


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return micro(tmp_path_factory.mktemp("micro"))


@pytest.fixture(scope="module")
def outcome(run: Run) -> Outcome:
    return history(run)


def dated(story: Story) -> list[tuple[str, str]]:
    return [((START + dt.timedelta(day)).isoformat(), event) for _, day, event, _ in story.events]


def test_every_date_of_the_hall(outcome: Outcome) -> None:
    assert dated(stories(outcome.log)["hall/900101/0"]) == [
        ("2016-01-15", "proposed"),
        ("2016-01-15", "review begun"),
        ("2016-01-25", "reviewed"),
        ("2016-02-20", "contracted"),
        ("2016-02-20", "crew arrived"),
        ("2016-05-22", "built"),
        ("2016-05-22", "completion paid"),
        ("2017-01-31", "staffed"),
        ("2017-01-31", "opened"),
    ]


def test_every_date_of_the_room(outcome: Outcome) -> None:
    assert dated(stories(outcome.log)["room/900101/0"]) == [
        ("2016-01-15", "proposed"),
        ("2016-05-20", "contracted"),
        ("2016-11-19", "built"),
        ("2016-11-19", "completion paid"),
        ("2016-11-19", "opened"),
    ]


def test_every_date_of_the_museum_and_its_three_attempts(outcome: Outcome) -> None:
    assert dated(stories(outcome.log)["museum/900000/0"]) == [
        ("2016-01-15", "proposed"),
        ("2016-01-25", "review begun"),
        ("2016-02-04", "reviewed"),
        ("2016-12-31", "withdrawn"),
        ("2017-01-15", "proposed"),
        ("2017-01-15", "review begun"),
        ("2017-01-25", "reviewed"),
        ("2017-12-31", "withdrawn"),
        ("2018-01-15", "proposed"),
        ("2018-01-15", "review begun"),
        ("2018-01-25", "reviewed"),
        ("2018-11-10", "contracted"),
        ("2019-11-11", "built"),
        ("2020-08-20", "completion paid"),
        ("2020-08-20", "opened"),
    ]


def test_prices_and_first_instalments(outcome: Outcome) -> None:
    told = stories(outcome.log)
    assert told["hall/900101/0"].details("proposed") == ["1000000"]
    assert told["room/900101/0"].details("contracted") == ["800000"]
    museum = told["museum/900000/0"]
    assert museum.details("proposed") == ["4800000", "4896000", "4993920"]
    assert museum.details("contracted") == ["2496960"]


def test_releases_and_claw_backs_of_every_year(outcome: Outcome) -> None:
    released = city_events(outcome.log, "released")
    assert [(START + dt.timedelta(e.day)).strftime("%m-%d") for e in released] == [
        "02-20", "05-20", "08-20", "11-10",
    ] * 5  # fmt: skip
    assert {entry.detail for entry in released} == {"1980000"}

    # Pool: half of 1 440 000, half of 2 160 000, twice nothing (all committed), half of 395 256.
    # District: see RETURNED_BY_DISTRICT.
    clawed = [(e.day, int(e.detail)) for e in city_events(outcome.log, "clawed back")]
    assert clawed == [
        (365, 720_000 + 860_000),
        (730, 1_080_000 + 2_465_800),
        (1095, 0 + 3_264_326),
        (1460, 0 + 3_659_033),
        (1826, 197_628 + 3_851_641),
    ]


# The hall is open from 2017 on: 120 000 yuan of running cost and 3 x 0.5 x 80 000 = 120 000 of pay
# a year at prices of 2016, each paid in quarters that are rounded to the yuan:
#   2017  30 600 and 31 500;  2018  31 212 and 33 075;  2019  31 836 (.24) and 34 729 (34 728.75);
#   2020  32 473 (32 472.96) and 36 465 (.19).
RUNNING = {1: 4 * 30_600, 2: 4 * 31_212, 3: 4 * 31_836, 4: 4 * 32_473}
PAY = {1: 4 * 31_500, 2: 4 * 33_075, 3: 4 * 34_729, 4: 4 * 36_465}

# Public money of the district at the year's end, of which half goes back:
#   2016  4 x 1 080 000 - 1 000 000 (hall) - 1 600 000 (room)   = 1 720 000
#   2017    860 000 + 4 320 000 - 122 400 - 126 000             = 4 931 600
#   2018  2 465 800 + 4 320 000 - 124 848 - 132 300             = 6 528 652
#   2019  3 264 326 + 4 320 000 - 127 344 - 138 916             = 7 318 066
#   2020  3 659 033 + 4 320 000 - 129 892 - 145 860             = 7 703 281, of which the half that
#         is kept, 3 851 640.5, is rounded to the even yuan
# Social money is touched only where public money runs out, which it never does.
RETURNED_BY_DISTRICT = {0: 860_000, 1: 2_465_800, 2: 3_264_326, 3: 3_659_033, 4: 3_851_641}

# The pool: returned 720 000 and 1 080 000; 2 496 960 at the contract of 2018 and at the completion
# of 2020; then a quarter's running cost, 40 000 x 1.02^4 / 4 = 10 824 (.32) on 10 November 2020.
# 46 080 + 360 000 - 10 824 = 395 256 are left, of which half goes back.
POOL = {
    0: {"returned": 720_000},
    1: {"returned": 1_080_000},
    2: {"contractors:facilities": 2_496_960},
    3: {},
    4: {
        "contractors:facilities": 2_496_960,
        "running_costs:facilities": 10_824,
        "returned": 197_628,
    },
}


def expected_ledger(year: int) -> dict[tuple[str, str], int]:
    district, pool = "district:facilities:public", "city:facilities:public"
    flows = {
        ("source:city", "treasury:city"): 4 * 1_350_000,
        ("source:match", "treasury:districts"): 4 * 450_000,
        ("source:social", "treasury:social"): 4 * 180_000,
        ("treasury:city", pool): 4 * 360_000,
        ("treasury:city", district): 4 * 720_000,
        ("treasury:districts", district): 4 * 360_000,
        ("treasury:social", "district:facilities:social"): 4 * 144_000,
        ("treasury:city", "city:governance:public"): 4 * 270_000,
        ("treasury:districts", "city:governance:public"): 4 * 90_000,
        ("treasury:social", "city:governance:social"): 4 * 36_000,
        ("city:governance:public", "programme_spending:governance"): 4 * 360_000,
        ("city:governance:social", "programme_spending:governance"): 4 * 36_000,
        (district, "returned"): RETURNED_BY_DISTRICT[year],
    }
    if year == 0:
        flows[district, "contractors:facilities"] = 1_000_000 + 1_600_000
    else:
        flows[district, "running_costs:facilities"] = RUNNING[year]
        flows[district, "staff_pay:facilities"] = PAY[year]
    return flows | {(pool, payee): yuan for payee, yuan in POOL[year].items()}


@pytest.mark.parametrize("year", range(5))
def test_every_yuan_of_the_year(outcome: Outcome, year: int) -> None:
    flows = [row for row in outcome.ledger.rows() if row[0] == year]
    booked = {(payer, payee): yuan for _, payer, payee, yuan, _ in flows}
    assert len(booked) == len(flows)
    assert {place for *ends, _, place in flows if "district:facilities" in str(ends)} == {0}
    assert {place for *ends, _, place in flows if "district:facilities" not in str(ends)} == {-1}
    assert booked == expected_ledger(year)


def test_delay_ledger_to_the_day(outcome: Outcome) -> None:
    days = {(programme, stage): n for _, programme, stage, n, *_ in outcome.delays}
    assert days == {
        ("hall", "review"): 10,
        ("hall", "money"): 26,  # 25 January to 20 February
        ("hall", "crew"): 0,
        ("hall", "building"): 92,
        ("hall", "staff"): 254,  # 22 May to 31 January
        ("room", "money"): 126,  # 15 January to 20 May
        ("room", "building"): 183,
        # 4 February to 31 December 2016, 25 January to 31 December 2017, 25 January to 10 November
        # 2018, 11 November 2019 to 20 August 2020
        ("museum", "money"): 331 + 340 + 289 + 283,
        ("museum", "review"): 20 + 10 + 10,
        ("museum", "building"): 366,
        ("museum", "calendar"): 15 + 15,
    }


def test_building_as_long_as_the_mode_is_no_excess(outcome: Outcome) -> None:
    excess = {(p, s): n for _, p, s, _, n, *_ in outcome.delays if s == "building"}
    assert set(excess.values()) == {0}


def test_the_delay_parts_of_every_project_sum_to_its_total(run: Run, outcome: Outcome) -> None:
    told = stories(outcome.log).values()
    assert told
    for story in told:
        parts = spells(run, story)
        total = story.day("opened") - story.days("proposed")[0]
        assert sum(end - begin for _, begin, end in parts) == total


def test_targets_are_first_attained_on_the_day_of_opening(run: Run, outcome: Outcome) -> None:
    assert values_of(run, outcome) == {"hall": 1.0, "room": 1.0, "museum": 1.0}
    assert outcome.attained.all()
    dates = [(START + dt.timedelta(int(day))).isoformat() for day in outcome.first_attained]
    assert dates == ["2017-01-31", "2016-11-19", "2020-08-20"]


def test_backfill_changes_nothing_where_nothing_is_overtaken(run: Run, outcome: Outcome) -> None:
    other = history(
        run.model_copy(update={"budget": run.budget.model_copy(update={"queue": "backfill"})})
    )
    assert other.log == outcome.log
    assert other.ledger.rows() == outcome.ledger.rows()


def test_a_strict_claim_blocks_the_smaller_one_behind_it_and_backfill_lets_it_pass(
    directory: Path,
) -> None:
    """900 000 yuan a quarter; a claim of 1 500 000 (class 2) before one of 400 000 (class 3).

    Strict: the first waits for the second release (1 800 000), which leaves 300 000; the other
    one waits for the third. Backfill: the smaller one passes at the first release (500 000 left),
    and the larger one finds 1 400 000 at the second and waits for the third.
    """
    programmes = {
        "large": {"goal": 1, "priority_class": 2, "unit_cost": 3_000_000, "build_months": 50},
        "small": {"goal": 1, "priority_class": 3, "unit_cost": 800_000, "build_months": 50},
    }
    contracted = {}
    for queue in ("strict", "backfill"):
        run = micro_run(directory, programmes, budget={"public_total": 18_000_000, "queue": queue})
        told = stories(history(run).log)
        contracted[queue] = {
            name: (START + dt.timedelta(told[f"{name}/900101/0"].day("contracted"))).isoformat()
            for name in programmes
        }
    assert contracted == {
        "strict": {"large": "2016-05-20", "small": "2016-08-20"},
        "backfill": {"large": "2016-08-20", "small": "2016-02-20"},
    }


@pytest.mark.parametrize("queue", ["strict", "backfill"])
def test_a_waiting_completion_payment_is_never_passed(directory: Path, queue: str) -> None:
    """900 000 yuan a quarter.

    Large (3 400 000, in instalments of 0.25 and 0.75): 850 000 on 20 February; built on 22 March
    (31 days), it claims 2 550 000. Small (class 9, new in the plan) claims 25 000 on 1 June. By
    then 50 000 + 900 000 are there, on 20 August 1 850 000, on 10 November 2 750 000: only then is
    the completion paid, and from the 200 000 that are left the small project, not a day earlier.
    """
    run = micro_run(
        directory,
        {
            "large": {"goal": 1, "unit_cost": 3_400_000, "build_months": 1},
            "small": {
                "goal": 1, "unit_cost": 100_000, "build_months": 1,
                "priority_class": 9, "running": False,
            },
        },
        budget={"public_total": 18_000_000, "queue": queue, "first_instalment": 0.25},
    )  # fmt: skip
    told = stories(history(run).log)
    assert dated(told["large/900101/0"])[1:4] == [
        ("2016-02-20", "contracted"),
        ("2016-03-22", "built"),
        ("2016-11-10", "completion paid"),
    ]
    assert dated(told["small/900101/0"])[:2] == [
        ("2016-06-01", "proposed"),
        ("2016-11-10", "contracted"),
    ]
