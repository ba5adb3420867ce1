"""Sweeps as blocks: what curves do, how far off they are between points, where points are added."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from experiments.shared.sweeping import At, Trial, sweep_of
from sim.answer.blocks import Answer, Sweep
from sim.answer.row import RowKey, rows_of
from sim.answer.run.attainment import attainments
from sim.answer.run.held_back import stage_sums
from sim.answer.stored import restored, stored
from sim.config.schema import Run
from tests.swept import Chance, at

FIRST, SECOND = ("community_rooms", ""), ("qiming_bookrooms", "")
KEY = "budget.public_total"


@pytest.fixture(scope="module")
def keys(real_run: Run) -> list[RowKey]:
    config = real_run.model_dump(mode="json")
    return [row.key for row in rows_of(config).values() if row.modelled and row.counts]


def points(run: Run, chance: Chance, settings: Sequence[tuple[float, ...]]) -> list[At]:
    return [at(run, chance, own) for own in settings]


def trial(run: Run, chance: Chance, settings: Sequence[tuple[float, ...]]) -> Trial:
    rows = [row for row in rows_of(run.model_dump(mode="json")).values() if row.modelled]
    return Trial(points(run, chance, settings), [row for row in rows if row.counts])


def block(run: Run, chance: Chance, settings: Sequence[tuple[float, ...]]) -> Sweep:
    config = run.model_dump(mode="json")
    shown = [row.key for row in rows_of(config).values() if row.modelled and row.counts]
    keys = [KEY, "planning.pace"][: len(settings[0])]
    return sweep_of(keys, settings[0], points(run, chance, settings), config, shown)


def line(*settings: float) -> list[tuple[float, ...]]:
    return [(own,) for own in settings]


def one_moves(row: RowKey, settings: Sequence[float], moving: RowKey = FIRST) -> float:
    """A step of one row between 1 and 2; all others stay at one half."""
    if row != moving:
        return 0.5
    return 1.0 if settings[0] > 1.0 else 0.0


def test_only_rows_that_move_count_for_the_error(real_run: Run, keys: list[RowKey]) -> None:
    assert FIRST in keys
    assert SECOND in keys
    found = trial(real_run, one_moves, line(0, 1, 2, 4))
    assert [row.key for row in found.rows] == [FIRST]
    assert found.points == 2
    # At 1 the curve through (0, 0), (2, 1), (4, 1) has slopes (2*2+2)*.5/4 = .75 and 0 at the ends
    # of the gap: 1/2 + 2/8 * .75. At 2 it goes through (0, 0), (1, 0), (4, 1): the slope is 0 at 1
    # and at 4 ((2*3+1)/3 - 0)/4 = 7/12, so 7/27 - 3 * 1/3 * 2/3 * 1/3 * 7/12.
    one, two = 0.5 + 0.25 * 0.75, 1.0 - (7 / 27 - 2 / 9 * 7 / 12)
    assert found.mean == pytest.approx((one + two) / 2)
    worst, row, lever, setting = found.worst()
    assert worst == pytest.approx(two)
    assert (row.key, lever, setting) == (FIRST, 0, 2.0)
    assert [own[0] for own in found.by_setting(0)] == [1.0, 2.0]
    assert [own[1] for own in found.by_setting(0)] == pytest.approx([one, two])
    assert found.next() == (0, 1.5), "beside the worst point, where the curve moves"


def test_where_nothing_moves_nothing_is_missed_and_nothing_added(real_run: Run) -> None:
    still = trial(real_run, lambda row, settings: 0.5, line(0, 1, 2, 4))
    assert (still.mean, still.next(), still.points) == (0.0, None, 0)
    two = trial(real_run, one_moves, line(0, 2))
    assert (two.mean, two.next(), two.points) == (0.0, None, 0)


def test_of_two_levers_the_worse_one_gets_a_line(real_run: Run) -> None:
    grid = [(float(a), float(b)) for b in (1, 2, 3) for a in (0, 1, 2)]

    def steep_in_second(row: RowKey, settings: Sequence[float]) -> float:
        if row != FIRST:
            return 0.5
        return 0.25 * settings[0] + (0.5 if settings[1] > 1 else 0.0)

    found = trial(real_run, steep_in_second, grid)
    assert found.points == 6, "three lines each way, each with one inner point"
    # Along the first lever lines are straight; along the second 0, .5, .5 is missed by .25.
    assert found.mean == pytest.approx(0.125)
    assert found.next() == (1, 1.5)
    assert [own[1] for own in found.by_setting(0)] == pytest.approx([0.0])
    assert [own[1] for own in found.by_setting(1)] == pytest.approx([0.25])


def test_a_curve_is_monotone_unless_a_test_rejects_it(real_run: Run) -> None:
    def chance(row: RowKey, settings: Sequence[float]) -> float:
        first = int(settings[0])
        heights = {
            FIRST: (0.1, 0.5, 0.9, 0.5),  # falls again by 16 of 40
            SECOND: (0.1, 0.5, 0.9, 0.875),  # by one of 40, which is luck
            ("literacy_gain", ""): (0.9, 0.5, 0.1, 0.1),
        }
        return heights.get(row, (0.5,) * 4)[first]

    made = block(real_run, chance, line(0, 1, 2, 3))
    rows = {row.name: row.direction for row in made.rows if row.kind == "target"}
    assert rows[FIRST[0]] == "mixed"
    assert rows[SECOND[0]] == "up"
    down = [name for name, own in rows.items() if own == "down"]
    assert down == [name for name in rows if name == "literacy_gain"]
    still = [name for name, own in rows.items() if own == "still"]
    assert len(still) > 20


def test_the_block_says_what_the_table_of_a_run_says_and_comes_back(real_run: Run) -> None:
    config, settings = real_run.model_dump(mode="json"), line(0, 1, 2)
    made = block(real_run, one_moves, settings)
    assert [point.settings for point in made.points] == settings
    for number, point in enumerate(points(real_run, one_moves, settings)):
        own = attainments(point.found, stage_sums((), point.found, config), config, "")
        wanted = {one.row.indicator: one for one in own}
        for row in made.rows:
            one = wanted[row.name]
            if row.chance:
                assert row.chance[number] == one.probability
                assert (row.low[number], row.high[number]) == (
                    one.probability_low,
                    one.probability_high,
                )
            if row.p50:
                assert (row.p05[number], row.p50[number], row.p95[number]) == (
                    one.p05,
                    one.p50,
                    one.p95,
                )
    back = restored(stored(Answer([], sweep=made))).sweep
    assert back is not None
    for name in ("chance", "low", "high", "mean", "p05", "p50", "p95", "direction", "value"):
        ours, theirs = ([getattr(row, name) for row in one.rows] for one in (made, back))
        assert ours == theirs
    assert stored(Answer([], sweep=back)) == stored(Answer([], sweep=made))
    assert made.left_out is not None
    assert made.left_out.points == 1
