"""One run: a plan, its parameters, a scenario, and how it is executed."""

from __future__ import annotations

from typing import Literal, get_args

from pydantic import Field, model_validator

from sim.config.schema.base import Identifier, Model, RuleBroken, Share
from sim.config.schema.parameters import Parameter
from sim.config.schema.plan import Plan
from sim.config.schema.scenario import Allocation, Budget, Planning, ScenarioName
from sim.config.schema.shocks import Shock
from sim.words import Asked

Medium = Literal["pictures", "brief", "deck", "workbook", "dashboard"]
MEDIA: tuple[Medium, ...] = get_args(Medium)
"""What an answer can be put into; pictures are drawn by every run and study."""


class Judgement(Model):
    """Chances between the four classes in which a planning office puts targets."""

    ahead_above: Share
    on_schedule_from: Share
    lagging_from: Share

    @model_validator(mode="after")
    def _in_order(self) -> Judgement:
        if not self.lagging_from <= self.on_schedule_from <= self.ahead_above:
            given = f"{self.lagging_from:g}, {self.on_schedule_from:g}, {self.ahead_above:g}"
            raise RuleBroken("rule.judgement", value=given)
        return self


class Run(Model):
    """Everything one run is made of."""

    plan: Plan
    parameters: dict[Identifier, Parameter]
    scenario: ScenarioName
    budget: Budget
    allocation: Allocation
    planning: Planning
    definitions: dict[str, str | bool]
    shocks: list[Shock] = []
    seed: int = Field(ge=0, le=2**63 - 1)
    replications: int = Field(ge=1, le=10_000_000)
    replications_per_draw: int = Field(ge=1)
    workers: int | None = Field(ge=1, le=4096, description="processes; null means all cores")
    backend: Literal["serial", "processes", "dask"]
    scheduler: str | None = Field(
        default=None,
        description="address of a dask scheduler; null makes a cluster on this machine",
    )
    record: Literal["targets", "city", "full"]
    store: str | None = Field(
        default=None,
        min_length=1,
        description="folder with finished replications of all runs and studies; null for none",
    )
    trace: int | None = Field(default=None, ge=0)
    language: Asked | None = Field(description="of all that is said; null means the machine's")
    table: Literal["short", "full"] = "short"
    judgement: Judgement
    report: list[Medium] = Field(default=[], description="media to be made of the answer")
