"""What is refused of Hydra: to run code, to read the environment, to lose what was chosen."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from hydra.core.override_parser.types import Override
from omegaconf import DictConfig, OmegaConf

from sim.config.errors import ConfigError
from sim.hydra_errors import COMMAND_LINE, unreadable

HYDRA_KEYS = (
    "hydra.run.dir",
    "hydra.sweep.dir",
    "hydra.sweep.subdir",
    "hydra.output_subdir",
    "hydra.job.name",
    "hydra.verbose",
)
"""Hydra's own settings that the command line may change: where results go, and how loud it is."""

_HARMLESS = re.compile(r"\$\{(?:now:[^${}]*|scenario\.name|hydra\.job\.\w+)\}")
_PLUGINS = "hydra._internal.core_plugins.basic_"


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


def refuse_empty_folders(node: DictConfig, *keys: str) -> None:
    """Refuse a folder without a name, for which the working directory would be taken."""
    for key in keys:
        if not str(OmegaConf.select(node, key)).strip():
            raise ConfigError(
                "a folder without a name: the files would lie scattered in the working directory",
                file=COMMAND_LINE,
                key=key,
                value="",
                allowed="the name of a folder; leave the setting out for one with the date",
            )


def refuse_plugins(node: DictConfig) -> None:
    """Classes that Hydra would load because a configuration file names them."""
    own = node.hydra
    reached = {
        "hydra.sweeper._target_": not str(own.sweeper._target_).startswith(_PLUGINS),
        "hydra.launcher._target_": not str(own.launcher._target_).startswith(_PLUGINS),
        "hydra.sweeper.params": bool(own.sweeper.params),
        "hydra.callbacks": bool(own.callbacks),
        "hydra.job.env_copy": bool(own.job.env_copy),
        "hydra.job.env_set": bool(own.job.env_set),
    }
    for key, wrong in reached.items():
        if wrong:
            raise ConfigError(
                "this setting of Hydra cannot be changed", key=key, allowed="no file sets it"
            )


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
