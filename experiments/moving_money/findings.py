"""What moving an amount does to every target, and to the number of targets met, pair by pair."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import numpy.typing as npt

from experiments.moving_money.shares import Transfer
from sim.answer.finding import Described, Share, Unit
from sim.answer.found import FrameFound
from sim.answer.row import Config, Row, joint_rows_of, rows_of
from sim.lazy import pd
from sim.stats.intervals import clustered_wilson
from sim.stats.paired import paired_difference, paired_mean
from sim.words import Decimal

GAINS, LOSES = "gains", "loses"

Yuan = Annotated[int, Unit("yuan in five years")]
ShareChange = Annotated[float, Unit("difference of shares")]
Targets = Annotated[float, Unit("targets")]
Pairs = Annotated[int, Unit("pairs of replications")]


@dataclass(frozen=True)
class TargetMoved:
    """What an amount does to the chance of one target; differences are with it less without it.

    Attributes:
        amount: that moves; giver, receiver: between which groups.
        probability, probability_moved: without and with it, and their 95 % intervals.
        gained, lost: pairs in which the target is met with the move alone, or without it alone.
        change: :data:`GAINS` or :data:`LOSES` where the interval of the difference excludes 0.
    """

    amount: Yuan
    giver: str
    receiver: str
    row: Described
    pairs: Pairs
    probability: Share
    probability_low: Share
    probability_high: Share
    probability_moved: Share
    probability_moved_low: Share
    probability_moved_high: Share
    difference: ShareChange
    difference_low: ShareChange
    difference_high: ShareChange
    gained: Pairs
    lost: Pairs
    change: str

    @property
    def points(self) -> Decimal:
        """The difference in percentage points, with its interval."""
        ends = (self.difference, self.difference_low, self.difference_high)
        value, low, high = (100.0 * end for end in ends)
        return Decimal(value, low, high, signs=True)


@dataclass(frozen=True)
class CountMoved:
    """What an amount does to the number of targets met, of all or of one group.

    Attributes:
        part: of the giving group's money.
        giver_share, receiver_share: of all money, once it has moved.
        targets_met, targets_met_moved: mean numbers of targets met without and with the move;
            ``net`` is their difference with its 95 % interval.
        gaining, losing: how many of these targets gain and lose in chance for sure.
        change: :data:`GAINS` or :data:`LOSES` where the interval of ``net`` excludes 0.
    """

    amount: Yuan
    giver: str
    receiver: str
    row: Described
    part: Share
    giver_share: Share
    receiver_share: Share
    pairs: Pairs
    targets_met: Targets
    targets_met_moved: Targets
    net: Targets
    net_low: Targets
    net_high: Targets
    gaining: Annotated[int, Unit("targets")]
    losing: Annotated[int, Unit("targets")]
    change: str


class Moves:
    """The same histories without a move and with each, as far as they finished in all of them.

    Args:
        base, moved: targets.parquet as it is, and with every amount moved.
        config: of the run as it is.
    """

    def __init__(
        self,
        base: pd.DataFrame,
        moved: Mapping[int, pd.DataFrame],
        transfer: Transfer,
        config: Config,
    ) -> None:
        common = set(base["replication"]).intersection(*(f["replication"] for f in moved.values()))
        self.pairs = len(common)
        self._base, *others = (
            FrameFound(frame[frame["replication"].isin(common)])
            for frame in (base, *moved.values())
        )
        self._moved = dict(zip(moved, others, strict=True))
        self._transfer = transfer
        self.rows = [row for row in rows_of(config).values() if row.modelled]
        self._counts = [r for r in joint_rows_of(config, self.rows).values() if r.counts_targets]

    def targets(self) -> Iterator[TargetMoved]:
        """Every target at every amount, amount by amount."""
        for amount, found in self._moved.items():
            for row in self.rows:
                yield self._target(amount, found, row)

    def _target(self, amount: int, found: FrameFound, row: Row) -> TargetMoved:
        draws = found.draws
        before, after = self._base.met(row.key), found.met(row.key)
        difference, low, high = paired_difference(before, after, draws)
        return TargetMoved(
            amount,
            self._transfer.giver,
            self._transfer.receiver,
            row,
            self.pairs,
            float(before.mean()),
            *clustered_wilson(before, draws),
            float(after.mean()),
            *clustered_wilson(after, draws),
            difference,
            low,
            high,
            gained=int((after & ~before).sum()),
            lost=int((before & ~after).sum()),
            change=_change(low, high),
        )

    def counts(self, targets: list[TargetMoved]) -> Iterator[CountMoved]:
        """How many targets are met, of all and of every group, amount by amount.

        ``targets`` are those of :meth:`targets`.
        """
        for amount, found in self._moved.items():
            own = {one.row.key: one.change for one in targets if one.amount == amount}
            shares = self._transfer.after(amount)
            for row in self._counts:
                before, after = self._met(self._base, row), self._met(found, row)
                net, low, high = paired_mean(before, after, found.draws)
                changes = [own[key] for key in row.members]
                yield CountMoved(
                    amount,
                    self._transfer.giver,
                    self._transfer.receiver,
                    row,
                    self._transfer.part(amount),
                    shares[self._transfer.giver],
                    shares[self._transfer.receiver],
                    self.pairs,
                    float(before.mean()),
                    float(after.mean()),
                    net,
                    low,
                    high,
                    gaining=changes.count(GAINS),
                    losing=changes.count(LOSES),
                    change=_change(low, high),
                )

    @staticmethod
    def _met(found: FrameFound, row: Row) -> npt.NDArray[np.float64]:
        counts: npt.NDArray[np.float64] = found.met_together(row.members).sum(axis=0).astype(float)
        return counts


def _change(low: float, high: float) -> str:
    return GAINS if low > 0.0 else LOSES if high < 0.0 else ""
