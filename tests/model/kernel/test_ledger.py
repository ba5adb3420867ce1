"""The ledger finds every kind of mistake it is there to find."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model.kernel.ledger import Ledger, LedgerError

PLACES = {"0": 0, "1": 1, "2": 2}


def books() -> tuple[Ledger, int, int, int]:
    ledger = Ledger(2)
    source = ledger.account("source:city", source=True)
    return ledger, source, ledger.account("treasury"), ledger.account("purse@1")


def test_balanced_books_pass() -> None:
    ledger, source, treasury, purse = books()
    ledger.transfer(source, treasury, 100)
    ledger.open_year(1)
    ledger.transfer(treasury, purse, 100)
    ledger.statement().audit({purse: 100}, [treasury])
    assert ledger.statement().balances() == [-100, 0, 100]


def test_a_distribution_is_as_good_as_its_transfers() -> None:
    one, other = Ledger(2), Ledger(2)
    for ledger in (one, other):
        source = ledger.account("source", source=True)
        payees = tuple(ledger.account(f"purse@{i}") for i in range(3))
        for year, amounts in ((0, [1, 0, 2]), (0, [3, 4, 0]), (1, [5, 6, 7])):
            ledger.open_year(year)
            if ledger is one:
                ledger.distribute(source, payees, amounts)
            else:
                for payee, yuan in zip(payees, amounts, strict=True):
                    ledger.transfer(source, payee, yuan)
    first, second = one.statement(), other.statement()
    assert first.balances() == second.balances() == [-28, 9, 10, 9]
    assert first.flows(PLACES).rows() == second.flows(PLACES).rows()


def test_an_overdrawn_account_is_found() -> None:
    ledger, _, treasury, purse = books()
    ledger.transfer(treasury, purse, 1)
    with pytest.raises(LedgerError, match="treasury is overdrawn: -1"):
        ledger.statement().audit({}, [])


def test_a_source_may_be_overdrawn() -> None:
    ledger, source, _, purse = books()
    ledger.transfer(source, purse, 1)
    statement = ledger.statement()
    statement.audit({purse: 1}, [])  # finds no fault
    assert [yuan for *_, yuan in statement.flows({}).of_all_places()] == [1]


def test_a_purse_that_counts_otherwise_is_found() -> None:
    ledger, source, _, purse = books()
    ledger.transfer(source, purse, 5)
    with pytest.raises(LedgerError, match=r"purse@1 holds 5 by the books but 4 by its envelope"):
        ledger.statement().audit({purse: 4}, [])


def test_money_left_in_a_pass_through_account_is_found() -> None:
    ledger, source, treasury, _ = books()
    ledger.transfer(source, treasury, 5)
    with pytest.raises(LedgerError, match="treasury kept 5"):
        ledger.statement().audit({}, [treasury])


def test_a_negative_transfer_is_found() -> None:
    ledger, source, treasury, _ = books()
    ledger.transfer(source, treasury, 5)
    ledger.open_year(1)
    ledger.transfer(source, treasury, -2)
    with pytest.raises(LedgerError, match="negative transfer -2"):
        ledger.statement().audit({}, [])


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 5), st.integers(0, 5), st.integers(0, 10**12)),
        max_size=40,
    )
)
def test_totals_are_what_was_booked(moves: list[tuple[int, int, int, int]]) -> None:
    ledger = Ledger(4)
    accounts = [ledger.account(name) for name in ("all@0", "kind0@0", "kind0", "all", "kind1@0")]
    accounts.append(ledger.account("kind1"))
    for year, payer, payee, yuan in moves:
        ledger.open_year(year)
        ledger.transfer(accounts[payer], accounts[payee], yuan)
    assert sum(ledger.statement().balances()) == 0
    flows = ledger.statement().flows(PLACES).rows()
    assert flows == sorted(flows, key=lambda row: (*row[:3], row[4]))
    expected: Counter[tuple[int, str, str, int]] = Counter()
    for year, first, second, yuan in moves:
        one, other = (ledger.names[accounts[end]] for end in (first, second))
        place = 0 if "@" in one + other else -1
        expected[year, one.partition("@")[0], other.partition("@")[0], place] += yuan
    assert {(*row[:3], row[4]): row[3] for row in flows} == +expected


def test_money_that_goes_from_place_to_place_is_found() -> None:
    ledger = Ledger(1)
    one, other = ledger.account("purse@0", source=True), ledger.account("purse@1")
    ledger.transfer(one, other, 1)
    with pytest.raises(LedgerError, match="from one place to another"):
        ledger.statement().flows(PLACES)
    assert ledger.statement().flows({}).rows() == [(0, "purse", "purse", 1, -1)]


def test_an_account_keeps_its_number() -> None:
    ledger, source, *_ = books()
    assert ledger.account("source:city") == source


def test_more_accounts_than_pairs_can_be_told_apart_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sim.model.kernel.ledger._MOST_ACCOUNTS", 3)
    ledger, *_ = books()
    ledger.account("treasury")
    with pytest.raises(LedgerError, match="more than 3 accounts"):
        ledger.account("purse@2")
