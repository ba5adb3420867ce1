"""The yearly cycle: held by hand, missed with its consequences, and none of it without money."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from sim.config.errors import ConfigError
from sim.config.schema import Run
from sim.model.kernel.facts import Fact
from sim.model.parts.governance import Governance
from sim.model.record import Outcome
from sim.plan.linter import lint
from tests.factory import (
    LABEL,
    Json,
    city_of,
    fixed,
    history,
    layout_of,
    micro_run,
    settings,
    values_of,
)
from tests.tolerance import assert_mean

START = dt.date(2016, 1, 1)
DATES = {"round": (1, 15), "meeting": (7, 15), "report": (12, 15), "paper": (3, 25)}
DECIDES = {"round": "proposals", "meeting": "reallocation", "report": "naming"}


def steps() -> Json:
    """Four steps with the dates that the calendar of the micro-plan asks for."""
    cycle = {
        name: {
            "name": LABEL, "date": {"month": month, "day": day}, "decides": DECIDES.get(name),
            "cost": f"{name}_cost", "staff": f"{name}_staff", "slip": f"{name}_slip",
        }
        for name, (month, day) in DATES.items()
    }  # fmt: skip
    cycle["paper"]["builds_on"] = "report"
    return cycle


def cycle_run(
    directory: Path,
    *,
    programmes: dict[str, Json] | None = None,
    budget: Json | None = None,
    calendar: Json | None = None,
    allocation: Json | None = None,
    **numbers: float,
) -> Run:
    """A district of 2 000 staff, one purse for all groups' halves, and steps of 1 000 yuan."""
    given = {"available_t": 1.0}
    for name in DATES:
        given |= {f"{name}_cost": 1_000.0, f"{name}_staff": 10.0, f"{name}_slip": 0.0}
    return micro_run(
        directory,
        programmes or {},
        groups={"facilities": 0.5, "governance": 0.5},
        allocation={"city_shares": {"governance": 1.0}, **(allocation or {})},
        budget=budget or {},
        calendar=calendar or {},
        targets={
            "cycle": {"group": "governance", "goal": 18, "measured_by": {"type": "governance"}}
        },
        parameters={name: fixed(value) for name, value in {**given, **numbers}.items()},
        sections={
            "governance": {
                "group": "governance", "staff_available": "available_t", "steps": steps(),
            }
        },
    )  # fmt: skip


def told(outcome: Outcome, event: str) -> list[tuple[str, str, str]]:
    """(date, entity, detail) of all steps with ``event``."""
    return [
        (str(START + dt.timedelta(days=e.day)), e.entity, e.detail)
        for e in outcome.log or []
        if e.event == event and e.phase == "governance"
    ]


def entries(outcome: Outcome, event: str) -> list[Fact]:
    return [entry for entry in outcome.log or [] if entry.event == event]


def paid(outcome: Outcome, account: str) -> int:
    return sum(yuan for _, _, payee, yuan in outcome.ledger.of_all_places() if payee == account)


def unmet(outcome: Outcome) -> dict[str, int]:
    return {row[2]: row[7] for row in outcome.delays if row[1] == "cycle"}


# ------------------------------------------------------------------------------------- by hand


def test_eighteen_steps_since_the_plan_was_issued(directory: Path) -> None:
    run = cycle_run(directory)
    outcome = history(run)
    held = told(outcome, "held")
    count = {name: sum(entity == name for _, entity, _ in held) for name in DATES}
    assert count == {"round": 4, "meeting": 5, "report": 5, "paper": 4}
    assert held[0][:2] == ("2016-07-15", "meeting")
    assert values_of(run, outcome) == {"cycle": 18.0}
    assert paid(outcome, "meetings:governance") == 18_000
    indicators = layout_of(run).city_indicators
    days = outcome.city_series[-1, indicators.index("governance_staff_days")]
    assert days == 180.0


