"""What is said to people: the language, the catalogues of words, and numbers in words.

The lowest room: every other one may speak, and this one knows none of them. A room keeps its words
in a ``words.yaml`` beside its modules, Chinese and English of one entry side by side; a
:class:`Speech` says them in one language.
"""

from sim.words.catalogue import Catalogue, catalogue
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
