"""Points, scenarios and hashes that look like numbers, truths or nothing stay what they are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import sim.study
from experiments.compare_scenarios.question import QUESTION
from sim.config.schema import Run
from sim.job import run_job
from sim.study.study import DesignPoint, Study
from tests.factory import micro_run, settings

NAMES = ["NA", "001", "1e5", "True", "nan", "inf", "null", "None", "7.0", "-1"]
ROOM = {"goal": 4, "unit_cost": 1_000_000, "build_months": 6}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("names")
    return micro_run(folder, {"nan": ROOM, "null": ROOM}, replications=4)


def test_a_study_of_such_points_opens_with_their_names(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def looks_like_a_number(own: Run) -> str:
        return f"{own.budget.public_total // 10**6:02d}3456e789012345"

    for module in ("study", "worker", "chunk", "identity"):
        monkeypatch.setattr(f"sim.study.{module}.point_hash", looks_like_a_number)
    points = [
        DesignPoint(name, settings(run, {"budget.public_total": 10**6 * i}), (f"+{name}=1",))
        for i, name in enumerate(NAMES, start=1)
    ]
    with Study(tmp_path / "s", "names", {}, run) as study:
        study.simulate(points, 3)
        study.write_table("names", ("scenario", "probability"), [(name, 0.5) for name in NAMES])
        study.finish({"zh": "", "en": ""})
    archive = sim.study.open(tmp_path / "s")
    assert archive.points == NAMES
    design = archive.design()
    assert design["point"].tolist() == NAMES
    assert design["hash"].tolist() == [f"{i:02d}3456e789012345" for i in range(1, 11)]
    assert design["overrides"].tolist() == [f"+{name}=1" for name in NAMES]
    assert design["replications"].tolist() == [3] * len(NAMES)
    assert archive.table("names")["scenario"].tolist() == NAMES
    for name in NAMES:
        frame = archive.targets(points=[name])
        assert frame["scenario"].unique().tolist() == [name]
        assert frame["target"].unique().tolist() == ["nan", "null"]


def test_runs_of_such_names_are_compared_by_them(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("experiments.shared.drawing.draw", lambda *_: [])
    names = ["1e5", "NA", "001", "True"]
    for i, name in enumerate(names, start=1):
        changes: dict[str, Any] = {"scenario.name": name, "budget.public_total": 10**7 * i}
        assert run_job(settings(run, changes), tmp_path / f"run_{i}", []) == 0
    runs = ",".join(str(tmp_path / f"run_{i}") for i in range(1, len(names) + 1))
    folder = tmp_path / "s"
    assert QUESTION.main([f"study.folder={folder}", f"study.runs=[{runs}]", "study.traced=1"]) == 0
    archive = sim.study.open(folder)
    assert archive.points == names
    table = archive.table("compare_scenarios")
    assert table["scenario"].unique().tolist() == names[1:]
    assert set(table["reference"]) == {"1e5"}
    assert archive.table("scenarios")["scenario"].tolist() == names
    answer = json.loads((folder / "answer.json").read_text(encoding="utf-8"))
    assert [own["scenario"] for own in answer["comparisons"]] == names[1:]
    assert archive.targets()["scenario"].unique().tolist() == names


def test_an_attainment_table_of_such_targets_has_a_row_for_each(run: Run, tmp_path: Path) -> None:
    assert run_job(settings(run, {"scenario.name": "nan"}), tmp_path / "run", []) == 0
    table = sim.study.open(tmp_path / "run").attainment()
    assert table["target"].tolist()[:2] == ["nan", "null"]
    assert set(table["scenario"]) == {"nan"}
