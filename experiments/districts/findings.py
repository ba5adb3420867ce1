"""How every district stands: its rank, its gap to its peers, its reasons, its money.

Peers are two: the other districts of its zone, and the three districts nearest in population.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np

from experiments.districts.counted import Counted, Floats, Integers
from experiments.districts.ranks import ZoneShare, ranked, sampled_means, zone_share
from sim.answer.finding import Replications, Share, Unit
from sim.answer.row import Config
from sim.answer.run.held_back import leading_stage
from sim.plan.districts import District
from sim.stats.bootstrap import percentile_interval

NEAREST = 3
"""Districts nearest in population that each is compared with."""

Rank = Annotated[int, Unit("rank, 1 is best")]
Difference = Annotated[float, Unit("difference of shares")]
YuanPerHead = Annotated[float, Unit("yuan per head, population of 2015")]
DaysPerProject = Annotated[float, Unit("days per project started")]
Projects = Annotated[float, Unit("projects")]
Persons = Annotated[int, Unit("persons")]
Programmes = Annotated[int, Unit("programmes")]


@dataclass(frozen=True)
class Standing:
    """One district beside its peers; means over replications.

    Attributes:
        place: code; nearest: codes of those nearest in population, the nearest first, with spaces
            between them, as in ``tied`` and ``alike``.
        quotas: programmes of which it has to deliver units.
        quotas_met: share of them delivered in full; quotas_met_low, quotas_met_high: its 95 %
            interval.
        rank: by ``quotas_met``, 1 is best, equals have the better one; None without a quota.
        rank_low, rank_high: 95 % interval of the rank.
        single_low, single_high: 5th and 95th percentile of its rank in single replications.
        tied: districts of the same rank; alike: those that cannot be told apart from it, see
            :class:`experiments.districts.ranks.Ranked`.
        reason: what most of its unmet quotas lack most units for, weighted by how often each is
            unmet; empty if all are met. reason_share: share of the unmet quotas.
        received: money taken in, less what was handed back; unspent: left at the end.
        lost: days lost; lost_stage: stage in which most of them were.
        zone_*, nearest_*: the same of its peers taken together; None where it has none.
        zone_gap, nearest_gap: its ``quotas_met`` less theirs, with 95 % intervals.
    """

    scenario: str
    place: str
    place_zh: str
    place_en: str
    zone: str
    nearest: str
    population: Persons
    replications: Replications
    quotas: Programmes
    quotas_met: Share | None
    quotas_met_low: Share | None
    quotas_met_high: Share | None
    rank: Rank | None
    rank_low: Rank | None
    rank_high: Rank | None
    single_low: Rank | None
    single_high: Rank | None
    tied: str
    alike: str
    reason: str
    reason_share: Share | None
    received: YuanPerHead | None
    spent: YuanPerHead | None
    unspent: YuanPerHead | None
    lost: DaysPerProject | None
    lost_stage: str
    zone_met: Share | None
    zone_gap: Difference | None
    zone_gap_low: Difference | None
    zone_gap_high: Difference | None
    zone_received: YuanPerHead | None
    zone_spent: YuanPerHead | None
    zone_unspent: YuanPerHead | None
    zone_lost: DaysPerProject | None
    nearest_met: Share | None
    nearest_gap: Difference | None
    nearest_gap_low: Difference | None
    nearest_gap_high: Difference | None
    nearest_received: YuanPerHead | None
    nearest_spent: YuanPerHead | None
    nearest_unspent: YuanPerHead | None
    nearest_lost: DaysPerProject | None

    @property
    def is_behind(self) -> bool:
        """Whether it is behind all its peers, and not by simulation error."""
        ends = [own for own in (self.zone_gap_high, self.nearest_gap_high) if own is not None]
        return bool(ends) and all(end < 0.0 for end in ends)


@dataclass(frozen=True)
class Gap:
    """The quota of one programme in one district; means over replications.

    Attributes:
        per_project: units of a project; quota, delivered, missing: projects.
        short: share of the replications in which anything is missing.
        reason: what most of the missing units are missing for; empty if none is.
        zone_delivered, nearest_delivered: share of the quota that its peers deliver, all together;
            None where they have none.
    """

    scenario: str
    place: str
    place_zh: str
    place_en: str
    programme: str
    programme_zh: str
    programme_en: str
    replications: Replications
    per_project: Annotated[int, Unit("units")]
    quota: Projects
    delivered: Projects
    missing: Projects
    short: Share
    reason: str
    zone_delivered: Share | None
    nearest_delivered: Share | None

    @property
    def delivered_share(self) -> float:
        """The share of the quota that is delivered."""
        return self.delivered / self.quota


@dataclass(frozen=True)
class Peers:
    """Positions of those that a district may be measured against."""

    zone: Sequence[int]
    nearest: Sequence[int]


def peers_of(places: Sequence[District]) -> list[Peers]:
    """The peers of every place; one without people is nobody's equal in size.

    Of places that differ equally in population the one of the lower code comes first.
    """
    found = []
    for at, own in enumerate(places):
        others = [n for n in range(len(places)) if n != at]
        peopled = [n for n in others if places[n].population and own.population]

        def distance(other: int, population: int = own.population) -> tuple[int, int]:
            return abs(places[other].population - population), places[other].adcode

        found.append(
            Peers(
                [n for n in others if places[n].zone == own.zone],
                sorted(peopled, key=distance)[:NEAREST],
            )
        )
    return found


@dataclass(frozen=True)
class Money:
    """Mean yuan by place: taken in, paid, and left at the end."""

    received: Floats
    spent: Floats
    unspent: Floats


def standings(
    scenario: str,
    places: Sequence[District],
    counted: Counted,
    money: Money,
    samples: Integers,
) -> Iterator[Standing]:
    """How every place stands, in the order of the table of places.

    Args:
        scenario: name of the design point.
        places: those of ``counted``, in the same order.
        samples: see :func:`sim.stats.bootstrap.resamples`.
    """
    asked = np.flatnonzero(counted.quotas > 0)
    by_place = dict(zip(asked.tolist(), ranked(counted.met[:, asked], samples), strict=True))
    sampled = sampled_means(counted.met, samples)
    for at, (own, peers) in enumerate(zip(places, peers_of(places), strict=True)):
        told: dict[str, Any] = dict.fromkeys(("quotas_met", "quotas_met_low", "quotas_met_high"))
        told |= {"tied": "", "alike": ""}
        told |= dict.fromkeys(("rank", "rank_low", "rank_high", "single_low", "single_high"))
        rank = by_place.get(at)
        if rank is not None:
            low, high = percentile_interval(sampled[:, at])
            told |= {
                "quotas_met": float(counted.met[:, at].mean()),
                "quotas_met_low": low, "quotas_met_high": high,
                "rank": rank.rank, "rank_low": rank.low, "rank_high": rank.high,
                "single_low": rank.lucky, "single_high": rank.luckless,
                "tied": _codes(places, [int(asked[n]) for n in rank.tied]),
                "alike": _codes(places, [int(asked[n]) for n in rank.alike]),
            }  # fmt: skip
        reason, share = _main_reason(counted, at)
        lost = dict(zip(counted.stages, counted.days[at].tolist(), strict=True))
        told |= _amounts("", [at], places, counted, money)
        for kind, others in (("zone", peers.zone), ("nearest", peers.nearest)):
            told |= _amounts(f"{kind}_", others, places, counted, money)
            told |= _gap(kind, at, others, counted, sampled)
        yield Standing(
            scenario=scenario,
            place=str(own.adcode),
            place_zh=own.zh,
            place_en=own.en,
            zone=own.zone,
            nearest=_codes(places, peers.nearest),
            population=own.population,
            replications=len(counted.replications),
            quotas=int(counted.quotas[at]),
            reason=reason,
            reason_share=share,
            lost_stage=leading_stage(lost),
            **told,
        )


def zones_of(found: Sequence[Standing], seed: int, shuffles: int) -> ZoneShare | None:
    """How much of the differences between the shares of quotas met lies between zones."""
    known = [(own.quotas_met, own.zone) for own in found if own.quotas_met is not None]
    return zone_share([met for met, _ in known], [zone for _, zone in known], seed, shuffles)


def _codes(places: Sequence[District], positions: Iterable[int]) -> str:
    return " ".join(str(places[n].adcode) for n in positions)


def _main_reason(counted: Counted, at: int) -> tuple[str, float | None]:
    """The reason behind most unmet quotas of a place, and its share of them."""
    weights: dict[str, int] = {}
    for programme in np.flatnonzero(counted.lacking[at]):
        reason = reason_of(counted, at, int(programme))
        weights[reason] = weights.get(reason, 0) + int(counted.lacking[at, programme])
    reason = leading_stage(weights)
    return reason, weights[reason] / sum(weights.values()) if reason else None


def reason_of(counted: Counted, at: int, programme: int) -> str:
    """The reason of most missing units of a programme in a place; empty if none is missing."""
    sums = counted.reasons[at, programme].tolist()
    return leading_stage(dict(zip(counted.stages, sums, strict=True)))


def _amounts(
    prefix: str,
    members: Sequence[int],
    places: Sequence[District],
    counted: Counted,
    money: Money,
) -> Mapping[str, float | None]:
    """Money per head and days per project of some places taken together."""
    own = list(members)
    people = sum(places[n].population for n in own)
    started = int(counted.started[own].sum())
    found: dict[str, float | None] = {
        f"{prefix}{name}": float(yuan[own].sum()) / people if people else None
        for name, yuan in (
            ("received", money.received), ("spent", money.spent), ("unspent", money.unspent),
        )
    }  # fmt: skip
    found[f"{prefix}lost"] = float(counted.days[own].sum()) / started if started else None
    return found


def _gap(
    kind: str, at: int, others: Sequence[int], counted: Counted, sampled: Floats
) -> Mapping[str, float | None]:
    """The mean share of the quotas that peers meet, and how far a place is from it."""
    names = (f"{kind}_met", f"{kind}_gap", f"{kind}_gap_low", f"{kind}_gap_high")
    asked = [n for n in others if counted.quotas[n] > 0]
    if not asked or not counted.quotas[at]:
        return dict.fromkeys(names)
    theirs = float(counted.met[:, asked].mean())
    gap = float(counted.met[:, at].mean()) - theirs
    low, high = percentile_interval(sampled[:, at] - sampled[:, asked].mean(axis=1))
    return dict(zip(names, (theirs, gap, low, high), strict=True))


def gaps(
    scenario: str, places: Sequence[District], counted: Counted, config: Config
) -> Iterator[Gap]:
    """Every quota of every place, in the order of both."""
    programmes, count = config["plan"]["programmes"], len(counted.replications)
    quota = counted.delivered + counted.missing
    for at, (own, peers) in enumerate(zip(places, peers_of(places), strict=True)):
        for number in np.flatnonzero(quota[at]).tolist():
            name = counted.programmes[number]
            shares = []
            for others in (peers.zone, peers.nearest):
                theirs = int(quota[list(others), number].sum())
                delivered = int(counted.delivered[list(others), number].sum())
                shares.append(delivered / theirs if theirs else None)
            yield Gap(
                scenario=scenario,
                place=str(own.adcode),
                place_zh=own.zh,
                place_en=own.en,
                programme=name,
                programme_zh=programmes[name]["name"]["zh"],
                programme_en=programmes[name]["name"]["en"],
                replications=count,
                per_project=int(programmes[name].get("cohort", 1)),
                quota=float(quota[at, number]) / count,
                delivered=float(counted.delivered[at, number]) / count,
                missing=float(counted.missing[at, number]) / count,
                short=float(counted.lacking[at, number]) / count,
                reason=reason_of(counted, at, number),
                zone_delivered=shares[0],
                nearest_delivered=shares[1],
            )
