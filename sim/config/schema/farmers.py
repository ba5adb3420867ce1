"""Courses for farmers in some zones of the city."""

from __future__ import annotations

from pydantic import Field

from sim.config.schema.base import Identifier, MonthDay, ParameterName, Section


class Farmers(Section):
    """Where and when farmers are trained, for how much, and who may come.

    Those trained by the start are the baseline of the target that counts them, spread by rural
    population.
    """

    group: Identifier = Field(description="programme group whose district purses pay")
    zones: dict[str, ParameterName] = Field(
        min_length=1, description="zones with courses, and the rural share of their population"
    )
    sessions: list[MonthDay] = Field(min_length=1, description="days on which courses are held")
    seats: ParameterName = Field(description="seats a year in all zones together")
    cost: ParameterName = Field(description="yuan a seat at first-year prices, whoever pays")
    purse_share: ParameterName = Field(description="share of the cost that falls on the purses")
    earmark: ParameterName = Field(
        description="share of a purse's money of the year that is put aside for courses"
    )
    eligible_share: ParameterName = Field(
        description="share of the rural population that may take part"
    )

    @property
    def envelopes(self) -> frozenset[str]:
        """The group that pays its share of the courses."""
        return frozenset((self.group,))
