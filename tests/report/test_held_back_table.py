"""The table of what held the missed targets back, and the whole console report."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from rich.cells import cell_len
from rich.console import Console

from sim.report.console import report_console, run_report
from sim.report.held_back import held_back_table
from sim.report.results import Manifest, read_attainment, read_manifest
from sim.report.words import Language, word


@pytest.fixture
def attainment(run_folder: Path) -> pd.DataFrame:
    return read_attainment(run_folder)


@pytest.fixture
def held_back(run_folder: Path) -> pd.DataFrame:
    return pd.read_csv(run_folder / "held_back.csv", encoding="utf-8-sig")


@pytest.fixture
def manifest(run_folder: Path) -> dict[str, Any]:
    return read_manifest(run_folder)


def printed(
    attainment: pd.DataFrame,
    held_back: pd.DataFrame,
    manifest: Manifest,
    language: Language,
    width: int = 120,
) -> str:
    table = held_back_table(attainment, held_back, manifest, language)
    assert table is not None
    stream = io.StringIO()
    Console(file=stream, width=width).print(table)
    return stream.getvalue()


def test_a_missed_target_has_units_days_and_projects(
    attainment: pd.DataFrame, held_back: pd.DataFrame, manifest: dict[str, Any]
) -> None:
    text = printed(attainment, held_back, manifest, "en")
    line = next(line for line in text.splitlines() if "Demonstration projects" in line)
    missed = 1.0 - attainment.set_index("target").loc["demo_projects", "probability"]
    assert line.split() == [
        "Demonstration", "projects", f"{100 * missed:.0f}", "%", "money", "12", "projects",
        "building", "or", "43,210", "staff", "3.2",
    ]  # fmt: skip


def test_a_narrow_table_stacks_reasons_and_numbers(
    attainment: pd.DataFrame, held_back: pd.DataFrame, manifest: dict[str, Any]
) -> None:
    lines = printed(attainment, held_back, manifest, "en", 80).splitlines()
    position = next(i for i, line in enumerate(lines) if "Demonstration" in line)
    assert "Demonstration projects" in lines[position]
    assert lines[position].split()[-5:] == ["%", "money", "building", "or", "staff"]
    assert lines[position + 1].split() == ["12", "projects", "preparation", "3.2"]
    assert lines[position + 2].split() == ["43,210"]
    narrow = printed(attainment, held_back, manifest, "en", 60)
    assert word("held_back.missed", "en") not in narrow.partition("─")[0]


def test_titles_and_posts_have_no_projects(
    attainment: pd.DataFrame, held_back: pd.DataFrame, manifest: dict[str, Any]
) -> None:
    text = printed(attainment, held_back, manifest, "en", width=160)
    line = next(line for line in text.splitlines() if "Full-time" in line)
    assert line.split()[-6:] == ["100", "%", "no", "candidates", "12", "people"]


def test_only_targets_that_are_not_likely_stand_in_it(
    attainment: pd.DataFrame, held_back: pd.DataFrame, manifest: dict[str, Any]
) -> None:
    row = attainment["target"] == "demo_projects"
    attainment.loc[row, "probability"] = 0.79
    assert "Demonstration" in printed(attainment, held_back, manifest, "en")
    attainment.loc[row, "probability"] = 0.8
    assert "Demonstration" not in printed(attainment, held_back, manifest, "en")


def test_without_such_a_target_there_is_no_table(
    attainment: pd.DataFrame, held_back: pd.DataFrame, manifest: dict[str, Any]
) -> None:
    attainment["probability"] = 1.0
    assert held_back_table(attainment, held_back.iloc[:0], manifest) is None


def test_the_reading_that_counts_stands_in_it(
    attainment: pd.DataFrame, held_back: pd.DataFrame, manifest: dict[str, Any]
) -> None:
    held_back.loc[held_back["definition"] == "broad", "units_stage"] = "unmet:attrition"
    assert "attrition" not in printed(attainment, held_back, manifest, "en")
    manifest["config"]["definitions"]["full_time_staff"] = "broad"
    assert "attrition" in printed(attainment, held_back, manifest, "en")


@pytest.mark.parametrize("width", [60, 80, 100, 120, 160])
@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_long_names_and_numbers_hold_the_width(
    attainment: pd.DataFrame,
    held_back: pd.DataFrame,
    manifest: dict[str, Any],
    language: Language,
    width: int,
) -> None:
    held_back["units_mean"] = 95_123_456_789.0
    attainment["label_en"] = "Change in the literacy gap between town and country " * 2
    attainment["label_zh"] = "城乡科学素质差距的变化" * 4
    text = printed(attainment, held_back, manifest, language, width)
    assert max(cell_len(line) for line in text.splitlines()) <= width
    assert "…" not in text
    assert ("95.1 billion" if language == "en" else "951亿") in text
    assert "43,210" in text


@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_the_report_of_a_folder(
    run_folder: Path,
    manifest: dict[str, Any],
    language: Language,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Table, readings, caution, what held back, and last how many are met and why not."""
    monkeypatch.delenv("COLUMNS", raising=False)
    stream = io.StringIO()
    report_console(stream).print(run_report(run_folder, manifest, language))
    text = stream.getvalue()
    assert max(cell_len(line) for line in text.splitlines()) <= 120
    tongue = "en" if language == "en" else "zh"
    marks = {
        "zh": ("：目标实现情况", "还是", "注意：", "未达标的目标卡在哪里", "项中平均",
               "最常见的主要制约"),
        "en": (": attainment of", "” or “", "Caution:", "What held the missed", " on average",
               "most frequent obstacle"),
    }[tongue]  # fmt: skip
    places = [text.index(mark) for mark in marks]
    assert places == sorted(places)
    assert word("held_back.missed", tongue) in text


@pytest.mark.parametrize(
    ("columns", "width"), [(None, 120), ("80", 80), ("", 120), ("0", 120), ("wide", 120)]
)
def test_a_pipe_gets_120_columns_unless_told(
    columns: str | None, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    if columns is not None:
        monkeypatch.setenv("COLUMNS", columns)
    assert report_console(io.StringIO()).width == width


def test_texts_are_printed_as_they_are() -> None:
    stream = io.StringIO()
    report_console(stream).print("runs/[bold]x :warning: [/]")
    assert stream.getvalue() == "runs/[bold]x :warning: [/]\n"
