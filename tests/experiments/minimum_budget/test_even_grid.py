"""The even grid that knows as much as a search: by hand, and by simulating that grid."""

from __future__ import annotations

import numpy as np

from experiments.minimum_budget.search import Found, search
from sim.stats.crossing import Integers
from sim.stats.even_grid import EvenGrid
from sim.stats.even_grid import even_grid as smallest_grid
from tests.experiments.minimum_budget.test_budget_search import (
    BASE,
    GRID,
    SCALE,
    Simulator,
    aim,
    everywhere,
    judged,
    logistic,
    step,
)

BOTH = np.array([0, 1])


def even_grid(found: Found, rows: Integers) -> EvenGrid | None:
    """The grid that knows as much of some rows as the search."""
    own = found.aim
    return smallest_grid(found.curves, found.root, rows, own.level, own.scale, own.first)


def test_a_leap_needs_the_spacing_of_its_interval_and_no_more_replications() -> None:
    found = judged(Simulator([step(1.5e9), step(3e9)], 1), everywhere(GRID, 50), aim())
    # Both crossings are known to lie between two budgets of the coarse grid, without any noise.
    widths = [SCALE.position(2e9) - SCALE.position(1e9), SCALE.position(4e9) - SCALE.position(2e9)]
    budgets = int(np.ceil(SCALE.position(64e9) / min(widths))) + 1
    assert even_grid(found, BOTH) == EvenGrid(budgets, 50)
    assert EvenGrid(budgets, 50).replications == 50 * (budgets + 1)


def test_without_a_crossing_there_is_nothing_to_compare_with() -> None:
    found = judged(Simulator([step(1.5e9), lambda _: 0.1], 1), everywhere(GRID, 50), aim())
    assert even_grid(found, np.array([], dtype=np.int64)) is None
    assert even_grid(found, np.array([1])) is None


def widths_on(grid: EvenGrid, found: Found, simulator: Simulator) -> np.ndarray:
    """Widths of the intervals that a grid gives, with random numbers of its own."""
    span = float(SCALE.position(found.curves.budgets[-1]))
    positions = np.linspace(0.0, span, grid.budgets)
    budgets = np.unique(np.round(SCALE.yuan(positions)).astype(np.int64)).tolist()
    root = judged(simulator, everywhere(budgets, grid.each), found.aim).root
    return np.minimum(root.high, span) - root.low


def test_the_grid_simulated_is_not_more_precise_than_the_search(seed: int) -> None:
    # Where the grid is tightest its intervals are as wide as those of the search, by 30 searches
    # 1.23 times as wide on average with a standard deviation of 0.23: its size is not exaggerated.
    chances = [logistic(1e9, 0.15), logistic(1.6e9, 0.35), logistic(3e9, 0.2)]
    tightest = []
    for trial in range(seed, seed + 6):
        found = search(Simulator(chances, trial), GRID, aim(cap=3_000, seed=trial))
        grid = even_grid(found, np.arange(3))
        assert grid is not None
        assert grid.replications > found.replications
        wide = widths_on(grid, found, Simulator(chances, trial + 1_000))
        tightest.append((wide / (found.root.high - found.root.low)).max())
    assert 0.9 < np.mean(tightest) < 1.23 + 4.0 * 0.25 / np.sqrt(6)


def test_narrower_intervals_need_a_larger_grid() -> None:
    chances = [logistic(0.8 * BASE, 0.3), logistic(2.5 * BASE, 0.2)]
    sizes = []
    for cap in (1_000, 4_000):
        found = search(Simulator(chances, 3), GRID, aim(cap=cap, tolerance=0.01))
        grid = even_grid(found, BOTH)
        assert grid is not None
        sizes.append(grid.replications)
    assert sizes[1] > 2 * sizes[0]
