"""What a configuration may say: the one schema of kepusim.

Every number, name and switch that reaches the simulation passes through these models. They are
frozen, reject unknown keys and non-finite numbers, and carry the description, unit and bounds that
error messages and documentation quote. Nothing here knows Hydra; :mod:`sim.edge.composition` turns
the same models into Hydra structured configs.

Money is in whole yuan, shares are fractions of one, dates are ISO dates inside the plan's horizon.
"""

from sim.config.schema.base import (
    FOLDER_NAME,
    Comparator,
    Drawn,
    Grade,
    Identifier,
    Label,
    Model,
    MonthDay,
    ParameterName,
    Section,
    Share,
    Yuan,
)
from sim.config.schema.events import (
    Events,
    EventSeries,
)
from sim.config.schema.experts import (
    Experts,
)
from sim.config.schema.farmers import (
    Farmers,
)
from sim.config.schema.governance import (
    Governance,
    GovernanceStep,
)
from sim.config.schema.industry import (
    Industry,
)
from sim.config.schema.literacy import (
    Literacy,
)
from sim.config.schema.parameters import (
    Parameter,
)
from sim.config.schema.plan import (
    Calendar,
    Definition,
    Group,
    JointLabels,
    Plan,
    Reading,
    Zone,
)
from sim.config.schema.programmes import (
    LadderLevel,
    Programme,
    ProgrammeVariant,
)
from sim.config.schema.regulation import (
    LegislativeStage,
    Regulation,
)
from sim.config.schema.run import (
    Run,
)
from sim.config.schema.scenario import (
    Allocation,
    Budget,
    Planning,
    Reallocation,
    ScenarioName,
)
from sim.config.schema.shocks import (
    Shock,
)
from sim.config.schema.targets import (
    CoverageMeasure,
    DeliveredMeasure,
    EventsMeasure,
    ExpertsMeasure,
    FarmersMeasure,
    GovernanceMeasure,
    IndustryMeasure,
    LadderMeasure,
    LiteracyMeasure,
    Measure,
    PlacesMeasure,
    RegulationMeasure,
    StaffMeasure,
    Target,
    VolunteersMeasure,
)
from sim.config.schema.volunteers import (
    Volunteers,
)

__all__ = [
    "FOLDER_NAME",
    "Allocation",
    "Budget",
    "Calendar",
    "Comparator",
    "CoverageMeasure",
    "Definition",
    "DeliveredMeasure",
    "Drawn",
    "EventSeries",
    "Events",
    "EventsMeasure",
    "Experts",
    "ExpertsMeasure",
    "Farmers",
    "FarmersMeasure",
    "Governance",
    "GovernanceMeasure",
    "GovernanceStep",
    "Grade",
    "Group",
    "Identifier",
    "Industry",
    "IndustryMeasure",
    "JointLabels",
    "Label",
    "LadderLevel",
    "LadderMeasure",
    "LegislativeStage",
    "Literacy",
    "LiteracyMeasure",
    "Measure",
    "Model",
    "MonthDay",
    "Parameter",
    "ParameterName",
    "PlacesMeasure",
    "Plan",
    "Planning",
    "Programme",
    "ProgrammeVariant",
    "Reading",
    "Reallocation",
    "Regulation",
    "RegulationMeasure",
    "Run",
    "ScenarioName",
    "Section",
    "Share",
    "Shock",
    "StaffMeasure",
    "Target",
    "Volunteers",
    "VolunteersMeasure",
    "Yuan",
    "Zone",
]
