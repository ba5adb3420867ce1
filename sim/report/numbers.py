"""Numbers in words for what does not speak through :class:`sim.words.Speech` yet."""

from __future__ import annotations

from sim.report.words import Language, Tongue
from sim.words import Chance, Replications, Speech


def replications_text(count: int, tongue: Tongue) -> str:
    """Write a number of replications."""
    return Replications(count).spoken(Speech(tongue))


def percent_text(probability: float, language: Language) -> str:
    """Write a probability in per cent; in both languages as in English."""
    return Chance(probability).spoken(Speech("zh" if language == "zh" else "en"))
