"""Scenarios with overrides are called by words, in both languages, wherever there are any."""

from __future__ import annotations

import pytest

from sim.answer.settings import override_text, scenario_label
from sim.config.directory import groups
from sim.config.schema import Run
from sim.words import catalogue, speeches
from tests.factory import settings

BASELINE = {"zh": "基准情景", "en": "Baseline"}


@pytest.mark.parametrize(
    ("override", "value", "zh", "en"),
    [
        ("planning.pace=0.5", 0.5, "年度申报进度上限0.5", "yearly pace of proposals 0.5"),
        ("++budget.public_total=1.2e9", 1_200_000_000, "规划期公共经费12亿元",
         "public money of the plan period 1,200 million yuan"),
        ("budget.queue=backfill", "backfill", "付款排队规则（小额可先付）",
         "rule of the queue for money (smaller claims may pass first)"),
        ("allocation.reallocation.enabled=false", False, "年中经费调剂（停用）",
         "mid-year reallocation (off)"),
        ("definitions.full_time_staff=broad", "broad", "“专职人员”口径（专职与兼职合计）",
         "Who counts as full-time staff (Full-time and part-time persons)"),
        ("definitions.promoted_base_counts=True", True, None, None),  # as Python writes truth
        ("budget.year_shares=[0.3,0.3,0.2,0.1,0.1]", [0.3, 0.3, 0.2, 0.1, 0.1],
         "各年经费占比（0.3/0.3/0.2/0.1/0.1）", "shares of the years' money (0.3/0.3/0.2/0.1/0.1)"),
        ("parameters.existing_run_share.mode=0.2", 0.2,
         "既有设施运行费由本级科普经费承担的比例（最可能值为0.2）",
         "Share of old facilities' running cost on this purse (mode 0.2)"),
    ],
)  # fmt: skip
def test_overrides_in_words(
    real_run: Run, override: str, value: object, zh: str | None, en: str | None
) -> None:
    key = override.lstrip("+").partition("=")[0]
    config = settings(real_run, {key: value}).model_dump(mode="json")
    for speech, expected in zip(speeches("both"), (zh, en), strict=True):
        said = override_text(override, config, speech)
        if expected is None:
            assert "=" not in said
        else:
            assert said == expected


@pytest.mark.parametrize(
    ("override", "zh", "en"),
    [
        ("allocation=equal", "分配办法（各区县相同）", "allocation (the same for all)"),
        ("allocation=mine", "分配办法（mine）", "allocation (mine)"),
        ("shocks=late_release", "冲击（拨款滞后）", "shocks (late releases)"),
        # What nobody has words for stands as it was written.
        ("no.such.key=1", "no.such.key=1", "no.such.key=1"),
        ("definitions.nobody=1", "definitions.nobody=1", "definitions.nobody=1"),
    ],
)
def test_choices_in_words_and_what_has_none(real_run: Run, override: str, zh: str, en: str) -> None:
    config = real_run.model_dump(mode="json")
    assert [override_text(override, config, speech) for speech in speeches("both")] == [zh, en]


def test_a_scenario_is_called_by_its_preset_and_what_came_after(real_run: Run) -> None:
    config = settings(real_run, {"planning.pace": 0.5}).model_dump(mode="json")
    assert scenario_label(BASELINE, [], config) == BASELINE
    assert scenario_label(BASELINE, ["planning.pace=0.5", "allocation=need"], config) == {
        "zh": "基准情景（年度申报进度上限0.5、分配办法（按缺口））",
        "en": "Baseline (yearly pace of proposals 0.5, allocation (by need))",
    }


@pytest.mark.parametrize("group", ["allocation", "budget", "shocks"])
def test_every_choice_that_comes_with_the_project_has_words(group: str) -> None:
    assert catalogue().has(f"lever.{group}")
    assert [name for name in groups()[group] if not catalogue().has(f"choice.{group}.{name}")] == []


def test_every_group_has_a_name() -> None:
    named = {group for group in groups() if catalogue().has(f"lever.{group}")}
    assert set(groups()) - named == {"scenario"}
