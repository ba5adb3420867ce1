"""The options of the command line: Hydra's own, in any order, with messages of ours.

This is the one module that uses what Hydra does not promise to keep: its parser of options, and the
object behind them that prints what Hydra knows. ``tests/edge/test_options.py`` says with which
version both were looked at.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from hydra._internal.hydra import Hydra
from hydra._internal.utils import get_args_parser
from hydra.core.global_hydra import GlobalHydra
from omegaconf import OmegaConf

from sim.config.directory import PRIMARY
from sim.config.errors import COMMAND_LINE, ConfigError
from sim.edge.arguments import readable, unknown_option
from sim.edge.composition import Composer
from sim.words import Said

_SHOWN = ("-m, --multirun", "-c, --cfg", "-i, --info", "-cd, --config-dir", "-h, --help")


@dataclass(frozen=True)
class Options:
    """What a command line asks for.

    Attributes:
        overrides: in a form that Hydra reads.
        multirun: whether values separated by commas are those of several runs.
        directory: one with further choices; None without.
    """

    overrides: list[str]
    multirun: bool
    directory: Path | None
    _flags: Namespace = field(repr=False)
    _parser: ArgumentParser = field(repr=False)

    @classmethod
    def of(cls, arguments: Sequence[str]) -> Options:
        """Read ``arguments``, in which options stand anywhere.

        Raises ConfigError for an option that does not exist, lacks its value or would bypass
        validation, and for a word that is no override.
        """
        parser = get_args_parser()
        parser.error = _refuse  # type: ignore[method-assign]
        flags, unknown = parser.parse_known_intermixed_args(list(arguments))
        if unknown:
            raise unknown_option(
                arguments,
                unknown[0],
                Said("argument.options", {"options": _SHOWN}),
                [name for action in parser._actions for name in action.option_strings],
            )
        flags.overrides = readable(flags.overrides, several=flags.multirun)
        _refuse_bypassing(flags)
        directory = None if flags.config_dir is None else Path(flags.config_dir)
        return cls(flags.overrides, flags.multirun, directory, flags, parser)

    @property
    def only_shows(self) -> bool:
        """Whether it asks what Hydra knows, and not for a run."""
        own = self._flags
        return bool(own.cfg or own.info or own.hydra_help or own.shell_completion)

    def show(self, composer: Composer) -> None:
        """Print what Hydra tells about itself and the configuration. Raises ConfigError."""
        hydra, own = GlobalHydra.instance().hydra, self._flags
        assert isinstance(hydra, Hydra)
        if own.shell_completion:
            hydra.shell_completion(config_name=PRIMARY, overrides=self.overrides)
        elif own.hydra_help:
            hydra.hydra_help(config_name=PRIMARY, args_parser=self._parser, args=own)
        else:
            node = composer.node(self.overrides)  # also for its messages
            if own.package is not None and OmegaConf.select(node, own.package) is None:
                raise ConfigError(
                    "argument.no_part",
                    file=COMMAND_LINE,
                    key="--package",
                    value=own.package,
                    known=[str(key) for key in node],
                )
            if own.info:
                hydra.show_info(own.info, config_name=PRIMARY, overrides=self.overrides)
            else:
                hydra.show_cfg(
                    config_name=PRIMARY,
                    overrides=self.overrides,
                    cfg_type=own.cfg,
                    package=own.package,
                    resolve=own.resolve,
                )


def _refuse(message: str) -> NoReturn:
    raise ConfigError("argument.unreadable_options", file=COMMAND_LINE, value=message)


def _refuse_bypassing(flags: Namespace) -> None:
    """Options by which something else than the project's configuration would be run."""
    if flags.experimental_rerun is not None:
        raise ConfigError("argument.rerun")
    if flags.config_path is not None:
        raise ConfigError("argument.config_path")
    if flags.config_name is not None:
        raise ConfigError("argument.config_name")
