"""What is said of districts, and how it is shown, of a ledger that is counted by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from experiments.districts.page import answer
from sim.answer.blocks import Answer, Table
from sim.answer.figures import Ladder, Stack, Tiles
from sim.words import Said, Speech
from tests.experiments.districts.made_up import PLACES, ROWS, compared

EN, ZH = Speech("en"), Speech("zh")


def headlines(own: Answer) -> list[str]:
    return [*own.said(EN, "headline")]


def cells(table: Table) -> list[list[str]]:
    return [[EN.text(line.cells.get(name)) for name in table.columns] for line in table.rows]


def test_the_answer_names_the_last_the_first_and_what_holds_the_last_back() -> None:
    own = answer(compared(), [])
    order, reason, zone = headlines(own)
    assert (
        "last of 3 districts: Alpha, with 25 % of the quotas met; first: Beta, with 100 %" in order
    )
    assert "cannot be told apart from Gamma" in order
    assert reason == "The last one is held back mostly by “too little money in sight”."
    assert "Town is lowest with 50 % on average, Hill highest with 62.5 %" in zone
    assert "no visible matter of zone" in zone
    assert "Behind both their zone and those nearest in population" in own.words(EN)
    assert ": 0 of 3." in own.words(EN)
    chinese = own.words(ZH)
    assert "3个区县中甲区排在最后，任务足额完成25%；乙区排在最前，为100%" in chinese
    assert "不是对单个区县的预测" in chinese
    assert [statement.weight for statement in own.statements][-1] == "caution"


def test_the_table_has_every_district_and_those_without_a_quota_last() -> None:
    (table,) = answer(compared(), []).tables
    rows = cells(table)
    assert [row[0] for row in rows] == ["Alpha", "Gamma", "Beta", "Delta"]
    assert [line.essential for line in table.rows] == [True, False, False, False]
    alpha = dict(zip(table.columns, rows[0], strict=True))
    assert (alpha["rank"], alpha["met"], alpha["zone_gap"]) == ("3 (2–3)", "25 %", "−75.0")
    assert alpha["reason"] == "too little money in sight"
    assert (alpha["received"], alpha["unspent"]) == ("10", "1.0")
    assert rows[3][2:6] == ["", "", "", ""]


def test_pictures_of_all_are_a_map_and_the_gap_to_peers() -> None:
    first, ladder, *maps = answer(compared(), []).pictures
    assert isinstance(first, Tiles)
    assert first.name == "districts_met"
    assert isinstance(ladder, Ladder)
    assert [EN.text(rung.name) for rung in ladder.rows] == ["Alpha", "Gamma", "Beta"]
    zone, nearest, own = ladder.rows[0].dots
    assert (zone.value, nearest.value, own.value) == (1.0, 0.75, 0.25)
    assert (zone.hollow, own.interval) == (True, (0.0, 0.5))
    assert [figure.name for figure in maps] == [
        "districts_opened", "districts_lost", "districts_unspent",
    ]  # fmt: skip


def test_a_sheet_tells_of_one_district_beside_its_peers() -> None:
    own = answer(compared(), [0])
    rank, beside, lacks = headlines(own)
    assert "Alpha meets 25 % of its 2 quotas and is number 3 of 3 districts" in rank
    assert "cannot be told apart from Gamma" in rank
    assert "75.0 points behind the rest of its zone (Hill: 100 %)" in beside
    assert (
        "not to be told apart from those nearest in population (Beta, Gamma, Delta: 75 %)" in beside
    )
    assert "10 yuan a head (zone: 18 yuan, nearest: 13 yuan), of which 1 yuan" in beside
    assert "Rooms (in 100 % of the histories: too little money in sight)" in lacks
    assert "Villages (lots of 20) (in 50 % of the histories: yearly pace)" in lacks
    gaps, peers, days, every = own.tables
    assert cells(gaps)[0] == ["Rooms", "6.5", "4.5", "2.0", "100 %", "too little money in sight"]
    assert cells(gaps)[1][:5] == ["Villages (lots of 20)", "3.0", "2.0", "1.0", "50 %"]
    by_measure = {row[0]: row[1:] for row in cells(peers)}
    assert by_measure["Quotas met"] == ["25 %", "100 %", "100 %", "50 %", "", "75 %"]
    assert by_measure["Received, yuan a head"] == ["10", "18", "18", "15", "10", "13"]
    # 200 days for money and 60 for staff of 17 projects begun; Beta's 10 of 4.
    assert [row[:3] for row in cells(days)] == [["money", "12", "2.5"], ["staff", "3.5", "0.0"]]
    assert [line.essential for line in every.rows] == [True, False, False, False]
    by_programme, money, stack = own.pictures
    assert isinstance(by_programme, Ladder)
    assert [dot.value for dot in by_programme.rows[0].dots] == [1.0, 0.9, 4.5 / 6.5]
    assert isinstance(money, Ladder)
    assert [EN.text(rung.name) for rung in money.rows] == ["Alpha", "Beta", "Gamma", "Delta"]
    assert isinstance(stack, Stack)
    assert len(stack.rows) == 3


def test_of_several_districts_the_ranks_come_first() -> None:
    own = answer(compared(), [0, 2])
    assert [text.partition(" meets")[0].rpartition(" ")[2] for text in headlines(own)[:2]] == [
        "Alpha", "Gamma",
    ]  # fmt: skip
    assert len(headlines(own)) == 3
    names = [table.name for table in own.tables]
    assert len(set(names)) == len(names) == 7


def test_a_district_without_a_quota_has_no_rank() -> None:
    assert headlines(answer(compared(), [3])) == ["Delta has no quota, so it has no rank."]


def test_who_meets_everything_lacks_nothing() -> None:
    assert "Beta meets all its quotas in every history." in headlines(answer(compared(), [1]))


def test_equals_have_no_order_and_nothing_is_missing() -> None:
    same = [row for row in ROWS if row[1] == "500102"]
    rows = same + [(row[0], "500101", *row[2:]) for row in same]
    own = answer(compared(rows), [])
    assert headlines(own) == [
        "All 2 districts meet the same share of their quotas (100 %): "
        "there is no order among them.",
        "Nothing is missing in the last ones either.",
    ]
    assert "equal with Beta" in headlines(answer(compared(rows), [0]))[0]


@pytest.mark.parametrize("chosen", [[], [0]])
def test_a_single_place_has_nothing_to_be_compared_with(chosen: list[int]) -> None:
    only = (replace(PLACES[0], population=0),)
    own = answer(compared([row for row in ROWS if row[1] == "500101"], only), chosen)
    if chosen:
        assert "number 1 of 1 district " in headlines(own)[0]
        assert not any(text.startswith("Alpha is ") for text in headlines(own))
    else:
        assert headlines(own) == [
            "Only Alpha has quotas (25 % of them are met): there is nothing to compare."
        ]
        assert not own.pictures
    assert "None" not in own.words(EN) + own.words(ZH)


def test_many_districts_of_no_clear_order_are_a_number_not_a_list() -> None:
    said = dict.fromkeys(
        ("scenario", "place", "met", "quotas", "low", "high", "lucky", "luckless"), 1
    )
    said |= {"total": 38, "rank": 28, "tied": 0}
    names = [{"zh": f"地{i}", "en": f"Place {i}"} for i in range(6)]
    for alike, told in ((names, "apart from 6 others."), (names[:1], "apart from Place 0.")):
        rank = Said("districts.one_rank", {**said, "alike": alike, "others": len(alike)})
        assert EN.text(rank).endswith(told)
