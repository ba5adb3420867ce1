"""What a run brings home, for benchmarks that look at its results."""

from __future__ import annotations

import tempfile
from pathlib import Path

from sim.config.schema import Run
from sim.study.chunk_folder import ChunkFolder
from sim.study.executor import execute
from sim.study.identity import own_environment_hash, point_hash
from sim.study.tables import Results
from sim.study.worker import Worker


def simulated(run: Run) -> Results:
    """All replications of a run, but for delays, series and the ledger of money."""
    with tempfile.TemporaryDirectory() as folder:
        chunks = ChunkFolder(Path(folder), point_hash(run), own_environment_hash())
        execute(run, chunks)
        return chunks.read(Worker(run).layout, run.replications, delays=False)
