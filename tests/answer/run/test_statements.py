"""The sentences of a run: how many targets are met, which reading decides, and why not."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import pytest

from sim.answer.blocks import Weight
from sim.answer.found import Found, FrameFound
from sim.answer.origin import caution_of
from sim.words import Language, Speech
from tests.answer.run.made_up_run import MadeUp

ENGLISH, CHINESE = Speech("en"), Speech("zh")


def said(
    made_up: MadeUp, language: Language, *weights: Weight, found: Found | None = None
) -> list[str]:
    return [*made_up.answer(found).said(Speech(language), *weights)]


# --------------------------------------------------------------------------- summary


def test_three_sentences_answer_and_caution_stands_with_them(made_up: MadeUp) -> None:
    for language in ("zh", "en"):
        assert len(said(made_up, language, "headline")) == 3
        (caution,) = said(made_up, language, "caution")
        assert caution == Speech(language).text(caution_of(made_up.config))


def test_sentences_count_targets_and_name_the_obstacle(made_up: MadeUp) -> None:
    rows = made_up.deciding()
    likely = sum(row.probability is not None and row.probability >= 0.8 for row in rows)
    assert likely
    _, counted, obstacle = said(made_up, "en", "headline")
    assert counted.startswith(f"Modelled targets of the plan: {len(rows)}; ")
    assert f"(80 % or more): {likely};" in counted
    assert "money (an instalment waits for cash)" in obstacle
    _, counted, obstacle = said(made_up, "zh", "headline")
    assert counted.startswith(f"在{len(rows)}项已建模的规划目标中，{likely}项很可能达标")
    assert "等资金（资金未到位，合同或尾款在排队）" in obstacle


def test_obstacles_are_those_of_targets_more_likely_missed_than_met(made_up: MadeUp) -> None:
    """One at 30 % is missed more often than met, and so is one at 49 %; at 50 % it is not."""
    first, second, third = (one.row.key for one in made_up.deciding()[:3])
    made_up.set_all(probability=1.0, held_back_by="")
    for key, chance, stage in (
        (first, 0.3, "crew"),
        (second, 0.49, "crew"),
        (third, 0.5, "staff"),
    ):
        made_up.set(*key, probability=chance, held_back_by=stage)
    sentence = said(made_up, "en", "headline")[2]
    assert re.findall(r"\d+", sentence) == ["2", "2"]  # both of the two for want of a crew
    assert "crew" in sentence


def test_obstacles_that_are_equally_frequent_are_all_named(made_up: MadeUp) -> None:
    first, second = (one.row.key for one in made_up.deciding()[:2])
    made_up.set_all(probability=1.0, held_back_by="")
    made_up.set(*first, probability=0.1, held_back_by="staff")
    made_up.set(*second, probability=0.1, held_back_by="crew")
    sentence = said(made_up, "en", "headline")[2]
    assert re.findall(r"\d+", sentence) == ["2", "1"]
    assert sentence.index("crew (") < sentence.index("staff (")  # in the order of the stages


def test_sentence_without_missed_targets(made_up: MadeUp) -> None:
    made_up.set_all(probability=1.0)
    assert "No target is more likely missed" in said(made_up, "en", "headline")[2]
    assert "没有一项目标" in said(made_up, "zh", "headline")[2]


# --------------------------------------------------------------------------- how far to trust it


def test_failures_are_announced_with_the_answer(made_up: MadeUp) -> None:
    assert "failed" not in " ".join(said(made_up, "en"))
    made_up.manifest["replications"] = 203
    first, *_ = said(made_up, "en")
    assert "3 of 203 replications failed" in first
    assert said(made_up, "en", "caution")[0] == first
    assert "203次模拟中有3次失败，以下结果只基于成功的200次" in said(made_up, "zh")[0]


def test_an_interruption_is_no_failure(made_up: MadeUp) -> None:
    made_up.manifest |= {"replications": 500, "failed": 0, "interrupted": True}
    assert "failed" not in " ".join(said(made_up, "en"))
    assert "on the 200 of 500 replications" in said(made_up, "en")[0]
    made_up.manifest["failed"] = 2
    first, second, *_ = said(made_up, "en")
    assert "2 of 500 replications failed" in first
    assert "on the 200 of 500 replications" in second


def test_caution_names_the_assumption_and_its_range(made_up: MadeUp) -> None:
    assert "2015年已有设施的运行费由本规划资金承担的份额" in said(made_up, "zh", "caution")[0]
    assert "0.1–0.7 (most likely 0.35)" in said(made_up, "en", "caution")[0]


@pytest.mark.parametrize(
    ("parameter", "expected"),
    [
        ({"kind": "uniform", "low": 0.1, "high": 0.7}, "0.1–0.7,"),
        ({"kind": "lognormal", "median": 0.3, "sigma": 0.5}, "median 0.3,"),
        ({"kind": "fixed", "value": 0.35}, "0.35,"),
    ],
)
def test_caution_for_every_kind_of_distribution(
    made_up: MadeUp, parameter: dict[str, Any], expected: str
) -> None:
    parameters = made_up.config["parameters"]
    label = parameters["existing_run_share"]["label"]
    parameters["existing_run_share"] = {"grade": "assumption", "label": label, **parameter}
    assert expected in ENGLISH.text(caution_of(made_up.config))


def test_a_plan_without_the_parameter_gets_the_general_caution(made_up: MadeUp) -> None:
    del made_up.config["parameters"]["existing_run_share"]
    assert "0 of 1 parameters are assumptions" in said(made_up, "en", "caution")[0]


# --------------------------------------------------------------------------- how many at once


def frame(met: dict[tuple[str, str], list[bool]]) -> pd.DataFrame:
    rows = [
        (number, number, target, reading, float(value), value, None)
        for (target, reading), values in met.items()
        for number, value in enumerate(values)
    ]
    names = ["draw", "replication", "target", "definition", "value", "attained",
             "first_attained_day"]  # fmt: skip
    return pd.DataFrame(rows, columns=names)


def test_how_many_targets_are_met(made_up: MadeUp) -> None:
    """Ten histories; the joint rows' mean and range are as found, the chances from these."""
    rows = [one.row for one in made_up.deciding()]
    met = {row.key: [False] * 10 for row in rows}
    first, second, third = [row.key for row in rows if row.group == "facilities"][:3]
    met[first], met[second], met[third] = [True] * 9 + [False], [True] * 6 + [False] * 4, [
        True, True, *[False] * 8]  # fmt: skip
    for target in ("met_count", "met_count:facilities", "met_count:staff"):
        made_up.set(target, mean=1.7, p05=1.0, p95=3.0)
    found, total = FrameFound(frame(met)), len(rows)
    assert said(made_up, "en", "headline", found=found)[0] == (
        f"Modelled targets of the plan met: 1.7 of {total} on average (5–95 %: 1–3); "
        "at least 1 with 90 %, at least 2 with 60 %, at least 3 with 20 %."
    )
    facilities, staff, *_ = said(made_up, "en", "support", found=found)
    assert facilities.startswith("Facilities: 1.7 of ")
    assert staff.startswith("Staff: 1.7 of ")
    assert staff.endswith("at least 1 with 0 %.")  # not even one target, ever
    chinese = said(made_up, "zh", "headline", found=found)[0]
    assert f"{total}项中平均1.7项（5–95%：1–3项）" in chinese
    assert "至少1项的概率90%、至少2项的概率60%、至少3项的概率20%" in chinese


