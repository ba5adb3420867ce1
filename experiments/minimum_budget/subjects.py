"""What is asked about: targets under a reading, and several targets together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from sim.answer.row import Config, Row, RowKey, joint_rows_of, rows_of
from sim.config.errors import ConfigError, called


def met_by(
    attained: npt.NDArray[np.bool_], members: Sequence[Sequence[int]]
) -> npt.NDArray[np.bool_]:
    """Whether each subject is met: ``attained`` is (replications, rows of the results).

    Args:
        members: by subject the positions of rows of the results that must all be met.

    Returns:
        (replications, subjects).
    """
    columns = [attained[:, list(own)].all(axis=1) for own in members]
    return np.column_stack(columns) if columns else np.empty((len(attained), 0), dtype=bool)


def subjects_of(
    keys: Sequence[RowKey], config: Config, names: Sequence[str] | None = None
) -> list[Row]:
    """The subjects that ``names`` ask for, in the plan's order, joint rows last.

    Args:
        keys: of the rows of the results.
        config: of the run.
        names: ``target`` (under the reading that counts), ``target:reading``, ``all`` or
            ``all:GROUP``; None is every target of the plan under the reading that counts, and all
            joint rows.

    Raises:
        ConfigError: a name is not known, or is given twice; or there is nothing to ask about.
    """
    every = rows_of(config)
    rows = [every[key] for key in keys]
    single = {row.indicator: row for row in rows}
    joint = {
        row.target: row for row in joint_rows_of(config, rows).values() if not row.counts_targets
    }
    if names is None:
        return [row for row in rows if row.decides] + list(joint.values())
    short = {row.target: row.indicator for row in rows if row.counts}
    chosen = _chosen(names, single, joint, short)
    return [row for name, row in {**single, **joint}.items() if name in chosen]


def _chosen(
    names: Sequence[str],
    single: Mapping[str, Row],
    joint: Mapping[str, Row],
    short: Mapping[str, str],
) -> set[str]:
    """The full names that a user has given, each known and given once."""
    known = [*short, *(name for name in single if ":" in name), *joint]
    labels = {label: row.target for row in single.values() for label in row.name.values()}
    chosen: set[str] = set()
    for position, name in enumerate(names):
        key = f"study.targets.{position}"
        if name not in known:
            near = called(name, labels)
            raise ConfigError(
                "minimum_budget.refused.no_target", key=key, value=name, known=known, nearest=near
            )
        if short.get(name, name) in chosen:
            raise ConfigError("minimum_budget.refused.twice", key=key, value=name)
        chosen.add(short.get(name, name))
    if not chosen:
        raise ConfigError("minimum_budget.refused.nothing", key="study.targets", value="[]")
    return chosen
