"""Files that others have put among ours: never read, never removed, mentioned once."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path

_LOG = logging.getLogger("kepusim")
_mentioned: set[Path] = set()


def mention_strays(paths: Iterable[Path]) -> None:
    """Say on standard error, once in a process, which files in a folder are nothing of ours.

    Desktops, backups and people leave such: ``._name``, ``.DS_Store``, ``Thumbs.db``, copies.
    """
    new = sorted(path for path in paths if path not in _mentioned)
    if new:
        _mentioned.update(new)
        _LOG.warning(
            "%s: ignored, for kepusim has not written it: %s",
            new[0].parent,
            ", ".join(path.name for path in new),
        )
