"""Dated disturbances: what they take away, on which day, and where.

Nobody in the city looks ahead: planners reckon as if no shock would ever come. The world itself is
asked here how much of something is left on a given day.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from sim.config.schema import Shock
from sim.model.kernel.calendar import Calendar
from sim.model.kernel.clock import Phase
from sim.model.kernel.facts import Kind, Sort

Floats = npt.NDArray[np.float64]

SHOCK = Sort("shock", "shock {shock}")
BEGAN, ENDED = (
    Kind(event, Phase.RELEASE, "{size:g}{zones:; zones: }{groups:; groups: }")
    for event in ("began", "ended")
)

_ROUNDING = 1e-9
"""Days of work by which sums of speeds may fall short: ten days at a speed of 1 - 0.9 are one."""


class Shocks:
    """The disturbances of a scenario, in days of the horizon.

    Args:
        shocks: in any order; several of one kind at once multiply what they leave.
        calendar: turns dates into days.
        zones: zone of every district, in the order of places.
    """

    def __init__(self, shocks: Sequence[Shock], calendar: Calendar, zones: Sequence[str]) -> None:
        self._zones = zones
        self._by_kind: dict[str, list[tuple[int, int, Shock]]] = {}
        for shock in shocks:
            days = calendar.day(shock.start), calendar.day(shock.end)
            self._by_kind.setdefault(shock.kind, []).append((*days, shock))

    def has(self, kind: str) -> bool:
        """Whether there is any shock of ``kind`` at all."""
        return kind in self._by_kind

    def left(self, kind: str, day: int, place: int | None, group: str | None) -> float:
        """Share of something that the shocks of ``kind`` leave on ``day``: 1 without any.

        ``place`` is a district's position; None stands for the whole city, which only shocks
        without zones concern. ``group`` None stands for what belongs to no group.
        """
        share = 1.0
        for start, end, shock in self._concerned(kind, place, group):
            if start <= day <= end:
                share *= 1.0 - shock.size
        return share

    def left_by_place(self, kind: str, day: int, group: str | None) -> Floats:
        """The same for every district, in the order of places."""
        places = range(len(self._zones))
        if kind not in self._by_kind:
            return np.ones(len(places))
        return np.array([self.left(kind, day, place, group) for place in places])

    def mean_left_by_place(self, kind: str, first: int, last: int, group: str | None) -> Floats:
        """The mean of the same over the days from ``first`` to ``last``."""
        if kind not in self._by_kind:
            return np.ones(len(self._zones))
        changes = {d for start, end, _ in self._by_kind[kind] for d in (start, end + 1)}
        edges = [first, *sorted(d for d in changes if first < d <= last), last + 1]
        left = np.zeros(len(self._zones))
        for day, until in pairwise(edges):
            left += (until - day) * self.left_by_place(kind, day, group)
        return left / (last + 1 - first)

    def days_late(self, day: int, place: int | None, group: str) -> int:
        """Days by which a release of ``day`` reaches a place late; ``place`` as in :meth:`left`."""
        late = (
            int(shock.size)
            for start, end, shock in self._concerned("release_delay", place, group)
            if start <= day <= end
        )
        return max(late, default=0)

    def reopening(self, day: int, place: int, group: str) -> int:
        """First day from ``day`` on which doors may be opened to visitors: ``day`` without shocks.

        Only a complete closure (size 1) keeps doors shut.
        """
        if "closure" not in self._by_kind:
            return day
        closures = [c for c in self._concerned("closure", place, group) if c[2].size >= 1.0]
        closed = True
        while closed:
            closed = False
            for start, end, _ in closures:
                if start <= day <= end:
                    day, closed = end + 1, True
        return day

    def finished(self, start: int, days: int, place: int, group: str) -> int:
        """Day on which ``days`` days' work begun on ``start`` is done, given the halts on its way.

        Work goes on from the day after ``start``, on every day at the share of its usual speed that
        the halts leave.
        """
        if days == 0 or "construction_halt" not in self._by_kind:
            return start + days
        halts = self._concerned("construction_halt", place, group)
        bounds = sorted({day for first, last, _ in halts for day in (first, last + 1)})
        done, day, speed = 0.0, start + 1, 1.0
        for bound in [b for b in bounds if b > day]:
            speed = self.left("construction_halt", day, place, group)
            if done + speed * (bound - day) >= days - _ROUNDING:
                break
            done += speed * (bound - day)
            day = bound
        else:
            speed = 1.0  # after the last halt
        return day - 1 + _whole_days((days - done) / speed)

    def _concerned(
        self, kind: str, place: int | None, group: str | None
    ) -> list[tuple[int, int, Shock]]:
        shocks = self._by_kind.get(kind)
        if not shocks:
            return []
        zone = None if place is None else self._zones[place]
        return [
            entry
            for entry in shocks
            if (not entry[2].zones or zone in entry[2].zones)
            and (not entry[2].groups or group in entry[2].groups)
        ]


def _whole_days(days: float) -> int:
    return -int(-(days - _ROUNDING) // 1)
