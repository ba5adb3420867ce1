"""What is asked: the settings, and what is simulated."""

from __future__ import annotations

from typing import Annotated, ClassVar

import numpy as np
from pydantic import BeforeValidator, Field, model_validator

from experiments.districts.compared import Compared
from experiments.districts.counted import Counted
from experiments.districts.findings import Gap, Money, Standing, gaps, standings, zones_of
from experiments.districts.page import answer
from experiments.shared.inquiry import Inquiry, Unanswered
from experiments.shared.question import Question
from experiments.shared.settings import KEY
from sim.answer.blocks import Answer
from sim.config.errors import ConfigError
from sim.config.schema.study import StudySettings
from sim.model.record import BALANCE, RECEIVED, SPENT, Layout
from sim.plan.districts import District, find_named, read_districts
from sim.plan.place_linter import unknown_district
from sim.stats.bootstrap import resamples
from sim.study.tables import Results


def _written(name: object) -> object:
    """A code may be written as a number."""
    return str(name) if type(name) is int else name


Name = Annotated[str, BeforeValidator(_written)]
"""Code of a district, or its name in either language."""


class Settings(StudySettings):
    """What ``configs/study/districts.yaml`` may hold."""

    only_shown: ClassVar[frozenset[str]] = frozenset({"place", "places"})

    place: Name | None = None
    places: list[Name] | None = Field(default=None, min_length=1, max_length=8)
    bootstrap: int = Field(ge=100, le=10_000)

    @model_validator(mode="after")
    def _one_way_of_saying_it(self) -> Settings:
        if self.place is not None and self.places is not None:
            raise ConfigError("districts.refused.both", key=f"{KEY}.places")
        return self

    @property
    def chosen(self) -> dict[str, str]:
        """Where every district that was asked for is written, and how."""
        if self.place is not None:
            return {f"{KEY}.place": self.place}
        return {f"{KEY}.places.{at}": name for at, name in enumerate(self.places or ())}


def ask(inquiry: Inquiry[Settings]) -> Answer:
    """Simulate the scenario and compare every district with its peers."""
    if inquiry.base.record == "targets":
        raise ConfigError("districts.refused.record", key="record", value=inquiry.base.record)
    places = read_districts(inquiry.base.plan.districts)
    chosen = chosen_of(inquiry.settings.chosen, places)
    point = inquiry.point(inquiry.base.scenario.name)
    inquiry.simulate([point])
    used, config = inquiry.study.used(point), point.run.model_dump(mode="json")
    results = inquiry.results(point, series=True)
    delays = inquiry.study.delays(point, used)
    codes = [str(own.adcode) for own in places]
    counted = Counted(delays, config, codes, results.replications)
    if not counted.quotas.any():
        raise Unanswered("districts.unanswered.no_quotas")
    money = _money(results, inquiry.study.layout(point), places)
    draws = results.replications // point.run.replications_per_draw
    samples = resamples(point.run.seed, draws, inquiry.settings.bootstrap)
    found = [*standings(point.name, places, counted, money, samples)]
    quotas = [*gaps(point.name, places, counted, config)]
    inquiry.write_findings("districts", Standing, found)
    inquiry.write_findings("district_gaps", Gap, quotas)
    zone = zones_of(found, point.run.seed, inquiry.settings.bootstrap)
    label = point.run.scenario.label.model_dump()
    return answer(Compared(label, config, found, quotas, counted, money, zone), chosen)


def chosen_of(names: dict[str, str], places: tuple[District, ...]) -> list[int]:
    """Positions of the districts that are called so, each once.

    Raises:
        ConfigError: there is no such district, or one is named twice.
    """
    known = {
        name: str(at) for at, own in enumerate(places) for name in (str(own.adcode), own.zh, own.en)
    }
    found: list[int] = []
    for key, name in names.items():
        at = find_named(name, known)
        if at is None:
            raise unknown_district(name, places, "districts.refused.unknown", key)
        if int(at) in found:
            raise ConfigError("districts.refused.twice", key=key, value=name)
        found.append(int(at))
    return found


def _money(results: Results, layout: Layout, places: tuple[District, ...]) -> Money:
    """Mean yuan by place at the end of the plan, in the order of ``places``."""
    order = [layout.places.index(own.adcode) for own in places]
    last = results.district_series[:, -1][:, order]

    def of(kind: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        own = [at for at, name in enumerate(layout.district_indicators)
               if name.startswith(f"{kind}:")]  # fmt: skip
        return np.asarray(last[:, :, own].sum(axis=2).mean(axis=0))

    return Money(of(RECEIVED), of(SPENT), of(BALANCE))


QUESTION = Question("experiments.districts", Settings, ask, defaults=("record=city",), meeting=())
