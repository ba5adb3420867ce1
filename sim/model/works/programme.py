"""Programmes resolved for one replication, and the lines of work their quotas give each planner."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.config.schema import Programme as ProgrammeSpec
from sim.model.kernel.exact import largest_remainder
from sim.model.kernel.streams import entity_keys
from sim.model.works.project import Project
from sim.plan.plan import chosen_reading

if TYPE_CHECKING:
    from sim.model.city import City

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

DAYS_PER_MONTH = 365.25 / 12.0
LIMITS = ("not_yet_allowed", "no_round", "pace", "money_in_sight")
"""Why a unit of a quota was not proposed, in the order in which a planner runs into them."""
NOT_YET_ALLOWED, NO_ROUND, PACE, MONEY_IN_SIGHT = range(len(LIMITS))
_NEVER = -1  # days of a limit that did not bind at any window

CITY = -1
"""Stands for the city where places are given by district index."""


class Programme:
    """One programme with the numbers of this draw.

    What every project asks for is copied from ``spec``, where looking it up takes longer.

    Attributes:
        unit_cost: yuan a unit at first-year prices, mean over projects; ``drawn_unit_cost`` is
            what the projects' own factors multiply.
        running_cost: yuan a unit and year; full_time_posts, part_time_posts: persons a unit.
        visits: visits a unit and year; has_doors: whether people come to it, so that a closure
            concerns it; mode_days: most likely building time (critical path).
        purses: by district, the purse that pays for the projects; ``operators``: the one that
            answers for them when open, the district's own for what stands in districts.
        existing: units that stood at the start, by district (or by host district);
            ``total_existing`` is their sum.
        planned: units that have been given to planners since, by host district.
        open_units: units opened since, by district; ``total_open`` is their sum.
    """

    def __init__(self, city: City, name: str, spec: ProgrammeSpec) -> None:
        self.name = name
        self.spec = spec
        self.group = spec.group
        self.priority_class = spec.priority_class
        self.cohort = spec.cohort
        self.review = "review" in spec.needs
        self.crew = "crew" in spec.needs
        self.staff = "staff" in spec.needs
        self.covers, self.may_cover, self.feeds = spec.covers, spec.may_cover, spec.feeds
        costs, months = spec.unit_cost, spec.build_months
        for definition, variants in spec.variants.items():
            phrase = city.plan.spec.definitions[definition]
            reading = chosen_reading(phrase, city.scenario.definitions[definition])
            variant = variants.get(reading)
            if variant is not None:
                costs, months = variant.unit_cost, variant.build_months
        self.unit_cost = city.draw[costs] * city.mean_cost_factor
        self.drawn_unit_cost = city.draw[costs]
        self.build_months = months
        self.mode_days = math.ceil(city.mode(months) * DAYS_PER_MONTH)
        self.running_cost = _of(city.draw, spec.running_cost)
        self.full_time_posts = int(_of(city.draw, spec.full_time_posts))
        self.part_time_posts = int(_of(city.draw, spec.part_time_posts))
        self.visits = _of(city.draw, spec.visits)
        self.has_doors = spec.visits is not None and not spec.citywide
        self.starts = 0 if spec.running else city.calendar.first_window
        self.existing = np.zeros(len(city.districts), dtype=np.int64)
        self.total_existing = 0
        self.planned = [0] * len(city.districts)
        self.open_units = [0] * len(city.districts)
        self.total_open = 0
        self.projects: list[Project] = []
        self._ordinals: dict[int, int] = {}
        self.purses = (
            city.district_purses[spec.group]
            if spec.pool == "district"
            else [city.city_purses[spec.group]] * len(city.districts)
        )
        self.operators = (
            city.district_purses[spec.group] if spec.place == "districts" else self.purses
        )

    @property
    def standing(self) -> Integers:
        """Units that stand now, by district: those of the start and those opened since."""
        return self.existing + self.open_units

    def next_ordinals(self, place: int, count: int) -> range:
        """Ordinals of ``count`` more projects in ``place``, after the last ones."""
        first = self._ordinals.get(place, 0)
        self._ordinals[place] = first + count
        return range(first, first + count)


def _of(draw: Mapping[str, float], name: str | None) -> float:
    return 0.0 if name is None else draw[name]


@dataclass(slots=True)
class Line:
    """The quota of one programme with one planner, and how far it has been used.

    ``place`` is a district index or ``CITY``; ``waiting`` holds the projects that may be proposed,
    the next one last. ``reason`` is the limit that stopped it at the last window, and
    ``limited_for`` the days that each limit kept it waiting, ``_NEVER`` if it did not bind at any
    window, both by position in ``LIMITS``.
    """

    programme: Programme
    place: int
    quota: int
    pace: int
    tie: float
    order: int
    waiting: list[Project]
    under_way: int = 0
    proposed_this_year: int = 0
    year: int = -1
    reason: int = NOT_YET_ALLOWED
    limited_since: int = 0
    limited_for: list[int] = field(default_factory=lambda: [_NEVER] * len(LIMITS))
    _longest: tuple[str, int] | None = None

    def book(self, day: int) -> None:
        """Book the days since the last window to the limit that bound then."""
        if self.waiting:
            before = max(0, self.limited_for[self.reason])
            self.limited_for[self.reason] = before + day - self.limited_since
            self._longest = None
        self.limited_since = day

    def wait_again(self, day: int) -> None:
        """Projects are about to wait in the line; the days on which none did are no limit's."""
        if not self.waiting:
            self.limited_since = day

    @property
    def longest_limit(self) -> tuple[str, int]:
        """The limit that has kept the quota waiting for most days, and how many.

        Ties go in order. That nothing may be proposed before the first window is nobody's delay: it
        counts only where no other limit ever bound.
        """
        if self._longest is None:
            limited_for = self.limited_for
            days = max(limited_for[NO_ROUND:])
            limit = NOT_YET_ALLOWED if days == _NEVER else limited_for.index(days, NO_ROUND)
            self._longest = LIMITS[limit], max(0, limited_for[limit])
        return self._longest

    @property
    def served(self) -> float:
        """Share of the quota that is open or under way."""
        return self.under_way / self.quota


