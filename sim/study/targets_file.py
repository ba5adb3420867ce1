"""``targets.parquet`` of a run or study: every target in every replication, tidy, for any tool.

The chunks of a study hold arrays; an analyst wants rows. The file is derived from the chunks and
knows from which: it is written again only when they say something else. What is read of a finished
run is what its manifest says, every replication once, or nothing.
"""

from __future__ import annotations

import difflib
import hashlib
import operator
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.config.errors import ConfigError
from sim.lazy import pa, pq
from sim.study.files import damaged, unreadable
from sim.study.parquet import write_parquet
from sim.words import Said

Integers = npt.NDArray[np.int64]

FILE = "targets.parquet"
COLUMNS: Mapping[str, str] = {
    "scenario": "text",
    "draw": "whole",
    "replication": "whole",
    "target": "text",
    "definition": "text",
    "value": "number",
    "attained": "truth",
    "first_attained_day": "whole",
}
"""Kinds of its columns; only ``first_attained_day`` may be empty."""

COMPARES: Mapping[str, Callable[[Any, float], Any]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
}
"""How a value is held against a goal."""
_SOURCE = b"kepusim.source"


def source_of(parts: Iterable[tuple[str, str]]) -> bytes:
    """What a file is made from: (name, result hash) of every design point, in order."""
    text = "\n".join(f"{result_hash} {name}" for name, result_hash in parts)
    return hashlib.sha256(text.encode()).hexdigest().encode()


def is_current(folder: Path, source: bytes) -> bool:
    """Whether the file is there, whole, and made from ``source``."""
    try:
        metadata = pq.read_schema(folder / FILE).metadata or {}
    except (OSError, pa.ArrowInvalid):
        return False
    return bool(metadata.get(_SOURCE) == source)


def renamed(table: pa.Table, name: str) -> pa.Table:
    """A table of results in which every row has ``name`` as its scenario."""
    place = table.column_names.index("scenario")
    names = pa.DictionaryArray.from_arrays(np.zeros(len(table), dtype=np.int32), [name])
    return table.set_column(place, "scenario", names)


def write_targets(folder: Path, source: bytes, tables: Iterable[pa.Table]) -> None:
    """Write the file from at least one table.

    Raises:
        OSError: the disk is full or the folder cannot be written; the old file, if any, stays.
    """
    write_parquet(folder / FILE, tables, {_SOURCE: source})


# ---------------------------------------------------------------------------- a run, read back


def read_targets(path: Path, manifest: Mapping[str, Any]) -> pa.Table:
    """The targets of a finished run, all columns of :data:`COLUMNS`.

    Args:
        path: the file; manifest: that of the run, which says what must be there.

    Raises:
        ConfigError: it cannot be read; a column is missing or of another kind; or it does not hold
            every target and reading of the plan once in every replication that finished.
    """
    try:
        table = pq.ParquetFile(path).read()  # a data set would not tell a column twice
    except (OSError, pa.ArrowException) as error:
        raise unreadable(path, error) from error
    _check_rows(path, table, manifest)
    return table.select(list(COLUMNS))


def check_once(path: Path, table: pa.Table) -> tuple[list[tuple[str, str]], Integers, Integers]:
    """In every replication of a run the same targets and readings, each once.

    Returns:
        the pairs of target and reading, which of them stands in each row, and the numbers of the
        replications in ascending order.

    Raises:
        ConfigError: a column is missing or of another kind, a row is there twice or missing, or a
            cell is empty.
    """
    _check_columns(path, table.schema)
    for name in COLUMNS:
        if table[name].null_count and name != "first_attained_day":
            raise damaged("study.empty_cells", path, _column(name))
    pairs, at = _pairs(table)
    replications = table["replication"].to_numpy().astype(np.int64)
    numbers, rows = np.unique(replications, return_counts=True)
    keys = np.sort(replications * len(pairs) + at)
    twice = keys[1:][keys[1:] == keys[:-1]].tolist()
    if twice:
        number, pair = divmod(twice[0], len(pairs))
        value = Said("study.pair", {"number": number, "name": _name(pairs[pair])})
        raise damaged("study.rows_twice", path, _column("replication"), value)
    short = np.flatnonzero(rows != len(pairs)).tolist()
    if short:
        number, count = int(numbers[short[0]]), int(rows[short[0]])
        key = _column("replication")
        raise damaged("study.rows_short", path, key, number, count=count, others=len(pairs))
    return pairs, at, numbers


