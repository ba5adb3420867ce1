"""The generated register of parameters."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.config.schema import Run
from sim.plan import parameter_register
from sim.plan.linter import read_sources
from sim.plan.parameter_register import main, markdown


def test_the_register_names_every_parameter(real_run: Run) -> None:
    text = markdown(real_run.parameters, real_run.plan, read_sources())
    assert real_run.parameters
    for name, parameter in real_run.parameters.items():
        assert f"`{name}`" in text
        assert parameter.label.zh in text


def test_the_committed_register_is_that_of_the_data() -> None:
    assert main(["--check"]) == 0


def test_a_stale_register_is_told_and_written_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project = Path(__file__).resolve().parents[2]
    current = (project / "docs" / "parameters.md").read_bytes()
    document = tmp_path / "docs" / "parameters.md"
    document.parent.mkdir()
    (tmp_path / "configs").symlink_to(project / "configs")
    monkeypatch.setattr(parameter_register, "_ROOT", tmp_path)
    monkeypatch.setattr(parameter_register, "_DOCUMENT", document)
    assert main(["--check"]) == 1
    assert not document.exists(), "to look writes nothing"
    document.write_bytes(current.replace(b"attrition", b"nutrition"))
    assert main(["--check"]) == 1
    assert "is out of date" in capsys.readouterr().err
    assert main([]) == 0
    assert document.read_bytes() == current
    assert main(["--check"]) == 0
