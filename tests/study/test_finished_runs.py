"""Run folders changed after they were written: read right, or refused with file and column."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import sim.study
from sim.config.errors import ConfigError
from sim.job import run_job
from sim.study.finished_runs import FinishedRun, finished_runs
from tests.factory import micro_run

N = 4
Change = Callable[[Path], None]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of two rooms, one of them with two readings; nobody may write into it."""
    folder = tmp_path_factory.mktemp("finished")
    room = {"goal": 4, "unit_cost": 1_000_000, "build_months": 6}
    run = micro_run(folder, {"room": room, "hall": room}, replications=N, replications_per_draw=2)
    assert run_job(run, folder / "run", []) == 0
    return folder / "run"


@pytest.fixture
def copy(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "copy"))


def manifest(**changes: Any) -> Change:
    """Entries set by dotted path, or taken away where they are None."""

    def change(folder: Path) -> None:
        path = folder / "manifest.json"
        content = json.loads(path.read_text(encoding="utf-8"))
        for key, value in changes.items():
            node, *_ = [content]
            *parents, last = key.split(".")
            for name in parents:
                node = node[name]
            node[last] = value
            if value is None:
                del node[last]
        path.write_text(json.dumps(content), encoding="utf-8")

    return change


def written(name: str, content: bytes) -> Change:
    def write(folder: Path) -> None:
        (folder / name).write_bytes(content)

    return write


def frame(change: Callable[[pd.DataFrame], pd.DataFrame]) -> Change:
    def rewrite(folder: Path) -> None:
        path = folder / "targets.parquet"
        own = pd.read_parquet(path).astype({"target": str, "definition": str, "scenario": str})
        change(own).to_parquet(path, index=False)

    return rewrite


def cell(row: int, column: str, value: str | float | None) -> Change:
    def change(own: pd.DataFrame) -> pd.DataFrame:
        own.loc[row, column] = value
        return own

    return frame(change)


def cut(folder: Path) -> None:
    path = folder / "targets.parquet"
    path.write_bytes(path.read_bytes()[:-40])


def twice_in_a_column(folder: Path) -> None:
    path = folder / "targets.parquet"
    table = pq.read_table(path)
    pq.write_table(table.append_column("value", table["value"]), path)


