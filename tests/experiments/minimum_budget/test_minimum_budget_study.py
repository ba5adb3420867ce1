"""The smallest budgets, from the command line to charts: resumed, repeated, and misused."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
import yaml
from matplotlib.figure import Figure

import sim.study
from experiments.minimum_budget.budgets import ABUNDANT
from experiments.minimum_budget.findings import CurvePoint, SmallestBudget
from experiments.minimum_budget.question import QUESTION, largest_budget
from sim.answer.finding import columns_of
from sim.config.directory import config_directory
from sim.config.schema import Run
from sim.config.validation import validate
from sim.edge import compose
from sim.study.files import read_csv
from sim.study.study import DesignPoint
from tests.program import with_pictures

SMALL = (
    "replications=2", "workers=1", "study.cap=24", "study.confirm=2", "study.budget_max=9e9",
    "study.targets=[community_rooms,bachelor_share,all:activities,all]",
    "study.together=[community_rooms,science_windows]",
    "scenario=front_loaded", "planning.pace=0.5", "language=en",
)  # fmt: skip


def command(folder: Path, *overrides: str) -> int:
    return QUESTION.main([f"study.folder={folder}", *SMALL, *overrides])


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes()
        for path in folder.iterdir()
        if path.suffix in (".csv", ".png", ".svg") or path.name == "answer.json"
    }


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("minimum") / "study"
    with with_pictures():
        assert command(folder) == 0
    return folder


def test_a_study_has_a_row_a_subject_and_its_curve(study: Path) -> None:
    table = pd.read_csv(study / "minimum_budget.csv", encoding="utf-8-sig")
    single = ["community_rooms", "science_windows", "bachelor_share"]
    names = [*single, "all", "all:activities", "together"]
    assert table["target"].tolist() == names
    assert table["definition"].fillna("").tolist() == ["", "", "strict", "", "", ""]
    bachelor = table.set_index("target").loc["bachelor_share"]
    assert bachelor["verdict"] in ("out_of_reach", "undecided")
    assert bachelor["binding_target"] == "bachelor_share"
    assert bachelor["binding_zh"]
    curves = pd.read_csv(study / "curves.csv", encoding="utf-8-sig")
    assert len(curves) == len(names) * curves["public_yuan"].nunique()
    assert {0, 1_170_000_000, 9_000_000_000} <= set(curves["public_yuan"])
    chances = curves.pivot_table(index="public_yuan", columns="target", values="probability")
    members = chances[["community_rooms", "science_windows"]]
    assert (chances["together"] <= members.min(axis=1)).all()
    assert (chances["together"] >= members.sum(axis=1) - 1.0).all()
    assert chances["together"].max() > 0.0


def test_only_the_public_budget_moves_but_for_the_point_without_money(study: Path) -> None:
    design = pd.read_csv(study / "design.csv", encoding="utf-8-sig")
    social = design["overrides"].str.contains("budget.social_total=0")
    assert social.sum() == 1
    assert "budget.public_total=0 " in design.loc[social, "overrides"].iloc[0]
    assert design.loc[~design["overrides"].str.contains("seed="), "seed"].nunique() == 1


def test_the_overrides_of_a_design_point_make_the_run_that_was_simulated(study: Path) -> None:
    design = pd.read_csv(study / "design.csv", encoding="utf-8-sig")
    others = design["overrides"].str.contains("seed=")
    some = pd.concat([design[~others].iloc[:2], design[others].iloc[:1]])
    assert len(some) >= 2
    for _, row in some.iterrows():
        run = validate(compose(row["overrides"].split()))
        assert DesignPoint("again", run).hash == row["hash"]


def test_the_passport_credits_the_command_line_with_what_stands_there(study: Path) -> None:
    passport = pd.read_csv(study / "passport.csv", encoding="utf-8-sig").set_index("key")
    assert passport.loc["planning.pace", "source"] == "command line"
    assert passport.loc["replications", "source"] == "command line"
    assert set(passport.loc[["budget.public_total"], "source"]) == {"command line"}
    assert passport.loc["budget.year_shares.0", "source"] == "scenario front_loaded"


def test_the_answer_has_its_figures(study: Path) -> None:
    answer = json.loads((study / "answer.json").read_text(encoding="utf-8"))
    assert answer["budget_max"] == 9_000_000_000
    assert answer["replications_search"] <= 24
    assert "80%" in answer["zh"]
    assert "3 targets" in answer["en"]


def test_the_same_command_resumes_and_says_the_same(
    study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(study)
    with monkeypatch.context() as patch:  # nothing is simulated again
        patch.setattr("sim.study.executor.worker.Worker.chunk", None)
        patch.setattr(Figure, "savefig", None)
        assert command(study) == 0
    assert contents(study) == before


@with_pictures()
def test_an_interrupted_study_ends_as_an_uninterrupted_one(
    study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "study"

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("experiments.minimum_budget.question.confirmations", interrupt)
        assert command(folder) == 1
    assert "goes on from here" in capsys.readouterr().err
    assert command(folder) == 0
    assert contents(folder) == contents(study)


def test_pictures_are_in_the_folder_and_name_the_result(study: Path) -> None:
    origin = json.loads((study / "manifest.json").read_text(encoding="utf-8"))["result_hash"]
    drawn = list(study.glob("minimum_budget*.png"))
    assert study / "minimum_budget_en.png" in drawn
    for path in drawn:
        assert origin.encode() in path.read_bytes()
        assert origin in path.with_suffix(".svg").read_text(encoding="utf-8")
    assert not [*study.glob("*_zh.*")]


def test_tables_have_the_columns_and_units_of_their_findings(study: Path) -> None:
    for name, kind in (("minimum_budget", SmallestBudget), ("curves", CurvePoint)):
        units = columns_of(kind)
        assert read_csv(study / f"{name}.csv")[0] == [*units]
        told = sim.study.open(study).table(name).attrs["units"]
        assert set(told) <= {column for column, unit in units.items() if unit}


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("study.probability=0.3", "0.5 to 0.99"),
        ("study.probability=80", "0.5 to 0.99"),
        ("study.targets=[comunity_rooms]", "community_rooms"),
        ("study.targets=[]", "no target"),
        ("study.targets=[all,all]", "twice"),
        ("study.targets=all", "list of targets"),
        ("study.budget_max=1000", "at least 1170000000"),
        ("study.budget_max=-1", "whole yuan"),
        ("study.budget_max=2000000000.5", "whole yuan"),
        ("study.tolerance=0", "0.01 to 1"),
        ("study.rounds=-1", "0 to 100"),
        ("study.confirm=-1", "0 for none"),
        ("study.half_width=2", "tolerance"),
        ("study.cap=7", "at least 16"),
        ("study.cap=0", "20 times `replications`"),
    ],
)
def test_wrong_settings_are_refused_with_what_is_allowed(
    tmp_path: Path, override: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert QUESTION.main([f"study.folder={tmp_path / 's'}", "replications=2", override]) == 2
    assert words in capsys.readouterr().err
    assert not list(tmp_path.glob("s/runs/*/*.parquet"))


def test_a_cap_has_room_for_the_coarse_grid_and_is_never_exceeded(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    design = pd.read_csv(study / "design.csv", encoding="utf-8-sig")
    search = design[~design["overrides"].str.contains("seed=")]
    assert 16 <= search["replications"].sum() <= 24
    # Zero, five around the scenario's, the largest, and no money at all: 30 replications each.
    given = [f"study.folder={tmp_path / 's'}", "replications=30", "study.cap=200"]
    assert QUESTION.main(given) == 2
    assert "at least 240" in capsys.readouterr().err
    assert not (tmp_path / "s").exists()


def test_the_largest_budget_is_the_same_under_every_scenario(real_run: Run) -> None:
    usual = ABUNDANT * real_run.budget.public_total
    for own in (0, 10**9, real_run.budget.public_total):
        assert largest_budget(own, None) == usual
    assert largest_budget(2 * usual, None) == 2 * usual
    # The same amount lifts the constraint of money in the study of bottlenecks.
    text = (config_directory() / "study" / "bottlenecks.yaml").read_text(encoding="utf-8")
    relief = yaml.safe_load(text)["reliefs"]["money"]["overrides"]
    assert relief == [f"budget.public_total={usual}"]


def test_a_scenario_without_any_money_can_be_asked_about(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "study"
    given = ["replications=1", "workers=1", "study.confirm=0", "study.rounds=0", "budget=zero",
             "language=en"]  # fmt: skip
    assert QUESTION.main([f"study.folder={folder}", *given, "study.targets=[community_rooms]"]) == 0
    budgets = pd.read_csv(folder / "curves.csv", encoding="utf-8-sig")["public_yuan"].tolist()
    assert budgets == [0, *(int(1.17e9 * x) for x in (0.25, 0.5, 1, 2, 4, 64))]
    assert "0 yuan" in capsys.readouterr().out
    # The point without any money is the one without public money, and counts once.
    answer = json.loads((folder / "answer.json").read_text(encoding="utf-8"))
    assert answer["budgets"] == answer["replications_search"] == len(budgets)
    assert len(pd.read_csv(folder / "design.csv", encoding="utf-8-sig")) == len(budgets)
