"""The chronicle of a place: what moved in every year, by programme, and what was notable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from sim.model.kernel.facts import Value
from sim.report.numbers import percent_text, yuan_text
from sim.report.words import WORKING_STAGES, Tongue, word
from sim.story.log import CITY, TITLES, Event, Life, Step
from sim.story.names import Names
from sim.story.occurrences import (
    SHOCK,
    Reading,
    event_text,
    manner,
    reading_of,
    reason_text,
    sentence,
)

_MOVES = ("proposed", "contracted", "opened", "withdrawn")
_FEW = 3  # so many events of one kind in a year are told one by one; more of them are counted

Move = tuple[Life, Step]
Told = tuple[str, str]
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
    place: str, lives: Sequence[Life], others: Sequence[Event], names: Names, tongue: Tongue
) -> list[str]:
    """Return the chronicle of a place: a title, the years, and how it stands in the end.

    ``lives`` are the projects that stand there, ``others`` the other events (see :func:`about`).
    """
    title = word("chronicle.title", tongue)
    lines = [title.format(place=names.place(place, tongue), **names.of_run(tongue))]
    titles = [event for life in lives for event in life.titles]
    titles += [event for event in others if event.event in TITLES]
    besides = moments(_unsaid(others, names))
    opened: set[str] = set()
    for year in names.years:
        moves = [(life, step) for life in lives for step in life.steps if _in(step.event, year)]
        lines += _counts(year, moves, names, tongue)
        lines += _titles([event for event in titles if _in(event, year)], names, tongue)
        told = [
            *_first_openings(moves, opened, names, tongue),
            *_dearest_contract(moves, names, tongue),
            *_lapses(moves, names, tongue),
            *_other_events([m for m in besides if _in(m[0], year)], place, names, tongue),
        ]
        told.sort(key=lambda entry: entry[0])
        lines += [f"  {sentence(date, text, tongue)}" for date, text in told]
    return [*lines, _ending(lives, names, tongue)]


def _in(event: Event, year: int) -> bool:
    return event.date.startswith(f"{year}-")


def _counts(year: int, moves: Sequence[Move], names: Names, tongue: Tongue) -> list[str]:
    """Count proposals, contracts, openings and withdrawals of a year, in all and by programme."""
    counts = {"": Counter[str]()}
    for life, step in moves:
        for name in ("", life.programme):
            counts.setdefault(name, Counter())[step.event.event] += 1

    def text(name: str) -> str:
        return word("list.separator", tongue).join(
            word(f"chronicle.{move}", tongue).format(count=f"{counts[name][move]:,}")
            for move in _MOVES
            if counts[name][move]
        )

    if not text(""):
        return [word("chronicle.quiet_year", tongue).format(year=year)]
    return [
        word("chronicle.year", tongue).format(year=year, counts=text("")),
        *(
            word("chronicle.programme", tongue).format(
                programme=names.programme(name, tongue), counts=text(name)
            )
            for name in counts
            if name and text(name)
        ),
    ]


def _titles(events: Sequence[Event], names: Names, tongue: Tongue) -> list[str]:
    """Count the titles of bases that a year gave and took, by level, in one line if any."""
    counts = Counter((event.event, event.level) for event in events)
    levels = [*dict.fromkeys((*names.levels, *(level for _, level in counts)))]
    parts = [
        word(f"chronicle.{what}", tongue).format(
            list=word("list.separator", tongue).join(
                word("chronicle.level", tongue).format(
                    level=names.level(level, tongue), count=f"{counts[what, level]:,}"
                )
                for level in levels
                if counts[what, level]
            )
        )
        for what in TITLES
        if any(event.event == what for event in events)
    ]
    return [f"  {word('list.clause', tongue).join(parts)}"] if parts else []


def _first_openings(
    moves: Sequence[Move], opened: set[str], names: Names, tongue: Tongue
) -> Iterator[Told]:
    """Tell the first opening of every programme that is not among ``opened`` yet, and add it."""
    for life, step in sorted(moves, key=_day):
        if step.event.event == "opened" and life.programme not in opened:
            opened.add(life.programme)
            yield step.event.date, _about("chronicle.first_opening", life, names, tongue)


def _dearest_contract(moves: Sequence[Move], names: Names, tongue: Tongue) -> Iterator[Told]:
    """Tell the contract with the highest price, the earliest of several."""
    contracts = [
        (-price, step.event.day, life.key, life, step)
        for life, step in moves
        if step.event.event == "contracted" and (price := life.price(step.attempt)) is not None
    ]
    if contracts:
        price, _, _, life, step = min(contracts, key=lambda contract: contract[:3])
        money = yuan_text(-price, tongue)
        yield step.event.date, _about("chronicle.dearest", life, names, tongue, money)


def _lapses(moves: Sequence[Move], names: Names, tongue: Tongue) -> Iterator[Told]:
    """Tell the proposals that lapsed, if they are few."""
    lapsed = [(life, step) for life, step in moves if step.event.event == "withdrawn"]
    if len(lapsed) <= _FEW:
        for life, step in lapsed:
            yield step.event.date, _about("chronicle.lapse", life, names, tongue)


def _unsaid(events: Iterable[Event], names: Names) -> list[Event]:
    """Leave out the treasury's meeting where the yearly cycle tells of it, and titles of bases."""
    step = names.step_deciding("reallocation")
    events = [event for event in events if event.event not in TITLES]
    told = {e.date for e in events if e.event == "held" and e.who.get("step", "") == step}
    return [event for event in events if event.event != "met" or event.date not in told]


