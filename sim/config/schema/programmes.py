"""Programmes that deliver countable units, and the ladder of bases."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sim.config.schema.base import (
    Identifier,
    Label,
    Model,
    ParameterName,
    ProjectParameter,
    RoundOrDrawParameter,
    RoundParameter,
)


class ProgrammeVariant(Model):
    """Parameters that replace a programme's own under one reading of a definition."""

    unit_cost: ParameterName
    build_months: ProjectParameter


class Programme(Model):
    """One line of the plan that delivers countable units.

    All quantities are names of parameters; an absent one is zero. ``cohort`` is the number of units
    that one project delivers. ``pool`` names the purse that pays: the district's envelope of the
    programme's group, the city's, or the city's capital pool.
    """

    name: Label
    clause: list[str] = Field(min_length=1)
    target: Identifier
    group: Identifier
    pool: Literal["district", "city"]
    place: Literal["districts", "city"]
    quota_key: Literal["population", "urban_communities", "villages", "equal", "one_each", "city"]
    running: bool = Field(description="already running before the plan was issued")
    priority_class: int = Field(ge=1, le=9)
    cohort: int = Field(default=1, ge=1)
    needs: list[Literal["review", "crew", "staff"]] = []
    unit_cost: ParameterName
    build_months: ProjectParameter
    running_cost: ParameterName | None = None
    full_time_posts: ParameterName | None = None
    part_time_posts: ParameterName | None = None
    visits: ParameterName | None = None
    citywide: bool = Field(
        default=False,
        description="reaches the whole city, as broadcasts and journals do: its visits are media "
        "contacts a year and unit, spread by population",
    )
    staffed_hosts: ParameterName | None = Field(
        default=None, description="share of hosts that have the staff already"
    )
    covers: Literal["urban_communities", "villages"] | None = Field(
        default=None, description="each unit covers one uncovered place of this universe"
    )
    may_cover: Literal["urban_communities"] | None = Field(
        default=None, description="a unit covers a place if it happens to open in an uncovered one"
    )
    training_seats: ParameterName | None = Field(
        default=None, description="training seats a year that each unit adds for staff"
    )
    feeds: Identifier | None = Field(
        default=None, description="ladder level for which an opened unit becomes a candidate"
    )
    variants: dict[str, dict[str, ProgrammeVariant]] = {}


class LadderLevel(Model):
    """One level of the ladder of bases and the rounds that name them."""

    name: Label
    target: Identifier
    below: Identifier | None = Field(default=None, description="level whose bases may apply")
    rounds: Literal["yearly", "dated"]
    round_dates: list[ParameterName] = Field(
        default=[], description="parameters: years after the start of the horizon (rounds: dated)"
    )
    approval_days: RoundParameter | None = Field(
        default=None, description="deadline for applications to naming (rounds: yearly)"
    )
    quota: RoundOrDrawParameter
    applicants: ParameterName = Field(description="share of the eligible that apply")
    acceptance: ParameterName = Field(description="share of applicants that the panel accepts")
    minimum_age_years: ParameterName | None = None
    minimum_service: ParameterName | None = None
    staffed_share: ParameterName | None = Field(
        default=None, description="share of the bases of the start that have the required staff"
    )
    delisting: ParameterName | None = None
    term_years: ParameterName | None = None
    baseline_expiry: ParameterName | None = None
    renewal: ParameterName | None = None
