"""Files of configuration: who reads them, on what they build, and where a setting was written.

Hydra sees no file but through :class:`KeptYamlSource`, which refuses what could reach its own
settings before anything is composed. Every composition reads the plan and its parameters, some
three thousand lines; here they are parsed once a process, and several times faster than by Hydra.
Where nobody changes anything in them, Hydra composes around them: see :func:`aside`.

Of a list of defaults Hydra knows many more forms than a scenario needs; those could put what a file
says where nobody looks for it. A file of a group says

    defaults:
      - baseline                    another file of the same group, on which it builds
      - override /budget: double    the choice of a group of the run
      - _self_                      where its own settings come among these
"""

from __future__ import annotations

import builtins
import os
import pickle
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from hydra.core.config_search_path import ConfigSearchPath
from hydra.core.object_type import ObjectType
from hydra.core.plugins import Plugins
from hydra.plugins.config_source import ConfigLoadError, ConfigResult, ConfigSource
from hydra.plugins.search_path_plugin import SearchPathPlugin
from omegaconf import Container, OmegaConf

from sim.config.directory import LARGE_GROUPS, PRIMARY, config_directory, groups, is_primary
from sim.config.errors import COMMAND_LINE, ConfigError, Written
from sim.config.schema import Run
from sim.config.yaml_reader import decoded, read_yaml
from sim.words import Said

MOST_BASES = 50
"""Files on which one may build, directly or through others."""

MOST_ENTRIES = 50
"""Entries of a list of defaults."""

_ENDING = ".yaml"
_LONGEST_HEADER = 512  # characters of a file in which its header stands
_OF_THE_MACHINE = ("scheduler", "store")
"""Settings that no file makes: whoever runs a scheduler runs code on this machine, too."""

_LARGE = re.compile(rf"\b({'|'.join(LARGE_GROUPS)})\b")
_NAME = re.compile(r"[^\s/\\@:${}?*.][^/\\@:${}?*]*")
_HERE = "@_here_"  # the file lands where the one lands that builds on it
_OVERRIDE = "override /"
_KEY = "defaults"
_FORMS = Said("preset.forms")
_NOT_SET = Said("preset.not_set")


# ------------------------------------------------------------------------------- what is kept apart

_APART = "\0"  # where the content of a large group is: no file and no command line can say it
_is_aside: ContextVar[bool] = ContextVar("_is_aside", default=False)


class Reached(Exception):
    """A file changes something in a large group, which was to be kept apart."""


@contextmanager
def aside() -> Iterator[None]:
    """Have Hydra, within a ``with`` block, take each large group as one value.

    Hydra copies every node several times; four in five are those of plan and parameters. A file
    that reaches into them raises Reached; what is composed is made whole by :func:`completed`.
    """
    token = _is_aside.set(True)
    try:
        yield
    finally:
        _is_aside.reset(token)


def completed(config: dict[str, Any]) -> dict[str, Any]:
    """A composed configuration with the content of large groups that were taken as one value."""
    for group in LARGE_GROUPS:
        own = config.get(group)
        if isinstance(own, Mapping) and _APART in own:
            config[group] = pickle.loads(own[_APART][_APART])
    return config


def reaches(overrides: Iterable[str]) -> bool:
    """Whether one of these may say something of a large group, or ask something of it."""
    return any(_LARGE.search(override) for override in overrides)


# --------------------------------------------------------------------------------- what Hydra sees


