"""The simulated city: builds the institutions, lets time pass, and reports what happened.

``simulate`` is the one contract of the model; everything else in the project is built around it.
"""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
import numpy.typing as npt
from simpy.events import Event

from sim.config.schema import (
    CoverageMeasure,
    DeliveredMeasure,
    LadderMeasure,
    PlacesMeasure,
    StaffMeasure,
)
from sim.model import measures
from sim.model.allocation import RULES, DistrictState
from sim.model.arithmetic import largest_remainder
from sim.model.bases import Base, Level, candidate, found_level
from sim.model.calendar import Activity, Calendar, Clock, Phase
from sim.model.coverage import Coverage
from sim.model.ledger import Ledger
from sim.model.people import People
from sim.model.planning import Planner
from sim.model.programme import (
    CITY,
    Line,
    Programme,
    make_projects,
    required_units,
    send_backs,
    spread,
)
from sim.model.project import Project, Stage, Status, life
from sim.model.purse import Purse
from sim.model.queues import GrantDesk, Servers
from sim.model.record import (
    CITY_PLACE,
    Layout,
    LogEntry,
    Outcome,
    Recorder,
    delay_ledger,
)
from sim.model.streams import Streams, entity_keys, name_key
from sim.model.treasury import Treasury
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
    """One history of the plan under a scenario: pure, no input or output, same arguments same bytes.

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
    """
    layout = Layout.of(plan, scenario, record)
    city = City(plan, scenario, draw, streams, layout, trace=trace)
    return city.run()


class ConservationError(Exception):
    """Projects proposed are not those open, under way and withdrawn: a defect of the model."""


