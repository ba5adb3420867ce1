"""Which constraint binds: what lifting it gains, beside what the delay ledger says.

The two ways to find a bottleneck know nothing of each other. The ledger counts, on histories as
they are, behind which stage the missing units stand; lifting a constraint simulates the same
replications again without it. Where they name different constraints, what looks like a queue for
one thing was in truth a want of another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.analysis.paired import Difference, Floats, Integers, paired_difference, paired_mean
from sim.analysis.promise import PROMISED
from sim.analysis.rows import deciding_rows, rows_of
from sim.answer.found import FrameFound
from sim.answer.row import RowKey
from sim.answer.run.held_back import leading_stage, stage_sums
from sim.config.schema import Plan
from sim.config.schema.base import Label

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

Row = dict[str, object]

TOGETHER = "together"
"""Name of the history in which all constraints are lifted at once."""

HEAD = ("target", "definition", "group", "label_zh", "label_en", "unit", "kind", "counts")
GAINS = (
    *HEAD, "relief", "relief_zh", "relief_en", "pairs", "probability", "probability_relieved",
    "gain", "gain_low", "gain_high", "mean", "mean_relieved", "mean_gain", "mean_gain_low",
    "mean_gain_high", "shortfall", "shortfall_relieved", "shortfall_cut", "shortfall_cut_low",
    "shortfall_cut_high", "gains",
)  # fmt: skip
BINDING = (
    *HEAD, "pairs", "probability", "helped_by", "best_relief", "best_gain", "best_gain_low",
    "best_gain_high", "together_gain", "together_gain_low", "together_gain_high", "sum_of_gains",
    "interaction", "interaction_low", "interaction_high", "beyond_best", "beyond_best_low",
    "beyond_best_high", "cuts_most", "held_back_by", "held_back_units", "held_back_relief",
    "ledger_agrees",
)  # fmt: skip

LIKELY = PROMISED


@dataclass(frozen=True)
class _Line:
    """One row of the answer in every history; arrays run over the pairs.

    A target has all three, a joint row either ``met`` (whether all hold) or ``values`` (how many).
    """

    head: Row
    met: Mapping[str, npt.NDArray[np.bool_]] | None = None
    values: Mapping[str, Floats] | None = None
    short: Mapping[str, Floats] | None = None
    key: RowKey | None = None


class ReliefComparison:
    """Histories without relief and with each, on the replications that finished in all of them.

    Args:
        base, relieved: targets.parquet of the run as it is, and with every constraint lifted by
            itself, by name; with more than one, under :data:`TOGETHER` also with all of them.
        delays: parts of delays.parquet of the run as it is: columns replication, programme, stage,
            missing.
        plan, definitions: of the run.
        names: of the histories in ``relieved``.
        stages: the constraint behind a stage or reason of the ledger, where it is one of these.
    """

    def __init__(
        self,
        base: pd.DataFrame,
        relieved: Mapping[str, pd.DataFrame],
        delays: Iterable[pa.Table],
        plan: Plan,
        definitions: Mapping[str, str | bool],
        names: Mapping[str, Label],
        stages: Mapping[str, str],
    ) -> None:
        frames = {"": base, **relieved}
        common = set.intersection(*(set(frame["replication"]) for frame in frames.values()))
        self.pairs = len(common)
        self._found = {
            name: FrameFound(frame[frame["replication"].isin(common)])
            for name, frame in frames.items()
        }
        self._single = [name for name in relieved if name != TOGETHER]
        self._sums = stage_sums(
            delays,
            self._found[""],
            {"plan": plan.model_dump(mode="json"), "definitions": definitions},
        )
        self._plan = plan
        self._definitions = definitions
        self._names = names
        self._stages = stages

    @property
    def _draws(self) -> Integers:
        return self._found[""].draws

    @cached_property
    def _lines(self) -> list[_Line]:
        return [*self._target_lines(), *self._joint_lines()]

    def _target_lines(self) -> Iterator[_Line]:
        plan = self._plan
        for key, counts in rows_of(plan, self._definitions).items():
            target = plan.targets[key[0]]
            if not target.modelled:
                continue
            met = {name: found.met(key) for name, found in self._found.items()}
            values = {name: found.values(key) for name, found in self._found.items()}
            short = {
                name: np.where(met[name], 0.0, np.abs(target.goal - values[name])) for name in met
            }
            head: Row = {
                "target": key[0],
                "definition": key[1],
                "group": target.group,
                "label_zh": target.name.zh,
                "label_en": target.name.en,
                "unit": target.unit.en,
                "kind": target.kind,
                "counts": counts,
            }
            yield _Line(head, met, values, short, key)

    def _joint_lines(self) -> Iterator[_Line]:
        """All targets that decide, then those of each group: how many hold, and whether all do."""
        plan, judged = self._plan, deciding_rows(self._plan, self._definitions)
        present = [group for group in plan.groups if group in judged.values()]
        for group in ("", *present) if judged else ():
            rows = [row for row, own in judged.items() if group in ("", own)]
            together = {name: found.met_together(rows) for name, found in self._found.items()}
            for name, label in (
                ("met_count", plan.joint_labels.met_count),
                ("all", plan.joint_labels.all),
            ):
                head: Row = {
                    "target": f"{name}:{group}" if group else name,
                    "definition": "",
                    "group": group,
                    "label_zh": f"{label.zh}：{plan.groups[group].name.zh}" if group else label.zh,
                    "label_en": f"{label.en}: {plan.groups[group].name.en}" if group else label.en,
                    "unit": "targets",
                    "kind": "plan",
                    "counts": True,
                }
                if name == "all":
                    yield _Line(head, met={n: np.all(met, axis=0) for n, met in together.items()})
                else:
                    counts = {n: met.sum(axis=0).astype(np.float64) for n, met in together.items()}
                    yield _Line(head, values=counts)

    # ------------------------------------------------------------------ the table of gains

    def gains(self) -> pd.DataFrame:
        """The table of bottlenecks.csv: one row per row of the answer and relief.

        Targets under each reading in the plan's order, then joint rows. Probabilities as in
        attainment.csv but over ``pairs``; ``gain`` is a difference of probabilities
        (:func:`paired_difference`), ``mean_gain`` one of means in ``unit``, ``shortfall_cut`` the
        mean distance to the goal that is saved in ``unit`` (:func:`paired_mean`); each with its
        95 % interval. ``gains``: whether the interval of ``gain`` (of ``mean_gain`` in rows of
        counts) lies above zero.
        """
        import pandas as pd

        rows = [
            line.head | {"pairs": self.pairs, **self._gain(line, name)}
            for line in self._lines
            for name in self._names
        ]
        return pd.DataFrame(rows, columns=list(GAINS))

    def _gain(self, line: _Line, name: str) -> Row:
        label = self._names[name]
        row: Row = {"relief": name, "relief_zh": label.zh, "relief_en": label.en}
        low = 0.0
        if line.values is not None:
            row["mean"] = float(line.values[""].mean())
            row["mean_relieved"] = float(line.values[name].mean())
            low = _put(row, "mean_gain", self._mean_gain(line.values, name))
        if line.short is not None:
            row["shortfall"] = float(line.short[""].mean())
            row["shortfall_relieved"] = float(line.short[name].mean())
            _put(row, "shortfall_cut", self._shortfall_cut(line.short, name))
        if line.met is not None:
            row["probability"] = float(line.met[""].mean())
            row["probability_relieved"] = float(line.met[name].mean())
            low = _put(row, "gain", self._chance_gain(line.met, name))
        return row | {"gains": low > 0.0}

    def _chance_gain(self, met: Mapping[str, npt.NDArray[np.bool_]], name: str) -> Difference:
        return paired_difference(met[""], met[name], self._draws)

    def _mean_gain(self, values: Mapping[str, Floats], name: str) -> Difference:
        return paired_mean(values[""], values[name], self._draws)

    def _shortfall_cut(self, short: Mapping[str, Floats], name: str) -> Difference:
        return paired_mean(short[name], short[""], self._draws)

    # ------------------------------------------------------------------ what binds each row

    def binding(self) -> pd.DataFrame:
        """The table of binding.csv: one row per target and reading, and joint row.

        ``best_relief`` is the relief that alone gains most among those that gain (see ``gains`` of
        :meth:`gains`; ties go to the larger cut in the shortfall), ``cuts_most`` the one that cuts
        the shortfall most. ``helped_by``: ``one`` if a single relief gains, ``together`` if only
        all of them at once do, ``met`` if none does but the chance is 80 % already, else ``none``.
        ``sum_of_gains`` adds the gains of single reliefs; ``interaction`` is what all together gain
        beyond that sum, above zero where constraints hide behind each other; ``beyond_best`` what
        they gain beyond the best single relief, above zero where a target needs several at once.

        ``held_back_by`` is the ledger's leading stage with its mean missing units in replications
        that miss, ``held_back_relief`` the relief to which that stage belongs, empty if to none.
        ``ledger_agrees``: whether it is ``best_relief``; empty where there is nothing to compare.
        Gains of counts are in targets, of all others in probability.
        """
        import pandas as pd

        return pd.DataFrame([self._binding(line) for line in self._lines], columns=list(BINDING))

    def _binding(self, line: _Line) -> Row:
        chances = line.met is not None
        row: Row = line.head | {"pairs": self.pairs}
        if line.met is not None:
            found = {name: self._chance_gain(line.met, name) for name in self._names}
            paths = {name: met.astype(np.float64) for name, met in line.met.items()}
            row["probability"] = float(line.met[""].mean())
        else:
            assert line.values is not None, "a line has chances or counts"
            found = {name: self._mean_gain(line.values, name) for name in self._names}
            paths = dict(line.values)
        cuts = {name: found[name] for name in self._single}
        if line.short is not None:
            cuts = {name: self._shortfall_cut(line.short, name) for name in self._single}
        helping = [name for name in self._single if found[name][1] > 0.0]
        best = max(helping, key=lambda name: (found[name][0], cuts[name][0]), default="")
        cutting = [name for name in self._single if cuts[name][1] > 0.0]
        cuts_most = max(cutting, key=lambda name: cuts[name][0], default="")
        row |= {"best_relief": best, "cuts_most": cuts_most if line.short is not None else ""}
        if best:
            _put(row, "best_gain", found[best])
        if TOGETHER in found:
            _put(row, "together_gain", found[TOGETHER])
            row["sum_of_gains"] = float(sum(found[name][0] for name in self._single))
            alone = sum((paths[name] - paths[""] for name in self._single), np.zeros(self.pairs))
            whole = paths[TOGETHER] - paths[""]
            _put(row, "interaction", paired_mean(alone, whole, self._draws))
            if line.met is not None:
                more = paired_difference(line.met[best], line.met[TOGETHER], self._draws)
            else:
                more = paired_mean(paths[best], paths[TOGETHER], self._draws)
            _put(row, "beyond_best", more)
        if best:
            row["helped_by"] = "one"
        elif TOGETHER in found and found[TOGETHER][1] > 0.0:
            row["helped_by"] = "together"
        elif chances and float(paths[""].mean()) >= LIKELY:
            row["helped_by"] = "met"
        else:
            row["helped_by"] = "none"
        return row | self._ledger_says(line, best)

    def _ledger_says(self, line: _Line, best: str) -> Row:
        if line.key is None or line.met is None:
            return {}
        units = self._sums.units(line.key)
        stage = leading_stage(units)
        if not stage:
            return {}
        relief = self._stages.get(stage, "")
        mean = units[stage] / int((~line.met[""]).sum())
        return {
            "held_back_by": stage,
            "held_back_units": mean,
            "held_back_relief": relief,
            "ledger_agrees": relief == best if best else None,
        }


def _put(row: Row, name: str, difference: Difference) -> float:
    """Enter a difference with its interval into a row; return the interval's lower end."""
    row[name], row[f"{name}_low"], row[f"{name}_high"] = difference
    return difference[1]
