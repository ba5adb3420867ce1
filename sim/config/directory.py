"""The configuration directory: where it is, its groups and their choices."""

from __future__ import annotations

import os
from pathlib import Path

from sim.config.errors import COMMAND_LINE, ConfigError

LARGE_GROUPS = ("plan", "parameters")
"""Groups whose choices are one self-contained file, named as a whole in messages."""

PRIMARY = "config"
"""The primary configuration; no other one is ever composed into a run."""

STUDIES = "study"
"""The folder of the experiments' settings, which are no choices of a run."""


def config_directory() -> Path:
    """The directory with ``config.yaml``: ``sim/configs`` in a wheel, ``configs`` in a checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "configs"
    return installed if installed.is_dir() else package.parent / "configs"


def named_path(name: str, key: str) -> Path:
    """The path that somebody has named, as it is written.

    Raises ConfigError if it begins with ``~``: a shell puts the home folder there only at the
    beginning of a word, and a folder that is called ``~`` is one to be removed by mistake.
    """
    if name.startswith("~"):
        home = os.path.expanduser(name)
        raise ConfigError(
            "config.tilde",
            file=COMMAND_LINE,
            key=key,
            value=name,
            nearest=None if home == name else f"{key}={home}",
        )
    return Path(name)


def is_primary(path: Path) -> bool:
    """Whether it is the primary configuration, the one file that may set where results go."""
    return path == config_directory() / f"{PRIMARY}.yaml"


def groups(directory: Path | None = None) -> dict[str, list[str]]:
    """Every group with its choices; files that begin with an underscore are parts of others."""
    top = directory or config_directory()
    return {
        folder.name: sorted(
            file.stem
            for file in folder.glob("*.yaml")
            if not file.name.startswith("_") and file.is_file()
        )
        for folder in sorted(top.iterdir())
        if folder.is_dir() and folder.name != STUDIES and not folder.name.startswith((".", "_"))
    }
