"""How events read: those of a project, and those of which the log tells besides.

What has words in the catalogue is told in them; anything else is told as it was logged, so that a
log may hold more than this module knows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sim.model.kernel.facts import Value
from sim.report.numbers import days_text, percent_text, yuan_text
from sim.report.words import Tongue, has_word, word
from sim.story.log import CITY, STEPS, TITLES, Event
from sim.story.names import Names

SHOCK = "shock"
"""Sort of the facts about shocks."""

_IN_DAYS = "release_delay"  # the size of this shock is a number of days, that of others a share


@dataclass(frozen=True)
class _Sentence:
    """The ``key`` of the words of an event, the fields they take up, and values these must have."""

    key: str
    takes: tuple[str, ...] = ()
    where: Mapping[str, Value] = field(default_factory=dict)

    def fits(self, fields: Mapping[str, Value]) -> bool:
        """Whether an event with these fields can be told so."""
        return all(name in fields for name in self.takes) and all(
            fields.get(name) == value for name, value in self.where.items()
        )


_OF, _ONE = ("count", "total"), {"count": 1, "total": 1}
_SMALLER = (*_OF, "share", "reason", "money")
_FIRM, _SHARES = ("kind", "money"), ("city", "nation")

_SENTENCES = {
    ("treasury", "announced"): (_Sentence("announced"),),
    ("treasury", "released"): (_Sentence("released", ("money",)),),
    ("group", "received late"): (_Sentence("received_late", ("money",)),),
    ("group", "reallocated"): (_Sentence("reallocated", ("money",)),),
    ("treasury", "clawed back"): (_Sentence("clawed_back", ("money",)),),
    ("purse", "paid its obligations in part"): (_Sentence("paid_in_part", ("share",)),),
    ("treasury", "met"): (_Sentence("met"),),
    ("round", "named"): (
        _Sentence("named_none", _OF, {"count": 0, "total": 0}),
        _Sentence("named", _OF),
    ),
    ("round", "not held"): (_Sentence("not_held"),),
    ("assessment", "struck off"): (
        _Sentence("struck_none", ("count",), {"count": 0}),
        _Sentence("struck_off", ("count",)),
    ),
    ("events", "held"): (
        _Sentence("held_once", (*_OF, "money"), _ONE),
        _Sentence("held", (*_OF, "money")),
    ),
    ("events", "held on a smaller scale"): (
        _Sentence("held_once_smaller", _SMALLER, _ONE),
        _Sentence("held_smaller", _SMALLER),
    ),
    ("events", "called off"): (_Sentence("called_off", ("reason",)),),
    ("step", "held"): (_Sentence("step_held", ("money",)),),
    ("step", "missed"): (_Sentence("step_missed", ("reason",)),),
    ("volunteers", "registered"): (_Sentence("registered", ("new", "left")),),
    ("farmers", "trained"): (
        _Sentence("trained_none", ("count", "new"), {"count": 0, "new": 0}),
        _Sentence("trained", ("count", "new")),
    ),
    ("experts", "appointed"): (_Sentence("appointed", ("count", "fit", "total")),),
    ("regulation", "stage begun"): (_Sentence("stage_begun", ("stage",)),),
    ("regulation", "stage ended"): (_Sentence("stage_ended", ("stage",)),),
    ("regulation", "missed the agenda"): (_Sentence("missed_agenda", ("stage",)),),
    ("regulation", "enacted"): (_Sentence("enacted"),),
    ("firm", "founded"): (_Sentence("founded", _FIRM),),
    ("firm", "closed"): (_Sentence("closed", _FIRM),),
    ("industry", "supported"): (_Sentence("supported", ("money", "count")),),
    ("literacy", "surveyed"): (_Sentence("surveyed", _SHARES),),
    ("literacy", "moved on"): (_Sentence("moved_on", _SHARES),),
}
"""The words of an event by the sort of what it is about; the first that fits."""

_NO_FIGURES = ("reason", "stage")  # fields that say of what kind an event is


@dataclass(frozen=True)
class Reading:
    """An event that has words: ``key`` of them, ``log.`` left out, and its fields."""

    key: str
    fields: Mapping[str, Value]


def reading_of(event: Event) -> Reading | None:
    """Return how an event is understood; None if it has no words."""
    for sentence in _SENTENCES.get((event.sort, event.event), ()):
        if sentence.fits(event.fields):
            return Reading(sentence.key, event.fields)
    return None


def manner(event: Event) -> tuple[Value, ...]:
    """Return what events of a kind have in common: all but their figures."""
    if event.sort == SHOCK:  # one of another size is another shock
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
    entity = names.entity(event, tongue)
    if event.place not in (CITY, here) and event.place != str(event.who.get("place")):
        place = names.place(event.place, tongue)
        entity = word("entity.in_place", tongue).format(entity=entity, place=place)
    return word("story.entity", tongue).format(
        entity=entity, event=_happening(event, names, tongue)
    )


def _happening(event: Event, names: Names, tongue: Tongue) -> str:
    if event.sort == SHOCK and event.event in ("began", "ended") and "size" in event.fields:
        return _shock_text(event, names, tongue)
    if event.event in TITLES:
        return inside(project_text(event, names, tongue))
    reading = reading_of(event)
    if reading is None:
        return event.event + detail_text(event.detail, tongue)
    fields = {
        field: _field_text(field, value, names, tongue) for field, value in reading.fields.items()
    }
    return word(f"log.{reading.key}", tongue).format(**fields)


def _field_text(name: str, value: Value, names: Names, tongue: Tongue) -> str:
    """Write a field as people read it."""
    match name, value:
        case "money", int(yuan):
            return yuan_text(yuan, tongue)
        case "share", int(share) | float(share):
            return percent_text(share, tongue)
        case "reason", str(reason):
            return reason_text(reason, tongue)
        case "kind", str(kind):
            return word(f"log.firm_{kind}", tongue)
        case "stage", str(stage):
            return names.legislative_stage(stage, tongue)
        case _, int(count):
            return f"{count:,}"
        case _, float(per_cent):
            return f"{per_cent:.2f}"
        case _:
            return str(value)


def _shock_text(event: Event, names: Names, tongue: Tongue) -> str:
    """Say that a shock began or ended, with its size, where, and for which groups only."""
    kind, size = event.who["shock"], event.fields["size"]
    assert isinstance(size, int | float), "sizes are numbers"
    if kind == _IN_DAYS:
        lost = word("log.shock_late", tongue).format(days=days_text(int(size), tongue))
    else:
        lost = word("log.shock_lost", tongue).format(share=f"{100.0 * size:g}")
    scope = [word("log.shock_everywhere", tongue)]
    if zones := _listed(event.fields["zones"]):
        scope = [_list_text("log.shock_zones", [names.zone(z, tongue) for z in zones], tongue)]
    if groups := _listed(event.fields["groups"]):
        listed = [names.group(group, tongue) for group in groups]
        scope.append(_list_text("log.shock_groups", listed, tongue))
    joined = word("story.joint", tongue).join(scope)
    return word(f"log.shock_{event.event}", tongue).format(size=lost, scope=joined)


def _listed(value: Value) -> tuple[str, ...]:
    assert isinstance(value, tuple), "a field that lists names"
    return value


def _list_text(key: str, names: Sequence[str], tongue: Tongue) -> str:
    return word(key, tongue).format(list=word("list.separator", tongue).join(names))


def reason_text(reason: str, tongue: Tongue) -> str:
    """Write why something was not done, as logged if the reason has no words."""
    key = f"stage.unmet:{reason}"
    return word(key, tongue) if has_word(key) else reason


def project_text(event: Event, names: Names, tongue: Tongue, attempt: int = 0) -> str:
    """Say what happened to a project, or to the title of a base, as a sentence without date."""
    name = event.event
    if name in TITLES:
        level = names.level(event.level, tongue)
        return word(f"story.{name}", tongue).format(level=level)
    if name == "proposed" and attempt > 0:
        return word("story.event.proposed_again", tongue).format(attempt=attempt + 1)
    if name == "built" and names.work(event.programme) == "preparation":
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