def test_administration_takes_what_the_steps_of_a_year_do_not_need(directory: Path) -> None:
    """4 000 yuan stay in the purse after every release; the steps of 2020 that follow the last
    release (a report) leave 3 000 of them."""
    outcome = history(cycle_run(directory))
    assert paid(outcome, "meetings:governance") + paid(outcome, "administration:governance") == (
        20_000_000 - 3_000
    )


def test_a_step_may_take_all_the_money_and_all_the_people_that_there_are(directory: Path) -> None:
    """Administration leaves the cost of the only step that costs anything, and of 2 000 persons
    half a per cent are the ten that every step needs."""
    free: Json = {f"{name}_cost": 0.0 for name in ("round", "report", "paper")}
    outcome = history(cycle_run(directory, available_t=0.005, **free))
    assert len(told(outcome, "held")) == 18
    assert paid(outcome, "meetings:governance") == 5_000
    short = history(cycle_run(directory, available_t=0.004999, **free))
    assert unmet(short) == {"unmet:no_people": 18}


@pytest.mark.parametrize(("issued", "first"), [("2016-07-15", "2016-07-15"),
                                               ("2016-07-16", "2016-12-15")])  # fmt: skip
def test_steps_begin_on_the_day_on_which_the_plan_is_issued(
    directory: Path, issued: str, first: str
) -> None:
    run = settings(
        cycle_run(directory), {"plan.issued": issued, "plan.calendar.first_window": issued}
    )
    assert told(history(run), "held")[0][0] == first


def test_what_was_missed_is_missing_for_its_reasons_in_their_order(directory: Path) -> None:
    """What is missing beyond the steps that were missed was never on the calendar."""
    city = city_of(cycle_run(directory))
    (measure,) = city.scoreboard.measures
    city.part(Governance).lost = {"no_money": 2, "no_people": 3, "slipped": 4}
    assert measure.unmet(12) == {"no_money": 2, "no_people": 3, "slipped": 4, "not_scheduled": 3}
    assert measure.unmet(4) == {"no_money": 2, "no_people": 2, "slipped": 0, "not_scheduled": 0}


def test_administration_keeps_what_the_steps_cost_at_the_prices_of_the_year(
    directory: Path,
) -> None:
    """4 000 yuan at prices that double every year, once the last release of a year has come."""
    city = city_of(settings(cycle_run(directory), {"parameters.cost_inflation": fixed(1.0)}))
    city.world.clock.process(city.treasury.years())
    for process in city.part(Governance).processes():
        city.world.clock.process(process)
    kept = []
    for releases in city.world.calendar.releases:
        city.world.clock.run_through(releases[-1])
        kept.append(city.envelopes.city["governance"].balance())
    assert kept == [4_000, 8_000, 16_000, 32_000, 64_000]


def test_without_money_no_step_is_held(directory: Path) -> None:
    run = cycle_run(directory, budget={"public_total": 0})
    outcome = history(run)
    assert values_of(run, outcome) == {"cycle": 0.0}
    assert unmet(outcome) == {"unmet:no_money": 18}


def test_without_people_no_step_is_held(directory: Path) -> None:
    outcome = history(cycle_run(directory, available_t=0.0))
    assert unmet(outcome) == {"unmet:no_people": 18}


def test_a_paper_needs_the_report_it_builds_on(directory: Path) -> None:
    """All five reports slip, and so do the four papers after them."""
    outcome = history(cycle_run(directory, report_slip=1.0))
    assert unmet(outcome) == {"unmet:slipped": 9}
    assert {entity for _, entity, _ in told(outcome, "missed")} == {"report", "paper"}


def test_steps_slip_as_often_as_they_should(directory: Path, seed: int) -> None:
    slips: Json = {f"{name}_slip": 0.3 for name in ("round", "meeting", "report")}
    run = settings(cycle_run(directory, **slips), seed=seed, record="targets")
    missed = [len(told(history(run, i), "missed")) for i in range(60)]
    # 14 steps slip by themselves; a paper is missed when the report before it was.
    assert_mean(missed, (14 + 4) * 0.3)


# -------------------------------------------------------------------------------- consequences

HALL = {"goal": 4, "unit_cost": 100_000}


