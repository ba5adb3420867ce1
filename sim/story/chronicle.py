"""The chronicle of a place: what moved in every year, by programme, and what was notable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from sim.model.kernel.facts import Value
from sim.story.log import CITY, STAGES, TITLES, Event, Life, Step
from sim.story.names import Name, Names
from sim.story.occurrences import (
    SHOCK,
    Reading,
    event_text,
    manner,
    reading_of,
    reason_text,
    sentence,
)
from sim.words import Chance, Count, Said, Yuan

_MOVES = ("proposed", "contracted", "opened", "withdrawn")
_FEW = 3  # so many events of one kind in a year are told one by one; more of them are counted

Move = tuple[Life, Step]
Told = tuple[str, Said]
"""The date and the text of something notable."""


def about(place: str, events: Iterable[Event]) -> list[Event]:
    """Return the events that concern a district.

    They happened there, or are about something that stands there; shocks say themselves whom
    they concern.
    """
    return [
        event
        for event in events
        if place == event.place or place == str(event.who.get("place")) or event.sort == SHOCK
    ]


def chronicle(
    place: str, lives: Sequence[Life], others: Sequence[Event], names: Names
) -> list[Said]:
    """Return the chronicle of a place: a title, the years, and how it stands in the end.

    ``lives`` are the projects that stand there, ``others`` the other events (see :func:`about`).
    """
    lines = [Said("story.chronicle.title", {"place": names.place(place), **names.of_run})]
    titles = [event for life in lives for event in life.titles]
    titles += [event for event in others if event.event in TITLES]
    besides = moments(_unsaid(others, names))
    opened: set[str] = set()
    for year in names.years:
        moves = [(life, step) for life in lives for step in life.steps if _in(step.event, year)]
        lines += _counts(year, moves, names)
        lines += _titles([event for event in titles if _in(event, year)], names)
        told = [
            *_first_openings(moves, opened, names),
            *_dearest_contract(moves, names),
            *_lapses(moves, names),
            *_other_events([m for m in besides if _in(m[0], year)], place, names),
        ]
        told.sort(key=lambda entry: entry[0])
        lines += [Said("story.chronicle.entry", {"date": d, "text": text}) for d, text in told]
    return [*lines, _ending(lives, names)]


def _in(event: Event, year: int) -> bool:
    return event.date.startswith(f"{year}-")


def _counts(year: int, moves: Sequence[Move], names: Names) -> list[Said]:
    """Count proposals, contracts, openings and withdrawals of a year, in all and by programme."""
    counts = {"": Counter[str]()}
    for life, step in moves:
        for name in ("", life.programme):
            counts.setdefault(name, Counter())[step.event.event] += 1
    told = {
        name: [
            Said(f"story.chronicle.{move}", {"count": Count(own[move])})
            for move in _MOVES
            if own[move]
        ]
        for name, own in counts.items()
    }
    total = told.pop("")
    if not total:
        return [Said("story.chronicle.quiet_year", {"year": year})]
    return [
        Said("story.chronicle.year", {"year": year, "counts": total}),
        *(
            Said("story.chronicle.programme", {"programme": names.programme(name), "counts": own})
            for name, own in told.items()
            if own
        ),
    ]


def _titles(events: Sequence[Event], names: Names) -> list[Said]:
    """Count the titles of bases that a year gave and took, by level, in one line if any."""
    counts = Counter((event.event, event.level) for event in events)
    levels = [*dict.fromkeys((*names.levels, *(level for _, level in counts)))]
    parts = []
    for what in TITLES:
        listed = [
            Said(
                "story.chronicle.level",
                {"level": names.level(level), "count": Count(counts[what, level])},
            )
            for level in levels
            if counts[what, level]
        ]
        if listed:
            parts.append(Said(f"story.chronicle.{what}", {"list": listed}))
    return [Said("story.chronicle.titles", {"parts": parts})] if parts else []


def _first_openings(moves: Sequence[Move], opened: set[str], names: Names) -> Iterator[Told]:
    """Tell the first opening of every programme that is not among ``opened`` yet, and add it."""
    for life, step in sorted(moves, key=_day):
        if step.event.event == "opened" and life.programme not in opened:
            opened.add(life.programme)
            yield step.event.date, _about("story.chronicle.first_opening", life, names)


def _dearest_contract(moves: Sequence[Move], names: Names) -> Iterator[Told]:
    """Tell the contract with the highest price, the earliest of several."""
    contracts = [
        (-price, step.event.day, life.key, life, step)
        for life, step in moves
        if step.event.event == "contracted" and (price := life.price(step.attempt)) is not None
    ]
    if contracts:
        price, _, _, life, step = min(contracts, key=lambda contract: contract[:3])
        told = _about("story.chronicle.dearest", life, names, money=Yuan(-price))
        yield step.event.date, told


def _lapses(moves: Sequence[Move], names: Names) -> Iterator[Told]:
    """Tell the proposals that lapsed, if they are few."""
    lapsed = [(life, step) for life, step in moves if step.event.event == "withdrawn"]
    if len(lapsed) <= _FEW:
        for life, step in lapsed:
            yield step.event.date, _about("story.chronicle.lapse", life, names)


def _unsaid(events: Iterable[Event], names: Names) -> list[Event]:
    """Leave out the treasury's meeting where the yearly cycle tells of it, and titles of bases."""
    step = names.step_deciding("reallocation")
    events = [event for event in events if event.event not in TITLES]
    told = {e.date for e in events if e.event == "held" and e.who.get("step", "") == step}
    return [event for event in events if event.event != "met" or event.date not in told]


