"""What office files have in common: fonts, what they say of themselves, and when they were made."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from typing import Any

from sim.answer.dossier import Setting
from sim.answer.figures import Axis
from sim.answer.settings import setting_text
from sim.config.lever import MONEY
from sim.words import Speech

EAST_ASIAN, ALTERNATIVE, LATIN = "Microsoft YaHei", "Noto Sans SC", "Arial"
"""Fonts of office files, which every office has; the second where the first is not installed."""

FIXED = "Courier New"
"""What commands are set in, whose quotes must be straight."""

RESULT_HASH, COMMAND = "kepusim_result_hash", "kepusim_command"
"""Names under which a file says of which result it is, and how to get it again."""


def made(manifest: Mapping[str, Any]) -> dt.datetime:
    """When the result was made, so that equal results are equal files; a fixed day if unknown."""
    started = manifest.get("started")
    if started is None:
        return dt.datetime(2000, 1, 1)
    return dt.datetime.fromisoformat(str(started)).astimezone(dt.UTC).replace(tzinfo=None)


def counted_in(axis: Axis, speech: Speech) -> float:
    """What the numbers of an axis are counted in, by how its ticks are written: 1e6 in millions."""
    for value, name in sorted(axis.ticks, key=lambda tick: -abs(tick[0])):
        try:
            written = float(speech.text(name).strip("* ").replace(",", ""))
        except ValueError:
            return 1.0
        if value and written:
            return float(10.0 ** round(math.log10(abs(value / written))))
    return 1.0


def decades(axis: Axis, by: float) -> tuple[float, float] | None:
    """Whole powers of ten around the ends of a logarithmic axis counted in ``by``; else None."""
    low, high = axis.ends
    if axis.scale != "log" or not low or not high:
        return None
    powers = math.floor(math.log10(low / by)), math.ceil(math.log10(high / by))
    return 10.0 ** powers[0], 10.0 ** powers[1]


def changed(passport: Sequence[Setting], speech: Speech) -> list[tuple[str, str, str]]:
    """Settings that differ from the baseline: what each is called, its baseline, its values."""
    found: dict[str, tuple[str, list[str]]] = {}
    for own in passport:
        # A label of passport.csv holds both languages.
        both = own.label.split(" / ")
        label = both[speech.language == "en"] if len(both) == 2 else own.label
        _, values = found.setdefault(label, (_said(own.key, own.baseline, speech), []))
        value = _said(own.key, own.value, speech)
        if value not in values:
            values.append(value)
    return [(label, base, speech.listed(values)) for label, (base, values) in found.items()]


def _said(key: str, value: str, speech: Speech) -> str:
    """A value of passport.csv for readers: money with its unit."""
    try:
        return setting_text(key, float(value), speech) if key in MONEY else value
    except ValueError:
        return value
