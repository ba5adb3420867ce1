"""What it costs to compare two scenarios once their replications are there."""

from __future__ import annotations

import dataclasses
import time

import numpy as np

from experiments.compare_scenarios.findings import Sample, compare, rows_with_values
from sim.answer.found import FrameFound
from sim.config.schema import Run
from sim.study.tables import Results, Tables
from sim.study.worker import Worker

Row = tuple[str, str, str, bool | None]

REPLICATIONS = 1000
_SIMULATED = 20  # and then repeated: a comparison takes the same time whatever the numbers


def rows(baseline: Run, *, full: bool) -> list[Row]:
    """Seconds from the results of two scenarios of 1 000 replications to the table of answers."""
    poorer = baseline.budget.model_copy(
        update={"public_total": round(0.7 * baseline.budget.public_total)}
    )
    runs = [baseline, baseline.model_copy(update={"budget": poorer})]
    tables = [_tables(run) for run in runs]
    config = baseline.model_dump(mode="json")
    started = time.perf_counter()
    frames = [table.targets().to_pandas() for table in tables]
    founds = [FrameFound(frame) for frame in frames]
    answer = rows_with_values(config, founds[0].rows)
    reference, other = (Sample.of(found, answer) for found in founds)
    names = "reference", "other"
    compare(names, (reference, other), answer, paired=True, asked=REPLICATIONS)
    seconds = time.perf_counter() - started
    return [(f"comparing two runs of {REPLICATIONS:,}", f"{seconds:.2f} s", "< 2 s", seconds < 2.0)]


def _tables(run: Run) -> Tables:
    worker = Worker(run)
    own = worker.chunk(range(_SIMULATED))
    copies = [
        dataclasses.replace(own, replications=np.arange(first, first + _SIMULATED))
        for first in range(0, REPLICATIONS, _SIMULATED)
    ]
    results = Results.join(worker.layout, copies)
    start, per_draw = run.plan.start, run.replications_per_draw
    return Tables("bench", worker.layout, results, start, per_draw)
