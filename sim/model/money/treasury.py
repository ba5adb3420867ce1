"""The treasury: money arrives in quarterly steps, is divided, reallocated and clawed back."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from operator import sub
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt
from simpy.events import Event

from sim.config.schema import MonthDay
from sim.model.kernel.calendar import Phase
from sim.model.kernel.exact import largest_remainder, largest_remainders
from sim.model.kernel.streams import name_key
from sim.model.money.allocation import LOOK_AT_DELIVERY, RULES, reallocate
from sim.model.money.envelope import Purse

if TYPE_CHECKING:
    from sim.model.city import City

Integers = npt.NDArray[np.int64]

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

    Where districts have no purse for the group there is one place, which stands for all of them.
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
    city: Purse | None
    districts: list[Purse]
    city_share: float
    social_city_share: float
    weights: Integers

    def __post_init__(self) -> None:
        self.public_accounts = tuple(purse.public_account for purse in self.districts)
        self.social_accounts = tuple(purse.social_account for purse in self.districts)


class Treasury:
    """Sources, releases and the rules of the year for all purses of a city."""

    def __init__(self, city: City) -> None:
        self._city = city
        plan, budget = city.plan.spec, city.scenario.budget
        ledger = city.ledger
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
        self._groups = sorted(city.scenario.allocation.group_shares)
        self._group_weights = _integer_weights(
            [city.scenario.allocation.group_shares[g] for g in self._groups]
        )
        self._group_ties = city.ties([f"group/{g}" for g in self._groups])
        self._divisions = [self._division(group) for group in self._groups]
        self._fiscal_weights = np.array([d.fiscal_strength for d in city.districts])
        shares = [*(budget.source_shares[s] for s in self._sources)]
        by_source = dict(
            zip(
                self._sources,
                largest_remainder(
                    budget.public_total,
                    _integer_weights(shares),
                    city.ties([f"source/{s}" for s in self._sources]),
                ),
                strict=True,
            )
        )
        by_source["social"] = budget.social_total
        self._authorised = {s: self._schedule(total) for s, total in by_source.items()}
        self._execution = self._execution_factors()
        self._overcommitment = city.scenario.planning.overcommitment
        self._mean_execution = city.plan.mean("execution_factor")

    def _division(self, group: str) -> _Division:
        city = self._city
        shares = city.scenario.allocation
        pool = group == city.capital_group
        city_share = shares.capital_share if pool else shares.city_shares.get(group, 0.0)
        return _Division(
            group=group,
            city=city.city_purses.get(group),
            districts=city.district_purses.get(group, []),
            city_share=city_share,
            # The capital pool takes no social money: it follows the districts' facilities.
            social_city_share=0.0 if pool else city_share,
            weights=_NO_WEIGHTS,
        )

    def _schedule(self, total: int) -> list[list[int]]:
        budget = self._city.scenario.budget
        years = len(budget.year_shares)
        yearly = largest_remainder(total, _integer_weights(budget.year_shares), list(range(years)))
        quarters = _integer_weights(budget.quarter_shares)
        return [largest_remainder(year, quarters, list(range(4))) for year in yearly]

    def _execution_factors(self) -> dict[str, list[float]]:
        city = self._city
        names = (*self._sources, "social")
        keys = np.array([name_key(s) for s in names], dtype=np.uint64)[:, None]
        years = np.arange(len(city.calendar.years))[None, :]
        factors = city.quantile("execution_factor", city.streams.uniform("execution", keys, years))
        return dict(zip(names, factors.tolist(), strict=True))

    # ------------------------------------------------------------------ the year as a process

    def years(self) -> Generator[Event, None, None]:
        """Every year: announce, release four times, meet in July, close the books in December."""
        city = self._city
        calendar, clock = city.calendar, city.clock
        for index, year in enumerate(calendar.years):
            yield clock.at(calendar.day_of(year, _NEW_YEAR), Phase.RELEASE)
            city.ledger.open_year(index)
            self.announce(index)
            meeting = calendar.day_of(year, city.plan.spec.calendar.mid_year_meeting)
            agenda = [(day, quarter) for quarter, day in enumerate(calendar.releases[index])]
            for day, quarter in sorted([*agenda, (meeting, _MEETING)]):
                yield clock.at(day, Phase.RELEASE)
                if quarter == _MEETING:
                    self.meet(index)
                else:
                    self.release(index, quarter)
                    self.settle(index)
            yield clock.at(calendar.year_ends[index], Phase.ACCOUNTING)
            city.portfolio.lapse()
            self.claw_back()

    def announce(self, year: int) -> None:
        """Fix the year's division and tell every purse what to expect, before execution."""
        city = self._city
        allocation = city.scenario.allocation
        rule = RULES[allocation.rule]
        group_shares = [w / sum(self._group_weights) for w in self._group_weights]
        fiscal, fiscal_total = self._fiscal_weights.astype(float), int(self._fiscal_weights.sum())
        # A row each for what is held, the districts' match and social money, a column a quarter.
        authorised = np.array([self._totals(self._authorised, year, q) for q in range(4)]).T
        for division, group_share in zip(self._divisions, group_shares, strict=True):
            if division.city is None:
                continue
            states = city.quotas.district_states(division.group, year)
            division.weights = np.array(rule(allocation, states), dtype=np.int64)
            weights, total = division.weights.astype(np.float64), int(division.weights.sum())
            held, match, social = authorised * group_share
            kept = np.minimum(held, division.city_share * (held + match))
            social_kept = division.social_city_share * social
            division.city.announced = (kept + social_kept).tolist()
            to_districts = (held - kept + social - social_kept)[:, None]
            announced = to_districts * weights / total + match[:, None] * fiscal / fiscal_total
            if division.districts:
                for purse, own in zip(division.districts, announced.T.tolist(), strict=True):
                    purse.announced = own
        if year and allocation.rule in LOOK_AT_DELIVERY:
            city.quotas.rank(year)
        city.log("release", "treasury", "announced")

    def _totals(
        self, schedule: dict[str, list[list[int]]], year: int, quarter: int
    ) -> tuple[int, int, int]:
        match_source = self._city.plan.spec.match_source
        held = sum(schedule[s][year][quarter] for s in self._sources if s != match_source)
        return held, schedule[match_source][year][quarter], schedule["social"][year][quarter]

    def release(self, year: int, quarter: int) -> None:
        """Release one quarter's money, as far as it is executed, into the purses."""
        city, ledger = self._city, self._city.ledger
        match_source = city.plan.spec.match_source
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
        city.log("release", "treasury", "released", f"{held + match + social}")

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
            shares = iter(largest_remainders(totals, np.array(weights), self._city.place_ties))
        delayed = self._city.shocks.has("release_delay")
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
        city, shocks = self._city, self._city.shocks
        today, group = city.clock.today, division.group
        late = shocks.days_late(today, None, group)
        places = range(len(division.districts))
        late_by_place = [shocks.days_late(today, place, group) for place in places] or [late]
        for days in sorted({late, *late_by_place}):
            part = portion.part(late == days, [own == days for own in late_by_place])
            if days == 0:
                self._hand_over(division, part)
            elif today + days <= city.calendar.horizon:
                city.clock.process(self._hand_over_later(today + days, division, part))
            else:
                self._return(part)

    def _hand_over_later(
        self, day: int, division: _Division, portion: _Portion
    ) -> Generator[Event, None, None]:
        """Money that lies in the treasury until ``day``."""
        city = self._city
        yield city.clock.at(day, Phase.RELEASE)
        # On 1 January late money may come before the year's own process has opened the books.
        city.ledger.open_year(city.calendar.year_index(day))
        self._hand_over(division, portion)
        total = f"{sum(portion.totals())}"
        city.log("release", f"group {division.group}", "received late", total)

    def _return(self, portion: _Portion) -> None:
        """What would arrive after the horizon goes back."""
        accounts = self._city_account, self._match_account, self._social_account
        for account, yuan in zip(accounts, portion.totals(), strict=True):
            self._city.ledger.transfer(account, self._returned, yuan)

    def _hand_over(self, division: _Division, portion: _Portion) -> None:
        """Put a portion into the purses; what has no purse is spent outright."""
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

    def _keep(self, purse: Purse, held: int, social: int) -> None:
        """Give the city's purse of a group its part, less what is cut from public money today."""
        left = self._city.shocks.left("budget_cut", self._city.clock.today, None, purse.group)
        purse.receive(self._city_account, self._cut(self._city_account, held, left), social=False)
        purse.receive(self._social_account, social, social=True)

    def _hand_out(
        self, division: _Division, held: list[int], match: list[int], social: list[int]
    ) -> None:
        """Give the districts of a group their shares, less what is cut from public money today."""
        ledger, shocks = self._city.ledger, self._city.shocks
        if shocks.has("budget_cut"):
            today = self._city.clock.today
            cuts = shocks.left_by_place("budget_cut", today, division.group).tolist()
            held = self._cut_each(self._city_account, held, cuts)
            match = self._cut_each(self._match_account, match, cuts)
        ledger.distribute(self._city_account, division.public_accounts, held)
        ledger.distribute(self._match_account, division.public_accounts, match)
        ledger.distribute(self._social_account, division.social_accounts, social)
        for purse, own, matched, given in zip(division.districts, held, match, social, strict=True):
            purse.fund(own + matched, given)

    def _cut(self, account: int, yuan: int, left: float) -> int:
        """What a cut leaves of public money in ``account``; the rest is withheld."""
        rest = int(yuan * left)
        self._city.ledger.transfer(account, self._withheld, yuan - rest)
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
        ledger = self._city.ledger
        left = self._city.shocks.left("budget_cut", self._city.clock.today, None, group)
        held = self._cut(self._city_account, held, left)
        match = self._cut(self._match_account, match, left)
        spent = ledger.account(f"programme_spending:{group}")
        for account, amount, kind in (
            (self._city_account, held, "public"),
            (self._match_account, match, "public"),
            (self._social_account, social, "social"),
        ):
            envelope = ledger.account(f"{level}:{group}:{kind}")
            ledger.transfer(account, envelope, amount)
            ledger.transfer(envelope, spent, amount)

    def settle(self, year: int) -> None:
        """Every purse pays a quarter's obligations out of what it has."""
        city = self._city
        cost_index, wage_index = city.cost_index[year], city.wage_index[year]
        minimum_service = city.draw["minimum_service_level"]
        for purse in city.purses:
            purse.settle(cost_index, wage_index, minimum_service)
            if purse.service < 1.0 and city.tracing:
                entity = f"purse {purse.level}:{purse.group}@{purse.place}"
                city.log("release", entity, "paid its obligations in part", f"{purse.service:.3f}")

    def meet(self, year: int) -> None:
        """The mid-year meeting: slack purses lend a hand to starved ones of the same group.

        Only public money moves, only what exceeds the threshold, and only as far as the queues of
        the starved purses need it.
        """
        city = self._city
        rule = city.scenario.allocation.reallocation
        if city.obstacle("reallocation", year):
            return
        city.log("release", "treasury", "met")
        if not rule.enabled:
            return
        threshold = rule.threshold
        to_come = city.calendar.releases_after(city.clock.today, year)
        for division in self._divisions:
            purses = division.districts
            if not purses:
                continue
            slack, wanted = [], []
            for purse in purses:
                outlook = self._outlook(purse, year, to_come)
                floor = threshold * sum(purse.announced)
                slack.append(max(0, min(purse.uncommitted_public(), math.floor(outlook - floor))))
                wanted.append(max(0, math.ceil(-outlook)))
            given, got = reallocate(slack, wanted, city.place_ties)
            if not any(given):
                continue
            for purse, gives in zip(purses, given, strict=True):
                purse.give_public(self._city_account, gives)
            for purse, gets in zip(purses, got, strict=True):
                purse.receive(self._city_account, gets, social=False)
            city.log("release", f"group {division.group}", "reallocated", f"{sum(given)}")

    def _outlook(self, purse: Purse, year: int, to_come: Sequence[int]) -> float:
        """Yuan that a purse will have left, or lack, at year end if nothing new is contracted.

        ``to_come`` are the quarters of the year whose release is still ahead.
        """
        city = self._city
        announced = purse.announced
        expected = sum([announced[quarter] for quarter in to_come]) * self._mean_execution
        obligations = purse.obligations(city.cost_index[year], city.wage_index[year])
        return (
            purse.balance
            + expected
            - obligations * len(to_come) / 4.0
            - purse.committed
            - purse.new_contracts
        )

    def claw_back(self) -> None:
        """At year end the share of uncommitted public money that is not kept goes back."""
        city = self._city
        kept = city.scenario.budget.carry_over
        total = 0
        for purse in city.purses:
            uncommitted = purse.uncommitted_public()
            returned = uncommitted - round(uncommitted * kept)
            if returned:
                purse.give_public(self._returned, returned)
                total += returned
        city.log("accounting", "treasury", "clawed back", f"{total}")

    # ------------------------------------------------------------------ for planning

    def in_sight(self, purse: Purse, year: int, to_come: Sequence[int]) -> float:
        """Money a planner may count on this year: balance plus announced releases still to come.

        Times ``planning.overcommitment``, less the obligations of the rest of the year, unpaid
        instalments and proposals under way. Shocks to come are never known. Yuan; may be negative.
        ``to_come`` are the quarters of the year whose release is still ahead.
        """
        city = self._city
        announced = purse.announced
        expected = sum([announced[quarter] for quarter in to_come]) * self._mean_execution
        obligations = purse.obligations(city.cost_index[year], city.wage_index[year])
        return (
            (purse.balance + expected) * self._overcommitment
            - obligations * len(to_come) / 4.0
            - purse.committed
            - purse.pledged
        )
