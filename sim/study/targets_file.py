"""``targets.parquet`` of a study: every target in every replication, tidy, for any query tool.

The chunks of a study hold arrays; an analyst wants rows. The file is derived from the chunks and
knows from which: it is written again only when they say something else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from sim.study.parquet import write_parquet

if TYPE_CHECKING:
    import pyarrow as pa

FILE = "targets.parquet"
_SOURCE = b"kepusim.source"


def source_of(parts: Iterable[tuple[str, str]]) -> bytes:
    """What a file is made from: (name, result hash) of every design point, in order."""
    text = "\n".join(f"{result_hash} {name}" for name, result_hash in parts)
    return hashlib.sha256(text.encode()).hexdigest().encode()


def is_current(folder: Path, source: bytes) -> bool:
    """Whether the file is there, whole, and made from ``source``."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        metadata = pq.read_schema(folder / FILE).metadata or {}
    except (OSError, pa.ArrowInvalid):
        return False
    return bool(metadata.get(_SOURCE) == source)


def renamed(table: pa.Table, name: str) -> pa.Table:
    """A table of results in which every row has ``name`` as its scenario."""
    import numpy as np
    import pyarrow as pa

    place = table.column_names.index("scenario")
    names = pa.DictionaryArray.from_arrays(np.zeros(len(table), dtype=np.int32), [name])
    return table.set_column(place, "scenario", names)


def write_targets(folder: Path, source: bytes, tables: Iterable[pa.Table]) -> None:
    """Write the file from at least one table.

    Raises:
        OSError: the disk is full or the folder cannot be written; the old file, if any, stays.
    """
    write_parquet(folder / FILE, tables, {_SOURCE: source})
