"""What README and documents tell people to type, typed: a shell reads every command as written."""

from __future__ import annotations

import importlib
import json
import math
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import experiments.__main__
from sim import __main__ as sim_main
from sim.answer.stored import restored, stored
from sim.command.exits import DONE
from sim.config.schema import Run
from sim.story import __main__ as story
from sim.words import Speech

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = {name: (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
         for name in ("table", "settings", "results", "trust")}  # fmt: skip
TEXT = "\n".join([README, *PAGES.values()])
SMALL = ("replications=3", "workers=1", "backend=serial")
"""Added to every command that simulates; the rest is as it is written."""

Main = Callable[[list[str]], int]


def indented(text: str) -> Iterator[str]:
    """Lines of code blocks that call a module of ours, without the words that explain them."""
    for line in text.splitlines():
        if line.startswith("    python -m "):
            yield re.split(r" {3,}", line.strip())[0]


def inline(text: str) -> Iterator[str]:
    """Whole commands in running text."""
    yield from re.findall(r"`(python -m (?:sim|experiments)[^`…]*[\w\]'])`", text)


COMMANDS = list(dict.fromkeys([*indented(TEXT), *inline(TEXT)]))
RUNS = [c for c in COMMANDS if c.startswith("python -m sim ") and "--help" not in c]
QUESTIONS = [c for c in COMMANDS if c.startswith("python -m experiments.")]
OF_FOLDERS = [c for c in COMMANDS if re.search(r"sim\.(story|report|verify)\b", c)]
OTHERS = [c for c in COMMANDS if c not in RUNS + QUESTIONS + OF_FOLDERS]


def words(command: str) -> list[str]:
    """The words that a shell hands to python."""
    script = f"python() {{ printf '%s\\0' \"$@\"; }}; {command}"
    shown = subprocess.run(["bash", "-c", script], check=True, capture_output=True, text=True)
    return shown.stdout.split("\0")[:-1]


def typed(command: str, *more: str) -> int:
    """Give the command to the module that it names; return the exit code."""
    option, module, *arguments = words(command)
    assert option == "-m"
    if module == "sim":
        return sim_main.main([*arguments, *more])
    if module.startswith("experiments"):
        asked = [name for name in (module.partition(".")[2],) if name]
        return experiments.__main__.main([*asked, *arguments, *more])
    main: Main = importlib.import_module(f"{module}.__main__").main
    return main([*arguments, *more])


@pytest.fixture(autouse=True)
def somewhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_readme_is_read_right() -> None:
    assert "python -m sim -m scenario=baseline,austerity" in RUNS
    asked = {command.split()[2].rpartition(".")[2] for command in QUESTIONS}
    assert asked == set(experiments.__main__.questions())
    assert len(RUNS) >= 12


@pytest.mark.parametrize("command", RUNS)
def test_a_run_is_what_the_command_describes(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Composed and checked; how a run goes on is the same for all of them."""
    runs: list[Run] = []

    def noted(run: Run, *_: object) -> int:
        runs.append(run)
        return DONE

    monkeypatch.setattr("sim.job.run_job", noted)
    assert typed(command) == DONE
    several = " -m " in command.removeprefix("python -m")
    lists = [word for word in words(command)[3:] if "[" not in word] if several else []
    assert len(runs) == math.prod(word.count(",") + 1 for word in lists)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What one question has simulated, the next one need not."""
    return tmp_path_factory.mktemp("store")


@pytest.mark.parametrize("command", QUESTIONS)
def test_a_question_is_answered(
    command: str, store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed(command, *SMALL, f"store={store}") == DONE
    (folder,) = Path("outputs").iterdir()
    printed = capsys.readouterr().out
    assert str(folder) in printed
    content = json.loads((folder / "answer.json").read_text(encoding="utf-8"))
    answer = restored(content["blocks"])
    assert stored(answer) == content["blocks"]
    first, *_ = answer.said(Speech("en"), "headline")
    assert "".join(first.split()) in "".join(printed.split())


@pytest.mark.parametrize("command", OTHERS)
def test_a_command_that_only_tells(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert typed(command) == DONE
    assert capsys.readouterr().out


@pytest.fixture(scope="module")
def traced(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory in which the traced run of the documents was made."""
    place = tmp_path_factory.mktemp("traced")
    (command,) = (c for c in RUNS if "trace=7" in c)
    run = shell(f"{command} replications=8 workers=1", place)
    assert run.returncode == DONE, run.stderr
    return place


def shell(script: str, place: Path) -> subprocess.CompletedProcess[str]:
    """What a person's shell does in the project's environment, its language set to English."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"}
    return subprocess.run(
        ["bash", "-c", script], cwd=place, env=environment, capture_output=True, text=True
    )


def test_stories_are_told_of_the_traced_run(
    traced: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(traced)
    told = [command for command in COMMANDS if "sim.story outputs/traced" in command]
    assert len(told) == 3
    for command in told:
        assert story.main(words(command)[2:]) == DONE
        assert re.search(r"\b20(1[6-9]|20)\b", capsys.readouterr().out)


@pytest.mark.parametrize("name", ["report", "verify"])
def test_media_are_made_of_the_traced_run_and_hold(traced: Path, name: str) -> None:
    (command,) = (own for own in OF_FOLDERS if f"sim.{name} " in own)
    done = shell(command, traced)
    assert done.returncode == DONE, done.stderr
    assert ("brief_en.html" if name == "report" else "They hold") in done.stdout


def test_queries_run_in_the_shell_as_they_are_written(traced: Path) -> None:
    part = (
        PAGES["results"].partition("## Ask the files")[2].partition("From inside a study folder")[0]
    )
    scripts = re.findall(r"```sh\n(.*?)```", part, flags=re.DOTALL)
    queries = re.findall(r"```sql\n(.*?)```", part, flags=re.DOTALL)
    assert len(scripts) == 1
    assert len(queries) == 2
    head, own, *end = re.split(r"^(SELECT.*?;)$", scripts[0], flags=re.DOTALL | re.MULTILINE)
    for query in (own, *queries):
        asked = shell(f"{head}{query.strip()}{''.join(end)}", traced / "outputs" / "traced")
        assert asked.returncode == DONE, asked.stderr
        assert len(asked.stdout.splitlines()) > 5, asked.stdout
