"""What is asked: the settings, and what is simulated or read."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field, model_validator

from experiments.compare_scenarios.comparison import Comparison
from experiments.compare_scenarios.event_logs import TABLE, FirstDifference, NotTold, Tracer
from experiments.compare_scenarios.findings import (
    Compared,
    Incomparable,
    Sample,
    Scenario,
    Setting,
    compare,
    rows_with_values,
)
from experiments.compare_scenarios.page import answer
from experiments.compare_scenarios.points import ComparedPoint, finished_points, simulated_points
from experiments.shared.inquiry import Inquiry, Unanswered
from experiments.shared.question import Question
from experiments.shared.scenario_entries import MOST, ScenarioEntry
from sim.answer.blocks import Answer
from sim.config.errors import ConfigError
from sim.config.passport import EXECUTION, differences
from sim.config.schema.base import RuleBroken
from sim.config.schema.study import StudySettings
from sim.study.finished_runs import finished_runs
from sim.words import Said

USUAL = ("baseline", "austerity")


class Settings(StudySettings):
    """What is compared: scenarios to be simulated, or finished runs."""

    scenarios: list[ScenarioEntry] | None = Field(
        default=None,
        min_length=2,
        max_length=MOST,
    )
    runs: list[str] | None = Field(
        default=None,
        min_length=1,
    )
    traced: int = Field(
        default=3,
        ge=0,
        le=1000,
    )

    @model_validator(mode="after")
    def _one_way(self) -> Settings:
        if self.runs is not None and self.scenarios is not None:
            raise RuleBroken("compare_scenarios.refused.both_ways")
        if self.runs is not None and self.half_width is not None:
            raise RuleBroken("compare_scenarios.refused.half_width")
        return self


def ask(inquiry: Inquiry[Settings]) -> Answer:
    """Compare every scenario with the first."""
    runs = inquiry.settings.runs
    if runs is None:
        points = simulated_points(inquiry, inquiry.settings.scenarios or USUAL)
    else:
        _refuse_changes(inquiry.keys)
        inquiry.rests_on = runs
        points = finished_points(inquiry, finished_runs(runs))
    reference, *others = points
    tables = [_compared(reference, other) for other in others]
    tracer = Tracer(inquiry.study.folder, inquiry.settings.traced)
    comparisons = [
        _comparison(reference, other, table, tracer)
        for other, table in zip(others, tables, strict=True)
    ]
    inquiry.write_findings("compare_scenarios", Compared, [own for one in tables for own in one])
    inquiry.write_findings("differences", Setting, [s for o in others for s in _set(reference, o)])
    inquiry.write_findings(
        TABLE, FirstDifference, [own for one in comparisons for own in one.first]
    )
    inquiry.write_findings("scenarios", Scenario, [_scenario(point) for point in points])
    return answer(comparisons, reference.config)


def _refuse_changes(keys: Sequence[str]) -> None:
    """Refuse settings of the model beside finished runs, which are what they are."""
    for key in keys:
        if key.partition(".")[0] not in {*EXECUTION, "replications"}:
            raise ConfigError("compare_scenarios.refused.setting", key=key)


def _compared(reference: ComparedPoint, other: ComparedPoint) -> list[Compared]:
    rows = rows_with_values(reference.config, reference.found.rows)
    try:
        return compare(
            (reference.name, other.name),
            (Sample.of(reference.found, rows), Sample.of(other.found, rows)),
            rows,
            paired=other.streams == reference.streams,
            asked=max(reference.asked, other.asked),
        )
    except Incomparable as error:
        both = {"reference": reference.name, "other": other.name}
        raise Unanswered("compare_scenarios.unanswered", **both, reason=Said(str(error))) from None


def _comparison(
    reference: ComparedPoint, other: ComparedPoint, rows: Sequence[Compared], tracer: Tracer
) -> Comparison:
    """A scenario against the reference, with the first difference of their event logs."""
    first: Sequence[FirstDifference] = ()
    untold: str | None = None
    try:
        first = tracer.first(reference, other)
    except NotTold as reason:
        untold = str(reason)
    return Comparison(
        label=other.label,
        reference=reference.label,
        rows=rows,
        first=first,
        untold=untold,
        other_code=other.made_with != reference.made_with,
    )


def _scenario(point: ComparedPoint) -> Scenario:
    label = point.label
    return Scenario(point.name, label["zh"], label["en"], point.seed, point.asked, point.hash)


def _set(reference: ComparedPoint, other: ComparedPoint) -> list[Setting]:
    """The settings that differ."""
    return [
        Setting(other.name, str(row["key"]), str(row["label"]), row["baseline"], row["value"])
        for row in differences(other.config, reference.config)
    ]


QUESTION = Question("experiments.compare_scenarios", Settings, ask, meeting=())
