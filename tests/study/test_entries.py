"""Ledgers by column: the same entries, and the same text to be hashed, as tuple by tuple."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.model.kernel.ledger import Flows
from sim.study.entries import DELAY, FLOW, Entries

WORDS = st.sampled_from(
    ["hall", "hall ", "ha", "", "it's", 'say "hi"', "馆", "back\\slash", "a\tb"]
)
FEW = st.integers(-2, 2)
WIDE = st.integers(-(2**62), 2**62)
FLOWS = st.lists(st.lists(st.tuples(FEW, WORDS, WORDS, st.one_of(FEW, WIDE), FEW), max_size=6))
DELAYS = st.lists(
    st.lists(st.tuples(FEW, WORDS, WORDS, FEW, FEW, FEW, FEW, st.one_of(FEW, WIDE)), max_size=6)
)


@given(FLOWS)
def test_the_text_of_a_ledger_is_the_repr_of_its_sorted_entries(
    ledgers: list[list[tuple[int, str, str, int, int]]],
) -> None:
    found = list(Entries.of(FLOW, ledgers).texts(len(ledgers)))
    assert found == [repr(sorted(entries)) for entries in ledgers]


@given(DELAYS)
def test_entries_survive_the_way_into_columns_in_their_order(
    ledgers: list[list[tuple[int, str, str, int, int, int, int, int]]],
) -> None:
    entries = Entries.of(DELAY, ledgers)
    expected = [(i, *entry) for i, own in enumerate(ledgers) for entry in own]
    assert entries.rows() == expected
    assert entries.lengths(len(ledgers)).tolist() == [len(own) for own in ledgers]
    assert list(entries.texts(len(ledgers))) == [repr(sorted(own)) for own in ledgers]


@given(FLOWS)
def test_flows_become_the_entries_that_their_rows_would(
    ledgers: list[list[tuple[int, str, str, int, int]]],
) -> None:
    flows = [flows_of(rows) for rows in ledgers]
    assert [own.rows() for own in flows] == ledgers
    found, expected = Entries.of_flows(flows), Entries.of(FLOW, ledgers)
    assert found.rows() == expected.rows()
    assert [*found.texts(len(ledgers))] == [*expected.texts(len(ledgers))]


def flows_of(rows: list[tuple[int, str, str, int, int]]) -> Flows:
    accounts = tuple(sorted({name for _, payer, payee, *_ in rows for name in (payer, payee)}))
    columns = (
        (year, accounts.index(payer), accounts.index(payee), yuan, place)
        for year, payer, payee, yuan, place in rows
    )
    return Flows(accounts, *np.array([*columns], dtype=np.int64).reshape(-1, 5).T)


@given(FLOWS, st.integers(0, 5))
def test_parts_joined_are_the_whole(
    ledgers: list[list[tuple[int, str, str, int, int]]], cut: int
) -> None:
    parts = [Entries.of(FLOW, ledgers[:cut]), Entries.of(FLOW, ledgers[cut:])]
    joined = Entries.join(parts, [0, len(ledgers[:cut])])
    assert joined.rows() == Entries.of(FLOW, ledgers).rows()


def test_keys_too_wide_for_one_number_still_sort() -> None:
    """Three columns that each take 63 bits, and ties that only the last one breaks."""
    big = 2**62
    entries = [
        (big, "a", "b", 1, 0),
        (-big, "b", "a", big, 0),
        (-big, "b", "a", -big, 0),
        (big, "a", "b", 0, 0),
    ]
    (text,) = Entries.of(FLOW, [entries]).texts(1)
    assert text == repr(sorted(entries))
    assert np.array_equal(Entries.of(FLOW, [entries]).at, np.zeros(4))
