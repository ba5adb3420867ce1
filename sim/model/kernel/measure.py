"""What a way to measure a target has to say: its value, that of every district, what is missing."""

from __future__ import annotations

import math
from typing import ClassVar

from sim.plan.plan import TargetRow

UNITS, PLACES, PERSONS, POINTS, YUAN = "units", "places", "persons", "points", "yuan"
"""What missing units can be."""

HeldBack = dict[tuple[int, str], int]
"""Missing units by (district, stage): the district's position, -1 for the city."""


class Measure:
    """A target under one reading, and how it is measured. It decides nothing and changes nothing.

    A part declares the measures of its targets; ``type`` is what the plan calls them
    (``measured_by.type``). Each is made of its row of the answer and of what it is measured on.

    Attributes:
        row: the target with its reading and goal.
        topics: what it takes to move it (see :meth:`World.changed`).
    """

    type: ClassVar[str]

    def __init__(self, row: TargetRow) -> None:
        self.row = row
        self.topics: tuple[str, ...] = (self.type,)

    def value(self) -> float:
        """Present value in the unit of the target (shares in per cent)."""
        raise NotImplementedError

    @classmethod
    def has_districts(cls, row: TargetRow) -> bool:
        """Whether a target has values by district; if not, only the city has one."""
        return False

    @classmethod
    def missing_in(cls, row: TargetRow) -> str:
        """What its missing units are."""
        return UNITS

    def by_district(self) -> list[float]:
        """Values by district in the plan's order of places (NaN for none)."""
        raise NotImplementedError

    def held_back(self, value: float) -> HeldBack:
        """What held a target back whose ``value`` at the deadline misses the goal."""
        missing = missing_units(self.row, value)
        return self.explain(missing) if missing else {}

    def explain(self, missing: int) -> HeldBack:
        """Whole missing units by district and reason; together not more than ``missing``."""
        reasons = self.unmet(missing)
        return {(-1, f"unmet:{reason}"): count for reason, count in reasons.items() if count}

    def unmet(self, missing: int) -> dict[str, int]:
        """Missing units of the whole city by reason; those that delivery explains are left out."""
        raise NotImplementedError


def missing_units(row: TargetRow, value: float) -> int:
    """Whole units short of attaining; one more than the distance if the goal must be exceeded."""
    if row.attained(value):
        return 0
    if row.spec.comparator == "<":
        return math.floor(value - row.spec.goal) + 1
    if row.spec.comparator == ">":
        return math.floor(row.spec.goal) + 1 - math.floor(value)
    return math.ceil(row.spec.goal - value)
