"""The rows of the answer: targets and their readings."""

from __future__ import annotations

from collections.abc import Mapping

from sim.answer.row import RowKey
from sim.config.schema import Plan


def rows_of(plan: Plan, definitions: Mapping[str, str | bool]) -> dict[RowKey, bool]:
    """Every row of the answer in the plan's order, modelled or not, and whether its reading counts.

    ``definitions`` are the switches; the reading that a switch names is the one that counts.
    """
    rows: dict[RowKey, bool] = {}
    for name, target in plan.targets.items():
        if target.definition is None:
            rows[name, ""] = True
            continue
        switch = definitions[target.definition]
        for reading, meaning in plan.definitions[target.definition].readings.items():
            rows[name, reading] = meaning.switch == switch
    return rows


def deciding_rows(plan: Plan, definitions: Mapping[str, str | bool]) -> dict[RowKey, str]:
    """The rows that joint rows judge, and their groups.

    These are the modelled targets of kind ``plan``, each under the reading that counts.
    """
    return {
        (name, reading): plan.targets[name].group
        for (name, reading), counts in rows_of(plan, definitions).items()
        if counts and plan.targets[name].modelled and plan.targets[name].kind == "plan"
    }
