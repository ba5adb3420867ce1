"""What it takes to be told again what a finished study has found."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence

from sim.config.schema import Run

Row = tuple[str, str, str, bool | None]

FULL: Sequence[str] = ()
SMALL = ("replications=40", "study.factors=[0.5,1,2]")
"""Unless ``full``: most of the time goes into charts."""


def rows(baseline: Run, *, full: bool) -> list[Row]:
    """Time of a whole command, a process of its own, that finds its study finished."""
    with tempfile.TemporaryDirectory() as folder:
        where = (f"study.folder={folder}/sweep", "store=null")
        command = ["-m", "experiments.budget_sweep", *where, *(FULL if full else SMALL)]
        _seconds(command)
        again = _seconds(command)
    return [("python -m experiments.budget_sweep again", f"{again:.2f} s", "< 2 s", again < 2.0)]


def _seconds(command: Sequence[str]) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, *command], check=True, capture_output=True)
    return time.perf_counter() - started
