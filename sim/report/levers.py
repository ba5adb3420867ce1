"""What a lever is called, how its settings are written, and what a scenario with some is called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.config.lever import MONEY
from sim.report.results import Label
from sim.report.words import Tongue, has_word, tongues, word

_MONEY_UNIT = {"zh": 1e8, "en": 1e6}


def lever_label(key: str, config: Mapping[str, Any], tongue: Tongue) -> str:
    """Return the name of a lever: that of the part of the configuration it belongs to, or its key.

    ``config`` is that of a run, as its manifest holds it.
    """
    if has_word(f"lever.{key}"):
        return word(f"lever.{key}", tongue)
    parts = key.split(".")
    for depth in range(len(parts) - 1, 1, -1):
        here: Any = config
        for part in parts[:depth]:
            here = here[int(part)] if isinstance(here, list) else here[part]
        label = here.get("label", here.get("name")) if isinstance(here, Mapping) else None
        if isinstance(label, Mapping):
            rest = ".".join(parts[depth:])
            return word("lever.part", tongue).format(name=label[tongue], part=rest)
    return key


def axis_label(key: str, config: Mapping[str, Any], tongue: Tongue) -> str:
    """Return the name of a lever with the unit in which :func:`setting_number` writes."""
    label = lever_label(key, config, tongue)
    if key in MONEY:
        return word("lever.money_axis", tongue).format(lever=label)
    return label


def setting_number(key: str, setting: float, tongue: Tongue) -> str:
    """Write a setting without its unit: money in 10^8 yuan in Chinese, in millions in English."""
    if key not in MONEY:
        return f"{setting:.6g}"
    number = setting / _MONEY_UNIT[tongue]
    if 0.0 < abs(number) < 1.0:
        return f"{number:.3g}"
    digits = f"{number:,.2f}" if tongue == "zh" else f"{number:,.1f}"
    return digits.rstrip("0").rstrip(".")


def setting_text(key: str, setting: float, tongue: Tongue) -> str:
    """Write a setting with its unit."""
    number = setting_number(key, setting, tongue)
    if key not in MONEY:
        return number
    return word("lever.money" if setting else "money.yuan", tongue).format(number=number)


# ---------------------------------------------------------------------------- scenarios


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
    key, _, value = override.lstrip("+").partition("=")
    try:
        lever, setting = _words(key, value, config, tongue)
    except (KeyError, IndexError, TypeError, ValueError):  # not of this configuration
        return override
    if lever == key and not has_word(f"lever.{key}"):
        return override
    return word("lever.chosen", tongue).format(lever=lever, setting=setting)


def _words(key: str, value: str, config: Mapping[str, Any], tongue: Tongue) -> tuple[str, str]:
    section, _, name = key.rpartition(".")
    if section == "definitions":
        definition = config["plan"]["definitions"][name]
        readings = definition["readings"].values()
        switched = (r["name"][tongue] for r in readings if _same(r["switch"], value))
        return definition["name"][tongue], next(switched, value)
    if section == "allocation.group_shares":
        group = config["plan"]["groups"][name]["name"][tongue]
        lever = word("lever.group_share", tongue).format(group=group)
    else:
        lever = lever_label(key, config, tongue)
    for known in (f"choice.{key}.{value}", f"choice.{value.lower()}"):
        if has_word(known):
            return lever, word(known, tongue)
    try:
        return lever, setting_text(key, float(value), tongue)
    except ValueError:
        return lever, value


def _same(switch: object, value: str) -> bool:
    return str(switch).lower() == value.lower()
