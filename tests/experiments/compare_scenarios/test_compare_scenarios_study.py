"""Scenarios compared from the command line to the pictures, simulated or handed over as runs."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import experiments.shared.question
import sim.study
from experiments.compare_scenarios.question import QUESTION
from experiments.shared.answered import Printed
from sim.answer.settings import read_manifest
from sim.config.errors import ConfigError
from sim.config.schema import Run
from sim.edge import Composer
from sim.job import run_job
from sim.study.finished_runs import finished_runs
from sim.study.folder import describe
from sim.study.tables import Summary
from sim.study.worker import Worker
from tests.factory import micro_run, settings, write_tables
from tests.program import with_pictures

REPLICATIONS = 4
SHOCK_FROM = "2020-01-25"  # the first day of the preset
COMMON = [f"replications={REPLICATIONS}", "record=targets", "workers=1", "backend=serial"]


def command(folder: Path, *overrides: str) -> int:
    return QUESTION.main([*COMMON, f"study.folder={folder}", *overrides])


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


SCENARIOS = ["study.scenarios=[baseline,epidemic_2020]", "study.traced=1"]


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("compare") / "study"
    with with_pictures():
        assert command(folder, *SCENARIOS, "language=en") == 0
    return folder


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Run folders of the same two scenarios, as python -m sim writes them."""
    folders = []
    for scenario in ("baseline", "epidemic_2020"):
        with Composer().started() as composer:
            run = composer.compose([*COMMON, f"scenario={scenario}"]).validated()
        folders.append(write_run(tmp_path_factory.mktemp("runs") / scenario, run))
    return folders


def write_run(path: Path, run: Run) -> Path:
    worker = Worker(run)
    results = worker.chunk(range(run.replications))
    folder = write_tables(path, worker, (0, run.replications, results))
    summary = Summary.of([results])
    folder.write_manifest(
        describe(run, summary, started="now", seconds=1.0, workers=1, interrupted=False)
    )
    return path


