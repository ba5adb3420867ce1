"""kepusim: with what probability is each target of a plan met, under which budget, and if not, why?

The words of the project, one a thing, the same in names and prose:

plan            targets, programmes, baselines and calendar of one jurisdiction: data, not code
target          an indicator of the plan that shall reach a goal by a deadline
indicator       what is measured of the city, in its unit
goal            the number with which a target's value is compared at its deadline
reading         one way to understand a target whose text allows several
attainment      whether a target's value at the deadline satisfies its comparator
joint row       whether several targets are attained in the same replication
programme       a line of the plan that delivers countable units
quota           how many units of a programme one place is to deliver
project         the delivery of one unit, or a cohort of small ones, in one place
stage           what a project is at or waits for; a delay is counted in days of one stage
proposal        a project that is asked for; it lapses if it is not contracted by the year's end
facility        an opened project, with posts, running cost and visits
base            a facility with a title: of a district, the municipality or the nation
district        one of the places that have money, people and projects of their own
zone            a part of the city to which districts belong
source          where money comes from: public or social
envelope        money of one group of programmes in one district, or in the city
instalment      a part of a project's price, paid at contract or at completion
obligation      what must be paid before any new project: pay and running cost
claim           what waits in an envelope for money
ledger          every movement of money between two accounts; they sum to zero at all times
scenario        everything that can be chosen or suffered: budget, timing, allocation, shocks
preset          a scenario with a name, in configs/scenario
override        one setting of the command line, KEY=VALUE
shock           a dated change of the world
parameter       an uncertain number of the world: a distribution with unit, source and grade
draw            one joint sample of all parameters: what we do not know (epistemic)
streams         the named random numbers of one replication: what chance does (aleatory)
replication     one simulated history of one scenario, one draw and one set of streams
outcome         what a replication returns
reason          what kept a unit from counting: the limit, stage or rule that bound
run             all replications of one scenario, in a folder of results
design point    one scenario with its overrides inside a study
study           design points times replications, with one seed, in a folder that resumes
store           finished replications of all runs and studies, by what determines them
question        what a planner asks; an experiment answers it
finding         what a question found out: a typed row with units

The public names are few; they are loaded when they are first asked for, because numpy and SimPy
take longer to import than most commands take to answer::

    from sim import Worker, compose, validate

    worker = Worker(validate(compose(["scenario=austerity"])))
    outcome = worker.replicate(0)  # simulate(plan, scenario, draw, streams) of replication 0
    print(dict(zip((row.indicator for row in worker.layout.rows), outcome.values)))
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.lazy import face

if TYPE_CHECKING:
    from sim.config.errors import ConfigError
    from sim.config.validation import validate
    from sim.edge import compose
    from sim.model.city import simulate
    from sim.model.kernel.streams import Streams
    from sim.model.record import Outcome
    from sim.plan.plan import Plan, Scenario
    from sim.study.worker import Worker

__getattr__ = face(
    __name__,
    {
        "sim.config.errors": ("ConfigError",),
        "sim.config.validation": ("validate",),
        "sim.edge": ("compose",),
        "sim.model.city": ("simulate",),
        "sim.model.kernel.streams": ("Streams",),
        "sim.model.record": ("Outcome",),
        "sim.plan.plan": ("Plan", "Scenario"),
        "sim.study.worker": ("Worker",),
    },
)

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
