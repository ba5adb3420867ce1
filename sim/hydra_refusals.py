"""What is refused of Hydra: to run code, to read the environment, to lose what was chosen."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from hydra.core.override_parser.types import Override
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from sim.config.errors import ConfigError
from sim.hydra_errors import COMMAND_LINE, unreadable

HYDRA_KEYS = ("hydra.run.dir", "hydra.sweep.dir", "hydra.sweep.subdir", "hydra.job.name")
"""Hydra's own settings that the command line may change, which say where results go."""

_HARMLESS = re.compile(r"\$\{(?:now:[^${}]*|scenario\.name|hydra\.job\.\w+)\}")


def refuse_forbidden(override: Override) -> None:
    """Overrides that could run code, read the environment or change Hydra's machinery."""
    key, line = override.key_or_group, str(override.input_line)
    if not key:
        raise unreadable(line)
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
    if line.count("${") > (len(_HARMLESS.findall(line)) if own else 0):
        raise ConfigError(
            "interpolations are not allowed in an override",
            file=COMMAND_LINE,
            key=key,
            value=line.partition("=")[2],
            allowed="${now:...}, ${scenario.name}, ${hydra.job.num}" if own else "the value itself",
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
