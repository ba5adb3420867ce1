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
from tests.factory import city_of, district, layout_of, micro_run

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
