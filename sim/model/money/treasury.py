"""The treasury: money arrives in quarterly steps, is divided, reallocated and clawed back."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import sub
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.config.schema import MonthDay
from sim.model.kernel.clock import Phase, Process
from sim.model.kernel.exact import largest_remainder, largest_remainders
from sim.model.kernel.facts import Kind, Sort
from sim.model.kernel.streams import name_key
from sim.model.kernel.world import World
from sim.model.money.allocation import RULES, DistrictState, reallocate
from sim.model.money.envelope import Envelope, Envelopes

Integers = npt.NDArray[np.int64]

TREASURY = Sort("treasury", "treasury")
GROUP = Sort("group", "group {group}")
ENVELOPE = Sort("purse", "purse {level}:{group}@{place}")
ANNOUNCED = Kind("announced", Phase.RELEASE)
RELEASED = Kind("released", Phase.RELEASE, "{money}")
RECEIVED_LATE = Kind("received late", Phase.RELEASE, "{money}")
PAID_IN_PART = Kind("paid its obligations in part", Phase.RELEASE, "{share:.3f}")
MET = Kind("met", Phase.RELEASE)
REALLOCATED = Kind("reallocated", Phase.RELEASE, "{money}")
CLAWED_BACK = Kind("clawed back", Phase.ACCOUNTING, "{money}")

_NO_WEIGHTS = np.empty(0, dtype=np.int64)
_NEW_YEAR = MonthDay(month=1, day=1)
_MEETING = 4  # on the agenda of a day, after any release (quarters 0 to 3)
_SHARE_RESOLUTION = 10**9
"""Shares of the configuration enter exact splits as integers of this resolution."""


def _integer_weights(shares: Sequence[float]) -> list[int]:
    return [round(share * _SHARE_RESOLUTION) for share in shares]


_Amounts = tuple[int, int, int]
"""Yuan by where it comes from: held by the city, the districts' match, social money."""


class _Portion(NamedTuple):
    """What a release brings one group: the city's part, and amounts by place for each origin.

    Where districts have no envelope for the group there is one place, which stands for all of them.
    """

    city: _Amounts
    districts: Sequence[list[int]]

    def totals(self) -> tuple[int, ...]:
        """Yuan of the city and all places, by origin."""
        return tuple(own + sum(yuan) for own, yuan in zip(self.city, self.districts, strict=True))

    def part(self, city: bool, places: Sequence[bool]) -> _Portion:
        """What of it goes to the city, if asked for, and to the chosen ``places``."""
        chosen = [
            [yuan if own else 0 for yuan, own in zip(amounts, places, strict=True)]
            for amounts in self.districts
        ]
        return _Portion(self.city if city else (0, 0, 0), chosen)


@dataclass
class _Division:
    """How the money of one group is divided: the city's part, then district weights."""

    group: str
    city: Envelope | None
    districts: list[Envelope]
    city_share: float
    social_city_share: float
    weights: Integers

    def __post_init__(self) -> None:
        self.public_accounts = tuple(envelope.public_account for envelope in self.districts)
        self.social_accounts = tuple(envelope.social_account for envelope in self.districts)


