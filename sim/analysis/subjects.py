"""What an experiment asks about: targets under a reading, and several targets together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.config.errors import ConfigError, called
from sim.config.schema import Plan
from sim.plan.plan import TargetRow

JOINT = "all"


@dataclass(frozen=True)
class Subject:
    """One row of a table of targets.

    ``members`` are positions of rows of the results that must all be met: one for a target, several
    for a joint row, whose ``target`` is ``all`` or ``all:GROUP`` as in attainment.csv.
    """

    target: str
    definition: str
    group: str
    label_zh: str
    label_en: str
    members: tuple[int, ...]

    @property
    def name(self) -> str:
        """How a user names it: target, or target:reading."""
        return f"{self.target}:{self.definition}" if self.definition else self.target


def met_by(attained: npt.NDArray[np.bool_], subjects: Sequence[Subject]) -> npt.NDArray[np.bool_]:
    """Whether each subject is met: ``attained`` is (replications, rows of the results).

    Returns:
        (replications, subjects).
    """
    columns = [attained[:, list(subject.members)].all(axis=1) for subject in subjects]
    return np.column_stack(columns) if columns else np.empty((len(attained), 0), dtype=bool)


def subjects_of(
    rows: Sequence[TargetRow], plan: Plan, names: Sequence[str] | None = None
) -> list[Subject]:
    """The subjects that ``names`` ask for, in the plan's order, joint rows last.

    Args:
        rows: of the results.
        names: ``target`` (under the reading that counts), ``target:reading``, ``all`` or
            ``all:GROUP``; None is every target of the plan under the reading that counts, and all
            joint rows.

    Raises:
        ConfigError: a name is not known, or is given twice; or there is nothing to ask about.
    """
    single = {_of_row(i, row).name: _of_row(i, row) for i, row in enumerate(rows)}
    judged = [i for i, row in enumerate(rows) if row.counts and row.spec.kind == "plan"]
    joint = {subject.target: subject for subject in _joint(rows, judged, plan)}
    short = {row.target: _of_row(i, row).name for i, row in enumerate(rows) if row.counts}
    if names is None:
        return [_of_row(i, rows[i]) for i in judged] + list(joint.values())
    known = [*short, *(name for name in single if ":" in name), *joint]
    chosen = set()
    labels = {
        label: own.target for own in single.values() for label in (own.label_zh, own.label_en)
    }
    for position, name in enumerate(names):
        key = f"study.targets.{position}"
        if name not in known:
            near = called(name, labels)
            raise ConfigError("no such target", key=key, value=name, known=known, nearest=near)
        if short.get(name, name) in chosen:
            raise ConfigError(
                "a target is named twice", key=key, value=name, allowed="every target once"
            )
        chosen.add(short.get(name, name))
    if not chosen:
        raise ConfigError(
            "no target to ask about",
            key="study.targets",
            value="[]",
            allowed="null for all, or a list such as [all]",
        )
    return [own for name, own in {**single, **joint}.items() if name in chosen]


def _of_row(position: int, row: TargetRow) -> Subject:
    label = row.spec.name
    return Subject(row.target, row.reading, row.spec.group, label.zh, label.en, (position,))


def _joint(rows: Sequence[TargetRow], judged: Sequence[int], plan: Plan) -> list[Subject]:
    label = plan.joint_labels.all
    subjects = [Subject(JOINT, "", "", label.zh, label.en, tuple(judged))] if judged else []
    for group, spec in plan.groups.items():
        members = tuple(i for i in judged if rows[i].spec.group == group)
        if members:
            zh, en = f"{label.zh}：{spec.name.zh}", f"{label.en}: {spec.name.en}"
            subjects.append(Subject(f"{JOINT}:{group}", "", group, zh, en, members))
    return subjects
