"""Columns of results that were read back: what is missing, twice or of another kind is said."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from sim.config.errors import ConfigError
from sim.study.targets_file import COLUMNS, _check_columns

TYPES = {
    "text": [pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string())],
    "whole": [pa.int64(), pa.int16(), pa.uint8()],
    "number": [pa.float64(), pa.float32()],
    "truth": [pa.bool_()],
}
FILE = Path("targets.parquet")


def schema(**changes: pa.DataType | None) -> pa.Schema:
    """The columns as they should be but for ``changes``; None leaves one out."""
    types = {name: TYPES[kind][0] for name, kind in COLUMNS.items()} | changes
    return pa.schema([(name, own) for name, own in types.items() if own is not None])


def refusal(found: pa.Schema) -> str:
    with pytest.raises(ConfigError) as refused:
        _check_columns(FILE, found)
    return str(refused.value)


def test_any_type_of_the_right_kind_will_do() -> None:
    for name, kind in COLUMNS.items():
        for own in TYPES[kind]:
            _check_columns(FILE, schema(**{name: own}))  # finds no fault
    assert set(TYPES) == set(COLUMNS.values())


def test_a_column_of_another_kind_is_refused() -> None:
    for name, kind in COLUMNS.items():
        for other, types in TYPES.items():
            if other != kind:
                assert name in refusal(schema(**{name: types[0]}))
    assert "date32" in refusal(schema(value=pa.date32()))


def test_a_column_that_is_missing_is_named_with_the_one_that_looks_like_it() -> None:
    assert "atained" in refusal(schema(attained=None, atained=pa.bool_()))
    assert "draw" not in refusal(schema(attained=None)), "a column of its own is not meant"


def test_everything_that_is_wrong_with_columns_is_said_at_once() -> None:
    columns = [(name, own) for name, own in zip(schema().names, schema().types, strict=True)]
    said = refusal(pa.schema([*columns[1:], ("value", pa.float64())]))
    assert "scenario" in said
    assert "value" in said
