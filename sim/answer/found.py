"""What every replication found, from a frame or from the tables of a run folder.

Tables are read in little memory: some targets, or some replications, at a time.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.answer.row import RowKey
from sim.lazy import pa, pc, pd, pq

Floats = npt.NDArray[np.float64]

ENTRIES = 1 << 20
"""Values in memory at a time, with their first days: 16 MB, twice that while they are read."""

_LEDGER_ROWS = 1 << 17  # in memory at a time


class Found(ABC):
    """What every replication found, by row of the answer; replications in ascending order.

    Attributes:
        replications, draws: numbers of the finished replications and of their parameter draws.
    """

    replications: npt.NDArray[np.int64]
    draws: npt.NDArray[np.int64]

    @abstractmethod
    def values(self, row: RowKey) -> Floats:
        """Values at the deadline."""

    @abstractmethod
    def first_days(self, row: RowKey) -> Floats:
        """Days on which the target was first attained, NaN for never."""

    @abstractmethod
    def met(self, row: RowKey) -> npt.NDArray[np.bool_]:
        """Whether the target is attained at the deadline."""

    def met_together(self, rows: Collection[RowKey]) -> npt.NDArray[np.bool_]:
        """Array (rows, replications) of whether the targets are attained."""
        return np.stack([self.met(row) for row in rows])


class FrameFound(Found):
    """What stands in a frame of targets.parquet.

    Attributes:
        rows: target and reading of all that have values.
    """

    def __init__(self, targets: pd.DataFrame) -> None:
        keyed = targets.astype({"target": str, "definition": str}).sort_values("replication")
        self._frames = {
            (str(target), str(definition)): frame
            for (target, definition), frame in keyed.groupby(["target", "definition"])
        }
        self.rows = [*self._frames]
        first = keyed.drop_duplicates("replication")
        self.replications = first["replication"].to_numpy(dtype=np.int64)
        self.draws = first["draw"].to_numpy(dtype=np.int64)

    def values(self, row: RowKey) -> Floats:
        """Values at the deadline."""
        return self._frames[row]["value"].to_numpy(dtype=np.float64)

    def first_days(self, row: RowKey) -> Floats:
        """Days on which the target was first attained, NaN for never."""
        return self._frames[row]["first_attained_day"].to_numpy(dtype=np.float64, na_value=np.nan)

    def met(self, row: RowKey) -> npt.NDArray[np.bool_]:
        """Whether the target is attained at the deadline."""
        return self._frames[row]["attained"].to_numpy(dtype=bool)


class StoredFound(Found):
    """What every replication found, in a targets.parquet.

    Whether targets are met is kept in memory, a byte each. Values are read when they are asked for,
    those of as many rows at a time as ``entries`` allow: whoever asks for one row after the other
    goes through the file a few times.
    """

    def __init__(self, path: Path, entries: int = ENTRIES) -> None:
        self._path = path
        self._met = {row: met for row, (met,) in self._read(["attained"]).items()}
        first = list(self._met)[:1]  # every other row has the same replications
        (numbers,) = self._read(["replication", "draw"], first).values() or [np.empty((2, 0))]
        self.replications, self.draws = (column.astype(np.int64) for column in numbers)
        self._fit = max(1, entries // max(1, len(self.replications)))
        self._block: dict[RowKey, Sequence[npt.NDArray[Any]]] = {}

    def values(self, row: RowKey) -> Floats:
        """Values at the deadline."""
        return self._columns(row)[0].astype(np.float64)

    def first_days(self, row: RowKey) -> Floats:
        """Days on which the target was first attained, NaN for never."""
        return self._columns(row)[1].astype(np.float64)

    def met(self, row: RowKey) -> npt.NDArray[np.bool_]:
        """Whether the target is attained at the deadline."""
        return self._met[row]

    def _columns(self, row: RowKey) -> Sequence[npt.NDArray[Any]]:
        if row not in self._block:
            rows = list(self._met)
            first = rows.index(row)
            self._block = {}
            wanted = rows[first : first + self._fit]
            self._block = self._read(["value", "first_attained_day"], wanted)
        return self._block[row]

    def _read(
        self, columns: Sequence[str], rows: Collection[RowKey] | None = None
    ) -> dict[RowKey, Sequence[npt.NDArray[Any]]]:
        """Columns of some rows of the answer, or of all, in ascending order of replications."""
        parts: dict[RowKey, list[list[npt.NDArray[Any]]]] = {}
        for group in row_groups(self._path, ["target", "definition", *columns]):
            arrays = [group[name].to_numpy() for name in columns]
            for row, at in _positions(group):
                if rows is None or row in rows:
                    parts.setdefault(row, []).append([array[at] for array in arrays])
        return {
            row: [np.concatenate(part) for part in zip(*own, strict=True)]
            for row, own in parts.items()
        }


def _positions(targets: pa.Table) -> Iterator[tuple[RowKey, npt.NDArray[np.intp]]]:
    """Where each row of the answer stands, in the order in which they first appear."""
    names, name = coded(targets["target"])
    readings, reading = coded(targets["definition"])
    cells = name * len(readings) + reading
    order = np.argsort(cells, kind="stable")
    starts = np.flatnonzero(np.diff(cells[order], prepend=-1))
    for at in sorted(np.split(order, starts[1:]), key=lambda at: int(at[0]) if len(at) else -1):
        if len(at):
            yield (names[name[at[0]]], readings[reading[at[0]]]), at


def coded(column: pa.ChunkedArray) -> tuple[list[Any], npt.NDArray[np.int64]]:
    """The different values of a column, and by row which of them it is."""
    words = column.unify_dictionaries().combine_chunks()
    if not pa.types.is_dictionary(words.type):
        words = words.dictionary_encode()
    return words.dictionary.to_pylist(), words.indices.to_numpy().astype(np.int64)


def row_groups(
    path: Path, columns: Sequence[str], where: tuple[str, str] | None = None
) -> Iterator[pa.Table]:
    """Columns of a Parquet file, one row group after the other.

    With ``where``, a column of words and one of them, only rows that hold it; row groups that
    cannot have any are not read.
    """
    with pq.ParquetFile(path) as file:
        for number in range(file.num_row_groups):
            if where is None:
                yield file.read_row_group(number, columns=list(columns), use_threads=False)
                continue
            name, word = where
            about = file.metadata.row_group(number).column(file.schema_arrow.names.index(name))
            known = about.statistics
            if known is not None and known.has_min_max and not known.min <= word <= known.max:
                continue
            group = file.read_row_group(number, columns=[name, *columns], use_threads=False)
            same = pc.equal(pc.cast(group[name], pa.string()), word)
            yield group.filter(same).select(list(columns))


def whole_replications(tables: Iterable[pa.Table], rows: int = _LEDGER_ROWS) -> Iterator[pa.Table]:
    """Tables in ascending order of replications, cut so that no replication is in two of them.

    Args:
        tables: with a column replication.
        rows: about as many at a time, or a whole replication if it has more.
    """
    rest: pa.Table | None = None
    for table in tables:
        for first in range(0, len(table), rows):
            part = table.slice(first, rows)
            if rest is not None:
                part = pa.concat_tables([rest, part])
            numbers = part["replication"].to_numpy()
            last = int(np.searchsorted(numbers, numbers[-1]))
            if last:
                yield part.slice(0, last)
            rest = part.slice(last)
    if rest is not None:
        yield rest
