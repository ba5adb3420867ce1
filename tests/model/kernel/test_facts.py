"""Facts: what a table shows of them, and that their values survive being written down."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model.kernel.clock import Phase
from sim.model.kernel.facts import Fact, Kind, Listed, Sort

FIRM = Sort("firm", "firm/{place}/{number}")
GREW = Kind("grew", Phase.STAFF, "by {share:.1f}{zones:; zones: }")


def fact(**fields: object) -> Fact:
    values = {"share": 0.25, "zones": Listed(("core", "hills"))} | fields
    return Fact.of(3, GREW, FIRM(place=500103, number=7), "500103", values)  # type: ignore[arg-type]


def test_a_fact_shows_who_it_is_about_and_what_it_says() -> None:
    shown = fact()
    assert (shown.entity, shown.event, shown.phase) == ("firm/500103/7", "grew", "staff")
    assert shown.detail == "by 0.2; zones: core, hills"
    assert fact(zones=Listed()).detail == "by 0.2"
    assert (shown.sort, dict(shown.who)) == ("firm", {"place": 500103, "number": 7})


def test_facts_are_equal_by_all_they_say() -> None:
    assert fact() == fact()
    assert fact() != fact(share=0.250001), "though a table shows the same"
    assert len({fact(), fact(), fact(share=0.3)}) == 2


@given(share=st.floats(allow_nan=False, allow_infinity=False) | st.integers() | st.text())
def test_values_survive_being_written(share: float | str) -> None:
    told = Fact(
        3, "staff", "firm", "grew", "city", "", "firm", (("place", 1),),
        (("share", share), ("zones", Listed(("core",)))),
    )  # fmt: skip
    row = {name: str(getattr(told, name)) for name in Fact._fields[:6]}
    assert Fact.read(row, told.typed) == told


@pytest.mark.parametrize("typed", ["", "{}", "[]", "3", '{"sort":"a","who":[],"fields":{}}'])
def test_what_is_no_fact_is_refused(typed: str) -> None:
    row = {name: str(getattr(fact(), name)) for name in Fact._fields[:6]}
    with pytest.raises(ValueError):
        Fact.read(row, typed)


def test_facts_stand_by_day_phase_and_entity() -> None:
    later = fact()._replace(phase="accounting")
    assert sorted([later, fact()], key=lambda one: one.order) == [fact(), later]
