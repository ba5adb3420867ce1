"""The ladder of bases: rounds that name them, terms that expire, assessments that strike off."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from sim.config.schema import LadderMeasure
from sim.model.kernel.clock import Phase, Process
from sim.model.kernel.facts import Kind, Sort, Who
from sim.model.kernel.measure import HeldBack
from sim.model.kernel.streams import entity_keys, name_key
from sim.model.kernel.world import World
from sim.model.money.envelope import Envelopes
from sim.model.parts.part import Part, PartMeasure
from sim.model.works.planning import Portfolio, Quotas
from sim.model.works.programme import Programme, Programmes
from sim.model.works.project import OPEN, UNPROPOSED, Project
from sim.model.works.stock import Openings, Places
from sim.plan.plan import TargetRow

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]

ROUND = Sort("round", "round {level}")
NAMED = Kind("named", Phase.PLANNING, "{count} of {total}")
NOT_HELD = Kind("not held", Phase.PLANNING)
ASSESSMENT = Sort("assessment", "assessment {level}")
STRUCK_OFF = Kind("struck off", Phase.ASSESSMENT, "{count}")
BASE = Sort("base", "base/{level}/{place}/{number}")
GIVEN, RENEWED, EXPIRED = (
    Kind(f"title {what}", Phase.PLANNING, "{level}") for what in ("given", "renewed", "expired")
)
TAKEN = Kind("title struck off", Phase.ASSESSMENT, "{level}")

NEVER = np.iinfo(np.int64).min
"""Day of naming of a base that does not hold the title."""

REASONS = ("next_round", "eligibility", "panel", "round_quota", "no_round")
"""Why the latest round left a candidate without a title; the first: none has been held since."""
NEXT_ROUND, ELIGIBILITY, PANEL, ROUND_QUOTA, NO_ROUND = range(len(REASONS))

DAYS_PER_YEAR = 365.25
_LONG_AGO = -10_000  # bases of the start are old enough for every rule of the plan


class BaseRegister:
    """All bases and candidates of a city, in the order in which they were entered.

    Attributes:
        keys, places: key and district of every base.
        staffed: whether it has the staff that the level above asks for.
        since: day from which it has been a candidate.
        struck: whether an assessment struck it off.
        reasons: position in ``REASONS``.
        named: day of naming by level, ``NEVER`` without the title.
        expiry: day on which the title runs out, by level; infinity without a term.
        gone_up: whether it was named at the level above since the start, by level.
        names: what the event log calls a base, by key; filled only where a log is kept.
    """

    def __init__(self, levels: Iterable[str]) -> None:
        self.keys = np.empty(0, dtype=np.uint64)
        self.places = np.empty(0, dtype=np.int64)
        self.staffed = np.empty(0, dtype=bool)
        self.since = np.empty(0, dtype=np.int64)
        self.struck = np.empty(0, dtype=bool)
        self.reasons = np.empty(0, dtype=np.int64)
        self.named: dict[str, Integers] = {name: np.empty(0, dtype=np.int64) for name in levels}
        self.expiry: dict[str, Floats] = {name: np.empty(0) for name in self.named}
        self.gone_up: dict[str, Truths] = {name: np.empty(0, dtype=bool) for name in self.named}
        self.names: dict[int, Who] = {}

    def enter(
        self, keys: Sequence[int] | npt.NDArray[np.uint64], places: Sequence[int],
        staffed: Truths, since: Sequence[int],
    ) -> Integers:  # fmt: skip
        """Enter bases without a title; return their positions."""
        first, more = len(self.keys), len(keys)
        self.keys = np.concatenate((self.keys, np.asarray(keys, dtype=np.uint64)))
        self.places = np.concatenate((self.places, np.asarray(places, dtype=np.int64)))
        self.staffed = np.concatenate((self.staffed, staffed))
        self.since = np.concatenate((self.since, np.asarray(since, dtype=np.int64)))
        self.struck = np.concatenate((self.struck, np.zeros(more, dtype=bool)))
        self.reasons = np.concatenate((self.reasons, np.full(more, NEXT_ROUND)))
        for name in self.named:
            self.named[name] = np.concatenate((self.named[name], np.full(more, NEVER)))
            self.expiry[name] = np.concatenate((self.expiry[name], np.full(more, np.inf)))
            self.gone_up[name] = np.concatenate((self.gone_up[name], np.zeros(more, dtype=bool)))
        return np.arange(first, first + more)


class Level:
    """One level of the ladder with the numbers of this draw and the bases that hold its title.

    Attributes:
        holders: positions in the register of the bases that hold the title.
        lost: titles that went amiss so far, by reason.
    """

    def __init__(
        self, world: World, envelopes: Envelopes, register: BaseRegister, name: str
    ) -> None:
        self._world = world
        self._register = register
        self.name = name
        self.spec = spec = world.plan.spec.ladder[name]
        # The envelope that answers for a base's service is its district's for the level's group.
        self._envelopes = envelopes.districts[world.plan.spec.targets[spec.target].group]
        self.holders: Integers = np.empty(0, dtype=np.int64)
        self._candidates: Integers = np.empty(0, dtype=np.int64)  # opened, not named
        self._opened: list[tuple[int, int, int]] = []  # candidates not in the register yet
        self.lost: dict[str, int] = {
            "no_round": 0,
            "round_quota": 0,
            "panel": 0,
            "strike_off": 0,
        }

    # ------------------------------------------------------------------ rounds as a process

    def rounds(self, below: Level | None) -> Process:
        """Name new bases: applications close, a panel works, and the round's quota is filled.

        Holders of the level ``below`` may apply; for the lowest level, candidates.
        """
        world = self._world
        days = self._round_days()
        quotas = self._quotas(len(days))
        for number, (deadline, naming) in enumerate(days):
            if naming > world.calendar.horizon:
                return
            yield world.clock.at(max(0, deadline), Phase.PLANNING)
            applicants = self._applicants(number, max(0, deadline), below)
            if naming > world.clock.today:
                yield world.clock.at(naming, Phase.PLANNING)
            if self.spec.rounds == "yearly" and ("naming", number - 1) in world.missed:
                self._pass_over(applicants, quotas[number])
                continue
            if self.spec.term_years is not None:
                self._renew(naming, number)
            self._name(applicants, quotas[number], number, naming)

    def _round_days(self) -> list[tuple[int, int]]:
        """(application deadline, naming) of the rounds in order; a first deadline may be past."""
        world, spec = self._world, self.spec
        key = np.array([name_key(f"round/{self.name}")], dtype=np.uint64)
        if spec.rounds == "dated":
            days = [math.ceil(world.draw[date] * DAYS_PER_YEAR) for date in spec.round_dates]
            return sorted((day, day) for day in days)
        assert spec.approval_days is not None, "the linter guarantees it for yearly rounds"
        numbers = np.arange(len(world.calendar.years))
        approval = world.quantile(
            spec.approval_days, world.streams.uniform("approval", key, numbers)
        ).tolist()
        deadlines = [
            world.calendar.day_of(year - 1, world.plan.spec.calendar.application_deadline)
            for year in world.calendar.years
        ]
        return [(d, d + math.ceil(a)) for d, a in zip(deadlines, approval, strict=True)]

    def _applicants(self, number: int, day: int, below: Level | None) -> Integers:
        """Those who may apply and do; the others learn why not."""
        world, spec, bases = self._world, self.spec, self._register
        pool = self.candidates if below is None else below.holders
        since = bases.since if below is None else bases.named[below.name]
        minimum_age = world.drawn(spec.minimum_age_years) * DAYS_PER_YEAR
        minimum_service = world.drawn(spec.minimum_service)
        served = np.array([e.yearly_service >= minimum_service for e in self._envelopes])
        eligible = (
            bases.staffed[pool]
            & served[bases.places[pool]]
            & (day - since[pool] >= minimum_age)
            & (bases.named[self.name][pool] == NEVER)
        )
        u = world.streams.uniform(f"apply/{self.name}", bases.keys[pool], number)
        applies = eligible & (u < world.draw[spec.applicants])
        bases.reasons[pool[~applies]] = ELIGIBILITY
        applicants: Integers = pool[applies]
        return applicants

    def _name(self, applicants: Integers, quota: int, number: int, day: int) -> None:
        """Name min(quota, accepted applicants); the order among the accepted is drawn."""
        world, bases = self._world, self._register
        applicants = applicants[~bases.struck[applicants]]
        keys = bases.keys[applicants]
        purposes = f"accept/{self.name}", f"rank/{self.name}"
        verdict, rank = world.streams.uniforms(purposes, keys, number)
        passed = verdict < world.draw[self.spec.acceptance]
        bases.reasons[applicants[~passed]] = PANEL
        accepted = applicants[passed][np.lexsort((keys[passed], rank[passed]))]
        bases.reasons[accepted[quota:]] = ROUND_QUOTA
        named = accepted[:quota]
        self._award(named, day)
        self._tell(GIVEN, named)
        self.lost["round_quota"] += len(accepted) - len(named)
        self.lost["panel"] += min(quota - len(named), len(applicants) - len(accepted))
        if self.spec.below is None:
            self._candidates = self._candidates[bases.named[self.name][self._candidates] == NEVER]
        world.fact(NAMED, ROUND(level=self.name), count=len(named), total=len(applicants))
        world.changed("ladder")

    def _pass_over(self, applicants: Integers, quota: int) -> None:
        """No round is held, because the assessment that would prepare it was missed."""
        self._register.reasons[applicants] = NO_ROUND
        self.lost["no_round"] += quota
        self._world.fact(NOT_HELD, ROUND(level=self.name))

    def _quotas(self, rounds: int) -> list[int]:
        """The rounds' quotas; a parameter that varies by round is drawn for each."""
        world, name = self._world, self.spec.quota
        if world.plan.parameters[name].varies != "round":
            return [int(world.draw[name])] * rounds
        key = np.array([name_key(f"quota/{self.name}")], dtype=np.uint64)
        u = world.streams.uniform("round quota", key, np.arange(rounds))
        quotas: list[int] = world.quantile(name, u).astype(int).tolist()
        return quotas

    def _award(self, named: Integers, day: int) -> None:
        bases = self._register
        bases.named[self.name][named] = day
        self.holders = np.concatenate((self.holders, named))
        if self.spec.term_years is not None:
            term = self._world.draw[self.spec.term_years] * DAYS_PER_YEAR
            bases.expiry[self.name][named] = day + term
        if self.spec.below is not None:
            bases.gone_up[self.spec.below][named] = True

    def _renew(self, day: int, number: int) -> None:
        """A new round renews expired titles or ends them."""
        world, spec, bases = self._world, self.spec, self._register
        assert spec.renewal is not None, "the linter guarantees it for titles with a term"
        assert spec.term_years is not None, "asked for by the caller"
        expired = self.holders[bases.expiry[self.name][self.holders] <= day]
        u = world.streams.uniform(f"renew/{self.name}", bases.keys[expired], number)
        stays = u < world.draw[spec.renewal]
        term = world.draw[spec.term_years] * DAYS_PER_YEAR
        bases.expiry[self.name][expired[stays]] = day + term
        bases.named[self.name][expired[~stays]] = NEVER
        self._tell(RENEWED, expired[stays])
        self._tell(EXPIRED, expired[~stays])
        self.lost["panel"] += int(np.count_nonzero(~stays))
        self.holders = self.holders[bases.named[self.name][self.holders] != NEVER]

    # ------------------------------------------------------------------ assessment

    def weakest(self, number: int) -> Integers:
        """Bases that assessment ``number`` strikes off: lowest service first, to a tenth.

        Within a tenth a drawn number decides: an assessment does not read service to the digit.
        """
        world, spec, bases = self._world, self.spec, self._register
        if spec.delisting is None or not len(self.holders):
            return self.holders[:0]
        count = round(world.draw[spec.delisting] * len(self.holders))
        keys = bases.keys[self.holders]
        u = world.streams.uniform(f"assess/{self.name}", keys, number)
        service = np.array([round(e.yearly_service, 1) for e in self._envelopes])
        order = np.lexsort((keys, u, service[bases.places[self.holders]]))
        return self.holders[order[:count]]

    def remove_struck(self) -> None:
        """Take this level's title from the bases that were struck off."""
        struck = self._register.struck[self.holders]
        self._tell(TAKEN, self.holders[struck])
        self.lost["strike_off"] += int(np.count_nonzero(struck))
        self.holders = self.holders[~struck]

    def _tell(self, kind: Kind, positions: Integers) -> None:
        """Note what became of the titles of bases, one fact each, if facts are kept."""
        world, bases = self._world, self._register
        if world.tracing:
            for key, place in zip(bases.keys[positions], bases.places[positions], strict=True):
                world.fact(kind, bases.names[int(key)], place=int(place), level=self.name)

    # ------------------------------------------------------------------ candidates

    def present(self, project: Project) -> None:
        """A host has opened: from that day on it is a candidate for the lowest level."""
        self._opened.append((project.key, project.place, project.opened))
        if self._world.tracing:
            self._register.names[project.key] = project.who

    @property
    def candidates(self) -> Integers:
        """Opened hosts that have not been named, by position in the register."""
        if self._opened:
            keys, places, days = zip(*self._opened, strict=True)
            new = self._register.enter(keys, places, np.ones(len(keys), dtype=bool), days)
            self._candidates = np.concatenate((self._candidates, new))
            self._opened.clear()
        return self._candidates

    def untitled(self) -> list[tuple[int, str]]:
        """(district, why the latest round did not name it) of every candidate."""
        candidates = self.candidates  # enters new ones first, and with them longer columns
        places = self._register.places[candidates].tolist()
        reasons = self._register.reasons[candidates].tolist()
        return [(place, REASONS[reason]) for place, reason in zip(places, reasons, strict=True)]

    # ------------------------------------------------------------------ what is measured

    def count(self, reading: str, day: int) -> int:
        """Titles held, by the readings of the plan's definitions.

        ``promoted_leave`` leaves out bases named at the level above since the start; ``strict``
        leaves out titles whose term has run out; every other reading counts all holders.
        """
        return len(self._counted(reading, day))

    def count_promoted(self, reading: str) -> int:
        """Bases that a reading leaves out because they were named at the level above."""
        if reading != "promoted_leave":
            return 0
        return int(np.count_nonzero(self._register.gone_up[self.name][self.holders]))

    def _counted(self, reading: str, day: int) -> Integers:
        if reading == "promoted_leave":
            return self.holders[~self._register.gone_up[self.name][self.holders]]
        if reading == "strict":
            return self.holders[self._register.expiry[self.name][self.holders] > day]
        return self.holders

    def count_by_place(self, reading: str, day: int) -> list[int]:
        """What :meth:`count` counts, by district."""
        return self._by_place(self._counted(reading, day))

    def candidates_by_place(self) -> list[int]:
        """Candidates by district."""
        return self._by_place(self.candidates)

    def _by_place(self, positions: Integers) -> list[int]:
        places = self._register.places[positions]
        counts: list[int] = np.bincount(places, minlength=len(self._world.districts)).tolist()
        return counts

    def unmet(self, missing: int, reading: str) -> dict[str, int]:
        """Missing titles by reason: gone up, struck off, no round held, over the quota, rejected.

        The rest were not eligible.
        """
        reasons: dict[str, int] = {}
        lost = self.lost | {"promoted": self.count_promoted(reading)}
        for reason in ("promoted", "strike_off", "no_round", "round_quota", "panel"):
            reasons[reason] = min(missing, lost[reason])
            missing -= reasons[reason]
        reasons["eligibility"] = missing
        return reasons

    # ------------------------------------------------------------------ the start

    def found(self, by_place: Sequence[int]) -> None:
        """Enter the bases that hold the title at the start, given their number by district."""
        world, bases, name = self._world, self._register, self.name
        places = [place for place, count in enumerate(by_place) for _ in range(count)]
        if not places:
            return
        ordinals = [i for count in by_place for i in range(count)]
        codes = [world.districts[place].adcode for place in places]
        keys = entity_keys(f"base/{name}", codes, ordinals)
        staffed = np.ones(len(places), dtype=bool)
        for above in world.plan.spec.ladder.values():
            if above.below == name and above.staffed_share is not None:
                u = world.streams.uniform("staffed base", keys)
                staffed = u < world.draw[above.staffed_share]
        self.holders = bases.enter(keys, places, staffed, [_LONG_AGO] * len(places))
        if world.tracing:
            names = [
                BASE(level=name, place=code, number=i)
                for code, i in zip(codes, ordinals, strict=True)
            ]
            bases.names |= dict(zip(keys.tolist(), names, strict=True))
        bases.named[name][self.holders] = _LONG_AGO
        if self.spec.baseline_expiry is not None:
            expiry = world.draw[self.spec.baseline_expiry] * DAYS_PER_YEAR
            bases.expiry[name][self.holders] = expiry


