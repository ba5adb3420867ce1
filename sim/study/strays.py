"""Files that others have put among ours: never read, never removed, mentioned once."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path

from sim.words import Said

_LOG = logging.getLogger("kepusim")
_mentioned: set[Path] = set()


def mention_strays(paths: Iterable[Path]) -> None:
    """Say on standard error, once in a process, which files in a folder are nothing of ours.

    Desktops, backups and people leave such: ``._name``, ``.DS_Store``, ``Thumbs.db``, copies.
    """
    new = sorted(path for path in paths if path not in _mentioned)
    if new:
        _mentioned.update(new)
        names = [path.name for path in new]
        _LOG.warning(Said("study.strays", {"folder": new[0].parent, "names": names}))
