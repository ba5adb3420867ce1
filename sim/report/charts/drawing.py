"""Charts that are drawn once: a finished study that is asked again need not draw them again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.report.charts import style
from sim.report.results import read_manifest
from sim.report.words import Language

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RECORD = "charts.json"


def write_once(
    folder: Path,
    tables: Sequence[str],
    language: Language,
    figures: Callable[[], Mapping[str, Figure]],
) -> list[Path]:
    """Write charts into a study folder, unless they are there as they would be drawn.

    Args:
        folder: of the study; charts.json in it says what they were drawn from.
        tables: the files, besides the manifest, that the charts show.
        language: of the charts.
        figures: draws them, by name.

    Returns:
        paths of the files, a PNG and an SVG of each chart.
    """
    manifest = read_manifest(folder)
    shown = hashlib.sha256(f"{manifest['result_hash']}/{language}".encode())
    for table in tables:
        shown.update((folder / f"{table}.csv").read_bytes())
    record = folder / RECORD
    known = json.loads(record.read_text(encoding="utf-8")) if record.exists() else {}
    paths = [folder / name for name in known.get("files", [])]
    if known.get("shown") == shown.hexdigest() and all(path.exists() for path in paths):
        return paths
    for path in paths:  # charts of other scenarios or levels must not stand beside the new ones
        path.unlink(missing_ok=True)
    paths = [
        path
        for name, figure in figures().items()
        for path in style.save(figure, folder / name, manifest)
    ]
    content = {"shown": shown.hexdigest(), "files": [path.name for path in paths]}
    record.write_text(json.dumps(content, indent=1), encoding="utf-8")
    return paths
