"""How many targets are met at once, from arrays and frames written by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sim.answer.found import FrameFound
from sim.answer.row import joint_rows_of, rows_of
from sim.config.schema import Run
from sim.stats.met_count import at_least
from tests.answers import Values, attainment_of, delays, frames
from tests.factory import baseline_run


@pytest.fixture(scope="module")
def plan_run() -> Run:
    return baseline_run(replications=10)


def met(times: int) -> list[bool]:
    """Met in the first ``times`` of ten replications."""
    return [True] * times + [False] * (10 - times)


def test_the_distribution_by_hand() -> None:
    """Met 9, 6 and 3 times, always the first ones: all three in 3, two in 6, one in 9 of ten."""
    assert at_least(np.array([met(9), met(6), met(3)])) == [1.0, 0.9, 0.6, 0.3]
    assert at_least(np.array([met(9), met(6)])) == [1.0, 0.9, 0.6]
    assert at_least(np.array([met(3)])) == [1.0, 0.3]


def test_targets_that_are_met_in_other_replications_are_not_met_together() -> None:
    """The first five and the last five: one always, two never."""
    assert at_least(np.array([met(5), met(5)[::-1]])) == [1.0, 1.0, 0.0]


def test_of_nothing_none_are_met() -> None:
    assert at_least(np.empty((0, 10), dtype=bool)) == [1.0]


def test_it_agrees_with_the_joint_rows(plan_run: Run) -> None:
    config = plan_run.model_dump(mode="json")
    generator = np.random.default_rng(5)
    rows = rows_of(config)
    values: Values = {
        row.key: (row.goal + generator.normal(size=10)).tolist()
        for row in rows.values()
        if row.decides
    }
    targets = frames(plan_run, values)
    found = FrameFound(targets)
    table = attainment_of(plan_run, targets, delays()).set_index("target")
    counted = [row for row in joint_rows_of(config, rows.values()).values() if row.counts_targets]
    assert {"", "facilities"} < {row.group for row in counted}
    for row in counted:
        chances = at_least(found.met_together(row.members))
        assert len(chances) == len(row.members) + 1
        assert sum(chances[1:]) == pytest.approx(table.loc[row.target, "mean"])
        together = row.target.replace("met_count", "all")
        assert chances[-1] == table.loc[together, "probability"]
        assert table.loc[row.target, "goal"] == len(row.members)
