"""All that a medium is made from: an answer, of which result it is, and how to get it again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.answer.blocks import Answer, Spoken
from sim.answer.figures import Stamp
from sim.answer.origin import stamp_of
from sim.answer.settings import Manifest
from sim.answer.stored import restored
from sim.config.errors import ConfigError
from sim.study import open as open_folder
from sim.study.archive import Archive
from sim.study.files import read_csv, read_plain, unreadable
from sim.study.folder import ANSWER


@dataclass(frozen=True)
class Setting:
    """A setting that differs from the baseline, as passport.csv has it.

    Attributes:
        source: where its value comes from.
        point: the design point of a study that has it; empty for all of them.
    """

    key: str
    label: str
    baseline: str
    value: str
    source: str
    point: str = ""


@dataclass(frozen=True)
class Dossier:
    """A folder of results, read for a medium.

    Attributes:
        archive: its tables, for whoever needs more than the answer says.
        stamp: of which result it is.
        passport: what differs from the baseline.
    """

    archive: Archive
    answer: Answer
    stamp: Stamp
    passport: Sequence[Setting]

    @classmethod
    def of(cls, folder: Path) -> Dossier:
        """That of a run folder or a study folder.

        Raises:
            ConfigError: it is none, or its answer was written by an earlier version.
        """
        archive = open_folder(folder)
        content = _content(folder / ANSWER)
        header, rows = read_csv(folder / "passport.csv")
        named = [dict(zip(header, row, strict=True)) for row in rows]
        fields = Setting.__dataclass_fields__
        return cls(
            archive,
            _answer(content, folder / ANSWER),
            stamp_of(archive.manifest, _most(content.get("replications"))),
            [Setting(**{key: row[key] for key in fields if key in row}) for row in named],
        )

    @property
    def manifest(self) -> Manifest:
        """What manifest.json says."""
        return self.archive.manifest

    @property
    def scenario(self) -> Spoken:
        """What the answer is about: of several scenarios what its first picture names."""
        first = next((figure.origin for figure in self.answer.pictures), None)
        return self.stamp.scenario if first is None else first

    @property
    def command(self) -> str:
        """The command that gives the same result."""
        return str(self.manifest["command"])


def _content(path: Path) -> Mapping[str, Any]:
    try:
        content = json.loads(read_plain(path))
    except (OSError, ValueError, RecursionError) as error:
        raise unreadable(path, error) from error
    if not isinstance(content, dict) or "blocks" not in content:
        raise ConfigError("dossier.no_blocks", file=str(path), key="blocks")
    return content


def _answer(content: Mapping[str, Any], path: Path) -> Answer:
    try:
        return restored(content["blocks"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ConfigError("dossier.other_blocks", file=str(path), key="blocks") from error


def _most(replications: object) -> int | None:
    """Replications of the design point that has most of them."""
    if isinstance(replications, Mapping):
        return max(map(int, replications.values()))
    return replications if isinstance(replications, int) else None
