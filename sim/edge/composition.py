"""Hydra at the edge: the schema as structured configs, and composition of a configuration.

Only the command line and the experiments import this module. Everything behind it works on the
frozen models of :mod:`sim.config.schema`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from hydra import initialize_config_dir
from hydra._internal.core_plugins.basic_sweeper import BasicSweeper
from hydra._internal.hydra import Hydra
from hydra.core.config_store import ConfigStore
from hydra.core.global_hydra import GlobalHydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override
from hydra.errors import HydraException, OverrideParseException
from hydra.types import RunMode
from omegaconf import MISSING, DictConfig, OmegaConf, open_dict

from sim.config.directory import (
    PRIMARY,
    STUDIES,
    config_directory,
    groups,
    preset_keys,
    refuse_unread,
    written_in,
)
from sim.config.errors import ConfigError
from sim.config.schema import Run
from sim.config.validation import located, validate
from sim.hydra_errors import (
    COMMAND_LINE,
    TRANSLATED,
    several,
    translate,
    unknown_choice,
    unreadable,
)
from sim.hydra_refusals import (
    folder_inside,
    named_folder,
    refuse_forbidden,
    refuse_lost_choices,
)
from sim.hydra_schema import structured
from sim.hydra_source import install, search

__all__ = ["Composed", "Composer", "compose", "config_directory", "structured"]


@dataclass(frozen=True)
class Composed:
    """One composed configuration: plain mappings, and where each setting was written."""

    config: dict[str, object]
    choices: dict[str, str]
    values: tuple[str, ...]
    directories: tuple[Path, ...]

    @cached_property
    def files(self) -> dict[str, str]:
        """File (or "command line") by dotted prefix of the key; the longest prefix holds."""
        return written_in(self.choices, self.values, self.directories)

    def validated(self) -> Run:
        """The run that it describes. Raises ConfigError."""
        try:
            return validate(self.config)
        except ConfigError as error:
            raise located(error, self.files) from None


class Composer:
    """Hydra, ready to compose: the configuration directory and perhaps one of the user's own.

    ``extra`` is searched for group choices that the configuration directory does not have. Use it
    as a context manager; see :func:`compose` for the short form.
    """

    def __init__(self, extra: Path | None = None) -> None:
        self.extra = None if extra is None else extra.resolve()
        self._hydra: Hydra | None = None
        self._dated: DictConfig | None = None

    @contextmanager
    def started(self) -> Iterator[Composer]:
        """Occupy Hydra's global state for the length of a ``with`` block."""
        if self.extra is not None and not self.extra.is_dir():
            raise ConfigError(
                "not a directory", file=COMMAND_LINE, key="--config-dir", value=str(self.extra)
            )
        install()
        ConfigStore.instance().store(name="run_schema", node=structured(Run))
        # Hydra refuses to start twice, but a notebook or an experiment may have started it already.
        previous, GlobalHydra.instance().hydra = GlobalHydra.instance().hydra, None
        try:
            with initialize_config_dir(
                config_dir=str(config_directory()), job_name="kepusim", version_base="1.3"
            ):
                self._hydra = GlobalHydra.instance().hydra
                if self.extra is not None:
                    search(self.extra, self.hydra.config_loader)
                yield self
        finally:
            GlobalHydra.instance().hydra = previous

    @property
    def hydra(self) -> Hydra:
        """The application object of Hydra; only inside :meth:`started`."""
        if self._hydra is None:
            raise RuntimeError("a Composer composes inside `with composer.started()`")
        return self._hydra

    @property
    def directories(self) -> tuple[Path, ...]:
        """The directories of configuration, in the order in which they are searched."""
        return (config_directory(), *([] if self.extra is None else [self.extra]))

    def parse(self, overrides: Sequence[str]) -> list[Override]:
        """The overrides, parsed. Raises ConfigError if one is malformed or forbidden."""
        parser = OverridesParser.create(self.hydra.config_loader)
        parsed: list[Override] = []
        for line in overrides:
            try:
                (override,) = parser.parse_overrides([line])
            except (OverrideParseException, ValueError):  # ValueError: a number of 5 000 digits
                raise unreadable(line) from None
            refuse_forbidden(override)
            parsed.append(override)
        return parsed

    def node(self, overrides: Sequence[str]) -> DictConfig:
        """The configuration as Hydra composes it, its own section included. Raises ConfigError."""
        parsed = self.parse(overrides)
        for override in parsed:
            if override.is_sweep_override():
                raise several(override)
            if _is_choice(override) and not _is_name(override.value()):
                raise unknown_choice(override)
        try:
            return self._node(overrides)
        except TRANSLATED as error:
            raise translate(error, parsed, self._names(parsed), self.directories) from None

    def points(self, overrides: Sequence[str]) -> list[list[str]]:
        """The overrides of each run of a multirun, in the order in which Hydra runs them."""
        try:
            batches = BasicSweeper.split_arguments(self.parse(overrides), None)
        except HydraException as error:
            raise ConfigError(str(error), file=COMMAND_LINE) from None
        return [list(point) for batch in batches for point in batch]

    def folder(self, node: DictConfig, number: int | None = None) -> Path:
        """Where the results go: of the one run, or of the run of a multirun with this number.

        All runs of a multirun are named after the time of the first. Raises ConfigError.
        """
        if self._dated is not None:
            OmegaConf.copy_cache(from_config=self._dated, to_config=node)
        self._dated = self._dated or node
        if number is None:
            return named_folder(node, "hydra.run.dir")
        with open_dict(node):
            node.hydra.job.num, node.hydra.job.id = number, str(number)
        return named_folder(node, "hydra.sweep.dir") / folder_inside(node, "hydra.sweep.subdir")

    def compose(self, overrides: Sequence[str]) -> Composed:
        """The configuration as plain mappings. Raises ConfigError."""
        return self.composed(self.node(overrides), overrides)

    def composed(self, node: DictConfig, overrides: Sequence[str]) -> Composed:
        """A node of Hydra's as plain mappings, with the files that its settings come from."""
        choices = {
            group: str(choice)
            for group, choice in node.hydra.runtime.choices.items()
            if not group.startswith("hydra/")
        }
        for group, choice in choices.items():
            refuse_unread(f"{group}/{choice}", self.directories)
        keys = [override.key_or_group for override in self.parse(overrides)]
        if any(key in choices for key in keys if key != "scenario"):
            preset = preset_keys(choices.get("scenario", ""), self.directories)
            refuse_lost_choices(keys, choices, preset)
        values = tuple(key for key in keys if key not in choices)
        return Composed(plain(node), choices, values, self.directories)

    def settings(self, experiment: str, overrides: Sequence[str]) -> dict[str, object]:
        """The settings of an experiment, ``configs/study/EXPERIMENT.yaml``. Raises ConfigError.

        ``overrides`` name them as in that file, without a prefix.
        """
        name = f"{STUDIES}/{experiment}"
        usual = plain(self._node([], name))
        if not overrides:
            return usual
        known = list(usual)
        for override in self.parse(overrides):
            key = override.key_or_group
            if key.partition(".")[0].partition("[")[0] not in known or override.is_delete():
                raise ConfigError("unknown key", file=COMMAND_LINE, key=f"study.{key}", known=known)
            if override.is_sweep_override():
                raise ConfigError(
                    "a setting of an experiment has one value",
                    file=COMMAND_LINE,
                    key=f"study.{key}",
                    value=str(override.input_line),
                    allowed=f"a list is written study.{key}=[a,b]",
                )
        try:
            return plain(self._node(overrides, name))
        except TRANSLATED as error:
            raise ConfigError(
                str(error).partition("\n")[0],
                file=COMMAND_LINE,
                allowed="a key that is there; +study.KEY=VALUE adds one where names are free",
            ) from None

    def baseline(self) -> Run:
        """The default run of the project, with which a passport compares."""
        return Composed(plain(self._node([])), {}, (), self.directories).validated()

    def preset(self, name: str) -> Run:
        """A scenario preset by itself, without what the primary configuration changes of it.

        Raises ConfigError.
        """
        with Composer(self.extra).started() as alone:
            return alone.compose([f"scenario={name}"]).validated()

    def _node(self, overrides: Sequence[str], name: str = PRIMARY) -> DictConfig:
        return self.hydra.compose_config(
            config_name=name,
            overrides=list(overrides),
            run_mode=RunMode.RUN,
            from_shell=False,
            with_log_configuration=False,
        )

    def _names(self, parsed: Sequence[Override]) -> Mapping[str, object]:
        """The configuration without the values among the overrides: it knows the valid names."""
        for kept in ([o for o in parsed if _is_choice(o)], []):
            try:
                return plain(self._node([str(override.input_line) for override in kept]))
            except TRANSLATED:
                continue
        return {}


def compose(overrides: list[str]) -> dict[str, object]:
    """The configuration that ``overrides`` give, as plain mappings. Raises ConfigError."""
    with Composer().started() as composer:
        return composer.compose(overrides).config


def plain(node: DictConfig) -> dict[str, object]:
    """A composed configuration without Hydra's section, as plain mappings, nothing resolved."""
    config = _without_missing(OmegaConf.to_container(node, resolve=False))
    assert isinstance(config, dict)
    return {str(key): value for key, value in config.items() if key != "hydra"}


def _without_missing(value: object) -> object:
    """``value`` without keys that nobody set, which validation then reports as missing."""
    if isinstance(value, dict):
        return {key: _without_missing(item) for key, item in value.items() if item != MISSING}
    return value


def _is_choice(override: Override) -> bool:
    return override.key_or_group in groups()


def _is_name(choice: object) -> bool:
    return isinstance(choice, str) and {"/", "\\"}.isdisjoint(choice)
