"""The facts of one traced replication, read back as the lives of its projects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sim.config.errors import ConfigError
from sim.model.kernel.facts import Fact, Value
from sim.study.files import read_csv
from sim.words import Said

EVENTS = "events.csv"
COLUMNS = ("day", "date", "phase", "entity", "event", "place", "detail", "fact")

STAGES = ("calendar", "review", "money", "crew", "building", "staff")
"""Stages of a project's life, in the order in which they are told."""

STEPS = (
    "proposed", "handed in again", "review begun", "sent back", "reviewed", "contracted",
    "crew arrived", "built", "completion paid", "staffed", "opened", "withdrawn",
)  # fmt: skip
"""Events of a project in the order in which they can happen on one day."""

TITLES = ("title given", "title renewed", "title expired", "title struck off")
"""Events of a base; the field ``level`` is that of the title."""

PROJECT = "project"
"""Sort of the facts about projects."""

CITY = "city"
"""Place of what did not happen in one district."""

_NEXT_STAGE = {
    "handed in again": "review",
    "review begun": "review",
    "sent back": "review",
    "reviewed": "money",
    "crew arrived": "building",
    "built": "money",
    "staffed": "calendar",
    "opened": "",
    "withdrawn": "calendar",
}
"""The stage that a step leads into, where it does not depend on what the project needs."""

_WAITS = {
    "handed in again": "rework",
    "review begun": "queue",
    "sent back": "desk",
    "reviewed": "desk",
    "opened": "closure",
}
"""What the days before a step were spent on, where the stage does not say it."""


@dataclass(frozen=True, slots=True)
class Event:
    """One fact with its ISO date; ``place`` is an adcode or :data:`CITY`.

    ``sort`` and ``who`` say which thing it is about, ``fields`` what else there is to say of it;
    ``entity`` and ``detail`` are how the table shows both.
    """

    day: int
    date: str
    entity: str
    event: str
    place: str
    detail: str
    sort: str = ""
    who: Mapping[str, Value] = field(default_factory=dict)
    fields: Mapping[str, Value] = field(default_factory=dict)

    @classmethod
    def of(cls, fact: Fact, date: str) -> Event:
        """A fact that happened on ``date``."""
        texts = fact.entity, fact.event, fact.place, fact.detail
        return cls(fact.day, date, *texts, fact.sort, dict(fact.who), dict(fact.fields))

    @property
    def key(self) -> str:
        """``programme/place/ordinal`` of a project, whatever its attempt; else empty."""
        if self.sort != PROJECT:
            return ""
        return "/".join(str(self.who[part]) for part in ("programme", "place", "ordinal"))

    @property
    def programme(self) -> str:
        """The programme of a project; else empty."""
        return str(self.who["programme"]) if self.sort == PROJECT else ""

    @property
    def level(self) -> str:
        """The level of the title that it is about; else empty."""
        return str(self.fields.get("level", ""))


@dataclass(frozen=True, slots=True)
class Step:
    """One event in a project's life.

    ``stage`` is the stage that it ended, or parted, and ``days`` how long since the step before;
    ``wait`` says what these days were: the stage, or ``queue``, ``desk``, ``rework``, ``closure``.
    All three are empty for the first step and for events that are no steps of a project's life.
    ``yuan`` is the price of the contract, or what was paid.
    """

    event: Event
    attempt: int
    stage: str = ""
    days: int = 0
    wait: str = ""
    yuan: int | None = None


@dataclass(frozen=True)
class Life:
    """The life of one project, or one attempt of it.

    Attributes:
        key: ``programme/place/ordinal``; place: adcode of the district it stands in.
        steps: what happened, in order.
        standing: the stage in which the end finds it, empty if it is open.
        end: the last day that counts: that of the opening, or the end of the horizon.
    """

    key: str
    programme: str
    place: str
    steps: tuple[Step, ...]
    standing: str
    end: int

    @property
    def total(self) -> int:
        """Days from the first proposal to the end."""
        return self.end - next(s.event.day for s in self.steps if s.event.event == "proposed")

    @property
    def open(self) -> bool:
        """Whether it opened."""
        return not self.standing

    @property
    def withdrawn(self) -> bool:
        """Whether its last proposal lapsed and none followed."""
        known = [step.event.event for step in self.steps if step.event.event in STEPS]
        return known[-1] == "withdrawn"

    @property
    def titles(self) -> list[Event]:
        """What became of its titles once it was open, for a project that may become a base."""
        return [step.event for step in self.steps if step.event.event in TITLES]

    def price(self, attempt: int) -> int | None:
        """Price in yuan at which an attempt was proposed; None if the log does not say."""
        prices = (s.yuan for s in self.steps if (s.attempt, s.event.event) == (attempt, "proposed"))
        return next(prices, None)

    def days(self) -> dict[str, int]:
        """Days by stage, stages without any left out; they sum to ``total`` exactly."""
        spent = dict.fromkeys(STAGES, 0)
        for step in self.steps:
            if step.stage:
                spent[step.stage] += step.days
        if self.standing:
            spent[self.standing] += self.total - sum(spent.values())
        return {stage: days for stage, days in spent.items() if days}


