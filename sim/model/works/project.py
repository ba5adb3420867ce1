"""The life of a project: the delivery of one unit, or one cohort of small units, in one place."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from sim.model.kernel.clock import Clock, Phase, Process
from sim.model.kernel.facts import Kind, Sort, Who
from sim.model.kernel.queues import Claim, Servers
from sim.model.kernel.shocks import Shocks
from sim.model.kernel.streams import Keys, entity_keys
from sim.model.kernel.world import World
from sim.model.works.programme import CITY, DAYS_PER_MONTH, Programme, cohorts

Floats = npt.NDArray[np.float64]

STAGES = ("review", "money", "crew", "building", "staff", "calendar")
"""Stages that a project can stand in; the order breaks ties of "what held it back"."""

# Plain integers: the life of a project asks for them so often that an enumeration would be felt.
REVIEW, MONEY, CREW, BUILDING, STAFF, CALENDAR = range(len(STAGES))
UNPROPOSED, PROPOSED, CONTRACTED, OPEN, WITHDRAWN = range(5)

PROJECT = Sort("project", "{programme}/{place}/{ordinal}/{attempt}")
_COMPLETIONS, _GRANTS = Phase.COMPLETIONS, Phase.GRANTS
PROPOSAL = Kind("proposed", Phase.PLANNING, "{money}")
REVIEW_BEGUN = Kind("review begun", _GRANTS)
SENT_BACK = Kind("sent back", _COMPLETIONS)
HANDED_IN_AGAIN = Kind("handed in again", _COMPLETIONS)
REVIEWED = Kind("reviewed", _COMPLETIONS)
CONTRACT = Kind("contracted", _GRANTS, "{money}")
CREW_ARRIVED = Kind("crew arrived", _GRANTS)
BUILT = Kind("built", _COMPLETIONS)
COMPLETION_PAID = Kind("completion paid", _GRANTS)
STAFFED = Kind("staffed", Phase.APPOINTMENTS)
OPENING = Kind("opened", Phase.ACCOUNTING)
LAPSE = Kind("withdrawn", Phase.ACCOUNTING)


class Lapsed(Exception):
    """The attempt was withdrawn in the meantime."""


class Project:
    """One unit or cohort: its drawn numbers, and how its days have been spent.

    The drawn numbers depend on the key (programme, place, ordinal) alone, so the same unit costs
    and takes the same under every budget; only being sent back by reviewers depends on the attempt.

    Attributes:
        place: index of the district it stands in.
        payer: the envelope that pays for it.
        units: units of the target that it delivers.
        base_cost: what it costs at first-year prices, yuan; ``cost`` is the price of its contract,
            ``first`` and ``rest`` are its two instalments.
        build_days, review_days, rework_days: its durations in days.
        send_backs: times that the board sends the file back in the present attempt.
        turn: its place in the planner's order.
        tie: number drawn for the claimant, orders equal claims; ``order`` makes that order total.
        stage: one of ``STAGES`` by position; ``status`` is where it stands as a whole.
        appointed: whether its full-time posts are filled.
        late_by: the limit that kept it from being proposed for longest, and for how many days.
        claim: the latest claim of a proposal, to be cancelled if it lapses.
        days: days spent in each stage, summing to the days since it was first proposed.
    """

    # Without slots, and with defaults in the class, looking these up would cost several times more.
    __slots__ = (
        *("programme", "payer", "place", "ordinal", "units", "key", "order", "tie", "base_cost"),
        *("build_days", "review_days", "rework_days", "covers_draw", "needs_staff"),
        *("status", "stage", "since", "days", "attempt", "send_backs", "cost", "claim"),
        *("first", "rest", "turn", "late_by", "appointed", "opened"),
    )

    def __init__(
        self,
        programme: Programme,
        place: int,
        ordinal: int,
        units: int,
        key: int,
        tie: float,
        base_cost: float,
        build_days: int,
        covers_draw: float,
    ) -> None:
        self.programme = programme
        self.payer = programme.payers[place]
        self.place = place
        self.ordinal = ordinal
        self.units = units
        self.key = key
        self.order = key
        self.tie = tie
        self.base_cost = base_cost
        self.build_days = build_days
        self.covers_draw = covers_draw
        self.needs_staff = programme.staff
        self.status = UNPROPOSED
        self.stage = CALENDAR
        self.since = 0
        self.days = [0, 0, 0, 0, 0, 0]
        self.attempt = -1
        self.review_days = self.rework_days = self.send_backs = 0
        self.cost = self.first = self.rest = 0
        self.claim: Claim | None = None
        self.turn = 0
        self.late_by = ("", 0)
        self.appointed = False
        self.opened = -1

    @property
    def who(self) -> Who:
        """What the event log calls it in its present attempt."""
        programme, place = self.programme, self.place
        plan, districts = programme.world.plan.spec, programme.world.districts
        code = plan.city_code if programme.spec.place == "city" else districts[place].adcode
        return PROJECT(
            programme=programme.name, place=code, ordinal=self.ordinal, attempt=self.attempt
        )

    # ------------------------------------------------------------------ where it stands

    def propose(self, cost_index: float, late_by: tuple[str, int]) -> None:
        """It is proposed, perhaps again: fix its price at that of today's ``cost_index``.

        ``late_by`` is the limit that kept it from being proposed for longest, and how long.
        """
        programme = self.programme
        self.attempt += 1
        if not self.attempt:
            self.since = programme.clock.today
            self.late_by = late_by
        elif programme.review:
            keys = np.array([self.key], dtype=np.uint64)
            self.send_backs = send_backs(programme.world, keys, self.attempt)[0]
        self.status = PROPOSED
        self.cost = cost = round(self.base_cost * cost_index)
        self.first = first = round(cost * programme.first_instalment)
        self.rest = cost - first
        self.step(REVIEW if programme.review else MONEY, PROPOSAL, cost)

    def contract(self) -> None:
        """The first instalment has been paid: it can no longer lapse, and waits for its crew."""
        self.status = CONTRACTED
        self.step(CREW if self.programme.crew else BUILDING, CONTRACT, self.first)

    def lapse(self, *, for_good: bool) -> None:
        """It is withdrawn; it may come again, but ``for_good`` stands where it stood."""
        self.status = WITHDRAWN
        if for_good:
            self.note(LAPSE)
        else:
            self.step(CALENDAR, LAPSE)

    def appoint(self) -> None:
        """Its full-time posts are filled."""
        self.appointed = True

    def open(self) -> None:
        """It opens its doors."""
        self.status = OPEN
        self.opened = self.programme.clock.today
        self.step(self.stage, OPENING)

    def step(self, stage: int, what: Kind | None = None, money: int | None = None) -> None:
        """Book the days since the last change and go on in ``stage``.

        ``what`` is the step for the log, ``money`` the yuan that it is about.
        """
        today = self.programme.clock.today
        self.days[self.stage] += today - self.since
        self.stage = stage
        self.since = today

    def note(self, what: Kind, money: int | None = None) -> None:
        """A step that leaves it in its stage: only the log is told, see :class:`TracedProject`."""

    def close(self, day: int) -> None:
        """Book the days up to ``day``, the opening or the end of the horizon."""
        self.days[self.stage] += day - self.since
        self.since = day

    def go_on(self, attempt: int) -> None:
        """Go on with an attempt.

        Raises:
            Lapsed: it was withdrawn, perhaps followed by another one, in the meantime.
        """
        if self.status == WITHDRAWN or self.attempt != attempt:
            raise Lapsed

    # ------------------------------------------------------------------ what held it back

    def lost_days(self) -> list[int]:
        """Days lost by stage: all waiting, and building beyond the programme's mode."""
        lost = list(self.days)
        lost[BUILDING] = max(0, lost[BUILDING] - self.programme.mode_days)
        return lost

    def held_back_by(self) -> str:
        """The stage in which a project that is not open lost most days; the earlier one of equals.

        Where it lost none, it was only begun too late, which is no fault of the stage in which the
        deadline finds it: then it is the limit that kept it from being proposed for longest, and
        the stage only if it never had to wait for that either.
        """
        lost = self.lost_days()
        worst = max(lost)
        if worst > 0:
            return STAGES[lost.index(worst)]
        limit, days = self.late_by
        return f"unproposed:{limit}" if days > 0 else STAGES[self.stage]


