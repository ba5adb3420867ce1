"""Heads of columns: a Chinese line may break anywhere, a head with its unit in brackets may not."""

from __future__ import annotations

from collections.abc import Callable, Sequence


def untorn(head: str, wrapped: Callable[[str], Sequence[str]]) -> str:
    """The head with a line break before its bracket, if ``wrapped`` would break it inside."""
    if "（" not in head or all(line.count("（") == line.count("）") for line in wrapped(head)):
        return head
    return head.replace("（", "\n（", 1)
