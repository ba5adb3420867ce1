"""What a decision maker chooses: money, its division, and how planners work."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator, model_validator

from sim.config.schema.base import (
    FOLDER_NAME,
    Label,
    Model,
    RuleBroken,
    Share,
    Yuan,
    require_sum_one,
)
from sim.words import Said


class ScenarioName(Model):
    """Identity of a scenario preset; it does not influence results."""

    name: str = Field(pattern=FOLDER_NAME, description="name of the scenario in files and folders")
    label: Label


class Budget(Model):
    """Money: how much, from where, when, and the rules of the purse."""

    public_total: Yuan = Field(description="authorised public money of the whole horizon, yuan")
    social_total: Yuan = Field(description="social money of the whole horizon, yuan")
    source_shares: dict[str, Share] = Field(description="split of public money over its sources")
    year_shares: list[Share] = Field(description="split over the years of the horizon")
    quarter_shares: list[Share] = Field(min_length=4, max_length=4)
    first_instalment: Share = Field(description="share of a project's cost paid at contract")
    carry_over: Share = Field(description="share of uncommitted money kept at year end")
    queue: Literal["strict", "backfill"] = Field(
        description="whether a claim that cannot be met blocks smaller ones behind it"
    )

    @model_validator(mode="after")
    def _shares_sum_to_one(self) -> Budget:
        require_sum_one(self.source_shares.values(), "budget.source_shares")
        require_sum_one(self.year_shares, "budget.year_shares")
        require_sum_one(self.quarter_shares, "budget.quarter_shares")
        return self


class Reallocation(Model):
    """What the mid-year meeting may move between envelopes of one group."""

    enabled: bool
    threshold: Share = Field(
        default=0.10,
        description="uncommitted money stays put up to this share of the envelope's yearly "
        "releases; counts only where enabled",
    )


class Allocation(Model):
    """How released money is divided over groups, levels and districts."""

    rule: Literal["population", "equal", "need", "equity", "performance", "custom"]
    weights: dict[str, float] = Field(
        default={}, description="rule custom: weight by adcode, every district named"
    )
    equity_zones: list[str] = Field(default=[], description="rule equity: zones with more weight")
    equity_factor: float = Field(
        default=1.0,
        ge=1.0,
        le=100.0,
        description="rule equity: weight of equity_zones relative to the others",
    )
    performance_share: Share = Field(
        default=0.5,
        description="rule performance: part of the weight that follows last year's delivery",
    )
    group_shares: dict[str, Share]
    city_shares: dict[str, Share] = Field(
        description="share of each group's money that stays with the city; that of the capital "
        "group is capital_share"
    )
    capital_share: Share = Field(description="share of the capital group's money that is a pool")
    reallocation: Reallocation

    @model_validator(mode="after")
    def _shares_sum_to_one(self) -> Allocation:
        require_sum_one(self.group_shares.values(), "allocation.group_shares")
        if self.rule == "custom" and not self.weights:
            raise RuleBroken("rule.no_weights")
        if self.rule != "custom" and self.weights:
            raise RuleBroken("rule.weights", key="weights", rule=self.rule)
        return self

    @field_validator("weights", mode="after")
    @classmethod
    def _weights_are_usable(cls, weights: dict[str, float]) -> dict[str, float]:
        negative = {
            adcode: int(weight) if weight.is_integer() else weight
            for adcode, weight in weights.items()
            if weight < 0.0
        }
        allowed = Said("rule.weights.allowed")
        if negative:
            raise RuleBroken("rule.negative_weights", value=negative, allowed=allowed)
        if weights and not any(weights.values()):
            raise RuleBroken("rule.no_positive_weight", allowed=allowed)
        return weights


class Planning(Model):
    """How districts turn a quota into proposals."""

    margin: float = Field(ge=0.0, le=1.0, description="quota in excess of the gap, share")
    pace: Share = Field(
        description="largest share of a quota, margin included, proposed in one year"
    )
    overcommitment: float = Field(gt=0.0, le=100.0, description="factor on the money in sight")
