"""The simulated city: builds the institutions, lets time pass, and reports what happened.

``simulate`` is the one contract of the model; everything else in the project is built around it.
"""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
import numpy.typing as npt
from simpy.events import Event

from sim.model.books import Books
from sim.model.kernel.calendar import Calendar, Clock, Phase
from sim.model.kernel.ledger import Ledger, Statement
from sim.model.kernel.queues import GrantDesk, Servers, send_away
from sim.model.kernel.shocks import Shocks, chronicle
from sim.model.kernel.streams import Streams, entity_keys, name_key
from sim.model.money.envelope import Purse
from sim.model.money.treasury import Treasury
from sim.model.parts.governance import Governance
from sim.model.parts.ladder import assess
from sim.model.parts.part import Mechanism
from sim.model.parts.people import People
from sim.model.parts.reach import Exposure, quarters
from sim.model.parts.register import BaseRegister
from sim.model.parts.registry import MECHANISMS
from sim.model.record import CITY_PLACE, Layout, LogEntry, Outcome, Recorder, delay_ledger
from sim.model.works.planning import administrations
from sim.model.works.portfolio import Portfolio
from sim.model.works.programme import Programme
from sim.model.works.project import Project
from sim.model.works.quotas import Quotas
from sim.model.works.stock import found_ladder, survey_places, take_stock
from sim.plan.distribution import mode, quantile
from sim.plan.plan import Draw, Plan, Scenario

