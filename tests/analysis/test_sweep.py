"""A sweep finds the chances, steps and responses that were put into it."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
import sweeps

from sim.analysis.intervals import wilson
from sim.analysis.rows import deciding_rows
from sim.analysis.sweep import GAIN_COLUMNS, RESPONSE_COLUMNS, SWEEP_COLUMNS, Sweep
from sim.answer.row import RowKey
from sim.config.schema import Run

SETTINGS = (0.0, 1e8, 3e8)


def rows_that_decide(run: Run) -> list[RowKey]:
    return list(deciding_rows(run.plan, run.definitions))


@pytest.fixture(scope="module")
def chances(real_run: Run) -> dict[RowKey, tuple[float, ...]]:
    """One target rises, one falls, one has a dent; the others stay at one half."""
    rises, falls, dents = rows_that_decide(real_run)[:3]
    return {rises: (0.0, 0.5, 1.0), falls: (0.9, 0.5, 0.4), dents: (0.2, 0.8, 0.6)}


@pytest.fixture(scope="module")
def made(real_run: Run, chances: dict[RowKey, tuple[float, ...]]) -> Sweep:
    def chance(row: RowKey, setting: float, _: float) -> float:
        return chances[row][SETTINGS.index(setting)] if row in chances else 0.5

    return sweeps.sweep(real_run, chance, SETTINGS, base=(1e8, math.nan))


def of(table: pd.DataFrame, row: RowKey) -> pd.DataFrame:
    return table[(table["target"] == row[0]) & (table["definition"] == row[1])]


def test_every_point_has_every_row_and_its_chance(
    made: Sweep, chances: dict[RowKey, tuple[float, ...]]
) -> None:
    table = made.table()
    assert tuple(table.columns) == SWEEP_COLUMNS
    assert not table.duplicated(["setting", "target", "definition"]).any()
    assert {"all", "met_count", "met_count:facilities"} <= set(table["target"])
    for row, given in chances.items():
        own = of(table, row)
        assert own["setting"].tolist() == list(SETTINGS)
        assert own["probability"].tolist() == pytest.approx(list(given))
        low, high = wilson(40 * given[1], 40)
        assert own["probability_low"].iloc[1] == pytest.approx(low)
        assert own["probability_high"].iloc[1] == pytest.approx(high)
    assert table["base"].tolist() == (table["setting"] == 1e8).tolist()


def test_fits_stand_beside_the_points(
    made: Sweep, chances: dict[RowKey, tuple[float, ...]]
) -> None:
    table = made.table()
    rises, falls, dents = (of(table, row) for row in chances)
    assert rises["fitted"].tolist() == rises["probability"].tolist()
    assert set(falls["direction"]) == {"down"}
    assert dents["fitted"].tolist() == pytest.approx([0.2, 0.7, 0.7])
    assert dents["probability"].tolist() == pytest.approx([0.2, 0.8, 0.6])
    counted = of(table, ("met_count", ""))
    assert counted["probability"].isna().all()
    assert counted["fitted"].tolist() == pytest.approx(counted["mean"].tolist())


def test_mean_targets_met_is_the_sum_of_their_chances(made: Sweep, real_run: Run) -> None:
    table = made.table()
    decide = set(rows_that_decide(real_run))
    keys = pd.Series(list(zip(table["target"], table["definition"], strict=True)))
    sums = table[keys.isin(decide).to_numpy()].groupby("setting")["probability"].sum()
    means = of(table, ("met_count", "")).set_index("setting")["mean"]
    np.testing.assert_allclose(means, sums)


def test_gains_are_paired_and_told_by_the_million(
    made: Sweep, chances: dict[RowKey, tuple[float, ...]]
) -> None:
    table = made.table()
    gains = made.gains(table)
    assert tuple(gains.columns) == GAIN_COLUMNS
    rises, falls, _ = (of(gains, row) for row in chances)
    assert rises[["from_setting", "to_setting"]].to_numpy().tolist() == [[0.0, 1e8], [1e8, 3e8]]
    assert rises["gain"].tolist() == pytest.approx([0.5, 0.5])
    assert rises["gain_per_million"].tolist() == pytest.approx([0.005, 0.0025])
    # Common random numbers: nobody loses where the chance rises.
    assert rises["lost"].tolist() == [0.0, 0.0]
    assert falls["gained"].tolist() == [0.0, 0.0]
    assert falls["lost"].tolist() == pytest.approx([0.4, 0.1])
    assert (gains["pairs"] == 40).all()


def test_only_what_moves_responds(made: Sweep, chances: dict[RowKey, tuple[float, ...]]) -> None:
    shown = {next(iter(chances))}
    responses = made.responses(made.table(), shown)
    assert tuple(responses.columns) == RESPONSE_COLUMNS
    # One row each, in the order in which the table names them first.
    order = made.table()[["target", "definition"]].drop_duplicates()
    assert responses[["target", "definition"]].to_numpy().tolist() == order.to_numpy().tolist()
    targets = responses[~responses["target"].str.match("all|met_count")]
    moving = targets[targets["responds"]]
    assert set(zip(moving["target"], moving["definition"], strict=True)) == set(chances)
    rises, falls, dents = (of(responses, row).iloc[0] for row in chances)
    assert (rises["lowest"], rises["highest"], rises["direction"]) == (0.0, 1.0, "up")
    assert falls["direction"] == "down"
    assert rises["most_reached_at"] == 3e8
    assert dents["most_reached_at"] == 1e8
    still = targets[~targets["responds"]]
    assert (still["p_adjusted"] == 1.0).all()
    assert responses.loc[responses["shown"], "target"].tolist() == [row[0] for row in shown]


def test_replications_that_failed_somewhere_are_left_out_of_pairs(real_run: Run) -> None:
    made = sweeps.sweep(real_run, lambda row, first, _: 0.5, (1.0, 2.0), replications=8)
    assert made.pairs == 8
    gone = sweeps.sweep(real_run, lambda row, first, _: 0.5, (1.0,), replications=6)
    points = [made._points[0], gone._points[0]]
    fewer = Sweep("budget.public_total", "", points, real_run.plan, real_run.definitions)
    assert fewer.pairs == 6
    replications = fewer.table().groupby("target")["replications"].max()
    assert replications["met_count"] == 8


def test_two_levers_have_curves_and_steps_along_the_first(real_run: Run) -> None:
    first = rows_that_decide(real_run)[0]

    def chance(row: RowKey, setting: float, second: float) -> float:
        rising = 0.25 + 0.5 * (setting > 1.0)
        return (rising if second < 1.0 else 1.0 - rising) if row == first else 0.5

    keys = ("planning.margin", "planning.pace")
    made = sweeps.sweep(real_run, chance, (0.5, 2.0), (0.1, 1.0), keys=keys)
    table = made.table()
    gains = of(made.gains(table), first)
    assert gains[["second_setting", "gain"]].to_numpy().tolist() == [[0.1, 0.5], [1.0, -0.5]]
    assert gains["gain_per_million"].isna().all()
    response = of(made.responses(table, {first}), first).iloc[0]
    assert response["direction"] == "mixed"
    assert response["responds"]
    assert response["most_reached_at"] is None or math.isnan(response["most_reached_at"])
