"""What lives in a city beside money, facilities and staff: one mechanism a section of the plan."""

from __future__ import annotations

from sim.model.parts.events import Events
from sim.model.parts.experts import Experts
from sim.model.parts.farmers import Farmers
from sim.model.parts.governance import Governance
from sim.model.parts.industry import Industry
from sim.model.parts.literacy import Literacy
from sim.model.parts.part import Mechanism
from sim.model.parts.regulation import Regulation
from sim.model.parts.volunteers import Volunteers

MECHANISMS: dict[str, type[Mechanism]] = {
    "volunteers": Volunteers,
    "regulation": Regulation,
    "experts": Experts,
    "farmers": Farmers,
    "events": Events,
    "governance": Governance,
    "industry": Industry,
    "literacy": Literacy,
}
"""By section of the plan, in the order in which a city sets them up."""
