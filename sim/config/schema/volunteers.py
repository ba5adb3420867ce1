"""Registered volunteers: who comes, what brings them, and who drops out."""

from __future__ import annotations

from pydantic import Field

from sim.config.schema.base import ParameterName, Section


class Volunteers(Section):
    """What moves the number of registered volunteers.

    Those of the start are the baseline of the target that counts volunteers, spread by population.
    """

    registration_rate: ParameterName = Field(
        description="registrations a year that nothing in particular brings, per 100 000 residents"
    )
    per_contact: ParameterName = Field(
        description="registrations that 10 000 contacts at events bring"
    )
    per_visit: ParameterName = Field(description="registrations that 10 000 visits bring")
    regulation_effect: ParameterName = Field(
        description="factor on all registrations once the regulation is enacted"
    )
    drop_out: ParameterName = Field(description="share of the volunteers who drop out in a year")
