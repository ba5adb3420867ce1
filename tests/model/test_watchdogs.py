"""The model watches itself: what goes wrong inside comes out, as what it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.config.schema import Run
from sim.model.kernel.ledger import LedgerError
from sim.model.money.envelope import Envelope
from sim.model.money.treasury import Treasury
from sim.model.parts.people import StaffError
from sim.model.works.planning import ConservationError
from tests.factory import city_of, history, micro_run


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


def test_the_audit_looks_at_projects_people_and_all_purses(directory: Path) -> None:
    """Each time one thing is amiss on the morning of the first day, and found."""
    run = micro_run(directory, {"hall": {"goal": 1}})
    books = city_of(run).world.ledger.statement()
    city_of(run)._audit(books)  # finds no fault

    city = city_of(run)
    city.portfolio.proposals += 1
    with pytest.raises(ConservationError, match="1 proposed, but 0 open"):
        city._audit(books)
    city = city_of(run)
    city.people.free[0] += 1.0
    with pytest.raises(StaffError):
        city._audit(books)
    for kind in ("public", "social"):
        for level in (0, 1):
            city = city_of(run)
            purse = city.envelopes.of("facilities")[level]
            setattr(purse, kind, 1)
            with pytest.raises(LedgerError, match="holds 0 by the books but 1 by its envelope"):
                city._audit(books)
    for account in city.treasury.pass_through:
        city = city_of(run)
        ledger = city.world.ledger
        ledger.transfer(ledger.account("source:city"), account, 1)
        with pytest.raises(LedgerError, match="kept 1"):
            city._audit(ledger.statement())
