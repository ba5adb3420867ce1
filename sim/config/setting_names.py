"""What settings are called in both languages, by their dotted keys.

Parts of a plan and parameters carry names of their own; everything else is named in this room's
words, where ``*`` stands for any part of a key: the texts call it ``part``, or ``number`` where it
is a position in a list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.words import Label, catalogue, speeches

ROOM = "setting"
"""The room of the words."""

Path = tuple[str | int, ...]
"""A dotted key in parts; a position in a list may be a number or its digits."""

_OWNERS = {
    "budget.source_shares": ("plan", "sources"),
    "allocation.group_shares": ("plan", "groups"),
    "allocation.city_shares": ("plan", "groups"),
    "definitions": ("plan", "definitions"),
}
"""Where the parts of a key have their names."""


@dataclass(frozen=True)
class SettingName:
    """The name of a setting, or of what it belongs to: ``rest`` is then the key below that."""

    label: Label
    rest: Path = ()


def setting_name(path: Path, *configs: Mapping[str, object]) -> SettingName | None:
    """What the setting at ``path`` is called; None if neither words nor configurations tell.

    A name of its own comes before that of the part of the plan or of the parameter to which it
    belongs, and this before the name of its section. The first of ``configs`` that has a name
    gives it.
    """
    own = _named(path, configs)
    if own is not None:
        return SettingName(own)
    for depth in range(len(path) - 1, 1, -1):
        for config in configs:
            label = _label_of(_at(config, path[:depth]))
            if label is not None:
                return SettingName(label, path[depth:])
    for depth in range(len(path) - 1, 0, -1):
        label = _named(path[:depth], configs)
        if label is not None:
            return SettingName(label, path[depth:])
    return None


def _named(path: Path, configs: Sequence[Mapping[str, object]]) -> Label | None:
    """The words for just this key."""
    for pattern in catalogue().room(ROOM):
        parts = pattern.split(".")
        if len(parts) == len(path) and all(
            part in ("*", str(own)) for part, own in zip(parts, path, strict=True)
        ):
            values: dict[str, object] = {}
            if "*" in parts:
                at = parts.index("*")
                number = int(path[at]) + 1 if str(path[at]).isdecimal() else path[at]
                values = {"part": _part_name(path, at, configs), "number": number}
            return {
                speech.language: speech(f"{ROOM}.{pattern}", **values)
                for speech in speeches("both")
            }
    return None


def _part_name(path: Path, at: int, configs: Sequence[Mapping[str, object]]) -> Label:
    """The name of the part of a key at a position; the part itself if it has none."""
    owner = _OWNERS.get(".".join(str(part) for part in path[:at]))
    if owner is not None:
        for config in configs:
            named = _at(config, (*owner, path[at]))
            label = _label_of(named) or _label_of({"name": named})
            if label is not None:
                return label
    return dict.fromkeys(("zh", "en"), str(path[at]))


def _at(config: Mapping[str, object], path: Path) -> object:
    """What stands at ``path``, None if nothing does."""
    here: object = config
    for part in path:
        if isinstance(here, Mapping):
            here = here.get(part)
        elif isinstance(here, list) and str(part).isdecimal() and int(part) < len(here):
            here = here[int(part)]
        else:
            return None
    return here


def _label_of(part: object) -> Label | None:
    """The name in both languages that a part of a configuration has."""
    if not isinstance(part, Mapping):
        return None
    label = part.get("label", part.get("name"))
    if not isinstance(label, Mapping) or not {"zh", "en"} <= set(label):
        return None
    return {"zh": str(label["zh"]), "en": str(label["en"])}
