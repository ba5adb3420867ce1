"""Running tests in copies of the tree, each time in a process of its own; no checkout changes."""

from __future__ import annotations

import contextlib
import hashlib
import json
import multiprocessing
import os
import py_compile
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.mutants.mutation import Mutant

PRELOADED = ["numpy", "pandas", "pyarrow", "scipy.stats", "pydantic", "simpy", "hydra", "pytest"]
"""Imported once; every process that runs tests starts as a copy of one that has them."""

OPTIONS = ["-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:cov"]
Recorded = dict[str, tuple[float, list[str]]]
"""By test: seconds, and the functions it calls."""

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(PRELOADED)
_FAILED = 1


class Copy:
    """A copy of the tree in which one process at a time runs tests."""

    def __init__(self, tree: Path, folder: Path) -> None:
        self.folder = folder
        files = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=tree,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for name in filter(None, files.split("\0")):
            if (tree / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(tree / name, folder / name)

    def record(self, test_file: str, timeout: float) -> Recorded:
        """Run a file of tests as it stands; tests that fail here are left out.

        Raises:
            RuntimeError: the tests ended before their time.
        """
        answer = self.folder / "recorded.json"
        answer.unlink(missing_ok=True)
        self._run([test_file], timeout, record=answer)
        if not answer.exists():
            raise RuntimeError(f"{test_file} was not run to its end")
        recorded: Recorded = json.loads(answer.read_text())
        return recorded

    def noticed(self, mutant: Mutant, tests: Sequence[str], timeout: float) -> bool:
        """Whether one of ``tests`` fails, or takes beyond all measure, with the mutant's rule."""
        path = self.folder / mutant.path
        source = path.read_bytes()
        self._write(path, mutant.apply(source), compiled=False)
        try:
            return self._run(tests, timeout) != 0
        finally:
            self._write(path, source, compiled=True)

    def _write(self, path: Path, source: bytes, *, compiled: bool) -> None:
        # Compiled files are told apart by second and size: a mutant must leave none behind.
        for old in path.parent.glob(f"__pycache__/{path.stem}.*"):
            old.unlink()
        path.write_bytes(source)
        if compiled:
            py_compile.compile(str(path))

    def _run(self, tests: Sequence[str], timeout: float, record: Path | None = None) -> int:
        shutil.rmtree(self.folder / ".hypothesis", ignore_errors=True)
        process = _CONTEXT.Process(target=_run_tests, args=(self.folder, list(tests), record))
        process.start()
        process.join(timeout)
        late = process.is_alive()
        with contextlib.suppress(ProcessLookupError):  # with every program that a test has started
            os.killpg(process.pid or 0, signal.SIGKILL)
        process.join()
        code = _FAILED if late else process.exitcode or 0
        if code < 0:
            raise RuntimeError(f"a process that ran tests was killed by signal {-code}")
        return code


def _run_tests(folder: Path, tests: list[str], record: Path | None) -> None:
    """Run tests in this process, which belongs to nobody else; its exit code is that of pytest."""
    os.setsid()
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    os.environ["PYTHONPATH"] = str(folder)  # programs under test come from the copy as well
    sys.dont_write_bytecode = record is None
    if sys.dont_write_bytecode:
        os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silence, stream)
    import pytest

    options = [*OPTIONS, "--hypothesis-seed=0"]
    if record is None:
        os._exit(pytest.main([*options, *tests]))
    from tests.mutants.recorder import Recorder

    recorder = Recorder(str(folder))
    options.remove("-x")
    pytest.main([*options, *tests], plugins=[recorder])
    both = {test: (t, recorder.calls[test]) for test, t in recorder.seconds.items()}
    record.write_text(json.dumps(both))
    os._exit(0)


def digest(tree: Path, test_file: str) -> str:
    """Of everything that decides which functions a file of tests calls."""
    shared = [
        path
        for folder in ("sim", "configs", "experiments", "tests")
        for path in sorted((tree / folder).rglob("*"))
        if path.is_file() and not path.match("test_*.py")
        if not {"__pycache__", "mutants"} & set(path.parts[len(tree.parts) :])
    ]
    total = hashlib.sha256()
    for path in (*shared, tree / test_file):
        total.update(f"{path.relative_to(tree)}\0".encode())
        total.update(path.read_bytes())
    return total.hexdigest()[:16]