def test_chances_of_a_real_looking_folder(made_up: MadeUp) -> None:
    assert made_up.numbers["met_count", ""]["mean"] > 0.0
    for language in ("zh", "en"):
        # All in the first sentence, facilities and staff among those that say more.
        counts = [said(made_up, language, "headline")[0], *said(made_up, language, "support")[:2]]
        for text, target in zip(
            counts, ("met_count", "met_count:facilities", "met_count:staff"), strict=True
        ):
            assert f"{made_up.numbers[target, '']['mean']:.1f}" in text


# --------------------------------------------------------------------------- two readings


def reading(made_up: MadeUp, target: str, definition: str, *, p: float, **cells: float) -> None:
    """Set cells of one row; ``p`` is a probability known to within three points."""
    cells |= {"probability": p, "probability_low": max(0.0, p - 0.03), "probability_high": p + 0.03}
    made_up.set(target, definition, **cells)


def sentence(made_up: MadeUp, name: str, language: Language = "en") -> str:
    """The one sentence on the definition called ``name``."""
    start = f"{name}: " if language == "en" else f"{name}："
    found = [s for s in said(made_up, language, "support") if s.startswith(start)]
    assert len(found) == 1
    return found[0]


def test_a_reading_that_decides(made_up: MadeUp) -> None:
    reading(made_up, "full_time_staff", "strict", p=0.0)
    reading(made_up, "full_time_staff", "broad", p=0.22)
    assert sentence(made_up, "full_time_staff") == (
        "full_time_staff: “full-time posts only” or “full-time and part-time”? "
        "Full-time science-popularization staff: met with 0 % or 22 %, the reading decides."
    )
    assert sentence(made_up, "full_time_staff", "zh") == (
        "full_time_staff：“仅专职岗位”还是“专职加兼职”？科普专职人员：达标概率0%或22%，由口径决定。"
    )


