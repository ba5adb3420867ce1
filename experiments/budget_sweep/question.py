"""What is asked: the settings, and what is simulated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from pydantic import Field

from experiments.budget_sweep.curves import curves_of
from experiments.budget_sweep.findings import Change, CurvePoint, Point, Step, Sweep
from experiments.budget_sweep.page import answer
from experiments.shared.inquiry import Inquiry, Unanswered
from experiments.shared.levers import LeverSettings, settings_of, turned
from experiments.shared.question import Question
from experiments.shared.sweeping import At, sweep_of
from experiments.shared.targets import by_name, named_rows
from sim.answer.blocks import Answer
from sim.answer.found import FrameFound
from sim.answer.row import Config, RowKey, rows_of
from sim.config.lever import base_value
from sim.study.study import DesignPoint


class Settings(LeverSettings):
    """What ``configs/study/budget_sweep.yaml`` may hold: what is turned, how far, what is shown."""

    only_shown: ClassVar[frozenset[str]] = frozenset({"targets"})

    targets: list[str] | None = Field(default=None, min_length=1)


def ask(inquiry: Inquiry[Settings]) -> Answer:
    """Simulate every setting and compare them pair by pair."""
    chosen, base = inquiry.settings, inquiry.base
    config = base.model_dump(mode="json")
    shown = chosen_rows(config, chosen.targets)
    grid = settings_of(base, chosen)
    points = [(first, second, turned(inquiry, first, second)) for first, second in grid]
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
    told = answer(curves_of(curves, steps, changes, config))
    keys = [key for key in (chosen.key, chosen.second_key) if key]
    own_settings = [base_value(base, key, "study.key") for key in keys]
    places = [At(point.settings, point.found, point.base) for point in sweep.points]
    return replace(told, sweep=sweep_of(keys, own_settings, places, config, shown))


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
    sweeps=True,
)
