"""What must stand at a date, such as the end of a year, if a target is not to be lost.

For every target and reading the history of the replications that meet it in the end, of those that
miss it, and the tripwire between them, see :mod:`sim.stats.tripwire`.
"""

from __future__ import annotations

import datetime as dt
import math
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.answer.finding import Described, InUnits, Keyed, Replications, Share
from sim.answer.row import Row
from sim.stats.bootstrap import percentile_interval
from sim.stats.intervals import clustered_wilson
from sim.stats.tripwire import Booleans, Floats, once, tripwires
from sim.words import Label

if TYPE_CHECKING:
    from sim.model.record import Layout
    from sim.stats.tripwire import Integers

FEWEST = 20
"""Replications that must meet a target, and miss it, before its tripwires are estimated."""

BEYOND = 10
"""Replications that must lie on either side of a tripwire: the first few values of a fit under
constraint are its least reliable ones, one unlucky replication is enough to bend it there."""

SURVEY = "_survey"  # ending of the series that has values at survey dates only


@dataclass(frozen=True)
class Tripwire:
    """What a value at a date says about a target, at one level of the chance of success.

    Attributes:
        scenario: name of the design point; scenario_zh, scenario_en: what it is called.
        hits, misses: how many attain the target in the end and how many do not.
        chance_low, chance_high: 95 % Wilson interval of the chance of success.
        median: at that date, over all replications; None where nothing was measured.
        level: the chance of success that the tripwire stands for.
        value, low, high: tripwire and 95 % interval; an end that is open is None.
        beyond: share of replications past the tripwire: below it, for ``<`` above it.
        caught: share of the misses that lie beyond (sensitivity).
        false_alarms: share of the hits that lie beyond (1 - specificity).
        chance_beyond, chance_within: share of hits on either side.
        reason: why there is no tripwire, else empty:
            ``few_hits``, ``few_misses``: fewer than :data:`FEWEST` of either;
            ``no_value``: nothing is measured at that date; ``no_spread``: all have the same value;
            ``always_above``, ``always_below``: the fit never falls below the level, never reaches
            it; ``edge``: fewer than :data:`BEYOND` replications on one side.
    """

    scenario: str
    row: Described
    replications: Replications
    hits: Replications
    misses: Replications
    chance_low: Share
    chance_high: Share
    date: dt.date
    median: InUnits | None
    level: Share
    value: InUnits | None
    low: InUnits | None
    high: InUnits | None
    beyond: Share | None
    caught: Share | None
    false_alarms: Share | None
    chance_beyond: Share | None
    chance_within: Share | None
    reason: str
    scenario_zh: str
    scenario_en: str

    @property
    def found(self) -> bool:
        """Whether there is a tripwire."""
        return not self.reason

    @property
    def power(self) -> float:
        """Youden's index: share of misses caught less share of hits falsely alarmed."""
        assert self.caught is not None, "without a tripwire there is no alarm"
        assert self.false_alarms is not None, "without a tripwire there is no alarm"
        return self.caught - self.false_alarms


@dataclass(frozen=True)
class Path:
    """Where the replications of one outcome stood at a date; dates without a value have none."""

    scenario: str
    row: Keyed
    date: dt.date
    met: bool
    replications: Replications
    p05: InUnits
    p50: InUnits
    p95: InUnits


@dataclass(frozen=True)
class Point:
    """A scenario and what its replications reported, date by date.

    Where a target is measured by surveys, its history is that of the surveys: in between nobody
    knows more than the last one said, so there is no value.

    Attributes:
        name: of the design point; label: what it is called.
        rows: the rows of the answer, in the order of the results.
        layout, series, attained: names, city_series (replications, days, indicators) and attained
            (replications, rows) of the results.
        draws: number of the parameter draw of each replication.
        start: first day of the plan; deadlines: of the rows.
        asked: dates that are asked about; None is the ends of the years.
    """

    name: str
    label: Label
    rows: Sequence[Row]
    layout: Layout
    series: Floats
    attained: Booleans
    draws: Integers
    start: dt.date
    deadlines: Sequence[dt.date]
    asked: Sequence[dt.date] | None = None

    @property
    def dates(self) -> list[dt.date]:
        """Dates of the series."""
        return [self.start + dt.timedelta(days=day) for day in self.layout.city_days]

    def values(self, row: Row) -> Floats:
        """Values by replication and date, NaN where nothing was measured."""
        places = {name: place for place, name in enumerate(self.layout.city_indicators)}
        name = row.indicator
        return self.series[:, :, places.get(f"{name}{SURVEY}", places[name])]

    def met(self, row: Row) -> Booleans:
        """Whether each replication attains the target at the deadline."""
        return self.attained[:, self.rows.index(row)]

    def places(self, row: Row) -> list[int]:
        """Positions of the dates that are asked about, as far as before the target's deadline.

        Between two dates of the series the value of the earlier one stands: it is the last that is
        known.
        """
        deadline, dates = self.deadlines[self.rows.index(row)], self.dates
        asked = self.asked
        if asked is None:
            asked = [date for date in dates if (date.month, date.day) == (12, 31)]
        taken = {last_recorded(date, dates) for date in asked}
        return [place for place, date in enumerate(dates) if date in taken and date < deadline]


