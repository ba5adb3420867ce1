"""What is told in one sentence: an event, or what many districts or firms did on one day.

The log has one entry for each of them, and one district's figure is never the city's: figures are
summed and reasons counted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from sim.report.event_log import CITY, Event
from sim.report.names import Names
from sim.report.numbers import percent_text, yuan_text
from sim.report.occurrences import Reading, event_text, reading_of, reason_text
from sim.report.words import Tongue, word

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

Moment = list[Event]
"""Events of one day that one sentence tells."""


def sort_of(entity: str) -> str:
    """Return the name of an entity up to a number or a place: what it is one of."""
    return re.split("[/@]", entity, maxsplit=1)[0]


def moments(events: Iterable[Event]) -> list[Moment]:
    """Put events together that one sentence tells; the order is that of their first ones."""
    found: dict[tuple[object, ...], Moment] = {}
    for number, event in enumerate(events):
        reading, sort = reading_of(event), sort_of(event.entity)
        family = None if reading is None else _FAMILIES.get(reading.key)
        citys_own = event.place == CITY and sort == event.entity
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
            group = first.entity.partition(":")[2].partition("@")[0]
            return _purses_text(readings, names.group(group, tongue), tongue)
        case family:
            return _firms_text(family, readings, tongue)
    entity = names.entity(first.entity, tongue)
    return word("story.entity", tongue).format(entity=entity, event=told)


def _events_text(readings: Sequence[Reading], tongue: Tongue) -> str:
    """Say how many of an event's editions were held for what money, and where not all were."""
    held = [r for r in readings if "count" in r.fields]
    smaller = [r.fields["reason"] for r in held if "reason" in r.fields]
    called_off = [r.fields["reason"] for r in readings if "count" not in r.fields]
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
        share=percent_text(min(float(r.fields["share"]) for r in readings), tongue),
    )


def _sum(readings: Sequence[Reading], field: str) -> int:
    return sum(int(reading.fields[field]) for reading in readings)


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
