"""The ladder of bases: rounds that name them, terms that expire, assessments that strike off."""

from __future__ import annotations

import math
from collections.abc import Generator
from typing import TYPE_CHECKING

import numpy as np
from simpy.events import Event

from sim.config.schema import LadderLevel
from sim.model.kernel.calendar import Phase
from sim.model.kernel.streams import entity_keys, name_key
from sim.model.parts.register import (
    ELIGIBILITY,
    NEVER,
    NO_ROUND,
    PANEL,
    REASONS,
    ROUND_QUOTA,
    BaseRegister,
    Integers,
)

if TYPE_CHECKING:
    from sim.model.city import City
    from sim.model.works.project import Project

DAYS_PER_YEAR = 365.25
_LONG_AGO = -10_000  # bases of the start are old enough for every rule of the plan


class Level:
    """One level of the ladder with the numbers of this draw and the bases that hold its title.

    Attributes:
        holders: positions in the register of the bases that hold the title.
        lost: titles that went amiss so far, by reason.
    """

    def __init__(self, city: City, name: str, spec: LadderLevel, register: BaseRegister) -> None:
        self._city = city
        self._register = register
        self.name = name
        self.spec = spec
        # The purse that answers for a base's service is its district's for the level's group.
        self._purses = city.district_purses[city.plan.spec.targets[spec.target].group]
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

    def rounds(self) -> Generator[Event, None, None]:
        """Name new bases: applications close, a panel works, and the round's quota is filled."""
        city = self._city
        days = self._round_days()
        quotas = self._quotas(len(days))
        for number, (deadline, naming) in enumerate(days):
            if naming > city.calendar.horizon:
                return
            yield city.clock.at(max(0, deadline), Phase.PLANNING)
            applicants = self._applicants(number, max(0, deadline))
            if naming > city.clock.today:
                yield city.clock.at(naming, Phase.PLANNING)
            if self.spec.rounds == "yearly" and city.obstacle("naming", number - 1):
                self._pass_over(applicants, quotas[number])
                continue
            if self.spec.term_years is not None:
                self._renew(naming, number)
            self._name(applicants, quotas[number], number, naming)

    def _round_days(self) -> list[tuple[int, int]]:
        """(application deadline, naming) of the rounds in order; a first deadline may be past."""
        city, spec = self._city, self.spec
        key = np.array([name_key(f"round/{self.name}")], dtype=np.uint64)
        if spec.rounds == "dated":
            days = [math.ceil(city.draw[date] * DAYS_PER_YEAR) for date in spec.round_dates]
            return sorted((day, day) for day in days)
        assert spec.approval_days is not None, "the linter guarantees it for yearly rounds"
        numbers = np.arange(len(city.calendar.years))
        approval = city.quantile(
            spec.approval_days, city.streams.uniform("approval", key, numbers)
        ).tolist()
        deadlines = [
            city.calendar.day_of(year - 1, city.plan.spec.calendar.application_deadline)
            for year in city.calendar.years
        ]
        return [(d, d + math.ceil(a)) for d, a in zip(deadlines, approval, strict=True)]

    def _applicants(self, number: int, day: int) -> Integers:
        """Those who may apply and do; the others learn why not."""
        city, spec, bases = self._city, self.spec, self._register
        pool = self.candidates if spec.below is None else city.levels[spec.below].holders
        since = bases.since if spec.below is None else bases.named[spec.below]
        minimum_age = _number(city, spec.minimum_age_years) * DAYS_PER_YEAR
        minimum_service = _number(city, spec.minimum_service)
        served = np.array([purse.yearly_service >= minimum_service for purse in self._purses])
        eligible = (
            bases.staffed[pool]
            & served[bases.places[pool]]
            & (day - since[pool] >= minimum_age)
            & (bases.named[self.name][pool] == NEVER)
        )
        u = city.streams.uniform(f"apply/{self.name}", bases.keys[pool], number)
        applies = eligible & (u < city.draw[spec.applicants])
        bases.reasons[pool[~applies]] = ELIGIBILITY
        applicants: Integers = pool[applies]
        return applicants

    def _name(self, applicants: Integers, quota: int, number: int, day: int) -> None:
        """Name min(quota, accepted applicants); the order among the accepted is drawn."""
        city, bases = self._city, self._register
        applicants = applicants[~bases.struck[applicants]]
        keys = bases.keys[applicants]
        purposes = f"accept/{self.name}", f"rank/{self.name}"
        verdict, rank = city.streams.uniforms(purposes, keys, number)
        passed = verdict < city.draw[self.spec.acceptance]
        bases.reasons[applicants[~passed]] = PANEL
        accepted = applicants[passed][np.lexsort((keys[passed], rank[passed]))]
        bases.reasons[accepted[quota:]] = ROUND_QUOTA
        named = accepted[:quota]
        self._award(named, day)
        self._tell("planning", named, "title given")
        self.lost["round_quota"] += len(accepted) - len(named)
        self.lost["panel"] += min(quota - len(named), len(applicants) - len(accepted))
        if self.spec.below is None:
            self._candidates = self._candidates[bases.named[self.name][self._candidates] == NEVER]
        city.log("planning", f"round {self.name}", "named", f"{len(named)} of {len(applicants)}")
        city.books.bases_changed()

    def _pass_over(self, applicants: Integers, quota: int) -> None:
        """No round is held, because the assessment that would prepare it was missed."""
        self._register.reasons[applicants] = NO_ROUND
        self.lost["no_round"] += quota
        self._city.log("planning", f"round {self.name}", "not held")

    def _quotas(self, rounds: int) -> list[int]:
        """The rounds' quotas; a parameter that varies by round is drawn for each."""
        city, name = self._city, self.spec.quota
        if city.plan.parameters[name].varies != "round":
            return [int(city.draw[name])] * rounds
        key = np.array([name_key(f"quota/{self.name}")], dtype=np.uint64)
        u = city.streams.uniform("round quota", key, np.arange(rounds))
        quotas: list[int] = city.quantile(name, u).astype(int).tolist()
        return quotas

    def _award(self, named: Integers, day: int) -> None:
        bases = self._register
        bases.named[self.name][named] = day
        self.holders = np.concatenate((self.holders, named))
        if self.spec.term_years is not None:
            term = self._city.draw[self.spec.term_years] * DAYS_PER_YEAR
            bases.expiry[self.name][named] = day + term
        if self.spec.below is not None:
            bases.gone_up[self.spec.below][named] = True

    def _renew(self, day: int, number: int) -> None:
        """A new round renews expired titles or ends them."""
        city, spec, bases = self._city, self.spec, self._register
        assert spec.renewal is not None, "the linter guarantees it for titles with a term"
        assert spec.term_years is not None, "asked for by the caller"
        expired = self.holders[bases.expiry[self.name][self.holders] <= day]
        u = city.streams.uniform(f"renew/{self.name}", bases.keys[expired], number)
        stays = u < city.draw[spec.renewal]
        term = city.draw[spec.term_years] * DAYS_PER_YEAR
        bases.expiry[self.name][expired[stays]] = day + term
        bases.named[self.name][expired[~stays]] = NEVER
        self._tell("planning", expired[stays], "title renewed")
        self._tell("planning", expired[~stays], "title expired")
        self.lost["panel"] += int(np.count_nonzero(~stays))
        self.holders = self.holders[bases.named[self.name][self.holders] != NEVER]

    # ------------------------------------------------------------------ assessment

    def weakest(self, number: int) -> Integers:
        """Bases that assessment ``number`` strikes off: lowest service first, to a tenth.

        Within a tenth a drawn number decides: an assessment does not read service to the digit.
        """
        city, spec, bases = self._city, self.spec, self._register
        if spec.delisting is None or not len(self.holders):
            return self.holders[:0]
        count = round(city.draw[spec.delisting] * len(self.holders))
        keys = bases.keys[self.holders]
        u = city.streams.uniform(f"assess/{self.name}", keys, number)
        service = np.array([round(purse.yearly_service, 1) for purse in self._purses])
        order = np.lexsort((keys, u, service[bases.places[self.holders]]))
        return self.holders[order[:count]]

    def remove_struck(self) -> None:
        """Take this level's title from the bases that were struck off."""
        struck = self._register.struck[self.holders]
        self._tell("assessment", self.holders[struck], "title struck off")
        self.lost["strike_off"] += int(np.count_nonzero(struck))
        self.holders = self.holders[~struck]

    def _tell(self, phase: str, positions: Integers, event: str) -> None:
        """Note what became of the titles of bases, one entry each, if a log is kept."""
        city, bases = self._city, self._register
        if city.tracing:
            for key, place in zip(bases.keys[positions], bases.places[positions], strict=True):
                city.log(phase, bases.names[int(key)], event, self.name, int(place))

    # ------------------------------------------------------------------ candidates

    def present(self, project: Project, day: int) -> None:
        """A host has opened: from ``day`` on it is a candidate for the lowest level."""
        self._opened.append((project.key, project.place, day))
        if self._city.tracing:
            self._register.names[project.key] = self._city.entity_of(project)

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
        counts: list[int] = np.bincount(places, minlength=len(self._city.districts)).tolist()
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


