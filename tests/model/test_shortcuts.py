"""Claims that nobody can contest are met at once, without an event: that must change no result.

Here every claim is made to queue, as if there were no shortcut, and the histories are compared.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as budget_of
from hypothesis import strategies as st

from sim.config.schema import Run
from sim.model.kernel.queues import Claim, Claimant
from sim.model.money.envelope import COMPLETION_CLASS, Envelope
from sim.model.parts.people import People
from sim.model.record import Outcome
from tests.factory import history, settings
from tests.strategies import cases

BEYOND = 10**12


def without_shortcuts(run: Run, replication: int = 0) -> Outcome:
    """The history in which every completion payment and every post has to queue."""

    def complete(purse: Envelope, claimant: Claimant, yuan: int) -> Claim:
        return purse.claim(COMPLETION_CLASS, claimant, yuan)

    def build(people: People, *arguments: object) -> None:
        started(people, *arguments)  # type: ignore[arg-type]
        for line in people.lines:
            line.expected = BEYOND  # so much is expected that everybody has to wait in line

    started = People.__init__
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Envelope, "complete", complete)
        patch.setattr(People, "__init__", build)
        return history(run, replication)


def assert_equal(one: Outcome, other: Outcome) -> None:
    assert one.log == other.log
    assert one.ledger.rows() == other.ledger.rows()
    assert one.delays == other.delays
    assert one.values.tolist() == other.values.tolist()
    assert one.first_attained.tolist() == other.first_attained.tolist()
    assert np.array_equal(one.city_series, other.city_series, equal_nan=True)


@pytest.mark.parametrize("replication", range(3))
def test_in_the_real_plan(real_run: Run, replication: int) -> None:
    run = settings(real_run, {"budget.public_total": 700_000_000})
    one, other = history(run, replication), without_shortcuts(run, replication)
    assert_equal(one, other)
    assert one.events < other.events, "the shortcut was never taken"


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("districts")


@budget_of(max_examples=60)
@given(data=st.data())
def test_in_any_small_plan(data: st.DataObject, tables: Path) -> None:
    run = data.draw(cases(tables)).run
    assert_equal(history(run), without_shortcuts(run))
