"""The ladder of bases: rounds that name them, terms that expire, assessments that strike off."""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from simpy.events import Event

from sim.config.schema import LadderLevel
from sim.model.calendar import Phase
from sim.model.streams import entity_keys, name_key

if TYPE_CHECKING:
    from sim.model.city import City
    from sim.model.project import Project

DAYS_PER_YEAR = 365.25
_LONG_AGO = -10_000  # bases of the start are old enough for every rule of the plan


@dataclass(slots=True, eq=False)
class Base:
    """One base, or a candidate that opened as a project and has no title yet.

    ``named`` gives the day of naming by level, ``expiry`` the day on which titles with a term run
    out; ``reason`` is why the latest round left a candidate without a title.
    """

    key: int
    place: int
    staffed: bool
    candidate_since: int
    named: dict[str, int]
    expiry: dict[str, float]
    struck: bool = False
    reason: str = "next_round"


class Level:
    """One level of the ladder with the numbers of this draw and the bases that hold its title."""

    def __init__(self, city: City, name: str, spec: LadderLevel) -> None:
        self._city = city
        self.name = name
        self.spec = spec
        # The purse that answers for a base's service is its district's for the level's group.
        self._purses = city.district_purses[city.plan.spec.targets[spec.target].group]
        self.holders: list[Base] = []
        self.candidates: list[Base] = []  # of the lowest level: opened, not named
        self.promoted: dict[int, Base] = {}  # holders named at the level above since the start
        self.lost: dict[str, int] = {
            "round_quota": 0,
            "panel": 0,
            "eligibility": 0,
            "strike_off": 0,
        }

    # ------------------------------------------------------------------ rounds as a process

    def rounds(self) -> Generator[Event, None, None]:
        """Name new bases: applications close, a panel works, and the round's quota is filled."""
        city = self._city
        for number, (deadline, naming) in enumerate(self._round_days()):
            if naming > city.calendar.horizon:
                return
            yield city.clock.at(max(0, deadline), Phase.PLANNING)
            applicants = self._applicants(number, max(0, deadline))
            if naming > city.clock.today:
                yield city.clock.at(naming, Phase.PLANNING)
            if self.spec.term_years is not None:
                self._renew(naming, number)
            self._name(applicants, number, naming)

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

    def _applicants(self, number: int, day: int) -> list[Base]:
        """Those who may apply and do; the others learn why not."""
        city, spec = self._city, self.spec
        pool = self.candidates if spec.below is None else city.levels[spec.below].holders
        minimum_age = _number(city, spec.minimum_age_years) * DAYS_PER_YEAR
        minimum_service = _number(city, spec.minimum_service)
        served = [purse.yearly_service >= minimum_service for purse in self._purses]
        name, below = self.name, spec.below
        eligible = []
        for base in pool:
            since = base.candidate_since if below is None else base.named[below]
            if (
                base.staffed
                and served[base.place]
                and day - since >= minimum_age
                and name not in base.named
            ):
                eligible.append(base)
            else:
                base.reason = "eligibility"
        if not eligible:
            return []
        keys = np.array([base.key for base in eligible], dtype=np.uint64)
        u = city.streams.uniform(f"apply/{self.name}", keys, number)
        applies = (u < city.draw[spec.applicants]).tolist()
        for base, does in zip(eligible, applies, strict=True):
            if not does:
                base.reason = "eligibility"
        return [base for base, does in zip(eligible, applies, strict=True) if does]

    def _name(self, applicants: list[Base], number: int, day: int) -> None:
        """Name min(quota, accepted applicants); the order among the accepted is drawn."""
        city = self._city
        quota = self._quota(number)
        applicants = [base for base in applicants if not base.struck]
        keys = np.array([base.key for base in applicants], dtype=np.uint64)
        verdict = city.streams.uniform(f"accept/{self.name}", keys, number)
        order = city.streams.uniform(f"rank/{self.name}", keys, number)
        accepted = []
        for base, u, rank in zip(applicants, verdict.tolist(), order.tolist(), strict=True):
            if u < city.draw[self.spec.acceptance]:
                accepted.append((rank, base.key, base))
            else:
                base.reason = "panel"
        accepted.sort(key=lambda entry: entry[:2])
        for _, _, base in accepted[quota:]:
            base.reason = "round_quota"
        named = [base for _, _, base in accepted[:quota]]
        for base in named:
            self._award(base, day)
        rejected = len(applicants) - len(accepted)
        unused = quota - len(named)
        by_panel = min(unused, rejected)
        self.lost["round_quota"] += max(0, len(accepted) - quota)
        self.lost["panel"] += by_panel
        self.lost["eligibility"] += unused - by_panel
        if self.spec.below is None and named:
            titled = set(map(id, named))
            self.candidates = [b for b in self.candidates if id(b) not in titled]
        city.log("planning", f"round {self.name}", "named", f"{len(named)} of {len(applicants)}")
        city.books.bases_changed()

    def _quota(self, number: int) -> int:
        """The round's quota; a parameter that varies by round is drawn for this one."""
        city, name = self._city, self.spec.quota
        if city.plan.parameters[name].varies != "round":
            return int(city.draw[name])
        key = np.array([name_key(f"quota/{self.name}")], dtype=np.uint64)
        return int(city.quantile(name, city.streams.uniform("round quota", key, number))[0])

    def _award(self, base: Base, day: int) -> None:
        base.named[self.name] = day
        self.holders.append(base)
        if self.spec.term_years is not None:
            base.expiry[self.name] = day + self._city.draw[self.spec.term_years] * DAYS_PER_YEAR
        if self.spec.below is not None:
            self._city.levels[self.spec.below].promoted[base.key] = base

    def _renew(self, day: int, number: int) -> None:
        """A new round renews expired titles or ends them."""
        city, spec = self._city, self.spec
        assert spec.renewal is not None, "the linter guarantees it for titles with a term"
        assert spec.term_years is not None, "asked for by the caller"
        expired = [base for base in self.holders if base.expiry[self.name] <= day]
        if not expired:
            return
        keys = np.array([base.key for base in expired], dtype=np.uint64)
        u = city.streams.uniform(f"renew/{self.name}", keys, number)
        renewed = (u < city.draw[spec.renewal]).tolist()
        term = city.draw[spec.term_years] * DAYS_PER_YEAR
        for base, stays in zip(expired, renewed, strict=True):
            if stays:
                base.expiry[self.name] = day + term
            else:
                del base.named[self.name]
                self.lost["panel"] += 1
        self.holders = [base for base in self.holders if self.name in base.named]

    # ------------------------------------------------------------------ assessment

    def weakest(self, number: int) -> list[Base]:
        """Bases that assessment ``number`` strikes off: lowest service first, to a tenth.

        Within a tenth a drawn number decides: an assessment does not read service to the digit.
        """
        city, spec = self._city, self.spec
        if spec.delisting is None or not self.holders:
            return []
        count = round(city.draw[spec.delisting] * len(self.holders))
        keys = np.array([base.key for base in self.holders], dtype=np.uint64)
        drawn = city.streams.uniform(f"assess/{self.name}", keys, number).tolist()
        service = [round(purse.yearly_service, 1) for purse in self._purses]
        weakest = sorted(
            (service[base.place], u, base.key, base)
            for base, u in zip(self.holders, drawn, strict=True)
        )
        return [base for *_, base in weakest[:count]]

    def remove_struck(self) -> None:
        """Take this level's title from the bases that were struck off."""
        before = len(self.holders)
        self.holders = [base for base in self.holders if not base.struck]
        self.promoted = {key: base for key, base in self.promoted.items() if not base.struck}
        self.lost["strike_off"] += before - len(self.holders)

    # ------------------------------------------------------------------ what is measured

    def count(self, reading: str, day: int) -> int:
        """Titles held, by the readings of the plan's definitions.

        ``promoted_leave`` leaves out bases named at the level above since the start; ``strict``
        leaves out titles whose term has run out; every other reading counts all holders.
        """
        if reading == "strict":
            return len(self.counted(reading, day))
        return len(self.holders) - self.count_promoted(reading)

    def count_promoted(self, reading: str) -> int:
        """Bases that a reading leaves out because they were named at the level above."""
        return len(self.promoted) if reading == "promoted_leave" else 0

    def counted(self, reading: str, day: int) -> list[Base]:
        """The bases that :meth:`count` counts."""
        if reading == "promoted_leave":
            return [base for base in self.holders if base.key not in self.promoted]
        if reading == "strict":
            return [base for base in self.holders if base.expiry[self.name] > day]
        return self.holders

    def unmet(self, missing: int, reading: str) -> dict[str, int]:
        """Missing titles by reason: gone up, struck off, over the quota, rejected, not eligible."""
        reasons: dict[str, int] = {}
        lost = self.lost | {"promoted": self.count_promoted(reading)}
        for reason in ("promoted", "strike_off", "round_quota", "panel"):
            reasons[reason] = min(missing, lost[reason])
            missing -= reasons[reason]
        reasons["eligibility"] = missing
        return reasons


