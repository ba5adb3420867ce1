"""The sentences below the tables: which reading decides, how many targets are met, and why not."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sim.answer.found import FrameFound, StoredFound
from sim.report.results import read_attainment, read_manifest, target_rows
from sim.report.sentences import met_count_sentences, reading_sentences, summary_sentences


@pytest.fixture
def attainment(run_folder: Path) -> pd.DataFrame:
    return read_attainment(run_folder)


@pytest.fixture
def manifest(run_folder: Path) -> dict[str, Any]:
    return read_manifest(run_folder)


# --------------------------------------------------------------------------- summary


def test_sentences_count_targets_and_name_the_obstacle(
    attainment: pd.DataFrame, manifest: dict[str, Any]
) -> None:
    rows = [row for row in target_rows(attainment, manifest) if row.decides]
    likely = sum(row.probability >= 0.8 for row in rows)
    sentences = summary_sentences(attainment, manifest, "en")
    assert len(sentences) == 2
    assert sentences[0].startswith(f"Modelled targets of the plan: {len(rows)}; ")
    assert f"(80 % or more): {likely};" in sentences[0]
    assert "money (an instalment waits for cash)" in sentences[1]
    assert len(summary_sentences(attainment, manifest, "both")) == 4


def test_obstacles_are_those_of_targets_more_likely_missed_than_met(
    attainment: pd.DataFrame, manifest: dict[str, Any]
) -> None:
    """One at 30 % is missed more often than met, and so is one at 49 %; at 50 % it is not."""
    decides = [row for row in target_rows(attainment, manifest) if row.decides]
    first, second, third = (row.target for row in decides[:3])
    table = attainment.set_index("target")
    table["probability"] = table["probability"].where(table["probability"].isna(), 1.0)
    table["held_back_by"] = ""
    for name, chance, stage in (
        (first, 0.3, "crew"),
        (second, 0.49, "crew"),
        (third, 0.5, "staff"),
    ):
        table.loc[name, ["probability", "held_back_by"]] = [chance, stage]
    sentence = summary_sentences(table.reset_index(), manifest, "en")[1]
    assert re.findall(r"\d+", sentence) == ["2", "2"]  # both of the two for want of a crew
    assert "crew" in sentence


def test_sentence_without_missed_targets(
    attainment: pd.DataFrame, manifest: dict[str, Any]
) -> None:
    attainment["probability"] = attainment["probability"].where(attainment["probability"].isna(), 1)
    assert "No target is more likely missed" in summary_sentences(attainment, manifest, "en")[1]


# --------------------------------------------------------------------------- how many at once


def frame(met: dict[tuple[str, str], list[bool]]) -> pd.DataFrame:
    rows = [
        (number, number, target, reading, float(value), value, None)
        for (target, reading), values in met.items()
        for number, value in enumerate(values)
    ]
    names = ["draw", "replication", "target", "definition", "value", "attained",
             "first_attained_day"]  # fmt: skip
    return pd.DataFrame(rows, columns=names)


def test_how_many_targets_are_met(attainment: pd.DataFrame, manifest: dict[str, Any]) -> None:
    """Ten histories; the joint rows' mean and range come from the file, the chances from these."""
    rows = [row for row in target_rows(attainment, manifest) if row.decides]
    met = {(row.target, row.definition): [False] * 10 for row in rows}
    first, second, third = [
        key for key, row in zip(met, rows, strict=True) if row.group == "facilities"
    ][:3]
    met[first], met[second], met[third] = [True] * 9 + [False], [True] * 6 + [False] * 4, [
        True, True, *[False] * 8]  # fmt: skip
    is_count = attainment["target"].str.startswith("met_count")
    attainment.loc[is_count, ["mean", "p05", "p95"]] = (1.7, 1.0, 3.0)
    english = met_count_sentences(attainment, FrameFound(frame(met)), manifest, "en")
    total = len(rows)
    assert english[0] == (
        f"Modelled targets of the plan met: 1.7 of {total} on average (5–95 %: 1–3); "
        "at least 1 with 90 %, at least 2 with 60 %, at least 3 with 20 %."
    )
    assert english[1].startswith("Facilities: 1.7 of ")
    assert english[2].endswith("at least 1 with 0 %.")  # staff: not even one target, ever
    chinese = met_count_sentences(attainment, FrameFound(frame(met)), manifest, "zh")
    assert f"{total}项中平均1.7项（5–95%：1–3项）" in chinese[0]
    assert "至少1项的概率90%、至少2项的概率60%、至少3项的概率20%" in chinese[0]