class Treasury:
    """Sources, releases and the rules of the year for all envelopes of a city.

    Attributes:
        groups: whose money it divides, in order.
        spent_outright: yuan since the start, by group, that went through no envelope.
    """

    def __init__(self, world: World, envelopes: Envelopes) -> None:
        self._world = world
        self._envelopes = envelopes
        plan, budget = world.plan.spec, world.scenario.budget
        ledger = world.ledger
        self._sources = sorted(plan.sources)
        self._source_accounts = {
            s: ledger.account(f"source:{s}", source=True) for s in (*self._sources, "social")
        }
        self._city_account = ledger.account("treasury:city")
        self._match_account = ledger.account("treasury:districts")
        self._social_account = ledger.account("treasury:social")
        self._returned = ledger.account("returned")
        self._withheld = ledger.account("withheld")
        self.pass_through = [self._city_account, self._match_account, self._social_account]
        self.groups = sorted(world.scenario.allocation.group_shares)
        self.spent_outright = dict.fromkeys(self.groups, 0)
        self._group_weights = _integer_weights(
            [world.scenario.allocation.group_shares[g] for g in self.groups]
        )
        self._group_ties = world.name_ties([f"group/{g}" for g in self.groups])
        self._divisions = [self._division(group) for group in self.groups]
        self._states: Mapping[str, Sequence[DistrictState]] = {}
        self._fiscal_weights = np.array([d.fiscal_strength for d in world.districts])
        shares = [*(budget.source_shares[s] for s in self._sources)]
        by_source = dict(
            zip(
                self._sources,
                largest_remainder(
                    budget.public_total,
                    _integer_weights(shares),
                    world.name_ties([f"source/{s}" for s in self._sources]),
                ),
                strict=True,
            )
        )
        by_source["social"] = budget.social_total
        self._authorised = {s: self._schedule(total) for s, total in by_source.items()}
        self._execution = self._execution_factors()
        self._overcommitment = world.scenario.planning.overcommitment
        self._mean_execution = world.plan.mean("execution_factor")

    def _division(self, group: str) -> _Division:
        world = self._world
        shares = world.scenario.allocation
        pool = group == world.plan.spec.capital_group
        city_share = shares.capital_share if pool else shares.city_shares.get(group, 0.0)
        return _Division(
            group=group,
            city=self._envelopes.city.get(group),
            districts=self._envelopes.districts.get(group, []),
            city_share=city_share,
            # The capital pool takes no social money: it follows the districts' facilities.
            social_city_share=0.0 if pool else city_share,
            weights=_NO_WEIGHTS,
        )

    def _schedule(self, total: int) -> list[list[int]]:
        budget = self._world.scenario.budget
        years = len(budget.year_shares)
        yearly = largest_remainder(total, _integer_weights(budget.year_shares), list(range(years)))
        quarters = _integer_weights(budget.quarter_shares)
        return [largest_remainder(year, quarters, list(range(4))) for year in yearly]

    def _execution_factors(self) -> dict[str, list[float]]:
        world = self._world
        names = (*self._sources, "social")
        keys = np.array([name_key(s) for s in names], dtype=np.uint64)[:, None]
        years = np.arange(len(world.calendar.years))[None, :]
        factors = world.quantile(
            "execution_factor", world.streams.uniform("execution", keys, years)
        )
        return dict(zip(names, factors.tolist(), strict=True))

    # ------------------------------------------------------------------ the year as a process

    def years(self) -> Process:
        """Every year: announce, release four times, meet in July, close the books in December."""
        world = self._world
        calendar, clock = world.calendar, world.clock
        for index, year in enumerate(calendar.years):
            yield clock.at(calendar.day_of(year, _NEW_YEAR), Phase.RELEASE)
            world.open_year(index)
            self.announce(index)
            meeting = calendar.day_of(year, world.plan.spec.calendar.mid_year_meeting)
            agenda = [(day, quarter) for quarter, day in enumerate(calendar.releases[index])]
            for day, quarter in sorted([*agenda, (meeting, _MEETING)]):
                yield clock.at(day, Phase.RELEASE)
                if quarter == _MEETING:
                    self.meet(index)
                else:
                    self.release(index, quarter)
                    self.settle(index)
            yield clock.at(calendar.year_ends[index], Phase.ACCOUNTING)
            world.has_come("the year ends")
            self.claw_back()

    def announce(self, year: int) -> None:
        """Fix the year's division and tell every envelope what to expect, before execution."""
        world = self._world
        allocation = world.scenario.allocation
        rule = RULES[allocation.rule]
        world.has_come("the year begins")
        group_shares = [w / sum(self._group_weights) for w in self._group_weights]
        fiscal, fiscal_total = self._fiscal_weights.astype(float), int(self._fiscal_weights.sum())
        # A row each for what is held, the districts' match and social money, a column a quarter.
        authorised = np.array([self._totals(self._authorised, year, q) for q in range(4)]).T
        for division, group_share in zip(self._divisions, group_shares, strict=True):
            if division.city is None:
                continue
            states = self._states[division.group]
            division.weights = np.array(rule(allocation, states), dtype=np.int64)
            weights, total = division.weights.astype(np.float64), int(division.weights.sum())
            held, match, social = authorised * group_share
            kept = np.minimum(held, division.city_share * (held + match))
            social_kept = division.social_city_share * social
            division.city.announce((kept + social_kept).tolist())
            to_districts = (held - kept + social - social_kept)[:, None]
            announced = to_districts * weights / total + match[:, None] * fiscal / fiscal_total
            if division.districts:
                for envelope, own in zip(division.districts, announced.T.tolist(), strict=True):
                    envelope.announce(own)
        world.fact(ANNOUNCED, TREASURY())

    def look_at(self, states: Mapping[str, Sequence[DistrictState]]) -> None:
        """Learn how the districts stand, by group, as far as allocation rules look at it."""
        self._states = states

    def _totals(
        self, schedule: dict[str, list[list[int]]], year: int, quarter: int
    ) -> tuple[int, int, int]:
        match_source = self._world.plan.spec.match_source
        held = sum(schedule[s][year][quarter] for s in self._sources if s != match_source)
        return held, schedule[match_source][year][quarter], schedule["social"][year][quarter]

    def release(self, year: int, quarter: int) -> None:
        """Release one quarter's money, as far as it is executed, into the envelopes."""
        world, ledger = self._world, self._world.ledger
        match_source = world.plan.spec.match_source
        held = match = social = 0
        for source, schedule in self._authorised.items():
            amount = int(schedule[year][quarter] * self._execution[source][year])
            if source == "social":
                social, account = amount, self._social_account
            elif source == match_source:
                match, account = amount, self._match_account
            else:
                held, account = held + amount, self._city_account
            ledger.transfer(self._source_accounts[source], account, amount)
        held_by_group, match_by_group, social_by_group = (
            largest_remainder(amount, self._group_weights, self._group_ties)
            for amount in (held, match, social)
        )
        amounts = zip(held_by_group, match_by_group, social_by_group, strict=True)
        self._divide(list(zip(self._divisions, amounts, strict=True)))
        world.fact(RELEASED, TREASURY(), money=held + match + social)

    def _divide(self, releases: Sequence[tuple[_Division, _Amounts]]) -> None:
        """Divide the groups' releases (held, match, social) among the city and the districts.

        What all districts get of all groups is split in one go: three splits a group.
        """
        left_to_districts: list[_Amounts] = []
        totals: list[int] = []
        weights: list[Integers] = []
        for division, (held, match, social) in releases:
            rest = 0, 0, 0
            if division.city is not None:
                kept = min(held, round(division.city_share * (held + match)))
                rest = held - kept, match, social - round(division.social_city_share * social)
            left_to_districts.append(rest)
            if division.districts:
                totals += rest
                weights += (division.weights, self._fiscal_weights, division.weights)
        shares: Iterator[list[int]] = iter(())
        if totals:
            shares = iter(largest_remainders(totals, np.array(weights), self._world.ties))
        delayed = self._world.shocks.has("release_delay")
        for (division, amounts), rest in zip(releases, left_to_districts, strict=True):
            held, match, social = map(sub, amounts, rest)
            by_place = [next(shares) for _ in rest] if division.districts else [[r] for r in rest]
            portion = _Portion((held, match, social), by_place)
            if delayed:
                self._send(division, portion)
            else:
                self._hand_over(division, portion)

    def _send(self, division: _Division, portion: _Portion) -> None:
        """Hand a portion over, each part of it as late as shocks have it."""
        world, shocks = self._world, self._world.shocks
        today, group = world.clock.today, division.group
        late = shocks.days_late(today, None, group)
        places = range(len(division.districts))
        late_by_place = [shocks.days_late(today, place, group) for place in places] or [late]
        for days in sorted({late, *late_by_place}):
            part = portion.part(late == days, [own == days for own in late_by_place])
            if days == 0:
                self._hand_over(division, part)
            elif today + days <= world.calendar.horizon:
                world.clock.process(self._hand_over_later(today + days, division, part))
            else:
                self._return(part)

    def _hand_over_later(self, day: int, division: _Division, portion: _Portion) -> Process:
        """Money that lies in the treasury until ``day``."""
        world = self._world
        yield world.clock.at(day, Phase.RELEASE)
        # On 1 January late money may come before the year's own process has opened the books.
        world.open_year(world.calendar.year_index(day))
        self._hand_over(division, portion)
        world.fact(RECEIVED_LATE, GROUP(group=division.group), money=sum(portion.totals()))

    def _return(self, portion: _Portion) -> None:
        """What would arrive after the horizon goes back."""
        accounts = self._city_account, self._match_account, self._social_account
        for account, yuan in zip(accounts, portion.totals(), strict=True):
            self._world.ledger.transfer(account, self._returned, yuan)

    def _hand_over(self, division: _Division, portion: _Portion) -> None:
        """Put a portion into the envelopes; what has no envelope is spent outright."""
        held, match, social = portion.city
        if division.city is None:
            self._spend_outright(division.group, "city", held, match, social)
            return
        self._keep(division.city, held, social)
        if division.districts:
            self._hand_out(division, *portion.districts)
        else:
            ((held,), (match,), (social,)) = portion.districts
            self._spend_outright(division.group, "district", held, match, social)

    def _keep(self, envelope: Envelope, held: int, social: int) -> None:
        """Give the city's envelope its part, less what is cut from public money today."""
        left = self._world.shocks.left("budget_cut", self._world.clock.today, None, envelope.group)
        envelope.receive(
            self._city_account, self._cut(self._city_account, held, left), social=False
        )
        envelope.receive(self._social_account, social, social=True)

    def _hand_out(
        self, division: _Division, held: list[int], match: list[int], social: list[int]
    ) -> None:
        """Give the districts of a group their shares, less what is cut from public money today."""
        ledger, shocks = self._world.ledger, self._world.shocks
        if shocks.has("budget_cut"):
            today = self._world.clock.today
            cuts = shocks.left_by_place("budget_cut", today, division.group).tolist()
            held = self._cut_each(self._city_account, held, cuts)
            match = self._cut_each(self._match_account, match, cuts)
        ledger.distribute(self._city_account, division.public_accounts, held)
        ledger.distribute(self._match_account, division.public_accounts, match)
        ledger.distribute(self._social_account, division.social_accounts, social)
        for envelope, own, matched, given in zip(
            division.districts, held, match, social, strict=True
        ):
            envelope.fund(own + matched, given)

    def _cut(self, account: int, yuan: int, left: float) -> int:
        """What a cut leaves of public money in ``account``; the rest is withheld."""
        rest = int(yuan * left)
        self._world.ledger.transfer(account, self._withheld, yuan - rest)
        return rest

    def _cut_each(self, account: int, amounts: list[int], cuts: list[float]) -> list[int]:
        return [
            yuan if left == 1.0 else self._cut(account, yuan, left)
            for yuan, left in zip(amounts, cuts, strict=True)
        ]

    def _spend_outright(self, group: str, level: str, held: int, match: int, social: int) -> None:
        """Money with nothing simulated behind it is spent; it never feeds other groups.

        Cuts of public money take their share of it as of any other. Districts count as one here, so
        only cuts that concern the whole city reach it.
        """
        ledger = self._world.ledger
        left = self._world.shocks.left("budget_cut", self._world.clock.today, None, group)
        held = self._cut(self._city_account, held, left)
        match = self._cut(self._match_account, match, left)
        self.spent_outright[group] += held + match + social
        spent = ledger.account(f"programme_spending:{group}")
        for account, amount, kind in (
            (self._city_account, held, "public"),
            (self._match_account, match, "public"),
            (self._social_account, social, "social"),
        ):
            held_by = ledger.account(f"{level}:{group}:{kind}")
            ledger.transfer(account, held_by, amount)
            ledger.transfer(held_by, spent, amount)

    def settle(self, year: int) -> None:
        """Every envelope pays a quarter's obligations out of what it has."""
        world = self._world
        cost_index, wage_index = world.cost_index[year], world.wage_index[year]
        minimum_service = world.draw["minimum_service_level"]
        for envelope in self._envelopes.all:
            envelope.settle(cost_index, wage_index, minimum_service)

    def meet(self, year: int) -> None:
        """The mid-year meeting: slack envelopes lend a hand to starved ones of the same group.

        Only public money moves, only what exceeds the threshold, and only as far as the queues of
        the starved envelopes need it.
        """
        world = self._world
        rule = world.scenario.allocation.reallocation
        if ("reallocation", year) in world.missed:
            return
        world.fact(MET, TREASURY())
        if not rule.enabled:
            return
        threshold = rule.threshold
        to_come = world.calendar.releases_after(world.clock.today, year)
        for division in self._divisions:
            envelopes = division.districts
            if not envelopes:
                continue
            outlooks = [self._outlook(envelope, year, to_come) for envelope in envelopes]
            wanted = [max(0, math.ceil(-outlook)) for outlook in outlooks]
            if not any(wanted):
                continue
            slack = []
            for envelope, outlook in zip(envelopes, outlooks, strict=True):
                floor = threshold * sum(envelope.announced)
                slack.append(
                    max(0, min(envelope.uncommitted_public(), math.floor(outlook - floor)))
                )
            given, got = reallocate(slack, wanted, world.ties)
            if not any(given):
                continue
            for envelope, gives in zip(envelopes, given, strict=True):
                envelope.give_public(self._city_account, gives)
            for envelope, gets in zip(envelopes, got, strict=True):
                envelope.receive(self._city_account, gets, social=False)
            world.fact(REALLOCATED, GROUP(group=division.group), money=sum(given))

    def _outlook(self, envelope: Envelope, year: int, to_come: Sequence[int]) -> float:
        """Yuan that a envelope will have left, or lack, at year end if nothing new is contracted.

        ``to_come`` are the quarters of the year whose release is still ahead.
        """
        world = self._world
        announced = envelope.announced
        expected = sum([announced[quarter] for quarter in to_come]) * self._mean_execution
        obligations = envelope.obligations(world.cost_index[year], world.wage_index[year])
        return (
            envelope.balance()
            + expected
            - obligations * len(to_come) / 4.0
            - envelope.committed
            - envelope.new_contracts
        )

    def claw_back(self) -> None:
        """At year end the share of uncommitted public money that is not kept goes back."""
        world = self._world
        kept = world.scenario.budget.carry_over
        total = 0
        for envelope in self._envelopes.all:
            uncommitted = envelope.uncommitted_public()
            returned = uncommitted - round(uncommitted * kept)
            if returned:
                envelope.give_public(self._returned, returned)
                total += returned
        world.fact(CLAWED_BACK, TREASURY(), money=total)

    # ------------------------------------------------------------------ for planning

    def in_sight(self, envelope: Envelope, year: int, to_come: Sequence[int]) -> float:
        """Money a planner may count on this year: balance plus announced releases still to come.

        Times ``planning.overcommitment``, less the obligations of the rest of the year, unpaid
        instalments and proposals under way. Shocks to come are never known. Yuan; may be negative.
        ``to_come`` are the quarters of the year whose release is still ahead.
        """
        world = self._world
        announced = envelope.announced
        expected = sum([announced[quarter] for quarter in to_come]) * self._mean_execution
        obligations = envelope.obligations(world.cost_index[year], world.wage_index[year])
        return (
            (envelope.balance() + expected) * self._overcommitment
            - obligations * len(to_come) / 4.0
            - envelope.committed
            - envelope.pledged
        )


class TracedTreasury(Treasury):
    """A treasury of which it is kept as a fact when an envelope cannot pay all that is due."""

    def settle(self, year: int) -> None:
        """Every envelope pays a quarter's obligations, and the log is told which pay in part."""
        super().settle(year)
        for envelope in self._envelopes.all:
            if envelope.service < 1.0:
                who = ENVELOPE(level=envelope.level, group=envelope.group, place=envelope.place)
                self._world.fact(PAID_IN_PART, who, share=round(envelope.service, 3))
