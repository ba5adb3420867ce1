"""The medium "deck"."""

from __future__ import annotations

from sim.answer.dossier import Dossier
from sim.words import Speech


def deck(dossier: Dossier, speech: Speech) -> bytes:
    """Return the file."""
    raise NotImplementedError
