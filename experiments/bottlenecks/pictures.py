"""Pictures of bottlenecks: the matrix of gains, and the number of targets met."""

from __future__ import annotations

import math
from collections.abc import Iterator

from experiments.bottlenecks.bound import (
    Bottlenecks,
    Bound,
    Gain,
    in_points,
)
from experiments.bottlenecks.findings import TOGETHER
from sim.answer.blocks import Figure, Spoken
from sim.answer.figures import Axis, Cell, Dot, Dumbbell, Grid, GridPanel, GridRow, Key, Pair, Role
from sim.answer.row import Config, group_name, marks
from sim.words import Chance, Said, signed


def pictures(found: Bottlenecks, config: Config) -> Iterator[Figure]:
    """``matrix``, unless every target is met anyway, and ``targets_met``."""
    if found.shown:
        yield matrix(found, config)
    yield targets_met(found)


# ------------------------------------------------------------------ the gains of every target


def matrix(found: Bottlenecks, config: Config) -> Grid:
    """The gains by target and relief as coloured cells, the ledger's stage beside them.

    Columns by what the relief adds to the number of targets met. Targets that are likely to be met
    as it is and gain nothing are counted below.
    """
    shown = found.shown
    keys = [Key("more", Said("bottlenecks.gain"), "fill")]
    if any(gain.is_loss for own in shown for gain in own.gains.values()):
        keys.append(Key("less", Said("bottlenecks.loss"), "fill"))
    left_out = Said("bottlenecks.matrix.left_out", {"count": len(found.settled)})
    return Grid(
        name="matrix",
        title=_binding_most(found),
        legend=Said(
            "bottlenecks.legend", {"agrees": any(own.found.ledger_agrees for own in shown)}
        ),
        keys=keys,
        notes=[*marks([own.row for own in shown]), *([left_out] if found.settled else [])],
        panels=[
            GridPanel(
                None,
                [found.names[name] for name in found.reliefs],
                [_grid_row(own, found, config) for own in shown],
            )
        ],
        ends=(-1.0, 1.0),
        before=Said("bottlenecks.before"),
        after=Said("bottlenecks.ledger"),
        apart=TOGETHER in found.names,
    )


def _binding_most(found: Bottlenecks) -> Said:
    """Which relief gains most for most targets, or which several are equal in that."""
    counts = {name: len(found.binds(name)) for name in found.single}
    most = max(counts.values())
    if not most:
        return Said("bottlenecks.matrix.none")
    first = [
        Said("bottlenecks.quoted", {"relief": found.names[name]})
        for name, count in counts.items()
        if count == most
    ]
    return Said(
        "bottlenecks.matrix.title" if len(first) == 1 else "bottlenecks.matrix.tied",
        {"list": first, "count": most, "total": len(found.deciding)},
    )


def _grid_row(own: Bound, found: Bottlenecks, config: Config) -> GridRow:
    return GridRow(
        name=Said("row.marked", {"target": own.row.name, "dagger": own.row.dagger}),
        cells=[
            Cell(gain.value, in_points(gain.value), gain.is_sure, name == own.best)
            for name, gain in ((name, own.gains[name]) for name in found.reliefs)
        ],
        group=group_name(config, own.row.group),
        reading=own.row.reading,
        before=Chance(own.before),
        after=own.ledger,
        counts=own.row.counts,
    )


# ------------------------------------------------------------------ how many targets are met


def targets_met(found: Bottlenecks) -> Dumbbell:
    """The number of targets met as it is and with each relief, the largest gain first.

    All at once comes last, and below it where the single gains would add up to.
    """
    overall = found.overall
    pairs = [
        _pair(found.names[name], overall.gains[name], overall.before) for name in found.reliefs
    ]
    if overall.interaction is not None:
        together = overall.gains[TOGETHER].value
        added = together - overall.interaction.value
        pairs.append(
            Pair(
                name=Said("bottlenecks.sum"),
                dots=[_as_it_is(overall.before), Dot(overall.before + added, "sum")],
                texts=[f"{overall.before + added:.1f}", signed(added)],
                role="sum",
                sure=False,
            )
        )
    return Dumbbell(
        name="targets_met",
        title=_adding_most(found),
        legend=Said("bottlenecks.met.legend"),
        rows=pairs,
        axis=Axis(name=Said("bottlenecks.met.axis", {"total": int(overall.row.goal)})),
        columns=[Said("bottlenecks.met.column"), Said("bottlenecks.met.gain")],
        reference=(
            overall.before,
            Said("bottlenecks.met.before", {"base": f"{overall.before:.1f}"}),
        ),
    )


def _adding_most(found: Bottlenecks) -> Said:
    """What is the largest of nothing is no constraint."""
    gains, best = found.overall.gains, found.single[0]
    if not gains[best].is_gain:
        return Said("bottlenecks.met.none")
    together = gains.get(TOGETHER)
    return Said(
        "bottlenecks.met.title",
        {
            "relief": found.names[best],
            "gain": f"{gains[best].value:.1f}",
            "together": None if together is None else f"{together.value:.1f}",
        },
    )


def _pair(name: Spoken, gain: Gain, before: float) -> Pair:
    role: Role = "more" if gain.is_gain else "less" if gain.is_loss else "same"
    low, high = (before + end if math.isfinite(end) else None for end in (gain.low, gain.high))
    return Pair(
        name=name,
        dots=[_as_it_is(before), Dot(before + gain.value, role, (low, high))],
        texts=[f"{before + gain.value:.1f}", _with_interval(gain)],
        role=role,
        sure=gain.is_sure,
    )


def _as_it_is(before: float) -> Dot:
    return Dot(before, "reference", hollow=True)


def _with_interval(gain: Gain) -> str:
    return f"{signed(gain.value)} [{signed(gain.low)}, {signed(gain.high)}]"
