"""The pictures of a study: drawn from its answer, unless they show it already."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import sim
from sim.answer.blocks import Figure
from sim.answer.figures import Stamp
from sim.page import picture
from sim.study.files import read_plain, write_json
from sim.study.study_folder import CHARTS as NOTE
from sim.words import Speech, catalogue

_DRAWN_BY = ("words", "answer", "page")
"""Rooms whose code decides how a figure looks."""


def draw(
    figures: Sequence[Figure], folder: Path, stamp: Stamp, speeches: Sequence[Speech]
) -> list[Path]:
    """Draw figures into the folder of a study, see :func:`sim.page.picture.write`.

    Drawing takes seconds: where the last drawing showed the same, and all of it is still there,
    nothing is done.
    """
    shown = _digest(figures, stamp, speeches)
    sources, charts = _known(folder)
    if sources == shown and all(path.is_file() for path in charts):
        return charts
    paths = picture.write(figures, folder, stamp, speeches)
    write_json(folder / NOTE, {"sources": shown, "charts": [path.name for path in paths]})
    return paths


def _known(folder: Path) -> tuple[str, list[Path]]:
    """What the last drawing showed, and its files; nothing where its note cannot be read."""
    try:
        found = json.loads(read_plain(folder / NOTE))
        return str(found["sources"]), [folder / str(name) for name in found["charts"]]
    except (OSError, ValueError, KeyError, TypeError):
        return "", []


def _digest(figures: Sequence[Figure], stamp: Stamp, speeches: Sequence[Speech]) -> str:
    """SHA-256 of what is shown, and of all that shows it."""
    parts = (stamp.scenario, stamp.replications, stamp.seed, stamp.caution)
    told = [[speech.text(part) for part in parts] for speech in speeches]
    shown = repr((figures, told, stamp.result_hash, speeches))
    total = hashlib.sha256(shown.encode(errors="backslashreplace"))
    top = Path(sim.__path__[0])
    code = [path for room in _DRAWN_BY for path in sorted(top.joinpath(room).rglob("*.py"))]
    for path in (*code, *catalogue().files):
        total.update(path.read_bytes())
    return total.hexdigest()
