"""Levers: every number of the model, and nothing else, can be turned within its bounds."""

from __future__ import annotations

import pytest

from sim.config.errors import ConfigError
from sim.config.lever import MONEY, altered, base_value, levers
from sim.config.schema import Run


def test_levers_are_the_numbers_of_the_model(real_run: Run) -> None:
    numbers = levers(real_run)
    assert set(numbers) >= MONEY
    assert numbers["budget.public_total"] == real_run.budget.public_total
    assert numbers["budget.year_shares.1"] == real_run.budget.year_shares[1]
    assert not {"seed", "replications", "workers", "allocation.reallocation.enabled"} & set(numbers)


def test_only_the_number_turned_changes(real_run: Run) -> None:
    other = altered(real_run, {"budget.public_total": 5e8, "planning.pace": 0.5})
    assert other.budget.public_total == 500_000_000
    assert other.planning.pace == 0.5
    own = {"budget.public_total": real_run.budget.public_total, "planning.pace": 0.35}
    assert altered(other, own) == real_run


def test_numbers_in_lists_can_be_turned(real_run: Run) -> None:
    shares = {"budget.year_shares.0": 0.3, "budget.year_shares.4": 0.1}
    assert altered(real_run, shares).budget.year_shares == [0.3, 0.2, 0.2, 0.2, 0.1]


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("budget.publik_total", "nearest: budget.public_total"),
        ("budget.year_shares", "several numbers"),
        ("parameters.attrition.", "unknown key"),
        ("budget.queue", "no number"),
        ("seed", "no number that the model is made of"),
        ("budget.year_shares.9", "unknown key"),
        ("", "unknown key"),
    ],
)
def test_keys_that_are_no_levers_are_refused(real_run: Run, key: str, words: str) -> None:
    with pytest.raises(ConfigError) as error:
        base_value(real_run, key, "study.key")
    assert words in str(error.value)
    assert "study.key" in str(error.value)


@pytest.mark.parametrize(
    ("key", "number", "words"),
    [
        ("budget.public_total", -1.0, "from 0 to 1000000000000000"),
        ("budget.public_total", 1.5, "whole number"),
        ("planning.pace", 1.5, "from 0 to 1"),
        ("budget.year_shares.0", 0.5, "must sum to 1"),
    ],
)
def test_numbers_out_of_bounds_are_refused_by_key(
    real_run: Run, key: str, number: float, words: str
) -> None:
    with pytest.raises(ConfigError) as error:
        altered(real_run, {key: number})
    assert words in str(error.value)
    assert key.rpartition(".")[0] in str(error.value)


def test_any_value_can_be_altered_and_no_key_made_up(real_run: Run) -> None:
    assert altered(real_run, {"budget.queue": "backfill"}).budget.queue == "backfill"
    with pytest.raises(ConfigError, match="unknown key") as error:
        altered(real_run, {"budget.publik_total": 1, "budget.queue": "backfill"})
    assert "nearest: budget.public_total" in str(error.value)


@pytest.mark.parametrize("position", ["5", "-1", "first", "", "0.1", "²", "½"])
def test_a_list_has_positions_and_no_names(real_run: Run, position: str) -> None:
    with pytest.raises(ConfigError, match="unknown key"):
        altered(real_run, {f"budget.year_shares.{position}": 0.2})
