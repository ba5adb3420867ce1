"""How districts stand, of a ledger that is counted by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from experiments.districts.findings import peers_of
from sim.answer.run.districts import Record
from tests.experiments.districts.made_up import PLACES, compared, counted


def test_quotas_are_counted_in_projects_by_programme() -> None:
    own = counted()
    assert own.programmes == ["rooms", "villages"]
    assert own.quotas.tolist() == [2, 1, 1, 0]
    assert own.short.tolist() == [[2, 0, 0, 0], [1, 0, 1, 0]]
    assert own.lacking.tolist() == [[2, 1], [0, 0], [1, 0], [0, 0]]
    # 4 rooms, then 6 paid of which one waits for staff; 25 villages are two projects of up to 20.
    assert own.delivered.tolist() == [[9, 4], [4, 0], [5, 0], [0, 0]]
    assert own.missing.tolist() == [[4, 2], [0, 0], [1, 0], [0, 0]]
    # Hosts are projects that lose days, and no quotas.
    assert own.record(0) == Record(quotas=2, met=0.5, opened=7.5, started=8.5, lost=130.0)


def test_ranks_and_gaps_are_those_of_the_shares_met() -> None:
    alpha, beta, gamma, delta = compared().standings
    assert [own.quotas_met for own in (alpha, beta, gamma, delta)] == [0.25, 1.0, 0.5, None]
    assert [own.rank for own in (alpha, beta, gamma, delta)] == [3, 1, 2, None]
    assert (alpha.zone_met, alpha.zone_gap) == (1.0, -0.75)
    assert (alpha.zone_gap_low, alpha.zone_gap_high) == (-1.0, -0.5)
    # In the second replication it is level with those of its size: .5 against 1, 0 and no quota.
    assert (alpha.nearest_gap_low, alpha.nearest_gap_high) == (-1.0, 0.0)
    assert not alpha.is_behind
    assert replace(alpha, nearest_gap_high=-0.1).is_behind
    assert (gamma.zone_met, gamma.zone_gap) == (None, None)
    assert gamma.nearest_met == pytest.approx((0.25 + 1.0) / 2.0)
    assert (delta.zone_met, delta.nearest_gap, delta.quotas) == (None, None, 0)
    # Of the samples one has the first replication alone (0, 1, 1) and one the second (.5, 1, 0).
    assert (gamma.rank_low, gamma.rank_high) == (1, 3)
    assert gamma.alike == "500101 500102"
    assert (alpha.alike, beta.tied) == ("500103", "")


def test_reasons_count_unmet_quotas_and_never_add_units_of_different_kinds() -> None:
    alpha, beta, _, _ = compared().standings
    # 25 villages for the pace, 2 rooms for money in sight: but rooms are short twice.
    assert alpha.reason == "unproposed:money_in_sight"
    assert alpha.reason_share == pytest.approx(2.0 / 3.0)
    assert (beta.reason, beta.reason_share) == ("", None)
    assert (alpha.lost_stage, alpha.lost) == ("money", 260.0 / 17.0)


def test_money_is_per_head_and_peers_are_taken_together() -> None:
    alpha, _, gamma, delta = compared().standings
    assert (alpha.received, alpha.spent) == (10.0, 9.0)
    assert alpha.unspent == pytest.approx(1.0)
    assert alpha.zone_received == 2000.0 / 110.0
    assert alpha.nearest_received == (2000.0 + 3000.0 + 4000.0) / (110.0 + 200.0 + 400.0)
    assert gamma.zone_received == delta.received == 10.0
    assert (delta.lost, gamma.zone_lost) == (None, None)


def test_gaps_hold_what_is_delivered_and_what_is_missing() -> None:
    found = {(own.place_en, own.programme): own for own in compared().gaps}
    assert len(found) == 4
    for own in found.values():
        assert own.delivered + own.missing == own.quota
    rooms, villages = found["Alpha", "rooms"], found["Alpha", "villages"]
    assert (rooms.quota, rooms.delivered, rooms.missing, rooms.short) == (6.5, 4.5, 2.0, 1.0)
    assert (rooms.reason, rooms.zone_delivered) == ("unproposed:money_in_sight", 1.0)
    assert rooms.nearest_delivered == 9.0 / 10.0
    assert (villages.missing, villages.per_project, villages.reason) == (1.0, 20, "unproposed:pace")
    assert villages.zone_delivered is None
    assert found["Gamma", "rooms"].reason == "staff"


def test_peers_are_the_zone_and_the_three_nearest_in_population() -> None:
    assert [(list(own.zone), list(own.nearest)) for own in peers_of(PLACES)] == [
        ([1], [1, 2, 3]), ([0], [0, 2, 3]), ([3], [1, 0, 3]), ([2], [2, 1, 0]),
    ]  # fmt: skip
    five = (*PLACES, replace(PLACES[0], adcode=500100, population=0))
    by_size = [list(own.nearest) for own in peers_of(five)]
    assert by_size[0] == [1, 2, 3]
    assert by_size[4] == []
    # Two are equally far from 150: the lower code comes first.
    equal = [replace(PLACES[at], population=people) for at, people in enumerate((150, 200, 100))]
    assert list(peers_of(equal)[0].nearest) == [1, 2]


def test_a_single_place_has_no_peers() -> None:
    rows = [(0, "500101", "rooms", "money", 0, 1, 0, 0)]
    (only,) = compared(rows, PLACES[:1]).standings
    assert (only.rank, only.rank_low, only.rank_high) == (1, 1, 1)
    assert (only.zone_gap, only.nearest_gap, only.zone_received) == (None, None, None)
    assert not only.is_behind


def test_places_without_people_have_no_money_per_head() -> None:
    nobody = tuple(replace(own, population=0) for own in PLACES)
    found = compared(places=nobody).standings
    assert len(found) == 4
    for own in found:
        assert (own.received, own.nearest, own.nearest_met) == (None, "", None)
