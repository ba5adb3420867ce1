"""Runs for tests: a small plan written by hand, and changes to any run.

A *micro-plan* is a plan of a few districts and programmes in which every parameter is fixed unless
a test says otherwise, so that its history can be computed on paper. It goes through the same schema
as the real configuration.
"""

from __future__ import annotations

import csv
import hashlib
import json
import math
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import yaml

from sim.config.schema import DeliveredMeasure, LadderMeasure, Run
from sim.model.city import City, simulate
from sim.model.kernel.streams import Streams
from sim.model.record import Layout, Outcome
from sim.plan.districts import DATA_DIRECTORY
from sim.plan.plan import Plan, Scenario
from sim.study.chunk_folder import ChunkFolder
from sim.study.executor import execute
from sim.study.folder import RunFolder
from sim.study.identity import own_environment_hash, point_hash
from sim.study.tables import Results, Tables
from sim.study.worker import Worker

CITY_CODE = 900000
PARAMETER_FIELDS = (
    "unit_cost",
    "build_months",
    "running_cost",
    "full_time_posts",
    "part_time_posts",
    "visits",
    "staffed_hosts",
    "training_seats",
)
COLUMNS = {
    "adcode": "adcode_2016_stats",
    "zh": "name_zh_2020",
    "en": "name_en",
    "zone": "zone",
    "population": "pop_2015_est_revised_total",
    "gdp": "gdp_2018_100m_yuan",
    "narrow": "communities_in_subdistricts_2016",
    "wide": "communities_2016",
    "villages": "villages_2016",
}
LABEL = {"zh": "试", "en": "test"}

Json = dict[str, Any]


# ------------------------------------------------------------------------------------ parameters


def parameter(kind: str, *, varies: str = "draw", integer: bool = False, **numbers: float) -> Json:
    """A parameter of any kind with the least evidence that the schema accepts."""
    return {
        "kind": kind,
        "label": LABEL,
        "unit": "one",
        "grade": "assumption",
        "known_from": "2016-01-01",
        "note": "written for a test",
        "varies": varies,
        "integer": integer,
        **numbers,
    }


def fixed(value: float, varies: str = "draw") -> Json:
    """A parameter that is known."""
    return parameter("fixed", value=value, varies=varies)


def triangular(low: float, mode: float, high: float, varies: str = "draw") -> Json:
    """A parameter with a triangular distribution."""
    return parameter("triangular", low=low, mode=mode, high=high, varies=varies)


MECHANISMS: dict[str, Json] = {
    "execution_factor": fixed(1.0, "year"),
    "existing_run_share": fixed(0.0),
    "programme_paid_share": fixed(0.0),
    "cost_inflation": fixed(0.0),
    "wage_growth": fixed(0.0),
    "project_cost_factor": fixed(1.0, "project"),
    "build_delay_factor": fixed(1.0),
    "minimum_service_level": fixed(0.5),
    "review_panels": fixed(1),
    "review_service_days": fixed(10, "project"),
    "review_send_back": fixed(0.0),
    "review_rework_days": fixed(20, "project"),
    "full_time_density": fixed(1000.0),
    "part_to_full_time_ratio": fixed(1.0),
    "free_trained_share": fixed(0.0),
    "part_time_free_share": fixed(1.0),
    "bachelor_share_baseline": fixed(50.0),
    "part_time_bachelor_share": fixed(50.0),
    "hires_bachelor_share": fixed(50.0),
    "attrition": fixed(0.0),
    "part_time_attrition": fixed(0.0),
    "part_time_entry": fixed(0.0),
    "candidates": fixed(0.0),
    "graduate_peak": fixed(0.2),
    "conversion_rate": fixed(0.0),
    "upgrade_rate": fixed(0.0),
    "staff_pay": fixed(80_000.0),
    "pay_elasticity": fixed(0.0),
    "training_seats_share": fixed(0.0),
    "training_seats_per_base": fixed(0.0),
    "crews_z": fixed(1),
    "wage_z": fixed(80_000.0),
}
"""What every mechanism needs, set so that nothing happens by itself."""


# ----------------------------------------------------------------------------------- the micro-plan


def district(adcode: int = 900101, **changes: Any) -> Json:
    """One row of a table of districts."""
    return {
        "adcode": adcode,
        "zh": f"区{adcode}",
        "en": f"District {adcode}",
        "zone": "z",
        "population": 100_000,
        "gdp": 100.0,
        "narrow": 50,
        "wide": 100,
        "villages": 40,
        **changes,
    }


