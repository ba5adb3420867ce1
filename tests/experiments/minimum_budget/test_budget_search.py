"""The search finds known roots, shares budgets, keeps to its cap and takes the same path again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from experiments.minimum_budget.search import (
    NOTHING,
    Aim,
    Asked,
    Found,
    Observed,
    between,
    coarse_grid,
    judge,
    next_budgets,
    rounded,
    search,
)
from sim.stats.crossing import Curves, Scale

BASE = 1_000_000_000
GRID, SCALE = coarse_grid(BASE, 64 * BASE)
Chance = Callable[[float], float]


def logistic(middle: float, spread: float) -> Chance:
    return lambda yuan: 0.0 if yuan <= 0 else 1.0 / (1.0 + (middle / yuan) ** (1.0 / spread))


def step(where: float) -> Chance:
    return lambda yuan: float(yuan >= where)


class Simulator:
    """Replications whose rows are met by known chances, one random number a row for all budgets."""

    def __init__(self, chances: Sequence[Chance], seed: int) -> None:
        self.chances = chances
        self.uniform = np.random.default_rng(seed).random((20_000, len(chances)))
        self.calls: list[dict[int, int]] = []

    def __call__(self, asked: Asked) -> tuple[Curves, Observed]:
        self.calls.append(dict(asked))
        without = self.uniform[: asked[NOTHING]] < [own(0.0) for own in self.chances]
        budgets = sorted(set(asked) - {NOTHING})
        size = max(asked[budget] for budget in budgets)
        met = np.zeros((size, len(budgets), len(self.chances)), dtype=bool)
        there = np.zeros((size, len(budgets)), dtype=bool)
        for column, budget in enumerate(budgets):
            n = asked[budget]
            chance = np.array([own(budget) for own in self.chances])
            met[:n, column] = self.uniform[:n] < chance
            there[:n, column] = True
        curves = Curves(np.array(budgets, dtype=np.int64), met, there, np.arange(size))
        return curves, Observed(without, np.arange(asked[NOTHING]))


def aim(
    cap: int = 4_000, tolerance: float = 0.1, seed: int = 1, first: int = 50, ends: int = 400
) -> Aim:
    return Aim(0.8, tolerance, first, ends, 20, cap, SCALE, seed)


def everywhere(budgets: Sequence[int], number: int) -> dict[int, int]:
    return dict.fromkeys([NOTHING, *budgets], number)


def judged(simulator: Simulator, asked: Asked, own: Aim) -> Found:
    return judge(*simulator(asked), own)


def test_roots_of_many_curves_are_found_together(seed: int) -> None:
    truths = [4e8 * 4**0.05, 1.777e9, 1.3e9 * 4**0.1, 0.7e9 * 4**0.2]
    chances = [logistic(4e8, 0.05), step(1.777e9), logistic(1.3e9, 0.1), logistic(0.7e9, 0.2)]
    trials, missed = 6, 0
    for trial in range(trials):
        simulator = Simulator(chances, seed + trial)
        found = search(simulator, GRID, aim(seed=seed + trial))
        low, high = found.aim.scale.yuan(found.root.low), found.aim.scale.yuan(found.root.high)
        missed += sum(not a <= truth <= b for a, truth, b in zip(low, truths, high, strict=True))
        assert found.precise[:3].all()
    n = trials * len(truths)
    assert missed <= 0.05 * n + 3.0 * np.sqrt(0.05 * 0.95 * n)


def test_curves_that_money_does_not_move_cost_nothing_more() -> None:
    simulator = Simulator([lambda yuan: 0.99, lambda yuan: 0.3], 1)
    found = search(simulator, GRID, aim())
    assert found.root.at.tolist() == [0.0, np.inf]
    assert len(simulator.calls) == 1


def test_more_money_that_does_harm_still_has_a_root() -> None:
    def bump(yuan: float) -> float:
        return logistic(1e9, 0.1)(yuan) * (1.0 if yuan < 8e9 else 0.5)

    found = search(Simulator([bump], 3), GRID, aim())
    budgets = found.curves.budgets
    assert BASE < budgets[found.last[0]] < 8e9
    truth = 1e9 * 4**0.1
    assert SCALE.yuan(found.root.low[0]) <= truth <= SCALE.yuan(found.root.high[0])


def test_the_cap_is_kept_and_a_larger_one_goes_on_from_there() -> None:
    chances = [logistic(8e8, 0.5), logistic(3e9, 0.3)]
    few, many = Simulator(chances, 5), Simulator(chances, 5)
    less = search(few, GRID, aim(cap=1_000))
    more = search(many, GRID, aim(cap=3_000))
    assert less.replications <= 1_000 < more.replications <= 3_000
    assert set(less.curves.budgets) <= set(more.curves.budgets)
    assert (more.root.high - more.root.low < less.root.high - less.root.low).all()


def test_the_same_question_takes_the_same_path() -> None:
    runs = []
    for _ in range(2):
        simulator = Simulator([logistic(8e8, 0.3), step(5e9)], 9)
        runs.append((search(simulator, GRID, aim()), simulator.calls))
    (first, path), (second, again) = runs
    assert path == again
    assert len(path) > 2
    for one, other in zip(first.root, second.root, strict=True):
        np.testing.assert_array_equal(one, other)


def test_neighbours_in_one_gap_share_the_new_budget() -> None:
    simulator = Simulator([step(1.5e9), step(1.51e9)], 1)
    asked = everywhere(GRID, 50)
    more = next_budgets(judged(simulator, asked, aim()), asked)
    assert list(more.values()) == [50]
    assert BASE < next(iter(more)) < 2 * BASE


def test_where_budgets_lie_close_replications_beside_the_crossing_are_doubled() -> None:
    budgets = [0, *range(900_000_000, 1_200_000_001, 25_000_000), 64 * BASE]
    asked = everywhere(budgets, 40)
    found = judged(Simulator([logistic(9e8, 0.15)], 2), asked, aim(tolerance=0.02))
    more = next_budgets(found, asked)
    assert set(more.values()) == {80}
    lower, upper = sorted(more)
    assert upper - lower == 25_000_000
    assert lower <= SCALE.yuan(found.root.at[0]) <= upper


def test_the_widest_interval_compared_with_what_was_asked_comes_first() -> None:
    # A flat curve beside a steep one: all that the steep one needs is a tenth as much.
    simulator = Simulator([logistic(1e9, 0.05), logistic(1e9, 0.6)], 4)
    found = search(simulator, GRID, aim(cap=2_000))
    steep, flat = found.root.at
    positions = SCALE.position(found.curves.budgets)

    def beside(at: float) -> int:
        right = int(np.searchsorted(positions, at))
        return int(found.curves.finished[[right - 1, right]].min())

    assert beside(float(flat)) >= 4 * beside(float(steep))
    assert found.excess[1] < 4 * found.excess[0]


def test_ends_get_more_replications_only_while_a_verdict_hangs_on_them() -> None:
    def nearly(yuan: float) -> float:
        return 0.8 * float(yuan > 2e9)

    clear, close = (Simulator([logistic(1e9, 0.1), own], 5) for own in (step(9e99), nearly))
    for simulator, most in ((clear, 50), (close, 400)):
        found = search(simulator, GRID, aim())
        calls = [call[GRID[-1]] for call in simulator.calls]
        assert calls[0] == 50
        assert max(calls) == most
        assert int(found.curves.finished[-1]) == most
        assert simulator.calls[-1][NOTHING] == 50  # nobody asks whether money is needed at all


@pytest.mark.parametrize("doubtful_first", [True, False])
def test_one_doubtful_row_is_enough_for_more_replications_without_money(
    doubtful_first: bool,
) -> None:
    """Just the level without any money, and surely above it with some: is money needed at all?
    The other row is clear, and it does not matter which of them stands last."""
    chances = [lambda yuan: 0.8 if yuan <= 0 else 0.99, step(9e99)]
    simulator = Simulator(chances if doubtful_first else chances[::-1], 5)
    search(simulator, GRID, aim())
    assert simulator.calls[0][NOTHING] == 50
    assert simulator.calls[-1][NOTHING] == 400


def test_rows_without_a_price_take_no_replications_from_those_with_one() -> None:
    # At the largest budget the second row is just at the level: no price, however long one looks.
    alone, beside = Simulator([logistic(1e9, 0.3)], 6), Simulator([logistic(1e9, 0.3)], 6)
    beside.chances = [*alone.chances, lambda yuan: 0.8 * float(yuan > 2e9)]
    beside.uniform = np.column_stack([alone.uniform, alone.uniform[::-1]])
    prices = [search(one, GRID, aim(cap=4_000)).root for one in (alone, beside)]
    assert prices[1].high[0] - prices[1].low[0] <= 1.05 * (prices[0].high[0] - prices[0].low[0])


def test_the_coarse_grid() -> None:
    assert GRID == [0, BASE // 4, BASE // 2, BASE, 2 * BASE, 4 * BASE, 64 * BASE]
    assert SCALE.unit == BASE / 4
    grid, scale = coarse_grid(0, 6400)
    assert grid == [0, 25, 50, 100, 200, 400, 6400]
    assert scale.unit == 25
    assert coarse_grid(1000, 1000)[0] == [0, 250, 500, 1000]


def test_new_budgets_are_round_and_in_between() -> None:
    scale = Scale(1.0)
    wished = float(scale.position(1_234_567))
    assert between(1_000_000, 1_500_000, wished, scale) == 1_240_000
    assert between(1_234_000, 1_234_999, wished, scale) == 1_234_567
    middle = between(1_000_000, 4_000_000, 0.0, scale)
    assert middle == 2_010_000  # the geometric middle, rounded upwards
    assert between(7, 8, 0.0, scale) is None
    assert [rounded(x) for x in (0, 999, 1000.5, 123_456)] == [0, 999, 1010, 124_000]


def test_targets_together_never_cost_less_than_the_dearest_of_them(seed: int) -> None:
    """On the same replications: their curve lies nowhere above any of theirs."""
    chances = [logistic(6e8, 0.2), logistic(1.2e9, 0.3), step(9e8)]
    simulator = Simulator(chances, seed)
    curves, nothing = simulator(everywhere(GRID, 120))
    met = np.dstack([curves.met, curves.met.all(axis=2)])
    joined = Observed(np.column_stack([nothing.met, nothing.met.all(axis=1)]), nothing.draws)
    found = judge(Curves(curves.budgets, met, curves.there, curves.draws), joined, aim())
    *alone, together = found.root.at.tolist()
    assert together > max(alone)
    assert np.isfinite(together)
