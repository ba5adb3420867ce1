"""Chunks of a study on disk: Parquet files, each whole or not at all, with a checksum in its name.

One row is one replication, with everything that :class:`sim.study.tables.Results` holds of it, so a
chunk can be read by any tool.
"""

from __future__ import annotations

import hashlib
import io
import math
from collections.abc import Iterator, Sequence
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.model.record import Layout
from sim.study.files import PART, write_whole
from sim.study.tables import DELAY, FLOW, Failure, Integers, Results

if TYPE_CHECKING:
    import pyarrow as pa

_SUFFIX = ".parquet"
_DIGITS = 16  # of the checksum, in the name of the file

_WORDS = frozenset({"programme", "stage", "from_account", "to_account"})
_TARGETS = ("replication", "values", "attained", "first_attained_day", "digest", "events", "error",
            "traceback")  # fmt: skip
_SERIES = ("city_series", "district_series")


class CorruptChunk(Exception):
    """A chunk is not what was written: its content does not have the checksum of its name."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} is damaged: its content does not have the checksum in its name. The other "
            "chunks are good. Delete this file and give the same command again: its replications "
            "will be simulated anew"
        )
        self.path = path


class ChunkStore:
    """The finished chunks of one design point, in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def clean(self) -> None:
        """Remove what an interrupted write has left."""
        for path in self.folder.glob(f"*{PART}"):
            path.unlink()

    def ranges(self) -> list[range]:
        """Replications that are there, by chunk in ascending order, judged by file names alone."""
        return sorted((_range(path) for path in self._paths()), key=lambda r: r.start)

    def missing(self, replications: int) -> list[range]:
        """Replications below ``replications`` that are not there, as ranges."""
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
        import pyarrow.parquet as pq

        buffer = io.BytesIO()
        pq.write_table(_table(results), buffer, compression="zstd")
        content = buffer.getvalue()
        name = f"{first:08d}-{last:08d}-{_checksum(content)}{_SUFFIX}"
        self.folder.mkdir(parents=True, exist_ok=True)
        write_whole(self.folder / name, content, synced=True)

    def read(
        self, layout: Layout, replications: int, *, delays: bool = True, series: bool = False
    ) -> Results:
        """Values, attainment and first days of the first ``replications``.

        The ledger of money stays on disk; without ``delays`` the delay ledger does, too, and
        without ``series`` the series.

        Raises:
            CorruptChunk: a file was changed or cut short after it was written.
        """
        columns = [*_TARGETS, *(["delays"] if delays else []), *(_SERIES if series else [])]
        tables = self._read(replications, columns)
        return Results.join(layout, [_results(layout, table) for table in tables])

    def read_all(self, layout: Layout, replications: int) -> Results:
        """Everything that is there of the first ``replications``; errors as in :meth:`read`."""
        tables = self._read(replications, None)
        return Results.join(layout, [_results(layout, table) for table in tables])

    def entries(self, name: str, replications: int) -> Iterator[tuple[Integers, list[pa.Array]]]:
        """``delays`` or ``ledger``, chunk by chunk, without the detour through Python objects.

        Yields the replication of every entry, and an Arrow array a field of
        :data:`sim.study.tables.DELAY` or :data:`sim.study.tables.FLOW`; errors as in :meth:`read`.
        """
        for table in self._read(replications, ["replication", "error", name]):
            table = table.filter(table["error"].is_null())
            lists = table[name].combine_chunks()
            lengths = lists.value_lengths().to_numpy(zero_copy_only=False)
            yield np.repeat(table["replication"].to_numpy(), lengths), lists.flatten().flatten()

    def _read(self, replications: int, columns: list[str] | None) -> Iterator[pa.Table]:
        import pyarrow.compute as pc

        for path in sorted(self._paths()):
            if _range(path).start >= replications:
                continue
            content = path.read_bytes()
            if _checksum(content) != path.stem.rpartition("-")[2]:
                raise CorruptChunk(path)
            table = _columns(content, columns)
            yield table.filter(pc.less(table["replication"], replications))

    def _paths(self) -> Iterator[Path]:
        return self.folder.glob(f"*{_SUFFIX}")


def _checksum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:_DIGITS]


