"""What a worker brings home: every replication or its failure, stacked, hashed and tabulated."""

from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.config.schema import Run
from sim.model.city import simulate
from sim.model.kernel.ledger import Flows
from sim.model.record import Outcome
from sim.plan.districts import districts_path
from sim.study import worker as worker_module
from sim.study.executor import execute
from sim.study.files import claimed
from sim.study.folder import FolderInUse, RunFolder
from sim.study.identity import config_hash
from sim.study.tables import Failure, Results, Tables
from sim.study.worker import Worker
from tests.factory import district, frame_of, micro_run, settings, simulated, write_tables

COLUMNS: dict[str, dict[str, type | str]] = {
    "targets": {
        "scenario": str, "draw": int, "replication": int, "target": str, "definition": str,
        "value": float, "attained": bool, "first_attained_day": int,
    },
    "series": {
        "scenario": str, "replication": int, "date": "date", "place": str, "indicator": str,
        "value": float,
    },
    "delays": {
        "scenario": str, "replication": int, "place": str, "programme": str, "stage": str,
        "project_days": int, "excess_days": int, "passed": int, "standing": int, "missing": int,
        "unit": str,
    },
    "ledger": {
        "scenario": str, "replication": int, "year": int, "from_account": str, "to_account": str,
        "yuan": int, "place": str,
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def run(real_run: Run) -> Run:
    return settings(real_run, replications=4, replications_per_draw=2, trace=1)


@pytest.fixture(scope="module")
def worker(run: Run) -> Worker:
    return Worker(run)


@pytest.fixture(scope="module")
def results(worker: Worker) -> Results:
    return worker.chunk(range(4))


@pytest.fixture(scope="module")
def tables(run: Run, worker: Worker, results: Results) -> Tables:
    return Tables(
        run.scenario.name, worker.layout, results, run.plan.start, run.replications_per_draw
    )


@pytest.fixture(scope="module")
def folder(run: Run, worker: Worker, results: Results, tmp_path_factory: Any) -> Path:
    path: Path = tmp_path_factory.mktemp("run") / "results"
    write_tables(path, worker, (0, 1, worker.chunk([0])), (1, 4, worker.chunk([1, 2, 3])))
    return path


# ------------------------------------------------------------------------------------- the tables


def kind_of(field: pa.Field) -> object:
    type_ = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
    for test, kind in (
        (pa.types.is_string, str),
        (pa.types.is_integer, int),
        (pa.types.is_floating, float),
        (pa.types.is_boolean, bool),
        (pa.types.is_date, "date"),
    ):
        if test(type_):
            return kind
    raise AssertionError(field)


@pytest.mark.parametrize("name", COLUMNS)
def test_tables_on_disk_have_exactly_the_columns_of_the_contract(folder: Path, name: str) -> None:
    schema = pq.read_schema(folder / f"{name}.parquet")
    assert {field.name: kind_of(field) for field in schema} == COLUMNS[name]
    assert schema.names == list(COLUMNS[name])


@pytest.mark.parametrize("name", COLUMNS)
def test_tables_survive_the_disk(folder: Path, tables: Tables, name: str) -> None:
    written = pd.read_parquet(folder / f"{name}.parquet")
    pd.testing.assert_frame_equal(written, frame_of(tables, name), check_categorical=False)


def test_targets_hold_every_value(run: Run, worker: Worker, results: Results, folder: Path) -> None:
    frame = pd.read_parquet(folder / "targets.parquet")
    assert len(frame) == 4 * len(worker.layout.rows)
    assert frame["draw"].tolist() == [r // 2 for r in frame["replication"]]
    assert set(frame["scenario"]) == {run.scenario.name}
    for i, row in enumerate(worker.layout.rows):
        own = frame[(frame["target"] == row.target) & (frame["definition"] == row.reading)]
        assert own["value"].tolist() == results.values[:, i].tolist()
        assert own["attained"].tolist() == [row.attained(v) for v in results.values[:, i]]
        first = results.first_attained[:, i].astype(float)
        expected = np.where(first < 0, np.nan, first)
        assert np.array_equal(own["first_attained_day"].astype(float), expected, equal_nan=True)


def test_what_holds_at_the_deadline_was_attained_some_day(results: Results) -> None:
    assert (results.first_attained[results.attained] >= 0).all()
    assert (results.first_attained <= 1826).all()


def test_series_name_every_place_and_modelled_target(worker: Worker, folder: Path) -> None:
    frame = pd.read_parquet(folder / "series.parquet")
    city = frame[frame["place"] == "city"]
    indicators = {row.indicator for row in worker.layout.rows}
    assert indicators <= set(city["indicator"])
    dates = sorted(city["date"].astype(str).unique())
    assert dates[0] == "2016-01-01"
    assert dates[1:5] == ["2016-03-31", "2016-06-30", "2016-09-30", "2016-12-31"]
    assert dates[-1] == "2020-12-31"
    assert len(dates) == 21
    places = frame[frame["place"] != "city"]
    assert set(places["place"]) == {str(d.adcode) for d in worker.plan.districts}
    year_ends = {f"{year}-12-31" for year in range(2016, 2021)}
    assert set(places["date"].astype(str)) == year_ends
    assert not frame["value"].isna().any()


def test_a_district_without_communities_has_no_share(tables: Tables) -> None:
    frame = tables.district_series().to_pandas()
    wulong = frame[frame["place"] == "500232"]
    assert "community_coverage:narrow" not in set(wulong["indicator"])
    assert "community_coverage:wide" in set(wulong["indicator"])


def test_the_last_city_value_is_the_value_at_the_deadline(
    worker: Worker, results: Results, tables: Tables
) -> None:
    frame = tables.city_series().to_pandas()
    last = frame[(frame["place"] == "city") & (frame["date"].astype(str) == "2020-12-31")]
    assert len(last) > len(worker.layout.rows)
    for i, row in enumerate(worker.layout.rows):
        values = last[last["indicator"] == row.indicator].sort_values("replication")["value"]
        assert values.tolist() == results.values[:, i].tolist()


def test_ledger_sums_to_zero_over_accounts_in_every_replication_and_year(tables: Tables) -> None:
    frame = tables.ledger().to_pandas()
    assert sorted(frame["year"].unique()) == [2016, 2017, 2018, 2019, 2020]
    accounts = pd.concat(
        [
            frame.assign(account=frame["to_account"], change=frame["yuan"]),
            frame.assign(account=frame["from_account"], change=-frame["yuan"]),
        ]
    )
    assert (accounts.groupby("replication")["change"].sum() == 0).all()
    balance = accounts.groupby(["replication", "account"], observed=True)["change"].sum()
    for (_, account), yuan in balance.items():
        assert yuan >= 0 or str(account).startswith("source:")


def test_recording_less_writes_no_series(real_run: Run) -> None:
    run = settings(real_run, replications=2, record="targets")
    worker = Worker(run)
    results = worker.chunk(range(2))
    tables = Tables(run.scenario.name, worker.layout, results, run.plan.start, 1)
    assert tables.city_series().num_rows == tables.district_series().num_rows == 0
    assert tables.city_series().schema.names == list(COLUMNS["series"])
    assert tables.targets().num_rows == 2 * len(worker.layout.rows)


def test_recording_everything_gives_districts_quarterly(real_run: Run) -> None:
    worker = Worker(settings(real_run, replications=1, record="full"))
    outcome = worker.replicate(0)
    assert outcome.district_series.shape[0] == outcome.city_series.shape[0] == 21


def test_the_event_log_is_of_the_traced_replication(run: Run, worker: Worker, folder: Path) -> None:
    log = worker.replicate(1, trace=True).log
    assert log
    assert worker.replicate(1).log is None
    frame = pd.read_csv(folder / "events.csv", encoding="utf-8-sig")
    assert list(frame) == ["day", "date", "phase", "entity", "event", "place", "detail", "fact"]
    assert len(frame) == len(log)
    dates = pd.Timestamp(run.plan.start) + pd.to_timedelta(frame["day"], unit="D")
    assert (pd.to_datetime(frame["date"]) == dates).all()
    assert frame["day"].is_monotonic_increasing


# -------------------------------------------------------------------------------------- the digest


def digest(worker: Worker, outcome: Outcome) -> bytes:
    (found,) = Results.of(worker.layout, [(0, outcome)], []).digests
    return found


def outcome_of(worker: Worker) -> Outcome:
    return worker.replicate(0)


CHANGES: dict[str, Callable[[Outcome], Outcome]] = {
    "a value": lambda o: replace(o, values=_bump(o.values)),
    "a first date": lambda o: replace(o, first_attained=_bump(o.first_attained)),
    "a city series": lambda o: replace(o, city_series=_bump(o.city_series)),
    "a district series": lambda o: replace(o, district_series=_bump(o.district_series)),
    "a delay": lambda o: replace(
        o, delays=[(*o.delays[0][:-1], o.delays[0][-1] + 1), *o.delays[1:]]
    ),
    "a missing delay": lambda o: replace(o, delays=o.delays[1:]),
    "a yuan": lambda o: replace(o, ledger=replace(o.ledger, yuan=_bump(o.ledger.yuan))),
    "a place": lambda o: replace(o, ledger=replace(o.ledger, place=-1 - 0 * o.ledger.place)),
    "a missing transfer": lambda o: replace(o, ledger=reordered(o.ledger, slice(1, None))),
}


def reordered(flows: Flows, order: slice) -> Flows:
    columns = ("year", "payer", "payee", "yuan", "place")
    return replace(flows, **{name: getattr(flows, name)[order] for name in columns})


def _bump(array: np.ndarray) -> np.ndarray:
    """The same array with its last number changed by the least that can be."""
    changed = array.copy()
    last = changed.flat[changed.size - 1]
    changed.flat[changed.size - 1] = (
        np.nextafter(last, np.inf) if changed.dtype.kind == "f" else last + 1
    )
    return changed


@pytest.mark.parametrize("what", CHANGES)
def test_the_digest_sees_every_change(worker: Worker, what: str) -> None:
    outcome = outcome_of(worker)
    assert digest(worker, CHANGES[what](outcome)) != digest(worker, outcome)


def test_the_digest_does_not_see_the_order_of_rows(worker: Worker) -> None:
    outcome = outcome_of(worker)
    other = replace(
        outcome,
        delays=outcome.delays[::-1],
        ledger=reordered(outcome.ledger, slice(None, None, -1)),
    )
    assert digest(worker, other) == digest(worker, outcome)


def test_the_digest_does_not_see_the_order_of_targets(worker: Worker) -> None:
    """As they stand in the plan's file: all that it knows of them is their names."""
    outcome, rows = outcome_of(worker), worker.layout.rows
    layout = replace(worker.layout, rows=rows[::-1])
    other = replace(
        outcome, values=outcome.values[::-1], first_attained=outcome.first_attained[::-1]
    )
    (found,) = Results.of(layout, [(0, other)], []).digests
    assert found == digest(worker, outcome)


def test_the_result_hash_sees_which_replication_had_which_result(
    worker: Worker, results: Results
) -> None:
    swapped = replace(
        results, digests=[results.digests[1], results.digests[0], *results.digests[2:]]
    )
    renumbered = replace(results, replications=results.replications + 1)
    hashes = {r.result_hash for r in (results, swapped, renumbered)}
    assert len(hashes) == 3


# ------------------------------------------------------------------------------------- failures


@pytest.fixture
def fails_at_two(monkeypatch: pytest.MonkeyPatch) -> None:
    def sometimes(plan: Any, scenario: Any, draw: Any, streams: Any, **options: Any) -> Outcome:
        if streams.replication == 2:
            raise ArithmeticError("made to fail")
        return simulate(plan, scenario, draw, streams, **options)

    monkeypatch.setattr(worker_module, "simulate", sometimes)


@pytest.mark.usefixtures("fails_at_two")
def test_a_failure_is_recorded_and_the_others_go_on(
    run: Run, worker: Worker, results: Results, directory: Path
) -> None:
    counts: list[int] = []
    found = simulated(settings(run, trace=None), counts.append)
    assert found.replications.tolist() == [0, 1, 3]
    assert found.values.tolist() == results.values[[0, 1, 3]].tolist()
    assert sum(counts) == 4
    (failure,) = found.failures
    assert failure.replication == 2
    assert failure.error == "ArithmeticError: made to fail"
    assert "Traceback" in failure.traceback

    write_tables(directory / "r", worker, (0, 4, found))
    written = pd.read_csv(directory / "r" / "failures.csv", encoding="utf-8-sig")
    assert list(written) == ["scenario", "replication", "error", "traceback"]
    assert written["replication"].tolist() == [2]
    delays = pd.read_parquet(directory / "r" / "delays.parquet")
    assert sorted(delays["replication"].unique()) == [0, 1, 3]


@pytest.mark.usefixtures("fails_at_two")
def test_failures_survive_the_join_of_chunks(run: Run) -> None:
    worker = Worker(settings(run, trace=None))
    parts = [worker.chunk([3]), worker.chunk([2]), worker.chunk([0, 1])]
    for joined in (Results.join(worker.layout, parts), Results.join(worker.layout, iter(parts))):
        assert joined.replications.tolist() == [0, 1, 3]
        assert [failure.replication for failure in joined.failures] == [2]


def test_no_failures_no_file(folder: Path) -> None:
    assert not (folder / "failures.csv").exists()


def test_nothing_finished_is_a_table_of_nothing(run: Run, worker: Worker, directory: Path) -> None:
    empty = Results.join(worker.layout, [])
    assert len(empty.replications) == 0
    failed = Results.of(worker.layout, [], [Failure(n, "E", "T") for n in range(4)])
    write_tables(directory / "empty", worker, (0, 4, failed))
    for name, columns in COLUMNS.items():
        table = pq.read_table(directory / "empty" / f"{name}.parquet")
        assert table.num_rows == 0
        assert table.schema.names == list(columns)


def test_an_interruption_keeps_what_was_finished(run: Run, directory: Path) -> None:
    def stop(done: int) -> None:
        if done:  # what the store has is told first, and here it has nothing
            raise KeyboardInterrupt

    chunks = RunFolder(directory).chunks(run)
    ended_by = execute(settings(run, replications=40, trace=None), chunks, stop)
    assert isinstance(ended_by, KeyboardInterrupt)
    (kept,) = chunks.ranges()
    assert 0 < len(kept) < 40


# ----------------------------------------------------------------------------------- the folder


def test_a_folder_with_results_is_refused(directory: Path) -> None:
    RunFolder(directory).write_manifest({"seed": 1})
    with pytest.raises(FolderInUse):
        RunFolder(directory)


def test_a_folder_has_one_run_at_a_time(directory: Path) -> None:
    with RunFolder(directory):
        with pytest.raises(FolderInUse, match="another run is at work"):
            RunFolder(directory)
        with pytest.raises(BlockingIOError):
            claimed(directory)
    with RunFolder(directory) as folder:
        folder.write_manifest({"seed": 1})


def test_a_drive_without_locks_refuses_nobody(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object) -> None:
        raise OSError(errno.EBADF, "Bad file descriptor")

    monkeypatch.setattr("fcntl.flock", unknown)
    with RunFolder(directory) as folder:
        folder.write_manifest({"seed": 1})
    with pytest.raises(FolderInUse, match="holds the results"):
        RunFolder(directory)


def test_a_folder_without_a_manifest_may_be_used_again(directory: Path) -> None:
    """A run that was killed, or failed as a whole, leaves tables but no manifest: no results."""
    names = ("targets.parquet", "failures.csv", "events.csv", "passport.csv")
    directory.mkdir(parents=True, exist_ok=True)
    for name in (*names, "notes.csv"):
        (directory / name).write_bytes(b"old")
    RunFolder(directory)
    assert [path.name for path in directory.iterdir()] == ["notes.csv"]


def test_the_files_of_somebody_else_are_left_alone(directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "events.csv").write_bytes(b"a diary")
    RunFolder(directory)
    assert (directory / "events.csv").read_bytes() == b"a diary"


def test_csv_files_open_in_spreadsheets_as_they_are(directory: Path) -> None:
    RunFolder(directory).write_csv("t", ["名称", "value"], [("科普，基地", None), ('a "b"', 1.5)])
    raw = (directory / "t.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    frame = pd.read_csv(directory / "t.csv", encoding="utf-8-sig", keep_default_na=False)
    assert frame.to_numpy().tolist() == [["科普，基地", ""], ['a "b"', "1.5"]]
    assert list(directory.iterdir()) == [directory / "t.csv"]  # no leavings


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("scenario.name", "another"),
        ("workers", 7),
        ("backend", "processes"),
        ("language", "zh"),
        ("trace", 0),
        ("record", "full"),
        ("replications", 99),
    ],
)
def test_the_config_hash_ignores_names_and_execution(run: Run, key: str, value: object) -> None:
    assert config_hash(settings(run, {key: value})) == config_hash(run)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("seed", 3),
        ("budget.public_total", 1_170_000_001),
        ("budget.carry_over", 0.71),
        ("replications_per_draw", 3),
        ("definitions.promoted_base_counts", False),
        ("parameters.attrition.mode", 0.071),
        ("plan.targets.demo_projects.goal", 21),
        ("plan.calendar.mid_year_meeting.day", 16),
    ],
)
def test_the_config_hash_sees_what_can_change_a_result(run: Run, key: str, value: object) -> None:
    assert config_hash(settings(run, {key: value})) != config_hash(run)


