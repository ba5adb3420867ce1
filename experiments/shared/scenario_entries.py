"""Scenarios as ``study.scenarios`` lists them: texts, or overrides under a name of one's own."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Annotated

from pydantic import Discriminator, Field, Tag, field_validator

from sim import edge
from sim.config.directory import groups
from sim.config.errors import COMMAND_LINE, ConfigError
from sim.config.schema import Label
from sim.config.schema.base import Model, RuleBroken
from sim.words import Said

SCENARIO = "scenario"
MOST = 8
"""Scenarios that one study compares: more colours and shapes could not be told apart."""
LONGEST = 60
"""Characters of a name: it heads columns and stands in keys."""


class NamedScenario(Model):
    """Overrides of a scenario, and what people call what they describe.

    Attributes:
        name: in both languages; one text is both.
        overrides: KEY=VALUE each, ``scenario=PRESET`` among them or not; one text holds several.
    """

    name: Label
    overrides: list[str] = Field(default_factory=list)

    @field_validator("name", mode="before")
    @classmethod
    def _in_both_languages(cls, name: object) -> object:
        texts = name.values() if isinstance(name, Mapping) else [name]
        for text in texts:
            if isinstance(text, str) and not 1 <= len(text.strip()) <= LONGEST:
                raise RuleBroken("inquiry.no_name")
        return {"zh": name.strip(), "en": name.strip()} if isinstance(name, str) else name

    @field_validator("overrides", mode="before")
    @classmethod
    def _one_by_one(cls, overrides: object) -> object:
        if not isinstance(overrides, str):
            return overrides
        try:
            return shlex.split(overrides)
        except ValueError:
            raise RuleBroken("inquiry.open_quotes") from None


def _kind(entry: object) -> str:
    return "named" if isinstance(entry, Mapping | NamedScenario) else "text"


ScenarioEntry = Annotated[
    Annotated[str, Tag("text")] | Annotated[NamedScenario, Tag("named")], Discriminator(_kind)
]
"""A preset with overrides after it, "double planning.pace=0.5", or one with a name of its own."""


def name_of(entry: ScenarioEntry) -> str:
    """What its design point is called."""
    return entry.name.en if isinstance(entry, NamedScenario) else entry


def place_of(entry: ScenarioEntry, number: int) -> str:
    """Where its overrides stand."""
    place = f"study.scenarios.{number}"
    return place if isinstance(entry, str) else f"{place}.overrides"


def overrides_of(entry: ScenarioEntry, place: str) -> list[str]:
    """The overrides that it stands for. Raises ConfigError that names their ``place``."""
    overrides = _in_text(entry, place) if isinstance(entry, str) else entry.overrides
    presets = groups()[SCENARIO]
    for number, override in enumerate(overrides):
        if "=" not in override and not override.startswith("~"):
            raise ConfigError(
                "inquiry.no_override",
                key=place if isinstance(entry, str) else f"{place}.{number}",
                value=override,
                known=presets,
                nearest=f"{SCENARIO}={override}" if override in presets else None,
            )
    try:
        return edge.readable(overrides)
    except ConfigError as error:
        raise within(error, place) from None


def _in_text(text: str, place: str) -> list[str]:
    try:
        first, *more = shlex.split(text) or [""]
    except ValueError:
        raise ConfigError("inquiry.open_quotes", key=place, value=text) from None
    return [first, *more] if "=" in first else [f"{SCENARIO}={first}", *more]


def within(error: ConfigError, place: str) -> ConfigError:
    """``error`` about an entry of a list, which says at which ``place`` the entry stands."""
    for problem in error.problems:
        if problem.file in (None, COMMAND_LINE):
            problem.file = Said("refusal.within", {"file": COMMAND_LINE, "place": place})
    return error
