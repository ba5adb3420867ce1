"""Which uncertain numbers the answer hangs on: rank correlation of parameters with an outcome."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.config.schema import Parameter

if TYPE_CHECKING:
    import pandas as pd


def noise_threshold(draws: int, parameters: int, level: float = 0.05) -> float:
    """Absolute rank correlation that pure chance exceeds with probability ``level`` at all.

    Large-sample normal limit of Spearman's rho, standard error 1 / sqrt(n - 1), with Bonferroni's
    correction for looking at the largest of many parameters.
    """
    from scipy.stats import norm

    return float(norm.isf(level / (2.0 * parameters))) / math.sqrt(draws - 1)


def influence(
    draws: pd.DataFrame,
    outcome: npt.NDArray[np.float64],
    parameters: Mapping[str, Parameter],
) -> pd.DataFrame:
    """Spearman rank correlation of every drawn parameter with ``outcome``, strongest first.

    Args:
        draws: one row per draw, one column per parameter; constant ones are left out.
        outcome: one number per draw, for example how many targets are met, the mean of its
            replications.
        parameters: evidence of the parameters by name.

    Returns:
        columns parameter, label_zh, label_en, correlation, beyond_noise, grade, kind, low, high,
        unit, note.
    """
    import pandas as pd

    varying = [name for name in draws.columns if draws[name].nunique() > 1]
    ranks = draws[varying].rank().to_numpy()
    target = pd.Series(outcome).rank().to_numpy()
    ranks = ranks - ranks.mean(axis=0)
    target = target - target.mean()
    spread = np.sqrt((ranks**2).sum(axis=0) * (target**2).sum())
    correlation = (ranks * target[:, None]).sum(axis=0) / np.where(spread > 0.0, spread, np.inf)
    limit = noise_threshold(len(outcome), len(varying))
    rows = []
    for name, rho in zip(varying, correlation.tolist(), strict=True):
        p = parameters[name]
        rows.append(
            {
                "parameter": name,
                "label_zh": p.label.zh,
                "label_en": p.label.en,
                "correlation": rho,
                "beyond_noise": abs(rho) > limit,
                "grade": p.grade,
                "kind": p.kind,
                "low": p.low,
                "high": p.high,
                "unit": p.unit,
                "note": p.note,
            }
        )
    table = pd.DataFrame(rows)
    order = table["correlation"].abs().sort_values(ascending=False, kind="stable").index
    return table.loc[order].reset_index(drop=True)
