"""What a run or a design point changes of its scenario, in words, so that nothing that was changed
is called by the scenario's name alone.

A manifest has ``changes``: rows with ``key``, ``value`` and ``source`` as in passport.csv, of what
differs from the scenario preset.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sim.config.lever import MONEY
from sim.config.setting_names import Label, setting_name
from sim.report.levers import part_label, setting_text
from sim.report.numbers import days_text
from sim.report.results import Manifest
from sim.report.words import Tongue, has_word, tongues, word

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


def scenario_text(manifest: Manifest, tongue: Tongue) -> str:
    """Return the name of the scenario of a run or study, with what was changed of it."""
    label = str(manifest["config"]["scenario"]["label"][tongue])
    changes = changes_text(manifest, tongue)
    if not changes:
        return label
    return word("change.with", tongue).format(scenario=label, changes=changes)


def changes_text(manifest: Manifest, tongue: Tongue) -> str:
    """Return what was changed of the scenario of a run or study; nothing if nothing was."""
    named = list(_changes(manifest, tongue))
    shown = named if len(named) <= MOST else named[: MOST - 1]
    listed = word("list.separator", tongue).join(shown)
    if len(shown) < len(named):
        listed = word("change.more", tongue).format(list=listed, count=len(named) - len(shown))
    return listed


def scenario_label(name: Label, overrides: Sequence[str], config: Mapping[str, Any]) -> Label:
    """Return what to call a scenario with overrides after it, in both languages.

    Args:
        name: of the preset.
        overrides: KEY=VALUE or GROUP=CHOICE, without the choice of the preset.
        config: of the run that they have given.
    """
    return with_more(
        name,
        {
            tongue: word("list.separator", tongue).join(
                override_text(override, config, tongue) for override in overrides
            )
            for tongue in tongues("both")
        },
    )


def with_more(name: Label, more: Label) -> Label:
    """Return a name with something in brackets after it, unless that is empty."""
    return {
        tongue: word("subject.scenario", tongue).format(name=name[tongue], overrides=more[tongue])
        if more[tongue]
        else name[tongue]
        for tongue in tongues("both")
    }


def override_text(override: str, config: Mapping[str, Any], tongue: Tongue) -> str:
    """Say in words what an override chooses; one that has no words stands as it was written."""
    key, _, choice = override.lstrip("+").partition("=")
    if has_word(f"lever.{key}"):  # a group of the configuration
        known = f"choice.{key}.{choice}"
        return word("change.choice", tongue).format(
            name=word(f"lever.{key}", tongue),
            value=word(known, tongue) if has_word(known) else choice,
        )
    value = _at(key.split("."), config)
    named = setting_name(tuple(key.split(".")), config) is not None
    if value is None or isinstance(value, Mapping) or not named:
        return override
    whole = _whole(key, config)
    if whole == key and not isinstance(value, list):
        return _setting(key, value, config, tongue)
    return _parts(whole, [{"key": key, "value": value}], config, tongue)


def _changes(manifest: Manifest, tongue: Tongue) -> Iterator[str]:
    """Yield what was changed, one text for all settings that are told together."""
    config = manifest["config"]
    together: dict[str, list[Change]] = {}
    for change in _told(manifest.get("changes", ())):
        together.setdefault(_whole(change["key"], config), []).append(change)
    for whole in sorted(together, key=lambda key: _ORDER.index(key.partition(".")[0])):
        changes = together[whole]
        if whole == "shocks":
            yield from _shocks(changes, config, tongue)
        elif whole == changes[0]["key"]:
            yield _setting(whole, changes[0]["value"], config, tongue)
        else:
            yield _parts(whole, changes, config, tongue)


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


def _whole(key: str, config: Mapping[str, Any]) -> str:
    """The key of what is told as one: a list, or a part of the plan or parameter with a name."""
    parts = key.split(".")
    if parts[0] == "shocks":
        return "shocks"
    if isinstance(_at(parts[:-1], config), list):
        return ".".join(parts[:-1])
    name = setting_name(tuple(parts), config)
    return key if name is None or not name.rest else ".".join(parts[: -len(name.rest)])


def _setting(key: str, value: object, config: Mapping[str, Any], tongue: Tongue) -> str:
    """Name a setting with its value."""
    return word("change.number" if _is_number(value) else "change.choice", tongue).format(
        name=_label(key, config)[tongue], value=_value(key, value, config, tongue)
    )


def _parts(whole: str, changes: Sequence[Change], config: Mapping[str, Any], tongue: Tongue) -> str:
    """Name a list with all that it holds now, or what has a name with all that changed of it."""
    parts = whole.split(".")
    here = _at(parts, config)
    if isinstance(here, list):
        items = [_value(f"{whole}.{i}", item, config, tongue) for i, item in enumerate(here)]
        name, value = _label(whole, config), "/".join(items) or word("change.none", tongue)
    else:
        name = _label(changes[0]["key"], config)
        value = word("list.separator", tongue).join(
            word("change.part", tongue).format(
                name=part_label(change["key"].split(".")[len(parts) :], tongue),
                value=_value(change["key"], change["value"], config, tongue),
            )
            for change in changes
        )
    return word("change.choice", tongue).format(name=name[tongue], value=value)


def _shocks(changes: Sequence[Change], config: Mapping[str, Any], tongue: Tongue) -> Iterator[str]:
    """Yield the shocks that are new or different; if some are gone, that these are all."""
    shocks = config["shocks"]
    if not shocks:
        yield word("change.no_shocks", tongue)
        return
    touched = {int(change["key"].split(".")[1]) for change in changes}
    for shock in (shocks[i] for i in sorted(touched) if i < len(shocks)):
        size = word("change.share", tongue).format(share=f"{100.0 * shock['size']:g}")
        if shock["kind"] == "release_delay":
            size = days_text(int(shock["size"]), tongue)
        details = [
            word("change.time", tongue).format(start=shock["start"], end=shock["end"]),
            *(_name_in("zones", zone, config)[tongue] for zone in shock["zones"]),
            *(_name_in("groups", group, config)[tongue] for group in shock["groups"]),
        ]
        yield word("change.shock", tongue).format(
            kind=word(f"shock.{shock['kind']}", tongue),
            size=size,
            details=word("list.separator", tongue).join(details),
        )
    if max(touched) >= len(shocks):
        yield word("change.shocks", tongue).format(count=len(shocks))


def _label(key: str, config: Mapping[str, Any]) -> Label:
    """The name of a setting, or of what it belongs to; its key where it has none."""
    name = setting_name(tuple(key.split(".")), config)
    return dict.fromkeys(("zh", "en"), key) if name is None else name.label


def _value(key: str, value: object, config: Mapping[str, Any], tongue: Tongue) -> str:
    """Write the value of a setting."""
    section, _, name = key.partition(".")
    if value is None or value == "":
        return word("change.none", tongue)
    if key == "plan.id":
        return str(config["plan"]["name"][tongue])
    if section == "definitions":
        readings = config["plan"]["definitions"][name]["readings"].values()
        chosen = (reading["name"][tongue] for reading in readings if reading["switch"] == value)
        return next(chosen, str(value))
    if isinstance(value, bool):
        return word("change.on" if value else "change.off", tongue)
    if isinstance(value, int | float):
        exact = str(value) if key == "seed" else f"{value:,.15g}"
        return setting_text(key, value, tongue) if key in MONEY else exact
    if key.startswith("allocation.equity_zones."):
        return _name_in("zones", str(value), config)[tongue]
    choice = f"choice.{key}.{value}"
    return word(choice, tongue) if has_word(choice) else str(value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _name_in(section: str, name: str, config: Mapping[str, Any]) -> Label:
    """The name of a zone or group of the plan; its id where the plan does not have it."""
    entry = config["plan"].get(section, {}).get(name)
    label: Label = dict.fromkeys(("zh", "en"), name) if entry is None else entry["name"]
    return label


def _at(parts: Sequence[str], config: Mapping[str, Any]) -> object:
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
