"""Who uses which parameter: the mechanisms of the model and the entries of a plan.

A plan names most of its parameters itself, in fields that the schema marks as such. The mechanisms
that every plan shares name theirs here, so that a missing parameter and a parameter without any
user can both be found before a run.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from types import UnionType
from typing import Annotated, NamedTuple, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from sim.config.schema import Drawn, Plan
from sim.words import Said

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

LEVELS = {
    "execution_factor": ("year",),
    "project_cost_factor": ("project",),
    "review_service_days": ("project",),
    "review_rework_days": ("project",),
}
"""Levels at which the mechanisms draw; all other parameters of theirs vary by draw."""

COLLECTIONS = {
    "zones": "zone",
    "ladder": "level",
    "programmes": "programme",
    "targets": "target",
}
"""Sections of a plan that hold entries by id, and what one entry is, in ``plan.thing``."""


class Reference(NamedTuple):
    """One use of a parameter.

    ``theme`` is ``mechanism`` or a section of the plan; ``user`` the mechanism's name or the id of
    the entry, empty in a section that has no entries; ``field`` the path of the field that holds
    the name, empty for a mechanism; ``levels`` are those (``varies``) at which the user draws it.
    """

    parameter: str
    theme: str
    user: str
    field: str
    levels: tuple[str, ...]

    @property
    def key(self) -> str:
        """Dotted path of the setting that holds, or should hold, the parameter."""
        if self.theme == "mechanism":
            return f"parameters.{self.parameter}"
        return ".".join(filter(None, ("plan", self.theme, self.user, self.field)))

    @property
    def needed_by(self) -> Said:
        """The user: ``programme district_venues``, ``mechanism money``, ``industry``."""
        if not self.user:
            return Said("plan.section", {"name": self.theme})
        thing = Said(f"plan.thing.{COLLECTIONS.get(self.theme, self.theme)}")
        return Said("plan.user", {"thing": thing, "name": self.user})


def references(plan: Plan) -> tuple[Reference, ...]:
    """All uses of parameters: those of the mechanisms first, then those of the plan's entries."""
    return (*_of_mechanisms(), *_of_plan(plan))


def _of_mechanisms() -> Iterator[Reference]:
    for mechanism, names in MECHANISMS.items():
        for name in names:
            yield Reference(name, "mechanism", mechanism, "", LEVELS.get(name, ("draw",)))


def _of_plan(plan: Plan) -> Iterator[Reference]:
    for path, name, levels in _marked(plan, ()):
        theme, *rest = path
        user = rest.pop(0) if theme in COLLECTIONS else ""
        yield Reference(name, theme, user, ".".join(rest), levels)


Found = tuple[tuple[str, ...], str, tuple[str, ...]]


def _marked(entry: BaseModel, path: tuple[str, ...]) -> Iterator[Found]:
    """(path, name of the parameter, levels) of every field that is marked as holding one."""
    for field, annotation in _annotations(type(entry)).items():
        yield from _within(getattr(entry, field), annotation, (*path, field))


def _within(value: object, annotation: object, path: tuple[str, ...]) -> Iterator[Found]:
    if isinstance(value, BaseModel):
        yield from _marked(value, path)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _within(item, get_args(annotation)[-1], (*path, str(key)))
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from _within(item, get_args(annotation)[-1], (*path, str(i)))
    elif isinstance(value, str):
        mark = _mark(annotation)
        if mark is not None:
            yield path, value, mark.levels


def _mark(annotation: object) -> Drawn | None:
    """The mark on a type, or on a member of a union."""
    arguments = get_args(annotation)
    if get_origin(annotation) is Annotated:
        marks = [m for m in arguments[1:] if isinstance(m, Drawn)]
        return marks[0] if marks else _mark(arguments[0])
    if get_origin(annotation) in (Union, UnionType):
        return next(filter(None, map(_mark, arguments)), None)
    return None


@cache
def _annotations(model: type[BaseModel]) -> dict[str, object]:
    hints = get_type_hints(model, include_extras=True)
    return {field: hints[field] for field in model.model_fields}
