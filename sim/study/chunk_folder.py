"""The finished chunks of one design point in a study: a folder of files, each of them whole."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from sim.lazy import pa, pc
from sim.model.record import Layout
from sim.study.chunk import ChunkId, ChunkName, CorruptChunk, decode, encode, verified
from sim.study.files import PART, NotPlain, clear_parts, read_plain, remove_file, write_whole
from sim.study.layout_file import LAYOUT
from sim.study.strays import mention_strays
from sim.study.tables import Results
from sim.words import Said

if TYPE_CHECKING:
    from sim.study.store import Shelf

SUMMARY = ("digest", "events", "traceback")
TARGETS = ("values", "attained", "first_attained_day")
CITY_SERIES, DISTRICT_SERIES = ("city_series",), ("district_series",)
SERIES = (*CITY_SERIES, *DISTRICT_SERIES)
DELAYS, LEDGER = ("delays",), ("ledger",)
"""Columns of a chunk by what they tell; whoever wants one thing need not decode the others."""


class ChunkFolder:
    """The chunks of one design point, simulated by one code.

    Args:
        folder: where they are.
        point: hash of the design point; ``code``: that of code, packages and processor. A chunk of
            another point or code is refused, whatever it is called.
        shelf: where finished chunks of the same point may be had and are left for others.
    """

    def __init__(self, folder: Path, point: str, code: str, shelf: Shelf | None = None) -> None:
        self.folder = folder
        self._point = point
        self._code = code
        self._shelf = shelf
        self._sound: set[ChunkName] = set()

    def ranges(self) -> list[range]:
        """Replications that are there, by chunk in ascending order, judged by file names alone.

        Raises:
            CorruptChunk: two chunks hold the same replication.
        """
        return [range(name.first, name.last) for name in self._names()]

    def missing(self, replications: int) -> list[range]:
        """Replications below ``replications`` that are not there, as ranges; errors as above."""
        left, next_one = [], 0
        for chunk in self.ranges():
            if chunk.start > next_one:
                left.append(range(next_one, min(chunk.start, replications)))
            next_one = max(next_one, chunk.stop)
        if next_one < replications:
            left.append(range(next_one, replications))
        return [part for part in left if len(part)]

    def write(self, first: int, last: int, results: Results) -> None:
        """Keep the chunk of replications ``first`` to ``last`` (exclusive).

        Raises:
            OSError: the disk is full or the folder cannot be written; nothing is half-written.
        """
        self.keep(first, last, encode(results, self._id(first, last)))

    def keep(self, first: int, last: int, content: bytes) -> None:
        """Keep the bytes of a chunk that was encoded elsewhere; errors as of :meth:`write`.

        Raises:
            CorruptChunk: it is not that chunk.
        """
        own = self._id(first, last)
        if not self._write(own, content) and self._shelf is not None:
            self._shelf.put(own, content)

    def fetch(self, replications: int) -> int:
        """Copy from the shelf what is missing of the first ``replications``; how many they are.

        Raises OSError as :meth:`write`.
        """
        copied = 0
        if self._shelf is None:
            return copied
        for gap in self.missing(replications):
            for own, content in self._shelf.find(gap):
                self._write(own, content)
                copied += own.last - own.first
        return copied

    def _write(self, own: ChunkId, content: bytes) -> int:
        """Verify a chunk and write it; return how many of its replications failed."""
        name = ChunkName.of(own, content)
        path = self.folder / str(name)
        rows = verified(path, content, own, ())
        self.folder.mkdir(parents=True, exist_ok=True)
        write_whole(path, content, synced=True)
        self._sound.add(name)
        return len(rows) - int(rows["error"].null_count)

    def read(
        self, layout: Layout, replications: int, *, delays: bool = True, series: bool = False
    ) -> Results:
        """Values, attainment and first days of the first ``replications``.

        The ledger of money stays on disk; without ``delays`` the delay ledger does, too, and
        without ``series`` the series.

        Raises:
            CorruptChunk: a file is not the chunk that it should be.
        """
        columns = [*SUMMARY, *TARGETS, *(DELAYS if delays else ()), *(SERIES if series else ())]
        return Results.join(layout, self.parts(layout, replications, columns))

    def read_all(self, layout: Layout, replications: int) -> Results:
        """Everything that is there of the first ``replications``; errors as in :meth:`read`."""
        return Results.join(layout, self.parts(layout, replications))

    def parts(
        self, layout: Layout, replications: int, columns: Collection[str] | None = None
    ) -> Iterator[Results]:
        """The first ``replications``, chunk by chunk in ascending order.

        Args:
            layout: of the design point.
            replications: how many.
            columns: those wanted, such as :data:`TARGETS`; all if None. Others are empty.

        Raises:
            CorruptChunk: a file is not the chunk that it should be.
        """
        for table in self.rows(replications, columns):
            yield decode(layout, table)

    def rows(self, replications: int, columns: Collection[str] | None = None) -> Iterator[pa.Table]:
        """Verified rows of the first ``replications``, chunk by chunk in ascending order.

        Args:
            replications: how many.
            columns: those wanted; all if None. ``replication`` and ``error`` are always there.

        Raises:
            CorruptChunk: a file is not the chunk that it should be.
        """
        for name in self._names():
            if name.first >= replications:
                continue
            table = self._verified(name, columns)
            if name.last > replications:
                table = table.filter(pc.less(table["replication"], replications))
            yield table

    def check(self, replications: int) -> None:
        """Verify the chunks of the first ``replications`` that this object has not seen yet.

        Raises:
            CorruptChunk: a file is not the chunk that it should be.
        """
        for name in self._names():
            if name.first < replications and name not in self._sound:
                self._verified(name, ())

    def _verified(self, name: ChunkName, columns: Collection[str] | None) -> pa.Table:
        path = self.folder / str(name)
        try:
            content = read_plain(path)
        except NotPlain as error:
            raise CorruptChunk(path, Said("chunk.no_file")) from error
        rows = verified(path, content, self._id(name.first, name.last), columns)
        self._sound.add(name)
        return rows

    def _id(self, first: int, last: int) -> ChunkId:
        return ChunkId(self._point, first, last, self._code)

    def _names(self) -> list[ChunkName]:
        """Names of the chunks in ascending order; errors as of :meth:`ranges`."""
        if not self.folder.is_dir():
            return []
        names, strays = [], []
        for path in self.folder.iterdir():
            name = ChunkName.read(path.name)
            if name is not None:
                names.append(name)
            elif path.name != LAYOUT and path.suffix != PART:
                strays.append(path)
        mention_strays(strays)
        names.sort(key=lambda name: (name.first, name.last, name.checksum))
        for one, other in pairwise(names):
            if other.first < one.last:
                for name in (one, other):  # most likely one of them is not what it says
                    self._verified(name, ())
                both = {"number": other.first, "other": one}
                raise CorruptChunk(self.folder / str(other), Said("chunk.overlap", both))
        return names


def remove_chunks(folder: Path) -> None:
    """Remove the chunks in a folder and the key to them, and the folder if nothing else is in it.

    What is somebody else's stays, and no link is followed.
    """
    clear_parts(folder)
    for path in folder.iterdir():
        if path.name == LAYOUT or ChunkName.read(path.name):
            remove_file(path)
    with suppress(OSError):
        folder.rmdir()
