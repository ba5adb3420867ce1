"""The catalogues: which file holds the words of a key, and the templates made of them.

A key is ``ROOM.rest``, and its words stand in the ``words.yaml`` that owns ``ROOM``: the names at
the top of a file are the rooms it owns, everything below is the rest of the key, and an entry is a
mapping of ``zh`` and ``en``. An entry with values in it is a Jinja2 template; a value that is not
given is an error, never an empty text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sim.lazy import yaml

ROOTS = ("sim", "experiments")
"""The packages below which rooms keep their words."""

FILE = "words.yaml"
TEXTS = frozenset({"zh", "en"})


Texts = Mapping[str, str]
"""One entry: its text by language."""


class CatalogueError(ValueError):
    """A file of words is not as it has to be; a defect of the project."""


class Catalogue:
    """All files of words below some folders; each is read when one of its keys is first said.

    The name of a room stands at the beginning of its line, without quotes.
    """

    def __init__(self, roots: tuple[Path, ...]) -> None:
        self._files = sorted(path for root in roots for path in root.rglob(FILE))
        self._unread = list(self._files)
        self._rooms: dict[str, Path] = {}
        self._entries: dict[str, Texts] = {}
        self._keys: dict[str, tuple[str, ...]] = {}  # by room, as they have been asked for

    @property
    def files(self) -> tuple[Path, ...]:
        """The files of words."""
        return tuple(self._files)

    def __iter__(self) -> Iterator[str]:
        """Every key of every file."""
        while self._unread:
            self._read(self._unread.pop(0))
        return iter(tuple(self._entries))

    def texts(self, key: str) -> Texts:
        """The entry of ``key``.

        Raises:
            KeyError: there is none.
        """
        if key not in self._entries:
            room = key.partition(".")[0]
            for path in [] if room in self._rooms else [*self._unread]:
                # To look for its line costs a hundredth of understanding the file.
                if f"\n{room}:" in f"\n{path.read_text(encoding='utf-8')}":
                    self._unread.remove(path)
                    self._read(path)
        if key not in self._entries:
            raise KeyError(f"no words for {key!r}")
        return self._entries[key]

    def room(self, name: str) -> tuple[str, ...]:
        """The keys of a room, in the order of its file and without its name."""
        if name not in self._keys:
            begin = f"{name}."
            self.has(begin)  # reads the file
            own = (key.removeprefix(begin) for key in self._entries if key.startswith(begin))
            self._keys[name] = tuple(own)
        return self._keys[name]

    def has(self, key: str) -> bool:
        """Whether there are words for ``key``."""
        try:
            self.texts(key)
        except KeyError:
            return False
        return True

    def _read(self, path: Path) -> None:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        for room, entries in content.items():
            if room in self._rooms:
                raise CatalogueError(f"{path}: {self._rooms[room]} holds the words of {room}, too")
            self._rooms[room] = path
            for key, texts in _flat(f"{room}", entries):
                if set(texts) != TEXTS or not all(isinstance(t, str) for t in texts.values()):
                    raise CatalogueError(f"{path}: {key} needs a text in each of zh and en")
                self._entries[key] = texts


def _flat(key: str, entry: Any) -> Iterator[tuple[str, Texts]]:
    if not isinstance(entry, Mapping):
        raise CatalogueError(f"{key} is no entry: {entry!r}")
    if TEXTS & set(entry):
        yield key, entry
        return
    for name, below in entry.items():
        yield from _flat(f"{key}.{name}", below)


@cache
def catalogue() -> Catalogue:
    """The catalogue of the project."""
    folders = []
    for name in ROOTS:
        spec = find_spec(name)
        folders += [Path(f) for f in (spec.submodule_search_locations or ())] if spec else []
    return Catalogue(tuple(folders))
