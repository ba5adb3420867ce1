"""``python -m benchmarks.update_expected``: expect today's event counts and result hash."""

from __future__ import annotations

import yaml

from benchmarks.__main__ import EXPECTED, baseline
from benchmarks.replication import REPLICATIONS, events_of, facilities_and_staff
from benchmarks.results import simulated
from sim.study.identity import machine


def main() -> None:
    """Run the default study and write what it gave."""
    results = simulated(baseline())
    content = {
        "events": int(results.events[:REPLICATIONS].sum()),
        "part_events": events_of(facilities_and_staff(baseline())),
        "study_events": int(results.events.sum()),
        # Last bits depend on it: on processors of another type the hash is another one.
        "result_hash": {machine()[-1]: results.result_hash},
    }
    EXPECTED.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")


if __name__ == "__main__":
    main()
