"""What a lever is called, and how its settings are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.config.lever import MONEY
from sim.config.setting_names import setting_name
from sim.report.words import Tongue, has_word, word

_MONEY_UNIT = {"zh": 1e8, "en": 1e6}


def lever_label(key: str, config: Mapping[str, Any], tongue: Tongue) -> str:
    """Return the name of a lever, with that of the part of the configuration it belongs to.

    ``config`` is that of a run, as its manifest holds it.
    """
    name = setting_name(tuple(key.split(".")), config)
    if name is None:
        return key
    if not name.rest:
        return name.label[tongue]
    part = part_label(name.rest, tongue)
    return word("lever.part", tongue).format(name=name.label[tongue], part=part)


def part_label(rest: Sequence[str | int], tongue: Tongue) -> str:
    """Return the name of a setting below what it belongs to, such as the mode of a parameter."""
    key = ".".join(str(part) for part in rest)
    return word(f"part.{key}", tongue) if has_word(f"part.{key}") else key.replace("_", " ")


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
