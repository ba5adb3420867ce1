"""The passport lists what differs from the baseline, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sim.config.passport import differences
from sim.hydra_bridge import Composer


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


def test_other_settings_have_the_words_of_the_schema(composer: Composer) -> None:
    rows = _rows(composer, "budget.year_shares=[0.3,0.1,0.2,0.2,0.2]")
    assert list(rows) == ["budget.year_shares.0", "budget.year_shares.1"]
    assert rows["budget.year_shares.0"]["label"] == "split over the years of the horizon"


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
