"""Commands under test: without their pictures, or as programs of their own, which halt where a test
wants to do something to them.
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from sim.page import picture

ROOT = Path(__file__).resolve().parents[1]
PICTURES = "sim.page.picture:write"
PATIENCE = 120.0  # seconds that a state may take to come about, however busy the machine is

_HALTING = """
import importlib, os, runpy, sys

halts, without, reached, go, module, *arguments = sys.argv[1:]

def found(where):
    name, _, path = where.partition(":")
    *owners, last = path.split(".")
    owner = importlib.import_module(name)
    for each in owners:
        owner = getattr(owner, each)
    return owner, last

def halt_at(where, when):
    owner, last = found(where)
    original, calls = getattr(owner, last), 0

    def halting(*given, **named):
        nonlocal calls
        calls += 1
        if calls == when:
            os.write(int(reached), b".")
            os.read(int(go), 1)
        return original(*given, **named)

    setattr(owner, last, halting)

for halt in halts.split():
    where, _, when = halt.partition("@")
    halt_at(where, int(when or 1))
executor = sys.modules.get("sim.study.executor")
if executor is not None:  # it is halted at a chunk: the next one is not waited for long
    executor.CHUNK_SECONDS = 0.2
for each in without.split():
    setattr(*found(each), lambda *given, **named: [])
sys.argv = [module, *arguments]
runpy.run_module(module, run_name="__main__", alter_sys=True)
"""


class Program:
    """A program under way.

    Attributes:
        process: it.
        output: what it has printed on both streams, once it has ended.
    """

    def __init__(self, process: subprocess.Popen[bytes], reached: int, go: int) -> None:
        self.process = process
        self.output = ""
        self._reached, self._go = reached, go

    def halted(self) -> None:
        """Wait until it halts."""
        if os.read(self._reached, 1) != b".":
            output, _ = self.process.communicate()
            raise AssertionError(f"it ended before it got there:\n{output.decode()}")

    def send(self, *numbers: int) -> None:
        """Send it these signals."""
        for number in numbers:
            self.process.send_signal(number)

    def goes_on(self) -> None:
        """Let it go on from where it halts."""
        os.write(self._go, b".")

    def ended(self) -> int:
        """Wait until it has ended; its exit code."""
        output, _ = self.process.communicate(timeout=PATIENCE)
        self.output = output.decode(errors="replace")
        assert "Traceback" not in self.output, self.output
        return self.process.returncode

    def relatives(self) -> list[int]:
        """Processes of its session that are there: itself, and whatever it has started."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    fields = (entry / "stat").read_text().rpartition(")")[2].split()
                except OSError:
                    continue
                if int(fields[3]) == self.process.pid and fields[0] != "Z":
                    found.append(int(entry.name))
        return found

    def alone(self) -> None:
        """Wait until nothing is there that it has started."""
        until(lambda: not self.relatives(), "something that it started outlives it")


def until(met: Callable[[], bool], otherwise: str) -> None:
    """Wait for a state."""
    deadline = time.monotonic() + PATIENCE
    while not met():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.02)


_WRITE = picture.write


@contextmanager
def without_pictures() -> Iterator[None]:
    """Commands of this process draw no pictures, which take longer than all else."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(picture, "write", lambda *_: [])
        yield


@contextmanager
def with_pictures() -> Iterator[None]:
    """Commands of this process draw their pictures."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(picture, "write", _WRITE)
        yield


@contextmanager
def program(
    module: str,
    arguments: Sequence[str],
    *,
    halts: Sequence[str] = (),
    without: Sequence[str] = (PICTURES,),
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    largest_file: int | None = None,
) -> Iterator[Program]:
    """Start ``python -m MODULE ARGUMENTS``; nothing of it outlives the block.

    Args:
        halts: functions, ``module:name`` or ``module:Class.name``, of which the first call, or with
            ``@NUMBER`` another one, does not begin before the test says so.
        without: functions that shall do nothing; pictures, if a test does not say otherwise, since
            they take longest.
        environment: variables beside those of this process.
        folder: where it is started; else where the tests work.
        largest_file: bytes that a file of it may have.
    """
    reached, theirs = os.pipe()
    mine, go = os.pipe()
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            _HALTING,
            " ".join(halts),
            " ".join(without),
            str(theirs),
            str(mine),
            module,
            *arguments,
        ],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        pass_fds=(theirs, mine),
        start_new_session=True,
        preexec_fn=None if largest_file is None else lambda: _limit(largest_file),
    )
    os.close(theirs)
    own = Program(process, reached, go)
    try:
        yield own
    finally:
        for relative in own.relatives():
            os.kill(relative, signal.SIGKILL)
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
        for descriptor in (reached, go, mine):
            os.close(descriptor)


def _limit(size: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
