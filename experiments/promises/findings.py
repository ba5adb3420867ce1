"""What could honestly be promised of every target, at each confidence.

The rule of a promise, its interval and its share of the goal are those of
:mod:`sim.stats.promise`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from sim.answer.finding import Described, InUnits, Replications, Share, Unit
from sim.answer.found import Found
from sim.answer.row import Row
from sim.stats.promise import promise, promise_interval, share_of_goal
from sim.words import Label

OfGoal = Annotated[float, Unit("share of the goal")]
"""A value as a share of the goal, and for ``<`` the goal as a share of the value."""


@dataclass(frozen=True)
class Promise:
    """What a share of the histories keeps of one target.

    Attributes:
        scenario: name of the design point; scenario_zh, scenario_en: what it is called.
        replications: that finished.
        confidence: share of them that must keep the promise.
        value: the promise; low, high: its 95 % interval, None for an end that so few replications
            do not give.
        share: of the goal; None where there is none.
        keeps_goal: whether the promise is at least what the plan asks for.
    """

    scenario: str
    row: Described
    replications: Replications
    confidence: Share
    value: InUnits
    low: InUnits | None
    high: InUnits | None
    share: OfGoal | None
    keeps_goal: bool
    scenario_zh: str
    scenario_en: str

    @property
    def is_nothing(self) -> bool:
        """Whether the promise is that nothing is reached."""
        return not self.row.less_is_better and self.value <= 0.0

    @property
    def interval(self) -> tuple[float | None, float | None]:
        """Its interval in shares of the goal, the lower end first; an open end is None."""
        ends = self._share(self.low), self._share(self.high)
        return ends[::-1] if self.row.less_is_better else ends

    def _share(self, value: float | None) -> float | None:
        return None if value is None else _known(_share_of(self.row, value))


def promises_of(
    found: Found, rows: Sequence[Row], scenario: str, label: Label, confidences: Sequence[float]
) -> Iterator[Promise]:
    """The promises of modelled targets, row by row, each at every confidence.

    Args:
        found: the values at the deadline, of at least one replication.
        scenario: name of the design point; label: what it is called.
        confidences: shares of the replications that must keep a promise, between 0 and 1.
    """
    for row in rows:
        values = found.values(row.key)
        for confidence in confidences:
            value = promise(values, row.comparator, confidence)
            low, high = promise_interval(values, row.comparator, confidence, found.draws)
            yield Promise(
                scenario=scenario,
                row=row,
                replications=len(values),
                confidence=confidence,
                value=value,
                low=_known(low),
                high=_known(high),
                share=_known(_share_of(row, value)),
                keeps_goal=row.attained_by(value),
                scenario_zh=label["zh"],
                scenario_en=label["en"],
            )


def _share_of(row: Row, value: float) -> float:
    return share_of_goal(value, row.goal, row.comparator)


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value
