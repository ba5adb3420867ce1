"""Processes that simulate, each at the end of a pipe of its own.

The standard library's pool shares its queues among all workers: one that is stopped in the middle
of a message leaves the others, and the owner, waiting for ever. Here nothing is shared, so that any
process may be killed at any moment, and to leave is to kill.
"""

from __future__ import annotations

import os
import pickle
import signal
import threading
import traceback
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

from sim.command.interruption import held_back
from sim.config.schema import Run
from sim.study import worker

_PATIENCE = 5.0  # seconds until the system has taken a killed process away

T = TypeVar("T")


class Died(Exception):
    """The process of ``member`` ended without having answered its orders."""

    def __init__(self, member: Member[Any]) -> None:
        super().__init__(f"a worker process ended with {len(member.orders)} orders")
        self.member = member


class Member(Generic[T]):
    """One process, the pipe to it, and what it has been asked for.

    It answers in the order in which it is asked. ``T`` is whatever the owner likes to call an order
    by.
    """

    def __init__(self) -> None:
        context = get_context("spawn")
        self.orders: deque[T] = deque()
        with started_apart():
            self.connection, theirs = context.Pipe()
            self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
            self._process.start()
            theirs.close()  # held by the process alone, the end of the process is the end of it

    def ask(self, order: T, run: Run, first: int, last: int) -> None:
        """Have replications ``first`` to ``last`` (exclusive) of ``run`` simulated. Raises Died."""
        self.orders.append(order)
        try:
            self.connection.send((run, first, last))
        except OSError as error:
            raise Died(self) from error

    def answer(self) -> tuple[T, bytes, float]:
        """The next answer, for which it waits: the order, its chunk, and the seconds that it took.

        Raises:
            Died: the process ended instead.
            Exception: whatever the process raised.
        """
        try:
            found = self.connection.recv()
        except (EOFError, OSError) as error:
            raise Died(self) from error
        if isinstance(found, Exception):
            raise found
        return (self.orders.popleft(), *found)

    def kill(self) -> None:
        """End the process at once, whatever it does."""
        self._process.kill()
        self.connection.close()

    def bury(self) -> None:
        """Wait until a killed process is gone."""
        self._process.join(_PATIENCE)


class Pool(Generic[T]):
    """Several processes."""

    def __init__(self, size: int) -> None:
        self.members: list[Member[T]] = []
        try:
            for _ in range(size):
                self.members.append(Member())
        except BaseException:
            self.dismiss()
            raise

    def replace(self, member: Member[T]) -> None:
        """Put a new process in the place of ``member``."""
        member.kill()
        member.bury()
        self.members[self.members.index(member)] = Member()

    def dismiss(self) -> None:
        """End all processes; what they are at is lost."""
        with held_back():
            for member in self.members:
                member.kill()
            for member in self.members:
                member.bury()
            self.members.clear()


@contextmanager
def started_apart() -> Iterator[None]:
    """Start processes, in a ``with`` block, that never see Ctrl-C; nor does the block itself.

    A terminal sends it to them too, even while they still import, but what it means is decided by
    their owner.
    """
    with held_back():
        if not hasattr(signal, "pthread_sigmask"):
            yield
            return
        resource_tracker.ensure_running()  # to start it in the block would undo the mask
        # Started processes inherit the mask. It does not do for this one, where any other thread
        # may take the signal for the main thread to handle.
        blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, blocked)


def _serve(connection: Connection) -> None:
    """What a process does: answer what it is asked, until its owner is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asked: SimpleQueue[bytes] = SimpleQueue()
    # Read by a thread, so that the owner never waits for a process that is at work.
    threading.Thread(target=_listen, args=(connection, asked), daemon=True).start()
    while True:
        try:
            found: object = worker.work(*pickle.loads(asked.get()))
        except Exception as error:
            found = _portable(error)
        try:
            try:
                connection.send(found)
            except MemoryError as error:
                connection.send(_portable(error))
        except OSError:  # nobody is there to hear it
            return


def _listen(connection: Connection, asked: SimpleQueue[bytes]) -> None:
    try:
        while True:
            asked.put(connection.recv_bytes())
    except (EOFError, OSError):
        os._exit(1)


def _portable(error: Exception) -> Exception:
    """``error`` with its traceback as a note, in a form that survives the way to the owner."""
    error.add_note(f"in a worker process:\n{traceback.format_exc()}")
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}\n{traceback.format_exc()}")
    return error
