"""What can be promised of each target of a scenario, as page and pictures show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from experiments.promises.findings import Promise
from sim.answer.row import Config, Row, for_readers
from sim.stats.promise import PROMISED
from sim.words import Chance, Label, Measure, Quantity, Said, Speech, Written

CUTS = 3
"""Targets that the answer names as those to be cut most."""


@dataclass(frozen=True)
class Offer:
    """A promise as it is said: rounded to the safe side, with its comparator."""

    promise: Promise

    def spoken(self, speech: Speech) -> str:
        """As in ``≥ 151``; in words if nothing is promised."""
        if self.promise.is_nothing:
            return speech("promises.nothing")
        return self.promise.row.wanted.promised(self.promise.value, speech)


@dataclass(frozen=True)
class Promised:
    """A target under one reading, and its promises by confidence in ascending order."""

    row: Row
    promises: Mapping[float, Promise]

    def cell(self, confidence: float) -> Said | Written:
        """A promise, with a mark if it is what the plan asks for."""
        promise = self.promises[confidence]
        said = Said("promises.cell", {"promise": Offer(promise), "kept": promise.keeps_goal})
        if promise.is_nothing:
            return said
        sign = "<=" if promise.row.less_is_better else ">="
        return Written(said, Measure((promise.value,), sign=sign))

    def share(self, confidence: float) -> Chance | Quantity:
        """How much of the goal is promised: never 100 % for less, a dash where there is none."""
        share = self.promises[confidence].share
        return Quantity(float("nan")) if share is None else Chance(share)


@dataclass(frozen=True)
class Scenario:
    """The promises of one scenario, by target in the order in which people read them."""

    name: str
    label: Label
    findings: Sequence[Promise]
    rows: Sequence[Promised]
    config: Config

    @property
    def replications(self) -> int:
        """How many finished."""
        return self.findings[0].replications

    @property
    def confidences(self) -> list[float]:
        """The confidences of the study in ascending order."""
        return [*self.rows[0].promises]

    @property
    def main_confidence(self) -> float:
        """The one that findings are told for: nearest to that of promises everywhere else."""
        return min(self.confidences, key=lambda confidence: abs(confidence - PROMISED))

    def judged(self) -> list[Promised]:
        """The promises of the plan's own targets, under the reading that counts."""
        return [promised for promised in self.rows if promised.row.decides]

    def kept(self, confidence: float) -> list[Promised]:
        """Those of them that can be promised as they stand."""
        return [own for own in self.judged() if own.promises[confidence].keeps_goal]

    def levels(self) -> list[tuple[float | None, list[Promised]]]:
        """The targets by the highest confidence with which they can be promised as they stand.

        The highest confidence comes first; None is for those that no confidence keeps.
        """
        left = self.judged()
        found: list[tuple[float | None, list[Promised]]] = []
        for confidence in reversed(self.confidences):
            found.append((confidence, [o for o in left if o.promises[confidence].keeps_goal]))
            left = [own for own in left if not own.promises[confidence].keeps_goal]
        return [*found, (None, left)]

    def nothing(self) -> list[Promised]:
        """Those of them of which nothing at all can be promised."""
        main = self.main_confidence
        return [own for own in self.judged() if own.promises[main].is_nothing]

    def deepest_cuts(self) -> list[Promised]:
        """Those of them whose promise is the smallest share of the goal, smallest first.

        Those of which nothing at all can be promised are another matter.
        """
        short: list[tuple[float, Promised]] = []
        for own in self.judged():
            promise = own.promises[self.main_confidence]
            if not promise.keeps_goal and not promise.is_nothing and promise.share is not None:
                short.append((promise.share, own))
        return [own for _, own in sorted(short, key=lambda pair: pair[0])[:CUTS]]


def scenario_of(findings: Sequence[Promise], config: Config) -> Scenario:
    """The promises of one scenario, whose configuration is ``config``."""
    by_row: dict[Row, dict[float, Promise]] = {}
    for promise in sorted(findings, key=lambda promise: promise.confidence):
        by_row.setdefault(promise.row, {})[promise.confidence] = promise
    rows = for_readers([*dict.fromkeys(promise.row for promise in findings)], config)
    first = findings[0]
    label = {"zh": first.scenario_zh, "en": first.scenario_en}
    own = [Promised(row, by_row[row]) for row in rows]
    return Scenario(first.scenario, label, findings, own, config)
