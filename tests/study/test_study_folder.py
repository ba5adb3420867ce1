"""The folder of a study: what is its own, and what its manifest says while it is under way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sim.config.errors import ConfigError
from sim.study.study_folder import CHARTS, LOCK, MANIFEST, StudyFolder

IDENTITY: dict[str, object] = {"study": "sweep", "seed": 7}
ENVIRONMENT: dict[str, object] = {"code": "abc"}


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[StudyFolder]:
    folder = opened(tmp_path / "study")
    yield folder
    folder.leave()


def opened(path: Path, *, fresh: bool = False, **identity: object) -> StudyFolder:
    return StudyFolder(path, IDENTITY | identity, ENVIRONMENT, fresh=fresh)


def manifest(folder: StudyFolder) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((folder.path / MANIFEST).read_text())
    return told


def test_a_table_is_known_as_the_studys_before_it_is_there(folder: StudyFolder) -> None:
    """And with it the study is not finished, whoever breaks it off now."""

    def rows() -> Iterator[list[str]]:
        told = manifest(folder)
        assert "answers" in told["tables"]
        assert told["finished"] is False
        yield ["yes"]

    folder.write_table("answers", ["said"], rows())
    assert (folder.path / "answers.csv").exists()


def test_what_an_earlier_process_wrote_is_cleared_with_the_rest(folder: StudyFolder) -> None:
    """Its tables and its charts, and nothing that is somebody else's."""
    folder.write_table("answers", ["said"], [["yes"]])
    folder.write_manifest(finished=True)
    for name in ("chart.png", "holiday.png", "own.csv"):
        (folder.path / name).write_text("x")
    (folder.path / CHARTS).write_text(json.dumps({"charts": ["chart.png", "../escape.png", 3]}))
    folder.leave()
    again = opened(folder.path)
    assert again.finished
    again.clear()
    left = {path.name for path in again.path.iterdir()}
    assert left == {LOCK, "holiday.png", "own.csv"}
    assert not again.finished


def test_the_manifest_of_another_study_is_refused(folder: StudyFolder) -> None:
    (folder.path / "runs").mkdir()
    folder.write_manifest(finished=True)
    folder.leave()
    with pytest.raises(ConfigError, match="seed"):
        opened(folder.path, seed=8)
    assert opened(folder.path, fresh=True, seed=8).finished is False
