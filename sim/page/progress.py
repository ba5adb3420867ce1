"""A progress bar with the time that is left, on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

from sim.command.terminal import outlet

Advance = Callable[[int, int], None]
"""Called with the replications just finished, and with those that came on top of the total."""


@contextmanager
def progress_bar(label: str, total: int = 0) -> Iterator[Advance]:
    """Show a bar of ``total`` replications for the length of a ``with`` block."""
    columns = (
        TextColumn("{task.description}", markup=False),  # a label is text, whatever it holds
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    console = Console(file=outlet(sys.stderr))
    shown = console.is_terminal and not console.is_jupyter  # a log or a notebook wants no bars
    with Progress(*columns, console=console, transient=True, disable=not shown) as progress:
        task = progress.add_task(label, total=total)
        everything = total

        def advance(done: int, more: int) -> None:
            nonlocal everything
            everything += more
            progress.update(task, total=everything, advance=done)

        yield advance
