"""Checks of numbers against what their units can mean: no share above one, no negative money.

A unit is a text for readers; what it begins with decides. A parameter in a unit that is not listed
is an amount or a count: not negative.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from sim.config.errors import ConfigError
from sim.config.schema import DeliveredMeasure, Label, LadderMeasure, Parameter, Run, Target
from sim.plan.problems import Problems
from sim.words import Said

Bounds = tuple[float, float]

SUPPORTS: dict[str, Bounds] = {
    "share": (0.0, 1.0),
    "share of eligible": (0.01, 1.0),  # what a naming round needs is divided by these two
    "share of applicants": (0.01, 1.0),
    "probability": (0.0, 1.0),
    "per cent": (0.0, 100.0),
    "per cent of residents aged 18 to 69": (0.1, 99.9),  # whose odds are taken
    "percentage points": (-100.0, 100.0),
    "per year": (-0.5, 1.0),  # growth of prices and wages
    "log-odds": (-10.0, 10.0),
    "elasticity": (-10.0, 10.0),
    "standard deviation of the logarithm": (0.0, 5.0),
    "factor": (0.0, 100.0),
    "ratio": (0.0, 1_000.0),
    "yuan": (0.0, 1e12),
    "yuan per person per year": (1e3, 1e8),  # pay, by which other pay is divided
    "days": (0.0, 1e4),
    "months": (0.0, 1_200.0),
    "years": (0.0, 100.0),
    "persons": (0.0, 1e7),
    "persons interviewed": (100.0, 1e7),
    # What the model makes one by one: more of it fills the memory.
    "firms per": (0.0, 1_000.0),
    "firms": (0.0, 1e6),
    "activities": (0.0, 1e6),
    "bases": (0.0, 1e6),
    "crews": (0.0, 1e6),
    "districts": (0.0, 1e6),
    "grants": (0.0, 1e6),
    "panels": (0.0, 1e6),
    "posts": (0.0, 1e6),
    "rooms": (0.0, 1e6),
    "one": (-1e15, 1e15),  # a pure number, about which nothing is known
}
"""Lowest and highest value by unit, or by the words that a unit begins with: the longest hold."""

OTHERWISE: Bounds = (0.0, 1e9)
"""Lowest and highest value in any other unit."""

MOST_UNITS = 1e5
"""Largest goal of a target whose units are built or named one by one."""

_FARTHEST = 8.3  # standard deviations from the median, which a uniform of 53 bits cannot reach


def bounds(unit: str) -> Bounds:
    """Lowest and highest value that a number in ``unit`` may have."""
    words = unit.split(" ")
    beginnings = (" ".join(words[:n]) for n in range(len(words), 0, -1))
    return next((SUPPORTS[text] for text in beginnings if text in SUPPORTS), OTHERWISE)


def check_supports(run: Run) -> Problems:
    """Distributions of parameters stay within what their units allow."""
    for name, parameter in run.parameters.items():
        lowest, highest = bounds(parameter.unit)
        for field, shown, value in _numbers(parameter):
            if not lowest <= value <= highest:
                yield ConfigError(
                    "plan.parameter_beyond",
                    key=f"parameters.{name}{field}",
                    value=shown,
                    allowed=_words(lowest, highest, parameter.unit),
                )


def check_goals(target: Target, key: str) -> Problems:
    """Goal and baseline of a target are values that its unit can have."""
    lowest, highest = bounds(target.unit.en)
    if isinstance(target.measured_by, DeliveredMeasure | LadderMeasure):
        highest = min(highest, MOST_UNITS)
    for field, value in (("goal", target.goal), ("baseline", target.baseline)):
        if not isinstance(value, str) and not lowest <= value <= highest:
            yield ConfigError(
                f"plan.{field}_beyond",
                key=f"{key}.{field}",
                value=_shown(value),
                allowed=_words(lowest, highest, target.unit),
            )


def _numbers(parameter: Parameter) -> Iterator[tuple[str, object, float]]:
    """Field, how it is shown, and value of every number that lies in the parameter's unit."""
    for field in ("value", "low", "mode", "high"):
        value = getattr(parameter, field)
        if value is not None:
            yield f".{field}", _shown(value), value
    if parameter.median is not None and parameter.sigma is not None:
        for farthest in (-_FARTHEST, _FARTHEST):
            exponent = math.log(parameter.median) + farthest * parameter.sigma
            value = math.exp(min(exponent, 700.0))  # beyond it no number is left, and no unit goes
            yield "", f"median {parameter.median:g}, sigma {parameter.sigma:g}: {value:.3g}", value


def _words(lowest: float, highest: float, unit: str | Label) -> Said:
    ends = {"lowest": f"{lowest:.15g}", "highest": f"{highest:.15g}"}
    return Said("plan.range", {**ends, "unit": unit})


def _shown(number: float) -> float:
    """``number`` without a decimal point if it needs none."""
    return int(number) if number.is_integer() else number
