"""Charts are drawn again when something that they show has changed, and only then."""

from __future__ import annotations

from pathlib import Path

from sim.report.charts.stamp import is_current, stamp


def test_charts_are_drawn_again_only_when_something_changed(tmp_path: Path) -> None:
    for name in ("manifest.json", "table.csv", "chart.png"):
        (tmp_path / name).write_bytes(b"")
    chart = tmp_path / "chart.png"
    assert not is_current(tmp_path, "en")
    stamp(tmp_path, "en", [chart])
    assert is_current(tmp_path, "en")
    assert not is_current(tmp_path, "zh")
    (tmp_path / "more.csv").write_text("more", encoding="utf-8")
    assert not is_current(tmp_path, "en")
    stamp(tmp_path, "en", [chart])
    chart.unlink()
    assert not is_current(tmp_path, "en")
