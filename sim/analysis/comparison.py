"""One scenario against another: what happens to every row of the answer.

Works on the frames of targets.parquet alone, so that runs can be compared which another version of
the code has written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.analysis.answer_rows import AnswerRow
from sim.analysis.differences import (
    Means,
    effective_pairs,
    independent_difference,
    independent_proportions,
    paired_proportions,
    variance_reduction,
)
from sim.analysis.intervals import clustered_wilson

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

COLUMNS = (
    "scenario", "reference", "target", "definition", "group", "label_zh", "label_en", "comparator",
    "goal", "unit", "kind", "counts", "paired", "replications_reference", "replications", "dropped",
    "probability_reference", "probability_reference_low", "probability_reference_high",
    "probability", "probability_low", "probability_high",
    "difference", "difference_low", "difference_high", "gained", "lost", "change",
    "variance_reduction",
    "mean_reference", "mean_reference_low", "mean_reference_high", "mean", "mean_low", "mean_high",
    "value_difference", "value_difference_low", "value_difference_high",
    "value_difference_p05", "value_difference_p95", "value_change", "value_variance_reduction",
)  # fmt: skip


@dataclass(frozen=True)
class Sample:
    """What the replications of one scenario found; arrays are (replications, rows).

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
    def of(cls, targets: pd.DataFrame, rows: Sequence[AnswerRow]) -> Sample:
        """Arrange the frame of targets.parquet by the rows of the answer."""
        keys, codes = _row_codes(targets)
        numbers, at = np.unique(targets["replication"].to_numpy(np.int64), return_inverse=True)
        values = np.full((len(numbers), len(keys)), np.nan)
        met = np.zeros((len(numbers), len(keys)))
        values[at, codes] = targets["value"].to_numpy(np.float64)
        met[at, codes] = targets["attained"].to_numpy(np.float64)
        draws = np.zeros(len(numbers), dtype=np.int64)
        draws[at] = targets["draw"].to_numpy(np.int64)
        place = {key: i for i, key in enumerate(keys)}
        none = np.full(len(numbers), np.nan)
        columns: list[tuple[Floats, Floats]] = []
        for row in rows:
            own = met[:, [place[key] for key in row.judged]]
            if row.counts_targets:
                columns.append((none, np.asarray(own.sum(axis=1))))
            elif row.joint:
                columns.append((np.asarray(own.min(axis=1)), none))
            else:
                columns.append((own[:, 0], values[:, place[row.judged[0]]]))
        return cls(
            numbers,
            draws,
            np.column_stack([met for met, _ in columns]),
            np.column_stack([values for _, values in columns]),
        )

    def at(self, positions: Integers) -> Sample:
        """The replications at ``positions`` alone."""
        return Sample(
            self.replications[positions],
            self.draws[positions],
            self.met[positions],
            self.values[positions],
        )


def row_keys(targets: pd.DataFrame) -> list[tuple[str, str]]:
    """Target and reading of every row that a frame of targets.parquet has values of."""
    return _row_codes(targets)[0]