def _other_events(besides: Sequence[Moment], place: str, names: Names) -> Iterator[Told]:
    """Tell what else happened: one by one if little is of a kind, else the first and how many."""
    kinds: dict[tuple[object, ...], list[Moment]] = {}
    for moment in besides:
        kinds.setdefault(_kind(moment), []).append(moment)
    for moment in besides:
        first, *others = members = kinds[_kind(moment)]
        date = moment[0].date
        if len(members) <= _FEW:
            yield date, moment_text(moment, names, place)
        elif moment is first:
            told = moment_text(moment, names, place)
            last = others[-1][0].date
            many = {"event": told, "count": len(others), "last": last}
            yield date, Said("story.chronicle.many", many)


def _kind(moment: Moment) -> tuple[object, ...]:
    """Return what moments have in common that differ in a number, a place and figures alone."""
    return sort_of(moment[0]), frozenset(manner(event) for event in moment)


def _day(move: Move) -> int:
    return move[1].event.day


def _about(key: str, life: Life, names: Names, **more: object) -> Said:
    return Said(key, {"programme": names.programme(life.programme), "key": life.key, **more})


def _ending(lives: Sequence[Life], names: Names) -> Said:
    """Say how many projects are open, where those under way stand, and how many are gone."""
    unfinished = [life for life in lives if not life.open]
    standing = Counter(
        (STAGES.index(life.standing), names.stage(life.standing, life.programme).key)
        for life in unfinished
        if not life.withdrawn
    )
    text = Said(
        "story.chronicle.end",
        {
            "opened": Count(len(lives) - len(unfinished)),
            "under_way": Count(standing.total()),
            "stages": [_amount(Said(stage), n) for (_, stage), n in sorted(standing.items())],
            "withdrawn": Count(len(unfinished) - standing.total()),
        },
    )
    return sentence(names.date(names.horizon), text)


def _amount(name: Name, count: int) -> Said:
    return Said("story.amount", {"name": name, "amount": Count(count)})


# ---------------------------------------------------------------------------- moments
# The log has one entry for each of many districts or firms, and one district's figure is never the
# city's: what they did on one day is told in one sentence, figures summed and reasons counted.


_FAMILIES = {
    "held": "events",
    "held_once": "events",
    "held_smaller": "events",
    "held_once_smaller": "events",
    "called_off": "events",
    "trained": "courses",
    "trained_none": "courses",
    "founded": "founded",
    "closed": "closed",
    "paid_in_part": "purses",
}
"""What many do on one day, by the key of its words: a family is told in one sentence."""

_ONE_OF_MANY = ("place", "number", "ordinal", "attempt")
"""Parts of who something is that tell it from others of its sort."""

Moment = list[Event]
"""Events of one day that one sentence tells."""


def sort_of(event: Event) -> tuple[Value, ...]:
    """Return what an event is about up to a number or a place: what it is one of."""
    if not event.sort:
        return (event.entity,)
    return event.sort, *(part for name, part in event.who.items() if name not in _ONE_OF_MANY)