def read_events(folder: Path) -> list[Event]:
    """Return the event log of a run folder.

    Raises:
        ConfigError: there is no log, or it is not one.
    """
    path = folder / EVENTS
    if not path.is_file():
        raise ConfigError("story.refused.no_log", file=str(folder), key="trace")
    header, rows = read_csv(path)
    if missing := [name for name in COLUMNS if name not in header]:
        raise ConfigError("story.refused.columns", file=str(path), allowed=COLUMNS, columns=missing)
    records = (dict(zip(header, row, strict=True)) for row in rows)
    return [_event(record, path, number) for number, record in enumerate(records, start=2)]


def _event(row: Mapping[str, str], path: Path, number: int) -> Event:
    try:
        return Event.of(Fact.read(row, row["fact"]), row["date"])
    except ValueError as error:
        column = "fact" if row["day"].isdecimal() else "day"
        raise ConfigError(
            f"story.refused.no_{column}",
            file=str(path),
            key=Said("cells.cell", {"row": number, "column": column}),
            value=row[column],
        ) from error


def titles_held(events: Iterable[Event], first: Iterable[str] = ()) -> list[str]:
    """Return the levels whose titles a base holds after ``events``, given those it held first."""
    held = dict.fromkeys(first)
    for event in events:
        if event.event in ("title given", "title renewed"):
            held[event.level] = None
        elif event.event in TITLES:
            held.pop(event.level, None)
    return [*held]


def lives(
    events: Iterable[Event], needs: Mapping[str, Sequence[str]], horizon: int
) -> dict[str, Life]:
    """Return the lives of all projects by key, in the order of their first proposals.

    Args:
        events: the event log.
        needs: what a programme's projects need (``review``, ``crew``, ``staff``), by programme.
        horizon: last day of the plan.
    """
    found: dict[str, list[tuple[int, Event]]] = {}
    for event in events:
        if event.programme in needs:
            found.setdefault(event.key, []).append((attempt_of(event), event))
    return {
        key: life_of(key, own, needs[own[0][1].programme], horizon)
        for key, own in found.items()
        if any(event.event == "proposed" for _, event in own)
    }


def attempt_of(event: Event) -> int:
    """The attempt in which a project is; 0 for anything else."""
    attempt = event.who.get("attempt", 0)
    assert isinstance(attempt, int), "attempts are counted"
    return attempt


def life_of(
    key: str, events: Sequence[tuple[int, Event]], needs: Sequence[str], horizon: int
) -> Life:
    """Return the life that the events of one project tell; each comes with its attempt.

    Days are booked as in the delay ledger: whatever happens ends the time in one stage, and says
    which comes next. A proposal withdrawn on the last day stands where it stood.
    """
    ordered = sorted(events, key=_order)
    steps: list[Step] = []
    stage, end, price, paid = "", horizon, None, None
    before = ordered[0][1]
    for attempt, event in ordered:
        if event.event not in STEPS:
            steps.append(Step(event, attempt))
            continue
        money = event.fields.get("money")
        yuan = money if isinstance(money, int) else None
        if event.event == "proposed":
            price = yuan
        elif event.event == "contracted":
            paid = yuan
        elif event.event == "completion paid" and price is not None and paid is not None:
            yuan = price - paid
        elif event.event == "opened":
            stage, end = "calendar", event.day  # a closure is the last thing to wait for
        days = event.day - before.day if stage else 0
        wait = _WAITS.get(event.event, stage)
        steps.append(Step(event, attempt, stage, days, wait, yuan))
        if event.event != "withdrawn" or event.day < horizon:
            stage = _stage_after(event.event, needs)
        before = event
    return Life(key, before.programme, before.place, tuple(steps), stage, end)


def _order(entry: tuple[int, Event]) -> tuple[int, int, int]:
    """By attempt, day, and order within a day; events that are no steps close their day."""
    attempt, event = entry
    rank = STEPS.index(event.event) if event.event in STEPS else len(STEPS)
    return attempt, event.day, rank


def _stage_after(event: str, needs: Sequence[str]) -> str:
    """Return the stage that a step leads into; empty for the opening."""
    if event == "proposed":
        return "review" if "review" in needs else "money"
    if event == "contracted":
        return "crew" if "crew" in needs else "building"
    if event == "completion paid":
        return "staff" if "staff" in needs else "calendar"
    return _NEXT_STAGE[event]
