"""What lives in a city beside money, facilities and staff: one mechanism a section of the plan."""

from __future__ import annotations

from sim.model.events import Events
from sim.model.experts import Experts
from sim.model.farmers import Farmers
from sim.model.governance import Governance
from sim.model.industry import Industry
from sim.model.literacy import Literacy
from sim.model.mechanism import Mechanism
from sim.model.regulation import Regulation
from sim.model.volunteers import Volunteers

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
