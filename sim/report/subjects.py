"""Names of what a question is about, as they stand in sentences."""

from __future__ import annotations


def quotable(name: str) -> str:
    """A name to be set in quotation marks: those of its own become single ones."""
    return name.replace("“", "‘").replace("”", "’")
