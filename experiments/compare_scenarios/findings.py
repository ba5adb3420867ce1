"""One scenario against another: what happens to every row of the answer.

Works on values and configurations as run folders hold them, so that runs can be compared which
another version of the code has written.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

import numpy as np
import numpy.typing as npt

from sim.answer.figures import Ends
from sim.answer.finding import InUnits, Replications, Share, Told, Unit
from sim.answer.found import Found
from sim.answer.row import Config, Row, RowKey, joint_rows_of, rows_of
from sim.stats.differences import (
    Means,
    effective_pairs,
    independent_difference,
    independent_proportions,
    paired_proportions,
    variance_reduction,
)
from sim.stats.intervals import clustered_wilson

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

MORE, LESS = "more likely", "less likely"
HIGHER, LOWER = "higher", "lower"

Described = Annotated[
    Row,
    Told(("target", "definition", "group", "label_zh", "label_en", "comparator", "goal", "unit",
          "kind", "counts")),
]  # fmt: skip
ShareChange = Annotated[float, Unit("difference of shares")]
Pairs = Annotated[int, Unit("pairs of replications")]
Times = Annotated[float, Unit("times")]


@dataclass(frozen=True)
class Estimate:
    """A number with its 95 % interval."""

    value: float
    low: float
    high: float

    @property
    def limits(self) -> tuple[float, float, float]:
        """The number, and both ends of its interval."""
        return self.value, self.low, self.high

    @property
    def sure(self) -> bool:
        """Whether the interval excludes zero."""
        return self.low > 0.0 or self.high < 0.0


@dataclass(frozen=True)
class Compared:
    """One row of the answer in a scenario and in the reference.

    Differences are scenario minus reference, with 95 % intervals of the simulation error. None
    stands where something has no meaning: a row on whether all targets hold has no value, one that
    counts them no probability, and without pairs there are no discordant ones and nothing is
    reduced.

    Attributes:
        scenario, reference: names of the design points.
        paired: whether both used the same random numbers.
        dropped: replications asked for that are not used, in one or both.
        gained, lost: pairs in which the target is attained in the scenario alone, or in the
            reference alone.
        change: :data:`MORE` or :data:`LESS` where the interval of ``difference`` excludes 0.
        variance_reduction: see :func:`sim.stats.differences.variance_reduction`.
        value_difference_p05, value_difference_p95: percentiles over pairs.
        value_change: :data:`HIGHER` or :data:`LOWER` where the interval of ``value_difference``
            excludes 0.
    """

    scenario: str
    reference: str
    row: Described
    paired: bool
    replications_reference: Replications
    replications: Replications
    dropped: Replications
    probability_reference: Share | None
    probability_reference_low: Share | None
    probability_reference_high: Share | None
    probability: Share | None
    probability_low: Share | None
    probability_high: Share | None
    difference: ShareChange | None
    difference_low: ShareChange | None
    difference_high: ShareChange | None
    gained: Pairs | None
    lost: Pairs | None
    change: str
    variance_reduction: Times | None
    mean_reference: InUnits | None
    mean_reference_low: InUnits | None
    mean_reference_high: InUnits | None
    mean: InUnits | None
    mean_low: InUnits | None
    mean_high: InUnits | None
    value_difference: InUnits | None
    value_difference_low: InUnits | None
    value_difference_high: InUnits | None
    value_difference_p05: InUnits | None
    value_difference_p95: InUnits | None
    value_change: str
    value_variance_reduction: Times | None

    @property
    def chances(self) -> tuple[float, float]:
        """Probability in the reference and in the scenario."""
        assert self.probability_reference is not None, "a row that counts has no probability"
        assert self.probability is not None, "a row that counts has no probability"
        return self.probability_reference, self.probability

    @property
    def intervals(self) -> tuple[Ends, Ends]:
        """Those of the probabilities."""
        return (
            (self.probability_reference_low, self.probability_reference_high),
            (self.probability_low, self.probability_high),
        )

    @property
    def chance_change(self) -> Estimate:
        """What becomes of the probability."""
        return _estimate(self.difference, self.difference_low, self.difference_high)

    @property
    def means(self) -> tuple[Estimate, Estimate]:
        """Mean value in the reference and in the scenario."""
        return (
            _estimate(self.mean_reference, self.mean_reference_low, self.mean_reference_high),
            _estimate(self.mean, self.mean_low, self.mean_high),
        )

    @property
    def mean_change(self) -> Estimate | None:
        """What becomes of the mean value; None where there is no value."""
        if self.value_difference is None:
            return None
        return _estimate(
            self.value_difference, self.value_difference_low, self.value_difference_high
        )

    @property
    def same(self) -> bool:
        """Whether every pair of replications agrees in all that this row says."""
        mean = self.mean_change
        return (self.gained, self.lost) == (0, 0) and mean is not None and not any(mean.limits)


def _estimate(value: float | None, low: float | None, high: float | None) -> Estimate:
    assert value is not None, "it has a value"
    assert low is not None, "a value has an interval"
    assert high is not None, "a value has an interval"
    return Estimate(value, low, high)


@dataclass(frozen=True)
class Scenario:
    """A design point that is compared, as a row of scenarios.csv."""

    scenario: str
    label_zh: str
    label_en: str
    seed: int
    replications: Replications
    hash: str


@dataclass(frozen=True)
class Setting:
    """A setting that a scenario and the reference do not share, with the value of each."""

    scenario: str
    key: str
    label: str
    reference: object
    value: object


def rows_with_values(config: Config, keys: Collection[RowKey]) -> list[Row]:
    """The rows of the answer that have values, single and joint, in the order of attainment.csv.

    Args:
        config: of a run, as in its manifest.
        keys: of the rows with values: these are modelled, whatever an older configuration says.
    """
    single = [replace(row, modelled=True) for key, row in rows_of(config).items() if key in keys]
    return [*single, *joint_rows_of(config, single).values()]


class Incomparable(Exception):
    """There is too little to compare; the text is the key of the words that say why."""


@dataclass(frozen=True)
class Sample:
    """What the replications of one design point found; arrays are (replications, rows).

    Attributes:
        replications, draws: their numbers, ascending, and those of their parameter draws.
        met: 1 where a row is attained; NaN in rows that count targets.
        values: value at the deadline, or targets met; NaN in rows on whether all hold.
    """

    replications: Integers
    draws: Integers
    met: Floats
    values: Floats

    @classmethod
    def of(cls, found: Found, rows: Sequence[Row]) -> Sample:
        """Arrange what was found by the rows of the answer. Raises Incomparable without any."""
        if not rows:
            raise Incomparable("inquiry.no_target")
        none = np.full(len(found.replications), np.nan)
        columns: list[tuple[npt.NDArray[Any], npt.NDArray[Any]]] = []
        for row in rows:
            if row.counts_targets:
                columns.append((none, found.met_together(row.members).sum(axis=0)))
            elif row.joint:
                columns.append((np.asarray(found.met_together(row.members).all(axis=0)), none))
            else:
                columns.append((found.met(row.key), found.values(row.key)))
        met, values = (
            np.column_stack([pair[i] for pair in columns]).astype(np.float64) for i in (0, 1)
        )
        return cls(found.replications, found.draws, met, values)

    def at(self, positions: Integers) -> Sample:
        """The replications at ``positions`` alone."""
        return Sample(
            self.replications[positions],
            self.draws[positions],
            self.met[positions],
            self.values[positions],
        )

    def only(self, columns: npt.NDArray[np.bool_]) -> Sample:
        """Some of the rows alone."""
        return Sample(self.replications, self.draws, self.met[:, columns], self.values[:, columns])


def compare(
    names: tuple[str, str],
    samples: tuple[Sample, Sample],
    rows: Sequence[Row],
    *,
    paired: bool,
    asked: int,
) -> list[Compared]:
    """Compare a scenario with the reference, row by row.

    Args:
        names: of the reference and of the scenario.
        samples: of both, with the columns of ``rows``.
        paired: whether equal replication numbers mean equal random numbers. If so, only the
            replications of both are used, and differences are taken pair by pair.
        asked: replications that were asked for, of both or of the larger run.

    Raises:
        Incomparable: fewer than two replications, or parameter draws.
    """
    reference, other = samples
    if paired:
        _, i, j = np.intersect1d(
            reference.replications, other.replications, assume_unique=True, return_indices=True
        )
        reference, other = reference.at(i), other.at(j)
    used = len(reference.replications), len(other.replications)
    if min(used) < 2:
        raise Incomparable("compare_scenarios.few")
    if min(len(np.unique(own.draws)) for own in (reference, other)) < 2:
        raise Incomparable("compare_scenarios.few_draws")
    cells: list[dict[str, Any]] = [dict.fromkeys(_NUMBERS) for _ in rows]
    for columns, numbers in (
        (np.isfinite(other.met[0]), _chances),
        (np.isfinite(other.values[0]), _amounts),
    ):
        found = numbers(reference.only(columns), other.only(columns), paired)
        for name, column in found.items():
            for place, value in zip(np.flatnonzero(columns), column.tolist(), strict=True):
                cells[place][name] = value if value == value else None
    return [
        Compared(
            scenario=names[1],
            reference=names[0],
            row=row,
            paired=paired,
            replications_reference=used[0],
            replications=used[1],
            dropped=asked - min(used),
            change=_direction(own, "difference", LESS, MORE),
            value_change=_direction(own, "value_difference", LOWER, HIGHER),
            **own,
        )
        for row, own in zip(rows, cells, strict=True)
    ]


_NUMBERS = (
    *(f"{name}{end}"
      for name in ("probability_reference", "probability", "difference", "mean_reference", "mean",
                   "value_difference")
      for end in ("", "_low", "_high")),
    "gained", "lost", "variance_reduction", "value_difference_p05", "value_difference_p95",
    "value_variance_reduction",
)  # fmt: skip
"""Numbers of a row that may have no meaning."""


def _direction(cells: dict[str, Any], name: str, below: str, above: str) -> str:
    """What becomes of a number, if its interval excludes 0."""
    low, high = cells[f"{name}_low"], cells[f"{name}_high"]
    if low is None or high is None:
        return ""
    return below if high < 0.0 else above if low > 0.0 else ""


def _chances(reference: Sample, other: Sample, paired: bool) -> dict[str, npt.NDArray[Any]]:
    """Columns on probabilities."""
    both = [_proportions(sample) for sample in (reference, other)]
    columns: dict[str, npt.NDArray[Any]] = {}
    for name, (p, low, high) in zip(("probability_reference", "probability"), both, strict=True):
        columns |= {name: p, f"{name}_low": low, f"{name}_high": high}
    columns["difference"] = both[1][0] - both[0][0]
    if not paired:
        low, high = independent_proportions(both[1], both[0])
    else:
        differences = other.met - reference.met
        gained, lost = (differences > 0).sum(axis=0), (differences < 0).sum(axis=0)
        worth = effective_pairs(differences, other.draws)
        share = worth / len(differences)
        low, high = paired_proportions(gained * share, lost * share, worth)
        columns |= {"gained": gained, "lost": lost}
        columns["variance_reduction"] = _reduction(reference.met, other.met, other.draws)
    return columns | {"difference_low": low, "difference_high": high}


def _proportions(sample: Sample) -> tuple[Floats, Floats, Floats]:
    limits = [clustered_wilson(column > 0.0, sample.draws) for column in sample.met.T]
    low, high = np.array(limits, dtype=np.float64).reshape(-1, 2).T
    return sample.met.mean(axis=0), low, high


def _amounts(reference: Sample, other: Sample, paired: bool) -> dict[str, npt.NDArray[Any]]:
    """Columns on values."""
    here = Means.of(other.values, other.draws)
    there = Means.of(reference.values, reference.draws)
    columns: dict[str, npt.NDArray[Any]] = {"value_difference": here.mean - there.mean}
    for name, means in (("mean_reference", there), ("mean", here)):
        low, high = means.interval()
        columns |= {name: means.mean, f"{name}_low": low, f"{name}_high": high}
    if paired:
        differences = other.values - reference.values
        low, high = Means.of(differences, other.draws).interval()
        p05, p95 = np.quantile(differences, (0.05, 0.95), axis=0)
        columns |= {"value_difference_p05": p05, "value_difference_p95": p95}
        columns["value_variance_reduction"] = _reduction(
            reference.values, other.values, other.draws
        )
    else:
        low, high = independent_difference(here, there)
    return columns | {"value_difference_low": low, "value_difference_high": high}


def _reduction(reference: Floats, other: Floats, draws: Integers) -> Floats:
    return variance_reduction(*(Means.of(v, draws) for v in (other, reference, other - reference)))
