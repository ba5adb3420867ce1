"""Composition of a configuration: the schema, the files and the overrides, put together by Hydra.

Everything behind it works on the frozen models of :mod:`sim.config.schema`. These become structured
configs, so that Hydra itself rejects unknown keys and values of another kind.
"""

from __future__ import annotations

import copy
import dataclasses
import functools
import operator
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import hydra
from hydra.core.config_store import ConfigStore
from hydra.core.global_hydra import GlobalHydra
from omegaconf import MISSING, DictConfig, OmegaConf, open_dict
from omegaconf.errors import OmegaConfBaseException
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.config.directory import PRIMARY, STUDIES, config_directory, named_path
from sim.config.errors import COMMAND_LINE, ConfigError, Written
from sim.config.schema import Parameter, Plan, Run, Shock
from sim.config.validation import located, validate
from sim.edge.files import (
    Reached,
    aside,
    completed,
    preset_keys,
    reaches,
    refuse_unread,
    searched,
    stamps,
    written_in,
)
from sim.edge.overrides import (
    Override,
    combinations,
    refuse_forbidden,
    refuse_lost_choices,
    several,
    unknown_choice,
)
from sim.edge.refusals import TRANSLATED, translate
from sim.words import Said


@dataclass(frozen=True)
class Composed:
    """One composed configuration: plain mappings, and where each setting was written.

    Attributes:
        config: the settings.
        choices: the choice of each group.
        values: keys that the command line sets, groups apart.
        directories: those of configuration, in the order in which they are searched.
        node: the same as Hydra has it, its own section included; plan and parameters may be kept
            apart.
    """

    config: dict[str, object]
    choices: dict[str, str]
    values: tuple[str, ...]
    directories: tuple[Path, ...]
    node: DictConfig = field(repr=False, compare=False)

    @cached_property
    def files(self) -> dict[str, Written]:
        """File (or command line) by dotted prefix of the key; the longest prefix holds."""
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
        self._dated: DictConfig | None = None

    @contextmanager
    def started(self) -> Iterator[Composer]:
        """Occupy Hydra's global state for the length of a ``with`` block."""
        if self.extra is not None and not self.extra.is_dir():
            own = str(self.extra)
            raise ConfigError(
                "argument.no_directory", file=COMMAND_LINE, key="--config-dir", value=own
            )
        ConfigStore.instance().store(name="run_schema", node=structured(Run))
        # Hydra refuses to start twice, but a notebook or an experiment may have started it already.
        previous, GlobalHydra.instance().hydra = GlobalHydra.instance().hydra, None
        try:
            with searched(self.extra):
                begun = hydra.initialize_config_dir(
                    config_dir=str(config_directory()), job_name="kepusim", version_base="1.3"
                )
            with begun:
                if self.extra is not None:
                    refuse_unread(PRIMARY, self.directories)
                yield self
        finally:
            GlobalHydra.instance().hydra = previous

    @property
    def directories(self) -> tuple[Path, ...]:
        """The directories of configuration, in the order in which they are searched."""
        return (config_directory(), *([] if self.extra is None else [self.extra]))

    def parse(self, overrides: Sequence[str]) -> list[Override]:
        """The overrides, parsed. Raises ConfigError if one is malformed or forbidden."""
        parsed = []
        for line in overrides:
            override = Override.of(line, GlobalHydra.instance().config_loader())
            refuse_forbidden(override)
            parsed.append(override)
        return parsed

    def node(self, overrides: Sequence[str]) -> DictConfig:
        """The configuration as Hydra composes it, its own section included. Raises ConfigError."""
        return self._asked(overrides, _node)

    def _asked(
        self, overrides: Sequence[str], made: Callable[[Sequence[str]], DictConfig]
    ) -> DictConfig:
        parsed = self.parse(overrides)
        for override in parsed:
            if override.is_several:
                raise several(override)
            if override.is_choice and not _is_name(override.value):
                raise unknown_choice(override)
        try:
            return made(overrides)
        except TRANSLATED as error:
            raise translate(error, parsed, self._names(parsed), self.directories) from None

    def points(self, overrides: Sequence[str]) -> list[list[str]]:
        """The overrides of each run of a multirun, in the order in which they are run.

        Raises ConfigError.
        """
        return combinations(self.parse(overrides))

    def compose(self, overrides: Sequence[str]) -> Composed:
        """The configuration as plain mappings, and where it comes from. Raises ConfigError."""
        node = self._asked(overrides, self._around)
        choices = {
            group: str(choice)
            for group, choice in node.hydra.runtime.choices.items()
            if not group.startswith("hydra/")
        }
        for group, choice in choices.items():
            refuse_unread(f"{group}/{choice}", self.directories)
        keys = [override.key for override in self.parse(overrides)]
        if any(key in choices for key in keys if key != "scenario"):
            preset = preset_keys(choices.get("scenario", ""), self.directories)
            refuse_lost_choices(keys, choices, preset)
        values = tuple(key for key in keys if key not in choices)
        return Composed(plain(node), choices, values, self.directories, node)

    def folder(self, composed: Composed, number: int | None = None) -> Path:
        """Where the results go: of the one run, or of the run of a multirun with this number.

        All runs of a multirun are named after the time of the first. Raises ConfigError.
        """
        node = composed.node
        if self._dated is not None:
            OmegaConf.copy_cache(from_config=self._dated, to_config=node)
        self._dated = self._dated or node
        if number is None:
            return _named_folder(node, "hydra.run.dir")
        with open_dict(node):
            node.hydra.job.num, node.hydra.job.id = number, str(number)
        return _named_folder(node, "hydra.sweep.dir") / _folder_inside(node, "hydra.sweep.subdir")

    def settings(self, experiment: str, overrides: Sequence[str]) -> dict[str, object]:
        """The settings of an experiment, ``configs/study/EXPERIMENT.yaml``. Raises ConfigError.

        ``overrides`` name them as in that file, without a prefix.
        """
        name = f"{STUDIES}/{experiment}"
        usual = plain(self._kept([], name))
        if not overrides:
            return usual
        known = list(usual)
        for override in self.parse(overrides):
            key = override.key
            if key.partition(".")[0].partition("[")[0] not in known or override.is_deletion:
                raise ConfigError(
                    "config.unknown_key", file=COMMAND_LINE, key=f"study.{key}", known=known
                )
            if override.is_several:
                raise ConfigError(
                    "override.of_experiment",
                    file=COMMAND_LINE,
                    key=f"study.{key}",
                    value=override.line,
                )
        try:
            return plain(self._kept(overrides, name))
        except TRANSLATED as error:
            raise ConfigError(
                "edge.hydra",
                file=COMMAND_LINE,
                allowed=Said("override.study_key"),
                text=str(error).partition("\n")[0],
            ) from None

    def baseline(self) -> Run:
        """The default run of the project, with which a passport compares."""
        node = self._around([])
        return Composed(plain(node), {}, (), self.directories, node).validated()

    def preset(self, name: str) -> Run:
        """A scenario preset by itself, without what the primary configuration changes of it.

        Raises ConfigError.
        """
        with Composer(self.extra).started() as alone:
            return alone.compose([f"scenario={name}"]).validated()

    def _around(self, overrides: Sequence[str]) -> DictConfig:
        """The node, plan and parameters apart unless something is said of them."""
        if not reaches(overrides):
            with suppress(Reached), aside():
                return self._kept(overrides)
        return _node(overrides)

    def _kept(self, overrides: Sequence[str], name: str = PRIMARY) -> DictConfig:
        """The node, which Hydra composes once while neither files nor the place change."""
        return copy.deepcopy(
            _composed(name, tuple(overrides), Path.cwd(), stamps(self.directories))
        )

    def _names(self, parsed: Sequence[Override]) -> Mapping[str, object]:
        """The configuration without the values among the overrides: it knows the valid names."""
        for kept in ([override for override in parsed if override.is_choice], []):
            try:
                return plain(self._around([override.line for override in kept]))
            except TRANSLATED:
                continue
        return {}


