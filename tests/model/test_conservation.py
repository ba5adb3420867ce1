"""What is never lost: money, projects and days, in any plan under any scenario.

``simulate`` audits itself and raises; the tests count again, from the ledger and the event log
alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as budget_of
from hypothesis import strategies as st

from sim.config.schema import Run
from sim.model.city import simulate
from sim.model.kernel.streams import Streams
from sim.model.record import Outcome
from sim.study.worker import Worker
from tests.eventlog import HORIZON, Story, spells, stories
from tests.factory import history, layout_of, settings
from tests.strategies import cases

PASS_THROUGH = {"treasury:city", "treasury:districts", "treasury:social"}
NEXT = {
    "proposed": {"review begun", "contracted", "withdrawn"},
    "review begun": {"sent back", "reviewed", "withdrawn"},
    "sent back": {"review begun", "withdrawn"},
    "reviewed": {"contracted", "withdrawn"},
    "contracted": {"crew arrived", "built"},
    "crew arrived": {"built"},
    "built": {"completion paid"},
    "completion paid": {"staffed", "opened"},
    "staffed": {"opened"},
    "withdrawn": {"proposed"},
    "opened": set(),
}


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("districts")


# -------------------------------------------------------------------------------- what is checked


def check_money(run: Run, outcome: Outcome) -> None:
    balance: dict[tuple[str, int], int] = defaultdict(int)
    authorised = {"source:social": run.budget.social_total}
    released: dict[str, int] = defaultdict(int)
    for year in range(5):
        for y, *ends, yuan, place in outcome.ledger.rows():
            if y == year:
                assert isinstance(yuan, int)
                assert yuan > 0
                for end, sign in zip(ends, (-1, 1), strict=True):
                    balance[end, place if end.startswith("district:") else -1] += sign * yuan
                released[ends[0]] += yuan if ends[0].startswith("source:") else 0
        assert sum(balance.values()) == 0
        for (account, place), yuan in balance.items():
            # Year by year nothing is spent that had not been released.
            assert yuan >= 0 or account.startswith("source:"), f"{account} @ {place}: {yuan}"
            assert yuan == 0 or account not in PASS_THROUGH, f"{account} kept {yuan}"
    public = sum(yuan for source, yuan in released.items() if source not in authorised)
    assert public <= run.budget.public_total
    assert released["source:social"] <= run.budget.social_total
    check_money_series(run, outcome, balance)


def check_money_series(run: Run, outcome: Outcome, balance: Mapping[tuple[str, int], int]) -> None:
    """What was received, spent and left at the end is what the ledger says, by group and place."""
    layout = layout_of(run)
    spent: Counter[tuple[str, int]] = Counter()
    for _, payer, payee, yuan, place in outcome.ledger.rows():
        level, _, rest = payer.partition(":")
        if level in ("city", "district") and not payee.startswith(("treasury:", "returned")):
            spent[rest.partition(":")[0], place] += yuan
    left: Counter[tuple[str, int]] = Counter()
    for (account, place), yuan in balance.items():
        level, group, *_ = [*account.split(":"), ""]
        left[group, place] += yuan if level in ("city", "district") else 0
    if not layout.city_indicators:
        return
    city = dict(zip(layout.city_indicators, outcome.city_series[-1].tolist(), strict=True))
    for group in run.allocation.group_shares:
        everywhere = range(-1, len(layout.places))
        assert city[f"spent:{group}"] == sum(spent[group, place] for place in everywhere)
        assert city[f"received:{group}"] - city[f"spent:{group}"] == sum(
            left[group, place] for place in everywhere
        )
    for i, indicator in enumerate(layout.district_indicators):
        what, _, group = indicator.partition(":")
        values = outcome.district_series[-1, :, i].tolist()
        places = range(len(layout.places))
        if what == "spent":
            assert values == [spent[group, place] for place in places]
        if what == "balance":
            assert values == [left[group, place] for place in places]
        if what == "received":
            assert values == [spent[group, place] + left[group, place] for place in places]


def check_projects(outcome: Outcome) -> dict[str, Story]:
    told = stories(outcome.log)
    proposed = sum(len(story.days("proposed")) for story in told.values())
    withdrawn = sum(len(story.days("withdrawn")) for story in told.values())
    opened = sum(story.last == "opened" for story in told.values())
    under_way = sum(story.last not in ("opened", "withdrawn") for story in told.values())
    assert proposed == opened + under_way + withdrawn
    for story in told.values():
        names = [name for *_, name, _ in story.events]
        assert names[0] == "proposed"
        for before, after in pairwise(names):
            assert after in NEXT[before], f"{story.key}: {after} after {before}"
    return told


def check_days(run: Run, outcome: Outcome, told: dict[str, Story]) -> None:
    """The delay ledger is what the log tells, stage by stage, and sums to each project's total."""
    places = [str(code) for code in layout_of(run).places]
    expected: dict[tuple[int, str, str], int] = defaultdict(int)
    total = 0
    for story in told.values():
        last = story.day("opened") if story.last == "opened" else HORIZON
        parts = spells(run, story)
        assert sum(end - begin for _, begin, end in parts) == last - story.days("proposed")[0]
        total += last - story.days("proposed")[0]
        for stage, begin, end in parts:
            expected[places.index(story.place), story.programme, stage] += end - begin
    booked = {
        (place, programme, stage): days
        for place, programme, stage, days, *_ in outcome.delays
        if not stage.startswith("unmet:")
    }
    assert {k: d for k, d in booked.items() if d} == {k: d for k, d in expected.items() if d}
    assert sum(days for _, _, _, days, *_ in outcome.delays) == total


