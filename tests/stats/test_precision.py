"""How surely all chances are known: the widest interval, by draws and not by replications."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from sim.config.schema import Run
from sim.stats.intervals import clustered_wilson, wilson
from sim.stats.precision import half_width
from sim.study.tables import Results
from tests.factory import Json, history, layout_of, micro_run

ROOM: Json = {"goal": 1, "unit_cost": 1_000, "build_months": 1}


def results(run: Run, attained: list[list[bool]]) -> Results:
    """Results of which nothing but what is attained matters."""
    outcome = history(run, trace=False)
    outcomes = [
        (number, type(outcome)(**{**vars(outcome), "attained": np.array(row)}))
        for number, row in enumerate(attained)
    ]
    return Results.of(layout_of(run), outcomes, [])


def test_the_widest_interval_is_that_of_the_joint_row(directory: Path) -> None:
    """Both rooms are open in nine of ten histories each, and in eight at once: 0.8 is less sure."""
    run = micro_run(directory, {"a": ROOM, "b": ROOM})
    attained = [[i != 0, i != 1] for i in range(10)]
    low, high = wilson(8, 10)
    found = half_width(results(run, attained), layout_of(run), 1)
    assert math.isclose(found, (high - low) / 2.0)
    own_low, own_high = wilson(9, 10)
    assert found > (own_high - own_low) / 2.0


def test_replications_of_one_draw_count_for_less(directory: Path) -> None:
    """Twenty histories of ten draws, alike within each: they say no more than ten do."""
    run = micro_run(directory, {"a": ROOM})
    attained = [[draw < 6] for draw in range(10) for _ in range(2)]
    draws = np.repeat(np.arange(10), 2)
    low, high = clustered_wilson(np.array(attained)[:, 0], draws)
    found = half_width(results(run, attained), layout_of(run), 2)
    assert math.isclose(found, (high - low) / 2.0)
    assert found > 1.2 * half_width(results(run, attained), layout_of(run), 1)


def test_nothing_is_known_of_nothing(directory: Path) -> None:
    run = micro_run(directory, {"a": ROOM})
    assert half_width(results(run, []), layout_of(run), 1) == math.inf
