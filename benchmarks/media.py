"""What brief, deck and workbook of a run cost beside its pictures, in seconds of one processor."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sim import report
from sim.config.schema import Run
from sim.config.schema.run import Medium
from sim.words import speeches

_REPEATS = 3
_TOGETHER = 1.0
"""Brief, deck and workbook together take at most as long as the pictures alone."""


def rows(run: Run) -> list[tuple[str, str, str, bool | None]]:
    """Medians of media made in turn from the folder of the default run, in one language."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary, "run")
        asked = [f"replications={run.replications}", "store=null", "language=en"]
        command = [sys.executable, "-m", "sim", *asked, f"hydra.run.dir={folder}"]
        subprocess.run(command, check=True, capture_output=True)
        media: tuple[Medium, ...] = ("pictures", "brief", "deck", "workbook")
        spent: dict[str, list[float]] = {medium: [] for medium in media}
        for _ in range(_REPEATS):
            for medium in media:
                spent[medium].append(
                    _seconds(lambda one=medium: report.write(folder, [one], speeches("en")))  # type: ignore[misc]
                )
    middle = {medium: sorted(seconds)[_REPEATS // 2] for medium, seconds in spent.items()}
    ratio = sum(middle[medium] for medium in media[1:]) / middle["pictures"]
    return [
        *(
            (f"{medium} of a run", f"{seconds:.2f} s", "", None)
            for medium, seconds in middle.items()
        ),
        (
            "  brief, deck and workbook / pictures",
            f"{ratio:.2f}",
            f"<= {_TOGETHER:.1f}",
            ratio <= _TOGETHER,
        ),
    ]


def _seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started
