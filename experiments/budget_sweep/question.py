"""What is asked: the settings, and what is simulated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from pydantic import Field, ValidationInfo, model_validator

from experiments.budget_sweep.curves import curves_of
from experiments.budget_sweep.findings import Change, CurvePoint, Point, Step, Sweep
from experiments.budget_sweep.page import answer
from experiments.shared.inquiry import Inquiry, Unanswered
from experiments.shared.question import Question
from experiments.shared.targets import by_name, named_rows
from sim.answer.blocks import Answer
from sim.answer.found import FrameFound
from sim.answer.row import Config, RowKey, rows_of
from sim.config.errors import COMMAND_LINE, ConfigError
from sim.config.lever import MONEY, base_value
from sim.config.schema import Run
from sim.config.schema.study import StudySettings, given_keys
from sim.study.study import DesignPoint


class Settings(StudySettings):
    """What ``configs/study/budget_sweep.yaml`` may hold: what is turned, how far, what is shown."""

    only_shown: ClassVar[frozenset[str]] = frozenset({"targets"})

    key: str = Field(min_length=1)
    values: list[float] | None = Field(default=None, min_length=1)
    factors: list[float] = Field(min_length=1)
    second_key: str | None = Field(default=None, min_length=1)
    second_values: list[float] | None = Field(default=None, min_length=1)
    targets: list[str] | None = Field(default=None, min_length=1)

    @model_validator(mode="after")
    def _factors_are_of_use(self, info: ValidationInfo) -> Settings:
        """Values win over factors; a second key without values of its own takes the factors."""
        used = self.values is None or (self.second_key and self.second_values is None)
        if not used and {"values", "factors"} <= given_keys(info):
            raise ConfigError(
                "budget_sweep.refused.factors",
                file=COMMAND_LINE,
                key="study.factors",
                value=self.factors,
            )
        return self


def ask(inquiry: Inquiry[Settings]) -> Answer:
    """Simulate every setting and compare them pair by pair."""
    chosen, base = inquiry.settings, inquiry.base
    config = base.model_dump(mode="json")
    shown = chosen_rows(config, chosen.targets)
    grid = settings_of(base, chosen)
    points = [(first, second, _point(inquiry, first, second)) for first, second in grid]
    inquiry.simulate([point for _, _, point in points])
    own = DesignPoint("base", base)
    sweep = Sweep(
        chosen.key,
        chosen.second_key or "",
        [
            Point(first, second, point.hash == own.hash, FrameFound(inquiry.targets(point)))
            for first, second, point in points
        ],
        config,
    )
    if sweep.pairs < 2:
        raise Unanswered("budget_sweep.unanswered")
    curves, steps = sweep.curves(), [*sweep.steps()]
    changes = [*sweep.changes(curves, shown)]
    inquiry.write_findings("budget_sweep", CurvePoint, curves)
    inquiry.write_findings("gains", Step, steps)
    inquiry.write_findings("responses", Change, changes)
    return answer(curves_of(curves, steps, changes, config))


def _point(inquiry: Inquiry[Settings], first: float, second: float | None) -> DesignPoint:
    settings = {inquiry.settings.key: first}
    if inquiry.settings.second_key is not None and second is not None:
        settings[inquiry.settings.second_key] = second
    name = ", ".join(f"{key}={number:.15g}" for key, number in settings.items())
    return inquiry.altered(name, settings)


def settings_of(base: Run, chosen: Settings) -> list[tuple[float, float | None]]:
    """The points of the sweep, second lever first in order; it is None where there is none.

    With one lever the run's own number is always among them: it is what all others are compared
    with. Raises ConfigError.
    """
    own = base_value(base, chosen.key, "study.key")
    first = _numbers(chosen, "", own)
    if chosen.second_key is None:
        if chosen.second_values is not None:
            raise ConfigError(
                "budget_sweep.refused.no_second_key", file=COMMAND_LINE, key="study.second_key"
            )
        return [(number, None) for number in sorted({*first, own})]
    if chosen.second_key == chosen.key:
        raise ConfigError(
            "budget_sweep.refused.same_key",
            file=COMMAND_LINE,
            key="study.second_key",
            value=chosen.second_key,
        )
    second = _numbers(chosen, "second_", base_value(base, chosen.second_key, "study.second_key"))
    return [(one, other) for other in sorted(second) for one in sorted(first)]


def _numbers(chosen: Settings, prefix: str, own: float) -> list[float]:
    """The settings of a lever, as given or as factors of ``own``. Raises ConfigError."""
    key = chosen.second_key if prefix else chosen.key
    values = chosen.second_values if prefix else chosen.values
    name = f"study.{prefix}values"
    if values is None:
        if key not in MONEY:
            raise ConfigError(
                "budget_sweep.refused.no_money",
                file=COMMAND_LINE,
                key=name,
                lever=key,
                own=f"{own:.15g}",
            )
        if own == 0.0:
            raise ConfigError(
                "budget_sweep.refused.nothing", file=COMMAND_LINE, key=name, lever=key
            )
        name, values = "study.factors", [float(round(own * factor)) for factor in chosen.factors]
    twice = sorted({value for value in values if values.count(value) > 1})
    if twice:
        raise ConfigError(
            "budget_sweep.refused.twice",
            file=COMMAND_LINE,
            key=name,
            value=", ".join(f"{value:.15g}" for value in twice),
        )
    if len({*values, *([] if chosen.second_key else [own])}) < 2:
        raise ConfigError(
            "budget_sweep.refused.one",
            file=COMMAND_LINE,
            key=name,
            value=f"{values[0]:.15g}",
        )
    return values


def chosen_rows(config: Config, names: Sequence[str] | None) -> set[RowKey]:
    """The rows to show: those named by target or target:reading, or all whose reading counts.

    A target without a reading stands for the reading that counts. Raises ConfigError.
    """
    known = by_name(row for row in rows_of(config).values() if row.modelled)
    if names is None:
        return {row.key for row in known.values() if row.counts}
    return {row.key for row in named_rows(names, known)}


QUESTION = Question(
    "experiments.budget_sweep",
    Settings,
    ask,
    defaults=("record=targets",),
    meeting=(),
)