def change_manifest(path: Path, change: Any) -> None:
    manifest = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
    change(manifest)
    (path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def test_a_comparison_leaves_tables_answer_and_pictures(study: Path) -> None:
    answer = json.loads((study / "answer.json").read_text(encoding="utf-8"))
    (own,) = answer["comparisons"]
    assert (answer["reference"], own["scenario"]) == ("baseline", "epidemic_2020")
    assert own["replications"] == [REPLICATIONS, REPLICATIONS]
    assert own["met_difference"][0] == pytest.approx(own["met"] - own["met_reference"])
    table = rows(study / "compare_scenarios.csv")
    assert {row["replications"] for row in table} == {str(REPLICATIONS)}
    assert {row["paired"] for row in table} == {"True"}
    met = next(row for row in table if row["target"] == "met_count")
    assert float(met["value_difference"]) == pytest.approx(own["met_difference"][0])
    assert f"from {own['met_reference']:.1f} to {own['met']:.1f}" in answer["en"]
    assert f"由{own['met_reference']:.1f}项变为{own['met']:.1f}项" in answer["zh"]
    different = rows(study / "differences.csv")
    assert {row["key"] for row in different} >= {"scenario.name", "shocks.0.start"}
    assert [row["scenario"] for row in rows(study / "scenarios.csv")] == [
        "baseline",
        "epidemic_2020",
    ]
    drawn = {path.name for path in study.glob("*.png")}
    assert "compare_scenarios_epidemic_2020_en.png" in drawn
    assert not any("overview" in name or name.endswith("_zh.png") for name in drawn)
    origin = read_manifest(study)["result_hash"]
    assert origin.encode() in (study / "compare_scenarios_epidemic_2020_en.png").read_bytes()


def test_scenarios_first_differ_where_their_settings_do(study: Path) -> None:
    (first,) = rows(study / "first_difference.csv")
    assert first["date"] == SHOCK_FROM
    assert first["entity"].startswith("shock ")
    assert not first["reference_entity"]
    answer = json.loads((study / "answer.json").read_text(encoding="utf-8"))
    assert f"first differ on {SHOCK_FROM}" in answer["en"]
    assert f"最早在{SHOCK_FROM}出现差别" in answer["zh"]


def test_the_same_command_again_simulates_nothing(
    study: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ("compare_scenarios.csv", "first_difference.csv", "answer.json")
    before = {name: (study / name).read_bytes() for name in names}

    def never(*_: object) -> None:
        raise AssertionError("there is nothing to simulate")

    monkeypatch.setattr(Worker, "replicate", never)
    assert command(study, *SCENARIOS, "language=zh") == 0
    said = capsys.readouterr().out
    assert "“2020年疫情”与“基准情景”相比" in said
    assert "先列95%区间不含0的行" in said
    assert {name: (study / name).read_bytes() for name in names} == before


def test_finished_runs_give_the_table_of_simulated_scenarios(
    study: Path, runs: list[Path], tmp_path: Path
) -> None:
    folder = tmp_path / "by_folder"
    listed = ",".join(str(path) for path in runs)
    assert command(folder, f"study.runs=[{listed}]", "study.traced=1", "language=en") == 0
    for name in ("compare_scenarios", "first_difference"):
        ours, theirs = rows(folder / f"{name}.csv"), rows(study / f"{name}.csv")
        keys = [key for key in theirs[0] if "hash" not in key]
        assert [[r[k] for k in keys] for r in ours] == [[r[k] for k in keys] for r in theirs]
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    hashes = [read_manifest(path)["result_hash"] for path in runs]
    assert sorted(manifest["results"].values()) == sorted(hashes)
    assert [row["replications"] for row in rows(folder / "design.csv")] == ["4", "4"]
    assert any(row["point"] == "epidemic_2020" for row in rows(folder / "passport.csv"))


def test_a_comparison_of_finished_runs_can_be_opened(
    runs: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in runs:
        shutil.copytree(path, tmp_path / "runs" / path.name)
    monkeypatch.chdir(tmp_path)
    given = "study.runs=[runs/baseline,runs/epidemic_2020]"
    assert command(tmp_path / "studies" / "s", given, "study.traced=0") == 0
    monkeypatch.chdir("/")
    archive = sim.study.open(tmp_path / "studies" / "s")
    assert archive.points == ["baseline", "epidemic_2020"]
    single = [sim.study.open(path) for path in runs]
    for name in ("targets", "delays", "ledger"):
        frame = getattr(archive, name)()
        theirs = pd.concat([getattr(one, name)() for one in single], ignore_index=True)
        assert_frame_equal(frame.astype(object), theirs.astype(object), check_dtype=False)
    targets = archive.targets(points=["epidemic_2020"])
    assert targets["scenario"].unique().tolist() == ["epidemic_2020"]
    assert targets.attrs["value_units"]["experts"]
    kept = pd.read_parquet(tmp_path / "studies" / "s" / "targets.parquet")
    assert_frame_equal(kept.astype(object), archive.targets().astype(object))
    # Targets are kept in the study; the rest lies in the run folders, which may change or go.
    change_manifest(tmp_path / "runs" / "baseline", lambda m: m.update(result_hash="0" * 64))
    shutil.rmtree(tmp_path / "runs" / "epidemic_2020")
    assert_frame_equal(archive.targets(points=["epidemic_2020"]), targets)
    with pytest.raises(ConfigError, match="no longer the run"):
        archive.delays(points=["baseline"])
    with pytest.raises(ConfigError, match="no such folder"):
        archive.delays(points=["epidemic_2020"])


def test_a_comparison_is_made_anew_when_one_of_its_runs_has_changed(
    runs: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in runs:
        shutil.copytree(path, tmp_path / "multirun" / path.name)
    given = [f"study.runs=[{tmp_path / 'multirun'}]", "study.traced=0"]
    assert command(tmp_path / "s", *given) == 0
    opened: list[object] = []

    def opening(*asked: object) -> Printed:
        opened.append(asked)
        return Printed("", "", 0)

    monkeypatch.setattr(experiments.shared.question, "_run", opening)
    assert command(tmp_path / "s", *given) == 0
    assert not opened, "nothing has changed"
    shutil.copytree(runs[1], tmp_path / "multirun" / "third")
    assert command(tmp_path / "s", *given) == 0
    assert len(opened) == 1, "there is one more run"
    shutil.rmtree(tmp_path / "multirun" / "third")
    change_manifest(tmp_path / "multirun" / runs[1].name, lambda m: m.update(seed=7))
    assert command(tmp_path / "s", *given) == 0
    assert len(opened) == 2


def test_the_passport_of_finished_runs_says_what_theirs_say(
    runs: list[Path], tmp_path: Path
) -> None:
    for path in runs:
        shutil.copytree(path, tmp_path / path.name)
    source = "configs/shocks/epidemic_2020.yaml"
    with (tmp_path / "epidemic_2020" / "passport.csv").open("w", encoding="utf-8-sig") as file:
        file.write("key,label,baseline,value,source\n")
        file.write("replications,replications,200,4,command line\n")
        file.write(f"shocks.0.start,shocks,,{SHOCK_FROM},{source}\n")
    given = f"study.runs=[{tmp_path / 'baseline'},{tmp_path / 'epidemic_2020'}]"
    assert command(tmp_path / "s", given, "study.traced=0") == 0
    found = {(row["point"], row["key"]): row["source"] for row in rows(tmp_path / "s/passport.csv")}
    assert found["epidemic_2020", "replications"] == "command line"
    assert found["epidemic_2020", "shocks.0.start"] == source
    assert found["baseline", "replications"] == "", "this run has no passport"


def test_finished_runs_are_called_by_what_their_command_lines_chose(
    runs: list[Path], tmp_path: Path
) -> None:
    header = "key,label,baseline,value,source\n"
    passports = {
        "a": "",
        "b": "budget.public_total,money,1170000000,1200000000,command line\n"
        "seed,seed,1,2,command line\n",
        "c": "allocation.rule,rule,population,equity,configs/allocation/equity.yaml\n"
        "allocation.equity_factor,weight,1.0,1.5,configs/allocation/equity.yaml\n",
        "d": "",
    }
    for name, text in passports.items():
        own = shutil.copytree(runs[0], tmp_path / "multirun" / name)
        (own / "passport.csv").write_text(header + text, encoding="utf-8-sig")
        manifest = json.loads((own / "manifest.json").read_text(encoding="utf-8"))
        if name == "b":
            manifest["config"]["budget"]["public_total"] = 1_200_000_000
        (own / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    given = f"study.runs=[{tmp_path / 'multirun'}]"
    assert command(tmp_path / "s", given, "study.traced=0") == 0
    assert [row["label_zh"] for row in rows(tmp_path / "s" / "scenarios.csv")] == [
        "基准情景（a）",  # two runs that differ in nothing but their folders
        "基准情景（规划期公共经费12亿元）",
        "基准情景（分配办法（向部分片区倾斜））",
        "基准情景（d）",
    ]


def test_runs_of_a_multirun_come_in_the_order_in_which_it_listed_them(
    runs: list[Path], tmp_path: Path
) -> None:
    """By name the third of these would be the first, and the first the second."""
    folder = tmp_path / "multirun"
    listed = ["budget=8e8", "budget=1.2e9", "budget=12e8"]
    for number, name in enumerate(listed):
        own = shutil.copytree(runs[0], folder / name)
        change_manifest(own, lambda m, n=number: m.update(job_number=n))
    assert [run.path.name for run in finished_runs([str(folder)])] == listed
    # A second multirun into the same folder comes after the first.
    later = shutil.copytree(runs[1], folder / "a later one")
    change_manifest(later, lambda m: m.update(job_number=0, started="nowadays"))
    found = finished_runs([str(runs[1]), str(folder)])
    assert [run.path.name for run in found] == [runs[1].name, *listed, later.name]


def test_runs_of_other_seeds_and_other_versions_are_compared_with_a_warning(
    runs: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, path in zip(("first", "second"), runs, strict=True):
        shutil.copytree(path, tmp_path / "multirun" / name)
    other = tmp_path / "multirun" / "second"
    change_manifest(other, lambda m: m.update(seed=7, code_version="0.0.1"))
    given = f"study.runs=[{tmp_path / 'multirun'}]"
    assert command(tmp_path / "s", given, "language=en") == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "different random numbers" in said
    assert "different versions of the code" in said
    assert not rows(tmp_path / "s" / "first_difference.csv")
    assert {row["paired"] for row in rows(tmp_path / "s" / "compare_scenarios.csv")} == {"False"}


def test_runs_that_cannot_be_repeated_are_compared_without_a_first_difference(
    runs: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = shutil.copytree(runs[1], tmp_path / "old")
    change_manifest(old, lambda m: m["config"]["budget"].pop("public_total"))
    given = f"study.runs=[{runs[0]},{old}]"
    assert command(tmp_path / "s", given, "language=en") == 0
    assert "does not understand the configuration" in " ".join(capsys.readouterr().out.split())
    assert len(rows(tmp_path / "s" / "compare_scenarios.csv")) > 40


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("study.scenarios=[baseline]", "two to eight scenarios"),
        ("study.scenarios=[a,b,c,d,e,f,g,h,i]", "two to eight scenarios"),
        ("study.scenarios=[baseline,{name: Cut, overides: [planning.pace=0.5]}]", "overrides"),
        ("study.scenarios=[baseline,doubel]", "nearest: double"),
        ("study.scenarios=baseline", "the first is the reference"),
        ("study.scenarios=[baseline,'baseline definitions.industry=broad']", "row by row"),
        ("scenario=double", "study.scenarios=[double]"),
        ("study.traced=-1", "event logs"),
        ("study.runs=[]", "finished runs"),
        ("study.runs=[nowhere,there]", "not a folder"),
    ],
)
def test_wrong_settings_are_refused(
    tmp_path: Path, override: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(tmp_path / "study", override) == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "study" / "runs").exists()


def test_scenarios_go_by_the_names_that_were_given_in_every_file(tmp_path: Path) -> None:
    folder, odd = tmp_path / "s", "Cut [red]<b>$x$ {{ 1 }}"
    given = (
        "study.scenarios=[baseline,{name: {zh: 压缩20%, en: Cut 20 %}, overrides: "
        f"[budget.public_total=936e6]}},{{name: '{odd}', overrides: 'austerity planning.pace=.5'}}]"
    )
    assert command(folder, given, "replications=2", "study.traced=0") == 2
    given = given.replace("'austerity", "'scenario=austerity")
    assert command(folder, given, "replications=2", "study.traced=0") == 0
    assert [(row["scenario"], row["label_zh"]) for row in rows(folder / "scenarios.csv")] == [
        ("baseline", "基准情景"), ("Cut 20 %", "压缩20%"), (odd, odd),
    ]  # fmt: skip
    assert {row["scenario"] for row in rows(folder / "compare_scenarios.csv")} == {"Cut 20 %", odd}
    answer = json.loads((folder / "answer.json").read_text(encoding="utf-8"))
    for language, name in (("zh", "“压缩20%”"), ("en", "“Cut 20 %”")):
        assert name in answer[language]
        assert f"“{odd}”" in answer[language]
    heads = [own["header"] for own in answer["blocks"]["tables"][0]["columns"].values()]
    assert heads[2:] == [{"zh": "压缩20%", "en": "Cut 20 %"}, odd]


def test_runs_are_refused_that_are_none_or_one_or_do_not_go_together(
    runs: list[Path], study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    other = shutil.copytree(runs[1], tmp_path / "other")
    change_manifest(other, lambda m: m["config"]["plan"].update(id="another"))
    for given, words in (
        (f"{runs[0]}", "one run alone"),
        (f"{runs[0]},{runs[0]}/", "given twice"),
        (f"{runs[0]},{tmp_path / 'empty'},{study}", "2 settings are wrong"),
        (f"{runs[0]},{other}", "plan.id"),
    ):
        # Wrong input leaves nothing behind that would stand in the way of the right one.
        assert command(tmp_path / "s", f"study.runs=[{given}]") == 2, given
        assert words in capsys.readouterr().err
    listed = f"study.runs=[{runs[0]},{runs[1]}]"
    for more, words in (
        ("study.scenarios=[baseline,double]", "not both"),
        ("study.half_width=2", "simulates none"),
        ("scenario=double", "this would change nothing"),
        ("budget.public_total=1e9", "this would change nothing"),
    ):
        assert command(tmp_path / "s", listed, more) == 2
        assert words in capsys.readouterr().err


def test_runs_are_compared_by_names_that_look_like_something_else(tmp_path: Path) -> None:
    room = {"goal": 4, "unit_cost": 1_000_000, "build_months": 6}
    run = micro_run(tmp_path, {"nan": room, "null": room}, replications=4)
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


def test_a_damaged_run_is_refused_and_nothing_is_left(
    runs: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = shutil.copytree(runs[1], tmp_path / "other")
    frame = pd.read_parquet(other / "targets.parquet", dtype_backend="pyarrow")
    pd.concat([frame, frame]).to_parquet(other / "targets.parquet", index=False)
    assert command(tmp_path / "s", f"study.runs=[{runs[0]},{other}]") == 2
    said = capsys.readouterr().err
    for part in ("rows stand here twice", str(other), "column replication"):
        assert part in said
    assert [*tmp_path.iterdir()] == [other]


def test_scenarios_with_fewer_than_two_pairs_are_not_answered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(tmp_path / "s", *SCENARIOS, "replications=1") == 1
    assert "fewer than two replications" in capsys.readouterr().err
