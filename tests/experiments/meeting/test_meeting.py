"""Everything for a meeting: what is asked, what is not asked again, the index page."""

from __future__ import annotations

import importlib
import re
import shutil
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from experiments.__main__ import questions
from experiments.meeting import __main__ as meeting
from experiments.meeting.page import RUN, Part, index
from sim.__main__ import main as simulate
from sim.answer.blocks import Statement
from sim.answer.dossier import Dossier
from sim.words import Speech
from tests.program import with_pictures

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small run with pictures, as if with all media."""
    folder = tmp_path_factory.mktemp("meeting") / RUN
    with with_pictures():
        assert simulate(["replications=2", "workers=1", f"hydra.run.dir={folder}"]) == 0
    for name in ("brief_en.html", "deck_en.pptx", "results_zh.xlsx"):
        (folder / name).write_text("", encoding="utf-8")
    return folder


class Page(HTMLParser):
    """Tags with their attributes, and the text of a page."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str, attribute: str) -> list[str | None]:
        return [own[attribute] for name, own in self.tags if name == tag and attribute in own]


def test_the_index_leads_to_what_is_there_and_says_the_answer(run: Path) -> None:
    dossier = Dossier.of(run)
    page = Page(index([Part(RUN, run, dossier)], Speech("en")))
    shown = [f"{RUN}/brief_en.html", f"{RUN}/deck_en.pptx"]
    assert page.all("a", "href")[:2] == shown
    (picture,) = page.all("img", "src")
    assert picture == f"{RUN}/{dossier.answer.pictures[0].name}_en.png"
    assert (run.parent / picture).is_file()
    assert all(page.all("img", "alt"))
    for sentence in dossier.answer.said(Speech("en"), "headline"):
        assert sentence in page.text
    assert "python -m sim replications=2" in page.text
    chinese = Page(index([Part(RUN, run, dossier)], Speech("zh")))
    assert chinese.all("a", "href") == [f"{RUN}/results_zh.xlsx"]
    assert "各项目标能否实现？" in chinese.text


def test_a_hostile_sentence_is_text(run: Path) -> None:
    dossier = Dossier.of(run)
    answer = replace(dossier.answer, statements=[Statement(HOSTILE, "headline")], pictures=[])
    page = Page(index([Part(RUN, run, replace(dossier, answer=answer))], Speech("en")))
    assert HOSTILE in page.text
    assert page.all("img", "src") == []
    assert page.all("script", "src") == []


def test_every_question_that_says_so_is_asked_with_all_media() -> None:
    asked = dict(meeting._asked(Path("m"), ["replications=7"]))
    found = {n: importlib.import_module(f"experiments.{n}.question").QUESTION for n in questions()}
    sweeps = [name for name in asked if name in found and found[name].sweeps]
    assert sweeps
    assert set(asked) - {RUN} <= set(questions())
    assert len(asked) > 1
    media = dict.fromkeys(asked, "report=[brief,deck,workbook]")
    media |= dict.fromkeys(sweeps, "report=[brief,deck,workbook,dashboard]")
    for name, overrides in asked.items():
        assert "replications=7" in overrides
        assert overrides[-2] == media[name]
        where = "hydra.run.dir" if name == RUN else "study.folder"
        assert overrides[-1] == f"{where}=m/{name}"


@pytest.mark.parametrize("name", questions())
def test_a_question_is_asked_with_as_many_replications_as_the_run(name: str) -> None:
    """So one folder for a meeting quotes one chance a target, whichever question says it."""
    question = importlib.import_module(f"experiments.{name}.question").QUESTION
    keys = [own.partition("=")[0] for own in (*question.defaults, *(question.meeting or ()))]
    assert "replications" not in keys


def test_what_is_there_by_the_same_command_is_not_run_again(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    runs: list[list[str]] = []

    def simulated(overrides: list[str]) -> int:
        runs.append(overrides)
        shutil.copytree(run, tmp_path / RUN)
        return 0

    monkeypatch.setattr(meeting, "questions", lambda: [])
    monkeypatch.setattr(meeting, "run_main", simulated)
    arguments = ["replications=2", "workers=1", "language=both", f"hydra.run.dir={tmp_path}"]
    for _ in range(2):
        assert meeting.main(arguments) == 0
        assert len(runs) == 1
        written = [Path(line).name for line in capsys.readouterr().out.splitlines()]
        assert written == ["index_zh.html", "index_en.html"]
    monkeypatch.setattr(meeting, "run_main", lambda overrides: 2)
    assert meeting.main(["seed=4", *arguments]) == 2, "another command, another run"


def test_help_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert meeting.main(["--help", "language=both"]) == 0
    told = capsys.readouterr().out
    assert re.search("规划会议", told)
    assert "index page" in told
