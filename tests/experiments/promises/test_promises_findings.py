"""The table of promises: a row for every reading and confidence, and names that stay apart."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.promises.findings import Promise, promises_of
from experiments.promises.page import answer
from experiments.promises.promised import scenario_of
from sim.answer.finding import cells_of, columns_of, findings_from
from sim.answer.found import FrameFound
from sim.answer.row import rows_of
from sim.study.files import read_csv, write_csv
from tests.factory import baseline_run, micro_run

CONFIG = baseline_run().model_dump(mode="json")
ROWS = rows_of(CONFIG)
LABEL = {"zh": "虚构", "en": "made up"}
N = 20


@pytest.fixture(scope="module")
def promises() -> list[Promise]:
    """Of values 0, 1, 2 and so on of every target."""
    modelled = [row for row in ROWS.values() if row.modelled]
    frames = [
        pd.DataFrame(
            {
                "draw": np.arange(N),
                "replication": np.arange(N),
                "target": row.target,
                "definition": row.definition,
                "value": np.arange(N, dtype=float),
                "attained": np.arange(N) > 3,
                "first_attained_day": np.nan,
            }
        )
        for row in modelled
    ]
    found = FrameFound(pd.concat(frames, ignore_index=True))
    return [*promises_of(found, modelled, "x", LABEL, [0.5, 0.8])]


def test_the_table_has_every_reading_and_confidence(promises: list[Promise]) -> None:
    modelled = [row.key for row in ROWS.values() if row.modelled]
    assert len(promises) == 2 * len(modelled)
    assert [own.row.key for own in promises if own.confidence == 0.8] == modelled
    by_key = {own.row.key: own for own in promises if own.confidence == 0.8}
    rooms, gap = by_key["community_rooms", ""], by_key["literacy_gap", ""]
    assert (rooms.value, rooms.share, rooms.keeps_goal) == (4.0, 4.0 / 500.0, False)
    assert (gap.value, gap.share) == (15.0, 1.46 / 15.0)
    staff = {own.row.definition: own.row.counts for own in promises
             if own.row.target == "full_time_staff"}  # fmt: skip
    assert staff == {"strict": True, "broad": False}


def test_an_interval_is_told_in_shares_of_the_goal(promises: list[Promise]) -> None:
    by_key = {own.row.key: own for own in promises if own.confidence == 0.8}
    rooms = replace(by_key["community_rooms", ""], low=2.0, high=None)
    assert rooms.interval == (2.0 / 500.0, None)
    gap = by_key["literacy_gap", ""]
    assert replace(gap, low=10.0, high=20.0).interval == (1.46 / 20.0, 1.46 / 10.0)
    assert replace(gap, low=10.0, high=None).interval == (None, 1.46 / 10.0)
    assert replace(gap, low=-1.0, high=20.0).interval == (1.46 / 20.0, None)  # beyond any share


def test_a_cell_without_a_value_is_empty(promises: list[Promise]) -> None:
    none = [own for own in promises if own.row.goal <= 0.0]
    assert none
    assert {own.share for own in none} == {None}
    columns = [*columns_of(Promise)]
    assert {row[columns.index("share")] for row in cells_of(Promise, none)} == {None}
    assert not any(isinstance(own.low, float) and math.isnan(own.low) for own in promises)


NAMES = ["NA", "001", "1e5", "True", "nan", "inf", "null", "None", "7.0", "-1", "7-0"]


def test_promises_of_scenarios_that_look_like_numbers_stay_apart(
    tmp_path: Path, promises: list[Promise]
) -> None:
    room = {"goal": 4, "unit_cost": 1_000_000, "build_months": 6}
    config = micro_run(tmp_path, {"nan": room, "null": room}).model_dump(mode="json")
    rows = rows_of(config)
    made = [
        replace(promises[0], scenario=name, row=rows["nan", ""], value=3.0, low=2.0, high=None,
                scenario_zh="True", scenario_en="nan")
        for name in NAMES
    ]  # fmt: skip
    path = tmp_path / "promises.csv"
    write_csv(path, [*columns_of(Promise)], cells_of(Promise, made))
    header, cells = read_csv(path)
    records = [dict(zip(header, row, strict=True)) for row in cells]
    assert [*findings_from(Promise, records, rows)] == made
    eight = made[-8:]  # as many as a study may have
    told = answer([scenario_of([own], config) for own in eight])
    kept = told.figures["kept"]
    assert isinstance(kept, dict)
    assert [*kept] == NAMES[-8:]
    assert len({figure.name for figure in told.pictures}) == len(eight) + 1
