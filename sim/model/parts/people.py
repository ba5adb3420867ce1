"""People: staff in cohorts by district and degree, and the lines in front of the trained ones.

People are counted, not simulated one by one: every month the leavers, recruits and graduates of
each cohort are binomial, from one named uniform each. Who has a degree among those who come or
change over is in proportion, and one more uniform decides on the fraction of a person: rounding to
the nearest would favour the larger part month after month. Full-time staff are persons on full-time
posts; the pool of free trained persons are candidates without a post.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from sim.config.schema import StaffMeasure
from sim.model.kernel.clock import Phase, Process
from sim.model.kernel.exact import BinomialQuantile, largest_remainder
from sim.model.kernel.measure import PERSONS
from sim.model.kernel.queues import Claim, GrantDesk, Pool
from sim.model.kernel.streams import entity_keys
from sim.model.kernel.world import World
from sim.model.money.envelope import Envelopes
from sim.model.parts.part import Part, PartMeasure
from sim.model.works.programme import Programmes
from sim.model.works.project import CONTRACTED, STAFF, Project
from sim.plan.mechanisms import MECHANISMS
from sim.plan.plan import TargetRow

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


class Staff(PartMeasure["People"]):
    """Persons, or the per cent of them who hold a bachelor degree."""

    type = "staff"

    def __init__(self, row: TargetRow, part: People) -> None:
        super().__init__(row, part)
        self._counts_persons = _counts_persons(row)
        self._reading = row.counted

    def value(self) -> float:
        """Persons or per cent, of the whole city."""
        if self._counts_persons:
            return self.part.total(self._reading)
        return self.part.bachelor_share(self._reading)

    @classmethod
    def has_districts(cls, row: TargetRow) -> bool:
        """Persons work somewhere; shares are the city's alone."""
        return _counts_persons(row)

    @classmethod
    def missing_in(cls, row: TargetRow) -> str:
        """Persons, of a share those without the degree."""
        return PERSONS

    def by_district(self) -> list[float]:
        """Persons by district."""
        persons: list[float] = self.part.persons(self._reading).tolist()
        return persons

    def unmet(self, missing: int) -> dict[str, int]:
        """See :meth:`People.unmet`."""
        if self._counts_persons:
            return self.part.unmet(self._reading, missing)
        return self.part.unmet_share(self._reading, abs(self.row.spec.goal - self.value()))


