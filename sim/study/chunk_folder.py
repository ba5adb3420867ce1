"""The finished chunks of one design point in a study: a folder of files, each of them whole."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from sim.model.record import Layout
from sim.study.chunk import ChunkId, ChunkName, CorruptChunk, decode, encode, verified
from sim.study.files import PART, write_whole
from sim.study.tables import Results

if TYPE_CHECKING:
    import pyarrow as pa

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
    """

    def __init__(self, folder: Path, point: str, code: str) -> None:
        self.folder = folder
        self._point = point
        self._code = code

    def clean(self) -> None:
        """Remove what an interrupted write has left."""
        for path in self.folder.glob(f".*{PART}"):
            path.unlink()

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
        path = self.folder / str(ChunkName.of(own, content))
        verified(path, content, own, ())
        self.folder.mkdir(parents=True, exist_ok=True)
        write_whole(path, content, synced=True)

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
        import pyarrow.compute as pc

        for name in self._names():
            if name.first >= replications:
                continue
            path = self.folder / str(name)
            table = verified(path, path.read_bytes(), self._id(name.first, name.last), columns)
            if name.last > replications:
                table = table.filter(pc.less(table["replication"], replications))
            yield table

    def _id(self, first: int, last: int) -> ChunkId:
        return ChunkId(self._point, first, last, self._code)

    def _names(self) -> list[ChunkName]:
        """Names of the chunks in ascending order; errors as of :meth:`ranges`."""
        if not self.folder.is_dir():
            return []
        found = (ChunkName.read(path.name) for path in self.folder.iterdir())
        names = sorted((name for name in found if name), key=lambda name: (name.first, name.last))
        for one, other in pairwise(names):
            if other.first < one.last:
                raise CorruptChunk(
                    self.folder / str(other),
                    f"says that it holds replication {other.first}, and so does {one}",
                )
        return names


def remove_chunks(folder: Path) -> None:
    """Remove the chunks in a folder, and the folder if nothing else is in it."""
    for path in folder.iterdir():
        if ChunkName.read(path.name) or path.name.endswith(PART):
            path.unlink()
    with suppress(OSError):
        folder.rmdir()
