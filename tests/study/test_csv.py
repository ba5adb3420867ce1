"""Our own CSV: no cell is a formula, and what is read is what was written, nothing guessed."""

from __future__ import annotations

import csv
import io
import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sim.config.errors import ConfigError
from sim.study.files import read_csv, read_frame, write_csv

DANGEROUS = "=+-@＝＋－＠"
NAMES = ["NA", "001", "1e5", "True", "nan", "inf", "null", "None", "-1", "123456e789012345", " 7 "]
TRAPS = ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", "＋1", "－1", "＠a", "\t=1", "\r=1", "\n=1", "\0=1",
         " =1", "\u00a0=1", "\u200b=1", "\ufeff=1", "'=1", "''=1", "'", "''", "'tis", "a;=1",
         "a;'=1", "a\t=1", "a\n=1", "a\n\n'=1", "\n\n=1", "a; ;=1", "=", "a;=", ";",
         "'\t", '"=1', 'a\n"=1', '";"=1']  # fmt: skip

texts = st.text(min_size=1) | st.text("='\t\r\n;+-@＝, \u00a0a\"", min_size=1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("csv")


def _split(path: Path, separator: str = ",") -> list[list[str]]:
    content = path.read_bytes().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(content, newline=""), delimiter=separator))


def _is_formula(cell: str) -> bool:
    return cell.lstrip().lstrip("\u200b\ufeff").startswith(tuple(DANGEROUS))


@given(rows=st.lists(st.tuples(texts, texts), min_size=1))
@example([(trap, trap) for trap in TRAPS])
@example([(name, name) for name in NAMES])
def test_any_text_comes_back_and_none_is_a_formula(
    folder: Path, rows: list[tuple[str, str]]
) -> None:
    path = folder / "texts.csv"
    write_csv(path, ("label", "note"), rows)
    assert read_csv(path) == (["label", "note"], [list(row) for row in rows])
    frame = read_frame(path)
    assert [tuple(row) for row in frame.itertuples(index=False)] == rows
    for row in _split(path):
        for cell in row:
            assert not _is_formula(cell)
            assert not cell.startswith(("\t", "\r", "\n", "\0"))


@given(rows=st.lists(st.tuples(texts), min_size=1))
@example([(trap,) for trap in TRAPS])
def test_no_cell_is_a_formula_where_other_signs_part_cells(
    folder: Path, rows: list[tuple[str]]
) -> None:
    """As a spreadsheet in Germany, or one told so in its import window, takes the file apart."""
    path = folder / "parted.csv"
    write_csv(path, ("seed", "label"), [(7, text) for (text,) in rows])
    content = path.read_bytes().decode("utf-8-sig")
    for separator in ";\t":
        for line in csv.reader(io.StringIO(content, newline=""), delimiter=separator):
            assert not any(map(_is_formula, line))


@given(
    rows=st.lists(
        st.tuples(
            st.none() | st.floats(),
            st.none() | st.integers(-(2**62), 2**62),
            st.none() | st.booleans(),
            st.none() | texts,
        ),
        min_size=1,
    )
)
def test_numbers_truths_and_empty_cells_come_back(
    folder: Path, rows: list[tuple[float | None, int | None, bool | None, str | None]]
) -> None:
    path = folder / "t.csv"
    write_csv(path, ("value", "seed", "counts", "label"), rows)
    frame = read_frame(path)
    for written, found in zip(rows, frame.itertuples(index=False), strict=True):
        for cell, read in zip(written, found, strict=True):
            if cell is None or cell != cell:
                assert pd.isna(read)
            elif isinstance(cell, int) and frame["seed"].dtype == float:
                assert read == float(cell)  # with empty cells whole numbers are floats
            else:
                assert read == cell
    if not frame["seed"].isna().any():
        assert frame["seed"].dtype == np.int64
        assert frame["seed"].tolist() == [row[1] for row in rows]


def test_the_type_decides_what_is_a_number_and_not_the_looks(tmp_path: Path) -> None:
    numbers = [-5, -2.5, np.float64(-0.5), np.int64(-3), Fraction(-1, 2), -math.inf, True]
    rows = [(number, str(number)) for number in numbers]
    write_csv(tmp_path / "t.csv", ("value", "label"), rows)
    body = _split(tmp_path / "t.csv")[1:]
    assert [row[0] for row in body] == ["-5", "-2.5", "-0.5", "-3", "-1/2", "-inf", "True"]
    assert [row[1] for row in body] == ["'-5", "'-2.5", "'-0.5", "'-3", "'-1/2", "'-inf", "True"]


def test_cells_of_a_frame_are_told_apart_too(tmp_path: Path) -> None:
    frame = pd.DataFrame({"mean": [-1.5, math.nan], "label": ["-1.5", None]}).astype(object)
    write_csv(tmp_path / "t.csv", [*frame.columns], frame.itertuples(index=False, name=None))
    assert _split(tmp_path / "t.csv")[1:] == [["-1.5", "'-1.5"], ["", ""]]
    back = read_frame(tmp_path / "t.csv")
    assert back["mean"].tolist()[0] == -1.5
    assert back["label"].tolist()[0] == "-1.5"
    assert back.isna().sum().tolist() == [1, 1]


def test_headings_are_inert_too(tmp_path: Path) -> None:
    write_csv(tmp_path / "t.csv", ("=1+1", "b"), [])
    assert _split(tmp_path / "t.csv") == [["'=1+1", "b"]]
    assert read_csv(tmp_path / "t.csv") == (["=1+1", "b"], [])
    assert list(read_frame(tmp_path / "t.csv")) == ["=1+1", "b"]


def test_half_a_character_and_a_long_traceback_cost_no_table(tmp_path: Path) -> None:
    long = "line\n" * 100_000
    write_csv(tmp_path / "t.csv", ("error", "traceback"), [("file \udcff", long)])
    limit = csv.field_size_limit()
    assert read_csv(tmp_path / "t.csv")[1] == [["file \\udcff", long]]
    assert csv.field_size_limit() == limit


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", ["is empty"]),
        (b"label\r\n\xff\r\n", ["cannot be read"]),
        (b'label\r\n"open\r\n', ["cannot be read"]),
        (b"label,label\r\na,b\r\n", ["a column twice", "row 1"]),
        (b"label,mean\r\na,1\r\nb\r\n", ["1 cells, the header 2", "row 3"]),
        (b"label,mean\r\na,1,2\r\n", ["3 cells, the header 2", "row 2"]),
        (b"label,mean\r\na,much\r\n", ["no number", "row 2, column mean", "'much'"]),
        (b"label,seed\r\na,1.5\r\n", ["no whole number", "row 2, column seed"]),
        (b"label,counts\r\na,yes\r\n", ["no True or False", "row 2, column counts"]),
    ],
)
def test_a_damaged_table_is_refused(tmp_path: Path, content: bytes, said: list[str]) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        read_frame(path)
    for part in [*said, str(path), "make the results again"]:
        assert part in str(caught.value)


def test_a_folder_in_the_place_of_a_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t.csv").mkdir()
    with pytest.raises(ConfigError, match="cannot be read"):
        read_csv(tmp_path / "t.csv")
