"""A finished study asked again: the same command over the same files gets the answer it got.

What was printed is kept in the study's folder with digests of all that it came from: the command,
the code and configuration of the project, and every file of the study, chunks included. If they are
all as they were, analysing again would print the same, so it is printed at once. If anything
differs, the study is opened, checked and analysed as ever; damage is named there.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.config.directory import config_directory
from sim.study.files import PART, write_json
from sim.study.identity import environment
from sim.study.study_folder import ANSWERED as NOTE
from sim.study.study_folder import LOCK
from sim.words import local_language

if TYPE_CHECKING:
    from rich.console import Console

FRESH = ("fresh=", "study.fresh=")
_FOLDERS = ("study.folder=", "hydra.run.dir=")
_CODE = (".py", ".csv", ".yaml")


@dataclass(frozen=True)
class Printed:
    """What a command has printed, styles as escape sequences, about which folder; its exit code."""

    text: str
    folder: str
    code: int


@dataclass(frozen=True)
class Command:
    """The command line of an experiment, and what else decides what it prints.

    Attributes:
        name: of the experiment; overrides: as they were given.
        key: digest of both, of all code and configuration, and of the console's shape and language.
    """

    name: str
    overrides: tuple[str, ...]
    key: str

    @classmethod
    def of(
        cls, name: str, ask: Callable[..., object], overrides: Sequence[str], console: Console
    ) -> Command:
        """The command ``name`` with ``overrides``, to be printed on ``console``."""
        text = json.dumps(
            [
                name,
                f"{ask.__module__}.{ask.__qualname__}",
                [override for override in overrides if not override.startswith(FRESH)],
                environment(),
                platform.python_version(),
                _project(),
                [console.width, console.encoding, local_language()],
            ]
        )
        return cls(name, tuple(overrides), hashlib.sha256(text.encode()).hexdigest())

    def printed(self) -> Printed | None:
        """What it printed when it was given last; None if anything has changed since."""
        if any(override.startswith(FRESH) for override in self.overrides):
            return None
        for folder in self._folders():
            # A note that cannot be read or understood is as good as none.
            with suppress(OSError, ValueError, KeyError, TypeError):
                note = json.loads((folder / NOTE).read_text(encoding="utf-8"))
                known = note["key"], note["folder"]
                if known == (self.key, str(folder)) and note["files"] == _files(
                    folder, note["outside"]
                ):
                    return Printed(str(note["text"]), str(folder), int(note["code"]))
        return None

    def keep(self, folder: Path, printed: Printed, outside: Sequence[str] = ()) -> None:
        """Note what was printed about the study in ``folder``, in which all is written by now.

        Args:
            folder: of the study.
            printed: text and exit code.
            outside: what else the answer was made from: run folders, folders of such, and files.
        """
        with suppress(OSError):  # without the note the next time takes longer, no more
            write_json(
                folder / NOTE,
                {
                    "key": self.key,
                    "folder": printed.folder,
                    "outside": list(outside),
                    "files": _files(folder, outside),
                    "code": printed.code,
                    "text": printed.text,
                },
            )

    def _folders(self) -> list[Path]:
        """Where its study may be: composing the run, which names the folder, would take longer."""
        given = [o.partition("=")[2] for o in self.overrides if o.startswith(_FOLDERS)]
        if given:
            return [Path(given[-1])]
        return [note.parent for note in sorted(Path("outputs").glob(f"{self.name}-*/{NOTE}"))]


def _project() -> str:
    """Digest of the code, the data and the configuration of the project."""
    root = Path(__file__).resolve().parents[2]
    tops = (root / "sim", root / "experiments", config_directory())
    return _digest(p for top in tops for p in sorted(top.rglob("*")) if p.suffix in _CODE)


def _files(folder: Path, outside: Sequence[str]) -> str:
    """Digest of all that an answer was made from, and of all that was written with it."""
    own = (p for p in folder.rglob("*") if p.name not in (NOTE, LOCK) and p.suffix != PART)
    runs = (
        path
        for top in outside
        for part in ("", "*/")
        for name in ("manifest.json", "passport.csv", "targets.parquet")
        for path in Path(top).glob(part + name)
    )
    return _digest([*sorted(own), *runs, *map(Path, outside)])


def _digest(paths: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for path in paths:
        if path.is_file():
            with path.open("rb") as file:
                content = hashlib.file_digest(file, "sha256").hexdigest()
            total.update(f"{path}\n{content}\n".encode())
    return total.hexdigest()
