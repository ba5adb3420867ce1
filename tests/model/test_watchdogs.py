"""The model watches itself: what goes wrong inside comes out, as what it is."""

from __future__ import annotations

import pytest

from sim.config.schema import Run
from sim.model.kernel.ledger import LedgerError
from sim.model.money.envelope import Envelope
from sim.model.money.treasury import Treasury
from tests.factory import history


def test_a_yuan_lost_by_a_purse_fails_the_replication(
    real_run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def careless(purse: Envelope, payee: int, yuan: int) -> None:
        pay(purse, payee, yuan)
        purse.public = max(0, purse.public - 1)  # and no word of it in the ledger

    pay = Envelope.pay
    monkeypatch.setattr(Envelope, "pay", careless)
    with pytest.raises(LedgerError):
        history(real_run)


def test_a_defect_inside_a_process_comes_out_as_itself(
    real_run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ArithmeticError("made to fail")

    monkeypatch.setattr(Treasury, "release", broken)
    with pytest.raises(ArithmeticError, match="made to fail"):
        history(real_run)
