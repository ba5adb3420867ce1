"""What can happen to the folder of a study, as steps that a YAML file lists.

Paths are relative to the study; ``{less}`` and ``{more}`` stand for the hashes of its two design
points, ``{code}`` for that of code and packages. A pattern such as ``runs/{less}/00000002-*`` must
fit exactly one file. Nothing here uses the code under test: chunks are taken apart and put together
again by pyarrow, with a name that has the right checksum.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

KEY = b"kepusim.chunk"


class Damage:
    """Does to a study what the steps say."""

    def __init__(self, study: Path, elsewhere: Path, names: Mapping[str, str]) -> None:
        self.study = study
        self.elsewhere = elsewhere
        self._names = names

    def do(self, steps: list[dict[str, Any]]) -> None:
        for step in steps:
            ((what, given),) = step.items()
            getattr(self, what)(self.named(given))

    def named(self, given: Any) -> Any:
        """With the hashes in the places that stand for them."""
        if isinstance(given, str):
            for name, value in self._names.items():
                given = given.replace(f"{{{name}}}", value)
        elif isinstance(given, dict):
            return {self.named(key): self.named(value) for key, value in given.items()}
        elif isinstance(given, list):
            return [self.named(item) for item in given]
        return given

    def find(self, pattern: str) -> Path:
        (found,) = self.study.glob(pattern)
        return found

    def _path(self, name: str) -> Path:
        return self.study / name

    # ---------------------------------------------------------------------- files

    def delete(self, pattern: str) -> None:
        path = self._path(pattern)
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif os.path.lexists(path):
            path.unlink()
        else:
            self.find(pattern).unlink()

    def write(self, given: dict[str, str]) -> None:
        for name, text in given.items():
            self._path(name).parent.mkdir(parents=True, exist_ok=True)
            self._path(name).write_text(text)

    def nest(self, name: str) -> None:
        """JSON that is deeper than any program cares to go."""
        self._path(name).write_text("[" * 100_000)

    def copy(self, given: list[str]) -> None:
        shutil.copyfile(self.find(given[0]), self._path(given[1]))

    def swap(self, given: list[str]) -> None:
        """Exchange two files; each goes to the folder of the other one under its own name."""
        one, other = (self.find(pattern) for pattern in given)
        spare = one.with_name("spare")
        one.rename(spare)
        other.rename(one.parent / other.name)
        spare.rename(other.parent / one.name)

    def exchange(self, given: list[str]) -> None:
        """Exchange the contents of two files."""
        one, other = (self.find(pattern) for pattern in given)
        first, second = one.read_bytes(), other.read_bytes()
        one.write_bytes(second)
        other.write_bytes(first)

    def cut(self, pattern: str) -> None:
        path = self.find(pattern)
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    def flip(self, pattern: str) -> None:
        path = self.find(pattern)
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(bytes(content))

    def link(self, pattern: str) -> None:
        """Move a file or folder elsewhere, and put a link in its place."""
        path = self.find(pattern)
        self.elsewhere.mkdir(exist_ok=True)
        away = self.elsewhere / path.name
        shutil.move(path, away)
        path.symlink_to(away)

    def plant(self, name: str) -> None:
        """A link to a letter of somebody else's in the place of a file."""
        self.elsewhere.mkdir(exist_ok=True)
        letter = self.elsewhere / "letter.txt"
        letter.write_text("dear mayor")
        self._path(name).unlink(missing_ok=True)
        self._path(name).symlink_to(letter)

    def folder(self, pattern: str) -> None:
        path = self.find(pattern)
        path.unlink()
        path.mkdir()

    def pipe(self, pattern: str) -> None:
        path = self.find(pattern)
        path.unlink()
        os.mkfifo(path)

    def file(self, name: str) -> None:
        """A file in the place of a folder."""
        shutil.rmtree(self._path(name))
        self._path(name).write_text("dear mayor")

    # ---------------------------------------------------------------------- chunks

    def rename(self, given: list[str]) -> None:
        """Give a chunk another range: pattern, first, last."""
        path = self.find(given[0])
        path.rename(path.with_name(_range(given) + path.name[17:]))

    def again(self, given: list[str]) -> None:
        """Copy a chunk under another range: pattern, first, last."""
        path = self.find(given[0])
        shutil.copyfile(path, path.with_name(_range(given) + path.name[17:]))

    def rewrite(self, given: dict[str, Any]) -> None:
        """Write a chunk anew: ``chunk``, and some of the keys read here."""
        path = self.find(given["chunk"])
        table = pq.read_table(path)
        claims = json.loads((table.schema.metadata or {}).get(KEY, b"{}"))
        rows = table.num_rows
        if "take" in given:
            table = table.take([row for row in given["take"] if row < rows])
        if "number" in given:  # the last replication is called so
            numbers = [*table["replication"].to_pylist()[:-1], given["number"]]
            table = table.set_column(0, "replication", pa.array(numbers, pa.int64()))
        for column in given.get("drop", ()):
            table = table.drop_columns([column])
        if "cast" in given:
            at = table.column_names.index(given["cast"])
            table = table.set_column(at, given["cast"], table[given["cast"]].cast(pa.float64()))
        claims |= given.get("claims", {})
        text = given.get("metadata", json.dumps(claims))
        table = table.replace_schema_metadata({KEY: text} if text else None)
        if not given.get("beside"):
            path.unlink()
        name = _range(["", *given["range"]]) if "range" in given else path.name[:17]
        _write(path.parent, name, table, given.get("compression", "zstd"))

    def foreign(self, given: dict[str, Any]) -> None:
        """A Parquet file of another program with the name of a chunk: folder, range."""
        table = pa.table({"replication": pa.array(range(*given["range"]), pa.int64())})
        _write(self._path(given["folder"]), _range(["", *given["range"]]), table, "snappy")

    # ---------------------------------------------------------------------- manifest

    def manifest(self, given: dict[str, Any]) -> None:
        path = self._path("manifest.json")
        content = json.loads(path.read_text(encoding="utf-8"))
        for key, value in given.items():
            if value is None:
                content.pop(key)
            else:
                content[key] = value
        path.write_text(json.dumps(content), encoding="utf-8")

    def replace(self, given: dict[str, list[str]]) -> None:
        """Exchange two words in a text: file: [one, other]."""
        for name, (one, other) in given.items():
            path = self._path(name)
            text = path.read_text(encoding="utf-8-sig")
            text = text.replace(one, "\0").replace(other, one).replace("\0", other)
            path.write_text("\ufeff" + text, encoding="utf-8")


def _range(given: list[Any]) -> str:
    return f"{int(given[1]):08d}-{int(given[2]):08d}"


def _write(folder: Path, name: str, table: pa.Table, compression: str) -> None:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression=compression)
    content = sink.getvalue().to_pybytes()
    checksum = hashlib.sha256(content).hexdigest()[:16]
    (folder / f"{name}-{checksum}.parquet").write_bytes(content)
