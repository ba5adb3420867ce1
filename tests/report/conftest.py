"""A small run and what is made of it, once a session; one of its targets has a hostile name."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import openpyxl
import pptx
import pytest

from sim.__main__ import main as sim_main
from sim.answer.dossier import Dossier
from sim.page.deck import deck
from sim.page.workbook import workbook
from sim.words import LANGUAGES, Speech

HOSTILE = {"National bases": "=1+1", "Municipal bases": "@SUM(A1)", "District bases": "+x<b>&y"}
"""Names of targets, and what they are called instead."""


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small run whose plan calls targets by what spreadsheets compute."""
    folder = tmp_path_factory.mktemp("media") / "run"
    assert sim_main(["replications=6", "workers=1", f"hydra.run.dir={folder}"]) == 0
    for name in ("answer.json", "manifest.json"):
        text = (folder / name).read_text(encoding="utf-8")
        for label, hostile in HOSTILE.items():
            # Whole names only, or with what a table adds behind them.
            text = re.sub(rf'"{label}(?=[" ])', f'"{hostile}', text)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def dossier(run_folder: Path) -> Dossier:
    """That folder, read for a medium."""
    return Dossier.of(run_folder)


@pytest.fixture(scope="session")
def deck_files(dossier: Dossier) -> dict[str, bytes]:
    """The deck of each language."""
    return {language: deck(dossier, Speech(language)) for language in LANGUAGES}


@pytest.fixture(scope="session")
def decks(deck_files: dict[str, bytes]) -> dict[str, Any]:
    """The deck of each language, opened."""
    return {language: pptx.Presentation(io.BytesIO(file)) for language, file in deck_files.items()}


@pytest.fixture(scope="session")
def workbook_files(dossier: Dossier) -> dict[str, bytes]:
    """The workbook of each language."""
    return {language: workbook(dossier, Speech(language)) for language in LANGUAGES}


@pytest.fixture(scope="session")
def books(workbook_files: dict[str, bytes]) -> dict[str, Any]:
    """The workbook of each language, opened."""
    return {
        language: openpyxl.load_workbook(io.BytesIO(file))
        for language, file in workbook_files.items()
    }
