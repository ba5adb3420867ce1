"""The medium "picture": pages of figures as PNG and SVG, each in one language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.lazy import face

if TYPE_CHECKING:
    from sim.page.picture.figures import pages, stem, write

__all__ = ["pages", "stem", "write"]

__getattr__ = face(__name__, {"sim.page.picture.figures": ("pages", "stem", "write")})
