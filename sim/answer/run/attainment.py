"""Attainment: with what probability each target is met, when, and what held it back."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
import numpy.typing as npt

from sim.answer.finding import KEY, InUnits, Replications, Share, Told
from sim.answer.found import Floats, Found
from sim.answer.row import Config, Row, joint_rows_of, rows_of
from sim.answer.run.held_back import StageSums, leading_stage
from sim.stats.intervals import clustered_wilson, intraclass_correlation
from sim.stats.promise import promise


@dataclass(frozen=True, kw_only=True)
class Attainment:
    """What was found for one row of the answer; one of a target that is not modelled is empty.

    Attributes:
        scenario: name of the design point.
        probability: that the target holds at its deadline; probability_low, probability_high: its
            95 % Wilson interval, at the effective number of replications.
        mean, p05, p50, p95: of the values at the deadline.
        shortfall_mean: mean distance to the goal, 0 where it is met.
        promise_p80: the most demanding value that at least 80 % of the replications reach.
        first_attained_p50: date by which half of the replications had attained it; None if fewer
            ever do.
        held_back_by: the reason of most missing units; empty where nothing is missing.
        parameter_share: share of the variance that lies between draws; None with one replication
            a draw.
    """

    scenario: str
    row: Annotated[
        Row,
        Told((*KEY, "group", "label_zh", "label_en", "comparator", "goal", "unit", "kind",
              "modelled")),
    ]  # fmt: skip
    replications: Replications | None = None
    probability: Share | None = None
    probability_low: Share | None = None
    probability_high: Share | None = None
    mean: InUnits | None = None
    p05: InUnits | None = None
    p50: InUnits | None = None
    p95: InUnits | None = None
    shortfall_mean: InUnits | None = None
    promise_p80: InUnits | None = None
    first_attained_p50: dt.date | None = None
    held_back_by: str = ""
    parameter_share: Share | None = None


def attainments(
    found: Found, sums: StageSums, config: Config, scenario: str
) -> Iterator[Attainment]:
    """What was found for every row in the plan's order, then for the joint rows.

    Args:
        found: what every replication found; sums: what held it back, see
            :func:`sim.answer.run.held_back.stage_sums`.
        config: of the run, as in its manifest; scenario: name of the design point.
    """
    rows = rows_of(config)
    start = dt.date.fromisoformat(str(config["plan"]["start"]))
    for row in rows.values():
        told = _of_row(found, sums, row, start) if row.modelled else {}
        yield Attainment(scenario=scenario, row=row, **told)
    for row in joint_rows_of(config, rows.values()).values():
        together = found.met_together(row.members)
        if row.counts_targets:
            told = {"replications": together.shape[1]}
            told |= _percentiles(together.sum(axis=0).astype(np.float64))
        else:
            told = _probability(np.logical_and.reduce(together, axis=0), found)
        yield Attainment(scenario=scenario, row=row, **told)


def _of_row(found: Found, sums: StageSums, row: Row, start: dt.date) -> dict[str, Any]:
    values, met = found.values(row.key), found.met(row.key)
    short = np.where(met, 0.0, np.abs(row.goal - values))
    return {
        **_probability(met, found),
        **_percentiles(values),
        "shortfall_mean": float(short.mean()),
        "promise_p80": promise(values, row.comparator),
        "first_attained_p50": median_date(found.first_days(row.key), start),
        "held_back_by": leading_stage(sums.units(row.key)),
    }


def _probability(met: npt.NDArray[np.bool_], found: Found) -> dict[str, Any]:
    share = intraclass_correlation(met.astype(np.float64), found.draws)
    low, high = clustered_wilson(met, found.draws)
    return {
        "replications": len(met),
        "probability": float(met.mean()),
        "probability_low": low,
        "probability_high": high,
        "parameter_share": None if math.isnan(share) else share,
    }


def _percentiles(values: Floats) -> dict[str, Any]:
    p05, p50, p95 = np.quantile(values, (0.05, 0.5, 0.95)).tolist()
    return {"mean": float(values.mean()), "p05": p05, "p50": p50, "p95": p95}


def median_date(days: Floats, start: dt.date) -> dt.date | None:
    """The date by which half of the replications had attained; None if fewer ever do.

    ``days`` are day numbers from ``start``, NaN for never. This is the median with never =
    infinity. Of an even number the lower of the two middle days is taken, not their mean: it is a
    day on which some replication did attain, and by it half of them had.
    """
    ordered = np.sort(np.where(np.isnan(days), np.inf, days))
    middle = ordered[(len(ordered) - 1) // 2]
    return None if math.isinf(middle) else start + dt.timedelta(days=int(middle))
