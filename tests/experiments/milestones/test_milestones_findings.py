"""The tables of milestones: where there is a tripwire, where not and why, and how good it is."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from experiments.milestones.findings import (
    BEYOND,
    FEWEST,
    Path,
    Point,
    Tripwire,
    paths_of,
    tripwires_of,
)
from sim.answer.finding import cells_of, columns_of
from sim.answer.row import rows_of
from sim.stats.bootstrap import resamples
from tests.factory import baseline_run

RUN = baseline_run()
ROWS = rows_of(RUN.model_dump(mode="json"))
DAYS = (0, 365, 730, 1095, 1460, 1826)
ENDS = ["2016-12-31", "2017-12-31", "2018-12-31", "2019-12-31"]


def histories(target: str, series: dict[str, np.ndarray], met: np.ndarray) -> Point:
    """Made-up results of one target; ``series``: (replications, days) by indicator."""
    layout: Any = SimpleNamespace(city_days=DAYS, city_indicators=tuple(series))
    return Point(
        name="made up",
        label={"zh": "虚构", "en": "made up"},
        rows=[ROWS[target, ""]],
        layout=layout,
        series=np.stack(list(series.values()), axis=2),
        attained=met[:, None],
        draws=np.arange(len(met)),
        start=RUN.plan.start,
        deadlines=[RUN.plan.targets[target].deadline],
    )


def table(found: Point, n: int, levels: tuple[float, ...] = (0.5,)) -> pd.DataFrame:
    wires = tripwires_of(found, levels, resamples(1, np.arange(n), 100))
    return pd.DataFrame(cells_of(Tripwire, wires), columns=[*columns_of(Tripwire)])


def paths(found: Point) -> pd.DataFrame:
    return pd.DataFrame(cells_of(Path, paths_of(found)), columns=[*columns_of(Path)])


def flat(values: np.ndarray) -> np.ndarray:
    return np.repeat(values[:, None], len(DAYS), axis=1).astype(float)


def test_a_value_that_decides_is_a_perfect_alarm() -> None:
    n = 100
    values = np.arange(n)
    rows = table(histories("community_rooms", {"community_rooms": flat(values)}, values >= 40), n)
    assert list(rows["date"]) == ENDS
    row = rows.iloc[0]
    assert (row["value"], row["beyond"]) == (40.0, 0.4)
    assert (row["caught"], row["false_alarms"]) == (1.0, 0.0)
    assert (row["chance_beyond"], row["chance_within"]) == (0.0, 1.0)
    assert (row["hits"], row["misses"], row["median"]) == (60, 40, 49.5)
    assert row["low"] <= 40.0 <= row["high"]
    assert row["high"] - row["low"] < 10.0
    assert row["reason"] == ""


def test_sensitivity_and_specificity_by_hand() -> None:
    # 40 low values of which 10 succeed, 60 high ones of which 45 do.
    values = np.repeat([1.0, 2.0], [40, 60])
    met = np.r_[np.arange(40) < 10, np.arange(60) < 45]
    row = table(histories("community_rooms", {"community_rooms": flat(values)}, met), 100).iloc[0]
    assert (row["value"], row["beyond"]) == (2.0, 0.4)
    assert row["caught"] == pytest.approx(30 / 45)
    assert row["false_alarms"] == pytest.approx(10 / 55)
    assert (row["chance_beyond"], row["chance_within"]) == (0.25, 0.75)


def test_less_is_better_where_the_comparator_says_so() -> None:
    n = 100
    values = np.arange(n)
    series = {"literacy_gap": flat(values)}
    row = table(histories("literacy_gap", series, values < 40), n).iloc[0]
    assert (row["value"], row["beyond"], row["caught"], row["false_alarms"]) == (
        39.0,
        0.6,
        1.0,
        0.0,
    )


@pytest.mark.parametrize(
    ("hits", "reason"),
    [(FEWEST - 1, "few_hits"), (FEWEST, ""), (100 - FEWEST, ""), (101 - FEWEST, "few_misses")],
)
def test_fewer_than_twenty_of_either_outcome_are_too_few(hits: int, reason: str) -> None:
    values = np.arange(100)
    met = values >= 100 - hits
    found = histories("community_rooms", {"community_rooms": flat(values)}, met)
    assert set(table(found, 100)["reason"]) == {reason}
    assert len(paths(found)) == (0 if reason else 2 * len(DAYS))


def test_reasons_why_there_is_no_tripwire() -> None:
    n = 100
    met = np.arange(n) % 2 == 0
    better = np.arange(n) % 3
    series = flat(np.zeros(n))
    series[:, 2] = better  # 2017: hardly any connection
    series[:, 3] = np.where(np.arange(n) < BEYOND - 1, 0.0, 1.0)  # 2018: a few stand out
    met[: BEYOND - 1] = False
    rows = table(histories("community_rooms", {"community_rooms": series}, met), n, (0.1, 0.9))
    records = rows.to_dict("records")
    found = {(row["date"][:4], row["level"]): row["reason"] for row in records}
    assert found["2016", 0.1] == "no_spread"
    assert found["2017", 0.1] == "always_above"
    assert found["2017", 0.9] == "always_below"
    assert found["2018", 0.1] == "edge"
    assert rows["value"].isna().all()
    assert rows["median"].notna().all()


def test_surveyed_targets_have_values_at_surveys_only() -> None:
    n = 60
    values = np.arange(n)
    survey = np.full((n, len(DAYS)), np.nan)
    survey[:, 3] = values
    series = {"literacy_gain": flat(values), "literacy_gain_survey": survey}
    found = histories("literacy_gain", series, values >= 30)
    rows = table(found, n).set_index("date")
    assert rows.loc["2018-12-31", "value"] == 30.0
    others = rows.drop("2018-12-31")
    assert set(others["reason"]) == {"no_value"}
    assert others["median"].isna().all()
    assert set(paths(found)["date"]) == {"2018-12-31"}


def test_paths_are_percentiles_of_the_histories_of_one_outcome() -> None:
    values = np.arange(100)
    met = values >= 60
    lines = paths(histories("community_rooms", {"community_rooms": flat(values)}, met))
    first = lines[(lines["date"] == "2016-12-31") & lines["met"]].iloc[0]
    assert first["replications"] == 40
    assert [first["p05"], first["p50"], first["p95"]] == np.quantile(
        values[met], (0.05, 0.5, 0.95)
    ).tolist()


def test_dates_are_ends_of_years_before_the_deadline() -> None:
    values = np.arange(50)
    found = histories("community_rooms", {"community_rooms": flat(values)}, values >= 25)
    row = found.rows[0]
    assert [found.dates[place].isoformat() for place in found.places(row)] == ENDS
    assert found.deadlines == [dt.date(2020, 12, 31)]


def test_between_two_dates_of_the_series_the_earlier_one_is_taken() -> None:
    values = np.arange(50)
    found = histories("community_rooms", {"community_rooms": flat(values)}, values >= 25)
    asked = [
        dt.date(2016, 1, 1),
        dt.date(2017, 6, 30),
        dt.date(2017, 12, 30),
        dt.date(2018, 12, 31),
    ]
    rows = table(replace(found, asked=asked), 50)
    assert list(rows["date"]) == ["2016-01-01", "2016-12-31", "2018-12-31"]
    last = table(replace(found, asked=[dt.date(2020, 12, 30)]), 50)
    assert list(last["date"]) == ["2019-12-31"]


def test_tables_are_the_same_every_time() -> None:
    generator = np.random.default_rng(3)
    values = generator.normal(size=80)
    met = generator.random(80) < 1 / (1 + np.exp(-3 * values))
    found = histories("community_rooms", {"community_rooms": flat(values)}, met)
    pd.testing.assert_frame_equal(table(found, 80), table(found, 80))