M, T, P = "manifest.json", "targets.parquet", "passport.csv"
REFUSED: dict[str, tuple[Change, list[str]]] = {
    "manifest_list": (written(M, b"[1, 2]"), [M, "not that of a run"]),
    "manifest_number": (written(M, b"7"), [M, "not that of a run"]),
    "manifest_text": (written(M, b'"config"'), [M, "not that of a run"]),
    "manifest_no_json": (written(M, b"{"), [M, "cannot be read"]),
    "manifest_no_utf8": (written(M, b'{"\xff": 1}'), [M, "cannot be read"]),
    "manifest_100000_brackets": (written(M, b"[" * 100_000), [M, "cannot be read"]),
    "manifest_of_a_study": (written(M, b'{"study": "promises", "results": {}}'), ["not that"]),
    "config_missing": (manifest(config=None), [M, "lacks this entry", "config"]),
    "config_list": (manifest(config=[]), [M, "is wrong here", "config"]),
    "plan_missing": (manifest(**{"config.plan": None}), [M, "config.plan"]),
    "targets_list": (manifest(**{"config.plan.targets": []}), [M, "config.plan.targets"]),
    "goal_missing": (manifest(**{"config.plan.targets.room.goal": None}), [M, "room.goal"]),
    "comparator_unknown": (
        manifest(**{"config.plan.targets.room.comparator": "~"}),
        [M, "room.comparator", "'~'"],
    ),
    "definition_unknown": (
        manifest(**{"config.plan.targets.room.definition": "x"}),
        [M, "room.definition", "'x'"],
    ),
    "per_draw_text": (
        manifest(**{"config.replications_per_draw": "2"}),
        [M, "config.replications_per_draw"],
    ),
    "seed_true": (manifest(seed=True), [M, "seed"]),
    "finished_missing": (manifest(finished=None), [M, "finished"]),
    "version_missing": (manifest(schema_version=None), [M, "schema_version"]),
    "version_0": (manifest(schema_version=0), [M, "schema_version", "another version"]),
    "version_99": (manifest(schema_version=99), [M, "schema_version", "another version"]),
    "version_text": (manifest(schema_version="1"), [M, "schema_version"]),
    "targets_gone": (lambda folder: (folder / T).unlink(), [f"no {T}"]),
    "targets_empty": (written(T, b""), [T, "cannot be read"]),
    "targets_no_parquet": (written(T, b"scenario,draw\n"), [T, "cannot be read"]),
    "targets_cut": (cut, [T, "cannot be read"]),
    "column_missing": (
        frame(lambda f: f.drop(columns="attained")),
        [T, "a column is missing", "column attained"],
    ),
    "column_renamed": (
        frame(lambda f: f.rename(columns={"attained": "attaind"})),
        [T, "a column is missing, but attaind", "column attained"],
    ),
    "columns_missing": (
        frame(lambda f: f[["scenario", "value"]]),
        ["settings are wrong", "column draw", "column replication"],
    ),
    "column_twice": (twice_in_a_column, [T, "there twice", "column value"]),
    "value_text": (
        frame(lambda f: f.astype({"value": str})),
        [T, "holds text where number is due", "column value"],
    ),
    "replication_float": (
        frame(lambda f: f.astype({"replication": float})),
        [T, "holds number where whole number is due", "column replication"],
    ),
    "attained_number": (
        frame(lambda f: f.astype({"attained": int})),
        [T, "where True or False is due", "column attained"],
    ),
    "value_date": (
        frame(lambda f: f.assign(value=pd.Timestamp("2020-01-01"))),
        [T, "where number is due", "column value"],
    ),
    "target_number": (
        frame(lambda f: f.assign(target=1)),
        [T, "where text is due", "column target"],
    ),
    "value_empty": (cell(1, "value", None), [T, "empty cells", "column value"]),
    "all_rows_twice": (
        frame(lambda f: pd.concat([f, f])),
        [T, "rows stand here twice", "column replication", "replication 0"],
    ),
    "one_row_twice": (
        frame(lambda f: pd.concat([f, f.iloc[[5]]])),
        [T, "rows stand here twice", "replication 2, hall"],
    ),
    "one_replication_renumbered": (
        frame(lambda f: f.assign(replication=f["replication"].replace(3, 2))),
        [T, "rows stand here twice", "replication 2"],
    ),
    "one_row_missing": (
        frame(lambda f: f.drop(index=3)),
        [T, "a replication has 1 rows, others 2", "column replication"],
    ),
    "one_replication_missing": (
        frame(lambda f: f[f["replication"] != 1]),
        [T, "there are 3 replications, the manifest has 4", "column replication"],
    ),
    "no_rows": (frame(lambda f: f.iloc[:0]), [T]),
    "one_replication_too_many": (
        frame(lambda f: pd.concat([f, f[f["replication"] == 3].assign(replication=4, draw=2)])),
        [T, "there are 5 replications, the manifest has 4"],
    ),
    "replications_beyond": (
        frame(lambda f: f.assign(replication=f["replication"] + 2, draw=f["draw"] + 1)),
        [T, "replications that the run did not have", "2 to 5"],
    ),
    "draws_shifted": (
        frame(lambda f: f.assign(draw=f["draw"] + 1)),
        [T, "draws are not those", "column draw"],
    ),
    "target_missing": (
        frame(lambda f: f[f["target"] != "hall"]),
        [T, "a target or reading is missing", "column target", "hall"],
    ),
    "target_unknown": (
        frame(lambda f: f.assign(target=f["target"].replace("hall", "hull"))),
        [T, "column target", "hall"],
    ),
    "reading_unknown": (
        frame(lambda f: f.assign(definition="strict")),
        [T, "column target", "hall"],
    ),
    "several_unknown_the_first_by_name": (
        frame(
            lambda f: pd.concat(
                [f, *(f.assign(target=f["target"] + end) for end in ("z", "y", "x", "w", "v", "u"))]
            )
        ),
        [T, "column target", "hallu"],
    ),
    "two_scenarios": (
        frame(lambda f: f.assign(scenario=["a", "b"] * N)),
        [T, "one scenario", "column scenario"],
    ),
    "attained_turned": (
        frame(lambda f: f.assign(attained=~f["attained"])),
        [T, "not what value and goal say", "column attained"],
    ),
    "value_changed": (
        frame(
            lambda f: f.assign(value=f["value"].where(~f["attained"], 0.0) + ~f["attained"] * 99)
        ),
        [T, "not what value and goal say", "column attained"],
    ),
    "passport_no_utf8": (written(P, b"key,value\n\xff,1\n"), [P, "cannot be read"]),
    "passport_row_short": (written(P, b"key,value\na\n"), [P, "row 2", "1 cells"]),
    "passport_open_quote": (written(P, b'key,value\n"a,1\n'), [P, "cannot be read"]),
    "passport_without_keys": (written(P, b"name,value\na,1\n"), [P, "column key"]),
    "passport_empty": (written(P, b""), [P, "is empty"]),
}