def write_districts(path: Path, rows: Sequence[Mapping[str, Any]]) -> str:
    """Write a table of districts in the form of ``sim/data/districts.csv``; return its path."""
    with (DATA_DIRECTORY / "districts.csv").open(encoding="utf-8-sig", newline="") as file:
        header = next(csv.reader(file))
    table = [{COLUMNS[key]: value for key, value in row.items()} for row in rows]
    content = json.dumps(table, sort_keys=False)
    name = path / f"districts-{hashlib.sha256(content.encode()).hexdigest()[:12]}.csv"
    with name.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, header, restval="")
        writer.writeheader()
        writer.writerows(table)
    return str(name)


def micro_run(
    directory: Path,
    programmes: Mapping[str, Mapping[str, Any]],
    *,
    districts: Sequence[Mapping[str, Any]] = (district(),),
    parameters: Mapping[str, Json] | None = None,
    targets: Mapping[str, Json] | None = None,
    ladder: Mapping[str, Json] | None = None,
    groups: Mapping[str, float] | None = None,
    budget: Mapping[str, Any] | None = None,
    allocation: Mapping[str, Any] | None = None,
    planning: Mapping[str, Any] | None = None,
    calendar: Mapping[str, Any] | None = None,
    sections: Mapping[str, Json] | None = None,
    **execution: Any,
) -> Run:
    """A run of a micro-plan.

    Args:
        directory: where the table of districts is written.
        programmes: by name; quantities may be numbers (fixed) or parameters. ``goal`` makes a
            target of the same name that counts what the programme delivers; without it the
            programme names its ``target`` among ``targets``.
        districts: rows of :func:`district`.
        parameters: replaces parameters of the mechanisms or adds new ones.
        targets: further targets, in the form of the schema; ``ladder`` likewise.
        groups: share of the money of every group; default all of it for facilities.
        budget, allocation, planning, calendar: differences from the defaults below.
        sections: optional sections of the plan, in the form of the schema.
        execution: seed, replications, record, trace and so on.
    """
    named = {**MECHANISMS, **(parameters or {})}
    goals: dict[str, Json] = {}
    specs = {}
    for name, given in programmes.items():
        specs[name], own, goal = _programme(name, given)
        named |= own
        if goal is not None:
            goals[name] = goal
    goals |= {name: _target(given) for name, given in (targets or {}).items()}
    asked = {goal.get("definition") for goal in goals.values()}
    shares = dict(groups or {"facilities": 1.0})
    zones = sorted({str(row["zone"]) for row in districts})
    for zone in zones:
        named.setdefault(f"crews_{zone}", named["crews_z"])
        named.setdefault(f"wage_{zone}", named["wage_z"])
    config: Json = {
        "plan": {
            "id": "micro",
            "name": LABEL,
            "city": LABEL,
            "city_code": CITY_CODE,
            "start": "2016-01-01",
            "end": "2020-12-31",
            "issued": "2016-05-23",
            "districts": write_districts(directory, districts),
            "zones": {
                z: {"name": LABEL, "crews": f"crews_{z}", "wage": f"wage_{z}"} for z in zones
            },
            "groups": {name: {"name": LABEL, "headline": True} for name in shares},
            "sources": {"city": LABEL, "match": LABEL},
            "match_source": "match",
            "capital_group": next(iter(shares)),
            "calendar": {
                "first_window": "2016-06-01",
                "yearly_window": {"month": 1, "day": 15},
                "releases": [
                    {"month": 2, "day": 20},
                    {"month": 5, "day": 20},
                    {"month": 8, "day": 20},
                    {"month": 11, "day": 10},
                ],
                "application_deadline": {"month": 12, "day": 5},
                "mid_year_meeting": {"month": 7, "day": 15},
                "graduation_month": 7,
                "assessment_years": [],
                "assessment": {"month": 12, "day": 20},
                **(calendar or {}),
            },
            "definitions": {name: DEFINITIONS[name] for name in DEFINITIONS if name in asked},
            "targets": goals,
            "programmes": specs,
            "ladder": dict(ladder or {}),
            "joint_labels": {"all": LABEL, "met_count": LABEL},
            **(sections or {}),
        },
        "parameters": named,
        "scenario": {"name": "test", "label": LABEL},
        "budget": {
            "public_total": 40_000_000,
            "social_total": 0,
            "source_shares": {"city": 1.0, "match": 0.0},
            "year_shares": [0.2] * 5,
            "quarter_shares": [0.25] * 4,
            "first_instalment": 0.5,
            "carry_over": 1.0,
            "queue": "strict",
            **(budget or {}),
        },
        "allocation": {
            "rule": "population",
            "group_shares": shares,
            "city_shares": {},
            "capital_share": 0.0,
            "reallocation": {"enabled": False},
            **(allocation or {}),
        },
        "planning": {"margin": 0.0, "pace": 1.0, "overcommitment": 4.0, **(planning or {})},
        "definitions": {name: SWITCHES[name] for name in DEFINITIONS if name in asked},
        "shocks": [],
        "seed": 2016,
        "replications": 1,
        "replications_per_draw": 1,
        "workers": 1,
        "backend": "serial",
        "record": "city",
        "trace": None,
        "language": "both",
        "table": "short",
        "judgement": {"ahead_above": 0.8, "on_schedule_from": 0.5, "lagging_from": 0.05},
        "report": [],
        **execution,
    }
    return Run.model_validate_json(json.dumps(config))


