"""Double-entry ledger: every movement of money is a transfer between two named accounts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]


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
        self.years: list[dict[tuple[int, int], int]] = [defaultdict(int) for _ in range(years)]
        self._flows = self.years[0]

    def account(self, name: str, *, source: bool = False) -> int:
        """Number of the account called ``name``, opened if need be."""
        number = self._numbers.get(name)
        if number is None:
            number = len(self.names)
            self._numbers[name] = number
            self.names.append(name)
            if source:
                self._sources.add(number)
        return number

    def open_year(self, index: int) -> None:
        """Book what follows under year ``index`` of the horizon."""
        self._flows = self.years[index]

    def transfer(self, payer: int, payee: int, yuan: int) -> None:
        """Move ``yuan`` (not negative) from one account to another."""
        if yuan:
            self._flows[payer, payee] += yuan

    def distribute(self, payer: int, payees: Sequence[int], amounts: Sequence[int]) -> None:
        """Move yuan from one account to several others, one of the ``amounts`` to each."""
        flows = self._flows
        for payee, yuan in zip(payees, amounts, strict=True):
            if yuan:
                flows[payer, payee] += yuan

    def balances(self) -> list[int]:
        """Balance of every account: what flowed in minus what flowed out."""
        _, payer, payee, yuan = self._entries()
        balance = np.zeros(len(self.names), dtype=np.int64)
        np.subtract.at(balance, payer, yuan)
        np.add.at(balance, payee, yuan)
        balances: list[int] = balance.tolist()
        return balances

    def _entries(self) -> tuple[Integers, Integers, Integers, Integers]:
        """Year index, payer, payee and yuan of every pair of accounts that money moved between."""
        sizes = [len(flows) for flows in self.years]
        accounts = chain.from_iterable(chain.from_iterable(self.years))
        pairs = np.fromiter(accounts, np.int64, 2 * sum(sizes)).reshape(-1, 2)
        amounts = chain.from_iterable(flows.values() for flows in self.years)
        yuan = np.fromiter(amounts, np.int64, sum(sizes))
        return np.repeat(np.arange(len(sizes)), sizes), pairs[:, 0], pairs[:, 1], yuan

    def audit(self, held: Mapping[int, int], empty: Iterable[int]) -> None:
        """Check the books against what the holders say they have.

        Args:
            held: balance by account number, as kept independently by the purses.
            empty: accounts that money only passes through.

        Raises:
            LedgerError: an account differs from its holder's count, is overdrawn, keeps money it
                should have passed on, a transfer is negative, or the total is not zero.
        """
        balance = self.balances()
        if sum(balance):
            raise LedgerError(f"the sum over all accounts is {sum(balance)}, not zero")
        for flows in self.years:
            if min(flows.values(), default=0) < 0:
                payer, payee = (self.names[i] for i in min(flows, key=flows.__getitem__))
                yuan = min(flows.values())
                raise LedgerError(f"negative transfer {yuan} from {payer} to {payee}")
        for number, yuan in enumerate(balance):
            if yuan < 0 and number not in self._sources:
                raise LedgerError(f"account {self.names[number]} is overdrawn: {yuan}")
        for number, yuan in held.items():
            if balance[number] != yuan:
                raise LedgerError(
                    f"account {self.names[number]} holds {balance[number]} by the books "
                    f"but {yuan} by its purse"
                )
        for number in empty:
            if balance[number]:
                raise LedgerError(f"account {self.names[number]} kept {balance[number]}")

    def totals(self, *, by_place: bool) -> list[tuple[int, str, str, int]]:
        """Flows as (year index, payer, payee, yuan), sorted; places merged unless ``by_place``."""
        names = self.names if by_place else [name.partition("@")[0] for name in self.names]
        sorts = sorted(set(names))
        rank = {name: i for i, name in enumerate(sorts)}
        sort = np.array([rank[name] for name in names], dtype=np.int64)
        year, payer, payee, yuan = self._entries()
        sums = np.zeros((len(self.years), len(sorts), len(sorts)), dtype=np.int64)
        np.add.at(sums, (year, sort[payer], sort[payee]), yuan)
        cells = np.nonzero(sums)
        columns = [column.tolist() for column in (*cells, sums[cells])]
        return [(y, sorts[a], sorts[b], total) for y, a, b, total in zip(*columns, strict=True)]
