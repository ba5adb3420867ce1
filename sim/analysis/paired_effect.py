"""Two histories of the same world, with something and without it: what it adds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.analysis.intervals import Z_95

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]


def effect(with_budget: Floats, without: Floats) -> pd.DataFrame:
    """Gains and their difference, pair by pair, with 95 % intervals of the means.

    The intervals are simulation error alone; what nobody knows is between the percentiles.
    """
    import pandas as pd

    rows = []
    for quantity, values in (
        ("with budget", with_budget),
        ("without budget", without),
        ("difference", with_budget - without),
    ):
        mean = float(values.mean())
        half = Z_95 * float(values.std(ddof=1)) / float(np.sqrt(len(values)))
        low, middle, high = np.quantile(values, (0.05, 0.5, 0.95)).tolist()
        rows.append(
            {
                "quantity": quantity,
                "pairs": len(values),
                "mean": mean,
                "mean_low": mean - half,
                "mean_high": mean + half,
                "p05": low,
                "p50": middle,
                "p95": high,
                "positive": float((values > 0.0).mean()),
            }
        )
    return pd.DataFrame(rows)
