"""Small places (urban communities, villages) and which of them count as covered."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence


class Coverage:
    """Covered places by district under every reading of what a place is.

    All readings are measured on one history: what is delivered is aimed at the places of the
    planning reading, and counts under the other readings as far as these places belong to them.

    Args:
        totals: number of places by reading and district.
        covered: places covered at the start, same shape.
        planning: the reading that planners use.
    """

    def __init__(
        self,
        totals: Mapping[str, Sequence[int]],
        covered: Mapping[str, Sequence[int]],
        planning: str,
    ) -> None:
        self.totals = {reading: list(counts) for reading, counts in totals.items()}
        self.covered = {reading: list(counts) for reading, counts in covered.items()}
        self.planning = planning
        self._all = {reading: sum(counts) for reading, counts in self.totals.items()}
        self._all_covered = {reading: sum(counts) for reading, counts in self.covered.items()}

    @property
    def room(self) -> list[int]:
        """Uncovered places by district under the planning reading."""
        pairs = zip(self.totals[self.planning], self.covered[self.planning], strict=True)
        return [total - covered for total, covered in pairs]

    def share(self, place: int) -> float:
        """Covered share of a district under the planning reading; 1 where there is nothing."""
        total = self.totals[self.planning][place]
        return self.covered[self.planning][place] / total if total else 1.0

    def cover(self, place: int, units: int, u: float) -> None:
        """Cover up to ``units`` more places of a district.

        Where the planning reading is the wider one, only part of them are places of the narrower
        reading: the expected number, rounded up or down by the uniform ``u``.
        """
        planned_total = self.totals[self.planning][place]
        gained = min(units, planned_total - self.covered[self.planning][place])
        for reading, totals in self.totals.items():
            total = totals[place]
            share = 1.0 if total >= planned_total else total / planned_total
            counts = gained if share == 1.0 else math.floor(gained * share + u)
            counts = min(counts, total - self.covered[reading][place])
            self.covered[reading][place] += counts
            self._all_covered[reading] += counts

    def chance_cover(self, place: int, u: float) -> None:
        """Cover one more place if what opens happens to be in an uncovered one: u < 1 - share."""
        open_share = 1.0 - self.share(place)
        if u < open_share:
            # Given that, u / open_share is uniform again and free to round with.
            self.cover(place, 1, u / open_share)

    def per_cent(self, reading: str) -> float:
        """Covered share of the whole city under ``reading``, in per cent."""
        return 100.0 * self._all_covered[reading] / self._all[reading]

    def per_cent_by_district(self, reading: str) -> list[float]:
        """The same by district; NaN where the reading knows no place."""
        pairs = zip(self.covered[reading], self.totals[reading], strict=True)
        return [100.0 * covered / total if total else math.nan for covered, total in pairs]
