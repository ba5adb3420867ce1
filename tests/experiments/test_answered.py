"""The same command over the same files is answered from what it printed; anything else is not."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import experiments.shared.answered
import experiments.shared.question
from experiments.__main__ import questions
from experiments.shared.inquiry import Inquiry
from experiments.shared.question import Question
from sim.answer.blocks import Answer, Column, Line, Statement, Table
from sim.config.directory import config_directory
from sim.config.schema.study import StudySettings
from sim.plan.districts import DATA_DIRECTORY
from sim.study.study_folder import ANSWERED as NOTE
from sim.study.worker import Worker
from tests.question import NAME

LONG = "a line that is longer than a console is wide, for which the console has its own idea " * 3
GIVEN = ("replications=3", "record=targets", "workers=1", "language=both")


def ask(inquiry: Inquiry[StudySettings]) -> Answer:
    used = inquiry.simulate([inquiry.point("only")])
    inquiry.study.write_table("answer_table", ["replications"], [[used]])
    columns = {"one": Column("one", "name"), "two": Column("two")}
    table = Table(
        "table", "styled and 100 %", columns, [Line({"one": "a"}, looks={"one": "quiet"})]
    )
    said = {"zh": f"用了{used}次。[不是格式]", "en": f"used {used} :smile:"}
    statements = [Statement(said, "headline"), Statement(LONG, "headline")]
    return Answer(statements, [table], figures={"used": used})


def command(folder: Path, *overrides: str) -> int:
    return Question(NAME, StudySettings, ask).main([f"study.folder={folder}", *GIVEN, *overrides])


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("answered")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert command(Path("study")) == 0
    return folder / "study"


@pytest.fixture
def study(finished: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A copy that is called what the original was called, as seen from where the test works."""
    shutil.copytree(finished, tmp_path / "study")
    monkeypatch.chdir(tmp_path)
    return Path("study")


class Opened(Exception):
    """The study was opened, not answered from what was printed."""


