"""What columns are counted in."""

from __future__ import annotations

import pytest

from sim.study.table_units import column_kind, column_unit

OF_TARGETS_MET = [
    ("responses", "lowest"),
    ("responses", "highest"),
    ("budget_sweep", "fitted"),
    ("gains", "gain"),
    ("gains", "gain_per_million"),
    *(("binding", column) for column in ("best_gain", "together_gain", "sum_of_gains")),
    *(("binding", column) for column in ("interaction", "beyond_best")),
]


@pytest.mark.parametrize(("table", "column"), OF_TARGETS_MET)
def test_numbers_of_targets_met_are_no_shares(table: str, column: str) -> None:
    unit = column_unit(table, column)
    assert unit is not None
    assert "share" in unit
    assert "in rows met_count: targets" in unit
    assert column_kind(table, column) == "number"


def test_a_table_says_for_itself_where_a_name_means_something_else() -> None:
    assert column_unit("literacy_effect", "p05") == "percentage points"
    assert column_unit("attainment", "p05") == "{row}"
    assert column_unit("passport", "value") == "as the label says"
    assert column_kind("passport", "value") == "text"
