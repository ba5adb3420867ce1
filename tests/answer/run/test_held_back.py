"""What held the missed targets back, from frames written by hand."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import pytest

from sim.answer.finding import columns_of
from sim.answer.run.held_back import HeldBack, leading_stage
from sim.config.schema import Run
from sim.study.worker import Worker
from tests.answers import Values, attainment_of, frames, held_back_of, row_at
from tests.factory import baseline_run, settings, write_tables

COLUMNS = tuple(columns_of(HeldBack))

# --------------------------------------------------------------------------- the leading stage


def leader(*rows: tuple[str, int]) -> str:
    sums: Counter[str] = Counter()
    for stage, count in rows:
        sums[stage] += count
    return leading_stage(sums)


def test_the_largest_number_of_missing_units_names_what_held_it_back() -> None:
    assert leader(("money", 2), ("staff", 5), ("money", 4)) == "money"
    assert leader(("money", 2), ("staff", 5)) == "staff"
    assert leader() == ""
    assert leader(("money", 0)) == ""


ORDER = [
    "unproposed:not_yet_allowed", "unproposed:no_round", "unproposed:pace",
    "unproposed:money_in_sight", "review", "money", "crew", "building", "staff", "calendar",
    "unmet:panel",
]  # fmt: skip


@pytest.mark.parametrize("position", range(len(ORDER) - 1))
def test_ties_go_to_the_earlier_stage(position: int) -> None:
    earlier, later = ORDER[position], ORDER[position + 1]
    assert leader((later, 3), (earlier, 3)) == earlier
    assert leader((later, 4), (earlier, 3)) == later


def test_ties_between_unknown_stages_do_not_depend_on_the_order_of_rows() -> None:
    rows = [("unmet:panel", 1), ("unmet:eligibility", 1)]
    assert leader(*rows) == leader(*rows[::-1])


# --------------------------------------------------------------------------- the table


@pytest.fixture(scope="module")
def plan_run() -> Run:
    return baseline_run(replications=10)


Row = tuple[int, str, str, int, int, int]


def ledger(*rows: Row) -> pd.DataFrame:
    """delays.parquet: replication, programme, stage, missing, excess days, standing."""
    names = ["replication", "programme", "stage", "missing", "excess_days", "standing"]
    return pd.DataFrame(rows, columns=names)


def table(run: Run, values: Values, *rows: Row) -> pd.DataFrame:
    found = held_back_of(run, frames(run, values), ledger(*rows))
    assert tuple(found.columns) == COLUMNS
    return found.set_index(["target", "definition"])


def test_the_columns_are_those_of_the_contract(plan_run: Run) -> None:
    assert COLUMNS == (
        "scenario", "target", "definition", "label_zh", "label_en", "missed", "units_stage",
        "units_mean", "days_stage", "days_mean", "standing_stage", "standing_mean",
    )  # fmt: skip
    found = table(plan_run, {})
    assert set(found["scenario"]) == {"s"}
    target = plan_run.plan.targets["demo_projects"]
    row = row_at(found, "demo_projects", "")
    assert (row["label_zh"], row["label_en"]) == (target.name.zh, target.name.en)


def test_one_row_by_hand(plan_run: Run) -> None:
    """Missed in two of ten. Units: money 5 against staff 4; days: staff; standing: building."""
    values = {("demo_projects", ""): [20.0] * 8 + [17.0, 14.0]}
    found = table(
        plan_run, values,
        (8, "demo_projects", "money", 3, 30, 0), (9, "demo_projects", "money", 2, 20, 1),
        (8, "demo_projects", "staff", 0, 400, 0), (9, "demo_projects", "staff", 4, 150, 1),
        (9, "demo_projects", "building", 0, 10, 3),
        (0, "demo_projects", "review", 99, 9999, 9),  # a history that meets the target
        (9, "content_bases", "crew", 99, 9999, 9),  # another target
    )  # fmt: skip
    row = row_at(found, "demo_projects", "")
    assert row["missed"] == 0.2
    assert (row["units_stage"], row["units_mean"]) == ("money", 2.5)
    assert (row["days_stage"], row["days_mean"]) == ("staff", 275.0)
    assert (row["standing_stage"], row["standing_mean"]) == ("building", 1.5)


def test_districts_and_programmes_of_a_target_add_up(plan_run: Run) -> None:
    """community_rooms made the target of a second programme."""
    run = settings(plan_run, {"plan.programmes.science_windows.target": "community_rooms"})
    found = table(
        run, {},
        (0, "community_rooms", "money", 2, 10, 0), (0, "community_rooms", "money", 2, 10, 0),
        (0, "science_windows", "money", 4, 20, 1), (0, "science_windows", "staff", 7, 30, 0),
    )  # fmt: skip
    row = row_at(found, "community_rooms", "")
    assert (row["units_stage"], row["units_mean"]) == ("money", 0.8)
    assert (row["days_stage"], row["days_mean"]) == ("money", 4.0)
    assert (row["standing_stage"], row["standing_mean"]) == ("money", 0.1)


def test_a_reading_has_its_own_units_and_the_same_projects(plan_run: Run) -> None:
    found = table(
        plan_run, {},
        (0, "district_bases", "unmet:panel", 2, 0, 0), (0, "district_bases", "money", 0, 50, 3),
        (0, "district_bases:promoted_leave", "unmet:promoted", 9, 0, 0),
    )  # fmt: skip
    for reading, stage in (("promoted_count", "unmet:panel"), ("promoted_leave", "unmet:promoted")):
        row = row_at(found, "district_bases", reading)
        assert row["units_stage"] == stage
        assert (row["days_stage"], row["days_mean"]) == ("money", 5.0)
        assert (row["standing_stage"], row["standing_mean"]) == ("money", 0.3)


def test_a_reading_has_its_own_units_where_it_has_any_and_those_of_the_projects_elsewhere(
    plan_run: Run,
) -> None:
    """Nobody planned for the wide reading: in one history that alone explains what is missing."""
    own = (0, "community_coverage:wide", "unmet:not_planned", 2, 0, 0)
    rows = [(number, "community_coverage", "money", 1, 0, 0) for number in range(10)]
    found = table(plan_run, {}, own, *rows)
    row = row_at(found, "community_coverage", "wide")
    assert (row["units_stage"], row["units_mean"]) == ("money", 0.9)


def test_what_is_always_met_or_not_modelled_has_no_row(plan_run: Run) -> None:
    found = table(plan_run, {("demo_projects", ""): [20.0] * 10})
    assert ("demo_projects", "") not in found.index
    modelled = {name for name, target in plan_run.plan.targets.items() if target.modelled}
    assert {name for name, _ in found.index} == modelled - {"demo_projects"}


def test_a_target_that_nothing_explains_has_empty_stages(plan_run: Run) -> None:
    row = row_at(table(plan_run, {}), "demo_projects", "")
    assert row["missed"] == 1.0
    for count in ("units", "days", "standing"):
        assert row[f"{count}_stage"] == ""
        assert pd.isna(row[f"{count}_mean"])


# --------------------------------------------------------------------------- of a real folder


def test_it_says_the_same_as_the_attainment_table(
    real_run: Run, tmp_path_factory: pytest.TempPathFactory
) -> None:
    run = settings(real_run, replications=4)
    worker = Worker(run)
    path = tmp_path_factory.mktemp("folder")
    write_tables(path, worker, (0, 4, worker.chunk(range(4))))
    targets, ledger = (pd.read_parquet(path / f"{name}.parquet") for name in ("targets", "delays"))
    keys = ["target", "definition"]
    rows = attainment_of(run, targets, ledger).set_index(keys)
    found = held_back_of(run, targets, ledger).set_index(keys)
    missed = rows[(rows["probability"] < 1.0) & (rows["comparator"] != "")]
    assert found.index.tolist() == missed.index.tolist()
    assert found["units_stage"].tolist() == missed["held_back_by"].tolist()
    assert found["missed"].tolist() == pytest.approx((1.0 - missed["probability"]).tolist())
    own = ledger[(ledger["programme"] == "district_venues") & (ledger["stage"] == "money")]
    row = row_at(found, "district_venues", "")
    assert row["missed"] == 1.0  # so all replications count
    if row["days_stage"] == "money":
        assert row["days_mean"] == own["excess_days"].sum() / 4
