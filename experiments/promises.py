"""What could honestly be promised? ``python -m experiments.promises [study.SETTING=...]``.

Runs several scenarios (``replications=400`` unless overridden) and says for every target which
value is reached with 50, 80 and 95 %, beside what the plan asks for. Writes promises.csv.

    python -m experiments.promises
    python -m experiments.promises 'study.scenarios=[baseline,"double planning.pace=0.5"]'
    python -m experiments.promises 'study.confidence=[0.75,0.9]' replications=1000
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator

from experiments.shared.inquiry import Answer, Inquiry, run_experiment
from experiments.shared.scenario_points import compared_scenarios
from sim.config.schema.study import StudySettings
from sim.report.words import Language

NAME = "promises"
DEFAULTS = ("replications=400", "record=targets")


class Settings(StudySettings):
    """What ``configs/study/promises.yaml`` may hold."""

    scenarios: list[str] = Field(
        min_length=1,
        max_length=8,
        description="one to eight scenarios, the first is the reference; overrides may follow a "
        'preset: [baseline,"double planning.pace=0.5"]',
    )
    confidence: list[Annotated[float, Field(ge=0.01, le=0.99)]] = Field(
        min_length=1,
        max_length=4,
        description="one to four different shares from 0.01 to 0.99 with which a promise is kept",
    )

    @field_validator("confidence")
    @classmethod
    def _different(cls, confidence: list[float]) -> list[float]:
        if len(set(confidence)) < len(confidence):
            raise ValueError("a confidence is given twice")
        return sorted(confidence)


def main(overrides: Sequence[str]) -> int:
    """Answer the question for the scenarios that ``overrides`` name; return the exit code."""
    return run_experiment(NAME, Settings, ask, overrides, draw=draw, defaults=DEFAULTS)


def ask(inquiry: Inquiry[Settings]) -> Answer:
    """Simulate the scenarios and take the promises from the values at the deadline."""
    import pandas as pd

    from sim.analysis.promise import promises
    from sim.report.promises import (
        confidences_of,
        deepest_cuts,
        main_confidence,
        promise_answer,
        promise_table,
        scenarios_of,
    )

    compared = compared_scenarios(inquiry, inquiry.settings.scenarios)
    used = inquiry.simulate([one.point for one in compared])
    parts = []
    for one in compared:
        run = one.point.run
        frame = inquiry.targets(one.point)
        part = promises(
            frame, run.plan, run.definitions, one.point.name, inquiry.settings.confidence
        )
        parts.append(part.assign(scenario_zh=one.label["zh"], scenario_en=one.label["en"]))
    table = pd.concat(parts, ignore_index=True)
    inquiry.write(NAME, table)
    manifest = {"config": inquiry.base.model_dump(mode="json")}
    scenarios = scenarios_of(table, manifest)
    first = scenarios[0]
    inquiry.show(promise_table(first, manifest, inquiry.base.language))
    confidence = main_confidence(first)
    return Answer(
        zh=promise_answer(scenarios, "zh"),
        en=promise_answer(scenarios, "en"),
        figures={
            "replications": used,
            "targets": len(first.judged()),
            "confidence": confidence,
            "kept": {
                scenario.name: {str(c): scenario.kept(c) for c in confidences_of(scenario)}
                for scenario in scenarios
            },
            "promised": {
                scenario.name: {
                    str(c): [
                        ":".join(filter(None, (row.subject.target, row.subject.definition)))
                        for row in scenario.promised(c)
                    ]
                    for c in confidences_of(scenario)
                }
                for scenario in scenarios
            },
            "deepest_cuts": [
                {
                    "target": row.subject.target,
                    "goal": row.subject.goal,
                    "promise": row.promises[confidence].value,
                    "share": row.promises[confidence].share,
                }
                for row in deepest_cuts(first)
            ],
        },
    )


def draw(folder: Path, language: Language) -> None:
    """Draw the charts of the study into its folder, unless they are there."""
    from sim.report.charts.promises import write_promise_charts
    from sim.report.charts.stamp import is_current, stamp

    if not is_current(folder, language):
        stamp(folder, language, write_promise_charts(folder, language))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
