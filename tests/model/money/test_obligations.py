"""What stands must be run: obligations come before all projects, and what is unpaid shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.config.schema import Run
from sim.model.kernel.clock import Clock
from sim.model.kernel.ledger import Ledger
from sim.model.kernel.queues import GrantDesk
from sim.model.money.envelope import Envelope
from tests.factory import Json, district, fixed, history, layout_of, micro_run

HALLS = {
    "measure": "stock", "goal": 12, "baseline": 10,
    "measured_by": {"type": "delivered", "programme": "hall"},
}  # fmt: skip


def halls(directory: Path, running_cost: int, **more: Any) -> Run:
    """Ten halls stand, two are wanted; 8 000 000 yuan a year, 2 000 000 a quarter."""
    hall = {
        "target": "hall", "unit_cost": 1_000_000, "running_cost": running_cost, "build_months": 1,
        "visits": 1_000,
    }  # fmt: skip
    parameters: dict[str, Json] = {"existing_run_share": fixed(1.0), **more.pop("parameters", {})}
    return micro_run(
        directory, {"hall": hall}, targets={"hall": HALLS}, parameters=parameters, **more
    )


def city_series(run: Run, indicator: str) -> list[float]:
    outcome = history(run)
    at = layout_of(run).city_indicators.index(indicator)
    values: list[float] = outcome.city_series[:, at].tolist()
    return values


def paid(run: Run, payee: str) -> list[int]:
    """Yuan paid to an account, by year."""
    totals = [0] * 5
    for year, _, to, yuan in history(run).ledger.of_all_places():
        totals[year] += yuan if to == payee else 0
    return totals


def test_what_stands_is_run_before_anything_is_built(directory: Path) -> None:
    """Running ten halls takes all 8 000 000 a year: every yuan goes there, and nothing is built."""
    run = halls(directory, running_cost=800_000)
    assert paid(run, "running_costs:facilities") == [8_000_000] * 5
    assert paid(run, "contractors:facilities") == [0] * 5
    assert set(city_series(run, "service_level:facilities")) == {1.0}


def test_what_cannot_be_paid_lowers_the_service_of_the_quarter(directory: Path) -> None:
    """2 000 000 of 2 500 000 a quarter are there: a service level of 0.8, and 0.8 of the visits."""
    run = halls(directory, running_cost=1_000_000)
    assert paid(run, "running_costs:facilities") == [8_000_000] * 5
    # The first quarter ends after the first release, of 20 February.
    assert city_series(run, "service_level:facilities")[1:] == [0.8] * 20
    assert city_series(run, "visits")[1:] == [0.8 * 10 * 1_000 / 4] * 20


def test_a_share_of_the_old_facilities_is_run_from_elsewhere(directory: Path) -> None:
    run = halls(
        directory, 100_000, parameters={"existing_run_share": fixed(0.3)}, planning={"pace": 0.0}
    )
    assert paid(run, "running_costs:facilities") == [300_000] * 5


def test_a_facility_unpaid_for_a_whole_year_does_not_function(directory: Path) -> None:
    """A service of 0.4 is below the limit of 0.5: after four such quarters no hall functions."""
    run = halls(directory, running_cost=2_000_000)
    assert city_series(run, "service_level:facilities")[1] == 0.4
    functioning = city_series(run, "functioning:hall")
    assert functioning == [10.0] * 4 + [0.0] * 17
    assert city_series(run, "hall") == [10.0] * 21  # open it is, and counts


def test_new_facilities_cost_running_money_from_the_quarter_after_they_open(
    directory: Path,
) -> None:
    """Two halls of 400 000 a year open on 22 March: 200 000 a quarter from 20 May on."""
    run = halls(directory, 400_000, parameters={"existing_run_share": fixed(0.0)})
    assert paid(run, "running_costs:facilities") == [600_000, *[800_000] * 4]


def test_the_district_runs_what_stands_in_it_whoever_built_it(directory: Path) -> None:
    """A venue out of the city's pool: its running cost and its posts are the district's to pay."""
    venue = {
        "target": "venues", "pool": "city", "quota_key": "one_each", "unit_cost": 1_000_000,
        "build_months": 1, "running_cost": 40_000, "full_time_posts": 2, "needs": ["staff"],
    }  # fmt: skip
    targets = {
        "venues": {
            "measure": "stock", "goal": 2, "baseline": 1,
            "measured_by": {"type": "places", "programme": "venue"},
        }
    }  # fmt: skip
    run = micro_run(
        directory, {"venue": venue}, targets=targets, record="full",
        districts=[district(900101), district(900102)], allocation={"capital_share": 0.5},
        parameters={
            "existing_run_share": fixed(0.5), "programme_paid_share": fixed(0.1),
            "free_trained_share": fixed(0.5),
        },
    )  # fmt: skip
    last = [flow for flow in history(run).ledger.rows() if flow[0] == 4]
    running = {at: y for _, _, payee, y, at in last if payee == "running_costs:facilities"}
    pay = {at: y for _, _, payee, y, at in last if payee == "staff_pay:facilities"}
    assert sorted(running.values()) == [20_000, 40_000]  # half of the old one, all of the new one
    assert list(pay.values()) == [2 * 8_000]
    assert -1 not in {*running, *pay}
    assert running[next(iter(pay))] == 40_000


def test_programme_paid_staff_of_the_start_are_paid_from_the_staff_money(directory: Path) -> None:
    """1 000 persons x 0.01 x 80 000 yuan = 800 000 a year, three quarters of it by the city."""
    measured = {"type": "staff", "count": "persons"}
    run = micro_run(
        directory,
        {
            "hall": {"goal": 1, "unit_cost": 10**12},
            "studio": {"goal": 1, "unit_cost": 10**12, "group": "staff"},
        },
        targets={
            "people": {
                "measure": "stock", "goal": 10**6, "group": "staff", "measured_by": measured,
                "definition": "full_time_staff",
            }
        },
        groups={"facilities": 0.8, "staff": 0.2},
        allocation={"city_shares": {"staff": 0.75}},
        parameters={"programme_paid_share": fixed(0.01), "wage_growth": fixed(0.1)},
        record="full",
    )  # fmt: skip
    by_payer: dict[str, list[int]] = {}
    for year, payer, payee, yuan in history(run).ledger.of_all_places():
        if payee == "staff_pay:staff":
            by_payer.setdefault(payer.partition(":")[0], [0] * 5)[year] += yuan
    expected = [800_000 * 1.1**year for year in range(5)]
    assert np.allclose(by_payer["city"], [0.75 * yuan for yuan in expected], atol=4)
    assert np.allclose(by_payer["district"], [0.25 * yuan for yuan in expected], atol=4)


@given(
    public=st.integers(0, 10**9),
    social=st.integers(0, 10**9),
    running=st.integers(0, 10**9),
    pay=st.integers(0, 10**9),
)
def test_a_quarter_pays_all_or_what_there_is(
    public: int, social: int, running: int, pay: int
) -> None:
    clock, ledger = Clock(), Ledger(1)
    source = ledger.account("source", source=True)
    purse = Envelope(
        clock, GrantDesk(clock), ledger,
        place=1, group="g", level="district", backfill=False,
    )  # fmt: skip
    purse.receive(source, public, social=False)
    purse.receive(source, social, social=True)
    purse.running_year, purse.pay_year = float(4 * running), float(4 * pay)
    purse.settle(1.0, 1.0, 0.5)
    spent = public + social - purse.balance()
    assert spent == min(public + social, running + pay)
    assert purse.public == max(0, public - spent)  # public money first
    assert purse.service == (spent / (running + pay) if running + pay else 1.0)
    flows = {payee: 0 for _, _, payee, _ in ledger.statement().flows({}).of_all_places()}
    for _, _, payee, yuan in ledger.statement().flows({}).of_all_places():
        flows[payee] += yuan
    to_operators, to_staff = flows.get("running_costs:g", 0), flows.get("staff_pay:g", 0)
    assert to_operators + to_staff == spent
    # In proportion to what is due, to the yuan.
    assert abs(to_operators * (running + pay) - spent * running) <= running + pay