@pytest.fixture
def noticed(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens the study now says so."""

    def opened(*_: object) -> int:
        raise Opened

    monkeypatch.setattr(experiments.shared.question, "_run", opened)


def test_the_same_command_prints_the_same_and_opens_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(tmp_path / "s") == 0
    said = capsys.readouterr().out
    assert "[不是格式]" in said
    assert "used 3 :smile:" in said
    assert "styled and 100 %" in said
    monkeypatch.setattr(experiments.shared.question, "_run", lambda *_: pytest.fail("opened"))
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    assert command(tmp_path / "s") == 0
    assert capsys.readouterr().out == said
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


@pytest.mark.usefixtures("noticed")
@pytest.mark.parametrize(
    "more", ["language=zh", "fresh=true", "replications=4", "study.half_width=40", "seed=2016"]
)
def test_another_command_is_another_matter(study: Path, more: str) -> None:
    with pytest.raises(Opened):
        command(study, more)


@pytest.mark.usefixtures("noticed")
@pytest.mark.parametrize(
    "pattern", ["answer.json", "manifest.json", "*.csv", "targets.parquet", "runs/*/*.parquet",
                "runs/*/layout.json", NOTE],
)  # fmt: skip
@pytest.mark.parametrize("change", ["flipped", "cut", "gone"])
def test_a_file_that_is_not_as_it_was_is_noticed(study: Path, pattern: str, change: str) -> None:
    victim = sorted(study.glob(pattern))[0]
    content = bytearray(victim.read_bytes())
    content[len(content) // 2] ^= 1
    if pattern == NOTE:
        content = bytearray(content.replace(b'"key"', b'"kye"'))
    victim.write_bytes(bytes(content[: len(content) // 2] if change == "cut" else content))
    if change == "gone":
        victim.unlink()
    with pytest.raises(Opened):
        command(study)


def test_the_project_is_all_code_words_data_and_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(experiments.shared.answered, "_digest", set)
    root, (name, *_) = Path(__file__).resolve().parents[2], questions()
    files = (
        "sim/page/console.py", "sim/answer/words.yaml", "sim/data/districts.csv",
        "experiments/shared/inquiry.py", f"experiments/{name}/page.py",
        f"experiments/{name}/words.yaml", f"configs/study/{name}.yaml",
    )  # fmt: skip
    assert {root / file for file in files} <= set(experiments.shared.answered._project())


@pytest.mark.usefixtures("noticed")
@pytest.mark.parametrize(
    ("name", "value"),
    [("_project", lambda: "other"), ("environment", dict), ("NOTE", ".elsewhere.json")],
)
def test_other_code_is_noticed(
    study: Path, name: str, value: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"experiments.shared.answered.{name}", value)
    with pytest.raises(Opened):
        command(study)


def test_the_digest_of_the_project_covers_code_data_and_presets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from experiments.shared import answered

    usual = answered._project()
    assert answered._project() == usual
    presets = shutil.copytree(config_directory(), tmp_path / "configs")
    monkeypatch.setattr(answered, "config_directory", lambda: presets)
    moved = answered._project()
    with (presets / "scenario" / "double.yaml").open("a", encoding="utf-8") as file:
        file.write("# a comment\n")
    assert answered._project() != moved


def test_another_table_of_places_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The table lies outside the project; with other contents the study is another one, too."""
    table = tmp_path / "places.csv"
    table.write_bytes((DATA_DIRECTORY / "districts.csv").read_bytes())
    places = f"plan.districts={table}"
    assert command(tmp_path / "s", places) == 0
    with monkeypatch.context() as patch:
        patch.setattr(experiments.shared.question, "_run", lambda *_: pytest.fail("opened"))
        assert command(tmp_path / "s", places) == 0
    capsys.readouterr()
    table.write_bytes(table.read_bytes().replace(b"\r\n", b"\n") + b"\n")
    assert command(tmp_path / "s", places) == 2
    assert "another" in capsys.readouterr().err


@pytest.mark.usefixtures("noticed")
def test_a_copy_that_is_as_it_was_is_answered(study: Path) -> None:
    """Else the tests above would prove nothing."""
    assert command(study) == 0


def test_a_damaged_chunk_is_named_when_the_answer_is_asked_for_again(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    victim = sorted(study.glob("runs/*/*.parquet"))[0]
    content = bytearray(victim.read_bytes())
    content[len(content) // 2] ^= 1
    victim.write_bytes(bytes(content))
    assert command(study) == 2
    assert f"{victim.name} is damaged" in capsys.readouterr().err


def test_the_exit_code_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    usual = Worker.replicate

    def failing(self: Worker, replication: int) -> object:
        if replication == 1:
            raise ValueError("a defect")
        return usual(self, replication)

    with monkeypatch.context() as patch:
        patch.setattr(Worker, "replicate", failing)
        assert command(tmp_path / "s") == 1
    said = capsys.readouterr().out
    assert "1 of 3 replications failed" in said
    assert command(tmp_path / "s") == 1
    assert capsys.readouterr().out == said


def test_a_study_without_a_folder_of_its_own_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert Question(NAME, StudySettings, ask).main(GIVEN) == 0
    said = capsys.readouterr().out
    (folder,) = Path("outputs").iterdir()
    # A copy, under whatever name, is not the study that the command is about.
    shutil.copytree(folder, folder.with_name(f"{NAME}-0-copy"))
    monkeypatch.setattr(experiments.shared.question, "_run", lambda *_: pytest.fail("opened"))
    assert Question(NAME, StudySettings, ask).main(GIVEN) == 0
    assert capsys.readouterr().out == said
    assert said.endswith(f"Results: {folder}\n")


def test_a_full_disk_costs_no_more_than_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("experiments.shared.answered.write_json", full)
    assert command(tmp_path / "s") == 0
    assert json.loads((tmp_path / "s" / "answer.json").read_text(encoding="utf-8"))["used"] == 3
    assert not (tmp_path / "s" / NOTE).exists()
