"""Files written whole or not at all, and the three formats in which folders of results hold them.

A file appears under its name only when all of it is there: whoever reads a folder, and whenever the
process that writes it is killed, a file that exists is complete. Nothing is written through a link:
one that stands where a file should be is replaced, and what it leads to stays as it is.
"""

from __future__ import annotations

import csv
import errno
import fcntl
import io
import json
import math
import os
import re
import secrets
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from numbers import Number
from pathlib import Path
from typing import Any

from sim.config.errors import ConfigError
from sim.lazy import pd
from sim.study.table_units import Kind, column_kind
from sim.words import Said, SystemReason

PART = ".part"
"""Ending of what is not complete yet; whoever finds one when nobody writes may delete it."""

_BYTE_ORDER_MARK = "\ufeff"  # Excel takes a CSV file for UTF-8 only with it

# What begins a formula (OWASP, "CSV Injection"; ASVS 1.2.10): a sign, also a full-width one, behind
# whatever spreadsheets trim; a control character at the start; and a sign where a cell begins if
# semicolons, tabs or line ends are taken for borders of cells, as is usual in other countries.
_BORDER = r"(?<![^;\t\r\n])"  # the start of the text, too
_TRIMMED = r"""(?:[^\S;\t\r\n]|["\u200b\ufeff])*"""
_BEGINS = rf"(?:\A(?=%s[\0\t\r\n])|{_BORDER}(?=%s{_TRIMMED}[=+\-@＝＋－＠]))"
_FORMULA = re.compile(_BEGINS % ("'*", "'*"))
_GUARD = re.compile(_BEGINS % ("'+", "'+") + "'")

_VALUES: Mapping[Kind, Callable[[str], object]] = {
    "text": str,
    "number": float,
    "whole": lambda cell: int(cell.removesuffix(".0")),
    "truth": {"True": True, "False": False}.__getitem__,
}


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
    """Write a CSV file that spreadsheets open as it is, and in which nothing is a formula.

    None and NaN are empty cells, and so is an empty text. Numbers are numbers, whatever their sign.
    A text that a spreadsheet might take for a formula has an apostrophe before it, in front of
    those that it begins with itself; :func:`read_csv` takes it away.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(map(_written, header))
    writer.writerows([_written(cell) for cell in row] for row in rows)
    # A lone surrogate, as in the name of a file that is no UTF-8, costs no table.
    write_whole(path, (_BYTE_ORDER_MARK + text.getvalue()).encode(errors="backslashreplace"))


def _written(cell: object) -> object:
    if cell is None or cell != cell:
        return ""
    return cell if isinstance(cell, Number) else _FORMULA.sub("'", str(cell))


def read_csv(path: Path) -> tuple[list[str], list[list[str]]]:
    """Read what :func:`write_csv` has written: the header, and the cells of all rows as texts.

    Raises:
        ConfigError: it cannot be read, or was changed so that it is no such table any more.
    """
    try:
        content = read_plain(path).decode("utf-8-sig")
        rows = list(_records(content))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise unreadable(path, error) from error
    if not rows:
        raise damaged("study.empty", path, name=path.name)
    header, *body = ([_GUARD.sub("", cell) for cell in row] for row in rows)
    if len({*header}) < len(header):
        raise damaged("study.column_twice", path, Said("cells.row", {"row": 1}), name=path.name)
    for number, row in enumerate(body, start=2):
        if len(row) != len(header):
            at, sizes = Said("cells.row", {"row": number}), (len(row), len(header))
            raise damaged(
                "study.cells", path, at, name=path.name, count=sizes[0], headings=sizes[1]
            )
    return header, body


def _records(content: str) -> Iterator[list[str]]:
    """Rows of cells, however long a traceback is in one of them."""
    limit = csv.field_size_limit(len(content) + 1)
    try:
        yield from csv.reader(io.StringIO(content, newline=""), strict=True)
    finally:
        csv.field_size_limit(limit)


def read_frame(path: Path) -> pd.DataFrame:
    """The same as a frame, each column of the kind that :mod:`sim.study.table_units` says.

    Texts are texts, whatever they look like. Empty cells are NaN; a column of whole numbers or of
    True and False with empty cells is one of floats or of objects.

    Raises:
        ConfigError: as in :func:`read_csv`, or a cell is not of its column's kind.
    """
    header, rows = read_csv(path)
    columns = {}
    for at, name in enumerate(header):
        kind = column_kind(path.stem, name)
        cells: list[object] = []
        for number, row in enumerate(rows, start=2):
            try:
                cells.append(_VALUES[kind](row[at]) if row[at] else math.nan)
            except (ValueError, KeyError):
                place = Said("cells.cell", {"row": number, "column": name})
                wanted = Said(f"study.kind.{kind}")
                raise damaged(
                    "study.kind", path, place, row[at], name=path.name, kind=wanted
                ) from None
        column = pd.Series(cells, dtype=object)
        given = kind != "text" or any(row[at] for row in rows)  # else NaN would be a number
        columns[name] = column.infer_objects() if given else column
    return pd.DataFrame(columns)


def damaged(
    words: str,
    path: Path,
    key: str | Said | None = None,
    value: object = None,
    **values: Any,
) -> ConfigError:
    """A file of results that is not what was written; arguments as of :class:`ConfigError`."""
    allowed = Said("study.as_written")
    return ConfigError(words, file=str(path), key=key, value=value, allowed=allowed, **values)


def unreadable(path: Path, error: Exception) -> ConfigError:
    """A file of results that cannot be read, and why."""
    return damaged("study.unreadable", path, name=path.name, reason=reason_of(error))


def reason_of(error: Exception) -> object:
    """Why something failed, in words of ours if there are any."""
    if isinstance(error, NotPlain):
        return Said("study.no_plain_file")
    if isinstance(error, OSError) and error.errno is not None:
        return SystemReason.of(error)
    return Said("study.quoted", {"text": str(error).partition("\n")[0] or type(error).__name__})


def write_json(path: Path, content: Mapping[str, object]) -> None:
    """Write a JSON file; dates and the like as their texts."""
    write_whole(path, json_text(content).encode())


def json_text(content: Mapping[str, object]) -> str:
    """The text that :func:`write_json` writes."""
    return json.dumps(content, ensure_ascii=False, indent=1, default=str)
