"""Ends before the time: Ctrl-C, what a system or a closed terminal sends in its place, and lacks.

Inside :func:`interruptible` SIGTERM and SIGHUP mean what Ctrl-C means: ``KeyboardInterrupt`` in the
main thread. :class:`held_back` lets none of them strike in the midst of what must be whole.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from sim.words import Said

SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
"""What asks a program to end and leaves it the time to do so in order."""


class Stopped(RuntimeError):
    """Simulation came to an end before its time, though nobody asked for it.

    Args:
        cause: the rest of the key ``stopped.CAUSE`` in the catalogue of words.
        fields: of that text.
    """

    def __init__(self, cause: str, **fields: object) -> None:
        super().__init__(cause, fields)
        self.says = Said(f"stopped.{cause}", fields)

    def __str__(self) -> str:
        return str(self.says)


Ended = KeyboardInterrupt | Stopped | OSError
"""What ends work before its time and is no fault of the program."""


class ended_early:
    """A ``with`` block that may end before its time; ``by`` is what ended it, or None.

    A fault of the program goes through.
    """

    def __init__(self) -> None:
        self.by: Ended | None = None

    def __enter__(self) -> ended_early:
        return self

    def __exit__(self, kind: object, error: BaseException | None, _: object) -> bool:
        if isinstance(error, Ended):
            self.by = error
        elif isinstance(error, MemoryError):
            self.by = Stopped("memory")
        elif isinstance(error, Exception) and is_interruption(error):
            self.by = KeyboardInterrupt()
        return self.by is not None


def _in_main_thread() -> bool:
    """Only there may handlers be set, and only there do they run."""
    return threading.current_thread() is threading.main_thread()


@contextmanager
def interruptible() -> Iterator[None]:
    """Let SIGTERM and SIGHUP raise ``KeyboardInterrupt`` for the length of a ``with`` block.

    A signal that is ignored stays so: ``nohup`` ignores SIGHUP for a program that shall outlive its
    terminal, a shell without job control SIGINT for one in the background.
    """
    before: dict[int, Any] = {}
    if _in_main_thread():
        for number in SIGNALS:
            # A handler that is not Python's own (None) or is somebody else's stays.
            if signal.getsignal(number) is signal.SIG_DFL:
                before[number] = signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def ignore() -> None:
    """Let no further interruption strike: there is nothing left to end."""
    if _in_main_thread():
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)


def is_interruption(error: BaseException | None) -> bool:
    """Whether an interruption is behind ``error``: some libraries trip over it into another."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__context__
    return error is not None


class held_back:
    """Let an interruption strike after a ``with`` block instead of within it.

    Within :meth:`released`, inside the block, it strikes as ever. Off the main thread, where none
    ever strikes, nothing is done.
    """

    def __init__(self) -> None:
        self._held: list[int] = []
        self._before: dict[int, Any] = {}

    def __enter__(self) -> held_back:
        if _in_main_thread():
            self._hold()
        return self

    def __exit__(self, kind: object, error: BaseException | None, _: object) -> None:
        self._let_go()
        if error is None:
            self._strike()

    @contextmanager
    def released(self) -> Iterator[None]:
        """A part of the block in which interruptions strike; one that was held does so at once."""
        self._let_go()
        try:
            self._strike()
            yield
        finally:
            if _in_main_thread():
                self._hold()

    def _hold(self) -> None:
        interruption: KeyboardInterrupt | None = None
        held = False
        while not held:
            try:
                if not self._before:
                    handlers = {number: signal.getsignal(number) for number in SIGNALS}
                    self._before = {
                        number: handler
                        for number, handler in handlers.items()
                        if handler is not signal.SIG_IGN and handler is not None
                    }
                for number in self._before:
                    signal.signal(number, self._keep)
                held = True
            except KeyboardInterrupt as error:  # the last that gets through
                interruption = error
        if interruption is not None:
            raise interruption

    def _keep(self, number: int, _: FrameType | None) -> None:
        self._held.append(number)

    def _let_go(self) -> None:
        while self._before:
            try:
                for number, handler in self._before.items():
                    signal.signal(number, handler)
                self._before = {}
            except KeyboardInterrupt:  # let go of only in part: it waits for the rest
                self._held.append(signal.SIGINT)

    def _strike(self) -> None:
        if self._held:
            number, self._held[:] = self._held[0], []
            signal.raise_signal(number)
