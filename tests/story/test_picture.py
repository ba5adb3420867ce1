"""The projects of one place over time, as the event log of a traced run tells them."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from sim.__main__ import main
from sim.answer.figures import Timeline
from sim.answer.run.delays import ROLES
from sim.story.picture import ROWS, timelines
from sim.words import Speech

EN, ZH = Speech("en"), Speech("zh")
START = dt.date(2016, 1, 1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("traced") / "run"
    assert main(["replications=2", "trace=1", "workers=1", "store=null", "record=targets",
                 "language=en", f"hydra.run.dir={path}"]) == 0  # fmt: skip
    return path


@pytest.fixture(scope="module")
def drawn(folder: Path) -> Timeline:
    config: Mapping[str, Any] = json.loads((folder / "manifest.json").read_text())["config"]
    (figure,) = timelines(folder, config)
    return figure


@pytest.fixture(scope="module")
def events(folder: Path) -> list[dict[str, Any]]:
    """Steps of projects with their day and place, read by nothing but a CSV reader."""
    with (folder / "events.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [{**row, "fact": json.loads(row["fact"])} for row in csv.DictReader(file)]
    return [row for row in rows if row["entity"].count("/") == 3]


def test_it_is_the_place_with_most_projects(drawn: Timeline, events: list[dict[str, Any]]) -> None:
    projects = {(row["entity"].rpartition("/")[0], row["place"])
                for row in events if row["event"] == "proposed"}  # fmt: skip
    places = Counter(place for _, place in projects if place != "city")
    place, count = places.most_common(1)[0]
    opened = {row["entity"].rpartition("/")[0] for row in events
              if row["event"] == "opened" and row["place"] == place}  # fmt: skip
    assert f"({place}): {len(opened)} of {count} projects" in EN.text(drawn.title)
    assert EN.text(drawn.legend).startswith("Replication 1;")
    assert ZH.text(drawn.legend).startswith("第1次模拟")


def test_the_projects_that_took_longest_are_shown_from_proposal_to_opening(
    drawn: Timeline,
) -> None:
    assert len(drawn.rows) == ROWS
    days = [int(row.text) for row in drawn.rows]  # type: ignore[call-overload]
    assert days == sorted(days, reverse=True)
    end = dt.date(2020, 12, 31)
    for row, total in zip(drawn.rows, days, strict=True):
        assert sum((own.end - own.start).days for own in row.spans) == total
        for before, after in pairwise(row.spans):
            assert before.end == after.start
        assert row.spans[-1].end == (row.done or end)
        assert drawn.start <= row.spans[0].start < row.spans[-1].end <= end
        for own in row.spans:
            stage = EN.text(own.name)
            assert own.role in {role for key, role in ROLES.items() if EN(f"stage.{key}") == stage}


def test_every_opening_and_first_proposal_is_one_of_the_log(
    drawn: Timeline, events: list[dict[str, Any]]
) -> None:
    place = EN.text(drawn.title).partition("(")[2].partition(")")[0]
    logged = {
        event: {START + dt.timedelta(int(row["day"])) for row in events
                if row["event"] == event and row["place"] == place}
        for event in ("proposed", "opened")
    }  # fmt: skip
    assert {row.spans[0].start for row in drawn.rows} <= logged["proposed"]
    assert {row.done for row in drawn.rows if row.done is not None} <= logged["opened"]


def test_a_run_with_a_trace_shows_it_last(folder: Path) -> None:
    names = [figure["name"] for figure in
             json.loads((folder / "answer.json").read_text())["blocks"]["pictures"]]  # fmt: skip
    assert names[0] == "overview"
    assert names[-1] == "timeline"