def compose(overrides: list[str]) -> dict[str, object]:
    """The configuration that ``overrides`` give, as plain mappings. Raises ConfigError."""
    with Composer().started() as composer:
        return composer.compose(overrides).config


@functools.lru_cache(maxsize=16)
def _composed(name: str, overrides: Sequence[str], *_: object) -> DictConfig:
    return _node(overrides, name)


def _node(overrides: Sequence[str], name: str = PRIMARY) -> DictConfig:
    return hydra.compose(name, list(overrides), return_hydra_config=True)


def plain(node: DictConfig) -> dict[str, object]:
    """A composed configuration without Hydra's section, as plain mappings, nothing resolved."""
    config = _without_missing(OmegaConf.to_container(node, resolve=False))
    assert isinstance(config, dict)
    return completed({str(key): value for key, value in config.items() if key != "hydra"})


def _without_missing(value: object) -> object:
    """``value`` without keys that nobody set, which validation then reports as missing."""
    if isinstance(value, dict):
        return {key: _without_missing(item) for key, item in value.items() if item != MISSING}
    return value


def _is_name(choice: object) -> bool:
    return isinstance(choice, str) and {"/", "\\"}.isdisjoint(choice)


def _named_folder(node: DictConfig, key: str) -> Path:
    """The folder that ``node`` names at ``key``.

    Raises ConfigError if it has no name, for the working directory would be taken.
    """
    try:
        name = OmegaConf.select(node, key)
    except OmegaConfBaseException as error:
        raise ConfigError(
            "override.unmade_name",
            file=COMMAND_LINE,
            key=key,
            value=str(error).partition("\n")[0],
        ) from None
    if name is None or not str(name).strip():
        raise ConfigError(
            "override.scattered",
            file=COMMAND_LINE,
            key=key,
            value="" if name is None else name,
        )
    return named_path(str(name), key)


