"""Uncertain numbers: distributions with their evidence."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import model_validator

from sim.config.schema.base import Grade, Label, Model, Note, RuleBroken, Shown
from sim.words import Said


class Parameter(Model):
    """An uncertain number of the world: a distribution with its evidence.

    ``varies`` says at what level a new value is drawn: once per ``draw`` (joint parameter sample),
    once per ``project``, per calendar ``year`` (and funding source) or per naming ``round``.
    """

    kind: Literal["fixed", "triangular", "pert", "uniform", "lognormal", "beta"]
    label: Label
    unit: Shown
    source: str | None = None
    grade: Grade
    known_from: dt.date | None
    note: Note
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
        if missing or surplus:
            raise RuleBroken(
                "rule.numbers_missing" if missing else "rule.numbers_surplus",
                value=", ".join(name for name in every if getattr(self, name) is not None),
                kind=self.kind,
                names=missing or surplus,
                allowed=Said("rule.numbers", {"names": wanted}),
            )
        if self.low is not None and self.high is not None:
            middle = self.low if self.mode is None else self.mode
            order = "low < high" if self.mode is None else Said("rule.order")
            given = self._given("low", "mode", "high")
            if not self.low <= middle <= self.high:
                raise RuleBroken("rule.reversed", value=given, allowed=order)
            if self.low == self.high:
                raise RuleBroken("rule.empty", value=given, order=order, low=f"{self.low:g}")
        for kind, first, second in (("lognormal", "median", "sigma"), ("beta", "a", "b")):
            if self.kind == kind and min(getattr(self, first), getattr(self, second)) <= 0.0:
                given = self._given(first, second)
                raise RuleBroken(
                    "rule.positive", value=given, kind=kind, first=first, second=second
                )
        return self

    @model_validator(mode="after")
    def _evidence_is_complete(self) -> Parameter:
        if self.grade != "assumption" and self.source is None:
            raise RuleBroken("rule.source", key="source", value="null", grade=self.grade)
        if self.grade == "assumption" and self.known_from is None:
            raise RuleBroken("rule.known_from", key="known_from", value="null")
        return self

    def _given(self, *names: str) -> str:
        """These numbers as they are shown in a message."""
        numbers = ((name, getattr(self, name)) for name in names)
        return ", ".join(f"{name} {number:g}" for name, number in numbers if number is not None)
