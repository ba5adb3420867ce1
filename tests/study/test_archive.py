"""Folders of results are read as tidy frames with units; what cannot be read says what to do."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import sim.study
from sim.config.errors import ConfigError
from sim.config.schema import Run
from sim.job import run_job
from sim.study import units
from sim.study.chunk import CorruptChunk
from sim.study.identity import point_hash
from sim.study.layout_file import BadLayout, Key, read_layout, write_layout
from sim.study.study import DesignPoint, Study
from sim.study.targets_file import FILE, is_current
from sim.study.worker import Worker
from sim.words import catalogue
from tests.factory import frame_of, micro_run, settings

ROOM = {"goal": 4, "unit_cost": 1_000_000, "build_months": 6}
N = 12
FRAMES = ("targets", "series", "delays", "ledger")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("plan")
    return micro_run(folder, {"room": ROOM}, replications=N, replications_per_draw=2)


@pytest.fixture(scope="module")
def points(run: Run) -> list[DesignPoint]:
    return [
        DesignPoint(name, settings(run, {"budget.public_total": money}), (f"money={money}",))
        for name, money in (("less", 1_000_000), ("more, much", 40_000_000))
    ]


@pytest.fixture(scope="module")
def finished(run: Run, points: list[DesignPoint], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study of two points; nobody may write into it."""
    return make(tmp_path_factory.mktemp("archive") / "study", run, points)


def make(folder: Path, run: Run, points: list[DesignPoint], n: int = N) -> Path:
    with Study(folder, "test", {"question": 1}, run) as study:
        study.simulate(points, n)
        study.write_table("test", ("point", "probability"), [("less", 0.5), ("more, much", None)])
        study.finish({"zh": "答", "en": "an answer", "met": 0.5})
    return folder


@pytest.fixture
def copy(finished: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(finished, tmp_path / "copy"))


