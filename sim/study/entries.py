"""The delay ledger and the ledger of money of many replications, column by column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.lazy import pa, pc
from sim.model.kernel.ledger import Flows

Integers = npt.NDArray[np.int64]

DELAY = ("place", "programme", "stage", "project_days", "excess_days", "passed", "standing",
         "missing")  # fmt: skip
FLOW = ("year", "from_account", "to_account", "yuan", "place")
"""Fields of an entry of the delay ledger, and of the ledger of money."""

WORDS = frozenset({"programme", "stage", "from_account", "to_account"})
"""Fields that are words; all others are whole numbers."""


@dataclass(frozen=True)
class Entries:
    """Entries of a ledger, those of one replication together, in ascending order of replications.

    Attributes:
        at: position of the replication that every entry belongs to.
        columns: by field an array of 64-bit numbers, or of dictionary-encoded words.
    """

    at: Integers
    columns: dict[str, pa.Array]

    @classmethod
    def of(cls, fields: Sequence[str], ledgers: Sequence[Sequence[tuple[Any, ...]]]) -> Entries:
        """Those of a ledger for each replication; an entry is a tuple of its ``fields``."""
        lengths = [len(entries) for entries in ledgers]
        columns = zip(*chain.from_iterable(ledgers), strict=True) if any(lengths) else [()] * 9
        return cls(
            np.repeat(np.arange(len(ledgers)), lengths),
            {
                name: pa.array(column, pa.string()).dictionary_encode()
                if name in WORDS
                else pa.array(column, pa.int64())
                for name, column in zip(fields, columns, strict=False)
            },
        )

    @classmethod
    def of_flows(cls, ledgers: Sequence[Flows]) -> Entries:
        """Those of the ledger of money for each replication."""
        numbers: dict[str, int] = {}
        for ledger in ledgers:
            for name in ledger.accounts:
                numbers.setdefault(name, len(numbers))
        names = pa.array(numbers, pa.string())
        known = [_integers([numbers[name] for name in ledger.accounts]) for ledger in ledgers]

        def joined(columns: Iterable[Integers]) -> Integers:
            return np.concatenate([_integers([]), *columns])

        def words(columns: Iterable[Integers]) -> pa.Array:
            at = [own[column] for own, column in zip(known, columns, strict=True)]
            return pa.DictionaryArray.from_arrays(pa.array(joined(at).astype(np.int32)), names)

        return cls(
            np.repeat(np.arange(len(ledgers)), [len(ledger.yuan) for ledger in ledgers]),
            {
                "year": pa.array(joined(ledger.year for ledger in ledgers)),
                "from_account": words(ledger.payer for ledger in ledgers),
                "to_account": words(ledger.payee for ledger in ledgers),
                "yuan": pa.array(joined(ledger.yuan for ledger in ledgers)),
                "place": pa.array(joined(ledger.place for ledger in ledgers)),
            },
        )

    @classmethod
    def join(cls, parts: Sequence[Entries], offsets: Sequence[int]) -> Entries:
        """Those of several parts, of which the positions begin at ``offsets``."""
        return cls(
            np.concatenate([part.at + first for part, first in zip(parts, offsets, strict=True)]),
            {
                name: pa.concat_arrays([part.columns[name] for part in parts])
                for name in parts[0].columns
            },
        )

    def lengths(self, replications: int) -> Integers:
        """How many entries each of the ``replications`` has."""
        return np.bincount(self.at, minlength=replications)

    def rows(self) -> list[tuple[Any, ...]]:
        """(position, fields...) of every entry, as Python objects: for few of them."""
        columns = [column.to_pylist() for column in self.columns.values()]
        return list(zip(self.at.tolist(), *columns, strict=True))

    def texts(self, replications: int) -> Iterator[str]:
        """``repr`` of the sorted list of entries of every replication.

        Sorted and written a column at a time: as tuples, one by one, it takes three times as long.
        """
        ranks, words = zip(*map(_ranked, self.columns.values()), strict=True)
        order = _sorted((self.at, *ranks))
        written = [
            pc.cast(column, pa.string()) if known is None else known.take(pa.array(rank))
            for column, rank, known in zip(self.columns.values(), ranks, words, strict=True)
        ]
        entries = pc.binary_join_element_wise(*written, ", ").take(pa.array(order))
        ends = np.concatenate(([0], np.cumsum(self.lengths(replications)))).astype(np.int32)
        for text in pc.binary_join(pa.ListArray.from_arrays(ends, entries), "), ("):
            yield f"[({text})]" if text.as_py() else "[]"


def _integers(numbers: Sequence[int]) -> Integers:
    return np.array(numbers, dtype=np.int64)


def _sorted(keys: Sequence[Integers]) -> npt.NDArray[np.intp]:
    """The order of ``np.lexsort`` with the first key deciding first; a key at least one entry."""
    if not len(keys[0]):
        return np.empty(0, dtype=np.intp)
    folded, span = np.zeros_like(keys[0]), 1
    for key in keys:
        low, high = int(key.min()), int(key.max())
        span *= high - low + 1
        if span > np.iinfo(np.int64).max:
            break
        folded = folded * (high - low + 1) + (key - low)
    order = np.argsort(folded, kind="stable")
    if (np.diff(folded[order]) > 0).all():  # no ties, so nothing is left to decide
        return order
    return np.lexsort(keys[::-1])


def _ranked(column: pa.Array) -> tuple[Integers, pa.Array | None]:
    """Numbers that sort like a column; of words also what ``repr`` makes of each, by number."""
    if not pa.types.is_dictionary(column.type):
        return column.to_numpy(), None
    known = column.dictionary.to_pylist()
    order = sorted(range(len(known)), key=known.__getitem__)
    ranks = np.empty(len(known), dtype=np.int64)
    ranks[order] = np.arange(len(known))
    words = pa.array([repr(known[number]) for number in order], pa.string())
    return ranks[column.indices.to_numpy()], words