class KeptYamlSource(ConfigSource):
    """YAML files of a directory, kept in memory while they do not change on disk."""

    def __init__(self, provider: str, path: str) -> None:
        super().__init__(provider, path)
        for entry in os.scandir(self.path):
            if entry.name.casefold() == "hydra":
                own = f"{Path(self.path).name}/{entry.name}"
                raise ConfigError("preset.folder_of_hydra", file=own)

    @staticmethod
    def scheme() -> str:
        """Name of the source in Hydra's search path."""
        return "kept"

    def load_config(self, config_path: str) -> ConfigResult:
        """Read one file.

        Raises ConfigLoadError if absent, ConfigError if it cannot be read or says what no file may.
        """
        top = Path(self.path)
        name = _file_name(config_path)
        parts = name.split("/")
        if not {"", ".", ".."}.isdisjoint(parts) or "\\" in name:
            raise ConfigError("preset.path", value=config_path)
        path = top / name
        if not os.path.isfile(path):  # unlike Path.is_file, false for a name that is too long
            raise ConfigLoadError(f"Config not found : {path}")
        status = os.stat(path)
        read = _prepared(path, f"{top.name}/{name}", status.st_mtime_ns, status.st_size)
        if not is_primary(path):
            check_bases(name.removesuffix(_ENDING), (config_directory(), top))
        return ConfigResult(
            config=read.around if _is_aside.get() else read.node,
            path=f"{self.scheme()}://{self.path}",
            provider=self.provider,
            header=dict(read.header),
        )

    def available(self) -> bool:
        """Whether there is such a directory."""
        return self.is_group("")

    def is_group(self, config_path: str) -> bool:
        """Whether it has a folder of that name."""
        return os.path.isdir(os.path.join(self.path, config_path))

    def is_config(self, config_path: str) -> bool:
        """Whether it has a file of that name."""
        return os.path.isfile(os.path.join(self.path, _file_name(config_path)))

    def list(self, config_path: str, results_filter: ObjectType | None) -> builtins.list[str]:
        """Names of the files of a folder, or of the folders in it, or of both."""
        found = set()
        for path in (Path(self.path) / config_path).iterdir():
            if path.is_dir() and results_filter in (None, ObjectType.GROUP):
                found.add(path.name)
            elif path.suffix == _ENDING and results_filter in (None, ObjectType.CONFIG):
                found.add(path.stem)
        return sorted(found)


def _file_name(choice: str) -> str:
    return choice if choice.endswith(_ENDING) else f"{choice}{_ENDING}"


class _File:
    """What a file says, ready for Hydra.

    Hydra moves the nodes it is given into what it composes, so each time wants new ones.

    Attributes:
        header: Hydra's.
    """

    def __init__(self, header: dict[str, str | None], content: dict[str, Any], group: str) -> None:
        self.header = header
        self._content = content
        self._is_large = group in LARGE_GROUPS and header["package"] is None and _KEY not in content
        self._group = group
        if self._is_large:
            # Hydra would put the content below its group by copying every node once more.
            header["package"] = "_global_"
        named = {*content, header["package"], group}
        self._reaches = not named.isdisjoint(LARGE_GROUPS) and not self._is_large

    @cached_property
    def _whole(self) -> bytes:
        """The content as a pickled node: the cheapest way to copy one."""
        content = {self._group: self._content} if self._is_large else self._content
        return pickle.dumps(OmegaConf.create(content))

    @cached_property
    def _apart(self) -> bytes:
        return pickle.dumps(self._content)

    @property
    def node(self) -> Container:
        """All of it."""
        node: Container = pickle.loads(self._whole)
        return node

    @property
    def around(self) -> Container:
        """The same, a large group as one value. Raises Reached if it changes one."""
        if self._reaches:
            raise Reached
        if self._is_large:
            return OmegaConf.create({self._group: {_APART: {_APART: self._apart}}})
        return self.node


@lru_cache(maxsize=256)
def _prepared(path: Path, shown: str, *_: int) -> _File:
    content = read_yaml(path, shown, interpolated=is_primary(path))
    header = _header(decoded(path, shown)[:_LONGEST_HEADER], shown)
    if not is_primary(path):
        refuse_settings_of_hydra(content, header["package"], shown)
    return _File(header, content, path.parent.name)


def _header(text: str, shown: str) -> dict[str, str | None]:
    """What the first lines of a file tell Hydra, each written ``# @KEY VALUE``: where it lands.

    Raises ConfigError for such a line without a value, or with more.
    """
    header: dict[str, str | None] = {"package": None}
    for line in filter(None, map(str.strip, text.splitlines())):
        if not re.match(r"#\s*@", line):
            break
        said = line.lstrip("#").strip()
        key, *values = filter(None, said.split(" "))
        if len(values) != 1:
            wrong = "preset.long_header" if values else "preset.short_header"
            raise ConfigError(wrong, file=shown, allowed="# @package _global_", said=said)
        header[key.removeprefix("@")] = values[0].strip()
    return header


_user_directory: ContextVar[Path | None] = ContextVar("_user_directory", default=None)


class KeptSearchPath(SearchPathPlugin):
    """Has directories of configuration read through :class:`KeptYamlSource`."""

    def manipulate_search_path(self, search_path: ConfigSearchPath) -> None:
        """Replace the source of the project's directory, and have the user's searched after it."""
        for element in search_path.get_path():
            if element.path in (str(config_directory()), f"file://{config_directory()}"):
                element.path = f"{KeptYamlSource.scheme()}://{config_directory()}"
        own = _user_directory.get()
        if own is not None:
            search_path.append("--config-dir", f"{KeptYamlSource.scheme()}://{own}")


