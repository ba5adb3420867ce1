"""Rules for dividing money, and what they do in a year of the city."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.config.schema import Allocation, Run
from sim.model.city import City
from sim.model.money.allocation import RULES, DistrictState, reallocate
from sim.model.works.project import OPEN
from tests.eventlog import city_events
from tests.factory import (
    Json,
    city_of,
    district,
    fixed,
    history,
    layout_of,
    micro_run,
    settings,
    triangular,
)

COMMON = {
    "group_shares": {"facilities": 1.0},
    "city_shares": {},
    "capital_share": 0.0,
    "reallocation": {"enabled": False, "threshold": 0.0},
}


def allocation(**changes: Any) -> Allocation:
    return Allocation.model_validate({"rule": "population", **COMMON, **changes})


def state(
    population: int = 1_000, zone: str = "z", gap: int = 0, delivery: float = 1.0, adcode: int = 1
) -> DistrictState:
    return DistrictState(population, zone, gap, delivery, adcode)


def shares(rule: str, states: list[DistrictState], **changes: Any) -> list[float]:
    weights = RULES[rule](allocation(rule=rule, **changes), states)
    assert all(isinstance(weight, int) and weight >= 0 for weight in weights)
    return [weight / sum(weights) for weight in weights]


def test_population_is_proportional_to_inhabitants() -> None:
    assert shares("population", [state(3_000), state(1_000)]) == [0.75, 0.25]


def test_equal_is_the_same_for_all() -> None:
    assert shares("equal", [state(3_000), state(1_000)]) == [0.5, 0.5]


def test_need_follows_the_cost_of_what_is_missing() -> None:
    assert shares("need", [state(1, gap=10), state(9, gap=30), state(9)]) == [0.25, 0.75, 0.0]


def test_need_falls_back_to_population_when_nothing_is_missing() -> None:
    assert shares("need", [state(3_000), state(1_000)]) == [0.75, 0.25]


def test_equity_weighs_its_zones() -> None:
    states = [state(1_000, "a"), state(1_000, "b")]
    assert shares("equity", states, equity_zones=["b"], equity_factor=3.0) == [0.25, 0.75]
    assert shares("equity", states, equity_zones=["b"], equity_factor=1.0) == [0.5, 0.5]


def test_performance_moves_its_share_by_last_years_delivery() -> None:
    # Mean delivery 0.5: the two are at 2 and at 0 times the mean.
    states = [state(1_000, delivery=1.0), state(1_000, delivery=0.0)]
    assert shares("performance", states, performance_share=0.0) == [0.5, 0.5]
    assert shares("performance", states, performance_share=0.5) == [0.75, 0.25]
    assert shares("performance", states, performance_share=1.0) == [1.0, 0.0]


def test_performance_of_nobody_is_population() -> None:
    states = [state(3_000, delivery=0.0), state(1_000, delivery=0.0)]
    assert shares("performance", states) == [0.75, 0.25]


def test_custom_weights_are_relative() -> None:
    states = [state(adcode=1), state(adcode=2)]
    for factor in (1e-9, 1.0, 1e9):
        weights = {"1": 3.0 * factor, "2": 1.0 * factor}
        assert shares("custom", states, weights=weights) == pytest.approx([0.75, 0.25], abs=1e-6)


@given(
    rule=st.sampled_from(["population", "equal", "need", "equity", "performance"]),
    numbers=st.lists(
        st.tuples(
            st.integers(1, 10**6), st.sampled_from("ab"), st.integers(0, 10**10), st.floats(0, 3)
        ),
        min_size=2,
        max_size=10,
    ),
    random=st.randoms(use_true_random=False),
)
def test_permuted_districts_get_permuted_weights(
    rule: str, numbers: list[tuple[int, str, int, float]], random: Random
) -> None:
    states = [state(*entry, adcode=i) for i, entry in enumerate(numbers)]
    order = list(range(len(states)))
    random.shuffle(order)
    rules = allocation(equity_zones=["b"], equity_factor=2.0)
    weights = RULES[rule](rules, states)
    assert RULES[rule](rules, [states[i] for i in order]) == [weights[i] for i in order]


# ----------------------------------------------------------------------------------- reallocation


purses = st.integers(1, 8).flatmap(
    lambda n: st.tuples(
        st.lists(st.integers(0, 10**9), min_size=n, max_size=n),
        st.lists(st.integers(0, 10**9), min_size=n, max_size=n),
        st.lists(st.floats(0, 1), min_size=n, max_size=n, unique=True),
    )
)


@given(purses)
def test_reallocation_gives_away_what_others_get_and_no_more_than_there_is(
    case: tuple[list[int], list[int], list[float]],
) -> None:
    slack, wanted, ties = case
    given_away, got = reallocate(slack, wanted, ties)
    assert sum(given_away) == sum(got) == min(sum(slack), sum(wanted))
    assert all(0 <= gives <= spare for gives, spare in zip(given_away, slack, strict=True))
    assert all(0 <= gets <= wants for gets, wants in zip(got, wanted, strict=True))


def test_a_single_yuan_moves_and_where_nothing_is_to_spare_nothing_does() -> None:
    assert reallocate([1, 0], [0, 5], [0.1, 0.2]) == ([1, 0], [0, 1])
    assert reallocate([0, 0], [0, 5], [0.1, 0.2]) == ([0, 0], [0, 0])


# ---------------------------------------------------------------------------- in a year of the city


POOR, RICH = 900_101, 900_102


def two_districts(directory: Path, **changes: Any) -> Run:
    """10 000 000 yuan a year, three quarters for the populous district.

    The small one wants a hall of 8 000 000 (4 000 000 at contract, 625 000 a quarter are there);
    the populous one has nothing to do: no quota is left for it by the key.
    """
    # All quotas go to the one district that has villages.
    places = [
        district(POOR, population=1_000, villages=1),
        district(RICH, population=3_000, villages=0),
    ]
    hall = {"goal": 1, "quota_key": "villages", "unit_cost": 8_000_000, "build_months": 12}
    return micro_run(
        directory,
        {"hall": hall},
        districts=places,
        budget={"public_total": 50_000_000},
        record="full",
        **changes,
    )


def inflow(run: Run, year: int, place: int, payer: str = "treasury:city") -> int:
    """Public money for facilities that a place, by its adcode, gets from an account."""
    wanted = year, payer, "district:facilities:public", layout_of(run).places.index(place)
    flows = history(run).ledger.rows()
    return sum(yuan for y, a, b, yuan, at in flows if (y, a, b, at) == wanted)


def test_the_meeting_moves_uncommitted_money_to_waiting_claims(directory: Path) -> None:
    """By July the small district has 2 x 625 000 of 4 000 000 and expects another 2 x 625 000.

    It lacks 1 500 000. The other one has 2 x 1 875 000, expects as much again, and keeps a tenth of
    that: it can spare all it has. The 1 500 000 move, and the last release of the year makes the
    4 000 000 full.
    """
    moving = {"reallocation": {"enabled": True, "threshold": 0.1}}
    run = two_districts(directory, allocation=moving)
    outcome = history(run)
    assert outcome.log is not None
    events = {entry.event: entry for entry in outcome.log if entry.day <= 365}
    assert events["reallocated"].detail == "1500000"
    assert (events["reallocated"].day, events["contracted"].day) == (196, 314)  # July, November
    assert inflow(run, 0, POOR) == 4 * 625_000 + 1_500_000


def test_the_meeting_leaves_money_that_an_instalment_will_need(directory: Path) -> None:
    """Both want a hall of 6 000 000. The populous district contracts in May: 750 000 are left then,
    and 3 000 000 will be due. What it expects until December would pay for that, but the meeting
    does not lend cash on the strength of releases to come."""
    hall = {"goal": 2, "quota_key": "equal", "unit_cost": 6_000_000, "build_months": 12}
    run = micro_run(
        directory,
        {"hall": hall},
        districts=[district(POOR, population=1_000), district(RICH, population=3_000)],
        budget={"public_total": 50_000_000},
        allocation={"reallocation": {"enabled": True, "threshold": 0.0}},
        record="full",
    )
    log = history(run).log
    contracted = [e for e in city_events(log, "contracted") if e.day <= 365]
    assert [entry.place for entry in contracted] == [str(RICH)]
    assert not [entry for entry in city_events(log, "reallocated") if entry.day <= 365]


def test_the_threshold_keeps_money_where_it_is(directory: Path) -> None:
    """Of a year's releases nothing can be spared where all of it stays put."""
    still = {"reallocation": {"enabled": True, "threshold": 1.0}}
    run = two_districts(directory, allocation=still)
    moved = city_events(history(run).log, "reallocated")
    assert [entry for entry in moved if entry.day <= 365] == []
    assert inflow(run, 0, POOR) == 4 * 625_000


