"""What stands: at the start, and what opens since; and which small places it covers."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter

import numpy as np

from sim.config.schema import (
    CoverageMeasure,
    DeliveredMeasure,
    LadderMeasure,
    PlacesMeasure,
)
from sim.model.kernel.exact import largest_remainder
from sim.model.kernel.streams import entity_keys
from sim.model.kernel.world import World
from sim.model.works.programme import Programme
from sim.model.works.project import Project, Staffing
from sim.plan.plan import chosen_reading

_BY_DRAWN_NUMBER = attrgetter("tie", "order")


class Coverage:
    """Covered places by district under every reading of what a place is.

    All readings are measured on one history: what is delivered is aimed at the places of the
    planning reading, and counts under the other readings as far as these places belong to them.

    Args:
        totals: number of places by reading and district.
        covered: places covered at the start, same shape.
        planning: the reading that planners use.
    """

    def __init__(
        self,
        totals: Mapping[str, Sequence[int]],
        covered: Mapping[str, Sequence[int]],
        planning: str,
    ) -> None:
        self.totals = {reading: list(counts) for reading, counts in totals.items()}
        self.covered = {reading: list(counts) for reading, counts in covered.items()}
        self.planning = planning
        self._all = {reading: sum(counts) for reading, counts in self.totals.items()}
        self._all_covered = {reading: sum(counts) for reading, counts in self.covered.items()}

    @property
    def room(self) -> list[int]:
        """Uncovered places by district under the planning reading."""
        pairs = zip(self.totals[self.planning], self.covered[self.planning], strict=True)
        return [total - covered for total, covered in pairs]

    def share(self, place: int) -> float:
        """Covered share of a district under the planning reading; 1 where there is nothing."""
        total = self.totals[self.planning][place]
        return self.covered[self.planning][place] / total if total else 1.0

    def cover(self, place: int, units: int, u: float) -> None:
        """Cover up to ``units`` more places of a district.

        Where the planning reading is the wider one, only part of them are places of the narrower
        reading: the expected number, rounded up or down by the uniform ``u``.
        """
        planned_total = self.totals[self.planning][place]
        gained = min(units, planned_total - self.covered[self.planning][place])
        for reading, totals in self.totals.items():
            total = totals[place]
            share = 1.0 if total >= planned_total else total / planned_total
            counts = gained if share == 1.0 else math.floor(gained * share + u)
            counts = min(counts, total - self.covered[reading][place])
            self.covered[reading][place] += counts
            self._all_covered[reading] += counts

    def chance_cover(self, place: int, u: float) -> None:
        """Cover one more place if what opens happens to be in an uncovered one: u < 1 - share."""
        open_share = 1.0 - self.share(place)
        if u < open_share:
            # Given that, u / open_share is uniform again and free to round with.
            self.cover(place, 1, u / open_share)

    def per_cent(self, reading: str) -> float:
        """Covered share of the whole city under ``reading``, in per cent."""
        return 100.0 * self._all_covered[reading] / self._all[reading]

    def per_cent_by_district(self, reading: str) -> list[float]:
        """The same by district; NaN where the reading knows no place."""
        pairs = zip(self.covered[reading], self.totals[reading], strict=True)
        return [100.0 * covered / total if total else math.nan for covered, total in pairs]


class Places:
    """The places of a plan, small ones included, and how units are spread over its districts.

    Attributes:
        coverage: of small places, by what they are (the universe of a target).
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.coverage: dict[str, Coverage] = {}
        for name, target in world.plan.spec.targets.items():
            if not isinstance(target.measured_by, CoverageMeasure):
                continue
            universe = target.measured_by.universe
            planning: str = target.measured_by.reading or ""
            readings = [planning]
            if target.definition is not None:
                phrase = world.plan.spec.definitions[target.definition]
                readings = list(phrase.readings)
                planning = chosen_reading(phrase, world.scenario.definitions[target.definition])
            totals = {reading: [d.places(universe, reading) for d in world.districts]
                      for reading in readings}  # fmt: skip
            share = world.baseline(name) / 100.0
            covered = {
                reading: largest_remainder(round(share * sum(counts)), counts, world.ties)
                for reading, counts in totals.items()
            }
            self.coverage[universe] = Coverage(totals, covered, planning)

    def weights(self, key: str) -> list[int]:
        """Integer weights of the districts under a key of the plan."""
        districts = self._world.districts
        match key:
            case "population":
                return [d.population for d in districts]
            case "urban_communities":
                coverage = self.coverage.get(key)
                if coverage is None:  # no target counts communities: the first reading will do
                    return [next(iter(d.communities.values())) for d in districts]
                return coverage.totals[coverage.planning]
            case "villages":
                return [d.villages for d in districts]
            case _:
                return [1] * len(districts)

    def spread(self, key: str, units: int, room: Sequence[int] | None = None) -> list[int]:
        """Units by district in proportion to a key of the plan, by largest remainder.

        ``room`` caps every district (a community cannot be covered twice); what does not fit is not
        planned elsewhere.
        """
        weights = self.weights(key)
        if sum(weights) == 0:
            return [0] * len(weights)
        parts = largest_remainder(units, weights, self._world.ties)
        return parts if room is None else [min(p, r) for p, r in zip(parts, room, strict=True)]

    def titles(self, level: str) -> list[int]:
        """Titles of a level of the ladder that are held at the start, by district."""
        target = self._world.plan.spec.ladder[level].target
        count = round(self._world.baseline(target))
        return largest_remainder(count, self.weights("population"), self._world.ties)


