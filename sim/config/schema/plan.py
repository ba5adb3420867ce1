"""The plan of one jurisdiction: targets, programmes, calendar and vocabulary."""

from __future__ import annotations

import datetime as dt

from pydantic import Field, model_validator

from sim.config.schema.base import (
    Identifier,
    Label,
    Model,
    MonthDay,
    Note,
    ParameterName,
    RuleBroken,
)
from sim.config.schema.events import Events
from sim.config.schema.experts import Experts
from sim.config.schema.farmers import Farmers
from sim.config.schema.governance import Governance
from sim.config.schema.industry import Industry
from sim.config.schema.literacy import Literacy
from sim.config.schema.programmes import LadderLevel, Programme
from sim.config.schema.regulation import Regulation
from sim.config.schema.targets import Target
from sim.config.schema.volunteers import Volunteers


class Calendar(Model):
    """Recurring and single dates of the planning cycle."""

    first_window: dt.date
    yearly_window: MonthDay
    releases: list[MonthDay] = Field(min_length=4, max_length=4)
    application_deadline: MonthDay
    mid_year_meeting: MonthDay
    graduation_month: int = Field(ge=1, le=12, description="month in which graduates look for work")
    assessment_years: list[int]
    assessment: MonthDay


class Group(Model):
    """A programme group: what its money is for."""

    name: Label
    headline: bool
    has_envelope: bool = True


class Zone(Model):
    """A functional zone and the parameters that hold for it."""

    name: Label
    crews: ParameterName
    wage: ParameterName


class Reading(Model):
    """One reading of an ambiguous definition; ``switch`` is the value that selects it."""

    switch: str | bool
    name: Label


class Definition(Model):
    """A phrase of the plan that can be read in two ways, both of which are reported."""

    name: Label
    readings: dict[Identifier, Reading] = Field(min_length=2, max_length=2)
    changes_run: bool = Field(
        default=False, description="the switch changes what happens, so one run has one reading"
    )
    note: Note


class JointLabels(Model):
    """What the rows about several targets together are called."""

    all: Label
    met_count: Label


class Plan(Model):
    """Targets, programmes, calendar and vocabulary of one jurisdiction: data, not code."""

    id: Identifier
    name: Label
    city: Label
    city_code: int
    start: dt.date
    end: dt.date
    issued: dt.date
    districts: str = Field(description="CSV table of the places, in sim/data or a path")
    zones: dict[Identifier, Zone]
    groups: dict[Identifier, Group]
    sources: dict[Identifier, Label] = Field(description="public funding sources")
    match_source: Identifier = Field(description="the source that districts pay themselves")
    capital_group: Identifier = Field(description="the group whose city purse is the capital pool")
    calendar: Calendar
    definitions: dict[Identifier, Definition]
    targets: dict[Identifier, Target]
    programmes: dict[Identifier, Programme]
    ladder: dict[Identifier, LadderLevel]
    joint_labels: JointLabels
    volunteers: Volunteers | None = None
    regulation: Regulation | None = None
    experts: Experts | None = None
    farmers: Farmers | None = None
    events: Events | None = None
    governance: Governance | None = None
    industry: Industry | None = None
    literacy: Literacy | None = None

    @model_validator(mode="after")
    def _horizon_is_ordered(self) -> Plan:
        if not self.start <= self.issued <= self.end:
            raise RuleBroken(
                "rule.horizon",
                key="end" if self.end < max(self.start, self.issued) else "issued",
                value=f"start {self.start}, issued {self.issued}, end {self.end}",
                allowed="start <= issued <= end",
            )
        whole_years = (self.start.month, self.start.day, self.end.month, self.end.day)
        if whole_years != (1, 1, 12, 31):
            raise RuleBroken(
                "rule.whole_years",
                key="start" if whole_years[:2] != (1, 1) else "end",
                value=f"start {self.start}, end {self.end}",
            )
        return self
