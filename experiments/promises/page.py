"""What promises say: statements, and the table of what can be promised of each target."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from experiments.promises.findings import Promise
from sim.answer.blocks import Answer, Column, Line, Look, Note, Statement, Table
from sim.answer.row import Config, Row, for_readers, group_name, marks
from sim.stats.promise import PROMISED
from sim.words import Chance, Label, Quantity, Replications, Said, Share, Speech

CUTS = 3
"""Targets that the answer names as those to be cut most."""

LONGEST = 24
"""Most names of targets in one sentence."""


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

    def cell(self, confidence: float) -> Said:
        """A promise, with a mark if it is what the plan asks for."""
        promise = self.promises[confidence]
        return Said("promises.cell", {"promise": Offer(promise), "kept": promise.keeps_goal})

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


def answer(scenarios: Sequence[Scenario]) -> Answer:
    """The whole answer: in words and as a table of the first scenario, in pictures of all."""
    from experiments.promises.pictures import pictures

    first = scenarios[0]
    main = first.main_confidence
    return Answer(
        statements=[*_statements(scenarios)],
        tables=[promise_table(first)],
        pictures=[*pictures(scenarios)],
        notes=[
            Note(Said("promises.note", {"confidence": Share(main)})),
            *map(Note, marks([own.row for own in first.rows])),
        ],
        figures={
            "targets": len(first.judged()),
            "confidence": main,
            "kept": {
                scenario.name: {str(c): len(scenario.kept(c)) for c in scenario.confidences}
                for scenario in scenarios
            },
            "promised": {
                scenario.name: {
                    str(c): [":".join(filter(None, own.row.key)) for own in scenario.kept(c)]
                    for c in scenario.confidences
                }
                for scenario in scenarios
            },
            "deepest_cuts": [
                {
                    "target": own.row.target,
                    "goal": own.row.goal,
                    "promise": own.promises[main].value,
                    "share": own.promises[main].share,
                }
                for own in first.deepest_cuts()
            ],
        },
    )


# ------------------------------------------------------------------ statements


def _statements(scenarios: Sequence[Scenario]) -> Iterator[Statement]:
    """How many targets can be promised as they stand, which must be cut most, and to what."""
    first = scenarios[0]
    main, total = first.main_confidence, len(first.judged())
    kept, confidence = first.kept(main), Share(first.main_confidence)
    yield Statement(
        Said(
            "promises.answer" if len(kept) < total else "promises.answer_all",
            {
                "scenario": first.label,
                "total": total,
                "kept": len(kept),
                "cut": total - len(kept),
                "confidence": confidence,
                "risk": Share(1.0 - main),
                "others": [
                    Said(
                        "promises.answer_at",
                        {"confidence": Share(other), "kept": len(first.kept(other))},
                    )
                    for other in first.confidences
                    if other != main
                ],
            },
        ),
        "headline",
    )
    if kept:
        said = {"list": [own.row for own in kept[:LONGEST]], "more": max(0, len(kept) - LONGEST)}
        yield Statement(Said("promises.answer_kept", said))
    cuts = [_cut(own, main) for own in first.deepest_cuts()]
    if cuts:
        said = {"confidence": confidence, "list": cuts}
        yield Statement(Said("promises.answer_cuts", said), "headline")
    nothing = [own.row for own in first.nothing()]
    if nothing:
        said = {"confidence": confidence, "list": nothing}
        yield Statement(Said("promises.answer_nothing", said))
    if len(scenarios) > 1:
        counts = [
            Said("promises.answer_scenario", {"scenario": one.label, "kept": len(one.kept(main))})
            for one in scenarios
        ]
        yield Statement(Said("promises.answer_scenarios", {"list": counts}), "headline")


def _cut(own: Promised, confidence: float) -> Said:
    return Said(
        "promises.answer_cut",
        {
            "target": own.row,
            "goal": own.row.wanted,
            "promise": Offer(own.promises[confidence]),
            "unit": own.row.unit,
            "share": own.share(confidence),
        },
    )


# ------------------------------------------------------------------ the table


def promise_table(scenario: Scenario) -> Table:
    """What the plan asks for, and what can be promised with each confidence.

    A short table has the targets of headline groups, and all that cannot be promised as they stand.
    """
    main = scenario.main_confidence
    columns = {
        "target": Column(Said("column.target"), "name"),
        "goal": Column(Said("column.goal"), room=18, spare=True),
        **{
            str(confidence): Column(Said("promises.column", {"confidence": Share(confidence)}))
            for confidence in scenario.confidences
        },
        "share": Column(Said("promises.share")),
    }
    lines: list[Line] = []
    for group, members in groupby(scenario.rows, key=lambda own: own.row.group):
        lines.append(Line({"target": group_name(scenario.config, group)}, heading=True))
        headline = bool(scenario.config["plan"]["groups"][group]["headline"])
        for own in members:
            kept = {c: promise.keeps_goal for c, promise in own.promises.items()}
            looks: dict[str, Look] = {}
            if own.row.counts:
                looks = {str(confidence): "likely" for confidence in kept if kept[confidence]}
            else:
                looks = dict.fromkeys(columns, "quiet")
            lines.append(
                Line(
                    {
                        "target": own.row.marked,
                        "goal": own.row.wanted,
                        **{str(confidence): own.cell(confidence) for confidence in kept},
                        "share": own.share(main),
                    },
                    essential=own.row.decides and (headline or not kept[main]),
                    looks=looks,
                )
            )
    said = {"scenario": scenario.label, "replications": Replications(scenario.replications)}
    caption = Said("promises.caption", said)
    return Table("promises", Said("promises.title"), columns, lines, caption)
