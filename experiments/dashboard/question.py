"""What is asked: the settings, and what is simulated until chances between points are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from pydantic import Field

from experiments.dashboard.findings import Missed, Simulated, missed, simulated
from experiments.dashboard.page import Ended, answer
from experiments.shared.inquiry import Inquiry, Unanswered
from experiments.shared.levers import LeverSettings, settings_of, turned
from experiments.shared.question import Question
from experiments.shared.scenario_entries import MOST as MOST_SCENARIOS
from experiments.shared.scenario_entries import SCENARIO, ScenarioEntry
from experiments.shared.scenario_points import Compared, compared_scenarios
from experiments.shared.sweeping import At, Trial, sweep_of
from sim.answer.blocks import Answer
from sim.answer.found import FrameFound
from sim.answer.row import rows_of
from sim.config.lever import base_value, levers
from sim.study.study import DesignPoint
from sim.words import Label

OFFERED = ("austerity", "double", "late_release", "mid_term_cut")
"""Scenarios that are offered unless told."""

MOST = (16, 48)
"""Design points beyond which none is added unless told, with one lever and with two."""

Grid = list[tuple[float, ...]]


class Settings(LeverSettings):
    """What ``configs/study/dashboard.yaml`` may hold."""

    in_words: ClassVar[Mapping[str, object]] = {
        "offered": ", ".join(OFFERED),
        "one": MOST[0],
        "two": MOST[1],
    }

    scenarios: list[ScenarioEntry] | None = Field(default=None, max_length=MOST_SCENARIOS)
    error: float = Field(ge=0.1, le=50.0)
    most: int | None = Field(default=None, ge=2, le=400)


def ask(inquiry: Inquiry[Settings]) -> Answer:
    """Simulate a grid of settings, refine it until it is fine enough, and the scenarios."""
    chosen, base = inquiry.settings, inquiry.base
    config = base.model_dump(mode="json")
    keys = [key for key in (chosen.key, chosen.second_key) if key]
    own = tuple(base_value(base, key, "study.key") for key in keys)
    grid: Grid = [(a,) if b is None else (a, b) for a, b in settings_of(base, chosen)]
    scenarios = _scenarios(inquiry)
    if len(keys) == 1:
        grid = sorted({*grid, *(at for one in scenarios if (at := _place(inquiry, one.point)))})
    counts = [key for key in range(len(keys)) if isinstance(levers(base)[keys[key]], int)]
    targets = [row for row in rows_of(config).values() if row.modelled and row.counts]
    most = chosen.most or MOST[len(keys) - 1]
    while True:
        points = _simulated(inquiry, grid, scenarios)
        trial = Trial([at for at in points if at.on], targets)
        if 100.0 * trial.mean <= chosen.error:
            ended: Ended = "known"
            break
        finer = _finer(grid, trial, counts)
        if finer is None or len(finer) > most:
            ended = "narrow" if finer is None else "most"
            break
        grid = finer
    if min(len(at.found.replications) for at in points) < 2:
        raise Unanswered("dashboard.unanswered")
    inquiry.write_findings("dashboard", Simulated, [*simulated(points, config)])
    inquiry.write_findings("left_out", Missed, [*missed(trial, keys)])
    sweep = sweep_of(keys, own, points, config, [row.key for row in targets])
    return answer(sweep, [*missed(trial, keys)], ended, chosen.error)


def _scenarios(inquiry: Inquiry[Settings]) -> list[Compared]:
    """The scenarios to be offered. Raises ConfigError.

    Those that are offered unless told are left out where they are the base run, or each other.
    """
    entries = inquiry.settings.scenarios
    if entries is not None:
        return compared_scenarios(inquiry, entries)
    if SCENARIO in inquiry.keys:
        return []
    known = {DesignPoint("base", inquiry.base).hash}
    found = []
    for name in OFFERED:
        (own,) = compared_scenarios(inquiry, [name])
        if own.point.hash not in known:
            known.add(own.point.hash)
            found.append(own)
    return found


def _place(inquiry: Inquiry[Settings], scenario: DesignPoint) -> tuple[float, ...] | None:
    """The settings at which the base run is this scenario; None if there are none."""
    chosen = inquiry.settings
    keys = [key for key in (chosen.key, chosen.second_key) if key]
    settings = tuple(base_value(scenario.run, key, "study.key") for key in keys)
    return settings if turned(inquiry, *settings).hash == scenario.hash else None


def _simulated(inquiry: Inquiry[Settings], grid: Grid, scenarios: Sequence[Compared]) -> list[At]:
    """Every point of the grid, then the scenarios that are not among them."""
    points = [turned(inquiry, *settings) for settings in grid]
    inquiry.simulate([*points, *(one.point for one in scenarios)])
    names: dict[str, Label] = {one.point.hash: one.label for one in scenarios}
    base = DesignPoint("base", inquiry.base).hash
    found = [
        At(
            settings,
            FrameFound(inquiry.targets(point)),
            point.hash == base,
            names.pop(point.hash, None),
        )
        for settings, point in zip(grid, points, strict=True)
    ]
    keys = [key for key in (inquiry.settings.key, inquiry.settings.second_key) if key]
    return found + [
        At(
            tuple(base_value(one.point.run, key, "study.key") for key in keys),
            FrameFound(inquiry.targets(one.point)),
            scenario=one.label,
            on=False,
        )
        for one in scenarios
        if one.point.hash in names
    ]


def _finer(grid: Sequence[tuple[float, ...]], trial: Trial, counts: Sequence[int]) -> Grid | None:
    """The grid with one more setting; None where none helps.

    Args:
        counts: levers that only have whole numbers.
    """
    found = trial.next()
    if found is None:
        return None
    lever, setting = found
    if lever in counts:
        setting = float(round(setting))
    more = {(*at[:lever], setting, *at[lever + 1 :]) for at in grid}
    if more <= {*grid}:
        return None
    return sorted({*grid, *more}, key=lambda at: at[::-1])


QUESTION = Question(
    "experiments.dashboard",
    Settings,
    ask,
    defaults=("record=targets", "report=[dashboard]"),
    sweeps=True,
)
