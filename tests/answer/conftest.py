"""A made-up run that is finished: written once, looked at by many tests, changed by some."""

from __future__ import annotations

import copy

import pytest

from tests.answer.run.made_up_run import MadeUp, make_run


@pytest.fixture(scope="session")
def finished_run(tmp_path_factory: pytest.TempPathFactory) -> MadeUp:
    """A finished run of the made-up plan, which no test changes."""
    return make_run(tmp_path_factory.mktemp("run"))


@pytest.fixture
def made_up(finished_run: MadeUp) -> MadeUp:
    """The same, to be changed."""
    return copy.deepcopy(finished_run)
