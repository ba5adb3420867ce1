"""The smallest budget of every target: where it is, how surely, and what holds back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np

from experiments.minimum_budget.search import Found, Observed, whole
from sim.answer.finding import KEY, Replications, Share, Told, Unit
from sim.answer.row import Row
from sim.stats.crossing import falls, isotonic_fit
from sim.stats.intervals import clustered_wilson
from sim.words import ChanceInterval, Speech

Named = Annotated[Row, Told((*KEY, "group", "label_zh", "label_en"))]
Yuan = Annotated[float, Unit("yuan in five years")]
ReplicationsOnAverage = Annotated[float, Unit("replications")]

MONEY = ("within", "around", "beyond")
"""What has a price: surely within the budget as planned, surely beyond it, or neither."""

SECTIONS = ("met_anyway", "social_enough", *MONEY, "undecided", "out_of_reach", "joint")

PLACES = ("nothing", "zero", "base", "max")
"""Where chances are told: no money at all, no public money, the budget as planned, the largest."""


@dataclass(frozen=True)
class SmallestBudget:
    """What money can do for a target, or for several together.

    Attributes:
        verdict, doubt: see :func:`experiments.minimum_budget.search.verdict`.
        budget, budget_low, budget_high: with 95 % interval; None where there is no smallest budget.
            No upper end: beyond the largest budget.
        precise: whether the interval is as narrow as asked.
        probability_nothing: and so on, with 95 % Wilson interval, at :data:`PLACES`.
        monotone: whether there is no budget at which more money surely does harm.
        falls_again: whether the level is surely lost again at the largest budget.
        confirmed_budget: where other random numbers were asked, and what they found there.
        consistent: whether that interval holds the wanted level or is above it.
        binding_target, binding_stage: what holds it back at the largest budget; empty for nothing.
        binding_zh, binding_en: what the stage is called.
        replications: at all budgets together.
    """

    row: Named
    verdict: str
    doubt: str
    budget: Yuan | None
    budget_low: Yuan | None
    budget_high: Yuan | None
    precise: bool | None
    probability_nothing: Share
    probability_nothing_low: Share
    probability_nothing_high: Share
    probability_zero: Share
    probability_zero_low: Share
    probability_zero_high: Share
    probability_base: Share
    probability_base_low: Share
    probability_base_high: Share
    probability_max: Share
    probability_max_low: Share
    probability_max_high: Share
    monotone: bool
    falls_again: bool
    confirmed_budget: Yuan | None
    confirmed_replications: ReplicationsOnAverage | None
    confirmed_probability: Share | None
    confirmed_low: Share | None
    confirmed_high: Share | None
    consistent: bool | None
    binding_target: str
    binding_stage: str
    binding_zh: str
    binding_en: str
    replications: Replications

    def chance(self, place: str) -> ChanceInterval:
        """The probability at one of :data:`PLACES`."""
        name = f"probability_{place}"
        low, high = getattr(self, f"{name}_low"), getattr(self, f"{name}_high")
        return ChanceInterval(getattr(self, name), low, high)

    @property
    def confirmed(self) -> ChanceInterval | None:
        """What other random numbers found; None where they were not asked."""
        if self.confirmed_probability is None:
            return None
        assert self.confirmed_low is not None, "a probability has an interval"
        assert self.confirmed_high is not None, "a probability has an interval"
        return ChanceInterval(self.confirmed_probability, self.confirmed_low, self.confirmed_high)

    def section(self, base: int) -> str:
        """What a reader wants to know first: one of :data:`SECTIONS` but ``joint``.

        ``base`` is the public budget as planned.
        """
        if self.verdict != "money_bound":
            return self.verdict
        assert self.budget_low is not None, "a smallest budget has a lower end"
        if self.budget_low > base:
            return "beyond"
        high = self.budget_high
        return "within" if high is not None and high <= base else "around"


@dataclass(frozen=True)
class CurvePoint:
    """The chance of a row at one budget.

    Attributes:
        fit: of the rising curve nearest to all of them; None beyond the budget from which more
            money does harm.
    """

    row: Named
    public_yuan: Annotated[int, Unit("yuan in five years")]
    replications: Replications
    probability: Share
    probability_low: Share
    probability_high: Share
    fit: Share | None


def smallest_budgets(
    subjects: Sequence[Row],
    found: Found,
    base: int,
    confirmed: Mapping[int, tuple[int, Observed]],
    binding: Mapping[int, tuple[str, str]],
) -> Iterator[SmallestBudget]:
    """What was found for every subject, in their order.

    Args:
        base: public money of the scenario, one of the budgets of the curves.
        confirmed: by row the budget of its confirmation and what other seeds found there.
        binding: by row the target and the stage that hold it back at the largest budget.
    """
    curves = found.curves
    budgets = curves.budgets.tolist()
    ends = {"zero": budgets[0], "base": base, "max": budgets[-1]}
    for i, subject in enumerate(subjects):
        told: dict[str, Any] = _chance("nothing", found.nothing.chance(i))
        for name, budget in ends.items():
            met, draws = curves.at(budget, i)
            told |= _chance(name, (float(met.mean()), *clustered_wilson(met, draws)))
        verdict, doubt = found.verdicts[i]
        target, stage = binding.get(i, ("", ""))
        yield SmallestBudget(
            row=subject,
            verdict=verdict,
            doubt=doubt,
            **_price(found, i),
            **told,
            monotone=not falls(curves, i),
            falls_again=bool(found.last[i] < len(budgets) - 1),
            **_confirmation(confirmed.get(i), i, found.aim.level),
            binding_target=target,
            binding_stage=stage,
            binding_zh=Speech("zh")(f"stage.{stage}") if stage else "",
            binding_en=Speech("en")(f"stage.{stage}") if stage else "",
            replications=found.replications,
        )


def _price(found: Found, row: int) -> dict[str, Any]:
    """The smallest budget of a row in whole yuan, rounded outwards; nothing where there is none."""
    if found.verdicts[row][0] != "money_bound":
        return dict.fromkeys(("budget", "budget_low", "budget_high", "precise"))
    scale, root = found.aim.scale, found.root
    high = float(scale.yuan(root.high[row]))
    return {
        "budget": float(whole(scale.yuan(root.at[row]))),
        "budget_low": float(np.floor(scale.yuan(root.low[row]))),
        "budget_high": float(np.ceil(high)) if np.isfinite(high) else None,
        "precise": bool(found.precise[row]),
    }


def _chance(where: str, chance: tuple[float, float, float]) -> dict[str, Any]:
    names = ("", "_low", "_high")
    return {f"probability_{where}{name}": value for name, value in zip(names, chance, strict=True)}


_CONFIRMED = ("confirmed_budget", "confirmed_replications", "confirmed_probability",
              "confirmed_low", "confirmed_high", "consistent")  # fmt: skip


def _confirmation(confirmed: tuple[int, Observed] | None, row: int, level: float) -> dict[str, Any]:
    if confirmed is None:
        return dict.fromkeys(_CONFIRMED)
    budget, observed = confirmed
    chance = observed.chance(row)
    values = float(budget), float(len(observed.met)), *chance, chance[2] >= level
    return dict(zip(_CONFIRMED, values, strict=True))


def curves_of(subjects: Sequence[Row], found: Found) -> Iterator[CurvePoint]:
    """The chance of every subject at every budget, in ascending order of budgets."""
    curves = found.curves
    for i, subject in enumerate(subjects):
        last = int(found.last[i]) + 1
        fit = isotonic_fit(curves.shares[i, :last], curves.finished[:last])
        for j, budget in enumerate(curves.budgets.tolist()):
            met, draws = curves.at(budget, i)
            low, high = clustered_wilson(met, draws)
            yield CurvePoint(
                row=subject,
                public_yuan=budget,
                replications=int(curves.finished[j]),
                probability=float(met.mean()),
                probability_low=low,
                probability_high=high,
                fit=float(fit[j]) if j < last else None,
            )
