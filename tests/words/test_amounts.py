"""Numbers are short, exact where it matters, and grouped as each language does."""

from __future__ import annotations

import datetime as dt
import math

import pytest

from sim.words import (
    Chance,
    ChanceInterval,
    Day,
    Days,
    Either,
    Given,
    Goal,
    Interval,
    Mean,
    Quantity,
    Range,
    Replications,
    Share,
    Speech,
    Yuan,
    likelihood,
)

ZH, EN = Speech("zh"), Speech("en")


def both(text: str) -> dict[str, str]:
    return {"zh": text, "en": text}


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
    assert ZH.text(Quantity(value)) == zh
    assert EN.text(Quantity(value)) == en


@pytest.mark.parametrize(
    ("given", "zh", "en"),
    [
        (Range(300_000.0, 3_000_000.0), "30–300万", "0.3–3 million"),
        (Range(1_200.0, 2_500_000.0), "1,200–250万", "1,200–2.5 million"),
        (Range(0.05, 0.7, 0.35), "0.05–0.7（最可能0.35）", "0.05–0.7 (most likely 0.35)"),
        (Range(-0.25, 0.0), "-0.25–0", "-0.25–0"),
        (Range(8.0, 18.0, 12.0), "8–18（最可能12）", "8–18 (most likely 12)"),
        (Range(5.0, 5.0), "5", "5"),
        (Given(18_835.0), "18,835", "18,835"),
        (Given(1.0), "1", "1"),
        (Given(0.0235), "0.0235", "0.0235"),
    ],
)
def test_what_was_given_keeps_its_digits(given: object, zh: str, en: str) -> None:
    assert (ZH.text(given), EN.text(given)) == (zh, en)


def test_a_range_has_one_unit_and_equal_decimals() -> None:
    assert EN.text(Interval(780.0, 602.5, 1026.0)) == "780 (602–1,026)"
    assert EN.text(Interval(78.0, 68.45, 89.0)) == "78 (68–89)"
    assert EN.text(Interval(71.25, 61.0, 80.0)) == "71.2 (61.0–80.0)"
    assert ZH.text(Interval(4.1e10, 3e10, 5.2e10)) == "410 (300–520)亿"
    assert EN.text(Interval(2.43e9, 5.7e8, 6.35e9)) == "2.43 (0.57–6.35) billion"
    assert ZH.text(Interval(4.0, 4.0, 4.0)) == "4"
    assert ZH.text(Interval(math.nan, 1.0, 2.0)) == "—"


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
    assert EN.text(Chance(probability)) == text
    assert ZH.text(Chance(probability)) == text.replace(" ", "")


def test_chances_with_interval_and_goals() -> None:
    assert EN.text(ChanceInterval(0.42, 0.351, 0.489)) == "42 % (35–49)"
    assert EN.text(Goal(">", 1000.0, both("bases"))) == "> 1,000 bases"
    assert ZH.text(Goal(">=", 1e11, both("元/年"))) == "≥ 1,000亿元/年"


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
    assert ZH.text(Yuan(yuan)) == zh
    assert EN.text(Yuan(yuan)) == en


def test_two_values_share_a_unit() -> None:
    assert EN.text(Either(64.52, 44.8, both("per cent"))) == "64.5 or 44.8 per cent"
    assert ZH.text(Either(5_698.0, 36_921.0, both("人"))) == "5,698或36,921人"
    assert EN.text(Either(1.2e9, 4.5e10, both("yuan"))) == "1.2 or 45.0 billion yuan"


def test_mean_amounts() -> None:
    assert EN.text(Mean(0.04)) == "0.0"
    assert EN.text(Mean(9.94)) == "9.9"
    assert EN.text(Mean(9.96)) == "10"
    assert ZH.text(Mean(65_103.2)) == "65,103"
    assert ZH.text(Mean(4.2e10)) == "420亿"


@pytest.mark.parametrize(
    ("value", "comparator", "zh", "en"),
    [
        (151.0, ">", "≥ 151", "≥ 151"),
        (54.19, ">=", "≥ 54.1", "≥ 54.1"),
        (5.8, ">=", "≥ 5.80", "≥ 5.80"),
        (4.271, "<", "≤ 4.28", "≤ 4.28"),
        (-0.875, "<", "≤ -0.87", "≤ -0.87"),
        (1_139_900_000.0, ">=", "≥ 11.3亿", "≥ 1.13 billion"),
        (1_131_000_000.0, "<", "≤ 11.4亿", "≤ 1.14 billion"),
    ],
)
def test_promises_are_rounded_to_the_safe_side(
    value: float, comparator: str, zh: str, en: str
) -> None:
    assert Goal(comparator, math.nan).promised(value, ZH) == zh
    assert Goal(comparator, math.nan).promised(value, EN) == en


def test_shares_and_levels_are_written_as_they_are() -> None:
    assert EN.text(Share(0.8)) == "80 %"
    assert ZH.text(Share(1.0 - 0.8)) == "20%"
    assert EN.text(Share(0.975)) == "97.5 %"


@pytest.mark.parametrize(
    ("count", "zh", "en"),
    [
        (1, "1次模拟", "1 replication"),
        (2, "2次模拟", "2 replications"),
        (12_500, "12,500次模拟", "12,500 replications"),
    ],
)
def test_one_replication_is_singular(count: int, zh: str, en: str) -> None:
    assert ZH.text(Replications(count)) == zh
    assert EN.text(Replications(count)) == en


def test_days_and_dates() -> None:
    assert [EN.text(Days(n)) for n in (0, 1, 1200)] == ["0 days", "1 day", "1,200 days"]
    assert ZH.text(Days(12)) == "12天"
    assert EN.text(Day(dt.date(2018, 6, 30))) == "30 June 2018"
    assert ZH.text(Day(dt.date(2018, 6, 30))) == "2018年6月30日"
    assert EN.text(Day(dt.date(2018, 12, 31))) == "end of 2018"
