"""A source of configuration files for Hydra: our reader, and nothing of Hydra's from a file.

Hydra sees no file but through :class:`KeptYamlSource`, which refuses what could reach its own
settings before anything is composed. Every composition reads the plan and its parameters, nearly
two thousand lines; here they are parsed once a process, and several times faster than by Hydra.
"""

from __future__ import annotations

import os
import pickle
from functools import lru_cache
from pathlib import Path

from hydra._internal.config_loader_impl import ConfigLoaderImpl
from hydra._internal.core_plugins.file_config_source import FileConfigSource
from hydra.core.config_loader import ConfigLoader
from hydra.core.config_search_path import ConfigSearchPath
from hydra.core.plugins import Plugins
from hydra.plugins.config_source import ConfigLoadError, ConfigResult
from hydra.plugins.search_path_plugin import SearchPathPlugin
from omegaconf import OmegaConf

from sim.config.directory import LARGE_GROUPS, check_bases, config_directory, is_primary
from sim.config.errors import ConfigError
from sim.config.yaml_reader import decoded, read_yaml
from sim.hydra_refusals import refuse_settings_of_hydra


class KeptYamlSource(FileConfigSource):
    """YAML files of a directory, kept in memory while they do not change on disk."""

    def __init__(self, provider: str, path: str) -> None:
        super().__init__(provider, path)
        for entry in os.scandir(self.path):
            if entry.name.casefold() == "hydra":
                raise ConfigError(
                    "a directory of configuration has no folder of Hydra's",
                    file=f"{Path(self.path).name}/{entry.name}",
                    allowed="no file sets anything of Hydra; remove the folder",
                )

    @staticmethod
    def scheme() -> str:
        """Name of the source in Hydra's search path."""
        return "kept"

    def load_config(self, config_path: str) -> ConfigResult:
        """Read one file.

        Raises ConfigLoadError if absent, ConfigError if it cannot be read or says what no file may.
        """
        top = Path(self.path)
        name = self._normalize_file_name(config_path)
        parts = name.split("/")
        if not {"", ".", ".."}.isdisjoint(parts) or "\\" in name:
            raise ConfigError("a choice is the name of a file and no path", value=config_path)
        path = top / name
        if not os.path.isfile(path):  # unlike Path.is_file, false for a name that is too long
            raise ConfigLoadError(f"Config not found : {path}")
        status = os.stat(path)
        header, content = _prepared(path, f"{top.name}/{name}", status.st_mtime_ns, status.st_size)
        if not is_primary(path):
            check_bases(name.removesuffix(".yaml"), (config_directory(), top))
        return ConfigResult(
            # Hydra moves the nodes it is given into what it composes, so each time wants new ones.
            config=pickle.loads(content),
            path=f"{self.scheme()}://{self.path}",
            provider=self.provider,
            header=dict(header),
        )


@lru_cache(maxsize=256)
def _prepared(path: Path, shown: str, *_: int) -> tuple[dict[str, str | None], bytes]:
    """Hydra's header of a file, and its content as a pickled node: the cheapest way to copy one."""
    content = read_yaml(path, shown, interpolated=is_primary(path))
    try:
        header = FileConfigSource._get_header_dict(decoded(path, shown)[:512])
    except ValueError as error:
        raise ConfigError(str(error), file=shown, allowed="# @package _global_") from None
    if not is_primary(path):
        refuse_settings_of_hydra(content, header["package"], shown)
    group = path.parent.name
    if group in LARGE_GROUPS and header["package"] is None:
        # Hydra would put the content below its group by copying every node once more.
        header["package"] = "_global_"
        content = {group: content}
    return header, pickle.dumps(OmegaConf.create(content))


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
