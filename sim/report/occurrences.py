"""How events read: those of a project, and those of which the log tells besides.

What has words in the catalogue is told in them; anything else is told as it was logged, so that a
log may hold more than this module knows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sim.report.event_log import CITY, STEPS, TITLES, Event
from sim.report.names import Names
from sim.report.numbers import percent_text, yuan_text
from sim.report.shock_text import shock_text
from sim.report.words import Tongue, has_word, word

_FIRM = r"(?P<kind>core|side), (?P<money>\d+) yuan a year"
_SHARES = r"city (?P<city>[\d.]+) %, nation (?P<nation>[\d.]+) %"
_OF = r"(?P<count>\d+) of (?P<total>\d+)"
_ONE = r"(?P<count>1) of (?P<total>1)"
_SMALLER = r" at (?P<share>[01]\.\d+), (?P<reason>\w+), (?P<money>\d+)"

# The words of an event, and the detail that they take up; the first that fits. An event whose
# detail reads otherwise is told as it was logged.
_SENTENCES = tuple(
    (event, key, re.compile(detail))
    for event, key, detail in (
        ("announced", "announced", ""),
        ("released", "released", r"(?P<money>\d+)"),
        ("received late", "received_late", r"(?P<money>\d+)"),
        ("reallocated", "reallocated", r"(?P<money>\d+)"),
        ("clawed back", "clawed_back", r"(?P<money>\d+)"),
        ("paid its obligations in part", "paid_in_part", r"(?P<share>[01]\.\d+)"),
        ("met", "met", ""),
        ("named", "named_none", r"0 of 0"),
        ("named", "named", _OF),
        ("not held", "not_held", ""),
        ("struck off", "struck_none", "0"),
        ("struck off", "struck_off", r"(?P<count>\d+)"),
        ("held", "held_once", _ONE + r", (?P<money>\d+)"),
        ("held", "held", _OF + r", (?P<money>\d+)"),
        ("held on a smaller scale", "held_once_smaller", _ONE + _SMALLER),
        ("held on a smaller scale", "held_smaller", _OF + _SMALLER),
        ("called off", "called_off", r"(?P<reason>\w+)"),
        ("held", "step_held", r"(?P<money>\d+)"),
        ("missed", "step_missed", r"(?P<reason>\w+)"),
        ("registered", "registered", r"(?P<new>\d+) new, (?P<left>\d+) dropped out"),
        ("trained", "trained_none", r"(?P<count>0), (?P<new>0) new"),
        ("trained", "trained", r"(?P<count>\d+), (?P<new>\d+) new"),
        (
            "appointed",
            "appointed",
            r"(?P<count>\d+): (?P<fit>\d+) fit among (?P<total>\d+) nominated, \d+ places",
        ),
        ("stage begun", "stage_begun", r"(?P<stage>\w+)"),
        ("stage ended", "stage_ended", r"(?P<stage>\w+)"),
        ("missed the agenda", "missed_agenda", r"(?P<stage>\w+)"),
        ("enacted", "enacted", ""),
        ("founded", "founded", _FIRM),
        ("closed", "closed", _FIRM),
        ("supported", "supported", r"(?P<money>\d+) yuan for (?P<count>\d+) firms"),
        ("surveyed", "surveyed", _SHARES),
        ("moved on", "moved_on", _SHARES),
    )
)

_NO_FIGURES = ("reason", "stage")  # fields that say of what kind an event is


@dataclass(frozen=True)
class Reading:
    """An event that has words: ``key`` of them, ``log.`` left out, and the fields of its detail."""

    key: str
    fields: Mapping[str, str]


def reading_of(event: Event) -> Reading | None:
    """Return how an event is understood; None if it has no words."""
    for known, key, pattern in _SENTENCES:
        detail = pattern.fullmatch(event.detail) if event.event == known else None
        if detail is not None:
            return Reading(key, detail.groupdict())
    return None


def manner(event: Event) -> tuple[str, ...]:
    """Return what events of a kind have in common: all but their figures."""
    if event.entity.startswith("shock "):  # one of another size is another shock
        return event.event, event.detail
    reading = reading_of(event)
    if reading is None:
        return (event.event,)
    return reading.key, *(reading.fields[f] for f in _NO_FIGURES if f in reading.fields)


def event_text(event: Event, names: Names, tongue: Tongue, *, here: str = CITY) -> str:
    """Say what happened to an entity that is no project, without the date.

    The district where it happened is named unless the entity names it or it is ``here``: what is
    told is told of this place.
    """
    entity = names.entity(event.entity, tongue)
    if event.place not in (CITY, here) and event.place not in event.entity:
        place = names.place(event.place, tongue)
        entity = word("entity.in_place", tongue).format(entity=entity, place=place)
    return word("story.entity", tongue).format(
        entity=entity, event=_happening(event, names, tongue)
    )


def _happening(event: Event, names: Names, tongue: Tongue) -> str:
    if event.entity.startswith("shock "):
        shock = shock_text(event, names, tongue)
        if shock is not None:
            return shock
    if event.event in TITLES:
        return inside(project_text(event, names, tongue))
    reading = reading_of(event)
    if reading is None:
        return event.event + detail_text(event.detail, tongue)
    fields = {
        field: _field_text(field, value, names, tongue) for field, value in reading.fields.items()
    }
    return word(f"log.{reading.key}", tongue).format(**fields)


def _field_text(field: str, value: str, names: Names, tongue: Tongue) -> str:
    """Write a field of a detail as people read it."""
    match field:
        case "money":
            return yuan_text(int(value), tongue)
        case "share":
            return percent_text(float(value), tongue)
        case "reason":
            return reason_text(value, tongue)
        case "kind":
            return word(f"log.firm_{value}", tongue)
        case "stage":
            return names.legislative_stage(value, tongue)
        case _:
            return f"{int(value):,}" if value.isdecimal() else value


def reason_text(reason: str, tongue: Tongue) -> str:
    """Write why something was not done, as logged if the reason has no words."""
    key = f"stage.unmet:{reason}"
    return word(key, tongue) if has_word(key) else reason


def project_text(event: Event, names: Names, tongue: Tongue, attempt: int = 0) -> str:
    """Say what happened to a project, or to the title of a base, as a sentence without date."""
    name = event.event
    if name in TITLES:
        level = names.level(event.detail, tongue)
        return word(f"story.{name}", tongue).format(level=level)
    if name == "proposed" and attempt > 0:
        return word("story.event.proposed_again", tongue).format(attempt=attempt + 1)
    if name == "built" and names.work(event.entity.partition("/")[0]) == "preparation":
        return word("story.event.prepared", tongue)
    if name in STEPS:
        return word(f"story.event.{name}", tongue)
    return word("story.event.other", tongue).format(event=name) + detail_text(event.detail, tongue)


def inside(text: str) -> str:
    """Return a sentence as a part of another: its first letter small."""
    return text[:1].lower() + text[1:]


def detail_text(detail: str, tongue: Tongue) -> str:
    """Write a detail as it was logged, in brackets; nothing where there is none."""
    return word("story.detail", tongue).format(detail=detail) if detail else ""


def sentence(date: str, text: str, tongue: Tongue) -> str:
    """Return a sentence that begins with its date."""
    return word("story.sentence", tongue).format(date=date, text=text)
