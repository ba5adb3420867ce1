"""Verdicts by hand-made curves, tests of harm by money, shared confirmations, names of subjects."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from experiments.minimum_budget.findings import curves_of, smallest_budgets
from experiments.minimum_budget.search import Aim, Found, Observed, confirmations, judge
from experiments.minimum_budget.subjects import met_by, subjects_of
from sim.answer.row import Row
from sim.config.errors import ConfigError
from sim.config.schema import Run
from sim.stats.crossing import Curves, Root, Scale, falls
from sim.stats.intervals import wilson
from sim.study.worker import Worker
from tests.refusals import told_alike

N = 100
BUDGETS = (0, 250, 500, 1000, 64_000)


def subject(target: str, definition: str = "") -> Row:
    name = {"zh": "甲", "en": "A"}
    return Row(target, definition, "g", name, None, ">=", 1.0, name, "plan", True, True,
               ((target, definition),))  # fmt: skip


def curve(*shares: float) -> list[float]:
    assert len(shares) == len(BUDGETS)
    return list(shares)


def observed(shares: Sequence[float]) -> Observed:
    """Replication r of a hundred meets a row whose share is above r in a hundred."""
    met = np.arange(N)[:, None] < N * np.array(shares)[None, :] - 1e-9
    return Observed(met, np.arange(N))


def aim(scale: Scale) -> Aim:
    return Aim(0.8, 0.1, N, N, 0, 0, scale, 1)


def found(*rows: Sequence[float], nothing: Sequence[float] = ()) -> Found:
    met = np.stack([observed(column).met for column in np.array(rows).T], axis=1)
    curves = Curves(np.array(BUDGETS), met, np.ones(met.shape[:2], dtype=bool), np.arange(N))
    return judge(curves, observed(nothing or [0.0] * len(rows)), aim(Scale(250.0)))


@pytest.mark.parametrize(
    ("nothing", "shares", "expected"),
    [
        (0.95, curve(0.95, 0.95, 0.95, 0.95, 0.95), ("met_anyway", "")),
        (0.20, curve(0.95, 0.95, 0.95, 0.95, 0.95), ("social_enough", "")),
        (0.00, curve(0.00, 0.20, 0.60, 0.95, 1.00), ("money_bound", "")),
        (0.00, curve(0.00, 0.20, 0.60, 0.60, 0.60), ("out_of_reach", "")),
        (0.00, curve(0.00, 0.20, 0.60, 0.78, 0.82), ("undecided", "maximum")),
        (0.78, curve(0.80, 0.80, 0.85, 0.90, 0.95), ("undecided", "nothing")),
        (0.00, curve(0.00, 0.20, 0.95, 0.60, 0.50), ("money_bound", "")),
    ],
)  # fmt: skip
def test_verdicts(nothing: float, shares: list[float], expected: tuple[str, str]) -> None:
    assert found(shares, nothing=[nothing]).verdicts == [expected]


def test_harm_by_money_is_seen_where_it_is_sure() -> None:
    rows = found(
        curve(0.0, 0.2, 0.95, 0.6, 0.5),
        curve(0.0, 0.2, 0.95, 0.93, 0.92),
        curve(0.0, 0.2, 0.6, 0.9, 1.0),
    )
    assert [falls(rows.curves, row) for row in range(3)] == [True, False, False]
    assert rows.last.tolist() == [2, 4, 4]


def test_no_harm_is_seen_where_there_is_none(seed: int) -> None:
    # 300 flat curves with numbers of their own at every budget: at most 5 % may be taken for a fall
    met = np.random.default_rng(seed).random((200, 6, 300)) < 0.7
    curves = Curves(np.arange(6), met, np.ones((200, 6), dtype=bool), np.arange(200))
    alarms = np.mean([falls(curves, row) for row in range(300)])
    assert alarms <= 0.05 + 3.0 * np.sqrt(0.05 * 0.95 / 300)


def test_confirmations_are_shared_within_intervals() -> None:
    scale = Scale(1.0)
    yuan = np.array([[100, 104, 110], [104, 108, 113], [112, 114, 120], [5000, 5112, 6000]])
    low, at, high = scale.position(yuan).T
    own = found(*[curve(0, 0, 0, 0, 1)] * 4)
    root = Root(low, at, high, high - low)
    own = Found(own.curves, own.nothing, root, own.last, aim(scale))
    assert confirmations(own, [0, 1, 2, 3]) == {0: 108, 1: 108, 2: 114, 3: 5120}
    assert confirmations(own, [2]) == {2: 114}
    assert confirmations(own, []) == {}


def test_the_tables_say_what_was_found() -> None:
    subjects = [subject("a"), subject("b", "core")]
    rows = found(curve(0.0, 0.2, 0.6, 0.9, 1.0), curve(0.0, 0.0, 0.0, 0.1, 0.1))
    confirmed = {0: (900, observed([0.5, 0.0]))}
    a, b = smallest_budgets(subjects, rows, 1000, confirmed, {1: ("b", "money")})
    assert (a.row, b.row) == tuple(subjects)
    assert (a.verdict, b.verdict) == ("money_bound", "out_of_reach")
    assert a.budget is not None
    assert a.budget_low is not None
    assert a.budget_high is not None
    assert 500 <= a.budget_low <= a.budget <= a.budget_high <= 1000
    assert a.probability_base == 0.9
    assert a.probability_zero == 0.0
    assert a.confirmed_probability == 0.5
    assert a.consistent is False
    assert b.budget is None
    assert (b.binding_stage, b.binding_zh, b.binding_en) == ("money", "等资金", "money")
    assert a.replications == b.replications == N * (len(BUDGETS) + 1)
    points = [*curves_of(subjects, rows)]
    assert [point.probability for point in points[:5]] == [0.0, 0.2, 0.6, 0.9, 1.0]
    assert [point.fit for point in points[5:]] == pytest.approx([0.0, 0.0, 0.0, 0.1, 0.1])


@pytest.mark.parametrize(
    ("share", "consistent"), [(0.65, False), (0.75, True), (0.80, True), (0.99, True)]
)
def test_a_confirmation_agrees_unless_its_interval_lies_below_the_level(
    share: float, consistent: bool
) -> None:
    """The level is 80 %. Of a hundred, 65 have an interval up to 74 %, 75 one from 66 to 82 %."""
    rows = found(curve(0.0, 0.2, 0.6, 0.9, 1.0))
    (own,) = smallest_budgets([subject("a")], rows, 1000, {0: (900, observed([share]))}, {})
    assert own.consistent == consistent
    assert (own.confirmed_low, own.confirmed_high) == wilson(round(100 * share), 100)


def test_a_joint_subject_is_met_where_all_members_are() -> None:
    attained = np.array([[True, True, False], [True, False, True]])
    assert met_by(attained, [(0,), (0, 1)]).tolist() == [[True, True], [True, False]]


def test_subjects_are_those_of_the_plan(real_run: Run) -> None:
    rows, config = Worker(real_run).layout.rows, real_run.model_dump(mode="json")
    keys = [(row.target, row.reading) for row in rows]
    every = subjects_of(keys, config)
    judged = [row for row in rows if row.counts and row.spec.kind == "plan"]
    groups = {row.spec.group for row in judged}
    assert len(every) == len(judged) + 1 + len(groups)
    assert len(every[len(judged)].members) == len(judged)
    broad = subjects_of(keys, config, ["firms:broad", "firms", "all:staff"])
    assert [row.indicator for row in broad] == ["firms:core", "firms:broad", "all:staff"]
    chosen = subjects_of(keys, config, ["experts"], ["full_time_staff:broad", "community_rooms"])
    assert [row.indicator for row in chosen] == [
        "community_rooms", "experts", "full_time_staff:broad", "together",
    ]  # fmt: skip
    assert chosen[-1].members == (("full_time_staff", "broad"), ("community_rooms", ""))
    assert chosen[-1].name["en"] == "The 2 chosen targets together"
    with pytest.raises(ConfigError, match="twice"):
        subjects_of(keys, config, ["firms", "firms:core"])
    with pytest.raises(ConfigError, match="no such target"):
        subjects_of(keys, config, ["firm"])


@pytest.mark.parametrize(
    ("second", "words"),
    [
        ("expert", "no such target"),
        ("all:staff", "no such target"),
        ("firms", "named twice"),
        ("firms:core", "named twice"),
        ("firms:broad", "two readings"),
        ("literacy_regional_gap", "diagnostic"),
    ],
)
def test_targets_that_cannot_be_met_together_are_refused(
    real_run: Run, second: str, words: str
) -> None:
    keys = [(row.target, row.reading) for row in Worker(real_run).layout.rows]
    with pytest.raises(ConfigError, match=words) as caught:
        subjects_of(keys, real_run.model_dump(mode="json"), None, ["firms", second])
    assert caught.value.key == "study.together.1"
    told_alike(caught.value)
