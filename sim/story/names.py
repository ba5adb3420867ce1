"""What things in an event log are called: programmes, places, and all other entities."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sim.config.errors import ConfigError
from sim.plan.districts import find_named, read_districts
from sim.story.log import Event
from sim.words import Label, Said, catalogue

Name = Label | Said | str
"""What something is called, to be said in any language."""


class Names:
    """Names, from the configuration of a run and the plan's table of places.

    A name that is not known is its code: a log may hold more than its plan explains, and the table
    of places may have stayed on another machine.

    Attributes:
        city: its code.
        of_run: what a title says of the run: scenario and replication.
        horizon: last day of the plan; years: all that it touches.
    """

    def __init__(self, config: Mapping[str, Any]) -> None:
        self._plan: Mapping[str, Any] = config["plan"]
        self._places = _places(self._plan)
        self.city = str(self._plan["city_code"])
        self.of_run = {"scenario": config["scenario"]["label"], "replication": config["trace"]}
        self._start = dt.date.fromisoformat(self._plan["start"])
        end = dt.date.fromisoformat(self._plan["end"])
        self.horizon = (end - self._start).days
        self.years = range(self._start.year, end.year + 1)

    def date(self, day: int) -> str:
        """Return the ISO date of a day of the horizon."""
        return (self._start + dt.timedelta(days=day)).isoformat()

    def programme(self, name: str) -> Name:
        """Return the name of a programme."""
        return _name(self._plan["programmes"], name)

    def knows(self, programme: str) -> bool:
        """Whether the plan has a programme."""
        return programme in self._plan["programmes"]

    def work(self, programme: str) -> str:
        """Return what the stage ``building`` is in a programme: without a crew ``preparation``."""
        needs = self._plan["programmes"][programme]["needs"]
        return "building" if "crew" in needs else "preparation"

    def stage(self, stage: str, programme: str) -> Said:
        """Return the name of a stage of a project's life, as fits its programme."""
        if stage == "building":
            return Said(f"story.stage.{self.work(programme)}")
        return Said(f"stage.{stage}")

    def stage_note(self, stage: str, programme: str) -> Said:
        """Return why a project still stands in a stage, as fits its programme."""
        if stage == "building":
            return Said(f"story.stage_note.{self.work(programme)}")
        return Said(f"stage_note.{stage}")

    def feeds(self, programme: str) -> bool:
        """Whether what a programme opens may be named a base."""
        return self._plan["programmes"][programme].get("feeds") is not None

    @property
    def levels(self) -> list[str]:
        """Levels of the ladder of bases, in the plan's order."""
        return [*self._plan["ladder"]]

    def level(self, name: str) -> Name:
        """Return what the bases of a level are called: what it counts is named by its target."""
        if name not in self._plan["ladder"]:
            return name
        return _name(self._plan["targets"], self._plan["ladder"][name]["target"])

    def group(self, name: str) -> Name:
        """Return the name of a group of programmes."""
        return _name(self._plan["groups"], name)

    def zone(self, name: str) -> Name:
        """Return the name of a zone of the city."""
        return _name(self._plan.get("zones") or {}, name)

    def step_deciding(self, decision: str) -> str | None:
        """Return the step of the yearly cycle that a decision depends on, if the plan has one."""
        steps = self._section("governance", "steps").items()
        return next((name for name, step in steps if step.get("decides") == decision), None)

    def legislative_stage(self, name: str) -> Name:
        """Return the name of a stage that a regulation passes through."""
        return _name(self._section("regulation", "stages"), name)

    def place(self, code: str) -> Name:
        """Return the name of a place with its code."""
        label = self._places.get(code)
        if label is None:
            return code
        return Said("story.place", {"name": label, "code": code})

    def find_place(self, name: str) -> str | None:
        """Return the code of a district or of the city, by code or name in either language.

        The beginning of a name will do if no other begins like it; None if there is no such place.
        """
        labels = self._places.items()
        known = {own: code for code, label in labels for own in (code, *label.values())}
        return find_named(name, known)

    def place_names(self) -> list[str]:
        """Return every code and name by which a place can be found."""
        return [name for code, label in self._places.items() for name in (code, *label.values())]

    def entity(self, event: Event) -> Name:
        """Return the name of what an event is about; what is not known stays as it was logged."""
        if event.sort == "step":
            return _name(self._section("governance", "steps"), str(event.who["step"]))
        if not catalogue().has(f"story.entity.{event.sort}"):
            return event.entity
        named = {part: self._part(part, str(code)) for part, code in event.who.items()}
        return Said(f"story.entity.{event.sort}", named)

    def _part(self, part: str, code: str) -> Name:
        """Return the name of a part of an entity."""
        match part:
            case "place":
                return self.place(code)
            case "group":
                return self.group(code)
            case "level":
                return self.level(code)
            case "series":
                return _name(self._section("events", "series"), code)
            case "shock" if catalogue().has(f"shock.{code}"):
                return Said(f"shock.{code}")
            case _:
                return code

    def _section(self, section: str, entries: str) -> Mapping[str, Any]:
        """Return the entries of a section that a plan need not have."""
        found: Mapping[str, Any] = (self._plan.get(section) or {}).get(entries, {})
        return found


def _name(entries: Mapping[str, Any], code: str) -> Name:
    """Return the name of an entry; the code where it is not known."""
    if code not in entries:
        return code
    name: Label = entries[code]["name"]
    return name


def _places(plan: Mapping[str, Any]) -> dict[str, Label]:
    """Names of the city and its districts by code; the city alone if the table is not there."""
    places: dict[str, Label] = {str(plan["city_code"]): plan["city"]}
    try:
        districts = read_districts(plan["districts"])
    except ConfigError:
        return places
    return places | {str(d.adcode): {"zh": d.zh, "en": d.en} for d in districts}
