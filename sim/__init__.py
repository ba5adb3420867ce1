"""kepusim: with what probability is each target of a plan met, under which budget, and if not, why?

The words used everywhere, in code, columns and documents:

plan
    Targets, programmes, baselines and planning calendar of one jurisdiction: data, not code.
scenario
    Everything a decision maker can choose or suffer: budget, timing, allocation, policy switches,
    shocks.
parameter
    An uncertain number of the world, always a distribution with unit, source, evidence grade and
    the day from which it could be known.
draw
    One joint sample of all parameters: what we do not know (epistemic uncertainty).
streams
    The named random numbers of one replication: what chance does (aleatory uncertainty), given by
    (study seed, replication).
replication
    One simulated history under one scenario, one draw and one set of streams.
design point
    One scenario with its overrides inside a study.
study
    Design points times replications, with one seed.
attainment
    Whether a target's value at the deadline satisfies its comparator.

The public names are few; they are loaded when they are first asked for, because numpy and SimPy
take longer to import than most commands take to answer::

    from sim import Worker, compose, validate

    worker = Worker(validate(compose(["scenario=austerity"])))
    outcome = worker.replicate(0)  # simulate(plan, scenario, draw, streams) of replication 0
    print(dict(zip((row.indicator for row in worker.layout.rows), outcome.values)))
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.config.errors import ConfigError
    from sim.config.validation import validate
    from sim.hydra_bridge import compose
    from sim.model.city import simulate
    from sim.model.kernel.streams import Streams
    from sim.model.record import Outcome
    from sim.plan.plan import Plan, Scenario
    from sim.study.worker import Worker

_HOMES = {
    "ConfigError": "sim.config.errors",
    "Outcome": "sim.model.record",
    "Plan": "sim.plan.plan",
    "Scenario": "sim.plan.plan",
    "Streams": "sim.model.kernel.streams",
    "Worker": "sim.study.worker",
    "compose": "sim.hydra_bridge",
    "simulate": "sim.model.city",
    "validate": "sim.config.validation",
}

__all__ = [
    "ConfigError",
    "Outcome",
    "Plan",
    "Scenario",
    "Streams",
    "Worker",
    "compose",
    "simulate",
    "validate",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
