"""Files written whole or not at all, and the three formats in which folders of results hold them.

A file appears under its name only when all of it is there: whoever reads a folder, and whenever the
process that writes it is killed, a file that exists is complete. Nothing is written through a link:
one that stands where a file should be is replaced, and what it leads to stays as it is.
"""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import secrets
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

PART = ".part"
"""Ending of what is not complete yet; whoever finds one when nobody writes may delete it."""

_BYTE_ORDER_MARK = "\ufeff"  # Excel takes a CSV file for UTF-8 only with it


class NotPlain(OSError):
    """There is something else than a file: a link, a folder, a pipe."""

    def __init__(self, path: Path) -> None:
        super().__init__(errno.EINVAL, "this is no plain file", str(path))


def clear_parts(folder: Path) -> None:
    """Remove what writers that were killed have left in ``folder``; nobody may be writing there."""
    for path in folder.glob(f".*{PART}"):
        if path.is_symlink() or path.is_file():
            path.unlink(missing_ok=True)


def claimed(path: Path, flags: int = os.O_RDONLY) -> int:
    """Take possession of a file or folder for this process, and return the handle of it.

    The system lets go of it when the handle is closed, or the process ends however it may. Some
    network drives know no such locks, least of all on folders: there nobody is refused.

    Args:
        path: a file or folder; a file that is made (``os.O_CREAT``) must not be a link.
        flags: as for :func:`os.open`.

    Raises:
        BlockingIOError: another process, or another handle, has it.
        OSError: it cannot be opened.
    """
    import fcntl

    handle = os.open(path, flags | os.O_NOFOLLOW * bool(flags & os.O_CREAT))
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise
    except OSError:
        pass
    return handle


@contextmanager
def replacing(path: Path, *, synced: bool = False) -> Iterator[Path]:
    """A temporary path to write to, which takes the place of ``path`` when all went well.

    Args:
        path: the file to write or to replace.
        synced: wait until the content is on the disk, so that a power cut cannot leave the name
            without it.

    Raises:
        OSError: the disk is full or the folder cannot be written; ``path`` is as it was before.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}{PART}")
    try:
        os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o666))
        yield temporary
        if synced:
            with temporary.open("rb+") as file:
                os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException as error:
        temporary.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename in (None, str(temporary)):
            error.filename = str(path)  # a full disk does not say where it is full
        raise


def remove_file(path: Path) -> None:
    """Remove a file, or a link that has taken its place; a folder is somebody else's."""
    if path.is_symlink() or not path.is_dir():
        path.unlink(missing_ok=True)


def read_plain(path: Path) -> bytes:
    """What stands in a file that is no link, folder or pipe.

    Raises:
        NotPlain: it is one.
        OSError: it cannot be read.
    """
    # A pipe would keep whoever opens it waiting.
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        if path.is_symlink():
            raise NotPlain(path) from error
        raise
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise NotPlain(path)
    with os.fdopen(handle, "rb") as file:
        return file.read()


def write_whole(path: Path, content: bytes, *, synced: bool = False) -> None:
    """Write or replace a file; arguments and errors as in :func:`replacing`."""
    with replacing(path, synced=synced) as temporary:
        temporary.write_bytes(content)


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a CSV file that spreadsheets open as it is; None is an empty cell."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows(["" if cell is None else cell for cell in row] for row in rows)
    write_whole(path, (_BYTE_ORDER_MARK + text.getvalue()).encode())


def write_json(path: Path, content: Mapping[str, object]) -> None:
    """Write a JSON file; dates and the like as their texts."""
    write_whole(path, json_text(content).encode())


def json_text(content: Mapping[str, object]) -> str:
    """The text that :func:`write_json` writes."""
    return json.dumps(content, ensure_ascii=False, indent=1, default=str)