class People(Part):
    """Staff of all districts; arrays have one entry per district.

    Attributes:
        full_time: persons on full-time posts, rows: with a bachelor degree, without.
        part_time: part-time persons, same rows.
        free: trained persons without a full-time post, same rows.
        vacancies: full-time posts that leavers left empty and nobody trained was there to take.
        lines: where facilities wait for posts, full-time and part-time, a line for each district.
    """

    needs = (Envelopes, Programmes)
    parameters = (*MECHANISMS["people"], "programme_paid_share")
    measures = (Staff,)

    def __init__(self, world: World, envelopes: Envelopes, programmes: Programmes) -> None:
        super().__init__(world)
        self._programmes = programmes
        draw = world.draw
        population = [d.population for d in world.districts]
        ties = world.ties
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
        desk = GrantDesk(world.clock, Phase.APPOINTMENTS)
        self._full_time_lines, self._part_time_lines = (
            [Pool(world.clock, desk, stocks, place) for place in range(len(stocks))]
            for stocks in (self._full_time_free, self._part_time_free)
        )
        self.lines = (*self._full_time_lines, *self._part_time_lines)
        self._hiring = self._hiring_rates()
        everybody = np.ones(len(staff))
        graduation = self._graduation = world.plan.spec.calendar.graduation_month
        usual, peak = (self._monthly_counts(m, everybody) for m in (0, graduation))
        self._counts = dict.fromkeys(range(1, MONTHS + 1), usual) | {graduation: peak}
        self._count()
        self._part_time_start = float(part.sum())
        self._expected: list[Project] = []
        self._charge(envelopes)

    def _charge(self, envelopes: Envelopes) -> None:
        """Let the staff groups' envelopes answer for the pay of the staff of the start.

        ``programme_paid_share`` of it is paid by city and districts in the proportion of the money.
        """
        world, draw = self.world, self.world.draw
        pay = draw["programme_paid_share"] * draw["staff_pay"] * self.persons("strict")
        for group in world.plan.staff_groups:
            share = world.scenario.allocation.city_shares.get(group, 0.0)
            envelopes.city[group].answer_for(pay=share * float(pay.sum()))
            for envelope, yuan in zip(envelopes.districts[group], pay.tolist(), strict=True):
                envelope.answer_for(pay=(1.0 - share) * yuan)

    def _hiring_rates(self) -> Floats:
        """Yearly candidates per post by district: more where the pay beats the zone's wage."""
        world, draw = self.world, self.world.draw
        relative = np.array(
            [draw["staff_pay"] / draw[world.plan.spec.zones[d.zone].wage] for d in world.districts]
        )
        rates: Floats = draw["candidates"] * relative ** draw["pay_elasticity"]
        return rates

    # ------------------------------------------------------------------ the months as a process

    def processes(self) -> Iterable[Process]:
        """The months."""
        return (self._months(),)

    def _months(self) -> Process:
        """At the end of every month: leavers, recruits, degrees, conversions, refilled posts."""
        world = self.world
        ends = world.calendar.month_ends
        uniforms = self._uniforms("months", len(ends), _PURPOSES).reshape(len(ends), -1)
        mixes = self._uniforms("degrees", len(ends), _MIXES)
        first = 0
        for i, (day, month) in enumerate(ends):
            yield world.clock.at(day, Phase.STAFF)
            if month == 1:
                self._grant_seats()
            counts = self._counts[month]
            if world.shocks.has("hiring_freeze"):
                left = world.shocks.mean_left_by_place("hiring_freeze", first, day, None)
                counts = self._monthly_counts(month, left)
            self._turn_over(counts, uniforms[i], mixes[i])
            self._count()
            world.changed("staff")
            first = day + 1

    def _uniforms(self, purpose: str, months: int, kinds: int) -> Floats:
        """Uniforms by (month, kind, district) for one purpose."""
        keys = entity_keys("staff", [d.adcode for d in self.world.districts])
        k = np.arange(months * kinds).reshape(months, kinds, 1)
        return self.world.streams.uniform(purpose, keys, k)

    def _grant_seats(self) -> None:
        """Training seats of the year: hosts' own, and what facilities add, by population."""
        draw = self.world.draw
        own = draw["training_seats_share"] * self.full_time.sum(axis=0)
        added = self._training_seats() * self._population_share
        self._seats = np.floor(own + added + 0.5)

    def _training_seats(self) -> float:
        """Training seats a year that facilities offer, old and new ones."""
        return sum(
            self.world.draw[p.spec.training_seats] * (p.total_existing + p.total_open)
            for p in self._programmes.values()
            if p.spec.training_seats is not None
        )

    def _monthly_counts(self, month: int, taken: Floats) -> BinomialQuantile:
        """The counts of one month, in rows of districts.

        ``taken`` is the share of the usual recruits and conversions that a freeze of hiring leaves.
        """
        draw = self.world.draw
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
        _join(free, trained, self.world.draw["hires_bachelor_share"], mixes[0])
        self._refill_vacancies(mixes[1])
        self._full_time_free[:] = _whole(free[0] + free[1])

        self._turn_over_part_time(counts[7:], counts[6], mixes[2:])
        for line in self.lines:
            if line.heap:
                line.refilled()

    def _refill_vacancies(self, u: Floats) -> None:
        """Vacant posts of hosts take free trained persons, degrees in proportion."""
        taken = np.minimum(self.vacancies, self.free[0] + self.free[1])
        if np.count_nonzero(taken):
            _move(taken, self.free, self.full_time, u)
            self.vacancies -= taken

    def _turn_over_part_time(self, counts: Floats, converted: Floats, mixes: Floats) -> None:
        part = self.part_time
        before = self._trials[6]
        left, entered = counts[0] + counts[1], counts[2]
        part -= counts[:2]
        if np.count_nonzero(converted):
            converted = np.minimum(converted, part[0] + part[1])
            _move(converted, part, self.full_time, mixes[0])
        _join(part, entered, self.world.draw["part_time_bachelor_share"], mixes[1])
        # Those without a post leave like the others, and the usual share of entrants joins them.
        # The fraction of a person is carried on, or small districts would lose their pools to it.
        free = self._part_time_fraction + self._part_time_free
        free += entered * self.world.draw["part_time_free_share"]
        free -= free * (left + converted) / np.maximum(before, 1.0)
        self._part_time_free[:] = _whole(free)
        self._part_time_fraction = free - np.floor(free)

    # ------------------------------------------------------------------ posts of facilities

    def expect(self, project: Project) -> None:
        """A project was contracted: its posts will be asked for once it is built."""
        programme, place = project.programme, project.place
        self._expected.append(project)
        self._full_time_lines[place].expect(programme.full_time_posts * project.units)
        if programme.part_time_posts:
            self._part_time_lines[place].expect(programme.part_time_posts * project.units)

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
        full: Floats = self.full_time[0] + self.full_time[1]
        return full + (self.part_time[0] + self.part_time[1]) if _WITH_PART_TIME[reading] else full

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

    def unmet(self, reading: str, missing: int) -> dict[str, int]:
        """Persons missing under a reading, by reason.

        ``attrition``: posts emptied and not refilled; ``no_candidate``: posts that wait for people;
        ``unfunded_post``: posts that do not exist.
        """
        left = int(self.vacancies.sum())
        if reading == "broad":
            left += max(0, int(self._part_time_start - self.part_time.sum()))
        attrition = min(missing, left)
        waiting = min(missing - attrition, self._waiting_posts())
        rest = missing - attrition - waiting
        if reading == "broad":
            # Part-time work needs no funded post: what is missing is people who come forward.
            return {"no_candidate": waiting + rest, "attrition": attrition}
        return {"unfunded_post": rest, "no_candidate": waiting, "attrition": attrition}

    def unmet_share(self, reading: str, points: float) -> dict[str, int]:
        """Persons without the degree in excess of what the goal allows, ``points`` (%) away."""
        persons = self.persons(reading).sum()
        return {"no_graduate": int(np.ceil(points / 100.0 * persons))}

    def _waiting_posts(self) -> int:
        """Full-time posts of facilities that still wait for people."""
        return sum(
            project.programme.full_time_posts * project.units
            for project in self._expected
            if project.stage == STAFF and project.status == CONTRACTED and not project.appointed
        )


def _counts_persons(row: TargetRow) -> bool:
    measure = row.spec.measured_by
    return isinstance(measure, StaffMeasure) and measure.count == "persons"


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
