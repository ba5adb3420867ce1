"""A study knows its own: what is not its own, or damaged, is named, and the rest stays good.

Every file in ``tests/damaged_studies/`` says what happens to a finished study of two design points
with twelve histories each (chunks of two and of ten), and what must come of it:

damage
    steps, see :mod:`damage`.
refused
    what the refusal names when the command is given again; null or nothing: it goes on.
open
    what the refusal names when the study is opened for reading; as ``refused`` unless given.
said
    what is said on standard error.
asks
    replications asked for by the command that is given again; else twelve.
mend
    steps by which a user puts it right as the refusal says; else the file that it names is deleted.
simulated
    replications that the command, given again, simulates.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

import sim.study
from sim.config.errors import ConfigError
from sim.config.schema import Run
from sim.study.chunk import ChunkId, CorruptChunk, encode
from sim.study.chunk_folder import ChunkFolder
from sim.study.identity import own_environment_hash
from sim.study.study import DesignPoint, Study
from sim.study.worker import Worker
from tests.factory import micro_run, settings
from tests.refusals import told_alike
from tests.study.damage import Damage

CASES = sorted((Path(__file__).resolve().parents[1] / "damaged_studies").glob("*.yaml"))
N = 12
ROOM = {"goal": 4, "unit_cost": 1_000_000, "build_months": 6}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return micro_run(tmp_path_factory.mktemp("plan"), {"room": ROOM}, replications=N)


def points(run: Run) -> dict[str, DesignPoint]:
    return {
        name: DesignPoint(name, settings(run, {"budget.public_total": money}))
        for name, money in (("less", 1_000_000), ("more", 40_000_000))
    }


def answered(folder: Path, run: Run, n: int = N) -> tuple[str, ...]:
    """The command of the study: result hashes of its points."""
    design = list(points(run).values())
    with Study(folder, "test", {"question": 1}, run) as study:
        study.simulate(design, n)
        hashes = tuple(study.results(point, n).result_hash for point in design)
        study.finish({"zh": "答", "en": "an answer"})
    return hashes


def read(folder: Path) -> None:
    archive = sim.study.open(folder)
    for name in ("targets", "series", "delays", "ledger"):
        getattr(archive, name)()
    assert archive.answer["en"] == "an answer"


@pytest.fixture(scope="module")
def finished(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The study before anything happens to it; nobody may write into it."""
    folder = tmp_path_factory.mktemp("finished") / "study"
    for point in points(run).values():
        chunks = ChunkFolder(folder / "runs" / point.hash, point.hash, own_environment_hash())
        for first, last in ((0, 2), (2, N)):
            results = Worker(point.run).chunk(range(first, last))
            chunks.keep(first, last, encode(results, ChunkId.of(point.run, first, last)))
    answered(folder, run)
    return folder


@pytest.fixture(scope="module")
def expected(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Mapping[int, tuple[str, ...]]:
    folder = tmp_path_factory.mktemp("expected")
    return {n: answered(folder / str(n), run, n) for n in (N, N + 2)}


@pytest.fixture
def simulated(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Replications simulated since."""
    usual, seen = Worker.replicate, []

    def counted(self: Worker, replication: int) -> object:
        seen.append(replication)
        return usual(self, replication)

    monkeypatch.setattr(Worker, "replicate", counted)
    return seen


def contents(folder: Path) -> dict[Path, bytes]:
    """All that stands in a folder, links as links."""
    return {
        path: str(path.readlink()).encode() if path.is_symlink() else path.read_bytes()
        for path in folder.rglob("*")
        if path.is_symlink() or path.is_file()
    }


def named(error: ConfigError, texts: list[str]) -> None:
    for text in texts:
        assert text in str(error), error
    told_alike(error)


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_damage_is_named_and_the_same_command_goes_on(
    case: Path,
    run: Run,
    finished: Path,
    expected: Mapping[int, tuple[str, ...]],
    simulated: list[int],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    told: dict[str, Any] = yaml.safe_load(case.read_text(encoding="utf-8"))
    own = points(run)
    names = {name: point.hash for name, point in own.items()} | {"code": own_environment_hash()}
    study = Path(shutil.copytree(finished, tmp_path / "study"))
    damage = Damage(study, tmp_path / "elsewhere", names)
    damage.do(told["damage"])
    before = contents(tmp_path / "elsewhere")
    asks, refused = told.get("asks", N), damage.named(told.get("refused"))
    reading = damage.named(told.get("open", None if "asks" in told else refused))
    harmed = contents(study)

    with caplog.at_level(logging.WARNING, "kepusim"):
        if reading is None:
            read(study)
        else:
            with pytest.raises(ConfigError) as error:
                read(study)
            named(error.value, reading)
        assert contents(study) == harmed, "reading changes nothing"

        if refused is not None:
            with pytest.raises(ConfigError) as error:
                answered(study, run, asks)
            named(error.value, refused)
            now = contents(study)
            assert {path: now.get(path) for path in harmed if path.suffix == ".parquet"} == {
                path: content for path, content in harmed.items() if path.suffix == ".parquet"
            }, "a refusal costs no chunk"
            if "mend" in told:
                damage.do(told["mend"])
            else:
                assert isinstance(error.value, CorruptChunk)
                assert str(error.value.path) in str(error.value)
                _delete(error.value.path)
        simulated.clear()
        assert answered(study, run, asks) == expected[asks]
    assert len(simulated) == told["simulated"]
    read(study)
    assert contents(tmp_path / "elsewhere") == before, "what a link leads to is left alone"
    for text in told.get("said", ()):
        assert text in caplog.text
        assert caplog.text.count(f" {text}") <= 1, "said once"
    assert bool(told.get("said")) == bool(caplog.text)


def _delete(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        path.rmdir()
    else:
        path.unlink()