Floats = npt.NDArray[np.float64]


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
    """All institutions of one replication, and the few things they share.

    ``first_instalment`` is the share of a project's cost that is due at contract.
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
        self.plan = plan
        self.scenario = scenario
        self.draw = draw
        self.streams = streams
        self.layout = layout
        self.districts = plan.districts
        self.calendar = Calendar(plan.spec)
        self.clock = Clock()
        self.desk = GrantDesk(self.clock)
        self.ledger = Ledger(len(self.calendar.years))
        self.tracing = trace
        self.first_instalment = scenario.budget.first_instalment
        self._entries: list[LogEntry] | None = [] if trace else None
        self.place_ties = streams.uniform(
            "tie/place", entity_keys("place", [d.adcode for d in self.districts])
        ).tolist()
        years = range(len(self.calendar.years))
        self.cost_index = [(1.0 + draw["cost_inflation"]) ** y for y in years]
        self.wage_index = [(1.0 + draw["wage_growth"]) ** y for y in years]
        self.capital_group = plan.spec.capital_group
        self.shocks = Shocks(
            scenario.shocks, self.calendar, [district.zone for district in self.districts]
        )
        self.exposure = Exposure(len(years), [d.population for d in self.districts])
        self._open_purses()
        self.treasury = Treasury(self)
        self.board = Servers(self.clock, self.desk, int(draw["review_panels"]))
        zones = {
            name: Servers(self.clock, self.desk, int(draw[zone.crews]))
            for name, zone in plan.spec.zones.items()
        }
        self.crews = [zones[d.zone] for d in self.districts]
        self.people = People(self)
        self.coverage = survey_places(self)
        self.bases = BaseRegister(plan.spec.ladder)
        self.levels = found_ladder(self)
        self.mean_cost_factor = plan.mean("project_cost_factor")
        self.programmes = {
            name: Programme(self, name, plan.spec.programmes[name])
            for name in sorted(plan.spec.programmes)
        }
        take_stock(self, self.programmes)
        self.mechanisms: dict[str, Mechanism] = {
            name: kind(self) for name, kind in MECHANISMS.items() if name in plan.mechanisms
        }
        self.quotas = Quotas(self, self.programmes)
        self.portfolio = Portfolio(self)
        self.books = Books(self)

    def _open_purses(self) -> None:
        plan = self.plan.spec
        groups = self.plan.purse_groups
        backfill = self.scenario.budget.queue == "backfill"

        def purse(group: str, level: str, place: int) -> Purse:
            return Purse(
                self.clock, self.desk, self.ledger,
                place=place, group=group, level=level, backfill=backfill,
            )  # fmt: skip

        self.city_purses = {group: purse(group, "city", plan.city_code) for group in groups}
        self.district_purses = {
            group: [
                purse(group, "district", district.adcode)
                for district in self.districts
                if group in self.plan.district_groups
            ]
            for group in groups
        }
        self.purses = [
            p for group in groups for p in (self.city_purses[group], *self.district_purses[group])
        ]

    # ------------------------------------------------------------------ numbers

    def baseline(self, target: str) -> float:
        """What stood at the start: the plan's number, or the draw of its parameter."""
        baseline = self.plan.spec.targets[target].baseline
        return self.draw[baseline] if isinstance(baseline, str) else baseline

    def quantile(self, name: str, u: Floats) -> Floats:
        """Values of a parameter that varies below the draw, at uniforms ``u``."""
        return quantile(self.plan.parameters[name], u)

    def mode(self, name: str) -> float:
        """Most likely value of a parameter."""
        return mode(self.plan.parameters[name])

    def ties(self, names: list[str]) -> list[float]:
        """Numbers drawn to break ties between named things."""
        keys = np.array([name_key(name) for name in names], dtype=np.uint64)
        drawn: list[float] = self.streams.uniform("tie/name", keys).tolist()
        return drawn

    def key_weights(self, key: str) -> list[int]:
        """Integer weights of the districts under a key of the plan."""
        match key:
            case "population":
                return [d.population for d in self.districts]
            case "urban_communities":
                coverage = self.coverage.get(key)
                if coverage is None:  # no target counts communities: the first reading will do
                    return [next(iter(d.communities.values())) for d in self.districts]
                return coverage.totals[coverage.planning]
            case "villages":
                return [d.villages for d in self.districts]
            case _:
                return [1] * len(self.districts)

    def host_districts(self, u: Floats) -> list[int]:
        """Districts drawn by population, one for each uniform."""
        population = np.cumsum([d.population for d in self.districts])
        hosts: list[int] = np.searchsorted(population, u * population[-1], side="right").tolist()
        return hosts

    def obstacle(self, decision: str, year: int) -> str:
        """Why the step of governance that ``decision`` depends on was missed in a year (by index).

        Empty if it was held, and for what depends on no step: that always goes its usual way.
        """
        governance = self.mechanisms.get("governance")
        return governance.obstacle(decision, year) if isinstance(governance, Governance) else ""

    def training_seats(self) -> float:
        """Training seats a year that facilities offer, old and new ones."""
        return sum(
            self.draw[p.spec.training_seats] * (p.total_existing + p.total_open)
            for p in self.programmes.values()
            if p.spec.training_seats is not None
        )

    # ------------------------------------------------------------------ running

    def run(self) -> Outcome:
        """Let time pass to the horizon and return what happened."""
        clock, horizon = self.clock, self.calendar.horizon
        recorder = Recorder(self, self.layout)
        clock.process(self.treasury.years())
        clock.process(self.people.months())
        clock.process(quarters(self))
        clock.process(self.quotas.hosts())
        for administration in administrations(self):
            clock.process(administration)
        for level in self.levels.values():
            clock.process(level.rounds())
        if self.tracing and self.scenario.shocks:
            clock.process(chronicle(self))
        for mechanism in self.mechanisms.values():
            for process in mechanism.processes():
                clock.process(process)
        clock.process(self._assessments())
        clock.process(self._reports(recorder))
        events = clock.run_through(horizon)
        statement = self.ledger.statement()
        self._audit(statement)
        values = np.array([read() for read in self.books.readers])
        rows = self.layout.rows
        return Outcome(
            values=values,
            attained=np.array([row.attained(v) for row, v in zip(rows, values, strict=True)]),
            first_attained=self.books.first_attained,
            city_series=recorder.city_series,
            district_series=recorder.district_series,
            delays=delay_ledger(self, self.layout, values),
            ledger=statement.totals(by_place=self.layout.record == "full"),
            events=events,
            log=None if self._entries is None else sorted(self._entries, key=_log_order),
        )

    def dissolve(self) -> None:
        """Let go of everything: the city is full of cycles, which would wait for the collector."""
        for programme in self.programmes.values():
            programme.projects.clear()
        for lines in self.quotas.lines_of.values():
            for line in lines:
                line.waiting.clear()
        send_away((*self.purses, self.board, *self.crews, *self.people.lines))
        self.clock.dissolve()
        self.__dict__.clear()

    def _assessments(self) -> Generator[Event, None, None]:
        """Every few years the weakest bases are struck off."""
        calendar = self.plan.spec.calendar
        for number, year in enumerate(sorted(calendar.assessment_years)):
            yield self.clock.at(self.calendar.day_of(year, calendar.assessment), Phase.ASSESSMENT)
            if not self.obstacle("naming", year - self.calendar.first_year):
                assess(self, self.bases, number)

    def _reports(self, recorder: Recorder) -> Generator[Event, None, None]:
        """Take down the state at quarter ends, after everything else of the day."""
        for day in recorder.days():
            yield self.clock.at(day, Phase.REPORT)
            recorder.take(day)

    def _audit(self, statement: Statement) -> None:
        """Check that money, projects and people are all there."""
        self.portfolio.close()
        self.people.audit()
        held = {p.public_account: p.public for p in self.purses}
        held |= {p.social_account: p.social for p in self.purses}
        statement.audit(held, self.treasury.pass_through)

    # ------------------------------------------------------------------ the event log

    def log(
        self, phase: str, entity: str, event: str, detail: str = "", place: int | None = None
    ) -> None:
        """Note something that is not a project's, if a log is kept; ``place`` None is the city."""
        if self._entries is not None:
            where = CITY_PLACE if place is None else str(self.districts[place].adcode)
            self._entries.append(LogEntry(self.clock.today, phase, entity, event, where, detail))

    def log_project(self, phase: str, project: Project, event: str, detail: str = "") -> None:
        """Note a step in a project's life; call only if a log is kept (``tracing``)."""
        assert self._entries is not None, "without a log there is nothing to note"
        where = str(self.districts[project.place].adcode)
        entity = self.entity_of(project)
        self._entries.append(LogEntry(self.clock.today, phase, entity, event, where, detail))

    def entity_of(self, project: Project) -> str:
        """What the event log calls a project in its present attempt."""
        in_city = project.programme.spec.place == "city"
        place = self.plan.spec.city_code if in_city else self.districts[project.place].adcode
        return f"{project.programme.name}/{place}/{project.ordinal}/{project.attempt}"


def _log_order(entry: LogEntry) -> tuple[int, int, str]:
    """By day, phase and entity; what one entity does in one phase stays in its order."""
    return entry.day, Phase[entry.phase.upper()], entry.entity
