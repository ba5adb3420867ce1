"""Events of the year: series of activities, each with its dates, cost, staff need and reach."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from sim.config.schema.base import (
    Identifier,
    Label,
    Model,
    MonthDay,
    ParameterName,
    RuleBroken,
    Section,
)


class EventSeries(Model):
    """Events of one kind. Cost, staff and reach are per edition at full scale.

    ``editions`` are held on every date at every place. ``per_100k`` stands in its place for many
    small activities: editions a year per 100 000 residents of the place, in equal parts for each
    date, and spread over the days between two dates.
    """

    name: Label
    clause: list[str] = Field(min_length=1)
    group: Identifier = Field(description="programme group whose purse pays")
    place: Literal["city", "districts"]
    dates: list[MonthDay] = Field(min_length=1, description="days of every year")
    running: bool = Field(description="held before the plan was issued")
    editions: int | None = Field(default=None, ge=1)
    per_100k: ParameterName | None = None
    cost: ParameterName = Field(description="yuan at first-year prices")
    staff: ParameterName = Field(description="persons, for a day")
    reach: ParameterName = Field(description="persons reached on the spot")
    minimum_scale: ParameterName | None = Field(
        default=None,
        description="smallest scale at which an edition is worth holding; null: with less money or "
        "staff fewer editions are held, not smaller ones",
    )

    @model_validator(mode="after")
    def _editions_are_counted_one_way(self) -> EventSeries:
        if (self.editions is None) == (self.per_100k is None):
            given = f"editions {self.editions}, per_100k {self.per_100k}".replace("None", "null")
            raise RuleBroken("rule.editions", key="editions", value=given)
        return self


class Events(Section):
    """The series of events, and whom they can call upon."""

    staff_available: ParameterName = Field(
        description="share of full-time and part-time staff available for events on one day"
    )
    usual_scale: ParameterName = Field(
        description="share of the full scale of running series that was held before the plan"
    )
    series: dict[Identifier, EventSeries] = Field(min_length=1)

    @property
    def envelopes(self) -> frozenset[str]:
        """The groups that pay for some series."""
        return frozenset(series.group for series in self.series.values())
