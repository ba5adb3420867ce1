"""What is asked: the settings, and what is simulated."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator

from experiments.promises.findings import Promise, promises_of
from experiments.promises.page import answer
from experiments.promises.promised import Scenario, scenario_of
from experiments.shared.inquiry import Inquiry
from experiments.shared.question import Question
from experiments.shared.scenario_entries import MOST, ScenarioEntry
from experiments.shared.scenario_points import Compared, compared_scenarios
from sim.answer.blocks import Answer
from sim.answer.found import FrameFound
from sim.answer.row import rows_of
from sim.config.schema.base import RuleBroken
from sim.config.schema.study import StudySettings
from sim.words import Said


class Settings(StudySettings):
    """What ``configs/study/promises.yaml`` may hold."""

    scenarios: list[ScenarioEntry] = Field(
        min_length=1,
        max_length=MOST,
    )
    confidence: list[Annotated[float, Field(ge=0.01, le=0.99)]] = Field(
        min_length=1,
        max_length=4,
    )

    @field_validator("confidence")
    @classmethod
    def _different(cls, confidence: list[float]) -> list[float]:
        if len(set(confidence)) < len(confidence):
            allowed = Said("promises.setting.confidence")
            raise RuleBroken("promises.refused.twice", allowed=allowed)
        return sorted(confidence)


def ask(inquiry: Inquiry[Settings]) -> Answer:
    """Simulate the scenarios and take the promises from the values at the deadline."""
    compared = compared_scenarios(inquiry, inquiry.settings.scenarios)
    inquiry.simulate([one.point for one in compared])
    scenarios = [_promised(inquiry, one) for one in compared]
    inquiry.write_findings("promises", Promise, [p for own in scenarios for p in own.findings])
    return answer(scenarios)


def _promised(inquiry: Inquiry[Settings], one: Compared) -> Scenario:
    """What can be promised under one scenario."""
    point, config = one.point, one.point.run.model_dump(mode="json")
    found = FrameFound(inquiry.targets(point))
    modelled = [row for row in rows_of(config).values() if row.modelled]
    confidences = inquiry.settings.confidence
    return scenario_of([*promises_of(found, modelled, point.name, one.label, confidences)], config)


QUESTION = Question(
    "experiments.promises",
    Settings,
    ask,
    defaults=("record=targets",),
    meeting=(),
)
