"""Numbers are short, exact where it matters, and grouped as each language does."""

from __future__ import annotations

import math

import pytest

from sim.report.numbers import (
    either_text,
    likelihood,
    percent_text,
    replications_text,
    value_text,
    yuan_text,
)


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (20.0, "20", "20"),
        (4.746, "4.75", "4.75"),
        (71.23, "71.2", "71.2"),
        (780.4, "780", "780"),
        (50_000.0, "50,000", "50,000"),
        (2_500_000.0, "250万", "2.50 million"),
        (1e11, "1,000亿", "100 billion"),
        (math.nan, "—", "—"),
    ],
)
def test_one_value(value: float, zh: str, en: str) -> None:
    assert value_text(value, "zh") == zh
    assert value_text(value, "en") == en


@pytest.mark.parametrize(
    ("probability", "text"),
    [
        (0.0, "0 %"),
        (0.002, "<1 %"),
        (0.42, "42 %"),
        (0.797, "79.7 %"),
        (0.8, "80 %"),
        (0.199, "19.9 %"),
        (0.998, ">99 %"),
        (1.0, "100 %"),
    ],
)
def test_chances_never_round_into_another_class(probability: float, text: str) -> None:
    assert percent_text(probability, "en") == text
    assert percent_text(probability, "zh") == text.replace(" ", "")


@pytest.mark.parametrize(
    ("probability", "kind"), [(0.8, "likely"), (0.79, "open"), (0.2, "open"), (0.19, "unlikely")]
)
def test_classes_of_probability(probability: float, kind: str) -> None:
    assert likelihood(probability) == kind


@pytest.mark.parametrize(
    ("yuan", "zh", "en"),
    [
        (0, "0元", "0 yuan"),
        (9_999, "9,999元", "9,999 yuan"),
        (10_000, "1.00万元", "10,000 yuan"),
        (509_042, "50.9万元", "509,042 yuan"),
        (28_400_000, "2,840万元", "28.4 million yuan"),
        (1_170_000_000, "11.7亿元", "1.17 billion yuan"),
    ],
)
def test_money(yuan: int, zh: str, en: str) -> None:
    assert yuan_text(yuan, "zh") == zh
    assert yuan_text(yuan, "en") == en


def test_two_values_share_a_unit() -> None:
    assert either_text(64.52, 44.8, "per cent", "en") == "64.5 or 44.8 per cent"
    assert either_text(5_698.0, 36_921.0, "人", "zh") == "5,698或36,921人"
    assert either_text(1.2e9, 4.5e10, "yuan", "en") == "1.2 or 45.0 billion yuan"


@pytest.mark.parametrize(
    ("count", "zh", "en"),
    [
        (1, "1次模拟", "1 replication"),
        (2, "2次模拟", "2 replications"),
        (12_500, "12,500次模拟", "12,500 replications"),
    ],
)
def test_one_replication_is_singular(count: int, zh: str, en: str) -> None:
    assert replications_text(count, "zh") == zh
    assert replications_text(count, "en") == en
