"""A sweep finds the chances, steps and responses that were put into it."""

from __future__ import annotations

import pytest

from experiments.budget_sweep.findings import Sweep
from sim.answer.row import RowKey, rows_of
from sim.config.schema import Run
from sim.stats.intervals import wilson
from tests.experiments.budget_sweep import sweeps

SETTINGS = (0.0, 1e8, 3e8)


def rows_that_decide(run: Run) -> list[RowKey]:
    return [key for key, row in rows_of(run.model_dump(mode="json")).items() if row.decides]


@pytest.fixture(scope="module")
def chances(real_run: Run) -> dict[RowKey, tuple[float, ...]]:
    """One target rises, one falls, one has a dent; the others stay at one half."""
    rises, falls, dents = rows_that_decide(real_run)[:3]
    return {rises: (0.0, 0.5, 1.0), falls: (0.9, 0.5, 0.4), dents: (0.2, 0.8, 0.6)}


@pytest.fixture(scope="module")
def made(real_run: Run, chances: dict[RowKey, tuple[float, ...]]) -> Sweep:
    def chance(row: RowKey, setting: float, _: float | None) -> float:
        return chances[row][SETTINGS.index(setting)] if row in chances else 0.5

    return sweeps.sweep(real_run, chance, SETTINGS, base=(1e8, None))


def test_every_point_has_every_row_and_its_chance(
    made: Sweep, chances: dict[RowKey, tuple[float, ...]]
) -> None:
    found = made.curves()
    keys = [(point.setting, point.row.key) for point in found]
    assert len(set(keys)) == len(keys)
    assert {"all", "met_count", "met_count:facilities"} <= {point.row.target for point in found}
    for row, given in chances.items():
        own = [point for point in found if point.row.key == row]
        assert [point.setting for point in own] == list(SETTINGS)
        assert [point.probability for point in own] == pytest.approx(list(given))
        interval = own[1].probability_low, own[1].probability_high
        assert interval == pytest.approx(wilson(40 * given[1], 40))
    assert [point.base for point in found] == [point.setting == 1e8 for point in found]


def test_fits_stand_beside_the_points(
    made: Sweep, chances: dict[RowKey, tuple[float, ...]]
) -> None:
    found = made.curves()
    rises, falls, dents = ([p for p in found if p.row.key == row] for row in chances)
    assert [point.fitted for point in rises] == [point.probability for point in rises]
    assert {point.direction for point in falls} == {"down"}
    assert [point.fitted for point in dents] == pytest.approx([0.2, 0.7, 0.7])
    assert [point.probability for point in dents] == pytest.approx([0.2, 0.8, 0.6])
    counted = [point for point in found if point.row.target == "met_count"]
    assert {point.probability for point in counted} == {None}
    assert [point.fitted for point in counted] == pytest.approx([point.mean for point in counted])


def test_mean_targets_met_is_the_sum_of_their_chances(made: Sweep) -> None:
    found = made.curves()
    sums = [
        sum(p.probability or 0.0 for p in found if p.setting == setting and p.row.decides)
        for setting in SETTINGS
    ]
    means = [point.mean for point in found if point.row.target == "met_count"]
    assert means == pytest.approx(sums, rel=1e-7, abs=0.0)


def test_gains_are_paired_and_told_by_the_million(
    made: Sweep, chances: dict[RowKey, tuple[float, ...]]
) -> None:
    steps = [*made.steps()]
    rises, falls, _ = ([step for step in steps if step.row.key == row] for row in chances)
    assert [(step.from_setting, step.to_setting) for step in rises] == [(0.0, 1e8), (1e8, 3e8)]
    assert [step.gain for step in rises] == pytest.approx([0.5, 0.5])
    assert [step.gain_per_million for step in rises] == pytest.approx([0.005, 0.0025])
    # Common random numbers: nobody loses where the chance rises.
    assert [step.lost for step in rises] == [0.0, 0.0]
    assert [step.gained for step in falls] == [0.0, 0.0]
    assert [step.lost for step in falls] == pytest.approx([0.4, 0.1])
    assert {step.pairs for step in steps} == {40}


def test_only_what_moves_responds(made: Sweep, chances: dict[RowKey, tuple[float, ...]]) -> None:
    shown = {next(iter(chances))}
    changes = [*made.changes(made.curves(), shown)]
    assert [change.row for change in changes] == made.rows
    targets = [change for change in changes if not change.row.joint]
    assert {change.row.key for change in targets if change.responds} == set(chances)
    by_row = {change.row.key: change for change in changes}
    rises, falls, dents = (by_row[row] for row in chances)
    assert (rises.lowest, rises.highest, rises.direction) == (0.0, 1.0, "up")
    assert falls.direction == "down"
    assert rises.most_reached_at == 3e8
    assert dents.most_reached_at == 1e8
    assert {change.p_adjusted for change in targets if not change.responds} == {1.0}
    assert {change.row.key for change in changes if change.shown} == shown


def test_replications_that_failed_somewhere_are_left_out_of_pairs(real_run: Run) -> None:
    def half(row: RowKey, first: float, second: float | None) -> float:
        return 0.5

    whole = sweeps.points(real_run, half, (1.0, 2.0), replications=8)
    fewer = sweeps.points(real_run, half, (2.0,), replications=6)
    config = real_run.model_dump(mode="json")
    assert Sweep("budget.public_total", "", whole, config).pairs == 8
    made = Sweep("budget.public_total", "", [whole[0], *fewer], config)
    assert made.pairs == 6
    assert {step.pairs for step in made.steps()} == {6}
    counted = [point for point in made.curves() if point.row.target == "met_count"]
    assert [point.replications for point in counted] == [8, 6]


def test_two_levers_have_curves_and_steps_along_the_first(real_run: Run) -> None:
    first = rows_that_decide(real_run)[0]

    def chance(row: RowKey, setting: float, second: float | None) -> float:
        rising = 0.25 + 0.5 * (setting > 1.0)
        return (rising if second == 0.1 else 1.0 - rising) if row == first else 0.5

    keys = ("planning.margin", "planning.pace")
    made = sweeps.sweep(real_run, chance, (0.5, 2.0), (0.1, 1.0), keys=keys)
    steps = [step for step in made.steps() if step.row.key == first]
    assert [(step.second_setting, step.gain) for step in steps] == [(0.1, 0.5), (1.0, -0.5)]
    assert {step.gain_per_million for step in steps} == {None}
    (change,) = (own for own in made.changes(made.curves(), {first}) if own.row.key == first)
    assert change.direction == "mixed"
    assert change.responds
    assert change.most_reached_at is None
