"""What a replication says of itself: what functions, what is behind a project, on which days."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.config.schema import Run
from sim.model.record import Layout, _passed, functioning
from sim.model.works.project import (
    BUILDING,
    CALENDAR,
    CONTRACTED,
    CREW,
    MONEY,
    OPEN,
    PROPOSED,
    REVIEW,
    STAFF,
    STAGES,
    WITHDRAWN,
)
from sim.plan.plan import Plan, Scenario
from tests.factory import city_of, district, history, layout_of, micro_run

TODAY = 1_000
CITYWIDE = {
    "literacy_gap", "literacy_regional_gap", "literacy_urban_rural_gap",  # surveys see the city
    "bachelor_share", "experts", "governance_cycle", "volunteer_regulation",
    "annual_themes", "brand_events", "journalist_meetings", "themed_activities",
}  # fmt: skip
"""Targets of the real plan that have no value by district."""


def test_where_nobody_pays_what_has_stood_for_a_year_functions_no_longer(directory: Path) -> None:
    """Five halls stand in each of two districts, and three pairs are planned in each: one opened a
    year ago, one a day later, one not yet. One of the districts has not paid for a year."""
    run = micro_run(
        directory,
        {"hall": {"target": "halls", "unit_cost": 0, "quota_key": "equal", "cohort": 2}},
        districts=[district(900101), district(900102)],
        targets={
            "halls": {
                "measure": "stock", "goal": 22, "baseline": 10,
                "measured_by": {"type": "delivered", "programme": "hall"},
            }
        },
    )  # fmt: skip
    city = city_of(run)
    city.world.clock.today = TODAY
    hall, projects = city.programmes["hall"], city.portfolio.projects["hall"]
    assert [project.place for project in projects] == [0, 0, 0, 1, 1, 1]
    for place in (0, 1):
        old, young, _ = (project for project in projects if project.place == place)
        for project, opened in ((old, TODAY - 365), (young, TODAY - 364)):
            project.status, project.opened = OPEN, opened
            hall.enter(place, project.units, staffed=False)
    poor, rich = hall.operators
    assert functioning(hall, projects, set()) == 10 + 2 * 4
    assert functioning(hall, projects, {id(poor)}) == 18 - (5 + 2)
    assert functioning(hall, projects, {id(rich), id(poor)}) == 18 - 2 * (5 + 2)
    assert functioning(hall, projects, {id(city.envelopes.city["facilities"])}) == 18


@pytest.mark.parametrize(
    ("status", "stage", "in_between", "behind"),
    [
        (PROPOSED, REVIEW, 0, ""),
        (PROPOSED, REVIEW, 15, "calendar"),
        (PROPOSED, MONEY, 0, "review"),
        (CONTRACTED, CREW, 0, "review"),
        (CONTRACTED, BUILDING, 0, "review crew"),
        (CONTRACTED, MONEY, 0, "review crew building"),  # for its completion
        (CONTRACTED, STAFF, 15, "review money crew building calendar"),
        (OPEN, STAFF, 0, "review money crew building staff"),
        (OPEN, BUILDING, 15, "review money crew building staff calendar"),  # waited for nobody
        (WITHDRAWN, CALENDAR, 15, ""),
        (WITHDRAWN, MONEY, 15, "calendar"),  # on the last day
    ],
)
def test_the_stages_that_a_project_has_behind_it(
    status: int, stage: int, in_between: int, behind: str
) -> None:
    """Money is behind it once all of it is paid, the calendar once it was proposed again; what it
    did not need never is."""
    days = np.zeros((2, len(STAGES)), dtype=np.int64)
    days[:, CALENDAR] = in_between
    needs = np.array([[1, 1, 1], [0, 0, 0]])
    with_all, with_none = _passed(days, np.full(2, status), np.full(2, stage), needs).tolist()
    stages = behind.split()
    assert with_all == [int(name in stages) for name in STAGES]
    unneeded = ("review", "crew", "staff")
    assert with_none == [int(name in stages and name not in unneeded) for name in STAGES]


def test_series_are_taken_at_the_start_and_at_the_ends_that_their_level_asks_for(
    directory: Path,
) -> None:
    """Districts at the ends of years, or of quarters in full; for targets alone nothing is."""
    run = micro_run(directory, {"hall": {"goal": 1}})
    targets, city, full = (
        Layout.of(Plan.of(run), Scenario.of(run), record) for record in ("targets", "city", "full")
    )
    years = (365, 730, 1095, 1460, 1826)
    assert (targets.city_days, targets.district_days) == ((), ())
    assert (targets.city_indicators, targets.district_indicators) == ((), ())
    assert city.district_days == years
    assert city.city_days == full.city_days == full.district_days
    assert full.district_days[0] == 0
    assert full.district_days[4::4] == years
    assert len(full.district_days) == 1 + 4 * 5
    assert city.district_indicators == full.district_indicators


MISSING = {
    "literacy": "points", "industry": "yuan",
    **dict.fromkeys(("experts", "farmers", "staff", "volunteers"), "persons"),
    **dict.fromkeys(("coverage", "places"), "places"),
    **dict.fromkeys(("delivered", "events", "governance", "ladder", "regulation"), "units"),
}  # fmt: skip
"""What units are missing, by what a target measures."""


def test_what_is_missing_of_a_target_is_of_its_kind(real_run: Run) -> None:
    """Each reading goes by the name that the delay ledger gives it; of firms units are missing."""
    layout = layout_of(real_run)
    assert layout.missing_in["firms"] == "units"
    for row in layout.rows:
        name = row.target if row.counts else row.indicator
        assert row.spec.measured_by is not None
        if row.target != "firms":
            assert layout.missing_in[name] == MISSING[row.spec.measured_by.type]


def test_targets_have_values_by_district_where_what_they_count_stands_somewhere(
    real_run: Run,
) -> None:
    layout = layout_of(real_run)
    of_the_city = {
        row.target for row in layout.rows if row.indicator not in layout.district_indicators
    }
    assert of_the_city == CITYWIDE


def test_stocks_count_what_stood_and_new_units_count_alone(directory: Path) -> None:
    """Eight halls stand, six and two by population; three open in the second district, and as many
    rooms, of which none stood before. A museum stands in one of the districts."""
    run = micro_run(
        directory,
        {
            "hall": {"target": "halls", "unit_cost": 0}, "room": {"goal": 9, "unit_cost": 0},
            "museum": {"target": "museums", "unit_cost": 0, "quota_key": "one_each"},
        },
        districts=[district(900101, population=300_000), district(900102, population=100_000)],
        targets={
            "halls": {
                "measure": "stock", "goal": 9, "baseline": 8,
                "measured_by": {"type": "delivered", "programme": "hall"},
            },
            "museums": {
                "measure": "stock", "goal": 2, "baseline": 1,
                "measured_by": {"type": "places", "programme": "museum"},
            },
        },
    )  # fmt: skip
    city = city_of(run)
    for name in ("hall", "room"):
        city.programmes[name].enter(1, 3, staffed=False)
    city.programmes["museum"].stand([0, 1])
    measures = {measure.row.indicator: measure for measure in city.scoreboard.measures}
    assert {name: (one.value(), one.by_district()) for name, one in measures.items()} == {
        "halls": (11.0, [6.0, 5.0]), "room": (3.0, [0.0, 3.0]), "museums": (1.0, [0.0, 1.0]),
    }  # fmt: skip
    city.programmes["museum"].enter(1, 1, staffed=False)
    assert (measures["museums"].value(), measures["museums"].by_district()) == (1.0, [0.0, 1.0])


def test_what_waits_for_money_is_in_the_series_as_is_the_money_that_there_is(
    directory: Path,
) -> None:
    """Halls of 12 000 000 and 6 000 000 ask for half on 15 January; 2 000 000 come every quarter.
    The larger one, of the better class, has its 6 000 000 in August; the other one lapses at the
    end of the year."""
    hall = {"goal": 1, "build_months": 50}
    run = micro_run(
        directory,
        {
            "large": hall | {"unit_cost": 12_000_000, "priority_class": 2},
            "small": hall | {"unit_cost": 6_000_000, "priority_class": 3},
        },
    )
    layout, outcome = layout_of(run), history(run, trace=False)
    queued, balance = (
        outcome.city_series[:5, layout.city_indicators.index(f"{name}:facilities")].tolist()
        for name in ("queued", "balance")
    )
    assert queued == [0.0, 9_000_000.0, 9_000_000.0, 3_000_000.0, 0.0]
    assert balance == [0.0, 2_000_000.0, 4_000_000.0, 0.0, 2_000_000.0]


@pytest.mark.parametrize(("record", "places"), [("targets", {-1}), ("city", {-1, 0}),
                                                ("full", {-1, 0})])  # fmt: skip
def test_money_is_told_by_place_where_more_than_targets_is_recorded(
    directory: Path, record: str, places: set[int]
) -> None:
    flows = history(micro_run(directory, {"hall": {"goal": 1}}, record=record)).ledger.rows()
    assert {place for *_, place in flows} == places