def test_the_meeting_looks_at_every_group(directory: Path) -> None:
    """Of five groups the first has no purses in districts, in the second nobody is in want, in the
    third there is nothing to spare, in the others 40 yuan can be moved."""
    groups = ("awards", "books", "courses", "displays", "exhibitions")
    run = micro_run(
        directory,
        {name: {"goal": 1, "group": name, "unit_cost": 10**12} for name in groups[1:]},
        districts=[district(POOR), district(RICH)],
        groups=dict.fromkeys(groups, 0.2),
        allocation={"reallocation": {"enabled": True, "threshold": 0.0}},
    )
    city = city_of(run)
    for group in groups[1:]:
        poor, rich = city.envelopes.districts[group]
        poor.new_contracts = 0 if group == "books" else 40
        rich.public = 0 if group == "courses" else 100
    city.treasury.meet(0)
    moved = {group: [p.public for p in city.envelopes.districts[group]] for group in groups[1:]}
    assert moved == {
        "books": [0, 100], "courses": [0, 0], "displays": [40, 60], "exhibitions": [40, 60],
    }  # fmt: skip


def test_the_meeting_leaves_a_part_of_the_years_money_where_it_is(directory: Path) -> None:
    """One district has 100 yuan, and 200 were announced for the year: a tenth of these stays. The
    other one lacks 300."""
    run = micro_run(
        directory, {"hall": {"goal": 1, "unit_cost": 10**12}},
        districts=[district(POOR), district(RICH)],
        allocation={"reallocation": {"enabled": True, "threshold": 0.1}},
    )  # fmt: skip
    city = city_of(run)
    city.world.clock.today = 350  # no release of the year is ahead
    poor, rich = city.envelopes.districts["facilities"]
    poor.new_contracts, rich.public = 300, 100
    rich.announce([200.0, 0.0, 0.0, 0.0])
    city.treasury.meet(0)
    assert (poor.public, rich.public) == (80, 20)


