"""What is said to people: the language, the catalogues of words, and numbers in words.

The lowest room: every other one may speak, and this one knows none of them. A room keeps its words
in a ``words.yaml`` beside its modules, Chinese and English of one entry side by side; a
:class:`Speech` says them in one language.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from sim.words.catalogue import Catalogue, catalogue

if TYPE_CHECKING:
    from sim.words.numbers import (
        Chance,
        ChanceInterval,
        Count,
        Day,
        Days,
        Either,
        Goal,
        Interval,
        Mean,
        Quantity,
        Replications,
        Share,
        Yuan,
        likelihood,
    )
    from sim.words.speech import (
        ASKED,
        LANGUAGES,
        Asked,
        Label,
        Language,
        Said,
        Speech,
        asked_language,
        local_language,
        speak,
        speeches,
    )
    from sim.words.system import SystemReason

_HOMES = {
    "ASKED": "speech",
    "LANGUAGES": "speech",
    "Asked": "speech",
    "Chance": "numbers",
    "ChanceInterval": "numbers",
    "Count": "numbers",
    "Day": "numbers",
    "Days": "numbers",
    "Either": "numbers",
    "Goal": "numbers",
    "Interval": "numbers",
    "Label": "speech",
    "Language": "speech",
    "Mean": "numbers",
    "Quantity": "numbers",
    "Replications": "numbers",
    "Said": "speech",
    "Share": "numbers",
    "Speech": "speech",
    "SystemReason": "system",
    "Yuan": "numbers",
    "asked_language": "speech",
    "likelihood": "numbers",
    "local_language": "speech",
    "speak": "speech",
    "speeches": "speech",
}
"""Modules of the names, which are loaded when they are first asked for: help needs few of them."""

__all__ = [
    "ASKED",
    "LANGUAGES",
    "Asked",
    "Catalogue",
    "Chance",
    "ChanceInterval",
    "Count",
    "Day",
    "Days",
    "Either",
    "Goal",
    "Interval",
    "Label",
    "Language",
    "Mean",
    "Quantity",
    "Replications",
    "Said",
    "Share",
    "Speech",
    "SystemReason",
    "Yuan",
    "asked_language",
    "catalogue",
    "likelihood",
    "local_language",
    "speak",
    "speeches",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = found = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    return found
