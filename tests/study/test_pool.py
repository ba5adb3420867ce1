"""The processes of a pool: what they answer, how they die, and that Ctrl-C is their owner's."""

from __future__ import annotations

import multiprocessing
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, cast

import pytest

from sim.command.interruption import Stopped
from sim.config.schema import Run
from sim.study import executor, pool
from sim.study.executor import Workforce, execute
from sim.study.folder import RunFolder
from sim.study.pool import Died, Member, Pool, started_apart
from sim.study.worker import work
from tests.factory import micro_run, settings

ROOM = {"goal": 4, "unit_cost": 1_000_000, "build_months": 6}


@pytest.fixture
def run(directory: Path) -> Run:
    plan = micro_run(directory, {"room": ROOM})
    return settings(plan, backend="processes", workers=2, replications=40)


@pytest.fixture
def member() -> Iterator[Member[str]]:
    own: Member[str] = Member()
    yield own
    own.kill()
    own.bury()


def test_answers_come_in_the_order_of_the_orders(run: Run, member: Member[str]) -> None:
    member.ask("first", run, 0, 3)
    member.ask("second", run, 3, 4)
    for name, first, last in (("first", 0, 3), ("second", 3, 4)):
        order, content, _ = member.answer()
        assert order == name
        assert content == work(run, first, last)[0]


def test_an_error_comes_home_with_its_traceback(run: Run, member: Member[str]) -> None:
    broken = run.plan.model_copy(update={"districts": "nowhere.csv"})
    member.ask("only", run.model_copy(update={"plan": broken}), 0, 1)
    with pytest.raises(Exception, match=r"nowhere\.csv") as caught:
        member.answer()
    assert "Traceback" in caught.value.__notes__[0]


def test_an_error_that_cannot_travel_is_told_in_words() -> None:
    error = OSError("x")
    error.callback = lambda: None  # type: ignore[attr-defined]
    told = pool._portable(error)
    assert type(told) is RuntimeError
    assert "OSError: x" in str(told)


def test_a_process_that_dies_is_missed_when_it_is_asked_or_should_answer(
    run: Run, member: Member[str]
) -> None:
    member.ask("first", run, 0, 1)
    member._process.kill()
    member._process.join()
    with pytest.raises(Died) as caught:
        member.answer()
    assert caught.value.member is member
    with pytest.raises(Died):
        member.ask("second", run, 0, 1)


def test_a_busy_pool_is_dismissed_at_once(run: Run) -> None:
    busy: Pool[str] = Pool(2)
    for member in busy.members:
        member.ask("long", settings(run, replications=10**6), 0, 10**6)
    started = time.monotonic()
    busy.dismiss()
    assert time.monotonic() - started < 5.0
    assert not multiprocessing.active_children()


def test_workers_that_die_again_and_again_are_given_up(
    run: Run, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killing(connections: list[Connection]) -> object:
        for child in multiprocessing.active_children():
            child.kill()
        return wait(connections)

    monkeypatch.setattr(executor, "wait", killing)
    chunks = RunFolder(directory).chunks(run)
    ended_by = execute(run, chunks)
    assert isinstance(ended_by, Stopped)
    assert "40 replications could not be simulated" in str(ended_by)
    assert not chunks.ranges()
    assert not multiprocessing.active_children()


def test_what_is_left_under_way_is_not_mistaken_for_an_answer_later(run: Run) -> None:
    other = settings(run, seed=99)
    with Workforce(run) as workforce:
        for _ in workforce.simulate([run], {0: [range(40)]}):
            break
        found = list(workforce.simulate([other], {0: [range(40)]}))
    expected = {
        (done.chunk.first, done.chunk.last): work(other, done.chunk.first, done.chunk.last)[0]
        for done in found
    }
    assert sorted(n for first, last in expected for n in range(first, last)) == list(range(40))
    assert found
    assert all(done.content == expected[done.chunk.first, done.chunk.last] for done in found)


def test_a_process_started_meanwhile_never_sees_ctrl_c() -> None:
    with started_apart():
        child = subprocess.Popen(
            [sys.executable, "-c", "print(flush=True); input(); print('alive')"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
    assert child.stdout is not None
    child.stdout.readline()
    child.send_signal(signal.SIGINT)
    output, _ = child.communicate("\n", timeout=60.0)
    assert output == "alive\n"


class Huge:
    """Stands for a run that does not fit into the memory of a worker."""

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return exec, ("raise MemoryError",)


def test_a_lack_of_memory_in_a_worker_comes_home_as_one(member: Member[str]) -> None:
    member.ask("only", cast(Run, Huge()), 0, 1)
    with pytest.raises(MemoryError):
        member.answer()
