"""What an uncertain number may look like: its numbers complete and in order, and their evidence."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from sim.config.schema import Parameter
from tests.factory import Json, parameter

GOOD: list[tuple[str, dict[str, float]]] = [
    ("fixed", {"value": -1.0}),
    ("triangular", {"low": 0.0, "mode": 0.0, "high": 1.0}),
    ("triangular", {"low": 0.0, "mode": 1.0, "high": 1.0}),
    ("pert", {"low": -2.0, "mode": -1.0, "high": 0.0}),
    ("uniform", {"low": 0.0, "high": 1e-9}),
    ("lognormal", {"median": 1e-9, "sigma": 1e-9}),
    ("beta", {"a": 0.1, "b": 9.0, "low": 0.0, "high": 1.0}),
]
BAD: list[tuple[str, dict[str, float], str]] = [
    ("triangular", {"low": 0.0, "mode": 5.0, "high": 1.0}, "reversed range"),
    ("triangular", {"low": 0.0, "mode": -0.1, "high": 1.0}, "reversed range"),
    ("pert", {"low": 0.0, "mode": 1.1, "high": 1.0}, "reversed range"),
    ("pert", {"low": 1.0, "mode": 0.5, "high": 0.0}, "reversed range"),
    ("uniform", {"low": 1.0, "high": 0.0}, "reversed range"),
    ("beta", {"a": 1.0, "b": 1.0, "low": 1.0, "high": 0.0}, "reversed range"),
    ("triangular", {"low": 1.0, "mode": 1.0, "high": 1.0}, "kind: fixed"),
    ("uniform", {"low": 1.0, "high": 1.0}, "kind: fixed"),
    ("lognormal", {"median": 0.0, "sigma": 1.0}, "positive numbers"),
    ("lognormal", {"median": 1.0, "sigma": 0.0}, "positive numbers"),
    ("beta", {"a": 0.0, "b": 1.0, "low": 0.0, "high": 1.0}, "positive numbers"),
    ("beta", {"a": 1.0, "b": -1.0, "low": 0.0, "high": 1.0}, "positive numbers"),
]


@pytest.mark.parametrize(("kind", "numbers"), GOOD)
def test_the_numbers_of_a_kind_in_order_are_accepted(kind: str, numbers: Json) -> None:
    own = Parameter.model_validate(parameter(kind, **numbers))
    assert {name: getattr(own, name) for name in numbers} == numbers


@pytest.mark.parametrize(("kind", "numbers", "words"), BAD)
def test_numbers_out_of_order_are_refused(kind: str, numbers: Json, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Parameter.model_validate(parameter(kind, **numbers))


@pytest.mark.parametrize(("kind", "numbers"), GOOD)
def test_a_number_too_few_or_too_many_is_named(kind: str, numbers: Json) -> None:
    for name in numbers:
        fewer = {key: value for key, value in numbers.items() if key != name}
        with pytest.raises(ValidationError, match=f"needs {name}"):
            Parameter.model_validate(parameter(kind, **fewer))
    every = {"value", "low", "mode", "high", "median", "sigma", "a", "b"}
    assert every > set(numbers)
    for name in every - set(numbers):
        with pytest.raises(ValidationError, match=f"takes no {name}"):
            Parameter.model_validate(parameter(kind, **numbers | {name: 0.5}))


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        ({"grade": "assumption"}, None),
        ({"grade": "assumption", "known_from": None}, "needs known_from"),
        ({"grade": "statistic"}, "needs a source"),
        ({"grade": "derived", "source": None}, "needs a source"),
        ({"grade": "plan", "source": "S01"}, None),
        ({"grade": "statistic", "source": "S01", "known_from": None}, None),
    ],
)
def test_a_number_from_a_source_names_it_and_an_assumption_its_day(
    evidence: dict[str, Any], words: str | None
) -> None:
    given = parameter("fixed", value=1.0) | evidence
    if words is None:
        assert Parameter.model_validate(given).grade == evidence["grade"]
        return
    with pytest.raises(ValidationError, match=words):
        Parameter.model_validate(given)
