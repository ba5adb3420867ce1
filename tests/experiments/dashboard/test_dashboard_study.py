"""The command: which points are simulated, when it is enough, and what stands in the folder."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

import sim.study
from experiments.dashboard.question import QUESTION, _finer
from experiments.shared.sweeping import Trial
from sim.answer.dossier import Dossier
from sim.answer.row import RowKey, rows_of
from sim.config.schema import Run
from sim.report.__main__ import main as report_main
from sim.verify import named
from tests.swept import at

SMALL = ("replications=2", "workers=1", "language=en")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def command(folder: Path, *overrides: str) -> int:
    return QUESTION.main([f"study.folder={folder}", *SMALL, *overrides])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three budgets, one added, and two scenarios of which one is another budget."""
    where = tmp_path_factory.mktemp("dashboard") / "study"
    few = ["study.factors=[0,2]", "study.error=0.1", "study.most=5"]
    assert command(where, *few, "study.scenarios=[austerity,late_release]") == 0
    return where


def test_a_scenario_that_is_a_budget_stands_among_the_budgets(folder: Path) -> None:
    table = rows(folder / "dashboard.csv")
    settings = {float(row["setting"]) for row in table if row["on_grid"] == "True"}
    assert {0.0, 8.19e8, 1.17e9, 2.34e9} < settings
    assert len(settings) == 5, "one more where the error is largest, and no more than are allowed"
    by_name = {row["scenario"]: (float(row["setting"]), row["on_grid"]) for row in table}
    assert by_name["Austerity (public money -30 %)"] == (8.19e8, "True")
    assert by_name["Late releases (two months)"] == (1.17e9, "False")
    base = {row["setting"] for row in table if row["base"] == "True"}
    assert base == {"1170000000.0"}


def test_the_answer_says_how_far_off_it_is_and_why_it_ended(folder: Path) -> None:
    answer = json.loads((folder / "answer.json").read_text(encoding="utf-8"))
    missed = rows(folder / "left_out.csv")
    assert len(missed) == 3
    mean = sum(float(row["error"]) for row in missed) / 3
    assert answer["error"] == pytest.approx(mean)
    assert answer["error_worst"] == max(float(row["error_worst"]) for row in missed)
    assert answer["ended"] == "most"
    assert f"missed by {100 * mean:.1f} percentage points" in answer["en"]
    assert f"平均误差{100 * mean:.1f}个百分点" in answer["zh"]


def test_the_tables_are_read_with_their_units(folder: Path) -> None:
    archive = sim.study.open(folder)
    found = archive.table("dashboard")
    assert found.attrs["units"]["setting"] == "unit of the key (money: yuan)"
    assert archive.table("left_out").attrs["units"]["error_worst"] == "share, 0 to 1"
    assert len(archive.points) == 6


def test_the_page_is_made_and_made_again_from_the_folder(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = folder / "dashboard.html"
    made = page.read_bytes()
    assert len(made) < 2_000_000
    dossier = Dossier.of(folder)
    assert dossier.answer.sweep is not None
    found = named(page)
    assert (found.result_hash, found.command) == (dossier.stamp.result_hash, dossier.command)
    page.unlink()
    assert report_main([str(folder), "dashboard", "language=both"]) == 0
    assert capsys.readouterr().out.split() == [str(page)]
    assert page.read_bytes() == made


def test_two_levers_are_simulated_in_pairs(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    second = ["study.second_key=planning.pace", "study.second_values=[0.35,0.7]"]
    assert command(folder, "study.factors=[0.5,1]", "study.scenarios=[]", *second) == 0
    table = rows(folder / "dashboard.csv")
    assert {(row["setting"], row["second_setting"]) for row in table} == {
        (first, second) for first in ("585000000.0", "1170000000.0") for second in ("0.35", "0.7")
    }
    answer = json.loads((folder / "answer.json").read_text(encoding="utf-8"))
    assert (answer["keys"], answer["error"]) == (["budget.public_total", "planning.pace"], None)
    assert "to try out what is missed" in answer["en"]


# ---------------------------------------------------------------------- one more setting


def trial(run: Run, grid: Sequence[tuple[float, ...]], bend: float) -> Trial:
    """All targets jump where the first lever passes ``bend``."""
    targets = [row for row in rows_of(run.model_dump(mode="json")).values() if row.modelled]

    def chance(_: RowKey, settings: Sequence[float]) -> float:
        return 1.0 if settings[0] > bend else 0.0

    return Trial([at(run, chance, own) for own in grid], targets)


@pytest.mark.parametrize(
    ("settings", "bend", "counts", "wanted"),
    [
        ((0.0, 4.0, 8.0, 16.0), 5.0, (), 6.0),
        ((0.0, 4.0, 7.0, 16.0), 5.0, (), 5.5),
        ((0.0, 4.0, 7.0, 16.0), 5.0, (0,), 6.0),  # of whole numbers
        ((0.0, 1.0, 2.0, 3.0), 1.5, (0,), None),  # between two of them there is none
        ((0.0, 4.0), 1.0, (), None),
    ],
)
def test_a_setting_is_added_where_the_curve_is_known_worst(
    real_run: Run,
    settings: tuple[float, ...],
    bend: float,
    counts: tuple[int, ...],
    wanted: float | None,
) -> None:
    grid = [(own,) for own in settings]
    finer = _finer(grid, trial(real_run, grid, bend), counts)
    if wanted is None:
        assert finer is None
    else:
        assert finer == sorted([*grid, (wanted,)])


def test_with_two_levers_a_whole_line_is_added(real_run: Run) -> None:
    grid = [(float(a), float(b)) for b in (1, 2) for a in (0, 4, 8, 16)]
    finer = _finer(grid, trial(real_run, grid, 5.0), ())
    assert finer is not None
    assert {*finer} - {*grid} == {(6.0, 1.0), (6.0, 2.0)}
    assert finer == sorted(finer, key=lambda at: at[::-1])