def test_without_a_round_nobody_proposes_at_that_window(directory: Path) -> None:
    """A running programme proposes in January 2016 (before the plan) and at the first window in
    June; at a pace of a quarter a year the other halls wait for January rounds."""
    run = cycle_run(directory, programmes={"hall": HALL})
    run = settings(run, {"planning.pace": 0.25})
    missed = settings(run, {"parameters.round_slip": fixed(1.0)})
    days = [
        [str(START + dt.timedelta(days=e.day)) for e in entries(history(r), "proposed")]
        for r in (run, missed)
    ]
    assert days == [["2016-01-15", "2017-01-15", "2018-01-15", "2019-01-15"], ["2016-01-15"]]
    limits = {row[2]: row[7] for row in history(missed).delays if row[1] == "hall"}
    assert limits["unproposed:no_round"] == 3


def test_a_round_that_lacks_money_leaves_money_as_the_limit(directory: Path) -> None:
    run = cycle_run(directory, programmes={"hall": HALL}, budget={"public_total": 0})
    limits = {row[2]: row[7] for row in history(run).delays if row[1] == "hall"}
    assert limits == {"unproposed:money_in_sight": 4}


def test_the_first_window_is_not_a_round(directory: Path) -> None:
    new = {**HALL, "running": False}
    run = cycle_run(directory, programmes={"hall": new}, round_slip=1.0)
    days = {str(START + dt.timedelta(days=e.day)) for e in entries(history(run), "proposed")}
    assert days == {"2016-06-01"}


def test_without_a_meeting_no_money_moves(directory: Path, real_run: Run) -> None:
    changes: dict[str, Any] = {"allocation.reallocation.threshold": 0.0}
    usual = settings(real_run, changes | {"parameters.governance_slip": fixed(0.0)})
    never = settings(real_run, changes | {"parameters.governance_slip": fixed(1.0)})
    assert entries(history(usual), "reallocated")
    outcome = history(never)
    assert not entries(outcome, "reallocated")
    assert not entries(outcome, "met")


def test_without_a_report_no_base_is_named_or_struck_off(real_run: Run) -> None:
    """In spring 2016 the rounds that were under way before the plan name theirs; then nobody."""
    changes = {
        "parameters.governance_slip": fixed(1.0),
        "parameters.base_delisting": fixed(0.1),
    }
    outcome = history(settings(real_run, changes))
    named = [e for e in entries(outcome, "named") if "national" not in e.entity]
    assert named
    assert all(e.day < 366 for e in named)
    assert not entries(outcome, "struck off")
    assert any(row[2] == "unmet:no_round" for row in outcome.delays)


def test_a_plan_without_governance_goes_its_usual_way(directory: Path) -> None:
    """What nobody decides is never missed: projects are those of a cycle that never slips."""
    run = cycle_run(directory, programmes={"hall": HALL})
    config = run.model_dump(mode="json")
    config["plan"]["governance"] = None
    del config["plan"]["targets"]["cycle"]
    without = Run.model_validate(config, strict=False)
    opened = [[(e.day, e.entity) for e in entries(history(r), "opened")] for r in (run, without)]
    assert opened[0] == opened[1]


# -------------------------------------------------------------------------------- dangling names


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("plan.governance.group", "literacy", "programme group with an envelope"),
        ("plan.governance.steps.white_paper.builds_on", "green_paper", "other step"),
        ("plan.governance.steps.january_round.date.day", 16, "the day on which the decision"),
        ("plan.governance.steps.year_end_report.date.day", 21, "before the assessment of bases"),
        ("plan.governance.steps.white_paper.decides", "naming", "decides it already"),
        ("plan.events.series.science_day.group", "literacy", "programme group with an envelope"),
        ("plan.targets.brand_events.measured_by.series", ["science_yay"], "series of events"),
        ("plan.events.series.science_day.cost", "festival_price", "needs the parameter"),
    ],
)
def test_names_that_lead_nowhere_are_refused(
    real_run: Run, key: str, value: object, message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        lint(settings(real_run, {key: value}))
