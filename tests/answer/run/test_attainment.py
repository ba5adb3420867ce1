"""The attainment table, from frames written by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.answer.finding import columns_of
from sim.answer.run.attainment import Attainment, median_date
from sim.config.schema import Run
from sim.study.worker import Worker
from tests.answers import Values, attainment_of, delays, frames, row_at
from tests.factory import baseline_run, settings, write_tables

START = dt.date(2016, 1, 1)
COLUMNS = tuple(columns_of(Attainment))


# ------------------------------------------------------------------------------------------- dates


def median(days: list[float]) -> str:
    date = median_date(np.array(days, dtype=float), START)
    return "" if date is None else date.isoformat()


def test_the_median_date_counts_never_as_infinitely_late() -> None:
    never = float("nan")
    assert median([10, 0, 20]) == "2016-01-11"
    assert median([0, 10, never]) == "2016-01-11"
    assert median([0, never, never]) == ""
    assert median([never]) == ""
    assert median([0, 0, 0]) == "2016-01-01"
    assert median([1826]) == "2020-12-31"


def test_by_the_median_date_half_have_attained() -> None:
    """With an even number the lower of the two middle dates: by then half of them have."""
    assert median([0, 10, 20, 30]) == "2016-01-11"
    assert median([0, 10, float("nan"), float("nan")]) == "2016-01-11"
    assert median([0, float("nan"), float("nan"), float("nan")]) == ""


# -------------------------------------------------------------------------------------- the table


@pytest.fixture(scope="module")
def plan_run() -> Run:
    return baseline_run(replications=10)


def table(
    run: Run, values: Values, *missing_units: tuple[int, str, str, int], **options: Any
) -> pd.DataFrame:
    found = attainment_of(run, frames(run, values, options.get("draws")), delays(*missing_units))
    return found.set_index(["target", "definition"])


def empty(cells: pd.DataFrame) -> bool:
    """Whether there is nothing in any cell of the written table."""
    return bool((cells.isna() | (cells == "")).all(axis=None))


def test_the_columns_are_those_of_the_contract(plan_run: Run) -> None:
    found = attainment_of(plan_run, frames(plan_run, {}), delays())
    assert tuple(found.columns) == COLUMNS == (
        "scenario", "target", "definition", "group", "label_zh", "label_en", "comparator", "goal",
        "unit", "kind", "modelled", "replications", "probability", "probability_low",
        "probability_high", "mean", "p05", "p50", "p95", "shortfall_mean", "promise_p80",
        "first_attained_p50", "held_back_by", "parameter_share",
    )  # fmt: skip
    assert set(found["scenario"]) == {"s"}


def test_one_row_by_hand(plan_run: Run) -> None:
    """Goal 20: six of ten reach it; the others lack 1, 2, 3 and 10."""
    values = {("demo_projects", ""): [20.0, 21, 19, 18, 25, 30, 17, 10, 22, 20]}
    row = row_at(table(plan_run, values), "demo_projects", "")
    assert row["replications"] == 10
    assert row["probability"] == 0.6
    assert (row["probability_low"], row["probability_high"]) == pytest.approx(
        (0.3127, 0.8318), abs=5e-5
    )
    assert row["mean"] == pytest.approx(20.2)
    assert row["p50"] == 20.0
    # One in twenty lies outside at either end: 0.45 of the way from the lowest to the next one, and
    # 0.55 of that from the second highest to the highest.
    assert (row["p05"], row["p95"]) == pytest.approx((10 + 0.45 * 7, 25 + 0.55 * 5))
    assert row["shortfall_mean"] == pytest.approx((1 + 2 + 3 + 10) / 10)
    assert row["promise_p80"] == 18.0  # 10, 17, 18: rank three of ten
    # First dates 0, 100, 400, 500, 800, 900 and never four times: the fifth of ten is day 800.
    assert row["first_attained_p50"] == (START + dt.timedelta(800)).isoformat()
    assert pd.isna(row["parameter_share"])
    assert (row["comparator"], row["goal"], row["kind"], row["modelled"]) == (
        ">=",
        20,
        "plan",
        True,
    )


def test_a_goal_to_exceed_is_not_met_by_equalling_it(plan_run: Run) -> None:
    values = {("municipal_bases", "promoted_count"): [200.0] * 5 + [201.0] * 5}
    row = row_at(table(plan_run, values), "municipal_bases", "promoted_count")
    assert row["probability"] == 0.5
    assert row["shortfall_mean"] == 0.0  # a distance, and 200 is at the goal


def test_both_readings_have_a_row_and_the_switch_says_which_counts(plan_run: Run) -> None:
    goal = {("full_time_staff", "broad"): [60_000.0] * 10}
    found = table(plan_run, goal)
    assert found.loc[("full_time_staff", "strict"), "probability"] == 0.0
    assert found.loc[("full_time_staff", "broad"), "probability"] == 1.0
    assert found.loc[("met_count:staff", ""), "mean"] == 0.0
    broad = settings(plan_run, {"definitions.full_time_staff": "broad"})
    assert table(broad, goal).loc[("met_count:staff", ""), "mean"] == 1.0


def test_unmodelled_targets_are_listed_without_numbers(plan_run: Run) -> None:
    found = table(plan_run, {})
    assert set(found.index.get_level_values("target")) >= set(plan_run.plan.targets)
    for name, target in plan_run.plan.targets.items():
        rows = found.loc[[name]]
        assert len(rows) == (1 if target.definition is None or name == "district_venues" else 2)
        assert (rows["modelled"] == target.modelled).all()
        if not target.modelled:
            assert empty(rows[list(COLUMNS[11:])])  # replications and what follows
            assert (rows["goal"] == target.goal).all()


def counting(run: Run, group: str | None = None) -> list[str]:
    return [
        name
        for name, t in run.plan.targets.items()
        if t.modelled and t.kind == "plan" and group in (None, t.group)
    ]


def around(run: Run, name: str, *, met: bool) -> float:
    """A value beside the goal of a target, on the side that meets it or on the other."""
    target = run.plan.targets[name]
    return target.goal + (1.0 if met == (target.comparator != "<") else -1.0)


def reading_of(run: Run, name: str) -> str:
    definition = run.plan.targets[name].definition
    if definition is None:
        return ""
    readings = run.plan.definitions[definition].readings
    return next(r for r, m in readings.items() if m.switch == run.definitions[definition])


def test_joint_rows_hold_when_all_hold_together(plan_run: Run) -> None:
    """Every target is met in nine of ten replications, each of them in others: together in eight.

    The first half of the targets fails in replication 0, the second in replication 1.
    """
    names = counting(plan_run)
    values: Values = {}
    for i, name in enumerate(names):
        fails = 0 if i < len(names) // 2 else 1
        values[name, reading_of(plan_run, name)] = [
            around(plan_run, name, met=r != fails) for r in range(10)
        ]
    found = table(plan_run, values)
    assert found.loc[("all", ""), "probability"] == 0.8
    assert found.loc[("all", ""), "goal"] == len(names)
    half = len(names) // 2
    counts = [len(names) - half] + [half] + [len(names)] * 8
    assert found.loc[("met_count", ""), "mean"] == pytest.approx(np.mean(counts))
    assert found.loc[("met_count", ""), "p50"] == len(names)
    assert pd.isna(row_at(found, "met_count", "")["probability"])
    assert pd.isna(row_at(found, "all", "")["mean"])


def test_joint_rows_of_groups_with_modelled_targets_and_of_no_others(plan_run: Run) -> None:
    found = table(plan_run, {})
    with_rows = {group for group in plan_run.plan.groups if counting(plan_run, group)}
    assert with_rows
    for group in plan_run.plan.groups:
        for key in ("all", "met_count"):
            assert ((f"{key}:{group}", "") in found.index) == (group in with_rows)
    for group in with_rows:
        assert found.loc[(f"met_count:{group}", ""), "goal"] == len(counting(plan_run, group))
        assert found.loc[(f"all:{group}", ""), "group"] == group


def test_goals_of_our_own_are_left_out_of_joint_rows(plan_run: Run) -> None:
    """Whether demo_projects is met or not changes nothing in the joint rows, only its own row."""
    for kind in ("operationalised", "diagnostic"):
        ours = settings(plan_run, {"plan.targets.demo_projects.kind": kind})
        missed = table(ours, {})
        met = table(ours, {("demo_projects", ""): [20.0] * 10})
        assert missed.loc[("all", ""), "goal"] == len(counting(plan_run)) - 1
        group = f"met_count:{plan_run.plan.targets['demo_projects'].group}"
        for row in ("all", "met_count", group):
            pd.testing.assert_frame_equal(
                missed.loc[[(row, "")]], met.loc[[(row, "")]], check_dtype=False
            )
        assert met.loc[("demo_projects", ""), "probability"] == 1.0
        assert met.loc[("demo_projects", ""), "kind"] == kind


def test_a_group_whose_modelled_targets_are_all_our_own_has_no_joint_row(plan_run: Run) -> None:
    staff = counting(plan_run, "staff")
    kinds = ("operationalised", "diagnostic")
    ours = settings(
        plan_run, {f"plan.targets.{name}.kind": kinds[i % 2] for i, name in enumerate(staff)}
    )
    found = table(ours, {})
    assert ("all:staff", "") not in found.index
    assert ("met_count:staff", "") not in found.index
    assert found.loc[("all", ""), "goal"] == len(counting(plan_run)) - len(staff)


def test_a_plan_without_a_target_that_decides_has_no_joint_row(plan_run: Run) -> None:
    ours = settings(
        plan_run,
        {f"plan.targets.{name}.kind": "diagnostic" for name in counting(plan_run)},
    )
    found = table(ours, {})
    assert not [name for name, _ in found.index if name.startswith(("all", "met_count"))]


def test_only_the_reading_that_counts_enters_joint_rows(plan_run: Run) -> None:
    """Everything is met except the readings that do not count: all targets hold."""
    values = {
        (name, reading_of(plan_run, name)): [around(plan_run, name, met=True)] * 10
        for name in counting(plan_run)
    }
    found = table(plan_run, values)
    assert found.loc[("all", ""), "probability"] == 1.0
    assert found.loc[("met_count", ""), "p05"] == len(counting(plan_run))


def test_joint_rows_follow_the_contract(plan_run: Run) -> None:
    """Order: all, all by group, met_count, met_count by group; which columns are filled."""
    groups = [group for group in plan_run.plan.groups if counting(plan_run, group)]
    names = [
        f"{key}{tail}" for key in ("all", "met_count") for tail in ("", *(f":{g}" for g in groups))
    ]
    found = table(plan_run, {}).reset_index()
    joint = found.iloc[-len(names) :]
    assert joint["target"].tolist() == names
    assert (joint["definition"] == "").all()
    assert (joint["kind"] == "plan").all()
    assert joint["modelled"].astype(bool).all()
    assert (joint["replications"] == 10).all()
    assert joint["label_zh"].is_unique
    assert joint["label_en"].is_unique
    together = joint["target"].str.startswith("all")
    chances = ["probability", "probability_low", "probability_high"]
    spread = ["mean", "p05", "p50", "p95"]
    assert joint.loc[together, chances].notna().all(axis=None)
    assert joint.loc[together, spread].isna().all(axis=None)
    assert joint.loc[~together, spread].notna().all(axis=None)
    assert joint.loc[~together, [*chances, "parameter_share"]].isna().all(axis=None)
    for column in ("shortfall_mean", "promise_p80", "first_attained_p50", "held_back_by"):
        assert empty(joint[[column]]), column


def test_shared_draws_widen_the_interval_and_give_the_parameter_share(plan_run: Run) -> None:
    """Five draws of two that agree: the uncertainty is all the parameters', ten count as five."""
    values = {("demo_projects", ""): [30.0, 30, 0, 0, 30, 30, 0, 0, 30, 30]}
    alone = row_at(table(plan_run, values), "demo_projects", "")
    drawn = table(plan_run, values, draws=[0, 0, 1, 1, 2, 2, 3, 3, 4, 4])
    shared = row_at(drawn, "demo_projects", "")
    assert shared["parameter_share"] == 1.0
    assert shared["probability"] == alone["probability"] == 0.6
    # Wilson with 3 of 5.
    assert (shared["probability_low"], shared["probability_high"]) == pytest.approx(
        (0.2307, 0.8824), abs=5e-5
    )
    assert shared["probability_high"] - shared["probability_low"] > (
        alone["probability_high"] - alone["probability_low"]
    )


