"""A sweep of one lever or two: chances at every setting, gains from step to step, who responds.

All replications are paired by common random numbers. Settings of the first lever are the axis;
curves and steps are taken along it, for every setting of the second lever on its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.analysis.monotone import monotone_fit, reached_at
from sim.analysis.paired_gain import gain_of_chance, gain_of_count, holm, no_response
from sim.analysis.rows import deciding_rows, rows_of
from sim.answer.finding import cells_of, columns_of
from sim.answer.found import FrameFound
from sim.answer.row import RowKey
from sim.answer.run.attainment import Attainment, attainments
from sim.answer.run.held_back import stage_sums
from sim.config.lever import MONEY
from sim.config.schema import Plan

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

NOTABLE = 0.05
"""Least change of a fitted chance, or of a mean count, that is called a response."""

LEVEL = 0.05
"""Probability of calling anything a response although nothing responds."""

MOST = 0.9
"""Share of the whole change after which returns count as flat."""

MILLION = 1e6

LABELS = ("target", "definition", "group", "label_zh", "label_en")
SWEEP_COLUMNS = (
    "key", "setting", "second_key", "second_setting", "base", *LABELS, "kind", "counts",
    "replications", "probability", "probability_low", "probability_high", "mean", "p05", "p50",
    "p95", "fitted", "direction",
)  # fmt: skip
GAIN_COLUMNS = (
    "key", "from_setting", "to_setting", "second_key", "second_setting", *LABELS, "pairs",
    "gained", "lost", "gain", "gain_low", "gain_high", "gain_per_million",
)  # fmt: skip
RESPONSE_COLUMNS = (
    *LABELS, "kind", "counts", "lowest", "highest", "direction", "p_value", "p_adjusted",
    "responds", "most_reached_at", "shown",
)  # fmt: skip


@dataclass(frozen=True)
class Point:
    """One point of the sweep with the frame of its targets.parquet.

    ``second`` is NaN without a second lever; ``base``: whether it is the run that the study starts
    from.
    """

    setting: float
    second: float
    base: bool
    targets: pd.DataFrame


class Sweep:
    """The points of a sweep, and its three tables.

    Args:
        key, second_key: the levers; the second is empty where there is one.
        points: in ascending order of the second lever's setting, then of the first's.
        plan: the plan that was run; definitions: its switches, which say which readings count.
    """

    def __init__(
        self,
        key: str,
        second_key: str,
        points: Sequence[Point],
        plan: Plan,
        definitions: Mapping[str, str | bool],
    ) -> None:
        self._key = key
        self._second_key = second_key
        self._points = points
        self._plan = plan
        self._definitions = definitions
        self._shared, self._draws, self._outcomes = self._paired()

    # ------------------------------------------------------------------ chances

    def table(self) -> pd.DataFrame:
        """budget_sweep.csv: a row for every point and row of the answer, joint rows included.

        Columns of :data:`SWEEP_COLUMNS`: ``setting`` in the unit of the key; ``base`` marks the run
        that the study starts from; ``counts`` whether the reading enters joint rows;
        ``probability`` with its 95 % Wilson interval (empty for counts of targets); ``mean`` and
        percentiles of the value at the deadline in the target's unit (empty for ``all``);
        ``fitted`` and ``direction`` from :func:`~sim.analysis.monotone.monotone_fit` through the
        probabilities, or through the means where targets are counted.
        """
        import pandas as pd

        counts = rows_of(self._plan, self._definitions)
        frames = []
        config = {"plan": self._plan.model_dump(mode="json"), "definitions": self._definitions}
        for point in self._points:
            found = FrameFound(point.targets)
            none = stage_sums((), found, config)
            rows = cells_of(Attainment, attainments(found, none, config, ""))
            frame = pd.DataFrame(rows, columns=[*columns_of(Attainment)])
            frames.append(
                frame[frame["modelled"].astype(bool)].assign(
                    key=self._key,
                    setting=point.setting,
                    second_key=self._second_key,
                    second_setting=point.second,
                    base=point.base,
                )
            )
        table = pd.concat(frames, ignore_index=True)
        keys = zip(table["target"], table["definition"], strict=True)
        table["counts"] = [counts.get(key, True) for key in keys]
        numbers = [
            "probability", "probability_low", "probability_high", "mean", "p05", "p50", "p95",
        ]  # fmt: skip
        table[numbers] = table[numbers].astype(np.float64)
        table["fitted"], table["direction"] = np.nan, ""
        for _, curve in table.groupby(["second_setting", "target", "definition"], dropna=False):
            counted = curve["probability"].isna().to_numpy()
            height = np.where(counted, curve["mean"], curve["probability"]).astype(np.float64)
            weights = curve["replications"].to_numpy(dtype=np.float64)
            fit, direction = monotone_fit(height, weights)
            table.loc[curve.index, "fitted"] = fit
            table.loc[curve.index, "direction"] = direction
        return table[list(SWEEP_COLUMNS)]

    # ------------------------------------------------------------------ steps

    def gains(self, table: pd.DataFrame) -> pd.DataFrame:
        """gains.csv: what every step between neighbouring settings adds, pair by pair.

        Columns of :data:`GAIN_COLUMNS`: ``gained`` and ``lost`` are shares of the pairs; ``gain``
        is the change of the probability (of the mean where targets are counted) with a 95 %
        interval, simulation error only; ``gain_per_million`` is the gain for every million yuan,
        empty where the key is not an amount of money.
        """
        import pandas as pd

        labels = table.drop_duplicates(["target", "definition"])[list(LABELS)]
        rows = []
        for before, after in self._steps():
            first, last = self._points[before], self._points[after]
            step = (self._key, first.setting, last.setting, self._second_key, first.second)
            million = (last.setting - first.setting) / MILLION
            for label in labels.itertuples(index=False, name=None):
                outcome = self._outcomes[label[0], label[1]]
                estimate = gain_of_count if _counted(label[0]) else gain_of_chance
                gain = estimate(outcome[before], outcome[after], self._draws)
                rate = gain.mean / million if self._key in MONEY else None
                rows.append((*step, *label, *astuple(gain), rate))
        return pd.DataFrame(rows, columns=list(GAIN_COLUMNS))

    def _steps(self) -> Iterator[tuple[int, int]]:
        """Numbers of the points that are neighbours along the first lever."""
        for i in range(len(self._points) - 1):
            here, there = self._points[i].second, self._points[i + 1].second
            if here == there or (np.isnan(here) and np.isnan(there)):
                yield i, i + 1

    # ------------------------------------------------------------------ who responds

    def responses(self, table: pd.DataFrame, shown: Collection[RowKey]) -> pd.DataFrame:
        """responses.csv: what the whole sweep does to every row of the answer.

        Columns of :data:`RESPONSE_COLUMNS`: ``lowest`` and ``highest`` of the fitted values;
        ``direction`` (``mixed`` where the settings of the second lever differ in it); ``p_value``
        of :func:`~sim.analysis.paired_gain.no_response` over all points, ``p_adjusted`` for all
        rows together by Holm's method; ``responds``: adjusted below :data:`LEVEL` and a change
        of at least :data:`NOTABLE`; ``most_reached_at``: the first setting at which :data:`MOST` of
        the change is reached, empty without a change and with a second lever; ``shown``: whether
        the row is one of those that tables and charts are asked to show.
        """
        import pandas as pd

        curves = {
            (str(target), str(definition)): curve
            for (target, definition), curve in table.groupby(["target", "definition"], sort=False)
        }
        p_values = [no_response(self._outcomes[key], self._draws) for key in curves]
        rows = []
        for (row, curve), p, adjusted in zip(curves.items(), p_values, holm(p_values), strict=True):
            fitted = curve["fitted"].to_numpy(dtype=np.float64)
            low, high = float(fitted.min()), float(fitted.max())
            directions = set(curve["direction"]) - {"flat"}
            direction = "flat" if not directions else directions.pop()
            reached = None
            if not self._second_key:
                reached = reached_at(curve["setting"].to_numpy(), fitted, MOST)
            first = curve.iloc[0]
            rows.append(
                (
                    *(first[name] for name in (*LABELS, "kind", "counts")),
                    low, high, "mixed" if directions else direction, p, adjusted,
                    adjusted < LEVEL and high - low >= NOTABLE, reached, row in shown,
                )
            )  # fmt: skip
        return pd.DataFrame(rows, columns=list(RESPONSE_COLUMNS))

    # ------------------------------------------------------------------ pairs

    def _paired(self) -> tuple[Integers, Integers, dict[RowKey, Floats]]:
        """Replications that finished at every point, their draws, and outcomes by row.

        An outcome is an array (points, replications): 1 where the row holds, or targets met.
        """
        judged = deciding_rows(self._plan, self._definitions)
        groups = ["", *dict.fromkeys(judged.values())] if judged else []
        found = [FrameFound(point.targets) for point in self._points]
        shared = found[0].replications
        for each in found[1:]:
            shared = np.intersect1d(shared, each.replications)
        outcomes: dict[RowKey, list[Floats]] = {}
        for each in found:
            kept = np.isin(each.replications, shared)
            for row in rows_of(self._plan, self._definitions):
                if self._plan.targets[row[0]].modelled:
                    outcomes.setdefault(row, []).append(each.met(row)[kept].astype(np.float64))
            for group in groups:
                rows = [row for row, own in judged.items() if group in ("", own)]
                met = each.met_together(rows)[:, kept].astype(np.float64)
                tail = f":{group}" if group else ""
                outcomes.setdefault((f"all{tail}", ""), []).append(met.min(axis=0))
                outcomes.setdefault((f"met_count{tail}", ""), []).append(met.sum(axis=0))
        draws = found[0].draws[np.isin(found[0].replications, shared)]
        return shared, draws, {row: np.stack(arrays) for row, arrays in outcomes.items()}

    @property
    def pairs(self) -> int:
        """Replications that finished at every point."""
        return len(self._shared)


def _counted(target: str) -> bool:
    """Whether a row of the answer counts targets."""
    return target.partition(":")[0] == "met_count"
