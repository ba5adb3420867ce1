"""Double-entry ledger: every movement of money is a transfer between two named accounts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence


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
        balance = [0] * len(self.names)
        for flows in self.years:
            for (payer, payee), yuan in flows.items():
                balance[payer] -= yuan
                balance[payee] += yuan
        return balance

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
            for (payer, payee), yuan in flows.items():
                if yuan < 0:
                    raise LedgerError(
                        f"negative transfer {yuan} from {self.names[payer]} to {self.names[payee]}"
                    )
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
        merged: dict[tuple[int, str, str], int] = {}
        for year, flows in enumerate(self.years):
            for (payer, payee), yuan in flows.items():
                key = (year, names[payer], names[payee])
                merged[key] = merged.get(key, 0) + yuan
        return [(*key, yuan) for key, yuan in sorted(merged.items())]
