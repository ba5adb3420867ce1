"""How quotas become proposals: margin, keys, pace, classes, windows and the money in sight."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.config.schema import Run
from sim.model.record import Outcome
from sim.model.works.planning import PACE, administrations
from sim.model.works.programme import cohorts, required_units
from sim.model.works.project import OPEN
from tests.eventlog import stories
from tests.factory import (
    LABEL,
    city_of,
    district,
    fixed,
    history,
    layout_of,
    micro_run,
    parameter,
    settings,
)

START = dt.date(2016, 1, 1)
ROOM = {"goal": 10, "unit_cost": 1_000, "build_months": 1}


def proposals(outcome: Outcome, year: int | None = None) -> dict[str, int]:
    """First proposals by programme, of one year or of all."""
    counts: dict[str, int] = {}
    for story in stories(outcome.log).values():
        day = START + dt.timedelta(story.days("proposed")[0])
        if year in (None, day.year):
            counts[story.programme] = counts.get(story.programme, 0) + 1
    return counts


def unproposed(outcome: Outcome) -> dict[str, int]:
    """Units never proposed, by limit."""
    counts: dict[str, int] = {}
    for _, _, stage, *_, missing in outcome.delays:
        if stage.startswith("unproposed:"):
            limit = stage.removeprefix("unproposed:")
            counts[limit] = counts.get(limit, 0) + missing
    return counts


# ---------------------------------------------------------------------------------------- quotas


@pytest.mark.parametrize(
    ("goal", "comparator", "baseline", "margin", "units"),
    [
        (100, ">=", 0, 0.0, 100),
        (100, ">=", 0, 0.05, 105),
        (300, ">=", 0, 0.05, 315),  # and not 316 by a rounding error
        (3, ">=", 0, 0.05, 4),  # 3.15 rounded up
        (200, ">", 113, 0.0, 88),  # 201 are needed
        (200, ">", 113, 0.05, 93),  # 92.4
        (20, ">=", 20, 0.5, 0),
        (20, ">=", 30, 0.5, 0),
        (20, ">", 20, 0.0, 1),
    ],
)
def test_a_quota_is_the_gap_with_a_margin_rounded_up(
    goal: float, comparator: str, baseline: float, margin: float, units: int
) -> None:
    assert required_units(goal, comparator, baseline, margin) == units


@given(st.integers(0, 500), st.integers(1, 40))
def test_cohorts_hold_every_unit(units: int, size: int) -> None:
    parts = cohorts(units, size)
    assert sum(parts) == units
    assert all(part == size for part in parts[:-1])
    assert not parts or 1 <= parts[-1] <= size


def test_quotas_are_spread_by_their_key(directory: Path) -> None:
    """11 units by 3 : 1: exact 8.25 and 2.75, so 8 and 3."""
    places = [
        district(900_101, population=300_000, villages=10),
        district(900_102, population=100_000, villages=30),
    ]
    keys = {"population": [8, 3], "villages": [3, 8], "one_each": [1, 1]}
    for key, expected in keys.items():
        run = micro_run(
            directory, {"room": ROOM | {"goal": 11, "quota_key": key}}, districts=places
        )
        here = [story.place for story in stories(history(run).log).values()]
        assert [here.count("900101"), here.count("900102")] == expected


def test_no_place_gets_more_than_it_can_take(directory: Path) -> None:
    """By communities, 60 % of which are covered: each has room for two fifths of its own."""
    targets = {
        "covered": {
            "measure": "stock", "goal": 100.0, "baseline": 60.0, "definition": "urban_community",
            "measured_by": {"type": "coverage", "universe": "urban_communities"},
        }
    }  # fmt: skip
    programme = {
        "target": "covered", "quota_key": "urban_communities", "covers": "urban_communities",
        "unit_cost": 1,
    }  # fmt: skip
    places = [district(900_101, narrow=50), district(900_102, narrow=100)]
    run = micro_run(
        directory, {"room": programme}, districts=places, targets=targets, planning={"margin": 1.0}
    )
    here = [story.place for story in stories(history(run).log).values()]
    assert [here.count("900101"), here.count("900102")] == [20, 40]


# ------------------------------------------------------------------------------- pace and windows


def test_the_pace_bounds_what_is_proposed_in_a_year(directory: Path) -> None:
    """ceil(10 x 0.35) = 4 a year: 4, 4, 2."""
    outcome = history(micro_run(directory, {"room": ROOM}, planning={"pace": 0.35}))
    assert [proposals(outcome, y).get("room", 0) for y in range(2016, 2021)] == [4, 4, 2, 0, 0]


def test_what_the_pace_leaves_over_is_named_so(directory: Path) -> None:
    """One a year of ten: five are never proposed."""
    outcome = history(micro_run(directory, {"room": ROOM}, planning={"pace": 0.1}))
    assert unproposed(outcome) == {"pace": 5}


@pytest.mark.parametrize(("running", "first"), [(True, "2016-01-15"), (False, "2016-06-01")])
def test_new_programmes_begin_with_the_extra_window(
    directory: Path, running: bool, first: str
) -> None:
    outcome = history(
        micro_run(directory, {"room": ROOM | {"running": running}}, planning={"pace": 0.2})
    )
    days = sorted({story.days("proposed")[0] for story in stories(outcome.log).values()})
    dates = [(START + dt.timedelta(day)).isoformat() for day in days]
    assert dates == [first, "2017-01-15", "2018-01-15", "2019-01-15", "2020-01-15"]


def test_waiting_for_the_first_window_is_named_where_nothing_else_binds(directory: Path) -> None:
    """New programmes may begin on the last day only. Seven of ten are then stopped by the pace,
    which is named; for the three that are proposed and lapse that day nothing else ever bound."""
    run = micro_run(
        directory,
        {"room": ROOM | {"running": False}},
        calendar={"first_window": "2020-12-31"},
        planning={"pace": 0.3},
    )
    outcome = history(run)
    assert proposals(outcome) == {"room": 3}
    assert unproposed(outcome) == {"pace": 7, "not_yet_allowed": 3}


# --------------------------------------------------------------------------------- money in sight


def test_proposals_stop_where_the_money_in_sight_ends(directory: Path) -> None:
    """8 000 000 a year, expected in full, times 1.5: twelve of 1 000 000 in January 2016.

    Half of each is due at contract: 2 + 2 + 2 + 2 million pay twelve times 500 000 and leave two
    for completions in the same year; the rest of the story is that of later years.
    """
    run = micro_run(
        directory,
        {"hall": {"goal": 50, "unit_cost": 1_000_000, "build_months": 40}},
        planning={"overcommitment": 1.5},
    )
    assert proposals(history(run), 2016) == {"hall": 12}


def test_planners_expect_the_mean_execution_and_mean_cost(directory: Path) -> None:
    """Expected: 0.5 x 8 000 000 x 1.5 = 6 000 000, at a mean cost of 1 200 000: five halls.

    What is drawn for this replication is not known to them.
    """
    run = micro_run(
        directory,
        {"hall": {"goal": 50, "unit_cost": 1_000_000, "build_months": 40}},
        planning={"overcommitment": 1.5},
        parameters={
            "execution_factor": parameter("uniform", low=0.2, high=0.8, varies="year"),
            "project_cost_factor": parameter("uniform", low=0.4, high=2.0, varies="project"),
        },
    )
    counts = {proposals(history(run, replication), 2016)["hall"] for replication in range(8)}
    assert counts == {5}


def test_unpaid_instalments_are_not_in_sight(directory: Path) -> None:
    """10 000 000 are contracted in 2016 and half of them paid; the building goes on for years.

    January 2017: 8 000 000 - 5 000 000 in the purse, 8 000 000 to come, 5 000 000 unpaid: 6.
    """
    run = micro_run(
        directory,
        {"hall": {"goal": 50, "unit_cost": 1_000_000, "build_months": 50}},
        planning={"overcommitment": 1.25, "pace": 0.2},
    )
    # With overcommitment: (3 + 8) x 1.25 - 5 = 8.75.
    outcome = history(run)
    assert proposals(outcome, 2016) == {"hall": 10}
    assert proposals(outcome, 2017) == {"hall": 8}


def test_obligations_are_not_in_sight(directory: Path) -> None:
    """7 000 000 a year to run what stands already leave 1 000 000 a year for new halls."""
    targets = {
        "hall": {
            "measure": "stock", "goal": 20, "baseline": 7,
            "measured_by": {"type": "delivered", "programme": "hall"},
        }
    }  # fmt: skip
    hall = {"target": "hall", "unit_cost": 100_000, "running_cost": 1_000_000, "build_months": 50}
    run = micro_run(
        directory, {"hall": hall}, targets=targets, planning={"overcommitment": 1.0},
        parameters={"existing_run_share": fixed(1.0)},
    )  # fmt: skip
    assert proposals(history(run), 2016) == {"hall": 10}


# ------------------------------------------------------------------------------------- who first


def test_the_better_class_takes_the_money_first(directory: Path) -> None:
    """Money for ten; class 2 wants eight, so two are left for class 3."""
    hall = {"goal": 8, "unit_cost": 800_000, "build_months": 50}
    run = micro_run(
        directory,
        {"later": hall | {"priority_class": 3}, "first": hall | {"priority_class": 2}},
        planning={"overcommitment": 1.0},
    )
    assert proposals(history(run), 2016) == {"first": 8, "later": 2}


@pytest.mark.parametrize("replication", range(5))
def test_within_a_class_the_least_served_goes_first(directory: Path, replication: int) -> None:
    """Money for ten, quotas of 15 and 5: after 8 and 2 both stand near a half, whoever began."""
    hall = {"unit_cost": 800_000, "build_months": 50}
    run = micro_run(
        directory,
        {"many": hall | {"goal": 15}, "few": hall | {"goal": 5}},
        planning={"overcommitment": 1.0},
    )
    counts = proposals(history(run, replication), 2016)
    assert sum(counts.values()) == 10
    assert abs(counts["many"] / 15 - counts["few"] / 5) <= 1 / 5


def test_a_line_without_money_does_not_stop_a_cheaper_one(directory: Path) -> None:
    programmes = {
        "dear": {"goal": 1, "priority_class": 1, "unit_cost": 10**9, "build_months": 1},
        "room": ROOM | {"priority_class": 2},
    }
    outcome = history(micro_run(directory, programmes))
    assert proposals(outcome) == {"room": 10}
    assert unproposed(outcome) == {"money_in_sight": 1}


def test_the_city_serves_districts_without_a_venue_and_the_larger_weight_first(
    directory: Path,
) -> None:
    """The pool has money for one venue a year: the most populous district comes first."""
    places = [
        district(900_101 + i, population=p) for i, p in enumerate((10_000, 40_000, 20_000, 30_000))
    ]
    venue = {
        "target": "venues", "pool": "city", "quota_key": "one_each", "unit_cost": 1_000_000,
        "build_months": 1,
    }  # fmt: skip
    targets = {
        "venues": {
            "measure": "stock", "goal": 4, "baseline": 0,
            "measured_by": {"type": "places", "programme": "venue"},
        }
    }  # fmt: skip
    run = micro_run(
        directory, {"venue": venue}, districts=places, targets=targets,
        budget={"public_total": 5_000_000}, allocation={"capital_share": 1.0},
        planning={"overcommitment": 1.0},
    )  # fmt: skip
    told = stories(history(run).log).values()
    first = {story.place: START + dt.timedelta(story.days("proposed")[0]) for story in told}
    order = sorted(first, key=lambda place: first[place])
    assert [first[place].year for place in order] == [2016, 2017, 2018, 2019]
    assert order == ["900102", "900104", "900103", "900101"]


# ------------------------------------------------------------------------------- in the real plan


@pytest.mark.parametrize("pace", [0.0, 0.1, 0.35, 1.0])
def test_no_district_proposes_more_in_a_year_than_its_pace(real_run: Run, pace: float) -> None:
    """Of the quota a district has at the start; only lines whose quota never grows."""
    run = settings(real_run, {"planning.pace": pace, "budget.public_total": 10**11})
    outcome = history(run)
    quota: dict[tuple[str, str], int] = {}
    by_year: dict[tuple[str, str, int], int] = {}
    places = [str(code) for code in layout_of(run).places]
    for story in stories(outcome.log).values():
        spec = run.plan.programmes[story.programme]
        planner = "city" if spec.pool == "city" else story.place
        quota[story.programme, planner] = quota.get((story.programme, planner), 0) + 1
        for day in story.days("proposed"):
            key = (story.programme, planner, (START + dt.timedelta(day)).year)
            by_year[key] = by_year.get(key, 0) + 1
    for place, name, stage, *_, missing in outcome.delays:
        if stage.startswith("unproposed:") and name in run.plan.programmes:
            spec = run.plan.programmes[name]
            planner = "city" if spec.pool == "city" else places[place]
            projects = -(-missing // spec.cohort)
            quota[name, planner] = quota.get((name, planner), 0) + projects
    assert bool(by_year) == (pace > 0.0)
    for (name, planner, _), count in by_year.items():
        if run.plan.programmes[name].feeds is None:
            assert count <= -(-quota[name, planner] * round(100 * pace) // 100)


@pytest.mark.parametrize(
    "changes", [{}, {"budget.public_total": 10**8}, {"planning.pace": 0.01}], ids=str
)
def test_every_unproposed_unit_has_one_of_three_limits(
    real_run: Run, changes: dict[str, Any]
) -> None:
    limits = unproposed(history(settings(real_run, changes)))
    assert limits
    assert set(limits) <= {"not_yet_allowed", "pace", "money_in_sight"}


# -------------------------------------------------------------------------------- money in sight


@pytest.mark.parametrize("replication", range(5))
def test_within_a_class_all_are_served_alike_at_every_step(
    directory: Path, replication: int
) -> None:
    """Quotas of 8 and 4, money for three: whoever began, one of four and two of eight is even."""
    hall = {"unit_cost": 800_000, "build_months": 50}
    run = micro_run(
        directory,
        {"many": hall | {"goal": 8}, "few": hall | {"goal": 4}},
        planning={"overcommitment": 0.3},
        calendar={"first_window": "2016-01-15"},  # no window but that of January
    )
    counts = proposals(history(run, replication), 2016)
    assert counts == {"many": 2, "few": 1}


@pytest.mark.parametrize(("inflation", "proposed"), [(0.0, 10), (0.25, 8)])
def test_planners_reckon_with_the_prices_of_the_year(
    directory: Path, inflation: float, proposed: int
) -> None:
    """2017: 8 000 000 in sight for halls of 800 000, or of 1 000 000 after a year of inflation."""
    run = micro_run(
        directory,
        {"hall": {"goal": 200, "unit_cost": 800_000, "build_months": 50}},
        parameters={"cost_inflation": fixed(inflation)},
        planning={"overcommitment": 1.0},
        budget={"year_shares": [0.0, 0.2, 0.3, 0.3, 0.2]},
    )
    assert proposals(history(run), 2017) == {"hall": proposed}


@pytest.mark.parametrize(
    ("window", "proposed"),
    [("2016-02-19", 2), ("2016-02-20", 3), ("2016-06-01", 4), ("2016-11-09", 5), ("2016-11-10", 6)],
)
def test_obligations_of_the_quarters_behind_are_not_reckoned_with_again(
    directory: Path, window: str, proposed: int
) -> None:
    """8 000 000 a year, 6 000 000 of them to run what stands, 500 000 a quarter are over. Twice the
    money in sight counts, less the obligations of the quarters to come: on the eve of the first
    release 2 x 8 - 6 = 10 million, after k releases 2 x (0.5 k + 2 (4 - k)) - 1.5 (4 - k).
    """
    released = sum(
        dt.date.fromisoformat(window) >= day
        for day in (dt.date(2016, 2, 20), dt.date(2016, 5, 20), dt.date(2016, 8, 20),
                    dt.date(2016, 11, 10))
    )  # fmt: skip
    ahead = 4 - released
    in_sight = 2.0 * (0.5 * released + 2.0 * ahead) - 1.5 * ahead
    run = micro_run(
        directory,
        {
            "hall": {
                "target": "halls", "unit_cost": 10**12, "running_cost": 600_000,
                "build_months": 1,
            },
            "room": {"goal": 100, "unit_cost": 500_000, "build_months": 1, "running": False},
        },
        targets={
            "halls": {
                "measure": "stock", "goal": 10, "baseline": 10,
                "measured_by": {"type": "delivered", "programme": "hall"},
            }
        },
        parameters={"existing_run_share": fixed(1.0)},
        planning={"overcommitment": 2.0},
        calendar={"first_window": window},
    )  # fmt: skip
    assert proposals(history(run), 2016) == {"room": int(in_sight / 0.5)}


@pytest.mark.parametrize("replication", range(5))
def test_a_window_begins_with_the_line_that_is_least_served(
    directory: Path, replication: int
) -> None:
    """Money for one: it goes to the programme of which nothing is under way yet."""
    hall = {"goal": 4, "unit_cost": 800_000, "build_months": 50}
    run = micro_run(
        directory,
        {"begun": hall, "fresh": hall},
        planning={"overcommitment": 0.1},
        calendar={"first_window": "2016-01-15"},
    )
    city = city_of(run, replication)
    (begun,), (fresh,) = city.quotas.lines_of["begun"], city.quotas.lines_of["fresh"]
    begun.under_way = 2
    city.world.clock.process(city.treasury.years())
    for administration in administrations(city.world, city.quotas):
        city.world.clock.process(administration)
    city.world.clock.run_through(30)
    assert (begun.under_way, fresh.under_way) == (2, 1)


def test_days_on_which_projects_wait_are_booked_to_the_limit_of_the_last_window(
    directory: Path,
) -> None:
    """A project comes back while another still waits: that one has waited all the time. The days
    on which nobody waited are no limit's."""
    run = micro_run(directory, {"room": ROOM | {"goal": 2}})
    (line,) = city_of(run).quotas.lines_of["room"]
    project = line.waiting[0]
    line.reason = PACE
    line.book(10)
    line.wait_again(30)  # two of them waited already
    line.book(50)
    assert line.longest_limit() == ("pace", 50)
    line.waiting.clear()
    line.book(60)
    line.wait_again(80)
    line.waiting.append(project)
    line.book(100)
    assert line.longest_limit() == ("pace", 70)


