"""What is asked: the settings, and what is simulated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field, field_validator

from experiments.milestones.findings import Path, Point, Tripwire, paths_of, tripwires_of
from experiments.milestones.page import answer
from experiments.shared.inquiry import Inquiry
from experiments.shared.question import Question
from experiments.shared.scenario_entries import MOST, ScenarioEntry
from experiments.shared.scenario_points import Compared, compared_scenarios
from sim.answer.blocks import Answer
from sim.answer.row import Config, rows_of
from sim.config.errors import ConfigError
from sim.config.schema.base import RuleBroken
from sim.config.schema.study import StudySettings
from sim.stats.bootstrap import resamples
from sim.words import Said


class Settings(StudySettings):
    """What ``configs/study/milestones.yaml`` may hold."""

    scenarios: list[ScenarioEntry] = Field(
        min_length=1,
        max_length=MOST,
    )
    levels: list[Annotated[float, Field(ge=0.01, le=0.99)]] = Field(
        min_length=1,
        max_length=4,
    )
    bootstrap: int = Field(ge=100, le=10_000)

    @field_validator("levels")
    @classmethod
    def _different(cls, levels: list[float]) -> list[float]:
        if len(set(levels)) < len(levels):
            raise RuleBroken("milestones.refused.twice", allowed=Said("milestones.setting.levels"))
        return sorted(levels, reverse=True)


def ask(inquiry: Inquiry[Settings]) -> Answer:
    """Simulate the scenarios and look for the values that part success from failure."""
    compared = compared_scenarios(inquiry, inquiry.settings.scenarios)
    if inquiry.base.record == "targets":
        raise ConfigError("milestones.refused.record", key="record", value=inquiry.base.record)
    inquiry.simulate([one.point for one in compared])
    found = [_found(inquiry, one) for one in compared]
    inquiry.write_findings("milestones", Tripwire, [w for _, wires, _, _ in found for w in wires])
    inquiry.write_findings("milestones_paths", Path, [p for _, _, own, _ in found for p in own])
    return answer(found)


def _found(
    inquiry: Inquiry[Settings], one: Compared
) -> tuple[str, Sequence[Tripwire], Sequence[Path], Config]:
    """Name, tripwires, paths and configuration of one scenario."""
    own = one.point
    results, layout = inquiry.results(own, series=True), inquiry.study.layout(own)
    config = own.run.model_dump(mode="json")
    rows = rows_of(config)
    draws = results.replications // own.run.replications_per_draw
    point = Point(
        name=own.name,
        label=one.label,
        rows=[rows[row.target, row.reading] for row in layout.rows],
        layout=layout,
        series=results.city_series,
        attained=results.attained,
        draws=draws,
        start=own.run.plan.start,
        deadlines=[row.spec.deadline for row in layout.rows],
    )
    samples = resamples(own.run.seed, draws, inquiry.settings.bootstrap)
    wires = [*tripwires_of(point, inquiry.settings.levels, samples)]
    return own.name, wires, [*paths_of(point)], config


QUESTION = Question(
    "experiments.milestones",
    Settings,
    ask,
    defaults=("record=city",),
    meeting=(),
)