def _read(folder: Path) -> FinishedRun:
    """All that a comparison reads of a run."""
    (run,) = finished_runs([str(folder)])
    run.targets()
    assert run.sources is not None
    assert run.choices is not None
    return run


@pytest.mark.parametrize("name", REFUSED)
def test_a_damaged_run_is_refused_with_file_and_column(copy: Path, name: str) -> None:
    change, said = REFUSED[name]
    change(copy)
    with pytest.raises(ConfigError) as caught:
        _read(copy)
    for part in [*said, str(copy)]:
        assert part in str(caught.value)


@pytest.mark.parametrize("name", [n for n, (_, said) in REFUSED.items() if {M, T} & {*said}])
def test_the_archive_refuses_the_same_run(copy: Path, name: str) -> None:
    REFUSED[name][0](copy)
    with pytest.raises(ConfigError):
        sim.study.open(copy).targets()


HARMLESS: dict[str, Change] = {
    "untouched": lambda folder: None,
    "rows_in_another_order": frame(lambda f: f.sample(frac=1, random_state=1)),
    "wider_numbers": frame(
        lambda f: f.astype({"replication": "int64", "draw": "int64", "value": "float64"})
    ),
    "columns_in_another_order": frame(lambda f: f[f.columns[::-1]]),
    "one_column_more": frame(lambda f: f.assign(note="seen")),
    "another_label": frame(lambda f: f.assign(scenario="renamed")),
    "label_in_the_manifest": manifest(**{"config.scenario.name": "NA"}),
    "no_passport": lambda folder: (folder / P).unlink(),
    "unknown_entry": manifest(remark="copied from the old machine"),
    "a_definition_of_the_future": manifest(**{"config.new_section": {"x": 1}}),
    "not_finished_whole": manifest(replications=7, interrupted=True),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_changes_no_row_changes_no_figure(whole: Path, copy: Path, name: str) -> None:
    HARMLESS[name](copy)
    order = ["replication", "target", "definition"]
    found, expected = (_read(folder).targets() for folder in (copy, whole))
    assert list(found) == list(expected)
    pd.testing.assert_frame_equal(
        found.astype(object).sort_values(order, ignore_index=True),
        expected.astype(object).sort_values(order, ignore_index=True),
        check_dtype=False,
    )


def test_texts_of_dictionaries_and_plain_ones_are_one_kind(copy: Path) -> None:
    """Other programs write plain strings, and integers of other sizes."""
    table = pq.read_table(copy / T)
    schema = pa.schema(
        [
            pa.field(f.name, pa.large_string() if f.name in ("target", "definition") else f.type)
            for f in table.schema
        ]
    )
    pq.write_table(table.cast(schema), copy / T)
    assert len(_read(copy).targets()) == 2 * N
