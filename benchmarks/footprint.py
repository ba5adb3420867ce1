"""``python -m benchmarks.footprint < RUN``: the memory of a worker, in a process of its own.

``RUN`` is a pickled :class:`~sim.config.schema.Run`. Prints the peak resident memory and what the
second half of the replications added to it, in MB.
"""

from __future__ import annotations

import pickle
import resource
import sys
from pathlib import Path

from sim.study import worker

REPLICATIONS = 100
_CHUNK = 25
_STATUS = Path("/proc/self/status")


def peak_megabytes() -> float:
    """Peak resident memory of this process.

    Where the kernel tells it, its own figure: what ``getrusage`` says of a child starts at the size
    of the process that started it.
    """
    if _STATUS.exists():
        (line,) = (row for row in _STATUS.read_text().splitlines() if row.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024.0
    unit = 1024.0**2 if sys.platform == "darwin" else 1024.0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def main() -> None:
    """Work as the process of a pool does, and print the two figures."""
    run = pickle.load(sys.stdin.buffer)
    half = 0.0
    for first in range(0, REPLICATIONS, _CHUNK):
        if first == REPLICATIONS // 2:
            half = peak_megabytes()
        worker.work(run, first, first + _CHUNK)
    peak = peak_megabytes()
    print(peak, peak - half)


if __name__ == "__main__":
    main()
