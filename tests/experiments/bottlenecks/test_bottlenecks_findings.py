"""Lifting constraints: only the one that binds gains, and tables say what was computed by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from experiments.bottlenecks.findings import TOGETHER, Binding, ReliefComparison, ReliefGain
from sim.answer.row import Config
from sim.config.schema import Run
from sim.stats.paired import paired_difference, paired_mean
from sim.study.tables import Results, Tables
from sim.words import Label
from tests.answers import row_at, table_of
from tests.factory import fixed, history, layout_of, ledger_parts, micro_run, settings

STAGES = {
    "money": "money", "unproposed:money_in_sight": "money", "review": "review", "crew": "crews",
    "staff": "staff", "unproposed:pace": "calendar",
}  # fmt: skip
RELIEFS: dict[str, dict[str, Any]] = {
    "money": {"budget.public_total": 10**13},
    "review": {"parameters.review_panels": fixed(10**6)},
    "crews": {"parameters.crews_z": fixed(10**6)},
    "staff": {"parameters.free_trained_share": fixed(10.0)},
    "calendar": {"planning.pace": 1.0},
}
PLENTY = {
    "budget.public_total": 10**12, "parameters.review_panels": fixed(1_000),
    "parameters.crews_z": fixed(1_000), "parameters.free_trained_share": fixed(1.0),
    "planning.pace": 0.9,
}  # fmt: skip
SCARCE: dict[str, dict[str, Any]] = {
    "money": {"budget.public_total": 4 * 10**6},  # for four halls of twenty
    "review": {
        "parameters.review_panels": fixed(1),
        "parameters.review_service_days": fixed(200, "project"),
    },
    "crews": {"parameters.crews_z": fixed(1)},  # a year each
    "staff": {"parameters.free_trained_share": fixed(0.004)},  # four persons, two a hall
    "calendar": {"planning.pace": 0.1},  # two a year
}  # fmt: skip


def tables(run: Run, replications: int = 4) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Targets and delays of the first replications."""
    layout = layout_of(run)
    outcomes = [(r, history(run, r, trace=False)) for r in range(replications)]
    made = Tables("test", layout, Results.of(layout, outcomes, []), run.plan.start, 1)
    return made.targets().to_pandas(), made.delays().to_pandas()


def named(*reliefs: str) -> dict[str, Label]:
    return {name: {"zh": "约束", "en": name} for name in reliefs}


def gains_of(found: ReliefComparison) -> pd.DataFrame:
    """bottlenecks.csv, by target and relief."""
    return table_of(ReliefGain, found.gains()).set_index(["target", "relief"])


def binding_of(found: ReliefComparison) -> pd.DataFrame:
    """binding.csv, by target."""
    return table_of(Binding, found.binding()).set_index("target")


@pytest.mark.parametrize("scarce", SCARCE)
def test_only_lifting_what_binds_gains_and_the_ledger_names_it(
    directory: Path, scarce: str
) -> None:
    run = micro_run(
        directory,
        {"hall": {"goal": 20, "needs": ["review", "crew", "staff"], "unit_cost": 10**6,
                  "build_months": 12, "full_time_posts": 2}},
    )  # fmt: skip
    run = settings(run, PLENTY | SCARCE[scarce])
    targets, delays = tables(run)
    relieved = {name: tables(settings(run, change))[0] for name, change in RELIEFS.items()}
    config = run.model_dump(mode="json")
    found = ReliefComparison(
        targets, relieved, ledger_parts(delays), config, named(*RELIEFS), STAGES
    )
    gains = gains_of(found)
    for name in RELIEFS:
        assert gains.loc[("hall", name), "gain"] == (1.0 if name == scarce else 0.0), name
        assert gains.loc[("hall", name), "gains"] == (name == scarce)
        assert gains.loc[("met_count", name), "mean_gain"] == (1.0 if name == scarce else 0.0)
    binding = row_at(binding_of(found), "hall")
    assert binding["best_relief"] == binding["cuts_most"] == scarce
    assert binding["helped_by"] == "one"
    assert STAGES[binding["held_back_by"]] == scarce
    assert binding["ledger_agrees"]


# ------------------------------------------------------------------- tables computed by hand


@pytest.fixture
def config(directory: Path) -> Config:
    programmes = {name: {"goal": 10, "unit_cost": 1, "build_months": 1} for name in "abcd"}
    return micro_run(directory, programmes).model_dump(mode="json")


def frame(values: dict[str, list[float]], replications: list[int] | None = None) -> pd.DataFrame:
    numbers = replications or list(range(len(values["a"])))
    return pd.DataFrame(
        [
            (number, number, target, "", value, value >= 10, None)
            for target, own in values.items()
            for number, value in zip(numbers, own, strict=True)
        ],
        columns=["draw", "replication", "target", "definition", "value", "attained",
                 "first_attained_day"],
    )  # fmt: skip


