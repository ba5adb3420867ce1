"""The scenarios that an experiment compares: their design points and what to call them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from experiments.shared.inquiry import Inquiry
from experiments.shared.scenario_entries import SCENARIO, NamedScenario, ScenarioEntry
from sim.answer.settings import scenario_label
from sim.config.errors import ConfigError
from sim.study.study import DesignPoint
from sim.words import Label


@dataclass(frozen=True)
class Compared:
    """One scenario of several: its design point, and its name in both languages."""

    point: DesignPoint
    label: Label

    @property
    def names(self) -> set[str]:
        """What it goes by in texts and tables, large and small letters alike."""
        return {name.casefold() for name in (self.point.name, *self.label.values())}


def compared_scenarios(inquiry: Inquiry[Any], entries: Sequence[ScenarioEntry]) -> list[Compared]:
    """The same as below; all must be about the same targets. Raises ConfigError."""
    compared = called_scenarios(inquiry, entries)
    for point in (one.point for one in compared):
        if point.run.plan.targets.keys() != inquiry.base.plan.targets.keys():
            raise ConfigError("inquiry.other_plan", key="study.scenarios", value=point.name)
    return compared


def called_scenarios(inquiry: Inquiry[Any], entries: Sequence[ScenarioEntry]) -> list[Compared]:
    """One design point an entry, see :meth:`Inquiry.scenarios`, with what it is called.

    Raises ConfigError, also if one has a name of its own that another goes by.
    """
    points = inquiry.scenarios(entries)
    compared = [
        Compared(
            point, entry.name.model_dump() if isinstance(entry, NamedScenario) else _label(point)
        )
        for entry, point in zip(entries, points, strict=True)
    ]
    for i, own in enumerate(compared):
        for j, other in enumerate(compared[:i]):
            both = [k for k in (i, j) if isinstance(entries[k], NamedScenario)]
            if both and own.names & other.names:
                key = f"study.scenarios.{both[0]}.name"
                raise ConfigError("inquiry.name_twice", key=key, value=compared[both[0]].point.name)
    return compared


def _label(point: DesignPoint) -> Label:
    """The preset's own name, and in words the overrides that were given with it."""
    more = [part for part in shlex.split(point.name) if "=" in part]
    own = [part for part in more if not part.startswith(f"{SCENARIO}=")]
    config = point.run.model_dump(mode="json")
    return scenario_label(point.run.scenario.label.model_dump(), own, config)


def file_names(scenarios: Sequence[str]) -> list[str]:
    """What stands for names of scenarios in names of files: distinct, letters large or small.

    Never an underscore and a number: so end the names of further pages.
    """
    found: list[str] = []
    for number, name in enumerate(scenarios, start=1):
        safe = re.sub(r"[\W_]+", "-", name).strip("-")[:60]
        known = {own.casefold() for own in found}
        found.append(safe if safe and safe.casefold() not in known else f"{safe}-{number}")
    return found
