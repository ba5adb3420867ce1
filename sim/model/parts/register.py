"""The register of bases: one position each, every property a column."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]

NEVER = np.iinfo(np.int64).min
"""Day of naming of a base that does not hold the title."""

REASONS = ("next_round", "eligibility", "panel", "round_quota", "no_round")
"""Why the latest round left a candidate without a title; the first: none has been held since."""
NEXT_ROUND, ELIGIBILITY, PANEL, ROUND_QUOTA, NO_ROUND = range(len(REASONS))


class BaseRegister:
    """All bases and candidates of a city, in the order in which they were entered.

    Attributes:
        keys, places: key and district of every base.
        staffed: whether it has the staff that the level above asks for.
        since: day from which it has been a candidate.
        struck: whether an assessment struck it off.
        reasons: position in ``REASONS``.
        named: day of naming by level, ``NEVER`` without the title.
        expiry: day on which the title runs out, by level; infinity without a term.
        gone_up: whether it was named at the level above since the start, by level.
        names: what the event log calls a base, by key; filled only where a log is kept.
    """

    def __init__(self, levels: Iterable[str]) -> None:
        self.keys = np.empty(0, dtype=np.uint64)
        self.places = np.empty(0, dtype=np.int64)
        self.staffed = np.empty(0, dtype=bool)
        self.since = np.empty(0, dtype=np.int64)
        self.struck = np.empty(0, dtype=bool)
        self.reasons = np.empty(0, dtype=np.int64)
        self.named: dict[str, Integers] = {name: np.empty(0, dtype=np.int64) for name in levels}
        self.expiry: dict[str, Floats] = {name: np.empty(0) for name in self.named}
        self.gone_up: dict[str, Truths] = {name: np.empty(0, dtype=bool) for name in self.named}
        self.names: dict[int, str] = {}

    def enter(
        self, keys: Sequence[int] | npt.NDArray[np.uint64], places: Sequence[int],
        staffed: Truths, since: Sequence[int],
    ) -> Integers:  # fmt: skip
        """Enter bases without a title; return their positions."""
        first, more = len(self.keys), len(keys)
        self.keys = np.concatenate((self.keys, np.asarray(keys, dtype=np.uint64)))
        self.places = np.concatenate((self.places, np.asarray(places, dtype=np.int64)))
        self.staffed = np.concatenate((self.staffed, staffed))
        self.since = np.concatenate((self.since, np.asarray(since, dtype=np.int64)))
        self.struck = np.concatenate((self.struck, np.zeros(more, dtype=bool)))
        self.reasons = np.concatenate((self.reasons, np.full(more, NEXT_ROUND)))
        for name in self.named:
            self.named[name] = np.concatenate((self.named[name], np.full(more, NEVER)))
            self.expiry[name] = np.concatenate((self.expiry[name], np.full(more, np.inf)))
            self.gone_up[name] = np.concatenate((self.gone_up[name], np.zeros(more, dtype=bool)))
        return np.arange(first, first + more)
