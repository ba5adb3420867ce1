"""How precise the answer of a number of replications is."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.model.record import Layout
from sim.stats.intervals import clustered_wilson
from sim.study.tables import Results


@dataclass(frozen=True)
class Precision:
    """What became of a study that was to go on until it knew enough.

    Attributes:
        replications: used at every design point.
        asked: half-width that was wanted, in percentage points.
        reached: widest half-width at any point, in percentage points; infinite if nothing finished.
        cap: most replications that were allowed.
    """

    replications: int
    asked: float
    reached: float
    cap: int

    @property
    def capped(self) -> bool:
        """Whether the cap ended the study before the half-width was reached."""
        return self.reached > self.asked

    @property
    def figures(self) -> dict[str, object]:
        """What answer.json says about it."""
        return {
            "asked": self.asked,
            "reached": self.reached if math.isfinite(self.reached) else None,
            "cap": self.cap,
            "stopped_by_cap": self.capped,
        }


def half_width(results: Results, layout: Layout, per_draw: int) -> float:
    """Widest half of the 95 % intervals of all attainment probabilities; infinite without any.

    Those of every row of the answer and of the joint rows; replications that share a draw count
    for less, see :func:`sim.stats.intervals.clustered_wilson`.
    """
    if not len(results.replications):
        return float("inf")
    judged = [row.counts and row.spec.kind == "plan" for row in layout.rows]
    groups = {row.spec.group for row, own in zip(layout.rows, judged, strict=True) if own}
    joint = [
        [
            own and group in ("", row.spec.group)
            for row, own in zip(layout.rows, judged, strict=True)
        ]
        for group in ("", *sorted(groups))
    ]
    met = [*results.attained.T, *(results.attained[:, rows].all(axis=1) for rows in joint)]
    draws = results.replications // per_draw
    intervals = (clustered_wilson(np.asarray(each), draws) for each in met)
    return max((high - low) / 2.0 for low, high in intervals)
