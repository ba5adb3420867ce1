"""Pictures of moved money: the net change over the amount, and who gains and loses at the best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from experiments.moving_money.findings import GAINS, LOSES, CountMoved, TargetMoved
from sim.answer.figures import (
    Axis,
    Dot,
    Dumbbell,
    Key,
    Pair,
    Point,
    Response,
    ResponsePanel,
    Role,
)
from sim.answer.row import Config, group_name, marks
from sim.words import Chance, Label, Said, Yuan, signed

SHOWN = 14
"""Targets in the picture of winners and losers: one page."""

_LEAST = 0.5  # of a target, up and down: less is no change to look at

_ROLES: dict[str, Role] = {GAINS: "more", LOSES: "less", "": "same"}


def net_curves(
    counts: Sequence[CountMoved], config: Config, groups: Mapping[str, Label], best: CountMoved
) -> Response:
    """The net change of the number of targets met over the amount, of all and of every group."""
    by_row = sorted(counts, key=lambda own: [one.row for one in counts].index(own.row))
    amounts = sorted({own.amount for own in counts})
    return Response(
        name="moving_money",
        title=Said(
            "moving_money.chart.title",
            {**groups, "amount": Yuan(best.amount), "net": signed(best.net, 2)},
        ),
        legend=Said("moving_money.chart.legend"),
        panels=[
            _panel([*own], config) for _, own in groupby(by_row, key=lambda own: own.row.target)
        ],
        across=Axis(
            Said("moving_money.chart.across"),
            form="yuan",
            ends=(0.0, float(amounts[-1])),
            ticks=[(float(amount), Yuan(amount)) for amount in (amounts[-1], 0, *amounts[-2::-1])],
        ),
        up=Axis(
            Said("moving_money.chart.up"),
            ends=(
                min(-_LEAST, *(own.net_low for own in counts)),
                max(_LEAST, *(own.net_high for own in counts)),
            ),
        ),
        level=(0.0, Said("moving_money.as_it_is")),
    )


def _panel(own: Sequence[CountMoved], config: Config) -> ResponsePanel:
    row = own[0].row
    group = group_name(config, row.group) if row.group else None
    name = Said("moving_money.chart.panel", {"total": int(row.goal), "group": group})
    return ResponsePanel(
        name=name,
        lines=[],
        x=[0.0, *(float(one.amount) for one in own)],
        fit=[0.0, *(one.net for one in own)],
        points=[
            Point(float(one.amount), one.net, (one.net_low, one.net_high), _ROLES[one.change])
            for one in own
        ],
        role="same",
    )


def winners_and_losers(
    targets: Sequence[TargetMoved], groups: Mapping[str, Label], best: CountMoved
) -> Dumbbell:
    """The chances without and with the best amount: sure changes first, gains before losses.

    Targets whose chance is the same are left out.
    """
    order = sorted(
        (own for own in targets if own.row.counts and own.difference),
        key=lambda own: (not own.change, own.change == LOSES, -abs(own.difference)),
    )
    shown = order[:SHOWN]
    counted = sum(own.row.counts for own in targets)
    said = {
        **groups,
        "amount": Yuan(best.amount),
        "more": sum(own.change == GAINS and own.row.decides for own in targets),
        "less": sum(own.change == LOSES and own.row.decides for own in targets),
    }
    left_out = Said("moving_money.chart.left_out", {"count": counted - len(shown)})
    return Dumbbell(
        name="moving_money_targets",
        title=Said("moving_money.chart.title_targets", said),
        legend=Said("moving_money.chart.legend_targets"),
        keys=[
            Key(role, Said(f"moving_money.{name}"))
            for role, name in ((_ROLES[GAINS], "gains"), (_ROLES[LOSES], "loses"), ("same", "same"))
        ],
        notes=[
            *marks([own.row for own in shown]),
            *([left_out] if len(shown) < counted else []),
        ],
        rows=[_pair(own) for own in shown],
        axis=Axis(form="chance"),
        columns=[Said("moving_money.column.chances"), Said("moving_money.column.difference")],
    )


def _pair(own: TargetMoved) -> Pair:
    role = _ROLES[own.change]
    chances = {"before": Chance(own.probability), "after": Chance(own.probability_moved)}
    return Pair(
        name=Said("row.marked", {"target": own.row.name, "dagger": own.row.dagger}),
        dots=[Dot(own.probability, role, hollow=True), Dot(own.probability_moved, role)],
        texts=[Said("moving_money.chart.chances", chances), own.points],
        role=role,
        sure=bool(own.change),
        reading=own.row.reading,
    )