def assess(city: City, register: BaseRegister, number: int) -> None:
    """Strike off the weakest bases of every level; who is struck off loses every title."""
    for name, level in city.levels.items():
        struck = level.weakest(number)
        register.struck[struck] = True
        city.log("assessment", f"assessment {name}", "struck off", f"{len(struck)}")
    for level in city.levels.values():
        level.remove_struck()
    city.books.bases_changed()


def found_level(
    city: City, name: str, spec: LadderLevel, register: BaseRegister, by_place: list[int]
) -> Level:
    """A level with the bases that hold its title at the start, given their number by district."""
    level = Level(city, name, spec, register)
    places = [place for place, count in enumerate(by_place) for _ in range(count)]
    if not places:
        return level
    ordinals = [i for count in by_place for i in range(count)]
    codes = [city.districts[place].adcode for place in places]
    keys = entity_keys(f"base/{name}", codes, ordinals)
    staffed = np.ones(len(places), dtype=bool)
    for above in city.plan.spec.ladder.values():
        if above.below == name and above.staffed_share is not None:
            staffed = city.streams.uniform("staffed base", keys) < city.draw[above.staffed_share]
    level.holders = register.enter(keys, places, staffed, [_LONG_AGO] * len(places))
    if city.tracing:
        names = [f"base/{name}/{code}/{i}" for code, i in zip(codes, ordinals, strict=True)]
        register.names |= dict(zip(keys.tolist(), names, strict=True))
    register.named[name][level.holders] = _LONG_AGO
    if spec.baseline_expiry is not None:
        expiry = city.draw[spec.baseline_expiry] * DAYS_PER_YEAR
        register.expiry[name][level.holders] = expiry
    return level


def _number(city: City, name: str | None) -> float:
    return 0.0 if name is None else city.draw[name]
