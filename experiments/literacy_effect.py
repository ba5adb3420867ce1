"""How much of the gain in literacy does money buy? ``python -m experiments.literacy_effect``.

Runs one scenario (``replications=400`` unless overridden) with its budget and without any, public
or social, on the same draws and streams. Writes literacy_effect.csv: the true gain at the deadline
with and without the budget, and their difference, which chance and the trend do not enter.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from experiments.command import DONE, FAILED, WRONG_INPUT, run_command, study_folder
from sim.analysis.intervals import Z_95
from sim.config.schema import Run
from sim.config.validation import validate
from sim.hydra_bridge import compose
from sim.study.folder import config_hash
from sim.study.study import DesignPoint, Study
from sim.study.tables import Results
from sim.study.worker import Worker

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]

INDICATOR = "literacy_gain_true"
NOTHING = ("budget.public_total=0", "budget.social_total=0")


def main(overrides: Sequence[str]) -> int:
    """Answer the question for the scenario that ``overrides`` describe; return the exit code."""
    return run_command(_study, overrides)


def _study(overrides: Sequence[str], fresh: bool) -> int:
    settings = ["replications=400", "record=city", *overrides]
    rich, poor = (validate(compose([*settings, *more])) for more in ((), NOTHING))
    if INDICATOR not in Worker(rich).layout.city_indicators:
        print(f"no {INDICATOR}: the plan has no literacy, or record=targets", file=sys.stderr)
        return WRONG_INPUT
    question = {"with": config_hash(rich), "without": config_hash(poor)}
    folder = study_folder("literacy_effect", rich)
    with Study(folder, "literacy_effect", question, rich, fresh=fresh) as study:
        return _answer(rich, poor, study)


def _answer(rich: Run, poor: Run, study: Study) -> int:
    points = [DesignPoint("with budget", rich), DesignPoint("without budget", poor, NOTHING)]
    study.simulate(points, rich.replications)
    with_money, without = (study.everything(point, rich.replications) for point in points)
    both, here, there = np.intersect1d(
        with_money.replications, without.replications, return_indices=True
    )
    if len(both) < 2:
        print("fewer than two replications finished under both budgets", file=sys.stderr)
        return FAILED
    table = effect(_gains(rich, with_money)[here], _gains(poor, without)[there])
    print(f"{len(both)} pairs of replications; gain in percentage points over 2015, true values")
    for row in table.itertuples():
        print(
            f"{row.quantity:<16} mean {row.mean:.2f} ({row.mean_low:.2f} to {row.mean_high:.2f}), "
            f"5-95 %: {row.p05:.2f} to {row.p95:.2f}, positive in {row.positive:.0%}"
        )
    study.write_table(
        "literacy_effect", list(table.columns), table.itertuples(index=False, name=None)
    )
    gain = table.iloc[-1]
    study.finish(
        {
            "zh": f"经费使科学素质多提高{gain['mean']:.2f}个百分点"
            f"（{gain.mean_low:.2f}至{gain.mean_high:.2f}）。",
            "en": f"Money adds {gain['mean']:.2f} percentage points to the gain in literacy "
            f"({gain.mean_low:.2f} to {gain.mean_high:.2f}).",
        }
    )
    print(study.folder / "literacy_effect.csv")
    return FAILED if with_money.failures or without.failures else DONE


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
