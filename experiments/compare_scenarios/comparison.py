"""One scenario beside the reference, all of them by the targets they meet, and their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from experiments.compare_scenarios.event_logs import FirstDifference
from experiments.compare_scenarios.findings import LESS, MORE, Compared, Estimate
from sim.answer.blocks import Spoken
from sim.words import MINUS, Decimal, Label, Quantity, Said, Speech, signed

_LONG = 1e6  # from here on a difference is written with a unit of counting


@dataclass(frozen=True)
class Comparison:
    """One scenario against the reference.

    Attributes:
        label, reference: what the scenario and the reference are called.
        rows: single rows in the plan's order, then joint ones; there are some.
        first: first differences of their event logs, by replication.
        untold: key of the words that say why these cannot be compared, None if they can.
        other_code: whether the two were made by different versions of the code.
    """

    label: Label
    reference: Label
    rows: Sequence[Compared]
    first: Sequence[FirstDifference] = ()
    untold: str | None = None
    other_code: bool = False

    @property
    def name(self) -> str:
        """Of the scenario."""
        return self.rows[0].scenario

    @property
    def paired(self) -> bool:
        """Whether both used the same random numbers."""
        return self.rows[0].paired

    @property
    def single(self) -> list[Compared]:
        """Rows on one target."""
        return [found for found in self.rows if not found.row.joint]

    def changed(self, change: str, *, deciding: bool = True) -> list[Compared]:
        """Single rows with this change of probability, the largest first.

        Those of the plan itself under the reading that counts, unless ``deciding`` is False.
        """
        own = [r for r in self.single if r.change == change and (r.row.decides or not deciding)]
        return sorted(own, key=lambda found: -abs(found.chance_change.value))

    @property
    def total(self) -> int:
        """How many targets decide."""
        return sum(found.row.decides for found in self.rows)

    @property
    def met(self) -> Compared | None:
        """The row on the number of targets met; None if no target is judged."""
        return next((r for r in self.rows if r.row.counts_targets and not r.row.group), None)

    @property
    def met_change(self) -> Estimate:
        """What becomes of the number of targets met, where there is a row on it."""
        assert self.met is not None, "some target is judged"
        change = self.met.mean_change
        assert change is not None, "a number of targets is a value"
        return change


@dataclass(frozen=True)
class Standing:
    """How many targets are met under one design point.

    ``difference`` from the reference is None for the reference itself.
    """

    name: str
    label: Label
    mean: Estimate
    difference: Estimate | None

    @property
    def change(self) -> str:
        """The direction of the difference, where it is more than chance."""
        if self.difference is None or not self.difference.sure:
            return ""
        return MORE if self.difference.value > 0.0 else LESS

    @property
    def mean_text(self) -> Decimal:
        """The mean with its interval."""
        return Decimal(*self.mean.limits)

    @property
    def difference_text(self) -> Spoken:
        """The difference with its interval, or that this is the reference."""
        if self.difference is None:
            return Said("compare_scenarios.overview.reference")
        return Decimal(*self.difference.limits, decimals=2, signs=True)


def standings(comparisons: Sequence[Comparison]) -> list[Standing]:
    """All design points, the one that meets most targets first.

    None where there is one scenario beside the reference, or no target is judged.
    """
    counted = [(one, one.met) for one in comparisons]
    found: list[Standing] = []
    for one, met in counted:
        if met is None or len(comparisons) < 2:
            return []
        before, after = met.means
        if not found:
            found.append(Standing(met.reference, one.reference, before, None))
        found.append(Standing(one.name, one.label, after, one.met_change))
    return sorted(found, key=lambda own: -own.mean.value)


def differ(ranked: Sequence[Standing]) -> Said:
    """Under which scenario most targets are met, and fewest, if that is more than chance."""
    if not any(own.change for own in ranked):
        own = next(own for own in ranked if own.difference is None)
        none = {"reference": own.label, "mean": f"{own.mean.value:.1f}"}
        return Said("compare_scenarios.overview.answer_none", none)
    best, worst = ranked[0], ranked[-1]
    told = {"best": best.label, "most": f"{best.mean.value:.1f}"}
    told |= {"worst": worst.label, "least": f"{worst.mean.value:.1f}"}
    return Said("compare_scenarios.overview.answer", told)


# ------------------------------------------------------------------ numbers in writing


def in_points(difference: Estimate) -> tuple[str, str, str]:
    """A difference of probabilities, and its limits, in percentage points."""
    value, low, high = (signed(100.0 * limit) for limit in difference.limits)
    return value, low, high


def points(difference: Estimate) -> Decimal:
    """The same, to be said as one."""
    value, low, high = (100.0 * limit for limit in difference.limits)
    return Decimal(value, low, high, signs=True)


@dataclass(frozen=True)
class Change:
    """A difference of values with its limits, to be said without its unit."""

    difference: Estimate

    def spoken(self, speech: Speech) -> str:
        """As in ``+3.0 (+1.0, +5.0)``, long amounts in words."""
        limits = self.difference.limits
        largest = max(map(abs, limits))
        if largest < _LONG:
            decimals = 0 if largest >= 100.0 else 1 if largest >= 1.0 else 2
            return Decimal(*limits, decimals=decimals, signs=True).spoken(speech)
        signs = ["+" if limit > 0.0 else MINUS if limit < 0.0 else "" for limit in limits]
        words = [Quantity(abs(limit)).spoken(speech) for limit in limits]
        value, low, high = (sign + word for sign, word in zip(signs, words, strict=True))
        return f"{value} ({low}, {high})"
