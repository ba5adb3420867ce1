"""Levers that a study turns: one or two numbers of the run, and the settings they are given."""

from __future__ import annotations

from typing import TypeVar

from pydantic import Field, ValidationInfo, model_validator

from experiments.shared.inquiry import Inquiry
from sim.config.errors import COMMAND_LINE, ConfigError
from sim.config.lever import MONEY, base_value
from sim.config.schema import Run
from sim.config.schema.study import StudySettings, given_keys
from sim.study.study import DesignPoint


class LeverSettings(StudySettings):
    """What studies of levers may hold: what is turned, and how far."""

    key: str = Field(min_length=1)
    values: list[float] | None = Field(default=None, min_length=1)
    factors: list[float] = Field(min_length=1)
    second_key: str | None = Field(default=None, min_length=1)
    second_values: list[float] | None = Field(default=None, min_length=1)

    @model_validator(mode="after")
    def _factors_are_of_use(self, info: ValidationInfo) -> LeverSettings:
        """Values win over factors; a second key without values of its own takes the factors."""
        used = self.values is None or (self.second_key and self.second_values is None)
        if not used and {"values", "factors"} <= given_keys(info):
            raise ConfigError(
                "levers.refused.factors",
                file=COMMAND_LINE,
                key="study.factors",
                value=self.factors,
            )
        return self


L = TypeVar("L", bound=LeverSettings)


def turned(inquiry: Inquiry[L], first: float, second: float | None = None) -> DesignPoint:
    """The base run with other settings of its levers. Raises ConfigError."""
    settings = {inquiry.settings.key: first}
    if inquiry.settings.second_key is not None and second is not None:
        settings[inquiry.settings.second_key] = second
    name = ", ".join(f"{key}={number:.15g}" for key, number in settings.items())
    return inquiry.altered(name, settings)


def settings_of(base: Run, chosen: LeverSettings) -> list[tuple[float, float | None]]:
    """The points of the sweep, second lever first in order; it is None where there is none.

    With one lever the run's own number is always among them: it is what all others are compared
    with. Raises ConfigError.
    """
    own = base_value(base, chosen.key, "study.key")
    first = _numbers(chosen, "", own)
    if chosen.second_key is None:
        if chosen.second_values is not None:
            raise ConfigError(
                "levers.refused.no_second_key", file=COMMAND_LINE, key="study.second_key"
            )
        return [(number, None) for number in sorted({*first, own})]
    if chosen.second_key == chosen.key:
        raise ConfigError(
            "levers.refused.same_key",
            file=COMMAND_LINE,
            key="study.second_key",
            value=chosen.second_key,
        )
    second = _numbers(chosen, "second_", base_value(base, chosen.second_key, "study.second_key"))
    return [(one, other) for other in sorted(second) for one in sorted(first)]


def _numbers(chosen: LeverSettings, prefix: str, own: float) -> list[float]:
    """The settings of a lever, as given or as factors of ``own``. Raises ConfigError."""
    key = chosen.second_key if prefix else chosen.key
    values = chosen.second_values if prefix else chosen.values
    name = f"study.{prefix}values"
    if values is None:
        if key not in MONEY:
            raise ConfigError(
                "levers.refused.no_money",
                file=COMMAND_LINE,
                key=name,
                lever=key,
                own=f"{own:.15g}",
            )
        if own == 0.0:
            raise ConfigError("levers.refused.nothing", file=COMMAND_LINE, key=name, lever=key)
        name, values = "study.factors", [float(round(own * factor)) for factor in chosen.factors]
    twice = sorted({value for value in values if values.count(value) > 1})
    if twice:
        raise ConfigError(
            "levers.refused.twice",
            file=COMMAND_LINE,
            key=name,
            value=", ".join(f"{value:.15g}" for value in twice),
        )
    if len({*values, *([] if chosen.second_key else [own])}) < 2:
        raise ConfigError(
            "levers.refused.one",
            file=COMMAND_LINE,
            key=name,
            value=f"{values[0]:.15g}",
        )
    return values
