"""Whether the charts in a study folder show what its tables say now: drawing takes seconds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from sim.report.words import Language
from sim.study.files import write_json
from sim.study.study_folder import CHARTS as STAMP

_REPORT = Path(__file__).resolve().parents[1]


def is_current(folder: Path, language: Language) -> bool:
    """Whether every chart of the last :func:`stamp` is there, and nothing that it shows changed."""
    try:
        known = json.loads((folder / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(
        known.get("sources") == _sources(folder, language)
        and all((folder / name).is_file() for name in known["charts"])
    )


def stamp(folder: Path, language: Language, charts: Sequence[Path]) -> None:
    """Note that ``charts`` have just been drawn from the files in ``folder``."""
    note = {"sources": _sources(folder, language), "charts": [path.name for path in charts]}
    write_json(folder / STAMP, note)


def _sources(folder: Path, language: Language) -> str:
    """SHA-256 of all that charts are made from: manifest, tables, language, and code that draws."""
    total = hashlib.sha256(language.encode())
    for path in (folder / "manifest.json", *sorted(folder.glob("*.csv"))):
        total.update(path.name.encode() + path.read_bytes())
    for path in sorted(_REPORT.rglob("*.py")):
        total.update(path.read_bytes())
    return total.hexdigest()
