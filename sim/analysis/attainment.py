"""Attainment: with what probability each target is met, when, and what held it back.

Works on the tidy tables of a run folder alone, so that a stored run can be analysed again.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.analysis.intervals import design_effect, intraclass_correlation, wilson
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

PROMISED_SHARE = 5  # a promise is kept in at least 1 - 1/5 of the replications
STAGE_ORDER = (
    "unproposed:not_yet_allowed", "unproposed:pace", "unproposed:money_in_sight",
    "review", "money", "crew", "building", "staff", "calendar",
)  # fmt: skip
"""Order in which ties of "what held it back" go to the earlier stage; unmet:* come last."""


def promise(values: npt.NDArray[np.float64], comparator: str) -> float:
    """The most demanding observed value that at least 80 % of the replications reach.

    Rank floor(n / 5) + 1 counted from the undemanding end: ascending for ``>=`` and ``>``,
    descending for ``<``.
    """
    ordered = np.sort(values)
    if comparator == "<":
        ordered = ordered[::-1]
    return float(ordered[len(ordered) // PROMISED_SHARE])


def median_date(days: npt.NDArray[np.float64], start: dt.date) -> str:
    """ISO date by which half of the replications had attained; empty if fewer ever do.

    ``days`` are day numbers from ``start``, NaN for never.
    """
    ordered = np.sort(np.where(np.isnan(days), np.inf, days))
    middle = ordered[(len(ordered) - 1) // 2]
    return "" if math.isinf(middle) else (start + dt.timedelta(days=int(middle))).isoformat()


def held_back_by(missing: pd.DataFrame) -> str:
    """The stage with the most missing units; ties go to the earlier stage; empty if none."""
    counts = missing.groupby("stage", observed=True)["missing"].sum()
    counts = counts[counts > 0]
    if counts.empty:
        return ""

    def rank(stage: str) -> tuple[int, int, str]:
        place = STAGE_ORDER.index(stage) if stage in STAGE_ORDER else len(STAGE_ORDER)
        return -int(counts[stage]), place, stage

    return min((str(stage) for stage in counts.index), key=rank)


def attainment(
    targets: pd.DataFrame,
    delays: pd.DataFrame,
    plan: Plan,
    definitions: dict[str, str | bool],
    scenario: str,
) -> pd.DataFrame:
    """The table of attainment.csv.

    Args:
        targets: columns draw, replication, target, definition, value, attained,
            first_attained_day (targets.parquet).
        delays: columns replication, programme, stage, missing (delays.parquet).
        plan: the plan that was run; definitions: its switches; scenario: its name.

    Returns:
        one row per target and reading in the plan's order, then the joint rows.
    """
    import pandas as pd

    if "replication" in delays:
        # Districts do not matter here: most rows merge.
        keys = ["replication", "programme", "stage"]
        delays = delays.groupby(keys, observed=True)["missing"].sum().reset_index()
        delays = delays[delays["missing"] > 0]
    analysis = _Analysis(targets, delays, plan, definitions, scenario)
    return pd.DataFrame([*analysis.target_rows(), *analysis.joint_rows()], columns=list(COLUMNS))


class _Analysis:
    def __init__(
        self,
        targets: pd.DataFrame,
        delays: pd.DataFrame,
        plan: Plan,
        definitions: dict[str, str | bool],
        scenario: str,
    ) -> None:
        self._plan = plan
        self._definitions = definitions
        self._scenario = scenario
        keyed = targets.astype({"target": str, "definition": str})
        self._values = {
            (str(t), str(d)): frame for (t, d), frame in keyed.groupby(["target", "definition"])
        }
        self._missing = {
            str(name): frame for name, frame in delays.groupby("programme", observed=True)
        }
        self._programmes: dict[str, list[str]] = {}
        for name, programme in plan.programmes.items():
            self._programmes.setdefault(programme.target, []).append(name)
        first = targets.drop_duplicates("replication").sort_values("replication")
        self._replications = first["replication"].to_numpy()
        self._draws = first["draw"].to_numpy().astype(np.int64)
        self._counted: list[tuple[str, npt.NDArray[np.bool_]]] = []

    def target_rows(self) -> list[Row]:
        """Rows of the single targets, both readings where there are two."""
        rows = []
        for name, target in self._plan.targets.items():
            readings: dict[str, bool] = {"": True}
            if target.definition is not None:
                readings = {
                    reading: meaning.switch == self._definitions[target.definition]
                    for reading, meaning in self._plan.definitions[
                        target.definition
                    ].readings.items()
                }
            if not target.modelled:
                # One row for each reading, without numbers: listed, never faked.
                rows += [self._frame_of_row(name, reading) for reading in readings]
                continue
            rows += [
                self._target_row(name, reading, counts) for reading, counts in readings.items()
            ]
        return rows

    def _frame_of_row(self, name: str, reading: str) -> Row:
        target = self._plan.targets[name]
        return {
            "scenario": self._scenario,
            "target": name,
            "definition": reading,
            "group": target.group,
            "label_zh": target.name.zh,
            "label_en": target.name.en,
            "comparator": target.comparator,
            "goal": target.goal,
            "unit": target.unit.en,
            "kind": target.kind,
            "modelled": target.modelled,
        }

    def _target_row(self, name: str, reading: str, counts: bool) -> Row:
        target = self._plan.targets[name]
        frame = self._values[name, reading].sort_values("replication")
        values = frame["value"].to_numpy(dtype=np.float64)
        met = frame["attained"].to_numpy(dtype=bool)
        if counts and target.kind == "plan":
            self._counted.append((target.group, met))
        row = self._frame_of_row(name, reading)
        row |= self._probability(met) | _percentiles(values)
        short = np.where(met, 0.0, np.abs(target.goal - values))
        row["shortfall_mean"] = float(short.mean())
        row["promise_p80"] = promise(values, target.comparator)
        days = frame["first_attained_day"].to_numpy(dtype=np.float64, na_value=np.nan)
        row["first_attained_p50"] = median_date(days, self._plan.start)
        row["held_back_by"] = self._held_back_by(name, reading, counts, met)
        return row

    def _probability(self, met: npt.NDArray[np.bool_]) -> Row:
        n = len(met)
        share = intraclass_correlation(met.astype(np.float64), self._draws)
        effective = n / design_effect(share, self._draws)
        probability = float(met.mean())
        low, high = wilson(probability * effective, effective)
        return {
            "replications": n,
            "probability": probability,
            "probability_low": low,
            "probability_high": high,
            "parameter_share": None if math.isnan(share) else share,
        }

    def _held_back_by(
        self, name: str, reading: str, counts: bool, met: npt.NDArray[np.bool_]
    ) -> str:
        import pandas as pd

        # The reading that does not count has rows of its own where causes differ by reading.
        other = f"{name}:{reading}"
        names = [name, *self._programmes.get(name, [])]
        if not counts and other in self._missing:
            names = [other]
        names = list(dict.fromkeys(names))
        frames = [self._missing[n] for n in names if n in self._missing]
        if not frames or met.all():
            return ""
        missed = self._replications[~met]
        relevant = pd.concat(frames)
        return held_back_by(relevant[relevant["replication"].isin(missed)])

    def joint_rows(self) -> list[Row]:
        """Rows about several targets at once: all of them, and how many; call after target_rows."""
        groups = [g for g in self._plan.groups if any(group == g for group, _ in self._counted)]
        rows = []
        for key in ("all", "met_count"):
            rows += [self._joint_row(key, group) for group in (None, *groups)]
        return [row for row in rows if row]

    def _joint_row(self, key: str, group: str | None) -> Row:
        met = [values for own, values in self._counted if group in (None, own)]
        if not met:
            return {}
        together = np.stack(met)
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
            "goal": float(len(met)),
            "unit": "targets",
        }
        if key == "all":
            return row | self._probability(np.logical_and.reduce(together, axis=0))
        return row | _percentiles(together.sum(axis=0).astype(np.float64))


def _percentiles(values: npt.NDArray[np.float64]) -> Row:
    p05, p50, p95 = np.quantile(values, (0.05, 0.5, 0.95)).tolist()
    return {"mean": float(values.mean()), "p05": p05, "p50": p50, "p95": p95}