def test_without_the_rule_the_meeting_only_talks(directory: Path) -> None:
    run = two_districts(directory)
    log = history(run).log
    assert [entry.day for entry in city_events(log, "met")] == [196, 561, 926, 1291, 1657]
    assert not city_events(log, "reallocated")


@pytest.mark.parametrize(
    ("rule", "changes", "share"),
    [
        ("population", {}, 0.25),
        ("equal", {}, 0.5),
        ("custom", {"weights": {str(POOR): 4.0, str(RICH): 1.0}}, 0.8),
        ("need", {}, 1.0),  # everything missing is in the small district
    ],
)
def test_a_years_money_follows_the_rule(
    directory: Path, rule: str, changes: Json, share: float
) -> None:
    run = two_districts(directory, allocation={"rule": rule, **changes})
    assert inflow(run, 0, POOR) == pytest.approx(share * 10_000_000, abs=4)
    assert inflow(run, 0, POOR) + inflow(run, 0, RICH) == 10_000_000


def test_match_money_follows_fiscal_strength_whatever_the_rule(directory: Path) -> None:
    places = [district(POOR, gdp=10.0), district(RICH, gdp=30.0)]
    run = micro_run(
        directory,
        {"hall": {"goal": 1, "unit_cost": 10**9}},
        districts=places,
        budget={"public_total": 50_000_000, "source_shares": {"city": 0.6, "match": 0.4}},
        allocation={"rule": "equal"},
        record="full",
    )
    assert [inflow(run, 2, place, "treasury:districts") for place in (POOR, RICH)] == [
        1_000_000,
        3_000_000,
    ]
    assert [inflow(run, 2, place) for place in (POOR, RICH)] == [3_000_000, 3_000_000]


