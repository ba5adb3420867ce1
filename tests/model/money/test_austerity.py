"""Austerity: what happens where obligations cannot be paid in full, by hand."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from sim.config.schema import Run
from sim.model.kernel.clock import Clock
from sim.model.kernel.ledger import Ledger
from sim.model.kernel.queues import GrantDesk
from sim.model.money.envelope import Envelope, summary
from sim.model.parts.reach import Reach
from tests.eventlog import city_events
from tests.factory import LABEL, Json, city_of, district, fixed, history, layout_of, micro_run


def purse(running_year: float = 0.0, pay_year: float = 0.0) -> tuple[Envelope, Ledger, int]:
    """A purse without money, its ledger, and the account that money comes from."""
    clock, ledger = Clock(), Ledger(5)
    ledger.open_year(0)
    source = ledger.account("source", source=True)
    own = Envelope(
        clock, GrantDesk(clock), ledger, place=1, group="g", level="district", backfill=False
    )
    own.running_year, own.pay_year = running_year, pay_year
    return own, ledger, source


def spent(ledger: Ledger) -> dict[str, int]:
    """Yuan by payee."""
    totals: dict[str, int] = {}
    for _, _, payee, yuan in ledger.statement().flows({}).of_all_places():
        totals[payee] = totals.get(payee, 0) + yuan
    return totals


# ------------------------------------------------------------------------------- a single purse


def test_what_is_short_is_short_for_operators_and_staff_alike() -> None:
    """75 and 25 are due in a quarter and 50 are there: 37.5 and 12.5, the half yuan to staff."""
    own, ledger, source = purse(running_year=300.0, pay_year=100.0)
    own.receive(source, 50, social=False)
    own.settle(1.0, 1.0, 0.5)
    assert own.service == 0.5
    assert own.balance() == 0
    assert (spent(ledger)["running_costs:g"], spent(ledger)["staff_pay:g"]) == (37, 13)


def test_completions_that_could_not_be_paid_are_asked_for_still() -> None:
    """30 and 40 fall due today and 50 are there: the first is paid, the other 40 wait."""
    own, ledger, source = purse()
    claimants = [SimpleNamespace(tie=tie, order=order) for order, tie in enumerate((0.1, 0.2))]
    for yuan in (30, 40):
        own.expect_completion(0, yuan)
    own.receive(source, 50, social=False)
    waiting = [own.complete(who, yuan) for who, yuan in zip(claimants, (30, 40), strict=True)]
    assert own.completions == 70
    assert own.grant() == [waiting[0]]
    assert (own.completions, own.balance(), spent(ledger)["contractors:g"]) == (40, 20, 30)
    own.receive(source, 20, social=False)
    assert own.grant() == [waiting[1]]
    assert (own.completions, own.balance()) == (0, 0)


def test_obligations_rise_with_their_own_prices() -> None:
    """Running costs by the index of costs, pay by that of wages."""
    own, ledger, source = purse(running_year=400.0, pay_year=200.0)
    assert own.obligations(1.1, 1.5) == pytest.approx(740.0)
    own.receive(source, 1_000, social=False)
    own.settle(1.1, 1.5, 0.5)
    assert (spent(ledger)["running_costs:g"], spent(ledger)["staff_pay:g"]) == (110, 75)
    assert own.service == 1.0


@pytest.mark.parametrize(
    ("public", "social", "service"), [(100, 0, 1.0), (60, 40, 1.0), (60, 20, 0.8)]
)
def test_social_money_pays_what_public_money_leaves(
    public: int, social: int, service: float
) -> None:
    own, ledger, source = purse(running_year=400.0)
    own.receive(source, public, social=False)
    own.receive(source, social, social=True)
    own.settle(1.0, 1.0, 0.5)
    assert own.service == service
    assert (own.public, own.social) == (0, 0)
    assert spent(ledger)["running_costs:g"] == round(100 * service)


def test_service_of_a_year_is_the_mean_of_its_quarters() -> None:
    """At the start a full quarter stands for those before; four quarters later it is forgotten."""
    own, _, source = purse(running_year=400.0)
    seen = []
    for paid in (50, 0, 100, 25, 25):
        own.receive(source, paid, social=False)
        own.settle(1.0, 1.0, 0.5)
        seen.append(own.yearly_service)
    assert seen == [1.5 / 2, 1.5 / 3, 2.5 / 4, 1.75 / 4, 1.5 / 4]


def test_quarters_without_pay_count_only_in_a_row() -> None:
    """A service of the minimum is enough; one paid quarter begins the count anew."""
    own, _, source = purse(running_year=400.0)
    counts = []
    for paid in (49, 0, 50, 49, 100, 0):
        own.receive(source, paid, social=False)
        own.settle(1.0, 1.0, 0.5)
        counts.append(own.unpaid_quarters)
    assert counts == [1, 2, 0, 1, 0, 1]


def test_a_purse_that_owes_nothing_serves_in_full() -> None:
    own, ledger, source = purse()
    own.receive(source, 10, social=False)
    own.settle(1.0, 1.0, 0.5)
    assert (own.service, own.balance(), own.unpaid_quarters) == (1.0, 10, 0)
    assert set(spent(ledger)) == {"district:g:public"}


def test_the_service_of_several_purses_is_weighted_by_what_each_owes() -> None:
    """300 are due at half service and 100 in full: 250 of 400."""
    poor, rich = purse(running_year=200.0, pay_year=50.0)[0], purse(running_year=100.0)[0]
    poor.service = 0.5
    rich.public, rich.social = 7, 5
    level, balance, queued = summary((poor, rich), 1.0, 2.0)
    assert level == 250.0 / 400.0
    assert (balance, queued) == (12.0, 0.0)
    assert summary((purse()[0],), 1.0, 1.0)[0] == 1.0


def test_money_that_a_first_instalment_waits_for_is_spoken_for() -> None:
    """100 are there; a claim of 130 waits, then one of 30: neither is free for anything else."""

    class Somebody:
        def __init__(self, order: int) -> None:
            self.tie, self.order = 0.5, order

    own, _, source = purse()
    own.receive(source, 100, social=False)
    large = own.claim(3, Somebody(0), 130)
    assert (own.uncommitted(), own.uncommitted_public()) == (0, 0)
    own.withdraw(large)
    own.claim(3, Somebody(1), 30)
    assert (own.uncommitted(), own.uncommitted_public()) == (70, 70)
    own.receive(source, 20, social=True)
    own.committed = 45
    assert (own.uncommitted(), own.uncommitted_public()) == (45, 25)


# ------------------------------------------------------------------------------------- in the city


HALLS = {
    "measure": "stock", "goal": 12, "baseline": 10,
    "measured_by": {"type": "delivered", "programme": "hall"},
}  # fmt: skip


def halls(
    directory: Path, running_cost: int, run_share: float = 1.0, unit_cost: int = 1_000_000
) -> Run:
    """Ten halls stand in a district with 8 000 000 yuan a year, 2 000 000 a quarter."""
    hall = {
        "target": "hall", "unit_cost": unit_cost, "running_cost": running_cost, "build_months": 1,
        "visits": 1_000,
    }  # fmt: skip
    return micro_run(
        directory, {"hall": hall}, targets={"hall": HALLS},
        parameters={"existing_run_share": fixed(run_share)},
    )  # fmt: skip


def series(run: Run, indicator: str) -> list[float]:
    at = layout_of(run).city_indicators.index(indicator)
    values: list[float] = history(run).city_series[:, at].tolist()
    return values


def test_a_service_of_exactly_the_minimum_keeps_facilities_going(directory: Path) -> None:
    """2 000 000 of 4 000 000 a quarter: half, which is the minimum, so no quarter is unpaid."""
    run = halls(directory, running_cost=1_600_000)
    assert series(run, "service_level:facilities")[1:] == [0.5] * 20
    assert series(run, "functioning:hall") == [10.0] * 21


def test_facilities_of_the_start_stand_in_all_districts(directory: Path) -> None:
    """Ten halls by population, seven and three: ten function, and each of the two costs its own."""
    run = micro_run(
        directory,
        {"hall": {"target": "hall", "unit_cost": 0, "running_cost": 1_000, "build_months": 1}},
        districts=[district(900101, population=700_000), district(900102, population=300_000)],
        targets={"hall": HALLS | {"goal": 10}},
        parameters={"existing_run_share": fixed(0.5)},
    )
    assert series(run, "functioning:hall") == [10.0] * 21
    assert series(run, "hall") == [10.0] * 21
    assert [purse.running_year for purse in city_of(run).envelopes.districts["facilities"]] == [
        7 * 500.0, 3 * 500.0,
    ]  # fmt: skip


def test_old_facilities_lose_visits_only_for_the_share_that_this_purse_pays(
    directory: Path,
) -> None:
    """Two fifths of 10 000 000 a quarter fall on it and half of that is paid: 1 - 0.4 x 0.5."""
    run = halls(directory, running_cost=4_000_000, run_share=0.4)
    assert series(run, "service_level:facilities")[1:] == [0.5] * 20
    assert series(run, "visits")[1:] == pytest.approx([0.8 * 10 * 1_000 / 4] * 20)


def test_new_facilities_lose_visits_with_all_of_the_service(directory: Path) -> None:
    """Two halls are opened, and the old ones are run from elsewhere."""
    city = city_of(halls(directory, running_cost=1_000_000, run_share=0.0))
    programme = city.programmes["hall"]
    programme.open_units[0] = programme.total_open = 2
    city.envelopes.districts["facilities"][0].service = 0.3
    assert city.part(Reach).rates()["visits", "facilities"].tolist() == pytest.approx(
        [10_000 + 0.3 * 2_000]
    )


def test_what_is_not_paid_in_full_is_told(directory: Path) -> None:
    run = halls(directory, running_cost=1_000_000)
    told = city_events(history(run).log, "paid its obligations in part")
    assert len(told) == 20
    assert {(entry.entity, entry.detail) for entry in told} == {
        ("purse district:facilities@900101", "0.800")
    }


def test_a_facility_opened_within_the_year_still_functions(directory: Path) -> None:
    """The old halls close after four unpaid quarters, at the end of 2016. Two more cost nothing to
    build and open in the winter of 2016: they function until they have stood for a year."""
    run = halls(directory, running_cost=2_000_000, unit_cost=0)
    opened = [entry.day for entry in history(run).log or [] if entry.event == "opened"]
    assert len(opened) == 2
    assert len(set(opened)) == 1
    expected = [10.0]
    for quarter, day in enumerate(layout_of(run).city_days[1:], start=1):
        old = 10.0 if quarter < 4 else 0.0
        new = 2.0 if quarter < 4 or day - opened[0] < 365 else 0.0
        expected.append(old + new)
    assert series(run, "functioning:hall") == expected
    assert 2.0 in expected


LADDER: dict[str, Json] = {
    "low": {
        "name": LABEL, "target": "low", "rounds": "yearly", "approval_days": "approval",
        "quota": "none", "applicants": "all", "acceptance": "all", "delisting": "delisting",
    },
    "high": {
        "name": LABEL, "target": "high", "rounds": "yearly", "approval_days": "approval",
        "quota": "none", "applicants": "all", "acceptance": "all", "below": "low",
        "minimum_service": "minimum",
    },
}  # fmt: skip


def bases_under_austerity(directory: Path, **numbers: float) -> Run:
    """Ten bases in each of two districts: one pays four fifths of what it owes, the other all.

    A million a quarter comes to each; five halls cost the first one 1 250 000.
    """
    values = {"minimum": 0.0, "delisting": 0.0, **numbers}
    hall = {
        "target": "hall", "unit_cost": 10**12, "build_months": 1, "quota_key": "villages",
        "running_cost": 1_000_000,
    }  # fmt: skip
    levels = {
        level: {
            "measure": "stock", "goal": 100, "baseline": start,
            "measured_by": {"type": "ladder", "level": level},
        }
        for level, start in (("low", 20), ("high", 0))
    }  # fmt: skip
    return micro_run(
        directory,
        {"hall": hall},
        districts=[district(900101, villages=1), district(900102, villages=0)],
        targets={"hall": HALLS | {"baseline": 5, "goal": 5}, **levels},
        ladder=LADDER,
        parameters={
            "existing_run_share": fixed(1.0), "approval": fixed(149, "round"),
            "none": fixed(0, "round"), "all": fixed(1.0),
            **{name: fixed(value) for name, value in values.items()},
        },
        calendar={"assessment_years": [2019]},
        record="full",
    )  # fmt: skip


def by_district(run: Run, indicator: str) -> list[float]:
    """Last values by district."""
    at = layout_of(run).district_indicators.index(indicator)
    values: list[float] = history(run).district_series[-1, :, at].tolist()
    return values


@pytest.mark.parametrize(("minimum", "later"), [(0.8, 20), (0.81, 10)])
def test_bases_apply_where_the_district_serves_well_enough(
    directory: Path, minimum: float, later: int
) -> None:
    """A service of exactly the minimum is enough. The first deadline is before the plan, when all
    were served in full; at the next ones four quarters at 0.8 are behind the first district."""
    run = bases_under_austerity(directory, minimum=minimum)
    rounds = [e.detail for e in city_events(history(run).log, "named") if e.entity == "round high"]
    assert rounds == ["0 of 20"] + [f"0 of {later}"] * 4


def test_the_weakest_are_struck_off_first(directory: Path) -> None:
    """Eight of twenty lose their titles, and all of them stand where service was short."""
    run = bases_under_austerity(directory, delisting=0.4)
    assert by_district(run, "low") == [2.0, 10.0]
