"""One renderer a medium: each shows the blocks of an answer and knows no question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.lazy import face

if TYPE_CHECKING:
    from sim.page.console import answered, console_on, listed, rendered, show
    from sim.page.progress import progress_bar

__all__ = ["answered", "console_on", "listed", "progress_bar", "rendered", "show"]

__getattr__ = face(
    __name__,
    {
        "sim.page.console": ("answered", "console_on", "listed", "rendered", "show"),
        "sim.page.progress": ("progress_bar",),
    },
)
