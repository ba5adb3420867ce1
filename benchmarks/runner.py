"""What the runner of studies costs beside the simulation itself: chunks, files, resuming.

Compared is the time on the wall, times the workers, with the seconds that the workers spent on
their chunks: both from the same run, so that a busy machine slows both alike. Workers are started
before the clock is, except in the full bench, which is long enough to bear it.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.config.schema import Run
from sim.study.executor import Done, Workforce
from sim.study.study import DesignPoint, Study

Row = tuple[str, str, str, bool | None]

WORKERS = 2
BUDGETS = (0.5, 0.75, 1.0, 1.25, 1.5)
"""Of the sweep, in public budgets of the baseline."""

SMALL = (200, 40)
FULL = (400, 400)
"""Replications of the one point, and of each of the five; ``--full`` takes the latter."""

_WARM_UP = 16  # replications that start the workers


class Timed(Workforce):
    """A workforce that keeps the time: the ``seconds`` that workers spent on chunks."""

    def __init__(self, execution: Run) -> None:
        super().__init__(execution)
        self.seconds = 0.0

    def simulate(self, runs: Sequence[Run], left: Mapping[int, Sequence[range]]) -> Iterator[Done]:
        """The chunks of the workforce."""
        for done in super().simulate(runs, left):
            self.seconds += done.seconds
            yield done


@dataclass(frozen=True)
class Timing:
    """Seconds from opening a study to its answer, and those that its workers spent on chunks."""

    wall: float
    work: float

    def __add__(self, other: Timing) -> Timing:
        return Timing(self.wall + other.wall, self.work + other.work)

    @property
    def overhead(self) -> float:
        """Time of all workers for each second of simulation."""
        return WORKERS * self.wall / self.work


def rows(baseline: Run, *, full: bool) -> list[Row]:
    """Overhead at one point and of a resumed sweep; time to answer a finished study again."""
    one, each = FULL if full else SMALL
    run = baseline.model_copy(update={"workers": WORKERS, "record": "city"})
    sweep = [DesignPoint(f"{factor}", _with_money(run, factor)) for factor in BUDGETS]
    with tempfile.TemporaryDirectory() as folder:
        single = _timed(Path(folder) / "one", run, [DesignPoint("one", run)], one, warm=not full)
        parts = [
            _timed(Path(folder) / "sweep", run, sweep, replications, warm=not full)
            for replications in (each // 2, each)
        ]
        again = _timed(Path(folder) / "sweep", run, sweep, each, warm=False)
    assert again.work == 0.0, "a finished study was simulated again"
    swept = parts[0] + parts[1]
    how = "cold" if full else "warm"
    return [
        (f"study of {one}, {WORKERS} {how} workers", f"{single.wall:.1f} s", "", None),
        ("  time x workers / simulation", f"{single.overhead:.3f}", "<= 1.05",
         single.overhead <= 1.05),
        (f"{len(sweep)} budgets x {each}, resumed half way", f"{swept.wall:.1f} s", "", None),
        ("  time x workers / simulation", f"{swept.overhead:.3f}", "<= 1.1",
         swept.overhead <= 1.1),
        ("  the finished study answered again", f"{again.wall:.2f} s", "< 2 s", again.wall < 2.0),
    ]  # fmt: skip


def _with_money(run: Run, factor: float) -> Run:
    money = {"public_total": round(factor * run.budget.public_total)}
    return run.model_copy(update={"budget": run.budget.model_copy(update=money)})


def _timed(
    folder: Path, run: Run, points: Sequence[DesignPoint], replications: int, *, warm: bool
) -> Timing:
    workforce = Timed(run)
    if warm:
        for _ in workforce.simulate([run], {0: [range(_WARM_UP)]}):
            pass
        workforce.seconds = 0.0
    started = time.perf_counter()
    with Study(folder, "bench", {}, run, workforce=workforce) as study:
        study.simulate(points, replications)
        study.finish({})
        wall = time.perf_counter() - started
    return Timing(wall, workforce.seconds)
