"""The console script: ``kepusim`` is a run, ``kepusim QUESTION`` a planning question."""

from __future__ import annotations

import tomllib

import pytest

from experiments.__main__ import kepusim, questions
from tests.program import ROOT


def test_the_script_is_the_one_that_is_tested() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["scripts"] == {"kepusim": f"{kepusim.__module__}:{kepusim.__qualname__}"}


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["--version"], 0, "kepusim "),
        (["--help"], 0, "with what probability is each target"),
        (["sead=3"], 2, "nearest: seed"),
        (["{question}", "--help"], 0, "python -m experiments.{question}"),
        (["{question}x"], 2, "nearest: {question}"),
        (["language=zh", "sead=3"], 2, "seed"),
    ],
)
def test_a_question_is_known_by_its_name(
    arguments: list[str], code: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    question = questions()[0]
    assert kepusim([each.format(question=question) for each in arguments]) == code
    shown = capsys.readouterr()
    assert told.format(question=question) in shown.out + shown.err
