"""Charts of a study are drawn once, and again whenever they would look different."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from matplotlib.figure import Figure

from sim.report.charts.drawing import write_once
from sim.report.words import Language


class Draughtsman:
    """Draws one empty chart for each name, and counts how often."""

    def __init__(self, *names: str) -> None:
        self.names = names
        self.calls = 0

    def __call__(self) -> Mapping[str, Figure]:
        self.calls += 1
        return {name: Figure(figsize=(0.2, 0.2)) for name in self.names}


def folder(path: Path, origin: str = "abc", table: str = "1") -> Path:
    (path / "manifest.json").write_text(json.dumps({"result_hash": origin}), encoding="utf-8")
    (path / "study.csv").write_text(table, encoding="utf-8")
    return path


def draw(path: Path, draughtsman: Draughtsman, language: Language = "en") -> list[str]:
    return [p.name for p in write_once(path, ["study"], language, draughtsman)]


def test_equal_results_are_drawn_once(tmp_path: Path) -> None:
    draughtsman = Draughtsman("a")
    first = draw(folder(tmp_path), draughtsman)
    assert first == ["a.png", "a.svg"]
    assert draw(folder(tmp_path), draughtsman) == first
    assert draughtsman.calls == 1


def test_other_results_tables_and_languages_are_drawn_again(tmp_path: Path) -> None:
    draughtsman = Draughtsman("a")
    draw(folder(tmp_path), draughtsman)
    draw(folder(tmp_path), draughtsman, "zh")
    draw(folder(tmp_path, origin="abd"), draughtsman, "zh")
    draw(folder(tmp_path, origin="abd", table="2"), draughtsman, "zh")
    (tmp_path / "a.svg").unlink()
    draw(folder(tmp_path, origin="abd", table="2"), draughtsman, "zh")
    assert draughtsman.calls == 5


def test_charts_that_no_longer_belong_are_taken_away(tmp_path: Path) -> None:
    draw(folder(tmp_path), Draughtsman("a", "b"))
    (tmp_path / "own.png").write_bytes(b"the reader's")
    draw(folder(tmp_path, table="2"), Draughtsman("a"))
    assert {path.name for path in tmp_path.glob("*.png")} == {"a.png", "own.png"}
