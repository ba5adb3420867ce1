"""What the pictures of a run show: exactly what was found, row by row, in both languages."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd
import pytest

from sim.answer.figures import Chances
from sim.answer.origin import stamp_of
from sim.answer.row import Row
from sim.answer.run.pictures import Recorded, chances, pictures
from sim.words import Goal, Language, Quantity, Speech
from tests.answer.run.made_up_run import MadeUp, make_run

EN, ZH = Speech("en"), Speech("zh")


def figure_of(made_up: MadeUp) -> Chances:
    return chances(made_up.attained)


def row_of(made_up: MadeUp, name: str, reading: str | None) -> Row:
    """The row that a line of the picture is about, by its English name and reading."""
    (row,) = (
        row
        for row in made_up.attained.rows
        if row.name["en"] == name and (row.reading and row.reading["en"]) == reading
    )
    return row


def test_every_modelled_row_is_there_with_what_was_found(made_up: MadeUp) -> None:
    shown = figure_of(made_up).rows
    assert len(shown) == len(made_up.attained.rows) == 19
    for line in shown:
        reading = None if line.reading is None else EN.text(line.reading)
        row = row_of(made_up, EN.text(line.name), reading)
        own = made_up.attained[row]
        assert (line.probability, line.low, line.high) == (
            own.probability,
            own.probability_low,
            own.probability_high,
        )
        assert line.goal == Goal(row.comparator, row.goal, row.unit)
        median = made_up.numbers[row.key]["p50"]
        counted = row.unit["en"] != "%"
        assert line.median == Quantity(math.floor(median) if counted else median)
        assert line.counts == row.counts
        assert EN.text(line.group) == made_up.config["plan"]["groups"][row.group]["name"]["en"]
        assert ZH.text(line.name) == row.name["zh"]
        assert ZH.text(line.reading) == ("" if row.reading is None else row.reading["zh"])


def test_the_title_counts_the_likely(made_up: MadeUp) -> None:
    decided = made_up.deciding()
    likely = sum(own.probability is not None and own.probability >= 0.8 for own in decided)
    assert 0 < likely < len(decided)
    title = figure_of(made_up).title
    assert f"{likely} of the {len(decided)} modelled targets" in EN.text(title)
    assert "by the end of 2020" in EN.text(title)
    assert f"已建模的{len(decided)}项规划目标中，{likely}项有至少80%的把握" in ZH.text(title)


def test_rows_are_sorted_by_chance_within_groups_and_readings_are_neighbours(
    made_up: MadeUp,
) -> None:
    made_up.set("municipal_bases", "promoted_leave", probability=0.99)  # does not count
    shown = figure_of(made_up).rows
    assert [*dict.fromkeys(EN.text(line.group) for line in shown)] == ["Facilities", "Staff"]
    for group in ("Facilities", "Staff"):
        counted = [
            line.probability for line in shown if EN.text(line.group) == group and line.counts
        ]
        assert len(counted) > 2
        assert counted == sorted(counted, reverse=True)
    names = [EN.text(line.name) for line in shown]
    for place, line in enumerate(shown):
        if not line.counts:
            assert names[place - 1] == names[place]
            assert shown[place - 1].counts


def test_marks_are_explained_as_far_as_they_occur(made_up: MadeUp) -> None:
    assert [EN.text(note) for note in figure_of(made_up).notes] == [EN("row.counts")]
    made_up.config["plan"]["targets"]["demo_projects"]["kind"] = "diagnostic"
    figure = figure_of(made_up)
    assert [EN.text(note) for note in figure.notes] == [EN("row.counts"), EN("row.not_plan")]
    assert "Demonstration projects †" in {EN.text(line.name) for line in figure.rows}


# ------------------------------------------------------------------ of a folder


def test_a_run_has_a_picture_of_chances_of_every_headline_group_and_of_delays(
    finished_run: MadeUp,
) -> None:
    names = [
        figure.name
        for figure in pictures(
            Recorded(finished_run.folder, finished_run.attained), finished_run.found
        )
    ]
    assert names == ["overview", "attainment", "facilities", "staff", "delays", "missing"]


def test_a_run_without_series_still_has_its_other_pictures(tmp_path: Path) -> None:
    run = make_run(tmp_path)
    pd.DataFrame({"indicator": []}).to_parquet(tmp_path / "series.parquet")
    (tmp_path / "delays.parquet").unlink()
    assert [figure.name for figure in pictures(Recorded(tmp_path, run.attained), run.found)] == [
        "overview", "attainment",
    ]  # fmt: skip


def test_a_plan_of_which_nothing_is_modelled_has_none(made_up: MadeUp) -> None:
    for target in made_up.config["plan"]["targets"].values():
        target["measured_by"] = None
    made_up.numbers.clear()
    assert not [*pictures(Recorded(made_up.folder, made_up.attained), made_up.found)]


# ------------------------------------------------------------------ of which result


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh", ("基准情景", "200次模拟", "是假设")),
        ("en", ("Baseline", "200 replications", "is an assumption")),
    ],
)
def test_the_stamp_names_scenario_replications_and_caution(
    made_up: MadeUp, language: Language, said: tuple[str, ...]
) -> None:
    stamp, speech = stamp_of(made_up.manifest, made_up.attained.replications), Speech(language)
    texts = [speech.text(part) for part in (stamp.scenario, stamp.replications, stamp.caution)]
    assert [part in text for part, text in zip(said, texts, strict=True)] == [True] * 3
    assert stamp.result_hash == made_up.manifest["result_hash"]
    assert stamp.seed == "20160523"


def test_the_stamp_tells_of_the_replications_that_finished(made_up: MadeUp) -> None:
    for own in made_up.numbers.values():
        own["replications"] = 150
    stamp = stamp_of(made_up.manifest, made_up.attained.replications)
    assert EN.text(stamp.replications) == "150 replications"
    made_up.manifest["finished"] = 149
    assert EN.text(stamp_of(made_up.manifest).replications) == "149 replications"


@pytest.mark.parametrize(
    ("language", "changed"), [("zh", "随机数种子7"), ("en", "Baseline, with: seed of the random")]
)
def test_the_stamp_says_what_was_changed(made_up: MadeUp, language: Language, changed: str) -> None:
    made_up.manifest["changes"] = [{"key": "seed", "value": 7, "source": "command line"}]
    assert changed in Speech(language).text(stamp_of(made_up.manifest).scenario)
