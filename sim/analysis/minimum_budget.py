"""The smallest budget of every target as tables: where it is, how surely, and what holds back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.budget_search import Found, rounded
from sim.analysis.budget_verdict import Observed
from sim.analysis.crossing import Curves, Floats, isotonic_fit
from sim.analysis.intervals import clustered_wilson
from sim.analysis.subjects import Subject

if TYPE_CHECKING:
    import pandas as pd

SURE_DROP = 0.05
"""Error rate of the test, for all pairs of budgets of a row together, that more money does harm."""

Row = dict[str, object]

_CONFIRMED = ("confirmed_budget", "confirmed_replications", "confirmed_probability",
              "confirmed_low", "confirmed_high", "consistent")  # fmt: skip


def falls(curves: Curves, row: int) -> bool:
    """Whether somewhere more money surely lowers the chance.

    McNemar's test of the replications that two budgets share, one-sided, for every pair of budgets,
    with Bonferroni's correction (Q. McNemar, Psychometrika 1947). Replications that share a draw
    are added up first, so that only draws have to be independent.
    """
    m = len(curves.budgets)
    pairs = m * (m - 1) // 2
    if not pairs:
        return False
    _, draw = np.unique(curves.draws, return_inverse=True)
    limit = -NormalDist().inv_cdf(SURE_DROP / pairs)
    met, there = curves.met[:, :, row].astype(np.int64), curves.there
    for less in range(m - 1):
        both = there[:, [less]] & there[:, less + 1 :]
        change = np.where(both, met[:, [less]] - met[:, less + 1 :], 0)
        by_draw = np.zeros((int(draw.max()) + 1, change.shape[1]))
        np.add.at(by_draw, draw, change)
        spread = np.sqrt((by_draw**2).sum(axis=0))
        if (by_draw.sum(axis=0) > limit * np.maximum(spread, 1.0)).any():
            return True
    return False


def confirmations(found: Found, rows: Sequence[int]) -> dict[int, int]:
    """At which budget each row is confirmed: its root or, shared with others, a little above.

    Rows share a budget where one lies between root and upper end of the interval of each; taken
    from the smallest upper end on, so that there are as few budgets as possible (stabbing of
    intervals). A shared budget is the largest root of its rows, with three digits where that is
    still within.
    """
    at = _whole(found.aim.scale.yuan(found.root.at))
    top = int(found.curves.budgets[-1])
    high = np.minimum(found.aim.scale.yuan(found.root.high), top)
    left = sorted(rows, key=lambda row: (high[row], row))
    chosen: dict[int, int] = {}
    while left:
        limit = high[left[0]]
        group = [row for row in left if at[row] <= max(limit, at[left[0]])]
        budget = int(max(at[row] for row in group))
        round_one = rounded(budget)
        shared = round_one if round_one <= min(high[row] for row in group) else budget
        chosen |= dict.fromkeys(group, shared)
        left = [row for row in left if row not in group]
    return chosen


def _whole(yuan: Floats) -> Floats:
    """Amounts in whole yuan, upwards; what is whole but for rounding errors stays."""
    return np.ceil(np.round(yuan, 3))


def minimum_budget(
    subjects: Sequence[Subject],
    found: Found,
    base: int,
    confirmed: Mapping[int, tuple[int, Observed]],
    binding: Mapping[int, tuple[str, str]],
) -> pd.DataFrame:
    """The table of minimum_budget.csv, one row a subject in their order.

    Args:
        base: public money of the scenario, one of the budgets of the curves.
        confirmed: by row the budget of its confirmation and what other seeds found there.
        binding: by row the target and the stage that hold it back at the largest budget.

    Returns:
        columns target, definition, group, label_zh, label_en; verdict and doubt
        (:mod:`sim.analysis.budget_verdict`);
        budget with budget_low and budget_high (yuan of five years, 95 % interval, empty where there
        is none; no upper end: beyond the largest budget); precise (the interval is as narrow as
        asked); probability with _low and _high (95 % Wilson) at nothing, zero (no public money),
        base and max; monotone (no budget at which more money surely does harm); falls_again (the
        level is surely lost again at the largest budget); confirmed_budget, confirmed_replications,
        confirmed_probability with interval, consistent (that interval holds the wanted level or is
        above it); binding_target, binding_stage; replications (all budgets together).
    """
    import pandas as pd

    curves, scale = found.curves, found.aim.scale
    budgets = curves.budgets.tolist()
    ends = {"zero": budgets[0], "base": base, "max": budgets[-1]}
    rows = []
    for i, subject in enumerate(subjects):
        decided, doubt = found.verdicts[i]
        row: Row = {
            "target": subject.target,
            "definition": subject.definition,
            "group": subject.group,
            "label_zh": subject.label_zh,
            "label_en": subject.label_en,
            "verdict": decided,
            "doubt": doubt,
            "budget": None,
            "budget_low": None,
            "budget_high": None,
            "precise": None,
        }
        if decided == "money_bound":
            row["budget"] = float(_whole(scale.yuan(found.root.at[i])))
            row["budget_low"] = float(np.floor(scale.yuan(found.root.low[i])))
            high = float(scale.yuan(found.root.high[i]))
            row["budget_high"] = float(np.ceil(high)) if np.isfinite(high) else None
            row["precise"] = bool(found.precise[i])
        row |= _chance("nothing", found.nothing.chance(i))
        for name, budget in ends.items():
            met, draws = curves.at(budget, i)
            row |= _chance(name, (float(met.mean()), *clustered_wilson(met, draws)))
        row["monotone"] = not falls(curves, i)
        row["falls_again"] = bool(found.last[i] < len(budgets) - 1)
        row |= _confirmation(confirmed.get(i), i, found.aim.level)
        row["binding_target"], row["binding_stage"] = binding.get(i, ("", ""))
        row["replications"] = found.replications
        rows.append(row)
    return pd.DataFrame(rows)


def _chance(where: str, chance: tuple[float, float, float]) -> Row:
    names = ("", "_low", "_high")
    return {f"probability_{where}{name}": value for name, value in zip(names, chance, strict=True)}


def _confirmation(confirmed: tuple[int, Observed] | None, row: int, level: float) -> Row:
    if confirmed is None:
        return dict.fromkeys(_CONFIRMED)
    budget, observed = confirmed
    chance = observed.chance(row)
    values = budget, len(observed.met), *chance, chance[2] >= level
    return dict(zip(_CONFIRMED, values, strict=True))


def curve_table(subjects: Sequence[Subject], found: Found) -> pd.DataFrame:
    """The table of curves.csv: one row a subject and budget, in ascending order of budgets.

    Returns:
        columns target, definition, group, label_zh, label_en, public_yuan, replications,
        probability with probability_low and probability_high (95 % Wilson), and fit: the rising
        curve nearest to them, empty beyond the budget from which more money does harm.
    """
    import pandas as pd

    curves, rows = found.curves, []
    for i, subject in enumerate(subjects):
        last = int(found.last[i]) + 1
        fit = isotonic_fit(curves.shares[i, :last], curves.finished[:last])
        for j, budget in enumerate(curves.budgets.tolist()):
            met, draws = curves.at(budget, i)
            low, high = clustered_wilson(met, draws)
            rows.append(
                {
                    "target": subject.target,
                    "definition": subject.definition,
                    "group": subject.group,
                    "label_zh": subject.label_zh,
                    "label_en": subject.label_en,
                    "public_yuan": budget,
                    "replications": int(curves.finished[j]),
                    "probability": float(met.mean()),
                    "probability_low": low,
                    "probability_high": high,
                    "fit": float(fit[j]) if j < last else None,
                }
            )
    return pd.DataFrame(rows)
