"""Exact splits and exact counts."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as budget_of
from hypothesis import strategies as st
from scipy import stats

from sim.model.kernel.exact import (
    BinomialQuantile,
    largest_remainder,
    largest_remainders,
    poisson_quantile,
)
from tests.tolerance import ALARM

amounts = st.integers(0, 10**13)
weights = st.lists(st.integers(0, 10**9), min_size=1, max_size=40).filter(any)


@st.composite
def splits(draw: st.DrawFn) -> tuple[int, list[int], list[float]]:
    given_weights = draw(weights)
    n = len(given_weights)
    ties = draw(st.lists(st.floats(0.0, 1.0), min_size=n, max_size=n, unique=True))
    return draw(amounts), given_weights, ties


# ----------------------------------------------------------------------------- largest remainders


@given(splits())
def test_a_split_loses_nothing_and_is_fair(split: tuple[int, list[int], list[float]]) -> None:
    total, by, ties = split
    parts = largest_remainder(total, by, ties)
    assert sum(parts) == total
    for part, weight in zip(parts, by, strict=True):
        exact = Fraction(total * weight, sum(by))
        assert exact - 1 < part < exact + 1
        assert weight > 0 or part == 0


@given(splits(), st.randoms(use_true_random=False))
def test_a_split_does_not_depend_on_the_order(
    split: tuple[int, list[int], list[float]], random: Random
) -> None:
    total, by, ties = split
    order = list(range(len(by)))
    random.shuffle(order)
    parts = largest_remainder(total, by, ties)
    shuffled = largest_remainder(total, [by[i] for i in order], [ties[i] for i in order])
    assert shuffled == [parts[i] for i in order]


@given(splits(), st.integers(1, 10**6))
def test_only_ratios_of_weights_matter(
    split: tuple[int, list[int], list[float]], factor: int
) -> None:
    total, by, ties = split
    assert largest_remainder(total, [factor * w for w in by], ties) == largest_remainder(
        total, by, ties
    )


def test_remainders_go_to_the_largest_and_then_by_the_drawn_number() -> None:
    # Exact shares 3.5, 2.1, 1.4: the first has the largest remainder.
    assert largest_remainder(7, [5, 3, 2], [0.1, 0.2, 0.3]) == [4, 2, 1]
    # Exact shares 1/3 each: the one unit goes to the smallest number.
    assert largest_remainder(1, [1, 1, 1], [0.7, 0.2, 0.9]) == [0, 1, 0]
    assert largest_remainder(2, [1, 1, 1], [0.7, 0.2, 0.9]) == [1, 1, 0]


def test_who_alone_has_a_weight_gets_all_of_it() -> None:
    assert largest_remainder(5, [0, 1], [0.1, 0.2]) == [0, 5]
    assert largest_remainder(1, [3, 0], [0.1, 0.2]) == [1, 0]
    assert largest_remainders([5, 1], np.array([[0, 1], [1, 0]]), [0.1, 0.2]) == [[0, 5], [1, 0]]


def test_nothing_can_be_split_by_nothing_but_something_cannot() -> None:
    assert largest_remainder(0, [0, 0], [0.1, 0.2]) == [0, 0]
    with pytest.raises(ValueError, match="weights are zero"):
        largest_remainder(1, [0, 0], [0.1, 0.2])


@st.composite
def several_splits(draw: st.DrawFn) -> tuple[list[int], list[list[int]], list[float]]:
    size = draw(st.integers(1, 12))
    rows = draw(st.integers(1, 6))
    # Few different weights make equal remainders, which only the ties can tell apart.
    weight = draw(st.sampled_from([st.integers(0, 3), st.integers(0, 10**9)]))
    table = [draw(st.lists(weight, min_size=size, max_size=size)) for _ in range(rows)]
    total = draw(st.sampled_from([st.integers(0, 20), st.integers(0, 10**18)]))
    totals = [draw(total) if any(row) else 0 for row in table]
    ties = draw(st.lists(st.floats(0.0, 1.0), min_size=size, max_size=size, unique=True))
    return totals, table, ties


@budget_of(max_examples=300)
@given(several_splits())
def test_splits_at_once_are_the_splits_one_by_one(
    splits: tuple[list[int], list[list[int]], list[float]],
) -> None:
    totals, table, ties = splits
    one_by_one = [largest_remainder(*split, ties) for split in zip(totals, table, strict=True)]
    assert largest_remainders(totals, np.array(table), ties) == one_by_one


def test_something_among_several_cannot_be_split_by_nothing() -> None:
    with pytest.raises(ValueError, match="weights are zero"):
        largest_remainders([5, 1], np.array([[1, 2], [0, 0]]), [0.1, 0.2])


# ------------------------------------------------------------------------------- binomial quantile


def assert_is_quantile(k: np.ndarray, u: np.ndarray, n: np.ndarray, p: np.ndarray) -> None:
    """``k`` is scipy's quantile wherever ``u`` is no step of the distribution function.

    Next to a step, within the rounding of both sums (1e-10 of the nearer tail), either will do.
    """
    exact = np.asarray(stats.binom.ppf(u, n, p))
    differs = k != exact
    low = np.minimum(k, exact)
    step = stats.binom.cdf(low, n, p)
    near = np.abs(step - u) <= 1e-10 * np.minimum(u, 1.0 - u) + 1e-13
    wrong = differs & ~(near & (np.abs(k - exact) <= 1))
    assert not wrong.any(), list(
        zip(u[wrong], n[wrong], p[wrong], k[wrong], exact[wrong], strict=True)
    )


@budget_of(max_examples=200)
@given(
    st.lists(
        st.tuples(
            st.floats(1e-12, 1.0 - 1e-12),
            st.one_of(st.integers(0, 60), st.integers(0, 50_000)),
            st.one_of(st.floats(0.0, 0.99), st.floats(1e-6, 0.02)),
        ),
        min_size=1,
        max_size=30,
    )
)
def test_binomial_quantile_is_scipys(elements: list[tuple[float, int, float]]) -> None:
    u, n, p = (np.array(column, dtype=float) for column in zip(*elements, strict=True))
    assert_is_quantile(np.asarray(BinomialQuantile(p)(u, n)), u, n, p)


def test_binomial_quantile_on_a_grid() -> None:
    """Every pair of the kind the model asks for, small and large means in one call."""
    u, n, p = (
        a.ravel()
        for a in np.meshgrid(
            np.r_[1e-9, np.linspace(0.003, 0.997, 61), 1.0 - 1e-9],
            np.array([0.0, 1, 2, 5, 17, 130, 925, 5_000, 40_000]),
            np.array([0.0, 1e-4, 0.006, 0.0095, 0.05, 0.3, 0.5, 0.9, 0.99]),
        )
    )
    assert_is_quantile(np.asarray(BinomialQuantile(p)(u, n)), u, n, p)


def test_an_element_does_not_depend_on_its_neighbours(seed: int) -> None:
    """One with a mass at zero that underflows sends the others nowhere else."""
    rng = np.random.default_rng(seed)
    u, n, p = rng.random(50), rng.integers(0, 200, 50).astype(float), rng.random(50) * 0.2
    alone = np.asarray(BinomialQuantile(p)(u, n))
    with_large = BinomialQuantile(np.r_[p, 0.5])(np.r_[u, 0.5], np.r_[n, 50_000.0])
    assert with_large[:-1].tolist() == alone.tolist()
    assert with_large[-1] == 25_000


def test_the_number_of_neighbours_changes_no_count(seed: int) -> None:
    """Few elements share one table, many take a second one for the larger of them."""
    rng = np.random.default_rng(seed)
    u, n, p = rng.random(600), rng.integers(0, 400, 600).astype(float), rng.random(600) * 0.2
    together = np.asarray(BinomialQuantile(p)(u, n))
    alone = [BinomialQuantile(p[i : i + 1])(u[i : i + 1], n[i : i + 1])[0] for i in range(600)]
    assert together.tolist() == alone


@pytest.mark.parametrize(("n", "p"), [(37, 0.02), (900, 0.01), (4_000, 0.3), (30_000, 0.09)])
def test_counts_from_uniforms_have_the_binomial_distribution(seed: int, n: int, p: float) -> None:
    u = np.random.default_rng(seed).random(20_000)
    size = len(u)
    k = np.asarray(BinomialQuantile(np.full(size, p))(u, np.full(size, float(n))))
    # Deciles as cells, so that every cell is well filled.
    edges = np.unique(stats.binom.ppf(np.linspace(0.1, 0.9, 9), n, p))
    observed = np.bincount(np.searchsorted(edges, k), minlength=len(edges) + 1)
    chances = np.diff(np.r_[0.0, stats.binom.cdf(edges, n, p), 1.0])
    assert stats.chisquare(observed, chances * size).pvalue >= ALARM


def test_a_larger_uniform_never_gives_a_smaller_count() -> None:
    u = np.linspace(1e-6, 1.0 - 1e-6, 2_000)
    for n, p in ((50.0, 0.1), (20_000.0, 0.4)):
        k = np.asarray(BinomialQuantile(np.full(2_000, p))(u, np.full(2_000, n)))
        assert (np.diff(k) >= 0).all()
        assert k.min() >= 0
        assert k.max() <= n


# ------------------------------------------------------------------------------- Poisson quantile


@budget_of(max_examples=200)
@given(
    st.lists(
        st.tuples(
            st.floats(1e-12, 1.0 - 1e-12),
            st.one_of(st.just(0.0), st.floats(1e-6, 20.0), st.floats(1e-6, 50_000.0)),
        ),
        min_size=1,
        max_size=30,
    )
)
def test_poisson_quantile_is_scipys(elements: list[tuple[float, float]]) -> None:
    u, mean = (np.array(column, dtype=float) for column in zip(*elements, strict=True))
    k, exact = np.asarray(poisson_quantile(u, mean)), np.maximum(stats.poisson.ppf(u, mean), 0.0)
    step = stats.poisson.cdf(np.minimum(k, exact), mean)
    near = np.abs(step - u) <= 1e-9 * np.minimum(u, 1.0 - u) + 1e-13
    assert ((k == exact) | (near & (np.abs(k - exact) <= 1))).all()


@pytest.mark.parametrize("mean", [0.3, 9.9, 10.1, 120.0, 3_000.0])
def test_poisson_counts_have_their_mean_and_distribution(seed: int, mean: float) -> None:
    u = np.random.default_rng(seed).random(20_000)
    k = np.asarray(poisson_quantile(u, np.full(len(u), mean)))
    edges = np.unique(stats.poisson.ppf(np.linspace(0.1, 0.9, 9), mean))
    observed = np.bincount(np.searchsorted(edges, k), minlength=len(edges) + 1)
    chances = np.diff(np.r_[0.0, stats.poisson.cdf(edges, mean), 1.0])
    assert stats.chisquare(observed, chances * len(u)).pvalue >= ALARM


@pytest.mark.parametrize("mean", [0.0, 0.5, 9.9, 10.1, 400.0])
def test_the_largest_uniform_there_is_gives_a_count_far_out_in_the_tail(mean: float) -> None:
    """Rounding keeps a sum of masses below it, or it would be looked for without end."""
    u, many = np.array([1.0 - 2.0**-53]), 1_000.0
    for count, distribution in (
        (poisson_quantile(u, np.array([mean])), stats.poisson(mean)),
        (
            BinomialQuantile(np.array([mean / many]))(u, np.array([many])),
            stats.binom(many, mean / many),
        ),
    ):
        if mean == 0.0:
            assert count.tolist() == [0.0]
        else:
            # Seven standard deviations, and far fewer than twice as many.
            assert distribution.sf(count[0]) < 1e-12 < distribution.sf(count[0] / 2.0)
