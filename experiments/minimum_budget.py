"""Which public budget suffices? ``python -m experiments.minimum_budget [overrides]``.

Looks for the smallest public budget with which each target is met with the wanted probability
(``study.probability=0.8``), all other settings of the scenario left as they are, and confirms what
it found with other random numbers. Writes minimum_budget.csv, curves.csv and two charts.

    python -m experiments.minimum_budget study.probability=0.9 scenario=front_loaded
    python -m experiments.minimum_budget study.targets=[community_rooms,all:staff]
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from pydantic import Field, field_validator

from experiments.inquiry import Answer, Inquiry, Unanswered, run_experiment
from sim.analysis.budget_range import BudgetRange, NothingFinished
from sim.analysis.budget_search import ENDS, Aim, coarse_grid, grid_replications, search
from sim.analysis.minimum_budget import confirmations, curve_table, minimum_budget, verdict
from sim.analysis.subjects import subjects_of
from sim.config.errors import ConfigError
from sim.config.schema import Run
from sim.config.schema.base import Yuan
from sim.config.schema.study import StudySettings
from sim.report.minimum_budget import (
    minimum_budget_answer,
    minimum_budget_table,
    verdict_counts,
)
from sim.report.words import Language, tongues, word
from sim.study.study import DesignPoint

NAME = "minimum_budget"
DEFAULTS = ("replications=200", "record=targets")
TIMES = 64
"""The largest budget that is tried unless told, relative to that of the scenario."""


class Settings(StudySettings):
    """What this experiment can be told."""

    probability: float = Field(
        ge=0.5, le=0.99, description="probability with which a target is to be met, 0.5 to 0.99"
    )
    targets: list[str] | None = Field(
        description="list of targets, target:reading, all, all:GROUP; null for all of them"
    )
    budget_max: Yuan | None = Field(
        description="whole yuan, not below the scenario's; null is 64 times the scenario's"
    )
    tolerance: float = Field(
        ge=0.01, le=1.0, description="relative half-width that is narrow enough, 0.01 to 1"
    )
    rounds: int = Field(ge=0, le=100, description="most rounds of the search, 0 to 100")
    cap: int = Field(
        ge=1, le=10_000_000, description="most replications of the search, all budgets together"
    )
    confirm: int = Field(
        ge=0, le=1_000_000, description="replications with other seeds at a budget; 0 for none"
    )
    half_width: None = Field(
        default=None, description="null: here `tolerance` says how narrow intervals are to be"
    )

    @field_validator("budget_max", mode="before")
    @classmethod
    def _whole(cls, value: object) -> object:
        """Take 5e9 for the whole number that it is, as the budget of a run does."""
        return int(value) if isinstance(value, float) and value.is_integer() else value


def main(overrides: Sequence[str]) -> int:
    """Answer the question for the scenario that ``overrides`` describe; return the exit code."""
    return run_experiment(NAME, Settings, ask, overrides, draw=draw, defaults=DEFAULTS)


def ask(inquiry: Inquiry[Settings]) -> Answer:
    """Search, confirm with other random numbers, and say what binds where money does not do it."""
    try:
        return _answered(inquiry)
    except NothingFinished as error:
        raise Unanswered(str(error)) from None


def _answered(inquiry: Inquiry[Settings]) -> Answer:
    settings, base = inquiry.settings, inquiry.base
    first, ends = base.replications, ENDS * base.replications
    grid, scale = coarse_grid(base.budget.public_total, _largest(settings, base))
    layout = inquiry.study.layout(DesignPoint("base", base))
    subjects = subjects_of(layout.rows, base.plan, settings.targets)
    if not subjects:
        raise Unanswered("the plan has no target that is modelled")
    runs = BudgetRange(inquiry.study, base, subjects)

    nothing = runs.nothing(ends)
    aim = Aim(settings.probability, settings.tolerance, settings.rounds, settings.cap - ends,
              scale, base.seed)  # fmt: skip
    found = search(runs.curves, grid, first, aim)
    verdicts = [verdict(found, nothing, row)[0] for row in range(len(subjects))]
    bound = [row for row, own in enumerate(verdicts) if own == "money_bound"]
    at = confirmations(found, bound) if settings.confirm else {}
    other = runs.elsewhere(sorted(set(at.values())), settings.confirm)
    confirmed = {row: (budget, other[budget]) for row, budget in at.items()}
    short = [row for row, own in enumerate(verdicts) if own in ("out_of_reach", "undecided")]
    binding = runs.binding(grid[-1], ends, short)

    table = minimum_budget(subjects, found, nothing, base.budget.public_total, confirmed, binding)
    place = list(table.columns).index("binding_stage") + 1
    for tongue in tongues("both")[::-1]:
        words = [word(f"stage.{s}", tongue) if s else "" for s in table["binding_stage"]]
        table.insert(place, f"binding_{tongue}", words)
    inquiry.write(NAME, table)
    inquiry.write("curves", curve_table(subjects, found))
    search_cost = int(found.curves.finished.sum()) + len(nothing.met)
    grid_cost = grid_replications(found, np.array(bound, dtype=np.int64), first)
    figures: dict[str, object] = {
        "probability": settings.probability,
        "base_budget": base.budget.public_total,
        "budget_max": grid[-1],
        "budgets": len(found.curves.budgets) + 1,
        "replications_search": search_cost,
        "replications_confirmation": sum(len(own.met) for own in other.values()),
        "replications_grid": grid_cost,
        "cost_relative_to_grid": search_cost / grid_cost if grid_cost else None,
    }
    config = base.model_dump(mode="json")
    inquiry.show(minimum_budget_table(table, figures, config, base.language))
    zh, en = (minimum_budget_answer(table, figures, config, t) for t in tongues("both"))
    return Answer(zh, en, figures | verdict_counts(table))


def _largest(settings: Settings, base: Run) -> int:
    """The largest budget that is tried. Raises ConfigError where it leaves no range."""
    own = base.budget.public_total
    largest = TIMES * own if settings.budget_max is None else settings.budget_max
    if largest < max(own, TIMES):
        raise ConfigError(
            "the largest budget is below that of the scenario, or nothing at all",
            key="study.budget_max",
            value=largest,
            allowed=f"whole yuan, at least {max(own, TIMES)}",
        )
    return largest


def draw(folder: Path, language: Language) -> None:
    """Draw the charts of the study into its folder, unless they are there."""
    from sim.report.charts.minimum_budget import write_minimum_budget_charts
    from sim.report.charts.stamp import is_current, stamp

    if not is_current(folder, language):
        stamp(folder, language, write_minimum_budget_charts(folder, language))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
