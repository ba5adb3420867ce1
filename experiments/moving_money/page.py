"""What moved money says: statements, a table by amount, and who gains and loses at the best one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from experiments.moving_money.findings import GAINS, LOSES, CountMoved, TargetMoved
from experiments.moving_money.pictures import net_curves, winners_and_losers
from sim.answer.blocks import Answer, Column, Line, Look, Note, Spoken, Statement, Table
from sim.answer.row import Config, group_name, marks
from sim.words import Chance, Count, Decimal, Label, Said, Share, Yuan, signed

NAMED = 3
"""Winners and losers that the answer names."""

_LOOKS: dict[str, Look] = {GAINS: "likely", LOSES: "unlikely", "": ""}


@dataclass(frozen=True)
class Found:
    """What was found, and which amount is best.

    Attributes:
        totals: of all targets, by amount, the smallest first; counts: of every group, too.
    """

    targets: Sequence[TargetMoved]
    counts: Sequence[CountMoved]
    config: Config

    @property
    def totals(self) -> list[CountMoved]:
        """The number of targets met, by amount."""
        return [own for own in self.counts if not own.row.group]

    @property
    def best(self) -> CountMoved:
        """The amount with which most targets are met; of equal ones the smallest."""
        return max(self.totals, key=lambda own: own.net)

    @property
    def at_best(self) -> list[TargetMoved]:
        """The targets at that amount: what gains most first, what loses most last."""
        own = [one for one in self.targets if one.amount == self.best.amount]
        return sorted(own, key=lambda one: -one.difference)

    def changed(self, change: str) -> list[TargetMoved]:
        """Targets of the plan that gain or lose at the best amount, the largest change first."""
        own = [one for one in self.at_best if one.change == change and one.row.decides]
        return sorted(own, key=lambda one: -abs(one.difference))

    @property
    def groups(self) -> dict[str, Label]:
        """What both groups are called, as giver and receiver."""
        return {
            name: group_name(self.config, group)
            for name, group in (("giver", self.best.giver), ("receiver", self.best.receiver))
        }


def answer(targets: Sequence[TargetMoved], counts: Sequence[CountMoved], config: Config) -> Answer:
    """The whole answer; at least one target of the plan itself is modelled."""
    found = Found(targets, counts, config)
    best, ends = found.best, found.totals[-1]
    total = int(best.row.goal)
    return Answer(
        statements=[*_statements(found)],
        tables=[amount_table(found), target_table(found)],
        pictures=[
            net_curves(counts, config, found.groups, best),
            winners_and_losers(found.at_best, found.groups, best),
        ],
        notes=[
            Note(Said("moving_money.note", {"count": len(found.totals)}), "caution"),
            *map(Note, marks([own.row for own in found.at_best])),
        ],
        figures={
            "giver": best.giver,
            "receiver": best.receiver,
            "pairs": best.pairs,
            "targets": total,
            "best": best.amount,
            "largest": ends.amount,
            "net": {str(own.amount): [own.net, own.net_low, own.net_high] for own in found.totals},
            "gaining": [own.row.indicator for own in found.changed(GAINS)],
            "losing": [own.row.indicator for own in found.changed(LOSES)],
        },
    )


# ------------------------------------------------------------------ statements


def _statements(found: Found) -> Iterator[Statement]:
    best = found.best
    told: dict[str, object] = {
        **found.groups,
        "amount": Yuan(best.amount),
        "part": Share(best.part),
        "total": int(best.row.goal),
        "before": f"{best.targets_met:.1f}",
        "after": f"{best.targets_met_moved:.1f}",
        "net": signed(best.net, 2),
        "low": signed(best.net_low, 2),
        "high": signed(best.net_high, 2),
        "count": len(found.totals),
    }
    key = "sure" if best.change == GAINS else "worse" if best.change == LOSES else "none"
    yield Statement(Said(f"moving_money.answer.{key}", told), "headline")
    yield Statement(_gains_and_losses(found), "headline")
    worse = [own for own in found.totals if own.change == LOSES and own is not best]
    if worse:
        first = worse[0]
        net = {"net": signed(first.net, 2), "low": signed(first.net_low, 2)}
        net |= {"high": signed(first.net_high, 2)}
        said = {**net, "amount": Yuan(first.amount), "part": Share(first.part)}
        yield Statement(Said("moving_money.answer.too_far", said))


def _gains_and_losses(found: Found) -> Said:
    """Which targets gain at the best amount, and which lose."""
    gains, losses = found.changed(GAINS), found.changed(LOSES)
    return Said(
        "moving_money.answer.sides",
        {
            "amount": Yuan(found.best.amount),
            "more": len(gains),
            "less": len(losses),
            "named": NAMED,
            "gains": [_told(own) for own in gains[:NAMED]],
            "losses": [_told(own) for own in losses[:NAMED]],
        },
    )


def _told(own: TargetMoved) -> Said:
    chances = {"before": Chance(own.probability), "after": Chance(own.probability_moved)}
    return Said("moving_money.answer.side", {"target": own.row.name, **chances})


# ------------------------------------------------------------------ tables


def amount_table(found: Found) -> Table:
    """The number of targets met as it is and by amount, with what is gained and lost."""
    columns = {
        "amount": Column(
            Said("moving_money.column.amount"),
            form="yuan",
            means=Said("moving_money.means.amount", found.groups),
        ),
        "part": Column(
            Said("moving_money.column.part"),
            form="share",
            spare=True,
            means=Said("moving_money.means.part", found.groups),
        ),
        "met": Column(Said("moving_money.column.met"), means=Said("moving_money.means.met")),
        "net": Column(Said("moving_money.column.net"), means=Said("moving_money.means.net")),
        "gaining": Column(
            Said("moving_money.column.gaining"), means=Said("moving_money.means.gaining")
        ),
        "losing": Column(
            Said("moving_money.column.losing"), means=Said("moving_money.means.losing")
        ),
    }
    as_it_is = {"amount": Yuan(0), "part": Share(0.0), "met": Decimal(found.best.targets_met)}
    lines = [Line({**as_it_is, "net": Said("moving_money.as_it_is")})]
    for own in found.totals:
        cells: dict[str, Spoken] = {
            "amount": Yuan(own.amount),
            "part": Share(own.part),
            "met": Decimal(own.targets_met_moved),
            "net": Decimal(own.net, own.net_low, own.net_high, decimals=2, signs=True),
            "gaining": Count(own.gaining),
            "losing": Count(own.losing),
        }
        lines.append(Line(cells, looks={"net": _LOOKS[own.change]}))
    said = {**found.groups, "pairs": Count(found.best.pairs), "total": int(found.best.row.goal)}
    return Table(
        "amounts",
        Said("moving_money.title", found.groups),
        columns,
        lines,
        Said("moving_money.caption", said),
    )


def target_table(found: Found) -> Table:
    """Who gains, who loses, and who does neither at the best amount."""
    columns = {
        "target": Column(Said("column.target"), "name"),
        "before": Column(
            Said("moving_money.column.before"),
            form="chance",
            means=Said("moving_money.means.before"),
        ),
        "after": Column(
            Said("moving_money.column.after"),
            form="chance",
            means=Said("moving_money.means.after"),
        ),
        "difference": Column(
            Said("moving_money.column.difference"), means=Said("moving_money.means.difference")
        ),
    }
    lines = []
    for change, heading in ((GAINS, "gains"), (LOSES, "loses"), ("", "same")):
        lines.append(Line({"target": Said(f"moving_money.{heading}")}, heading=True))
        own = [one for one in found.at_best if one.change == change]
        lines += [_line(one) for one in (reversed(own) if change == LOSES else own)]
    said = {**found.groups, "amount": Yuan(found.best.amount), "part": Share(found.best.part)}
    return Table("targets", Said("moving_money.title_targets", said), columns, lines)


def _line(own: TargetMoved) -> Line:
    cells: dict[str, Spoken] = {
        "target": own.row.marked,
        "before": Chance(own.probability),
        "after": Chance(own.probability_moved),
        "difference": own.points,
    }
    looks: dict[str, Look] = {} if own.row.counts else dict.fromkeys(cells, "quiet")
    if own.change:
        looks["difference"] = _LOOKS[own.change]
    return Line(cells, bool(own.change) and own.row.decides, looks=looks, source=own.row.clause)
