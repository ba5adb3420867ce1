"""The portfolio: all proposals and contracts of the city, and what becomes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.model.kernel.calendar import Activity
from sim.model.money.envelope import Purse
from sim.model.works.programme import Line, send_backs
from sim.model.works.project import (
    CALENDAR,
    CONTRACTED,
    MONEY,
    OPEN,
    PROPOSED,
    REVIEW,
    UNPROPOSED,
    WITHDRAWN,
    Project,
    life,
)

if TYPE_CHECKING:
    from sim.model.city import City


class ConservationError(Exception):
    """Projects proposed are not those open, under way and withdrawn: a defect of the model."""


class Portfolio:
    """Keeps track of proposals until they are contracted or lapse.

    Attributes:
        proposals: attempts made so far; withdrawals: attempts that lapsed.
    """

    def __init__(self, city: City) -> None:
        self._city = city
        self._uncontracted: dict[Project, Purse] = {}
        self.proposals = 0
        self.withdrawals = 0

    def propose(self, project: Project, line: Line, purse: Purse, year: int) -> None:
        """A planner proposes ``project``: fix its price and let its life begin."""
        city = self._city
        today = city.clock.today
        reviewed = project.programme.review
        project.attempt += 1
        if not project.attempt:
            project.since = today
            project.late_by = line.longest_limit
        elif reviewed:
            keys = np.array([project.key], dtype=np.uint64)
            project.send_backs = send_backs(city, keys, project.attempt)[0]
        project.enter(REVIEW if reviewed else MONEY, today)
        project.status = PROPOSED
        project.line = line
        project.cost = round(project.base_cost * city.cost_index[year])
        purse.pledged += project.cost
        self._uncontracted[project] = purse
        self.proposals += 1
        if city.tracing:
            city.log_project("planning", project, "proposed", f"{project.cost}")
        Activity(life(city, project, purse))

    def contract(self, project: Project, purse: Purse, unpaid: int) -> None:
        """The first instalment has been paid: the project can no longer lapse."""
        project.status = CONTRACTED
        del self._uncontracted[project]
        purse.pledged -= project.cost
        purse.committed += unpaid
        if project.needs_staff:
            self._city.people.expect(project)
        if self._city.tracing:
            self._city.log_project("grants", project, "contracted", f"{project.cost - unpaid}")

    def lapse(self) -> None:
        """On 31 December proposals without a contract are withdrawn; they may come again.

        On the last one they stay where they stood: that is the stage in which the deadline found
        them.
        """
        city = self._city
        today = city.clock.today
        lines: dict[int, Line] = {}
        for project, purse in self._uncontracted.items():
            purse.pledged -= project.cost
            project.status = WITHDRAWN
            claim = project.claim
            assert claim is not None, "a proposal waits for somebody"
            if project.stage == MONEY:
                purse.withdraw(claim)
            else:
                claim.cancel()
            if today < city.calendar.horizon:
                project.enter(CALENDAR, today)
            line = project.line
            assert line is not None, "a proposal comes from a line"
            line.under_way -= 1
            line.wait_again(today)
            line.waiting.append(project)
            lines[id(line)] = line
            self.withdrawals += 1
            if city.tracing:
                city.log_project("accounting", project, "withdrawn")
        for line in lines.values():
            line.waiting.sort(key=_turn, reverse=True)
        self._uncontracted.clear()

    def close(self) -> None:
        """Book the last days of unfinished projects and see that none got lost.

        Raises:
            ConservationError: proposed is not open plus under way plus withdrawn.
        """
        city = self._city
        under_way = opened = 0
        for programme in city.programmes.values():
            for project in programme.projects:
                status = project.status
                if status == OPEN:
                    opened += 1
                elif status != UNPROPOSED:
                    under_way += status != WITHDRAWN
                    project.close(city.calendar.horizon)
        if self.proposals != opened + under_way + self.withdrawals:
            raise ConservationError(
                f"{self.proposals} proposed, but {opened} open + {under_way} under way "
                f"+ {self.withdrawals} withdrawn"
            )


def _turn(project: Project) -> int:
    return project.turn
