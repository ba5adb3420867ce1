"""The configuration directory: its groups, their choices, and where a setting was written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from sim.config.defaults_list import Entry, entries
from sim.config.errors import ConfigError

LARGE_GROUPS = ("plan", "parameters")
"""Groups whose choices are one self-contained file, named as a whole in messages."""

PRIMARY = "config"
"""The primary configuration; no other one is ever composed into a run."""

MOST_BASES = 50
"""Files on which one may build, directly or through others."""

STUDIES = "study"
"""The folder of the experiments' settings, which are no choices of a run."""


def config_directory() -> Path:
    """The directory with ``config.yaml``: ``sim/configs`` in a wheel, ``configs`` in a checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "configs"
    return installed if installed.is_dir() else package.parent / "configs"


def is_primary(path: Path) -> bool:
    """Whether it is the primary configuration, the one file that may set where results go."""
    return path == config_directory() / f"{PRIMARY}.yaml"


def groups(directory: Path | None = None) -> dict[str, list[str]]:
    """Every group with its choices; files that begin with an underscore are parts of others."""
    top = directory or config_directory()
    return {
        folder.name: sorted(
            file.stem for file in folder.glob("*.yaml") if not file.name.startswith("_")
        )
        for folder in sorted(top.iterdir())
        if folder.is_dir() and folder.name != STUDIES and not folder.name.startswith((".", "_"))
    }


def shown_file(name: str, directories: Sequence[Path]) -> str:
    """How messages name the file of ``group/choice``: below the directory that has it."""
    path = _find(name, directories)
    return f"{name}.yaml" if path is None else f"{path[0].name}/{name}.yaml"


def choosing_file(
    group: str, choice: str, chosen: Mapping[str, str], directories: Sequence[Path]
) -> str | None:
    """How messages name the file whose list of defaults asks for ``group/choice``; None if none.

    Of several, one that is itself among the ``chosen`` (group to choice) comes first.
    """
    found = []
    for directory in directories:
        for path in sorted([*directory.glob("*.yaml"), *directory.glob("*/*.yaml")]):
            own = path.relative_to(directory).with_suffix("").as_posix()
            with suppress(ConfigError):  # what is wrong with a file is told when it is chosen
                if (group, choice) in ((e.group, e.choice) for e in _listed(own, directories)):
                    own_group, _, own_choice = own.rpartition("/")
                    found.append((chosen.get(own_group) != own_choice, own, directory))
    if not found:
        return None
    _, own, directory = min(found, key=lambda each: each[0])
    return f"{directory.name}/{own}.yaml"


def check_bases(name: str, directories: Sequence[Path]) -> None:
    """Refuse a file ``group/choice`` that builds on itself, or on more files than one can follow.

    Raises ConfigError also for a list of defaults that is wrong.
    """
    waiting: list[tuple[str, ...]] = [(name,)]
    read = 0
    while waiting:
        above = waiting.pop()
        read += 1
        refuse_unread(above[-1], directories)
        for entry in _listed(above[-1], directories):
            base = f"{entry.group}/{entry.choice}"
            if not entry.override and (base in above or read > MOST_BASES):
                raise ConfigError(
                    "a file builds on itself"
                    if base in above
                    else f"a file builds on more than {MOST_BASES} others",
                    file=shown_file(above[-1], directories),
                    key="defaults",
                    value=" -> ".join([*above[-4:], base]),
                    allowed="another file, or the settings themselves",
                )
            if not entry.override:
                waiting.append((*above, base))


def refuse_unread(name: str, directories: Sequence[Path]) -> None:
    """Refuse a file ``group/choice`` that is not read, as the one of an earlier directory is."""
    files = [path for path in (d / f"{name}.yaml" for d in directories) if path.is_file()]
    for path in files[1:]:
        if path.read_bytes() != files[0].read_bytes():
            raise ConfigError(
                "a file is not read: a shipped one has its name",
                file=f"{path.parent.parent.name}/{name}.yaml",
                key=name.replace("/", "="),
                allowed="another name, which is then chosen by it",
            )


def _listed(name: str, directories: Sequence[Path]) -> list[Entry]:
    """The entries in the list of defaults of ``group/choice``, or of the primary configuration."""
    found = _find(name, directories)
    if found is None:
        return []
    content = _read(*found)
    if "defaults" not in content:
        return []
    if name != PRIMARY:
        group = name.rpartition("/")[0]
        return entries(content, group, list(groups()), shown_file(name, directories))
    pairs = (item for item in content["defaults"] if isinstance(item, Mapping))
    return [Entry(key, str(item[key]), override=False) for item in pairs for key in item]


def written_in(
    choices: Mapping[str, str], overridden: Iterable[str], directories: Sequence[Path]
) -> dict[str, str]:
    """Where each setting of a composed configuration was written.

    ``choices`` maps groups to the choices composed, ``overridden`` are the keys that the command
    line sets, ``directories`` those searched, first match first. Returns files (or "command line")
    by dotted prefix of the key; the longest prefix that fits a key holds for it.
    """
    own = config_directory()
    content = _read(own, own / f"{PRIMARY}.yaml")
    files = dict.fromkeys(_keys(content), f"{own.name}/{PRIMARY}.yaml")
    preset = choices.get("scenario", "")
    for group, choice in choices.items():
        files[group] = shown_file(f"{group}/{choice}", directories)
        if group not in (*LARGE_GROUPS, "scenario"):
            files.update(_group_files(group, choice, directories))
    files.update(_group_files("scenario", preset, directories, prefix=""))
    files.update(dict.fromkeys(overridden, "command line"))
    return files


def preset_keys(preset: str, directories: Sequence[Path]) -> list[str]:
    """Dotted keys that a scenario preset sets itself (not through the choice of a group)."""
    return list(_group_files("scenario", preset, directories, prefix=""))


def _group_files(
    group: str, choice: str, directories: Sequence[Path], prefix: str | None = None
) -> dict[str, str]:
    found = _find(f"{group}/{choice}", directories)
    if found is None:
        return {}
    content = _read(*found)
    shown = shown_file(f"{group}/{choice}", directories)
    if content.get("shocks") is not None and group == "shocks":
        prefix = ""  # the list is the whole of its group, so its file writes to the top level
    start = f"{group}." if prefix is None else prefix
    files: dict[str, str] = {}
    defaults = content.get("defaults", [])
    for base in defaults if isinstance(defaults, list) else []:
        if isinstance(base, str) and base != "_self_":
            files.update(_group_files(group, base, directories, prefix))
    files.update({start + key: shown for key in _keys(content)})
    return files


def _find(name: str, directories: Sequence[Path]) -> tuple[Path, Path] | None:
    """The first directory that has ``group/choice``, and the file."""
    candidates = ((directory, directory / f"{name}.yaml") for directory in directories)
    return next((each for each in candidates if each[1].is_file()), None)


def _keys(content: Mapping[str, object], prefix: str = "") -> Iterator[str]:
    for key, value in content.items():
        if prefix or key not in ("defaults", "hydra"):
            if isinstance(value, Mapping) and value:
                yield from _keys(value, f"{prefix}{key}.")
            else:
                yield f"{prefix}{key}"


def _read(directory: Path, path: Path) -> dict[str, Any]:
    """What a file below a directory of configuration says. Raises ConfigError."""
    from sim.config.yaml_reader import read_yaml

    shown = f"{directory.name}/{path.relative_to(directory).as_posix()}"
    return read_yaml(path, shown, interpolated=is_primary(path))
