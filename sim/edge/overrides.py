"""What is refused of Hydra: to run code, to read the environment, to lose what was chosen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from hydra.core.override_parser.types import Override
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from sim.config.errors import ConfigError
from sim.config.schema import Run
from sim.config.yaml_reader import UNSEEN, plain_form
from sim.hydra_errors import COMMAND_LINE, unreadable

HYDRA_KEYS = ("hydra.run.dir", "hydra.sweep.dir", "hydra.sweep.subdir", "hydra.job.name")
"""Hydra's own settings that the command line may change, which say where results go."""

_OF_THE_MACHINE = ("scheduler", "store")
"""Settings that no file makes: whoever runs a scheduler runs code on this machine, too."""

_LONGEST_KEY = 200  # characters; a file of that name is looked for
_IN_QUOTES = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""")
_NUMBER = re.compile(r"(?<![^=,:\[{(\s])[-+]?\.?[0-9][0-9_.eE+-]*(?![^,:\]})\s])")
_HARMLESS = re.compile(r"\$\{(?:now:[^${}]*|scenario\.name|hydra\.job\.\w+)\}")


def refuse_forbidden(override: Override) -> None:
    """Overrides that could run code, read the environment or change Hydra's machinery."""
    key, line = override.key_or_group, str(override.input_line)
    if not key or UNSEEN.search(line):
        raise unreadable(line)
    if len(key) > _LONGEST_KEY:
        raise ConfigError("unknown key", file=COMMAND_LINE, key=f"{key[:_LONGEST_KEY]}...")
    if override.package is not None:
        raise ConfigError(
            "a group lands where it belongs and nowhere else",
            file=COMMAND_LINE,
            key=f"{key}@{override.package}",
            allowed=f"{key}=CHOICE",
        )
    _refuse_two_readings(key, line.partition("=")[2])
    if "_target_" in line:
        raise ConfigError(
            "a configuration names no classes: nothing in it is ever instantiated",
            file=COMMAND_LINE,
            key=key,
        )
    own = key == "hydra" or key.startswith(("hydra.", "hydra/"))
    if own and key not in HYDRA_KEYS:
        raise ConfigError(
            "this setting of Hydra cannot be changed", file=COMMAND_LINE, key=key, known=HYDRA_KEYS
        )
    if own and (override.is_delete() or override.value() is None):
        raise ConfigError(
            "a folder needs a name",
            file=COMMAND_LINE,
            key=key,
            value=line,
            allowed="the name; leave the setting out for one with the date",
        )
    if line.count("${") > (len(_HARMLESS.findall(line)) if own else 0):
        raise ConfigError(
            "interpolations are not allowed in an override",
            file=COMMAND_LINE,
            key=key,
            value=line.partition("=")[2],
            allowed="${now:...}, ${scenario.name}, ${hydra.job.num}" if own else "the value itself",
        )


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
            "a file lands in no such place",
            file=shown,
            key="@package",
            value=package,
            allowed="# @package _global_, or no such line",
            known=("_global_", *Run.model_fields),
        )
    for key, value in content.items():
        if re.split(r"[./@]", key.casefold())[0] == "hydra":
            raise ConfigError(
                "this setting of Hydra cannot be changed",
                file=shown,
                key=".".join([key, *_first_keys(value)]),
                allowed="no file sets it",
            )
        if key in _OF_THE_MACHINE and value is not None:
            raise ConfigError(
                "only the command line says this, for it concerns the machine and not the plan",
                file=shown,
                key=key,
                value=value,
                allowed=f"{key}=... on the command line",
            )


def _first_keys(value: object) -> Iterator[str]:
    while isinstance(value, Mapping) and value:
        key, value = next(iter(value.items()))
        yield key


def _refuse_two_readings(key: str, value: str) -> None:
    """Digits in groups, which Hydra takes for one number and a file for a text."""
    for number in _NUMBER.findall(_IN_QUOTES.sub("", value)):
        if "_" in number and (plain := plain_form(number)) is not None:
            raise ConfigError(
                "this can be read in two ways",
                file=COMMAND_LINE,
                key=key,
                value=number,
                allowed=f"{plain}, or \"'{number}'\" if a text is meant",
            )


def refuse_unused_folders(overrides: Sequence[Override], *, multirun: bool) -> None:
    """Folders of one run where there are several, or of several where there is one.

    Hydra would take no notice of them, and the results would be somewhere else.
    """
    for override in overrides:
        key, value = override.key_or_group, str(override.input_line).partition("=")[2]
        if multirun and key == "hydra.run.dir":
            raise ConfigError(
                "this names the folder of one run, and with -m there are several",
                file=COMMAND_LINE,
                key=key,
                value=value,
                allowed=f"hydra.sweep.dir={value}, below which every run has a folder",
            )
        if not multirun and key.startswith("hydra.sweep."):
            raise ConfigError(
                "this names the folder of several runs, and without -m there is one",
                file=COMMAND_LINE,
                key=key,
                value=value,
                allowed="hydra.run.dir=DIR, or -m for one run a value",
            )


def named_folder(node: DictConfig, key: str) -> Path:
    """The folder that ``node`` names at ``key``.

    Raises ConfigError if it has no name, for the working directory would be taken.
    """
    try:
        name = OmegaConf.select(node, key)
    except OmegaConfBaseException as error:
        raise ConfigError(
            "the name of the folder cannot be made",
            file=COMMAND_LINE,
            key=key,
            value=str(error).partition("\n")[0],
        ) from None
    if name is None or not str(name).strip():
        raise ConfigError(
            "a folder without a name: the files would lie scattered in the working directory",
            file=COMMAND_LINE,
            key=key,
            value="" if name is None else name,
            allowed="the name of a folder; leave the setting out for one with the date",
        )
    return Path(str(name))


def folder_inside(node: DictConfig, key: str) -> Path:
    """The same of a folder that lies below another one. Raises ConfigError if it does not."""
    folder = named_folder(node, key)
    if folder.is_absolute() or ".." in folder.parts:
        raise ConfigError(
            "the folder of a run lies outside the folder of all runs",
            file=COMMAND_LINE,
            key=key,
            value=str(folder),
            allowed="a name without .. that does not begin with a slash; "
            "'hydra.sweep.subdir=${hydra.job.num}' numbers the folders",
        )
    return folder


def refuse_lost_choices(
    keys: Sequence[str], choices: Mapping[str, str], preset: Sequence[str]
) -> None:
    """A group chosen on the command line of which the preset would overwrite a part.

    The command line outranks the preset, but Hydra composes a group before it.
    """
    for group in choices:
        for key in preset:
            if group in keys and key.partition(".")[0] == group != "scenario" and key not in keys:
                raise ConfigError(
                    f"scenario {choices['scenario']} sets {key} itself, "
                    f"so that {group}={choices[group]} would not fully hold",
                    file=COMMAND_LINE,
                    key=group,
                    allowed=f"give {key}=... too, or choose another scenario",
                )
