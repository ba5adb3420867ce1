"""Parquet files written table by table: as long as the disk has room, and in little memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

from sim.lazy import pa, pq
from sim.study.files import replacing

ROW_GROUP = 1 << 17
"""Rows of a row group, the least that a reader takes into memory at a time: about 5 MB."""


def write_parquet(
    path: Path, tables: Iterable[pa.Table], metadata: Mapping[bytes, bytes] | None = None
) -> None:
    """Write at least one table, one after the other, as one file.

    Args:
        path: the file to write or to replace.
        tables: with the same columns; words of dictionaries may differ.
        metadata: of the file.

    Raises:
        OSError: the disk is full or the folder cannot be written; ``path`` is as it was before.
    """
    with replacing(path) as temporary, ExitStack() as stack:
        writer = None
        for group in _row_groups(tables):
            if writer is None:
                schema = group.schema.with_metadata(metadata)
                writer = stack.enter_context(
                    pq.ParquetWriter(temporary, schema, compression="zstd")
                )
            writer.write_table(group.replace_schema_metadata(metadata), row_group_size=ROW_GROUP)


def _row_groups(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """The tables put together until there are enough rows; of empty ones alone, an empty one."""
    waiting: list[pa.Table] = []
    yielded = False
    for table in tables:
        if len(table) or not (waiting or yielded):
            waiting.append(table)
        if sum(map(len, waiting)) >= ROW_GROUP:
            yield pa.concat_tables(waiting).unify_dictionaries()
            waiting, yielded = [], True
    if waiting:
        yield pa.concat_tables(waiting).unify_dictionaries()
