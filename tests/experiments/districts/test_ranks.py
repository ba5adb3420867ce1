"""Ranks with ties and intervals, and how much of the differences lies between zones."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.districts.ranks import ranked, ranks, zone_share

EACH_ONCE = np.array([[1, 1, 1, 1]])


def test_the_largest_is_first_and_equals_have_the_better_rank() -> None:
    values = np.array([[0.5, 0.9, 0.5, 0.1], [0.3, 0.3, 0.3, 0.3]])
    assert ranks(values).tolist() == [[2, 1, 2, 4], [1, 1, 1, 1]]
    # A third of three quotas and two sixths of six are the same.
    assert ranks(np.array([[1.0 - 2.0 / 3.0, 1.0 / 3.0]])).tolist() == [[1, 1]]


def test_places_that_differ_always_the_same_way_can_be_told_apart() -> None:
    luck = np.array([0.1, 0.2, 0.3, 0.4])
    met = np.column_stack([luck, luck + 0.05, luck + 0.05, luck[::-1] - 0.01])
    samples = np.array([[1, 1, 1, 1], [4, 0, 0, 0], [0, 0, 0, 4]])
    low, one, other, turned = ranked(met, samples)
    # Means .25, .30, .30, .24; the last one is best where the first replication is all there is.
    assert [own.rank for own in (low, one, other, turned)] == [3, 1, 1, 4]
    assert (one.tied, other.tied, low.tied) == ((2,), (1,), ())
    assert (low.alike, one.alike, turned.alike) == ((3,), (2, 3), (0, 1, 2))
    assert (turned.low, turned.high) == (1, 4)
    assert (low.low, low.high) == (3, 4)
    assert (one.low, one.high) == (1, 2)
    # In single replications: .39 against .1 and .15, then .29 against .2, .25; .19 and .09.
    assert (turned.lucky, turned.luckless) == (1, 4)


def test_the_interval_of_a_rank_holds_the_rank() -> None:
    met = np.array([[0.2, 0.4], [0.4, 0.2], [0.4, 0.3], [0.3, 0.2]])
    found = ranked(met, np.array([[1, 0, 0, 0]]))
    assert len(found) == 2
    for own in found:
        assert own.low <= own.rank <= own.high


@pytest.mark.parametrize(
    ("values", "zones", "share"),
    [
        ([1.0, 1.0, 0.0, 0.0], "aabb", 1.0),
        ([1.0, 0.0, 1.0, 0.0], "aabb", 0.0),
        # Means 2 and 5 about 3.5: 4 * 2.25 = 9 of 6.25 + .25 + .25 + 6.25 = 13.
        ([1.0, 3.0, 4.0, 6.0], "aabb", 9.0 / 13.0),
    ],
)
def test_the_share_between_zones_is_that_of_the_sum_of_squares(
    values: list[float], zones: str, share: float
) -> None:
    found = zone_share(values, list(zones), seed=1, shuffles=100)
    assert found is not None
    assert found.share == pytest.approx(share)


def test_a_zone_matters_where_dealing_out_at_random_gives_less() -> None:
    values = [float(i // 5) for i in range(20)]
    ordered = zone_share(values, [f"z{i // 5}" for i in range(20)], seed=1, shuffles=200)
    mixed = zone_share(values, [f"z{i % 4}" for i in range(20)], seed=1, shuffles=200)
    assert ordered is not None
    assert mixed is not None
    assert ordered.matters
    assert not mixed.matters
    for own in (ordered, mixed):  # a mean of 3 of 19 degrees of freedom, and its upper end
        assert 3.0 / 19.0 < own.by_chance < 0.6


@pytest.mark.parametrize(
    ("values", "zones"),
    [([1.0, 2.0], "aa"), ([1.0, 2.0], "ab"), ([1.0, 1.0, 1.0], "aab"), ([1.0], "a"), ([], "")],
)
def test_without_two_zones_or_any_difference_there_is_no_share(
    values: list[float], zones: str
) -> None:
    assert zone_share(values, list(zones), seed=1, shuffles=100) is None
