"""Events: money, staff and closures by hand; nothing in, nothing held; what is counted adds up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.config.schema import Run
from sim.model.city import City
from sim.model.kernel.facts import Fact
from sim.model.kernel.streams import Streams
from sim.model.parts.events import Events
from sim.model.parts.reach import Reach
from sim.study.worker import Worker
from tests.factory import (
    LABEL,
    Json,
    district,
    fixed,
    history,
    layout_of,
    micro_run,
    settings,
    values_of,
)
from tests.tolerance import assert_count

MARCH = [{"month": 3, "day": 1}]  # ten days after the first release of 2016
ZONES = [district(900101, population=100_000), district(900102, population=300_000)]


def series(**changes: Any) -> Json:
    """A city event on 1 March of every year."""
    return {
        "name": LABEL, "clause": ["1.1"], "group": "activities", "place": "city", "dates": MARCH,
        "running": True, "editions": 1, "cost": "cost_t", "staff": "staff_t", "reach": "reach_t",
        "minimum_scale": "minimum_t", **changes,
    }  # fmt: skip


def event_run(
    directory: Path,
    some: dict[str, Json],
    *,
    programmes: dict[str, Json] | None = None,
    budget: Json | None = None,
    city_share: float = 1.0,
    **numbers: float,
) -> Run:
    """A million yuan a quarter for activities; 8 000 people, a tenth of whom can be called upon."""
    given = {"cost_t": 800_000.0, "staff_t": 0.0, "reach_t": 1_000.0, "minimum_t": 0.2}
    given |= {"available_t": 0.1, "usual_t": 1.0, "density_t": 0.0} | numbers
    return micro_run(
        directory,
        programmes or {},
        districts=ZONES,
        groups={"facilities": 0.5, "activities": 0.5},
        allocation={"city_shares": {"activities": city_share}},
        budget=budget or {},
        targets={
            "held": {
                "group": "activities", "goal": 100,
                "measured_by": {"type": "events", "series": sorted(some)},
            }
        },
        parameters={name: fixed(value) for name, value in given.items()},
        sections={
            "events": {
                "staff_available": "available_t", "usual_scale": "usual_t", "series": some,
            }
        },
    )  # fmt: skip


def told(run: Run, year: int = 2016) -> list[Fact]:
    """What the log of one year says about events."""
    first = (year - 2016) * 365
    return [
        entry
        for entry in history(run).log or []
        if entry.phase == "activities" and first <= entry.day <= first + 366
    ]


def organisers(run: Run) -> dict[int, int]:
    """Yuan paid to organisers, by year index."""
    paid: dict[int, int] = {}
    for year, _, payee, yuan in history(run).ledger.of_all_places():
        if payee == "organisers:activities":
            paid[year] = paid.get(year, 0) + yuan
    return paid


def city_of(run: Run, replication: int = 0) -> tuple[City, Events]:
    """A city after its five years, and its events."""
    worker = Worker(run)
    draw, streams = worker.draw(replication), Streams(run.seed, replication)
    city = City(worker.plan, worker.scenario, draw, streams, worker.layout)
    city.run()
    events = city.part(Events)
    assert isinstance(events, Events)
    return city, events


# ------------------------------------------------------------------------------------- by hand


def test_two_events_share_a_purse_to_the_yuan(directory: Path) -> None:
    """The first release is 1 000 000: one event gets its 800 000, the other a quarter of them.

    From 2017 on there is money for both.
    """
    run = event_run(directory, {"fair": series(), "show": series()})
    assert [(e.event, e.detail) for e in sorted(told(run), key=lambda e: e.event)] == [
        ("held", "1 of 1, 800000"),
        ("held on a smaller scale", "1 of 1 at 0.250, no_money, 200000"),
    ]
    assert organisers(run) == {0: 1_000_000, 1: 1_600_000, 2: 1_600_000, 3: 1_600_000, 4: 1_600_000}
    assert values_of(run, history(run)) == {"held": 10.0}


def test_an_event_below_its_smallest_scale_is_called_off_and_costs_nothing(
    directory: Path,
) -> None:
    run = event_run(directory, {"fair": series(), "show": series()}, minimum_t=0.26)
    assert sorted(e.event for e in told(run)) == ["called off", "held"]
    assert organisers(run)[0] == 800_000
    outcome = history(run)
    assert values_of(run, outcome) == {"held": 9.0}
    unmet = {row[2]: row[7] for row in outcome.delays}
    assert unmet == {"unmet:no_money": 1, "unmet:not_scheduled": 90}


@pytest.mark.parametrize(("minimum", "held"), [(0.25, 10.0), (0.2501, 9.0)])
def test_an_event_of_exactly_its_smallest_scale_is_held(
    directory: Path, minimum: float, held: float
) -> None:
    """200 000 of 800 000 yuan are left for the second event of 2016."""
    run = event_run(directory, {"fair": series(), "show": series()}, minimum_t=minimum)
    assert values_of(run, history(run)) == {"held": held}


def test_events_of_a_day_share_the_people(directory: Path) -> None:
    """Of 800 persons available the first takes 500, the other has 300 of its 500."""
    run = event_run(directory, {"fair": series(), "show": series()}, staff_t=500.0, cost_t=100.0)
    assert [(e.event, e.detail) for e in sorted(told(run), key=lambda e: e.event)] == [
        ("held", "1 of 1, 100"),
        ("held on a smaller scale", "1 of 1 at 0.600, no_people, 60"),
    ]
    indicators = layout_of(run).city_indicators
    series_of = dict(zip(indicators, history(run).city_series[-1].tolist(), strict=True))
    assert series_of["event_staff_days"] == pytest.approx(5 * 800)
    assert series_of["event_contacts"] == pytest.approx(5 * 1_600)
    assert series_of["events_held"] == 10.0


@pytest.mark.parametrize("minimum", [0.0, 0.2])
def test_without_staff_events_are_called_off(directory: Path, minimum: float) -> None:
    run = event_run(directory, {"fair": series()}, staff_t=1.0, available_t=0.0, minimum_t=minimum)
    outcome = history(run)
    assert values_of(run, outcome) == {"held": 0.0}
    assert organisers(run) == {}
    assert ("unmet:no_people", 5) in {(row[2], row[7]) for row in outcome.delays}


def test_without_money_nothing_is_held(directory: Path) -> None:
    nothing = {"public_total": 0}
    run = event_run(directory, {"fair": series(), "show": series()}, budget=nothing)
    city, events = city_of(run)
    assert events.readings() == [0.0, 0.0, 0.0]
    assert city.part(Reach).contacts["events"].sum() == 0.0


def test_what_costs_nothing_is_held_without_money(directory: Path) -> None:
    run = event_run(directory, {"fair": series()}, budget={"public_total": 0}, cost_t=0.0)
    assert values_of(run, history(run)) == {"held": 5.0}


@pytest.mark.parametrize(("size", "held", "paid"), [(1.0, 4.0, {}), (0.5, 5.0, {0: 400_000})])
def test_closures_cancel_events_or_make_them_smaller(
    directory: Path, size: float, held: float, paid: dict[int, int]
) -> None:
    run = event_run(directory, {"fair": series()})
    closure = {"kind": "closure", "start": "2016-02-01", "end": "2016-12-31", "size": size}
    run = settings(run, {"shocks": [closure]})
    outcome = history(run)
    assert values_of(run, outcome) == {"held": held}
    assert organisers(run) == paid | dict.fromkeys(range(1, 5), 800_000)
    lost = sum(row[7] for row in outcome.delays if row[2] == "unmet:closed")
    assert lost == 5 - held


def test_new_series_begin_when_the_plan_is_issued(directory: Path) -> None:
    """The plan was issued on 23 May: of five dates in March four are left, of five in June all."""
    june = [{"month": 6, "day": 1}]
    run = event_run(
        directory, {"old": series(running=False), "new": series(running=False, dates=june)}
    )
    outcome = history(run)
    assert values_of(run, outcome) == {"held": 9.0}
    assert ("unmet:not_yet_allowed", 1) in {(row[2], row[7]) for row in outcome.delays}


@pytest.mark.parametrize(("issued", "held"), [("2016-06-01", 5.0), ("2016-06-02", 4.0)])
def test_a_new_series_may_begin_on_the_day_on_which_the_plan_is_issued(
    directory: Path, issued: str, held: float
) -> None:
    june = [{"month": 6, "day": 1}]
    run = event_run(directory, {"new": series(running=False, dates=june)})
    run = settings(run, {"plan.issued": issued, "plan.calendar.first_window": issued})
    assert values_of(run, history(run)) == {"held": held}


def test_what_was_not_held_is_missing_for_its_reasons_in_their_order(directory: Path) -> None:
    """Over all series of the target; what is missing beyond that was never on the calendar."""
    city, events = city_of(event_run(directory, {"fair": series(), "show": series()}))
    (measure,) = city.scoreboard.measures
    events.series["fair"].lost |= {"no_money": 2, "no_people": 1, "closed": 4}
    events.series["show"].lost |= {"no_money": 1, "not_yet_allowed": 5}
    assert measure.unmet(20) == {
        "no_money": 3, "no_people": 1, "closed": 4, "not_yet_allowed": 5, "not_scheduled": 7,
    }  # fmt: skip
    assert measure.unmet(5) == {
        "no_money": 3, "no_people": 1, "closed": 1, "not_yet_allowed": 0, "not_scheduled": 0,
    }  # fmt: skip


def test_a_closure_of_a_zone_shuts_no_event_of_the_whole_city(directory: Path) -> None:
    run = event_run(directory, {"fair": series(), "talk": routine()}, city_share=0.5, density_t=80)
    closure = {
        "kind": "closure", "start": "2016-01-01", "end": "2020-12-31", "size": 1.0, "zones": ["z"],
    }  # fmt: skip
    _, events = city_of(settings(run, {"shocks": [closure]}))
    assert events.series["fair"].held == 5
    assert events.series["talk"].held == 0
    assert events.series["talk"].lost["closed"] == 20 * (20 + 60)


def test_events_leave_contracts_their_money(directory: Path) -> None:
    """Half of 1 500 000 is paid at contract in February and the other half is owed: nothing is left
    of the first million for March. The hall is finished in time."""
    hall = {
        "goal": 1, "group": "activities", "pool": "city", "place": "city", "quota_key": "city",
        "unit_cost": 1_500_000, "build_months": 1,
    }  # fmt: skip
    run = event_run(directory, {"fair": series()}, programmes={"hall": hall})
    assert [e.event for e in told(run)] == ["called off"]
    assert values_of(run, history(run)) == {"hall": 1.0, "held": 4.0}


# ------------------------------------------------------------------------- many small activities


def routine(**changes: Any) -> Json:
    """Four dates a year in every district, after the releases."""
    dates = [{"month": m, "day": 25} for m in (2, 5, 8, 11)]
    return series(place="districts", dates=dates, editions=None, per_100k="density_t",
                  minimum_scale=None, **changes)  # fmt: skip


def test_small_activities_follow_the_population(directory: Path) -> None:
    """80 a year per 100 000 residents are 20 and 60 on each of four dates in the two districts."""
    run = event_run(directory, {"talk": routine()}, city_share=0.0, cost_t=1.0, density_t=80.0)
    city, events = city_of(run)
    assert events.series["talk"].held == 20 * (20 + 60)
    assert city.part(Reach).contacts["events"].sum(axis=0).tolist() == [400_000.0, 1_200_000.0]


@pytest.mark.parametrize(("density", "editions"), [(9.6, [2, 7]), (10.0, [3, 8]), (10.4, [3, 8])])
def test_small_activities_are_whole_ones(
    directory: Path, density: float, editions: list[int]
) -> None:
    """On each of four dates 2.4 and 7.2, 2.5 and 7.5, or 2.6 and 7.8: the nearest whole number."""
    run = event_run(directory, {"talk": routine()}, city_share=0.0, cost_t=1.0, density_t=density)
    assert city_of(run)[1].series["talk"].editions == editions


def test_with_less_money_fewer_small_activities_are_held(directory: Path) -> None:
    """A quarter's million is 250 000 and 750 000 yuan; at 20 000 yuan it buys 12 and 37 of 20 and
    60, and what is paid is exactly what there is."""
    run = event_run(directory, {"talk": routine()}, city_share=0.0, cost_t=20_000.0, density_t=80.0)
    details = {e.place: e.detail for e in told(run) if e.day < 60}
    assert details == {
        "900101": "12 of 20 at 0.625, no_money, 250000",
        "900102": "37 of 60 at 0.625, no_money, 750000",
    }
    assert sum(organisers(run).values()) == 20_000_000
    assert values_of(run, history(run)) == {"held": 20.0 * (12 + 37)}


def test_small_activities_need_their_staff_day_by_day(directory: Path) -> None:
    """60 activities of 4 persons in a quarter are 240 days' work, a little under 3 a day."""
    given: Json = {"cost_t": 1.0, "density_t": 80.0, "staff_t": 4.0}
    enough = event_run(
        directory, {"talk": routine()}, city_share=0.0, **given, available_t=240 / 91 / 6_000
    )
    assert city_of(enough)[1].series["talk"].lost["no_people"] == 0
    short = event_run(
        directory, {"talk": routine()}, city_share=0.0, **given, available_t=120 / 91 / 6_000
    )
    assert city_of(short)[1].series["talk"].held == pytest.approx(20 * 40, rel=0.03)


