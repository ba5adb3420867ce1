"""Double-entry ledger: every movement of money is a transfer between two named accounts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from operator import add

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]

_MOST_ACCOUNTS = 1 << 15


class LedgerError(Exception):
    """The books do not balance: a defect of the model, never of the input."""


class Ledger:
    """Transfers in whole yuan, added up by year and pair of accounts.

    Accounts are numbered; names are ``kind`` or ``kind@place``. A *source* may go negative (it is
    where money enters), every other account may not.
    """

    def __init__(self, years: int) -> None:
        self.names: list[str] = []
        self._numbers: dict[str, int] = {}
        self._sources: set[int] = set()
        # By payer * _MOST_ACCOUNTS + payee: a pair would be hashed and compared ten thousand times.
        self._years: list[dict[int, int]] = [{} for _ in range(years)]
        # The same for transfers to many: what each of the payees got.
        self._shared: list[dict[tuple[int, tuple[int, ...]], Sequence[int]]]
        self._shared = [{} for _ in range(years)]
        self.open_year(0)

    def account(self, name: str, *, source: bool = False) -> int:
        """Number of the account called ``name``, opened if need be."""
        number = self._numbers.get(name)
        if number is None:
            number = len(self.names)
            if number == _MOST_ACCOUNTS:
                raise LedgerError(f"more than {_MOST_ACCOUNTS} accounts")
            self._numbers[name] = number
            self.names.append(name)
            if source:
                self._sources.add(number)
        return number

    def open_year(self, index: int) -> None:
        """Book what follows under year ``index`` of the horizon."""
        self._flows = self._years[index]
        self._shares = self._shared[index]

    def transfer(self, payer: int, payee: int, yuan: int) -> None:
        """Move ``yuan`` (not negative) from one account to another."""
        if yuan:
            flows, pair = self._flows, payer * _MOST_ACCOUNTS + payee
            flows[pair] = flows[pair] + yuan if pair in flows else yuan

    def distribute(self, payer: int, payees: tuple[int, ...], amounts: Sequence[int]) -> None:
        """Move yuan from one account to several others, one of the ``amounts`` to each."""
        so_far = self._shares.get((payer, payees))
        if so_far is not None:
            amounts = list(map(add, so_far, amounts))
        self._shares[payer, payees] = amounts

    def statement(self) -> Statement:
        """What flowed up to now, for an audit and for reports."""
        sizes = [len(flows) for flows in self._years]
        pairs = np.fromiter(chain.from_iterable(self._years), np.int64)
        one_payer, one_payee = np.divmod(pairs, _MOST_ACCOUNTS)
        yuan = np.fromiter(chain.from_iterable(f.values() for f in self._years), np.int64)
        years: list[int] = []
        payers: list[int] = []
        payees: list[int] = []
        shares: list[int] = []
        for year, shared in enumerate(self._shared):
            for (payer, several), amounts in shared.items():
                years.extend(repeat(year, len(amounts)))
                payers.extend(repeat(payer, len(amounts)))
                payees.extend(several)
                shares.extend(amounts)
        return Statement(
            names=tuple(self.names),
            sources=frozenset(self._sources),
            years=len(self._years),
            year=np.append(np.repeat(np.arange(len(sizes)), sizes), _integers(years)),
            payer=np.append(one_payer, _integers(payers)),
            payee=np.append(one_payee, _integers(payees)),
            yuan=np.append(yuan, _integers(shares)),
        )


@dataclass(frozen=True, eq=False)
class Statement:
    """Sums of transfers, one array element for a year and pair of accounts (some of them zero).

    Attributes:
        names: of all accounts; sources: numbers of those that may be overdrawn.
        years: how many there are; year: index of each sum's year.
        payer, payee: numbers of the two accounts; yuan: what flowed from the one to the other.
    """

    names: tuple[str, ...]
    sources: frozenset[int]
    years: int
    year: Integers
    payer: Integers
    payee: Integers
    yuan: Integers

    def balances(self) -> list[int]:
        """Balance of every account: what flowed in minus what flowed out."""
        balance = np.zeros(len(self.names), dtype=np.int64)
        np.subtract.at(balance, self.payer, self.yuan)
        np.add.at(balance, self.payee, self.yuan)
        balances: list[int] = balance.tolist()
        return balances

    def audit(self, held: Mapping[int, int], empty: Iterable[int]) -> None:
        """Check the books against what the holders say they have.

        Args:
            held: balance by account number, as kept independently by the envelopes.
            empty: accounts that money only passes through.

        Raises:
            LedgerError: an account differs from its holder's count, is overdrawn, keeps money it
                should have passed on, a transfer is negative, or the total is not zero.
        """
        balance = self.balances()
        if sum(balance):
            raise LedgerError(f"the sum over all accounts is {sum(balance)}, not zero")
        for i in np.flatnonzero(self.yuan < 0).tolist():
            payer, payee = self.names[self.payer[i]], self.names[self.payee[i]]
            raise LedgerError(f"negative transfer {self.yuan[i]} from {payer} to {payee}")
        for number, yuan in enumerate(balance):
            if yuan < 0 and number not in self.sources:
                raise LedgerError(f"account {self.names[number]} is overdrawn: {yuan}")
        for number, yuan in held.items():
            if balance[number] != yuan:
                raise LedgerError(
                    f"account {self.names[number]} holds {balance[number]} by the books "
                    f"but {yuan} by its envelope"
                )
        for number in empty:
            if balance[number]:
                raise LedgerError(f"account {self.names[number]} kept {balance[number]}")

    def flows(self, places: Mapping[str, int]) -> Flows:
        """What flowed between kinds of accounts, and which place it concerns.

        Args:
            places: position by what stands behind the ``@`` of a name; all others are the city.

        Raises:
            LedgerError: money went straight from one place to another, so it concerns both.
        """
        kinds, where = zip(*(name.partition("@")[::2] for name in self.names), strict=True)
        accounts = tuple(sorted(set(kinds)))
        rank = {name: i for i, name in enumerate(accounts)}
        account = _integers([rank[kind] for kind in kinds])
        at = _integers([places.get(place, -1) for place in where])
        first, second = at[self.payer], at[self.payee]
        if ((first != second) & (first >= 0) & (second >= 0)).any():
            raise LedgerError("a transfer went from one place to another")
        place = np.maximum(first, second)
        shape = (self.years, len(accounts), len(accounts), len(places) + 1)
        cell = np.ravel_multi_index(
            (self.year, account[self.payer], account[self.payee], place + 1), shape
        )
        cells, of = np.unique(cell, return_inverse=True)
        sums = np.zeros(len(cells), dtype=np.int64)
        np.add.at(sums, of, self.yuan)
        told = sums != 0
        year, payer, payee, number = np.unravel_index(cells[told], shape)
        return Flows(accounts, year, payer, payee, sums[told], number - 1)


@dataclass(frozen=True, eq=False)
class Flows:
    """Yearly sums of transfers between kinds of accounts, in the order of year, names and place.

    Attributes:
        accounts: names of the kinds, sorted.
        year: index of each sum's year; payer, payee: positions in ``accounts``.
        yuan: what flowed; place: position of the place that it concerns, -1 for the city's own.
    """

    accounts: tuple[str, ...]
    year: Integers
    payer: Integers
    payee: Integers
    yuan: Integers
    place: Integers

    def rows(self) -> list[tuple[int, str, str, int, int]]:
        """(year index, payer, payee, yuan, place) of every sum."""
        columns = (self.year, self.payer, self.payee, self.yuan, self.place)
        return [
            (year, self.accounts[payer], self.accounts[payee], yuan, place)
            for year, payer, payee, yuan, place in zip(*(c.tolist() for c in columns), strict=True)
        ]

    def of_all_places(self) -> list[tuple[int, str, str, int]]:
        """(year index, payer, payee, yuan), places added up."""
        sums: dict[tuple[int, str, str], int] = {}
        for year, payer, payee, yuan, _ in self.rows():
            sums[year, payer, payee] = sums.get((year, payer, payee), 0) + yuan
        return [(*key, yuan) for key, yuan in sums.items()]


def _integers(numbers: list[int]) -> Integers:
    return np.array(numbers, dtype=np.int64)
