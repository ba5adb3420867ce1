"""A chunk: replications ``first`` to ``last`` of one design point, as the bytes of a Parquet file.

One row is one replication, with everything that :class:`sim.study.tables.Results` holds of it, so a
chunk can be read by any tool. It says itself what it is: which replications of which design point,
simulated by which code, stand as JSON in the metadata of the file (key ``kepusim.chunk``). Its name
repeats the replications and holds a checksum of the bytes. Whoever reads a chunk knows which one it
should be, and nothing is taken from a file that is another.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.config.errors import ConfigError
from sim.config.schema import Run
from sim.lazy import pa, pq
from sim.model.record import Layout
from sim.study.entries import DELAY, FLOW, WORDS, Entries
from sim.study.files import reason_of
from sim.study.identity import own_environment_hash, point_hash
from sim.study.tables import Failure, Results
from sim.words import Said, Speech

SUFFIX = ".parquet"
SCHEMA_VERSION = 2

_KEY = b"kepusim.chunk"
_DIGITS = 16  # of the checksum, in the name of the file
_NAME = re.compile(
    rf"(?P<first>\d{{8,}})-(?P<last>\d{{8,}})-(?P<checksum>[0-9a-f]{{{_DIGITS}}}){re.escape(SUFFIX)}",
    re.ASCII,
)
_CLAIMS = ("point", "code", "first", "last", "rows")
"""What a chunk says of itself."""
_FAILURE = ("replication", "error", "traceback")


class CorruptChunk(ConfigError):
    """A file is not the chunk that it should be; the text says in what, and what to do."""

    def __init__(self, path: Path, problem: Said) -> None:
        super().__init__("chunk.corrupt", path=path, problem=problem)
        self.path = path


@dataclass(frozen=True)
class ChunkId:
    """Which chunk it is.

    Attributes:
        point: hash of the design point, see :func:`sim.study.identity.point_hash`.
        first, last: its replications; the last one is not in it.
        code: hash of code, packages and processor, see
            :func:`sim.study.identity.environment_hash`.
        schema: version of the format.
    """

    point: str
    first: int
    last: int
    code: str
    schema: int = SCHEMA_VERSION

    @classmethod
    def of(cls, run: Run, first: int, last: int) -> ChunkId:
        """That of replications ``first`` to ``last`` (exclusive) of ``run``, simulated here."""
        return cls(point_hash(run), first, last, own_environment_hash())


@dataclass(frozen=True)
class ChunkName:
    """What the name of a chunk's file says of it."""

    first: int
    last: int
    checksum: str

    @classmethod
    def of(cls, own: ChunkId, content: bytes) -> ChunkName:
        """The name under which ``content`` is kept."""
        return cls(own.first, own.last, _checksum(content))

    @classmethod
    def read(cls, name: str) -> ChunkName | None:
        """What ``name`` says, or None if no chunk is called so."""
        found = _NAME.fullmatch(name)
        if found is None or not int(found["first"]) < int(found["last"]):
            return None
        return cls(int(found["first"]), int(found["last"]), found["checksum"])

    def __str__(self) -> str:
        return f"{self.first:08d}-{self.last:08d}-{self.checksum}{SUFFIX}"


def encode(results: Results, own: ChunkId) -> bytes:
    """The bytes of the chunk ``own``, whose replications ``results`` holds, failed ones included.

    Raises:
        ValueError: it holds others.
    """
    return encode_table(_table(results), own)


def encode_table(table: pa.Table, own: ChunkId) -> bytes:
    """The same from the rows of a chunk."""
    problem = _wrong_rows(table, own)
    if problem is not None:
        raise ValueError(f"chunk {own.first} to {own.last} {Speech('en').text(problem)}")
    metadata = {_KEY: json.dumps(_claims(own))}
    buffer = io.BytesIO()
    pq.write_table(table.replace_schema_metadata(metadata), buffer, compression="zstd")
    return buffer.getvalue()


def verified(
    path: Path, content: bytes, own: ChunkId, columns: Collection[str] | None = None
) -> pa.Table:
    """The rows of the file ``path``, which should hold the chunk ``own``; not decoded yet.

    Args:
        content: what stands in the file.
        columns: those wanted; all if None. ``replication`` and ``error`` are always there.

    Raises:
        CorruptChunk: it holds something else.
    """
    name = ChunkName.read(path.name)
    if name is None or name.checksum != _checksum(content):
        raise CorruptChunk(path, Said("chunk.checksum"))
    try:
        file = pq.ParquetFile(pa.BufferReader(content))
        problem = _wrong_identity(file.schema_arrow.metadata or {}, own)
        if problem is None and not file.schema_arrow.equals(_schema()):
            problem = Said("chunk.columns")
        if problem is None:
            wanted = (
                None if columns is None else [*dict.fromkeys(["replication", "error", *columns])]
            )
            table = file.read(wanted)
            problem = _wrong_rows(table, own)
    except (OSError, pa.ArrowException) as error:
        reason = reason_of(error)
        raise CorruptChunk(path, Said("chunk.no_parquet", {"reason": reason})) from error
    if problem is not None:
        raise CorruptChunk(path, problem)
    return table