# ------------------------------------------------------------------------- what held a target back


def test_only_replications_that_miss_the_target_count(plan_run: Run) -> None:
    values = {("demo_projects", ""): [20.0] * 9 + [3.0]}
    found = table(
        plan_run, values,
        (0, "demo_projects", "money", 900), (9, "demo_projects", "staff", 1),
        (9, "content_bases", "crew", 50),
    )  # fmt: skip
    assert found.loc[("demo_projects", ""), "held_back_by"] == "staff"


def test_a_target_that_is_always_met_was_held_back_by_nothing(plan_run: Run) -> None:
    values = {("demo_projects", ""): [20.0] * 10}
    found = table(plan_run, values, (0, "demo_projects", "money", 9))
    assert found.loc[("demo_projects", ""), "held_back_by"] == ""


def test_districts_add_up(plan_run: Run) -> None:
    found = table(
        plan_run, {},
        (0, "demo_projects", "money", 2), (0, "demo_projects", "money", 2),
        (0, "demo_projects", "staff", 3),
    )  # fmt: skip
    assert found.loc[("demo_projects", ""), "held_back_by"] == "money"


def test_the_reasons_of_a_reading_are_its_own(plan_run: Run) -> None:
    found = table(
        plan_run, {},
        (0, "full_time_staff", "unmet:attrition", 2),
        (0, "full_time_staff:broad", "unmet:no_candidate", 5),
    )  # fmt: skip
    assert found.loc[("full_time_staff", "strict"), "held_back_by"] == "unmet:attrition"
    assert found.loc[("full_time_staff", "broad"), "held_back_by"] == "unmet:no_candidate"


