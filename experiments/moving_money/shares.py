"""What shares of the money two groups have once an amount has moved from one to the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from sim.config.schema import Run

_STEP = Decimal(1).scaleb(-9)
"""Shares count in the model to so many places."""


@dataclass(frozen=True)
class Transfer:
    """Of all money, the part of two groups between which some moves.

    Attributes:
        total: yuan of the whole plan, public and social.
        shares: of the groups.
        giver, receiver: two different ones of them.
    """

    total: int
    shares: Mapping[str, float]
    giver: str
    receiver: str

    @classmethod
    def of(cls, run: Run, giver: str, receiver: str) -> Transfer:
        """The money of a run."""
        total = run.budget.public_total + run.budget.social_total
        return cls(total, run.allocation.group_shares, giver, receiver)

    @property
    def most(self) -> int:
        """The largest amount in whole yuan that the giving group has."""
        return int(self._share(self.giver) * self.total)

    def part(self, amount: int) -> float:
        """An amount as a share of what the giving group has."""
        return amount / float(self._share(self.giver) * self.total)

    def moves(self, amount: int) -> bool:
        """Whether an amount is large enough to be a share at all."""
        return self._moved(amount) > 0

    def after(self, amount: int) -> dict[str, float]:
        """The shares of both groups once an amount, :attr:`most` at the most, has moved.

        Reckoned in decimal digits: what one share loses the other gets, to the last of them.
        """
        moved = self._moved(amount)
        return {
            self.giver: float(self._share(self.giver) - moved),
            self.receiver: float(self._share(self.receiver) + moved),
        }

    def _share(self, group: str) -> Decimal:
        return Decimal(repr(self.shares[group]))

    def _moved(self, amount: int) -> Decimal:
        share = (Decimal(amount) / self.total).quantize(_STEP, ROUND_HALF_EVEN)
        return min(share, self._share(self.giver))
