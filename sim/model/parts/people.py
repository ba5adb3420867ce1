"""People: staff in cohorts by district and degree, and the lines in front of the trained ones.

People are counted, not simulated one by one: every month the leavers, recruits and graduates of
each cohort are binomial, from one named uniform each. Who has a degree among those who come or
change over is in proportion, and one more uniform decides on the fraction of a person: rounding to
the nearest would favour the larger part month after month. Full-time staff are persons on full-time
posts; the pool of free trained persons are candidates without a post.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from simpy.events import Event

from sim.model.kernel.calendar import Phase
from sim.model.kernel.exact import BinomialQuantile, largest_remainder
from sim.model.kernel.queues import Claim, GrantDesk, Pool
from sim.model.kernel.streams import entity_keys

if TYPE_CHECKING:
    from sim.model.city import City
    from sim.model.works.project import Project

Floats = npt.NDArray[np.float64]

MONTHS = 12
_PURPOSES = 10  # uniforms per district and month that counts need
_MIXES = 4  # and those that degrees need: trained, refilled, converted, part-time entrants
_ALMOST_CERTAIN = 0.99
_WITH_PART_TIME = {"strict": False, "broad": True}
"""Readings of who counts as full-time staff, and whether part-time persons do."""


class StaffError(Exception):
    """People were created or lost: a defect of the model."""


def monthly(rate: float) -> float:
    """Monthly probability whose twelvefold repetition gives the yearly ``rate``."""
    return float(1.0 - (1.0 - rate) ** (1.0 / MONTHS))


class People:
    """Staff of all districts; arrays have one entry per district.

    Attributes:
        full_time: persons on full-time posts, rows: with a bachelor degree, without.
        part_time: part-time persons, same rows.
        free: trained persons without a full-time post, same rows.
        vacancies: full-time posts that leavers left empty and nobody trained was there to take.
        lines: where facilities wait for posts, full-time and part-time, a line for each district.
    """

    def __init__(self, city: City) -> None:
        self._city = city
        draw = city.draw
        population = [d.population for d in city.districts]
        ties = city.place_ties
        total = round(draw["full_time_density"] * sum(population) / 100_000)
        staff = np.array(largest_remainder(total, population, ties), dtype=np.float64)
        part = np.array(
            largest_remainder(round(total * draw["part_to_full_time_ratio"]), population, ties),
            dtype=np.float64,
        )
        self.full_time = _by_degree(staff, draw["bachelor_share_baseline"])
        self.part_time = _by_degree(part, draw["part_time_bachelor_share"])
        free = np.floor(staff * draw["free_trained_share"] + 0.5)
        self.free = _by_degree(free, draw["hires_bachelor_share"])
        self.vacancies = np.zeros_like(staff)
        self._seats = np.zeros_like(staff)
        self._trials = np.empty((_PURPOSES, len(staff)))
        self._population_share = np.array(population) / sum(population)
        self._full_time_free = _whole(self.free[0] + self.free[1])
        self._part_time_free = _whole(np.floor(part * draw["part_time_free_share"] + 0.5))
        self._part_time_fraction = np.zeros_like(part)
        desk = GrantDesk(city.clock, Phase.APPOINTMENTS)
        self._full_time_lines, self._part_time_lines = (
            [Pool(city.clock, desk, stocks, place) for place in range(len(stocks))]
            for stocks in (self._full_time_free, self._part_time_free)
        )
        self.lines = (*self._full_time_lines, *self._part_time_lines)
        self._hiring = self._hiring_rates()
        everybody = np.ones(len(staff))
        graduation = self._graduation = city.plan.spec.calendar.graduation_month
        usual, peak = (self._monthly_counts(m, everybody) for m in (0, graduation))
        self._counts = dict.fromkeys(range(1, MONTHS + 1), usual) | {graduation: peak}
        self._count()
        self._part_time_start = float(part.sum())

    def _hiring_rates(self) -> Floats:
        """Yearly candidates per post by district: more where the pay beats the zone's wage."""
        city, draw = self._city, self._city.draw
        relative = np.array(
            [draw["staff_pay"] / draw[city.plan.spec.zones[d.zone].wage] for d in city.districts]
        )
        rates: Floats = draw["candidates"] * relative ** draw["pay_elasticity"]
        return rates

    # ------------------------------------------------------------------ the months as a process

    def months(self) -> Generator[Event, None, None]:
        """At the end of every month: leavers, recruits, degrees, conversions, refilled posts."""
        city = self._city
        ends = city.calendar.month_ends
        uniforms = self._uniforms("months", len(ends), _PURPOSES).reshape(len(ends), -1)
        mixes = self._uniforms("degrees", len(ends), _MIXES)
        first = 0
        for i, (day, month) in enumerate(ends):
            yield city.clock.at(day, Phase.STAFF)
            if month == 1:
                self._grant_seats()
            counts = self._counts[month]
            if city.shocks.has("hiring_freeze"):
                left = city.shocks.mean_left_by_place("hiring_freeze", first, day, None)
                counts = self._monthly_counts(month, left)
            self._turn_over(counts, uniforms[i], mixes[i])
            self._count()
            city.books.staff_changed()
            first = day + 1

    def _uniforms(self, purpose: str, months: int, kinds: int) -> Floats:
        """Uniforms by (month, kind, district) for one purpose."""
        keys = entity_keys("staff", [d.adcode for d in self._city.districts])
        k = np.arange(months * kinds).reshape(months, kinds, 1)
        return self._city.streams.uniform(purpose, keys, k)

    def _grant_seats(self) -> None:
        """Training seats of the year: hosts' own, and what facilities add, by population."""
        draw = self._city.draw
        own = draw["training_seats_share"] * self.full_time.sum(axis=0)
        added = self._city.training_seats() * self._population_share
        self._seats = np.floor(own + added + 0.5)

    def _monthly_counts(self, month: int, taken: Floats) -> BinomialQuantile:
        """The counts of one month, in rows of districts.

        ``taken`` is the share of the usual recruits and conversions that a freeze of hiring leaves.
        """
        draw = self._city.draw
        size = len(self.vacancies)
        peak = draw["graduate_peak"]
        in_month = peak if month == self._graduation else (1.0 - peak) / (MONTHS - 1)
        leave = np.full(size, monthly(draw["attrition"]))
        study = np.full(size, monthly(draw["upgrade_rate"]))
        convert = monthly(draw["conversion_rate"]) * taken
        hire = np.minimum(self._hiring * in_month, _ALMOST_CERTAIN) * taken
        leave_part = np.full(size, monthly(draw["part_time_attrition"]))
        enter_part = np.full(size, draw["part_time_entry"] / MONTHS)
        rows = (
            *(leave, leave, leave, leave, study, hire, convert),
            *(leave_part, leave_part, enter_part),
        )
        return BinomialQuantile(np.concatenate(rows))

    def _turn_over(self, monthly_counts: BinomialQuantile, u: Floats, mixes: Floats) -> None:
        full, free, part, trials = self.full_time, self.free, self.part_time, self._trials
        trials[:2] = full
        trials[2:4] = free
        trials[4] = full[1]
        np.add(full[0], full[1], out=trials[5])
        np.add(part[0], part[1], out=trials[6])
        trials[7:9] = part
        trials[9] = trials[6]
        counts = monthly_counts(u, trials.ravel()).reshape(trials.shape)

        full -= counts[:2]
        self.vacancies += counts[0]
        self.vacancies += counts[1]
        free -= counts[2:4]
        graduates = np.minimum(counts[4], full[1])
        full[0] += graduates
        full[1] -= graduates

        trained = np.minimum(counts[5], self._seats)
        self._seats -= trained
        _join(free, trained, self._city.draw["hires_bachelor_share"], mixes[0])
        self._refill_vacancies(mixes[1])
        self._full_time_free[:] = _whole(free[0] + free[1])

        self._turn_over_part_time(counts[7:], counts[6], mixes[2:])
        for line in self.lines:
            if line.heap:
                line.refilled()

    def _refill_vacancies(self, u: Floats) -> None:
        """Vacant posts of hosts take free trained persons, degrees in proportion."""
        taken = np.minimum(self.vacancies, self.free[0] + self.free[1])
        if taken.any():
            _move(taken, self.free, self.full_time, u)
            self.vacancies -= taken

    def _turn_over_part_time(self, counts: Floats, converted: Floats, mixes: Floats) -> None:
        part = self.part_time
        before = self._trials[6]
        left, entered = counts[0] + counts[1], counts[2]
        part -= counts[:2]
        if converted.any():
            converted = np.minimum(converted, part[0] + part[1])
            _move(converted, part, self.full_time, mixes[0])
        _join(part, entered, self._city.draw["part_time_bachelor_share"], mixes[1])
        # Those without a post leave like the others, and the usual share of entrants joins them.
        # The fraction of a person is carried on, or small districts would lose their pools to it.
        free = self._part_time_fraction + self._part_time_free
        free += entered * self._city.draw["part_time_free_share"]
        free -= free * (left + converted) / np.maximum(before, 1.0)
        self._part_time_free[:] = _whole(free)
        self._part_time_fraction = free - np.floor(free)

    # ------------------------------------------------------------------ posts of facilities

    def expect(self, project: Project) -> None:
        """A project was contracted: its posts will be asked for once it is built."""
        programme, place = project.programme, project.place
        self._full_time_lines[place].expected += programme.full_time_posts * project.units
        self._part_time_lines[place].expected += programme.part_time_posts * project.units

    def ask_for_posts(self, project: Project) -> tuple[Claim | None, Claim | None]:
        """Ask for a facility's full-time and part-time posts; None for what can be had at once.

        Full-time and part-time posts wait in separate lines, joined at the same time.
        """
        programme, place = project.programme, project.place
        full = programme.full_time_posts * project.units
        part = programme.part_time_posts * project.units
        rank = programme.priority_class
        return (
            self._full_time_lines[place].request(rank, project, full) if full else None,
            self._part_time_lines[place].request(rank, project, part) if part else None,
        )

    def take_up(self, project: Project) -> None:
        """The persons appointed to a facility today go from the free pool to its posts."""
        place, persons = project.place, project.programme.full_time_posts * project.units
        with_degree, without = self.free[:, place].tolist()
        share = math.floor(persons * with_degree / (with_degree + without) + project.tie)
        graduates = min(max(share, persons - without), with_degree, persons)
        self.free[0, place] -= graduates
        self.free[1, place] -= persons - graduates
        self.full_time[0, place] += graduates
        self.full_time[1, place] += persons - graduates
        self._full_sums[0] += graduates
        self._full_sums[1] += persons - graduates

    def audit(self) -> None:
        """Check that the lines and the cohorts agree on how many free persons there are.

        Raises:
            StaffError: they do not, or a cohort is negative: a defect of the model.
        """
        free = _whole(self.free[0] + self.free[1])
        if free != self._full_time_free:
            raise StaffError("the lines in front of the trained people lost count of them")
        if min(self.free.min(), self.full_time.min(), self.part_time.min()) < 0.0:
            raise StaffError("a cohort of people is negative")

    # ------------------------------------------------------------------ what is measured

    def persons(self, reading: str) -> Floats:
        """Staff by district: full-time (``strict``), or full-time and part-time (``broad``)."""
        full: Floats = self.full_time.sum(axis=0)
        return full + self.part_time.sum(axis=0) if _WITH_PART_TIME[reading] else full

    def total(self, reading: str) -> float:
        """Staff of the whole city by the same readings."""
        full = self._full_sums[0] + self._full_sums[1]
        return full + self._part_sums[0] + self._part_sums[1] if _WITH_PART_TIME[reading] else full

    def bachelor_share(self, reading: str) -> float:
        """Per cent of the staff who hold a bachelor degree, by the same readings."""
        graduates = self._full_sums[0] + (self._part_sums[0] if _WITH_PART_TIME[reading] else 0.0)
        total = self.total(reading)
        return 100.0 * graduates / total if total else 0.0

    def _count(self) -> None:
        """Keep the city's sums by degree at hand: they are asked for after every change."""
        self._full_sums: list[float] = self.full_time.sum(axis=1).tolist()
        self._part_sums: list[float] = self.part_time.sum(axis=1).tolist()

    def unmet(self, count: str, reading: str, missing: float, waiting_posts: int) -> dict[str, int]:
        """Missing units of a staff target by reason.

        Args:
            count: ``persons`` or ``bachelor_share``, as in the plan's measure.
            reading: ``strict`` or ``broad``.
            missing: persons short of the goal, or percentage points for the share.
            waiting_posts: full-time posts of facilities that still wait for people.

        Returns:
            whole persons by reason: ``attrition`` (posts emptied and not refilled),
            ``no_candidate`` (posts that wait for people), ``unfunded_post`` (posts that do not
            exist), and for the share ``no_graduate`` (persons without the degree in excess of what
            the goal allows).
        """
        if count == "bachelor_share":
            persons = self.persons(reading).sum()
            return {"no_graduate": int(np.ceil(missing / 100.0 * persons))}
        short = int(np.ceil(missing))
        left = int(self.vacancies.sum())
        if reading == "broad":
            left += max(0, int(self._part_time_start - self.part_time.sum()))
        attrition = min(short, left)
        waiting = min(short - attrition, waiting_posts)
        rest = short - attrition - waiting
        if reading == "broad":
            # Part-time work needs no funded post: what is missing is people who come forward.
            return {"no_candidate": waiting + rest, "attrition": attrition}
        return {"unfunded_post": rest, "no_candidate": waiting, "attrition": attrition}


