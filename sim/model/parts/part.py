"""What the further parts of a city have in common: people, firms, literacy, events, governance.

Every such part is described by one section of the plan and measures the targets of one type
(``measured_by.type``), which has the section's name. The rest of the model asks it for the values
of these targets and for what held them back, and knows nothing else about it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import numpy.typing as npt
from simpy.events import Event

from sim.plan.plan import TargetRow

if TYPE_CHECKING:
    from sim.model.city import City

Floats = npt.NDArray[np.float64]
Process = Generator[Event, None, None]


class Mechanism:
    """One part of the city that measures targets of its own."""

    indicators: ClassVar[tuple[str, ...]] = ()
    """City series beside the targets; ``readings`` gives their values in this order."""

    def __init__(self, city: City) -> None:
        self.city = city

    def baseline(self, kind: str) -> float:
        """What stood at the start of the target with measures of type ``kind``; 0 without one."""
        for name, target in self.city.plan.spec.targets.items():
            if target.measured_by is not None and target.measured_by.type == kind:
                return self.city.baseline(name)
        return 0.0

    def processes(self) -> Iterable[Process]:
        """The processes that let it live; the city starts them on day 0."""
        return ()

    def reader(self, row: TargetRow) -> Callable[[], float]:
        """A function that reads the present value of a target, in the target's unit."""
        raise NotImplementedError

    @classmethod
    def has_districts(cls, row: TargetRow) -> bool:
        """Whether a target has values by district; if not, only the city has one."""
        return False

    def by_district(self, row: TargetRow) -> list[float]:
        """Values by district in the plan's order of places (NaN for none)."""
        raise NotImplementedError

    def usual_contacts(self, kind: str) -> Floats:
        """Contacts of a kind that it brought in a year before the plan, by district."""
        return np.zeros(len(self.city.districts))

    def readings(self) -> list[float]:
        """Present values of ``indicators``; NaN where there is none to be recorded."""
        return []

    def unmet(self, row: TargetRow, missing: int) -> dict[str, int]:
        """What held a missed target back: units by reason, summing to ``missing``."""
        raise NotImplementedError
