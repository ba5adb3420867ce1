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
from typing import Annotated, Any

import numpy as np
import numpy.typing as npt

from sim.answer.finding import KEY, InUnits, Replications, Share, Told, Unit
from sim.answer.found import FrameFound
from sim.answer.row import Config, Row, joint_rows_of, rows_of
from sim.answer.run.held_back import leading_stage, stage_sums
from sim.lazy import pa, pd
from sim.stats.paired import Difference, Floats, Integers, paired_difference, paired_mean
from sim.stats.promise import PROMISED
from sim.words import Label

Booleans = npt.NDArray[np.bool_]

AS_IS = ""
"""Name of the histories in which no constraint is lifted."""

TOGETHER = "together"
"""Name of the histories in which all constraints are lifted at once."""

LIKELY = PROMISED

Named = Annotated[Row, Told((*KEY, "group", "label_zh", "label_en", "unit", "kind", "counts"))]
Change = Annotated[float, Unit("difference of shares, -1 to 1")]
ChangeOrCount = Annotated[float, Unit("difference of shares, -1 to 1; of counts, targets")]


@dataclass(frozen=True)
class ReliefGain:
    """What lifting a constraint gains for a row of the answer.

    All on the replications that finished in every history. Each difference has its 95 % interval.
    A target has everything, a joint row either probabilities (whether all hold) or means (how
    many).

    Attributes:
        relief: which constraint is lifted; relief_zh, relief_en: what it is called.
        probability, probability_relieved: as things are and with the relief; ``gain`` is their
            difference (:func:`~sim.stats.paired.paired_difference`).
        mean, mean_relieved, mean_gain: the same of the value at the deadline
            (:func:`~sim.stats.paired.paired_mean`).
        shortfall, shortfall_relieved: mean distance to the goal, nothing where it is met;
            ``shortfall_cut`` is what is saved of it.
        gains: whether the interval of ``gain`` (of ``mean_gain`` in rows of counts) lies above
            zero.
    """

    row: Named
    relief: str
    relief_zh: str
    relief_en: str
    pairs: Replications
    probability: Share | None
    probability_relieved: Share | None
    gain: Change | None
    gain_low: Change | None
    gain_high: Change | None
    mean: InUnits | None
    mean_relieved: InUnits | None
    mean_gain: InUnits | None
    mean_gain_low: InUnits | None
    mean_gain_high: InUnits | None
    shortfall: InUnits | None
    shortfall_relieved: InUnits | None
    shortfall_cut: InUnits | None
    shortfall_cut_low: InUnits | None
    shortfall_cut_high: InUnits | None
    gains: bool


@dataclass(frozen=True)
class Binding:
    """Which constraint binds a row of the answer, as its reliefs and as the ledger say.

    Gains of counts are in targets, of all others in probability. What only all at once can tell is
    None where a single constraint is lifted.

    Attributes:
        helped_by: ``one`` if a single relief gains, ``together`` if only all of them at once do,
            ``met`` if none does but the chance is 80 % already, else ``none``.
        best_relief: the one that alone gains most among those that gain, empty for none; ties go to
            the larger cut in the shortfall.
        sum_of_gains: of single reliefs.
        interaction: what all together gain beyond that sum: above zero where constraints hide
            behind each other.
        beyond_best: what they gain beyond the best single relief: above zero where a target needs
            several at once.
        cuts_most: the relief that cuts the shortfall most, empty for none.
        held_back_by: the ledger's leading stage, empty for none; held_back_units: its mean missing
            units in replications that miss; held_back_relief: the relief to which it belongs, empty
            if to none.
        ledger_agrees: whether that is ``best_relief``; None where there is nothing to compare.
    """

    row: Named
    pairs: Replications
    probability: Share | None
    helped_by: str
    best_relief: str
    best_gain: ChangeOrCount | None
    best_gain_low: ChangeOrCount | None
    best_gain_high: ChangeOrCount | None
    together_gain: ChangeOrCount | None
    together_gain_low: ChangeOrCount | None
    together_gain_high: ChangeOrCount | None
    sum_of_gains: ChangeOrCount | None
    interaction: ChangeOrCount | None
    interaction_low: ChangeOrCount | None
    interaction_high: ChangeOrCount | None
    beyond_best: ChangeOrCount | None
    beyond_best_low: ChangeOrCount | None
    beyond_best_high: ChangeOrCount | None
    cuts_most: str
    held_back_by: str
    held_back_units: Annotated[float, Unit("units of the target")] | None
    held_back_relief: str
    ledger_agrees: bool | None


