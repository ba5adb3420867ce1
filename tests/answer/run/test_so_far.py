"""What a terminal shows while a run is under way is the answer from what has come home."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sim.answer.run import so_far
from sim.answer.run.so_far import answer_so_far
from sim.config.schema import Run
from sim.study.chunk_folder import ChunkFolder
from sim.study.executor import execute
from sim.study.folder import RunFolder
from sim.study.worker import Worker
from sim.words import Speech
from tests.factory import baseline_run
from tests.program import ROOT

EN = Speech("en")


@pytest.fixture(scope="module")
def under_way(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, ChunkFolder]:
    """A run of thirty of which six replications have come home."""
    run = baseline_run(seed=3, backend="serial", workers=1, replications=6)
    chunks = RunFolder(tmp_path_factory.mktemp("so_far")).chunks(run)
    execute(run, chunks, lambda count: None)
    return run.model_copy(update={"replications": 30}), chunks


def test_it_counts_what_has_come_home(under_way: tuple[Run, ChunkFolder]) -> None:
    run, chunks = under_way
    layout = Worker(run).layout
    known = answer_so_far(run, layout, chunks, {"changes": []})
    assert known is not None
    assert EN.text(known.statements[0].said) == (
        "So far: 6 of 30 replications; the intervals become narrower."
    )
    (table,) = known.tables
    parts = [*chunks.parts(layout, 30)]
    attained = {
        row.target: sum(int(part.attained[:, at].sum()) for part in parts)
        for at, row in enumerate(layout.rows)
        if not row.reading
    }
    told = {
        EN.text(line.cells["target"]): EN.text(line.cells["chance"])
        for line in table.rows
        if line.cells.get("chance")
    }
    for target, met in attained.items():
        name = run.plan.targets[target].name.en
        (chance,) = (text for row, text in told.items() if row in (name, f"{name} †"))
        said = re.fullmatch(r"(<1|>99|\d+) % \(\d+–\d+\)", chance)
        assert said, (target, chance)
        assert said[1] == f"{round(100 * met / 6)}", target


def test_nothing_is_said_before_anything_is_there(
    under_way: tuple[Run, ChunkFolder], tmp_path: Path
) -> None:
    run, _ = under_way
    empty = RunFolder(tmp_path / "empty").chunks(run)
    assert answer_so_far(run, Worker(run).layout, empty, {"changes": []}) is None


def on_a_terminal(*arguments: str) -> str:
    """What a run shows on a terminal of 110 columns and 60 lines."""
    ours, theirs = pty.openpty()
    environment = {
        **os.environ, "TERM": "xterm", "COLUMNS": "110", "LINES": "60", "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    code = "import sim.page.picture as p; p.write = lambda *a: []; import sim.answer.run.so_far "
    code += "as s; s.FIRST = 4; from sim.__main__ import main; raise SystemExit(main())"
    command = [sys.executable, "-c", code, *arguments]
    process = subprocess.Popen(command, stdout=theirs, stderr=theirs, env=environment)
    os.close(theirs)
    shown = bytearray()
    while True:
        try:
            more = os.read(ours, 1 << 16)
        except OSError:  # Linux says so when nobody is left at the other end
            break
        if not more:
            break
        shown += more
    os.close(ours)
    assert process.wait() == 0, shown.decode(errors="replace")
    return shown.decode(errors="replace")


def test_a_terminal_shows_it_and_the_files_stay_the_same(tmp_path: Path) -> None:
    assert so_far.FIRST == 24
    shown = on_a_terminal(
        "replications=10", "workers=1", "store=null", "language=en",
        f"hydra.run.dir={tmp_path / 'run'}",
    )  # fmt: skip
    first, final = shown.find("So far: "), shown.rfind("Baseline; 10 replications")
    assert 0 < first < final
    assert re.search(r"So far: [4-9] of 10 replications", shown)
    assert "So far" not in shown[final:]
