"""What promises say: statements, and the table of what can be promised of each target."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from experiments.promises.pictures import pictures
from experiments.promises.promised import Offer, Promised, Scenario
from sim.answer.blocks import Answer, Column, Line, Look, Note, Statement, Table
from sim.answer.row import group_name, marks
from sim.words import Replications, Said, Share

LONGEST = 24
"""Most names of targets in one sentence."""


def answer(scenarios: Sequence[Scenario]) -> Answer:
    """The whole answer: in words and as a table of the first scenario, in pictures of all."""
    first = scenarios[0]
    main = first.main_confidence
    return Answer(
        statements=[*_statements(scenarios)],
        tables=[level_table(first), promise_table(first)],
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
        said = {"confidence": confidence, "list": counts}
        yield Statement(Said("promises.answer_scenarios", said), "headline")
    for other in scenarios[1:]:
        still = {own.row.key for own in other.kept(main)}
        lost = [own.row for own in kept if own.row.key not in still]
        if lost:
            said = {"scenario": other.label, "list": lost[:LONGEST], "count": len(lost)}
            yield Statement(Said("promises.answer_lost", said))


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


def level_table(scenario: Scenario) -> Table:
    """The targets by name, by the highest confidence with which they can be promised."""
    main = scenario.main_confidence
    columns = {
        "target": Column(Said("column.target"), "name"),
        "goal": Column(Said("column.goal"), room=18, means=Said("column.goal_means")),
        "promise": _promise_column(main),
    }
    lines: list[Line] = []
    higher: float | None = None
    for confidence, members in scenario.levels():
        said = {
            "confidence": Share(scenario.confidences[0] if confidence is None else confidence),
            "higher": None if higher is None else Share(higher),
            "count": len(members),
        }
        key = "promises.level_none" if confidence is None else "promises.level"
        lines.append(Line({"target": Said(key, said)}, heading=True))
        lines += [
            Line(
                {"target": own.row, "goal": own.row.wanted, "promise": own.cell(main)},
                source=own.row.clause,
            )
            for own in members
        ]
        higher = confidence
    caption = Said("promises.levels_caption", {"scenario": scenario.label})
    return Table("promised", Said("promises.levels"), columns, lines, caption)


def _promise_column(confidence: float) -> Column:
    said = {"confidence": Share(confidence)}
    return Column(Said("promises.column", said), means=Said("promises.column_means", said))


def promise_table(scenario: Scenario) -> Table:
    """What the plan asks for, and what can be promised with each confidence.

    A short table has the targets of headline groups, and all that cannot be promised as they stand.
    """
    main = scenario.main_confidence
    columns = {
        "target": Column(Said("column.target"), "name"),
        "goal": Column(Said("column.goal"), room=18, spare=True, means=Said("column.goal_means")),
        **{str(confidence): _promise_column(confidence) for confidence in scenario.confidences},
        "share": Column(
            Said("promises.share"),
            form="share",
            means=Said("promises.share_means", {"confidence": Share(main)}),
        ),
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
                    source=own.row.clause,
                )
            )
    said = {"scenario": scenario.label, "replications": Replications(scenario.replications)}
    caption = Said("promises.caption", said)
    return Table("promises", Said("promises.title"), columns, lines, caption)
