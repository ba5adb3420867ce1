"""Ctrl-C: how to know one that comes as another error, and how to leave after it."""

from __future__ import annotations

import atexit
import os
import signal
import sys

FAILED = 1


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
