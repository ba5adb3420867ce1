"""``python -m benchmarks.parent RECORD REPLICATIONS``: what a whole command costs its own process.

A run of 100 000 replications takes hours; what the parent does with them does not depend on who has
simulated them. So a few replications are simulated, and a workforce that stands for the real one
brings them home again and again under other numbers, as chunks like those of the real plan and in
another order than that of their numbers. Everything after that is the job itself: chunks on disk,
tables, analysis, what is printed, charts. Encoding the chunks, which is the workers' part, is done
here too and is in both figures.

Prints as JSON: peak memory in MB, processor seconds of the job, and milliseconds of processor time
a replication for the model and for turning its outcome into columns with their digest.
"""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np

from benchmarks.footprint import peak_megabytes
from sim.config.schema import Run
from sim.config.validation import validate
from sim.edge import compose
from sim.job import run_job
from sim.study.chunk import ChunkId, encode
from sim.study.executor import Chunk, Done
from sim.study.identity import own_environment_hash
from sim.study.tables import Results
from sim.study.worker import Worker, spare_the_collector

Row = tuple[str, str, str, bool | None]
Measured = Mapping[str, float]

CHUNK = 20
"""Replications that are simulated, and of a chunk: about what three seconds give."""

FIRST = 200
SIZES = (1000, 3000)
FULL = {"city": (3000, 10_000), "targets": (10_000, 100_000)}
"""Replications that are compared with ``FIRST``, all of them whole chunks; or with ``--full``."""

_GROWTH = 100.0  # MB over the run of FIRST, whatever the size
_WAY = 0.1  # of a replication may go from its outcome to the files


class Replay:
    """A workforce that has simulated one chunk and brings it home under all numbers asked for."""

    def __init__(self, worker: Worker, results: Results) -> None:
        self._worker = worker
        self._results = results

    def __enter__(self) -> Replay:
        return self

    def __exit__(self, *_: object) -> None:
        """There is nobody to dismiss."""

    def simulate(self, runs: Sequence[Run], left: Mapping[int, Sequence[range]]) -> Iterator[Done]:
        """Chunks of the one run, every two of them in the wrong order."""
        (part,) = left[0]
        for first in sorted(part[::CHUNK], key=lambda first: (first // (2 * CHUNK), -first)):
            yield Done(Chunk(0, first, first + CHUNK), self._chunk(first), 0.0)

    def _chunk(self, first: int) -> bytes:
        last = first + CHUNK
        results = replace(self._results, replications=np.arange(first, last))
        own = ChunkId(self._worker.point, first, last, own_environment_hash())
        return encode(results, own)


def main(arguments: Sequence[str]) -> None:
    """Measure one run, and print the figures."""
    record, replications = arguments
    given = [f"record={record}", f"replications={replications}", "language=en", "store=null"]
    run = validate(compose(given))
    worker = Worker(run)
    worker.chunk(range(1))
    spare_the_collector()
    started = time.process_time()
    outcomes = [(number, worker.replicate(number)) for number in range(CHUNK)]
    simulated = time.process_time()
    results = Results.of(worker.layout, outcomes, [])
    stacked = time.process_time()
    del outcomes
    with (
        tempfile.TemporaryDirectory() as folder,
        patch("sim.study.executor.Workforce", lambda _: Replay(worker, results)),
        contextlib.redirect_stdout(io.StringIO()),
    ):
        run_job(run, Path(folder) / "run", [])
    figures = {
        "peak": peak_megabytes(),
        "job": time.process_time() - stacked,
        "model": 1e3 * (simulated - started) / CHUNK,
        "columns": 1e3 * (stacked - simulated) / CHUNK,
    }
    print(json.dumps(figures))


def rows(*, full: bool) -> list[Row]:
    """Memory by number of replications; processor time of the way from an outcome to the files."""
    return [row for record in FULL for row in _rows(record, FULL[record] if full else SIZES)]


def _rows(record: str, sizes: Sequence[int]) -> list[Row]:
    first, *others = (_measured(record, size) for size in (FIRST, *sizes))
    found: list[Row] = [
        (f"record={record}, memory of {FIRST}", f"{first['peak']:.0f} MB", "", None)
    ]
    for size, other in zip(sizes, others, strict=True):
        growth = other["peak"] - first["peak"]
        each = 1000.0 * growth / (size - FIRST)
        said = f"{growth:+.0f} MB, {each:.1f} per 1 000"
        found.append((f"  of {size:,}", said, f"< +{_GROWTH:.0f} MB", growth < _GROWTH))
    last, size = others[-1], sizes[-1]
    files = last["columns"] + 1e3 * (last["job"] - first["job"]) / (size - FIRST)
    share = files / last["model"]
    return [
        *found,
        ("  processor time of a replication", f"{last['model']:.0f} ms", "", None),
        ("  from its outcome to the files", f"{files:.1f} ms", "", None),
        ("  files / replication", f"{share:.3f}", f"<= {_WAY:.1f}", share <= _WAY),
    ]


def _measured(record: str, replications: int) -> Measured:
    command = [sys.executable, "-m", "benchmarks.parent", record, str(replications)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    figures: Measured = json.loads(done.stdout)
    return figures


if __name__ == "__main__":
    main(sys.argv[1:])