def test_a_title_that_is_missing_under_both_readings_counts_once_for_each(plan_run: Run) -> None:
    """The programme and the target are both called district_bases: the rows of the reading that
    counts carry that name, those of the other one the name with its reading, all causes included.
    """
    found = table(
        plan_run, {},
        (0, "district_bases", "unproposed:pace", 3),
        (0, "district_bases", "unmet:panel", 2),
        (0, "district_bases:promoted_leave", "unproposed:pace", 3),
        (0, "district_bases:promoted_leave", "unmet:panel", 2),
        (0, "district_bases:promoted_leave", "unmet:promoted", 2),
    )  # fmt: skip
    assert found.loc[("district_bases", "promoted_count"), "held_back_by"] == "unproposed:pace"
    assert found.loc[("district_bases", "promoted_leave"), "held_back_by"] == "unproposed:pace"
    switched = settings(plan_run, {"definitions.promoted_base_counts": False})
    found = table(
        switched, {},
        (0, "district_bases", "unmet:promoted", 2), (0, "district_bases", "unmet:panel", 1),
        (0, "district_bases:promoted_count", "unmet:panel", 1),
    )  # fmt: skip
    assert found.loc[("district_bases", "promoted_leave"), "held_back_by"] == "unmet:promoted"
    assert found.loc[("district_bases", "promoted_count"), "held_back_by"] == "unmet:panel"


# -------------------------------------------------------------------------------- of a real folder


def test_the_table_of_a_written_folder(
    real_run: Run, tmp_path_factory: pytest.TempPathFactory
) -> None:
    run = settings(real_run, replications=6)
    worker = Worker(run)
    results = worker.chunk(range(6))
    path = tmp_path_factory.mktemp("folder")
    write_tables(path, worker, (0, 6, results))
    found = attainment_of(
        run, pd.read_parquet(path / "targets.parquet"), pd.read_parquet(path / "delays.parquet")
    ).set_index(["target", "definition"])
    met = []
    for i, row in enumerate(worker.layout.rows):
        line = row_at(found, row.target, row.reading)
        assert line["probability"] == results.attained[:, i].mean()
        assert line["mean"] == pytest.approx(results.values[:, i].mean())
        assert (line["held_back_by"] != "") == (not results.attained[:, i].all()), row.indicator
        if row.counts and row.spec.kind == "plan":
            met.append(results.attained[:, i])
    counted = np.stack(met)
    assert found.loc[("all", ""), "probability"] == counted.all(axis=0).mean()
    assert found.loc[("met_count", ""), "mean"] == pytest.approx(counted.sum(axis=0).mean())
