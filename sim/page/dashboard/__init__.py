"""The medium "dashboard": a sweep as a page of HTML with sliders, both languages in one file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.lazy import face

if TYPE_CHECKING:
    from sim.page.dashboard.page import dashboard

__all__ = ["dashboard"]

__getattr__ = face(__name__, {"sim.page.dashboard.page": ("dashboard",)})
