"""What money can do for a target: verdicts by the chance at both ends of the range of budgets.

By 95 % Wilson intervals:

``met_anyway``: surely at the wanted level without any money, public or social.
``social_enough``: surely at the level without public money, if social money comes, but not without
both.
``money_bound``: surely at the level with some budget, and surely not without money: there is a
smallest budget.
``out_of_reach``: surely below the level with the largest budget, and never surely at it before.
``undecided``: an interval at an end holds the level; ``doubt`` names the end: ``nothing`` (whether
money is needed at all) or ``maximum`` (whether money can do it).
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.analysis.crossing import Curves, Flags, Integers
from sim.analysis.intervals import clustered_wilson


@dataclass(frozen=True)
class Observed:
    """Whether every subject is met at one place: (replications, subjects), and their draws."""

    met: Flags
    draws: Integers

    def chance(self, subject: int) -> tuple[float, float, float]:
        """Probability with its 95 % Wilson interval."""
        met = self.met[:, subject]
        return (float(met.mean()), *clustered_wilson(met, self.draws))


def verdict(
    curves: Curves, nothing: Observed, level: float, last: int, row: int
) -> tuple[str, str]:
    """The verdict on one row and the end that is in doubt, if any; see the module.

    Args:
        nothing: what was found without public and without social money.
        level: the wanted probability.
        last: position of the last budget that counts, the largest unless more money does harm.
    """
    _, least, most = nothing.chance(row)
    if least >= level:
        return "met_anyway", ""
    budgets = curves.budgets.tolist()
    at_last = clustered_wilson(*curves.at(budgets[last], row))
    if at_last[0] < level:
        return ("out_of_reach", "") if at_last[1] < level else ("undecided", "maximum")
    if most >= level:
        return "undecided", "nothing"
    if clustered_wilson(*curves.at(budgets[0], row))[0] >= level:
        return "social_enough", ""
    return "money_bound", ""
