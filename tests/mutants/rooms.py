"""The rooms of the house that mutants are tried in, and the tests of their subject."""

from __future__ import annotations

from dataclasses import dataclass

PINNED = "tests/test_baseline.py"
"""Numbers of the default run: it notices changes, but does not know what is right."""


@dataclass(frozen=True)
class Room:
    """Source folders, and the folders of tests that have to know what is right there."""

    name: str
    sources: tuple[str, ...]
    tests: tuple[str, ...]


ROOMS = (
    Room("model", ("sim/model",), ("tests/model",)),
    Room("statistics", ("sim/stats",), ("tests/stats",)),
    Room("answers", ("sim/answer",), ("tests/answer",)),
    Room("study", ("sim/study",), ("tests/study",)),
    Room("validation", ("sim/config", "sim/plan"), ("tests/config", "tests/plan")),
)
"""Pictures (sim/page) are not among them."""
