"""Do histories that spend more reach more? A dot each; no curve of what can be chosen."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sim.answer.figures import Axis, Scatter, ScatterPanel
from sim.answer.found import Floats, Found
from sim.answer.row import Row
from sim.answer.run.attained import Attained
from sim.answer.run.development import city_values
from sim.words import Chance, Said, Share

SHOWN = 3
"""Targets that are shown: those whose chance is nearest to even."""

_MILLION = 1e6


def money_values(path: Path, attained: Attained, found: Found) -> Iterator[Scatter]:
    """Money spent on the group of a target against the target's value, in quarters.

    Halves are parted at the median of the money and at the goal.

    Args:
        path: a series.parquet; without series of money there is nothing to show.
    """
    spent = _spent(path, {row.group for row in attained.deciding}, found)
    rows = sorted(
        (row for row in attained.deciding if row.group in spent),
        key=lambda row: abs(attained.chance(row) - 0.5),
    )[:SHOWN]
    if not rows:
        return
    first = rows[0]
    rich, met = _rich(spent[first.group]), found.met(first.key)
    told = {"more": _share(met[rich]), "less": _share(met[~rich])}
    yield Scatter(
        name="money_values",
        title=Said("money_values.title", {"target": first.name, **told}),
        legend=Said("money_values.legend"),
        notes=[Said("money_values.note")],
        panels=[_panel(row, spent[row.group], attained, found) for row in rows],
        across=Axis(Said("money_values.across")),
        up=Axis(Said("money_values.up")),
    )


def _spent(path: Path, groups: Collection[str], found: Found) -> dict[str, Floats]:
    """Million yuan that every replication spent on each group until the end.

    A group on which all of them spend the same, such as nothing, is not there.
    """
    values = city_values(path, {f"spent:{group}" for group in groups})
    end = max((date for _, date in values), default=None)
    last = {name.partition(":")[2]: own / _MILLION for (name, date), own in values.items()
            if date == end}  # fmt: skip
    count = len(found.replications)
    return {group: own for group, own in last.items() if len(own) == count and np.ptp(own) > 0.0}


def _rich(spent: Floats) -> npt.NDArray[np.bool_]:
    return spent > np.median(spent)


def _share(hits: npt.NDArray[np.bool_]) -> Share:
    return Share(round(float(np.mean(hits)), 2))


def _panel(row: Row, spent: Floats, attained: Attained, found: Found) -> ScatterPanel:
    rich, met = _rich(spent), found.met(row.key)
    upper = ~met if row.comparator == "<" else met
    return ScatterPanel(
        name=row.name,
        x=spent.tolist(),
        y=found.values(row.key).tolist(),
        cross=(float(np.median(spent)), row.goal),
        shares=[_share(level & half) for level in (upper, ~upper)
                for half in (~rich, rich)],
        lines=[
            Said("fan.goal", {"goal": row.wanted}),
            Said("fan.chance", {"chance": Chance(attained.chance(row))}),
        ],
        up=Axis(whole=attained.counted(row)),
    )  # fmt: skip