def _folder_inside(node: DictConfig, key: str) -> Path:
    """The same of a folder that lies below another one. Raises ConfigError if it does not."""
    folder = _named_folder(node, key)
    if folder.is_absolute() or ".." in folder.parts:
        raise ConfigError("override.outside", file=COMMAND_LINE, key=key, value=str(folder))
    return folder


# All checked by pydantic afterwards: thousands of nodes, and dates, which OmegaConf does not know.
_LOOSE = (Plan, Parameter, Shock)


@functools.cache
def structured(model: type[BaseModel]) -> type:
    """A dataclass with the fields and defaults of ``model``; nested models become dataclasses."""
    fields: list[tuple[str, Any, Any]] = []
    for name, info in model.model_fields.items():
        kind = _hydra_type(info.annotation)
        fields.append((name, kind, dataclasses.field(default_factory=_default(info, kind))))
    return dataclasses.make_dataclass(model.__name__, fields)


def _default(info: FieldInfo, kind: Any) -> Callable[[], Any]:
    if not info.is_required():
        return lambda: info.get_default(call_default_factory=True, validated_data={})
    return kind if isinstance(kind, type) and dataclasses.is_dataclass(kind) else lambda: MISSING


def _hydra_type(annotation: Any) -> Any:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _hydra_type(arguments[0])
    if origin in (Union, types.UnionType):
        return functools.reduce(operator.or_, [_hydra_type(member) for member in arguments])
    if origin is dict:
        return dict[str, _hydra_type(arguments[1])]  # type: ignore[misc]
    if origin is list:
        return list[_hydra_type(arguments[0])]  # type: ignore[misc]
    if origin is Literal:
        return str
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return dict[str, Any] if annotation in _LOOSE else structured(annotation)
    # OmegaConf converts what it is given to a lone type: 5.7 to the integer 5, "5" to a number, 2
    # to true. It converts nothing to a union, so that pydantic judges what was really written.
    if annotation in (int, float):
        return int | float
    if annotation is bool:
        return bool | str
    return annotation
