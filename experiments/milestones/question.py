"""What is asked: the settings, and what is simulated."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Annotated

from pydantic import Field, field_validator

from experiments.milestones.findings import Path, Point, Tripwire, paths_of, tripwires_of
from experiments.milestones.page import Asked, answer
from experiments.shared.inquiry import Inquiry
from experiments.shared.question import Question
from experiments.shared.scenario_entries import MOST, ScenarioEntry
from experiments.shared.scenario_points import Compared, compared_scenarios
from experiments.shared.targets import by_name, named_rows
from sim.answer.blocks import Answer
from sim.answer.row import Config, RowKey, rows_of
from sim.config.errors import ConfigError
from sim.config.schema import Run
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
    dates: list[dt.date] | None = Field(
        min_length=1,
        max_length=8,
    )
    targets: list[str] | None = Field(min_length=1)

    @field_validator("levels")
    @classmethod
    def _different(cls, levels: list[float]) -> list[float]:
        if len(set(levels)) < len(levels):
            raise RuleBroken("milestones.refused.twice", allowed=Said("milestones.setting.levels"))
        return sorted(levels, reverse=True)

    @field_validator("dates")
    @classmethod
    def _once(cls, dates: list[dt.date] | None) -> list[dt.date] | None:
        if dates is not None and len(set(dates)) < len(dates):
            raise RuleBroken("milestones.refused.date_twice")
        return dates and sorted(dates)


def ask(inquiry: Inquiry[Settings]) -> Answer:
    """Simulate the scenarios and look for the values that part success from failure."""
    compared = compared_scenarios(inquiry, inquiry.settings.scenarios)
    if inquiry.base.record == "targets":
        raise ConfigError("milestones.refused.record", key="record", value=inquiry.base.record)
    rows = _asked_about(inquiry)
    for one in compared:
        _refuse_outside(inquiry.settings.dates or [], one.point.run, rows)
    inquiry.simulate([one.point for one in compared])
    found = [_found(inquiry, one, rows) for one in compared]
    inquiry.write_findings("milestones", Tripwire, [w for _, wires, _, _ in found for w in wires])
    inquiry.write_findings("milestones_paths", Path, [p for _, _, own, _ in found for p in own])
    return answer(found, Asked(inquiry.settings.dates, inquiry.settings.targets is not None))


def _asked_about(inquiry: Inquiry[Settings]) -> set[RowKey]:
    """The targets that are asked about: those named, or all of them. Raises ConfigError."""
    names = inquiry.settings.targets
    rows = [row for row in rows_of(inquiry.base.model_dump(mode="json")).values() if row.modelled]
    return {row.key for row in (rows if names is None else named_rows(names, by_name(rows)))}


def _refuse_outside(dates: Sequence[dt.date], run: Run, rows: Collection[RowKey]) -> None:
    """Raise ConfigError for dates at which nothing of the targets is still to come."""
    plan = run.plan
    last = max(plan.targets[target].deadline for target, _ in rows) - dt.timedelta(days=1)
    problems = [
        ConfigError(
            "milestones.refused.outside",
            key=f"study.dates.{position}",
            value=date.isoformat(),
            first=plan.start.isoformat(),
            last=last.isoformat(),
        )
        for position, date in enumerate(dates)
        if not plan.start <= date <= last
    ]
    if problems:
        raise ConfigError.join(problems)


def _found(
    inquiry: Inquiry[Settings], one: Compared, asked_about: Collection[RowKey]
) -> tuple[str, Sequence[Tripwire], Sequence[Path], Config]:
    """Name, tripwires, paths and configuration of one scenario."""
    own = one.point
    results, layout = inquiry.results(own, series=True), inquiry.study.layout(own)
    config = own.run.model_dump(mode="json")
    rows = rows_of(config)
    places = [
        place for place, row in enumerate(layout.rows) if (row.target, row.reading) in asked_about
    ]
    chosen = [layout.rows[place] for place in places]
    draws = results.replications // own.run.replications_per_draw
    point = Point(
        name=own.name,
        label=one.label,
        rows=[rows[row.target, row.reading] for row in chosen],
        layout=layout,
        series=results.city_series,
        attained=results.attained[:, places],
        draws=draws,
        start=own.run.plan.start,
        deadlines=[row.spec.deadline for row in chosen],
        asked=inquiry.settings.dates,
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
