"""The attainment table says everything an analyst reads off it, at any usual width."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from rich.cells import cell_len
from rich.console import Console
from sim.report.table import attainment_table

from sim.answer.origin import caution_of
from sim.report.results import (
    Manifest,
    joint_rows,
    read_attainment,
    read_manifest,
    target_rows,
)
from sim.report.words import Language, word
from sim.words import Speech


@pytest.fixture
def attainment(run_folder: Path) -> pd.DataFrame:
    return read_attainment(run_folder)


@pytest.fixture
def manifest(run_folder: Path) -> dict[str, Any]:
    return read_manifest(run_folder)


def printed(
    attainment: pd.DataFrame, manifest: Manifest, language: Language, width: int = 120
) -> str:
    stream = io.StringIO()
    Console(file=stream, width=width).print(attainment_table(attainment, manifest, language))
    return stream.getvalue()


def line_with(text: str, part: str) -> str:
    lines = [line for line in text.splitlines() if part in line]
    assert len(lines) == 1, f"{part!r} stands in {len(lines)} lines"
    return lines[0]


def test_both_readings_stand_side_by_side_and_the_counting_one_is_marked(
    attainment: pd.DataFrame, manifest: dict[str, Any]
) -> None:
    lines = printed(attainment, manifest, "en").splitlines()
    position = next(i for i, line in enumerate(lines) if "Full-time science" in line)
    assert "> 50,000 people" in lines[position]
    assert "● full-time posts only" in lines[position + 1]
    assert re.search(r"4,9\d\d \(\d,\d{3}–5,\d{3}\)", lines[position + 1])
    assert "○ full-time and part-time" in lines[position + 2]
    assert re.search(r"44,\d{3} \(4\d,\d{3}–4\d,\d{3}\)", lines[position + 2])


def test_switch_decides_which_reading_counts(
    attainment: pd.DataFrame, manifest: dict[str, Any]
) -> None:
    manifest["config"]["definitions"]["full_time_staff"] = "broad"
    text = printed(attainment, manifest, "en")
    assert "● full-time and part-time" in text
    assert "○ full-time posts only" in text


def test_a_row_shows_chance_interval_date_and_obstacle(
    attainment: pd.DataFrame, manifest: dict[str, Any]
) -> None:
    row = attainment.set_index("target").loc["community_rooms"]
    line = line_with(printed(attainment, manifest, "en"), "Standard community")
    low, high = 100 * row["probability_low"], 100 * row["probability_high"]
    assert f"{100 * row['probability']:.0f} % ({low:.0f}–{high:.0f})" in line
    assert "2020-05" in line
    assert "money" in line


def test_headline_groups_come_first_and_joint_rows_last(
    attainment: pd.DataFrame, manifest: dict[str, Any]
) -> None:
    groups = list(dict.fromkeys(row.group for row in target_rows(attainment, manifest)))
    assert groups == ["facilities", "staff", "industry", "literacy", "governance"]
    text = printed(attainment, manifest, "zh")
    assert text.index("科普设施") < text.index("科普队伍") < text.index(word("joint.all", "zh"))


def test_joint_rows_know_how_many_targets_they_judge(
    attainment: pd.DataFrame, manifest: dict[str, Any]
) -> None:
    rows = joint_rows(attainment, manifest)
    assert [row.group for row in rows] == ["", "", "facilities", "facilities", "staff", "staff"]
    assert [row.counts_targets for row in rows] == [False, True] * 3
    goals = attainment.set_index("target")["goal"]
    assert rows[1].total == goals["met_count"]
    assert rows[3].total == goals["met_count:facilities"]


def test_targets_without_model_are_listed_once_and_only_below(
    attainment: pd.DataFrame, manifest: dict[str, Any]
) -> None:
    text = printed(attainment, manifest, "zh", width=400)
    line = line_with(text, "注册科普志愿者")
    assert "尚未建模的目标（5项）" in line
    assert "工业科普旅游线路" in line


@pytest.mark.parametrize("width", [60, 80, 100, 120, 160])
@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_numbers_survive_every_width(
    attainment: pd.DataFrame, manifest: dict[str, Any], language: Language, width: int
) -> None:
    text = printed(attainment, manifest, language, width)
    for row in target_rows(attainment, manifest):
        if row.modelled:
            assert f"({100 * row.low:.0f}–{100 * row.high:.0f})" in text
    assert "…" not in text
    assert max(cell_len(line) for line in text.splitlines()) <= width
    keys = ["column.goal", "column.median", "column.probability", "column.date"]
    for tongue in ("zh", "en") if language == "both" else (language,):
        for key in keys if width < 74 else [*keys, "column.obstacle"]:
            assert word(key, tongue) in text  # type: ignore[arg-type]


@pytest.mark.parametrize("width", [60, 80, 100])
def test_no_name_is_squeezed_into_a_few_letters_a_line(
    attainment: pd.DataFrame, manifest: dict[str, Any], width: int
) -> None:
    """Names and goals break between words only."""
    words = set(printed(attainment, manifest, "en", width).split())
    modelled = [row for row in target_rows(attainment, manifest) if row.modelled]
    assert modelled
    for row in modelled:
        reading = "" if row.reading is None else row.reading["en"]
        assert words.issuperset(f"{row.label['en']} {reading} {row.unit['en']}".split())


@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_a_narrow_table_stacks_the_cells_of_a_row(
    attainment: pd.DataFrame, manifest: dict[str, Any], language: Language
) -> None:
    lines = printed(attainment, manifest, language, 80).splitlines()
    name = "Qiming book rooms" if language == "en" else "启明书屋"
    position = next(i for i, line in enumerate(lines) if name in line)
    stacked = "\n".join(lines[position : position + 3])
    row = attainment.set_index("target").loc["qiming_bookrooms"]
    assert "≥ 100" in stacked
    assert f"{row['p50']:.0f} (" in stacked
    assert f"({100 * row['probability_low']:.0f}–" in stacked
    assert "2020-05" in stacked


@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_a_long_unit_and_a_long_amount_are_never_cut(
    attainment: pd.DataFrame, manifest: dict[str, Any], language: Language
) -> None:
    """Chinese has no spaces to break a line at."""
    unit = {"zh": "百分点（较2015年变化的幅度）", "en": "percentage points against 2015"}
    manifest["config"]["plan"]["targets"]["demo_projects"]["unit"] = unit
    row = attainment["target"] == "demo_projects"
    attainment.loc[row, ["p05", "p50", "p95"]] = (5.7e8, 2.43e9, 6.35e9)
    text = printed(attainment, manifest, language)
    assert "…" not in text
    amount = "2.43 (0.57–6.35) billion" if language == "en" else "24.3 (5.7–63.5)亿"
    assert amount in text
    if language == "zh":
        assert "度）" in text


def test_failures_are_announced_above_the_table(
    attainment: pd.DataFrame, manifest: dict[str, Any]
) -> None:
    assert "failed" not in printed(attainment, manifest, "en")
    manifest["replications"] = 203
    text = printed(attainment, manifest, "en")
    assert text.index("3 of 203 replications failed") < text.index("Held back by")


def test_an_interruption_is_no_failure(attainment: pd.DataFrame, manifest: dict[str, Any]) -> None:
    manifest |= {"replications": 500, "failed": 0, "interrupted": True}
    text = printed(attainment, manifest, "en")
    assert "failed" not in text
    assert text.index("on the 200 of 500 replications") < text.index("Held back by")
    manifest["failed"] = 2
    assert "2 of 500 replications failed" in printed(attainment, manifest, "en")


def test_the_heading_says_what_was_changed(
    attainment: pd.DataFrame, manifest: dict[str, Any]
) -> None:
    manifest["changes"] = [{"key": "planning.pace", "value": 0.2, "source": "command line"}]
    assert "Scenario: Baseline, with: yearly pace of proposals 0.2; " in printed(
        attainment, manifest, "en"
    )
    assert "情景：基准情景，改动：年度申报进度上限0.2；" in printed(attainment, manifest, "zh")


def test_a_run_of_one_replication_says_so_in_the_singular(
    attainment: pd.DataFrame, manifest: dict[str, Any]
) -> None:
    attainment["replications"] = manifest["replications"] = 1
    assert "; 1 replication; " in printed(attainment, manifest, "en")


def test_caution_names_the_assumption_and_its_range(
    attainment: pd.DataFrame, manifest: dict[str, Any]
) -> None:
    text = printed(attainment, manifest, "both", width=300)
    assert "2015年已有设施的运行费由本规划资金承担的份额" in text
    assert "0.1 to 0.7 (most likely 0.35)" in text


def test_the_reading_that_was_built_is_named(
    attainment: pd.DataFrame, manifest: dict[str, Any]
) -> None:
    line = line_with(printed(attainment, manifest, "en", width=300), "builds under one reading")
    assert "small venues" in line


@pytest.mark.parametrize(
    ("parameter", "expected"),
    [
        ({"kind": "uniform", "low": 0.1, "high": 0.7}, "0.1 to 0.7,"),
        ({"kind": "lognormal", "median": 0.3, "sigma": 0.5}, "median 0.3,"),
        ({"kind": "fixed", "value": 0.35}, "0.35,"),
    ],
)
def test_caution_for_every_kind_of_distribution(
    manifest: dict[str, Any], parameter: dict[str, Any], expected: str
) -> None:
    parameters = manifest["config"]["parameters"]
    label = parameters["existing_run_share"]["label"]
    parameters["existing_run_share"] = {"grade": "assumption", "label": label, **parameter}
    assert expected in Speech("en").text(caution_of(manifest["config"]))


def test_a_plan_without_the_parameter_gets_the_general_caution(manifest: dict[str, Any]) -> None:
    del manifest["config"]["parameters"]["existing_run_share"]
    assert "0 of 1 parameters are assumptions" in Speech("en").text(caution_of(manifest["config"]))


def test_several_scenarios_are_refused(attainment: pd.DataFrame, manifest: dict[str, Any]) -> None:
    attainment.loc[0, "scenario"] = "austerity"
    with pytest.raises(ValueError, match="holds 2"):
        attainment_table(attainment, manifest)


def test_a_frame_that_never_was_a_file_gives_the_same_table(
    attainment: pd.DataFrame, manifest: dict[str, Any]
) -> None:
    in_memory = attainment.copy()
    for column in ("definition", "first_attained_p50", "held_back_by"):
        in_memory[column] = in_memory[column].astype(object).fillna("")
    assert printed(in_memory, manifest, "both") == printed(attainment, manifest, "both")
