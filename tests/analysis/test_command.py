"""Commands of experiments: every kind of failure has its exit code, and folders have safe names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from factory import settings

from experiments.command import run_command, study_folder
from sim.config.errors import ConfigError
from sim.config.schema import Run
from sim.study.store import CorruptChunk


def test_a_fresh_start_is_asked_for_by_name() -> None:
    seen: list[tuple[list[str], bool]] = []

    def answer(overrides: Sequence[str], fresh: bool) -> int:
        seen.append((list(overrides), fresh))
        return 0

    assert run_command(answer, ["seed=1", "fresh=true"]) == 0
    assert run_command(answer, ["seed=1"]) == 0
    assert seen == [(["seed=1"], True), (["seed=1"], False)]


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (ConfigError("no such key"), 2, "no such key"),
        (CorruptChunk(Path("chunk.parquet")), 1, "chunk.parquet is damaged"),
        (OSError(28, "No space left on device", "chunk"), 1, "No space left"),
        (KeyboardInterrupt(), 1, "goes on from here"),
    ],
    ids=["input", "damage", "disk", "interrupt"],
)
def test_failures_are_told_and_have_their_codes(
    error: BaseException, code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def answer(overrides: Sequence[str], fresh: bool) -> int:
        raise error

    assert run_command(answer, []) == code
    assert words in capsys.readouterr().err


def test_the_name_of_a_scenario_makes_no_folders_of_its_own(real_run: Run) -> None:
    odd = settings(real_run, {"scenario.name": "../a [red]b[/red]"})
    folder = study_folder("influence", odd)
    assert folder.parent == Path("outputs")
    assert folder.name.startswith("influence-_a_red_b_red_-")
