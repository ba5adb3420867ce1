"""What a study of bottlenecks says, read into rows that table, charts and answer can show.

Reads bottlenecks.csv and binding.csv, and the configuration of the run as it was without relief.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.report.results import Label, Manifest, cell_text, group_order, reading_of

if TYPE_CHECKING:
    import pandas as pd

TOGETHER = "together"  # as in sim.analysis.bottlenecks
COUNT = "met_count"


@dataclass(frozen=True)
class Gain:
    """A difference with its 95 % interval: of probabilities, or of numbers of targets met."""

    value: float
    low: float
    high: float

    @property
    def is_gain(self) -> bool:
        """Whether it lies above zero beyond simulation error."""
        return self.low > 0.0

    @property
    def is_loss(self) -> bool:
        """Whether it lies below zero beyond simulation error."""
        return self.high < 0.0


@dataclass(frozen=True)
class BottleneckRow:
    """One target under one reading: its chance as it is, and what every relief gains.

    ``helped_by``, ``best`` and ``agrees`` as in binding.csv (``agrees`` None where there is nothing
    to compare); ``stage``: the ledger's, empty where no unit is missing; ``beyond_best``: what all
    at once gain beyond the best single relief, None where only one was lifted.
    """

    target: str
    definition: str
    reading: Label | None
    counts: bool
    group: str
    label: Label
    kind: str
    probability: float
    gains: Mapping[str, Gain]
    helped_by: str
    best: str
    stage: str
    agrees: bool | None
    beyond_best: Gain | None

    @property
    def decides(self) -> bool:
        """Whether this is a target of the plan itself, under the reading that counts."""
        return self.counts and self.kind == "plan"

    @property
    def is_settled(self) -> bool:
        """Whether it is likely to be met as it is, and no relief moves it either way."""
        return self.helped_by == "met" and not any(gain.is_loss for gain in self.gains.values())


@dataclass(frozen=True)
class CountRow:
    """How many targets are met on average, all of them or those of a group.

    ``interaction``: what lifting all at once gains beyond the sum of single gains, None where only
    one was lifted.
    """

    group: str
    total: int
    mean: float
    gains: Mapping[str, Gain]
    interaction: Gain | None


@dataclass(frozen=True)
class Bottlenecks:
    """Everything that a study of bottlenecks found.

    ``reliefs``: names of the single reliefs in the order of the settings, and last of all at once.
    """

    reliefs: Mapping[str, Label]
    rows: Sequence[BottleneckRow]
    counts: Sequence[CountRow]
    pairs: int

    @property
    def single(self) -> list[str]:
        """The single reliefs, the one that adds most targets on average first."""
        names = [name for name in self.reliefs if name != TOGETHER]
        if not self.counts:
            return names
        return sorted(names, key=lambda name: -self.counts[0].gains[name].value)

    def binds(self, relief: str) -> list[BottleneckRow]:
        """The plan's targets for which a relief gains most."""
        return [row for row in self.rows if row.decides and row.best == relief]

    @property
    def judged(self) -> list[BottleneckRow]:
        """The plan's targets that a single relief helps and that the ledger gives a reason for."""
        return [row for row in self.rows if row.decides and row.agrees is not None]


def read_bottlenecks(gains: pd.DataFrame, binding: pd.DataFrame, manifest: Manifest) -> Bottlenecks:
    """Return what the two tables say; targets by group, headline groups first, helped ones first.

    Readings of one target are adjacent, the one that counts first.
    """
    records = [{str(k): v for k, v in r.items()} for r in gains.to_dict("records")]
    reliefs: dict[str, Label] = {
        str(r["relief"]): {"zh": str(r["relief_zh"]), "en": str(r["relief_en"])} for r in records
    }
    found: dict[tuple[str, str], dict[str, Gain]] = {}
    means: dict[str, float] = {}
    for record in records:
        target, definition = str(record["target"]), cell_text(record["definition"])
        what = "gain"
        if target.partition(":")[0] == COUNT:
            what, means[target] = "mean_gain", float(record["mean"])
        found.setdefault((target, definition), {})[str(record["relief"])] = _gain(record, what)
    plan_targets = manifest["config"]["plan"]["targets"]
    rows, counts = [], []
    for raw in binding.to_dict("records"):
        record = {str(k): v for k, v in raw.items()}
        target, definition = str(record["target"]), cell_text(record["definition"])
        own = found[target, definition]
        if target in plan_targets:
            rows.append(_row(record, own, manifest))
        elif target in means:
            together = TOGETHER in reliefs
            counts.append(
                (cell_text(record["group"]), means[target], own,
                 _gain(record, "interaction") if together else None)
            )  # fmt: skip
    groups = group_order(manifest)
    order = {row.target: _rank(row) for row in reversed(rows) if row.counts}
    first = {row.target: position for position, row in reversed(list(enumerate(rows)))}
    rows.sort(key=lambda r: (groups.index(r.group), order[r.target], first[r.target], not r.counts))
    deciding = [row for row in rows if row.decides]
    return Bottlenecks(
        reliefs,
        rows,
        [
            CountRow(group, sum(group in ("", r.group) for r in deciding), mean, own, interaction)
            for group, mean, own, interaction in counts
        ],
        int(binding["pairs"].iloc[0]),
    )


def _rank(row: BottleneckRow) -> tuple[float, float]:
    """Targets with the largest gain first: by a single relief, then by all together."""
    best = row.gains[row.best].value if row.best else 0.0
    together = row.gains[TOGETHER].value if TOGETHER in row.gains else 0.0
    return -best, -together


def _gain(record: Mapping[str, Any], name: str) -> Gain:
    return Gain(*(float(record[f"{name}{end}"]) for end in ("", "_low", "_high")))


def _row(record: Mapping[str, Any], gains: Mapping[str, Gain], manifest: Manifest) -> BottleneckRow:
    target, definition = str(record["target"]), cell_text(record["definition"])
    reading, counts = reading_of(target, definition, manifest)
    agrees = cell_text(record["ledger_agrees"])
    return BottleneckRow(
        target=target,
        definition=definition,
        reading=reading,
        counts=counts,
        group=str(record["group"]),
        label={"zh": str(record["label_zh"]), "en": str(record["label_en"])},
        kind=str(record["kind"]),
        probability=float(record["probability"]),
        gains=gains,
        helped_by=str(record["helped_by"]),
        best=cell_text(record["best_relief"]),
        stage=cell_text(record["held_back_by"]),
        agrees=None if agrees == "" else agrees == "True",
        beyond_best=_gain(record, "beyond_best") if TOGETHER in gains else None,
    )


def points_text(gain: float) -> str:
    """Write a difference of probabilities in whole percentage points with its sign."""
    points = round(100.0 * gain)
    return f"+{points}" if points > 0 else f"−{-points}" if points < 0 else "0"


def number_text(gain: float) -> str:
    """Write a difference of mean numbers with one decimal and its sign."""
    text = f"{abs(gain):.1f}"
    return text if text == "0.0" else f"{'+' if gain > 0 else '−'}{text}"
