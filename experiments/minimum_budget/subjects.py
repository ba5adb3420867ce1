"""What is asked about: targets under a reading, and several targets together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from experiments.shared.targets import TARGETS, by_name, named_rows
from sim.answer.row import Config, Row, RowKey, joint_row, joint_rows_of, rows_of
from sim.config.errors import ConfigError
from sim.words import Label, Said, speeches

TOGETHER = "together"
"""The target of the joint row of chosen targets, as ``all`` is that of all of them."""


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
    keys: Sequence[RowKey],
    config: Config,
    names: Sequence[str] | None = None,
    together: Sequence[str] = (),
) -> list[Row]:
    """The subjects that are asked about, in the plan's order, joint rows last.

    Args:
        keys: of the rows of the results.
        config: of the run.
        names: ``target`` (under the reading that counts), ``target:reading``, ``all`` or
            ``all:GROUP``; None is every target of the plan under the reading that counts, and all
            joint rows.
        together: ``target`` or ``target:reading``, to be met at once: each is a subject, and all of
            them are one more, the last.

    Raises:
        ConfigError: a name is not known, or is given twice; or there is nothing to ask about.
    """
    every = rows_of(config)
    rows = [every[key] for key in keys]
    joint = {
        row.target: row for row in joint_rows_of(config, rows).values() if not row.counts_targets
    }
    single = by_name(rows)
    if names is None:
        chosen = [*(row for row in rows if row.decides), *joint.values()]
    elif names:
        chosen = named_rows(names, {**single, **joint})
    else:
        raise ConfigError("minimum_budget.refused.nothing", key=TARGETS, value="[]")
    members = named_rows(together, single, "study.together")
    _refuse_together(members, together)
    subjects = [row for row in (*rows, *joint.values()) if row in chosen or row in members]
    return [*subjects, _all_of(members)] if members else subjects


def _refuse_together(members: Sequence[Row], names: Sequence[str]) -> None:
    """Raise ConfigError for what cannot be met, or not together with another member."""
    problems = []
    for position, (row, name) in enumerate(zip(members, names, strict=True)):
        twice = row.target in [other.target for other in members[:position]]
        if row.kind == "diagnostic" or twice:
            reason = "diagnostic" if row.kind == "diagnostic" else "two_readings"
            words = f"minimum_budget.refused.{reason}"
            problems.append(ConfigError(words, key=f"study.together.{position}", value=name))
    if problems:
        raise ConfigError.join(problems)


def _all_of(members: Sequence[Row]) -> Row:
    """The joint row of targets that a user has chosen."""
    said = Said("minimum_budget.together.name", {"count": len(members)})
    name: Label = {speech.language: speech.text(said) for speech in speeches("both")}
    return joint_row(TOGETHER, name, tuple(row.key for row in members))
