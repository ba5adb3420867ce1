"""The options of the command line: Hydra's own, in any order, with messages of ours."""

from __future__ import annotations

import types
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from typing import NoReturn

from hydra._internal.utils import get_args_parser

from sim.config.errors import COMMAND_LINE, ConfigError
from sim.hydra_arguments import readable, setting_for_option

_SHOWN = ("-m, --multirun", "-c, --cfg", "-i, --info", "-cd, --config-dir", "-h, --help")


def read_flags(arguments: Sequence[str]) -> tuple[Namespace, ArgumentParser]:
    """Options and ``overrides``, wherever they stand, and the parser that knows Hydra's help.

    Raises ConfigError for an option that does not exist or lacks its value, and for a word that is
    no override.
    """
    parser = get_args_parser()

    def refuse(message: str) -> NoReturn:
        raise ConfigError(
            "the options of the command line cannot be read",
            file=COMMAND_LINE,
            value=message,
            allowed="[options] [key=value ...]; python -m sim --help lists the options",
        )

    parser.error = refuse  # type: ignore[method-assign]
    flags, unknown = parser.parse_known_intermixed_args(list(arguments))
    if unknown:
        raise unknown_option(
            arguments,
            unknown[0],
            f"{', '.join(_SHOWN)}; settings are written key=value",
            [name for action in parser._actions for name in action.option_strings],
        )
    flags.overrides = readable(flags.overrides, several=flags.multirun)
    return flags, parser


def unknown_option(
    arguments: Sequence[str],
    option: str,
    allowed: str,
    known: Sequence[str] = (),
    settings: Mapping[str, str] = types.MappingProxyType({}),
) -> ConfigError:
    """The problem of an ``option`` among ``arguments`` that does not exist.

    ``settings`` as for :func:`~sim.hydra_arguments.setting_for_option`.
    """
    place = list(arguments).index(option) if option in arguments else len(arguments)
    return ConfigError(
        "unknown option",
        file=COMMAND_LINE,
        value=option,
        allowed=allowed,
        known=known,
        nearest=setting_for_option(option, arguments[place + 1 :], settings),
    )