class City:
    """All institutions of one replication, and the few things they share."""

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
        self.events_logged: list[LogEntry] | None = [] if trace else None
        self.place_ties = streams.uniform(
            "tie/place", entity_keys("place", [d.adcode for d in self.districts])
        ).tolist()
        years = range(len(self.calendar.years))
        self.cost_index = [(1.0 + draw["cost_inflation"]) ** y for y in years]
        self.wage_index = [(1.0 + draw["wage_growth"]) ** y for y in years]
        self.capital_group = plan.spec.capital_group
        self._open_purses()
        self.treasury = Treasury(self)
        self.board = Servers(self.clock, self.desk, int(draw["review_panels"]))
        zones = {
            name: Servers(self.clock, self.desk, int(draw[zone.crews]))
            for name, zone in plan.spec.zones.items()
        }
        self.crews = [zones[d.zone] for d in self.districts]
        self.people = People(self)
        self.programmes = {
            name: Programme(self, name, spec) for name, spec in plan.spec.programmes.items()
        }
        self.coverage: dict[str, Coverage] = {}
        self.levels: dict[str, Level] = {}
        self.base_purses: list[Purse] = []
        self._found_ladder()
        self._take_stock()
        self._set_quotas()
        self._wire_rows()
        self.proposals = 0
        self.withdrawals = 0
        self._uncontracted: dict[Project, Purse] = {}
        self._opening: list[Project] = []
        self._accounting_called = False

    # ------------------------------------------------------------------ building the city

    def _open_purses(self) -> None:
        groups = sorted(
            {p.group for p in self.plan.spec.programmes.values()} | self._staff_groups()
        )
        backfill = self.scenario.budget.queue == "backfill"

        def purse(group: str, level: str, place: int, tie: float) -> Purse:
            return Purse(
                self.clock, self.desk, self.ledger,
                place=place, group=group, level=level, backfill=backfill, tie=tie,
            )  # fmt: skip

        self.city_purses = {
            group: purse(group, "city", self.plan.spec.city_code, 0.0) for group in groups
        }
        self.district_purses = {
            group: [
                purse(group, "district", district.adcode, tie)
                for district, tie in zip(self.districts, self.place_ties, strict=True)
            ]
            for group in groups
        }
        self.purses = [
            p for group in groups for p in (self.city_purses[group], *self.district_purses[group])
        ]

    def _staff_groups(self) -> set[str]:
        """Groups whose money pays the programme-paid staff of the start."""
        return {
            target.group
            for target in self.plan.spec.targets.values()
            if isinstance(target.measured_by, StaffMeasure)
        }

    def _found_ladder(self) -> None:
        for name, spec in self.plan.spec.ladder.items():
            count = round(self.baseline(spec.target))
            by_place = largest_remainder(count, self.key_weights("population"), self.place_ties)
            self.levels[name] = found_level(self, name, spec, by_place)
            self.base_purses = self.district_purses[self.plan.spec.targets[spec.target].group]

    def _take_stock(self) -> None:
        """What stands at the start: facilities and covered places, their running cost, the staff."""
        draw, targets = self.draw, self.plan.spec.targets
        for name, target in targets.items():
            if isinstance(target.measured_by, CoverageMeasure):
                self._take_stock_of_places(name, target.measured_by.universe)
        for programme in self.programmes.values():
            programme.existing = self._existing_units(programme)
            yearly = draw["existing_run_share"] * programme.running_cost
            for place, units in enumerate(programme.existing):
                programme.purse_at(place).running_year += yearly * units
                programme.purse_at(place).visits_year += programme.visits * units
        for group in self._staff_groups():
            share = self.scenario.allocation.city_shares.get(group, 0.0)
            pay = draw["programme_paid_share"] * draw["staff_pay"] * self.people.persons("strict")
            self.city_purses[group].pay_year += share * float(pay.sum())
            for purse, yuan in zip(self.district_purses[group], pay.tolist(), strict=True):
                purse.pay_year += (1.0 - share) * yuan

    def _take_stock_of_places(self, name: str, universe: str) -> None:
        target = self.plan.spec.targets[name]
        if target.definition is None:
            totals = {"": [getattr(d, universe) for d in self.districts]}
            planning = ""
        else:
            readings = self.plan.spec.definitions[target.definition].readings
            totals = {r: [d.communities[r] for d in self.districts] for r in readings}
            planning = str(self.scenario.definitions[target.definition])
        share = self.baseline(name) / 100.0
        covered = {
            reading: largest_remainder(round(share * sum(counts)), counts, self.place_ties)
            for reading, counts in totals.items()
        }
        self.coverage[universe] = Coverage(totals, covered, planning)

    def _existing_units(self, programme: Programme) -> list[int]:
        spec = programme.spec
        target = self.plan.spec.targets[spec.target]
        nothing = [0] * len(self.districts)
        match target.measured_by:
            case CoverageMeasure(universe=universe):
                coverage = self.coverage[universe]
                return list(coverage.covered[coverage.planning])
            case LadderMeasure(level=level):
                counts = nothing
                for base in self.levels[level].holders:
                    counts[base.place] += 1
                return counts
            case PlacesMeasure():
                return self._places_that_have_one(programme.name, round(self.baseline(spec.target)))
            case DeliveredMeasure() if target.measure == "stock":
                return spread(self, spec.quota_key, round(self.baseline(spec.target)))
            case _:
                return nothing

    def _places_that_have_one(self, name: str, count: int) -> list[int]:
        """Which districts have a facility already: drawn, the fiscally stronger ones more likely.

        Weighted sampling without replacement by exponential keys (Efraimidis and Spirakis 2006).
        """
        keys = entity_keys(f"existing/{name}", [d.adcode for d in self.districts])
        strength = np.array([max(1, d.fiscal_strength) for d in self.districts])
        waiting = -np.log(self.streams.uniform("existing", keys)) / strength
        have = set(np.argsort(waiting, kind="stable")[:count].tolist())
        return [int(place in have) for place in range(len(self.districts))]

    def _set_quotas(self) -> None:
        quotas = {programme: self._quota(programme) for programme in self.programmes.values()}
        self.lines_of: dict[str, list[Line]] = {name: [] for name in self.programmes}
        self._planners = {id(purse): Planner(self, purse) for purse in self.purses}
        ranks = self._ranks()
        for programme, made in make_projects(self, quotas).items():
            by_place: dict[int, list[Project]] = {}
            for project in made:
                place = CITY if programme.spec.pool == "city" else project.place
                by_place.setdefault(place, []).append(project)
            for place, projects in by_place.items():
                if place == CITY and programme.spec.place == "districts":
                    # The city takes the districts in the order of its allocation rule.
                    projects.sort(key=lambda p: (*ranks[p.place], p.ordinal))
                for turn, project in enumerate(projects):
                    project.turn = turn
                self._add_line(programme, place, projects)

    def _add_line(self, programme: Programme, place: int, projects: list[Project]) -> Line:
        """Give the projects of one quota to whoever plans from the purse that pays for them."""
        line = Line(
            programme=programme,
            place=place,
            quota=len(projects),
            pace=self._pace(len(projects)),
            tie=projects[0].tie,
            order=projects[0].order,
            waiting=projects[::-1],
        )
        self._planners[id(programme.purse_of(projects[0]))].lines.append(line)
        self.lines_of[programme.name].append(line)
        return line

    def _pace(self, quota: int) -> int:
        """Largest number of projects of a quota that may be proposed in one year."""
        return int(np.ceil(quota * self.scenario.planning.pace - 1e-9))

    def _quota(self, programme: Programme) -> dict[int, int]:
        """Units to deliver by district (or by the city) so that the goal is met with a margin."""
        spec = programme.spec
        target = self.plan.spec.targets[spec.target]
        margin = self.scenario.planning.margin
        room: list[int] | None = None
        if spec.quota_key == "one_each":
            return {i: 1 for i, n in enumerate(programme.existing) if n == 0}
        if isinstance(target.measured_by, CoverageMeasure):
            coverage = self.coverage[target.measured_by.universe]
            room = coverage.room
            places = sum(coverage.totals[coverage.planning])
            goal = float(np.ceil(target.goal / 100.0 * places - 1e-9))
            units = required_units(goal, target.comparator, places - sum(room), margin)
        else:
            baseline = self.baseline(spec.target) if target.measure == "stock" else 0.0
            units = required_units(target.goal, target.comparator, round(baseline), margin)
        if spec.place == "city":
            return {CITY: units} if units else {}
        parts = spread(self, spec.quota_key, units, room)
        return {place: part for place, part in enumerate(parts) if part}

    def _ranks(self) -> list[tuple[int, float]]:
        """Order in which the city serves districts: larger weight of the allocation rule first."""
        allocation = self.scenario.allocation
        weights = RULES[allocation.rule](allocation, self.district_states(self.capital_group, 0))
        return [(-weight, tie) for weight, tie in zip(weights, self.place_ties, strict=True)]

    def _wire_rows(self) -> None:
        """Which rows of the answer each kind of change can move."""
        self.readers = [measures.reader(self, row) for row in self.layout.rows]
        self._rows_of: dict[str, list[int]] = {name: [] for name in self.programmes}
        self._staff_rows: list[int] = []
        self._ladder_rows: list[int] = []
        self._dirty_rows: set[int] = set()
        for i, row in enumerate(self.layout.rows):
            match row.spec.measured_by:
                case DeliveredMeasure(programme=name) | PlacesMeasure(programme=name):
                    self._rows_of[name].append(i)
                case CoverageMeasure(universe=universe):
                    for programme in self.programmes.values():
                        if universe in (programme.spec.covers, programme.spec.may_cover):
                            self._rows_of[programme.name].append(i)
                case StaffMeasure():
                    self._staff_rows.append(i)
                case LadderMeasure():
                    self._ladder_rows.append(i)
        self._first_attained = np.full(len(self.layout.rows), -1, dtype=np.int64)
        self._unattained = set(range(len(self.layout.rows)))

    # ------------------------------------------------------------------ numbers

    def baseline(self, target: str) -> float:
        """What stood at the start: the plan's number, or the draw of the parameter that stands for it."""
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
                coverage = self.coverage[key]
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

    def first_instalment(self, cost: int) -> int:
        """What is due at contract, in yuan."""
        return round(cost * self.scenario.budget.first_instalment)

    def district_states(self, group: str, year: int) -> list[DistrictState]:
        """What an allocation rule may know of the districts about one group's programmes."""
        count = len(self.districts)
        gap, due, done = [0.0] * count, [0.0] * count, [0.0] * count
        last = (self.calendar.year_ends[year - 1] - 365, self.calendar.year_ends[year - 1])
        for programme in (
            self.programmes.values()
            if self.scenario.allocation.rule
            in (
                "need",
                "performance",
            )
            else ()
        ):
            if programme.spec.group != group or programme.spec.pool != "district":
                continue
            cost = programme.unit_cost
            for project in programme.projects:
                if project.status != Status.OPEN:
                    gap[project.place] += cost * project.units
                elif year and last[0] < project.opened <= last[1]:
                    done[project.place] += cost * project.units
                due[project.place] += cost * project.units * self.scenario.planning.pace
        return [
            DistrictState(
                population=district.population,
                zone=district.zone,
                gap=round(gap[i]),
                delivery=done[i] / due[i] if year and due[i] > 0.0 else 1.0,
                adcode=district.adcode,
            )
            for i, district in enumerate(self.districts)
        ]

    def training_bases(self) -> float:
        """Facilities that offer training seats, open now, old and new."""
        return float(
            sum(
                sum(p.existing) + p.total_open
                for p in self.programmes.values()
                if p.spec.training_seats is not None
            )
        )

    # ------------------------------------------------------------------ the life of projects

    def propose(self, project: Project, line: Line, year: int) -> None:
        """A planner proposes ``project``: fix its price and let its life begin."""
        today = self.clock.today
        again = project.attempt >= 0
        project.attempt += 1
        if again:
            project.enter(Stage.MONEY, today)
            if project.programme.review:
                keys = np.array([project.key], dtype=np.uint64)
                project.send_backs = send_backs(self, keys, project.attempt)[0]
        else:
            project.first_proposed = project.since = today
            project.stage = Stage.REVIEW if project.programme.review else Stage.MONEY
        project.status = Status.PROPOSED
        project.line = line
        project.cost = project.programme.price(project, self.cost_index[year])
        purse = project.programme.purse_of(project)
        purse.pledged += project.cost
        self._uncontracted[project] = purse
        self.proposals += 1
        if self.tracing:
            self.log_project("planning", project, "proposed", f"{project.cost}")
        Activity(life(self, project))

    def contract(self, project: Project, purse: Purse, unpaid: int) -> None:
        """The first instalment has been paid: the project can no longer lapse."""
        project.status = Status.CONTRACTED
        del self._uncontracted[project]
        purse.pledged -= project.cost
        purse.committed += unpaid
        if project.needs_staff:
            self.people.expect(project)
        if self.tracing:
            self.log_project("grants", project, "contracted", f"{project.cost - unpaid}")

    def lapse_proposals(self) -> None:
        """On 31 December proposals without a contract are withdrawn; they may come again."""
        today = self.clock.today
        lines: dict[int, Line] = {}
        for project, purse in self._uncontracted.items():
            purse.pledged -= project.cost
            project.status = Status.WITHDRAWN
            project.enter(Stage.CALENDAR, today)
            if project.claim is not None:
                project.claim.cancelled = True
            line = project.line
            assert line is not None, "a proposal comes from a line"
            line.under_way -= 1
            line.waiting.append(project)
            lines[id(line)] = line
            self.withdrawals += 1
            if self.tracing:
                self.log_project("accounting", project, "withdrawn")
        for line in lines.values():
            line.waiting.sort(key=_turn, reverse=True)
        self._uncontracted.clear()

    def open(self, project: Project) -> None:
        """A facility opens; the books of the day take it in once, at the end of the day."""
        project.status = Status.OPEN
        project.opened = self.clock.today
        project.close(project.opened)
        self._opening.append(project)
        if self.tracing:
            self.log_project("accounting", project, "opened")
        self._call_accounting()

    def staff_changed(self) -> None:
        """Something happened to the staff: look at the staff targets at the end of the day."""
        self._dirty_rows.update(self._staff_rows)
        self._call_accounting()

    def bases_changed(self) -> None:
        """Titles were given or lost: look at the ladder targets at the end of the day."""
        self._dirty_rows.update(self._ladder_rows)
        self._call_accounting()

    def strike_off(self, bases: list[Base]) -> None:
        """Bases lose every title they have."""
        for base in bases:
            base.struck = True
        for level in self.levels.values():
            level.remove_struck()
        for programme in self.programmes.values():
            if programme.spec.feeds is not None:
                self._replace(programme, bases)

    def _replace(self, programme: Programme, bases: list[Base]) -> None:
        """A title that was struck off is missing again: the quota of its district grows by one."""
        lost: dict[int, int] = {}
        for base in bases:
            if programme.spec.feeds in base.named:
                lost[base.place] = lost.get(base.place, 0) + 1
        lines = {line.place: line for line in self.lines_of[programme.name]}
        for project in make_projects(self, {programme: lost})[programme]:
            line = lines.get(project.place)
            if line is None:
                lines[project.place] = self._add_line(programme, project.place, [project])
                continue
            project.turn = line.quota
            line.quota += 1
            line.waiting.insert(0, project)
            line.pace = self._pace(line.quota)

    # ------------------------------------------------------------------ the end of the day

    def _call_accounting(self) -> None:
        if not self._accounting_called:
            self._accounting_called = True
            event = self.clock.after(0, Phase.ACCOUNTING)
            event.callbacks.append(self._account)

    def _account(self, _: Event) -> None:
        """Enter the day's openings in the order of their drawn numbers; see which targets now hold."""
        self._accounting_called = False
        opened, self._opening = self._opening, []
        opened.sort(key=lambda p: (p.tie, p.order))
        for project in opened:
            self._enter_opening(project)
        today = self.clock.today
        for i in self._dirty_rows & self._unattained:
            if self.layout.rows[i].attained(self.readers[i]()):
                self._first_attained[i] = today
                self._unattained.remove(i)
        self._dirty_rows.clear()

    def _enter_opening(self, project: Project) -> None:
        programme, place, units = project.programme, project.place, project.units
        programme.open_units[place] += units
        programme.total_open += units
        purse = programme.purse_of(project)
        purse.running_year += programme.running_cost * units
        purse.visits_year += programme.visits * units
        if project.needs_staff:
            purse.pay_year += (
                programme.full_time_posts
                * units
                * self.draw["programme_paid_share"]
                * self.draw["staff_pay"]
            )
            if programme.full_time_posts:
                self.people.take_up(project)
                self._dirty_rows.update(self._staff_rows)
        spec = programme.spec
        if spec.covers is not None:
            self.coverage[spec.covers].cover(place, units, project.covers_draw)
        if spec.may_cover is not None:
            coverage = self.coverage[spec.may_cover]
            if project.covers_draw < 1.0 - coverage.share(place):
                coverage.cover(place, units, project.covers_draw)
        if spec.feeds is not None:
            self.levels[spec.feeds].candidates.append(candidate(project, project.opened))
        self._dirty_rows.update(self._rows_of[programme.name])

    # ------------------------------------------------------------------ running

    def run(self) -> Outcome:
        """Let time pass to the horizon and return what happened."""
        clock, horizon = self.clock, self.calendar.horizon
        recorder = Recorder(self, self.layout)
        clock.process(self.treasury.years())
        clock.process(self.people.months())
        for planner in self._planners.values():
            clock.process(planner.years())
        for level in self.levels.values():
            clock.process(level.rounds())
        clock.process(self._assessments())
        clock.process(self._reports(recorder))
        self._dirty_rows.update(range(len(self.layout.rows)))
        self._call_accounting()
        events = clock.run_through(horizon)
        self._close()
        values = np.array([read() for read in self.readers])
        return Outcome(
            values=values,
            attained=np.array(
                [row.attained(v) for row, v in zip(self.layout.rows, values, strict=True)]
            ),
            first_attained=self._first_attained,
            city_series=recorder.city_series,
            district_series=recorder.district_series,
            delays=delay_ledger(self, self.layout, values),
            ledger=self.ledger.totals(by_place=self.layout.record == "full"),
            events=events,
            log=None if self.events_logged is None else sorted(self.events_logged, key=_log_order),
        )

    def _assessments(self) -> Generator[Event, None, None]:
        """Every few years the weakest bases are struck off, level by level from the top."""
        calendar = self.plan.spec.calendar
        for number, year in enumerate(sorted(calendar.assessment_years)):
            yield self.clock.at(self.calendar.day_of(year, calendar.assessment), Phase.PLANNING)
            for level in reversed(self.levels.values()):
                level.assess(number)
            self.bases_changed()

    def _reports(self, recorder: Recorder) -> Generator[Event, None, None]:
        """Take down the state at quarter ends, after everything else of the day."""
        for day in recorder.days():
            yield self.clock.at(day, Phase.REPORT)
            recorder.take(day)

    def _close(self) -> None:
        """Book the last days of unfinished projects; check money and projects are all there."""
        under_way = opened = 0
        for programme in self.programmes.values():
            for project in programme.projects:
                if project.status in (Status.PROPOSED, Status.CONTRACTED):
                    under_way += 1
                    project.close(self.calendar.horizon)
                elif project.status == Status.WITHDRAWN:
                    project.close(self.calendar.horizon)
                elif project.status == Status.OPEN:
                    opened += 1
        if self.proposals != opened + under_way + self.withdrawals:
            raise ConservationError(
                f"{self.proposals} proposed, but {opened} open + {under_way} under way "
                f"+ {self.withdrawals} withdrawn"
            )
        held = {p.public_account: p.public for p in self.purses}
        held |= {p.social_account: p.social for p in self.purses}
        self.ledger.audit(held, self.treasury.pass_through)

    # ------------------------------------------------------------------ the event log

    def log(self, phase: str, entity: str, event: str, detail: str) -> None:
        """Note something that concerns the whole city, if a log is kept."""
        if self.events_logged is not None:
            entry = LogEntry(self.clock.today, phase, entity, event, CITY_PLACE, detail)
            self.events_logged.append(entry)

    def log_project(self, phase: str, project: Project, event: str, detail: str = "") -> None:
        """Note a step in a project's life; call only if a log is kept (``tracing``)."""
        assert self.events_logged is not None, "without a log there is nothing to note"
        adcode = self.districts[project.place].adcode
        place = self.plan.spec.city_code if project.programme.spec.place == "city" else adcode
        entity = f"{project.programme.name}/{place}/{project.ordinal}/{project.attempt}"
        entry = LogEntry(self.clock.today, phase, entity, event, str(adcode), detail)
        self.events_logged.append(entry)


def _turn(project: Project) -> int:
    return project.turn


def _log_order(entry: LogEntry) -> tuple[int, str, str, str, str]:
    return entry.day, entry.phase, entry.entity, entry.event, entry.detail
