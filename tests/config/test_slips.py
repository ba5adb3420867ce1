"""Every slip of the pen is told in the form that works, or simply works.

Those of planning questions stand with their tests, all others in tests/slips.yaml.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

import sim.job
from sim.config.errors import ConfigError
from sim.config.schema import Run
from sim.words import Speech
from tests.refusals import told_alike

TESTS = Path(__file__).resolve().parents[1]
SLIPS: dict[str, dict[str, Any]] = {
    title: slip
    for path in (TESTS / "slips.yaml", *sorted(TESTS.glob("experiments/*/slips.yaml")))
    for title, slip in yaml.safe_load(path.read_text(encoding="utf-8")).items()
}
_MATCHES = {
    "in": str.__eq__,
    "key": str.__eq__,
    "given": str.__eq__,
    "allowed": str.__contains__,
    "nearest": str.startswith,
}
REFUSED = [title for title, slip in SLIPS.items() if "arrives" not in slip]


def _main(program: str, arguments: list[str]) -> int:
    """Run a command line in this process; return its exit code."""
    package, _, name = program.partition(" ")
    module = importlib.import_module(f"{package}.__main__")
    code: int = module.main([*([name] if name else []), *arguments])
    return code


def _typed(slip: Mapping[str, Any], folder: Path) -> list[str]:
    for name, content in slip.get("files", {}).items():
        path = folder / "extra" / name
        path.parent.mkdir(parents=True)
        path.write_text(content, encoding="utf-8")
    extra = ["--config-dir", str(folder / "extra")] if "files" in slip else []
    return [*extra, *slip["command"]]


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_there_are_many_and_each_names_something() -> None:
    assert len(SLIPS) >= 40
    for title, slip in SLIPS.items():
        assert set(slip) <= {*_MATCHES, "program", "command", "files", "says", "arrives"}, title
        assert "arrives" in slip or {"key", "given", "says"} & set(slip), title
        assert "arrives" in slip or {"allowed", "nearest", "says"} & set(slip), title


@pytest.mark.parametrize("title", REFUSED)
def test_a_slip_is_told_in_the_form_that_works(
    title: str, work: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    slip = {"in": "command line", **SLIPS[title]}
    refused: list[ConfigError] = []
    spoken = ConfigError.spoken

    def speaking(self: ConfigError, speech: Speech) -> str:
        refused.append(self)
        return spoken(self, speech)

    monkeypatch.setattr(ConfigError, "spoken", speaking)
    assert _main(slip.get("program", "sim"), _typed(slip, work.parent)) == 2
    said = capsys.readouterr()
    assert said.out.strip() == ""
    assert "Traceback" not in said.err
    assert slip.get("says", "") in said.err
    for line in set(_MATCHES) & set(slip):
        shown = re.findall(rf"^  {line}: +(.*)$", said.err, re.MULTILINE)
        assert any(_MATCHES[line](text, slip[line]) for text in shown), said.err
    told_alike(refused[0])
    assert list(work.iterdir()) == []


@pytest.mark.parametrize("title", [title for title in SLIPS if title not in REFUSED])
def test_a_slip_with_one_meaning_works(
    title: str, work: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    runs: list[Run] = []

    def running(run: Run, *_: object) -> int:
        runs.append(run)
        return 0

    monkeypatch.setattr(sim.job, "run_job", running)
    assert _main("sim", _typed(SLIPS[title], work.parent)) == 0, capsys.readouterr().err
    for key, value in SLIPS[title]["arrives"].items():
        at: Any = runs[0].model_dump(mode="json")
        for part in key.split("."):
            at = at[part]
        assert at == value
