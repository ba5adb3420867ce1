"""The city's pool of experts: yearly rounds of appointment, and leaving."""

from __future__ import annotations

from pydantic import Field

from sim.config.schema.base import MonthDay, ParameterName, RoundParameter, Section


class Experts(Section):
    """How experts come into the pool and go.

    Those of the start are the baseline of the target that counts experts. Being in the pool costs
    nothing: experts are paid, if at all, by the projects that ask them.
    """

    round: MonthDay = Field(description="day of the yearly round; the first follows the plan")
    nominated: RoundParameter = Field(description="persons nominated in a round")
    places: RoundParameter = Field(description="persons that a round may appoint at most")
    acceptance: ParameterName = Field(description="share of the nominated that are found fit")
    leaving: ParameterName = Field(description="share of the pool that leaves in a year")