def test_chances_of_a_real_looking_folder(
    attainment: pd.DataFrame, manifest: dict[str, Any], run_folder: Path
) -> None:
    found = StoredFound(run_folder / "targets.parquet")
    sentences = met_count_sentences(attainment, found, manifest, "both")
    assert len(sentences) == 2 * 3  # all, facilities and staff, in two languages
    counts = attainment.set_index("target").loc["met_count"]
    assert f"{counts['mean']:.1f}" in sentences[0]


# --------------------------------------------------------------------------- two readings


def reading(attainment: pd.DataFrame, target: str, definition: str, **cells: float) -> None:
    """Set cells of one row; ``p`` is a probability known to within three points."""
    row = (attainment["target"] == target) & (attainment["definition"] == definition)
    p = cells.pop("p")
    cells |= {"probability": p, "probability_low": max(0.0, p - 0.03), "probability_high": p + 0.03}
    attainment.loc[row, list(cells)] = list(cells.values())


def sentence(attainment: pd.DataFrame, manifest: dict[str, Any], name: str) -> str:
    """The one sentence on the definition called ``name``."""
    found = [s for s in reading_sentences(attainment, manifest, "en") if s.startswith(f"{name}: ")]
    assert len(found) == 1
    return found[0]


def test_a_reading_that_decides(attainment: pd.DataFrame, manifest: dict[str, Any]) -> None:
    reading(attainment, "full_time_staff", "strict", p=0.0)
    reading(attainment, "full_time_staff", "broad", p=0.22)
    assert sentence(attainment, manifest, "full_time_staff") == (
        "full_time_staff: “full-time posts only” or “full-time and part-time”? "
        "Full-time science-popularization staff: met with 0 % or 22 %, the reading decides."
    )
    chinese = reading_sentences(attainment, manifest, "zh")
    assert (
        "full_time_staff：“仅专职岗位”还是“专职加兼职”？科普专职人员：达标概率0%或22%，由口径决定。"
        in chinese
    )


def test_the_reading_that_counts_is_named_first(
    attainment: pd.DataFrame, manifest: dict[str, Any]
) -> None:
    reading(attainment, "full_time_staff", "strict", p=0.0)
    reading(attainment, "full_time_staff", "broad", p=0.22)
    manifest["config"]["definitions"]["full_time_staff"] = "broad"
    text = sentence(attainment, manifest, "full_time_staff")
    assert "“full-time and part-time” or “full-time posts only”?" in text
    assert "22 % or 0 %" in text


def test_a_reading_that_matters_without_deciding(
    attainment: pd.DataFrame, manifest: dict[str, Any]
) -> None:
    reading(attainment, "full_time_staff", "strict", p=0.30)
    reading(attainment, "full_time_staff", "broad", p=0.50)
    assert "30 % or 50 %, the reading matters." in sentence(attainment, manifest, "full_time_staff")


def test_chances_too_near_to_tell_apart_leave_the_medians(
    attainment: pd.DataFrame, manifest: dict[str, Any]
) -> None:
    reading(attainment, "full_time_staff", "strict", p=0.30, p50=4_900.0)
    reading(attainment, "full_time_staff", "broad", p=0.34, p50=44_000.0)
    assert sentence(attainment, manifest, "full_time_staff").endswith(
        "met with 30 % or 34 % (within simulation error), median 4,900 or 44,000 people."
    )
    reading(attainment, "full_time_staff", "broad", p=0.30, p50=44_000.0)
    assert sentence(attainment, manifest, "full_time_staff").endswith(
        "met with 30 % either way, median 4,900 or 44,000 people."
    )


def test_equal_answers_need_no_sentence(attainment: pd.DataFrame, manifest: dict[str, Any]) -> None:
    for definition in ("strict", "broad"):
        reading(attainment, "full_time_staff", definition, p=0.3, p50=44_000.0)
    sentences = reading_sentences(attainment, manifest, "en")
    assert not [s for s in sentences if s.startswith("full_time_staff")]


def test_one_sentence_a_definition_even_for_several_targets(
    attainment: pd.DataFrame, manifest: dict[str, Any]
) -> None:
    """Municipal and district bases share a definition."""
    for target in ("municipal_bases", "district_bases"):
        reading(attainment, target, "promoted_count", p=0.9)
        reading(attainment, target, "promoted_leave", p=0.1)
    text = sentence(attainment, manifest, "promoted_base_counts")
    assert text.count("the reading decides") == 2
    assert text.count("“promoted bases leave”") == 1


def test_a_definition_that_changes_the_run_has_no_sentence(
    attainment: pd.DataFrame, manifest: dict[str, Any]
) -> None:
    sentences = reading_sentences(attainment, manifest, "both")
    assert not [s for s in sentences if s.startswith("district_venue")]
