"""The plan, its programmes, places and evidence: data in, typed objects out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.lazy import face

if TYPE_CHECKING:
    from sim.plan.linter import lint

__all__ = ["lint"]

__getattr__ = face(__name__, {"sim.plan.linter": ("lint",)})