def _check_columns(path: Path, schema: pa.Schema) -> None:
    def kind(own: pa.DataType) -> str:
        if pa.types.is_dictionary(own):
            own = own.value_type
        if pa.types.is_string(own) or pa.types.is_large_string(own):
            return "text"
        if pa.types.is_boolean(own):
            return "truth"
        if pa.types.is_integer(own):
            return "whole"
        return "number" if pa.types.is_floating(own) else str(own)

    problems = []
    for name, wanted in COLUMNS.items():
        if name not in schema.names:
            near = difflib.get_close_matches(name, set(schema.names) - {*COLUMNS}, n=1)
            given = near[0] if near else None
            problems.append(damaged("study.no_column", path, _column(name), near=given))
        elif schema.names.count(name) > 1:
            problems.append(damaged("study.same_column", path, _column(name)))
        elif (found := kind(schema.field(name).type)) != wanted:
            own, due = _kind(found), _kind(wanted)
            problem = damaged("study.wrong_column", path, _column(name), found=own, wanted=due)
            problems.append(problem)
    if problems:
        raise ConfigError.join(problems)


def _check_rows(path: Path, table: pa.Table, manifest: Mapping[str, Any]) -> None:
    """Every target and reading of the plan once in every replication that finished."""
    config, plan = manifest["config"], manifest["config"]["plan"]
    expected = {
        (name, reading)
        for name, target in plan["targets"].items()
        if target["measured_by"] is not None
        for reading in (
            plan["definitions"][target["definition"]]["readings"] if target["definition"] else ("",)
        )
    }
    pairs, at, numbers = check_once(path, table)
    if len(scenarios := table["scenario"].unique().to_pylist()) > 1:
        found = ", ".join(map(repr, scenarios))
        raise damaged("study.scenarios", path, _column("scenario"), found)
    for pair in sorted({*pairs} ^ expected):
        words = "study.target_missing" if pair in expected else "study.target_unknown"
        raise damaged(words, path, _column("target"), _name(pair))

    finished, key = manifest["finished"], _column("replication")
    if len(numbers) != finished:
        raise damaged("study.finished", path, key, count=len(numbers), wanted=finished)
    if len(numbers) and not 0 <= numbers[0] <= numbers[-1] < manifest["replications"]:
        value = Said("study.numbers", {"first": numbers[0], "last": numbers[-1]})
        raise damaged("study.not_had", path, key, value)
    draws = table["replication"].to_numpy() // config["replications_per_draw"]
    if (table["draw"].to_numpy() != draws).any():
        raise damaged("study.draws", path, _column("draw"))
    values, attained = table["value"].to_numpy(), table["attained"].to_numpy()
    for i, (name, reading) in enumerate(pairs):
        target = plan["targets"][name]
        met = COMPARES[target["comparator"]](values[at == i], target["goal"])
        if (met != attained[at == i]).any():
            raise damaged("study.attained", path, _column("attained"), _name((name, reading)))


def _column(name: str) -> Said:
    return Said("cells.column", {"column": name})


def _kind(name: str) -> Said:
    """What a column holds: one of our kinds, or a type of Arrow's."""
    own = name in ("text", "truth", "whole", "number")
    return Said(f"study.kind.{name}") if own else Said("study.kind.other", {"type": name})


def _pairs(table: pa.Table) -> tuple[list[tuple[str, str]], Integers]:
    """The different (target, reading), and which of them stands in each row."""
    names, codes = [], []
    for column in ("target", "definition"):
        encoded = table[column].cast(pa.string()).combine_chunks().dictionary_encode()
        names.append(encoded.dictionary.to_pylist())
        codes.append(encoded.indices.to_numpy().astype(np.int64))
    found, at = np.unique(codes[0] * max(len(names[1]), 1) + codes[1], return_inverse=True)
    return [(names[0][i // len(names[1])], names[1][i % len(names[1])]) for i in found], at


def _name(pair: tuple[str, str]) -> str:
    """A target, with its reading if it has two."""
    return ":".join(filter(None, pair))
