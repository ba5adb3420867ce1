"""How the command lines end: in an exit code, and a sentence where something is to be said.

0: done, all files are written. 2: the input is wrong. 1: anything else; what was finished is kept.
Exit codes speak of files: that an answer could not be printed, while all files are there, is no
failure, unless to print was all there was to do.
"""

from __future__ import annotations

import atexit
import errno
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from types import TracebackType

from sim.command.interruption import Stopped, ignore, interruptible, is_interruption
from sim.command.terminal import Outlet, outlets, say, warn
from sim.config.errors import COMMAND_LINE, ConfigError
from sim.words import Said, SystemReason, asked_language, speak, speeches

DONE, FAILED, WRONG_INPUT = 0, 1, 2

_FORBIDDEN = {
    getattr(errno, name)
    for name in (
        "EACCES", "EPERM", "EROFS", "ENOENT", "ENOTDIR", "EISDIR", "EEXIST", "ENAMETOOLONG",
        "ELOOP", "EINVAL",
    )
}  # fmt: skip
"""What an error of the system says about the place that was named. All others (the disk or a quota
is full, a file as large as it may be, a drive away) are nothing wrong with the input."""

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class CommandLine:
    """One command, from its first word to its exit code; a context manager.

    In its block every interruption is a ``KeyboardInterrupt``, and printing cannot fail. Whatever
    ends the block that is no fault of the program is told in a sentence and ends with it.

    Args:
        arguments: of the command line, of which one may ask for a language.
        for_good: the process ends with the command: a second interruption has nothing to end.
        goes_on: the same command, given again, takes up what was finished.

    Attributes:
        code: the exit code, once the block is left; its owner sets it within.
        only_prints: whether to print is all that the command does.
        left: runs that an end before the time leaves unbegun.
    """

    def __init__(
        self, arguments: Sequence[str] = (), *, for_good: bool = False, goes_on: bool = False
    ) -> None:
        self.code = DONE
        self.language = asked_language(arguments)
        self.only_prints = False
        self.left = 0
        self._for_good = for_good
        self._goes_on = goes_on

    @property
    def language(self) -> str | None:
        """In which everything is told: zh, en, both, or None for that of the locale."""
        return self._language

    @language.setter
    def language(self, language: str | None) -> None:
        self._language = language
        speak(language)

    def say(self, key: str, **values: object) -> None:
        """Print words of the catalogue on standard output."""
        for speech in speeches(self.language):
            say(speech(key, **values))

    def warn(self, what: object) -> None:
        """Print something on standard error, see :meth:`sim.words.Speech.text`."""
        for speech in speeches(self.language):
            warn(speech.text(what))

    def __enter__(self) -> CommandLine:
        with ExitStack() as stack:
            self._out, _ = stack.enter_context(outlets())
            stack.callback(speak, None)
            stack.enter_context(interruptible())
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        with self._stack:
            told = error is not None and self._tell(error)
            if not told and error is not None:
                return False
            self._out.flush()
            self._tell_unprinted(self._out)
        return told

    def _tell(self, error: BaseException) -> bool:
        """Say what has ended the command and find its exit code; False if it is not known."""
        if is_interruption(error):
            self._leave_interrupted()
            return True
        if isinstance(error, SystemExit) and isinstance(error.code, int):  # of argparse
            self.code = error.code
            return True
        if isinstance(error, ConfigError):
            self.code = WRONG_INPUT
            for problem in error.problems:  # what no file says was typed
                problem.file = problem.file or COMMAND_LINE
            self.warn(error)
            return True
        if isinstance(error, OSError) and error.errno is not None:
            wrong = error.filename is not None and error.errno in _FORBIDDEN
            self.code = WRONG_INPUT if wrong else FAILED
            self._say_stopped(_unwritable(error))
            return True
        if isinstance(error, MemoryError):
            error = Stopped("memory")
        if isinstance(error, Stopped):
            self.code = FAILED
            self._say_stopped(error)
            return True
        return False

    def _say_stopped(self, stop: Stopped) -> None:
        self.warn(stop.says)
        if self._goes_on:
            self.warn(Said("stopped.goes_on"))
        self._say_left()

    def _say_left(self) -> None:
        if self.left:
            self.warn(Said("stopped.left", {"count": self.left}))

    def _leave_interrupted(self) -> None:
        """Say so; with ``for_good`` the process ends here."""
        if self._for_good:
            ignore()
        self.code = FAILED
        self._say_left()
        self.warn(Said("interrupted.goes_on" if self._goes_on else "interrupted.plain"))
        if self._for_good:
            # An interpreter that was interrupted in certain places, such as an import, forgets the
            # exit code when it leaves in the usual way.
            atexit._run_exitfuncs()
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(FAILED)

    def _tell_unprinted(self, out: Outlet) -> None:
        """Say that something could not be printed, if that is news: head has seen enough."""
        if out.lost is None or out.lost.errno == errno.EPIPE:
            return
        if self.only_prints:
            self.code = FAILED
        words = "unprinted.files" if self.code == DONE else "unprinted.plain"
        self.warn(Said(words, {"reason": SystemReason.of(out.lost)}))


def _unwritable(error: OSError) -> Stopped:
    reason = SystemReason.of(error)
    if error.filename is not None:
        return Stopped("unwritable", file=error.filename, reason=reason)
    if error.errno in _NO_ROOM:
        return Stopped("no_room", reason=reason)
    return Stopped("refused", reason=reason)
