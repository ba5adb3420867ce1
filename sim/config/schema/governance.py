"""The yearly cycle of governance: its steps, and what depends on them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sim.config.schema.base import Identifier, Label, Model, MonthDay, ParameterName, Section


class GovernanceStep(Model):
    """One step of every year, from the day on which the plan was issued.

    ``decides`` is what does not happen in a year in which the step is missed: proposals at the
    yearly window, reallocation at the mid-year meeting, or the naming of bases in the next spring
    and the striking off in the same year.
    """

    name: Label
    date: MonthDay
    decides: Literal["proposals", "reallocation", "naming"] | None = None
    builds_on: Identifier | None = Field(
        default=None, description="step whose last turn must have been held"
    )
    cost: ParameterName = Field(description="yuan at first-year prices")
    staff: ParameterName = Field(description="persons, for a day")
    slip: ParameterName = Field(description="probability that a year's step is not held in time")


class Governance(Section):
    """The steps, who pays for them, and who does the work."""

    group: Identifier = Field(description="programme group whose city purse pays for the steps")
    staff_available: ParameterName = Field(
        description="share of full-time and part-time staff available on one day"
    )
    steps: dict[Identifier, GovernanceStep] = Field(min_length=1)

    @property
    def envelopes(self) -> frozenset[str]:
        """The group that pays for the steps and for administration."""
        return frozenset((self.group,))

    @property
    def district_envelopes(self) -> frozenset[str]:
        """None: what districts spend on administration has no consequence in the model."""
        return frozenset()
