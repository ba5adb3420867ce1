"""What a run folder says, read into rows that tables and charts can show.

Reads ``attainment.csv`` and the configuration inside ``manifest.json``; knows the order of groups
and targets, which reading of an ambiguous definition counts, and the words of the caution that has
to stand wherever results are shown. Labels come in both languages: ``{"zh": ..., "en": ...}``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.report.words import Tongue
from sim.study.files import read_frame
from sim.words.numbers import LIKELY, UNLIKELY

if TYPE_CHECKING:
    import pandas as pd

Manifest = Mapping[str, Any]
Label = Mapping[str, str]

JOINT_PREFIXES = ("all", "met_count")
READING_MARKS = {True: "●", False: "○"}  # whether a reading counts in joint rows


@dataclass(frozen=True)
class TargetRow:
    """One target under one reading; ``reading`` is None where there is nothing to choose.

    ``counts``: whether this reading enters the joint rows. Numbers are NaN and texts empty where
    the target is not modelled. ``first_attained`` is an ISO date or empty.
    """

    target: str
    definition: str
    reading: Label | None
    counts: bool
    group: str
    label: Label
    comparator: str
    goal: float
    unit: Label
    kind: str
    modelled: bool
    probability: float
    low: float
    high: float
    p05: float
    p50: float
    p95: float
    first_attained: str
    held_back_by: str

    @property
    def indicator(self) -> str:
        """The name of this row's series in ``series.parquet``."""
        return f"{self.target}:{self.definition}" if self.definition else self.target

    @property
    def decides(self) -> bool:
        """Whether this is a modelled target of the plan itself, under the reading that counts."""
        return self.modelled and self.counts and self.kind == "plan"

    def unit_text(self, tongue: Tongue) -> str:
        """Return the unit in one language."""
        return self.unit[tongue]


@dataclass(frozen=True)
class JointRow:
    """A statement on several targets at once; ``group`` is empty for all of them.

    ``total``: number of targets judged. Probability fields are NaN in rows of counts, mean and
    percentiles are NaN in rows of probabilities.
    """

    counts_targets: bool
    group: str
    total: int
    probability: float
    low: float
    high: float
    mean: float
    p05: float
    p50: float
    p95: float


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a run or study folder; raise OSError or ValueError if unreadable."""
    manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return manifest


def read_attainment(folder: Path) -> pd.DataFrame:
    """Return ``attainment.csv`` of a run folder with its columns unchanged."""
    return read_frame(folder / "attainment.csv")


def cell_text(value: object) -> str:
    """Return a cell of text; pandas reads empty ones as NaN."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return str(value)


def _number(value: Any) -> float:
    """Return a cell of numbers, NaN where it is empty."""
    return math.nan if value is None or value == "" else float(value)


def _is_joint(target: str) -> bool:
    return target.partition(":")[0] in JOINT_PREFIXES


def records_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table; raise ValueError if they are of several scenarios."""
    scenarios = table["scenario"].nunique()
    if scenarios > 1:
        raise ValueError(f"a report shows one scenario, but the frame holds {scenarios}")
    return [{str(k): v for k, v in record.items()} for record in table.to_dict("records")]


def group_order(manifest: Manifest) -> list[str]:
    """Return the plan's groups, headline groups first."""
    groups = manifest["config"]["plan"]["groups"]
    return sorted(groups, key=lambda group: not groups[group]["headline"])


def group_label(group: str, manifest: Manifest) -> Label:
    """Return the names of a group."""
    label: Label = manifest["config"]["plan"]["groups"][group]["name"]
    return label


def end_year(manifest: Manifest) -> int:
    """Return the plan's last year."""
    return int(str(manifest["config"]["plan"]["end"])[:4])


def reading_of(target: str, definition: str, manifest: Manifest) -> tuple[Label | None, bool]:
    """Return the name of a row's reading, if it has one, and whether it counts."""
    if not definition:
        return None, True
    config = manifest["config"]
    phrase = config["plan"]["targets"][target]["definition"]
    reading = config["plan"]["definitions"][phrase]["readings"][definition]
    return reading["name"], reading["switch"] == config["definitions"][phrase]