def required_units(goal: float, comparator: str, baseline: float, margin: float) -> int:
    """Units a planner aims at: the gap, one more if the goal must be exceeded, a margin."""
    gap = goal - baseline + (1.0 if comparator == ">" else 0.0)
    # A hair under the ceiling: 300 x 1.05 must be 315, not 316 by a rounding error of 1e-14.
    return max(0, math.ceil(gap * (1.0 + margin) - 1e-9))


def spread(city: City, key: str, units: int, room: Sequence[int] | None = None) -> list[int]:
    """Units by district in proportion to a key of the plan, by largest remainder.

    ``room`` caps every district (a community cannot be covered twice); what does not fit is not
    planned elsewhere.
    """
    weights = city.key_weights(key)
    if sum(weights) == 0:
        return [0] * len(weights)
    parts = largest_remainder(units, weights, city.place_ties)
    return parts if room is None else [min(p, r) for p, r in zip(parts, room, strict=True)]


def cohorts(units: int, size: int) -> list[int]:
    """Split ``units`` into cohorts of ``size``, the last one smaller if need be."""
    full, rest = divmod(units, size)
    return [size] * full + ([rest] if rest else [])


def make_projects(
    city: City, quotas: Mapping[Programme, Mapping[int, int]]
) -> dict[Programme, list[Project]]:
    """More projects for every programme, with all their drawn numbers, in one block.

    ``quotas`` gives units by district index, or by ``CITY`` for a programme of the city, whose
    projects draw a host district by population. The projects are added to their programme and
    returned by programme.
    """
    plan, streams = city.plan, city.streams
    programmes: list[Programme] = []
    places: list[int] = []
    ordinals: list[int] = []
    units: list[int] = []
    key_blocks: list[npt.NDArray[np.uint64]] = []
    slices: list[tuple[Programme, slice]] = []
    for programme, units_by_place in quotas.items():
        start = len(places)
        for place, amount in units_by_place.items():
            sizes = cohorts(amount, programme.cohort)
            places += [place] * len(sizes)
            if place != CITY:
                programme.planned[place] += amount
            ordinals += programme.next_ordinals(place, len(sizes))
            units += sizes
        part = slice(start, len(places))
        codes = [
            plan.spec.city_code if p == CITY else city.districts[p].adcode for p in places[part]
        ]
        key_blocks.append(entity_keys(programme.name, codes, ordinals[part]))
        programmes += [programme] * len(codes)
        slices.append((programme, part))
    if not places:
        return {programme: [] for programme in quotas}
    keys = np.concatenate(key_blocks)

    in_city = np.array(places) == CITY
    hosts = iter(city.host_districts(streams.uniform("host", keys[in_city])))
    at = [next(hosts) if place == CITY else place for place in places]
    build_time, cost, tie, covers = streams.uniforms(("build", "cost", "tie", "covers"), keys)
    months = np.concatenate(
        [city.quantile(programme.build_months, build_time[part]) for programme, part in slices]
    )
    build = np.ceil(months * DAYS_PER_MONTH * city.draw["build_delay_factor"]).astype(int)
    unit_costs = np.concatenate(
        [np.full(part.stop - part.start, p.drawn_unit_cost) for p, part in slices]
    )
    factors = city.quantile("project_cost_factor", cost)
    columns = (
        programmes, at, ordinals, units, keys.tolist(), tie.tolist(),
        (unit_costs * units * factors).tolist(), build.tolist(), covers.tolist(),
    )  # fmt: skip
    projects = [Project(*row) for row in zip(*columns, strict=True)]
    made = {}
    for programme, part in slices:
        made[programme] = own = projects[part]
        programme.projects += own
        if CITY in quotas[programme]:
            for project in own:
                programme.planned[project.place] += project.units
        if programme.spec.staffed_hosts is not None:
            staffed = (
                streams.uniform("staffed", keys[part]) < city.draw[programme.spec.staffed_hosts]
            )
            for project, has_staff in zip(own, staffed.tolist(), strict=True):
                project.needs_staff = not has_staff
    reviewed = [i for i, programme in enumerate(programmes) if programme.review]
    if reviewed:
        _draw_reviews(city, [projects[i] for i in reviewed], keys[reviewed])
    return made


def _draw_reviews(city: City, projects: list[Project], keys: npt.NDArray[np.uint64]) -> None:
    service = city.quantile("review_service_days", city.streams.uniform("review", keys))
    rework = city.quantile("review_rework_days", city.streams.uniform("rework", keys))
    columns = (
        np.ceil(service).astype(int).tolist(),
        np.ceil(rework).astype(int).tolist(),
        send_backs(city, keys, 0),
    )
    for project, days, again, times in zip(projects, *columns, strict=True):
        project.review_days = days
        project.rework_days = again
        project.send_backs = times


def send_backs(city: City, keys: npt.NDArray[np.uint64], attempt: int) -> list[int]:
    """How often each file is sent back in ``attempt``: geometric, from one uniform each."""
    probability = city.draw["review_send_back"]
    if probability <= 0.0:
        return [0] * len(keys)
    u = city.streams.uniform("sent back", keys, attempt)
    times: list[int] = np.floor(np.log(u) / math.log(probability)).astype(int).tolist()
    return times
