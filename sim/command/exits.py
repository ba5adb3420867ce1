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
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING

from sim.command.interruption import Stopped, ignore, interruptible, is_interruption
from sim.command.terminal import Outlet, outlets, warn
from sim.config.errors import COMMAND_LINE, ConfigError

if TYPE_CHECKING:
    from sim.report.words import Language

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
        for_good: the process ends with the command: a second interruption has nothing to end.
        goes_on: the same command, given again, takes up what was finished.

    Attributes:
        code: the exit code, once the block is left; its owner sets it within.
        language: in which it is told what has ended the command.
        only_prints: whether to print is all that the command does.
        left: runs that an end before the time leaves unbegun.
    """

    def __init__(self, *, for_good: bool = False, goes_on: bool = False) -> None:
        self.code = DONE
        self.language: Language = "both"
        self.only_prints = False
        self.left = 0
        self._for_good = for_good
        self._goes_on = goes_on

    def __enter__(self) -> CommandLine:
        with ExitStack() as stack:
            self._out, _ = stack.enter_context(outlets())
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
            warn(error)
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
        from sim.report.words import phrase

        warn(stop.sentence(self.language))
        if self._goes_on:
            warn(phrase("stopped.goes_on", self.language))
        self._say_left()

    def _say_left(self) -> None:
        from sim.report.words import phrase

        if self.left:
            key = "stopped.left_one" if self.left == 1 else "stopped.left"
            warn(phrase(key, self.language).format(count=self.left))

    def _leave_interrupted(self) -> None:
        """Say so; with ``for_good`` the process ends here."""
        from sim.report.words import phrase

        if self._for_good:
            ignore()
        self.code = FAILED
        self._say_left()
        warn(phrase("interrupted.goes_on" if self._goes_on else "interrupted", self.language))
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
        from sim.report.words import phrase

        if self.only_prints:
            self.code = FAILED
        key = "unprinted.files" if self.code == DONE else "unprinted"
        warn(phrase(key, self.language).format(reason=out.lost.strerror))


def _unwritable(error: OSError) -> Stopped:
    reason = os.strerror(error.errno or 0)
    if error.filename is not None:
        return Stopped("unwritable", file=error.filename, reason=reason)
    if error.errno in _NO_ROOM:
        return Stopped("no_room", reason=reason)
    return Stopped("refused", reason=reason)
