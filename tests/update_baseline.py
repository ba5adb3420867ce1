"""Write tests/baseline.yaml anew: what the default run says, in numbers that people can read.

Run ``python -m tests.update_baseline`` after a change that is meant to change results, look at the
difference, and commit it together with the change.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import yaml

from sim.study.worker import Worker
from tests.factory import baseline_run

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "tests" / "baseline.yaml"
REPLICATIONS = 8
SEED = 2016

HEADER = """\
# What the default run says: seed 2016, replications 0 to 7. Written by tests/update_baseline.py, to
# be changed by it alone, after a change that is meant to change results.
"""


def numbers() -> dict[str, Any]:
    """Medians at the deadline by target and reading, and what else sums up a run."""
    run = baseline_run(seed=SEED, replications=REPLICATIONS, backend="serial", workers=1)
    worker = Worker(run)
    results = worker.chunk(range(REPLICATIONS))
    assert not results.failures, results.failures[0].traceback
    names = [row.indicator for row in worker.layout.rows]
    counts = [row.counts and row.spec.kind == "plan" for row in worker.layout.rows]
    yuan: dict[str, int] = {}
    for _, _, _, payee, amount, _ in results.ledger.rows():
        kind = payee.partition(":")[0]
        if kind in ("contractors", "running_costs", "staff_pay", "returned"):
            yuan[kind] = yuan.get(kind, 0) + amount
    medians = np.median(results.values, axis=0)
    return {
        "median": {name: float(m) for name, m in zip(names, medians, strict=True)},
        "attained": {
            name: int(n) for name, n in zip(names, results.attained.sum(axis=0), strict=True)
        },
        "targets_met": [int(n) for n in results.attained[:, counts].sum(axis=1)],
        "yuan_paid": dict(sorted(yuan.items())),
        "events": int(results.events.sum()),
    }


def main() -> None:
    """Write the file."""
    FILE.write_text(HEADER + yaml.safe_dump(numbers(), sort_keys=False), encoding="utf-8")
    print(f"{FILE} written: look at the difference before you commit it")


if __name__ == "__main__":
    main()
