"""A regulation on its way through the stages of legislation."""

from __future__ import annotations

import datetime as dt

from pydantic import Field

from sim.config.schema.base import (
    Identifier,
    Label,
    Model,
    MonthDay,
    ParameterName,
    RoundParameter,
    Section,
)


class LegislativeStage(Model):
    """One stage: it waits until it is on the agenda of a year, then takes its time."""

    name: Label
    months: RoundParameter = Field(description="how long the stage takes once it has begun")
    slip: ParameterName = Field(
        description="probability of missing the agenda, and so waiting for that of the next year"
    )


class Regulation(Section):
    """The stages from the first draft to the vote, in order."""

    start: dt.date = Field(description="day on which the first stage may begin")
    agenda: MonthDay = Field(description="day of the year on which the agenda is settled")
    stages: dict[Identifier, LegislativeStage] = Field(min_length=1)
