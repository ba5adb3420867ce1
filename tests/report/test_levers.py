"""Scenarios with overrides are called by words, in both languages, wherever there are any."""

from __future__ import annotations

import pytest

from sim.config.directory import groups
from sim.config.schema import Run
from sim.report.levers import override_text, scenario_label
from sim.report.words import has_word, tongues

BASELINE = {"zh": "基准情景", "en": "Baseline"}


@pytest.mark.parametrize(
    ("override", "zh", "en"),
    [
        ("planning.pace=0.5", "年度申报进度上限：0.5", "yearly pace of proposals: 0.5"),
        (
            "budget.public_total=1200000000",
            "规划期公共经费：12亿元",
            "public money of the plan period: 1,200 million yuan",
        ),
        (
            "++budget.public_total=1.2e9",
            "规划期公共经费：12亿元",
            "public money of the plan period: 1,200 million yuan",
        ),
        ("allocation=equal", "分配办法：各区县均等", "allocation: equal for all districts"),
        ("allocation=mine", "分配办法：mine", "allocation: mine"),
        ("shocks=late_release", "冲击：拨款滞后", "shocks: late releases"),
        ("budget.queue=backfill", "付款顺序：后面的小额可先付",
         "order of payments: smaller claims may pass"),
        ("allocation.reallocation.enabled=false", "年中调剂资金：否", "reallocation in July: no"),
        ("allocation.group_shares.staff=0.1", "人才队伍的经费份额：0.1",
         "share of money for Staff: 0.1"),
        ("definitions.full_time_staff=broad", "“专职人员”口径：专职与兼职合计",
         "Who counts as full-time staff: Full-time and part-time persons"),
        # Passports write truth as Python does.
        ("definitions.promoted_base_counts=True", None, None),
        # What nobody has words for stands as it was written.
        ("budget.year_shares=[0.3,0.3,0.2,0.1,0.1]", "budget.year_shares=[0.3,0.3,0.2,0.1,0.1]",
         "budget.year_shares=[0.3,0.3,0.2,0.1,0.1]"),
        ("no.such.key=1", "no.such.key=1", "no.such.key=1"),
        ("definitions.nobody=1", "definitions.nobody=1", "definitions.nobody=1"),
        ("shocks.7.start=2016-01-01", "shocks.7.start=2016-01-01", "shocks.7.start=2016-01-01"),
    ],
)  # fmt: skip
def test_overrides_in_words(real_run: Run, override: str, zh: str | None, en: str | None) -> None:
    config = real_run.model_dump(mode="json")
    for tongue, expected in zip(tongues("both"), (zh, en), strict=True):
        said = override_text(override, config, tongue)
        if expected is None:
            assert "=" not in said
        else:
            assert said == expected


def test_parameters_go_by_their_own_names(real_run: Run) -> None:
    config = real_run.model_dump(mode="json")
    label = config["parameters"]["existing_run_share"]["label"]
    for tongue in tongues("both"):
        said = override_text("parameters.existing_run_share.mode=0.2", config, tongue)
        assert label[tongue] in said
        assert "0.2" in said


def test_a_scenario_is_called_by_its_preset_and_what_came_after(real_run: Run) -> None:
    config = real_run.model_dump(mode="json")
    assert scenario_label(BASELINE, [], config) == BASELINE
    assert scenario_label(BASELINE, ["planning.pace=0.5", "allocation=need"], config) == {
        "zh": "基准情景（年度申报进度上限：0.5、分配办法：按缺口）",
        "en": "Baseline (yearly pace of proposals: 0.5, allocation: by need)",
    }


@pytest.mark.parametrize("group", ["allocation", "budget", "shocks"])
def test_every_choice_that_comes_with_the_project_has_words(group: str) -> None:
    assert has_word(f"lever.{group}")
    assert [name for name in groups()[group] if not has_word(f"choice.{group}.{name}")] == []


def test_every_group_has_a_name() -> None:
    named = {group for group in groups() if has_word(f"lever.{group}")}
    assert set(groups()) - named == {"scenario"}
