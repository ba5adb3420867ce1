"""What the search for the smallest budgets costs beside an even grid that knows them as well."""

from __future__ import annotations

import contextlib
import io
import json
import tempfile
from pathlib import Path

from experiments.minimum_budget.question import QUESTION
from sim.config.schema import Run

Row = tuple[str, str, str, bool | None]

GOAL = 0.2
"""Replications of the search, relative to the even grid's."""


def rows(baseline: Run, *, full: bool) -> list[Row]:
    """Ask for all targets of the baseline with the default settings, without confirmation.

    Counts of replications, not times: they are the same on every machine. It takes minutes, so
    nothing is asked unless ``full``.
    """
    if not full:
        return []
    with tempfile.TemporaryDirectory() as folder:
        study = Path(folder) / "study"
        given = [f"study.folder={study}", "study.confirm=0", "workers=2"]
        with contextlib.redirect_stdout(io.StringIO()):
            code = QUESTION.main(given)
        if code:
            raise RuntimeError(f"the study ended with exit code {code}")
        answer = json.loads((study / "answer.json").read_text(encoding="utf-8"))
    ratio = float(answer["cost_relative_to_grid"])
    grid = f"{answer['grid_budgets'] + 1} x {answer['grid_replications_each']}"
    search = f"{answer['replications_search']:,}"
    return [
        ("minimum_budget, replications of the search", search, "", None),
        (f"  of the smallest even grid, {grid}", f"{answer['replications_grid']:,}", "", None),
        ("  search / grid", f"{ratio:.2f}", f"<= {GOAL:.2f}", ratio <= GOAL),
    ]
