"""Reliefs: what lifts one constraint of a run, and which delays are that constraint's."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator, model_validator

from sim.config.schema.base import Label, Model


class Relief(Model):
    """One constraint and how it is lifted: far enough that it cannot bind, and nothing else."""

    label: Label = Field(description="name of the constraint in both languages: {zh: ..., en: ...}")
    overrides: list[Annotated[str, Field(pattern=r"^[^=]+=")]] = Field(
        default=[], description="values of the run as KEY=VALUE, such as planning.pace=1"
    )
    fixed: dict[str, float] = Field(
        default={}, description="parameters fixed at a number; crews_* stands for all of that name"
    )
    stages: list[str] = Field(
        default=[], description="stages and reasons of the delay ledger behind which it stands"
    )

    @model_validator(mode="after")
    def _lifts_something(self) -> Relief:
        if not self.overrides and not self.fixed:
            raise ValueError(
                "a relief without overrides and without fixed parameters lifts nothing"
            )
        return self

    @field_validator("stages", mode="after")
    @classmethod
    def _stages_are_named_once(cls, stages: list[str]) -> list[str]:
        if len(set(stages)) < len(stages):
            raise ValueError("a stage is named twice")
        return stages