# ------------------------------------------------------------------------------------ in general


def test_usual_contacts_are_those_of_running_series(directory: Path) -> None:
    """250 people at the fair, and at each of 16 and 48 talks a year, at half their scale."""
    some = {"fair": series(), "talk": routine(), "show": series(running=False)}
    run = event_run(directory, some, city_share=0.5, density_t=16.0, reach_t=250.0, usual_t=0.5)
    reach = city_of(run)[0].part(Reach)
    expected = [0.5 * 250 * (0.25 + 4 * 4), 0.5 * 250 * (0.75 + 4 * 12)]
    assert reach.usual("events").tolist() == pytest.approx(expected)
    assert not reach.usual("training").any()


def test_the_first_of_a_day_is_drawn(directory: Path, seed: int) -> None:
    """Over independent replications either of two equal events comes first half of the time."""
    run = event_run(directory, {"fair": series(), "show": series()}, minimum_t=0.26)
    run = settings(run, seed=seed, record="targets")
    first = [city_of(run, i)[1].series["fair"].held == 5 for i in range(100)]
    assert_count(sum(first), 100, 0.5)


def test_the_order_of_series_in_the_plan_does_not_matter(directory: Path) -> None:
    some = {"fair": series(), "show": series(cost="reach_t"), "talk": routine()}
    runs = [
        event_run(directory, dict(order), city_share=0.5, staff_t=300.0, density_t=80.0)
        for order in (some.items(), reversed(some.items()))
    ]
    first, second = (history(run) for run in runs)
    assert first.ledger.rows() == second.ledger.rows()
    assert first.city_series.tobytes() == second.city_series.tobytes()


def test_contacts_and_staff_days_add_up_in_the_real_plan(real_run: Run) -> None:
    city, events = city_of(real_run)
    assert city.part(Reach).contacts["events"].sum() == pytest.approx(events.contacts)
    for one in events.series.values():
        spec = city.world.plan.spec.events
        assert spec is not None
        dates = len(spec.series[one.name].dates) * len(city.world.calendar.years)
        assert one.held + sum(one.lost.values()) == dates * sum(one.editions)
    assert min(purse.balance() for purse in city.envelopes.all) >= 0


def test_twice_the_budget_reaches_no_fewer_people_on_average(real_run: Run) -> None:
    more = settings(real_run, {"budget.public_total": 2 * real_run.budget.public_total})
    reached = [np.mean([city_of(run, i)[1].contacts for i in range(4)]) for run in (real_run, more)]
    assert reached[1] > reached[0]
