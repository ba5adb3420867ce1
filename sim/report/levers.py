"""What a lever is called, and how its settings are written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.config.lever import MONEY
from sim.report.words import Tongue, has_word, word

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
