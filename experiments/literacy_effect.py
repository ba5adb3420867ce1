"""How much of the gain in literacy does money buy? ``python -m experiments.literacy_effect``.

Runs one scenario (``replications=400`` unless overridden) with its budget and without any, public
or social, on the same draws and streams. Writes literacy_effect.csv: the true gain at the deadline
with and without the budget, and their difference, which chance and the trend do not enter.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.analysis.intervals import Z_95
from sim.config.errors import ConfigError
from sim.config.schema import Run
from sim.config.validation import validate
from sim.hydra_bridge import compose
from sim.study.executor import execute
from sim.study.folder import config_hash
from sim.study.tables import Results
from sim.study.worker import Worker

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]

INDICATOR = "literacy_gain_true"
NOTHING = ("budget.public_total=0", "budget.social_total=0")


def main(overrides: Sequence[str]) -> int:
    """Answer the question for the scenario that ``overrides`` describe; return the exit code."""
    settings = ["replications=400", "record=city", *overrides]
    try:
        rich, poor = (validate(compose([*settings, *more])) for more in ((), NOTHING))
    except ConfigError as error:
        print(error, file=sys.stderr)
        return 2
    if INDICATOR not in Worker(rich).layout.city_indicators:
        print(f"no {INDICATOR}: the plan has no literacy, or record=targets", file=sys.stderr)
        return 2
    return _answer(rich, poor)


def _answer(rich: Run, poor: Run) -> int:
    with_money, without = execute(rich).results, execute(poor).results
    both, here, there = np.intersect1d(
        with_money.replications, without.replications, return_indices=True
    )
    if len(both) < 2:
        print("fewer than two replications finished under both budgets", file=sys.stderr)
        return 1
    table = effect(_gains(rich, with_money)[here], _gains(poor, without)[there])
    print(f"{len(both)} pairs of replications; gain in percentage points over 2015, true values")
    for row in table.itertuples():
        print(
            f"{row.quantity:<16} mean {row.mean:.2f} ({row.mean_low:.2f} to {row.mean_high:.2f}), "
            f"5-95 %: {row.p05:.2f} to {row.p95:.2f}, positive in {row.positive:.0%}"
        )
    folder = Path("outputs") / f"literacy_effect-{rich.scenario.name}-{config_hash(rich)[:8]}"
    folder.mkdir(parents=True, exist_ok=True)
    table.to_csv(folder / "literacy_effect.csv", index=False, encoding="utf-8-sig")
    print(folder / "literacy_effect.csv")
    return 1 if with_money.failures or without.failures else 0


def _gains(run: Run, results: Results) -> Floats:
    """True gain at the deadline by replication."""
    at = Worker(run).layout.city_indicators.index(INDICATOR)
    gains: Floats = results.city_series[:, -1, at]
    return gains


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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
