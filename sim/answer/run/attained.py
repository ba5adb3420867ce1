"""What a run attained: its rows in the order in which people read them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from sim.answer.row import Config, Row, for_readers
from sim.answer.run.attainment import Attainment
from sim.words import ChanceInterval, Interval, likelihood


class Attained:
    """The rows of a run's answer with what was found for each.

    Attributes:
        config: of the run.
        rows: of modelled targets, in the order in which people read them.
    """

    def __init__(self, found: Sequence[Attainment], config: Config) -> None:
        self.config = config
        self._found = {one.row.key: one for one in found}
        single = [one.row for one in found if not one.row.joint]
        self.rows = [row for row in for_readers(single, config) if row.modelled]
        self.not_modelled = [row for row in for_readers(single, config) if not row.modelled]
        order = ["", *dict.fromkeys(row.group for row in for_readers(single, config))]
        self.joint = sorted(
            (one.row for one in found if one.row.joint),
            key=lambda row: (order.index(row.group), row.counts_targets),
        )

    def __getitem__(self, row: Row) -> Attainment:
        return self._found[row.key]

    @property
    def deciding(self) -> list[Row]:
        """The plan's own modelled targets, each under the reading that counts."""
        return [row for row in self.rows if row.decides]

    @property
    def replications(self) -> int:
        """Replications behind the answer; 0 if nothing is modelled."""
        return max((one.replications or 0 for one in self._found.values()), default=0)

    def chance(self, row: Row) -> float:
        """The probability that a row holds."""
        probability = self[row].probability
        assert probability is not None, "a modelled row has a chance"
        return probability

    def interval(self, row: Row) -> ChanceInterval:
        """The same with its interval."""
        own = self[row]
        return ChanceInterval(
            self.chance(row), own.probability_low or 0.0, own.probability_high or 0.0
        )

    def values(self, row: Row) -> Interval:
        """Median of the values, with the 5th and 95th percentile; of counts, whole numbers."""
        own = self[row]
        assert own.p50 is not None, "a modelled row has values"
        assert own.p05 is not None, "a modelled row has values"
        assert own.p95 is not None, "a modelled row has values"
        if not self.counted(row):
            return Interval(own.p50, own.p05, own.p95)
        return Interval(countable(own.p50, row), float(round(own.p05)), float(round(own.p95)))

    def counted(self, row: Row) -> bool:
        """Whether a row's values are whole numbers of things.

        The value of one replication says so, and a median that lies between two of them.
        """
        own = self[row]
        if row.counts_targets:
            return True
        one = own.promise_p80
        return one is not None and one.is_integer() and (2.0 * (own.p50 or 0.0)).is_integer()

    def classes(self, rows: Sequence[Row]) -> Counter[str]:
        """How many rows are likely, open and unlikely."""
        return Counter(likelihood(self.chance(row)) for row in rows)


def countable(median: float, row: Row) -> float:
    """A median of counts as a count: no more than half of the replications reach."""
    return float(math.ceil(median) if row.comparator == "<" else math.floor(median))
