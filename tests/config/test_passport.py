"""The passport lists what differs from the baseline, and nothing else."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.config.passport import changes, command, differences
from sim.edge import Composer
from sim.edge.arguments import readable

HANZI = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def composer() -> Iterator[Composer]:
    with Composer().started() as started:
        yield started


def _rows(composer: Composer, *overrides: str) -> dict[object, dict[str, object]]:
    config = composer.compose(overrides).validated().model_dump(mode="json")
    baseline = composer.baseline().model_dump(mode="json")
    rows = differences(config, baseline, overrides=overrides)
    assert all(list(row) == ["key", "label", "baseline", "value", "source"] for row in rows)
    return {row["key"]: row for row in rows}


def test_the_baseline_has_an_empty_passport(composer: Composer) -> None:
    assert _rows(composer) == {}


def test_settings_of_the_execution_are_left_out(composer: Composer) -> None:
    rows = _rows(
        composer, "workers=1", "backend=serial", "record=full", "trace=3", "language=en", "seed=5"
    )
    assert list(rows) == ["seed"]


def test_a_parameter_is_named_in_both_languages(composer: Composer) -> None:
    row = _rows(composer, "parameters.attrition.mode=0.1")["parameters.attrition.mode"]
    label = composer.baseline().parameters["attrition"].label
    assert row["label"] == f"{label.zh} / {label.en}"
    assert (row["baseline"], row["value"]) == (0.07, 0.1)
    assert row["source"] == "command line"


def test_a_target_is_named_in_both_languages(composer: Composer) -> None:
    row = _rows(composer, "plan.targets.municipal_bases.goal=150")[
        "plan.targets.municipal_bases.goal"
    ]
    name = composer.baseline().plan.targets["municipal_bases"].name
    assert row["label"] == f"{name.zh} / {name.en}"
    assert row["value"] == 150


@pytest.mark.parametrize(
    ("override", "key", "label"),
    [
        (
            "budget.year_shares=[0.3,0.1,0.2,0.2,0.2]",
            "budget.year_shares.1",
            "第2年经费占比 / share of money in year 2",
        ),
        (
            "definitions.full_time_staff=broad",
            "definitions.full_time_staff",
            "“专职人员”口径 / Who counts as full-time staff",
        ),
        ("allocation=equity", "allocation.equity_zones.0", "倾斜片区（第1个） / favoured zone 1"),
        ("seed=5", "seed", "随机数种子 / seed of the random numbers"),
        ("shocks=late_release", "shocks.0.size", "第1项冲击的程度 / size of shock 1"),
        (
            "plan.calendar.graduation_month=6",
            "plan.calendar.graduation_month",
            "年度工作日历 / calendar of the year",
        ),
    ],
)
def test_other_settings_have_words_in_both_languages(
    composer: Composer, override: str, key: str, label: str
) -> None:
    assert _rows(composer, override)[key]["label"] == label


def test_every_setting_has_a_name_in_both_languages(composer: Composer) -> None:
    """Against nothing, everything differs; the presets add what the baseline has empty."""
    for overrides in ([], ["allocation=custom"], ["allocation=equity"], ["shocks=epidemic_2020"]):
        config = composer.compose(overrides).validated().model_dump(mode="json")
        rows = differences(config, {})
        assert len(rows) > 1_000
        for row in rows:
            zh, _, en = str(row["label"]).partition(" / ")
            assert HANZI.search(zh), row
            assert en, row
            assert not HANZI.search(en), row


def test_changes_are_what_a_run_adds_to_its_preset(composer: Composer) -> None:
    def changed(preset: str, *overrides: str) -> dict[object, object]:
        settings, own = (
            composer.compose(given).validated().model_dump(mode="json")
            for given in ([preset, *overrides], [preset])
        )
        return {row["key"]: row["value"] for row in changes(settings, own, overrides=overrides)}

    assert changed("scenario=austerity") == {}
    assert changed("scenario=austerity", "seed=3") == {"seed": 3}
    # Back to what the baseline has: no row of the passport, yet not what the preset says.
    back = changed("scenario=austerity", "budget.public_total=1170000000")
    assert back == {"budget.public_total": 1_170_000_000}


def test_another_name_is_no_change_of_a_preset() -> None:
    """A scenario that is called otherwise and is the same changes nothing."""
    preset = {"scenario": {"name": "a", "label": {"zh": "甲", "en": "a"}}, "seed": 1}
    other = {"scenario": {"name": "b", "label": {"zh": "乙", "en": "b"}}, "seed": 2}
    assert [row["key"] for row in changes(other, preset)] == ["seed"]
    assert [row["key"] for row in differences(other, preset)] == ["scenario.name", "seed"]


def test_sources_tell_preset_choice_and_command_line_apart(composer: Composer) -> None:
    rows = _rows(composer, "scenario=austerity", "allocation=equity", "allocation.equity_factor=2")
    assert rows["budget.public_total"]["source"] == "scenario austerity"
    assert rows["allocation.rule"]["source"] == "configs/allocation/equity.yaml"
    assert rows["allocation.equity_factor"]["source"] == "command line"
    assert rows["scenario.name"]["source"] == "scenario austerity"
    assert not any(str(key).startswith("scenario.label") for key in rows)


def test_an_override_that_equals_the_baseline_is_no_difference(composer: Composer) -> None:
    assert _rows(composer, "seed=2016", "scenario=baseline", "budget.carry_over=0.7") == {}


def test_null_and_absent_keys_are_told_apart() -> None:
    rows = differences({"a": {"b": None}, "d": [1]}, {"a": {"b": 2, "c": 3}, "d": [1, 5]})
    assert [(row["key"], row["baseline"], row["value"]) for row in rows] == [
        ("a.b", 2, "null"),
        ("a.c", 3, ""),
        ("d.1", 5, ""),
    ]
    assert {row["source"] for row in rows} == {"configuration file"}


def test_a_file_of_the_users_own_is_none_of_the_project(tmp_path: Path) -> None:
    (tmp_path / "budget").mkdir()
    mine = "defaults: [baseline, _self_]\npublic_total: 8e8\n"
    (tmp_path / "budget" / "mine.yaml").write_text(mine, encoding="utf-8")
    with Composer(tmp_path).started() as composer:
        row = _rows(composer, "budget=mine")["budget.public_total"]
    assert (row["value"], row["source"]) == (800_000_000, "budget/mine.yaml")


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("seed=5", "seed=5"),
        ("study.place=渝中区", "study.place=渝中区"),
        ("study.place='渝中区'", "study.place=渝中区"),
        ("study.places=[渝中区, 江北区]", "'study.places=[渝中区,江北区]'"),
        ("study.places=[5,'6']", "\"study.places=[5,'6']\""),
        ("scenario.label.zh=甲（乙）", "\"scenario.label.zh='甲（乙）'\""),
        ("scenario.label.zh='5'", "\"scenario.label.zh='5'\""),
        (
            "study.scenarios=[a,'b planning.pace=0.5']",
            "\"study.scenarios=[a,'b planning.pace=0.5']\"",
        ),
        ("study.scenarios=[a,\"b c=['甲']\"]", None),
        ("scenario.label.zh='$HOME'", None),
    ],
)
def test_a_command_has_no_quotes_that_nobody_would_type(typed: str, written: str | None) -> None:
    (override,) = readable([typed])
    said = command("python -m sim", [override])
    assert written is None or said == f"python -m sim {written}"
    assert readable(shlex.split(said)[3:]) == [override]
