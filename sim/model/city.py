"""The simulated city: sees all rooms, builds them in order of need, and lets time pass.

``simulate`` is the one contract of the model; everything else in the project is built around it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numpy as np

from sim.model.kernel.clock import Process
from sim.model.kernel.ledger import Statement
from sim.model.kernel.measure import Measure
from sim.model.kernel.queues import send_away
from sim.model.kernel.streams import Streams
from sim.model.kernel.world import World
from sim.model.measures import WorksMeasure, measure_of, parts_of
from sim.model.money.envelope import Envelopes
from sim.model.money.treasury import TracedTreasury, Treasury
from sim.model.parts.part import Part
from sim.model.parts.people import People
from sim.model.record import Layout, Outcome, Recorder, Scoreboard, delay_ledger
from sim.model.works.planning import Portfolio, Quotas, administrations
from sim.model.works.programme import Programmes
from sim.model.works.stock import Openings, Places, take_stock
from sim.plan.plan import Draw, Plan, Scenario, TargetRow

Room = TypeVar("Room")


def simulate(
    plan: Plan,
    scenario: Scenario,
    draw: Draw,
    streams: Streams,
    *,
    record: str = "city",
    trace: bool = False,
) -> Outcome:
    """One history of the plan under a scenario; pure: same arguments, same bytes, no side effects.

    Args:
        plan: targets, programmes, places and parameters.
        scenario: what decision makers choose.
        draw: one joint sample of the parameters.
        streams: the named random numbers of the replication.
        record: ``targets`` (no series), ``city`` or ``full``.
        trace: keep the event log.

    Raises:
        LedgerError: the books do not balance, which is a defect of the model.
        ConservationError: projects got lost, likewise.
        StaffError: people were created or lost, likewise.
    """
    layout = Layout.of(plan, scenario, record)
    city = City(plan, scenario, draw, streams, layout, trace=trace)
    outcome = city.run()
    city.dissolve()
    return outcome


class City:
    """All institutions of one replication.

    Attributes:
        world: what they share; further attributes are the rooms by name, ``parts`` the parts in
            the order in which they were built.
    """

    def __init__(
        self,
        plan: Plan,
        scenario: Scenario,
        draw: Draw,
        streams: Streams,
        layout: Layout,
        *,
        trace: bool = False,
    ) -> None:
        self._layout = layout
        self._built: dict[type, object] = {}
        world = self.world = self._keep(World(plan, scenario, draw, streams, trace=trace))
        envelopes = self.envelopes = self._keep(Envelopes(world))
        self.treasury = (TracedTreasury if world.tracing else Treasury)(world, envelopes)
        places = self.places = self._keep(Places(world))
        programmes = self.programmes = self._keep(Programmes(world, envelopes))
        take_stock(world, places, programmes)
        self.parts: list[Part] = []
        kinds = list(parts_of(plan))
        kinds.remove(People)
        people = self.people = self._keep(People(world, envelopes, programmes))
        self.parts.append(people)
        openings = self._keep(Openings(world, places, people))
        portfolio = self.portfolio = self._keep(Portfolio(world, programmes, people, openings))
        self.quotas = self._keep(
            Quotas(world, places, programmes, envelopes, self.treasury, portfolio)
        )
        for kind in kinds:
            self.parts.append(self._keep(self._build(kind)))
        self.scoreboard = Scoreboard(world, [self._measure(row) for row in layout.rows])

    def part(self, kind: type[Room]) -> Room:
        """The room or part of one kind.

        Raises:
            KeyError: the plan's city does not have it.
        """
        found = self._built[kind]
        assert isinstance(found, kind)
        return found

    def _keep(self, room: Room) -> Room:
        self._built[type(room)] = room
        return room

    def _build(self, kind: type[Part]) -> Part:
        """A part, given what it declares to need; None stands for a part that there is not."""
        make: Callable[..., Part] = kind
        return make(self.world, *(self._built.get(need) for need in kind.needs))

    def _measure(self, row: TargetRow) -> Measure:
        """The measure of a row: of what is built, or of the part that declares it."""
        kind = measure_of(row)
        make: Callable[..., Measure] = kind
        if issubclass(kind, WorksMeasure):
            return make(row, *(self._built[need] for need in kind.needs))
        (part,) = (part for part in self.parts if kind in part.measures)
        return make(row, part)

    # ------------------------------------------------------------------ running

    def run(self) -> Outcome:
        """Let time pass to the horizon and return what happened."""
        world, scoreboard = self.world, self.scoreboard
        recorder = Recorder(
            world, self._layout, scoreboard, self.envelopes, self.treasury, self.programmes,
            self.portfolio, self.parts,
        )  # fmt: skip
        for process in (*self._processes(), recorder.reports()):
            world.clock.process(process)
        events = world.clock.run_through(world.calendar.horizon)
        statement = world.ledger.statement()
        self._audit(statement)
        values = scoreboard.values()
        rows = self._layout.rows
        return Outcome(
            values=np.array(values),
            attained=np.array([row.attained(v) for row, v in zip(rows, values, strict=True)]),
            first_attained=scoreboard.first_attained,
            city_series=recorder.city_series,
            district_series=recorder.district_series,
            delays=delay_ledger(
                self.programmes, self.portfolio, self.quotas, scoreboard.measures, values
            ),
            ledger=statement.flows(self._places()),
            events=events,
            log=world.facts(),
        )

    def _processes(self) -> list[Process]:
        """Money first, then those who plan, then all that lives, in the order it was built in."""
        world = self.world
        processes = [self.treasury.years(), *administrations(world, self.quotas)]
        if world.tracing and world.scenario.shocks:
            processes.append(world.shocks_in_time())
        return [*processes, *(process for part in self.parts for process in part.processes())]

    def _places(self) -> dict[str, int]:
        """Position of every place that money is told of, by its code; none for targets alone."""
        if self._layout.record == "targets":
            return {}
        return {str(district.adcode): i for i, district in enumerate(self.world.districts)}

    def _audit(self, statement: Statement) -> None:
        """Check that money, projects and people are all there."""
        self.portfolio.close()
        self.people.audit()
        held = {e.public_account: e.public for e in self.envelopes.all}
        held |= {e.social_account: e.social for e in self.envelopes.all}
        statement.audit(held, self.treasury.pass_through)

    def dissolve(self) -> None:
        """Let go of everything: the city is full of cycles, which would wait for the collector."""
        send_away(
            (*self.envelopes.all, self.portfolio.board, *self.portfolio.crews, *self.people.lines)
        )
        for lines in self.quotas.lines_of.values():
            for line in lines:
                line.waiting.clear()
        self.portfolio.dissolve()
        self.world.dissolve()
        self.__dict__.clear()
