"""A small made-up run: its folder keeps to the contract, its findings are written by hand.

Names and magnitudes resemble the real plan; every number comes from one seeded generator.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.answer.blocks import Answer
from sim.answer.found import Found, StoredFound
from sim.answer.row import Row, RowKey, joint_rows_of, rows_of
from sim.answer.run.attained import Attained
from sim.answer.run.attainment import Attainment
from sim.answer.run.held_back import HeldBack
from sim.answer.run.page import answer

REPLICATIONS = 200
GROUPS = {
    "literacy": ("科学素质", "Science literacy", False),
    "facilities": ("科普设施", "Facilities", True),
    "staff": ("科普队伍", "Staff", True),
    "industry": ("科普产业", "Industry", True),
    "activities": ("科普活动", "Activities", False),
    "governance": ("组织管理", "Governance", False),
}
DEFINITIONS: dict[str, tuple[str | bool, dict[str, tuple[str | bool, str, str]]]] = {
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
            "districts": "districts.csv",
            "name": _label("重庆市“十三五”科普规划", "Chongqing science-popularization plan"),
            "start": "2016-01-01",
            "end": "2020-12-31",
            "joint_labels": {
                "all": _label("全部目标同时实现", "All targets together"),
                "met_count": _label("实现的目标数", "Number of targets met"),
            },
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
                    "clause": ["3.2.1"],
                    "group": row[0],
                    "definition": row[1],
                    "comparator": row[4],
                    "goal": row[5],
                    "unit": _label(row[6], row[7]),
                    "kind": "operationalised" if row[0] == "governance" else "plan",
                    "measured_by": {"type": "delivered", "programme": t} if row[9] else None,
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
                "source": None,
                "known_from": "2016-05-23",
                "unit": "share",
                "low": 0.1,
                "mode": 0.35,
                "high": 0.7,
            },
            "unit_cost": {
                "kind": "fixed",
                "label": _label("单价", "unit cost"),
                "grade": "statistic",
                "source": "ST16+PLAN",
                "known_from": None,
                "unit": "yuan per widget",
                "value": 4_300_000.0,
            },
        },
        "scenario": {"name": "baseline", "label": _label("基准情景", "Baseline")},
        "judgement": {"ahead_above": 0.8, "on_schedule_from": 0.5, "lagging_from": 0.05},
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


def _numbers(target: str, path: np.ndarray) -> dict[str, Any]:
    """What attainment.csv says of a modelled target."""
    goal = TARGETS[target][5]
    final, met = path[:, -1], int(_met(target, path).sum())
    low, high = _wilson(met, len(final))
    p05, p50, p95 = np.quantile(final, (0.05, 0.5, 0.95)).tolist()
    return {
        "replications": len(final), "probability": met / len(final), "probability_low": low,
        "probability_high": high, "mean": float(final.mean()), "p05": p05, "p50": p50, "p95": p95,
        "shortfall_mean": float(np.maximum(goal - final, 0).mean()),
        "promise_p80": float(np.quantile(final, 0.2, method="lower")),
        "first_attained_p50": dt.date(2020, 5, 12) if met > len(final) / 2 else None,
        "held_back_by": OBSTACLES.get(target, "money") if met < len(final) else "",
    }  # fmt: skip


def _joint_numbers(row: Row, histories: dict[tuple[str, str], np.ndarray]) -> dict[str, Any]:
    met = np.array([_met(key[0], histories[key]) for key in row.members])
    if row.counts_targets:
        count = met.sum(axis=0)
        p05, p50, p95 = np.quantile(count, (0.05, 0.5, 0.95)).tolist()
        numbers = {"mean": float(count.mean()), "p05": p05, "p50": p50, "p95": p95}
    else:
        together = int(met.all(axis=0).sum())
        low, high = _wilson(together, REPLICATIONS)
        numbers = {"probability": together / REPLICATIONS}
        numbers |= {"probability_low": low, "probability_high": high}
    return {"replications": REPLICATIONS, **numbers}


def _series(histories: dict[tuple[str, str], np.ndarray]) -> pd.DataFrame:
    quarters = pd.date_range("2016-03-31", "2020-12-31", freq="QE")
    dates = [dt.date(2016, 1, 1), *quarters.date]
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
        unmet = ["unmet:round_quota", "unmet:eligibility", "unmet:panel", "unmet:strike_off"]
        if target == "full_time_staff":
            unmet = ["unmet:unfunded_post", "unmet:no_candidate", "unmet:attrition"]
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


def _met(target: str, path: np.ndarray) -> npt.NDArray[np.bool_]:
    exceeds, goal = TARGETS[target][4] == ">", float(TARGETS[target][5])
    values: npt.NDArray[np.float64] = path[:, -1]
    return values > goal if exceeds else values >= goal


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


def _held_back(target: str, path: np.ndarray) -> dict[str, Any]:
    """Every missed target lacks 12.5 units; those with projects lost days and stand somewhere."""
    projects = target not in LADDER_AND_STAFF
    return {
        "missed": 1.0 - float(_met(target, path).mean()),
        "units_stage": OBSTACLES.get(target, "money"),
        "units_mean": 12.5,
        "days_stage": "building" if projects else "",
        "days_mean": 43210.0 if projects else None,
        "standing_stage": "staff" if projects else "",
        "standing_mean": 3.25 if projects else None,
    }


@dataclass
class MadeUp:
    """A finished run of the made-up plan: what its answer is made of, to be changed by tests.

    Attributes:
        folder: with manifest.json and the Parquet files.
        numbers, held: cells of attainment.csv and held_back.csv by row, without those that say
            what the row is.
    """

    folder: Path
    manifest: dict[str, Any]
    numbers: dict[RowKey, dict[str, Any]] = field(default_factory=dict)
    held: dict[RowKey, dict[str, Any]] = field(default_factory=dict)

    @property
    def config(self) -> dict[str, Any]:
        config: dict[str, Any] = self.manifest["config"]
        return config

    @property
    def found(self) -> Found:
        """What every replication found."""
        return StoredFound(self.folder / "targets.parquet")

    def rows(self) -> dict[RowKey, Row]:
        """All rows, joint ones last."""
        rows = rows_of(self.config)
        return rows | joint_rows_of(self.config, rows.values())

    def attainments(self) -> list[Attainment]:
        return [
            Attainment(scenario="baseline", row=row, **self.numbers.get(key, {}))
            for key, row in self.rows().items()
        ]

    @property
    def attained(self) -> Attained:
        return Attained(self.attainments(), self.config)

    def held_back(self) -> list[HeldBack]:
        rows = rows_of(self.config)
        return [HeldBack("baseline", rows[key], **own) for key, own in self.held.items()]

    def answer(self, found: Found | None = None) -> Answer:
        return answer(self.attained, self.held_back(), found or self.found, self.manifest)

    def set(self, target: str, definition: str = "", **cells: Any) -> None:
        """Change cells of a row of attainment.csv."""
        self.numbers[target, definition] |= cells

    def set_all(self, **cells: Any) -> None:
        """The same of all rows with a chance."""
        for numbers in self.numbers.values():
            if "probability" in numbers:
                numbers |= cells

    def deciding(self) -> list[Attainment]:
        """The plan's modelled targets under the readings that count, in the order of readers."""
        return [self.attained[row] for row in self.attained.deciding]


def make_run(folder: Path) -> MadeUp:
    """Write a run folder; equal contents at every call."""
    folder.mkdir(parents=True, exist_ok=True)
    generator = np.random.default_rng(20160523)
    histories = _histories(generator)
    run = MadeUp(folder, _manifest())
    manifest = json.dumps(run.manifest, ensure_ascii=False)
    (folder / "manifest.json").write_text(manifest, encoding="utf-8")
    _targets(histories).to_parquet(folder / "targets.parquet", index=False)
    _series(histories).to_parquet(folder / "series.parquet", index=False)
    _delays(generator).to_parquet(folder / "delays.parquet", index=False)
    for key, path in histories.items():
        run.numbers[key] = _numbers(key[0], path)
        if run.numbers[key]["probability"] < 1.0:
            run.held[key] = _held_back(key[0], path)
    for row in run.rows().values():
        if row.joint:
            run.numbers[row.key] = _joint_numbers(row, histories)
    return run
