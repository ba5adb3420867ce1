"""A sweep of one lever or two: chances at every setting, gains from step to step, who responds.

All replications are paired by common random numbers. Settings of the first lever are the axis;
curves and steps are taken along it, for every setting of the second lever on its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from typing import Annotated

import numpy as np
import numpy.typing as npt

from sim.answer.finding import KEY, InUnits, Replications, Share, Told, Unit
from sim.answer.found import Found
from sim.answer.row import Config, Row, RowKey, joint_rows_of, rows_of
from sim.answer.run.attainment import Attainment, attainments
from sim.answer.run.held_back import stage_sums
from sim.config.lever import MONEY
from sim.stats.monotone import monotone_fit, reached_at
from sim.stats.paired_gain import gain_of_chance, gain_of_count, holm, no_response

Floats = npt.NDArray[np.float64]

NOTABLE = 0.05
"""Least change of a fitted chance, or of a mean count, that is called a response."""

LEVEL = 0.05
"""Probability of calling anything a response although nothing responds."""

MOST = 0.9
"""Share of the whole change after which returns count as flat."""

MILLION = 1e6

_NAMED = (*KEY, "group", "label_zh", "label_en")
Named = Annotated[Row, Told(_NAMED)]
Judged = Annotated[Row, Told((*_NAMED, "kind", "counts"))]

Setting = Annotated[float, Unit("unit of the key (money: yuan)")]
Height = Annotated[float, Unit("share, 0 to 1; in rows met_count: targets")]
Difference = Annotated[float, Unit("difference of shares; in rows met_count: targets")]
PerMillion = Annotated[
    float, Unit("difference of shares; in rows met_count: targets, per million yuan")
]
Significance = Annotated[float, Unit("probability, 0 to 1")]


@dataclass(frozen=True)
class CurvePoint:
    """A row of the answer at one point of the sweep.

    Attributes:
        key, second_key: of the levers; the second is empty where there is one.
        base: whether this is the run that the study starts from.
        probability: with its 95 % Wilson interval; None for counts of targets.
        mean: and percentiles, of the value at the deadline; None where all targets are judged.
        fitted, direction: of :func:`~sim.stats.monotone.monotone_fit` through the probabilities
            along the first lever, or through the means where targets are counted.
    """

    key: str
    setting: Setting
    second_key: str
    second_setting: Setting | None
    base: bool
    row: Judged
    replications: Replications
    probability: Share | None
    probability_low: Share | None
    probability_high: Share | None
    mean: InUnits | None
    p05: InUnits | None
    p50: InUnits | None
    p95: InUnits | None
    fitted: Height
    direction: str


@dataclass(frozen=True)
class Step:
    """What a step between neighbouring settings of the first lever adds, pair by pair.

    Attributes:
        gained, lost: shares of the pairs.
        gain: change of the probability (of the mean where targets are counted), with its 95 %
            interval, simulation error only.
        gain_per_million: the gain for every million yuan; None where the key is no money.
    """

    key: str
    from_setting: Setting
    to_setting: Setting
    second_key: str
    second_setting: Setting | None
    row: Named
    pairs: Annotated[int, Unit("pairs of replications")]
    gained: Share
    lost: Share
    gain: Difference
    gain_low: Difference
    gain_high: Difference
    gain_per_million: PerMillion | None

    @property
    def beyond_error(self) -> bool:
        """Whether it changes anything beyond simulation error."""
        return self.gain_low > 0.0 or self.gain_high < 0.0

    @property
    def slope(self) -> float:
        """The gain for a unit of the key."""
        return self.gain / (self.to_setting - self.from_setting)


@dataclass(frozen=True)
class Change:
    """What the whole sweep does to a row of the answer.

    Attributes:
        lowest, highest: of the fitted values.
        direction: ``mixed`` where the settings of the second lever differ in it.
        p_value: of :func:`~sim.stats.paired_gain.no_response` over all points.
        p_adjusted: for all rows together, by Holm's method.
        responds: adjusted below :data:`LEVEL`, and a change of at least :data:`NOTABLE`.
        most_reached_at: the first setting at which :data:`MOST` of the change is reached; None
            without a change and with a second lever.
        shown: whether the row is one of those that tables and pictures are asked to show.
    """

    row: Judged
    lowest: Height
    highest: Height
    direction: str
    p_value: Significance
    p_adjusted: Significance
    responds: bool
    most_reached_at: Setting | None
    shown: bool


@dataclass(frozen=True)
class Point:
    """One point of the sweep, and what its replications found.

    ``second`` is None without a second lever; ``base``: whether it is the run that the study starts
    from.
    """

    setting: float
    second: float | None
    base: bool
    found: Found

    @property
    def settings(self) -> tuple[float, ...]:
        """Of the levers, in their order."""
        return (self.setting,) if self.second is None else (self.setting, self.second)


class Sweep:
    """The points of a sweep, and what is found along them.

    Args:
        key, second_key: the levers; the second is empty where there is one.
        points: in ascending order of the second lever's setting, then of the first's.
        config: of the run that the study starts from.

    Attributes:
        points: as given.
        rows: modelled targets in the plan's order, then joint rows.
        pairs: replications that finished at every point.
    """

    def __init__(self, key: str, second_key: str, points: Sequence[Point], config: Config) -> None:
        every = rows_of(config).values()
        self.rows = [row for row in every if row.modelled]
        self.rows += joint_rows_of(config, every).values()
        self._key = key
        self._second_key = second_key
        self.points = points
        self._config = config
        finished = [point.found.replications for point in points]
        shared = reduce(np.intersect1d, finished)
        self.pairs = len(shared)
        kept = [np.isin(own, shared) for own in finished]
        self._draws = points[0].found.draws[kept[0]]
        self._outcomes = {
            row.key: np.stack(
                [_outcome(row, p.found)[own] for p, own in zip(points, kept, strict=True)]
            )
            for row in self.rows
        }

    def curves(self) -> list[CurvePoint]:
        """Every row at every point."""
        attained = [self._attained(point) for point in self.points]
        fits = {
            (number, place): fit
            for numbers in self._lines()
            for place in range(len(self.rows))
            for number, fit in _fits(numbers, [attained[number][place] for number in numbers])
        }
        return [
            CurvePoint(
                key=self._key,
                setting=float(point.setting),
                second_key=self._second_key,
                second_setting=point.second,
                base=point.base,
                row=own.row,
                replications=_replications(own),
                probability=own.probability,
                probability_low=own.probability_low,
                probability_high=own.probability_high,
                mean=own.mean,
                p05=own.p05,
                p50=own.p50,
                p95=own.p95,
                fitted=fits[number, place][0],
                direction=fits[number, place][1],
            )
            for number, point in enumerate(self.points)
            for place, own in enumerate(attained[number])
        ]

    def steps(self) -> Iterator[Step]:
        """Every row at every step between neighbours along the first lever."""
        for before, after in (pair for numbers in self._lines() for pair in pairwise(numbers)):
            first, last = self.points[before], self.points[after]
            million = (last.setting - first.setting) / MILLION
            for row in self.rows:
                outcome = self._outcomes[row.key]
                estimate = gain_of_count if row.counts_targets else gain_of_chance
                gain = estimate(outcome[before], outcome[after], self._draws)
                yield Step(
                    key=self._key,
                    from_setting=float(first.setting),
                    to_setting=float(last.setting),
                    second_key=self._second_key,
                    second_setting=first.second,
                    row=row,
                    pairs=gain.pairs,
                    gained=gain.gained,
                    lost=gain.lost,
                    gain=gain.mean,
                    gain_low=gain.low,
                    gain_high=gain.high,
                    gain_per_million=gain.mean / million if self._key in MONEY else None,
                )

    def changes(self, curves: Sequence[CurvePoint], shown: Collection[RowKey]) -> Iterator[Change]:
        """What the sweep does to every row; ``curves`` as :meth:`curves` gives them."""
        by_row: dict[Row, list[CurvePoint]] = {}
        for point in curves:
            by_row.setdefault(point.row, []).append(point)
        p_values = [no_response(self._outcomes[row.key], self._draws) for row in by_row]
        for (row, own), p, adjusted in zip(by_row.items(), p_values, holm(p_values), strict=True):
            fitted = np.array([point.fitted for point in own])
            low, high = float(fitted.min()), float(fitted.max())
            directions = {point.direction for point in own} - {"flat"}
            reached = float("nan")
            if not self._second_key:
                reached = reached_at(np.array([point.setting for point in own]), fitted, MOST)
            yield Change(
                row=row,
                lowest=low,
                highest=high,
                direction="mixed" if len(directions) > 1 else min(directions, default="flat"),
                p_value=p,
                p_adjusted=adjusted,
                responds=adjusted < LEVEL and high - low >= NOTABLE,
                most_reached_at=None if np.isnan(reached) else reached,
                shown=row.key in shown,
            )

    def _attained(self, point: Point) -> list[Attainment]:
        none = stage_sums((), point.found, self._config)
        found = attainments(point.found, none, self._config, "")
        return [own for own in found if own.row.modelled]

    def _lines(self) -> list[list[int]]:
        """Numbers of the points along the first lever, by setting of the second."""
        lines: dict[float | None, list[int]] = {}
        for number, point in enumerate(self.points):
            lines.setdefault(point.second, []).append(number)
        return [*lines.values()]


def _outcome(row: Row, found: Found) -> Floats:
    """By replication: 1 where the row holds, or how many targets are met."""
    met = found.met_together(row.members).astype(np.float64)
    outcome: Floats = met.sum(axis=0) if row.counts_targets else met.min(axis=0)
    return outcome


def _replications(attained: Attainment) -> int:
    assert attained.replications is not None, "what is modelled has been simulated"
    return attained.replications


def _fits(
    numbers: Sequence[int], attained: Sequence[Attainment]
) -> Iterator[tuple[int, tuple[float, str]]]:
    """By number of the point the fitted value, and the direction of the whole curve."""
    heights = [own.mean if own.probability is None else own.probability for own in attained]
    weights = [_replications(own) for own in attained]
    fit, direction = monotone_fit(np.array(heights, dtype=float), np.array(weights, dtype=float))
    for number, value in zip(numbers, fit.tolist(), strict=True):
        yield number, (value, direction)
