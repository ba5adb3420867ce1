"""The books of the day: what opened and who was appointed, and which targets hold since when."""

from __future__ import annotations

from operator import attrgetter, ge, gt, lt
from typing import TYPE_CHECKING

import numpy as np
from simpy.events import Event

from sim.config.schema import (
    CoverageMeasure,
    DeliveredMeasure,
    LadderMeasure,
    PlacesMeasure,
    StaffMeasure,
)
from sim.model import measures
from sim.model.kernel.calendar import Phase
from sim.model.works.project import OPEN, Project

if TYPE_CHECKING:
    from sim.model.city import City


_BY_DRAWN_NUMBER = attrgetter("tie", "order")
_COMPARATORS = {">=": ge, ">": gt, "<": lt}


class Books:
    """Closes every day on which something happened, in the order of drawn numbers.

    Attributes:
        readers: functions that read the present value of every row of the answer.
        first_attained: day on which every row first held, -1 while it has not.
    """

    def __init__(self, city: City) -> None:
        self._city = city
        rows = city.layout.rows
        self.readers = [measures.reader(city, row) for row in rows]
        self.first_attained = np.full(len(rows), -1, dtype=np.int64)
        self._unattained = set(range(len(rows)))
        self._goals = [(_COMPARATORS[row.spec.comparator], row.spec.goal) for row in rows]
        self._changed = set(range(len(rows)))
        self._opened: list[Project] = []
        self._appointed: list[Project] = []
        self._called = False
        self._rows_of: dict[str, list[int]] = {name: [] for name in city.programmes}
        self._staff_rows: list[int] = []
        self._ladder_rows: list[int] = []
        self._rows_by_type: dict[str, list[int]] = {}
        self._wire()
        self._call()

    def _wire(self) -> None:
        """Which rows of the answer each kind of change can move."""
        for i, row in enumerate(self._city.layout.rows):
            match row.spec.measured_by:
                case DeliveredMeasure(programme=name) | PlacesMeasure(programme=name):
                    self._rows_of[name].append(i)
                case CoverageMeasure(universe=universe):
                    for programme in self._city.programmes.values():
                        if universe in (programme.spec.covers, programme.spec.may_cover):
                            self._rows_of[programme.name].append(i)
                case StaffMeasure():
                    self._staff_rows.append(i)
                case LadderMeasure():
                    self._ladder_rows.append(i)
                case measure if measure is not None:
                    self._rows_by_type.setdefault(measure.type, []).append(i)

    # ------------------------------------------------------------------ what others report

    def appoint(self, project: Project) -> None:
        """The full-time posts of a facility were filled."""
        project.appointed = True
        if project.programme.full_time_posts:
            if not self._appointed:
                self._changed.update(self._staff_rows)
                self._call()
            self._appointed.append(project)

    def open(self, project: Project) -> None:
        """A facility opens."""
        city = self._city
        project.status = OPEN
        project.opened = city.clock.today
        project.close(project.opened)
        self._opened.append(project)
        if city.tracing:
            city.log_project("accounting", project, "opened")
        if not self._called:
            self._call()

    def staff_changed(self) -> None:
        """Something happened to the staff."""
        self._changed.update(self._staff_rows)
        self._call()

    def bases_changed(self) -> None:
        """Titles were given or lost."""
        self._changed.update(self._ladder_rows)
        self._call()

    def changed(self, kind: str) -> None:
        """Something happened to what the targets with measures of type ``kind`` count."""
        self._changed.update(self._rows_by_type.get(kind, ()))
        self._call()

    # ------------------------------------------------------------------ the end of the day

    def _call(self) -> None:
        if not self._called:
            self._called = True
            event = self._city.clock.after(0, Phase.ACCOUNTING)
            event.callbacks.append(self._close_day)

    def _close_day(self, _: Event) -> None:
        """Enter appointments and openings by their drawn numbers; see which targets now hold."""
        city = self._city
        self._called = False
        appointed, self._appointed = self._appointed, []
        appointed.sort(key=_BY_DRAWN_NUMBER)
        for project in appointed:
            city.people.take_up(project)
        opened, self._opened = self._opened, []
        opened.sort(key=_BY_DRAWN_NUMBER)
        for project in opened:
            self._enter(project)
        for i in self._changed & self._unattained:
            holds, goal = self._goals[i]
            if holds(self.readers[i](), goal):
                self.first_attained[i] = city.clock.today
                self._unattained.remove(i)
        self._changed.clear()

    def _enter(self, project: Project) -> None:
        """An opened facility counts, costs running money, and may cover places."""
        city = self._city
        programme, place, units = project.programme, project.place, project.units
        programme.open_units[place] += units
        programme.total_open += units
        purse = programme.operators[place]
        purse.running_year += programme.running_cost * units
        if project.needs_staff:
            posts = programme.full_time_posts * units
            purse.pay_year += posts * city.draw["programme_paid_share"] * city.draw["staff_pay"]
        if programme.covers is not None:
            city.coverage[programme.covers].cover(place, units, project.covers_draw)
        if programme.may_cover is not None:
            city.coverage[programme.may_cover].chance_cover(place, project.covers_draw)
        if programme.feeds is not None:
            city.levels[programme.feeds].present(project, project.opened)
        self._changed.update(self._rows_of[programme.name])