@pytest.mark.parametrize(
    ("days", "limit"),
    [
        ([-1, -1, -1, -1], ("not_yet_allowed", 0)),
        ([50, -1, -1, -1], ("not_yet_allowed", 50)),
        ([50, -1, 0, -1], ("pace", 0)),  # it bound at a window, and no day was lost to it
        ([50, 7, 9, 9], ("pace", 9)),
        ([50, 9, 9, 8], ("no_round", 9)),
        ([0, 1, 2, 3], ("money_in_sight", 3)),
    ],
)
def test_the_limit_of_most_days_is_named_and_the_first_of_equals(
    directory: Path, days: list[int], limit: tuple[str, int]
) -> None:
    """Waiting for the first window counts only where nothing else ever bound."""
    (line,) = city_of(micro_run(directory, {"room": ROOM})).quotas.lines_of["room"]
    line.limited_for = days
    assert line.longest_limit() == limit


def test_what_lapses_waits_again_in_its_turn_and_what_is_added_comes_last(directory: Path) -> None:
    """Three wait, the next one last; the first was proposed and comes back, then one is added."""
    city = city_of(micro_run(directory, {"room": ROOM | {"goal": 3}}))
    (line,) = city.quotas.lines_of["room"]
    first, second, third = line.waiting[::-1]
    assert line.waiting.pop() is first
    line.under_way = 1
    assert line.served() == pytest.approx(1 / 3)
    line.take_back(first, 40)
    line.sort()
    assert (line.under_way, line.waiting) == (0, [third, second, first])
    city.quotas.add(city.programmes["room"], {0: 1})
    added = city.portfolio.projects["room"][-1]
    assert (line.quota, line.pace, line.waiting) == (4, 4, [added, third, second, first])
    assert added.ordinal == 3
    line.sort()
    assert line.waiting == [added, third, second, first]


