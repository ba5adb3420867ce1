"""Attainment: with what probability each target is met, when, and what held it back.

Works on the tidy tables of a run folder alone, so that a stored run can be analysed again.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.analysis.held_back import StageSums, leading_stage
from sim.analysis.intervals import clustered_wilson, intraclass_correlation
from sim.analysis.promise import promise
from sim.analysis.rows import Findings, RowKey, deciding_rows, described, rows_of
from sim.config.schema import Plan

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, object]

COLUMNS = (
    "scenario", "target", "definition", "group", "label_zh", "label_en", "comparator", "goal",
    "unit", "kind", "modelled", "replications", "probability", "probability_low",
    "probability_high", "mean", "p05", "p50", "p95", "shortfall_mean", "promise_p80",
    "first_attained_p50", "held_back_by", "parameter_share",
)  # fmt: skip


def median_date(days: npt.NDArray[np.float64], start: dt.date) -> str:
    """ISO date by which half of the replications had attained; empty if fewer ever do.

    ``days`` are day numbers from ``start``, NaN for never. This is the median with never =
    infinity. Of an even number the lower of the two middle days is taken, not their mean: it is a
    day on which some replication did attain, and by it half of them had.
    """
    ordered = np.sort(np.where(np.isnan(days), np.inf, days))
    middle = ordered[(len(ordered) - 1) // 2]
    return "" if math.isinf(middle) else (start + dt.timedelta(days=int(middle))).isoformat()


def attainment(
    found: Findings,
    sums: StageSums,
    plan: Plan,
    definitions: Mapping[str, str | bool],
    scenario: str,
) -> pd.DataFrame:
    """The table of attainment.csv.

    Args:
        found: what targets.parquet holds; sums: those of delays.parquet, see
            :func:`sim.analysis.held_back.stage_sums`.
        plan: the plan that was run; definitions: its switches; scenario: its name.

    Returns:
        one row per target and reading in the plan's order, then the joint rows.
    """
    import pandas as pd

    analysis = _Analysis(found, sums, plan, definitions, scenario)
    return pd.DataFrame([*analysis.target_rows(), *analysis.joint_rows()], columns=list(COLUMNS))


class _Analysis:
    def __init__(
        self,
        found: Findings,
        sums: StageSums,
        plan: Plan,
        definitions: Mapping[str, str | bool],
        scenario: str,
    ) -> None:
        self._found = found
        self._sums = sums
        self._plan = plan
        self._definitions = definitions
        self._scenario = scenario

    def target_rows(self) -> list[Row]:
        """Rows of the single targets, both readings where there are two.

        A target that is not modelled has its rows without numbers: listed, never faked.
        """
        return [
            self._target_row(row)
            if self._plan.targets[row[0]].modelled
            else self._frame_of_row(row)
            for row in rows_of(self._plan, self._definitions)
        ]

    def _frame_of_row(self, row: RowKey) -> Row:
        return {"scenario": self._scenario, **described(self._plan, row)}

    def _target_row(self, key: RowKey) -> Row:
        target = self._plan.targets[key[0]]
        values, met = self._found.values(key), self._found.met(key)
        row = self._frame_of_row(key) | self._probability(met) | _percentiles(values)
        short = np.where(met, 0.0, np.abs(target.goal - values))
        row["shortfall_mean"] = float(short.mean())
        row["promise_p80"] = promise(values, target.comparator)
        row["first_attained_p50"] = median_date(self._found.first_days(key), self._plan.start)
        row["held_back_by"] = leading_stage(self._sums.units(key))
        return row

    def _probability(self, met: npt.NDArray[np.bool_]) -> Row:
        share = intraclass_correlation(met.astype(np.float64), self._found.draws)
        low, high = clustered_wilson(met, self._found.draws)
        return {
            "replications": len(met),
            "probability": float(met.mean()),
            "probability_low": low,
            "probability_high": high,
            "parameter_share": None if math.isnan(share) else share,
        }

    def joint_rows(self) -> list[Row]:
        """Rows about several targets at once: whether all are met, and how many.

        For all groups together and for every group with a target that decides; without any such
        target there is none.
        """
        judged = deciding_rows(self._plan, self._definitions)
        if not judged:
            return []
        groups = [group for group in self._plan.groups if group in judged.values()]
        return [
            self._joint_row(key, group, [r for r, own in judged.items() if group in (None, own)])
            for key in ("all", "met_count")
            for group in (None, *groups)
        ]

    def _joint_row(self, key: str, group: str | None, judged: list[RowKey]) -> Row:
        together = self._found.met_together(judged)
        label = self._plan.joint_labels.all if key == "all" else self._plan.joint_labels.met_count
        suffix = self._plan.groups[group].name if group is not None else None
        row: Row = {
            "scenario": self._scenario,
            "target": key if group is None else f"{key}:{group}",
            "definition": "",
            "group": group or "",
            "label_zh": label.zh if suffix is None else f"{label.zh}：{suffix.zh}",
            "label_en": label.en if suffix is None else f"{label.en}: {suffix.en}",
            "kind": "plan",
            "modelled": True,
            "replications": together.shape[1],
            "goal": float(len(judged)),
            "unit": "targets",
        }
        if key == "all":
            return row | self._probability(np.logical_and.reduce(together, axis=0))
        return row | _percentiles(together.sum(axis=0).astype(np.float64))


def _percentiles(values: npt.NDArray[np.float64]) -> Row:
    p05, p50, p95 = np.quantile(values, (0.05, 0.5, 0.95)).tolist()
    return {"mean": float(values.mean()), "p05": p05, "p50": p50, "p95": p95}
