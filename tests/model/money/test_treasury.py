"""The treasury by hand: a year's money to the yuan, and what it reckons with in its middle."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.model.city import City
from tests.eventlog import city_events
from tests.factory import city_of, district, fixed, history, micro_run


def test_what_cannot_be_divided_comes_first(directory: Path) -> None:
    """Thirteen yuan in five equal years are 3, 3, 3, 2 and 2, and each of these in quarters."""
    run = micro_run(directory, {"hall": {"goal": 1}}, budget={"public_total": 13})
    released = [int(entry.detail) for entry in city_events(history(run).log, "released")]
    assert released == [1, 1, 1, 0] * 3 + [1, 1, 0, 0] * 2


@pytest.fixture
def three_groups(directory: Path) -> City:
    """Quarters of one to four tenths of a year; in the first one 320 000 yuan are held by the city,
    480 000 are the districts' match, 80 000 are social money. One district has a quarter of the
    people and pays nine tenths of the match."""
    run = micro_run(
        directory,
        {"hall": {"goal": 1, "unit_cost": 10**12}, "fair": {"goal": 1, "group": "activities"}},
        districts=[
            district(900101, population=1_000, gdp=90.0),
            district(900102, population=3_000, gdp=10.0),
        ],
        groups={"facilities": 0.5, "activities": 0.3, "prizes": 0.2},
        budget={
            "source_shares": {"city": 0.4, "match": 0.6}, "social_total": 4_000_000,
            "quarter_shares": [0.1, 0.2, 0.3, 0.4],
        },
        allocation={"capital_share": 0.25, "city_shares": {"activities": 0.9}},
    )  # fmt: skip
    return city_of(run)


def test_what_is_announced_is_what_comes_where_all_is_executed(three_groups: City) -> None:
    """Facilities: 160 000 held, 240 000 match and 40 000 social money. The pool takes a quarter of
    public money, 100 000, out of what is held; the other 60 000 and all social money go by people.

    Activities: 96 000, 144 000 and 24 000. The city's nine tenths of public money are more than is
    held: it keeps all of that, and 21 600 of the social money; 2 400 go by people.
    """
    city = three_groups
    expected = {
        ("facilities", 0): 100_000,
        ("facilities", 1): 100_000 / 4 + 0.9 * 240_000,
        ("facilities", 2): 100_000 * 3 / 4 + 0.1 * 240_000,
        ("activities", 0): 96_000 + 21_600,
        ("activities", 1): 2_400 / 4 + 0.9 * 144_000,
        ("activities", 2): 2_400 * 3 / 4 + 0.1 * 144_000,
    }
    purses = {
        (group, i): purse
        for group in ("facilities", "activities")
        for i, purse in enumerate(city.envelopes.of(group))
    }
    city.treasury.announce(0)
    for key, yuan in expected.items():
        assert purses[key].announced == pytest.approx([yuan, 2 * yuan, 3 * yuan, 4 * yuan])
    for quarter in range(4):
        city.treasury.release(0, quarter)
        tenths = sum(range(1, quarter + 2))
        assert {key: purse.balance() for key, purse in purses.items()} == {
            key: tenths * yuan for key, yuan in expected.items()
        }
    # Prizes have no purse: a fifth of ten tenths is spent at once.
    assert city.treasury.spent_outright == {
        "activities": 0, "facilities": 0, "prizes": 10 * (64_000 + 96_000 + 16_000),
    }  # fmt: skip


def test_social_money_is_kept_apart(three_groups: City) -> None:
    """The pool takes none of it; of what is for activities the city keeps nine tenths."""
    city = three_groups
    city.treasury.announce(0)
    city.treasury.release(0, 0)
    assert [purse.social for purse in city.envelopes.of("facilities")] == [0, 10_000, 30_000]
    assert [purse.social for purse in city.envelopes.of("activities")] == [21_600, 600, 1_800]


def test_what_a_purse_will_have_at_the_end_of_the_year(directory: Path) -> None:
    """In the second year, before its last two releases: 80 yuan are there and 700 announced, of
    which four fifths are expected. 40 of running cost at prices risen by a half and 20 of pay at
    doubled wages are 100 a year, so 50 are due. 7 are owed to contractors, 5 asked for by first
    instalments, 11 wanted by proposals. Planners count twice on money, meetings once."""
    run = micro_run(
        directory,
        {"hall": {"goal": 1, "unit_cost": 10**12}},
        parameters={
            "execution_factor": fixed(0.8, "year"),
            "cost_inflation": fixed(0.5),
            "wage_growth": fixed(1.0),
        },
        planning={"overcommitment": 2.0},
    )
    city = city_of(run)
    (purse,) = city.envelopes.districts["facilities"]
    purse.announce([100.0, 200.0, 300.0, 400.0])
    purse.public, purse.social = 50, 30
    purse.answer_for(running=40.0, pay=20.0)
    purse.committed, purse.new_contracts, purse.pledged = 7, 5, 11
    outlook = city.treasury._outlook(purse, 1, [2, 3])
    assert outlook == pytest.approx(80 + 0.8 * 700 - 50 - 7 - 5)
    in_sight = city.treasury.in_sight(purse, 1, [2, 3])
    assert in_sight == pytest.approx(2 * (80 + 0.8 * 700) - 50 - 7 - 11)
    assert city.treasury._outlook(purse, 1, []) == 80 - 7 - 5


def test_money_leaves_a_purse_only_as_it_is_not_wanted(directory: Path) -> None:
    """900 yuan, of which 100 are social; 300 are wanted. Three fifths of the rest of public money
    are kept: 200 go back, and the purse has spent nothing."""
    run = micro_run(
        directory, {"hall": {"goal": 1, "unit_cost": 10**12}}, budget={"carry_over": 0.6}
    )
    city = city_of(run)
    (purse,) = city.envelopes.districts["facilities"]
    purse.fund(800, 100)
    purse.committed, purse.new_contracts = 100, 200
    city.treasury.claw_back()
    assert (purse.public, purse.social, purse.received, purse.spent()) == (600, 100, 700, 0)
