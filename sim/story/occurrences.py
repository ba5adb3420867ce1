"""How events read: those of a project, and those of which the log tells besides.

What has words in the catalogue is told in them; anything else is told as it was logged, so that a
log may hold more than this module knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sim.model.kernel.facts import Value
from sim.story.log import CITY, STEPS, TITLES, Event
from sim.story.names import Name, Names
from sim.words import Chance, Count, Days, Said, Speech, Yuan, catalogue

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
    """An event that has words: ``key`` of them, ``story.log.`` left out, and its fields."""

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


def event_text(event: Event, names: Names, *, here: str = CITY) -> Said:
    """Say what happened to an entity that is no project, without the date.

    The district where it happened is named unless the entity names it or it is ``here``: what is
    told is told of this place.
    """
    entity = names.entity(event)
    if event.place not in (CITY, here) and event.place != str(event.who.get("place")):
        entity = Said("story.in_place", {"entity": entity, "place": names.place(event.place)})
    return Said("story.happening", {"entity": entity, "event": _happening(event, names)})


def _happening(event: Event, names: Names) -> Said | Inside:
    if event.sort == SHOCK and event.event in ("began", "ended") and "size" in event.fields:
        return _shock_text(event, names)
    if event.event in TITLES:
        return Inside(project_text(event, names))
    reading = reading_of(event)
    if reading is None:
        return Said("story.logged", {"event": event.event, "detail": event.detail})
    fields = {name: _field(name, value, names) for name, value in reading.fields.items()}
    return Said(f"story.log.{reading.key}", fields)


def _field(name: str, value: Value, names: Names) -> object:
    """A field as people read it."""
    match name, value:
        case "money", int(yuan):
            return Yuan(yuan)
        case "share", int(share) | float(share):
            return Chance(share)
        case "reason", str(reason):
            return reason_text(reason)
        case "kind", str(kind):
            return Said(f"story.log.firm_{kind}")
        case "stage", str(stage):
            return names.legislative_stage(stage)
        case _, int(count):
            return Count(count)
        case _, float(per_cent):
            return f"{per_cent:.2f}"
        case _:
            return value


def _shock_text(event: Event, names: Names) -> Said:
    """Say that a shock began or ended, with its size, where, and for which groups only."""
    kind, size = event.who["shock"], event.fields["size"]
    assert isinstance(size, int | float), "sizes are numbers"
    if kind == _IN_DAYS:
        lost = Said("story.log.shock_late", {"days": Days(size)})
    else:
        lost = Said("story.log.shock_lost", {"share": f"{100.0 * size:g}"})
    scope = [Said("story.log.shock_everywhere")]
    if zones := _listed(event.fields["zones"]):
        scope = [Said("story.log.shock_zones", {"list": [names.zone(z) for z in zones]})]
    if groups := _listed(event.fields["groups"]):
        listed = [names.group(group) for group in groups]
        scope.append(Said("story.log.shock_groups", {"list": listed}))
    joined = Said("story.joint", {"parts": scope})
    return Said(f"story.log.shock_{event.event}", {"size": lost, "scope": joined})


def _listed(value: Value) -> tuple[str, ...]:
    assert isinstance(value, tuple), "a field that lists names"
    return value


def reason_text(reason: str) -> Name:
    """Why something was not done, as logged if the reason has no words."""
    key = f"stage.unmet:{reason}"
    return Said(key) if catalogue().has(key) else reason


def project_text(event: Event, names: Names, attempt: int = 0) -> Said:
    """Say what happened to a project, or to the title of a base, as a sentence without date."""
    name = event.event
    if name in TITLES:
        return Said(f"story.{name}", {"level": names.level(event.level)})
    if name == "proposed" and attempt > 0:
        return Said("story.event.proposed_again", {"attempt": attempt + 1})
    if name == "built" and names.work(event.programme) == "preparation":
        return Said("story.event.prepared")
    if name in STEPS:
        return Said(f"story.event.{name}")
    return Said("story.noted", {"event": name, "detail": event.detail})


def told_apart(event: Event, names: Names) -> Said:
    """Say what happened to a project or anything else in a sentence of its own, without date."""
    if not names.knows(event.programme):
        return event_text(event, names)
    step = [project_text(event, names), *paid(event, event.fields.get("money"))]
    return Said(
        "story.step",
        {
            "programme": names.programme(event.programme),
            "place": names.place(event.place),
            "event": Inside(Said("story.joint", {"parts": step})),
        },
    )


def paid(event: Event, yuan: Value | None) -> list[Said]:
    """What was paid with a step of a project, or is its price; nothing if the log does not say."""
    key = f"story.paid.{event.event}"
    if isinstance(yuan, int) and catalogue().has(key):
        return [Said(key, {"money": Yuan(yuan)})]
    return []


@dataclass(frozen=True)
class Inside:
    """A sentence as a part of another: its first letter is small."""

    sentence: Said

    def spoken(self, speech: Speech) -> str:
        """As in ``named one of the bases``."""
        text = speech.text(self.sentence)
        return text[:1].lower() + text[1:]


def sentence(date: str, text: Said) -> Said:
    """A sentence that begins with its date."""
    return Said("story.sentence", {"date": date, "text": text})