def take_stock(world: World, places: Places, programmes: Mapping[str, Programme]) -> None:
    """Enter existing facilities with the share of their running cost that falls on an envelope."""
    for programme in programmes.values():
        existing = existing_units(world, places, programme)
        programme.stand(existing)
        yearly = world.draw["existing_run_share"] * programme.running_cost
        for envelope, units in zip(programme.operators, existing, strict=True):
            envelope.answer_for(running=yearly * units)


def existing_units(world: World, places: Places, programme: Programme) -> list[int]:
    """Units of a programme that stand at the start, by district."""
    spec = programme.spec
    target = world.plan.spec.targets[spec.target]
    match target.measured_by:
        case CoverageMeasure(universe=universe):
            coverage = places.coverage[universe]
            return list(coverage.covered[coverage.planning])
        case LadderMeasure(level=level):
            return places.titles(level)
        case PlacesMeasure():
            return places_that_have_one(world, programme.name, round(world.baseline(spec.target)))
        case DeliveredMeasure() if target.measure == "stock":
            return places.spread(spec.quota_key, round(world.baseline(spec.target)))
        case _:
            return [0] * len(world.districts)


def places_that_have_one(world: World, name: str, count: int) -> list[int]:
    """Which districts have a facility already: drawn, the fiscally stronger ones more likely.

    Weighted sampling without replacement by exponential keys (Efraimidis and Spirakis 2006).
    """
    keys = entity_keys(f"existing/{name}", [d.adcode for d in world.districts])
    strength = np.array([max(1, d.fiscal_strength) for d in world.districts])
    waiting = -np.log(world.streams.uniform("existing", keys)) / strength
    have = set(np.argsort(waiting, kind="stable")[:count].tolist())
    return [int(place in have) for place in range(len(world.districts))]


class Openings:
    """What opens and who is appointed on a day: entered when it closes, by their drawn numbers."""

    def __init__(self, world: World, places: Places, people: Staffing) -> None:
        self._world = world
        self._places = places
        self._people = people
        self._appointed: list[Project] = []
        self._opened: list[Project] = []
        self._heirs: dict[str, Callable[[Project], None]] = {}
        world.at_close(self._enter_all)

    def tell(self, level: str, heir: Callable[[Project], None]) -> None:
        """Tell ``heir`` of all that opens as a host for a level of the ladder."""
        self._heirs[level] = heir

    def appoint(self, project: Project) -> None:
        """The full-time posts of a facility were filled."""
        project.appoint()
        if project.programme.full_time_posts:
            if not self._appointed:
                self._world.changed("staff")
            self._appointed.append(project)

    def open(self, project: Project) -> None:
        """A facility opens."""
        project.open()
        if not self._opened:
            self._world.close_today()
        self._opened.append(project)

    def _enter_all(self, changed: set[str]) -> None:
        appointed, self._appointed = self._appointed, []
        appointed.sort(key=_BY_DRAWN_NUMBER)
        for project in appointed:
            self._people.take_up(project)
        opened, self._opened = self._opened, []
        opened.sort(key=_BY_DRAWN_NUMBER)
        # An opened facility counts, costs running money, may cover places, may seek a title.
        coverage = self._places.coverage
        for project in opened:
            programme, place, units = project.programme, project.place, project.units
            programme.enter(place, units, staffed=project.needs_staff)
            if programme.covers is not None:
                coverage[programme.covers].cover(place, units, project.covers_draw)
            if programme.may_cover is not None:
                coverage[programme.may_cover].chance_cover(place, project.covers_draw)
            if programme.feeds is not None:
                self._heirs[programme.feeds](project)
            changed.add(programme.topic)
