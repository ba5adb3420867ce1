"""Two histories of the same world, with something and without it: what it adds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.analysis.differences import Means

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


def effect(with_budget: Floats, without: Floats, draws: Integers) -> pd.DataFrame:
    """Gains and their difference, pair by pair, with 95 % intervals of the means.

    The intervals are simulation error alone, see :class:`sim.analysis.differences.Means`; what
    nobody knows is between the percentiles. ``draws`` are the parameter draws of the pairs.

    Raises ValueError for fewer than two draws.
    """
    import pandas as pd

    rows = []
    for quantity, values in (
        ("with budget", with_budget),
        ("without budget", without),
        ("difference", with_budget - without),
    ):
        means = Means.of(values[:, None], draws)
        low_end, high_end = means.interval()
        low, middle, high = np.quantile(values, (0.05, 0.5, 0.95)).tolist()
        rows.append(
            {
                "quantity": quantity,
                "pairs": len(values),
                "mean": float(means.mean[0]),
                "mean_low": float(low_end[0]),
                "mean_high": float(high_end[0]),
                "p05": low,
                "p50": middle,
                "p95": high,
                "positive": float((values > 0.0).mean()),
            }
        )
    return pd.DataFrame(rows)
