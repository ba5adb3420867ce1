"""What is said to people, on standard output and standard error, whatever these may be.

A terminal may lack characters, a pipe its reader, a disk its room, and either stream may be closed
from the beginning. None of this costs a result: what cannot be said is lost, and nothing else is.
Whatever is said in the project goes through :func:`say`, :func:`warn` or an :class:`Outlet`.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, cast


class Outlet(io.TextIOBase):
    """A text stream to which writing never fails.

    Characters that its encoding lacks become question marks. After an error nothing more is
    written.

    Args:
        stream: where the text goes; None, as Python has it of a stream that is closed: nowhere.

    Attributes:
        lost: why something could not be written; None if everything was.
    """

    def __init__(self, stream: IO[str] | None) -> None:
        self._stream = stream
        self.lost: OSError | None = None
        if stream is None:
            self.lost = OSError(errno.EBADF, os.strerror(errno.EBADF))

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding of the stream."""
        return getattr(self._stream, "encoding", None) or "utf-8"

    def writable(self) -> bool:
        """True, come what may."""
        return True

    def isatty(self) -> bool:
        """Whether somebody sits before it."""
        try:
            return self._stream is not None and self._stream.isatty()
        except ValueError:  # it has been closed meanwhile
            return False

    def fileno(self) -> int:
        """The descriptor of the stream. Raises OSError if it has none."""
        if self._stream is None:
            raise io.UnsupportedOperation("a closed stream has no descriptor")
        return self._stream.fileno()

    def write(self, text: str) -> int:
        """Write ``text`` if it can be written; the number of its characters in any case."""
        if self.lost is None and self._stream is not None:
            try:
                self._stream.write(text.encode(self.encoding, "replace").decode(self.encoding))
            except (OSError, ValueError) as error:
                self._lose(error)
        return len(text)

    def flush(self) -> None:
        """Write what waits in buffers, if it can be written."""
        if self.lost is None and self._stream is not None:
            try:
                self._stream.flush()
            except (OSError, ValueError) as error:
                self._lose(error)

    def _lose(self, error: OSError | ValueError) -> None:
        self.lost = error if isinstance(error, OSError) else OSError(errno.EBADF, str(error))
        # What waits in buffers would fail again whenever somebody flushes, at the latest Python
        # itself when it ends, with an exit code of its own.
        with suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.fileno())
            os.close(nowhere)


def outlet(stream: IO[str] | None) -> IO[str]:
    """``stream`` as one to which writing never fails."""
    return cast(IO[str], stream if isinstance(stream, Outlet) else Outlet(stream))


@contextmanager
def outlets() -> Iterator[tuple[Outlet, Outlet]]:
    """Make outlets of standard output and error, whoever writes to them, for a ``with`` block."""
    _open_what_is_closed()
    before = sys.stdout, sys.stderr
    out, error = Outlet(sys.stdout), Outlet(sys.stderr)
    sys.stdout, sys.stderr = out, error
    try:
        yield out, error
    finally:
        out.flush()
        error.flush()
        sys.stdout, sys.stderr = before


def _open_what_is_closed() -> None:
    """Point a closed descriptor of the three standard streams nowhere.

    Else the next file that is opened gets its number, and what a library or a process started
    prints goes into a file of results.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest number that is free


def say(text: object = "") -> None:
    """Print ``text`` and the end of the line on standard output."""
    outlet(sys.stdout).write(f"{text}\n")


def warn(text: object) -> None:
    """Print ``text`` and the end of the line on standard error."""
    stream = outlet(sys.stderr)
    stream.write(f"{text}\n")
    stream.flush()
