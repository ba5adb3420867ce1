"""``python -m benchmarks.variance``: what the common random numbers are worth.

The difference in the number of targets met between two budgets, 1.0 and 1.1 times the baseline's
public money, once with the same streams and draws under both, once with independent seeds.
"""

from __future__ import annotations

import sys

import numpy as np
import numpy.typing as npt

from benchmarks.results import simulated
from sim.config.validation import validate
from sim.edge import compose
from sim.study.worker import Worker

REPLICATIONS = 400
_OTHER_SEED = 1_000_003


def targets_met(money: int, seed: int) -> npt.NDArray[np.float64]:
    """Number of the plan's modelled targets met, by replication."""
    run = validate(
        compose(
            [
                f"budget.public_total={money}",
                f"seed={seed}",
                f"replications={REPLICATIONS}",
                "record=targets",
            ]
        )
    )
    rows = Worker(run).layout.rows
    counted = [row.counts and row.spec.kind == "plan" for row in rows]
    met: npt.NDArray[np.float64] = simulated(run).attained[:, counted].sum(axis=1)
    return met.astype(np.float64)


def main() -> int:
    """Print both variances and their ratio."""
    base = validate(compose([]))
    money = base.budget.public_total
    usual = targets_met(money, base.seed)
    common = targets_met(round(1.1 * money), base.seed) - usual
    independent = targets_met(round(1.1 * money), _OTHER_SEED) - usual
    print(f"{REPLICATIONS} replications, targets met at 1.1 minus at 1.0 times the public money")
    for name, difference in (("common random numbers", common), ("independent seeds", independent)):
        mean, variance = difference.mean(), difference.var(ddof=1)
        print(f"{name:22} mean {mean:+.3f}, variance {variance:.3f}")
    print(f"variance ratio {independent.var(ddof=1) / common.var(ddof=1):.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
