"""How events read of which the log tells besides the lives of projects.

What has words in the catalogue is told in them; anything else is told as it was logged, so that a
log may hold more than this module knows.
"""

from __future__ import annotations

import re

from sim.report.event_log import Event
from sim.report.names import Names
from sim.report.numbers import percent_text, yuan_text
from sim.report.words import Tongue, has_word, word

_FIRM = r"(?P<kind>core|side), (?P<money>\d+) yuan a year"
_SHARES = r"city (?P<city>[\d.]+) %, nation (?P<nation>[\d.]+) %"

# The words of an event, and the detail that they take up: an event whose detail reads otherwise is
# told as it was logged.
_SENTENCES = tuple(
    (event, f"log.{key}", re.compile(detail))
    for event, key, detail in (
        ("announced", "announced", ""),
        ("released", "released", r"(?P<money>\d+)"),
        ("received late", "received_late", r"(?P<money>\d+)"),
        ("reallocated", "reallocated", r"(?P<money>\d+)"),
        ("clawed back", "clawed_back", r"(?P<money>\d+)"),
        ("paid its obligations in part", "paid_in_part", r"(?P<share>[01]\.\d+)"),
        ("met", "met", ""),
        ("named", "named", r"(?P<count>\d+) of (?P<total>\d+)"),
        ("struck off", "struck_off", r"(?P<count>\d+)"),
        ("began", "began", "(?P<detail>.+)"),
        ("ended", "ended", "(?P<detail>.+)"),
        ("held", "held", r"(?P<count>\d+) of (?P<total>\d+), (?P<money>\d+)"),
        (
            "held on a smaller scale",
            "held_smaller",
            r"(?P<count>\d+) of (?P<total>\d+) at (?P<share>[01]\.\d+), (?P<reason>\w+), "
            r"(?P<money>\d+)",
        ),
        ("called off", "called_off", r"(?P<reason>\w+)"),
        ("held", "step_held", r"(?P<money>\d+)"),
        ("missed", "step_missed", r"(?P<reason>\w+)"),
        ("registered", "registered", r"(?P<new>\d+) new, (?P<left>\d+) dropped out"),
        ("trained", "trained", r"(?P<count>\d+), (?P<new>\d+) new"),
        (
            "appointed",
            "appointed",
            r"(?P<count>\d+): (?P<fit>\d+) fit among (?P<total>\d+) nominated, \d+ places",
        ),
        ("stage ended", "stage_ended", r"(?P<stage>\w+)"),
        ("missed the agenda", "missed_agenda", r"(?P<stage>\w+), (?P<count>\d+) times"),
        ("enacted", "enacted", ""),
        ("founded", "founded", _FIRM),
        ("closed", "closed", _FIRM),
        ("supported", "supported", r"(?P<money>\d+) yuan for (?P<count>\d+) firms"),
        ("surveyed", "surveyed", _SHARES),
        ("moved on", "moved_on", _SHARES),
    )
)


def event_text(event: Event, names: Names, tongue: Tongue) -> str:
    """Say what happened to an entity that is no project, without the date."""
    return word("story.entity", tongue).format(
        entity=names.entity(event.entity, tongue), event=_happening(event, names, tongue)
    )


def _happening(event: Event, names: Names, tongue: Tongue) -> str:
    for known, key, pattern in _SENTENCES:
        detail = pattern.fullmatch(event.detail) if event.event == known else None
        if detail is not None:
            fields = {
                field: _field_text(field, value, names, tongue)
                for field, value in detail.groupdict().items()
            }
            return word(key, tongue).format(**fields)
    return event.event + detail_text(event.detail, tongue)


def _field_text(field: str, value: str, names: Names, tongue: Tongue) -> str:
    """Write a field of a detail as people read it."""
    match field:
        case "money":
            return yuan_text(int(value), tongue)
        case "share":
            return percent_text(float(value), tongue)
        case "reason" if has_word(f"stage.unmet:{value}"):
            return word(f"stage.unmet:{value}", tongue)
        case "kind":
            return word(f"log.firm_{value}", tongue)
        case "stage":
            return names.legislative_stage(value, tongue)
        case _:
            return value


def detail_text(detail: str, tongue: Tongue) -> str:
    """Write a detail as it was logged, in brackets; nothing where there is none."""
    return word("story.detail", tongue).format(detail=detail) if detail else ""


def sentence(date: str, text: str, tongue: Tongue) -> str:
    """Return a sentence that begins with its date."""
    return word("story.sentence", tongue).format(date=date, text=text)
