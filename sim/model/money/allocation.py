"""Decisions about dividing money: rules as plain functions of numbers, apart from the mechanisms.

Weights are integers, so that every split built on them is exact and independent of input order.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sim.config.schema import Allocation
from sim.model.kernel.exact import largest_remainder

_RESOLUTION = 1000  # weights keep three decimals per person


@dataclass(frozen=True, slots=True)
class DistrictState:
    """What a rule may look at, for one district.

    Attributes:
        population: persons.
        zone: functional zone.
        gap: money (yuan) that the units still missing from the district's quotas would cost.
        delivery: share of last year's pace that was delivered (1 = as planned, and in year one).
        adcode: code of the district, for explicit weights.
    """

    population: int
    zone: str
    gap: int
    delivery: float
    adcode: int


Rule = Callable[[Allocation, Sequence[DistrictState]], list[int]]


def by_population(_: Allocation, districts: Sequence[DistrictState]) -> list[int]:
    """In proportion to inhabitants."""
    return [d.population for d in districts]


def equally(_: Allocation, districts: Sequence[DistrictState]) -> list[int]:
    """The same for every district."""
    return [1] * len(districts)


def by_need(allocation: Allocation, districts: Sequence[DistrictState]) -> list[int]:
    """In proportion to the cost of what is missing; by population once nothing is."""
    gaps = [d.gap for d in districts]
    return gaps if any(gaps) else by_population(allocation, districts)


def by_equity(allocation: Allocation, districts: Sequence[DistrictState]) -> list[int]:
    """By population, with more weight for the zones that equity is about."""
    return [
        round(
            _RESOLUTION
            * d.population
            * (allocation.equity_factor if d.zone in allocation.equity_zones else 1.0)
        )
        for d in districts
    ]


def by_performance(allocation: Allocation, districts: Sequence[DistrictState]) -> list[int]:
    """By population, part of it scaled by last year's delivery relative to the mean of all."""
    average = math.fsum(d.delivery for d in districts) / len(districts)
    if average <= 0.0:
        return by_population(allocation, districts)
    share = allocation.performance_share
    return [
        round(_RESOLUTION * d.population * (1.0 - share + share * d.delivery / average))
        for d in districts
    ]


def by_custom_weights(allocation: Allocation, districts: Sequence[DistrictState]) -> list[int]:
    """By the explicit weights of the scenario."""
    largest = max(allocation.weights.values())
    return [round(_RESOLUTION**2 * allocation.weights[str(d.adcode)] / largest) for d in districts]


RULES: dict[str, Rule] = {
    "population": by_population,
    "equal": equally,
    "need": by_need,
    "equity": by_equity,
    "performance": by_performance,
    "custom": by_custom_weights,
}

LOOK_AT_DELIVERY = frozenset({"need", "performance"})
"""Rules that look at gaps or deliveries; for the others nobody needs to count them."""


def reallocate(
    slack: Sequence[int], wanted: Sequence[int], ties: Sequence[float]
) -> tuple[list[int], list[int]]:
    """What each envelope gives and gets when slack money moves to starved envelopes.

    Args:
        slack: yuan that each envelope can spare.
        wanted: yuan that each envelope lacks for the claims in its queue.
        ties: numbers drawn for the envelopes, to break equal remainders.

    Returns:
        (given, got), both in yuan and with equal sums: the smaller of total slack and total want.
    """
    moved = min(sum(slack), sum(wanted))
    if moved == 0:
        return [0] * len(slack), [0] * len(wanted)
    return largest_remainder(moved, slack, ties), largest_remainder(moved, wanted, ties)
