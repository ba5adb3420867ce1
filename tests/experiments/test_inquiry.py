"""What all experiments share: settings, folders, exit codes, and replications until enough."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import experiments.__main__
from experiments.__main__ import questions
from experiments.shared.inquiry import Inquiry, Unanswered
from experiments.shared.question import Question, study_folder
from sim.answer.blocks import Answer
from sim.answer.stored import restored
from sim.config.directory import config_directory
from sim.config.errors import ConfigError
from sim.config.schema import Run
from sim.config.schema.study import StudySettings
from sim.stats.intervals import wilson
from sim.study.chunk import CorruptChunk
from sim.words import Said, Speech
from tests.question import NAME, ask


def command(folder: Path, *overrides: str) -> int:
    given = [f"study.folder={folder}", "record=targets", "workers=1", "language=both", *overrides]
    return Question(NAME, StudySettings, ask).main(given)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_study_leaves_answer_passport_design_and_manifest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "study"
    assert command(folder, "replications=3", "budget.public_total=1e9") == 0
    assert "used 3" in capsys.readouterr().out
    answer = json.loads((folder / "answer.json").read_text(encoding="utf-8"))
    changed = "public money of the plan period 1,000 million yuan"
    blocks = restored(answer.pop("blocks"))
    said = [*blocks.said(Speech("en"))]
    assert said[:2] == ["used 3.", f"Changed of the scenario: {changed}."]
    assert said[2].startswith("Caution:")
    assert answer == {
        "zh": "用了3次。对情景的改动：规划期公共经费10亿元。",
        "en": f"used 3. Changed of the scenario: {changed}.",
        "used": 3,
        "replications": 3,
    }
    by_key = {row["key"]: row for row in rows(folder / "passport.csv")}
    assert by_key["budget.public_total"]["value"] == "1000000000"
    assert by_key["budget.public_total"]["point"] == ""
    assert [row["replications"] for row in rows(folder / "design.csv")] == ["3"]
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["finished"]
    assert manifest["config"]["budget"]["public_total"] == 10**9


def test_more_replications_go_on_where_fewer_ended(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    assert command(folder, "replications=2") == 0
    before = {path.name for path in folder.glob("runs/*/*.parquet")}
    assert command(folder, "replications=4") == 0
    after = {path.name for path in folder.glob("runs/*/*.parquet")}
    assert before < after
    assert command(folder, "replications=4", "seed=7") == 2
    assert command(folder, "replications=4", "seed=7", "fresh=true") == 0
    assert not before & {path.name for path in folder.glob("runs/*/*.parquet")}


@pytest.mark.parametrize(
    ("scenario", "wrong"),
    [
        ("austerty", []),
        ("baseline", []),
        ("austerity", ["backend=dask", "scheduler=tcp://127.0.0.1:9"]),
    ],
    ids=["misspelt", "twice", "unreachable"],
)
def test_a_fresh_start_that_is_refused_leaves_the_study_as_it_was(
    tmp_path: Path, scenario: str, wrong: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    scenarios = ["baseline", "austerity"]

    def compare(inquiry: Inquiry[StudySettings]) -> Answer:
        inquiry.simulate(inquiry.scenarios(scenarios))
        return Answer([])

    pytest.importorskip("distributed")
    monkeypatch.setattr("sim.study.executor._PATIENCE", "1s")
    folder = tmp_path / "study"
    given = [f"study.folder={folder}", "replications=2", "workers=1"]
    question = Question(NAME, StudySettings, compare)
    assert question.main(given) == 0
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    scenarios[1] = scenario
    assert question.main([*given, *wrong, "fresh=true"]) == 2
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def told(folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """What answer.json and manifest.json say."""
    answer, manifest = (
        json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("answer", "manifest")
    )
    return answer, manifest


def test_half_width_stops_at_the_cap_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "study"
    assert command(folder, "study.half_width=1", "study.cap=6") == 0
    said = " ".join(capsys.readouterr().out.split())
    answer, manifest = told(folder)
    # One half of six histories, or nearly: Wilson's interval at 3 of 6, or at 2 or 4.
    reached = answer["half_width"].pop("reached")
    assert reached == pytest.approx(100 * max(half(k, 6) for k in range(7)), abs=3.0)
    assert answer["half_width"] == {"asked": 1.0, "cap": 6, "stopped_by_cap": True}
    assert answer["replications"] == 6
    assert (manifest["half_width"], manifest["cap"]) == (1.0, 6)
    assert "used 6. The cap of 6 replications was reached before" in said
    assert f"half-width of {math.ceil(100 * reached) / 100:.2f} percentage points" in answer["en"]
    assert "已达上限6次模拟而停止" in said
    # Another rule, the same study: what is there is used.
    before = {path.name for path in folder.glob("runs/*/*.parquet")}
    assert command(folder, "replications=6") == 0
    assert {path.name for path in folder.glob("runs/*/*.parquet")} == before
    answer, manifest = told(folder)
    assert "half_width" not in answer
    assert manifest["half_width"] is None


def half(successes: int, trials: int) -> float:
    low, high = wilson(successes, trials)
    return (high - low) / 2.0


def test_half_width_stops_as_soon_as_every_interval_is_narrow(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Seven of eight widths that a share of eight can have are below 0.31.
    monkeypatch.setattr("experiments.shared.inquiry.FIRST", 8)
    folder = tmp_path / "study"
    assert command(folder, "study.half_width=31", "study.cap=100") == 0
    said = " ".join(capsys.readouterr().out.split())
    answer, manifest = told(folder)
    assert answer["half_width"]["reached"] <= 31
    assert answer["half_width"]["stopped_by_cap"] is False
    assert "used 8. With 8 replications each, no 95 % interval" in said
    assert "asked for were 31, in 100 replications at most" in said
    assert (manifest["half_width"], manifest["cap"]) == (31.0, 100)


def test_what_was_changed_of_the_scenario_is_told_with_every_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["replications=2", "scenario=austerity", "planning.pace=0.2", "budget.carry_over=0.7"]
    assert command(tmp_path / "changed", *given) == 0
    # What the preset itself sets, or what is put where it was, is no change.
    changes = "yearly pace of proposals 0.2"
    said = " ".join(capsys.readouterr().out.split())
    assert "用了2次。 对情景的改动：" in said
    assert said.count(f"Changed of the scenario: {changes}") == 1
    answer, manifest = told(tmp_path / "changed")
    assert [row["key"] for row in manifest["changes"]] == ["planning.pace"]
    assert answer["en"].endswith(f"Changed of the scenario: {changes}.")

    assert command(tmp_path / "as it is", "replications=2", "scenario=austerity") == 0
    assert "Changed" not in capsys.readouterr().out
    answer, manifest = told(tmp_path / "as it is")
    assert manifest["changes"] == []
    assert "Changed" not in answer["en"]


def test_a_change_on_which_no_result_hangs_is_not_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(tmp_path / "s", "replications=2", "parameters.crews_core.note=mine") == 0
    assert "Changed" not in capsys.readouterr().out
    answer, manifest = told(tmp_path / "s")
    assert [row["key"] for row in manifest["changes"]] == ["parameters.crews_core.note"]
    assert "Changed" not in answer["en"]


def test_points_that_were_not_simulated_equally_often_are_told_apart(tmp_path: Path) -> None:
    def uneven(inquiry: Inquiry[StudySettings]) -> Answer:
        less = inquiry.altered("less", {"budget.public_total": 1})
        inquiry.study.simulate([inquiry.point("only")], 3)
        inquiry.study.simulate([less], 2)
        return Answer([])

    given = [f"study.folder={tmp_path / 's'}", "record=targets", "workers=1"]
    assert Question(NAME, StudySettings, uneven).main(given) == 0
    assert told(tmp_path / "s")[0]["replications"] == {"only": 3, "less": 2}


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("study.half_widht=2", "half_width"),
        ("study.half_width=0", "0.1 to 50"),
        ("study.half_width=wide", "percentage points"),
        ("study.cap=0", "most replications"),
        ("study.cap=5,6", "one value"),
        ("study.folder=''", "folder of the study"),
        ("fresh=maybe", "throws away"),
        ("seeds=3", "seed"),
        ("replications=0", "replications"),
    ],
)
def test_wrong_settings_are_refused_before_anything_is_written(
    tmp_path: Path, override: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "study"
    assert command(folder, override) == 2
    assert words in capsys.readouterr().err
    assert not folder.exists()


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (ConfigError("config.unknown_key"), 2, "unknown key"),
        (Unanswered("inquiry.no_target"), 1, "no target that is modelled"),
        (CorruptChunk(Path("chunk.parquet"), Said("chunk.columns")), 2, "has other columns"),
        (OSError(28, "No space left on device", "chunk"), 1, "No space left"),
        (OSError(28, "No space left on device"), 1, "cannot write the results"),
        (OSError(13, "Permission denied", "chunk"), 2, "cannot write chunk"),
        (OSError(27, "File too large", "chunk"), 1, "cannot write chunk: File too large"),
        (
            OSError(122, "Disk quota exceeded", "chunk"),
            1,
            "cannot write chunk: Disk quota exceeded",
        ),
        (OSError(5, "Input/output error", "chunk"), 1, "cannot write chunk: Input/output error"),
        (BlockingIOError(11, "Resource temporarily unavailable"), 1, "the system refused"),
        (MemoryError(), 1, "out of memory"),
        (KeyboardInterrupt(), 1, "goes on from here"),
    ],
    ids=[
        "input",
        "no answer",
        "damage",
        "disk",
        "nameless",
        "forbidden",
        "size",
        "quota",
        "device",
        "processes",
        "memory",
        "interrupt",
    ],
)
def test_failures_are_told_and_have_their_codes(
    tmp_path: Path,
    error: BaseException,
    code: int,
    words: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(inquiry: Inquiry[StudySettings]) -> Answer:
        raise error

    folder = tmp_path / "s"
    assert Question(NAME, StudySettings, fail).main([f"study.folder={folder}"]) == code
    assert words in capsys.readouterr().err
    assert folder.exists() != isinstance(error, ConfigError)  # wrong input leaves nothing behind


def test_a_folder_without_a_name_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert Question(NAME, StudySettings, ask).main(["hydra.run.dir="]) == 2
    assert "a folder without a name" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_an_interruption_over_which_a_library_trips_is_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def trip(inquiry: Inquiry[StudySettings]) -> Answer:
        try:
            raise KeyboardInterrupt
        finally:
            raise UnboundLocalError("in a finally")

    given = [f"study.folder={tmp_path / 's'}", "language=both"]
    assert Question(NAME, StudySettings, trip).main(given) == 1
    said = "已中断；再次执行同一命令即可继续\ninterrupted; the same command goes on from here"
    assert capsys.readouterr().err.strip() == said


def test_scenarios_that_are_one_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def compare(inquiry: Inquiry[StudySettings]) -> Answer:
        inquiry.scenarios(["baseline", "double", "baseline budget.public_total=1170000000"])
        raise AssertionError

    assert Question(NAME, StudySettings, compare).main([f"study.folder={tmp_path / 's'}"]) == 2
    assert "differ in nothing" in capsys.readouterr().err


def test_the_name_of_a_scenario_makes_no_folders_of_its_own(real_run: Run) -> None:
    # No schema lets such a name pass; the folder of a study does not rely on it.
    name = real_run.scenario.model_copy(update={"name": "../a [red]b[/red]"})
    odd = real_run.model_copy(update={"scenario": name})
    folder = study_folder("odd", odd, {})
    assert folder.parent == Path("outputs")
    assert folder.name.startswith("odd-_a_red_b_red_-")
    assert folder != study_folder("odd", odd, {"other": 1})


def test_half_width_is_that_of_the_widest_interval() -> None:
    from sim.stats.intervals import clustered_wilson

    met = np.array([True, False, False, True])
    assert clustered_wilson(met, np.arange(4)) == wilson(2, 4)
    # Two replications of one draw that always agree count for one.
    pairs = np.repeat(met, 2)
    assert clustered_wilson(pairs, np.repeat(np.arange(4), 2)) == wilson(2, 4)


def test_help_explains_the_settings(capsys: pytest.CaptureFixture[str]) -> None:
    name, *_ = questions()
    assert Question(name, StudySettings, ask, ["record=targets"]).main(["--help"]) == 0
    said = capsys.readouterr().out
    assert said.startswith(Speech("en")(f"{name}.question"))
    assert {key in said for key in StudySettings.model_fields} == {True}
    assert f"configs/study/{name}.yaml" in said
    assert "record=targets unless told" in said


def test_every_experiment_has_settings_and_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert experiments.__main__.main([]) == 0
    said = capsys.readouterr().out
    files = sorted((config_directory() / "study").glob("[a-z]*.yaml"))
    assert files
    for path in files:
        assert f"  {path.stem} " in said
        assert experiments.__main__.main([path.stem, "--help"]) == 0
        assert f"configs/study/{path.stem}.yaml" in capsys.readouterr().out


@pytest.mark.parametrize("name", sorted(questions()))
def test_the_settings_file_of_every_experiment_is_valid(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = [name, "replications=0", f"study.folder={tmp_path / 's'}"]
    assert experiments.__main__.main(command) == 2
    assert "replications" in capsys.readouterr().err


def test_the_folder_may_be_given_as_for_a_run(tmp_path: Path) -> None:
    folder = tmp_path / "somewhere"
    given = [f"hydra.run.dir={folder}", "record=targets", "workers=1", "replications=2"]
    assert Question(NAME, StudySettings, ask).main(given) == 0
    assert (folder / "answer.json").exists()


def test_a_folder_of_somebody_else_is_left_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    assert command(tmp_path, "replications=2") == 2
    assert command(tmp_path, "replications=2", "fresh=true") == 2
    assert "holds something else" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
