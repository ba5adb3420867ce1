"""The folder of a study: whose it is, what stands in it, what of that may be thrown away.

A study takes a folder that is empty or its own, and only one process at a time. It removes nothing
that it has not written, and follows no link.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from sim.config.errors import ConfigError
from sim.study.chunk import ChunkName
from sim.study.chunk_folder import remove_chunks
from sim.study.files import (
    claimed,
    clear_parts,
    json_text,
    read_plain,
    reason_of,
    remove_file,
    write_csv,
    write_json,
    write_whole,
)
from sim.study.folder import ANSWER as ANSWER
from sim.study.folder import MANIFEST as MANIFEST
from sim.study.folder import REPORTS
from sim.study.strays import mention_strays
from sim.study.targets_file import FILE as TARGETS
from sim.words import LANGUAGES

DESIGN = "design.csv"
LOCK = ".lock"
RUNS = "runs"
ANSWERED, CHARTS = ".answered.json", ".charts.json"
"""Notes about what was printed, and about which charts were drawn; the latter lists them."""

SCHEMA_VERSION = 3

_TABLES = ("design", "passport", "failures")  # that every study may have
_HASH = re.compile("[0-9a-f]{16}")
_PICTURE = re.compile(r"[\w-]+\.(png|svg)")
_TABLE = re.compile(r"[\w-]+")


class StudyFolder:
    """The folder of one study, in the possession of this process.

    Args:
        path: where it is; made if need be.
        identity: what tells this study from another.
        environment: what its results depend on beside, see :func:`sim.study.identity.environment`.
        fresh: whatever study stands there may be thrown away (:meth:`clear`).

    Attributes:
        finished: whether the study in it was finished when it was opened.

    Raises:
        ConfigError: the folder holds something else, or was begun with other code or packages, is
            in use by another process, or cannot be written.
    """

    def __init__(
        self,
        path: Path,
        identity: Mapping[str, object],
        environment: Mapping[str, object],
        *,
        fresh: bool,
    ) -> None:
        self.path = path
        self._identity = identity
        self._environment = environment
        self._tables: set[str] = set(_TABLES)
        self._made = [each for each in (path, *path.parents) if not each.exists()]
        self._used_before = (path / LOCK).exists()
        self._known_before = (path / MANIFEST).exists()
        self._lock = _locked(path)
        try:
            refuse_links(path)
            self.finished = self._resumed(fresh)
        except BaseException:
            os.close(self._lock)
            if not self._used_before:  # nothing of ours stays in a folder that is somebody else's
                (path / LOCK).unlink(missing_ok=True)
            raise

    def leave(self) -> None:
        """Let another process have it."""
        os.close(self._lock)

    def of_point(self, point: str) -> Path:
        """Where the chunks of a design point are, given by its hash."""
        return self.path / RUNS / point

    @property
    def has_chunks(self) -> bool:
        """Whether anything was simulated for it."""
        return _has_chunks(self.path)

    def clear(self) -> None:
        """Throw the study away: what it has written, by name, and nothing else."""
        names = {MANIFEST, ANSWER, TARGETS, ANSWERED, CHARTS}
        names |= {f"{name}.csv" for name in self._tables} | _pictures(self.path)
        for name in names:
            remove_file(self.path / name)
        self._remove_reports()
        _clear_runs(self.path / RUNS)
        self.finished = False

    def tidy(self) -> None:
        """Remove what a process that was killed while it wrote has left."""
        clear_parts(self.path)

    def abandon(self, *, begun: bool) -> None:
        """Take back what was ``begun``, if nothing was simulated: wrong input leaves no folder.

        What was there before stays as it is.
        """
        if self._known_before or self.finished or self.has_chunks:
            return
        if begun:
            for name in (MANIFEST, DESIGN):
                remove_file(self.path / name)
            _clear_runs(self.path / RUNS)
        if not self._used_before:
            (self.path / LOCK).unlink(missing_ok=True)
        with suppress(OSError):  # something else has been put there meanwhile
            for made in self._made:
                made.rmdir()

    def write_table(
        self, name: str, header: Sequence[str], rows: Iterable[Sequence[object]]
    ) -> None:
        """Write ``name``.csv, see :func:`sim.study.files.write_csv`."""
        if name not in self._tables:
            self._tables.add(name)
            self.write_manifest(finished=False)  # it is known as ours before it is there
        write_csv(self.path / f"{name}.csv", header, rows)

    def remove_table(self, name: str) -> None:
        """Take a table away that holds no longer."""
        remove_file(self.path / f"{name}.csv")

    def write_answer(self, answer: Mapping[str, object]) -> None:
        """Write answer.json; what was made from another answer is taken away."""
        path, text, known = self.path / ANSWER, json_text(answer).encode(), b""
        with suppress(OSError):  # not there, or something that is no answer
            known = read_plain(path)
        if known != text:
            self._remove_reports()
        write_whole(path, text)

    def _remove_reports(self) -> None:
        for name in REPORTS.values():
            for language in LANGUAGES:
                remove_file(self.path / name.format(language))

    def write_manifest(self, **more: object) -> None:
        """Write manifest.json; one with ``finished=True`` comes after all other files."""
        write_json(
            self.path / MANIFEST,
            {
                "schema_version": SCHEMA_VERSION,
                **self._identity,
                **self._environment,
                "tables": sorted(self._tables),
                **more,
            },
        )

    def _resumed(self, fresh: bool) -> bool:
        """Whether the study is finished already; refuse a folder that is not this study's."""
        manifest = self.path / MANIFEST
        if not manifest.exists():
            others = [p.name for p in self.path.iterdir() if not p.name.startswith(".")]
            if others and not self.has_chunks:
                raise _refused("study.something_else", self.path)
            return False  # chunks say themselves what they are
        try:
            known = json.loads(read_plain(manifest).decode())
        except (OSError, ValueError, RecursionError):
            if fresh and self.has_chunks:
                return False
            raise _refused("study.manifest", self.path, name=MANIFEST, runs=RUNS) from None
        if not isinstance(known, dict) or "study" not in known:
            raise _refused("study.no_study", self.path)
        self._tables.update(filter(_TABLE.fullmatch, map(str, known.get("tables", ()))))
        if fresh or (not known.get("finished") and not self.has_chunks):
            return False  # refused before it began: nothing is lost
        self._refuse_another(known)
        return bool(known.get("finished"))

    def _refuse_another(self, known: Mapping[str, object]) -> None:
        """Refuse the manifest of another study, or of another version, code or machine."""
        version = known.get("schema_version")
        if version != SCHEMA_VERSION:
            versions = {"version": repr(version), "own": SCHEMA_VERSION}
            raise _refused("study.other_version", self.path, name=MANIFEST, **versions)
        own = json.loads(json_text({**self._identity, **self._environment}))
        for key, value in own.items():
            if known.get(key) == value:
                continue
            if key in self._identity:
                raise _refused("study.another", self.path, part=key)
            raise _refused("study.other_environment", self.path, part=key)