@pytest.fixture(scope="module")
def ran(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archive") / "run"
    assert run_job(run, folder, []) == 0
    return folder


# ------------------------------------------------------------------------------------ what is read


@pytest.mark.parametrize("name", FRAMES)
def test_a_study_reads_as_its_points_would_as_runs(
    finished: Path, run: Run, points: list[DesignPoint], name: str
) -> None:
    """Whatever the way through chunks and Arrow, the rows are those of the run folder's tables."""
    frame = getattr(sim.study.open(finished), name)()
    with Study(finished, "test", {"question": 1}, run) as study:
        parts = [
            frame_of(study.tables(point, study.everything(point, N)), name) for point in points
        ]
    expected = pd.concat([part.astype({"scenario": object}) for part in parts], ignore_index=True)
    assert len(frame)
    assert frame["scenario"].unique().tolist() == ["less", "more, much"]
    assert_frame_equal(
        frame.astype(object), expected.astype(object), check_dtype=False, check_like=False
    )


@pytest.mark.parametrize("name", FRAMES)
def test_a_run_folder_reads_as_its_files(ran: Path, name: str) -> None:
    archive = sim.study.open(str(ran))
    frame = getattr(archive, name)()
    assert_frame_equal(frame, pd.read_parquet(ran / f"{name}.parquet"))
    assert archive.points == frame["scenario"].unique().tolist()


def test_the_small_things_of_a_study(finished: Path) -> None:
    archive = sim.study.open(finished)
    assert archive.points == ["less", "more, much"]
    assert archive.answer == {"zh": "答", "en": "an answer", "met": 0.5}
    assert archive.manifest["finished"] is True
    assert archive.failures().columns.tolist() == ["scenario", "replication", "error", "traceback"]
    assert archive.failures().empty
    chances = archive.table("test")["probability"].tolist()
    assert chances == pytest.approx([0.5, np.nan], nan_ok=True)
    design = archive.design()
    assert design["replications"].tolist() == [N, N]
    assert design["overrides"].tolist() == ["money=1000000", "money=40000000"]


def test_the_small_things_of_a_run(ran: Path) -> None:
    archive = sim.study.open(ran)
    assert archive.attainment()["target"].tolist()[0] == "room"
    assert archive.table("attainment").equals(archive.attainment())
    assert archive.failures().empty


def test_only_the_points_asked_for(finished: Path) -> None:
    archive = sim.study.open(finished)
    for name in FRAMES:
        frame = getattr(archive, name)(points=["more, much"])
        assert frame["scenario"].unique().tolist() == ["more, much"]
        assert sorted(frame["replication"].unique()) == list(range(N))
    both = archive.targets(points=["more, much", "less", "less"])
    assert both["scenario"].unique().tolist() == ["more, much", "less"]
    assert len(both) == len(archive.targets())


def test_replications_beyond_those_used_are_left_out(
    run: Run, points: list[DesignPoint], copy: Path
) -> None:
    """Chunks of an earlier, larger call stay on disk and are not part of the smaller study."""
    make(copy, run, points, 4)
    archive = sim.study.open(copy)
    assert sorted(archive.targets()["replication"].unique()) == [0, 1, 2, 3]
    assert sorted(archive.ledger()["replication"].unique()) == [0, 1, 2, 3]
    assert len(pd.read_parquet(copy / FILE)) == len(archive.targets())


def test_failed_replications_are_listed_and_not_in_the_frames(
    run: Run, points: list[DesignPoint], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = Worker.replicate

    def failing(self: Worker, replication: int) -> object:
        if replication == 2:
            raise ValueError("a defect")
        return usual(self, replication)

    monkeypatch.setattr(Worker, "replicate", failing)
    archive = sim.study.open(make(tmp_path / "study", run, points[:1], 4))
    assert archive.failures()["replication"].tolist() == [2]
    for name in ("targets", "delays", "ledger"):
        assert sorted(getattr(archive, name)()["replication"].unique()) == [0, 1, 3]


def test_a_study_that_records_targets_alone_has_no_series(run: Run, tmp_path: Path) -> None:
    point = DesignPoint("only", settings(run, record="targets"))
    archive = sim.study.open(make(tmp_path / "study", run, [point], 2))
    assert archive.series().empty
    assert len(archive.targets()) == 2
    assert archive.series().columns.tolist()[-2:] == ["indicator", "value"]


def test_reading_writes_nothing_and_needs_no_model(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Worker, "__init__", None)  # whoever builds a model now fails
    before = {path: path.stat().st_mtime_ns for path in copy.rglob("*")}
    archive = sim.study.open(copy)
    for name in FRAMES:
        getattr(archive, name)()
    assert {path: path.stat().st_mtime_ns for path in copy.rglob("*")} == before


def test_opening_loads_what_it_needs_when_it_needs_it() -> None:
    code = (
        "import sys, sim.study; sim.study.open; "
        "print({'numpy', 'pandas', 'pyarrow', 'simpy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


# ------------------------------------------------------------------------------------------- units


def test_every_column_of_numbers_has_a_unit(finished: Path, ran: Path) -> None:
    for archive in (sim.study.open(finished), sim.study.open(ran)):
        for name in FRAMES:
            frame = getattr(archive, name)()
            numbers = set(frame.select_dtypes("number").columns) - {"replication", "draw"}
            assert set(frame.attrs["units"]) == numbers, name
        targets = archive.targets()
        assert targets.attrs["units"]["first_attained_day"] == "days after 2016-01-01"


IDENTIFIERS = {"seed", "draw", "replication", "place"}


def unitless(frame: pd.DataFrame) -> set[str]:
    """Columns of numbers without a unit; one that is empty may hold words elsewhere."""
    numbers = frame.dropna(axis="columns", how="all").select_dtypes("number").columns
    return set(numbers) - set(frame.attrs["units"]) - IDENTIFIERS


def test_tables_of_a_run_and_of_a_study_have_units(finished: Path, ran: Path) -> None:
    run, study = sim.study.open(ran), sim.study.open(finished)
    attainment = run.attainment()
    assert attainment.attrs["units"]["probability"] == "share, 0 to 1"
    assert attainment.attrs["units"]["p50"] == "by row: see the column `unit`"
    held_back = run.table("held_back")
    for frame in (attainment, held_back, study.design(), study.failures()):
        assert not unitless(frame)
    assert study.design().attrs["units"] == {"replications": "replications"}
    assert study.failures().attrs["units"] == {}
    assert "first_attained_p50" not in attainment.attrs["units"], "a date"
    # Where the unit of a number is that of its target, it can be had in a column.
    own = pd.DataFrame({"target": ["room", "met_count", "all"], "mean": [1.0, 2.0, np.nan]})
    units.describe_table(own, "budget_sweep", "2016-01-01", {"room": {"zh": "间", "en": "rooms"}})
    assert own.attrs["units"] == {
        "mean": "by target: see attrs['value_units'], or with_units(frame)"
    }
    assert sim.study.with_units(own)["unit"].tolist() == ["rooms", "targets", np.nan]


@pytest.mark.parametrize("table", ["promises", "milestones", "bottlenecks", "binding", "gains",
                                   "budget_sweep", "responses", "compare_scenarios", "curves",
                                   "minimum_budget", "literacy_effect", "districts",
                                   "district_gaps"])  # fmt: skip
def test_tables_of_experiments_have_units(table: str) -> None:
    """The numbers that docs/studies tell of; tests of experiments look at what is written."""
    columns = ["replications", "probability", "probability_low", *NUMBERS.get(table, ())]
    frame = pd.DataFrame({"target": ["room"], **{column: [0.5] for column in columns}})
    units.describe_table(frame, table, "2016-01-01", {})
    assert not unitless(frame)
    assert {"{" in unit for unit in frame.attrs["units"].values()} == {False}


NUMBERS = {
    "promises": ("goal", "confidence", "value", "low", "high", "share"),
    "milestones": ("goal", "hits", "misses", "median", "level", "value", "low", "high", "beyond",
                   "caught", "false_alarms", "chance_beyond", "chance_within"),
    "bottlenecks": ("pairs", "gain", "gain_low", "mean", "mean_relieved", "mean_gain_high",
                    "shortfall", "shortfall_relieved", "shortfall_cut_low"),
    "binding": ("best_gain", "together_gain_low", "sum_of_gains", "interaction_high",
                "beyond_best", "held_back_units"),
    "budget_sweep": ("setting", "second_setting", "mean", "p05", "p50", "p95", "fitted"),
    "gains": ("from_setting", "to_setting", "pairs", "gained", "lost", "gain", "gain_low",
              "gain_per_million"),
    "responses": ("lowest", "highest", "p_value", "p_adjusted", "most_reached_at"),
    "compare_scenarios": ("goal", "replications_reference", "dropped", "probability_reference",
                          "difference", "difference_low", "gained", "lost", "variance_reduction",
                          "mean_reference_low", "value_difference_p05",
                          "value_variance_reduction"),
    "curves": ("public_yuan", "fit"),
    "districts": ("population", "quotas", "quotas_met", "quotas_met_low", "rank", "rank_high",
                  "single_low", "reason_share", "received", "nearest_unspent", "zone_met",
                  "zone_gap", "nearest_gap_low", "zone_lost"),
    "district_gaps": ("per_project", "quota", "delivered", "missing", "short", "zone_delivered"),
    "minimum_budget": ("budget", "budget_low", "probability_zero_high", "confirmed_budget",
                       "confirmed_replications", "confirmed_probability", "confirmed_low"),
    "literacy_effect": ("pairs", "mean", "mean_low", "p05", "positive"),
}  # fmt: skip


def test_values_get_the_unit_of_their_row(finished: Path) -> None:
    archive = sim.study.open(finished)
    english = sim.study.with_units(archive.targets())
    assert english["unit"].unique().tolist() == ["test"]
    series = archive.series()
    some = series[series["indicator"].astype(str).str.startswith("balance:")]
    assert sim.study.with_units(some, "zh")["unit"].unique().tolist() == ["元"]
    assert "unit" not in series.columns


def test_every_indicator_of_the_real_plan_has_a_unit(real_worker: Worker) -> None:
    layout = real_worker.layout
    targets = {row.target: row.spec.unit.model_dump() for row in layout.rows}
    names = {*layout.city_indicators, *layout.district_indicators}
    assert [name for name in names if units.unit_of(name, targets) is None] == []
    known = {name.partition(":")[0].removesuffix("_survey").removesuffix("_true") for name in names}
    assert set(catalogue().room("recorded")) <= known, "a unit of something that nobody records"
    assert units.unit_of("literacy_gain_true", targets) == targets["literacy_gain"]
    assert units.unit_of("nobody_knows", targets) is None


def test_a_frame_without_units_says_so(finished: Path) -> None:
    with pytest.raises(ConfigError, match="does not know the units"):
        sim.study.with_units(pd.DataFrame({"value": [1.0]}))
    with pytest.raises(ConfigError, match="no such language"):
        sim.study.with_units(sim.study.open(finished).targets(), "fr")


# ------------------------------------------------------------------------------------------- tidy


def test_the_tidy_file_of_a_study_holds_the_targets_of_all_points(finished: Path) -> None:
    frame = pd.read_parquet(finished / FILE)
    assert_frame_equal(frame.astype(object), sim.study.open(finished).targets().astype(object))


def test_the_tidy_file_is_written_when_missing_changed_or_damaged_and_else_left(
    run: Run, points: list[DesignPoint], copy: Path
) -> None:
    path = copy / FILE
    original, written = path.read_bytes(), path.stat().st_mtime_ns
    make(copy, run, points)
    assert path.stat().st_mtime_ns == written
    for damaged in (original[:100], b"", None):
        if damaged is None:
            path.unlink()
        else:
            path.write_bytes(damaged)
        make(copy, run, points)
        assert path.read_bytes() == original
    make(copy, run, [DesignPoint("renamed", points[0].run)])
    assert pd.read_parquet(path)["scenario"].unique().tolist() == ["renamed"]
    assert not is_current(copy, b"another source")


def test_two_points_of_one_name_are_refused(
    run: Run, points: list[DesignPoint], copy: Path
) -> None:
    twins = [points[0], DesignPoint(points[0].name, points[1].run)]
    with (
        Study(copy, "test", {"question": 1}, run) as study,
        pytest.raises(ValueError, match="two design points of one study are called 'less'"),
    ):
        study.simulate(twins, 2)


# ------------------------------------------------------------------------------------------ layout


def test_the_layout_on_disk_is_the_layout(real_run: Run, tmp_path: Path) -> None:
    for record in ("targets", "city", "full"):
        own = settings(real_run, record=record, replications_per_draw=4)
        key = Key.of(own, Worker(own).layout, point_hash(own))
        write_layout(tmp_path / record, key)
        assert read_layout(tmp_path / record, key.point) == key


def test_a_damaged_layout_is_noticed_and_mended(
    run: Run, points: list[DesignPoint], copy: Path
) -> None:
    (path,) = (copy / "runs" / points[0].hash).glob("layout.json")
    good = path.read_text(encoding="utf-8")
    for bad in (good.replace('"room"', '"roof"'), good[:50], "[]", "{}"):
        path.write_text(bad, encoding="utf-8")
        with pytest.raises(BadLayout):
            read_layout(path.parent, points[0].hash)
        with pytest.raises(ConfigError, match=r"given again, writes layout\.json anew"):
            sim.study.open(copy).targets()
        sim.study.open(copy).targets(points=["more, much"])
    make(copy, run, points)
    assert path.read_text(encoding="utf-8") == good


# ----------------------------------------------------------------------------------------- refused


def change(folder: Path, **entries: object) -> None:
    path = folder / "manifest.json"
    content = json.loads(path.read_text(encoding="utf-8")) | entries
    path.write_text(json.dumps(content), encoding="utf-8")


def test_what_is_no_folder_of_ours_is_refused(tmp_path: Path, copy: Path) -> None:
    with pytest.raises(ConfigError, match="no such folder"):
        sim.study.open(tmp_path / "nowhere")
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(ConfigError, match="neither a run folder nor a study folder") as refused:
        sim.study.open(empty)
    assert "python -m experiments.NAME" in str(refused.value)
    with pytest.raises(ConfigError, match="neither") as refused:
        sim.study.open(tmp_path)
    assert "allowed: copy" in str(refused.value)
    for name in ("run_07", "a", "run_10", "b", "run_02", "c"):
        shutil.copytree(copy, tmp_path / name)
    with pytest.raises(ConfigError, match="neither") as refused:
        sim.study.open(tmp_path)
    assert "allowed: a, b, c, copy, run_02, run_07, run_10" in str(refused.value)
    (empty / "manifest.json").write_text('{"name": "a web page"}', encoding="utf-8")
    with pytest.raises(ConfigError, match="neither"):
        sim.study.open(empty)
    (copy / "manifest.json").write_text('{"study": ', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"manifest\.json cannot be read"):
        sim.study.open(copy)


def test_a_run_that_was_stopped_while_writing_is_refused(ran: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(ran, tmp_path / "stopped"))
    (folder / "manifest.json").unlink()
    with pytest.raises(ConfigError, match="stopped while writing"):
        sim.study.open(folder)


def test_an_unfinished_study_is_refused(run: Run, points: list[DesignPoint], copy: Path) -> None:
    with Study(copy, "test", {"question": 1}, run) as study:
        study.simulate(points, N + 2)
    with pytest.raises(ConfigError, match="not finished"):
        sim.study.open(copy)


def test_a_study_that_is_just_being_answered_again_is_refused(
    run: Run, points: list[DesignPoint], copy: Path
) -> None:
    """Its manifest is still that of the answer before, while design.csv is new already."""
    with Study(copy, "test", {"question": 1}, run) as study:
        study.simulate(points[:1], N)
        with pytest.raises(ConfigError, match="being worked on"):
            sim.study.open(copy)


def test_another_version_is_refused(copy: Path, ran: Path, tmp_path: Path) -> None:
    change(copy, schema_version=99)
    with pytest.raises(ConfigError, match="another version") as refused:
        sim.study.open(copy)
    assert "given:   99" in str(refused.value)
    folder = Path(shutil.copytree(ran, tmp_path / "old"))
    change(folder, schema_version=0)
    with pytest.raises(ConfigError, match="another version"):
        sim.study.open(folder)


@pytest.mark.parametrize("name", FRAMES)
def test_a_damaged_chunk_is_named(points: list[DesignPoint], copy: Path, name: str) -> None:
    chunk = sorted((copy / "runs" / points[1].hash).glob("*.parquet"))[0]
    content = bytearray(chunk.read_bytes())
    content[len(content) // 2] ^= 1
    chunk.write_bytes(bytes(content))
    archive = sim.study.open(copy)
    getattr(archive, name)(points=["less"])
    with pytest.raises(CorruptChunk, match=chunk.name):
        getattr(archive, name)()


def test_a_lost_chunk_is_noticed(points: list[DesignPoint], copy: Path) -> None:
    chunk = sorted((copy / "runs" / points[1].hash).glob("*.parquet"))[-1]
    chunk.unlink()
    with pytest.raises(ConfigError, match=r"replications \d+ to 11 of 'more, much' are missing"):
        sim.study.open(copy).targets()


def test_a_damaged_table_of_a_run_is_named(ran: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(ran, tmp_path / "damaged"))
    for content in (b"", b"PAR1 nothing PAR1"):
        (folder / "delays.parquet").write_bytes(content)
        with pytest.raises(ConfigError, match=r"delays\.parquet cannot be read"):
            sim.study.open(folder).delays()
    (folder / "delays.parquet").unlink()
    with pytest.raises(ConfigError, match=r"delays\.parquet cannot be read"):
        sim.study.open(folder).delays()


def test_wrong_names_are_answered_with_the_right_ones(finished: Path, ran: Path) -> None:
    study, run = sim.study.open(finished), sim.study.open(ran)
    with pytest.raises(ConfigError, match="no such design point") as refused:
        study.targets(points=["mor, much"])
    assert "nearest: more, much" in str(refused.value)
    with pytest.raises(ConfigError, match="no such table") as refused:
        run.table("atainment")
    assert "nearest: attainment" in str(refused.value)
    with pytest.raises(ConfigError, match="no design points"):
        study.series(points=[])
    with pytest.raises(ConfigError, match=r"no attainment\(\)") as refused:
        study.attainment()
    assert "design, test" in str(refused.value)
    with pytest.raises(ConfigError, match=r"no design\(\)"):
        run.design()
    with pytest.raises(ConfigError, match="no answer"):
        _ = run.answer
