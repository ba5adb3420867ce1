"""Milestones: what must stand at the end of each year if a target is not to be lost.

For every target and reading the history of the replications that meet it in the end, of those that
miss it, and the tripwire between them, see :mod:`sim.analysis.tripwire`.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.bootstrap import percentile_interval
from sim.analysis.intervals import clustered_wilson
from sim.analysis.rows import described
from sim.analysis.tripwire import Booleans, Floats, once, tripwires
from sim.config.schema import Plan

if TYPE_CHECKING:
    import pandas as pd

    from sim.analysis.tripwire import Integers
    from sim.model.record import Layout
    from sim.plan.plan import TargetRow

FEWEST = 20
"""Replications that must meet a target, and miss it, before its tripwires are estimated."""

BEYOND = 10
"""Replications that must lie on either side of a tripwire: the first few values of a fit under
constraint are its least reliable ones, one unlucky history is enough to bend it there."""

COLUMNS = (
    "scenario", "target", "definition", "counts", "group", "label_zh", "label_en", "comparator",
    "goal", "unit", "kind", "replications", "hits", "misses", "chance_low", "chance_high", "date",
    "median", "level", "value", "low", "high", "beyond", "caught", "false_alarms", "chance_beyond",
    "chance_within", "reason",
)  # fmt: skip
PATH_COLUMNS = (
    "scenario", "target", "definition", "date", "met", "replications", "p05", "p50", "p95",
)  # fmt: skip

SURVEY = "_survey"  # ending of the series that has values at survey dates only
Row = dict[str, object]


class Histories:
    """What the replications of one design point reported, date by date.

    Where a target is measured by surveys, its history is that of the surveys: in between nobody
    knows more than the last one said, so there is no value.

    Args:
        layout, series, attained: names, city_series (replications, days, indicators) and attained
            (replications, rows) of the results.
        draws: number of the parameter draw of each replication.
        plan: the plan that was run; scenario: name of the design point.
    """

    def __init__(
        self,
        layout: Layout,
        series: Floats,
        attained: Booleans,
        draws: Integers,
        plan: Plan,
        scenario: str,
    ) -> None:
        self.rows = layout.rows
        self.draws = draws
        self.dates = [plan.start + dt.timedelta(days=day) for day in layout.city_days]
        self._plan = plan
        self._scenario = scenario
        self._series = series
        self._attained = attained
        self._places = {name: place for place, name in enumerate(layout.city_indicators)}

    def values(self, row: TargetRow) -> Floats:
        """Values by replication and date, NaN where nothing was measured."""
        name = row.indicator
        return self._series[:, :, self._places.get(f"{name}{SURVEY}", self._places[name])]

    def met(self, row: TargetRow) -> Booleans:
        """Whether each replication attains the target at the deadline."""
        return self._attained[:, self.rows.index(row)]

    def year_ends(self, row: TargetRow) -> list[int]:
        """Positions of the ends of years before the target's deadline."""
        return [
            place
            for place, date in enumerate(self.dates)
            if (date.month, date.day) == (12, 31) and date < row.spec.deadline
        ]

    def key(self, row: TargetRow) -> Row:
        """The columns that say which row of the answer a line is about."""
        return {"scenario": self._scenario, "target": row.target, "definition": row.reading}

    def labels(self, row: TargetRow) -> Row:
        """The same with names, goal and unit."""
        own = described(self._plan, (row.target, row.reading))
        return {**self.key(row), **own, "counts": row.counts}


def milestones(histories: Histories, levels: Sequence[float], bootstrap: Integers) -> pd.DataFrame:
    """The tripwires of every target, at every end of a year and level of the chance of success.

    Args:
        levels: chances of success, between 0 and 1.
        bootstrap: weights of shape (samples, replications), see
            :func:`sim.analysis.bootstrap.resamples`.

    Returns:
        one row per target and reading, date and level: the columns that describe the target;
        replications, hits and misses (how many attain it in the end and how many do not);
        chance_low and chance_high (95 % Wilson interval of the chance of success); date (ISO),
        median (at that date, all replications); level; value, low and high (tripwire and 95 %
        interval, unit of the target; an interval may be open at an end); beyond (share of
        replications past the tripwire: below it, for ``<`` above it); caught (share of the misses
        that lie beyond, sensitivity); false_alarms (share of the hits that lie beyond, 1 -
        specificity); chance_beyond and chance_within (share of hits on either side); reason (why
        there is no tripwire, else empty):

        ``few_hits``, ``few_misses``: fewer than :data:`FEWEST` of either;
        ``no_value``: nothing is measured at that date; ``no_spread``: all have the same value;
        ``always_above``, ``always_below``: the fit never falls below the level, never reaches it;
        ``edge``: fewer than :data:`BEYOND` replications on one side.
    """
    import pandas as pd

    table = [
        line for row in histories.rows for line in _of_target(histories, row, levels, bootstrap)
    ]
    return pd.DataFrame(table, columns=list(COLUMNS))