@contextmanager
def searched(directory: Path | None) -> Iterator[None]:
    """Have Hydra, where it starts within a ``with`` block, read files through our source.

    ``directory`` is one of the user's own, searched after the project's.
    """
    Plugins.instance().register(KeptYamlSource)  # doing so twice changes nothing
    Plugins.instance().register(KeptSearchPath)
    token = _user_directory.set(directory)
    try:
        yield
    finally:
        _user_directory.reset(token)


def stamps(directories: Sequence[Path]) -> tuple[tuple[Path, int, int], ...]:
    """Every file in directories of configuration, with what changes when it is written."""
    files = (path for top in directories for path in _files_in(top) if path.is_file())
    return tuple((path, own.st_mtime_ns, own.st_size) for path in files for own in [path.stat()])


def _files_in(directory: Path) -> list[Path]:
    """The files of a directory of configuration: itself and its groups, which have no others."""
    return sorted([*directory.glob("*.yaml"), *directory.glob("*/*.yaml")])


def refuse_settings_of_hydra(
    content: Mapping[str, object], package: str | None, shown: str
) -> None:
    """What a file says that no file may: settings of Hydra, and whom this machine talks to.

    Args:
        content: what the file holds.
        package: where it lands, as its header says; None for the group that it is in.
        shown: how messages name the file.

    Raises:
        ConfigError: it says such a thing, or lands where no setting of a run is.
    """
    if package not in (None, "_global_", "_group_") and package not in Run.model_fields:
        raise ConfigError(
            "preset.package",
            file=shown,
            key="@package",
            value=package,
            known=("_global_", *Run.model_fields),
        )
    for key, value in content.items():
        if re.split(r"[./@]", key.casefold())[0] == "hydra":
            own = ".".join([key, *_first_keys(value)])
            raise ConfigError("edge.of_hydra", file=shown, key=own, allowed=_NOT_SET)
        if key in _OF_THE_MACHINE and value is not None:
            raise ConfigError("preset.of_the_machine", file=shown, key=key, value=value)


def _first_keys(value: object) -> Iterator[str]:
    while isinstance(value, Mapping) and value:
        key, value = next(iter(value.items()))
        yield key


# --------------------------------------------------------------------------- on what a file builds


def choosing_file(
    group: str, choice: str, chosen: Mapping[str, str], directories: Sequence[Path]
) -> str | None:
    """How messages name the file whose list of defaults asks for ``group/choice``; None if none.

    Of several, one that is itself among the ``chosen`` (group to choice) comes first.
    """
    found = []
    for directory in directories:
        for path in _files_in(directory):
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
                    "preset.on_itself" if base in above else "preset.many_bases",
                    file=shown_file(above[-1], directories),
                    key="defaults",
                    value=" -> ".join([*above[-4:], base]),
                    allowed=Said("preset.another_base"),
                    most=MOST_BASES,
                )
            if not entry.override:
                waiting.append((*above, base))


