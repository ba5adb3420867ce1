"""Who uses which parameter: the mechanisms of the model and the entries of a plan.

A plan names most of its parameters itself (programmes, ladder, zones, baselines). The mechanisms
that every plan shares name theirs here, so that a missing parameter and a parameter without any
user can both be found before a run.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sim.config.schema import LadderLevel, Plan, Programme

MECHANISMS: dict[str, tuple[str, ...]] = {
    "money": (
        "execution_factor",
        "existing_run_share",
        "programme_paid_share",
        "cost_inflation",
        "wage_growth",
        "project_cost_factor",
        "build_delay_factor",
        "minimum_service_level",
    ),
    "review": (
        "review_panels",
        "review_service_days",
        "review_send_back",
        "review_rework_days",
    ),
    "people": (
        "full_time_density",
        "part_to_full_time_ratio",
        "free_trained_share",
        "part_time_free_share",
        "bachelor_share_baseline",
        "part_time_bachelor_share",
        "hires_bachelor_share",
        "attrition",
        "part_time_attrition",
        "part_time_entry",
        "candidates",
        "graduate_peak",
        "conversion_rate",
        "upgrade_rate",
        "staff_pay",
        "pay_elasticity",
        "training_seats_share",
    ),
}
"""Parameters that the model asks for by name, by mechanism."""

MECHANISM_PARAMETERS: tuple[str, ...] = tuple(
    name for names in MECHANISMS.values() for name in names
)
"""Parameters that every plan needs, whatever its programmes."""

PROGRAMME_FIELDS = (
    "unit_cost",
    "build_months",
    "running_cost",
    "full_time_posts",
    "part_time_posts",
    "visits",
    "training_seats",
    "staffed_hosts",
)
"""Fields of a programme that hold the name of a parameter."""

LADDER_FIELDS = (
    "approval_days",
    "quota",
    "applicants",
    "acceptance",
    "minimum_age_years",
    "minimum_service",
    "staffed_share",
    "delisting",
    "term_years",
    "baseline_expiry",
    "renewal",
)
"""Fields of a ladder level that hold the name of a parameter; ``round_dates`` holds several."""


LEVELS = {
    "execution_factor": ("year",),
    "project_cost_factor": ("project",),
    "review_service_days": ("project",),
    "review_rework_days": ("project",),
    "build_months": ("project",),
    "approval_days": ("round",),
    "quota": ("round", "draw"),
}
"""Levels at which the model draws, by mechanism parameter or field; all others vary by draw."""

_SINGULAR = {
    "mechanism": "mechanism",
    "zones": "zone",
    "ladder": "ladder level",
    "programmes": "programme",
    "targets": "target",
}


class Reference(NamedTuple):
    """One use of a parameter.

    ``theme`` is the kind of user: ``mechanism``, ``zones``, ``ladder``, ``programmes`` or
    ``targets``; ``user`` the mechanism's name or the id of the entry; ``field`` the entry's field
    that holds the name, empty for a mechanism.
    """

    parameter: str
    theme: str
    user: str
    field: str

    @property
    def key(self) -> str:
        """Dotted path of the setting that holds, or should hold, the parameter."""
        if self.theme == "mechanism":
            return f"parameters.{self.parameter}"
        return f"plan.{self.theme}.{self.user}.{self.field}"

    @property
    def levels(self) -> tuple[str, ...]:
        """Levels (``varies``) at which this user draws the parameter."""
        name = self.field.rpartition(".")[2] or self.parameter
        return LEVELS.get(name, ("draw",))

    @property
    def needed_by(self) -> str:
        """The user in words: ``programme district_venues``, ``mechanism money``."""
        return f"{_SINGULAR[self.theme]} {self.user}"


def references(plan: Plan) -> tuple[Reference, ...]:
    """All uses of parameters: those of the mechanisms first, then those of the plan's entries."""
    return (
        *_of_mechanisms(),
        *_of_zones(plan),
        *_of_ladder(plan),
        *_of_programmes(plan),
        *_of_targets(plan),
    )


def _of_mechanisms() -> Iterator[Reference]:
    for mechanism, names in MECHANISMS.items():
        for name in names:
            yield Reference(name, "mechanism", mechanism, "")


def _of_zones(plan: Plan) -> Iterator[Reference]:
    for zone_id, zone in plan.zones.items():
        yield Reference(zone.crews, "zones", zone_id, "crews")
        yield Reference(zone.wage, "zones", zone_id, "wage")


def _of_ladder(plan: Plan) -> Iterator[Reference]:
    for level_id, level in plan.ladder.items():
        for field, name in _names(level, LADDER_FIELDS):
            yield Reference(name, "ladder", level_id, field)
        for i, name in enumerate(level.round_dates):
            yield Reference(name, "ladder", level_id, f"round_dates.{i}")


def _of_programmes(plan: Plan) -> Iterator[Reference]:
    for programme_id, programme in plan.programmes.items():
        for field, name in _names(programme, PROGRAMME_FIELDS):
            yield Reference(name, "programmes", programme_id, field)
        for definition, variants in programme.variants.items():
            for reading, variant in variants.items():
                path = f"variants.{definition}.{reading}"
                for field in ("unit_cost", "build_months"):
                    name = getattr(variant, field)
                    yield Reference(name, "programmes", programme_id, f"{path}.{field}")


def _of_targets(plan: Plan) -> Iterator[Reference]:
    for target_id, target in plan.targets.items():
        if isinstance(target.baseline, str):
            yield Reference(target.baseline, "targets", target_id, "baseline")


def _names(entry: Programme | LadderLevel, fields: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for field in fields:
        name: str | None = getattr(entry, field)
        if name is not None:
            yield field, name