READINGS: dict[str, dict[str, str | bool]] = {
    "urban_community": {"narrow": "narrow", "wide": "wide"},
    "full_time_staff": {"strict": "strict", "broad": "broad"},
    "industry": {"core": "core", "broad": "broad"},
    "national_base_term": {"until_replaced": "until_replaced", "strict": "strict"},
    "promoted_base_counts": {"promoted_count": True, "promoted_leave": False},
}
DEFINITIONS = {
    name: {
        "name": LABEL,
        "note": "written for a test",
        "readings": {
            reading: {"switch": switch, "name": LABEL} for reading, switch in readings.items()
        },
    }
    for name, readings in READINGS.items()
}
SWITCHES: dict[str, str | bool] = {
    "urban_community": "narrow",
    "full_time_staff": "strict",
    "industry": "core",
    "national_base_term": "until_replaced",
    "promoted_base_counts": True,
}


def _programme(name: str, given: Mapping[str, Any]) -> tuple[Json, dict[str, Json], Json | None]:
    spec: Json = {
        "name": LABEL,
        "clause": ["1.1"],
        "target": name,
        "group": "facilities",
        "pool": "district",
        "place": "districts",
        "quota_key": "population",
        "running": True,
        "priority_class": 3,
        "unit_cost": 0,
        "build_months": 0,
    } | dict(given)
    goal = spec.pop("goal", None)
    own = {}
    for field in PARAMETER_FIELDS:
        value = spec.get(field)
        if value is None or isinstance(value, str):
            continue
        varies = "project" if field == "build_months" else "draw"
        own[f"{name}_{field}"] = value if isinstance(value, dict) else fixed(value, varies)
        spec[field] = f"{name}_{field}"
    target = None
    if goal is not None:
        measured = {"type": "delivered", "programme": name}
        target = _target({"goal": goal, "group": spec["group"], "measured_by": measured})
    return spec, own, target


def _target(given: Mapping[str, Any]) -> Json:
    return {
        "clause": ["1.1"],
        "name": LABEL,
        "group": "facilities",
        "measure": "new",
        "comparator": ">=",
        "goal": 1,
        "unit": LABEL,
        "baseline": 0,
        "deadline": "2020-12-31",
        **given,
    }


# ------------------------------------------------------------------------------------ the real plan

CONFIGS = Path(__file__).resolve().parent.parent / "configs"


def baseline_run(**execution: Any) -> Run:
    """The default run, read from the files below ``configs/`` without Hydra."""
    config = {**_baseline(), "store": None, **execution}
    return Run.model_validate_json(json.dumps(config, default=str))


@cache
def _baseline() -> Json:
    main = _content("config")
    config: Json = {k: v for k, v in main.items() if k not in ("defaults", "hydra")}
    for choice in main["defaults"]:
        if not isinstance(choice, dict):
            continue
        ((group, name),) = choice.items()
        if "/" not in group:
            section = _choice(group, name)
            # Scenario and shocks are written from the top (@package _global_).
            config |= section if group in ("scenario", "shocks") else {group: section}
    plain: Json = json.loads(json.dumps(config, default=str))
    return plain


def _choice(group: str, name: str) -> Json:
    """One file of a group, on top of the files of the same group that it builds on."""
    own = _content(f"{group}/{name}")
    merged: Json = {}
    for other in own.pop("defaults", []):
        if isinstance(other, str) and other != "_self_":
            merged |= _choice(group, other)
    return merged | own


def _content(name: str) -> Json:
    text = (CONFIGS / f"{name}.yaml").read_text(encoding="utf-8")
    content: Json = yaml.load(text, Loader=yaml.CSafeLoader)
    return content


