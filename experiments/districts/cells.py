"""Numbers of districts as they are said."""

from __future__ import annotations

from dataclasses import dataclass

from experiments.districts.findings import Standing
from sim.words import Decimal, Mean, Share, Speech


@dataclass(frozen=True)
class Ranking:
    """A rank with its interval, in a cell."""

    rank: int
    low: int
    high: int

    def spoken(self, speech: Speech) -> str:
        """As in ``38 (36–38)``."""
        return speech("districts.rank", rank=self.rank, low=self.low, high=self.high)


def ranking(own: Standing) -> Ranking | None:
    """Its rank as a cell."""
    if own.rank is None or own.rank_low is None or own.rank_high is None:
        return None
    return Ranking(own.rank, own.rank_low, own.rank_high)


def points(gap: float | None) -> Decimal | None:
    """A difference of shares in percentage points, with its sign."""
    return None if gap is None else Decimal(100.0 * gap, signs=True)


def mean(value: float | None) -> Mean | None:
    """A mean as a cell."""
    return None if value is None else Mean(value)


def share(value: float | None) -> Share | None:
    """A share in tenths of a per cent."""
    return None if value is None else Share(round(value, 3))


def per_cent(value: float | None) -> Share | None:
    """A share in whole per cents."""
    return None if value is None else Share(round(value, 2))
