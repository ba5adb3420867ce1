"""Tables read in little memory say what they say as whole frames, however they are cut."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from sim.answer.found import FrameFound, StoredFound, row_groups, whole_replications
from sim.answer.row import Config, RowKey
from sim.answer.run.attainment import Attainment, attainments
from sim.answer.run.delays import stage_means
from sim.answer.run.development import QUANTILES, city_development
from sim.answer.run.held_back import COUNTS, HeldBack, Missed, StageSums, held_back, stage_sums
from sim.config.schema import Run
from sim.study.worker import Worker
from tests.answers import attainment_of, held_back_of, table_of
from tests.factory import settings, write_tables

KEYS: tuple[RowKey, ...] = (("rooms", ""), ("staff", "strict"), ("staff", "broad"))


@st.composite
def targets(draw: st.DrawFn) -> pd.DataFrame:
    """A targets.parquet with some replications missing."""
    numbers = draw(st.lists(st.integers(0, 30), min_size=1, max_size=12, unique=True).map(sorted))
    values = st.floats(-1e6, 1e6) | st.just(np.nan)
    rows = [
        (number // 2, number, *key, draw(values), draw(st.booleans()),
         draw(st.none() | st.integers(0, 1826)))
        for number in numbers
        for key in KEYS
    ]  # fmt: skip
    columns = ["draw", "replication", "target", "definition", "value", "attained",
               "first_attained_day"]  # fmt: skip
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype({"first_attained_day": "Int32", "target": "category"})


@given(targets(), st.integers(1, 9), st.integers(1, 40))
def test_stored_values_are_those_of_the_frame(
    frame: pd.DataFrame, group: int, entries: int
) -> None:
    whole = FrameFound(frame)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "targets.parquet"
        frame.to_parquet(path, row_group_size=group, index=False)
        stored = StoredFound(path, entries)
        assert stored.replications.tolist() == whole.replications.tolist()
        assert stored.draws.tolist() == whole.draws.tolist()
        for key in (*KEYS, *reversed(KEYS)):
            assert np.array_equal(stored.values(key), whole.values(key), equal_nan=True)
            assert np.array_equal(stored.first_days(key), whole.first_days(key), equal_nan=True)
            assert stored.met(key).tolist() == whole.met(key).tolist()
        assert stored.met_together(KEYS).tolist() == whole.met_together(KEYS).tolist()


# ------------------------------------------------------------------------------------- the ledger


PROGRAMMES = ("halls", "rooms", "halls:wide", "else")
STAGES = ("money", "staff", "unmet:panel")


@st.composite
def ledgers(draw: st.DrawFn) -> pd.DataFrame:
    """A delays.parquet: some replications, several places, some entries of nothing but zeros."""
    count = st.integers(0, 3)
    entry = st.tuples(
        st.integers(0, 9), st.sampled_from(PROGRAMMES), st.sampled_from(STAGES), count, count, count
    )
    rows = sorted(draw(st.lists(entry, max_size=60)), key=lambda row: row[0])
    return pd.DataFrame(rows, columns=["replication", "programme", "stage", *COUNTS]).astype(
        {"replication": "int32", "programme": str, "stage": str}
    )


def straightforward(
    ledger: pd.DataFrame, names: list[str], own: str | None, missed: set[int], count: str
) -> Counter[str]:
    """What the sums mean, replication by replication."""
    sums: Counter[str] = Counter()
    for number in missed:
        here = ledger[ledger["replication"] == number]
        rows = here[here["programme"].isin(names)]
        if own is not None:
            mine = here[here["programme"] == own]
            rows = mine if (mine[list(COUNTS)] > 0).any(axis=None) else rows
        for stage, value in zip(rows["stage"], rows[count], strict=True):
            sums[stage] += int(value)
    return +sums


@pytest.fixture(scope="module")
def config() -> Config:
    """Two programmes of one target, which has two readings."""
    return {
        "plan": {
            "targets": {"halls": {}, "else": {}},
            "programmes": {"halls": {"target": "halls"}, "rooms": {"target": "halls"}},
        }
    }


@given(ledgers(), st.sets(st.integers(0, 9)), st.lists(st.integers(0, 60)), st.integers(1, 70))
@hypothesis_settings(deadline=None)
def test_sums_do_not_depend_on_how_the_ledger_is_cut(
    config: Config, ledger: pd.DataFrame, missed: set[int], cuts: list[int], rows: int
) -> None:
    whole = pa.Table.from_pandas(ledger, preserve_index=False)
    ends = sorted({0, len(ledger), *(cut for cut in cuts if cut < len(ledger))})
    parts = [whole.slice(a, b - a) for a, b in pairwise(ends)]
    pieces = list(whole_replications(iter(parts), rows))
    numbers = [set(piece["replication"].to_pylist()) for piece in pieces]
    assert sum(map(len, pieces)) == len(ledger)
    assert sum(map(len, numbers)) == len(set().union(*numbers)), "a replication in two pieces"
    replications = np.arange(9)  # the last one did not finish everywhere
    short = np.isin(replications, list(missed))
    given_rows = {
        ("halls", "narrow"): Missed(short, counts=True),
        ("halls", "wide"): Missed(short, counts=False),
    }
    found = StageSums(pieces, config, replications, given_rows)
    counted, names = missed - {9}, ["halls", "rooms"]
    for (target, reading), row in given_rows.items():
        own = None if row.counts else f"{target}:{reading}"
        units = straightforward(ledger, names, own, counted, "missing")
        assert +Counter(found.units((target, reading))) == units
        for count in COUNTS:
            expected = straightforward(ledger, names, None, counted, count)
            assert +Counter(found.projects((target, reading), count)) == expected


# ------------------------------------------------------------------------- files of a real folder


@pytest.fixture(scope="module")
def run(real_run: Run) -> Run:
    return settings(real_run, replications=7)


@pytest.fixture(scope="module")
def folder(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("stored") / "run"
    worker = Worker(run)
    write_tables(path, worker, (0, 3, worker.chunk(range(3))), (3, 7, worker.chunk(range(3, 7))))
    for name in ("targets", "delays", "series"):  # groups that no replication fits into
        table = pq.read_table(path / f"{name}.parquet")
        pq.write_table(table, path / f"{name}.parquet", row_group_size=1009)
    return path


def test_the_analysis_of_files_is_that_of_frames(run: Run, folder: Path) -> None:
    ledger = pd.read_parquet(folder / "delays.parquet")
    frame = pd.read_parquet(folder / "targets.parquet")
    found = StoredFound(folder / "targets.parquet", entries=20)
    columns = ["replication", "programme", "stage", *COUNTS]
    parts = row_groups(folder / "delays.parquet", columns)
    config = run.model_dump(mode="json")
    given_ = (found, stage_sums(parts, found, config), config, "s")
    attained, held = (
        table_of(Attainment, attainments(*given_)),
        table_of(HeldBack, held_back(*given_)),
    )
    pd.testing.assert_frame_equal(attained, attainment_of(run, frame, ledger))
    pd.testing.assert_frame_equal(held, held_back_of(run, frame, ledger))


@pytest.mark.parametrize("entries", [1, 300, 10**9])
def test_quantiles_of_the_city_are_exact_however_many_fit(folder: Path, entries: int) -> None:
    series = pd.read_parquet(folder / "series.parquet").astype({"place": str, "indicator": str})
    city = series[series["place"] == "city"]
    shown = [*city["indicator"].unique()[::5], "nothing"]
    found = city_development(folder / "series.parquet", shown, entries)
    groups = city[city["indicator"].isin(shown)].groupby(["indicator", "date"])["value"]
    expected: dict[str, dict[dt.date, list[float]]] = {}
    for (name, day), values in groups:
        quantiles = np.quantile(values, QUANTILES).tolist()
        expected.setdefault(str(name), {})[dt.date.fromisoformat(str(day)[:10])] = quantiles
    assert "nothing" not in expected
    assert [*found] == sorted(expected)
    for name, own in found.items():
        assert [*own] == sorted(expected[name])
        assert {day: values.tolist() for day, values in own.items()} == expected[name]


def test_means_of_delays_are_those_of_the_whole_file(folder: Path) -> None:
    whole = pd.read_parquet(folder / "delays.parquet").astype({"programme": str, "stage": str})
    counts = ["project_days", "excess_days", "missing"]
    sums = whole.groupby(["programme", "stage"])[counts].sum()
    by_stage = sums.to_dict("index")
    readings = sums.index.get_level_values("programme").str.contains(":")
    assert readings.any()
    assert not readings.all()
    found = stage_means(folder / "delays.parquet", 7)
    assert {(name, stage) for name, own in found.items() for stage in own} == {
        *sums[~readings].index
    }
    for name, own in found.items():
        for stage, means in own.items():
            assert means == {count: by_stage[name, stage][count] / 7 for count in counts}


def test_row_groups_without_the_word_are_not_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    usual = pq.ParquetFile.read_row_group

    def counted(self: pq.ParquetFile, number: int, **options: object) -> pa.Table:
        read.append(number)
        return usual(self, number, **options)

    monkeypatch.setattr(pq.ParquetFile, "read_row_group", counted)
    path = folder / "series.parquet"
    rows = sum(len(g) for g in row_groups(path, ["value"], ("place", "city")))
    whole = pd.read_parquet(path, columns=["place"])
    assert rows == (whole["place"] == "city").sum()
    assert 0 < len(read) < pq.read_metadata(path).num_row_groups / 2
