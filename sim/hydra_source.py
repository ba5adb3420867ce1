"""A source of configuration files that Hydra reads several times faster than its own.

Every composition reads the plan and its parameters, nearly two thousand lines. Hydra parses them
with the pure Python parser each time; here libyaml parses them once a process.
"""

from __future__ import annotations

import os
import pickle
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from hydra._internal.config_loader_impl import ConfigLoaderImpl
from hydra._internal.core_plugins.file_config_source import FileConfigSource
from hydra.core.config_loader import ConfigLoader
from hydra.core.config_search_path import ConfigSearchPath
from hydra.core.plugins import Plugins
from hydra.plugins.config_source import ConfigLoadError, ConfigResult
from hydra.plugins.search_path_plugin import SearchPathPlugin
from omegaconf import OmegaConf
from omegaconf._utils import get_yaml_loader

from sim.config.directory import LARGE_GROUPS, config_directory
from sim.config.errors import ConfigError


class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """OmegaConf's dialect (dates stay text, 5e8 is a number, no key twice), parsed by libyaml."""

    yaml_implicit_resolvers = get_yaml_loader().yaml_implicit_resolvers

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        """Build a mapping; a key written twice is an error."""
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    "while reading a mapping",
                    node.start_mark,
                    f"found duplicate key {key.value}",
                    key.start_mark,
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


class KeptYamlSource(FileConfigSource):
    """YAML files of a directory, kept in memory while they do not change on disk."""

    @staticmethod
    def scheme() -> str:
        """Name of the source in Hydra's search path."""
        return "kept"

    def load_config(self, config_path: str) -> ConfigResult:
        """Read one file.

        Raises ConfigLoadError if absent, YAMLError if malformed, ConfigError if it is no UTF-8.
        """
        path = Path(self.path, self._normalize_file_name(config_path))
        if not os.path.isfile(path):  # unlike Path.is_file, false for a name that is too long
            raise ConfigLoadError(f"Config not found : {path}")
        status = os.stat(path)
        try:
            header, content = _parsed(path, status.st_mtime_ns, status.st_size)
        except UnicodeDecodeError as error:
            raise ConfigError(
                "the file must be saved as UTF-8, and it is in another encoding",
                file=str(path.relative_to(Path(self.path).parent)),
                value=f"byte {error.object[error.start]:#04x}, which is no UTF-8",
                allowed="the encoding (编码) UTF-8, not GBK or UTF-16; editors ask for it when a "
                "file is saved",
            ) from None
        return ConfigResult(
            # Hydra moves the nodes it is given into what it composes, so each time wants new ones.
            config=pickle.loads(content),
            path=f"{self.scheme()}://{self.path}",
            provider=self.provider,
            header=dict(header),
        )


@lru_cache(maxsize=256)
def _parsed(path: Path, mtime_ns: int, size: int) -> tuple[dict[str, str | None], bytes]:
    """Hydra's header of a file, and its content as a pickled node: the cheapest way to copy one."""
    with open(path, encoding="utf-8-sig") as file:  # Windows editors put a mark at the beginning
        header = FileConfigSource._get_header_dict(file.read(512))
        file.seek(0)
        content = yaml.load(file, Loader=Loader)
    if (
        isinstance(content, dict)
        and "hydra" in content
        and path != config_directory() / "config.yaml"
    ):
        raise ConfigError(
            "this setting of Hydra cannot be changed",
            file=f"{path.parent.name}/{path.name}",
            key=".".join(["hydra", *content["hydra"]]),
        )
    group = path.parent.name
    if group in LARGE_GROUPS and header["package"] is None:
        # Hydra would put the content below its group by copying every node once more.
        header["package"] = "_global_"
        content = {group: content}
    return header, pickle.dumps(OmegaConf.create({} if content is None else content))


class KeptSearchPath(SearchPathPlugin):
    """Has the project's own configuration directory read through :class:`KeptYamlSource`."""

    def manipulate_search_path(self, search_path: ConfigSearchPath) -> None:
        """Replace the source of the configuration directory, wherever it stands."""
        for element in search_path.get_path():
            if element.path in (str(config_directory()), f"file://{config_directory()}"):
                element.path = f"{KeptYamlSource.scheme()}://{config_directory()}"


def search(directory: Path, loader: ConfigLoader) -> None:
    """Have ``directory`` searched, too, after the project's own."""
    assert isinstance(loader, ConfigLoaderImpl)
    path = loader.get_search_path()
    address = f"{KeptYamlSource.scheme()}://{directory.resolve()}"
    path.prepend(provider="--config-dir", path=address, anchor="schema")
    loader.repository.initialize_sources(path)


def install() -> None:
    """Make the sources known to Hydra; doing so twice changes nothing."""
    Plugins.instance().register(KeptYamlSource)
    Plugins.instance().register(KeptSearchPath)