def delay_rows(*rows: tuple[int, str, str, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["replication", "programme", "stage", "missing"])


N = 12
BASE = {"a": [0.0] * N, "b": [4.0] * N, "c": [12.0] * N, "d": [9.0] * N}
"""a: needs both reliefs; b: money gains more; c: met already; d: nothing helps."""
MONEY = {"a": [5.0] * N, "b": [10.0] * N, "c": [12.0] * N, "d": [9.0] * N}
CREWS = {"a": [2.0] * N, "b": [4.0] * 3 + [10.0] * (N - 3), "c": [12.0] * N, "d": [9.0] * N}
ALL = {"a": [11.0] * N, "b": [10.0] * N, "c": [12.0] * N, "d": [9.0] * N}


@pytest.fixture
def found(config: Config) -> ReliefComparison:
    delays = delay_rows(
        *((r, "a", "crew", 7) for r in range(N)),
        *((r, "b", "crew", 4) for r in range(N)),
        *((r, "b", "money", 2) for r in range(N)),
        *((r, "d", "building", 1) for r in range(N)),
    )
    relieved = {"money": frame(MONEY), "crews": frame(CREWS), TOGETHER: frame(ALL)}
    return ReliefComparison(
        frame(BASE),
        relieved,
        ledger_parts(delays),
        config,
        named("money", "crews", TOGETHER),
        STAGES,
    )


def test_what_helps_each_target(found: ReliefComparison) -> None:
    table = binding_of(found)
    assert table["helped_by"].to_dict() == {
        "a": "together", "b": "one", "c": "met", "d": "none", "met_count": "one", "all": "none",
        "met_count:facilities": "one", "all:facilities": "none",
    }  # fmt: skip
    assert table.loc[["a", "b", "c", "d"], "best_relief"].tolist() == ["", "money", "", ""]
    assert table.loc["a", "cuts_most"] == "money"


def test_gains_and_what_they_leave_unexplained(found: ReliefComparison) -> None:
    table = binding_of(found)
    b = table.loc["b"]
    assert (b["best_gain"], b["sum_of_gains"], b["interaction"]) == (1.0, 1.75, -0.75)
    assert (b["together_gain"], b["beyond_best"]) == (1.0, 0.0)
    a = table.loc["a"]
    assert (a["together_gain"], a["sum_of_gains"], a["interaction"]) == (1.0, 0.0, 1.0)
    assert (a["beyond_best"], np.isnan(a["best_gain"])) == (1.0, True)
    count = table.loc["met_count"]
    assert (count["best_gain"], count["together_gain"], count["sum_of_gains"]) == (1.0, 2.0, 1.75)


def test_the_ledger_speaks_where_units_are_missing(found: ReliefComparison) -> None:
    table = binding_of(found)
    named_by = table["held_back_by"]
    assert named_by[named_by != ""].to_dict() == {"a": "crew", "b": "crew", "d": "building"}
    assert table.loc["b", "held_back_units"] == 4.0
    belongs = table["held_back_relief"]
    assert belongs[belongs != ""].to_dict() == {"a": "crews", "b": "crews"}  # d's to no relief
    # Only b is helped by a single relief: by money, while the ledger names crews.
    assert table["ledger_agrees"].dropna().to_dict() == {"b": False}


def test_a_row_of_the_gains(found: ReliefComparison) -> None:
    table = gains_of(found)
    row = row_at(table, "b", "crews")
    met, none = np.array([False] * 3 + [True] * (N - 3)), np.zeros(N, dtype=bool)
    expected = paired_difference(none, met, np.arange(N))
    assert (row["gain"], row["gain_low"], row["gain_high"]) == expected
    assert (row["probability"], row["probability_relieved"], row["pairs"]) == (0.0, 0.75, N)
    assert (row["mean"], row["mean_relieved"], row["mean_gain"]) == (4.0, 8.5, 4.5)
    assert (row["shortfall"], row["shortfall_relieved"], row["shortfall_cut"]) == (6.0, 1.5, 4.5)
    cut = paired_mean(np.where(met, 0.0, 6.0), np.full(N, 6.0), np.arange(N))
    assert (row["shortfall_cut"], row["shortfall_cut_low"], row["shortfall_cut_high"]) == cut
    assert np.isnan(row_at(table, "met_count", "crews")["gain"])
    assert np.isnan(row_at(table, "all", "crews")["mean_gain"])


def test_only_replications_that_finished_everywhere_are_compared(config: Config) -> None:
    base = frame({name: own[:3] for name, own in BASE.items()}, [0, 1, 2])
    money = frame({name: own[:3] for name, own in MONEY.items()}, [1, 2, 3])
    delays = ledger_parts(delay_rows((0, "a", "crew", 50), (1, "a", "money", 1)))
    found = ReliefComparison(
        base, {"money": money}, delays, config, named("money"), STAGES,
    )  # fmt: skip
    assert found.pairs == 2
    table = binding_of(found)
    assert table.loc["a", "held_back_by"] == "money"  # replication 0 has no partner
    assert table["together_gain"].isna().all()


def test_what_lies_beyond_the_goal_is_no_shortfall(config: Config) -> None:
    """The goal is ten: a value of thirty lacks nothing, and one of four lacks six."""
    base = frame({"a": [30.0] * 6 + [4.0] * 6, "b": [10.0] * N, "c": [10.0] * N, "d": [10.0] * N})
    money = frame({name: [40.0] * N for name in "abcd"})
    found = ReliefComparison(
        base, {"money": money}, ledger_parts(delay_rows()), config, named("money"), STAGES
    )
    row = row_at(gains_of(found), "a", "money")
    assert (row["shortfall"], row["shortfall_relieved"], row["shortfall_cut"]) == (3.0, 0.0, 3.0)
