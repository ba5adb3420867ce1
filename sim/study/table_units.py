"""Kinds and units of the columns of CSV tables: those of a run, and those that experiments write.

What a column means stands in docs/studies; here is only what its numbers are counted in. Most names
mean the same in every table; a table says for itself where they do not. A column that is not named
here holds texts: nothing is a number because it looks like one.
"""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Literal

Kind = Literal["text", "number", "whole", "truth"]
"""What the cells of a column are; any may be empty."""

ROW = "{row}"
"""Placeholder for the unit of what the row is about: its target, its quantity."""

_START = "days after {start}"
_SHARE = "share, 0 to 1"
_CHANGE = "difference of shares"
_COUNTED = "; in rows met_count: targets"
_REPLICATIONS = "replications"
_LEVER = "unit of the key (money: yuan)"
_LABELLED = "as the label says"  # a setting: may be a number, a name or a list

_WHOLE = ("draw", "replication", "replications*", "seed", "day", "first_attained_day", "dropped",
          "pairs", "hits", "misses", "public_yuan", "reference_only", "other_only", "population",
          "quotas", "per_project", "rank*", "single_*")  # fmt: skip
_TRUTH = ("attained", "modelled", "counts", "paired", "base", "responds", "shown", "keeps_goal",
          "beyond_noise", "met", "precise", "monotone", "falls_again", "consistent", "gains",
          "ledger_agrees", "on_grid")  # fmt: skip

_IN_ALL: Mapping[str, str] = {
    "replications*": _REPLICATIONS,
    "dropped": _REPLICATIONS,
    "pairs": "pairs of replications",
    "probability*": _SHARE,
    "day": _START,
    **dict.fromkeys(
        ("goal", "mean", "mean_*", "p05", "p50", "p95", "value", "value_difference*", "median",
         "low", "high", "shortfall*", "promise_p80"),
        ROW,
    ),
}  # fmt: skip
"""Units by pattern of the column's name."""

_IN_ONE: Mapping[str, Mapping[str, str]] = {
    "attainment": {"parameter_share": _SHARE},
    "held_back": {
        "missed": _SHARE,
        "units_mean": "units of the target",
        "days_mean": "days",
        "standing_mean": "projects",
    },
    "passport": {"baseline": _LABELLED, "value": _LABELLED},
    "differences": {"reference": _LABELLED, "value": _LABELLED},
    "compare_scenarios": {
        "difference*": _CHANGE,
        "gained": "pairs of replications",
        "lost": "pairs of replications",
        "variance_reduction": "times",
        "value_variance_reduction": "times",
    },
    "first_difference": {"reference_only": "events", "other_only": "events"},
    "budget_sweep": {
        "setting": _LEVER,
        "second_setting": _LEVER,
        "fitted": _SHARE + _COUNTED,
    },
    "dashboard": {"setting": _LEVER, "second_setting": _LEVER},
    "left_out": {"setting": _LEVER, "error*": _SHARE},
    "gains": {
        "from_setting": _LEVER,
        "to_setting": _LEVER,
        "second_setting": _LEVER,
        "gained": _SHARE,
        "lost": _SHARE,
        "gain_per_million": "{change} per million yuan",
        "gain*": "{change}",
    },
    "responses": {
        "lowest": _SHARE + _COUNTED,
        "highest": _SHARE + _COUNTED,
        "p_value": "probability, 0 to 1",
        "p_adjusted": "probability, 0 to 1",
        "most_reached_at": _LEVER,
    },
    "minimum_budget": {
        "budget*": "yuan in five years",
        "confirmed_budget": "yuan in five years",
        "confirmed_replications": _REPLICATIONS,
        "confirmed_*": _SHARE,
    },
    "curves": {"public_yuan": "yuan in five years", "fit": _SHARE},
    "bottlenecks": {"gain": _CHANGE, "gain_*": _CHANGE},
    "binding": {
        **dict.fromkeys(
            ("best_gain*", "together_gain*", "sum_of_gains", "interaction*", "beyond_best*"),
            "{change}",
        ),
        "held_back_units": "units of the target",
    },
    "moving_money": {
        "amount": "yuan in five years",
        "difference*": _CHANGE,
        "gained": "pairs of replications",
        "lost": "pairs of replications",
    },
    "moving_money_counts": {
        "amount": "yuan in five years",
        **dict.fromkeys(("part", "giver_share", "receiver_share"), _SHARE),
        **dict.fromkeys(("targets_met*", "net*", "gaining", "losing"), "targets"),
    },
    "promises": {"confidence": _SHARE, "share": "share of the goal"},
    "milestones": {
        "hits": _REPLICATIONS,
        "misses": _REPLICATIONS,
        **dict.fromkeys(
            ("level", "beyond", "caught", "false_alarms", "chance_*"), _SHARE
        ),
    },
    "districts": {
        "population": "persons",
        "quotas": "programmes",
        **dict.fromkeys(("quotas_met*", "reason_share", "*_met"), _SHARE),
        **dict.fromkeys(("rank", "rank_*", "single_*"), "rank, 1 is best"),
        **dict.fromkeys(("*_gap", "*_gap_low", "*_gap_high"), _CHANGE),
        **dict.fromkeys(("*received", "*spent"), "yuan per head, population of 2015"),
        "*lost": "days per project started",
    },
    "district_gaps": {
        "per_project": "units",
        **dict.fromkeys(("quota", "delivered", "missing"), "projects"),
        **dict.fromkeys(("short", "*_delivered"), _SHARE),
    },
    "influence": {"correlation": "rank correlation, -1 to 1"},
    "literacy_effect": {
        **dict.fromkeys(("mean*", "p05", "p50", "p95"), "percentage points"),
        "positive": _SHARE,
    },
}  # fmt: skip
"""Units by table and pattern of the column's name; they win over those above."""


def column_unit(table: str, column: str) -> str | None:
    """Unit of a column, or None for words, dates and numbers that count nothing.

    The text may hold ``{row}`` and ``{start}``, the day that is day 0.
    """
    for known in (_IN_ONE.get(table, {}), _IN_ALL):
        for pattern, unit in known.items():
            if fnmatchcase(column, pattern):
                return unit.replace("{change}", _CHANGE + _COUNTED)
    return None


def column_kind(table: str, column: str) -> Kind:
    """Kind of a column: whatever has a unit is a number."""
    if column in _TRUTH:
        return "truth"
    if any(fnmatchcase(column, pattern) for pattern in _WHOLE):
        return "whole"
    return "text" if column_unit(table, column) in (None, _LABELLED) else "number"
