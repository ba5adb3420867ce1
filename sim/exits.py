"""How the command lines end: exit codes, a file that cannot be written, Ctrl-C."""

from __future__ import annotations

import atexit
import errno
import os
import signal
import sys

DONE, FAILED, WRONG_INPUT = 0, 1, 2


def say_unwritable(error: OSError) -> int:
    """Say on standard error which file cannot be written, and return the exit code.

    A disk that is full is nothing wrong with the input; a place where one may not write is. Raises
    the error again if it is about no file.
    """
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    if not full and error.filename is None:
        raise error
    print(f"cannot write {error.filename or 'the results'}: {error.strerror}", file=sys.stderr)
    return FAILED if full else WRONG_INPUT


def is_interruption(error: BaseException | None) -> bool:
    """Whether Ctrl-C is behind ``error``: some libraries trip over it and raise another one."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__context__
    return error is not None


def leave_interrupted(text: str, *, for_good: bool) -> int:
    """Say ``text`` on standard error; with ``for_good`` the process ends here, else return 1."""
    if for_good:  # another Ctrl-C has nothing left to end
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    print(text, file=sys.stderr)
    if for_good:
        # An interpreter that was interrupted in certain places, such as an import, forgets the exit
        # code when it leaves in the usual way.
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(FAILED)
    return FAILED