def last_recorded(date: dt.date, dates: Sequence[dt.date]) -> dt.date:
    """The last of the ``dates`` of a series, in ascending order, that is not after ``date``."""
    return dates[bisect_right(dates, date) - 1]


def tripwires_of(point: Point, levels: Sequence[float], bootstrap: Integers) -> Iterator[Tripwire]:
    """The tripwires of every row, at every date and level of the chance of success.

    Args:
        levels: chances of success, between 0 and 1.
        bootstrap: weights of shape (samples, replications), see
            :func:`sim.stats.bootstrap.resamples`.
    """
    for row in point.rows:
        yield from _of_row(point, row, levels, bootstrap)


def _of_row(
    point: Point, row: Row, levels: Sequence[float], bootstrap: Integers
) -> Iterator[Tripwire]:
    values, met = point.values(row), point.met(row)
    hits, misses = int(met.sum()), int((~met).sum())
    low, high = clustered_wilson(met, point.draws)
    told: dict[str, Any] = {
        "scenario": point.name,
        "row": row,
        "replications": len(met),
        "hits": hits,
        "misses": misses,
        "chance_low": low,
        "chance_high": high,
        "scenario_zh": point.label["zh"],
        "scenario_en": point.label["en"],
    }
    for place in point.places(row):
        now = values[:, place]
        measured_then = bool(np.isfinite(now).all())
        told |= {
            "date": point.dates[place],
            "median": float(np.median(now)) if measured_then else None,
        }
        reason = _no_fit(now, measured_then, hits, misses)
        if reason:
            yield from (Tripwire(level=level, **told, **_NONE, reason=reason) for level in levels)
            continue
        at = tripwires(now, met, row.comparator, levels, once(len(met)))[0]
        samples = tripwires(now, met, row.comparator, levels, bootstrap)
        for i, level in enumerate(levels):
            own = _tripwire(now, met, row, float(at[i]), samples[:, i])
            yield Tripwire(level=level, **told, **own)


def _no_fit(now: Floats, measured_then: bool, hits: int, misses: int) -> str:
    """Why there is nothing to fit, the first reason that holds; empty if there is."""
    reasons = {
        "few_hits": hits < FEWEST,
        "few_misses": misses < FEWEST,
        "no_value": not measured_then,
        "no_spread": measured_then and bool(np.ptp(now) == 0.0),
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


_NONE: Mapping[str, Any] = dict.fromkeys(
    (
        *("value", "low", "high", "beyond", "caught", "false_alarms"),
        *("chance_beyond", "chance_within"),
    )
)


def _tripwire(
    now: Floats, met: Booleans, row: Row, value: float, samples: Floats
) -> Mapping[str, Any]:
    alarm = now > value if row.less_is_better else now < value
    beyond = int(alarm.sum())
    if not beyond:
        return {**_NONE, "reason": "always_above"}
    if beyond == len(now):
        return {**_NONE, "reason": "always_below"}
    if min(beyond, len(now) - beyond) < BEYOND:
        return {**_NONE, "reason": "edge"}
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


def paths_of(point: Point) -> Iterator[Path]:
    """How the replications that meet a target, and those that miss it, got there.

    Of every row with enough of both (:data:`FEWEST`): median and 5th and 95th percentile of either
    outcome, at every date with a value.
    """
    for row in point.rows:
        values, met = point.values(row), point.met(row)
        if min(met.sum(), (~met).sum()) < FEWEST:
            continue
        for outcome in (True, False):
            own = values[met == outcome]
            quantiles = np.quantile(own, (0.05, 0.5, 0.95), axis=0).T.tolist()
            for date, (p05, p50, p95) in zip(point.dates, quantiles, strict=True):
                if not math.isnan(p50):
                    yield Path(point.name, row, date, outcome, len(own), p05, p50, p95)
