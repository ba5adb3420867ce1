"""Charts of a finished run, drawn from the files of its run folder alone."""

from __future__ import annotations

from pathlib import Path

from sim.report.charts.attainment import attainment_chart
from sim.report.charts.delay_rows import delay_sums
from sim.report.charts.delays import delay_chart
from sim.report.charts.fan import city_quantiles, fan_charts
from sim.report.charts.style import save
from sim.report.results import (
    finished_replications,
    group_order,
    read_attainment,
    read_manifest,
    target_rows,
)
from sim.report.words import Language

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
    rows = target_rows(attainment, manifest)
    groups = manifest["config"]["plan"]["groups"]
    headlines = [group for group in group_order(manifest) if groups[group]["headline"]]
    shown = {row.indicator for row in rows if row.modelled and row.group in headlines}
    series, delays = folder / "series.parquet", folder / "delays.parquet"
    if _has_rows(series):
        quantiles = city_quantiles(series, shown)
        for group in headlines:
            pages = fan_charts(attainment, quantiles, manifest, group, language)
            for number, page in enumerate(pages, start=1):
                figures[group if number == 1 else f"{group}_{number}"] = page
    if _has_rows(delays):
        sums = delay_sums(delays)
        if sums[["project_days", "missing"]].to_numpy().any():
            figures["delays"] = delay_chart(attainment, sums, manifest, language)
    return [
        path for name, figure in figures.items() for path in save(figure, folder / name, manifest)
    ]


def _has_rows(path: Path) -> bool:
    """Return whether the run wrote rows into a Parquet file."""
    from pyarrow.parquet import read_metadata

    return path.exists() and read_metadata(path).num_rows > 0
