"""No replication is simulated twice, and nothing of the store is believed unseen."""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sim.config.errors import ConfigError
from sim.config.schema import Run
from sim.job import run_job
from sim.study import identity
from sim.study import store as module
from sim.study.chunk import ChunkId, ChunkName, encode
from sim.study.files import read_plain
from sim.study.store import SETTINGS, Entry, Store
from sim.study.store.__main__ import main
from sim.study.study import DesignPoint, Study
from sim.study.worker import Worker
from tests.factory import micro_run, settings

ROOM = {"goal": 4, "unit_cost": 1_000_000, "build_months": 6}
N = 12
LESS, MORE = 1_000_000, 40_000_000


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return micro_run(tmp_path_factory.mktemp("plan"), {"room": ROOM}, replications=N)


@pytest.fixture
def run(plain: Run, tmp_path: Path) -> Run:
    """One whose store is of this test alone."""
    return settings(plain, store=str(tmp_path / "store"))


@pytest.fixture
def store(run: Run) -> Path:
    return Path(str(run.store))


@pytest.fixture
def simulated(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Replications simulated since it was cleared last."""
    usual, seen = Worker.replicate, []

    def counted(self: Worker, replication: int) -> object:
        seen.append(replication)
        return usual(self, replication)

    monkeypatch.setattr(Worker, "replicate", counted)
    return seen


def point(run: Run, money: int, **more: object) -> DesignPoint:
    return DesignPoint(f"{money}", settings(run, {"budget.public_total": money}, **more))


def answered(folder: Path, points: list[DesignPoint], n: int = N, **more: Any) -> list[str]:
    """A study of ``points``: their result hashes."""
    with Study(folder, "test", {"folder": folder.name}, points[0].run, **more) as study:
        study.simulate(points, n)
        return [study.results(each, n).result_hash for each in points]


def expected(run: Run, *money: int, n: int = N) -> list[str]:
    found = []
    for each in money:
        worker = Worker(point(run, each).run)
        found.append(worker.chunk(range(n)).result_hash)
    return found


def entries(store: Path) -> list[Entry]:
    return Store(store).entries()


# ------------------------------------------------------------------------------------ its effect


def test_a_comparison_after_a_study_simulates_only_the_other_scenario(
    run: Run, tmp_path: Path, simulated: list[int]
) -> None:
    right = expected(run, LESS, MORE)
    answered(tmp_path / "one", [point(run, LESS)])
    simulated.clear()
    both = [point(run, LESS), point(run, MORE)]
    assert answered(tmp_path / "comparison", both) == right
    assert simulated == list(range(N)), "those of the other scenario"


def test_runs_and_studies_share_it(run: Run, tmp_path: Path, simulated: list[int]) -> None:
    """``python -m sim`` first, then a comparison with it, then the run once more."""
    less, more = point(run, LESS), point(run, MORE)
    assert run_job(less.run, tmp_path / "run", []) == 0
    assert simulated == list(range(N))
    simulated.clear()
    answered(tmp_path / "comparison", [less, more])
    assert simulated == list(range(N)), "those of the other scenario"
    for own, name in ((less, "again"), (more, "other")):
        simulated.clear()
        assert run_job(own.run, tmp_path / name, []) == 0
        assert simulated == []
    one, again = (
        json.loads((tmp_path / name / "manifest.json").read_text(encoding="utf-8"))
        for name in ("run", "again")
    )
    assert one["result_hash"] == again["result_hash"]
    assert one["events"] == again["events"]
    assert not (tmp_path / "again" / ".chunks").exists()


def test_the_same_question_in_another_folder_simulates_nothing(
    run: Run, tmp_path: Path, simulated: list[int]
) -> None:
    first = answered(tmp_path / "one", [point(run, LESS)])
    simulated.clear()
    assert answered(tmp_path / "other", [point(run, LESS)]) == first
    assert simulated == []
    copies = {path.name: path for path in (tmp_path / "other" / "runs").glob("*/*.parquet")}
    for path in (tmp_path / "store").glob("points/*/*.parquet"):
        assert not path.samefile(copies[path.name]), "damage must not spread"


def test_more_replications_simulate_only_the_rest(
    run: Run, tmp_path: Path, simulated: list[int]
) -> None:
    right = expected(run, LESS, n=20)
    answered(tmp_path / "one", [point(run, LESS)])
    simulated.clear()
    assert answered(tmp_path / "other", [point(run, LESS)], 20) == right
    assert simulated == list(range(N, 20))


def keep(store: Path, own: DesignPoint, first: int, last: int) -> None:
    """Simulate and leave a chunk in the store."""
    shelf = Store(store).shelf(own.run, "test")
    chunk = ChunkId.of(own.run, first, last)
    shelf.put(chunk, encode(Worker(own.run).chunk(range(first, last)), chunk))


@pytest.mark.parametrize("order", [1, -1])
def test_chunks_that_are_cut_differently_are_fitted_together(
    run: Run, store: Path, tmp_path: Path, simulated: list[int], order: int
) -> None:
    """Whoever cut them: every replication that is there is taken, and taken once."""
    own = point(run, LESS)
    for first, last in [(0, 3), (2, 6), (5, 9), (11, 14)][::order]:
        keep(store, own, first, last)
    right = expected(run, LESS) + expected(run, LESS, n=14)
    simulated.clear()
    assert answered(tmp_path / "one", [own]) == right[:1]
    assert simulated == [9, 10]
    assert answered(tmp_path / "one", [own], 14) == right[1:]
    assert simulated == [9, 10], "of those beyond the first question, too"


def test_what_is_there_is_not_kept_again(run: Run, store: Path) -> None:
    own = point(run, LESS)
    for first, last in [(0, 4), (4, 8), (2, 7), (2, 9)]:
        keep(store, own, first, last)
    (entry,) = entries(store)
    assert entry.ranges == [range(0, 4), range(2, 9), range(4, 8)]
    assert entry.replications == 9


@pytest.mark.parametrize("workers", [1, 2])
def test_the_store_does_not_depend_on_who_works(
    run: Run, tmp_path: Path, simulated: list[int], workers: int
) -> None:
    many = settings(run, backend="processes", workers=workers)
    first = answered(tmp_path / "one", [point(many, LESS)])
    simulated.clear()
    assert answered(tmp_path / "other", [point(run, LESS)]) == first
    assert simulated == []


def test_failed_replications_are_not_kept(
    run: Run, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = Worker.replicate

    def failing(self: Worker, replication: int) -> object:
        if replication == 1:
            raise ValueError("a defect")
        return usual(self, replication)

    with monkeypatch.context() as patch:
        patch.setattr(Worker, "replicate", failing)
        answered(tmp_path / "one", [point(run, LESS)])
    (entry,) = entries(store)
    assert 1 not in {number for chunk in entry.ranges for number in chunk}
    assert answered(tmp_path / "other", [point(run, LESS)]) == expected(run, LESS)


def test_a_chunk_of_failed_replications_is_not_used_wherever_it_comes_from(
    run: Run, store: Path, tmp_path: Path, simulated: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    own = point(run, LESS)
    usual = Worker.replicate

    def failing(self: Worker, replication: int) -> object:
        if replication == 1:
            raise ValueError("a defect")
        return usual(self, replication)

    with monkeypatch.context() as patch:
        patch.setattr(Worker, "replicate", failing)
        keep(store, own, 0, 4)
    right = expected(run, LESS)
    simulated.clear()
    assert answered(tmp_path / "one", [own]) == right
    assert simulated == list(range(N))


# ------------------------------------------------------------------------------------ its key


def folder_of(run: Run) -> Path:
    return Store(Path(str(run.store))).shelf(run, "test").folder


def test_words_and_ways_of_working_share_a_shelf(run: Run) -> None:
    label = {"zh": "另", "en": "other"}
    for key, value in (
        ("scenario.name", "twin"), ("scenario.label", label), ("language", "zh"), ("workers", 3),
        ("backend", "processes"), ("replications", 99), ("trace", 1),
        ("plan.targets.room.name", label), ("plan.groups.facilities.name", label),
    ):  # fmt: skip
        assert folder_of(settings(run, {key: value})) == folder_of(run), key


def test_whatever_can_change_an_outcome_has_a_shelf_of_its_own(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelves = {folder_of(run)}
    changes = (
        {"budget.public_total": 1}, {"seed": 1}, {"record": "full"}, {"planning.pace": 0.5},
        {"replications_per_draw": 2}, {"parameters.attrition.value": 0.5},
        {"plan.targets.room.goal": 5},
    )  # fmt: skip
    for change in changes:
        shelves.add(folder_of(settings(run, change)))
    table = Path(run.plan.districts)
    table.write_bytes(table.read_bytes() + b"\n")
    shelves.add(folder_of(run))
    for key, value in (
        ("code", "0"), ("packages", {"numpy": "1.0"}), ("processor", "arm64"), ("python", "cp399"),
    ):  # fmt: skip
        other = identity.environment_hash(identity.environment() | {key: value})
        monkeypatch.setattr(module, "own_environment_hash", lambda other=other: other)
        shelves.add(folder_of(run))
    monkeypatch.setattr(module, "machine", lambda: ("Linux", "glibc", "2.99", "x86_64"))
    shelves.add(folder_of(run))
    assert len(shelves) == 1 + len(changes) + 1 + 4 + 1


def test_the_order_of_targets_is_another_layout(tmp_path: Path) -> None:
    rooms = {"room": ROOM, "hall": ROOM}
    one = micro_run(tmp_path, rooms, store=str(tmp_path / "store"))
    other = micro_run(tmp_path, dict(reversed(rooms.items())), store=str(tmp_path / "store"))
    assert folder_of(one) != folder_of(other)


def test_every_module_that_simulates_is_in_the_hash_of_the_code(tmp_path: Path) -> None:
    code = (
        "import sys; import sim.study.worker; from pathlib import Path; import sim\n"
        "root = Path(sim.__file__).parent\n"
        "print(*[Path(m.__file__).relative_to(root).as_posix() for n, m in sys.modules.items()"
        " if n.startswith('sim.') and m.__file__])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    root = Path(identity.__file__).resolve().parents[1]
    covered = {p.relative_to(root).as_posix() for room in identity._ROOMS for p in root.glob(room)}
    imported = set(done.stdout.split())
    assert {"model/city.py", "study/worker.py", "study/tables.py"} <= imported & covered
    # What is left moves bytes about, or is asked nothing while a replication is simulated: words
    # are of errors, and no label may make a history another one.
    others = {name for name in imported - covered if not name.startswith("words/")}
    assert others <= {
        "lazy.py", "study/__init__.py", "study/identity.py", "study/files.py", "study/chunk.py",
        "study/table_units.py",
    }  # fmt: skip


# ------------------------------------------------------------------------------------ no trust


def chunks(store: Path) -> list[Path]:
    return sorted(store.glob("points/*/*.parquet"))


@pytest.mark.parametrize("damage", ["cut", "flipped", "swapped", "renamed", "link", "folder"])
def test_a_damaged_chunk_is_ignored_and_removed(
    run: Run, store: Path, tmp_path: Path, damage: str
) -> None:
    right = expected(run, LESS, MORE)
    both = [point(run, LESS), point(run, MORE)]
    for own in both:
        keep(store, own, 0, N)
    victim, other = chunks(store)
    content = victim.read_bytes()
    if damage == "cut":
        victim.write_bytes(content[:-9])
    elif damage == "flipped":
        victim.write_bytes(bytes([*content[:99], content[99] ^ 1, *content[100:]]))
    elif damage == "swapped":
        spare = other.read_bytes()
        other.unlink()
        victim.rename(other.parent / victim.name)
        (victim.parent / other.name).write_bytes(spare)
    elif damage == "renamed":
        victim.rename(victim.with_name(f"{0:08d}-{N + 3:08d}-{victim.name[18:]}"))
    elif damage == "link":
        victim.rename(tmp_path / "elsewhere")
        victim.symlink_to(tmp_path / "elsewhere")
    else:
        victim.unlink()
        victim.mkdir()
    assert answered(tmp_path / "one", both) == right
    assert answered(tmp_path / "other", both) == right
    if damage == "link":
        assert (tmp_path / "elsewhere").read_bytes() == content
    if damage != "folder":
        for path in chunks(store):
            name = ChunkName.read(path.name)
            assert name is not None
            assert str(ChunkName.of(ChunkId("", name.first, name.last, ""), path.read_bytes())) == (
                path.name
            ), "what was damaged is gone"


def test_a_shelf_that_goes_while_it_is_read_costs_time_and_nothing_else(
    run: Run, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = point(run, LESS)
    for first in range(0, N, 2):
        keep(store, own, first, first + 2)
    usual, read = read_plain, []

    def reading(path: Path) -> bytes:
        if path.suffix == ".parquet":
            read.append(path)
            if len(read) == 3:
                Store(store).remove(entries(store))
        return usual(path)

    monkeypatch.setattr(module, "read_plain", reading)
    assert answered(tmp_path / "one", [own]) == expected(run, LESS)
    assert len(read) > 2


def test_a_fresh_start_neither_reads_nor_writes_it(
    run: Run, store: Path, tmp_path: Path, simulated: list[int]
) -> None:
    answered(tmp_path / "one", [point(run, LESS)])
    before = {path: path.read_bytes() for path in store.rglob("*") if path.is_file()}
    simulated.clear()
    answered(tmp_path / "two", [point(run, LESS)], fresh=True)
    answered(tmp_path / "two", [point(run, MORE)], fresh=True)
    assert simulated == [*range(N), *range(N)]
    assert {path: path.read_bytes() for path in store.rglob("*") if path.is_file()} == before


def test_without_a_store_nothing_is_kept(plain: Run, tmp_path: Path) -> None:
    answered(tmp_path / "one", [point(plain, LESS)])
    assert [path.name for path in tmp_path.iterdir()] == ["one"]


def test_it_is_no_part_of_what_a_study_is(run: Run, tmp_path: Path) -> None:
    first = answered(tmp_path / "one", [point(run, LESS)])
    elsewhere = settings(run, store=str(tmp_path / "elsewhere"))
    assert answered(tmp_path / "one", [point(elsewhere, LESS)]) == first
    with Study(tmp_path / "one", "test", {"folder": "one"}, run) as study:
        study.simulate([point(run, LESS)], N)
        study.finish({"zh": "答", "en": "an answer"})
    for path in (tmp_path / "one").rglob("*.json"):
        assert "store" not in json.loads(path.read_text(encoding="utf-8")).get("config", {})
        assert str(tmp_path) not in path.read_text(encoding="utf-8").replace(
            json.dumps(run.plan.districts), ""
        )


# ------------------------------------------------------------------------------------ its place


NO_STORE = (
    "file",
    "something else",
    "something else in points",
    "points that is a link",
    "points that is a file",
    "dangling link",
    "bad limit",
    "text",
)


@pytest.mark.parametrize("what", NO_STORE)
def test_what_is_no_store_is_refused(run: Run, store: Path, tmp_path: Path, what: str) -> None:
    names = [str(store)]
    if what == "file":
        store.write_text("dear mayor", encoding="utf-8")
    elif what == "something else":
        store.mkdir()
        (store / "letter.txt").write_text("dear mayor", encoding="utf-8")
    elif what == "something else in points":
        (store / "points" / "surveys").mkdir(parents=True)
    elif what == "points that is a link":
        store.mkdir()
        (store / "points").symlink_to(tmp_path)
    elif what == "points that is a file":
        store.mkdir()
        (store / "points").write_text("dear mayor", encoding="utf-8")
    elif what == "dangling link":
        store.symlink_to(tmp_path / "nowhere")
    else:
        store.mkdir()
        text = '{"limit_gb": -1}' if what == "bad limit" else "ten"
        (store / SETTINGS).write_text(text, encoding="utf-8")
        names = [SETTINGS, "limit_gb", "gigabytes"]
    with pytest.raises(ConfigError) as error:
        answered(tmp_path / "one", [point(run, LESS)])
    for name in names:
        assert name in str(error.value)
    assert not (tmp_path / "one").exists()


def test_a_store_that_cannot_be_written_is_said_once(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(path: Path, *_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(module, "write_whole", full)
    with caplog.at_level(logging.WARNING, "kepusim"):
        both = [point(run, LESS), point(run, MORE)]
        assert answered(tmp_path / "one", both) == expected(run, LESS, MORE)
    assert caplog.text.count("No space left") == 1


# ------------------------------------------------------------------------------------ its size


def bytes_on_disk(store: Path) -> int:
    """Of all chunks anywhere in it, listed or not."""
    return sum(path.stat().st_size for path in store.rglob("*.parquet"))


def aged(entry: Entry, store: Path, hours: float) -> None:
    """Let its last use be so long ago."""
    then = time.time() - 3600 * hours
    folder = store / "points" / entry.name
    for path in (*folder.iterdir(), folder):
        os.utime(path, (then, then))


def test_it_throws_away_nothing_that_it_has_not_made(
    run: Run, store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A store may come from a stranger, whose links and limit would have it empty other folders."""
    own = Store(store).shelf(run, "test").folder
    letters = [tmp_path / "letters", store / "points" / "letters"]
    for folder in letters:
        folder.mkdir(parents=True)
        (folder / "dear_mayor.txt").write_text("dear mayor", encoding="utf-8")
        os.utime(folder, (0, 0))
    own.symlink_to(letters[0])
    (store / SETTINGS).write_text('{"limit_gb": 0}', encoding="utf-8")
    keep(store, point(run, LESS), 0, 2)
    Store(store).set_limit(1)
    keep(store, DesignPoint("own", run), 0, 2)
    said(capsys, "clear", f"store={store}")
    for folder in letters:
        assert [path.name for path in folder.iterdir()] == ["dear_mayor.txt"]


def test_what_was_not_used_for_longest_goes_first(run: Run, store: Path) -> None:
    own = [point(run, money) for money in (LESS, 2 * LESS, 3 * LESS, MORE)]
    for each in own[:3]:
        keep(store, each, 0, N)
    for entry in entries(store):
        hours = [each.hash for each in own].index(str(entry.about["point"])) + 2
        aged(entry, store, hours)  # the first one was used last
    size = max(entry.size for entry in entries(store))
    Store(store).set_limit(3.1 * size / 1e9)
    list(Store(store).shelf(own[2].run, "test").find(range(N)))  # used now
    keep(store, own[3], 0, N)
    kept = {str(entry.about["point"]) for entry in entries(store)}
    assert kept == {own[0].hash, own[2].hash, own[3].hash}
    assert sum(entry.size for entry in entries(store)) <= Store(store).limit
    assert bytes_on_disk(store) <= Store(store).limit, "what was thrown away takes no room"


def test_nothing_in_use_is_thrown_away(
    run: Run, store: Path, caplog: pytest.LogCaptureFixture
) -> None:
    keep(store, point(run, LESS), 0, N)
    size = entries(store)[0].size
    Store(store).set_limit(1.5 * size / 1e9)
    with caplog.at_level(logging.WARNING, "kepusim"):
        keep(store, point(run, MORE), 0, N)
    assert [entry.about["point"] for entry in entries(store)] == [point(run, LESS).hash]
    assert "nothing more is kept" in caplog.text


def test_what_killed_processes_have_left_is_swept_away(run: Run, store: Path) -> None:
    keep(store, point(run, LESS), 0, 2)
    (entry,) = entries(store)
    gone, part = store / ".gone-0123", store / "points" / entry.name / ".x.parquet.0a1b2c3d.part"
    gone.mkdir()
    part.write_bytes(b"half")
    young = part.with_name(".y.parquet.0a1b2c3d.part")
    young.write_bytes(b"of a writer that is at work")
    os.utime(part, (0, 0))
    keep(store, point(run, MORE), 0, 2)
    assert not gone.exists()
    assert not part.exists()
    assert young.exists()


# ------------------------------------------------------------------------------------ many at once


SCRIPT = """
import sys
from pathlib import Path
from sim.config.schema import Run
from sim.study import executor
from sim.study.study import DesignPoint, Study

executor.CHUNK_SECONDS = 0.01
run = Run.model_validate_json(Path(sys.argv[2]).read_text(encoding="utf-8"))
point = DesignPoint("only", run)
with Study(Path(sys.argv[1]), "test", {}, run) as study:
    study.simulate([point], run.replications)
    print(study.results(point, run.replications).result_hash)
"""


@pytest.fixture
def start(tmp_path: Path) -> Iterator[object]:
    """Starts a study in a process of its own; none outlives the test."""
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    started = []

    def begin(name: str, run: Run) -> subprocess.Popen[str]:
        config = tmp_path / f"{name}.json"
        config.write_text(run.model_dump_json(), encoding="utf-8")
        command = [sys.executable, str(script), str(tmp_path / name), str(config)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.wait()


def all_good(store: Path, run: Run) -> None:
    """Every chunk that stands in the store is whole, and what it says."""
    shelf = Store(store).shelf(run, "test")
    for path in chunks(store):
        name = ChunkName.read(path.name)
        assert name is not None
        assert shelf._read(name, whole=True) is not None, path


@pytest.mark.slow
def test_killed_in_the_middle_it_is_good(
    run: Run, store: Path, tmp_path: Path, start: object
) -> None:
    long = settings(run, replications=150)
    process = start("one", long)  # type: ignore[operator]
    while len(chunks(store)) < 5:
        assert process.poll() is None, "it ended before its time"
    process.kill()
    process.wait()
    all_good(store, long)
    kept = entries(store)[0].replications
    assert kept > 0
    own = DesignPoint("only", long)
    right = Worker(long).chunk(range(150)).result_hash
    assert answered(tmp_path / "other", [own], 150) == [right]


@pytest.mark.slow
def test_two_processes_at_once(run: Run, store: Path, start: object) -> None:
    long = settings(run, replications=150)
    both = [start(name, long) for name in ("one", "other")]  # type: ignore[operator]
    said = [process.communicate()[0].strip() for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert said == [Worker(long).chunk(range(150)).result_hash] * 2
    all_good(store, long)
    assert entries(store)[0].replications == 150


# ------------------------------------------------------------------------------------ the command


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(arguments) == 0
    return capsys.readouterr().out


def test_the_command_lists_and_clears(
    run: Run, store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = f"store={store}"
    assert "is empty" in said(capsys, where, "language=en")
    assert "是空的" in said(capsys, where, "language=zh")
    assert not store.exists(), "to look leaves nothing"
    less, more = point(run, LESS), point(run, MORE)
    answered(tmp_path / "one", [less, more])
    listed = said(capsys, where, "language=both")
    for text in (
        less.hash,
        more.hash,
        f"test: {LESS}",
        "设计点",
        "Design point",
        "24 replications",
    ):
        assert text in listed
    twice = [less.hash[:9], less.hash[:12]]  # one point, by two of its beginnings
    assert "Cleared: 12 replications" in said(capsys, where, "language=en", "clear", *twice)
    assert [entry.about["point"] for entry in entries(store)] == [more.hash]
    assert "已清除：12次模拟" in said(capsys, "clear", where, "language=zh")
    assert entries(store) == []
    assert bytes_on_disk(store) == 0
    assert "12 GB" in said(capsys, where, "limit=12", "language=en")
    assert Store(store).limit == 12e9
    assert "limit=GB" in said(capsys, "--help")


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (["cleer"], ["cleer", "nearest: clear"]),
        (["limt=3"], ["limt", "nearest: limit"]),
        (["limit=ten"], ["limit", "ten", "gigabytes"]),
        (["limit=-1"], ["limit", "-1", "gigabytes"]),
        (["language=fr"], ["language", "fr", "zh, en, both"]),
        (["clear", "0123"], ["0123", "no such design point"]),
        (["clear", ""], ["''", "no such design point"]),
        (["store=letter.txt"], ["store", "letter.txt", "folder"]),
    ],
)
def test_slips_are_named(
    arguments: list[str],
    names: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "letter.txt").write_text("dear mayor", encoding="utf-8")
    assert main(arguments) == 2
    error = capsys.readouterr().err
    for name in names:
        assert name in error
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_what_others_have_written_into_it_commands_no_terminal(
    run: Run, store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(store, point(run, LESS), 0, 2)
    (about,) = store.glob("points/*/about.json")
    about.write_text(json.dumps({"point": "\x1b[2J", "labels": ["\x1b]0;x\x07", 3]}))
    (store / "points" / ("0" * 32)).mkdir()
    shutil.copytree(about.parent, store / "points" / ("1" * 32))
    (store / "points" / ("1" * 32) / "about.json").write_text("[]")
    assert "\x1b" not in said(capsys, f"store={store}")


def test_the_store_is_a_module_to_run(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sim.study.store", "language=en"],
        capture_output=True, text=True, check=True, cwd=tmp_path,
    )  # fmt: skip
    assert done.stderr == ""
    assert "The store .store is empty" in done.stdout
