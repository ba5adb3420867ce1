"""The first day on which two event logs differ, and what stands against each other there."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from factory import history, micro_run, settings

from sim.analysis.first_difference import first_difference
from sim.config.schema import Run
from sim.model.kernel.facts import Fact

LOG = [
    Fact(0, "planning", "treasury", "announced", "city", ""),
    Fact(3, "planning", "hall/1/0/0", "proposed", "1", "100"),
    Fact(3, "planning", "hall/2/0/0", "proposed", "2", "100"),
    Fact(9, "grants", "hall/1/0/0", "reviewed", "1", ""),
]


def test_equal_logs_do_not_differ() -> None:
    assert first_difference(LOG, list(LOG)) is None
    assert first_difference([], []) is None


def test_an_entry_that_only_one_has_is_named_and_counted() -> None:
    found = first_difference(LOG, [LOG[0], LOG[2], LOG[3]])
    assert found is not None
    assert (found.day, found.reference, found.other) == (3, LOG[1], None)
    assert (found.reference_only, found.other_only) == (1, 0)
    mirrored = first_difference([LOG[0], LOG[2], LOG[3]], LOG)
    assert mirrored is not None
    assert (mirrored.reference, mirrored.other) == (None, LOG[1])


def test_a_log_that_ends_earlier_differs_where_the_other_goes_on() -> None:
    found = first_difference(LOG, LOG[:3])
    assert found is not None
    assert (found.day, found.reference) == (9, LOG[3])


def test_what_the_same_entity_did_instead_is_the_counterpart() -> None:
    cheap = LOG[2]._replace(detail="50")
    stranger = Fact(3, "planning", "aaa/2/0/0", "proposed", "2", "1")
    found = first_difference(LOG, [LOG[0], stranger, LOG[1], cheap, LOG[3]])
    assert found is not None
    assert (found.reference, found.other) == (LOG[2], cheap)
    assert (found.reference_only, found.other_only) == (1, 2)


def test_order_within_a_day_is_a_difference() -> None:
    found = first_difference(LOG, [LOG[0], LOG[2], LOG[1], LOG[3]])
    assert found is not None
    assert (found.day, found.reference, found.other) == (3, LOG[1], LOG[1])


HALL = {"goal": 6, "needs": ["review"], "unit_cost": 200_000, "build_months": 6}


@pytest.mark.parametrize("start", ["2017-03-14", "2019-07-01"])
def test_scenarios_that_part_on_a_date_differ_on_it_or_later(directory: Path, start: str) -> None:
    run = micro_run(directory, {"hall": HALL}, budget={"public_total": 3_000_000})
    cut = settings(
        run,
        {"shocks": [{"kind": "budget_cut", "start": start, "end": "2020-12-31", "size": 0.5}]},
    )
    found = first_difference(history(run).log or [], history(cut).log or [])
    assert found is not None
    assert found.day == (dt.date.fromisoformat(start) - dt.date(2016, 1, 1)).days
    assert found.reference is None
    assert found.other is not None
    assert found.other.entity == "shock budget_cut"


def test_a_run_does_not_differ_from_itself(directory: Path) -> None:
    run: Run = micro_run(directory, {"hall": HALL})
    log = history(run).log
    assert log
    assert first_difference(log, history(run).log or []) is None
