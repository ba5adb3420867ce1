"""Quantiles and means of the parameter distributions against scipy and numerical integration."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from sim.config.schema import Parameter, Run
from sim.plan.distribution import BlockQuantile, mean, mode, quantile
from tests.factory import parameter

GRID = np.r_[1e-12, 1e-6, np.linspace(0.001, 0.999, 401), 1.0 - 1e-6]

EXAMPLES: dict[str, dict[str, Any]] = {
    "fixed": {"kind": "fixed", "value": 3.5},
    "triangular": {"kind": "triangular", "low": 2.0, "mode": 3.0, "high": 7.0},
    "triangular, mode at low": {"kind": "triangular", "low": 2.0, "mode": 2.0, "high": 7.0},
    "triangular, mode at high": {"kind": "triangular", "low": -2.0, "mode": 7.0, "high": 7.0},
    "pert": {"kind": "pert", "low": 2.0, "mode": 3.0, "high": 7.0},
    "pert, mode at low": {"kind": "pert", "low": 0.0, "mode": 0.0, "high": 7.0},
    "uniform": {"kind": "uniform", "low": -1.0, "high": 4.0},
    "lognormal": {"kind": "lognormal", "median": 2.0, "sigma": 0.4},
    "beta": {"kind": "beta", "a": 2.0, "b": 5.0, "low": 10.0, "high": 20.0},
    "beta, flat ends": {"kind": "beta", "a": 0.7, "b": 1.3, "low": 0.0, "high": 1.0},
}


def make(**numbers: Any) -> Parameter:
    return Parameter.model_validate(parameter(**numbers))


def frozen(p: Parameter) -> Any:
    """The same distribution as scipy knows it."""
    low, high = p.low or 0.0, p.high or 0.0
    width = high - low
    match p.kind:
        case "triangular":
            assert p.mode is not None
            return stats.triang((p.mode - low) / width, low, width)
        case "pert":
            assert p.mode is not None
            a, b = 1 + 4 * (p.mode - low) / width, 1 + 4 * (high - p.mode) / width
            return stats.beta(a, b, low, width)
        case "uniform":
            return stats.uniform(low, width)
        case "lognormal":
            assert p.sigma is not None
            assert p.median is not None
            return stats.lognorm(p.sigma, scale=p.median)
        case "beta":
            assert p.a is not None
            assert p.b is not None
            return stats.beta(p.a, p.b, low, width)
    raise AssertionError(p.kind)


@pytest.mark.parametrize("name", [name for name in EXAMPLES if name != "fixed"])
def test_quantiles_are_scipys(name: str) -> None:
    p = make(**EXAMPLES[name])
    assert np.allclose(quantile(p, GRID), frozen(p).ppf(GRID), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", EXAMPLES)
def test_means_are_integrals_of_the_quantile_function(name: str) -> None:
    """E[X] is the integral of the quantile function over (0, 1), cut off close to its ends."""
    p = make(**EXAMPLES[name])
    integral, error = integrate.quad(lambda u: float(quantile(p, u)), 1e-13, 1.0 - 1e-13, limit=400)
    assert math.isclose(mean(p), integral, rel_tol=1e-6, abs_tol=error + 1e-9)


def test_a_fixed_parameter_is_what_it_is() -> None:
    p = make(kind="fixed", value=-4.25)
    assert quantile(p, GRID).tolist() == [-4.25] * len(GRID)
    assert mean(p) == mode(p) == -4.25


def test_modes() -> None:
    assert mode(make(**EXAMPLES["triangular"])) == 3.0
    assert mode(make(**EXAMPLES["pert"])) == 3.0
    # By definition of the project: median, middle and mean, where a mode would mislead.
    assert mode(make(**EXAMPLES["lognormal"])) == 2.0
    assert mode(make(**EXAMPLES["uniform"])) == 1.5
    assert mode(make(**EXAMPLES["beta"])) == pytest.approx(10.0 + 10.0 * 2.0 / 7.0)


def test_the_mean_of_pert_is_the_classical_one() -> None:
    assert mean(make(**EXAMPLES["pert"])) == pytest.approx((2.0 + 4.0 * 3.0 + 7.0) / 6.0)


# ------------------------------------------------------------------------------------- properties


numbers = st.floats(-1e6, 1e6)


@st.composite
def parameters(draw: st.DrawFn) -> Parameter:
    kind = draw(st.sampled_from(["fixed", "triangular", "pert", "uniform", "lognormal", "beta"]))
    integer = draw(st.booleans())
    if kind == "fixed":
        return make(kind=kind, value=draw(numbers), integer=integer)
    if kind == "lognormal":
        return make(
            kind=kind, median=draw(st.floats(1e-3, 1e6)), sigma=draw(st.floats(0.01, 2.0)),
            integer=integer,
        )  # fmt: skip
    low = draw(numbers)
    width = draw(st.floats(1e-3, 1e6))
    place = draw(st.floats(0.0, 1.0))
    ends = {"low": low, "high": low + width}
    if kind in ("triangular", "pert"):
        middle = min(max(low + place * width, low), low + width)
        return make(kind=kind, mode=middle, integer=integer, **ends)
    if kind == "beta":
        shapes = {"a": draw(st.floats(0.3, 20.0)), "b": draw(st.floats(0.3, 20.0))}
        return make(kind=kind, integer=integer, **ends, **shapes)
    return make(kind=kind, integer=integer, **ends)


@given(parameters(), st.lists(st.floats(1e-9, 1.0 - 1e-9), min_size=2, max_size=20))
def test_a_larger_probability_never_gives_a_smaller_value(p: Parameter, u: list[float]) -> None:
    values = quantile(p, np.sort(u))
    # Neighbouring probabilities may round the wrong way by a few units in the last place.
    slack = 1e-9 * max(1.0, float(np.abs(values).max()))
    assert (np.diff(values) >= -slack).all()
    if p.low is not None and p.high is not None:
        half = 0.5 if p.integer else 0.0
        assert values.min() >= p.low - half - slack
        assert values.max() <= p.high + half + slack
    if p.integer:
        assert (values == np.round(values)).all()


@given(parameters(), st.lists(st.floats(1e-9, 1.0 - 1e-9), min_size=1, max_size=6))
def test_the_shape_of_the_argument_is_kept(p: Parameter, u: list[float]) -> None:
    flat = quantile(p, np.array(u))
    assert quantile(p, np.array(u)[:, None]).tolist() == flat[:, None].tolist()
    assert float(quantile(p, u[0])) == flat[0]


@given(st.lists(st.tuples(parameters(), st.floats(1e-9, 1.0 - 1e-9)), min_size=1, max_size=30))
def test_the_block_gives_what_each_parameter_gives_alone(
    block: list[tuple[Parameter, float]],
) -> None:
    ps, u = [p for p, _ in block], np.array([u for _, u in block])
    alone = [float(quantile(p, np.array([x]))[0]) for p, x in zip(ps, u, strict=True)]
    assert BlockQuantile(ps)(u).tolist() == alone


def test_the_block_of_the_real_parameters(real_run: Run, seed: int) -> None:
    ps = [p for p in real_run.parameters.values() if p.varies == "draw"]
    u = np.random.default_rng(seed).random(len(ps))
    alone = [float(quantile(p, np.array([x]))[0]) for p, x in zip(ps, u, strict=True)]
    assert BlockQuantile(ps)(u).tolist() == alone


def test_integers_round_to_the_nearest() -> None:
    p = make(kind="uniform", low=0.0, high=10.0, integer=True)
    assert quantile(p, [0.04, 0.05, 0.149, 0.151, 0.999]).tolist() == [0.0, 1.0, 1.0, 2.0, 10.0]
