"""A small made-up run folder that keeps to the contract of the run folder's files.

Names and magnitudes resemble the real plan; every number comes from one seeded generator.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

REPLICATIONS = 200
GROUPS = {
    "literacy": ("科学素质", "Science literacy", False),
    "facilities": ("科普设施", "Facilities", True),
    "staff": ("科普队伍", "Staff", True),
    "industry": ("科普产业", "Industry", True),
    "activities": ("科普活动", "Activities", False),
    "governance": ("组织管理", "Governance", False),
}
DEFINITIONS = {
    "full_time_staff": (
        "strict",
        {
            "strict": ("strict", "仅专职岗位", "full-time posts only"),
            "broad": ("broad", "专职加兼职", "full-time and part-time"),
        },
    ),
    "urban_community": (
        "narrow",
        {
            "narrow": ("narrow", "仅街道所辖社区", "in subdistricts only"),
            "wide": ("wide", "全部社区", "all communities"),
        },
    ),
    "promoted_base_counts": (
        True,
        {
            "promoted_leave": (False, "升级后不再计入", "promoted bases leave"),
            "promoted_count": (True, "升级后仍计入", "promoted bases still count"),
        },
    ),
    "district_venue": (
        "small",
        {
            "small": ("small", "小型场馆", "small venues"),
            "museum": ("museum", "大型科技馆", "museums"),
        },
    ),
}
# id: group, definition, zh, en, comparator, goal, unit zh, unit en, start, end per reading, spread
TARGETS: dict[str, tuple[Any, ...]] = {
    "literacy_gain": (
        "literacy", None, "公民具备科学素质的比例五年提高4个百分点",
        "Share of scientifically literate citizens up by 4 points", ">=", 4, "个百分点",
        "percentage points", 0, None, 0,
    ),
    "national_bases": (
        "facilities", None, "国家级科普基地", "National science-popularization bases", ">=", 20,
        "个", "bases", 11, {"": 18}, 3,
    ),
    "municipal_bases": (
        "facilities", "promoted_base_counts", "市级科普基地",
        "Municipal science-popularization bases", ">", 200, "个", "bases", 113,
        {"promoted_leave": 166, "promoted_count": 175}, 14,
    ),
    "district_bases": (
        "facilities", "promoted_base_counts", "区县级科普基地",
        "District science-popularization bases", ">", 1000, "个", "bases", 560,
        {"promoted_leave": 700, "promoted_count": 780}, 130,
    ),
    "community_rooms": (
        "facilities", None, "标准化社区科普活动室", "Standard community science rooms", ">=", 500,
        "个", "rooms", 215, {"": 505}, 25,
    ),
    "district_venues": (
        "facilities", None, "每个区县建有科普场馆（科技馆、科学体验馆等）",
        "Districts with at least one science venue", ">=", 38, "个区县", "districts", 19,
        {"": 27}, 3,
    ),
    "community_coverage": (
        "facilities", "urban_community", "城市社区科普大学、科普活动室和科普画廊覆盖率",
        "Urban communities with a science room or school and a gallery", ">=", 90, "%", "%", 58,
        {"narrow": 71, "wide": 52}, 6,
    ),
    "village_coverage": (
        "facilities", None, "行政村科普活动站、科普宣传栏、科普宣传员覆盖率",
        "Villages with a science station, a notice board and a science person", ">=", 60, "%", "%",
        38, {"": 57}, 5,
    ),
    "qiming_bookrooms": (
        "facilities", None, "启明书屋", "Qiming book rooms", ">=", 100, "个", "book rooms", 0,
        {"": 104}, 4,
    ),
    "demo_projects": (
        "facilities", None, "科普示范工程", "Demonstration projects", ">=", 20, "项", "projects",
        0, {"": 12}, 3,
    ),
    "content_bases": (
        "facilities", None, "科普内容研发基地", "Science content bases", ">=", 3, "个", "bases", 0,
        {"": 4}, 1,
    ),
    "science_windows": (
        "facilities", None, "科普之窗", "Science windows", ">=", 300, "个", "windows", 0,
        {"": 280}, 24,
    ),
    "feature_schools": (
        "facilities", None, "科技教育特色学校", "Schools with a science profile", ">=", 100, "所",
        "schools", 0, {"": 96}, 8,
    ),
    "full_time_staff": (
        "staff", "full_time_staff", "科普专职人员", "Full-time science-popularization staff", ">",
        50000, "人", "people", 4860, {"strict": 4900, "broad": 44000}, 300,
    ),
    "teacher_studios": (
        "staff", None, "科技教师工作室", "Science teachers' studios", ">=", 50, "个", "studios",
        0, {"": 53}, 3,
    ),
    "training_bases": (
        "staff", None, "科普人才培训基地", "Training bases for science communicators", ">=", 20,
        "个", "bases", 0, {"": 17}, 3,
    ),
    "volunteers": (
        "staff", None, "注册科普志愿者", "Registered volunteers", ">=", 100000, "人", "people", 0,
        None, 0,
    ),
    "industry_output": (
        "industry", None, "科普产业年产值", "Yearly output of the science industry", ">=", 1e11,
        "元", "yuan", 0, None, 0,
    ),
    "industrial_routes": (
        "industry", None, "工业科普旅游线路", "Industrial science routes", ">=", 10, "条",
        "routes", 0, None, 0,
    ),
    "governance_cycle": (
        "governance", None, "年度工作机制", "Yearly governance cycle", ">=", 18, "次", "events",
        0, None, 0,
    ),
}  # fmt: skip
PROJECT_STAGES = ("calendar", "review", "money", "crew", "building", "staff")
OBSTACLES = {
    "national_bases": "unmet:round_quota",
    "municipal_bases": "unmet:panel",
    "district_bases": "unproposed:money_in_sight",
    "full_time_staff": "unmet:no_candidate",
    "district_venues": "building",
    "demo_projects": "money",
    "science_windows": "unproposed:pace",
}


def _label(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


def _manifest() -> dict[str, Any]:
    programmes = [t for t, row in TARGETS.items() if row[9] and t not in LADDER_AND_STAFF]
    config: dict[str, Any] = {
        "plan": {
            "id": "test_plan",
            "name": _label("重庆市“十三五”科普规划", "Chongqing science-popularization plan"),
            "start": "2016-01-01",
            "end": "2020-12-31",
            "groups": {
                g: {"name": _label(zh, en), "headline": headline}
                for g, (zh, en, headline) in GROUPS.items()
            },
            "definitions": {
                d: {
                    "name": _label(d, d),
                    "changes_run": d == "district_venue",
                    "readings": {
                        r: {"switch": switch, "name": _label(zh, en)}
                        for r, (switch, zh, en) in readings.items()
                    },
                }
                for d, (_, readings) in DEFINITIONS.items()
            },
            "targets": {
                t: {
                    "name": _label(row[2], row[3]),
                    "group": row[0],
                    "definition": row[1],
                    "unit": _label(row[6], row[7]),
                }
                for t, row in TARGETS.items()
            },
            "programmes": {
                t: {"name": _label(TARGETS[t][2], TARGETS[t][3]), "target": t} for t in programmes
            },
        },
        "parameters": {
            "existing_run_share": {
                "kind": "pert",
                "label": _label(
                    "2015年已有设施的运行费由本规划资金承担的份额",
                    "share of the running cost of the facilities of 2015 that falls on this plan",
                ),
                "grade": "assumption",
                "low": 0.1,
                "mode": 0.35,
                "high": 0.7,
            },
            "unit_cost": {"kind": "fixed", "grade": "statistic", "value": 3.0},
        },
        "scenario": {"name": "baseline", "label": _label("基准情景", "Baseline")},
        "definitions": {d: switch for d, (switch, _) in DEFINITIONS.items()},
        "seed": 20160523,
        "replications": REPLICATIONS,
    }
    return {
        "schema_version": 1,
        "config": config,
        "seed": 20160523,
        "replications": REPLICATIONS,
        "result_hash": "3f2a9c51d07be8846f1c0a2b9d3e7f605142638495a7b8c9dae0f1b2c3d4e5f6",
    }


LADDER_AND_STAFF = ("national_bases", "municipal_bases", "full_time_staff")


def _wilson(met: int, n: int) -> tuple[float, float]:
    z = 1.959964
    middle = (met + z * z / 2) / (n + z * z)
    half = z / (n + z * z) * np.sqrt(met * (n - met) / n + z * z / 4)
    return max(0.0, middle - half), min(1.0, middle + half)


def _histories(generator: np.random.Generator) -> dict[tuple[str, str], np.ndarray]:
    """Values by target and reading: replications x 21 quarter ends."""
    growth = (np.arange(21) / 20.0) ** 1.3
    histories = {}
    for target, row in TARGETS.items():
        for reading, end in (row[9] or {}).items():
            start = row[8] if not reading or end >= row[8] else end * 0.95
            if reading == "broad":
                start = 36000
            final = end + (1800 if reading == "broad" else row[10]) * generator.standard_normal(
                (REPLICATIONS, 1)
            )
            path = start + (final - start) * growth
            path += row[10] * 0.12 * generator.standard_normal(path.shape) * growth
            path = np.clip(path, 0, 100 if row[7] == "%" else None)
            histories[target, reading] = path if row[7] == "%" else np.round(path)
    return histories


def _row(target: str, reading: str, path: np.ndarray | None) -> dict[str, Any]:
    group, _, zh, en, comparator, goal, _, unit, *_ = TARGETS[target]
    row: dict[str, Any] = {
        "scenario": "baseline", "target": target, "definition": reading, "group": group,
        "label_zh": zh, "label_en": en, "comparator": comparator, "goal": float(goal),
        "unit": unit, "kind": "operationalised" if group == "governance" else "plan",
        "modelled": path is not None,
    }  # fmt: skip
    if path is None:
        return row
    final = path[:, -1]
    met = int((final > goal if comparator == ">" else final >= goal).sum())
    low, high = _wilson(met, len(final))
    row |= {
        "replications": len(final), "probability": met / len(final), "probability_low": low,
        "probability_high": high, "mean": final.mean(), "p05": np.quantile(final, 0.05),
        "p50": np.median(final), "p95": np.quantile(final, 0.95),
        "shortfall_mean": np.maximum(goal - final, 0).mean(),
        "promise_p80": np.quantile(final, 0.2),
        "first_attained_p50": "2020-05-12" if met > len(final) / 2 else "",
        "held_back_by": OBSTACLES.get(target, "money") if met < len(final) else "",
    }  # fmt: skip
    return row


def _joint(target: str, group: str, goal: int, **numbers: float) -> dict[str, Any]:
    return {
        "scenario": "baseline", "target": target, "definition": "", "group": group,
        "label_zh": "合并", "label_en": "Joint", "comparator": ">=", "goal": float(goal),
        "unit": "targets", "kind": "plan", "modelled": True, "replications": REPLICATIONS,
        **numbers,
    }  # fmt: skip


def _attainment(histories: dict[tuple[str, str], np.ndarray]) -> pd.DataFrame:
    rows = []
    for target, row in TARGETS.items():
        for reading in row[9] or {"": None}:
            rows.append(_row(target, reading, histories.get((target, reading))))
    met = {}
    for target, row in TARGETS.items():
        switch, readings = DEFINITIONS.get(row[1], (None, {}))
        chosen = [r for r, (value, *_) in readings.items() if value == switch]
        path = histories.get((target, "")) if not chosen else histories.get((target, chosen[0]))
        path = histories.get((target, "")) if path is None else path
        if path is not None:
            met[target] = path[:, -1] > row[5] if row[4] == ">" else path[:, -1] >= row[5]
    for group in ("", "facilities", "staff"):
        tail = f":{group}" if group else ""
        judged = np.array([m for t, m in met.items() if group in ("", TARGETS[t][0])])
        low, high = _wilson(int(judged.all(axis=0).sum()), REPLICATIONS)
        rows.append(
            _joint(f"all{tail}", group, len(judged), probability=judged.all(axis=0).mean(),
                   probability_low=low, probability_high=high)
        )  # fmt: skip
        count = judged.sum(axis=0)
        p05, p50, p95 = np.quantile(count, (0.05, 0.5, 0.95))
        rows.append(
            _joint(f"met_count{tail}", group, len(judged), mean=count.mean(), p05=p05, p50=p50,
                   p95=p95)
        )  # fmt: skip
    return pd.DataFrame(rows)


def _series(histories: dict[tuple[str, str], np.ndarray]) -> pd.DataFrame:
    quarters = pd.date_range("2016-03-31", "2020-12-31", freq="QE")
    dates = ["2016-01-01", *quarters.strftime("%Y-%m-%d")]
    frames = []
    for (target, reading), path in histories.items():
        indicator = f"{target}:{reading}" if reading else target
        replication = np.repeat(np.arange(REPLICATIONS), len(dates))
        for place, share in (("city", 1.0), ("500101", 0.03)):
            frames.append(
                pd.DataFrame(
                    {
                        "scenario": "baseline",
                        "replication": replication,
                        "date": dates * REPLICATIONS,
                        "place": place,
                        "indicator": indicator,
                        "value": path.ravel() * share,
                    }
                )
            )
    return pd.concat(frames, ignore_index=True)


def _delays(generator: np.random.Generator) -> pd.DataFrame:
    rows = []
    for target, row in TARGETS.items():
        if not row[9]:
            continue
        gap = max(row[5] - min(row[9].values()), 0)
        unmet = ("unmet:round_quota", "unmet:eligibility", "unmet:panel", "unmet:strike_off")
        if target == "full_time_staff":
            unmet = ("unmet:unfunded_post", "unmet:no_candidate", "unmet:attrition")
        ladder = target in (*LADDER_AND_STAFF, "district_bases")
        projects = () if target in LADDER_AND_STAFF else PROJECT_STAGES
        reasons = ("unproposed:pace", "unproposed:money_in_sight", "unproposed:not_yet_allowed")
        stages = [*projects, *(reasons if projects else ()), *(unmet if ladder else ())]
        weights = generator.dirichlet(np.full(len(stages), 0.6))
        for replication in range(REPLICATIONS):
            for stage, weight in zip(stages, weights, strict=True):
                days = 0.0 if ":" in stage else generator.gamma(4.0, row[5] * weight * 25)
                rows.append(
                    ("baseline", replication, "500101", target, stage, round(days),
                     round(days * 0.2), 1, 0, int(generator.poisson(gap * weight)))
                )  # fmt: skip
    names = ["scenario", "replication", "place", "programme", "stage", "project_days",
             "excess_days", "passed", "standing", "missing"]  # fmt: skip
    return pd.DataFrame(rows, columns=names)


def _met(target: str, path: np.ndarray) -> np.ndarray:
    comparator, goal = TARGETS[target][4:6]
    return path[:, -1] > goal if comparator == ">" else path[:, -1] >= goal


def _targets(histories: dict[tuple[str, str], np.ndarray]) -> pd.DataFrame:
    numbers = np.arange(REPLICATIONS)
    frames = [
        pd.DataFrame(
            {
                "scenario": "baseline",
                "draw": numbers,
                "replication": numbers,
                "target": target,
                "definition": reading,
                "value": path[:, -1],
                "attained": _met(target, path),
                "first_attained_day": np.where(_met(target, path), 1600.0, np.nan),
            }
        )
        for (target, reading), path in histories.items()
    ]
    return pd.concat(frames, ignore_index=True)


def _held_back(histories: dict[tuple[str, str], np.ndarray]) -> pd.DataFrame:
    """Every missed target lacks 12.5 units; those with projects lost days and stand somewhere."""
    rows = []
    for (target, reading), path in histories.items():
        missed = 1.0 - _met(target, path).mean()
        projects = target not in LADDER_AND_STAFF
        if missed:
            rows.append(
                ("baseline", target, reading, TARGETS[target][2], TARGETS[target][3], missed,
                 OBSTACLES.get(target, "money"), 12.5,
                 "building" if projects else "", 43210.0 if projects else None,
                 "staff" if projects else "", 3.25 if projects else None)
            )  # fmt: skip
    names = [
        "scenario", "target", "definition", "label_zh", "label_en", "missed", "units_stage",
        "units_mean", "days_stage", "days_mean", "standing_stage", "standing_mean",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=names)


@pytest.fixture(scope="session")
def make_run_folder() -> Callable[[Path], Path]:
    """Write the files of a run folder; equal contents at every call."""

    def write(folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        generator = np.random.default_rng(20160523)
        histories = _histories(generator)
        manifest = json.dumps(_manifest(), ensure_ascii=False)
        (folder / "manifest.json").write_text(manifest, encoding="utf-8")
        _attainment(histories).to_csv(folder / "attainment.csv", index=False, encoding="utf-8-sig")
        _held_back(histories).to_csv(folder / "held_back.csv", index=False, encoding="utf-8-sig")
        _targets(histories).to_parquet(folder / "targets.parquet", index=False)
        _series(histories).to_parquet(folder / "series.parquet", index=False)
        _delays(generator).to_parquet(folder / "delays.parquet", index=False)
        return folder

    return write


@pytest.fixture(scope="session")
def run_folder(
    make_run_folder: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A finished run of the made-up plan."""
    return make_run_folder(tmp_path_factory.mktemp("run"))