class TracedProject(Project):
    """A project whose steps are kept as facts."""

    __slots__ = ()

    def step(self, stage: int, what: Kind | None = None, money: int | None = None) -> None:
        """Go on in ``stage``, and tell the log."""
        super().step(stage)
        if what is not None:
            self.note(what, money)

    def note(self, what: Kind, money: int | None = None) -> None:
        """Tell the log."""
        fields = {} if money is None else {"money": money}
        self.programme.world.fact(what, self.who, place=self.place, **fields)


def line_up(projects: Sequence[Project], first: int = 0) -> None:
    """Give projects their places in the planner's order, from place ``first`` on."""
    for turn, project in enumerate(projects, first):
        project.turn = turn


class Staffing(Protocol):
    """Where a project finds people for its posts."""

    def expect(self, project: Project) -> None:
        """It was contracted: its posts will be asked for once it is built."""

    def ask_for_posts(self, project: Project) -> tuple[Claim | None, Claim | None]:
        """Ask for its full-time and part-time posts; None for what can be had at once."""

    def take_up(self, project: Project) -> None:
        """The persons appointed to it today take up their posts."""


@dataclass(frozen=True, slots=True)
class Site:
    """What the projects of one district meet on their way.

    ``contract``, ``appoint`` and ``open`` are told of a project when it has come so far.
    """

    clock: Clock
    board: Servers
    crews: Servers
    people: Staffing
    shocks: Shocks
    contract: Callable[[Project], None]
    appoint: Callable[[Project], None]
    open: Callable[[Project], None]


