"""The medium "brief"."""

from __future__ import annotations

from sim.answer.dossier import Dossier
from sim.words import Speech


def brief(dossier: Dossier, speech: Speech) -> bytes:
    """Return the file."""
    raise NotImplementedError
