"""What held the missed targets back: missing units, days lost, and where projects stand.

Only the replications that miss a target speak of it. Three questions are kept apart, because their
answers are counted in different things and are never added up: which reason stands behind most
missing units, which stage cost the target's projects most days, and in which stage most of its
unfinished projects stand at the deadline.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.analysis.rows import Found, RowKey, rows_of
from sim.config.schema import Plan

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "scenario", "target", "definition", "label_zh", "label_en", "missed", "units_stage",
    "units_mean", "days_stage", "days_mean", "standing_stage", "standing_mean",
)  # fmt: skip

COUNTS = ("missing", "excess_days", "standing")
"""Columns of the delay ledger that are asked: units, days of waiting and of building beyond the
critical path, unfinished projects."""

STAGE_ORDER = (
    "unproposed:not_yet_allowed", "unproposed:no_round", "unproposed:pace",
    "unproposed:money_in_sight", "review", "money", "crew", "building", "staff", "calendar",
)  # fmt: skip
"""Order in which ties of "what held it back" go to the earlier stage; unmet:* come last."""


def leading_stage(rows: pd.DataFrame, count: str) -> str:
    """The stage with the largest sum of ``count``; ties go to the earlier stage; empty if none.

    ``rows``: columns stage and ``count``.
    """
    if rows.empty:
        return ""
    sums = rows.groupby("stage", observed=True)[count].sum()
    sums = sums[sums > 0]

    def rank(stage: str) -> tuple[int, int, str]:
        place = STAGE_ORDER.index(stage) if stage in STAGE_ORDER else len(STAGE_ORDER)
        return -int(sums[stage]), place, stage

    return min((str(stage) for stage in sums.index), key=rank, default="")


class DelayLedger:
    """The delay ledger by target, districts added up.

    Args:
        delays: columns replication, programme, stage and those of ``COUNTS`` that are asked for
            (delays.parquet).
        plan: says which programmes deliver a target.
    """

    def __init__(self, delays: pd.DataFrame, plan: Plan) -> None:
        keys = ["replication", "programme", "stage"]
        counts = [name for name in COUNTS if name in delays]
        sums = delays.groupby(keys, observed=True)[counts].sum()
        sums = sums[(sums > 0).any(axis=1)].reset_index()
        self._empty = sums.iloc[:0]
        self._rows = {str(name): frame for name, frame in sums.groupby("programme", observed=True)}
        self._names: dict[str, list[str]] = {name: [name] for name in plan.targets}
        for name, programme in plan.programmes.items():
            if name != programme.target:
                self._names[programme.target].append(name)

    def units(self, row: RowKey, counts: bool, replications: npt.NDArray[np.int64]) -> pd.DataFrame:
        """Rows on the missing units of a target under a reading, in ``replications`` alone.

        ``counts``: whether the reading does. One that does not has rows of its own in replications
        in which its causes differ.
        """
        import pandas as pd

        if counts:
            return self.projects(row[0], replications)
        own = self._of([":".join(row)], replications)
        rest = np.setdiff1d(replications, own["replication"])
        return pd.concat([own, self.projects(row[0], rest)])

    def projects(self, target: str, replications: npt.NDArray[np.int64]) -> pd.DataFrame:
        """Rows on the projects that deliver a target: they are the same under every reading."""
        return self._of(self._names[target], replications)

    def _of(self, names: list[str], replications: npt.NDArray[np.int64]) -> pd.DataFrame:
        import pandas as pd

        if not self._rows:
            return self._empty
        rows = pd.concat([self._rows.get(name, self._empty) for name in names])
        return rows[rows["replication"].isin(replications)]


def held_back(
    targets: pd.DataFrame,
    delays: pd.DataFrame,
    plan: Plan,
    definitions: Mapping[str, str | bool],
    scenario: str,
) -> pd.DataFrame:
    """The table of held_back.csv.

    Args:
        targets: columns draw, replication, target, definition, value, attained,
            first_attained_day (targets.parquet).
        delays: columns replication, programme, stage, missing, excess_days, standing
            (delays.parquet).
        plan: the plan that was run; definitions: its switches; scenario: its name.

    Returns:
        one row per modelled target and reading that at least one replication misses, in the plan's
        order. ``missed`` is the share of replications that miss it. A stage is the one with the
        largest count, empty if there is none, and its mean is per replication that misses the
        target: missing units (``units_stage`` is ``held_back_by`` of attainment.csv), days lost by
        all projects together, and unfinished projects.
    """
    import pandas as pd

    found, ledger = Found(targets), DelayLedger(delays, plan)
    table = []
    for row, counts in rows_of(plan, definitions).items():
        target = plan.targets[row[0]]
        if not target.modelled:
            continue
        met = found.met(row)
        if met.all():
            continue
        missed = found.replications[~met]
        projects = ledger.projects(row[0], missed)
        leaders = (
            _leader(ledger.units(row, counts, missed), "missing", len(missed)),
            _leader(projects, "excess_days", len(missed)),
            _leader(projects, "standing", len(missed)),
        )
        label, share = target.name, len(missed) / len(met)
        table.append((scenario, *row, label.zh, label.en, share, *chain(*leaders)))
    return pd.DataFrame(table, columns=list(COLUMNS))


def _leader(rows: pd.DataFrame, count: str, replications: int) -> tuple[str, float | None]:
    """The leading stage and its mean count per replication."""
    stage = leading_stage(rows, count)
    if not stage:
        return "", None
    return stage, float(rows.loc[rows["stage"] == stage, count].sum()) / replications
