"""Reliefs: what lifts one constraint of a run, and the design points that it makes."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, field_validator, model_validator

from experiments.bottlenecks.findings import TOGETHER
from experiments.shared.inquiry import Inquiry
from experiments.shared.settings import KEY
from sim.config.errors import ConfigError
from sim.config.schema.base import Label, Model, RuleBroken
from sim.study.study import DesignPoint
from sim.words import Said

if TYPE_CHECKING:
    from sim.config.schema import Parameter

LEVERS = (
    "allocation.", "budget.", "parameters.", "plan.calendar.", "plan.programmes.", "planning.",
    "shocks",
)  # fmt: skip
"""What a relief may change: the world and what is decided in it, not the seed or the question."""

Changes = dict[str, object]
"""Values of a run by dotted key."""

_RELIEFS = Said("bottlenecks.setting.reliefs")


class Relief(Model):
    """One constraint and how it is lifted: far enough that it cannot bind, and nothing else."""

    label: Label = Field(description="name of the constraint in both languages: {zh: ..., en: ...}")
    overrides: list[Annotated[str, Field(pattern=r"^[^=]+=")]] = Field(
        default=[], description="values of the run as KEY=VALUE, such as planning.pace=1"
    )
    fixed: dict[str, float] = Field(
        default={}, description="parameters fixed at a number; crews_* stands for all of that name"
    )
    stages: list[str] = Field(
        default=[], description="stages and reasons of the delay ledger behind which it stands"
    )

    @model_validator(mode="after")
    def _lifts_something(self) -> Relief:
        if not self.overrides and not self.fixed:
            raise RuleBroken("bottlenecks.refused.empty_relief", allowed=_RELIEFS)
        return self

    @field_validator("stages", mode="after")
    @classmethod
    def _stages_are_named_once(cls, stages: list[str]) -> list[str]:
        if len(set(stages)) < len(stages):
            raise RuleBroken("bottlenecks.refused.stage_twice", allowed=_RELIEFS)
        return stages


def relieved_points(
    inquiry: Inquiry[Any], base: DesignPoint, reliefs: Mapping[str, Relief]
) -> dict[str, DesignPoint]:
    """One design point a relief, and one for all of them if there are several.

    Raises ConfigError, also if a relief changes nothing, equals another or contradicts it.
    """
    changes = {name: changes_of(inquiry, name, relief) for name, relief in reliefs.items()}
    points: dict[str, DesignPoint] = {}
    for name, own in changes.items():
        point = inquiry.altered(name, own)
        twin = next((p.name for p in (base, *points.values()) if p.hash == point.hash), None)
        if twin is not None:
            raise ConfigError(
                "bottlenecks.refused.same_run", key=f"{KEY}.reliefs.{name}", twin=twin
            )
        points[name] = point
    if len(points) > 1:
        points[TOGETHER] = inquiry.altered(TOGETHER, _united(changes))
    return points


def changes_of(inquiry: Inquiry[Any], name: str, relief: Relief) -> Changes:
    """What a relief changes in the base run. Raises ConfigError."""
    changes = inquiry.values(relief.overrides)
    for key in changes:
        if not key.startswith(LEVERS):
            raise ConfigError(
                "bottlenecks.refused.lever",
                key=f"{KEY}.reliefs.{name}.overrides",
                value=key,
                allowed=[lever.rstrip(".") for lever in LEVERS],
            )
    parameters = inquiry.base.parameters
    for pattern, value in relief.fixed.items():
        names = [parameter for parameter in parameters if fnmatchcase(parameter, pattern)]
        if not names:
            key = f"{KEY}.reliefs.{name}.fixed.{pattern}"
            raise ConfigError("bottlenecks.refused.no_parameter", key=key, known=parameters)
        for parameter in names:
            changes |= _fixed(parameter, parameters[parameter], value)
    return changes


def _fixed(name: str, parameter: Parameter, value: float) -> Changes:
    """Make a parameter known; its unit, grade, and level of variation stay as they are."""
    ranges = ("low", "mode", "high", "median", "sigma", "a", "b")
    changes: Changes = {f"parameters.{name}.{key}": None for key in ranges if
                        getattr(parameter, key) is not None}  # fmt: skip
    return changes | {f"parameters.{name}.kind": "fixed", f"parameters.{name}.value": value}


def _united(changes: Mapping[str, Changes]) -> Changes:
    """All changes at once. Raises ConfigError if two reliefs want different values of one key."""
    united: Changes = {}
    for name, own in changes.items():
        for key, value in own.items():
            if key in united and united[key] != value:
                other = next(n for n in changes if key in changes[n])
                raise ConfigError(
                    "bottlenecks.refused.contradiction",
                    key=f"{KEY}.reliefs.{name}",
                    value=value,
                    other=other,
                    lever=key,
                )
            united[key] = value
    return united
