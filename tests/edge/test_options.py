"""The version of Hydra with which its unpromised parts were looked at."""

from __future__ import annotations

import inspect
from importlib import metadata

from hydra._internal.hydra import Hydra
from hydra._internal.utils import get_args_parser

LOOKED_AT = "1.3.8"


def test_hydra_is_the_one_whose_private_parts_were_looked_at() -> None:
    assert metadata.version("hydra-core") == LOOKED_AT, (
        "another Hydra: see that sim/edge/options.py still does what it says with this one (its "
        "options, and --cfg, --info, --hydra-help, --shell-completion), that messages in which "
        "sim/edge/refusals.py looks for a file or an override still read as they did, and write "
        "the new version here"
    )


def test_hydra_shows_what_it_knows_by_these_names() -> None:
    shown = {
        name: list(inspect.signature(getattr(Hydra, name)).parameters)[1:]
        for name in ("shell_completion", "hydra_help", "show_info", "show_cfg")
    }
    assert shown == {
        "shell_completion": ["config_name", "overrides"],
        "hydra_help": ["config_name", "args_parser", "args"],
        "show_info": ["info", "config_name", "overrides", "run_mode"],
        "show_cfg": ["config_name", "overrides", "cfg_type", "package", "resolve"],
    }


def test_its_options_are_those_that_are_refused_or_understood() -> None:
    options = vars(get_args_parser().parse_args([]))
    assert set(options) == {
        "overrides", "multirun", "config_dir",  # understood
        "cfg", "info", "hydra_help", "shell_completion", "package", "resolve",  # shown by Hydra
        "config_path", "config_name", "experimental_rerun",  # refused
        "help", "run",  # told before, and what happens anyway
    }  # fmt: skip