def _other_events(
    besides: Sequence[Moment], place: str, names: Names, tongue: Tongue
) -> Iterator[Told]:
    """Tell what else happened: one by one if little is of a kind, else the first and how many."""
    kinds: dict[tuple[object, ...], list[Moment]] = {}
    for moment in besides:
        kinds.setdefault(_kind(moment), []).append(moment)
    for moment in besides:
        first, *others = members = kinds[_kind(moment)]
        date = moment[0].date
        if len(members) <= _FEW:
            yield date, moment_text(moment, names, tongue, place)
        elif moment is first:
            many = word("chronicle.many", tongue).format(
                event=moment_text(moment, names, tongue, place),
                count=len(others),
                last=others[-1][0].date,
            )
            yield date, many


def _kind(moment: Moment) -> tuple[object, ...]:
    """Return what moments have in common that differ in a number, a place and figures alone."""
    return sort_of(moment[0]), frozenset(manner(event) for event in moment)


def _day(move: Move) -> int:
    return move[1].event.day


def _about(key: str, life: Life, names: Names, tongue: Tongue, money: str = "") -> str:
    programme = names.programme(life.programme, tongue)
    return word(key, tongue).format(programme=programme, key=life.key, money=money)


def _ending(lives: Sequence[Life], names: Names, tongue: Tongue) -> str:
    """Say how many projects are open, where those under way stand, and how many are gone."""
    unfinished = [life for life in lives if not life.open]
    standing = Counter(
        (WORKING_STAGES.index(life.standing), names.stage(life.standing, life.programme, tongue))
        for life in unfinished
        if not life.withdrawn
    )
    stages = word("list.separator", tongue).join(
        word("story.end.stage", tongue).format(stage=stage, amount=f"{count:,}")
        for (_, stage), count in sorted(standing.items())
    )
    text = word("chronicle.end", tongue).format(
        opened=f"{len(lives) - len(unfinished):,}",
        under_way=f"{standing.total():,}",
        stages=word("story.detail", tongue).format(detail=stages) if stages else "",
        withdrawn=f"{len(unfinished) - standing.total():,}",
    )
    return sentence(names.date(names.horizon), text, tongue)


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


