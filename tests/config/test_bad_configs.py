"""Every file of tests/bad_configs must fail with the message that it names."""

from __future__ import annotations

import copy
import os
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hydra._internal.config_loader_impl import ConfigLoaderImpl

from sim.config.errors import ConfigError
from sim.config.validation import validate
from sim.edge import Composed, Composer
from tests.refusals import told_alike

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "tests" / "bad_configs"
CASES = sorted(FOLDER.glob("*.yaml"))
THROUGH_THE_COMMAND_LINE = (
    "misspelt_key_top",
    "scenario_name_of_a_path",
    "negative_money",
    "unknown_scenario",
    "malformed_override",
    "key_twice",
    "class_in_override",
    "values_without_multirun",
    "hydra_from_file_job_logging",
    "yaml_billion_aliases",
    "defaults_in_a_circle",
    "key_of_400_digits",
)


def _case(path: Path) -> dict[str, Any]:
    case: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert set(case) <= {
        *("overrides", "config", "remove", "files", "encoding", "message", "exit_code")
    }
    assert case["message"]
    return case


def _write_files(case: Mapping[str, Any], folder: Path) -> Path | None:
    for name, content in case.get("files", {}).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode(case.get("encoding", "utf-8")))
    return folder if "files" in case else None


def _patched(config: Mapping[str, Any], case: Mapping[str, Any]) -> dict[str, Any]:
    patched: dict[str, Any] = copy.deepcopy(dict(config))
    _merge(patched, case.get("config", {}))
    for key in case.get("remove", []):
        *parents, last = key.split(".")
        node = patched
        for parent in parents:
            node = node[parent]
        del node[last]
    return patched


def _merge(config: dict[str, Any], patch: Mapping[str, Any]) -> None:
    for key, value in patch.items():
        if isinstance(value, Mapping) and isinstance(config.get(key), dict):
            _merge(config[key], value)
        else:
            config[key] = value


@cache
def _composed(overrides: tuple[str, ...], extra: Path | None) -> Composed:
    with Composer(extra).started() as composer:
        return composer.compose(overrides)


def _validate(case: Mapping[str, Any], extra: Path | None) -> None:
    composed = _composed(tuple(case.get("overrides", ())), extra)
    validate(_patched(composed.config, case), files=composed.files)


def test_there_are_many() -> None:
    assert len(CASES) >= 28


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_bad_config_fails_with_its_message_and_writes_nothing(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, work = _case(path), tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    if path.stem.startswith("hydra_from_"):
        _forbid_composing(monkeypatch)
    with pytest.raises(ConfigError) as caught:
        _validate(case, _write_files(case, tmp_path / "mine"))
    text = str(caught.value)
    for part in case["message"]:
        assert str(part) in text
    told_alike(caught.value)
    assert list(work.iterdir()) == []


def _forbid_composing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that a file says may come as far as a configuration of Hydra's."""

    def compose(*_: object, **__: object) -> None:
        raise AssertionError("Hydra composes what a file sets of it")

    monkeypatch.setattr(ConfigLoaderImpl, "_compose_config_from_defaults_list", compose)


@pytest.mark.parametrize("name", THROUGH_THE_COMMAND_LINE)
def test_command_line_leaves_with_code_and_message_and_nothing_else(
    name: str, tmp_path: Path
) -> None:
    case = _case(FOLDER / f"{name}.yaml")
    extra, work = tmp_path / "extra", tmp_path / "work"
    work.mkdir()
    flags = [] if _write_files(case, extra) is None else ["--config-dir", str(extra)]
    done = subprocess.run(
        [sys.executable, "-m", "sim", *flags, *case["overrides"]],
        cwd=work,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == case["exit_code"] == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    for part in case["message"]:
        assert str(part) in done.stderr
    assert list(work.iterdir()) == []
