"""A study survives: interruptions, dead workers, damaged files, and people who mix up folders."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.config.errors import ConfigError
from sim.config.schema import Run
from sim.study import executor
from sim.study.chunk import CorruptChunk
from sim.study.chunk_folder import ChunkFolder
from sim.study.executor import Backlog, Chunk, Done
from sim.study.identity import environment, own_environment_hash, point_hash
from sim.study.study import DesignPoint, Study
from sim.study.tables import Results
from sim.study.worker import Worker
from tests.factory import Json, micro_run, settings, simulated

ROOM = {"goal": 4, "unit_cost": 1_000_000, "build_months": 6}
N = 16


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return micro_run(tmp_path_factory.mktemp("plan"), {"room": ROOM}, replications=N)


def points(run: Run) -> list[DesignPoint]:
    return [
        DesignPoint(f"{money}", settings(run, {"budget.public_total": money}))
        for money in (10_000_000, 40_000_000)
    ]


def study(folder: Path, run: Run, **more: Any) -> Study:
    return Study(folder, "test", {"question": 1}, run, **more)


def hashes(folder: Path, run: Run, n: int = N) -> list[str]:
    with study(folder, run) as own:
        own.simulate(points(run), n)
        return [own.results(point, n).result_hash for point in points(run)]


def chunks(folder: Path, run: Run) -> ChunkFolder:
    return ChunkFolder(folder, point_hash(run), own_environment_hash())


@pytest.fixture(scope="module")
def right(run: Run) -> list[str]:
    """Result hashes of the points."""
    return [simulated(point.run).result_hash for point in points(run)]


# ------------------------------------------------------------------------------------ the backlog


def finished(chunk: Chunk, seconds: float) -> Done:
    return Done(chunk, None, seconds)  # type: ignore[arg-type]


def test_chunks_are_cut_to_the_cost_measured_so_far() -> None:
    backlog = Backlog({0: [range(1000)]}, 1)
    first = backlog.take()
    assert first is not None
    backlog.learn(finished(first, 0.1 * (first.last - first.first)))  # a tenth of a second each
    second = backlog.take()
    assert second is not None
    assert (second.last - second.first) * 0.1 == pytest.approx(executor.CHUNK_SECONDS)


def test_every_replication_is_handed_out_once() -> None:
    backlog = Backlog({0: [range(3, 50)], 1: [range(0, 7), range(20, 60)]}, 3)
    taken: list[tuple[int, int]] = []
    returned = False
    while (chunk := backlog.take()) is not None:
        if not returned:
            backlog.put_back(chunk)
            returned = True
            continue
        taken += [(chunk.point, r) for r in range(chunk.first, chunk.last)]
        backlog.learn(finished(chunk, 0.5))
    wanted = [(0, r) for r in range(3, 50)]
    wanted += [(1, r) for r in [*range(0, 7), *range(20, 60)]]
    assert sorted(taken) == wanted
    assert backlog.replications == 0


# ------------------------------------------------------------------------------------ the store


def same(one: Results, other: Results) -> None:
    assert one.result_hash == other.result_hash
    assert one.values.tolist() == other.values.tolist()
    assert np.array_equal(one.city_series, other.city_series, equal_nan=True)
    assert np.array_equal(one.district_series, other.district_series, equal_nan=True)
    assert one.delays.rows() == other.delays.rows()
    assert one.ledger.rows() == other.ledger.rows()
    assert one.failures == other.failures
    assert one.events.tolist() == other.events.tolist()


def test_what_is_read_is_what_was_written(real_run: Run, tmp_path: Path) -> None:
    worker = Worker(settings(real_run, replications=3))
    store = chunks(tmp_path, worker.run)
    for first, last in ((0, 1), (1, 3)):
        store.write(first, last, worker.chunk(range(first, last)))
    whole = worker.chunk(range(3))
    same(store.read_all(worker.layout, 3), whole)
    few = store.read_all(worker.layout, 2)
    same(few, worker.chunk(range(2)))
    light = store.read(worker.layout, 3, delays=False)
    assert light.attained.tolist() == whole.attained.tolist()
    assert not light.delays.rows()


def test_failures_are_kept_with_their_tracebacks(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = Worker(run)
    usual = Worker.replicate

    def failing(self: Worker, replication: int) -> object:
        if replication == 2:
            raise ValueError("a defect")
        return usual(self, replication)

    monkeypatch.setattr(Worker, "replicate", failing)
    store = chunks(tmp_path, worker.run)
    store.write(0, 4, worker.chunk(range(4)))
    results = store.read(worker.layout, 4)
    assert results.replications.tolist() == [0, 1, 3]
    assert [f.error for f in results.failures] == ["ValueError: a defect"]
    assert "a defect" in results.failures[0].traceback
    assert store.missing(4) == [], "a failed replication is not silently replaced"


def test_missing_ranges_are_those_without_a_file(run: Run, tmp_path: Path) -> None:
    worker, store = Worker(run), chunks(tmp_path, run)
    for first, last in ((2, 4), (6, 7)):
        store.write(first, last, worker.chunk(range(first, last)))
    assert store.missing(10) == [range(0, 2), range(4, 6), range(7, 10)]
    assert store.missing(3) == [range(0, 2)]


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty"])
def test_a_damaged_chunk_is_named_and_the_others_stay_good(
    run: Run, right: list[str], tmp_path: Path, damage: str
) -> None:
    assert hashes(tmp_path, run) == right
    victim = sorted((tmp_path / "runs" / points(run)[1].hash).glob("*.parquet"))[0]
    content = bytearray(victim.read_bytes())
    if damage == "flipped":
        content[len(content) // 2] ^= 1
    victim.write_bytes(bytes(content) if damage == "flipped" else content[: len(content) // 2])
    if damage == "empty":
        victim.write_bytes(b"")
    with study(tmp_path, run) as own:
        own.simulate(points(run), N)
        own.results(points(run)[0], N)
        with pytest.raises(CorruptChunk, match=victim.name):
            own.results(points(run)[1], N)
    victim.unlink()
    assert hashes(tmp_path, run) == right, "only the damaged chunk is simulated anew"


# ------------------------------------------------------------------------------------ the folder


def test_the_same_command_again_simulates_nothing(
    run: Run, right: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    once = hashes(tmp_path, run)
    assert once == right
    monkeypatch.setattr(Worker, "replicate", None)  # whoever simulates now fails
    assert hashes(tmp_path, run) == once


def test_more_replications_add_to_what_is_there(run: Run, right: list[str], tmp_path: Path) -> None:
    hashes(tmp_path, run, 10)
    assert hashes(tmp_path, run) == right


def test_fewer_replications_asked_for_later_do_not_lessen_what_is_used(
    run: Run, tmp_path: Path
) -> None:
    """Eight of a point were simulated for one question and four are enough for another."""
    point = points(run)[0]
    with study(tmp_path, run) as own:
        assert own.used(point) == 0
        for asked, used in ((8, 8), (4, 8), (12, 12)):
            own.simulate([point], asked)
            assert own.used(point) == used
        own.finish({})
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["replications"] == 12


def test_an_interruption_keeps_what_was_finished(
    run: Run, right: list[str], tmp_path: Path
) -> None:
    seen = []

    def stop(done: int, more: int) -> None:
        seen.append(done)
        if len(seen) == 3:
            raise KeyboardInterrupt

    with (
        Study(tmp_path, "test", {"question": 1}, run, progress=stop) as own,
        pytest.raises(KeyboardInterrupt),
    ):
        own.simulate(points(run), N)
    assert list((tmp_path / "runs").rglob("*.parquet"))
    assert hashes(tmp_path, run) == right


def test_two_studies_in_one_folder_are_refused(run: Run, right: list[str], tmp_path: Path) -> None:
    hashes(tmp_path, run)
    with pytest.raises(ConfigError, match="question differs"):
        Study(tmp_path, "test", {"question": 2}, run)
    with pytest.raises(ConfigError, match="study differs"):
        Study(tmp_path, "another", {"question": 1}, run)
    with pytest.raises(ConfigError, match="seed differs"):
        study(tmp_path, settings(run, seed=7))
    assert hashes(tmp_path, run) == right


def test_a_folder_with_something_else_is_refused_even_for_a_fresh_start(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "letter.txt").write_text("dear mayor", encoding="utf-8")
    for fresh in (False, True):
        with pytest.raises(ConfigError, match="something else"):
            study(tmp_path, run, fresh=fresh)
    assert (tmp_path / "letter.txt").exists()


def test_a_fresh_start_throws_the_study_away(run: Run, tmp_path: Path) -> None:
    hashes(tmp_path, run)
    with Study(tmp_path, "test", {"question": 2}, run, fresh=True) as own:
        own.simulate(points(run), 10)
        for folder in (tmp_path / "runs").iterdir():
            assert max(int(path.name[9:17]) for path in folder.glob("*.parquet")) == 10
        assert len(own.results(points(run)[0], N).replications) == 10


def test_a_fresh_start_removes_what_the_study_wrote_and_nothing_else(
    run: Run, tmp_path: Path
) -> None:
    folder = tmp_path / "study"
    with study(folder, run) as own:
        own.simulate(points(run), 10)
        own.write_table("curves", ("a",), [("one",)])
        own.write_table("passport", ("a",), [("one",)])
        own.finish({"zh": "答", "en": "an answer"})
    (folder / "curves_zh.png").write_bytes(b"a chart")
    letter = tmp_path / "letter_zh.png"
    drawn = {"charts": ["curves_zh.png", "../letter_zh.png", "/etc/letter.png", 3]}
    (folder / ".charts.json").write_text(json.dumps(drawn), encoding="utf-8")
    (folder / ".answered.json").write_text("{}", encoding="utf-8")
    used = folder / "runs" / points(run)[0].hash
    theirs = [
        letter, folder / "letter.txt", folder / "mine.csv", folder / "notes_zh.png",
        folder / "old" / "manifest.json", used / "letter.txt", folder / "runs" / "notes" / "a.txt",
    ]  # fmt: skip
    for path in theirs:
        path.parent.mkdir(exist_ok=True)
        path.write_text("dear mayor", encoding="utf-8")
    with Study(folder, "test", {"question": 2}, run, fresh=True) as own:
        own.simulate(points(run)[1:], 2)
    left = {path for path in folder.rglob("*") if path.is_file()}
    new = {folder / name for name in ("manifest.json", "design.csv", ".lock")}
    new |= {folder / "runs" / points(run)[1].hash / "layout.json"}
    chunk = next((folder / "runs" / points(run)[1].hash).glob("*.parquet"))
    assert left == new | {chunk} | set(theirs[1:])
    assert all(path.read_text(encoding="utf-8") == "dear mayor" for path in theirs)


@pytest.mark.parametrize("name", ["manifest.json", "design.csv", "answer.json", "chunk", "layout"])
def test_a_fresh_start_follows_no_link(
    run: Run, right: list[str], tmp_path: Path, name: str
) -> None:
    folder, letter = tmp_path / "study", tmp_path / "letter.txt"
    with study(folder, run) as own:
        own.simulate(points(run), 10)
        own.finish({"zh": "答", "en": "an answer"})
    used = folder / "runs" / points(run)[0].hash
    inside = {"chunk": next(used.glob("*.parquet")), "layout": used / "layout.json"}
    victim = inside.get(name, folder / name)
    victim.rename(letter)
    victim.symlink_to(letter)
    before = letter.read_bytes()
    with Study(folder, "test", {"question": 1}, run, fresh=True) as own:
        own.simulate(points(run), N)
        own.finish({"zh": "答", "en": "an answer"})
    assert letter.read_bytes() == before
    assert hashes(folder, run) == right


def test_what_was_made_from_another_answer_is_taken_away(run: Run, tmp_path: Path) -> None:
    made = [tmp_path / name for name in ("brief_zh.html", "deck_en.pptx", "results_en.xlsx")]
    other = tmp_path / "brief of the mayor.html"
    for answer, stays in (("one", False), ("one", True), ("two", False)):
        with study(tmp_path, run) as own:
            own.simulate(points(run), 2)
            own.finish({"en": answer})
        assert [path.exists() for path in made] == [stays] * len(made), answer
        for path in (*made, other):
            path.write_text(answer, encoding="utf-8")
    assert other.exists()


@pytest.mark.parametrize("fresh", [False, True])
@pytest.mark.parametrize("name", ["runs", "point", ".lock"])
def test_a_folder_that_is_a_link_is_refused(
    run: Run, tmp_path: Path, name: str, fresh: bool
) -> None:
    folder, away = tmp_path / "study", tmp_path / "away"
    hashes(folder, run)
    names = {"point": Path("runs") / points(run)[0].hash}
    victim = folder / names.get(name, name)
    victim.rename(away)
    victim.symlink_to(away)
    before = state(tmp_path)
    with pytest.raises(ConfigError, match="is a link"):
        study(folder, run, fresh=fresh)
    assert state(tmp_path) == before


def state(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_fresh_start_that_never_starts_costs_nothing(
    run: Run, right: list[str], tmp_path: Path
) -> None:
    hashes(tmp_path, run)
    before = state(tmp_path)
    for error in (ConfigError("study.no_dask"), KeyboardInterrupt()):
        with Study(
            tmp_path, "test", {"question": 2}, run, fresh=True, workforce=Absent(error)
        ) as s:
            with pytest.raises(type(error)):
                s.simulate(points(run), 10)
            s.abandon()
        assert state(tmp_path) == before
    assert hashes(tmp_path, run) == right


class Absent(executor.Workforce):
    """A workforce that cannot be reached."""

    def __init__(self, error: BaseException) -> None:
        self._error = error

    def __exit__(self, *_: object) -> None:
        pass

    def simulate(self, *_: object) -> Iterator[Done]:
        raise self._error
        yield


def test_what_was_there_before_is_never_taken_back(run: Run, tmp_path: Path) -> None:
    # Begun once, but interrupted before the first chunk was home.
    with study(tmp_path / "begun", run) as own:
        own.write_table("notes", ("a",), [("one",)])
    (tmp_path / "empty").mkdir()
    for name in ("begun", "empty", "new"):
        before = state(tmp_path / name)
        with study(tmp_path / name, run) as own:
            own.abandon()
        assert state(tmp_path / name) == before
    assert (tmp_path / "empty").exists()
    assert not (tmp_path / "new").exists()


def test_a_run_folder_is_no_study_to_throw_away(run: Run, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"result_hash": "0", "finished": 3}', encoding="utf-8")
    for fresh in (False, True):
        with pytest.raises(ConfigError, match="holds no study"):
            study(tmp_path, run, fresh=fresh)
    assert (tmp_path / "manifest.json").exists()


def test_results_of_other_code_are_not_mixed_in(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sim.study import study as module

    hashes(tmp_path, run)
    usual = environment()
    monkeypatch.setattr(module, "environment", lambda: usual | {"code": "0" * 16})
    with pytest.raises(ConfigError, match="begun with other code"):
        study(tmp_path, run)


def test_two_processes_do_not_work_on_one_study(run: Run, tmp_path: Path) -> None:
    with study(tmp_path, run), pytest.raises(ConfigError, match="another process"):
        study(tmp_path, run)


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_read_only_folder_is_refused(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    folder.chmod(0o500)
    with pytest.raises(ConfigError, match="cannot be written"):
        study(folder, run)


def test_a_folder_that_is_a_file_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("dear mayor", encoding="utf-8")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(ConfigError, match="cannot be written"):
            study(folder, run)


def test_what_a_killed_process_left_is_cleaned_away(run: Run, tmp_path: Path) -> None:
    once = hashes(tmp_path, run, 10)
    left = [
        tmp_path / ".manifest.json.part",
        *(tmp_path / "runs" / point.hash / ".layout.json.part" for point in points(run)),
    ]
    for path in left:
        path.write_text('{"half": ', encoding="utf-8")
    assert hashes(tmp_path, run, 10) == once
    assert not [path for path in left if path.exists()]


def test_a_full_disk_leaves_the_good_chunks_good(
    run: Run, right: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual, written = os.replace, []

    def full(source: Path, target: Path) -> None:
        if str(target).endswith(".parquet"):
            written.append(target)
            if len(written) > 2:
                raise OSError(28, "No space left on device", str(target))
        usual(source, target)

    monkeypatch.setattr("sim.study.files.os.replace", full)
    with study(tmp_path, run) as own, pytest.raises(OSError, match="No space left"):
        own.simulate(points(run), N)
    assert len(list(tmp_path.rglob("*.parquet"))) == 2
    assert not list((tmp_path / "runs").rglob("*.part"))
    monkeypatch.undo()
    assert hashes(tmp_path, run) == right


# ------------------------------------------------------------------------------------ design points


def test_points_that_differ_in_words_alone_are_one(run: Run, tmp_path: Path) -> None:
    label = {"zh": "另", "en": "other"}
    twin = settings(run, {"scenario.name": "twin", "scenario.label": label})
    one, other = DesignPoint("one", run), DesignPoint("other", twin)
    assert one.hash == other.hash
    with study(tmp_path, run) as own:
        own.simulate([one, other, one], 10)
    assert len(list((tmp_path / "runs").iterdir())) == 1


def test_what_changes_results_changes_the_address(run: Run) -> None:
    changes: list[Json] = [
        {"budget.public_total": 1}, {"seed": 1}, {"record": "full"}, {"planning.pace": 0.5},
        {"replications_per_draw": 2}, {"parameters.attrition.value": 0.5},
    ]  # fmt: skip
    addresses = {DesignPoint("p", settings(run, change)).hash for change in changes}
    assert len(addresses | {DesignPoint("p", run).hash}) == len(changes) + 1


@pytest.mark.parametrize("workers", [2, 3])
def test_any_number_of_workers_gives_the_same(
    run: Run, right: list[str], tmp_path: Path, workers: int
) -> None:
    many = settings(run, backend="processes", workers=workers)
    assert hashes(tmp_path, many) == right


def test_one_pool_serves_all_points_of_a_study(run: Run, tmp_path: Path) -> None:
    many = settings(run, backend="processes", workers=2)
    with study(tmp_path, many) as own:
        own.simulate(points(many)[:1], 20)
        before = {child.pid for child in multiprocessing.active_children()}
        own.simulate(points(many)[1:], 20)
        assert {child.pid for child in multiprocessing.active_children()} == before


def test_a_study_takes_the_workforce_it_is_given_and_dismisses_it(run: Run, tmp_path: Path) -> None:
    many = settings(run, backend="processes", workers=2)
    workforce = executor.Workforce(many)
    with Study(tmp_path, "test", {"question": 1}, run, workforce=workforce) as own:
        own.simulate(points(run)[:1], 20)
        assert len(multiprocessing.active_children()) == 2, "the run itself asks for no processes"
    assert not multiprocessing.active_children()


# ------------------------------------------------------------------------------------ stopping


def test_a_study_stops_when_it_knows_enough(run: Run, tmp_path: Path) -> None:
    seen: list[int] = []

    def enough(_: DesignPoint, results: Results) -> bool:
        seen.append(len(results.replications))
        return len(results.replications) >= 30

    with study(tmp_path, run) as own:
        used = own.simulate_until(points(run)[:1], enough, first=20, cap=1000)
        assert seen == [20, 25, 32]
        assert used == 32
        assert own.simulate_until(points(run)[:1], lambda *_: False, first=20, cap=30) == 30


# ------------------------------------------------------------------------------------ kill -9


SCRIPT = """
import sys, time
from pathlib import Path
from sim.config.schema import Run
from sim.study import executor
from sim.study.study import DesignPoint, Study
from sim.study.worker import Worker

