"""What bottlenecks say: statements, and the table of what every relief gains."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from experiments.bottlenecks.bound import (
    Bottlenecks,
    Bound,
    Gain,
    bottlenecks,
    in_points,
)
from experiments.bottlenecks.findings import TOGETHER, Binding, ReliefGain
from experiments.bottlenecks.pictures import pictures
from sim.answer.blocks import Answer, Column, Line, Look, Note, Spoken, Statement, Table
from sim.answer.row import MET_COUNT, Config, group_name, marks
from sim.words import Chance, Count, Decimal, Measure, Said, Written, signed

NAMED = 4
"""Targets listed at most where the list could be long."""


def answer(gains: Sequence[ReliefGain], binding: Sequence[Binding], config: Config) -> Answer:
    """The whole answer: the best relief, all together, who is not helped, and the ledger.

    ``config`` is that of the run as it is; at least one target of the plan itself is modelled.
    """
    found = bottlenecks(gains, binding, config)
    return Answer(
        statements=[*_statements(found)],
        tables=[gains_table(found, config)],
        pictures=[*pictures(found, config)],
        notes=[*_notes(found)],
        figures=_figures(found),
    )


def _figures(found: Bottlenecks) -> Mapping[str, object]:
    """Numbers of the statements, and those of every relief."""
    overall = found.overall
    figures: dict[str, object] = {
        "pairs": found.pairs,
        "targets": int(overall.row.goal),
        "targets_met": overall.before,
        "reliefs": {name: _told(name, gain, found) for name, gain in overall.gains.items()},
        "not_helped": [own.row.target for own in found.helpless],
        "need_several": [own.row.target for own in found.several],
        "ledger_judged": len(found.judged),
        "ledger_agrees": sum(own.found.ledger_agrees is True for own in found.judged),
    }
    if overall.interaction is not None:
        figures["interaction"] = overall.interaction.value
    return figures


def _told(name: str, gain: Gain, found: Bottlenecks) -> dict[str, object]:
    told: dict[str, object] = {"targets_gained": gain.value, "low": gain.low, "high": gain.high}
    return told if name == TOGETHER else told | {"best_for": len(found.binds(name))}


# ------------------------------------------------------------------ statements


def _statements(found: Bottlenecks) -> Iterator[Statement]:
    yield Statement(_single(found), "headline")
    if found.overall.interaction is not None:
        yield Statement(_together(found, found.overall.interaction), "headline")
    if found.several:
        several = {
            "count": len(found.several),
            "list": [
                Said(
                    "bottlenecks.answer.one_and_all",
                    {
                        "target": own.row.name,
                        "one": in_points(own.gains[own.best].value) if own.best else "0",
                        "all": in_points(own.gains[TOGETHER].value),
                    },
                )
                for own in found.several[:NAMED]
            ],
        }
        yield Statement(Said("bottlenecks.answer.several", several))
    losses = [*_losses(found)]
    if losses:
        yield Statement(Said("bottlenecks.answer.losses", {"list": losses}))
    yield Statement(_helpless(found), "headline")
    if found.judged:
        yield Statement(_agreement(found))


def _single(found: Bottlenecks) -> Said:
    """The relief that adds most targets, and the others that add any."""
    overall = found.overall
    said: dict[str, Any] = {"total": int(overall.row.goal), "base": f"{overall.before:.1f}"}
    gaining = [name for name in found.single if overall.gains[name].is_gain]
    if not gaining:
        return Said("bottlenecks.answer.none", said)
    first, *others = gaining
    gain = overall.gains[first]
    said |= {
        "relief": found.names[first],
        "gain": f"{gain.value:.1f}",
        "low": f"{gain.low:.1f}",
        "high": f"{gain.high:.1f}",
        "count": len(found.binds(first)),
        "others": [
            Said(
                "bottlenecks.answer.other",
                {"relief": found.names[name], "gain": signed(overall.gains[name].value)},
            )
            for name in others
        ],
    }
    return Said("bottlenecks.answer.best", said)


def _together(found: Bottlenecks, beyond: Gain) -> Said:
    """What all at once gain, against the sum of single gains."""
    gain = found.overall.gains[TOGETHER].value
    kind = "more" if beyond.is_gain else "less" if beyond.is_loss else "equal"
    told = {"sum": f"{gain - beyond.value:.1f}", "difference": f"{abs(beyond.value):.1f}"}
    return Said(
        "bottlenecks.answer.together",
        {"gain": f"{gain:.1f}", "comparison": Said(f"bottlenecks.answer.{kind}", told)},
    )


def _losses(found: Bottlenecks) -> Iterator[Said]:
    """Targets that lifting a single constraint harms."""
    for name in found.single:
        for own in found.deciding:
            gain = own.gains[name]
            if gain.is_loss:
                yield Said(
                    "bottlenecks.answer.loss",
                    {
                        "relief": found.names[name],
                        "target": own.row.name,
                        "points": round(-100.0 * gain.value),
                    },
                )


def _helpless(found: Bottlenecks) -> Said:
    """Targets below 80 % that nothing helps, with what the ledger says of them."""
    if not found.helpless:
        return Said("bottlenecks.answer.all_helped")
    listed = [
        Said(
            "bottlenecks.answer.target",
            {"target": own.row.name, "note": own.stage or Said("number.none")},
        )
        for own in found.helpless
    ]
    return Said(
        "bottlenecks.answer.helpless",
        {"count": len(listed), "list": listed, "several": TOGETHER in found.names},
    )


def _agreement(found: Bottlenecks) -> Said:
    """How often the ledger names the constraint whose relief gains most, and where it does not."""
    differing = [own for own in found.judged if not own.found.ledger_agrees]
    agreed = len(found.judged) - len(differing)
    return Said(
        "bottlenecks.answer.agreement",
        {
            "judged": len(found.judged),
            "agreed": agreed,
            "share": Chance(agreed / len(found.judged)),
            "differing": [
                Said(
                    "bottlenecks.answer.differs",
                    {"target": own.row.name, "stage": own.stage, "relief": found.names[own.best]},
                )
                for own in differing
            ],
        },
    )


# ------------------------------------------------------------------ the table


def gains_table(found: Bottlenecks, config: Config) -> Table:
    """Numbers of targets met, then targets, with what every relief gains for them.

    Targets that are likely to be met as it is, and gain nothing, are named in a note. Essential
    is what a relief helps.
    """
    columns = {
        "target": Column(Said("column.target"), "name"),
        "chance": Column(
            Said("bottlenecks.before"), form="chance", means=Said("bottlenecks.before_means")
        ),
        **{
            name: Column(found.names[name], room=10, means=Said("bottlenecks.gain_means"))
            for name in found.reliefs
        },
        "ledger": Column(Said("bottlenecks.ledger"), "text", room=18),
    }
    lines = [Line({"target": Said("joint.heading")}, heading=True)]
    for own in found.counts:
        group = group_name(config, own.row.group) if own.row.group else None
        name = Said("bottlenecks.count", {"total": int(own.row.goal), "group": group})
        lines.append(_line(own, name, Decimal(own.before), signed))
    for group, members in groupby(found.shown, key=lambda own: own.row.group):
        lines.append(Line({"target": group_name(config, group)}, heading=True))
        lines += [_line(own, own.row.marked, Chance(own.before), in_points) for own in members]
    return Table(
        "bottlenecks",
        Said("bottlenecks.title"),
        columns,
        lines,
        Said("bottlenecks.caption", {"pairs": Count(found.pairs)}),
    )


def _line(own: Bound, name: Spoken, before: Spoken, text: Callable[[float], str]) -> Line:
    cells: dict[str, Spoken] = {"target": name, "chance": before, "ledger": own.ledger}
    looks: dict[str, Look] = {}
    if not own.row.counts:
        looks = dict.fromkeys(("target", "chance", "ledger"), "quiet")
    for relief, gain in own.gains.items():
        said = text(gain.value)
        if relief == own.best:
            said = f"[{said}]"
        elif not gain.is_sure and said.strip("0."):
            said = f"({said})"
        whole = 1.0 if own.row.counts_targets else 100.0
        ends = (gain.value, gain.low, gain.high)
        cells[relief] = Written(said, Measure(tuple(whole * end for end in ends)))
        looks[relief] = "likely" if gain.is_gain else "unlikely" if gain.is_loss else "quiet"
    essential = own.row.decides or own.row.target == MET_COUNT
    return Line(
        cells, essential=essential and own.found.helped_by in ("one", "together"), looks=looks
    )


def _notes(found: Bottlenecks) -> Iterator[Note]:
    yield Note(Said("bottlenecks.note"))
    yield from map(Note, marks([own.row for own in found.rows]))
    if found.settled:
        names = [
            Said(
                "bottlenecks.settled",
                {"name": row.name, "dagger": row.dagger, "reading": row.reading},
            )
            for row in found.settled
        ]
        yield Note(Said("bottlenecks.met_anyway", {"list": names}), "method")