def _columns(content: bytes, columns: list[str] | None) -> pa.Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    return pq.read_table(pa.BufferReader(content), columns=columns)


def _range(path: Path) -> range:
    first, last, _ = path.stem.split("-")
    return range(int(first), int(last))


def _table(results: Results) -> pa.Table:
    import pyarrow as pa

    n, failed = len(results.replications), len(results.failures)
    none = [None] * failed
    numbers = [*results.replications.tolist(), *(f.replication for f in results.failures)]
    return pa.table(
        {
            "replication": pa.array(numbers, pa.int64()),
            "values": _lists(results.values, failed),
            "attained": _lists(results.attained, failed),
            "first_attained_day": _lists(results.first_attained, failed),
            "city_series": _lists(results.city_series, failed),
            "district_series": _lists(results.district_series, failed),
            "delays": _nested(results.delays, DELAY, n, failed),
            "ledger": _nested(results.ledger, FLOW, n, failed),
            "digest": pa.array([*results.digests, *none], pa.binary()),
            "events": pa.array([*results.events.tolist(), *none], pa.int64()),
            "error": pa.array([None] * n + [f.error for f in results.failures], pa.string()),
            "traceback": pa.array(
                [None] * n + [f.traceback for f in results.failures], pa.string()
            ),
        }
    )


def _lists(values: npt.NDArray[Any], empty: int) -> pa.Array:
    """One list a replication, and a null for each of those that failed."""
    import pyarrow as pa

    offsets = np.arange(len(values) + 1, dtype=np.int32) * math.prod(values.shape[1:])
    lists = pa.ListArray.from_arrays(offsets.astype(np.int32), pa.array(values.ravel()))
    return pa.concat_arrays([lists, pa.nulls(empty, lists.type)])


def _nested(
    entries: Sequence[tuple[Any, ...]], names: tuple[str, ...], rows: int, empty: int
) -> pa.Array:
    """(row, fields...) entries in ascending order of rows as a list of structs for every row."""
    import pyarrow as pa

    at, *columns = ([*map(itemgetter(i), entries)] for i in range(len(names) + 1))
    lengths = np.bincount(np.array(at, dtype=np.int64), minlength=rows + empty)
    offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
    fields = [
        pa.array(column, pa.string() if name in _WORDS else pa.int64())
        for name, column in zip(names, columns, strict=True)
    ]
    return pa.ListArray.from_arrays(offsets, pa.StructArray.from_arrays(fields, list(names)))


def _results(layout: Layout, table: pa.Table) -> Results:
    failed = table.filter(table["error"].is_valid())
    failures = [
        Failure(*row)
        for row in zip(
            *(failed[name].to_pylist() for name in ("replication", "error", "traceback")),
            strict=True,
        )
    ]
    table = table.filter(table["error"].is_null())
    n, rows = len(table), len(layout.rows)
    city = (n, len(layout.city_days), len(layout.city_indicators))
    district = (
        n, len(layout.district_days), len(layout.places), len(layout.district_indicators),
    )  # fmt: skip

    def array(name: str, shape: tuple[int, ...], dtype: type) -> Any:
        if name not in table.column_names:
            return np.empty((n, *[0] * (len(shape) - 1)), dtype=dtype)
        column = table[name].combine_chunks().flatten().to_numpy(zero_copy_only=False)
        return column.astype(dtype).reshape(shape)

    def entries(name: str) -> list[Any]:
        if name not in table.column_names:
            return []
        lists = table[name].combine_chunks()
        at = np.repeat(np.arange(n), lists.value_lengths().to_numpy(zero_copy_only=False))
        columns = [field.to_pylist() for field in lists.flatten().flatten()]
        return list(zip(at.tolist(), *columns, strict=True))

    return Results(
        replications=table["replication"].to_numpy().astype(np.int64),
        values=array("values", (n, rows), np.float64),
        attained=array("attained", (n, rows), np.bool_),
        first_attained=array("first_attained_day", (n, rows), np.int64),
        city_series=array("city_series", city, np.float64),
        district_series=array("district_series", district, np.float64),
        delays=entries("delays"),
        ledger=entries("ledger"),
        digests=table["digest"].to_pylist(),
        events=table["events"].to_numpy().astype(np.int64),
        failures=failures,
    )
