"""How many of several targets are met at once: the distribution of k of n."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.analysis.rows import Findings, RowKey

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("group", "total", "count", "probability")


def met_counts(found: Findings, judged: Mapping[RowKey, str]) -> pd.DataFrame:
    """With what probability at least k of the judged targets are met.

    Args:
        found: what targets.parquet holds.
        judged: target and reading of the targets to be counted, and their groups.

    Returns:
        columns group (empty: all targets together, then every group in the order of ``judged``),
        total (n), count (k from 0 to n), probability (share of replications that meet at least k).
    """
    import pandas as pd

    table = []
    for group in dict.fromkeys(("", *judged.values())) if judged else ():
        rows = [row for row, own in judged.items() if group in ("", own)]
        met = found.met_together(rows).sum(axis=0)
        for count in range(len(rows) + 1):
            table.append((group, len(rows), count, float((met >= count).mean())))
    return pd.DataFrame(table, columns=list(COLUMNS))
