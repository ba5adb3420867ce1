"""Dated disturbances of the world, which no planner sees coming."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field, model_validator

from sim.config.schema.base import Identifier, Model, RuleBroken

LONGEST_DELAY = 366


class Shock(Model):
    """One disturbance from ``start`` to ``end``, both days included.

    ``size`` is the share that is lost: of the public money released (``budget_cut``), of visits and
    events (``closure``: what has visitors does not open while it is 1), of the progress of building
    crews (``construction_halt``), of new staff (``hiring_freeze``); for a ``release_delay`` it is
    the number of days by which releases that fall into the time come late.

    A shock that names zones concerns their districts, and not what belongs to the whole city. Staff
    are hired for all groups alike, so a ``hiring_freeze`` names none.
    """

    kind: Literal[
        "budget_cut", "closure", "construction_halt", "hiring_freeze", "release_delay"
    ] = Field(description="kind of shock")
    start: dt.date = Field(description="first day of the shock")
    end: dt.date = Field(description="last day of the shock")
    size: float = Field(gt=0.0, description="share that the shock takes (release_delay: days)")
    zones: list[str] = Field(default=[], description="zones concerned; none named means all")
    groups: list[Identifier] = Field(
        default=[], description="programme groups concerned; none named means all"
    )

    @model_validator(mode="after")
    def _dates_and_size_make_sense(self) -> Shock:
        if self.end < self.start:
            raise RuleBroken("rule.shock_end", key="end", start=self.start, end=self.end)
        if self.kind == "hiring_freeze" and self.groups:
            raise RuleBroken("rule.hiring_freeze", key="groups")
        size = f"{self.size:g}"
        if self.kind == "release_delay":
            if self.size != int(self.size) or self.size > LONGEST_DELAY:
                raise RuleBroken("rule.delay", key="size", size=size, most=LONGEST_DELAY)
        elif self.size > 1.0:
            raise RuleBroken("rule.shock_size", key="size", size=size, kind=self.kind)
        return self
