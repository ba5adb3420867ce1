"""The scenarios that an experiment compares: their design points and what to call them."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from experiments.shared.inquiry import SCENARIO, Inquiry
from sim.answer.settings import scenario_label
from sim.config.errors import ConfigError
from sim.study.study import DesignPoint
from sim.words import Label


@dataclass(frozen=True)
class Compared:
    """One scenario of several: its design point, and its name in both languages."""

    point: DesignPoint
    label: Label


def compared_scenarios(inquiry: Inquiry[Any], texts: Sequence[str]) -> list[Compared]:
    """One design point a text, see :meth:`Inquiry.scenarios`; all must be about the same targets.

    Raises ConfigError.
    """
    points = inquiry.scenarios(texts)
    for point in points:
        if point.run.plan.targets.keys() != inquiry.base.plan.targets.keys():
            raise ConfigError("inquiry.other_plan", key="study.scenarios", value=point.name)
    return [Compared(point, label_of(point)) for point in points]


def label_of(point: DesignPoint) -> Label:
    """The preset's own name, and in words the overrides that were given with it."""
    more = [part for part in shlex.split(point.name) if "=" in part]
    own = [part for part in more if not part.startswith(f"{SCENARIO}=")]
    config = point.run.model_dump(mode="json")
    return scenario_label(point.run.scenario.label.model_dump(), own, config)
