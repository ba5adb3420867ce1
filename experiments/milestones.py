"""By when must how much stand, or is the target lost? ``python -m experiments.milestones``.

Runs one scenario or several (``replications=400`` unless overridden) and says for every target
which value at the end of a year leaves a chance of success below 50 % and below 20 %: tripwires for
the mid-year meeting. Writes milestones.csv and milestones_paths.csv.

    python -m experiments.milestones
    python -m experiments.milestones 'study.scenarios=[baseline,austerity]' replications=1000
    python -m experiments.milestones 'study.levels=[0.8,0.5]'
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, field_validator

from experiments.inquiry import Answer, Inquiry, run_experiment
from experiments.scenario_points import Compared, compared_scenarios
from sim.analysis.bootstrap import resamples
from sim.analysis.milestones import Histories, milestones, paths
from sim.config.errors import ConfigError
from sim.config.schema.study import StudySettings
from sim.report.words import Language

if TYPE_CHECKING:
    import pandas as pd

NAME = "milestones"
PATHS = "milestones_paths"
DEFAULTS = ("replications=400", "record=city")


class Settings(StudySettings):
    """What ``configs/study/milestones.yaml`` may hold."""

    scenarios: list[str] = Field(
        min_length=1,
        max_length=8,
        description="one to eight scenarios, the first is the reference; overrides may follow a "
        'preset: [baseline,"double planning.pace=0.5"]',
    )
    levels: list[Annotated[float, Field(ge=0.01, le=0.99)]] = Field(
        min_length=1,
        max_length=4,
        description="one to four different chances of success from 0.01 to 0.99 that a tripwire "
        "stands for",
    )
    bootstrap: int = Field(
        ge=100, le=10_000, description="bootstrap samples behind each interval, 100 to 10000"
    )

    @field_validator("levels")
    @classmethod
    def _different(cls, levels: list[float]) -> list[float]:
        if len(set(levels)) < len(levels):
            raise ValueError("a level is given twice")
        return sorted(levels, reverse=True)


def main(overrides: Sequence[str]) -> int:
    """Answer the question for the scenarios that ``overrides`` name; return the exit code."""
    return run_experiment(NAME, Settings, ask, overrides, draw=draw, defaults=DEFAULTS)


def ask(inquiry: Inquiry[Settings]) -> Answer:
    """Simulate the scenarios and look for the values that part success from failure."""
    import pandas as pd

    from sim.report.milestones import (
        middle_date,
        milestone_answer,
        milestone_table,
        watches_of,
    )

    compared = compared_scenarios(inquiry, inquiry.settings.scenarios)
    if inquiry.base.record == "targets":
        raise ConfigError(
            "tripwires need the values of every year",
            key="record",
            value=inquiry.base.record,
            allowed="city or full",
        )
    used = inquiry.simulate([one.point for one in compared])
    tables, histories = zip(*(_tables(inquiry, one) for one in compared), strict=True)
    table = pd.concat(tables, ignore_index=True)
    inquiry.write(NAME, table)
    inquiry.write(PATHS, pd.concat(histories, ignore_index=True))
    manifest = {"config": inquiry.base.model_dump(mode="json")}
    watch = watches_of(table, manifest)[0]
    inquiry.show(milestone_table(watch, manifest, inquiry.base.language))
    date = middle_date(watch, manifest)
    return Answer(
        zh=milestone_answer(watch, manifest, "zh"),
        en=milestone_answer(watch, manifest, "en"),
        figures={
            "replications": used,
            "date": date,
            "level": watch.main_level,
            "telling": [
                {
                    "target": row.subject.target,
                    "definition": row.subject.definition,
                    **vars(row.wires[date, watch.main_level]),
                }
                for row in watch.telling(date)
            ],
        },
    )


def _tables(inquiry: Inquiry[Settings], one: Compared) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tripwires and histories of one scenario."""
    point = one.point
    results = inquiry.results(point, series=True)
    layout = inquiry.study.layout(point)
    draws = results.replications // point.run.replications_per_draw
    found = Histories(
        layout, results.city_series, results.attained, draws, point.run.plan, point.name
    )
    samples = resamples(point.run.seed, draws, inquiry.settings.bootstrap)
    names = {"scenario_zh": one.label["zh"], "scenario_en": one.label["en"]}
    table = milestones(found, inquiry.settings.levels, samples)
    return table.assign(**names), paths(found)


def draw(folder: Path, language: Language) -> None:
    """Draw the charts of the study into its folder, unless they are there."""
    from sim.report.charts.milestones import write_milestone_charts
    from sim.report.charts.stamp import is_current, stamp

    if not is_current(folder, language):
        stamp(folder, language, write_milestone_charts(folder, language))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
