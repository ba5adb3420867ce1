"""Every example is drawn once a session, without a single warning, and many tests look at it."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.page.picture import write
from sim.words import speeches
from tests.page.pictures import EXAMPLES, STAMP, Page, pages_of


@pytest.fixture(scope="session")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all examples in both languages."""
    folder = tmp_path_factory.mktemp("pictures")
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a missing glyph is a warning of matplotlib
        write([example() for example in EXAMPLES], folder, STAMP, speeches("both"))
    return folder


@pytest.fixture(scope="session")
def look(drawn: Path) -> Callable[[str, str], list[Page]]:
    """The pages of an example by name and language, as they are in the files."""
    known: dict[tuple[str, str], list[Page]] = {}

    def pages(name: str, language: str = "en") -> list[Page]:
        if (name, language) not in known:
            known[name, language] = pages_of(drawn, name, language)
        return known[name, language]

    return pages


@pytest.fixture(scope="session")
def drawn_svg(drawn: Path) -> Callable[[str], str]:
    """The content of an SVG by its stem."""
    return lambda stem: (drawn / f"{stem}.svg").read_text(encoding="utf-8")
