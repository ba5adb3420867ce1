"""What is said of the ranking: the strongest assumption, if any lies beyond the noise."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from experiments.influence.findings import Ranked
from sim.answer.blocks import Answer, Column, Line, Note, Statement, Table
from sim.answer.run.assumptions import unit_of
from sim.words import Count, Label, Range, Said

SHOWN = 10
"""Parameters of the short table."""


def answer(
    found: Sequence[Ranked], met: npt.NDArray[np.float64], draws: int, noise: float
) -> Answer:
    """The whole answer.

    Args:
        found: the parameters, strongest first.
        met: number of targets met, by replication; draws: of the parameters, behind them.
        noise: absolute rank correlation that chance hardly exceeds anywhere in the table.
    """
    first, beyond = found[0], [one.parameter for one in found if one.beyond_noise]
    told = {
        "label": _quotable(first),
        "correlation": f"{first.correlation:+.2f}",
        "noise": f"{noise:.2f}",
        "count": len(beyond),
        "total": len(found),
    }
    key = "influence.answer" if beyond else "influence.answer_none"
    return Answer(
        statements=[Statement(Said(key, told), "headline")],
        tables=[ranking(found, met, draws)],
        notes=[Note(Said("influence.noise", {"noise": f"{noise:.3f}"}), "method")],
        figures={
            "parameter": first.parameter if beyond else None,
            "correlation": first.correlation,
            "noise": noise,
            "beyond_noise": beyond,
        },
    )


def _quotable(one: Ranked) -> Label:
    """Its name, to be set in quotation marks: those of its own become single ones."""
    names = {"zh": one.label_zh, "en": one.label_en}
    return {own: name.replace("“", "‘").replace("”", "’") for own, name in names.items()}


def ranking(found: Sequence[Ranked], met: npt.NDArray[np.float64], draws: int) -> Table:
    """The parameters, strongest first, with the range and the grade of each."""
    lines = [
        Line(
            {
                "parameter": {"zh": one.label_zh, "en": one.label_en},
                "correlation": f"{one.correlation:+.2f}",
                "noise": Said("influence.beyond" if one.beyond_noise else "influence.within"),
                "range": None if one.low is None or one.high is None else Range(one.low, one.high),
                "unit": unit_of(one.unit),
                "grade": Said(f"influence.grade.{one.grade}"),
            },
            essential=place < SHOWN,
        )
        for place, one in enumerate(found)
    ]
    columns = {
        "parameter": Column(Said("influence.parameter"), "name"),
        "correlation": Column(
            Said("influence.correlation"), means=Said("influence.correlation_means")
        ),
        "noise": Column(Said("influence.is"), "text", room=10),
        "range": Column(Said("influence.range"), means=Said("influence.range_means")),
        "unit": Column(Said("influence.unit"), "text", room=16, spare=True),
        "grade": Column(Said("influence.grade_of"), "text", room=12, spare=True),
    }
    return Table(
        "influence",
        Said("influence.title"),
        columns,
        lines,
        Said(
            "influence.caption",
            {
                "replications": Count(len(met)),
                "draws": Count(draws),
                "total": len(found),
                "mean": f"{met.mean():.2f}",
                "deviation": f"{met.std(ddof=1):.2f}",
            },
        ),
    )
