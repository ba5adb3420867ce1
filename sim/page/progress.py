"""A progress bar with the time that is left, and what is known so far, on standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console, RenderableType
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

from sim.command.terminal import outlet


class Bar:
    """A bar under way.

    Attributes:
        width: columns of the terminal; None where nothing is shown.
    """

    def __init__(self, progress: _Progress, label: str, total: int, *, shown: bool) -> None:
        self.width = progress.console.width if shown else None
        self._progress, self._total = progress, total
        self._task = progress.add_task(label, total=total)

    def __call__(self, done: int, more: int) -> None:
        """Go on by replications that have finished; ``more`` came on top of the total."""
        self._total += more
        self._progress.update(self._task, total=self._total, advance=done)

    def show(self, parts: Sequence[RenderableType]) -> None:
        """Put this above the bar, in place of what was there."""
        self._progress.above = parts
        self._progress.refresh()


class _Progress(Progress):
    above: Sequence[RenderableType] = ()

    def get_renderables(self) -> Iterable[RenderableType]:
        yield from self.above
        yield from super().get_renderables()


@contextmanager
def progress_bar(label: str, total: int = 0) -> Iterator[Bar]:
    """Show a bar of ``total`` replications for the length of a ``with`` block."""
    columns = (
        TextColumn("{task.description}", markup=False),  # a label is text, whatever it holds
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    console = Console(file=outlet(sys.stderr))
    shown = console.is_terminal and not console.is_jupyter  # a log or a notebook wants no bars
    with _Progress(*columns, console=console, transient=True, disable=not shown) as progress:
        yield Bar(progress, label, total, shown=shown)
