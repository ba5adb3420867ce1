"""The rows of an answer, from a configuration as it stands in a manifest.

As plain mappings, so that the rows of a run are known which another version of the code has written
and this one might not validate; :mod:`sim.analysis.rows` says the same of a validated plan.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.answer.row import RowKey

Config = Mapping[str, Any]

ALL, MET_COUNT = "all", "met_count"


@dataclass(frozen=True)
class AnswerRow:
    """One row of the answer, single or joint.

    Attributes:
        target, definition: key; group: empty for a joint row of all groups.
        judged: the keys that a joint row judges together; a single row's own.
        counts: whether this reading enters the joint rows.
    """

    target: str
    definition: str
    group: str
    label_zh: str
    label_en: str
    comparator: str
    goal: float
    unit: str
    kind: str
    counts: bool
    judged: tuple[RowKey, ...]

    @property
    def joint(self) -> bool:
        """Whether this row is about several targets at once."""
        return not self.comparator

    @property
    def counts_targets(self) -> bool:
        """Whether this row says how many targets are met."""
        return self.joint and self.target.partition(":")[0] == MET_COUNT


def answer_rows(config: Config, found: Collection[RowKey]) -> list[AnswerRow]:
    """The rows of the answer in the order of attainment.csv.

    Args:
        config: of a run, as in its manifest.
        found: keys of the rows that have values; targets that are not modelled have none.
    """
    plan, known = config["plan"], set(found)
    rows: list[AnswerRow] = []
    for name, target in plan["targets"].items():
        phrase = target["definition"]
        readings = {"": True}
        if phrase is not None:
            switch, given = config["definitions"][phrase], plan["definitions"][phrase]["readings"]
            readings = {reading: meaning["switch"] == switch for reading, meaning in given.items()}
        label = target["name"]
        rows += [
            AnswerRow(name, reading, target["group"], label["zh"], label["en"],
                      target["comparator"], float(target["goal"]), target["unit"]["en"],
                      target["kind"], counts, ((name, reading),))
            for reading, counts in readings.items()
            if (name, reading) in known
        ]  # fmt: skip
    return [*rows, *_joint_rows(plan, [r for r in rows if r.counts and r.kind == "plan"])]


def _joint_rows(plan: Config, deciding: Sequence[AnswerRow]) -> list[AnswerRow]:
    groups = [group for group in plan["groups"] if any(row.group == group for row in deciding)]
    rows = []
    for key in (ALL, MET_COUNT) if deciding else ():
        for group in ("", *groups):
            judged = tuple(r.judged[0] for r in deciding if group in ("", r.group))
            name = {"zh": "", "en": ""} if not group else plan["groups"][group]["name"]
            label = plan["joint_labels"][key]
            rows.append(
                AnswerRow(f"{key}:{group}" if group else key, "", group,
                          label["zh"] + (f"：{name['zh']}" if group else ""),
                          label["en"] + (f": {name['en']}" if group else ""),
                          "", float(len(judged)), "targets", "plan", True, judged)
            )  # fmt: skip
    return rows
