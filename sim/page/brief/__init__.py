"""The medium "brief": an answer as one page of HTML, in one language, to be read and printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.lazy import face

if TYPE_CHECKING:
    from sim.page.brief.page import brief

__all__ = ["brief"]

__getattr__ = face(__name__, {"sim.page.brief.page": ("brief",)})
