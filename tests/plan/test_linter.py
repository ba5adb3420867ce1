"""Whether a run as a whole hangs together: every rule by a case that breaks it, and its edge.

What a wrong name leaves without a user may be named as well; the rule that is broken is always.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest

from sim.config.errors import ConfigError
from sim.config.schema import Run
from sim.config.schema.base import MonthDay
from sim.plan.linter import lint
from sim.plan.support_linter import bounds, check_goals
from tests.factory import five_places, fixed, history, settings

Changes = dict[str, Any]


def problems(run: Run, changes: Changes) -> dict[str, str]:
    """What the linter says of a changed run, by key."""
    try:
        lint(settings(run, changes))
    except ConfigError as error:
        return {str(problem.key): str(problem) for problem in error.problems}
    return {}


def shock(start: str, end: str, **more: Any) -> Changes:
    return {"shocks": [{"kind": "closure", "start": start, "end": end, "size": 0.5, **more}]}


TARGET, STEP = "plan.targets.municipal_bases", "plan.governance.steps"
BROKEN: list[tuple[str, Changes, list[str]]] = [
    # ---------------------------------------------------------------- targets and their measures
    (f"{TARGET}.clause", {f"{TARGET}.clause": ["3.2.2", " "]}, ["cites the clauses"]),
    (f"{TARGET}.group", {f"{TARGET}.group": "facility"}, ["nearest: facilities"]),
    (f"{TARGET}.definition", {f"{TARGET}.definition": "promoted"}, ["no definition 'promoted'"]),
    (f"{TARGET}.deadline", {f"{TARGET}.deadline": "2019-12-31"}, ["last day", "2020-12-31"]),
    (f"{TARGET}.baseline", {f"{TARGET}.measure": "new"}, ["has no baseline", "measure: stock"]),
    (f"{TARGET}.goal", {f"{TARGET}.goal": 100_001}, ["from 0 to 100000"]),
    (
        "plan.targets.community_coverage.goal",
        {"plan.targets.community_coverage.goal": 100.5},
        ["from 0 to 100"],
    ),
    (
        "plan.targets.demo_projects.measured_by.programme",
        {"plan.targets.demo_projects.measured_by": {"type": "places", "programme": "demo"}},
        ["no programme 'demo'"],
    ),
    (f"{TARGET}.measured_by.level", {f"{TARGET}.measured_by.level": "town"}, ["no ladder level"]),
    (
        "plan.targets.themed_activities.measured_by.series.0",
        {"plan.targets.themed_activities.measured_by.series": ["nothing"]},
        ["no series of events"],
    ),
    (
        "plan.targets.literacy_gain.measured_by.type",
        {"plan.targets.literacy_gain.measured_by": {"type": "experts"}, "plan.experts": None},
        ["no section 'experts'"],
    ),
    # ---------------------------------------------------------------- its places
    ("plan.districts", {"plan.city_code": 500101}, ["500101 万州区", "would count twice"]),
    ("plan.districts", {"plan.city.zh": "万州区"}, ["500101 万州区", "would count twice"]),
    # ---------------------------------------------------------------- the ladder
    (
        "plan.ladder.municipal.below",
        {"plan.ladder.municipal.below": "national"},  # which stands after it
        ["stands before it", "allowed: district"],
    ),
    ("plan.ladder.district.below", {"plan.ladder.district.below": "district"}, ["allowed: null"]),
    (
        "plan.ladder.municipal.approval_days",
        {"plan.ladder.municipal.approval_days": None},
        ["yearly needs approval_days"],
    ),
    (
        "plan.ladder.municipal.round_dates",
        {
            "plan.ladder.municipal.rounds": "dated",
            "plan.ladder.municipal.approval_days": None,
        },
        ["dated needs round_dates"],
    ),
    # ---------------------------------------------------------------- the calendar
    (
        "plan.calendar.assessment_years.1",
        {"plan.calendar.assessment_years": [2019, 2021]},
        ["given:   2021", "2016-01-01 to 2020-12-31"],
    ),
    (
        "plan.calendar.assessment_years.0",
        {"plan.calendar.assessment_years": [2015]},
        ["given:   2015"],
    ),
    (
        "plan.calendar.first_window",
        {"plan.calendar.first_window": "2015-12-31"},
        ["outside the horizon"],
    ),
    (
        "plan.calendar.first_window",
        {"plan.calendar.first_window": "2021-01-01"},
        ["outside the horizon"],
    ),
    ("shocks.0.start", shock("2015-12-31", "2016-12-31"), ["given:   2015-12-31"]),
    ("shocks.0.end", shock("2020-12-31", "2021-01-01"), ["given:   2021-01-01"]),
    ("shocks.0.zones.0", shock("2016-01-01", "2016-01-01", zones=["centre"]), ["no zone 'centre'"]),
    ("shocks.0.groups.0", shock("2016-01-01", "2016-01-01", groups=["money"]), ["an envelope"]),
    (
        "shocks.0.groups",
        shock("2016-01-01", "2020-12-31", kind="budget_cut", zones=["core"], groups=["governance"]),
        ["districts have no purse", "facilities"],
    ),
    ("plan.regulation.start", {"plan.regulation.start": "2021-01-01"}, ["outside the horizon"]),
    ("plan.literacy.surveys.0.year", {"plan.literacy.surveys": [
        {"year": 2021, "city": "literacy_persons_2018", "nation": "literacy_persons_nation"},
    ]}, ["2021"]),
    # ---------------------------------------------------------------- sections
    ("plan.farmers.group", {"plan.farmers.group": "literacy"}, ["with an envelope"]),
    ("plan.industry.group", {"plan.industry.group": "literacy"}, ["with an envelope"]),
    (
        "plan.events.series.science_week.group",
        {"plan.events.series.science_week.group": "literacy"},
        ["with an envelope"],
    ),
    ("plan.industry.incubators", {"plan.industry.incubators": "hatchery"}, ["no programme"]),
    ("plan.governance.group", {"plan.governance.group": "literacy"}, ["with an envelope"]),
    ("plan.literacy.ahead.0", {"plan.literacy.ahead": ["centre"]}, ["no zone 'centre'"]),
    # ---------------------------------------------------------------- evidence and parameters
    ("parameters.attrition.source", {"parameters.attrition.source": "X999"}, ["not an id"]),
    ("parameters.attrition.varies", {"parameters.attrition.varies": "year"}, ["at another level"]),
    ("parameters.spare", {"parameters.spare": fixed(1.0)}, ["nothing uses the parameter 'spare'"]),
    (
        "plan.ladder.municipal.quota",
        {"plan.ladder.municipal.quota": "quota"},
        ["needs the parameter 'quota'"],
    ),
    # ---------------------------------------------------------------- money and its division
    ("plan.match_source", {"plan.match_source": "district"}, ["no funding source"]),
    ("plan.capital_group", {"plan.capital_group": "literacy"}, ["with an envelope"]),
    ("budget.year_shares", {"budget.year_shares": [0.25] * 4}, ["5 years", "4 shares"]),
    (
        "allocation.city_shares.literacy",
        {"allocation.city_shares": {"literacy": 0.5}},
        ["with an envelope"],
    ),
    ("definitions.industry", {"definitions.industry": "wide"}, ["no such reading"]),
    # A text is no truth value, although Python's True equals 1.
    ("definitions.promoted_base_counts", {"definitions.promoted_base_counts": "true"}, ["true"]),
    # ---------------------------------------------------------------- execution
    ("trace", {"trace": 8}, ["null or 0 to 7"]),
    ("scheduler", {"scheduler": "tcp://127.0.0.1:1"}, ["backend=dask"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("key", "changes", "words"), BROKEN, ids=[f"{i}-{key}" for i, (key, *_) in enumerate(BROKEN)]
)
def test_a_broken_rule_is_named_by_its_key(
    real_run: Run, key: str, changes: Changes, words: list[str]
) -> None:
    found = {name: text for name, text in problems(real_run, changes).items() if name == key}
    assert list(found) == [key]
    for word in words:
        assert word in found[key]


UNBROKEN: list[Changes] = [
    {},
    {"plan.calendar.assessment_years": [2016, 2020]},
    {"plan.calendar.assessment_years": []},
    {"plan.calendar.first_window": "2016-01-01"},
    {"plan.calendar.first_window": "2020-12-31"},
    {"plan.regulation.start": "2020-12-31"},
    shock("2016-01-01", "2020-12-31", zones=["core"], groups=["facilities"]),
    shock("2016-01-01", "2020-12-31", kind="budget_cut", zones=["core"], groups=["facilities"]),
    shock("2016-01-01", "2020-12-31", kind="budget_cut", groups=["governance"]),
    {"trace": 7},
    {"trace": 0},
    {f"{TARGET}.measure": "new", f"{TARGET}.baseline": 0},
    {f"{TARGET}.goal": 100_000},
    {"plan.targets.community_coverage.goal": 100.0},
    {"definitions.promoted_base_counts": False},
    {"scheduler": "tcp://127.0.0.1:1", "backend": "dask"},
    {"backend": "serial", "workers": 1},
    {"backend": "processes", "workers": 4},
    {"backend": "dask", "workers": 4},
]


@pytest.mark.parametrize("changes", UNBROKEN, ids=lambda changes: ",".join(changes))
def test_what_stands_at_the_edge_of_a_rule_is_accepted(real_run: Run, changes: Changes) -> None:
    assert problems(real_run, changes) == {}


@pytest.mark.parametrize("kind", ["closure", "construction_halt"])
def test_a_shock_is_refused_exactly_where_it_changes_nothing(
    real_run: Run, directory: Path, kind: str
) -> None:
    five = settings(real_run, {"plan.districts": str(five_places(directory))})
    undisturbed = history(five, trace=False)
    refused = set()
    for group in five.plan.groups:
        changes = shock("2016-01-01", "2020-12-31", kind=kind, size=0.9, groups=[group])
        disturbed = history(settings(five, changes), trace=False)
        same = np.array_equal(disturbed.city_series, undisturbed.city_series, equal_nan=True)
        assert ("shocks.0.groups" in problems(five, changes)) == same, group
        refused |= {group} if same else set()
    assert 0 < len(refused) < len(five.plan.groups)


def test_several_problems_are_reported_at_once(real_run: Run) -> None:
    changes = {"trace": 8, "plan.match_source": "district", "budget.year_shares": [0.25] * 4}
    assert set(problems(real_run, changes)) == {"trace", "plan.match_source", "budget.year_shares"}


def test_governance_decides_on_the_days_of_the_calendar(real_run: Run) -> None:
    """The window of proposals, the July meeting, and naming before the assessment of bases."""
    governance = real_run.plan.governance
    assert governance is not None
    deciding = {step.decides: name for name, step in governance.steps.items() if step.decides}
    calendar = real_run.plan.calendar
    due: dict[Literal["proposals", "reallocation", "naming"], MonthDay] = {
        "proposals": calendar.yearly_window,
        "reallocation": calendar.mid_year_meeting,
        "naming": calendar.assessment,
    }
    assert set(deciding) == set(due)
    for decision, day in due.items():
        key = f"{STEP}.{deciding[decision]}.date"
        on_time = {key: {"month": day.month, "day": day.day}}
        late = {key: {"month": day.month, "day": day.day + 1}}
        assert problems(real_run, on_time) == {}
        assert list(problems(real_run, late)) == [key]
    first, *_, last = [name for name in governance.steps if name in deciding.values()]
    twice = {f"{STEP}.{last}.decides": governance.steps[first].decides}
    assert "one step decides it already" in problems(real_run, twice)[f"{STEP}.{last}.decides"]


@pytest.mark.parametrize("unit", ["share", "per cent", "yuan", "bases", "persons", "tonnes"])
def test_numbers_at_the_bounds_of_their_unit_are_accepted_and_none_beyond(
    real_run: Run, unit: str
) -> None:
    lowest, highest = bounds(unit)
    target = real_run.plan.targets["village_coverage"]
    label = target.unit.model_copy(update={"en": unit})
    target = target.model_copy(update={"unit": label, "baseline": "drawn"})
    for goal, fits in (
        (lowest, True),
        (highest, True),
        (lowest - 1, False),
        (highest * 1.01, False),
    ):
        own = target.model_copy(update={"goal": float(goal)})
        assert (list(check_goals(own, "t")) == []) == fits, goal