def test_performance_rewards_last_years_delivery(directory: Path) -> None:
    """One district delivers its first hall in 2016; the other one could not, for want of a crew."""
    places = [district(POOR, zone="z"), district(RICH, zone="y")]
    run = micro_run(
        directory,
        {"hall": {"goal": 8, "needs": ["crew"], "unit_cost": 100_000, "build_months": 1}},
        districts=places,
        parameters={"crews_y": fixed(0)},
        allocation={"rule": "performance", "performance_share": 1.0},
        planning={"pace": 0.25},
        record="full",
    )
    assert inflow(run, 0, POOR) == inflow(run, 0, RICH)
    assert (inflow(run, 1, POOR), inflow(run, 1, RICH)) == (8_000_000, 0)


# ----------------------------------------------------------------------------------- the claw-back


@pytest.mark.parametrize("kept", [0.0, 0.3, 0.7, 1.0])
def test_the_claw_back_takes_its_share_of_what_is_not_committed(
    directory: Path, kept: float
) -> None:
    """8 000 000 a year come in and nothing is asked for: b' = kept x (b + 8 000 000)."""
    run = micro_run(
        directory,
        {"hall": {"goal": 1, "unit_cost": 10**12}},
        budget={"carry_over": kept},
        record="full",
    )
    balance = 0
    for year in range(5):
        returned = sum(
            yuan
            for y, _, payee, yuan in history(run).ledger.of_all_places()
            if (y, payee) == (year, "returned")
        )
        assert returned == balance + 8_000_000 - round(kept * (balance + 8_000_000))
        balance = round(kept * (balance + 8_000_000))


def test_social_money_is_never_clawed_back(real_run: Run) -> None:
    run = settings(real_run, {"budget.carry_over": 0.0}, record="full")
    payers = {
        payer
        for _, payer, payee, _ in history(run, trace=False).ledger.of_all_places()
        if payee == "returned"
    }
    assert payers
    assert not [payer for payer in payers if not payer.endswith(":public")]


def test_an_unpaid_instalment_is_committed(directory: Path) -> None:
    """12 000 000 in two halves. 2016: 6 000 000 of 8 000 000 are paid at the contract, so the other
    2 000 000 stay, for they are wanted: in 2017 the building goes on for years."""
    run = micro_run(
        directory,
        {"hall": {"goal": 1, "unit_cost": 12_000_000, "build_months": 70}},
        budget={"carry_over": 0.0},
        record="full",
    )
    returned = {
        y: yuan for y, _, payee, yuan in history(run).ledger.of_all_places() if payee == "returned"
    }
    # 2017: 2 000 000 + 8 000 000 less the 6 000 000 that are still to be paid; then a year's money.
    assert returned == {1: 4_000_000, 2: 8_000_000, 3: 8_000_000, 4: 8_000_000}


Weigh = Callable[[Allocation, list[DistrictState]], list[int]]


@given(st.lists(st.integers(1, 10**7), min_size=1, max_size=40))
def test_rules_do_not_depend_on_the_unit_of_population(populations: list[int]) -> None:
    weigh: Weigh = RULES["population"]
    ones = weigh(allocation(), [state(p) for p in populations])
    tens = weigh(allocation(), [state(10 * p) for p in populations])
    for one, ten in zip(ones, tens, strict=True):
        assert math.isclose(one / sum(ones), ten / sum(tens))


# -------------------------------------------------------------- what a rule sees of the last year


def halls_opened(directory: Path, *opened: int, villages: tuple[int, int] = (2, 2)) -> City:
    """Two districts with two halls of a million each to deliver, one a year by pace; halls of the
    first one are opened on the given days."""
    places = [district(POOR, villages=villages[0]), district(RICH, villages=villages[1])]
    run = micro_run(
        directory,
        {"hall": {"goal": sum(villages), "quota_key": "villages", "unit_cost": 1_000_000}},
        districts=places,
        allocation={"rule": "performance", "performance_share": 1.0},
        planning={"pace": 0.5},
    )
    city = city_of(run)
    own = [
        p for p in city.portfolio.projects["hall"] if city.world.districts[p.place].adcode == POOR
    ]
    for project, day in zip(own, opened, strict=False):
        project.status, project.opened = OPEN, day
    return city


