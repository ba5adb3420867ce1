"""The world's notices: a day is closed once, in a fixed order, by those who asked for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.model.kernel.clock import Phase
from sim.model.kernel.facts import Kind, Sort
from sim.model.kernel.streams import Streams
from sim.model.kernel.world import World
from sim.plan.plan import Plan, Scenario
from sim.study.worker import Worker
from tests.factory import city_of, fixed, micro_run

NOTHING = Kind("nothing", Phase.RELEASE)
NOBODY = Sort("nobody", "nobody")


@pytest.fixture
def world(tmp_path: Path) -> World:
    run = micro_run(tmp_path, {"hall": {"goal": 1}})
    draw = Worker(run).draw(0)
    return World(Plan.of(run), Scenario.of(run), draw, Streams(1, 0), trace=True)


def test_a_day_is_closed_once_and_later_closers_hear_of_earlier_changes(world: World) -> None:
    told: list[tuple[str, set[str]]] = []
    world.at_close(lambda changed: changed.add("doors"))
    world.at_close(lambda changed: told.append(("last", set(changed))))
    world.changed("staff")
    world.changed("staff")
    assert world.clock.run_through(0) == 1
    assert told == [("last", {"staff", "doors"})]
    world.changed("titles")
    world.clock.run_through(0)
    assert told[1:] == [("last", {"titles", "doors"})], "what was looked at is forgotten"


def test_moments_of_the_year_are_told_in_order(world: World) -> None:
    told: list[str] = []
    world.when("the year ends", lambda: told.append("first"))
    world.when("the year ends", lambda: told.append("second"))
    world.has_come("the year begins")
    world.has_come("the year ends")
    assert told == ["first", "second"]


def test_facts_are_kept_only_where_they_are_asked_for(world: World) -> None:
    world.fact(NOTHING, NOBODY(), place=0)
    world.fact(NOTHING, NOBODY())
    kept = world.facts()
    assert kept is not None
    assert [fact.place for fact in kept] == ["900101", "city"]
    world.tracing = False
    assert world.facts() is None


def test_what_no_target_is_about_was_not_there_at_the_start(world: World) -> None:
    assert world.baseline_of("volunteers") == 0.0
    assert world.drawn(None) == 0.0


def test_prices_are_those_of_the_first_year_and_rise_from_then_on(tmp_path: Path) -> None:
    run = micro_run(
        tmp_path, {"hall": {"goal": 1}},
        parameters={"cost_inflation": fixed(0.5), "wage_growth": fixed(1.0)},
    )  # fmt: skip
    city = city_of(run)
    assert city.world.cost_index == [1.0, 1.5, 2.25, 3.375, 5.0625]
    assert city.world.wage_index == [1.0, 2.0, 4.0, 8.0, 16.0]
    assert city.run().log is None, "facts are kept where they are asked for"
