"""Ranges of settings: what stands at an end is accepted, what lies just beyond is refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

import pytest
import yaml
from pydantic import BaseModel, ValidationError

from sim.config.schema import Run
from sim.config.schema.study import StudySettings
from tests.factory import settings

SHARE = ((0.0, 1.0), (-0.001, 1.001))
RANGES: dict[str, tuple[tuple[Any, ...], tuple[Any, ...]]] = {
    "budget.public_total": ((0, 10**15), (-1, 10**15 + 1)),
    "budget.social_total": ((0, 10**15), (-1, 10**15 + 1)),
    "budget.first_instalment": SHARE,
    "budget.carry_over": SHARE,
    "allocation.capital_share": SHARE,
    "allocation.reallocation.threshold": SHARE,
    "planning.margin": SHARE,
    "planning.pace": SHARE,
    "planning.overcommitment": ((0.001, 100.0), (0.0, 100.1)),
    "seed": ((0, 2**63 - 1), (-1, 2**63)),
    "replications": ((1, 10_000_000), (0, 10_000_001)),
    "replications_per_draw": ((1, 1_000), (0,)),
    "workers": ((None, 1, 4096), (0, 4097)),
    "trace": ((None, 0), (-1,)),
    "plan.calendar.graduation_month": ((1, 12), (0, 13)),
    "plan.calendar.mid_year_meeting": (
        ({"month": 1, "day": 1}, {"month": 12, "day": 28}),
        ({"month": 0, "day": 1}, {"month": 13, "day": 1}, {"month": 1, "day": 0},
         {"month": 1, "day": 29}),
    ),
    "plan.programmes.community_rooms.cohort": ((1, 50), (0,)),
    "plan.programmes.community_rooms.priority_class": ((1, 9), (0, 10)),
    "plan.events.series.science_week.editions": ((1, 12), (0,)),
    "plan.events.series.science_week.dates": (([{"month": 5, "day": 16}],), ([],)),
    "budget.quarter_shares": (
        ([0.25] * 4, [1.0, 0.0, 0.0, 0.0]),
        ([0.5, 0.5], [0.2] * 5, [0.26] * 4),
    ),
}  # fmt: skip
"""By setting: values that are accepted, and values that are refused."""


BOUNDS = ("ge", "gt", "le", "lt", "min_length", "max_length")


def schema_models(base: type[BaseModel] = BaseModel) -> Iterator[type[BaseModel]]:
    for model in base.__subclasses__():
        if model.__module__.startswith("sim.config.schema"):
            yield model
        yield from schema_models(model)


def ends_of(annotation: Any) -> list[dict[str, Any]]:
    """Ends of a type, and of the types in it, from the outside inwards."""
    found = []
    arguments = get_args(annotation)
    if get_origin(annotation) is Annotated:
        marks = [m for mark in arguments[1:] for m in (mark, *getattr(mark, "metadata", ()))]
        found = [ends_in(marks)]
        arguments = arguments[:1]
    return [ends for ends in [*found, *(e for a in arguments for e in ends_of(a))] if ends]


def ends_in(marks: Iterable[Any]) -> dict[str, Any]:
    values = ((end, getattr(mark, end, None)) for mark in marks for end in BOUNDS)
    return {end: value for end, value in values if value is not None}


def test_no_end_of_a_setting_moves_unnoticed() -> None:
    found = {
        f"{model.__name__}.{name}": ends
        for model in schema_models()
        for name, field in model.model_fields.items()
        if name in model.__annotations__
        and (ends := [e for e in (ends_in(field.metadata), *ends_of(field.annotation)) if e])
    }
    table = yaml.safe_load((Path(__file__).parent / "bounds.yaml").read_text(encoding="utf-8"))
    assert found == table


@pytest.mark.parametrize("key", RANGES)
def test_the_ends_of_a_range_are_in_it_and_nothing_beyond(real_run: Run, key: str) -> None:
    accepted, refused = RANGES[key]
    for value in accepted:
        settings(real_run, {key: value})
    for value in refused:
        with pytest.raises(ValidationError):
            settings(real_run, {key: value})


@pytest.mark.parametrize(
    ("field", "accepted", "refused"),
    [
        ("half_width", (None, 0.1, 50.0), (0.09, 50.1)),
        ("cap", (1, 10_000_000), (0, 10_000_001)),
        ("folder", (None, "a"), ("",)),
    ],
)
def test_settings_of_all_studies_have_their_ranges(
    field: str, accepted: tuple[Any, ...], refused: tuple[Any, ...]
) -> None:
    assert [getattr(StudySettings(**{field: v}), field) for v in accepted] == list(accepted)
    for value in refused:
        with pytest.raises(ValidationError):
            StudySettings(**{field: value})


@pytest.mark.parametrize("wrong", [1e-8, -1e-8])
def test_shares_sum_to_one_but_for_rounding(real_run: Run, wrong: float) -> None:
    tenths = [0.1, 0.2, 0.3, 0.3, 0.1]  # in floating point not exactly one
    assert settings(real_run, {"budget.year_shares": tenths}).budget.year_shares == tenths
    with pytest.raises(ValidationError, match=r"budget\.year_shares must sum to 1"):
        settings(real_run, {"budget.year_shares": [*tenths[:4], 0.1 + wrong]})
