"""The store: finished chunks of all runs and studies of a user, so that none is simulated twice.

A shelf of the store holds the chunks of one design point, simulated by one code on one kind of
machine: everything that can change an outcome is in its name. A study keeps its own chunks; the
store holds copies, is believed no more than any other file, and may be deleted at any time.

Several processes may use a store at once. Files appear whole, a shelf that is thrown away is
renamed first, and whoever finds a chunk gone simulates it. ``python -m sim.study.store`` lists the
shelves and clears them.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.config.directory import named_path
from sim.config.errors import ConfigError
from sim.config.schema import Run
from sim.lazy import pa, pc
from sim.study.chunk import (
    SCHEMA_VERSION,
    ChunkId,
    ChunkName,
    CorruptChunk,
    encode_table,
    verified,
)
from sim.study.files import PART, NotPlain, read_plain, reason_of, write_json, write_whole
from sim.study.identity import machine, own_environment_hash, point_hash
from sim.words import Said

LIMIT_GB = 10.0
"""Gigabytes that a store holds unless its ``store.json`` says otherwise."""

SETTINGS = "store.json"
_SHELVES, _ABOUT, _GONE = "points", "about.json", ".gone-"
_TAG = "CACHEDIR.TAG"  # see https://bford.info/cachedir: backups leave such folders out
_SHELF = re.compile(r"[0-9a-f]{32}")  # as :class:`Shelf` names its folder
_SIGNATURE = b"Signature: 8a477f597d28d172789f06886806bc55\n# Finished chunks of kepusim.\n"
_IN_USE = 3600.0  # seconds since its last use in which a shelf is not thrown away
_LABELS = 20  # of what used a shelf that are remembered

_LOG = logging.getLogger("kepusim")


@dataclass(frozen=True)
class Entry:
    """One shelf as it is listed.

    Attributes:
        name: of its folder.
        about: what stands in its ``about.json``: point, record, seed, scenario, labels.
        ranges: replications by chunk, ascending; size: bytes; used: seconds since the epoch.
    """

    name: str
    about: dict[str, Any]
    ranges: list[range]
    size: int
    used: float

    @property
    def replications(self) -> int:
        """How many are there, each counted once."""
        count, end = 0, 0
        for chunk in self.ranges:
            count += max(0, chunk.stop - max(chunk.start, end))
            end = max(end, chunk.stop)
        return count


class Store:
    """A folder with shelves.

    Args:
        folder: where it is; made when the first chunk is kept.

    Raises:
        ConfigError: there is something else, or its settings cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._full = False
        self._allowance = 0  # bytes that may be written before its size is looked at again
        _refuse_another(folder)
        self.limit = _limit(folder)

    def shelf(self, run: Run, label: str) -> Shelf:
        """That of the design point that ``run`` is, simulated here; ``label`` tells who asks."""
        return Shelf(self, run, label)

    def entries(self) -> list[Entry]:
        """All shelves, the one that was used last first."""
        found = (_entry(path) for path in _shelves(self.folder / _SHELVES))
        return sorted(filter(None, found), key=lambda entry: entry.used, reverse=True)

    def remove(self, entries: Iterable[Entry]) -> None:
        """Throw shelves away. Raises OSError if one cannot be."""
        for entry in entries:
            gone = self.folder / f"{_GONE}{secrets.token_hex(8)}"
            try:  # whoever looks for the shelf from now on finds none, and never half of one
                (self.folder / _SHELVES / entry.name).rename(gone)
            except FileNotFoundError:  # by another process
                continue
            shutil.rmtree(gone)

    def set_limit(self, gigabytes: float) -> None:
        """Write the size limit into the store's settings. Raises OSError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.limit = int(gigabytes * 1e9)
        write_json(self.folder / SETTINGS, {"limit_gb": gigabytes})

    def keep(self, folder: Path, name: str, content: bytes) -> bool:
        """Write a chunk to a shelf, if there is room for it.

        A store that cannot be written, or that is full of what is in use, costs nothing but time:
        it is said once, and nothing more is kept.
        """
        if self._full:
            return False
        try:
            if folder.is_symlink():  # planted: it leads out of the store
                self._give_up(Said("store.link", {"name": folder.name}))
                return False
            if not (self.folder / SETTINGS).exists():
                self.set_limit(LIMIT_GB)
                write_whole(self.folder / _TAG, _SIGNATURE)
            if self._allowance < len(content):
                self._make_room(len(content))
            if self._allowance < len(content):
                self._give_up(Said("store.full", {"limit": f"{self.limit / 1e9:g}"}))
                return False
            folder.mkdir(parents=True, exist_ok=True)
            write_whole(folder / name, content)
        except FileNotFoundError:
            return False  # the shelf was thrown away just now
        except OSError as error:
            self._give_up(reason_of(error))
            return False
        self._allowance -= len(content)
        return True

    def _give_up(self, reason: object) -> None:
        self._full = True
        _LOG.warning(Said("store.given_up", {"folder": self.folder, "reason": reason}))

    def _make_room(self, size: int) -> None:
        """Throw away what was not used for longest, until ``size`` bytes more have room."""
        self._sweep()
        entries = self.entries()
        total = sum(entry.size for entry in entries)
        before = time.time() - _IN_USE
        while total + size > self.limit and entries and entries[-1].used < before:
            oldest = entries.pop()
            self.remove([oldest])
            total -= oldest.size
        # Others write, too: it is looked at again after a hundredth of all there may be.
        left = self.limit - total
        self._allowance = min(left, max(size, self.limit // 100))

    def _sweep(self) -> None:
        """Remove what processes that were killed have left."""
        before = time.time() - _IN_USE
        for path in self.folder.glob(f"{_GONE}*"):
            shutil.rmtree(path, ignore_errors=True)
        for path in self.folder.glob(f"**/.*{PART}"):
            with suppress(OSError):
                if path.lstat().st_mtime < before:
                    path.unlink()


class Shelf:
    """The chunks of one design point in a store.

    Args:
        store: whose it is.
        run: the design point.
        label: who uses it, as it is listed.
    """

    def __init__(self, store: Store, run: Run, label: str) -> None:
        self._store = store
        self._run = run
        self._label = label
        self._point, self._code = point_hash(run), own_environment_hash()
        key = json.dumps([SCHEMA_VERSION, self._point, self._code, machine()])
        name = hashlib.sha256(key.encode()).hexdigest()[:32]
        self.folder = store.folder / _SHELVES / name
        self._noted = False

    def find(self, wanted: range) -> Iterator[tuple[ChunkId, bytes]]:
        """Chunks of what is there of the replications ``wanted``, cut to these, ascending.

        What is damaged, or is another chunk than it says, is removed and not returned.
        """
        first = wanted.start
        for name in self._names():
            start, stop = max(name.first, first), min(name.last, wanted.stop)
            if stop <= start:
                continue
            whole = (start, stop) == (name.first, name.last)
            found = self._read(name, whole=whole)
            if found is None:
                continue
            content, rows = found
            own = ChunkId(self._point, start, stop, self._code)
            first = stop
            self._note()
            yield own, content if whole else encode_table(_cut(rows, own), own)

    def put(self, own: ChunkId, content: bytes) -> None:
        """Keep the verified bytes of a chunk in which no replication failed."""
        due = own.first
        for name in self._names():
            due = max(due, name.last) if name.first <= due else due
        if due < own.last and self._store.keep(
            self.folder, str(ChunkName.of(own, content)), content
        ):
            self._note()

    def _names(self) -> list[ChunkName]:
        """Names of the chunks; of those that begin with the same replication the longest first."""
        if self.folder.is_symlink():
            return []
        try:
            found = [ChunkName.read(entry.name) for entry in os.scandir(self.folder)]
        except OSError:
            return []
        return sorted(filter(None, found), key=lambda name: (name.first, -name.last, name.checksum))

    def _read(self, name: ChunkName, *, whole: bool) -> tuple[bytes, pa.Table] | None:
        """Bytes and rows of a chunk; all columns unless the bytes are used as a ``whole``."""
        path = self.folder / str(name)
        own = ChunkId(self._point, name.first, name.last, self._code)
        try:
            content = read_plain(path)
            rows = verified(path, content, own, () if whole else None)
            if rows["error"].null_count == len(rows):
                return content, rows
        except (CorruptChunk, NotPlain):
            pass
        except OSError:  # gone just now, or not for us to read
            return None
        with suppress(OSError):
            path.unlink()
        return None

    def _note(self) -> None:
        """Remember that the shelf was used, and by whom."""
        path = self.folder / _ABOUT
        with suppress(OSError):
            if not self._noted:
                self._noted = True
                known = _about(self.folder).get("labels", [])
                scenario = self._run.scenario
                write_json(
                    path,
                    {
                        "point": self._point,
                        "code": self._code,
                        "machine": machine(),
                        "scenario": {"name": scenario.name, **scenario.label.model_dump()},
                        "seed": self._run.seed,
                        "record": self._run.record,
                        "labels": list(dict.fromkeys([self._label, *known]))[:_LABELS],
                    },
                )
            os.utime(path)


def opened(run: Run) -> Store | None:
    """The store that ``run`` names; None if it names none. Raises ConfigError."""
    return None if run.store is None else Store(named_path(run.store, "store"))


def _cut(rows: pa.Table, own: ChunkId) -> pa.Table:
    number = rows["replication"]
    return rows.filter(pc.and_(pc.greater_equal(number, own.first), pc.less(number, own.last)))


def _shelves(path: Path) -> list[Path]:
    """Folders that bear the name of a shelf: what a store did not make, it does not throw away."""
    try:
        return [
            Path(entry.path)
            for entry in os.scandir(path)
            if _SHELF.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False)
        ]
    except OSError:
        return []


def _entry(folder: Path) -> Entry | None:
    """What stands in the folder of a shelf; None if it is gone by now."""
    ranges, size = [], 0
    try:
        used = folder.stat().st_mtime
        for file in os.scandir(folder):
            state = file.stat(follow_symlinks=False)
            size += state.st_size
            name = ChunkName.read(file.name)
            if name is not None:
                ranges.append(range(name.first, name.last))
            elif file.name == _ABOUT:
                used = max(used, state.st_mtime)
    except OSError:
        return None
    ranges.sort(key=lambda r: (r.start, r.stop))
    return Entry(folder.name, _about(folder), ranges, size, used)


def _about(folder: Path) -> dict[str, Any]:
    try:
        about = json.loads(read_plain(folder / _ABOUT).decode())
    except (OSError, ValueError, RecursionError):
        return {}
    return about if isinstance(about, dict) else {}


def _refuse_another(folder: Path) -> None:
    """Refuse what is no folder, and a folder with something else in it."""
    if not os.path.lexists(folder):
        return
    try:
        others = [] if (folder / SETTINGS).exists() else os.listdir(folder)
    except OSError as error:
        raise _refused("store.unreadable", folder, reason=reason_of(error)) from error
    if [name for name in others if not name.startswith(".") and name != _SHELVES]:
        raise _refused("store.something_else", folder)
    shelves = folder / _SHELVES
    # A link would have the store throw away what lies elsewhere.
    if os.path.lexists(shelves) and (shelves.is_symlink() or not shelves.is_dir()):
        raise _refused("store.no_shelves", folder, name=_SHELVES)
    if not (folder / SETTINGS).exists() and _strange(shelves):
        raise _refused("store.something_else", folder)


def _strange(shelves: Path) -> list[str]:
    """Names beside the shelves that no store gives."""
    try:
        return [
            name
            for name in os.listdir(shelves)
            if not name.startswith(".") and not _SHELF.fullmatch(name)
        ]
    except OSError:
        return []


def _refused(words: str, folder: Path, **values: Any) -> ConfigError:
    allowed = Said("store.a_folder")
    return ConfigError(words, key="store", value=str(folder), allowed=allowed, **values)


def _limit(folder: Path) -> int:
    """Bytes that the store may hold."""
    path = folder / SETTINGS
    try:
        gigabytes = json.loads(read_plain(path).decode())["limit_gb"]
    except FileNotFoundError:
        return int(LIMIT_GB * 1e9)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        gigabytes = None
    if isinstance(gigabytes, bool) or not isinstance(gigabytes, int | float) or not gigabytes >= 0:
        usual = f"{LIMIT_GB:g}"
        raise ConfigError(
            "store.bad_limit", file=str(path), key="limit_gb", value=gigabytes, usual=usual
        )
    return int(min(gigabytes, 1e9) * 1e9)
