"""The regulation: stages in order, to the day; the chance of the agenda; what held it back."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from sim.config.schema import Run
from tests.factory import LABEL, Json, fixed, history, micro_run, settings, values_of
from tests.tolerance import assert_count

REGULATION = {
    "start": "2016-07-01",
    "agenda": {"month": 1, "day": 20},
    "stages": {
        "draft": {"name": LABEL, "months": "draft_months_t", "slip": "draft_slip_t"},
        "vote": {"name": LABEL, "months": "vote_months_t", "slip": "vote_slip_t"},
    },
}


def stage_parameters(
    draft: float = 12.0, vote: float = 0.0, *, draft_slip: float = 0.0, vote_slip: float = 0.0
) -> dict[str, Json]:
    """Months and probabilities of the two stages."""
    return {
        "draft_months_t": fixed(draft, "round"),
        "vote_months_t": fixed(vote, "round"),
        "draft_slip_t": fixed(draft_slip),
        "vote_slip_t": fixed(vote_slip),
    }


def law_run(directory: Path, **numbers: float) -> Run:
    return micro_run(
        directory,
        {"hall": {"goal": 1, "unit_cost": 1_000}},
        targets={"law": {"measured_by": {"type": "regulation"}}},
        parameters=stage_parameters(**numbers),
        sections={"regulation": REGULATION},
    )


def steps(run: Run, replication: int = 0) -> list[tuple[str, str]]:
    """(date, event) of all that the log says about the regulation, in order."""
    log = history(run, replication).log
    assert log is not None
    start = dt.date(2016, 1, 1)
    return [
        (str(start + dt.timedelta(e.day)), f"{e.event} {e.detail}".strip())
        for e in log
        if e.entity == "regulation"
    ]


def missing(run: Run, replication: int = 0) -> dict[str, int]:
    rows = history(run, replication).delays
    return {stage: n for _, name, stage, *_, n in rows if name == "law"}


def test_stages_follow_one_another_to_the_day(directory: Path) -> None:
    """12 months are 366 days and 6 months 183, rounded up: both stages without a slip."""
    run = law_run(directory, draft=12.0, vote=6.0)
    assert steps(run) == [
        ("2016-07-01", "stage begun draft"),
        ("2017-07-02", "stage ended draft"),
        ("2017-07-02", "stage begun vote"),
        ("2018-01-01", "stage ended vote"),
        ("2018-01-01", "enacted"),
    ]
    outcome = history(run)
    assert values_of(run, outcome)["law"] == 1.0
    assert outcome.first_attained[1] == (dt.date(2018, 1, 1) - dt.date(2016, 1, 1)).days
    assert missing(run) == {}


def test_a_missed_agenda_costs_the_wait_for_the_next_one(directory: Path, seed: int) -> None:
    """Find histories in which the draft missed one and two agendas, and compute them by hand."""
    run = settings(law_run(directory, draft=12.0, draft_slip=0.5), seed=seed)
    found: dict[int, list[tuple[str, str]]] = {}
    for replication in range(60):
        told = steps(run, replication)
        found.setdefault([text for _, text in told].count("missed the agenda draft"), told)
    missed, begun = "missed the agenda draft", "stage begun draft"
    # 366 days after 20 January, on which the agendas of later years are settled.
    assert found[1][:3] == [
        ("2016-07-01", missed), ("2017-01-20", begun), ("2018-01-21", "stage ended draft"),
    ]  # fmt: skip
    assert found[2][:4] == [
        ("2016-07-01", missed), ("2017-01-20", missed), ("2018-01-20", begun),
        ("2019-01-21", "stage ended draft"),
    ]  # fmt: skip


def test_an_agenda_of_the_day_itself_is_over(directory: Path) -> None:
    """A stage that would begin on the day of the agenda and misses it waits for a year."""
    run = settings(law_run(directory, draft_slip=1.0), {"plan.regulation.start": "2017-01-20"})
    assert steps(run) == [
        (f"{year}-01-20", "missed the agenda draft") for year in (2017, 2018, 2019, 2020)
    ]


@pytest.mark.parametrize(("months", "last"), [(54.01, ["stage ended draft", "stage begun vote",
                                                      "stage ended vote", "enacted"]),
                                             (54.02, [])])  # fmt: skip
def test_the_last_day_counts(directory: Path, months: float, last: list[str]) -> None:
    """54.01 months are 1 643.93 days, begun 1 644: from 1 July 2016 to 31 December 2020. 54.02 are
    1 644.23, a day too many, which was no agenda's fault."""
    run = law_run(directory, draft=months, draft_slip=0.0)
    assert [event for date, event in steps(run) if date == "2020-12-31"] == last
    assert missing(run) == ({} if last else {"unmet:procedure": 1})


def test_a_law_that_could_be_enacted_on_the_last_day_has_slipped(directory: Path) -> None:
    """The vote misses every agenda; the draft alone would have been done on the last day."""
    assert missing(law_run(directory, draft=54.01, vote_slip=1.0)) == {"unmet:slipped": 1}
    assert missing(law_run(directory, draft=54.02, vote_slip=1.0)) == {"unmet:procedure": 1}


def test_agendas_are_missed_with_their_probability(directory: Path, seed: int) -> None:
    """The draft is adopted in 2016, or at one of the agendas of 2017 to 2019 in time for 2020."""
    run = settings(law_run(directory, draft=12.0, draft_slip=0.7), seed=seed)
    n = 400
    enacted = sum(values_of(run, history(run, r, trace=False))["law"] for r in range(n))
    assert_count(int(enacted), n, 1.0 - 0.7**4, "enacted")


@pytest.mark.parametrize(
    ("numbers", "reason"),
    [
        ({"draft": 12.0, "vote_slip": 1.0}, "unmet:slipped"),
        ({"draft": 60.0, "draft_slip": 0.0}, "unmet:procedure"),
        ({"draft": 60.0, "draft_slip": 1.0}, "unmet:procedure"),
    ],
)
def test_what_held_it_back(directory: Path, numbers: dict[str, float], reason: str) -> None:
    assert missing(law_run(directory, **numbers)) == {reason: 1}


def test_money_and_budget_have_no_say(real_run: Run) -> None:
    def values(run: Run) -> list[float]:
        outcomes = [history(run, r, trace=False) for r in range(4)]
        return [values_of(run, o)["volunteer_regulation"] for o in outcomes]

    poor = settings(real_run, {"budget.public_total": 0, "budget.social_total": 0})
    assert values(real_run) == values(poor)


def test_it_may_fall_past_the_deadline_in_the_real_plan(real_run: Run) -> None:
    """A forecast that is certain either way would not be one: about three in four are enacted."""
    values = [
        values_of(real_run, history(real_run, r, trace=False))["volunteer_regulation"]
        for r in range(40)
    ]
    assert 0.2 < np.mean(values) < 0.99