class Titles(PartMeasure["Ladder"]):
    """Titles of a level that are held, by district."""

    type = "ladder"

    def __init__(self, row: TargetRow, part: Ladder) -> None:
        super().__init__(row, part)
        measure = row.spec.measured_by
        assert isinstance(measure, LadderMeasure), "made for targets of this type"
        self._level = part.levels[measure.level]
        self._clock = part.world.clock

    def value(self) -> float:
        """Titles."""
        return float(self._level.count(self.row.counted, self._clock.today))

    @classmethod
    def has_districts(cls, row: TargetRow) -> bool:
        """Bases stand in districts."""
        return True

    def by_district(self) -> list[float]:
        """Titles by district."""
        titles = self._level.count_by_place(self.row.counted, self._clock.today)
        return [float(count) for count in titles]

    def explain(self, missing: int) -> HeldBack:
        """Missing titles by reason; of the lowest level by district as well."""
        if self._level.spec.below is None:
            return self.part.untitled(self._level, self.row.counted, missing)
        return super().explain(missing)

    def unmet(self, missing: int) -> dict[str, int]:
        """See :meth:`Level.unmet`."""
        return self._level.unmet(missing, self.row.counted)


class Ladder(Part):
    """All levels, and the hosts that are on their way to the lowest one.

    Attributes:
        levels: by name.
        register: of all bases and candidates.
    """

    needs = (Envelopes, Programmes, Places, Portfolio, Quotas, Openings)
    measures = (Titles,)

    def __init__(
        self,
        world: World,
        envelopes: Envelopes,
        programmes: Programmes,
        places: Places,
        portfolio: Portfolio,
        quotas: Quotas,
        openings: Openings,
    ) -> None:
        super().__init__(world)
        self._programmes = programmes
        self._portfolio = portfolio
        self._quotas = quotas
        names = world.plan.spec.ladder
        self.register = BaseRegister(names)
        self.levels = {name: Level(world, envelopes, self.register, name) for name in names}
        for name, level in self.levels.items():
            level.found(places.titles(name))
            openings.tell(name, level.present)

    def processes(self) -> Iterable[Process]:
        """Hosts, the rounds of every level, and the assessments."""
        rounds = [level.rounds(self._below(level)) for level in self.levels.values()]
        return self.hosts(), *rounds, self._assessments()

    def _below(self, level: Level) -> Level | None:
        return None if level.spec.below is None else self.levels[level.spec.below]

    # ------------------------------------------------------------------ hosts

    def hosts(self) -> Process:
        """Before every window: are enough hosts on their way for the titles still missing?"""
        for day, year in self.world.calendar.windows:
            yield self.world.clock.at(day, Phase.STAFF)
            for name in self._quotas.titles_wanted:
                self._replenish(self._programmes[name], year)

    def _replenish(self, programme: Programme, year: int) -> None:
        """Raise the quota of hosts where titles are missing: not everybody named, some struck off.

        Planners know the usual share of candidates that a round names, and how many rounds a host
        proposed now can still enter; they expect 1 - (1 - share) ** rounds of their hosts to get
        there. They never know the draw.
        """
        world = self.world
        level = self.levels[programme.feeds or ""]
        rounds = world.calendar.years[-1] - world.calendar.years[year]
        if rounds == 0:
            return
        share = world.plan.mean(level.spec.applicants) * world.plan.mean(level.spec.acceptance)
        expected = 1.0 - (1.0 - share) ** rounds
        pairs = zip(programme.planned, programme.open_units, strict=True)
        on_their_way = [
            planned - opened + waiting
            for (planned, opened), waiting in zip(pairs, level.candidates_by_place(), strict=True)
        ]
        held = level.count_by_place("", world.clock.today)
        more = {}
        for place, wanted in enumerate(self._quotas.titles_wanted[programme.name]):
            hosts = math.ceil(max(0, wanted - held[place]) / expected - 1e-9)
            if hosts > on_their_way[place]:
                more[place] = hosts - on_their_way[place]
        self._quotas.add(programme, more)

    # ------------------------------------------------------------------ assessments

    def _assessments(self) -> Process:
        """Every few years the weakest bases are struck off."""
        world, dates = self.world, self.world.plan.spec.calendar
        for number, year in enumerate(sorted(dates.assessment_years)):
            day = world.calendar.day_of(year, dates.assessment)
            yield world.clock.at(day, Phase.ASSESSMENT)
            if ("naming", year - world.calendar.first_year) not in world.missed:
                self._assess(number)

    def _assess(self, number: int) -> None:
        """Strike off the weakest bases of every level; who is struck off loses every title."""
        for name, level in self.levels.items():
            struck = level.weakest(number)
            self.register.struck[struck] = True
            self.world.fact(STRUCK_OFF, ASSESSMENT(level=name), count=len(struck))
        for level in self.levels.values():
            level.remove_struck()
        self.world.changed("ladder")

    # ------------------------------------------------------------------ what is measured

    def untitled(self, level: Level, reading: str, missing: int) -> HeldBack:
        """What held back the missing titles of the lowest level, one reason each.

        First the bases that went up, if the reading leaves them out; then, from the nearest to the
        goal backwards, candidates without a title, hosts that are not open, and hosts never
        proposed.
        """
        reasons = [(-1, "unmet:promoted")] * level.count_promoted(reading)
        reasons += sorted((place, f"unmet:{reason}") for place, reason in level.untitled())
        for name, programme in self._programmes.items():
            if programme.feeds != level.name:
                continue
            unfinished, unproposed = [], []
            for project in self._portfolio.projects[name]:
                if project.status not in (OPEN, UNPROPOSED):
                    unfinished.append((project.place, project.held_back_by()))
            for line in self._quotas.lines_of[name]:
                limit, _ = line.longest_limit()
                never = [p for p in line.waiting if p.status == UNPROPOSED]
                unproposed += [(project.place, f"unproposed:{limit}") for project in never]
            reasons += sorted(unfinished) + sorted(unproposed)
        reasons += [(-1, "unmet:strike_off")] * level.lost["strike_off"]
        reasons += [(-1, "unmet:eligibility")] * max(0, missing - len(reasons))
        counts: HeldBack = {}
        for reason in reasons[:missing]:
            counts[reason] = counts.get(reason, 0) + 1
        return dict(sorted(counts.items()))
