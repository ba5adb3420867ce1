"""The rows of the answer: what was found, beside the public budget as planned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from experiments.minimum_budget.findings import SECTIONS, SmallestBudget
from sim.answer.blocks import Spoken
from sim.answer.row import Config, Row
from sim.words import Interval, Label, Quantity, Said, Share

FREE = ("met_anyway", "social_enough")
"""Sections of what needs no public money."""

TIMES_LONG = 10  # from here on a multiple is written without decimals


@dataclass(frozen=True)
class Priced:
    """What was found for a row, beside the public budget as planned.

    Attributes:
        base: that budget in yuan.
        weakest: of several targets the one that holds them back at the largest budget.
    """

    found: SmallestBudget
    base: int
    weakest: Label | None = None

    @property
    def row(self) -> Row:
        """What it is about."""
        return self.found.row

    @cached_property
    def section(self) -> str:
        """One of :data:`SECTIONS` but ``joint``."""
        return self.found.section(self.base)

    @property
    def shown_in(self) -> str:
        """The section of the table in which it stands, one of :data:`SECTIONS`."""
        return "joint" if self.row.joint else self.section

    @property
    def budget(self) -> float:
        """The smallest budget of a row that has one."""
        assert self.found.budget is not None, f"{self.row.target} has no price"
        return self.found.budget

    @property
    def times(self) -> str:
        """The smallest budget as a multiple of the one planned; empty where there is none."""
        return "" if self.found.budget is None else times_text(self.found.budget, self.base)

    @property
    def range(self) -> Spoken:
        """The smallest budget with its interval, without the unit."""
        found = self.found
        if found.budget is None or found.budget_low is None:
            return Said("number.none")
        if found.budget_high is None:
            ends = {"budget": Quantity(found.budget), "low": Quantity(found.budget_low)}
            return Said("minimum_budget.open_range", ends)
        return Interval(found.budget, found.budget_low, found.budget_high)

    @property
    def reason(self) -> Spoken:
        """What holds it back at the largest budget; of a joint row also which target."""
        if not self.found.binding_stage:
            return None
        stage = Said(f"stage.{self.found.binding_stage}")
        if self.weakest is None:
            return stage
        return Said("minimum_budget.joint_reason", {"target": self.weakest, "stage": stage})

    def doubt(self, level: float) -> Said:
        """Why it is undecided."""
        return Said(f"minimum_budget.doubt.{self.found.doubt}", {"level": Share(level)})


def times_text(budget: float, base: int) -> str:
    """A budget as a multiple of the one planned, with two significant digits or more."""
    if not base:
        return ""
    times = budget / base
    decimals = 0 if times >= TIMES_LONG else 1 if times >= 1.95 else 2
    return f"{times:.{decimals}f}"


@dataclass(frozen=True)
class Search:
    """What was asked, and how much was simulated; figures of the answer under the same names.

    Attributes:
        probability: wanted of every target.
        base_budget, budget_max: public money as planned, and the most that was tried, in yuan.
        budgets: that were tried, without any money included.
        replications_search, replications_confirmation: at all of them together.
        grid_budgets, grid_replications_each, replications_grid: of the smallest even grid that
            knows every price as well; None where there is no price.
    """

    probability: float
    base_budget: int
    budget_max: int
    budgets: int
    replications_search: int
    replications_confirmation: int
    grid_budgets: int | None = None
    grid_replications_each: int | None = None
    replications_grid: int | None = None

    @property
    def figures(self) -> dict[str, object]:
        """As they stand in answer.json."""
        grid = self.replications_grid
        return {**vars(self), "cost_relative_to_grid": grid and self.replications_search / grid}


def priced(found: Sequence[SmallestBudget], base: int, config: Config) -> list[Priced]:
    """The rows by section, then by budget or, where there is none, likeliest first.

    Joint rows come last. ``base`` is the public money planned.
    """

    def order(own: Priced) -> tuple[int, float]:
        price = own.found.budget
        rank = -own.found.probability_max if price is None else price
        return SECTIONS.index(own.section), rank

    rows = [_priced(own, base, config) for own in found]
    targets = sorted((own for own in rows if not own.row.joint), key=order)
    return [*targets, *(own for own in rows if own.row.joint)]


def _priced(found: SmallestBudget, base: int, config: Config) -> Priced:
    weakest = found.binding_target
    other = bool(weakest) and weakest != found.row.target
    return Priced(found, base, config["plan"]["targets"][weakest]["name"] if other else None)


def heading(section: str) -> Said:
    """What stands above the rows of a section."""
    return Said("joint.heading" if section == "joint" else f"minimum_budget.section.{section}")
