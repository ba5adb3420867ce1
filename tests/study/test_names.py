"""Points, scenarios and hashes that look like numbers, truths or nothing stay what they are."""

from __future__ import annotations

from pathlib import Path

import pytest

import sim.study
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


def test_an_attainment_table_of_such_targets_has_a_row_for_each(run: Run, tmp_path: Path) -> None:
    assert run_job(settings(run, {"scenario.name": "nan"}), tmp_path / "run", []) == 0
    table = sim.study.open(tmp_path / "run").attainment()
    assert table["target"].tolist()[:2] == ["nan", "null"]
    assert set(table["scenario"]) == {"nan"}