@dataclass(frozen=True)
class _Line:
    """One row of the answer in every history; arrays run over the pairs.

    A target has all three, a joint row either ``met`` (whether all hold) or ``values`` (how many).
    """

    row: Row
    met: Mapping[str, Booleans] | None = None
    values: Mapping[str, Floats] | None = None
    short: Mapping[str, Floats] | None = None


class ReliefComparison:
    """Histories without relief and with each, on the replications that finished in all of them.

    Args:
        base, relieved: targets.parquet of the run as it is, and with every constraint lifted by
            itself, by name; with more than one, under :data:`TOGETHER` also with all of them.
        delays: parts of delays.parquet of the run as it is: columns replication, programme, stage,
            missing.
        config: of the run.
        names: of the histories in ``relieved``.
        stages: the constraint behind a stage or reason of the ledger, where it is one of these.
    """

    def __init__(
        self,
        base: pd.DataFrame,
        relieved: Mapping[str, pd.DataFrame],
        delays: Iterable[pa.Table],
        config: Config,
        names: Mapping[str, Label],
        stages: Mapping[str, str],
    ) -> None:
        frames = {AS_IS: base, **relieved}
        common = set.intersection(*(set(frame["replication"]) for frame in frames.values()))
        self.pairs = len(common)
        self._found = {
            name: FrameFound(frame[frame["replication"].isin(common)])
            for name, frame in frames.items()
        }
        self._single = [name for name in relieved if name != TOGETHER]
        self._sums = stage_sums(delays, self._found[AS_IS], config)
        self._config = config
        self._names = names
        self._stages = stages

    @property
    def _draws(self) -> Integers:
        return self._found[AS_IS].draws

    @cached_property
    def _lines(self) -> list[_Line]:
        rows = [row for row in rows_of(self._config).values() if row.modelled]
        return [*map(self._target_line, rows), *map(self._joint_line, self._joint(rows))]

    def _target_line(self, row: Row) -> _Line:
        met = {name: found.met(row.key) for name, found in self._found.items()}
        values = {name: found.values(row.key) for name, found in self._found.items()}
        short = {name: np.where(met[name], 0.0, np.abs(row.goal - values[name])) for name in met}
        return _Line(row, met, values, short)

    def _joint(self, rows: list[Row]) -> list[Row]:
        """Joint rows: all targets that decide, then those of each group; how many hold, and all."""
        groups = ["", *self._config["plan"]["groups"]]
        return sorted(
            joint_rows_of(self._config, rows).values(),
            key=lambda row: (groups.index(row.group), not row.counts_targets),
        )

    def _joint_line(self, row: Row) -> _Line:
        met = {name: found.met_together(row.members) for name, found in self._found.items()}
        if row.counts_targets:
            return _Line(row, values={n: own.sum(axis=0).astype(float) for n, own in met.items()})
        return _Line(row, met={name: np.all(own, axis=0) for name, own in met.items()})

    def _chance_gain(self, met: Mapping[str, Booleans], name: str) -> Difference:
        return paired_difference(met[AS_IS], met[name], self._draws)

    def _mean_gain(self, values: Mapping[str, Floats], name: str) -> Difference:
        return paired_mean(values[AS_IS], values[name], self._draws)

    def _shortfall_cut(self, short: Mapping[str, Floats], name: str) -> Difference:
        return paired_mean(short[name], short[AS_IS], self._draws)

    # ------------------------------------------------------------------ what every relief gains

    def gains(self) -> Iterator[ReliefGain]:
        """What every relief gains for every row: of targets in the plan's order, then joint."""
        for line in self._lines:
            for name in self._names:
                yield self._gain(line, name)

    def _gain(self, line: _Line, name: str) -> ReliefGain:
        gain = None if line.met is None else self._chance_gain(line.met, name)
        mean_gain = None if line.values is None else self._mean_gain(line.values, name)
        cut = None if line.short is None else self._shortfall_cut(line.short, name)
        judged = mean_gain if gain is None else gain
        assert judged is not None, "a line has chances or counts"
        told: dict[str, Any] = {
            **_means("probability", line.met, name),
            **_difference("gain", gain),
            **_means("mean", line.values, name),
            **_difference("mean_gain", mean_gain),
            **_means("shortfall", line.short, name),
            **_difference("shortfall_cut", cut),
        }
        return ReliefGain(
            row=line.row,
            relief=name,
            relief_zh=self._names[name]["zh"],
            relief_en=self._names[name]["en"],
            pairs=self.pairs,
            **told,
            gains=judged[1] > 0.0,
        )

    # ------------------------------------------------------------------ what binds each row

    def binding(self) -> Iterator[Binding]:
        """What binds every row, in the order of :meth:`gains`."""
        return map(self._binding, self._lines)

    def _binding(self, line: _Line) -> Binding:
        if line.met is not None:
            found = {name: self._chance_gain(line.met, name) for name in self._names}
            paths = {name: met.astype(np.float64) for name, met in line.met.items()}
        else:
            assert line.values is not None, "a line has chances or counts"
            found = {name: self._mean_gain(line.values, name) for name in self._names}
            paths = dict(line.values)
        cuts = {name: found[name] for name in self._single}
        if line.short is not None:
            cuts = {name: self._shortfall_cut(line.short, name) for name in self._single}
        helping = [name for name in self._single if found[name][1] > 0.0]
        best = max(helping, key=lambda name: (found[name][0], cuts[name][0]), default=AS_IS)
        cutting = [name for name in self._single if cuts[name][1] > 0.0]
        cuts_most = max(cutting, key=lambda name: cuts[name][0], default=AS_IS)
        probability = None if line.met is None else float(line.met[AS_IS].mean())
        return Binding(
            row=line.row,
            pairs=self.pairs,
            probability=probability,
            helped_by=_helped_by(best, found, probability),
            best_relief=best,
            **_difference("best_gain", found.get(best)),
            **self._together(line, best, found, paths),
            cuts_most=cuts_most if line.short is not None else "",
            **self._ledger(line, best),
        )

    def _together(
        self,
        line: _Line,
        best: str,
        found: Mapping[str, Difference],
        paths: Mapping[str, Floats],
    ) -> dict[str, Any]:
        """What only all at once can tell."""
        if TOGETHER not in found:
            names = ("together_gain", "interaction", "beyond_best")
            nothing = {end: cell for name in names for end, cell in _difference(name, None).items()}
            return {**nothing, "sum_of_gains": None}
        alone = sum((paths[name] - paths[AS_IS] for name in self._single), np.zeros(self.pairs))
        whole = paths[TOGETHER] - paths[AS_IS]
        if line.met is not None:
            more = paired_difference(line.met[best], line.met[TOGETHER], self._draws)
        else:
            more = paired_mean(paths[best], paths[TOGETHER], self._draws)
        return {
            **_difference("together_gain", found[TOGETHER]),
            "sum_of_gains": float(sum(found[name][0] for name in self._single)),
            **_difference("interaction", paired_mean(alone, whole, self._draws)),
            **_difference("beyond_best", more),
        }

    def _ledger(self, line: _Line, best: str) -> dict[str, Any]:
        units = {} if line.row.joint else self._sums.units(line.row.key)
        stage = leading_stage(units)
        relief = self._stages.get(stage, "")
        mean = None
        if stage:
            assert line.met is not None, "a target is met or not"
            mean = units[stage] / int((~line.met[AS_IS]).sum())
        return {
            "held_back_by": stage,
            "held_back_units": mean,
            "held_back_relief": relief,
            "ledger_agrees": relief == best if best and stage else None,
        }


def _helped_by(best: str, found: Mapping[str, Difference], probability: float | None) -> str:
    if best:
        return "one"
    if TOGETHER in found and found[TOGETHER][1] > 0.0:
        return "together"
    return "met" if probability is not None and probability >= LIKELY else "none"


def _difference(name: str, found: Difference | None) -> dict[str, Any]:
    """A difference and the ends of its interval, as fields."""
    fields = (name, f"{name}_low", f"{name}_high")
    return dict.fromkeys(fields) if found is None else dict(zip(fields, found, strict=True))


def _means(
    name: str, own: Mapping[str, Floats] | Mapping[str, Booleans] | None, relief: str
) -> dict[str, Any]:
    """Means as things are and with a relief, as fields."""
    means = (None, None) if own is None else (float(own[AS_IS].mean()), float(own[relief].mean()))
    return {name: means[0], f"{name}_relieved": means[1]}
