"""The medium "deck": an answer as slides, in one language, with charts and tables to be edited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.lazy import face

if TYPE_CHECKING:
    from sim.page.deck.slides import deck

__all__ = ["deck"]

__getattr__ = face(__name__, {"sim.page.deck.slides": ("deck",)})
