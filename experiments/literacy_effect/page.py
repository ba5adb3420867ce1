"""What is said of the effect of money on literacy."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.literacy_effect.findings import DIFFERENCE, WITH, WITHOUT, Effect
from sim.answer.blocks import Answer, Column, Line, Note, Statement, Table
from sim.answer.figures import Axis, Dot, Dumbbell, Pair, Role
from sim.words import Chance, Count, Interval, Said

_NAMES = {WITH: "with", WITHOUT: "without", DIFFERENCE: "difference"}
_ROLES: dict[str, Role] = {WITH: "counts", WITHOUT: "other", DIFFERENCE: "more"}


def answer(found: Sequence[Effect]) -> Answer:
    """The whole answer: what money adds, if anything for sure, and the gains on both sides."""
    effect = next(one for one in found if one.quantity == DIFFERENCE)
    return Answer(
        statements=[Statement(statement(effect), "headline")],
        tables=[_table(found)],
        pictures=[_picture(found, effect)],
        notes=[Note(Said("literacy_effect.note"), "method")],
        figures={
            "gain": effect.mean,
            "low": effect.mean_low,
            "high": effect.mean_high,
            "pairs": effect.pairs,
        },
    )


def statement(effect: Effect) -> Said:
    """What money adds to the gain in literacy, in percentage points, if anything for sure."""
    return Said(
        "literacy_effect.answer" if effect.sure else "literacy_effect.answer_none",
        {
            "gain": f"{effect.mean:.2f}",
            "low": f"{effect.mean_low:.2f}",
            "high": f"{effect.mean_high:.2f}",
        },
    )


def _name(one: Effect) -> Said:
    return Said(f"literacy_effect.{_NAMES[one.quantity]}")


def _table(found: Sequence[Effect]) -> Table:
    return Table(
        "literacy_effect",
        Said("literacy_effect.title"),
        {
            "quantity": Column(Said("literacy_effect.quantity"), "name"),
            "mean": Column(Said("literacy_effect.mean"), means=Said("literacy_effect.mean_means")),
            "spread": Column(
                Said("literacy_effect.spread"), means=Said("literacy_effect.spread_means")
            ),
            "positive": Column(
                Said("literacy_effect.positive"),
                form="chance",
                means=Said("literacy_effect.positive_means"),
            ),
        },
        [
            Line(
                {
                    "quantity": _name(one),
                    "mean": Interval(one.mean, one.mean_low, one.mean_high),
                    "spread": Interval(one.p50, one.p05, one.p95),
                    "positive": Chance(one.positive),
                }
            )
            for one in found
        ],
        Said("literacy_effect.caption", {"pairs": Count(found[0].pairs)}),
    )


def _picture(found: Sequence[Effect], effect: Effect) -> Dumbbell:
    return Dumbbell(
        name="literacy_effect",
        title=statement(effect),
        legend=Said("literacy_effect.legend"),
        rows=[
            Pair(
                name=_name(one),
                dots=[Dot(one.p50, _ROLES[one.quantity], (one.p05, one.p95))],
                texts=[Interval(one.mean, one.mean_low, one.mean_high), Chance(one.positive)],
                sure=one.sure,
            )
            for one in found
        ],
        axis=Axis(name=Said("literacy_effect.points"), ends=(0.0, None)),
        columns=[Said("literacy_effect.mean"), Said("literacy_effect.positive")],
        reference=(0.0, None),
    )