def refuse_unread(name: str, directories: Sequence[Path]) -> None:
    """Refuse a file ``group/choice`` that is not read, as the one of an earlier directory is.

    So is a primary configuration of the user's own.
    """
    files = [(d, d / f"{name}.yaml") for d in directories if (d / f"{name}.yaml").is_file()]
    for directory, path in files[1:]:
        if path.read_bytes() != files[0][1].read_bytes():
            primary = name == PRIMARY
            raise ConfigError(
                "preset.unread",
                file=f"{directory.name}/{name}.yaml",
                key=None if primary else name.replace("/", "="),
                allowed=Said("preset.a_preset" if primary else "preset.another_name"),
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


@dataclass(frozen=True)
class Entry:
    """One entry: ``choice`` of ``group``, in place of another one or to build on."""

    group: str
    choice: str
    override: bool


def entries(
    content: Mapping[str, object], group: str, known: Sequence[str], shown: str
) -> list[Entry]:
    """The entries of the file of ``group`` with this content, without its own place among them.

    Args:
        content: what the file holds, the list among it.
        group: that the file is in.
        known: groups whose choice it may override.
        shown: how messages name the file.

    Raises:
        ConfigError: an entry has another form than the three.
    """
    listed = content[_KEY]
    if not isinstance(listed, list) or len(listed) > MOST_ENTRIES:
        count = {"count": len(listed)} if isinstance(listed, list) else None
        value = listed if count is None else Said("preset.count", count)
        raise ConfigError(
            "preset.defaults", file=shown, key=_KEY, value=value, allowed=_FORMS, most=MOST_ENTRIES
        )
    found: list[Entry] = []
    for position, item in enumerate(listed):
        if item in listed[:position]:
            key = f"{_KEY}.{position}"
            raise ConfigError("preset.twice", file=shown, key=key, value=item)
        if item != "_self_":
            found.append(_entry(item, group, known, shown, f"{_KEY}.{position}"))
            if "_self_" in listed[:position] and not found[-1].override:
                key = f"{_KEY}.{position}"
                raise ConfigError("preset.self_first", file=shown, key=key, value=item)
    return found


def _entry(item: object, group: str, known: Sequence[str], shown: str, key: str) -> Entry:
    if isinstance(item, str) and _NAME.fullmatch(base := item.removesuffix(_HERE)):
        return Entry(group, base.removesuffix(".yaml"), override=False)
    for chosen, choice in _pairs(item):
        to = chosen.removeprefix(_OVERRIDE)
        if chosen.startswith(_OVERRIDE) and to in known:
            if isinstance(choice, str) and _NAME.fullmatch(choice):
                return Entry(to, choice.removesuffix(".yaml"), override=True)
            raise ConfigError(
                "preset.choice",
                file=shown,
                key=f"{key}.{chosen}",
                value="null" if choice is None else choice,
                group=to,
            )
        value = f"{chosen}: {choice}"
        if (name := re.split(r"[\s/]+", chosen)[-1]) in known:
            plain = f"{_OVERRIDE}{name}: {choice}"
            raise ConfigError("preset.choosing", file=shown, key=key, value=value, allowed=plain)
        if "hydra" in re.split(r"[^\w]+", chosen.casefold()):
            raise ConfigError("edge.of_hydra", file=shown, key=key, value=value, allowed=_NOT_SET)
        if chosen.startswith("override "):
            raise ConfigError(
                "preset.no_group",
                file=shown,
                key=key,
                value=chosen.removeprefix("override ").lstrip("/"),
                known=known,
            )
    raise ConfigError("preset.entry", file=shown, key=key, value=item, allowed=_FORMS)


def _pairs(item: object) -> Iterator[tuple[str, object]]:
    if isinstance(item, Mapping) and len(item) == 1:
        yield from item.items()


# --------------------------------------------------------------------- where a setting was written


def shown_file(name: str, directories: Sequence[Path]) -> str:
    """How messages name the file of ``group/choice``: below the directory that has it."""
    path = _find(name, directories)
    return f"{name}.yaml" if path is None else f"{path[0].name}/{name}.yaml"


def written_in(
    choices: Mapping[str, str], overridden: Iterable[str], directories: Sequence[Path]
) -> dict[str, Written]:
    """Where each setting of a composed configuration was written.

    ``choices`` maps groups to the choices composed, ``overridden`` are the keys that the command
    line sets, ``directories`` those searched, first match first. Returns files (or the
    command line) by dotted prefix of the key; the longest prefix that fits a key holds for it.
    """
    own = config_directory()
    content = _read(own, own / f"{PRIMARY}.yaml")
    files: dict[str, Written] = dict.fromkeys(_keys(content), f"{own.name}/{PRIMARY}.yaml")
    preset = choices.get("scenario", "")
    for group, choice in choices.items():
        files[group] = shown_file(f"{group}/{choice}", directories)
        if group not in (*LARGE_GROUPS, "scenario"):
            files.update(_group_files(group, choice, directories))
    files.update(_group_files("scenario", preset, directories, prefix=""))
    files.update(dict.fromkeys(overridden, COMMAND_LINE))
    return files


def preset_keys(preset: str, directories: Sequence[Path]) -> list[str]:
    """Dotted keys that a scenario preset sets itself (not through the choice of a group)."""
    return list(_group_files("scenario", preset, directories, prefix=""))


def _group_files(
    group: str, choice: str, directories: Sequence[Path], prefix: str | None = None
) -> dict[str, Written]:
    found = _find(f"{group}/{choice}", directories)
    if found is None:
        return {}
    content = _read(*found)
    shown = shown_file(f"{group}/{choice}", directories)
    if content.get("shocks") is not None and group == "shocks":
        prefix = ""  # the list is the whole of its group, so its file writes to the top level
    start = f"{group}." if prefix is None else prefix
    files: dict[str, Written] = {}
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
    shown = f"{directory.name}/{path.relative_to(directory).as_posix()}"
    return read_yaml(path, shown, interpolated=is_primary(path))