def test_the_config_hash_sees_what_stands_in_the_table_of_places(run: Run, tmp_path: Path) -> None:
    usual = config_hash(run)
    table = tmp_path / "places.csv"
    table.write_bytes(districts_path(run.plan.districts).read_bytes())
    moved = settings(run, {"plan.districts": str(table)})
    assert config_hash(moved) == usual
    table.write_bytes(table.read_bytes() + b"\n")
    assert config_hash(moved) != usual


def test_the_config_hash_ignores_the_labels_of_parameters_and_targets(run: Run) -> None:
    """Labels, notes and sources change no result."""
    label = {"zh": "另一个名字", "en": "another name"}
    for key, value in (
        ("parameters.attrition.label", label),
        ("parameters.attrition.note", "told differently"),
        ("plan.targets.demo_projects.name", label),
        ("plan.zones.core.name", label),
    ):
        assert config_hash(settings(run, {key: value})) == config_hash(run), key


# --------------------------------------------------------------------- tables of a plan by hand


def written(run: Run, folder: Path) -> None:
    """The tables of all replications of a run."""
    worker = Worker(run)
    write_tables(folder, worker, (0, run.replications, worker.chunk(range(run.replications))))


def test_a_target_that_holds_from_the_start_was_attained_on_day_zero(tmp_path: Path) -> None:
    """And one that never holds on no day: nothing is written for it."""
    stock = {"measure": "stock", "measured_by": {"type": "delivered", "programme": "room"}}
    run = micro_run(
        tmp_path,
        {"room": {"target": "start", "unit_cost": 10**12}},
        targets={
            "start": stock | {"goal": 3, "baseline": 3},
            "never": stock | {"goal": 4, "baseline": 3},
        },
    )
    written(run, tmp_path / "out")
    frame = pd.read_parquet(tmp_path / "out" / "targets.parquet").set_index("target")
    assert frame["attained"].to_dict() == {"start": True, "never": False}
    assert frame["first_attained_day"]["start"] == 0
    assert pd.isna(frame["first_attained_day"]["never"])


def test_delays_are_those_of_the_district_in_which_they_happened(tmp_path: Path) -> None:
    """Nobody can pay a hall: two are missing in the first district, four in the other one. What is
    missing of a target of people belongs to no district: its place is the city."""
    staff = {
        "measure": "stock", "goal": 10**6, "definition": "full_time_staff",
        "measured_by": {"type": "staff", "count": "persons"},
    }  # fmt: skip
    run = micro_run(
        tmp_path,
        {"hall": {"goal": 6, "unit_cost": 10**12, "build_months": 6}},
        districts=[district(900_101, population=100_000), district(900_102, population=200_000)],
        targets={"staff": staff},
    )
    written(run, tmp_path / "out")
    frame = pd.read_parquet(tmp_path / "out" / "delays.parquet")
    assert set(frame["scenario"]) == {"test"}
    halls, people = frame[frame["programme"] == "hall"], frame[frame["programme"] != "hall"]
    assert set(halls["place"]) == {"900101", "900102"}
    assert set(people["place"]) == {"city"}
    assert halls.groupby("place", observed=True)["missing"].sum().to_dict() == {
        "900101": 2, "900102": 4,
    }  # fmt: skip
