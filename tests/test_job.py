"""One job from the command line to its folder: what it writes, says, and leaves when stopped."""

from __future__ import annotations

import csv
import json
import multiprocessing
from multiprocessing.connection import Connection, wait
from pathlib import Path

import pandas as pd
import pytest

from sim.__main__ import main
from sim.answer.finding import columns_of
from sim.answer.run.attainment import Attainment
from sim.answer.run.held_back import HeldBack
from sim.config.validation import validate
from sim.edge import compose
from sim.story.log import TITLES
from sim.study import executor, worker
from tests.factory import simulated
from tests.program import with_pictures

ROOT = Path(__file__).resolve().parents[1]
TABLES = {
    "manifest.json", "attainment.csv", "held_back.csv", "targets.parquet", "series.parquet",
    "delays.parquet", "ledger.parquet", "passport.csv",
}  # fmt: skip
PICTURES = {
    f"{name}_{language}.{suffix}"
    for name in ("attainment", "facilities", "staff", "industry", "delays", "missing")
    for language in ("zh", "en")
    for suffix in ("png", "svg")
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small run of austerity with one replication traced."""
    path = tmp_path_factory.mktemp("job") / "run"
    overrides = ["scenario=austerity", "replications=6", "workers=1", "trace=2", "seed=7"]
    overrides.append("language=both")
    with with_pictures():
        assert main([*overrides, f"hydra.run.dir={path}"]) == 0
    return path


def test_the_folder_holds_what_the_contract_says(folder: Path) -> None:
    names = {path.name for path in folder.iterdir()}
    assert names >= TABLES | PICTURES | {"events.csv"}
    assert "failures.csv" not in names
    assert not [name for name in names if name.endswith(".part")]


def test_attainment_has_the_columns_of_the_contract_and_opens_in_excel(folder: Path) -> None:
    raw = (folder / "attainment.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    table = pd.read_csv(folder / "attainment.csv")
    assert [*table.columns] == [*columns_of(Attainment)]
    modelled = table[table["modelled"] & ~table["target"].str.contains("met_count")]
    assert modelled["probability"].between(0, 1).all()
    assert (modelled["probability_low"] <= modelled["probability"]).all()
    assert (modelled["probability"] <= modelled["probability_high"]).all()
    assert table.loc[~table["modelled"], ["probability", "mean", "p50"]].isna().all(axis=None)
    assert (table.loc[table["modelled"], "replications"] == 6).all()


def test_what_held_back_has_the_columns_of_the_contract(folder: Path) -> None:
    table = pd.read_csv(folder / "held_back.csv", encoding="utf-8-sig", keep_default_na=False)
    assert [*table.columns] == [*columns_of(HeldBack)]
    attainment = pd.read_csv(folder / "attainment.csv", encoding="utf-8-sig")
    single = attainment[attainment["modelled"] & attainment["comparator"].notna()]
    assert table["target"].tolist() == single.loc[single["probability"] < 1, "target"].tolist()


def test_the_passport_names_what_differs_from_the_baseline(folder: Path) -> None:
    with (folder / "passport.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["key"]: row for row in csv.DictReader(file)}
    assert rows["budget.public_total"]["value"] == str(round(0.7 * 1_170_000_000))
    assert rows["seed"]["value"] == "7"
    assert "workers" not in rows


def test_a_changed_run_says_so_and_keeps_the_name_of_its_scenario(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    changed = {row["key"]: (row["value"], row["source"]) for row in manifest["changes"]}
    assert changed == {"seed": (7, "command line"), "replications": (6, "command line")}
    assert set(pd.read_csv(folder / "attainment.csv")["scenario"]) == {"austerity"}


def test_every_picture_names_the_result(folder: Path) -> None:
    digest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["result_hash"]
    pictures = [*folder.glob("*.png"), *folder.glob("*.svg")]
    assert pictures
    for picture in pictures:
        assert digest.encode() in picture.read_bytes(), picture.name


def told(folder: Path, capsys: pytest.CaptureFixture[str], *overrides: str) -> str:
    """What a small run without pictures prints."""
    given = ["replications=2", "record=targets", "backend=serial", "store=null", *overrides]
    assert main([*given, f"hydra.run.dir={folder}"]) == 0
    return capsys.readouterr().out


def test_the_answer_is_told_in_one_language_or_in_both_one_after_the_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chinese = told(tmp_path / "zh", capsys, "language=zh")
    english = told(tmp_path / "en", capsys, "language=en")
    both = told(tmp_path / "both", capsys, "language=both")
    answers = [
        text.rpartition(mark)[0] for text, mark in ((chinese, "结果: "), (english, "Results: "))
    ]
    assert "注意：" in answers[0]
    assert "Caution:" in answers[1]
    assert both.startswith("".join(answers))
    assert both.endswith(f"结果: {tmp_path}/both\nResults: {tmp_path}/both\n")


def test_notes_and_the_second_table_are_told_to_those_who_ask_for_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, whole = (
        told(tmp_path / table, capsys, "language=en", f"table={table}")
        for table in ("short", "full")
    )
    marks = (" on average", "Caution:", ": attainment of", "What held the missed", "Chance: with")
    assert [mark in first for mark in marks] == [True, True, True, False, False]
    assert [mark in whole for mark in marks] == [True] * 5


def test_the_event_log_tells_a_project_in_order(folder: Path) -> None:
    log = pd.read_csv(folder / "events.csv", encoding="utf-8-sig")
    opened = log[log["event"] == "opened"]["entity"].iloc[0]
    # What is open may be named a base, on another day in every model.
    events = log[log["entity"] == opened]["event"]
    story = events[~events.isin(TITLES)].tolist()
    assert story[0] == "proposed"
    assert [event for event in story if not event.startswith("title")][-1] == "opened"
    assert story.index("contracted") < story.index("built") < story.index("completion paid")


def test_results_are_never_overwritten(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (folder / "manifest.json").read_bytes()
    assert main(["replications=2", f"hydra.run.dir={folder}"]) == 2
    assert "manifest.json" in capsys.readouterr().err
    assert (folder / "manifest.json").read_bytes() == before


def test_a_folder_that_cannot_be_made_is_wrong_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    assert main(["replications=2", f"hydra.run.dir={tmp_path}/file/run"]) == 2
    assert capsys.readouterr().err


def test_a_failed_replication_is_listed_and_the_rest_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    replicate = worker.Worker.replicate

    def failing(self: worker.Worker, replication: int) -> object:
        if replication == 3:
            raise RuntimeError("the archive burnt down")
        return replicate(self, replication)

    monkeypatch.setattr(worker.Worker, "replicate", failing)
    path = tmp_path / "[bold]run"
    assert main(["replications=5", "workers=1", "language=en", f"hydra.run.dir='{path}'"]) == 1
    failures = pd.read_csv(path / "failures.csv", encoding="utf-8-sig")
    assert failures["replication"].tolist() == [3]
    assert "the archive burnt down" in failures["traceback"].iloc[0]
    assert (pd.read_csv(path / "attainment.csv")["replications"].dropna() == 4).all()
    said = capsys.readouterr().out
    assert "1 of 5 replications failed" in said.split("Goal")[0]
    assert said.endswith(f"Results: {path}\n")


def test_a_run_that_failed_as_a_whole_leaves_nothing_to_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["replications=1", "workers=1", "language=en", f"hydra.run.dir={tmp_path}/run"]
    with monkeypatch.context() as patch:
        patch.setattr(worker.Worker, "replicate", lambda self, replication: 1 / 0)
        assert main(arguments) == 1
    assert "1 replication failed, the first with ZeroDivisionError" in capsys.readouterr().err
    assert (tmp_path / "run" / "failures.csv").exists()
    assert main(arguments) == 0
    assert not (tmp_path / "run" / "failures.csv").exists()


def test_dask_gives_the_same_result_as_one_process() -> None:
    pytest.importorskip("distributed")
    run = validate(compose(["replications=4", "record=targets"]))
    serial = simulated(run.model_copy(update={"backend": "serial"}))
    dask = simulated(run.model_copy(update={"backend": "dask", "workers": 2}))
    assert dask.result_hash == serial.result_hash


def test_a_killed_worker_costs_its_chunk_only(monkeypatch: pytest.MonkeyPatch) -> None:
    run = validate(compose(["replications=24", "record=targets", "workers=2"]))
    expected = simulated(run.model_copy(update={"workers": 1})).result_hash
    killed: list[int] = []

    def killing(connections: list[Connection]) -> object:
        if not killed:
            children = multiprocessing.active_children()
            if children:
                killed.append(children[0].pid or 0)
                children[0].kill()
        return wait(connections)

    monkeypatch.setattr(executor, "wait", killing)
    results = simulated(run)
    assert killed, "no worker process was found to kill"
    assert results.result_hash == expected
    assert not results.failures