def check_standing(outcome: Outcome, told: dict[str, Story]) -> None:
    unfinished = sum(story.last != "opened" for story in told.values())
    assert sum(standing for *_, standing, _ in outcome.delays) == unfinished


def check_quota(run: Run, outcome: Outcome, told: dict[str, Story]) -> None:
    """Open units, units of unfinished projects and unproposed units are the whole quota.

    For programmes delivered one by one towards a goal of their own, where the quota is known.
    """
    for name, programme in run.plan.programmes.items():
        target = run.plan.targets[programme.target]
        if target.measure != "new" or programme.cohort != 1:
            continue
        gap = target.goal * (1.0 + run.planning.margin)
        quota = int(-(-(gap - 1e-9) // 1))
        own = [story for story in told.values() if story.programme == name]
        opened = sum(story.last == "opened" for story in own)
        missing = sum(
            m for _, p, stage, *_, m in outcome.delays if p == name and "unmet" not in stage
        )
        assert opened + missing == quota


def check_missing(run: Run, outcome: Outcome) -> None:
    """Every missing title and person is missing for one reason: they sum to what is short."""
    for row, value in zip(layout_of(run).rows, outcome.values.tolist(), strict=True):
        measure = row.spec.measured_by
        if measure is None or not (
            measure.type == "ladder" or (measure.type == "staff" and measure.count == "persons")
        ):
            continue
        needed = row.spec.goal + (1 if row.spec.comparator == ">" else 0)
        name = row.target if row.counts else row.indicator
        reasons = {s: m for _, p, s, *_, m in outcome.delays if p == name and m}
        counted = sum(m for _, p, _, *_, m in outcome.delays if p == name)
        assert counted == max(0, needed - value), f"{row.indicator}: {reasons}"


def check(run: Run, outcome: Outcome) -> None:
    check_missing(run, outcome)
    check_money(run, outcome)
    told = check_projects(outcome)
    check_days(run, outcome, told)
    check_standing(outcome, told)
    check_quota(run, outcome, told)


# ------------------------------------------------------------------------------ where it is checked


@budget_of(max_examples=80)
@given(data=st.data())
def test_nothing_is_lost_in_any_small_plan(data: st.DataObject, tables: Path) -> None:
    run = data.draw(cases(tables, record="full")).run
    check(run, history(run))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"budget.public_total": 0, "budget.social_total": 0},
        {"budget.queue": "backfill", "budget.carry_over": 0.0},
        {"budget.public_total": 10**11, "planning.pace": 1.0},
        {"allocation.rule": "need", "allocation.reallocation.threshold": 0.0},
        {"definitions.urban_community": "wide", "definitions.district_venue": "museum"},
    ],
    ids=["baseline", "zero", "backfill", "huge", "need", "other readings"],
)
def test_nothing_is_lost_in_the_real_plan(real_run: Run, changes: dict[str, object]) -> None:
    run = settings(real_run, changes, record="full")
    check(run, history(run, replication=3))


def test_the_recording_level_changes_no_result(real_run: Run) -> None:
    outcomes = {}
    for record in ("targets", "city", "full"):
        worker = Worker(settings(real_run, record=record))
        outcomes[record] = worker.replicate(1)
    assert outcomes["full"].delays
    for outcome in outcomes.values():
        assert outcome.values.tolist() == outcomes["full"].values.tolist()
        assert outcome.first_attained.tolist() == outcomes["full"].first_attained.tolist()
        assert outcome.delays == outcomes["full"].delays


def test_looking_on_changes_nothing(real_run: Run, real_worker: Worker) -> None:
    arguments = (
        real_worker.plan, real_worker.scenario, real_worker.draw(2), Streams(real_run.seed, 2)
    )  # fmt: skip
    silent, traced = simulate(*arguments), simulate(*arguments, trace=True)
    assert silent.log is None
    assert traced.log
    assert traced.values.tolist() == silent.values.tolist()
    assert traced.ledger.rows() == silent.ledger.rows()
    assert traced.delays == silent.delays
    assert traced.events == silent.events
