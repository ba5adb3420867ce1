"""How much of the gain in literacy does money buy? ``python -m experiments.literacy_effect``.

Runs one scenario (``replications=400`` unless overridden) with its budget and without any, public
or social, on the same draws and streams. Writes literacy_effect.csv: the true gain at the deadline
with and without the budget, and their difference, which chance and the trend do not enter.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from experiments.shared.inquiry import Answer, Inquiry, Unanswered, run_experiment
from sim.analysis.paired_effect import effect
from sim.config.errors import ConfigError
from sim.config.schema.study import StudySettings
from sim.report.words import Tongue, word
from sim.study.study import DesignPoint

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

INDICATOR = "literacy_gain_true"
NOTHING = ("budget.public_total=0", "budget.social_total=0")
DEFAULTS = ("replications=400", "record=city")


def main(overrides: Sequence[str]) -> int:
    """Answer the question for the scenario that ``overrides`` describe; return the exit code."""
    return run_experiment("literacy_effect", StudySettings, ask, overrides, defaults=DEFAULTS)


def ask(inquiry: Inquiry[StudySettings]) -> Answer:
    """Simulate pairs of histories and compare the true gain in literacy."""
    rich, poor = inquiry.point("with budget"), inquiry.point("without budget", *NOTHING)
    if INDICATOR not in inquiry.study.layout(rich).city_indicators:
        raise ConfigError(
            f"there is no {INDICATOR} to compare",
            key="record",
            value=rich.run.record,
            allowed="city or full, and a plan with literacy",
        )
    inquiry.simulate([rich, poor])
    (with_money, here), (without, there) = _gains(inquiry, rich), _gains(inquiry, poor)
    both, i, j = np.intersect1d(here, there, return_indices=True)
    draws = both // rich.run.replications_per_draw
    if len(np.unique(draws)) < 2:
        raise Unanswered("fewer than two draws of the parameters finished under both budgets")
    table = effect(with_money[i], without[j], draws)
    inquiry.show(
        f"{len(both)} pairs of replications; gain in percentage points over 2015, true values"
    )
    for row in table.itertuples():
        inquiry.show(
            f"{row.quantity:<16} mean {row.mean:.2f} ({row.mean_low:.2f} to {row.mean_high:.2f}), "
            f"5-95 %: {row.p05:.2f} to {row.p95:.2f}, positive in {row.positive:.0%}"
        )
    inquiry.write("literacy_effect", table)
    gain = table.iloc[-1]
    return Answer(
        zh=effect_text(gain["mean"], gain.mean_low, gain.mean_high, "zh"),
        en=effect_text(gain["mean"], gain.mean_low, gain.mean_high, "en"),
        figures={
            "gain": float(gain["mean"]),
            "low": float(gain.mean_low),
            "high": float(gain.mean_high),
            "pairs": len(both),
        },
    )


def effect_text(gain: float, low: float, high: float, tongue: Tongue) -> str:
    """What money adds to the gain in literacy, in percentage points, if anything for sure."""
    key = "literacy_effect.answer" if low > 0.0 or high < 0.0 else "literacy_effect.answer_none"
    return word(key, tongue).format(gain=f"{gain:.2f}", low=f"{low:.2f}", high=f"{high:.2f}")


def _gains(inquiry: Inquiry[StudySettings], point: DesignPoint) -> tuple[Floats, Integers]:
    """True gain at the deadline, and the numbers of the replications that it belongs to."""
    study = inquiry.study
    results = study.everything(point, study.used(point))
    at = study.layout(point).city_indicators.index(INDICATOR)
    return results.city_series[:, -1, at], results.replications


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
