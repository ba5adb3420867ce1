"""The ranking of assumptions in words: the strongest one, if any lies beyond the noise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report.subjects import quotable
from sim.report.words import Tongue, word

if TYPE_CHECKING:
    import pandas as pd


def influence_answer(table: pd.DataFrame, noise: float, tongue: Tongue) -> str:
    """Which assumption moves the number of targets met most, or that none stands out.

    Args:
        table: influence.csv, strongest first.
        noise: absolute rank correlation that chance hardly exceeds anywhere in the table.
    """
    first, beyond = table.iloc[0], int(table["beyond_noise"].sum())
    return word("influence.answer" if beyond else "influence.answer_none", tongue).format(
        label=quotable(str(first[f"label_{tongue}"])),
        correlation=f"{first.correlation:+.2f}",
        noise=f"{noise:.2f}",
        count=beyond,
        total=len(table),
    )
