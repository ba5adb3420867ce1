"""The chronicle of a place: what moved in every year, by programme, and what was notable."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from sim.report.event_log import TITLES, Event, Life, Step
from sim.report.moments import Moment, moment_text, moments, sort_of
from sim.report.names import Names
from sim.report.numbers import yuan_text
from sim.report.occurrences import manner, sentence
from sim.report.words import WORKING_STAGES, Tongue, word

_MOVES = ("proposed", "contracted", "opened", "withdrawn")
_FEW = 3  # so many events of one kind in a year are told one by one; more of them are counted

Move = tuple[Life, Step]
Told = tuple[str, str]
"""The date and the text of something notable."""


def about(place: str, events: Iterable[Event]) -> list[Event]:
    """Return the events that concern a district.

    They happened there, or their entity carries its code; shocks say themselves whom they concern.
    """
    return [
        event
        for event in events
        if place == event.place
        or place in re.findall(r"\d+", event.entity)
        or event.entity.startswith("shock ")
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
    counts = Counter((event.event, event.detail) for event in events)
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
    told = {event.date for event in events if (event.entity, event.event) == (step, "held")}
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
    return sort_of(moment[0].entity), frozenset(manner(event) for event in moment)


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
