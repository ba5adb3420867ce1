"""Which single constraint, if lifted, would gain most? ``python -m experiments.bottlenecks``.

Runs one scenario (``replications=400`` unless overridden) as it is, with each constraint lifted by
itself, and with all of them lifted, on the same draws and streams. Writes bottlenecks.csv (what
every relief gains for every target), binding.csv (which constraint binds each target, and whether
the delay ledger says the same), a matrix of the gains and a chart of the number of targets met.

    python -m experiments.bottlenecks scenario=austerity
    python -m experiments.bottlenecks 'study.only=[money,crews]' replications=1000

What lifts a constraint is data: configs/study/bottlenecks.yaml.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import Field, model_validator

from experiments.shared.inquiry import Answer, Inquiry, Unanswered, run_experiment
from sim.analysis.bottlenecks import TOGETHER, ReliefComparison
from sim.config.errors import ConfigError, called
from sim.config.schema.base import Identifier, Label
from sim.config.schema.relief import Relief
from sim.config.schema.study import StudySettings
from sim.report.words import STAGES, Language, word
from sim.study.study import DesignPoint

if TYPE_CHECKING:
    from sim.config.schema import Parameter

NAME = "bottlenecks"
DEFAULTS = ("replications=400", "record=targets")
KEY = "study"

LEVERS = (
    "allocation.", "budget.", "parameters.", "plan.calendar.", "plan.programmes.", "planning.",
    "shocks",
)  # fmt: skip
"""What a relief may change: the world and what is decided in it, not the seed or the question."""

Changes = dict[str, object]
"""Values of a run by dotted key."""


class Settings(StudySettings):
    """Which constraints are lifted, and how."""

    only: list[str] | None = Field(
        default=None, min_length=1, description="names of the reliefs to try; null tries all"
    )
    reliefs: dict[Identifier, Relief] = Field(
        min_length=1,
        description="what lifts a constraint, by name: label {zh, en}, overrides, fixed, stages",
    )

    @model_validator(mode="after")
    def _names_are_known(self) -> Settings:
        called_so = {own.label.zh: name for name, own in self.reliefs.items()}
        for position, name in enumerate(self.only or ()):
            if name not in self.reliefs:
                raise ConfigError(
                    "unknown relief",
                    key=f"{KEY}.only.{position}",
                    value=name,
                    known=self.reliefs,
                    nearest=called(name, called_so),
                )
        if TOGETHER in self.reliefs:
            raise ConfigError(
                "this name is taken: it means all reliefs at once", key=f"{KEY}.reliefs.{TOGETHER}"
            )
        return self

    @model_validator(mode="after")
    def _stages_are_known_and_of_one_relief(self) -> Settings:
        owners: dict[str, str] = {}
        for name, relief in self.chosen.items():
            for stage in relief.stages:
                key = f"{KEY}.reliefs.{name}.stages"
                if stage not in STAGES:
                    raise ConfigError("unknown stage", key=key, value=stage, known=STAGES)
                if owners.setdefault(stage, name) != name:
                    raise ConfigError(
                        f"the relief {owners[stage]} names this stage, too",
                        key=key,
                        value=stage,
                        allowed="every stage belongs to one constraint",
                    )
        return self

    @property
    def chosen(self) -> dict[str, Relief]:
        """The reliefs that are to be tried."""
        wanted = self.reliefs if self.only is None else self.only
        return {name: relief for name, relief in self.reliefs.items() if name in wanted}


def main(overrides: Sequence[str]) -> int:
    """Answer the question for the scenario that ``overrides`` describe; return the exit code."""
    return run_experiment(NAME, Settings, ask, overrides, draw=draw, defaults=DEFAULTS)


def draw(folder: Path, language: Language) -> None:
    """Draw the charts of the study into its folder, unless they are there."""
    from sim.report.charts.bottlenecks import write_bottleneck_charts
    from sim.report.charts.stamp import is_current, stamp

    if not is_current(folder, language):
        stamp(folder, language, write_bottleneck_charts(folder, language))


def ask(inquiry: Inquiry[Settings]) -> Answer:
    """Simulate the scenario with and without its constraints and compare pair by pair."""
    from sim.report.bottleneck_answer import answer_figures, answer_text
    from sim.report.bottleneck_table import bottleneck_table
    from sim.report.bottlenecks import read_bottlenecks

    reliefs = inquiry.settings.chosen
    base = inquiry.altered("base", {})
    relieved = relieved_points(inquiry, base, reliefs)
    inquiry.simulate([base, *relieved.values()])
    run = base.run
    all_at_once = Label(zh=word("bottleneck.together", "zh"), en=word("bottleneck.together", "en"))
    found = ReliefComparison(
        inquiry.targets(base),
        {name: inquiry.targets(point) for name, point in relieved.items()},
        inquiry.study.missing_units(base, inquiry.study.used(base)),
        run.plan,
        run.definitions,
        {name: reliefs[name].label if name in reliefs else all_at_once for name in relieved},
        {stage: name for name, relief in reliefs.items() for stage in relief.stages},
    )
    if found.pairs < 2:
        raise Unanswered("fewer than two replications finished with and without every constraint")
    gains, binding = found.gains(), found.binding()
    inquiry.write("bottlenecks", gains)
    inquiry.write("binding", binding)
    manifest = {"config": run.model_dump(mode="json")}
    said = read_bottlenecks(gains, binding, manifest)
    if not said.counts:
        raise Unanswered("the plan has no target of its own that is modelled")
    inquiry.show(bottleneck_table(said, manifest, run.language))
    return Answer(answer_text(said, "zh"), answer_text(said, "en"), answer_figures(said))


# ---------------------------------------------------------------------------- design points


def relieved_points(
    inquiry: Inquiry[Settings], base: DesignPoint, reliefs: Mapping[str, Relief]
) -> dict[str, DesignPoint]:
    """One design point a relief, and one for all of them if there are several.

    Raises ConfigError, also if a relief changes nothing, equals another or contradicts it.
    """
    changes = {name: changes_of(inquiry, name, relief) for name, relief in reliefs.items()}
    points: dict[str, DesignPoint] = {}
    for name, own in changes.items():
        point = inquiry.altered(name, own)
        twin = next((p.name for p in (base, *points.values()) if p.hash == point.hash), None)
        if twin is not None:
            raise ConfigError(
                f"this relief gives the same run as {twin}", key=f"{KEY}.reliefs.{name}",
                allowed="a relief that changes something, in a way of its own",
            )  # fmt: skip
        points[name] = point
    if len(points) > 1:
        points[TOGETHER] = inquiry.altered(TOGETHER, _united(changes))
    return points


def changes_of(inquiry: Inquiry[Settings], name: str, relief: Relief) -> Changes:
    """What a relief changes in the base run. Raises ConfigError."""
    changes = inquiry.values(relief.overrides)
    for key in changes:
        if not key.startswith(LEVERS):
            raise ConfigError(
                "a relief cannot change this",
                key=f"{KEY}.reliefs.{name}.overrides",
                value=key,
                allowed=[lever.rstrip(".") for lever in LEVERS],
            )
    parameters = inquiry.base.parameters
    for pattern, value in relief.fixed.items():
        names = [parameter for parameter in parameters if fnmatchcase(parameter, pattern)]
        if not names:
            raise ConfigError(
                "no parameter of this name", key=f"{KEY}.reliefs.{name}.fixed.{pattern}",
                known=parameters,
            )  # fmt: skip
        for parameter in names:
            changes |= _fixed(parameter, parameters[parameter], value)
    return changes


def _fixed(name: str, parameter: Parameter, value: float) -> Changes:
    """Make a parameter known; its unit, grade, and level of variation stay as they are."""
    ranges = ("low", "mode", "high", "median", "sigma", "a", "b")
    changes: Changes = {f"parameters.{name}.{key}": None for key in ranges if
                        getattr(parameter, key) is not None}  # fmt: skip
    return changes | {f"parameters.{name}.kind": "fixed", f"parameters.{name}.value": value}


def _united(changes: Mapping[str, Changes]) -> Changes:
    """All changes at once. Raises ConfigError if two reliefs want different values of one key."""
    united: Changes = {}
    for name, own in changes.items():
        for key, value in own.items():
            if key in united and united[key] != value:
                other = next(n for n in changes if key in changes[n])
                raise ConfigError(
                    f"the relief {other} sets {key} to another value",
                    key=f"{KEY}.reliefs.{name}",
                    value=value,
                    allowed="reliefs that can be had together",
                )
            united[key] = value
    return united


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
