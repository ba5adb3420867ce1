"""Fixtures shared by all tests, and the option ``--seed`` that every stochastic test obeys."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterable, Iterator, Sequence
from numbers import Number
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

import sim.study.folder
import sim.study.study_folder
from sim.config.schema import Run
from sim.study.files import write_csv
from sim.study.table_units import column_kind, column_unit
from sim.study.worker import Worker
from tests.factory import baseline_run
from tests.program import without_pictures

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell that runs the tests in the background has Ctrl-C ignored; programs under test, which
    # are interrupted, would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:  # likewise, by nohup
    signal.signal(signal.SIGHUP, signal.SIG_DFL)

os.environ["LC_ALL"] = "C.UTF-8"  # the tests read English, whatever is spoken on this machine

hypothesis_settings.register_profile(
    "kepusim",
    deadline=None,  # a slow machine is not a wrong result
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
hypothesis_settings.load_profile("kepusim")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--seed",
        type=int,
        default=2016,
        help="seed of the stochastic tests; none of them may pass by its seed alone",
    )

    parser.addoption(
        "--fuzz",
        type=int,
        default=500,
        help="number of mutated configurations that the fuzz test tries",
    )


def pytest_report_header(config: pytest.Config) -> str:
    return f"seed of the stochastic tests: {config.getoption('--seed')}"


@pytest.fixture(scope="session", autouse=True)
def _elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the tests work: a command leaves nothing in the checkout."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("elsewhere")
        patch.chdir(folder)
        yield folder


@pytest.fixture(scope="session", autouse=True)
def _pictures_are_drawn_for_those_who_look() -> Iterator[None]:
    """A test of pictures says so, see :func:`tests.program.with_pictures`."""
    with without_pictures():
        yield


@pytest.fixture(autouse=True)
def _own_store(_elsewhere: Path) -> Iterator[None]:
    """No test finds in a store what another one may have simulated with a changed model."""
    yield
    shutil.rmtree(_elsewhere / ".store", ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def _every_column_is_of_the_kind_that_is_declared() -> Iterator[None]:
    """Whatever test writes a table: a number that nobody has declared would come back as text."""

    def checked(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        rows = [list(row) for row in rows]
        for at, column in enumerate(header):
            cells = [row[at] for row in rows if row[at] is not None and row[at] != ""]
            kind, unit = column_kind(path.stem, column), column_unit(path.stem, column)
            wrong: list[object] = []
            if kind == "text" and unit is None:
                wrong = [cell for cell in cells if isinstance(cell, Number)]
            elif kind != "text":
                wrong = [cell for cell in cells if isinstance(cell, str)]
            assert not wrong, f"{path.name}, column {column}: {wrong[0]!r} is declared {kind}"
        write_csv(path, header, rows)

    with pytest.MonkeyPatch.context() as patch:
        for module in (sim.study.folder, sim.study.study_folder):
            patch.setattr(module, "write_csv", checked)
        yield


@pytest.fixture(scope="session")
def seed(pytestconfig: pytest.Config) -> int:
    """The seed given on the command line."""
    return int(pytestconfig.getoption("--seed"))


@pytest.fixture(scope="session")
def real_run(seed: int) -> Run:
    """The real plan under the baseline scenario, in this process, with the seed of the tests."""
    return baseline_run(seed=seed, backend="serial", workers=1, replications=8)


@pytest.fixture(scope="session")
def real_worker(real_run: Run) -> Worker:
    return Worker(real_run)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Where a micro-plan keeps its table of districts."""
    return tmp_path


@pytest.fixture(scope="session")
def fuzz(pytestconfig: pytest.Config) -> int:
    """How many mutated configurations are tried."""
    return int(pytestconfig.getoption("--fuzz"))