@pytest.mark.parametrize(
    ("opened", "delivery"),
    [("2016-12-31", 0.0), ("2017-01-01", 1.0), ("2017-12-31", 1.0), ("2018-01-01", 0.0)],
)
def test_last_year_is_from_new_years_day_to_the_last_of_december(
    directory: Path, opened: str, delivery: float
) -> None:
    """Seen in January 2018: one hall a year was due, and one was opened on a day."""
    day = (dt.date.fromisoformat(opened) - dt.date(2016, 1, 1)).days
    states = halls_opened(directory, day).quotas.district_states("facilities", 2)
    assert [state.delivery for state in states] == [delivery, 0.0]
    assert [state.gap for state in states] == [1_000_000, 2_000_000]


def test_a_district_that_owes_nothing_has_delivered_what_was_due(directory: Path) -> None:
    """It has no quota; it is not to be punished for delivering nothing."""
    states = halls_opened(directory, villages=(2, 0)).quotas.district_states("facilities", 1)
    assert [(state.delivery, state.gap) for state in states] == [(0.0, 2_000_000), (1.0, 0)]


def test_in_the_first_year_everybody_has_delivered(directory: Path) -> None:
    states = halls_opened(directory).quotas.district_states("facilities", 0)
    assert [state.delivery for state in states] == [1.0, 1.0]


# ------------------------------------------------------------------------------ announced, released


def test_match_money_is_announced_by_fiscal_strength_and_the_rest_by_the_rule(
    directory: Path,
) -> None:
    """2 000 000 a quarter: a quarter of it match money, of which the strong district pays 9 of 10;
    of the rest the city keeps a third, and the populous district gets three quarters."""
    run = micro_run(
        directory,
        {"hall": {"goal": 1, "unit_cost": 10**12}},
        districts=[
            district(POOR, population=1_000, gdp=90.0), district(RICH, population=3_000, gdp=10.0)
        ],
        budget={"source_shares": {"city": 0.75, "match": 0.25}},
        allocation={"capital_share": 0.25},
    )  # fmt: skip
    city = city_of(run)
    city.world.open_year(0)
    city.treasury.announce(0)
    (poor, rich), own = city.envelopes.districts["facilities"], city.envelopes.city["facilities"]
    assert own.announced == pytest.approx([500_000.0] * 4)  # a quarter of all, out of what is held
    assert poor.announced == pytest.approx([1_000_000 / 4 + 500_000 * 0.9] * 4)
    assert rich.announced == pytest.approx([1_000_000 * 3 / 4 + 500_000 * 0.1] * 4)
    # What is released is what was announced where all of it is executed.
    city.treasury.release(0, 0)
    assert [p.balance() for p in (own, poor, rich)] == [500_000, 700_000, 800_000]


def test_every_year_and_source_has_an_execution_of_its_own(directory: Path, seed: int) -> None:
    """Authorised are 800 000 and 1 200 000 a quarter; the four quarters of a year share a factor,
    and no two years or sources do."""
    run = micro_run(
        directory,
        {"hall": {"goal": 1, "unit_cost": 10**12}},
        budget={"source_shares": {"city": 0.4, "match": 0.6}},
        parameters={"execution_factor": triangular(0.5, 0.8, 1.0, "year")},
        seed=seed,
    )
    city = city_of(run)
    factors = set()
    for year in range(5):
        city.world.open_year(year)
        city.treasury.announce(year)
        for quarter in range(4):
            city.treasury.release(year, quarter)
    by_year: dict[tuple[str, int], int] = {}
    for year, payer, _, yuan in city.world.ledger.statement().flows({}).of_all_places():
        if payer.startswith("source:"):
            by_year[payer, year] = by_year.get((payer, year), 0) + yuan
    for source, authorised in (("source:city", 3_200_000), ("source:match", 4_800_000)):
        own = [by_year[source, year] / authorised for year in range(5)]
        assert all(0.5 <= factor <= 1.0 for factor in own)
        factors |= {round(factor, 4) for factor in own}
    assert len(factors) == 10
