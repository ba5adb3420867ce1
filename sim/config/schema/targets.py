"""Targets of a plan and how they are measured."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from sim.config.schema.base import (
    Comparator,
    Identifier,
    Label,
    Model,
    Note,
    ParameterName,
)

_READING = "what is counted where the target has no definition, which would report both readings"


class DeliveredMeasure(Model):
    """Units delivered by one programme, on top of the baseline if the target is a stock."""

    type: Literal["delivered"] = "delivered"
    programme: Identifier


class PlacesMeasure(Model):
    """Number of districts that have at least one facility of the programme."""

    type: Literal["places"] = "places"
    programme: Identifier


class CoverageMeasure(Model):
    """Share (per cent) of a universe of small places that count as covered."""

    type: Literal["coverage"] = "coverage"
    universe: Literal["urban_communities", "villages"]
    reading: Literal["narrow", "wide"] | None = Field(default=None, description=_READING)


class LadderMeasure(Model):
    """Number of bases holding a title of one level of the ladder."""

    type: Literal["ladder"] = "ladder"
    level: Identifier
    reading: Literal["until_replaced", "strict", "promoted_count", "promoted_leave"] | None = Field(
        default=None, description=_READING
    )


class StaffMeasure(Model):
    """Persons, or the share (per cent) of them who hold a bachelor degree."""

    type: Literal["staff"] = "staff"
    count: Literal["persons", "bachelor_share"]
    reading: Literal["strict", "broad"] | None = Field(default=None, description=_READING)


class VolunteersMeasure(Model):
    """Registered volunteers."""

    type: Literal["volunteers"] = "volunteers"


class ExpertsMeasure(Model):
    """Experts in the city's pool."""

    type: Literal["experts"] = "experts"


class FarmersMeasure(Model):
    """Farmers trained, those before the start included."""

    type: Literal["farmers"] = "farmers"


class RegulationMeasure(Model):
    """1 once the regulation is enacted, else 0."""

    type: Literal["regulation"] = "regulation"


class IndustryMeasure(Model):
    """Firms of the industry, or their yearly output in yuan."""

    type: Literal["industry"] = "industry"
    count: Literal["firms", "output"]
    reading: Literal["core", "broad"] | None = Field(default=None, description=_READING)


class LiteracyMeasure(Model):
    """Survey values of scientific literacy, in percentage points.

    ``gain``: over the survey of the start; ``gap``: to the nation; ``regional_gap`` and
    ``urban_rural_gap``: change of the gap between regions, and between town and country, since the
    start.
    """

    type: Literal["literacy"] = "literacy"
    count: Literal["gain", "gap", "regional_gap", "urban_rural_gap"]


class EventsMeasure(Model):
    """Editions held of some series of events."""

    type: Literal["events"] = "events"
    series: list[Identifier] = Field(min_length=1)


class GovernanceMeasure(Model):
    """Steps of the yearly governance cycle that took place."""

    type: Literal["governance"] = "governance"


Measure = Annotated[
    DeliveredMeasure
    | PlacesMeasure
    | CoverageMeasure
    | LadderMeasure
    | StaffMeasure
    | VolunteersMeasure
    | ExpertsMeasure
    | FarmersMeasure
    | RegulationMeasure
    | IndustryMeasure
    | LiteracyMeasure
    | EventsMeasure
    | GovernanceMeasure,
    Field(discriminator="type"),
]


class Target(Model):
    """One quantitative goal of the plan.

    ``baseline`` is a number read in a source, or the name of the parameter that stands for it.
    ``measured_by`` is null for a target that is listed but not simulated. What can be counted in
    two ways says in which: ``definition`` names a phrase of which both readings are reported, the
    measure's own ``reading`` the only one.
    """

    clause: list[str] = Field(min_length=1)
    name: Label
    group: Identifier
    kind: Literal["plan", "operationalised", "diagnostic"] = "plan"
    measure: Literal["stock", "new"]
    comparator: Comparator
    goal: float
    unit: Label
    baseline: float | ParameterName
    deadline: dt.date
    definition: Identifier | None = None
    measured_by: Measure | None = None
    note: Note | None = None

    @property
    def modelled(self) -> bool:
        """Whether the simulation produces a value for this target."""
        return self.measured_by is not None
