"""The configuration directory: its groups, their choices, and where a setting was written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

LARGE_GROUPS = ("plan", "parameters")
"""Groups whose choices are one self-contained file, named as a whole in messages."""

STUDIES = "study"
"""The folder of the experiments' settings, which are no choices of a run."""


def config_directory() -> Path:
    """The directory with ``config.yaml``: ``sim/configs`` in a wheel, ``configs`` in a checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "configs"
    return installed if installed.is_dir() else package.parent / "configs"


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
        for path in sorted(directory.rglob("*.yaml")):
            own = path.relative_to(directory).with_suffix("").as_posix()
            own_group, _, own_choice = own.rpartition("/")
            if (group, choice) in _choices_in(path, own_group):
                found.append((chosen.get(own_group) != own_choice, own, directory))
    if not found:
        return None
    _, own, directory = min(found, key=lambda each: each[0])
    return f"{directory.name}/{own}.yaml"


def _choices_in(path: Path, own_group: str) -> Iterator[tuple[str, str]]:
    """Group and choice of every entry in the list of defaults of a file of ``own_group``."""
    import yaml

    try:
        listed = _read(path).get("defaults")
    except (UnicodeDecodeError, yaml.YAMLError):
        return
    for entry in listed if isinstance(listed, list) else []:
        if isinstance(entry, str):
            group, _, choice = f"{own_group}/{entry}".lstrip("/").rpartition("/")
            yield group, choice
        elif isinstance(entry, Mapping):
            for key, choice in entry.items():
                yield str(key).split()[-1].partition("@")[0].lstrip("/"), str(choice)


def written_in(
    choices: Mapping[str, str], overridden: Iterable[str], directories: Sequence[Path]
) -> dict[str, str]:
    """Where each setting of a composed configuration was written.

    ``choices`` maps groups to the choices composed, ``overridden`` are the keys that the command
    line sets, ``directories`` those searched, first match first. Returns files (or "command line")
    by dotted prefix of the key; the longest prefix that fits a key holds for it.
    """
    top = f"{config_directory().name}/config.yaml"
    files = dict.fromkeys(_keys(_read(config_directory() / "config.yaml")), top)
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
    content = _read(found[1])
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


def _read(path: Path) -> Mapping[str, object]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    content = yaml.load(path.read_text(encoding="utf-8-sig"), Loader=loader)
    return content if isinstance(content, Mapping) else {}
