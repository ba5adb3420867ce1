"""The city's pool of experts: yearly rounds of appointment, fees, and leaving."""

from __future__ import annotations

from pydantic import Field

from sim.config.schema.base import Identifier, MonthDay, ParameterName, RoundParameter, Section


class Experts(Section):
    """How experts come into the pool and go.

    Those of the start are the baseline of the target that counts experts.
    """

    group: Identifier = Field(description="programme group whose city purse pays the fees")
    round: MonthDay = Field(description="day of the yearly round; the first follows the plan")
    nominated: RoundParameter = Field(description="persons nominated in a round")
    places: RoundParameter = Field(description="persons that a round may appoint at most")
    acceptance: ParameterName = Field(description="share of the nominated that are found fit")
    leaving: ParameterName = Field(description="share of the pool that leaves in a year")
    fee: ParameterName = Field(description="yuan a year for an expert, at first-year prices")

    @property
    def purses(self) -> frozenset[str]:
        """The group that pays the fees."""
        return frozenset((self.group,))