def test_the_reading_that_counts_is_named_first(made_up: MadeUp) -> None:
    reading(made_up, "full_time_staff", "strict", p=0.0)
    reading(made_up, "full_time_staff", "broad", p=0.22)
    made_up.config["definitions"]["full_time_staff"] = "broad"
    text = sentence(made_up, "full_time_staff")
    assert "“full-time and part-time” or “full-time posts only”?" in text
    assert "22 % or 0 %" in text


def test_a_reading_that_matters_without_deciding(made_up: MadeUp) -> None:
    reading(made_up, "full_time_staff", "strict", p=0.30)
    reading(made_up, "full_time_staff", "broad", p=0.50)
    assert "30 % or 50 %, the reading matters." in sentence(made_up, "full_time_staff")


def test_chances_too_near_to_tell_apart_leave_the_medians(made_up: MadeUp) -> None:
    reading(made_up, "full_time_staff", "strict", p=0.30, p50=4_900.0)
    reading(made_up, "full_time_staff", "broad", p=0.34, p50=44_000.0)
    assert sentence(made_up, "full_time_staff").endswith(
        "met with 30 % or 34 % (within simulation error), median 4,900 or 44,000 people."
    )
    reading(made_up, "full_time_staff", "broad", p=0.30, p50=44_000.0)
    assert sentence(made_up, "full_time_staff").endswith(
        "met with 30 % either way, median 4,900 or 44,000 people."
    )


def test_equal_answers_need_no_sentence(made_up: MadeUp) -> None:
    for definition in ("strict", "broad"):
        reading(made_up, "full_time_staff", definition, p=0.3, p50=44_000.0)
    assert made_up.answer().statements
    assert not [s for s in said(made_up, "en") if s.startswith("full_time_staff")]


def test_one_sentence_a_definition_even_for_several_targets(made_up: MadeUp) -> None:
    """Municipal and district bases share a definition."""
    for target in ("municipal_bases", "district_bases"):
        reading(made_up, target, "promoted_count", p=0.9)
        reading(made_up, target, "promoted_leave", p=0.1)
    text = sentence(made_up, "promoted_base_counts")
    assert text.count("the reading decides") == 2
    assert text.count("“promoted bases leave”") == 1


def test_a_definition_that_changes_the_run_has_no_sentence(made_up: MadeUp) -> None:
    for language in ("zh", "en"):
        assert said(made_up, language, "support")
        assert not [s for s in said(made_up, language) if s.startswith("district_venue")]
