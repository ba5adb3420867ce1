"""How many targets are met at once, from frames written by hand."""

from __future__ import annotations

import numpy as np
import pytest
from answers import Values, attainment_of, delays, frames
from factory import baseline_run

from sim.analysis.met_count import COLUMNS, met_counts
from sim.answer.found import FrameFound, deciding_rows
from sim.config.schema import Run


@pytest.fixture(scope="module")
def plan_run() -> Run:
    return baseline_run(replications=10)


JUDGED = {
    ("demo_projects", ""): "facilities",
    ("content_bases", ""): "facilities",
    ("training_bases", ""): "staff",
}


def met(times: int, goal: float) -> list[float]:
    """Met in the first ``times`` of ten replications."""
    return [goal] * times + [0.0] * (10 - times)


def test_the_distribution_by_hand(plan_run: Run) -> None:
    """Met 9, 6 and 3 times, always the first ones: all three in 3, two in 6, one in 9 of ten."""
    values: Values = {
        ("demo_projects", ""): met(9, 20.0),
        ("content_bases", ""): met(6, 3.0),
        ("training_bases", ""): met(3, 20.0),
    }
    found = met_counts(FrameFound(frames(plan_run, values)), JUDGED)
    assert tuple(found.columns) == COLUMNS
    rows = [tuple(row) for row in found.itertuples(index=False)]
    assert rows == [
        ("", 3, 0, 1.0), ("", 3, 1, 0.9), ("", 3, 2, 0.6), ("", 3, 3, 0.3),
        ("facilities", 2, 0, 1.0), ("facilities", 2, 1, 0.9), ("facilities", 2, 2, 0.6),
        ("staff", 1, 0, 1.0), ("staff", 1, 1, 0.3),
    ]  # fmt: skip


def test_nothing_judged_gives_an_empty_table(plan_run: Run) -> None:
    found = met_counts(FrameFound(frames(plan_run, {})), {})
    assert tuple(found.columns) == COLUMNS
    assert found.empty


def test_it_agrees_with_the_joint_rows(plan_run: Run) -> None:
    generator = np.random.default_rng(5)
    values: Values = {
        (name, reading): (plan_run.plan.targets[name].goal + generator.normal(size=10)).tolist()
        for name, reading in deciding_rows(plan_run.plan, dict(plan_run.definitions))
    }
    targets = frames(plan_run, values)
    definitions = dict(plan_run.definitions)
    rows = attainment_of(plan_run, targets, delays()).set_index("target")
    found = met_counts(FrameFound(targets), deciding_rows(plan_run.plan, definitions))
    assert {"", "facilities"} < set(found["group"])
    for group, part in found.groupby("group"):
        tail = f":{group}" if group else ""
        chances = part["probability"].to_numpy()
        assert chances[1:].sum() == pytest.approx(rows.loc[f"met_count{tail}", "mean"])
        assert chances[-1] == rows.loc[f"all{tail}", "probability"]
        assert (part["total"] == rows.loc[f"met_count{tail}", "goal"]).all()