def life(project: Project, site: Site) -> Process:
    """From proposal to opening, as one attempt lives it.

    A proposal that is not contracted by 31 December lapses; its process then either never resumes
    (its claim was cancelled) or finds out when its reviewers return the file. A stage in which it
    need not wait a day is not entered.
    """
    programme = project.programme
    if programme.review:
        try:
            yield from review(project, site)
        except Lapsed:
            return
    envelope = project.payer
    project.claim = envelope.claim(programme.priority_class, project, project.first)
    yield project.claim
    site.contract(project)
    yield from build(project, site)
    payment = envelope.complete(project, project.rest)
    if payment is not None:
        project.step(MONEY)
        yield payment
    envelope.fulfil(project.rest)
    project.note(COMPLETION_PAID)
    if project.needs_staff:
        yield from fill_posts(project, site)
    if programme.has_doors:
        today = site.clock.today
        opening = site.shocks.reopening(today, project.place, programme.group)
        if opening > today:  # doors stay shut as long as a closure lasts
            project.step(CALENDAR)
            yield site.clock.completions(opening)
    site.open(project)


def review(project: Project, site: Site) -> Process:
    """Reviewers have the file, and send it back as often as drawn."""
    programme, clock, board = project.programme, site.clock, site.board
    attempt = project.attempt
    for visit in range(project.send_backs + 1):
        if visit:
            project.note(SENT_BACK)
            yield clock.completions(clock.today + project.rework_days)
            project.go_on(attempt)
            project.note(HANDED_IN_AGAIN)
        project.claim = board.request(programme.priority_class, project)
        yield project.claim
        project.note(REVIEW_BEGUN)
        yield clock.completions(clock.today + project.review_days)
        board.release()
        project.go_on(attempt)
    project.step(MONEY, REVIEWED)


def build(project: Project, site: Site) -> Process:
    """A crew comes and builds; without a crew, things are prepared, which no halt stops."""
    programme, clock, crews = project.programme, site.clock, site.crews
    if programme.crew:
        yield crews.request(programme.priority_class, project)
        project.step(BUILDING, CREW_ARRIVED)
        finished = site.shocks.finished(
            clock.today, project.build_days, project.place, programme.group
        )
    else:
        finished = clock.today + project.build_days
    project.payer.expect_completion(finished, project.rest)
    yield clock.completions(finished)
    if programme.crew:
        crews.release()
    project.note(BUILT)


def fill_posts(project: Project, site: Site) -> Process:
    """People take the posts that it has."""
    full_time, part_time = site.people.ask_for_posts(project)
    if full_time is not None or part_time is not None:
        project.step(STAFF)
    if full_time is not None:
        yield full_time
    site.appoint(project)
    if part_time is not None:
        yield part_time
    project.note(STAFFED)


# ---------------------------------------------------------------------------- drawn numbers


