"""What is asked: the settings, and what is simulated."""

from __future__ import annotations

from pydantic import Field, model_validator

from experiments.bottlenecks.findings import TOGETHER, Binding, ReliefComparison, ReliefGain
from experiments.bottlenecks.page import answer
from experiments.bottlenecks.reliefs import Relief, relieved_points
from experiments.shared.inquiry import Inquiry, Unanswered
from experiments.shared.question import Question
from experiments.shared.settings import KEY
from sim.answer.blocks import Answer
from sim.answer.run.page import stages
from sim.config.errors import ConfigError, called
from sim.config.schema.base import Identifier
from sim.config.schema.study import StudySettings
from sim.words import Label, catalogue


class Settings(StudySettings):
    """What ``configs/study/bottlenecks.yaml`` may hold: which constraints are lifted, and how."""

    only: list[str] | None = Field(default=None, min_length=1)
    reliefs: dict[Identifier, Relief] = Field(
        min_length=1,
    )

    @model_validator(mode="after")
    def _names_are_known(self) -> Settings:
        called_so = {own.label.zh: name for name, own in self.reliefs.items()}
        for position, name in enumerate(self.only or ()):
            if name not in self.reliefs:
                raise ConfigError(
                    "bottlenecks.refused.no_relief",
                    key=f"{KEY}.only.{position}",
                    value=name,
                    known=self.reliefs,
                    nearest=called(name, called_so),
                )
        if TOGETHER in self.reliefs:
            raise ConfigError("bottlenecks.refused.taken", key=f"{KEY}.reliefs.{TOGETHER}")
        return self

    @model_validator(mode="after")
    def _stages_are_known_and_of_one_relief(self) -> Settings:
        owners: dict[str, str] = {}
        known = stages()
        for name, relief in self.chosen.items():
            for stage in relief.stages:
                key = f"{KEY}.reliefs.{name}.stages"
                if stage not in known:
                    raise ConfigError(
                        "bottlenecks.refused.no_stage", key=key, value=stage, known=known
                    )
                if owners.setdefault(stage, name) != name:
                    other = owners[stage]
                    raise ConfigError(
                        "bottlenecks.refused.shared_stage", key=key, value=stage, other=other
                    )
        return self

    @property
    def chosen(self) -> dict[str, Relief]:
        """The reliefs that are to be tried."""
        wanted = self.reliefs if self.only is None else self.only
        return {name: relief for name, relief in self.reliefs.items() if name in wanted}


def ask(inquiry: Inquiry[Settings]) -> Answer:
    """Simulate the scenario with and without its constraints and compare pair by pair."""
    reliefs = inquiry.settings.chosen
    base = inquiry.altered("base", {})
    relieved = relieved_points(inquiry, base, reliefs)
    inquiry.simulate([base, *relieved.values()])
    config = base.run.model_dump(mode="json")
    names: dict[str, Label] = {name: relief.label.model_dump() for name, relief in reliefs.items()}
    if TOGETHER in relieved:
        names[TOGETHER] = catalogue().texts("bottlenecks.together")
    found = ReliefComparison(
        inquiry.targets(base),
        {name: inquiry.targets(point) for name, point in relieved.items()},
        inquiry.study.missing_units(base, inquiry.study.used(base)),
        config,
        names,
        {stage: name for name, relief in reliefs.items() for stage in relief.stages},
    )
    if found.pairs < 2:
        raise Unanswered("bottlenecks.unanswered.few")
    gains, binding = [*found.gains()], [*found.binding()]
    inquiry.write_findings("bottlenecks", ReliefGain, gains)
    inquiry.write_findings("binding", Binding, binding)
    if not any(own.row.decides for own in binding):
        raise Unanswered("bottlenecks.unanswered.no_target")
    return answer(gains, binding, config)


QUESTION = Question("experiments.bottlenecks", Settings, ask, defaults=("record=targets",))