def _locked(folder: Path) -> int:
    """Take possession of the folder for this process; the system lets go of it when it ends."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return claimed(folder / LOCK, os.O_CREAT | os.O_RDWR)
    except BlockingIOError:
        raise _refused("study.in_use", folder) from None
    except OSError as error:
        if (folder / LOCK).is_symlink():
            raise _link(folder, LOCK) from error
        raise _refused("study.unwritable", folder, reason=reason_of(error)) from error


def refuse_links(folder: Path) -> None:
    """Refuse ``runs`` and folders of chunks that are links or files: they may lead anywhere."""
    runs = folder / RUNS
    if runs.is_symlink():
        raise _link(folder, RUNS)
    if not runs.exists():
        return
    if not runs.is_dir():
        raise _refused("study.runs_is_a_file", folder, name=RUNS)
    strays = []
    for path in runs.iterdir():
        if not _HASH.fullmatch(path.name):
            strays.append(path)
        elif path.is_symlink():
            raise _link(folder, f"{RUNS}/{path.name}")
        elif not path.is_dir():
            raise _refused("study.point_is_a_file", folder, name=f"{RUNS}/{path.name}")
    mention_strays(strays)


def _link(folder: Path, name: str) -> ConfigError:
    return _refused("study.link", folder, name=name)


def _has_chunks(folder: Path) -> bool:
    return any(ChunkName.read(path.name) for path in (folder / RUNS).glob("*/*.parquet"))


def _pictures(folder: Path) -> set[str]:
    """Names of the charts that the study has drawn."""
    try:
        drawn = json.loads(read_plain(folder / CHARTS).decode())["charts"]
        return {name for name in drawn if isinstance(name, str) and _PICTURE.fullmatch(name)}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return set()


def _clear_runs(runs: Path) -> None:
    """Remove chunks and what belongs to them, and the folders that are empty then."""
    for folder in runs.iterdir() if runs.is_dir() else ():
        if _HASH.fullmatch(folder.name) and folder.is_dir() and not folder.is_symlink():
            remove_chunks(folder)
    if runs.is_dir() and not any(runs.iterdir()):
        runs.rmdir()


def _refused(words: str, folder: Path, **values: Any) -> ConfigError:
    return ConfigError(words, key="study.folder", value=str(folder), allowed=None, **values)