def moments(events: Iterable[Event]) -> list[Moment]:
    """Put events together that one sentence tells; the order is that of their first ones."""
    found: dict[tuple[object, ...], Moment] = {}
    for number, event in enumerate(events):
        reading, sort = reading_of(event), sort_of(event)
        family = None if reading is None else _FAMILIES.get(reading.key)
        citys_own = event.place == CITY and not any(part in event.who for part in _ONE_OF_MANY)
        alone = family is None or citys_own
        key: tuple[object, ...] = (number,) if alone else (event.date, sort, family)
        found.setdefault(key, []).append(event)
    return [*found.values()]


def moment_text(moment: Moment, names: Names, here: str) -> Said:
    """Say what happened, in a story of the place ``here``, without the date."""
    first = moment[0]
    if len(moment) == 1:
        return event_text(first, names, here=here)
    readings = [reading for event in moment if (reading := reading_of(event)) is not None]
    match _FAMILIES[readings[0].key]:
        case "events":
            told = _events_text(readings)
        case "courses":
            told = _courses_text(readings)
        case "purses":
            return _envelopes_text(readings, names.group(str(first.who["group"])))
        case family:
            return _firms_text(family, readings)
    return Said("story.happening", {"entity": names.entity(first), "event": told})


def _events_text(readings: Sequence[Reading]) -> Said:
    """Say how many of an event's editions were held for what money, and where not all were."""
    held = [r for r in readings if "count" in r.fields]
    smaller = [str(r.fields["reason"]) for r in held if "reason" in r.fields]
    called_off = [str(r.fields["reason"]) for r in readings if "count" not in r.fields]
    parts = []
    if held:
        figures = {
            "districts": _districts(len(held)),
            "count": Count(_sum(held, "count")),
            "total": Count(_sum(held, "total")),
            "money": Yuan(_sum(held, "money")),
        }
        parts.append(Said("story.moment.held", figures))
    less = "all_smaller" if len(smaller) == len(held) else "held_smaller"
    for key, reasons in ((less, smaller), ("called_off", called_off)):
        if reasons:
            where = {"districts": _districts(len(reasons)), "reasons": _reasons(reasons)}
            parts.append(Said(f"story.moment.{key}", where))
    return Said("story.joint", {"parts": parts})


def _courses_text(readings: Sequence[Reading]) -> Said:
    """Say how many persons were trained in how many districts, and in how many nobody was."""
    busy = [r for r in readings if r.key == "trained"]
    parts = []
    if busy:
        figures = {
            "districts": _districts(len(busy)),
            "count": Count(_sum(busy, "count")),
            "new": Count(_sum(busy, "new")),
        }
        parts.append(Said("story.moment.trained", figures))
    if idle := len(readings) - len(busy):
        parts.append(Said("story.moment.trained_none", {"districts": _districts(idle)}))
    return Said("story.joint", {"parts": parts})


def _firms_text(family: str, readings: Sequence[Reading]) -> Said:
    """Say how many firms were founded or closed, of what kind, and what they turn out a year."""
    kinds = Counter(r.fields["kind"] for r in readings)
    named = [
        _amount(Said(f"story.log.firm_{kind}"), kinds[kind])
        for kind in ("core", "side")
        if kinds[kind]
    ]
    return Said(
        f"story.moment.{family}",
        {"count": Count(len(readings)), "kinds": named, "money": Yuan(_sum(readings, "money"))},
    )


def _envelopes_text(readings: Sequence[Reading], group: Name) -> Said:
    """Say what share of their obligations purses paid: the smallest, and how many purses."""
    share = Chance(min(_number(r, "share") for r in readings))
    return Said(
        "story.moment.paid_in_part",
        {"districts": _districts(len(readings)), "group": group, "share": share},
    )


def _sum(readings: Sequence[Reading], field: str) -> int:
    return sum(int(_number(reading, field)) for reading in readings)


def _number(reading: Reading, field: str) -> float:
    number = reading.fields[field]
    assert isinstance(number, int | float), "a field that is a number"
    return number


def _districts(count: int) -> Said:
    return Said("story.moment.districts", {"count": Count(count)})


def _reasons(reasons: Sequence[str]) -> list[Name]:
    """Name the reason; of several, each with the number of districts, the most frequent first."""
    counts = Counter(reasons).most_common()
    if len(counts) == 1:
        return [reason_text(reason) for reason, _ in counts]
    return [_amount(reason_text(reason), count) for reason, count in counts]