def assess(city: City, number: int) -> None:
    """Strike off the weakest bases of every level; who is struck off loses every title."""
    for name, level in city.levels.items():
        struck = level.weakest(number)
        for base in struck:
            base.struck = True
        city.log("assessment", f"assessment {name}", "struck off", f"{len(struck)}")
    for level in city.levels.values():
        level.remove_struck()
    city.books.bases_changed()


def found_level(city: City, name: str, spec: LadderLevel, by_place: list[int]) -> Level:
    """A level with the bases that hold its title at the start, given their number by district."""
    level = Level(city, name, spec)
    places = [place for place, count in enumerate(by_place) for _ in range(count)]
    if not places:
        return level
    ordinals = [i for count in by_place for i in range(count)]
    codes = [city.districts[place].adcode for place in places]
    keys = entity_keys(f"base/{name}", codes, ordinals)
    staffed = [True] * len(places)
    for above in city.plan.spec.ladder.values():
        if above.below == name and above.staffed_share is not None:
            u = city.streams.uniform("staffed base", keys)
            staffed = (u < city.draw[above.staffed_share]).tolist()
    expiry: dict[str, float] = {}
    if spec.baseline_expiry is not None:
        expiry = {name: city.draw[spec.baseline_expiry] * DAYS_PER_YEAR}
    level.holders = [
        Base(key, place, has_staff, _LONG_AGO, {name: _LONG_AGO}, dict(expiry))
        for key, place, has_staff in zip(keys.tolist(), places, staffed, strict=True)
    ]
    return level


def candidate(project: Project, day: int) -> Base:
    """The candidate that an opened host becomes."""
    return Base(project.key, project.place, True, day, {}, {})


def _number(city: City, name: str | None) -> float:
    return 0.0 if name is None else city.draw[name]
