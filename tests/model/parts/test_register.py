"""The register of bases: every base has its place in every column."""

from __future__ import annotations

import numpy as np

from sim.model.parts.ladder import NEVER, NEXT_ROUND, BaseRegister

LEVELS = ("low", "high")


def test_a_base_is_entered_without_a_title_in_every_column() -> None:
    register = BaseRegister(LEVELS)
    first = register.enter([7, 8], [0, 1], np.array([True, False]), [10, 20])
    second = register.enter([9], [1], np.array([True]), [30])
    assert (first.tolist(), second.tolist()) == ([0, 1], [2])
    columns = {
        "keys": [7, 8, 9], "places": [0, 1, 1], "staffed": [True, False, True],
        "since": [10, 20, 30], "struck": [False] * 3, "reasons": [NEXT_ROUND] * 3,
    }  # fmt: skip
    assert {name: getattr(register, name).tolist() for name in columns} == columns
    for level in LEVELS:
        assert register.named[level].tolist() == [NEVER] * 3
        assert register.expiry[level].tolist() == [np.inf] * 3
        assert register.gone_up[level].tolist() == [False] * 3
