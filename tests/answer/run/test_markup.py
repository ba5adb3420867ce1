"""Markup in a label is text: it comes out of console, tables and pictures as it went in."""

from __future__ import annotations

import csv
from pathlib import Path
from xml.etree import ElementTree

import pytest

from sim.__main__ import main
from tests.program import with_pictures

LABEL = r"[b]$x_1$<i>\q[/]%{0}"
"""Rich would take the brackets, SVG the angles, a formatter the braces."""


@with_pictures()
def test_markup_in_labels_is_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    keys = ("scenario.label", "plan.targets.municipal_bases.name", "plan.groups.facilities.name")
    labels = [f"{key}.{tongue}={LABEL}" for key in keys for tongue in ("zh", "en")]
    usual = ["replications=2", "backend=serial", "store=null", "hydra.run.dir=run", "language=en"]
    usual += ["table=full"]
    assert main([*usual, *labels]) == 0, capsys.readouterr().err

    said = capsys.readouterr().out
    assert said.count(LABEL) >= 3
    with (tmp_path / "run" / "attainment.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["target"] == "municipal_bases"]
    assert rows
    assert LABEL in rows[0].values()
    texts = [
        element.text or ""
        for path in (tmp_path / "run").glob("*.svg")
        for element in ElementTree.parse(path).iter("{http://www.w3.org/2000/svg}text")
    ]
    assert sum(LABEL in text for text in texts) >= 3