def five_places(directory: Path) -> Path:
    """A table of places for the real plan: one district of every zone, with few small places."""
    with (DATA_DIRECTORY / "districts.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    by_zone = {row[COLUMNS["zone"]]: row for row in reversed(rows)}
    for row in by_zone.values():
        for count in ("narrow", "wide", "villages"):
            row[COLUMNS[count]] = str(max(1, int(float(row[COLUMNS[count]])) // 10))
    path = directory / "five_places.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(by_zone.values())
    return path


def in_small(run: Run, directory: Path) -> Json:
    """Changes that bring the real plan into five small places: a tenth of its projects.

    By dotted key; the goals and the money suit the places, whose table is written to ``directory``.
    """
    goals = {
        f"plan.targets.{name}.goal": math.ceil(target.goal / 10.0)
        for name, target in run.plan.targets.items()
        if isinstance(target.measured_by, DeliveredMeasure | LadderMeasure)
    }
    return goals | {
        "plan.districts": str(five_places(directory)),
        "plan.targets.district_venues.goal": 5,
        "parameters.district_venues_baseline.low": 0,
        "parameters.district_venues_baseline.mode": 1,
        "parameters.district_venues_baseline.high": 2,
        "budget.public_total": 120_000_000,
        "budget.social_total": 40_000_000,
    }


# --------------------------------------------------------------------------------- changes to a run


def settings(run: Run, changes: Mapping[str, Any] | None = None, **execution: Any) -> Run:
    """``run`` with other settings, validated again.

    ``changes`` go by dotted key (``budget.public_total``), ``execution`` by name. A key may be new
    in a free mapping such as ``parameters``.
    """
    config = run.model_dump(mode="json")
    for key, value in {**(changes or {}), **execution}.items():
        *path, last = key.split(".")
        here = config
        for part in path:
            here = here[part]
        here[last] = value
    return Run.model_validate_json(json.dumps(config))


def history(run: Run, replication: int = 0, *, trace: bool = True) -> Outcome:
    """One replication of ``run`` at its parameter draw, by default with its event log."""
    worker = Worker(run)
    return simulate(
        worker.plan,
        worker.scenario,
        worker.draw(replication),
        Streams(run.seed, replication),
        record=run.record,
        trace=trace,
    )


def city_of(run: Run, replication: int = 0) -> City:
    """The city of one replication on the morning of the first day; ``run()`` lets time pass."""
    worker = Worker(run)
    return City(
        worker.plan,
        worker.scenario,
        worker.draw(replication),
        Streams(run.seed, replication),
        worker.layout,
    )


def layout_of(run: Run) -> Layout:
    return Layout.of(Plan.of(run), Scenario.of(run), run.record)


def values_of(run: Run, outcome: Outcome) -> dict[str, float]:
    """Values at the deadline by indicator."""
    rows = layout_of(run).rows
    return {row.indicator: float(v) for row, v in zip(rows, outcome.values, strict=True)}


# ------------------------------------------------------------------------- what studies bring home


def simulated(run: Run, progress: Callable[[int], None] = lambda _: None) -> Results:
    """All replications of a run, as its backend and workers bring them home."""
    with tempfile.TemporaryDirectory() as folder:
        chunks = ChunkFolder(Path(folder), point_hash(run), own_environment_hash())
        execute(run, chunks, progress)
        return chunks.read_all(Worker(run).layout, run.replications)


def write_tables(path: Path, worker: Worker, *parts: tuple[int, int, Results]) -> RunFolder:
    """A run folder with the tables of (first, last, results) of some replications."""
    folder = RunFolder(path)
    chunks = folder.chunks(worker.run)
    for part in parts:
        chunks.write(*part)
    folder.write_tables(worker, chunks)
    return folder


def frame_of(tables: Tables, name: str) -> pd.DataFrame:
    """The frame of one of the Parquet files of a run folder."""
    names = ("city_series", "district_series") if name == "series" else (name,)
    parts = [getattr(tables, part)() for part in names]
    frame: pd.DataFrame = pa.concat_tables(parts).unify_dictionaries().to_pandas()
    return frame


def ledger_parts(delays: pd.DataFrame) -> list[pa.Table]:
    """Rows of a delay ledger as the analysis takes them: in the order of replications."""
    in_order = delays.sort_values("replication", kind="stable")
    return [pa.Table.from_pandas(in_order, preserve_index=False)] if len(delays) else []
