"""Scientific literacy: how it moves in city and nation, and how surveys see it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sim.config.schema.base import Model, ParameterName, Section


class Contacts(Model):
    """What one kind of contact with science popularization does to literacy.

    ``elsewhere`` are contacts a year and resident that neither facilities nor programmes of the
    plan bring, and that go on whatever happens to it; an absent one is zero.
    """

    effect: ParameterName = Field(
        description="log-odds a year that go with the contacts of the start: lost without any, "
        "gained once more with three times as many"
    )
    elsewhere: ParameterName | None = None


class Sample(Model):
    """Persons interviewed in one survey, in the city and in the nation."""

    city: ParameterName
    nation: ParameterName


class Survey(Sample):
    """A survey that measures the state at the end of ``year``."""

    year: int


class Literacy(Section):
    """Literate shares of districts, city and nation, and the surveys that measure them.

    Shares are in per cent of adults, ``slope`` and ``deviation`` in log-odds a year.
    """

    city: ParameterName = Field(description="share that the survey of the start measured")
    nation: ParameterName
    start: Sample = Field(description="the survey of the start")
    surveys: list[Survey] = Field(min_length=1)
    design_effect: ParameterName = Field(
        description="factor on the sampling variance of a simple random sample"
    )
    slope: ParameterName = Field(description="yearly change of the nation's log-odds")
    deviation: ParameterName = Field(description="what the city's slope has more than the nation's")
    district_noise: ParameterName = Field(
        description="standard deviation of a district's yearly change, log-odds"
    )
    previous_year: ParameterName = Field(
        description="weight of last year's contacts in what is learned this year"
    )
    contacts: dict[Literal["visits", "events", "media", "training"], Contacts]
    urbanisation: dict[str, ParameterName] = Field(
        description="urban share of every zone's population, per cent"
    )
    urbanisation_effect: ParameterName = Field(
        description="log-odds by which a wholly urban place led a wholly rural one at the start"
    )
    ahead: list[str] = Field(min_length=1, description="zones at the upper end of the regional gap")
    behind: list[str] = Field(min_length=1, description="zones at its lower end")
