"""Settings in words: what a lever is called, how its values are written, and what a run changes.

Nothing that was changed is called by the scenario's name alone. A manifest has ``changes``: rows
with ``key``, ``value`` and ``source`` as in passport.csv, of what differs from the scenario preset.
``config`` is that of a run, as its manifest holds it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.answer.row import Config
from sim.config.lever import MONEY
from sim.config.setting_names import setting_name
from sim.words import Days, Label, Speech, catalogue, speeches

Manifest = Mapping[str, Any]

MOST = 4
"""Changes that are named; of more than these the first three."""

# What a reader looks for first; the plan and its parameters have hundreds of settings.
_ORDER = (
    "budget",
    "allocation",
    "planning",
    "definitions",
    "shocks",
    "parameters",
    "plan",
    "seed",
    "replications_per_draw",
)
# What tells people something and the model nothing.
_WORDS = frozenset({"name", "label", "unit", "note", "source", "grade", "known_from", "clause"})

Change = Mapping[str, Any]


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a run or study folder. Raises OSError or ValueError if unreadable."""
    manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return manifest


def scenario_text(manifest: Manifest, speech: Speech) -> str:
    """Return the name of the scenario of a run or study, with what was changed of it."""
    label = str(speech.name(manifest["config"]["scenario"]["label"]))
    changes = changes_text(manifest, speech)
    if not changes:
        return label
    return speech("change.with", scenario=label, changes=changes)


def changes_text(manifest: Manifest, speech: Speech) -> str:
    """Return what was changed of the scenario of a run or study; nothing if nothing was."""
    named = list(_changes(manifest, speech))
    shown = named if len(named) <= MOST else named[: MOST - 1]
    listed = speech.listed(shown)
    if len(shown) < len(named):
        listed = speech("change.more", list=listed, count=len(named) - len(shown))
    return listed


@dataclass(frozen=True)
class ChangesOf:
    """What a run or study changes of its scenario, to be said."""

    manifest: Manifest

    def spoken(self, speech: Speech) -> str:
        """See :func:`changes_text`."""
        return changes_text(self.manifest, speech)


def scenario_label(name: Label, overrides: Sequence[str], config: Config) -> Label:
    """Return what to call a scenario with overrides after it, in both languages.

    Args:
        name: of the preset.
        overrides: KEY=VALUE or GROUP=CHOICE, without the choice of the preset.
        config: of the run that they have given.
    """
    return with_more(
        name,
        {
            speech.language: speech.listed(
                override_text(override, config, speech) for override in overrides
            )
            for speech in speeches("both")
        },
    )


def with_more(name: Label, more: Label) -> Label:
    """Return a name with something in brackets after it, unless that is empty."""
    return {
        speech.language: speech("scenario.with", name=name, overrides=more)
        if speech.name(more)
        else speech.name(name)
        for speech in speeches("both")
    }


def override_text(override: str, config: Config, speech: Speech) -> str:
    """Say in words what an override chooses; one that has no words stands as it was written."""
    key, _, choice = override.lstrip("+").partition("=")
    if catalogue().has(f"lever.{key}"):  # a group of the configuration
        known = f"choice.{key}.{choice}"
        return speech(
            "change.choice",
            name=speech(f"lever.{key}"),
            value=speech(known) if catalogue().has(known) else choice,
        )
    value = _at(key.split("."), config)
    named = setting_name(tuple(key.split(".")), config) is not None
    if value is None or isinstance(value, Mapping) or not named:
        return override
    whole = _whole(key, config)
    if whole == key and not isinstance(value, list):
        return _setting(key, value, config, speech)
    return _parts(whole, [{"key": key, "value": value}], config, speech)


def _changes(manifest: Manifest, speech: Speech) -> Iterator[str]:
    """Yield what was changed, one text for all settings that are told together."""
    config = manifest["config"]
    together: dict[str, list[Change]] = {}
    for change in _told(manifest.get("changes", ())):
        together.setdefault(_whole(change["key"], config), []).append(change)
    for whole in sorted(together, key=lambda key: _ORDER.index(key.partition(".")[0])):
        changes = together[whole]
        if whole == "shocks":
            yield from _shocks(changes, config, speech)
        elif whole == changes[0]["key"]:
            yield _setting(whole, changes[0]["value"], config, speech)
        else:
            yield _parts(whole, changes, config, speech)


def _told(changes: Sequence[Change]) -> list[Change]:
    """The changes that matter to a result and are not told by another one.

    With another plan or another rule of allocation come settings by the hundred, which only count
    where the command line gives them.
    """
    keys = {change["key"] for change in changes}
    implied = []
    if "plan.id" in keys:
        implied += ["plan.", "parameters."]
    if "allocation.rule" in keys:
        implied += ["allocation."]

    def matters(key: str, source: str) -> bool:
        first, *rest = key.split(".")
        if first not in _ORDER or not _WORDS.isdisjoint(rest):
            return False
        return (
            source == "command line"
            or key in ("plan.id", "allocation.rule")
            or not key.startswith(tuple(implied))
        )

    return [change for change in changes if matters(change["key"], change["source"])]


def _whole(key: str, config: Config) -> str:
    """The key of what is told as one: a list, or a part of the plan or parameter with a name."""
    parts = key.split(".")
    if parts[0] == "shocks":
        return "shocks"
    if isinstance(_at(parts[:-1], config), list):
        return ".".join(parts[:-1])
    name = setting_name(tuple(parts), config)
    return key if name is None or not name.rest else ".".join(parts[: -len(name.rest)])


