"""What a comparison says: statements, a table of each scenario and one of all, and pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from experiments.compare_scenarios.across import Together, chance_table, spread
from experiments.compare_scenarios.comparison import (
    Change,
    Comparison,
    Standing,
    differ,
    in_points,
    points,
    standings,
)
from experiments.compare_scenarios.findings import LESS, MORE, Compared
from experiments.compare_scenarios.pictures import pictures
from sim.answer.blocks import Answer, Column, Line, Look, Note, Spoken, Statement, Table, Weight
from sim.answer.row import Config, marks
from sim.words import Chance, Count, Decimal, Measure, Said, Written, signed

NAMED = 3
"""Largest gains and losses that the answer names."""

ERROR = 0.05
"""Of a 95 % interval."""

HELPS = 1.05
"""Variance ratio from which on common random numbers are said to help."""

_LOOKS: dict[str, Look] = {MORE: "likely", LESS: "unlikely", "": ""}


def answer(comparisons: Sequence[Comparison], config: Config) -> Answer:
    """The whole answer.

    Args:
        comparisons: of every scenario with the reference.
        config: of the reference.
    """
    ranked = standings(comparisons)
    return Answer(
        statements=[*_statements(comparisons, ranked)],
        tables=[*_tables(comparisons, ranked)],
        pictures=[*pictures(comparisons, ranked, config)],
        notes=[*_notes(comparisons)],
        figures={
            "reference": comparisons[0].rows[0].reference,
            "comparisons": [figures(one) for one in comparisons],
        },
    )


def figures(one: Comparison) -> dict[str, object]:
    """The figures that stand in the answer."""
    dates = sorted(first.date.isoformat() for first in one.first if first.date is not None)
    own: dict[str, object] = {
        "scenario": one.name,
        "paired": one.paired,
        "replications": [one.rows[0].replications_reference, one.rows[0].replications],
        "dropped": one.rows[0].dropped,
        "targets": one.total,
        "less_likely": [found.row.indicator for found in one.changed(LESS)],
        "more_likely": [found.row.indicator for found in one.changed(MORE)],
        "first_difference": dates[0] if dates else None,
    }
    if one.met is not None:
        before, after = one.met.means
        own |= {
            "met_reference": before.value,
            "met": after.value,
            "met_difference": list(one.met_change.limits),
            "variance_reduction": one.met.value_variance_reduction,
        }
    return own


# ------------------------------------------------------------------ statements


def _statements(
    comparisons: Sequence[Comparison], ranked: Sequence[Standing]
) -> Iterator[Statement]:
    """How often targets are met, what each scenario changes, and since when.

    Of one scenario all of it is the headline; of several only what tells them apart.
    """
    several = len(comparisons) > 1
    weight: Weight = "support" if several else "headline"
    if ranked:
        yield Statement(differ(ranked), "headline")
    if several:
        yield Statement(spread(Together.of(comparisons)), "headline")

    def of(one: Comparison, said: Said) -> Spoken:
        if not several:
            return said
        return Said("compare_scenarios.of", {"scenario": one.label, "said": said})

    for one in comparisons:
        yield Statement(_changes(one), weight)
        for said in (_met(one), first_difference(one)):
            if said is not None:
                yield Statement(of(one, said), weight)
        yield Statement(of(one, _rest(one)))
        if one.rows[0].dropped:
            dropped = {"dropped": Count(one.rows[0].dropped)}
            yield Statement(of(one, Said("compare_scenarios.dropped", dropped)), "caution")
        if one.other_code:
            yield Statement(of(one, Said("compare_scenarios.other_code")), "caution")


def _changes(one: Comparison) -> Said:
    """How many targets become less and more likely, and which do most."""
    losses, gains = one.changed(LESS), one.changed(MORE)
    return Said(
        "compare_scenarios.answer",
        {
            "reference": one.reference,
            "scenario": one.label,
            "total": one.total,
            "less": len(losses),
            "more": len(gains),
            "rest": one.total - len(losses) - len(gains),
            "losses": [_target(found) for found in losses[:NAMED]],
            "gains": [_target(found) for found in gains[:NAMED]],
        },
    )


def _target(found: Compared) -> Said:
    before, after = found.chances
    value, low, high = in_points(found.chance_change)
    points = {"points": value, "low": low, "high": high}
    return Said(
        "compare_scenarios.answer_target",
        {
            "target": found.row.name,
            "reference": Chance(before),
            "scenario": Chance(after),
            "difference": Said("compare_scenarios.points", points),
        },
    )


def _met(one: Comparison) -> Said | None:
    """How many targets are met, and what the pairs were worth; nothing without any target."""
    if one.met is None:
        return None
    before, after = one.met.means
    value, low, high = (signed(limit, 2) for limit in one.met_change.limits)
    told = {"reference": f"{before.value:.1f}", "scenario": f"{after.value:.1f}"}
    told |= {"difference": value, "low": low, "high": high}
    return Said("compare_scenarios.answer_met", {**told, "worth": _worth(one)})


def _worth(one: Comparison) -> Said | None:
    """What common random numbers save of the number of targets met."""
    factor = None if one.met is None else one.met.value_variance_reduction
    if not one.paired:
        return Said("compare_scenarios.unpaired")
    if factor is None:
        return None
    key = "compare_scenarios.saved" if factor >= HELPS else "compare_scenarios.lost"
    return Said(key, {"factor": f"{factor:.1f}" if factor < 9.95 else f"{factor:,.0f}"})


def first_difference(one: Comparison) -> Said | None:
    """When the two first differ and what happened, or why nobody knows; None if nobody asked."""
    if one.untold is not None:
        return Said(one.untold)
    if not one.first:
        return None
    dated = [(own.date, own.replication, own) for own in one.first if own.date is not None]
    if not dated:
        return Said("compare_scenarios.first_never", {"traced": len(one.first)})
    date, replication, own = min(dated, key=lambda found: found[:2])
    texts = {"ours": {"zh": own.reference_zh, "en": own.reference_en},
             "theirs": {"zh": own.other_zh, "en": own.other_en}}  # fmt: skip
    told = {name: label for name, label in texts.items() if label["zh"]}
    events = (own.reference_only or 0) + (own.other_only or 0)
    key = "compare_scenarios.first"
    if len(told) == 1:
        key += "_in_reference" if "ours" in told else "_in_scenario"
    return Said(
        key,
        {
            **told,
            "date": date.isoformat(),
            "replication": replication,
            "events": Count(events) if events > len(told) else None,
        },
    )


def _rest(one: Comparison) -> Said:
    """How many rows do not change visibly, and in how many of them something does."""
    rest = [found for found in one.single if not found.change]
    moved = sum(found.value_change != "" for found in rest)
    same = sum(found.same for found in rest) if one.paired else None
    return Said("compare_scenarios.rest", {"rest": len(rest), "moved": moved, "same": same})


# ------------------------------------------------------------------ tables


def _tables(comparisons: Sequence[Comparison], ranked: Sequence[Standing]) -> Iterator[Table]:
    """Of one scenario its table; of several one of all, and their own to be looked up."""
    several = len(comparisons) > 1
    if several:
        yield chance_table(Together.of(comparisons))
    if ranked:
        yield overview_table(comparisons, ranked)
    for one in comparisons:
        yield replace(comparison_table(one), annex=several)


def comparison_table(one: Comparison) -> Table:
    """The rows that change, largest first, then the joint ones and those that do not change."""
    columns = {
        "target": Column(Said("column.target"), "name"),
        "reference": Column(
            Said("compare_scenarios.column.reference"),
            form="chance",
            means=Said("compare_scenarios.means.reference"),
        ),
        "scenario": Column(
            Said("compare_scenarios.column.scenario"),
            form="chance",
            means=Said("compare_scenarios.means.scenario"),
        ),
        "difference": Column(
            Said("compare_scenarios.column.difference"),
            means=Said("compare_scenarios.means.difference"),
        ),
    }
    if one.paired:
        columns["pairs"] = Column(
            Said("compare_scenarios.column.pairs"),
            spare=True,
            means=Said("compare_scenarios.note_pairs"),
        )
    columns["value"] = Column(
        Said("compare_scenarios.column.value"), room=28, means=Said("compare_scenarios.means.value")
    )
    changed = sorted(
        [*one.changed(MORE, deciding=False), *one.changed(LESS, deciding=False)],
        key=lambda found: -abs(found.chance_change.value),
    )
    lines = [_line(found) for found in changed]
    if not changed:
        lines.append(Line({"target": Said("compare_scenarios.none")}, looks={"target": "quiet"}))
    lines.append(Line({"target": Said("compare_scenarios.together")}, heading=True))
    joint = [found for found in one.rows if found.row.joint]
    lines += [_line(found, essential=not found.row.group) for found in joint]
    rest = [found for found in one.single if not found.change]
    lines.append(Line({"target": Said("compare_scenarios.unchanged")}, heading=True))
    lines += [_line(found, essential=False) for found in rest]
    used = one.rows[0].replications_reference, one.rows[0].replications
    caption = "compare_scenarios.caption_paired" if one.paired else (
        "compare_scenarios.caption_unpaired"
    )  # fmt: skip
    return Table(
        one.name,
        Said("compare_scenarios.title", {"scenario": one.label, "reference": one.reference}),
        columns,
        lines,
        Said(caption, {"reference": Count(used[0]), "scenario": Count(used[1])}),
    )


def _line(found: Compared, *, essential: bool = True) -> Line:
    row, change = found.row, found.mean_change
    cells: dict[str, Spoken] = {"target": row.marked}
    if change is not None:
        told = {"change": Change(change), "unit": row.unit}
        said = Said("compare_scenarios.amount", told)
        cells["value"] = Written(said, Measure(change.limits, unit=row.unit))
    if row.counts_targets:
        total = {"name": row.name, "total": f"{row.goal:.0f}"}
        means = [Decimal(mean.value) for mean in found.means]
        cells |= {"target": Said("joint.total", total)}
        cells |= dict(zip(("reference", "scenario"), means, strict=True))
        return Line(cells, essential)
    cells |= dict(zip(("reference", "scenario"), map(Chance, found.chances), strict=True))
    cells["difference"] = points(found.chance_change)
    if found.paired:
        cells["pairs"] = f"{found.gained}/{found.lost}"
    looks: dict[str, Look] = {} if row.counts else dict.fromkeys(cells, "quiet")
    if found.change:
        looks["difference"] = _LOOKS[found.change]
    return Line(cells, essential, looks=looks)


def overview_table(comparisons: Sequence[Comparison], ranked: Sequence[Standing]) -> Table:
    """How many targets are met under every scenario, most first."""
    changed = {
        one.name: {"less": len(one.changed(LESS)), "more": len(one.changed(MORE))}
        for one in comparisons
    }
    columns = {
        "scenario": Column(Said("compare_scenarios.column.scenario"), "name"),
        "mean": Column(
            Said("compare_scenarios.overview.mean"), means=Said("compare_scenarios.means.met")
        ),
        "difference": Column(
            Said("compare_scenarios.overview.difference"),
            means=Said("compare_scenarios.means.met_difference"),
        ),
        "less": Column(
            Said("compare_scenarios.column.less"), means=Said("compare_scenarios.means.less")
        ),
        "more": Column(
            Said("compare_scenarios.column.more"), means=Said("compare_scenarios.means.more")
        ),
    }
    lines = [
        Line(
            {
                "scenario": own.label,
                "mean": own.mean_text,
                "difference": own.difference_text,
                **changed.get(own.name, {}),
            },
            looks={"difference": _LOOKS[own.change]},
        )
        for own in ranked
    ]
    caption = {"reference": comparisons[0].reference, "total": comparisons[0].total}
    return Table(
        "overview",
        Said("compare_scenarios.overview.title"),
        columns,
        lines,
        Said("compare_scenarios.overview.caption", caption),
    )


def _notes(comparisons: Sequence[Comparison]) -> Iterator[Note]:
    rows = [found.row for found in comparisons[0].single]
    if any(one.paired for one in comparisons):
        yield Note(Said("compare_scenarios.note_pairs"))
    told = {"rows": len(rows), "chance": f"{ERROR * len(rows):.0f}"}
    yield Note(Said("compare_scenarios.note", told), "caution")
    yield from map(Note, marks(rows))