def _row_codes(targets: pd.DataFrame) -> tuple[list[tuple[str, str]], Integers]:
    """The keys of a frame, and for each of its lines the position of its key."""
    names = targets["target"].astype("category").cat
    readings = targets["definition"].astype("category").cat
    width = len(readings.categories)
    together = names.codes.to_numpy(np.int64) * width + readings.codes.to_numpy(np.int64)
    found, codes = np.unique(together, return_inverse=True)
    keys = [
        (str(names.categories[code // width]), str(readings.categories[code % width]))
        for code in found.tolist()
    ]
    return keys, codes


def compare(
    reference: Sample, other: Sample, rows: Sequence[AnswerRow], *, paired: bool, asked: int
) -> pd.DataFrame:
    """The table of compare_scenarios.csv for one comparison, scenario and reference left to fill.

    Args:
        reference, other: samples with the columns of ``rows``.
        paired: whether equal replication numbers mean equal random numbers. If so, only the
            replications of both are used, and differences are taken pair by pair.
        asked: replications that were asked for, of both or of the larger run.

    Returns:
        one row per row of the answer. ``difference`` (of probabilities, within -1 and 1) and
        ``value_difference`` (in units of the target) are other minus reference, with 95 %
        intervals of the simulation error. ``gained`` and ``lost``: pairs in which the target is
        attained in the other scenario alone, or in the reference alone. ``change`` is "more
        likely" or "less likely", ``value_change`` "higher" or "lower", where the interval excludes
        0. ``dropped``: replications asked for that are not used, in one or both. Percentiles of
        the value difference are those over pairs. Empty where something has no meaning: joint
        rows ``all`` have no value, ``met_count`` no probability, and without pairs there are no
        discordant ones and nothing is reduced.

    Raises:
        ValueError: fewer than two replications, or parameter draws, to be compared.
    """
    import pandas as pd

    if paired:
        _, i, j = np.intersect1d(
            reference.replications, other.replications, assume_unique=True, return_indices=True
        )
        reference, other = reference.at(i), other.at(j)
    if min(len(reference.replications), len(other.replications)) < 2:
        raise ValueError("fewer than two replications can be compared")
    table = pd.DataFrame([{name: getattr(row, name) for name in _KEPT} for row in rows])
    table["paired"] = paired
    table["replications_reference"] = len(reference.replications)
    table["replications"] = len(other.replications)
    table["dropped"] = asked - min(len(reference.replications), len(other.replications))
    chance = np.isfinite(other.met[0])
    amount = np.isfinite(other.values[0])
    for own, part in (
        (chance, _chances(_only(reference, chance), _only(other, chance), paired)),
        (amount, _amounts(_only(reference, amount), _only(other, amount), paired)),
    ):
        for name, column in part.items():
            full = np.full(len(rows), np.nan)
            full[own] = column
            table[name] = full
    table["change"] = _excludes_zero(table, "difference", "less likely", "more likely")
    table["value_change"] = _excludes_zero(table, "value_difference", "lower", "higher")
    for count in ("gained", "lost"):
        table[count] = table[count].astype("Int64")
    return table.reindex(columns=list(COLUMNS))


_KEPT = ("target", "definition", "group", "label_zh", "label_en", "comparator", "goal", "unit",
         "kind", "counts")  # fmt: skip


def _only(sample: Sample, columns: npt.NDArray[np.bool_]) -> Sample:
    return Sample(
        sample.replications, sample.draws, sample.met[:, columns], sample.values[:, columns]
    )


def _excludes_zero(table: pd.DataFrame, name: str, below: str, above: str) -> list[str]:
    limits = zip(table[f"{name}_low"], table[f"{name}_high"], strict=True)
    return [below if high < 0.0 else above if low > 0.0 else "" for low, high in limits]


def _chances(reference: Sample, other: Sample, paired: bool) -> dict[str, Floats]:
    """Columns on probabilities."""
    both = [_proportions(sample) for sample in (reference, other)]
    columns: dict[str, Floats] = {}
    for name, (p, low, high) in zip(("probability_reference", "probability"), both, strict=True):
        columns |= {name: p, f"{name}_low": low, f"{name}_high": high}
    columns["difference"] = both[1][0] - both[0][0]
    if not paired:
        low, high = independent_proportions(both[1], both[0])
        none = np.full(len(low), np.nan)
        columns |= {"gained": none, "lost": none, "variance_reduction": none}
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


def _amounts(reference: Sample, other: Sample, paired: bool) -> dict[str, Floats]:
    """Columns on values."""
    here = Means.of(other.values, other.draws)
    there = Means.of(reference.values, reference.draws)
    columns: dict[str, Floats] = {}
    for name, means in (("mean_reference", there), ("mean", here)):
        low, high = means.interval()
        columns |= {name: means.mean, f"{name}_low": low, f"{name}_high": high}
    none = np.full(len(here.mean), np.nan)
    if paired:
        differences = other.values - reference.values
        low, high = Means.of(differences, other.draws).interval()
        p05, p95 = np.quantile(differences, (0.05, 0.95), axis=0)
        reduction = _reduction(reference.values, other.values, other.draws)
    else:
        low, high = independent_difference(here, there)
        p05, p95, reduction = none, none, none
    return columns | {
        "value_difference": here.mean - there.mean,
        "value_difference_low": low,
        "value_difference_high": high,
        "value_difference_p05": p05,
        "value_difference_p95": p95,
        "value_variance_reduction": reduction,
    }


def _reduction(reference: Floats, other: Floats, draws: Integers) -> Floats:
    return variance_reduction(*(Means.of(v, draws) for v in (other, reference, other - reference)))
