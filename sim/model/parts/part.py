"""Parts of the city: what lives in it beside money and projects, one file each.

A part is given the world and the parts and rooms that it needs, and declares what it is about; the
city builds the parts in order of need. Whoever is below a part hears of it only by notices.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Generic, TypeVar

from sim.model.kernel.clock import Process
from sim.model.kernel.measure import Measure
from sim.model.kernel.world import World
from sim.plan.plan import TargetRow


class Part:
    """One part of the city.

    Attributes:
        section: the section of the plan that describes it; empty where every plan has it. A part
            whose section a plan leaves out does not live in its city.
        needs: the parts and rooms that it is given after the world, in this order; None stands for
            a part that the city does not have.
        parameters: those that it asks for by name; all others are named in its section.
        measures: ways to measure the targets that are about it.
        indicators: city series beside the targets; ``readings`` gives their values in this order.
    """

    section: ClassVar[str] = ""
    needs: ClassVar[tuple[type, ...]] = ()
    parameters: ClassVar[tuple[str, ...]] = ()
    measures: ClassVar[tuple[type[PartMeasure[Part]], ...]] = ()
    indicators: ClassVar[tuple[str, ...]] = ()

    def __init__(self, world: World) -> None:
        self.world = world

    def processes(self) -> Iterable[Process]:
        """The processes that let it live; the city starts them on day 0."""
        return ()

    def readings(self) -> list[float]:
        """Present values of ``indicators``; NaN where there is none to be recorded."""
        return []


Measured = TypeVar("Measured", bound=Part, covariant=True)


class PartMeasure(Measure, Generic[Measured]):
    """A way to measure targets on one part."""

    def __init__(self, row: TargetRow, part: Measured) -> None:
        super().__init__(row)
        self.part = part
