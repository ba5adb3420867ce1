"""Comparisons of scenarios read back from a study folder, for tables, charts and the answer."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.report.numbers import value_text
from sim.report.results import Label, cell_text
from sim.report.words import Tongue
from sim.study.files import read_csv

TABLE, SCENARIOS, FIRST = "compare_scenarios", "scenarios", "first_difference"
MORE, LESS = "more likely", "less likely"
MINUS = "−"

Config = Mapping[str, Any]
Record = Mapping[str, Any]


@dataclass(frozen=True)
class Estimate:
    """A number with its 95 % interval; NaN where it has no meaning."""

    value: float
    low: float
    high: float

    @property
    def limits(self) -> tuple[float, float, float]:
        """The number, and both ends of its interval."""
        return self.value, self.low, self.high

    @property
    def excludes_zero(self) -> bool:
        """Whether the interval lies on one side of zero."""
        return self.low > 0.0 or self.high < 0.0


@dataclass(frozen=True)
class ComparedRow:
    """One row of the answer in two scenarios.

    ``reading`` is None where there is nothing to choose. Chances are NaN in rows that count
    targets, means in rows on whether all hold. ``gained`` and ``lost`` are None without pairs.
    """

    target: str
    definition: str
    group: str
    label: Label
    reading: Label | None
    unit: Label
    kind: str
    counts: bool
    joint: bool
    total: int
    chances: tuple[float, float]
    difference: Estimate
    gained: int | None
    lost: int | None
    change: str
    means: tuple[Estimate, Estimate]
    value_difference: Estimate
    value_reduction: float

    @property
    def decides(self) -> bool:
        """Whether this is a target of the plan itself, under the reading that counts."""
        return not self.joint and self.counts and self.kind == "plan"

    @property
    def counts_targets(self) -> bool:
        """Whether this row says how many targets are met."""
        return self.joint and math.isnan(self.chances[0])

    @property
    def same(self) -> bool:
        """Whether every pair of replications agrees in all that this row says."""
        return (
            (self.gained, self.lost) == (0, 0)
            and self.value_difference.value == 0.0
            and not self.value_difference.high > self.value_difference.low
        )


@dataclass(frozen=True)
class Comparison:
    """One scenario against the reference.

    Attributes:
        name: of the scenario; label, reference: what it and the reference are called.
        rows: single rows in the plan's order, then joint ones.
        replications: used, of the reference and of the scenario; dropped: see the table.
        first: the rows of first_difference.csv on this scenario.
    """

    name: str
    label: Label
    reference: Label
    rows: tuple[ComparedRow, ...]
    paired: bool
    replications: tuple[int, int]
    dropped: int
    first: tuple[Record, ...]

    @property
    def single(self) -> list[ComparedRow]:
        """Rows on one target."""
        return [row for row in self.rows if not row.joint]

    def changed(self, change: str, *, deciding: bool = True) -> list[ComparedRow]:
        """Single rows with this change of probability, the largest first."""
        rows = [r for r in self.single if r.change == change and (r.decides or not deciding)]
        return sorted(rows, key=lambda row: -abs(row.difference.value))

    @property
    def total(self) -> int:
        """How many targets decide."""
        return sum(row.decides for row in self.rows)

    @property
    def met(self) -> ComparedRow | None:
        """The row on the number of targets met; None if no target is judged."""
        return next((row for row in self.rows if row.counts_targets and not row.group), None)


def read_comparisons(folder: Path, config: Config) -> list[Comparison]:
    """Read the comparisons of a study folder.

    Args:
        folder: with compare_scenarios.csv, scenarios.csv and first_difference.csv.
        config: the configuration in the study's manifest; names of readings and units are there.
    """
    labels: dict[str, Label] = {
        str(r["scenario"]): {"zh": str(r["label_zh"]), "en": str(r["label_en"])}
        for r in records_of_table(folder, SCENARIOS)
    }
    first = records_of_table(folder, FIRST)
    by_name: dict[str, list[Record]] = {}
    for record in records_of_table(folder, TABLE):
        by_name.setdefault(str(record["scenario"]), []).append(record)
    return [
        Comparison(
            name=name,
            label=labels[name],
            reference=labels[str(records[0]["reference"])],
            rows=tuple(_row(record, config["plan"]) for record in records),
            paired=str(records[0]["paired"]) == "True",
            replications=(
                int(records[0]["replications_reference"]),
                int(records[0]["replications"]),
            ),
            dropped=int(records[0]["dropped"]),
            first=tuple(record for record in first if str(record["scenario"]) == name),
        )
        for name, records in by_name.items()
    ]


def records_of_table(folder: Path, name: str) -> list[dict[str, str]]:
    """The lines of a table as texts; empty cells are empty texts."""
    header, rows = read_csv(folder / f"{name}.csv")
    return [dict(zip(header, row, strict=True)) for row in rows]


def _row(record: Record, plan: Config) -> ComparedRow:
    target, definition = str(record["target"]), cell_text(record["definition"])
    reading, unit = None, {"zh": "项", "en": str(record["unit"])}
    if record["comparator"]:
        spec = plan["targets"][target]
        unit = spec["unit"]
        if definition:
            reading = plan["definitions"][spec["definition"]]["readings"][definition]["name"]
    return ComparedRow(
        target=target,
        definition=definition,
        group=str(record["group"]),
        label={"zh": str(record["label_zh"]), "en": str(record["label_en"])},
        reading=reading,
        unit=unit,
        kind=str(record["kind"]),
        counts=str(record["counts"]) == "True",
        joint=not record["comparator"],
        total=int(float(record["goal"])) if not record["comparator"] else 0,
        chances=(_number(record["probability_reference"]), _number(record["probability"])),
        difference=_estimate(record, "difference"),
        gained=int(record["gained"]) if record["gained"] else None,
        lost=int(record["lost"]) if record["lost"] else None,
        change=str(record["change"]),
        means=(_estimate(record, "mean_reference"), _estimate(record, "mean")),
        value_difference=_estimate(record, "value_difference"),
        value_reduction=_number(record["value_variance_reduction"]),
    )


def _number(text: str) -> float:
    return float(text) if text else math.nan


def _estimate(record: Record, name: str) -> Estimate:
    return Estimate(*(_number(record[f"{name}{end}"]) for end in ("", "_low", "_high")))


# ---------------------------------------------------------------------------- numbers in writing


def signed(value: float, decimals: int = 1) -> str:
    """Write a difference with its sign; one that rounds to nothing has none."""
    digits = f"{abs(value):,.{decimals}f}"
    if not float(digits.replace(",", "")):
        return digits
    return ("+" if value > 0.0 else MINUS) + digits


def with_limits(texts: Sequence[str]) -> str:
    """Write a number and its interval for a table, the same in every language: ``3 (1, 5)``."""
    value, low, high = texts
    return f"{value} ({low}, {high})"


def points(difference: Estimate) -> tuple[str, str, str]:
    """Write a difference of probabilities, and its limits, in percentage points."""
    value, low, high = (signed(100.0 * limit) for limit in difference.limits)
    return value, low, high


def amounts(difference: Estimate, tongue: Tongue) -> list[str]:
    """Write a difference of values, and its limits, without unit."""
    largest = max(abs(limit) for limit in difference.limits)
    if largest >= 1e6:
        return [_signed_words(limit, tongue) for limit in difference.limits]
    decimals = 0 if largest >= 100.0 else 1 if largest >= 1.0 else 2
    return [signed(limit, decimals) for limit in difference.limits]


def _signed_words(value: float, tongue: Tongue) -> str:
    sign = "+" if value > 0.0 else MINUS if value < 0.0 else ""
    return sign + value_text(abs(value), tongue)


def factor_text(factor: float) -> str:
    """Write how many times: one decimal below ten."""
    return f"{factor:.1f}" if factor < 9.95 else f"{factor:,.0f}"
