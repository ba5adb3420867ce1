"""How the targets of a run develop: quantiles over replications, quarter by quarter."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from itertools import groupby
from pathlib import Path

import numpy as np

from sim.answer.figures import Curve, Fan, FanPanel, Key, Mark
from sim.answer.found import Floats, coded, row_groups
from sim.answer.row import MARKS, Row, group_name, marks
from sim.answer.run.attained import Attained, countable
from sim.words import Chance, Quantity, Said

PLACE, CITY = "place", "city"  # the contract's name of the whole city among places
ENTRIES = 1 << 22  # values in memory at a time: 32 MB
TRUE, SURVEY = "_true", "_survey"
"""What two series of a surveyed indicator end in: as it is, and as a survey sees it."""

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
    found: dict[str, dict[dt.date, Floats]] = {}
    for (indicator, day), values in sorted(city_values(path, indicators).items()):
        found.setdefault(indicator, {})[day] = np.quantile(values, QUANTILES)
    return {**found}


def city_values(path: Path, indicators: Collection[str]) -> dict[tuple[str, dt.date], Floats]:
    """Values of the city by indicator and date, in ascending order of replications.

    A date at which nothing is known, such as one without a survey, is not there.
    """
    values: defaultdict[tuple[str, dt.date], list[Floats]] = defaultdict(list)
    for group in row_groups(path, ["indicator", "date", "value"], (PLACE, CITY)):
        names, name = coded(group["indicator"])
        value = group["value"].to_numpy()
        wanted = np.isin(names, list(indicators))[name] & ~np.isnan(value)
        dates, date = coded(group["date"])
        cells = name[wanted] * len(dates) + date[wanted]
        order = np.argsort(cells, kind="stable")
        starts = np.flatnonzero(np.diff(cells[order], prepend=-1))
        parts = np.split(value[wanted][order], starts[1:])
        for cell, part in zip(cells[order][starts], parts, strict=False):
            values[names[cell // len(dates)], dates[cell % len(dates)]].append(part)
    return {key: np.concatenate(parts) for key, parts in values.items()}


def fans(attained: Attained, development: Mapping[str, Development]) -> Iterator[Fan]:
    """A picture for every group with targets of the plan: a panel for each with a series.

    Two readings of one target share a panel. Groups that stand in the headlines come first.
    """
    config = attained.config
    start, end = (dt.date.fromisoformat(str(config["plan"][key])) for key in ("start", "end"))
    groups = [(group, [*own]) for group, own in groupby(attained.rows, key=lambda row: row.group)]
    groups.sort(key=lambda own: not config["plan"]["groups"][own[0]]["headline"])
    for group, members in groups:
        rows = [row for row in members if row.indicator in development]
        deciding = [row for row in rows if row.decides]
        if not deciding:
            continue
        surveyed = any(row.indicator + SURVEY in development for row in rows)
        told = {"group": group_name(config, group), "total": len(deciding)}
        likely = attained.classes(deciding)["likely"]
        yield Fan(
            name=group,
            title=Said("fan.title", {**told, "likely": likely}),
            legend=Said("fan.subtitle"),
            notes=[*marks(rows)],
            keys=[
                Key("counts", Said("fan.true"), "band"),
                Key("reference", Said("fan.survey"), "bar"),
            ]
            if surveyed
            else [],
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
    curves, marks_of = [], []
    whole = all(attained.counted(row) for row in readings)
    for row in readings:
        measured = development[row.indicator]
        own = development.get(row.indicator + TRUE, measured)
        low, lower, middle, upper, high = np.array([*own.values()]).T.tolist()
        chance = Chance(attained.chance(row))
        last = float([*measured.values()][-1][2])  # what decides, as the table has it
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
                end=Quantity(countable(last, row) if whole else last),
            )
        )
        marks_of += _surveys(development.get(row.indicator + SURVEY, {}))
    return FanPanel(
        name=Said("row.marked", {"target": first.name, "dagger": first.dagger}),
        lines=[],
        curves=curves,
        goal=(first.goal, Said("fan.goal", {"goal": first.wanted})),
        marks=marks_of,
        whole=whole,
    )


def _surveys(surveys: Development) -> list[Mark]:
    """What surveys see: median with 90 % of the replications; the first date is where all begin."""
    return [
        Mark("reference", date, float(own[2]), float(own[0]), float(own[-1]))
        for date, own in [*surveys.items()][1:]
    ]
