"""A command speaks the language that it is asked for, or else that of the machine, throughout."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

import experiments.__main__
import sim.__main__
import sim.story.__main__
import sim.study.store.__main__
from experiments.__main__ import questions
from tests.refusals import HANZI

Main = Callable[[list[str]], int]
COMMANDS: dict[str, tuple[Main, list[str]]] = {
    "run": (sim.__main__.main, ["budget.public_total=much"]),
    "unreadable": (sim.__main__.main, ["x=[", "'"]),
    "option": (sim.__main__.main, ["--nothing"]),
    "several": (sim.__main__.main, ["-m", "seed=1,2", "record=nothing"]),
    "question": (experiments.__main__.main, [questions()[0], "study.cap=0"]),
    "no question": (experiments.__main__.main, ["nothing"]),
    "story": (sim.story.__main__.main, ["nowhere"]),
    "store": (sim.study.store.__main__.main, ["cleer"]),
}
HELP: dict[str, tuple[Main, list[str]]] = {
    "run": (sim.__main__.main, ["--help"]),
    "question": (experiments.__main__.main, [questions()[0], "--help"]),
    "questions": (experiments.__main__.main, []),
    "story": (sim.story.__main__.main, ["--help"]),
    "store": (sim.study.store.__main__.main, ["--help"]),
}


def asked(command: str, language: str) -> list[str]:
    return ["--language", language] if command == "story" else [f"language={language}"]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_refusal_is_in_the_language_asked_for(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main, arguments = COMMANDS[command]
    told = {}
    for language in ("zh", "en", "both"):
        assert main([*arguments, *asked(command, language)]) == 2
        told[language] = capsys.readouterr().err
    assert HANZI.search(told["zh"].splitlines()[0])
    assert not HANZI.search(told["en"].splitlines()[0])
    assert told["both"] == told["zh"] + told["en"]


@pytest.mark.parametrize("command", [*COMMANDS])
def test_without_being_asked_it_is_that_of_the_machine(
    command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    main, arguments = COMMANDS[command]
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert main(arguments) == 2
    assert HANZI.search(capsys.readouterr().err.splitlines()[0])
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert main(arguments) == 2
    assert not HANZI.search(capsys.readouterr().err.splitlines()[0])


@pytest.mark.parametrize("command", HELP)
def test_help_is_chinese_where_the_machine_is(
    command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    main, arguments = HELP[command]
    assert main(arguments) == 0
    english = capsys.readouterr().out
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert main(arguments) == 0
    chinese = capsys.readouterr().out
    assert HANZI.search(chinese)
    assert not HANZI.search(english)
    assert not re.search("(?:[A-Za-z]{2,} ){3}", chinese)
    assert len(chinese.splitlines()) > 2
