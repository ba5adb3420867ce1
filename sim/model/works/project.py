"""The life of a project: the delivery of one unit, or one cohort of small units, in one place."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

from simpy.events import Event

from sim.model.kernel.queues import Claim, Servers
from sim.model.money.envelope import Purse

if TYPE_CHECKING:
    from sim.model.city import City
    from sim.model.works.programme import Line, Programme


STAGES = ("review", "money", "crew", "building", "staff", "calendar")
"""Stages that a project can stand in; the order breaks ties of "what held it back"."""

# Plain integers: the life of a project asks for them so often that an enumeration would be felt.
REVIEW, MONEY, CREW, BUILDING, STAFF, CALENDAR = range(len(STAGES))
UNPROPOSED, PROPOSED, CONTRACTED, OPEN, WITHDRAWN = range(5)


class Project:
    """One unit or cohort: its drawn numbers, and how its days have been spent.

    The drawn numbers depend on the key (programme, place, ordinal) alone, so the same unit costs
    and takes the same under every budget; only being sent back by reviewers depends on the attempt.

    Attributes:
        place: index of the district it stands in.
        units: units of the target that it delivers.
        base_cost: what it costs at first-year prices, yuan; ``cost`` is the price of its contract.
        build_days, review_days, rework_days: its durations in days.
        send_backs: times that the board sends the file back in the present attempt.
        line: the quota it was proposed from; ``turn`` is its place in the planner's order there.
        tie: number drawn for the claimant, orders equal claims; ``order`` makes that order total.
        stage: one of ``STAGES`` by position; ``status`` is where it stands as a whole.
        appointed: whether its full-time posts are filled.
        late_by: the limit that kept it from being proposed for longest, and for how many days.
        claim: the latest claim of a proposal, to be cancelled if it lapses.
        days: days spent in each stage, summing to the days since it was first proposed.
    """

    # Without slots, and with defaults in the class, looking these up would cost several times more.
    __slots__ = (
        *("programme", "place", "ordinal", "units", "key", "order", "tie", "base_cost"),
        *("build_days", "review_days", "rework_days", "covers_draw", "needs_staff"),
        *("status", "stage", "since", "days", "attempt", "send_backs", "cost", "claim"),
        *("line", "turn", "late_by", "appointed", "opened"),
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
        self.cost = 0
        self.claim: Claim | None = None
        self.line: Line | None = None
        self.turn = 0
        self.late_by = ("", 0)
        self.appointed = False
        self.opened = -1

    def enter(self, stage: int, day: int) -> None:
        """Book the days since the last change and go on in ``stage``."""
        self.days[self.stage] += day - self.since
        self.stage = stage
        self.since = day

    def close(self, day: int) -> None:
        """Book the days up to ``day``, the opening or the end of the horizon."""
        self.days[self.stage] += day - self.since
        self.since = day

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


def life(city: City, project: Project, purse: Purse) -> Generator[Event, None, None]:
    """From proposal to opening, as one attempt lives it.

    ``purse`` pays for it. A proposal that is not contracted by 31 December lapses; its process then
    either never resumes (its claim was cancelled) or finds out when its reviewers return the file.
    A stage in which it need not wait a day is not entered.
    """
    clock, programme, tracing = city.clock, project.programme, city.tracing
    attempt = project.attempt

    if programme.review:
        board = city.board
        for visit in range(project.send_backs + 1):
            if visit:
                if tracing:
                    city.log_project("completions", project, "sent back")
                yield clock.completions(clock.today + project.rework_days)
                if lapsed(project, attempt):
                    return
                if tracing:
                    city.log_project("completions", project, "handed in again")
            project.claim = board.request(programme.priority_class, project)
            yield project.claim
            if tracing:
                city.log_project("grants", project, "review begun")
            yield clock.completions(clock.today + project.review_days)
            board.release()
            if lapsed(project, attempt):
                return
        if tracing:
            city.log_project("completions", project, "reviewed")
        project.enter(MONEY, clock.today)

    first = round(project.cost * city.first_instalment)
    rest = project.cost - first
    project.claim = purse.claim(programme.priority_class, project, first)
    yield project.claim
    city.portfolio.contract(project, purse, rest)

    if programme.crew:
        crews: Servers = city.crews[project.place]
        project.enter(CREW, clock.today)
        yield crews.request(programme.priority_class, project)
        if tracing:
            city.log_project("grants", project, "crew arrived")

    project.enter(BUILDING, clock.today)
    finished = clock.today + project.build_days
    if programme.crew:  # a halt of construction stops crews, and nobody else
        finished = city.shocks.finished(
            clock.today, project.build_days, project.place, programme.group
        )
    purse.expect_completion(finished, rest)
    yield clock.completions(finished)
    if programme.crew:
        crews.release()
    if tracing:
        city.log_project("completions", project, "built")

    payment = purse.complete(project, rest)
    if payment is not None:
        project.enter(MONEY, clock.today)
        yield payment
    purse.committed -= rest
    if tracing:
        city.log_project("grants", project, "completion paid")

    if project.needs_staff:
        full_time, part_time = city.people.ask_for_posts(project)
        if full_time is not None or part_time is not None:
            project.enter(STAFF, clock.today)
        if full_time is not None:
            yield full_time
        city.books.appoint(project)
        if part_time is not None:
            yield part_time
        if tracing:
            city.log_project("appointments", project, "staffed")

    if programme.has_doors:
        opening = city.shocks.reopening(clock.today, project.place, programme.group)
        if opening > clock.today:
            project.enter(CALENDAR, clock.today)
            yield clock.completions(opening)
    city.books.open(project)


def lapsed(project: Project, attempt: int) -> bool:
    """Whether this attempt was withdrawn, perhaps followed by another one, in the meantime."""
    return project.status == WITHDRAWN or project.attempt != attempt
