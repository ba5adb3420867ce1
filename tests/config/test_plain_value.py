"""Values as people write them: numbers in words, dates, truths, lists, and how they are written."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from sim.config.plain_value import plain_value

POWERS = {
    "": 0, "%": -2, "‰": -3, "percent": -2, "per cent": -2, "百": 2, "千": 3, "万": 4, "十万": 5,
    "百万": 6, "千万": 7, "亿": 8, "十亿": 9, "百亿": 10, "千亿": 11, "万亿": 12, "k": 3, "K": 3,
    "thousand": 3, "m": 6, "mn": 6, "mio": 6, "Million": 6, "b": 9, "bn": 9, "billion": 9,
}  # fmt: skip


@pytest.mark.parametrize("word", POWERS)
def test_a_word_behind_a_number_stands_for_a_power_of_ten(word: str) -> None:
    for text in (f"2.5{word}", f"2.5 {word}", f"¥ 2.5 {word} yuan"):
        plain = plain_value(text, {float})
        assert plain is not None
        assert Decimal(plain) == Decimal("2.5").scaleb(POWERS[word])


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("1,234,567", "1234567"),  # commas between groups of three, a comma elsewhere
        ("1,234", "1234"),
        ("1,5", "1.5"),
        ("12,34", "12.34"),
        ("1 234 567.5", "1234567.5"),
        ("1'000'000", "1e6"),
        ("-3 百万", "-3e6"),
        ("+7", "7"),
        (".5", "0.5"),
        ("=12", "12"),
        ("一二三", "123"),
        ("１２", "12"),
        ("'40'", "40"),
        ("1e3", "1000"),
        ("10000", "10000"),
        ("1000000", "1e6"),
        ("1200000", "1.2e6"),
        ("123456", "123456"),
        ("0.10", "0.1"),
        ("two", None),
        ("1,2,3", None),
        ("3 apples", None),
    ],
)
def test_a_number_is_written_in_its_shortest_form(text: str, plain: str | None) -> None:
    assert plain_value(text, {int, float}) == plain


@pytest.mark.parametrize(
    ("text", "plain"), [("2.5 k", "2500"), ("0.25 k", "250"), ("2.5", None), ("50 %", None)]
)
def test_where_a_whole_number_is_wanted_no_other_will_do(text: str, plain: str | None) -> None:
    assert plain_value(text, {int}) == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("2018/3/7", "2018-03-07"), ("2018.03.07", "2018-03-07"), ("2018年3月7日", "2018-03-07"),
        ("20180307", "2018-03-07"), ("2018-02-30", None), ("7.3.2018", None),
    ],
)  # fmt: skip
def test_a_date_is_year_month_and_day(text: str, plain: str | None) -> None:
    assert plain_value(text, {dt.date}) == plain


def test_truths_and_nothing_are_known_by_their_words() -> None:
    for word in ("Yes", "on", "是", "1"):
        assert plain_value(word, {bool}) == "true"
    for word in ("No", "off", "否", "0"):
        assert plain_value(word, {bool}) == "false"
    assert plain_value("maybe", {bool}) is None
    for word in ("", "None", "无", "n/a"):
        assert plain_value(word, {float, type(None)}) == "null"
    assert plain_value("none", {float}) is None


def test_a_list_is_what_stands_between_marks() -> None:
    for text in ("a, b", "[a,b]", "a、b", "(a；b)"):
        assert plain_value(text, {list}) == "[a,b]"
    assert plain_value("", {list}) is None


def test_what_is_too_long_for_a_number_is_none() -> None:
    assert plain_value("1" * 60, {float}) is not None
    assert plain_value("1" * 61, {float}) is None