def _of_target(
    histories: Histories, row: TargetRow, levels: Sequence[float], bootstrap: Integers
) -> Iterator[Row]:
    values, met = histories.values(row), histories.met(row)
    hits, misses = int(met.sum()), int((~met).sum())
    labels = histories.labels(row)
    low, high = clustered_wilson(met, histories.draws)
    labels |= {"replications": len(met), "hits": hits, "misses": misses}
    labels |= {"chance_low": low, "chance_high": high}
    for place in histories.year_ends(row):
        now = values[:, place]
        measured = bool(np.isfinite(now).all())
        found = labels | {
            "date": histories.dates[place].isoformat(),
            "median": float(np.median(now)) if measured else None,
        }
        reason = _no_fit(now, measured, hits, misses)
        if reason:
            yield from (found | {"level": level, "reason": reason} for level in levels)
            continue
        comparator = row.spec.comparator
        points = tripwires(now, met, comparator, levels, once(len(met)))[0]
        samples = tripwires(now, met, comparator, levels, bootstrap)
        for i, level in enumerate(levels):
            own = _tripwire(now, met, comparator, float(points[i]), samples[:, i])
            yield found | {"level": level} | own


def _no_fit(now: Floats, measured: bool, hits: int, misses: int) -> str:
    """Why there is nothing to fit, the first reason that holds; empty if there is."""
    reasons = {
        "few_hits": hits < FEWEST,
        "few_misses": misses < FEWEST,
        "no_value": not measured,
        "no_spread": measured and bool(np.ptp(now) == 0.0),
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def _tripwire(now: Floats, met: Booleans, comparator: str, value: float, samples: Floats) -> Row:
    alarm = now > value if comparator == "<" else now < value
    beyond = int(alarm.sum())
    if not beyond:
        return {"reason": "always_above"}
    if beyond == len(now):
        return {"reason": "always_below"}
    if min(beyond, len(now) - beyond) < BEYOND:
        return {"reason": "edge"}
    low, high = percentile_interval(samples)
    return {
        "value": value,
        "low": low if math.isfinite(low) else None,
        "high": high if math.isfinite(high) else None,
        "beyond": float(alarm.mean()),
        "caught": float(alarm[~met].mean()),
        "false_alarms": float(alarm[met].mean()),
        "chance_beyond": float(met[alarm].mean()),
        "chance_within": float(met[~alarm].mean()),
        "reason": "",
    }


def paths(histories: Histories) -> pd.DataFrame:
    """How the replications that meet a target, and those that miss it, got there.

    Returns:
        one row per target and reading with enough of both (:data:`FEWEST`), recorded date and
        outcome: scenario, target, definition, date (ISO), met, replications (of that outcome), p05,
        p50 and p95 (percentiles of their values, unit of the target). Dates without a value have no
        row.
    """
    import pandas as pd

    table = []
    for row in histories.rows:
        values, met = histories.values(row), histories.met(row)
        if min(met.sum(), (~met).sum()) < FEWEST:
            continue
        for outcome in (True, False):
            own = values[met == outcome]
            quantiles = np.quantile(own, (0.05, 0.5, 0.95), axis=0).T.tolist()
            for date, (p05, p50, p95) in zip(histories.dates, quantiles, strict=True):
                if not math.isnan(p50):
                    numbers = {"replications": len(own), "p05": p05, "p50": p50, "p95": p95}
                    table.append(
                        {**histories.key(row), "date": date.isoformat(), "met": outcome, **numbers}
                    )
    return pd.DataFrame(table, columns=list(PATH_COLUMNS))