def _claims(own: ChunkId) -> dict[str, object]:
    """What stands in the metadata of a chunk."""
    return {**asdict(own), "rows": own.last - own.first}


def _wrong_identity(metadata: Mapping[bytes, bytes], own: ChunkId) -> Said | None:
    """In what the metadata of a file are not those of the chunk ``own``; None if they are."""
    try:
        claims = json.loads(metadata[_KEY])
        schema = claims["schema"]
    except KeyError:
        return Said("chunk.silent")
    except (ValueError, TypeError):
        return Said("chunk.other_words")
    if schema != own.schema:
        return Said("chunk.version", {"found": repr(schema), "own": own.schema})
    expected = _claims(own)
    for key in _CLAIMS:
        if claims.get(key) != expected[key]:
            ends = {"found": repr(claims.get(key)), "wanted": repr(expected[key])}
            return Said("chunk.claim", {"what": Said(f"chunk.claim.{key}"), **ends})
    return None


def _wrong_rows(table: pa.Table, own: ChunkId) -> Said | None:
    """In what the rows are not replications ``first`` to ``last``, each once; None if they are."""
    numbers = table["replication"].to_numpy()
    found, times = np.unique(numbers, return_counts=True)
    if (times > 1).any():
        return Said("chunk.twice", {"number": found[times > 1][0], "times": times.max()})
    due, ends = np.arange(own.first, own.last), {"first": own.first, "last": own.last - 1}
    missing, surplus = np.setdiff1d(due, found), np.setdiff1d(found, due)
    if len(missing):
        return Said("chunk.lacks", {"number": missing[0], **ends})
    if len(surplus):
        return Said("chunk.surplus", {"number": surplus[0], **ends})
    return None


@cache
def _schema() -> pa.Schema:
    """Columns of a chunk and their types."""

    def entries(names: Sequence[str]) -> pa.DataType:
        return pa.list_(pa.struct([(name, _field_type(name)) for name in names]))

    return pa.schema(
        {
            "replication": pa.int64(),
            "values": pa.list_(pa.float64()),
            "attained": pa.list_(pa.bool_()),
            "first_attained_day": pa.list_(pa.int64()),
            "city_series": pa.list_(pa.float64()),
            "district_series": pa.list_(pa.float64()),
            "delays": entries(DELAY),
            "ledger": entries(FLOW),
            "digest": pa.binary(),
            "events": pa.int64(),
            "error": pa.string(),
            "traceback": pa.string(),
        }
    )


def _field_type(name: str) -> pa.DataType:
    return pa.string() if name in WORDS else pa.int64()


def _checksum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:_DIGITS]


def decode(layout: Layout, table: pa.Table) -> Results:
    """Verified rows as results; columns that were not read are empty."""
    failed = table.filter(table["error"].is_valid())
    named = [name for name in _FAILURE if name in table.column_names]
    failures = [Failure(**row) for row in failed.select(named).to_pylist()]
    if failures:
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
        return column.astype(dtype, copy=False).reshape(shape)

    def entries(name: str, fields: Sequence[str]) -> Entries:
        if name not in table.column_names:
            return Entries.of(fields, [])
        lists = table[name].combine_chunks()
        at = np.repeat(np.arange(n), lists.value_lengths().to_numpy(zero_copy_only=False))
        columns = zip(fields, lists.flatten().flatten(), strict=True)
        return Entries(
            at,
            {name: c.dictionary_encode() if name in WORDS else c for name, c in columns},
        )

    return Results(
        replications=table["replication"].to_numpy().astype(np.int64),
        values=array("values", (n, rows), np.float64),
        attained=array("attained", (n, rows), np.bool_),
        first_attained=array("first_attained_day", (n, rows), np.int64),
        city_series=array("city_series", city, np.float64),
        district_series=array("district_series", district, np.float64),
        delays=entries("delays", DELAY),
        ledger=entries("ledger", FLOW),
        digests=table["digest"].to_pylist() if "digest" in table.column_names else [],
        events=table["events"].to_numpy() if "events" in table.column_names else np.zeros(0, int),
        failures=failures,
    )


def _table(results: Results) -> pa.Table:
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
            "delays": _nested(results.delays, n + failed),
            "ledger": _nested(results.ledger, n + failed),
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
    offsets = np.arange(len(values) + 1, dtype=np.int32) * math.prod(values.shape[1:])
    lists = pa.ListArray.from_arrays(offsets.astype(np.int32), pa.array(values.ravel()))
    return pa.concat_arrays([lists, pa.nulls(empty, lists.type)])


def _nested(entries: Entries, rows: int) -> pa.Array:
    """A list of structs for each of the ``rows``."""
    offsets = np.concatenate(([0], np.cumsum(entries.lengths(rows)))).astype(np.int32)
    fields = [
        column.dictionary_decode() if name in WORDS else column
        for name, column in entries.columns.items()
    ]
    return pa.ListArray.from_arrays(
        offsets, pa.StructArray.from_arrays(fields, list(entries.columns))
    )
