"""Charts of a finished run, drawn from the files of its run folder alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.report.charts.attainment import attainment_chart
from sim.report.charts.delays import delay_chart
from sim.report.charts.fan import CITY, fan_charts
from sim.report.charts.style import save
from sim.report.results import finished_replications, group_order, read_attainment, read_manifest
from sim.report.words import Language

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["attainment_chart", "delay_chart", "fan_charts", "write_charts"]


def write_charts(folder: Path, language: Language = "both") -> list[Path]:
    """Write the charts of a run folder as PNG and SVG into it and return their paths.

    ``attainment``; one chart a headline group, named by the group's id (further pages of a large
    group end in ``_2``, ``_3``); ``delays``. A chart whose data the run did not record, or whose
    targets are not modelled, is left out. Every file names the manifest's result_hash.
    """
    manifest, attainment = read_manifest(folder), read_attainment(folder)
    if not finished_replications(attainment):
        return []
    figures = {"attainment": attainment_chart(attainment, manifest, language)}
    columns = ["date", "place", "indicator", "value"]
    # Districts are left in the file: with record = full they are nearly all of it.
    series = _table(folder / "series.parquet", columns, filters=[("place", "==", CITY)])
    groups = manifest["config"]["plan"]["groups"]
    if series is not None:
        for group in filter(lambda group: groups[group]["headline"], group_order(manifest)):
            pages = fan_charts(attainment, series, manifest, group, language)
            for number, page in enumerate(pages, start=1):
                figures[group if number == 1 else f"{group}_{number}"] = page
    columns = ["programme", "stage", "project_days", "missing"]
    delays = _table(folder / "delays.parquet", columns)
    if delays is not None and delays[["project_days", "missing"]].to_numpy().any():
        figures["delays"] = delay_chart(attainment, delays, manifest, language)
    return [
        path for name, figure in figures.items() for path in save(figure, folder / name, manifest)
    ]


def _table(path: Path, columns: Sequence[str], **options: Any) -> pd.DataFrame | None:
    """Return columns of a Parquet file, or None where the run did not write rows into it."""
    import pandas as pd
    from pyarrow.parquet import read_metadata

    if not path.exists() or not read_metadata(path).num_rows:
        return None
    return pd.read_parquet(path, columns=list(columns), **options)
