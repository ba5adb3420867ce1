"""Random small plans and scenarios for property tests."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from sim.config.schema import Run
from tests.factory import DEFINITIONS, Json, district, fixed, micro_run, parameter, triangular


class Case:
    """A random run that prints as what is peculiar about it."""

    def __init__(self, run: Run) -> None:
        self.run = run

    def __repr__(self) -> str:
        programmes = {
            name: p.model_dump(exclude={"name", "clause"}, exclude_defaults=True)
            for name, p in self.run.plan.programmes.items()
        }
        values = {
            name: p.value if p.kind == "fixed" else (p.low, p.mode, p.high)
            for name, p in self.run.parameters.items()
        }
        return (
            f"{programmes=}\n{values=}\ntargets={list(self.run.plan.targets)}\n"
            f"{self.run.budget!r}\n{self.run.allocation!r}\n{self.run.planning!r}\n"
            f"seed={self.run.seed}"
        )


shares = st.floats(0.0, 1.0, allow_nan=False)


@st.composite
def split_in(draw: st.DrawFn, n: int) -> list[float]:
    """Shares that sum to one, in hundredths; some may be zero."""
    cuts = sorted(draw(st.lists(st.integers(0, 100), min_size=n - 1, max_size=n - 1)))
    edges = [0, *cuts, 100]
    return [(b - a) / 100.0 for a, b in pairwise(edges)]


@st.composite
def districts(draw: st.DrawFn) -> list[Json]:
    codes = draw(st.lists(st.integers(900101, 900999), min_size=1, max_size=3, unique=True))
    rows = []
    for code in codes:
        wide = draw(st.integers(1, 60))
        rows.append(
            district(
                code,
                zone=draw(st.sampled_from(["z", "y"])),
                population=draw(st.integers(1_000, 1_000_000)),
                gdp=draw(st.integers(1, 100_000)) / 100.0,
                narrow=draw(st.integers(1, wide)),
                wide=wide,
                villages=draw(st.integers(1, 60)),
            )
        )
    return rows


@st.composite
def programme(draw: st.DrawFn, *, communities: bool = False) -> Json:
    keys = ["population", "villages", "equal", *(["urban_communities"] if communities else [])]
    dear = draw(st.sampled_from([0, 1_000, 300_000, 4_000_000]))
    spec: Json = {
        "goal": draw(st.integers(1, 12)),
        "pool": draw(st.sampled_from(["district", "city"])),
        "place": "districts",
        "quota_key": draw(st.sampled_from(keys)),
        "running": draw(st.booleans()),
        "priority_class": draw(st.integers(1, 4)),
        "cohort": draw(st.sampled_from([1, 1, 3])),
        "needs": draw(st.lists(st.sampled_from(["review", "crew", "staff"]), unique=True)),
        "unit_cost": triangular(0.0, 0.5 * dear, dear) if dear else 0,
        "build_months": triangular(0.0, 2.0, 14.0, "project"),
        "running_cost": draw(st.sampled_from([0, 1_000, 100_000])),
        "full_time_posts": draw(st.integers(0, 3)),
        "part_time_posts": draw(st.integers(0, 3)),
        "visits": 100,
    }
    if spec["pool"] == "city" and draw(st.booleans()):
        spec |= {"place": "city", "quota_key": "city"}
    return spec


PARAMETERS = st.fixed_dictionaries(
    {
        "execution_factor": st.sampled_from(
            [fixed(1.0, "year"), fixed(0.0, "year"), triangular(0.3, 0.9, 1.0, "year")]
        ),
        "existing_run_share": st.just(triangular(0.0, 0.4, 1.0)),
        "programme_paid_share": st.sampled_from([fixed(0.0), triangular(0.0, 0.01, 0.1)]),
        "cost_inflation": st.just(triangular(0.0, 0.02, 0.05)),
        "wage_growth": st.just(triangular(0.0, 0.05, 0.1)),
        "project_cost_factor": st.just(
            parameter("lognormal", median=1.0, sigma=0.3, varies="project")
        ),
        "build_delay_factor": st.just(triangular(0.8, 1.0, 1.5)),
        "review_panels": st.integers(0, 3).map(fixed),
        "review_service_days": st.just(triangular(0.0, 7.0, 90.0, "project")),
        "review_send_back": st.sampled_from([fixed(0.0), triangular(0.0, 0.2, 0.6)]),
        "crews_z": st.integers(0, 3).map(fixed),
        "full_time_density": st.just(triangular(0.0, 10.0, 100.0)),
        "part_to_full_time_ratio": st.just(triangular(0.0, 3.0, 6.0)),
        "free_trained_share": st.just(triangular(0.0, 0.1, 0.5)),
        "part_time_free_share": st.just(triangular(0.0, 0.1, 0.5)),
        "attrition": st.just(triangular(0.0, 0.1, 0.3)),
        "part_time_attrition": st.just(triangular(0.0, 0.1, 0.3)),
        "part_time_entry": st.just(triangular(0.0, 0.1, 0.3)),
        "candidates": st.just(triangular(0.0, 0.2, 0.6)),
        "conversion_rate": st.just(triangular(0.0, 0.01, 0.05)),
        "upgrade_rate": st.just(triangular(0.0, 0.05, 0.2)),
        "training_seats_share": st.just(triangular(0.0, 0.1, 0.3)),
    }
)

LADDER = {
    "quota_t": parameter("triangular", low=0, mode=2, high=8, varies="round", integer=True),
    "approval_t": parameter("triangular", low=0, mode=150, high=200, varies="round"),
    "applicants_t": triangular(0.2, 0.7, 1.0),
    "acceptance_t": triangular(0.2, 0.7, 1.0),
    "delisting_t": triangular(0.0, 0.1, 0.5),
    "minimum_service_t": fixed(0.5),
}


@st.composite
def cases(draw: st.DrawFn, /, directory: Path, **execution: Any) -> Case:
    """A run of a random small plan under a random scenario."""
    communities = draw(st.booleans())
    some = draw(st.lists(programme(communities=communities), min_size=1, max_size=4))
    programmes = {f"p{i}": spec for i, spec in enumerate(some)}
    targets: dict[str, Json] = {}
    ladder: dict[str, Json] = {}
    parameters = dict(draw(PARAMETERS))
    if draw(st.booleans()):
        measured = {"type": "staff", "count": "persons"}
        targets["staff"] = _stock(goal=500, definition="full_time_staff", measured_by=measured)
    if communities:
        measured = {"type": "coverage", "universe": "urban_communities"}
        targets["covered"] = _stock(
            goal=80.0, baseline=30.0, definition="urban_community", measured_by=measured
        )
        own = {"target": "covered", "quota_key": "urban_communities", "place": "districts"}
        programmes["rooms"] = (
            _without_goal(draw(programme())) | own | {"covers": "urban_communities"}
        )
    if draw(st.booleans()):
        targets["bases"] = _stock(
            goal=12, baseline=4, comparator=">", definition="promoted_base_counts",
            measured_by={"type": "ladder", "level": "low"},
        )  # fmt: skip
        own = {"target": "bases", "place": "districts", "quota_key": "population", "feeds": "low"}
        programmes["hosts"] = _without_goal(draw(programme())) | own
        parameters |= LADDER
        ladder["low"] = {
            "name": DEFINITIONS["urban_community"]["name"], "target": "bases", "rounds": "yearly",
            "approval_days": "approval_t", "quota": "quota_t", "applicants": "applicants_t",
            "acceptance": "acceptance_t", "delisting": "delisting_t",
            "minimum_service": "minimum_service_t",
        }  # fmt: skip
    places = draw(districts())
    rule = draw(st.sampled_from(["population", "equal", "need", "equity", "performance", "custom"]))
    allocation: Json = {
        "rule": rule,
        "capital_share": draw(shares),
        "reallocation": {"enabled": draw(st.booleans()), "threshold": draw(shares)},
        "equity_zones": ["y"],
        "equity_factor": 2.0,
    }
    if rule == "custom":
        weights = draw(st.lists(st.integers(1, 50), min_size=len(places), max_size=len(places)))
        codes = [str(row["adcode"]) for row in places]
        allocation["weights"] = dict(zip(codes, map(float, weights), strict=True))
    city = draw(shares.map(lambda share: round(share, 3)))
    run = micro_run(
        directory,
        programmes,
        districts=places,
        parameters=parameters,
        targets=targets,
        ladder=ladder,
        groups={"facilities": 0.75, "governance": 0.25},
        budget={
            "public_total": draw(st.sampled_from([0, 1, 99_991, 7_000_003, 80_000_000])),
            "social_total": draw(st.sampled_from([0, 1, 3_000_017, 20_000_000])),
            "source_shares": {"city": city, "match": 1.0 - city},
            "year_shares": draw(split_in(5)),
            "quarter_shares": draw(split_in(4)),
            "first_instalment": draw(shares),
            "carry_over": draw(shares),
            "queue": draw(st.sampled_from(["strict", "backfill"])),
        },
        allocation=allocation,
        planning={
            "margin": draw(shares),
            "pace": draw(shares),
            "overcommitment": draw(st.floats(0.1, 5.0)),
        },
        calendar={"assessment_years": [2016, 2018]},
        seed=draw(st.integers(0, 2**63 - 1)),
        **execution,
    )
    return Case(run)


def _stock(**given: Any) -> Json:
    return {"measure": "stock", "comparator": ">=", **given}


def _without_goal(spec: Json) -> Json:
    return {key: value for key, value in spec.items() if key != "goal"}
