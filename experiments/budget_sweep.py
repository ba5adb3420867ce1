"""How do the chances grow with money? ``python -m experiments.budget_sweep [overrides]``.

Simulates one scenario (``replications=400`` unless overridden) under several budgets, on the same
draws and streams, and tells which targets respond, where the next yuan buys most, and where returns
flatten. Any other number of the run can be turned instead, or two at once:

    python -m experiments.budget_sweep study.factors=[0,0.5,1,2]
    python -m experiments.budget_sweep study.key=planning.pace study.values=[0.2,0.35,0.5,1]
    python -m experiments.budget_sweep study.factors=[0.5,1,2] \\
        study.second_key=planning.pace study.second_values=[0.2,0.35,0.7]

Writes budget_sweep.csv, gains.csv, responses.csv and charts; the same command again goes on where
it was interrupted.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from pydantic import Field, ValidationInfo, model_validator

from experiments.shared.inquiry import Answer, Inquiry, Unanswered, run_experiment
from sim.analysis.rows import rows_of
from sim.answer.row import RowKey
from sim.config.errors import ConfigError, called
from sim.config.lever import MONEY, WRITTEN_IN, base_value
from sim.config.schema import Run
from sim.config.schema.study import StudySettings, given_keys
from sim.config.wording import labels
from sim.report.words import Language
from sim.study.study import DesignPoint

DEFAULTS = ("replications=400", "record=targets")


class Settings(StudySettings):
    """Which numbers are turned, how far, and what is shown."""

    only_shown: ClassVar[frozenset[str]] = frozenset({"targets"})

    key: str = Field(min_length=1, description="the dotted key of a number of the run")
    values: list[float] | None = Field(
        default=None, min_length=1, description="a list of numbers, or null for the factors"
    )
    factors: list[float] = Field(
        min_length=1, description="a list of factors of the number that the run has"
    )
    second_key: str | None = Field(
        default=None, min_length=1, description="the dotted key of another number, or null"
    )
    second_values: list[float] | None = Field(
        default=None, min_length=1, description="a list of numbers, or null for the factors"
    )
    targets: list[str] | None = Field(
        default=None, min_length=1, description="a list of ids of targets, or null for all"
    )

    @model_validator(mode="after")
    def _factors_are_of_use(self, info: ValidationInfo) -> Settings:
        """Values win over factors; a second key without values of its own takes the factors."""
        used = self.values is None or (self.second_key and self.second_values is None)
        if not used and {"values", "factors"} <= given_keys(info):
            raise ConfigError(
                "with study.values, study.factors would change nothing",
                file=WRITTEN_IN,
                key="study.factors",
                value=self.factors,
                allowed="either study.values or study.factors",
            )
        return self


def main(overrides: Sequence[str]) -> int:
    """Answer the question for the scenario that ``overrides`` describe; return the exit code."""
    return run_experiment("budget_sweep", Settings, ask, overrides, draw=draw, defaults=DEFAULTS)


def draw(folder: Path, language: Language) -> None:
    """Draw the charts of a finished study into its folder, unless they are there."""
    from sim.report.charts.stamp import is_current, stamp

    if not is_current(folder, language):
        from sim.report.charts.budget_sweep import write_sweep_charts

        stamp(folder, language, write_sweep_charts(folder, language))


def ask(inquiry: Inquiry[Settings]) -> Answer:
    """Simulate every setting and compare them pair by pair."""
    from sim.analysis.sweep import Point, Sweep
    from sim.report.budget_sweep import SweepReport
    from sim.report.budget_sweep_answer import answer
    from sim.report.budget_sweep_table import sweep_table

    chosen, base = inquiry.settings, inquiry.base
    shown = chosen_rows(base, chosen.targets)
    grid = settings_of(base, chosen)
    points = [(first, second, _point(inquiry, first, second)) for first, second in grid]
    inquiry.simulate([point for _, _, point in points])
    own = DesignPoint("base", base)
    sweep = Sweep(
        chosen.key,
        chosen.second_key or "",
        [
            Point(first, second, point.hash == own.hash, inquiry.targets(point))
            for first, second, point in points
        ],
        base.plan,
        base.definitions,
    )
    if sweep.pairs < 2:
        raise Unanswered("fewer than two replications finished at every setting")
    table = sweep.table()
    gains, responses = sweep.gains(table), sweep.responses(table, shown)
    for name, frame in (("budget_sweep", table), ("gains", gains), ("responses", responses)):
        inquiry.write(name, frame)
    report = SweepReport({"config": base.model_dump(mode="json")}, table, gains, responses)
    inquiry.show(sweep_table(report, base.language))
    return Answer(answer(report, "zh"), answer(report, "en"), report.figures())


def _point(inquiry: Inquiry[Settings], first: float, second: float) -> DesignPoint:
    settings = {inquiry.settings.key: first}
    if inquiry.settings.second_key is not None:
        settings[inquiry.settings.second_key] = second
    name = ", ".join(f"{key}={number:.15g}" for key, number in settings.items())
    return inquiry.altered(name, settings)


def settings_of(base: Run, chosen: Settings) -> list[tuple[float, float]]:
    """The points of the sweep, second lever first in order; it is NaN where there is none.

    With one lever the run's own number is always among them: it is what all others are compared
    with. Raises ConfigError.
    """
    own = base_value(base, chosen.key, "study.key")
    first = _numbers(chosen, "", own)
    if chosen.second_key is None:
        if chosen.second_values is not None:
            raise ConfigError(
                "there are values for a second key, but no key",
                file=WRITTEN_IN,
                key="study.second_key",
                allowed="the dotted key of another number",
            )
        return [(number, math.nan) for number in sorted({*first, own})]
    if chosen.second_key == chosen.key:
        raise ConfigError(
            "the second key is the first one",
            file=WRITTEN_IN,
            key="study.second_key",
            value=chosen.second_key,
            allowed="the dotted key of another number",
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
                f"{key} is not an amount of money, so factors do not apply",
                file=WRITTEN_IN,
                key=name,
                allowed=f"a list of numbers; the run has {own:.15g}",
            )
        if own == 0.0:
            raise ConfigError(
                f"the run has no money at {key}, and any factor of nothing is nothing",
                file=WRITTEN_IN,
                key=name,
                allowed="a list of amounts in yuan",
            )
        name, values = "study.factors", [float(round(own * factor)) for factor in chosen.factors]
    twice = sorted({value for value in values if values.count(value) > 1})
    if twice:
        raise ConfigError(
            "the same setting twice",
            file=WRITTEN_IN,
            key=name,
            value=", ".join(f"{value:.15g}" for value in twice),
            allowed="every setting once, in any order",
        )
    if len({*values, *([] if chosen.second_key else [own])}) < 2:
        raise ConfigError(
            "one setting has nothing to be compared with",
            file=WRITTEN_IN,
            key=name,
            value=f"{values[0]:.15g}",
            allowed="at least two different settings, the run's own included",
        )
    return values


def chosen_rows(run: Run, names: Sequence[str] | None) -> set[RowKey]:
    """The rows to show: those named by target or target:reading, or all whose reading counts.

    A target without a reading stands for the reading that counts. Raises ConfigError.
    """
    rows = {
        row: counts
        for row, counts in rows_of(run.plan, run.definitions).items()
        if run.plan.targets[row[0]].modelled
    }
    by_name = {row[0]: row for row, counts in rows.items() if counts}
    if names is None:
        return set(by_name.values())
    by_name |= {":".join(row): row for row in rows if row[1]}
    problems = [
        ConfigError(
            "unknown target",
            file=WRITTEN_IN,
            key=f"study.targets.{position}",
            value=name,
            known=by_name,
            nearest=called(name, labels(run.model_dump(mode="json")["plan"]["targets"])),
        )
        for position, name in enumerate(names)
        if name not in by_name
    ]
    if problems:
        raise ConfigError.join(problems)
    return {by_name[name] for name in names}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
