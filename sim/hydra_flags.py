"""The options of the command line: Hydra's own, in any order, with messages of ours."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import NoReturn

from hydra._internal.utils import get_args_parser

from sim.config.errors import ConfigError
from sim.hydra_errors import COMMAND_LINE

_SHOWN = ("-m, --multirun", "-c, --cfg", "-i, --info", "-cd, --config-dir", "-h, --help")


def read_flags(arguments: Sequence[str]) -> tuple[Namespace, ArgumentParser]:
    """Options and ``overrides``, wherever they stand, and the parser that knows Hydra's help.

    Raises ConfigError for an option that does not exist or lacks its value.
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
        raise ConfigError(
            "unknown option",
            file=COMMAND_LINE,
            value=unknown[0],
            allowed=f"{', '.join(_SHOWN)}; settings are written key=value",
            known=[name for action in parser._actions for name in action.option_strings],
        )
    return flags, parser
