"""How precise the answer of a number of replications is."""

from __future__ import annotations

import numpy as np

from sim.analysis.intervals import clustered_wilson
from sim.model.record import Layout
from sim.study.tables import Results


def half_width(results: Results, layout: Layout, per_draw: int) -> float:
    """Widest half of the 95 % intervals of all attainment probabilities; infinite without any.

    Those of every row of the answer and of the joint rows; replications that share a draw count
    for less, see :func:`sim.analysis.intervals.clustered_wilson`.
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
