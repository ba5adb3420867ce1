"""A run that was changed is not called by its scenario's name alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from sim.answer.settings import scenario_text
from sim.config.passport import changes
from sim.config.schema import Run
from sim.words import Speech
from tests.factory import settings

SHARE = "parameters.existing_run_share"


def manifest_of(run: Run, changed: Mapping[str, object]) -> dict[str, Any]:
    """As of a run with these settings given on the command line."""
    config = settings(run, changed).model_dump(mode="json")
    rows = changes(config, run.model_dump(mode="json"), overrides=[f"{key}=" for key in changed])
    return {"config": config, "changes": rows}


@pytest.mark.parametrize(
    ("changed", "zh", "en"),
    [
        ({}, "", ""),
        ({"replications": 7, "workers": 1, "language": "zh", "record": "full"}, "", ""),
        ({"scenario.name": "other", f"{SHARE}.note": "told differently"}, "", ""),
        (
            {"budget.public_total": 800_000_000},
            "规划期公共经费8亿元",
            "public money of the plan period 800 million yuan",
        ),
        (
            {"budget.public_total": 0, "budget.social_total": 0, "seed": 20_160_523},
            "规划期公共经费0元、规划期社会经费0元、随机数种子20160523",
            "public money of the plan period 0 yuan, social money of the plan period 0 yuan, "
            "seed of the random numbers 20160523",
        ),
        (
            {"budget.year_shares": [0.4, 0.3, 0.3, 0, 0]},
            "各年经费占比（0.4/0.3/0.3/0/0）",
            "shares of the years' money (0.4/0.3/0.3/0/0)",
        ),
        (
            {"allocation.reallocation.enabled": False, "budget.queue": "backfill"},
            "付款排队规则（小额可先付）、年中经费调剂（停用）",
            "rule of the queue for money (smaller claims may pass first), "
            "mid-year reallocation (off)",
        ),
        (
            {"definitions.full_time_staff": "broad"},
            "“专职人员”口径（专职与兼职合计）",
            "Who counts as full-time staff (Full-time and part-time persons)",
        ),
        (
            {f"{SHARE}.mode": 0.2, f"{SHARE}.low": 0.15},
            "既有设施运行费由本级科普经费承担的比例（下限为0.15、最可能值为0.2）",
            "Share of old facilities' running cost on this purse (low 0.15, mode 0.2)",
        ),
        (
            {"plan.targets.municipal_bases.goal": 150},
            "市级科普基地（目标值为150）",
            "Municipal bases (goal 150)",
        ),
        (
            {
                "shocks": [
                    {
                        "kind": "release_delay",
                        "start": "2017-01-01",
                        "end": "2017-12-31",
                        "size": 60,
                    },
                    {
                        "kind": "closure",
                        "start": "2020-02-01",
                        "end": "2020-03-31",
                        "size": 0.5,
                        "zones": ["core"],
                        "groups": ["facilities"],
                    },
                ]
            },
            "拨款延迟60天（2017-01-01至2017-12-31）、"
            "停开50%（2020-02-01至2020-03-31、都市功能核心区、设施与阵地）",
            "late releases 60 days (2017-01-01 to 2017-12-31), "
            "closure 50 % (2020-02-01 to 2020-03-31, Core, Facilities)",
        ),
    ],
)
def test_changes_are_named(real_run: Run, changed: dict[str, object], zh: str, en: str) -> None:
    manifest = manifest_of(real_run, changed)
    assert scenario_text(manifest, Speech("zh")) == "基准情景" + (f"，改动：{zh}" if zh else "")
    assert scenario_text(manifest, Speech("en")) == "Baseline" + (f", with: {en}" if en else "")


def test_of_many_changes_three_are_named(real_run: Run) -> None:
    changed = {"planning.pace": 0.5, "planning.margin": 0.1, "planning.overcommitment": 2.0}
    four = changed | {"budget.carry_over": 0.5}
    assert "more" not in scenario_text(manifest_of(real_run, four), Speech("en"))
    five = four | {"replications_per_draw": 2}
    assert scenario_text(manifest_of(real_run, five), Speech("en")) == (
        "Baseline, with: share of money carried over 0.5, margin on quotas 0.1, "
        "yearly pace of proposals 0.5 and 2 more, see passport.csv"
    )
    assert "另有2项见passport.csv" in scenario_text(manifest_of(real_run, five), Speech("zh"))


def test_shocks_that_are_gone_are_a_change(real_run: Run) -> None:
    shock = {"kind": "closure", "start": "2020-02-01", "end": "2020-03-31", "size": 0.5}
    two, one = (settings(real_run, {"shocks": [shock] * count}) for count in (2, 1))
    assert (
        scenario_text(manifest_of(two, {"shocks": []}), Speech("en")) == "Baseline, with: no shocks"
    )
    manifest = manifest_of(two, {"shocks": one.model_dump(mode="json")["shocks"]})
    assert scenario_text(manifest, Speech("en")) == "Baseline, with: no more than 1 of the shocks"


def test_what_comes_with_a_rule_or_a_plan_is_told_by_its_name(real_run: Run) -> None:
    rows = [
        {"key": "plan.id", "value": "other", "source": "configs/plan/other.yaml"},
        {"key": "plan.targets.municipal_bases.goal", "value": 1, "source": "configs/plan/x.yaml"},
        {"key": f"{SHARE}.mode", "value": 0.3, "source": "command line"},
        {"key": "allocation.rule", "value": "equity", "source": "configs/allocation/equity.yaml"},
        {"key": "allocation.equity_factor", "value": 1.5, "source": "configs/allocation/equity"},
    ]
    manifest = {"config": real_run.model_dump(mode="json"), "changes": rows}
    assert scenario_text(manifest, Speech("en")) == (
        "Baseline, with: rule by which districts share (by population, some zones favoured), "
        "Share of old facilities' running cost on this purse (mode 0.3), "
        f"plan ({real_run.plan.name.en})"
    )
