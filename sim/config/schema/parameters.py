"""Uncertain numbers: distributions with their evidence."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field, model_validator

from sim.config.schema.base import Grade, Label, Model


class Parameter(Model):
    """An uncertain number of the world: a distribution with its evidence.

    ``varies`` says at what level a new value is drawn: once per ``draw`` (joint parameter sample),
    once per ``project``, per calendar ``year`` (and funding source) or per naming ``round``.
    """

    kind: Literal["fixed", "triangular", "pert", "uniform", "lognormal", "beta"]
    label: Label
    unit: str = Field(min_length=1)
    source: str | None = None
    grade: Grade
    known_from: dt.date | None
    note: str = Field(min_length=1)
    varies: Literal["draw", "project", "year", "round"] = "draw"
    integer: bool = False
    value: float | None = None
    low: float | None = None
    mode: float | None = None
    high: float | None = None
    median: float | None = None
    sigma: float | None = None
    a: float | None = None
    b: float | None = None

    @model_validator(mode="after")
    def _numbers_fit_the_kind(self) -> Parameter:
        wanted = {
            "fixed": ("value",),
            "triangular": ("low", "mode", "high"),
            "pert": ("low", "mode", "high"),
            "uniform": ("low", "high"),
            "lognormal": ("median", "sigma"),
            "beta": ("a", "b", "low", "high"),
        }[self.kind]
        every = ("value", "low", "mode", "high", "median", "sigma", "a", "b")
        missing = [name for name in wanted if getattr(self, name) is None]
        surplus = [n for n in every if n not in wanted and getattr(self, n) is not None]
        if missing:
            raise ValueError(f"a {self.kind} parameter needs {', '.join(missing)}")
        if surplus:
            raise ValueError(f"a {self.kind} parameter takes no {', '.join(surplus)}")
        if self.low is not None and self.high is not None:
            middle = self.low if self.mode is None else self.mode
            if not self.low <= middle <= self.high:
                raise ValueError(
                    "reversed range: low <= mode <= high must hold, "
                    f"got {self.low:g} / {middle:g} / {self.high:g}"
                )
            if self.low == self.high:
                raise ValueError("an empty range (low = high) is written as kind: fixed")
        if self.kind == "lognormal" and not (
            (self.median or 0.0) > 0.0 and (self.sigma or 0.0) > 0.0
        ):
            raise ValueError("a lognormal parameter needs median > 0 and sigma > 0")
        if self.kind == "beta" and not ((self.a or 0.0) > 0.0 and (self.b or 0.0) > 0.0):
            raise ValueError("a beta parameter needs a > 0 and b > 0")
        return self

    @model_validator(mode="after")
    def _evidence_is_complete(self) -> Parameter:
        if self.grade != "assumption" and self.source is None:
            raise ValueError(f"grade {self.grade} needs a source (an id of sources.csv)")
        if self.grade == "assumption" and self.known_from is None:
            raise ValueError(
                "an assumption needs known_from: the date of the latest source its range "
                "leans on, else the plan's date"
            )
        return self
