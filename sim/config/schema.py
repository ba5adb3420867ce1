"""What a configuration may say: the one schema of kepusim.

Every number, name and switch that reaches the simulation passes through these models. They are
frozen, reject unknown keys and non-finite numbers, and carry the description, unit and bounds that
error messages and documentation quote. Nothing here knows Hydra; :mod:`sim.hydra_bridge` turns the
same models into Hydra structured configs.

Money is in whole yuan, shares are fractions of one, dates are ISO dates inside the plan's horizon.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

SHARE_TOLERANCE = 1e-9

Share = Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)]
Yuan = Annotated[int, Field(ge=0)]
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Comparator = Literal[">=", ">", "<"]
Grade = Literal["plan", "statistic", "derived", "assumption"]


class Model(BaseModel):
    """Base of all schema classes: frozen, no unknown keys, no NaN or infinity."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


def _require_sum_one(shares: list[float], what: str) -> None:
    total = math.fsum(shares)
    if abs(total - 1.0) > SHARE_TOLERANCE:
        raise ValueError(f"{what} must sum to 1, but they sum to {total:.6g}")


class Label(Model):
    """A name in both languages."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


# --------------------------------------------------------------------------- parameters


class Parameter(Model):
    """An uncertain number of the world: a distribution with its evidence.

    ``varies`` says at what level a new value is drawn: once per ``draw`` (joint parameter sample),
    once per ``project``, per calendar ``year`` (and funding source) or per naming ``round``.
    """

    kind: Literal["fixed", "triangular", "pert", "uniform", "lognormal", "beta"]
    label: Label
    unit: str = Field(min_length=1)
    source: str | None = None
    grade: Grade
    known_from: dt.date | None
    note: str = Field(min_length=1)
    varies: Literal["draw", "project", "year", "round"] = "draw"
    integer: bool = False
    value: float | None = None
    low: float | None = None
    mode: float | None = None
    high: float | None = None
    median: float | None = None
    sigma: float | None = None
    a: float | None = None
    b: float | None = None

    @model_validator(mode="after")
    def _numbers_fit_the_kind(self) -> Parameter:
        wanted = {
            "fixed": ("value",),
            "triangular": ("low", "mode", "high"),
            "pert": ("low", "mode", "high"),
            "uniform": ("low", "high"),
            "lognormal": ("median", "sigma"),
            "beta": ("a", "b", "low", "high"),
        }[self.kind]
        every = ("value", "low", "mode", "high", "median", "sigma", "a", "b")
        missing = [name for name in wanted if getattr(self, name) is None]
        surplus = [n for n in every if n not in wanted and getattr(self, n) is not None]
        if missing:
            raise ValueError(f"a {self.kind} parameter needs {', '.join(missing)}")
        if surplus:
            raise ValueError(f"a {self.kind} parameter takes no {', '.join(surplus)}")
        if self.low is not None and self.high is not None:
            middle = self.low if self.mode is None else self.mode
            if not self.low <= middle <= self.high:
                raise ValueError(
                    "reversed range: low <= mode <= high must hold, "
                    f"got {self.low:g} / {middle:g} / {self.high:g}"
                )
            if self.low == self.high:
                raise ValueError("an empty range (low = high) is written as kind: fixed")
        if self.kind == "lognormal" and not (
            (self.median or 0.0) > 0.0 and (self.sigma or 0.0) > 0.0
        ):
            raise ValueError("a lognormal parameter needs median > 0 and sigma > 0")
        if self.kind == "beta" and not ((self.a or 0.0) > 0.0 and (self.b or 0.0) > 0.0):
            raise ValueError("a beta parameter needs a > 0 and b > 0")
        return self

    @model_validator(mode="after")
    def _evidence_is_complete(self) -> Parameter:
        if self.grade != "assumption" and self.source is None:
            raise ValueError(f"grade {self.grade} needs a source (an id of sources.csv)")
        if self.grade == "assumption" and self.known_from is None:
            raise ValueError(
                "an assumption needs known_from: the date of the latest source its range "
                "leans on, else the plan's date"
            )
        return self


# --------------------------------------------------------------------------- the plan


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


class LadderMeasure(Model):
    """Number of bases holding a title of one level of the ladder."""

    type: Literal["ladder"] = "ladder"
    level: Identifier


class StaffMeasure(Model):
    """Persons, or the share (per cent) of them who hold a bachelor degree."""

    type: Literal["staff"] = "staff"
    count: Literal["persons", "bachelor_share"]


Measure = Annotated[
    DeliveredMeasure | PlacesMeasure | CoverageMeasure | LadderMeasure | StaffMeasure,
    Field(discriminator="type"),
]


class Target(Model):
    """One quantitative goal of the plan.

    ``baseline`` is a number read in a source, or the name of the parameter that stands for it, or
    null where the first measurement belongs to the (not yet modelled) mechanism. ``measured_by``
    is null for a target that is listed but not simulated.
    """

    clause: list[str] = Field(min_length=1)
    name: Label
    group: Identifier
    kind: Literal["plan", "operationalised", "diagnostic"] = "plan"
    measure: Literal["stock", "new"]
    comparator: Comparator
    goal: float
    unit: Label
    baseline: float | Identifier
    deadline: dt.date
    definition: Identifier | None = None
    measured_by: Measure | None = None
    note: str | None = None

    @property
    def modelled(self) -> bool:
        """Whether the simulation produces a value for this target."""
        return self.measured_by is not None


class ProgrammeVariant(Model):
    """Parameters that replace a programme's own under one reading of a definition."""

    unit_cost: Identifier
    build_months: Identifier


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
    unit_cost: Identifier
    build_months: Identifier
    running_cost: Identifier | None = None
    full_time_posts: Identifier | None = None
    part_time_posts: Identifier | None = None
    visits: Identifier | None = None
    staffed_hosts: Identifier | None = Field(
        default=None, description="share of hosts that have the staff already"
    )
    covers: Literal["urban_communities", "villages"] | None = Field(
        default=None, description="each unit covers one uncovered place of this universe"
    )
    may_cover: Literal["urban_communities"] | None = Field(
        default=None, description="a unit covers a place if it happens to open in an uncovered one"
    )
    training_seats: Identifier | None = Field(
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
    round_dates: list[Identifier] = Field(
        default=[], description="parameters: years after the start of the horizon (rounds: dated)"
    )
    approval_days: Identifier | None = Field(
        default=None, description="deadline for applications to naming (rounds: yearly)"
    )
    quota: Identifier
    applicants: Identifier = Field(description="share of the eligible that apply")
    acceptance: Identifier = Field(description="share of applicants that the panel accepts")
    minimum_age_years: Identifier | None = None
    minimum_service: Identifier | None = None
    staffed_share: Identifier | None = Field(
        default=None, description="share of the bases of the start that have the required staff"
    )
    delisting: Identifier | None = None
    term_years: Identifier | None = None
    baseline_expiry: Identifier | None = None
    renewal: Identifier | None = None


class MonthDay(Model):
    """A day of every year."""

    month: int = Field(ge=1, le=12)
    day: int = Field(ge=1, le=28)


class Calendar(Model):
    """Recurring and single dates of the planning cycle."""

    first_window: dt.date
    yearly_window: MonthDay
    releases: list[MonthDay] = Field(min_length=4, max_length=4)
    application_deadline: MonthDay
    mid_year_meeting: MonthDay
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
    crews: Identifier
    wage: Identifier


class Reading(Model):
    """One reading of an ambiguous definition; ``switch`` is the value that selects it."""

    switch: str | bool
    name: Label


class Definition(Model):
    """A phrase of the plan that can be read in two ways, both of which are reported."""

    name: Label
    readings: dict[str, Reading] = Field(min_length=2, max_length=2)
    changes_run: bool = Field(
        default=False, description="the switch changes what happens, so one run has one reading"
    )
    note: str


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
    zones: dict[str, Zone]
    groups: dict[str, Group]
    sources: dict[str, Label] = Field(description="public funding sources")
    match_source: Identifier = Field(description="the source that districts pay themselves")
    capital_group: Identifier = Field(description="the group whose city purse is the capital pool")
    calendar: Calendar
    definitions: dict[str, Definition]
    targets: dict[str, Target]
    programmes: dict[str, Programme]
    ladder: dict[str, LadderLevel]
    joint_labels: JointLabels

    @model_validator(mode="after")
    def _horizon_is_ordered(self) -> Plan:
        if not self.start <= self.issued <= self.end:
            raise ValueError("start <= issued <= end must hold")
        whole_years = (self.start.month, self.start.day, self.end.month, self.end.day)
        if whole_years != (1, 1, 12, 31):
            raise ValueError("the horizon must be whole fiscal years, 1 January to 31 December")
        return self


# --------------------------------------------------------------------------- the scenario


class ScenarioName(Model):
    """Identity of a scenario preset; it does not influence results."""

    name: str = Field(min_length=1)
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
        _require_sum_one(list(self.source_shares.values()), "budget.source_shares")
        _require_sum_one(self.year_shares, "budget.year_shares")
        _require_sum_one(self.quarter_shares, "budget.quarter_shares")
        return self


class Reallocation(Model):
    """What the mid-year meeting may move between envelopes of one group."""

    enabled: bool
    threshold: Share = Field(
        description="uncommitted money stays put up to this share of the envelope's yearly releases"
    )


class Allocation(Model):
    """How released money is divided over groups, levels and districts."""

    rule: Literal["population", "equal", "need", "equity", "performance", "custom"]
    weights: dict[str, float] = Field(
        default={}, description="rule custom: weight by adcode, every district named"
    )
    equity_zones: list[str] = []
    equity_factor: float = Field(
        default=1.0, ge=1.0, le=100.0, description="weight of equity_zones relative to the others"
    )
    performance_share: Share = Field(
        default=0.5, description="part of the weight that follows last year's delivery"
    )
    group_shares: dict[str, Share]
    city_shares: dict[str, Share] = Field(
        description="share of each group's money that stays with the city"
    )
    capital_share: Share = Field(description="share of the capital group's money that is a pool")
    reallocation: Reallocation

    @model_validator(mode="after")
    def _shares_sum_to_one(self) -> Allocation:
        _require_sum_one(list(self.group_shares.values()), "allocation.group_shares")
        if self.rule == "custom" and not self.weights:
            raise ValueError("rule custom needs allocation.weights: a weight for every adcode")
        if self.rule != "custom" and self.weights:
            raise ValueError(f"allocation.weights has no meaning with rule {self.rule}")
        return self

    @field_validator("weights", mode="after")
    @classmethod
    def _weights_are_usable(cls, weights: dict[str, float]) -> dict[str, float]:
        if any(weight < 0.0 for weight in weights.values()):
            raise ValueError("weights must not be negative")
        if weights and not any(weights.values()):
            raise ValueError("at least one weight must be positive")
        return weights


class Planning(Model):
    """How districts turn a quota into proposals."""

    margin: float = Field(ge=0.0, le=1.0, description="quota in excess of the gap, share")
    pace: Share = Field(description="largest share of the initial gap proposed in one year")
    overcommitment: float = Field(gt=0.0, le=100.0, description="factor on the money in sight")


class Run(Model):
    """Everything one run is made of."""

    plan: Plan
    parameters: dict[str, Parameter]
    scenario: ScenarioName
    budget: Budget
    allocation: Allocation
    planning: Planning
    definitions: dict[str, str | bool]
    shocks: list[str] = Field(max_length=0, default=[])
    seed: int = Field(ge=0, le=2**63 - 1)
    replications: int = Field(ge=1, le=10_000_000)
    replications_per_draw: int = Field(ge=1)
    workers: int | None = Field(ge=1, le=4096, description="processes; null means all cores")
    backend: Literal["serial", "processes", "dask"]
    record: Literal["targets", "city", "full"]
    trace: int | None = Field(default=None, ge=0)
    language: Literal["zh", "en", "both"]
