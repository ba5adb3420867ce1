"""Which uncertain numbers the answer hangs on: rank correlation of parameters with an outcome."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import numpy.typing as npt

from sim.answer.finding import Unit
from sim.config.schema import Parameter
from sim.lazy import pd, stats

OfParameter = Annotated[float, Unit("unit of the parameter")]


@dataclass(frozen=True)
class Ranked:
    """A parameter, its rank correlation with the outcome, and the evidence for it.

    Attributes:
        beyond_noise: whether chance alone would hardly give as much, see :func:`noise_threshold`.
        low, high: of its distribution; None where it has none.
    """

    parameter: str
    label_zh: str
    label_en: str
    correlation: Annotated[float, Unit("rank correlation, -1 to 1")]
    beyond_noise: bool
    grade: str
    kind: str
    low: OfParameter | None
    high: OfParameter | None
    unit: str
    note: str


def noise_threshold(draws: int, parameters: int, level: float = 0.05) -> float:
    """Absolute rank correlation that pure chance exceeds with probability ``level`` at all.

    Large-sample normal limit of Spearman's rho, standard error 1 / sqrt(n - 1), with Bonferroni's
    correction for looking at the largest of many parameters.
    """
    return float(stats.norm.isf(level / (2.0 * parameters))) / math.sqrt(draws - 1)


def ranked(
    draws: pd.DataFrame,
    outcome: npt.NDArray[np.float64],
    parameters: Mapping[str, Parameter],
) -> list[Ranked]:
    """Spearman rank correlation of every drawn parameter with ``outcome``, strongest first.

    Args:
        draws: one row per draw, one column per parameter; constant ones are left out.
        outcome: one number per draw, for example how many targets are met, the mean of its
            replications.
        parameters: evidence of the parameters by name.
    """
    varying = [name for name in draws.columns if draws[name].nunique() > 1]
    ranks = draws[varying].rank().to_numpy()
    target = pd.Series(outcome).rank().to_numpy()
    ranks = ranks - ranks.mean(axis=0)
    target = target - target.mean()
    spread = np.sqrt((ranks**2).sum(axis=0) * (target**2).sum())
    correlation = (ranks * target[:, None]).sum(axis=0) / np.where(spread > 0.0, spread, np.inf)
    limit = noise_threshold(len(outcome), len(varying))
    found = [
        _ranked(name, parameters[name], rho, limit)
        for name, rho in zip(varying, correlation.tolist(), strict=True)
    ]
    return sorted(found, key=lambda one: -abs(one.correlation))


def _ranked(name: str, parameter: Parameter, correlation: float, limit: float) -> Ranked:
    return Ranked(
        parameter=name,
        label_zh=parameter.label.zh,
        label_en=parameter.label.en,
        correlation=correlation,
        beyond_noise=abs(correlation) > limit,
        grade=parameter.grade,
        kind=parameter.kind,
        low=parameter.low,
        high=parameter.high,
        unit=parameter.unit,
        note=parameter.note,
    )