def _setting(key: str, value: object, config: Config, speech: Speech) -> str:
    """Name a setting with its value."""
    return speech(
        "change.number" if _is_number(value) else "change.choice",
        name=speech.name(_label(key, config)),
        value=_value(key, value, config, speech),
    )


def _parts(whole: str, changes: Sequence[Change], config: Config, speech: Speech) -> str:
    """Name a list with all that it holds now, or what has a name with all that changed of it."""
    parts = whole.split(".")
    here = _at(parts, config)
    if isinstance(here, list):
        items = [_value(f"{whole}.{i}", item, config, speech) for i, item in enumerate(here)]
        name, value = _label(whole, config), "/".join(items) or speech("change.none")
    else:
        name = _label(changes[0]["key"], config)
        value = speech.listed(
            speech(
                "change.part",
                name=part_label(change["key"].split(".")[len(parts) :], speech),
                value=_value(change["key"], change["value"], config, speech),
            )
            for change in changes
        )
    return speech("change.choice", name=speech.name(name), value=value)


def _shocks(changes: Sequence[Change], config: Config, speech: Speech) -> Iterator[str]:
    """Yield the shocks that are new or different; if some are gone, that these are all."""
    shocks = config["shocks"]
    if not shocks:
        yield speech("change.no_shocks")
        return
    touched = {int(change["key"].split(".")[1]) for change in changes}
    for shock in (shocks[i] for i in sorted(touched) if i < len(shocks)):
        size = speech("change.share", share=f"{100.0 * shock['size']:g}")
        if shock["kind"] == "release_delay":
            size = speech.text(Days(shock["size"]))
        details = [
            speech("change.time", start=shock["start"], end=shock["end"]),
            *(speech.name(_name_in("zones", zone, config)) for zone in shock["zones"]),
            *(speech.name(_name_in("groups", group, config)) for group in shock["groups"]),
        ]
        yield speech(
            "change.shock",
            kind=speech(f"shock.{shock['kind']}"),
            size=size,
            details=speech.listed(details),
        )
    if max(touched) >= len(shocks):
        yield speech("change.shocks", count=len(shocks))


def _label(key: str, config: Config) -> Label:
    """The name of a setting, or of what it belongs to; its key where it has none."""
    name = setting_name(tuple(key.split(".")), config)
    return dict.fromkeys(("zh", "en"), key) if name is None else name.label


def _value(key: str, value: object, config: Config, speech: Speech) -> str:
    """Write the value of a setting."""
    section, _, name = key.partition(".")
    if value is None or value == "":
        return speech("change.none")
    if key == "plan.id":
        return str(speech.name(config["plan"]["name"]))
    if section == "definitions":
        readings = config["plan"]["definitions"][name]["readings"].values()
        chosen = (
            speech.name(reading["name"]) for reading in readings if reading["switch"] == value
        )
        return next(chosen, str(value))
    if isinstance(value, bool):
        return speech("change.on" if value else "change.off")
    if isinstance(value, int | float):
        exact = str(value) if key == "seed" else f"{value:,.15g}"
        return setting_text(key, value, speech) if key in MONEY else exact
    if key.startswith("allocation.equity_zones."):
        return speech.name(_name_in("zones", str(value), config))
    choice = f"choice.{key}.{value}"
    return speech(choice) if catalogue().has(choice) else str(value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _name_in(section: str, name: str, config: Config) -> Label:
    """The name of a zone or group of the plan; its id where the plan does not have it."""
    entry = config["plan"].get(section, {}).get(name)
    label: Label = dict.fromkeys(("zh", "en"), name) if entry is None else entry["name"]
    return label


def _at(parts: Sequence[str], config: Config) -> object:
    """What stands at a key, None if nothing does."""
    here: Any = config
    for part in parts:
        if isinstance(here, list) and part.isdecimal() and int(part) < len(here):
            here = here[int(part)]
        elif isinstance(here, Mapping) and part in here:
            here = here[part]
        else:
            return None
    return here


# ------------------------------------------------------------------ levers


_MONEY_UNIT = {"zh": 1e8, "en": 1e6}


def lever_label(key: str, config: Config, speech: Speech) -> str:
    """Return the name of a lever, with that of the part of the configuration it belongs to."""
    name = setting_name(tuple(key.split(".")), config)
    if name is None:
        return key
    if not name.rest:
        return speech.name(name.label)
    part = part_label(name.rest, speech)
    return speech("lever.part", name=speech.name(name.label), part=part)


def part_label(rest: Sequence[str | int], speech: Speech) -> str:
    """Return the name of a setting below what it belongs to, such as the mode of a parameter."""
    key = ".".join(str(part) for part in rest)
    return speech(f"part.{key}") if catalogue().has(f"part.{key}") else key.replace("_", " ")


def axis_label(key: str, config: Config, speech: Speech) -> str:
    """Return the name of a lever with the unit in which :func:`setting_number` writes."""
    label = lever_label(key, config, speech)
    if key in MONEY:
        return speech("lever.money_axis", lever=label)
    return label


def setting_number(key: str, setting: float, speech: Speech) -> str:
    """Write a setting without its unit: money in 10^8 yuan in Chinese, in millions in English."""
    if key not in MONEY:
        return f"{setting:.6g}"
    number = setting / _MONEY_UNIT[speech.language]
    if 0.0 < abs(number) < 1.0:
        return f"{number:.3g}"
    digits = f"{number:,.2f}" if speech.language == "zh" else f"{number:,.1f}"
    return digits.rstrip("0").rstrip(".")


def setting_text(key: str, setting: float, speech: Speech) -> str:
    """Write a setting with its unit."""
    number = setting_number(key, setting, speech)
    if key not in MONEY:
        return number
    return speech("lever.money" if setting else "money.yuan", number=number)
