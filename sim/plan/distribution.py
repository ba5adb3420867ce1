"""Quantiles and means of the parameter distributions.

All draws go through the inverse distribution function of one uniform, so that common random numbers
stay common whatever the distribution.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import cast

import numpy as np
import numpy.typing as npt

from sim.config.schema import Parameter
from sim.lazy import special

Floats = npt.NDArray[np.float64]

PERT_SHAPE = 4.0  # weight of the mode in the classical PERT mean (low + 4 mode + high) / 6


def triangular_quantile(u: Floats, low: Floats, mode: Floats, high: Floats) -> Floats:
    """Inverse distribution function of the triangular distribution; arguments broadcast."""
    width = high - low
    rise = mode - low
    below = u * width < rise
    left = low + np.sqrt(u * width * rise)
    right = high - np.sqrt((1.0 - u) * width * (high - mode))
    return np.where(below, left, right)


def beta_quantile(u: Floats, a: Floats, b: Floats) -> Floats:
    """Inverse distribution function of the standard beta distribution."""
    return cast(Floats, special.betaincinv(a, b, u))


def pert_shapes(low: float, mode: float, high: float) -> tuple[float, float]:
    """Beta shape parameters (a, b) of the PERT distribution (Malcolm et al. 1959)."""
    width = high - low
    return 1.0 + PERT_SHAPE * (mode - low) / width, 1.0 + PERT_SHAPE * (high - mode) / width


def quantile(parameter: Parameter, u: npt.ArrayLike) -> Floats:
    """Values of ``parameter`` at probabilities ``u`` (any shape), in the parameter's unit."""
    p = np.asarray(u, dtype=np.float64)
    values = _quantile(parameter, p)
    return np.floor(values + 0.5) if parameter.integer else values


def _quantile(parameter: Parameter, u: Floats) -> Floats:
    kind = parameter.kind
    if kind == "fixed":
        return np.full(u.shape, _number(parameter.value))
    if kind == "lognormal":
        return _number(parameter.median) * np.exp(_number(parameter.sigma) * special.ndtri(u))
    low, high = _number(parameter.low), _number(parameter.high)
    if kind == "uniform":
        return low + u * (high - low)
    if kind == "triangular":
        mode = _number(parameter.mode)
        return triangular_quantile(u, np.float64(low), np.float64(mode), np.float64(high))  # type: ignore[arg-type]
    if kind == "pert":
        a, b = pert_shapes(low, _number(parameter.mode), high)
    else:
        a, b = _number(parameter.a), _number(parameter.b)
    return low + (high - low) * beta_quantile(u, np.float64(a), np.float64(b))  # type: ignore[arg-type]


def mean(parameter: Parameter) -> float:
    """Expected value of ``parameter`` (before rounding to integers), in its unit."""
    kind = parameter.kind
    if kind == "fixed":
        return _number(parameter.value)
    if kind == "lognormal":
        return _number(parameter.median) * math.exp(_number(parameter.sigma) ** 2 / 2.0)
    low, high = _number(parameter.low), _number(parameter.high)
    if kind == "uniform":
        return (low + high) / 2.0
    if kind == "triangular":
        return (low + _number(parameter.mode) + high) / 3.0
    if kind == "pert":
        return (low + PERT_SHAPE * _number(parameter.mode) + high) / (PERT_SHAPE + 2.0)
    a, b = _number(parameter.a), _number(parameter.b)
    return low + (high - low) * a / (a + b)


def mode(parameter: Parameter) -> float:
    """Most likely value of ``parameter``, in its unit (the median of a log-normal, the middle of a
    uniform, the mean of a beta distribution, where a mode would mislead).
    """
    if parameter.kind in ("triangular", "pert"):
        return _number(parameter.mode)
    if parameter.kind == "lognormal":
        return _number(parameter.median)
    return mean(parameter)


class BlockQuantile:
    """The quantiles of many parameters at once, grouped by kind: one array operation a kind."""

    def __init__(self, parameters: Sequence[Parameter]) -> None:
        self._size = len(parameters)
        self._fixed = np.zeros(self._size)
        self._integer = np.array([p.integer for p in parameters], dtype=bool)
        triangular, beta, others = [], [], []
        for i, p in enumerate(parameters):
            if p.kind == "fixed":
                self._fixed[i] = _number(p.value)
            elif p.kind == "triangular":
                triangular.append((i, p))
            elif p.kind in ("pert", "beta"):
                beta.append((i, p))
            else:
                others.append((i, p))
        self._triangular = np.array([i for i, _ in triangular], dtype=np.intp)
        self._low, self._mode, self._high = (
            np.array([_number(getattr(p, name)) for _, p in triangular])
            for name in ("low", "mode", "high")
        )
        self._beta = np.array([i for i, _ in beta], dtype=np.intp)
        shapes = [
            pert_shapes(_number(p.low), _number(p.mode), _number(p.high))
            if p.kind == "pert"
            else (_number(p.a), _number(p.b))
            for _, p in beta
        ]
        self._a = np.array([a for a, _ in shapes])
        self._b = np.array([b for _, b in shapes])
        self._beta_low = np.array([_number(p.low) for _, p in beta])
        self._beta_high = np.array([_number(p.high) for _, p in beta])
        self._others = others

    def __call__(self, u: Floats) -> Floats:
        """Values at probabilities ``u``, one for each parameter."""
        values = self._fixed.copy()
        i = self._triangular
        values[i] = triangular_quantile(u[i], self._low, self._mode, self._high)
        if len(self._beta):
            i = self._beta
            unit = beta_quantile(u[i], self._a, self._b)
            values[i] = self._beta_low + (self._beta_high - self._beta_low) * unit
        for j, p in self._others:
            values[j] = _quantile(p, u[j : j + 1])[0]
        return np.where(self._integer, np.floor(values + 0.5), values)


def _number(value: float | None) -> float:
    assert value is not None, "the schema guarantees the numbers of each kind"
    return value