def _whole(counts: Floats) -> list[int]:
    whole: list[int] = counts.astype(np.int64).tolist()
    return whole


def _by_degree(persons: Floats, per_cent: float) -> Floats:
    """Split counts into (with, without) a bachelor degree, rounded to whole persons."""
    graduates = np.floor(persons * (per_cent / 100.0) + 0.5)
    return np.array((graduates, persons - graduates))


def _join(group: Floats, persons: Floats, per_cent: float, u: Floats) -> None:
    """Add persons to a group (rows: with, without a degree), as many with one as the share says.

    The uniforms ``u`` decide on the fraction of a person, so that the mean is exact.
    """
    graduates = np.floor(persons * (per_cent / 100.0) + u)
    group[0] += graduates
    group[1] += persons - graduates


def _move(persons: Floats, group: Floats, other: Floats, u: Floats) -> None:
    """Move persons from one group to another, degrees in the proportion of the first.

    The uniforms ``u`` decide on the fraction of a person, as in :func:`_join`.
    """
    with_degree, without = group
    total = np.maximum(with_degree + without, 1.0)
    graduates = np.floor(persons * with_degree / total + u)
    # Beyond these bounds only by an error of rounding.
    graduates = np.minimum(np.maximum(graduates, persons - without), with_degree)
    rest = persons - graduates
    group[0] -= graduates
    group[1] -= rest
    other[0] += graduates
    other[1] += rest
