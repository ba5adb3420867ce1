"""What is asked: the settings, and what is simulated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import numpy as np
from pydantic import Field, field_validator

from experiments.minimum_budget.budgets import ABUNDANT, BudgetRange
from experiments.minimum_budget.findings import (
    CurvePoint,
    SmallestBudget,
    curves_of,
    smallest_budgets,
)
from experiments.minimum_budget.page import answer
from experiments.minimum_budget.prices import Search
from experiments.minimum_budget.search import Aim, coarse_grid, confirmations, search
from experiments.minimum_budget.subjects import subjects_of
from experiments.shared.inquiry import Inquiry, Unanswered
from experiments.shared.question import Question
from sim import edge
from sim.answer.blocks import Answer
from sim.config.errors import ConfigError
from sim.config.schema.base import Yuan
from sim.config.schema.study import StudySettings
from sim.stats.even_grid import even_grid

FIRST = 50
"""The search begins with so many replications at every budget of its coarse grid, or with
``replications`` if they are fewer."""

ENDS = 2
"""Most replications at an end of the range, relative to ``replications``."""

CAP = 20
"""Most replications of the search unless told, relative to ``replications``."""

SMALLEST = 64
"""Whole yuan that a range of budgets needs at least, for a coarse grid to have its places."""


class Settings(StudySettings):
    """What ``configs/study/minimum_budget.yaml`` may hold."""

    in_words: ClassVar[Mapping[str, object]] = {"abundant": ABUNDANT, "most": CAP}

    probability: float = Field(ge=0.5, le=0.99)
    targets: list[str] | None
    together: list[str] | None = Field(min_length=2)
    budget_max: Yuan | None
    tolerance: float = Field(ge=0.01, le=1.0)
    rounds: int = Field(ge=0, le=100)
    cap: int | None = Field(ge=1, le=10_000_000)  # type: ignore[assignment]  # here null has a meaning
    confirm: int = Field(ge=0, le=1_000_000)
    half_width: None = None

    @field_validator("budget_max", mode="before")
    @classmethod
    def _whole(cls, value: object) -> object:
        """Take 5e9 for the whole number that it is, as the budget of a run does."""
        return int(value) if isinstance(value, float) and value.is_integer() else value


def ask(inquiry: Inquiry[Settings]) -> Answer:
    """Search, confirm with other random numbers, and say what binds where money does not do it."""
    settings, base = inquiry.settings, inquiry.base
    scenario, own = inquiry.altered("base", {}), base.budget.public_total
    config = base.model_dump(mode="json")
    keys = [(row.target, row.reading) for row in inquiry.study.layout(scenario).rows]
    subjects = subjects_of(keys, config, settings.targets, settings.together or ())
    if not subjects:
        raise Unanswered("inquiry.no_target")
    grid, scale = coarse_grid(own, largest_budget(own, settings.budget_max))
    aim = Aim(
        level=settings.probability,
        tolerance=settings.tolerance,
        first=min(base.replications, FIRST),
        ends=ENDS * base.replications,
        rounds=settings.rounds,
        cap=CAP * base.replications if settings.cap is None else settings.cap,
        scale=scale,
        seed=base.seed,
    )
    _refuse_small_cap(aim, grid)
    runs = BudgetRange(inquiry.study, scenario, subjects)

    found = search(runs.observe, grid, aim)
    verdicts = [name for name, _ in found.verdicts]
    bound = [row for row, name in enumerate(verdicts) if name == "money_bound"]
    at = confirmations(found, bound) if settings.confirm else {}
    other = runs.elsewhere(sorted(set(at.values())), settings.confirm)
    confirmed = {row: (budget, other[budget]) for row, budget in at.items()}
    short = [row for row, name in enumerate(verdicts) if name in ("out_of_reach", "undecided")]
    binding = runs.binding(grid[-1], short)

    smallest = [*smallest_budgets(subjects, found, own, confirmed, binding)]
    curves = [*curves_of(subjects, found)]
    inquiry.write_findings("minimum_budget", SmallestBudget, smallest)
    inquiry.write_findings("curves", CurvePoint, curves)
    even = even_grid(
        found.curves,
        found.root,
        np.array(bound, dtype=np.int64),
        aim.level,
        scale,
        aim.first,
    )
    # Without social money, no money at all and no public money are one point, simulated once.
    same = base.budget.social_total == 0
    twice = min(len(found.nothing.met), int(found.curves.finished[0])) if same else 0
    effort = Search(
        probability=settings.probability,
        base_budget=own,
        budget_max=grid[-1],
        budgets=len(found.curves.budgets) + (not same),
        replications_search=found.replications - twice,
        replications_confirmation=sum(len(seen.met) for seen in other.values()),
        grid_budgets=even.budgets if even else None,
        grid_replications_each=even.each if even else None,
        replications_grid=even.replications if even else None,
    )
    return answer(smallest, curves, effort, config)


def largest_budget(own: int, given: int | None) -> int:
    """The largest budget that is tried: the one given, or one so large that no envelope binds.

    ``own`` is that of the scenario. Raises ConfigError where the one given leaves no range.
    """
    if given is None:  # the same under every scenario, so that verdicts can be compared
        return max(ABUNDANT * _baseline_money(), own)
    if given < max(own, SMALLEST):
        raise ConfigError(
            "minimum_budget.refused.small_budget",
            key="study.budget_max",
            value=given,
            least=max(own, SMALLEST),
        )
    return given


def _baseline_money() -> int:
    """Public money of the default run, with which a passport compares."""
    with edge.Composer().started() as composer:
        return composer.baseline().budget.public_total


def _refuse_small_cap(aim: Aim, grid: Sequence[int]) -> None:
    """Raise ConfigError if the search may not even finish its coarse grid."""
    needed = (len(grid) + 1) * aim.first
    if aim.cap < needed:
        raise ConfigError(
            "minimum_budget.refused.small_cap",
            key="study.cap",
            value=aim.cap,
            first=aim.first,
            points=len(grid) + 1,
            needed=needed,
            times=CAP,
        )


QUESTION = Question("experiments.minimum_budget", Settings, ask, defaults=("record=targets",))
