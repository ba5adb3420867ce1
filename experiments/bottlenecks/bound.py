"""The rows of the answer: what binds each, and what every relief gains for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from experiments.bottlenecks.findings import TOGETHER, Binding, ReliefGain
from sim.answer.blocks import Spoken
from sim.answer.row import Config, Row, RowKey, for_readers, group_order
from sim.words import Label, Said, signed


@dataclass(frozen=True)
class Gain:
    """A difference with its 95 % interval: of probabilities, or of numbers of targets met."""

    value: float
    low: float
    high: float

    @property
    def is_gain(self) -> bool:
        """Whether it lies above zero beyond simulation error."""
        return self.low > 0.0

    @property
    def is_loss(self) -> bool:
        """Whether it lies below zero beyond simulation error."""
        return self.high < 0.0

    @property
    def is_sure(self) -> bool:
        """Whether it differs from zero beyond simulation error."""
        return self.is_gain or self.is_loss


@dataclass(frozen=True)
class Bound:
    """A row of the answer, and what every relief gains for it.

    Attributes:
        found: what binds it.
        before: its chance as things are; of a row of counts the mean number of targets met.
        gains: by relief, in the same.
    """

    found: Binding
    before: float
    gains: Mapping[str, Gain]

    @property
    def row(self) -> Row:
        """What it is about."""
        return self.found.row

    @property
    def best(self) -> str:
        """The relief that alone gains most; empty if none does."""
        return self.found.best_relief

    @property
    def stage(self) -> Spoken:
        """What the ledger says; nothing where no unit is missing."""
        return Said(f"stage.{self.found.held_back_by}") if self.found.held_back_by else None

    @property
    def ledger(self) -> Spoken:
        """The same, marked where it is the constraint whose relief gains most."""
        if not self.found.ledger_agrees:
            return self.stage
        return Said("bottlenecks.agreeing", {"stage": self.stage})

    @property
    def interaction(self) -> Gain | None:
        """What all at once gain beyond the sum of single gains."""
        found = self.found
        return _gain(found.interaction, found.interaction_low, found.interaction_high)

    @property
    def beyond_best(self) -> Gain | None:
        """What all at once gain beyond the best single relief."""
        found = self.found
        return _gain(found.beyond_best, found.beyond_best_low, found.beyond_best_high)

    @property
    def is_settled(self) -> bool:
        """Whether it is likely to be met as it is, and no relief moves it either way."""
        return self.found.helped_by == "met" and not any(own.is_loss for own in self.gains.values())

    @property
    def rank(self) -> tuple[float, float]:
        """The largest gain comes first: by a single relief, then by all together."""
        best = self.gains[self.best].value if self.best else 0.0
        return -best, -self.gains[TOGETHER].value if TOGETHER in self.gains else 0.0


@dataclass(frozen=True)
class Bottlenecks:
    """Everything that was found.

    Attributes:
        names: of the reliefs in the order of the settings; all at once last, if there are several.
        rows: targets by group, headline groups first, those with the largest gain first; readings
            of one target together, the one that counts first.
        counts: how many targets are met, all of them first, then by group.
    """

    names: Mapping[str, Label]
    rows: Sequence[Bound]
    counts: Sequence[Bound]
    pairs: int

    @property
    def overall(self) -> Bound:
        """How many of all targets are met."""
        return self.counts[0]

    @property
    def single(self) -> list[str]:
        """The single reliefs, the one that adds most targets on average first."""
        names = [name for name in self.names if name != TOGETHER]
        return sorted(names, key=lambda name: -self.overall.gains[name].value)

    @property
    def reliefs(self) -> list[str]:
        """The same, and all at once last."""
        return [*self.single, *(name for name in self.names if name == TOGETHER)]

    @property
    def shown(self) -> list[Bound]:
        """Rows that are not settled as things are."""
        return [own for own in self.rows if not own.is_settled]

    @property
    def settled(self) -> list[Row]:
        """The other ones."""
        return [own.row for own in self.rows if own.is_settled]

    @property
    def deciding(self) -> list[Bound]:
        """The plan's own targets, each under the reading that counts."""
        return [own for own in self.rows if own.row.decides]

    @property
    def several(self) -> list[Bound]:
        """Targets that need several reliefs at once, those that need it most first."""
        needing = [(own.beyond_best, own) for own in self.deciding]
        sure = [(more.value, own) for more, own in needing if more is not None and more.is_gain]
        return [own for _, own in sorted(sure, key=lambda pair: -pair[0])]

    @property
    def helpless(self) -> list[Bound]:
        """Targets that are not likely, and that nothing helps."""
        return [own for own in self.deciding if own.found.helped_by == "none"]

    @property
    def judged(self) -> list[Bound]:
        """Targets that a single relief helps and that the ledger gives a reason for."""
        return [own for own in self.deciding if own.found.ledger_agrees is not None]

    def binds(self, relief: str) -> list[Bound]:
        """Targets for which a relief gains most."""
        return [own for own in self.deciding if own.best == relief]


def bottlenecks(
    gains: Sequence[ReliefGain], binding: Sequence[Binding], config: Config
) -> Bottlenecks:
    """What was found, in the order in which people read it.

    Args:
        gains, binding: with at least one target of the plan itself.
        config: of the run, as in its manifest.
    """
    by_row: dict[RowKey, list[ReliefGain]] = {}
    for own in gains:
        by_row.setdefault(own.row.key, []).append(own)
    every = [_bound(own, by_row[own.row.key]) for own in binding]
    names = {own.relief: {"zh": own.relief_zh, "en": own.relief_en} for own in gains}
    return Bottlenecks(
        names,
        _in_order([own for own in every if not own.row.joint], config),
        [own for own in every if own.row.counts_targets],
        binding[0].pairs,
    )


def _in_order(rows: Sequence[Bound], config: Config) -> list[Bound]:
    by_key = {own.row.key: own for own in rows}
    groups = group_order(config)
    ranks = {own.row.target: own.rank for own in rows if own.row.counts}
    ordered = for_readers([own.row for own in rows], config)
    ordered.sort(key=lambda row: (groups.index(row.group), ranks[row.target]))
    return [by_key[row.key] for row in ordered]


def _bound(found: Binding, own: Sequence[ReliefGain]) -> Bound:
    gains: dict[str, Gain] = {}
    before: float | None
    for each in own:
        if found.row.counts_targets:
            before = each.mean
            gain = _gain(each.mean_gain, each.mean_gain_low, each.mean_gain_high)
        else:
            before = each.probability
            gain = _gain(each.gain, each.gain_low, each.gain_high)
        assert gain is not None, "a row has chances or counts"
        gains[each.relief] = gain
    assert before is not None, "a row has chances or counts"
    return Bound(found, before, gains)


def _gain(value: float | None, low: float | None, high: float | None) -> Gain | None:
    if value is None or low is None or high is None:
        return None
    return Gain(value, low, high)


def in_points(gain: float) -> str:
    """A difference of probabilities in whole percentage points, with its sign."""
    return signed(100.0 * gain, 0)
