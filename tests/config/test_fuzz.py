"""Whatever a configuration says: it is refused with the key named, or it runs.

``--fuzz N`` tries N mutants instead of the usual number, ``--seed`` other ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis import strategies as st

from sim.config.errors import ConfigError
from sim.config.schema import Run
from sim.config.text import unprintable
from sim.config.validation import validate
from sim.edge import Composer, compose, readable
from sim.study.worker import Worker
from tests.factory import in_small
from tests.mutations import Mutant, Whole, at, command_lines, mutants


@pytest.fixture(scope="module")
def composer() -> Iterator[Composer]:
    with Composer().started() as started:
        yield started


def _check_refusal(error: ConfigError, what: object) -> None:
    for problem in error.problems:
        assert problem.key or problem.value is not None, f"{what}: nothing is named: {problem}"
    said = str(error)
    assert unprintable(said, lines=True) is None
    assert "Traceback" not in said


def _check_runs(run: Run) -> None:
    """Two replications finish."""
    small = run.model_copy(update={"record": "targets", "trace": None})
    worker = Worker(small)
    for replication in range(2):
        worker.replicate(replication)


def _fuzzed(check: Any, cases: int, seed: int, *strategies: st.SearchStrategy[Any]) -> None:
    """Call ``check`` with so many examples, the same ones for the same seed."""
    settings = hypothesis.settings(max_examples=cases, database=None)
    hypothesis.seed(seed)(settings(hypothesis.given(*strategies)(check)))()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    """The real plan in five small places: all of its rules, a tenth of what is built."""
    config = Whole(compose([]))
    for key, value in in_small(validate(config), tmp_path_factory.mktemp("places")).items():
        *path, last = key.split(".")
        at(config, tuple(path))[last] = value
    return config


def test_a_configuration_is_refused_with_its_key_or_runs(
    small: Whole, seed: int, fuzz: int
) -> None:
    def check(mutant: Mutant) -> None:
        try:
            run = validate(mutant.config)
        except ConfigError as error:
            _check_refusal(error, mutant.done)
        else:
            _check_runs(run)

    _fuzzed(check, fuzz, seed, mutants(small))


def test_a_command_line_is_refused_with_its_key_or_runs(
    composer: Composer, seed: int, fuzz: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    def check(arguments: list[str]) -> None:
        try:
            run = composer.compose(readable(arguments)).validated()
        except ConfigError as error:
            _check_refusal(error, arguments)
        else:
            _check_runs(run)
        assert list(tmp_path.iterdir()) == []

    _fuzzed(check, max(1, fuzz // 10), seed, command_lines(Whole(compose([]))))