def moment_text(moment: Moment, names: Names, tongue: Tongue, here: str) -> str:
    """Say what happened, in a story of the place ``here``, without the date."""
    first = moment[0]
    if len(moment) == 1:
        return event_text(first, names, tongue, here=here)
    readings = [reading for event in moment if (reading := reading_of(event)) is not None]
    match _FAMILIES[readings[0].key]:
        case "events":
            told = _events_text(readings, tongue)
        case "courses":
            told = _courses_text(readings, tongue)
        case "purses":
            group = names.group(str(first.who["group"]), tongue)
            return _purses_text(readings, group, tongue)
        case family:
            return _firms_text(family, readings, tongue)
    entity = names.entity(first, tongue)
    return word("story.entity", tongue).format(entity=entity, event=told)


def _events_text(readings: Sequence[Reading], tongue: Tongue) -> str:
    """Say how many of an event's editions were held for what money, and where not all were."""
    held = [r for r in readings if "count" in r.fields]
    smaller = [str(r.fields["reason"]) for r in held if "reason" in r.fields]
    called_off = [str(r.fields["reason"]) for r in readings if "count" not in r.fields]
    parts = []
    if held:
        parts.append(
            word("moment.held", tongue).format(
                districts=_districts(len(held), tongue),
                count=f"{_sum(held, 'count'):,}",
                total=f"{_sum(held, 'total'):,}",
                money=yuan_text(_sum(held, "money"), tongue),
            )
        )
    less = "moment.all_smaller" if len(smaller) == len(held) else "moment.held_smaller"
    for key, reasons in ((less, smaller), ("moment.called_off", called_off)):
        if reasons:
            districts, why = _districts(len(reasons), tongue), _reasons(reasons, tongue)
            parts.append(word(key, tongue).format(districts=districts, reasons=why))
    return word("story.joint", tongue).join(parts)


def _courses_text(readings: Sequence[Reading], tongue: Tongue) -> str:
    """Say how many persons were trained in how many districts, and in how many nobody was."""
    busy = [r for r in readings if r.key == "trained"]
    parts = []
    if busy:
        parts.append(
            word("moment.trained", tongue).format(
                districts=_districts(len(busy), tongue),
                count=f"{_sum(busy, 'count'):,}",
                new=f"{_sum(busy, 'new'):,}",
            )
        )
    if idle := len(readings) - len(busy):
        none = word("moment.trained_none", tongue)
        parts.append(none.format(districts=_districts(idle, tongue)))
    return word("story.joint", tongue).join(parts)


def _firms_text(family: str, readings: Sequence[Reading], tongue: Tongue) -> str:
    """Say how many firms were founded or closed, of what kind, and what they turn out a year."""
    kinds = Counter(r.fields["kind"] for r in readings)
    return word(f"moment.{family}", tongue).format(
        count=f"{len(readings):,}",
        kinds=word("list.separator", tongue).join(
            word("story.end.stage", tongue).format(
                stage=word(f"log.firm_{kind}", tongue), amount=f"{kinds[kind]:,}"
            )
            for kind in ("core", "side")
            if kinds[kind]
        ),
        money=yuan_text(_sum(readings, "money"), tongue),
    )


def _purses_text(readings: Sequence[Reading], group: str, tongue: Tongue) -> str:
    """Say what share of their obligations purses paid: the smallest, and how many purses."""
    return word("moment.paid_in_part", tongue).format(
        districts=_districts(len(readings), tongue),
        group=group,
        share=percent_text(min(_number(r, "share") for r in readings), tongue),
    )


def _sum(readings: Sequence[Reading], field: str) -> int:
    return sum(int(_number(reading, field)) for reading in readings)


def _number(reading: Reading, field: str) -> float:
    number = reading.fields[field]
    assert isinstance(number, int | float), "a field that is a number"
    return number


def _districts(count: int, tongue: Tongue) -> str:
    key = "moment.district" if count == 1 else "moment.districts"
    return word(key, tongue).format(count=f"{count:,}")


def _reasons(reasons: Sequence[str], tongue: Tongue) -> str:
    """Name the reason; of several, each with the number of districts, the most frequent first."""
    counts = Counter(reasons).most_common()
    if len(counts) == 1:
        return reason_text(counts[0][0], tongue)
    return word("list.separator", tongue).join(
        word("story.end.stage", tongue).format(stage=reason_text(reason, tongue), amount=count)
        for reason, count in counts
    )