def built_readings(manifest: Manifest) -> list[Label]:
    """Return the names of the readings that decide what was built, so that a run has only one."""
    config = manifest["config"]
    return [
        reading["name"]
        for phrase, definition in config["plan"]["definitions"].items()
        if definition.get("changes_run", False)
        for reading in definition["readings"].values()
        if reading["switch"] == config["definitions"][phrase]
    ]


def _target_row(record: Mapping[str, Any], manifest: Manifest) -> TargetRow:
    target, definition = str(record["target"]), cell_text(record["definition"])
    reading, counts = reading_of(target, definition, manifest)
    unit = cell_text(record["unit"])
    plan_unit = manifest["config"]["plan"]["targets"].get(target, {}).get("unit")
    return TargetRow(
        target=target,
        definition=definition,
        reading=reading,
        counts=counts,
        group=str(record["group"]),
        label={"zh": str(record["label_zh"]), "en": str(record["label_en"])},
        comparator=str(record["comparator"]),
        goal=_number(record["goal"]),
        unit=plan_unit or {"zh": unit, "en": unit},
        kind=str(record["kind"]),
        modelled=str(record["modelled"]).lower() == "true",
        probability=_number(record["probability"]),
        low=_number(record["probability_low"]),
        high=_number(record["probability_high"]),
        p05=_number(record["p05"]),
        p50=_number(record["p50"]),
        p95=_number(record["p95"]),
        first_attained=cell_text(record["first_attained_p50"]),
        held_back_by=cell_text(record["held_back_by"]),
    )


def target_rows(attainment: pd.DataFrame, manifest: Manifest) -> list[TargetRow]:
    """Return one row per target and reading: headline groups first, then the frame's order.

    Readings of one target are adjacent, the one that counts first.
    """
    rows = [
        _target_row(record, manifest)
        for record in records_of(attainment)
        if not _is_joint(str(record["target"]))
    ]
    groups = {group: position for position, group in enumerate(group_order(manifest))}
    first: dict[str, int] = {}
    for position, row in enumerate(rows):
        first.setdefault(row.target, position)
    return sorted(rows, key=lambda row: (groups[row.group], first[row.target], not row.counts))


def joint_rows(attainment: pd.DataFrame, manifest: Manifest) -> list[JointRow]:
    """Return the joint rows: all targets first, then by group; probability before count."""
    rows = target_rows(attainment, manifest)
    order = ["", *group_order(manifest)]
    joint = []
    for record in records_of(attainment):
        statement, _, group = str(record["target"]).partition(":")
        if statement in JOINT_PREFIXES:
            joint.append(
                JointRow(
                    counts_targets=statement == "met_count",
                    group=group,
                    total=sum(row.decides and group in ("", row.group) for row in rows),
                    probability=_number(record["probability"]),
                    low=_number(record["probability_low"]),
                    high=_number(record["probability_high"]),
                    mean=_number(record["mean"]),
                    p05=_number(record["p05"]),
                    p50=_number(record["p50"]),
                    p95=_number(record["p95"]),
                )
            )
    return sorted(joint, key=lambda row: (order.index(row.group), row.counts_targets))


def finished_replications(attainment: pd.DataFrame) -> int:
    """Return the number of replications behind the table (0 if nothing is modelled)."""
    counts = attainment["replications"].dropna()
    return int(counts.max()) if len(counts) else 0


def likelihood_counts(rows: list[TargetRow]) -> tuple[int, int, int]:
    """Return how many of the plan's modelled targets are likely, open and unlikely."""
    chances = [row.probability for row in rows if row.decides]
    likely = sum(chance >= LIKELY for chance in chances)
    unlikely = sum(chance < UNLIKELY for chance in chances)
    return likely, len(chances) - likely - unlikely, unlikely
