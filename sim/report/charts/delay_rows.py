"""What the chart of delays shows, row by row: project time by stage, missing units by reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.answer.found import row_groups
from sim.report.charts.stages import OTHER, USUAL
from sim.report.held_back import missing_unit
from sim.report.numbers import amount_text
from sim.report.results import Label, Manifest, target_rows
from sim.report.words import STAGES, Tongue

if TYPE_CHECKING:
    import pandas as pd

SAFE = 0.95  # a target with this chance or more is as good as met
SMALL = 0.08  # reasons below this share are put together
_NEGLIGIBLE = 0.05  # missing units that would be written as 0.0


@dataclass(frozen=True)
class DelayRow:
    """One programme, or one target that is not built as projects; means per replication.

    ``days``: days lost by stage, and at the end, under :data:`~sim.report.charts.stages.USUAL`, the
    building time that the projects take anyway; ``missing``: units missing at the deadline by
    stage or reason, empty where next to nothing is; ``chance``: probability of the target, NaN if
    not modelled; ``counted_below``: what is missing are titles, which stand in the row of the
    target.
    """

    label: Label
    days: Mapping[str, float]
    missing: Mapping[str, float]
    unit: Label
    chance: float
    counted_below: bool = False

    @property
    def lost(self) -> dict[str, float]:
        """Days lost by stage: all waiting, and building beyond its usual time."""
        return {stage: days for stage, days in self.days.items() if stage != USUAL}

    def amount(self, tongue: Tongue) -> str:
        """Write how many units are missing, with their unit."""
        gap = "" if tongue == "zh" else " "
        return f"{amount_text(sum(self.missing.values()), tongue)}{gap}{self.unit[tongue]}"


@dataclass(frozen=True)
class DelayRows:
    """The rows of the chart.

    ``projects``: programmes, those that lost most days first; ``others``: targets that are not
    built as projects, in the order of the table; ``safe``: names of such targets that have no row,
    because they are as good as met.
    """

    projects: list[DelayRow]
    others: list[DelayRow]
    safe: list[Label]


def delay_sums(path: Path) -> pd.DataFrame:
    """Return the sums of a delays.parquet over replications and places.

    Result: columns programme, stage, project_days, excess_days, missing.
    """
    import pandas as pd

    keys, counts = ["programme", "stage"], ["project_days", "excess_days", "missing"]
    parts = [pd.DataFrame(columns=keys + counts)]
    for group in row_groups(path, keys + counts):
        sums = group.group_by(keys).aggregate([(count, "sum") for count in counts])
        parts.append(sums.rename_columns([*keys, *counts]).to_pandas())
    types = {**dict.fromkeys(keys, str), **dict.fromkeys(counts, int)}
    return pd.concat(parts).astype(types).groupby(keys, as_index=False).sum()


def mean_delays(delays: pd.DataFrame, replications: int) -> pd.DataFrame:
    """Return project days, days lost and missing units by programme and stage, means.

    Missing units of one programme or target are in one unit; they are never added to others'.

    ``delays``: columns of ``delays.parquet``; ``replications``: how many finished. A replication
    without a row counts as zero. Result: index (programme, stage), columns project_days,
    excess_days, missing.
    Raise KeyError for a stage without a word.
    """
    # ``target:reading`` rows belong to the reading that does not count; the chart shows the other.
    delays = delays[~delays["programme"].astype(str).str.contains(":")]
    keys = [delays["programme"].astype(str), delays["stage"].astype(str)]
    sums = delays[["project_days", "excess_days", "missing"]].groupby(keys).sum()
    unknown = set(sums.index.get_level_values("stage")) - set(STAGES)
    if unknown:
        raise KeyError(f"stages without a word in sim/report/stage_words.py: {sorted(unknown)}")
    return sums / replications


def delay_rows(means: pd.DataFrame, attainment: pd.DataFrame, manifest: Manifest) -> DelayRows:
    """Return what the chart shows of the result of :func:`mean_delays`.

    A target that is as good as met, or misses next to nothing, has no row; a programme of such a
    target has one without missing units. What a programme of hosts is short of are titles: they
    stand in a row of their target.
    """
    plan = manifest["config"]["plan"]
    targets = {row.target: row for row in target_rows(attainment, manifest) if row.counts}
    projects, others, built = [], [], set()
    for name in dict.fromkeys(means.index.get_level_values("programme")):
        amounts = means.loc[name]
        programme = plan["programmes"].get(name)
        target = name if programme is None else programme["target"]
        chance = targets[target].probability
        unit = missing_unit(plan["targets"][target])
        missing = _positive(amounts["missing"])
        if chance >= SAFE or sum(missing.values()) < _NEGLIGIBLE:
            missing = {}
        titles = bool(missing) and any(stage.startswith("unmet:") for stage in amounts.index)
        if programme is not None:
            days, own = _days(amounts), {} if titles else missing
            row = DelayRow(programme["name"], days, own, unit, chance, titles)
            projects += [row] if days or own else []
            built.add(target)
        if missing and (programme is None or titles):
            row = DelayRow(plan["targets"][target]["name"], {}, missing, unit, chance)
            others.append((list(targets).index(target), row))
    projects.sort(key=lambda row: (-sum(row.lost.values()), -sum(row.missing.values())))
    others.sort(key=lambda entry: entry[0])
    safe = [t.label for t in targets.values() if t.probability >= SAFE and t.target not in built]
    return DelayRows(projects, [row for _, row in others], safe)


def grouped(amounts: Mapping[str, float]) -> list[tuple[str, float]]:
    """Return reasons and their shares, largest first; several small ones as one, at the end."""
    total = sum(amounts.values())
    shares = sorted(
        ((stage, amount / total) for stage, amount in amounts.items()), key=lambda part: -part[1]
    )
    small = [share for _, share in shares if share < SMALL]
    if len(small) < 2:
        return shares
    return [*shares[: -len(small)], (OTHER, sum(small))]


def _days(amounts: pd.DataFrame) -> dict[str, float]:
    """Return the days of a programme: those lost by stage, then the usual building time."""
    usual = float((amounts["project_days"] - amounts["excess_days"]).sum())
    return _positive(amounts["excess_days"]) | ({USUAL: usual} if usual > 0.0 else {})


def _positive(amounts: pd.Series[float]) -> dict[str, float]:
    """Return the amounts above zero in the order of the stages."""
    return {stage: float(amounts[stage]) for stage in STAGES if amounts.get(stage, 0.0) > 0.0}
