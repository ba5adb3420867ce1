"""What lives in a city beside money, facilities and staff: one mechanism a section of the plan."""

from __future__ import annotations

from sim.model.mechanism import Mechanism

MECHANISMS: dict[str, type[Mechanism]] = {}
"""By section of the plan, in the order in which a city sets them up."""
