"""The rows of minimum_budget.csv as tables, charts and sentences show them, by section."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.report.numbers import range_text, value_text
from sim.report.results import Label, cell_text
from sim.report.words import Tongue, word

if TYPE_CHECKING:
    import pandas as pd

Config = Mapping[str, Any]

MONEY = ("within", "around", "beyond")
"""What has a price: surely within the budget as planned, surely beyond it, or neither."""
SECTIONS = ("met_anyway", "social_enough", *MONEY, "undecided", "out_of_reach", "joint")
JOINT = "all"


@dataclass(frozen=True)
class BudgetRow:
    """One row of minimum_budget.csv; numbers are NaN and texts empty where it has none.

    ``chances``: probability with low and high at nothing, zero, base, max and confirmed.
    """

    target: str
    definition: str
    label: Label
    verdict: str
    doubt: str
    budget: float
    low: float
    high: float
    precise: bool
    monotone: bool
    chances: Mapping[str, tuple[float, float, float]]
    confirmed_budget: float
    consistent: bool
    obstacle: str
    obstacle_of: Label | None
    base: int

    @property
    def joint(self) -> bool:
        """Whether the row is about several targets at once."""
        return self.target.partition(":")[0] == JOINT

    @property
    def section(self) -> str:
        """What a reader wants to know first: one of :data:`SECTIONS` but ``joint``."""
        if self.verdict != "money_bound":
            return self.verdict
        if self.low > self.base:
            return "beyond"
        return "within" if self.high <= self.base else "around"  # without an upper end, too

    def range_text(self, tongue: Tongue) -> str:
        """Write the smallest budget with its interval, without the unit."""
        if math.isnan(self.budget):
            return word("number.none", tongue)
        if math.isnan(self.high):
            budget, low = (value_text(value, tongue) for value in (self.budget, self.low))
            return word("minimum.open_range", tongue).format(budget=budget, low=low)
        return range_text(self.budget, self.low, self.high, tongue)

    def obstacle_text(self, tongue: Tongue) -> str:
        """Write what holds it back at the largest budget; of a joint row also which target."""
        if not self.obstacle:
            return ""
        stage = word(f"stage.{self.obstacle}", tongue)
        if self.obstacle_of is None:
            return stage
        joint = word("minimum.joint_obstacle", tongue)
        return joint.format(target=self.obstacle_of[tongue], stage=stage)


def budget_rows(table: pd.DataFrame, config: Config, base: int) -> list[BudgetRow]:
    """Return the rows by section, then by budget or, where there is none, likeliest first.

    Joint rows come last. ``config`` is that of the manifest, ``base`` the public money planned.
    """
    rows = [_row(record, config, base) for record in table.to_dict("records")]

    def order(row: BudgetRow) -> tuple[int, float]:
        section = SECTIONS.index("joint" if row.joint else row.section)
        rank = -row.chances["max"][0] if math.isnan(row.budget) else row.budget
        return section, rank

    targets = sorted((row for row in rows if not row.joint), key=order)
    return [*targets, *(row for row in rows if row.joint)]


def _row(record: Mapping[Any, Any], config: Config, base: int) -> BudgetRow:
    target, definition = str(record["target"]), cell_text(record["definition"])
    label = {"zh": str(record["label_zh"]), "en": str(record["label_en"])}
    plan = config["plan"]
    if definition:
        phrase = plan["targets"][target]["definition"]
        reading = plan["definitions"][phrase]["readings"][definition]["name"]
        label = {
            "zh": f"{label['zh']}（{reading['zh']}）",
            "en": f"{label['en']} ({reading['en']})",
        }
    obstacle_of = cell_text(record["binding_target"])
    other = bool(obstacle_of) and obstacle_of != target
    chances = {
        where: _three(record, f"probability_{where}", f"probability_{where}")
        for where in ("nothing", "zero", "base", "max")
    } | {"confirmed": _three(record, "confirmed_probability", "confirmed")}
    return BudgetRow(
        target=target,
        definition=definition,
        label=label,
        verdict=str(record["verdict"]),
        doubt=cell_text(record["doubt"]),
        budget=_number(record["budget"]),
        low=_number(record["budget_low"]),
        high=_number(record["budget_high"]),
        precise=_truth(record["precise"]),
        monotone=_truth(record["monotone"]),
        chances=chances,
        confirmed_budget=_number(record["confirmed_budget"]),
        consistent=_truth(record["consistent"]),
        obstacle=cell_text(record["binding_stage"]),
        obstacle_of=plan["targets"][obstacle_of]["name"] if other else None,
        base=base,
    )


def _three(record: Mapping[Any, Any], middle: str, ends: str) -> tuple[float, float, float]:
    low, high = (_number(record[f"{ends}_{end}"]) for end in ("low", "high"))
    return _number(record[middle]), low, high


def _number(cell: object) -> float:
    return math.nan if cell is None or cell == "" else float(str(cell))


def _truth(cell: object) -> bool:
    return str(cell) == "True"
