"""The catalogue speaks both languages, everywhere, with the same fields."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from sim.report.charts.stages import fills
from sim.report.words import STAGES, WORKING_STAGES, keys, phrase, spoken, word

HANZI = re.compile(r"[\u4e00-\u9fff]")


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("key", keys())
def test_every_key_has_both_languages_with_equal_fields(key: str) -> None:
    zh, en = word(key, "zh"), word(key, "en")
    assert zh
    assert en
    assert fields(zh) == fields(en)
    assert not HANZI.search(en)


@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_of_the_contract_has_a_name_and_an_explanation(stage: str) -> None:
    assert HANZI.search(word(f"stage.{stage}", "zh"))
    assert HANZI.search(word(f"stage_note.{stage}", "zh"))


@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_has_a_colour(stage: str) -> None:
    assert fills([stage])[stage].colour.startswith("#")


def test_stages_are_those_of_the_contract() -> None:
    assert WORKING_STAGES == ("calendar", "review", "money", "crew", "building", "staff")
    reasons = {
        "unproposed": {"pace", "money_in_sight", "not_yet_allowed", "no_round"},
        "unmet": {"round_quota", "eligibility", "panel", "strike_off", "unfunded_post",
                  "no_candidate", "attrition", "next_round", "promoted", "no_graduate",
                  "not_planned", "no_money", "closed", "slipped", "procedure", "seats",
                  "too_few_births", "exits", "growth", "no_round", "no_people", "not_yet_allowed",
                  "not_scheduled", "trend", "exposure", "survey_error"},
    }  # fmt: skip
    expected = {f"{family}:{reason}" for family, names in reasons.items() for reason in names}
    assert set(STAGES) - set(WORKING_STAGES) == expected


def test_unknown_key_and_language_are_named() -> None:
    with pytest.raises(KeyError, match=r"no word 'stage\.sleep'"):
        word("stage.sleep", "zh")
    with pytest.raises(KeyError, match="no language 'fr'"):
        word("column.goal", "fr")  # type: ignore[arg-type]


def test_both_languages_are_joined_once_where_they_agree() -> None:
    assert phrase("column.goal", "both", " / ") == "目标值 / Goal"
    assert phrase("column.goal", "en") == "Goal"
    assert spoken("both", lambda tongue: "42") == "42"