def make_projects(
    world: World, quotas: Mapping[Programme, Mapping[int, int]]
) -> dict[Programme, list[Project]]:
    """More projects for every programme, with all their drawn numbers, in one block.

    ``quotas`` gives units by district index, or by ``CITY`` for a programme of the city, whose
    projects draw a host district by population. Returned by programme.
    """
    plan, streams = world.plan, world.streams
    programmes: list[Programme] = []
    places: list[int] = []
    ordinals: list[int] = []
    units: list[int] = []
    key_blocks: list[Keys] = []
    slices: list[tuple[Programme, slice]] = []
    for programme, units_by_place in quotas.items():
        start = len(places)
        for place, amount in units_by_place.items():
            sizes = cohorts(amount, programme.cohort)
            places += [place] * len(sizes)
            if place != CITY:
                programme.plan(place, amount)
            ordinals += programme.next_ordinals(place, len(sizes))
            units += sizes
        part = slice(start, len(places))
        codes = [
            plan.spec.city_code if p == CITY else world.districts[p].adcode for p in places[part]
        ]
        key_blocks.append(entity_keys(programme.name, codes, ordinals[part]))
        programmes += [programme] * len(codes)
        slices.append((programme, part))
    if not places:
        return {programme: [] for programme in quotas}
    keys = np.concatenate(key_blocks)

    in_city = np.array(places) == CITY
    hosts = iter(_host_districts(world, streams.uniform("host", keys[in_city])))
    at = [next(hosts) if place == CITY else place for place in places]
    build_time, cost, tie, covers = streams.uniforms(("build", "cost", "tie", "covers"), keys)
    months = np.concatenate(
        [world.quantile(programme.build_months, build_time[part]) for programme, part in slices]
    )
    build = np.ceil(months * DAYS_PER_MONTH * world.draw["build_delay_factor"]).astype(int)
    unit_costs = np.concatenate(
        [np.full(part.stop - part.start, p.drawn_unit_cost) for p, part in slices]
    )
    factors = world.quantile("project_cost_factor", cost)
    columns = (
        programmes, at, ordinals, units, keys.tolist(), tie.tolist(),
        (unit_costs * units * factors).tolist(), build.tolist(), covers.tolist(),
    )  # fmt: skip
    kind = TracedProject if world.tracing else Project
    projects = [kind(*row) for row in zip(*columns, strict=True)]
    made = {}
    for programme, part in slices:
        made[programme] = own = projects[part]
        if CITY in quotas[programme]:
            for project in own:
                programme.plan(project.place, project.units)
        if programme.spec.staffed_hosts is not None:
            staffed = (
                streams.uniform("staffed", keys[part]) < world.draw[programme.spec.staffed_hosts]
            )
            for project, has_staff in zip(own, staffed.tolist(), strict=True):
                project.needs_staff = not has_staff
    reviewed = [i for i, programme in enumerate(programmes) if programme.review]
    if reviewed:
        _draw_reviews(world, [projects[i] for i in reviewed], keys[reviewed])
    return made


def _host_districts(world: World, u: Floats) -> list[int]:
    """Districts drawn by population, one for each uniform."""
    population = np.cumsum([d.population for d in world.districts])
    hosts: list[int] = np.searchsorted(population, u * population[-1], side="right").tolist()
    return hosts


def _draw_reviews(world: World, projects: list[Project], keys: Keys) -> None:
    service = world.quantile("review_service_days", world.streams.uniform("review", keys))
    rework = world.quantile("review_rework_days", world.streams.uniform("rework", keys))
    columns = (
        np.ceil(service).astype(int).tolist(),
        np.ceil(rework).astype(int).tolist(),
        send_backs(world, keys, 0),
    )
    for project, days, again, times in zip(projects, *columns, strict=True):
        project.review_days = days
        project.rework_days = again
        project.send_backs = times


def send_backs(world: World, keys: Keys, attempt: int) -> list[int]:
    """How often each file is sent back in ``attempt``: geometric, from one uniform each."""
    probability = world.draw["review_send_back"]
    if probability <= 0.0:
        return [0] * len(keys)
    u = world.streams.uniform("sent back", keys, attempt)
    times: list[int] = np.floor(np.log(u) / math.log(probability)).astype(int).tolist()
    return times
