"""How the targets of a run develop: quantiles over replications, quarter by quarter."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from itertools import groupby
from pathlib import Path

import numpy as np

from sim.answer.figures import Curve, Fan, FanPanel
from sim.answer.found import Floats, coded, row_groups
from sim.answer.row import MARKS, Row, group_name, marks
from sim.answer.run.page import Attained
from sim.words import Chance, Quantity, Said

PLACE, CITY = "place", "city"  # the contract's name of the whole city among places
ENTRIES = 1 << 22  # values in memory at a time: 32 MB
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
_QUARTERS = 8  # of fewer dates than this, surveys, each is a point in time

Development = Mapping[dt.date, Floats]
"""The :data:`QUANTILES` of an indicator, by date in ascending order."""


def city_development(
    path: Path, indicators: Collection[str], entries: int = ENTRIES
) -> dict[str, Development]:
    """Quantiles over replications of indicators of the city; one without values is not there.

    The file is read as often as it takes to have about ``entries`` values in memory at a time.

    Args:
        path: a series.parquet.
    """
    counts: Counter[str] = Counter()
    for group in row_groups(path, ["indicator"], (PLACE, CITY)):
        names, numbers = coded(group["indicator"])
        counts.update(dict(zip(names, np.bincount(numbers, minlength=len(names)), strict=True)))
    found: dict[str, Development] = {}
    block: list[str] = []
    for indicator in sorted(name for name in indicators if counts[name]):
        if block and sum(counts[name] for name in [*block, indicator]) > entries:
            found |= _quantiles(path, block)
            block = []
        block.append(indicator)
    return found | _quantiles(path, block)


def _quantiles(path: Path, indicators: Collection[str]) -> dict[str, Development]:
    values: defaultdict[tuple[str, dt.date], list[Floats]] = defaultdict(list)
    for group in row_groups(path, ["indicator", "date", "value"], (PLACE, CITY)):
        names, name = coded(group["indicator"])
        wanted = np.flatnonzero(np.isin(names, list(indicators))[name])
        dates, date = coded(group["date"])
        cells = name[wanted] * len(dates) + date[wanted]
        order = np.argsort(cells, kind="stable")
        value = group["value"].to_numpy()[wanted[order]]
        starts = np.flatnonzero(np.diff(cells[order], prepend=-1))
        for cell, part in zip(cells[order][starts], np.split(value, starts[1:]), strict=False):
            values[names[cell // len(dates)], dates[cell % len(dates)]].append(part.copy())
    found: dict[str, dict[dt.date, Floats]] = {}
    for indicator, day in sorted(values):
        quantiles = np.quantile(np.concatenate(values[indicator, day]), QUANTILES)
        found.setdefault(indicator, {})[day] = quantiles
    return {**found}


def fans(attained: Attained, development: Mapping[str, Development]) -> Iterator[Fan]:
    """A picture for every headline group: a panel for every modelled target with a series.

    Two readings of one target share a panel.
    """
    config = attained.config
    start, end = (dt.date.fromisoformat(str(config["plan"][key])) for key in ("start", "end"))
    for group, members in groupby(attained.rows, key=lambda row: row.group):
        rows = [row for row in members if row.indicator in development]
        if not rows or not config["plan"]["groups"][group]["headline"]:
            continue
        deciding = [row for row in rows if row.decides]
        told = {"group": group_name(config, group), "total": len(deciding)}
        likely = attained.classes(deciding)["likely"]
        yield Fan(
            name=group,
            title=Said("fan.title", {**told, "likely": likely}),
            legend=Said("fan.subtitle"),
            notes=[*marks(rows)],
            panels=[
                _panel([*readings], attained, development)
                for _, readings in groupby(rows, key=lambda row: row.target)
            ],
            start=start,
            end=end,
        )


def _panel(
    readings: list[Row], attained: Attained, development: Mapping[str, Development]
) -> FanPanel:
    first = readings[0]
    curves = []
    for row in readings:
        own = development[row.indicator]
        low, lower, middle, upper, high = np.array([*own.values()]).T.tolist()
        chance = Chance(attained.chance(row))
        name = Said("fan.chance", {"chance": chance})
        if row.reading is not None:
            told = {"mark": MARKS[row.counts], "reading": row.reading, "chance": chance}
            name = Said("fan.reading", told)
        curves.append(
            Curve(
                role="counts" if row.counts else "other",
                dates=[*own],
                middle=middle,
                bands=[(low, high), (lower, upper)],
                points=len(own) < _QUARTERS,
                name=name,
                end=Quantity(middle[-1]),
            )
        )
    return FanPanel(
        name=Said("row.marked", {"target": first.name, "dagger": first.dagger}),
        lines=[],
        curves=curves,
        goal=(first.goal, Said("fan.goal", {"goal": first.wanted})),
        # Percentiles between two whole numbers are exceptions where things are counted.
        whole=_mostly_whole([number for curve in curves for number in curve.middle]),
    )


def _mostly_whole(numbers: list[float]) -> bool:
    return sum(float(number).is_integer() for number in numbers) > len(numbers) / 2
