"""How many people science popularization reaches, by district and year."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from sim.model.city import City

Floats = npt.NDArray[np.float64]

KINDS = ("events", "media", "training")
"""Contacts that are counted as they happen; visits follow from the facilities that stand."""


class Exposure:
    """Contacts between people and science popularization, counted by kind, year and district.

    A contact is one person at one event, before one programme or journal, or in one course.

    Attributes:
        contacts: by kind an array (years, districts) of persons.
    """

    def __init__(self, years: int, population: Sequence[int]) -> None:
        self._share = np.array(population) / sum(population)
        self.contacts = {kind: np.zeros((years, len(population))) for kind in KINDS}

    def add(self, kind: str, year: int, persons: float, place: int | None) -> None:
        """Count ``persons`` reached in a district, or in the whole city (None) by population."""
        if place is None:
            self.contacts[kind][year] += persons * self._share
        else:
            self.contacts[kind][year, place] += persons


def visits(city: City) -> Floats:
    """Visits a year that the facilities of every district draw at today's service and closures."""
    drawn = np.zeros(len(city.districts))
    today = city.clock.today
    for programme in city.programmes.values():
        if not programme.visits:
            continue
        units = np.add(programme.existing, programme.open_units)
        service = np.array([purse.service for purse in programme.purses])
        left = city.shocks.left_by_place("closure", today, programme.spec.group)
        drawn += programme.visits * units * service * left
    return drawn
