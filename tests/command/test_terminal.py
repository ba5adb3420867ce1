"""What is said costs nothing, whatever it is said to."""

from __future__ import annotations

import ast
import errno
import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from experiments.__main__ import questions
from sim.command.exits import CommandLine
from sim.command.terminal import Outlet, outlets, say, warn
from tests.program import ROOT

TEXT = "● 达标概率 ≥ 80 % †"


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [("gbk", "● 达标概率 ≥ 80 % ?"), ("ascii", "? ???? ? 80 % ?"), ("utf-8", TEXT)],
)
def test_characters_that_a_terminal_lacks_become_question_marks(encoding: str, shown: str) -> None:
    paper = io.BytesIO()
    own = Outlet(io.TextIOWrapper(paper, encoding=encoding))
    own.write(TEXT + "\n")
    own.flush()
    assert paper.getvalue().decode(encoding) == shown + "\n"
    assert own.encoding == encoding
    assert own.lost is None


def test_half_a_character_of_a_file_name_is_one_that_it_lacks() -> None:
    paper = io.BytesIO()
    own = Outlet(io.TextIOWrapper(paper, encoding="utf-8"))
    own.write("run\udce9")
    own.flush()
    assert paper.getvalue() == b"run?"


def full() -> io.TextIOWrapper:
    return open("/dev/full", "w", encoding="utf-8")


def closed() -> io.StringIO:
    stream = io.StringIO()
    stream.close()
    return stream


def unread() -> io.TextIOWrapper:
    reader, writer = os.pipe()
    os.close(reader)
    return open(writer, "w", encoding="utf-8")


@pytest.mark.parametrize(
    ("stream", "reason"),
    [
        (full, errno.ENOSPC),
        (closed, errno.EBADF),
        (unread, errno.EPIPE),
        (lambda: None, errno.EBADF),
    ],
    ids=["full", "closed", "unread", "none"],
)
def test_a_stream_that_takes_nothing_is_no_error_and_remembered(
    stream: Callable[[], io.TextIOWrapper | None], reason: int
) -> None:
    below = stream()
    own = Outlet(below)
    for _ in range(3):
        assert own.write("word\n" * 10_000) == 50_000
        own.flush()
    assert own.lost is not None
    assert own.lost.errno == reason
    assert not own.isatty()
    if below is not None and not below.closed:
        below.close()  # what waited in its buffer goes nowhere, without an error


def test_outlets_are_there_for_a_block_and_for_everybody(
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = sys.stdout, sys.stderr
    with outlets() as (out, error):
        print("by anybody")
        say("by us")
        warn("a warning")
        assert (sys.stdout, sys.stderr) == (out, error)
    assert (sys.stdout, sys.stderr) == before
    assert capsys.readouterr() == ("by anybody\nby us\n", "a warning\n")


@pytest.mark.parametrize(
    ("only_prints", "code", "told"),
    [(True, 1, "cannot print: No space left on device"), (False, 0, "all files are written")],
)
def test_the_exit_code_speaks_of_files_unless_printing_was_all(
    only_prints: bool,
    code: int,
    told: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdout", full())
    with CommandLine() as line:
        line.only_prints = only_prints
        line.language = "en"
        say("the answer")
    assert line.code == code
    assert told in capsys.readouterr().err


def test_a_reader_that_has_seen_enough_is_no_news(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", unread())
    with CommandLine() as line:
        line.only_prints = True
        say("the answer")
    assert line.code == 0
    assert not capsys.readouterr().err


def test_whatever_is_said_goes_through_here() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for room in ("sim", "experiments")
        for path in (ROOT / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
    ]
    assert not found, "print() fails where the stream does; say() and warn() do not"


# A shell gives and closes the streams; every command that prints is tried with each.
COMMANDS = {
    "help": "-m sim --help",
    "configuration": "-m sim --cfg job",
    "questions": "-m experiments",
    "usage of a question": f"-m experiments {questions()[0]} --help",
    "usage of the story": "-m sim.story --help",
    "refusal": "-m sim 城市=1",
}
STREAMS = {
    "ascii": (">OUT 2>ERR", {"PYTHONIOENCODING": "ascii"}, (0, 2)),
    "gbk": (">OUT 2>ERR", {"PYTHONIOENCODING": "gbk"}, (0, 2)),
    "C": (">OUT 2>ERR", {"LC_ALL": "C", "PYTHONUTF8": "0"}, (0, 2)),
    "closed": (">&- 2>ERR", {}, (1, 2)),
    "all closed": ("<&- >&- 2>&-", {}, (1, 2)),
    "full": (">/dev/full 2>ERR", {}, (1, 2)),
    "both full": (">/dev/full 2>/dev/full", {}, (1, 2)),
    "unread": ("2>ERR | true", {}, (0, 2)),
}


@pytest.mark.parametrize("streams", STREAMS)
@pytest.mark.parametrize("command", COMMANDS)
def test_nothing_that_is_printed_fails(command: str, streams: str, tmp_path: Path) -> None:
    redirections, environment, (printed, refused) = STREAMS[streams]
    shell = f"{sys.executable} {COMMANDS[command]} {redirections}; exit ${{PIPESTATUS[0]}}"
    found = subprocess.run(
        ["bash", "-c", shell.replace("OUT", "out").replace("ERR", "err")],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        check=False,
    )
    assert found.returncode == (refused if command == "refusal" else printed)
    said = (tmp_path / "err").read_text(errors="replace") if (tmp_path / "err").exists() else ""
    assert "Traceback" not in said
    assert "Exception" not in said
