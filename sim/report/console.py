"""What an analyst sees on the console at the end of a run, from the files of its folder."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable
from typing import IO

from rich.console import Console, RenderableType
from rich.text import Text

from sim.command.terminal import outlet

_PLAIN_WIDTH = 120  # columns where the output is a file or a pipe and nobody says how many


def report_console(file: IO[str] | None = None) -> Console:
    """Return a console on ``file`` (default: standard output).

    It is as wide as the terminal; off a terminal as wide as the environment variable ``COLUMNS``
    says, else 120 columns. Texts are printed as they are: paths and labels may hold brackets.
    """
    stream = outlet(sys.stdout) if file is None else file
    width = None if stream.isatty() else _width_off_a_terminal()
    return Console(file=stream, width=width, highlight=False, markup=False, emoji=False)


def _width_off_a_terminal() -> int:
    columns = os.environ.get("COLUMNS", "")
    return int(columns) if columns.isdecimal() and int(columns) else _PLAIN_WIDTH


def rendered(parts: Iterable[RenderableType], console: Console) -> str:
    """Return what ``console`` would show of ``parts``, with styles as escape sequences."""
    paper = Console(
        file=io.StringIO(),
        width=console.width,
        height=console.height,
        force_terminal=True,
        color_system="truecolor",
        no_color=False,
        highlight=False,
        markup=False,
        emoji=False,
    )
    with paper.capture() as capture:
        for part in parts:
            paper.print(part)
    return capture.get()


def show_rendered(text: str, console: Console) -> None:
    """Print what :func:`rendered` has returned for a console of the same width."""
    console.print(Text.from_ansi(text.removesuffix("\n")), soft_wrap=True)