executor.CHUNK_SECONDS = 0.1
usual = Worker.replicate

def slow(self, replication):  # also in the workers, which import this script
    time.sleep(0.02)
    return usual(self, replication)

Worker.replicate = slow

if __name__ == "__main__":
    run = Run.model_validate_json(Path(sys.argv[2]).read_text(encoding="utf-8"))
    with Study(Path(sys.argv[1]), "test", {"question": 1}, run) as study:
        study.simulate([DesignPoint("only", run)], run.replications)
"""
KILLS = {"main": 3, "worker": 5}  # three processes begin anew after each of the first kind


class Prey:
    """A study under way in a process of its own, to be shot at."""

    def __init__(self, folder: Path, run: Run) -> None:
        self.study = folder / "study"
        script, config = folder / "script.py", folder / "run.json"
        script.write_text(SCRIPT, encoding="utf-8")
        config.write_text(run.model_dump_json(), encoding="utf-8")
        self._command = [sys.executable, str(script), str(self.study), str(config)]

    def start(self) -> None:
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
        self.process = subprocess.Popen(self._command, env=environment, start_new_session=True)

    def wait_for_a_chunk(self) -> None:
        before = self._chunks()
        while self._chunks() <= before:
            assert self.process.poll() is None, "the study ended before its time"
            time.sleep(0.01)

    def _chunks(self) -> int:
        return len(list(self.study.glob("runs/*/*.parquet")))

    def kill_the_owner(self) -> None:
        """Kill the process that leads the study; its workers have to notice by themselves."""
        workers = _children(self.process.pid)
        self.process.kill()
        self.process.wait()
        deadline = time.monotonic() + 60.0
        while any(Path(f"/proc/{worker}").exists() for worker in workers):
            assert time.monotonic() < deadline, "workers outlive the process that they work for"
            time.sleep(0.01)

    def kill_a_worker(self, chance: random.Random) -> None:
        os.kill(chance.choice(sorted(_children(self.process.pid))), signal.SIGKILL)


@pytest.fixture(scope="module")
def long_run(run: Run) -> Run:
    return settings(run, backend="processes", workers=2, replications=200, record="targets")


@pytest.fixture(scope="module")
def long_hash(long_run: Run) -> str:
    return simulated(settings(long_run, backend="serial")).result_hash


@pytest.mark.slow
@pytest.mark.parametrize("victim", ["main", "worker"])
def test_killed_at_random_moments_and_resumed_it_says_the_same(
    long_run: Run, long_hash: str, tmp_path: Path, victim: str, seed: int
) -> None:
    """kill -9 of the process that leads, or of a worker: chunks neither lost nor torn, no orphans.

    A moment is random after a chunk has come home, so that every shot hits a study at work.
    """
    prey, chance = Prey(tmp_path, long_run), random.Random(f"{victim} {seed}")
    prey.start()
    for _ in range(KILLS[victim]):
        prey.wait_for_a_chunk()
        time.sleep(chance.uniform(0.0, 0.2))
        if victim == "worker":
            prey.kill_a_worker(chance)
        else:
            prey.kill_the_owner()
            prey.start()
    assert prey.process.wait(timeout=300) == 0
    point = DesignPoint("only", long_run)
    with study(prey.study, settings(long_run, backend="serial")) as own:
        assert own.results(point, 200).replications.tolist() == list(range(200))
        assert own.results(point, 200).result_hash == long_hash
    assert not list(prey.study.rglob("*.part")), "what a kill left was not cleaned away"


def _children(parent: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                line = (entry / "cmdline").read_text()
            except OSError:
                continue
            if int(fields[1]) == parent and "spawn_main" in line and "resource" not in line:
                found.append(int(entry.name))
    return found


def test_a_study_under_way_is_not_finished(tmp_path: Path, run: Run) -> None:
    """Whoever breaks it off finds it as what it is, and goes on with it."""
    with study(tmp_path / "study", run) as own:
        own.simulate(points(run)[:1], 2)
        told = json.loads((tmp_path / "study" / "manifest.json").read_text())
        assert told["finished"] is False
    with study(tmp_path / "study", run) as own:
        assert not own.finished
