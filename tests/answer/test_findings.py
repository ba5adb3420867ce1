"""A table of findings says what the findings say, and nothing is lost on the way back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.answer.finding import (
    Described,
    InUnits,
    Keyed,
    Replications,
    Share,
    cells_of,
    columns_of,
    findings_from,
)
from sim.answer.row import rows_of
from sim.study.files import read_csv, write_csv
from tests.factory import baseline_run

ROWS = rows_of(baseline_run().model_dump(mode="json"))


@dataclass(frozen=True)
class Example:
    name: str
    row: Described
    count: Replications
    chance: Share
    value: InUnits | None
    date: dt.date
    met: bool
    why: str


@dataclass(frozen=True)
class Short:
    row: Keyed
    value: InUnits


def test_columns_carry_units() -> None:
    assert columns_of(Short) == {"target": "", "definition": "", "value": "unit of the target"}
    columns = columns_of(Example)
    assert [*columns][:3] == ["name", "target", "definition"]
    assert (columns["count"], columns["chance"]) == ("replications", "share, 0 to 1")
    assert columns["goal"] == "unit of the target"
    assert columns["met"] == columns["date"] == columns["why"] == ""


texts = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=8)
examples = st.builds(
    Example,
    name=texts,
    row=st.sampled_from([*ROWS.values()]),
    count=st.integers(0, 10**9),
    chance=st.floats(0, 1),
    value=st.none() | st.floats(allow_nan=False, allow_infinity=False),
    date=st.dates(),
    met=st.booleans(),
    why=texts,
)


@given(st.lists(examples, max_size=4))
def test_what_is_written_is_read_back(found: list[Example]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "example.csv"
        write_csv(path, [*columns_of(Example)], cells_of(Example, found))
        header, cells = read_csv(path)
    records = [dict(zip(header, row, strict=True)) for row in cells]
    assert [*findings_from(Example, records, ROWS)] == found


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"met": "yes"}, ValueError),
        ({"chance": "much"}, ValueError),
        ({"count": ""}, ValueError),
        ({"date": "2019-06-31"}, ValueError),
        ({"target": "no_such"}, KeyError),
    ],
)
def test_a_cell_that_is_no_such_thing_is_refused(
    change: dict[str, str], error: type[Exception]
) -> None:
    row = ROWS["community_rooms", ""]
    own = Example("a", row, 3, 0.5, None, dt.date(2019, 1, 1), True, "")
    (cells,) = cells_of(Example, [own])
    record = dict(
        zip(columns_of(Example), ["" if c is None else str(c) for c in cells], strict=True)
    )
    assert [*findings_from(Example, [record], ROWS)] == [own]
    with pytest.raises(error):
        [*findings_from(Example, [record | change], ROWS)]