def test_a_quota_where_there_was_none_is_a_line_of_its_own(directory: Path) -> None:
    """All rooms are for the first district; two for the second are its planner's to propose, one a
    year at a pace of a half."""
    run = micro_run(
        directory, {"room": ROOM | {"quota_key": "villages"}},
        districts=[district(900101, villages=1), district(900102, villages=0)],
        planning={"pace": 0.5},
    )  # fmt: skip
    city = city_of(run)
    city.quotas.add(city.programmes["room"], {1: 2})
    line, added = city.quotas.lines_of["room"]
    assert (line.place, line.quota, line.pace) == (0, 10, 5)
    assert (added.place, added.quota, added.pace) == (1, 2, 1)
    assert [project.ordinal for project in added.waiting] == [1, 0]
    planners = {planner.place: planner for planner in city.quotas.planners}
    assert planners[900102].lines == [added]


def test_the_city_ranks_districts_anew_by_what_they_still_need(directory: Path) -> None:
    """Venues of the pool for two districts; halls of their own are what need looks at. First the
    second district lacks more of them, a year later the first one does."""
    venue = {"target": "venues", "pool": "city", "quota_key": "one_each", "unit_cost": 1_000}
    run = micro_run(
        directory,
        {"venue": venue, "hall": {"goal": 6, "quota_key": "villages", "unit_cost": 1_000}},
        districts=[district(900101, villages=1), district(900102, villages=2)],
        targets={
            "venues": {
                "measure": "stock", "goal": 2, "baseline": 0,
                "measured_by": {"type": "places", "programme": "venue"},
            }
        },
        allocation={"rule": "need", "capital_share": 0.5},
    )  # fmt: skip
    city = city_of(run)
    (line,) = city.quotas.lines_of["venue"]

    def turns() -> list[int]:
        return [project.place for project in line.waiting[::-1]]

    assert turns() == [1, 0]
    for project in city.portfolio.projects["hall"]:
        if project.place == 1:
            project.status, project.opened = OPEN, 100
    city.world.open_year(1)
    city.world.has_come("the year begins")
    assert turns() == [0, 1]


def test_titles_wanted_are_those_held_and_those_that_a_quota_is_to_bring(directory: Path) -> None:
    """Nine are held by population, six, two and one; twelve more come by villages, three, nine and
    none."""
    level = {
        "name": LABEL, "target": "bases", "rounds": "yearly", "approval_days": "approval",
        "quota": "none", "applicants": "all", "acceptance": "all",
    }  # fmt: skip
    run = micro_run(
        directory,
        {"host": {"target": "bases", "unit_cost": 0, "feeds": "base", "quota_key": "villages"}},
        districts=[
            district(900101, population=300_000, villages=10),
            district(900102, population=100_000, villages=30),
            district(900103, population=50_000, villages=0),
        ],
        targets={
            "bases": {
                "measure": "stock", "goal": 21, "baseline": 9,
                "measured_by": {"type": "ladder", "level": "base"},
            }
        },
        ladder={"base": level},
        parameters={
            "approval": fixed(149, "round"), "none": fixed(0, "round"), "all": fixed(1.0),
        },
    )  # fmt: skip
    assert city_of(run).quotas.titles_wanted == {"host": [6 + 3, 2 + 9, 1]}
