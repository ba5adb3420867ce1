"""Files written whole or not at all, and the three formats in which folders of results hold them.

A file appears under its name only when all of it is there: whoever reads a folder, and whenever the
process that writes it is killed, a file that exists is complete.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

PART = ".part"
"""Ending of what is not complete yet; whoever finds one when nobody writes may delete it."""

_BYTE_ORDER_MARK = "\ufeff"  # Excel takes a CSV file for UTF-8 only with it


def claimed(path: Path, flags: int = os.O_RDONLY) -> int:
    """Take possession of a file or folder for this process, and return the handle of it.

    The system lets go of it when the handle is closed, or the process ends however it may. Some
    network drives know no such locks, least of all on folders: there nobody is refused.

    Args:
        flags: as for :func:`os.open`.

    Raises:
        BlockingIOError: another process, or another handle, has it.
        OSError: it cannot be opened.
    """
    import fcntl

    handle = os.open(path, flags)
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
    temporary = path.with_name(f".{path.name}{PART}")
    try:
        yield temporary
        if synced:
            with temporary.open("rb+") as file:
                os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException as error:
        temporary.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename is None:
            error.filename = str(path)  # a full disk does not say where it is full
        raise


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
