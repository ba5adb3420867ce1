"""Which planning questions there are, and one of them: ``python -m experiments [NAME ...]``."""

from __future__ import annotations

import ast
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

from sim.command.exits import CommandLine
from sim.command.terminal import say
from sim.config.directory import STUDIES, config_directory
from sim.config.errors import COMMAND_LINE, ConfigError


def questions() -> dict[str, str]:
    """Experiments and the first line of what each says about itself.

    A question is a folder here with settings in ``configs/study``.
    """
    here, settings = Path(__file__).parent, config_directory() / STUDIES
    told = {path.parent.name: path.with_name("__init__.py") for path in here.glob("*/question.py")}
    return {
        name: (ast.get_docstring(ast.parse(told[name].read_text(encoding="utf-8"))) or "").split(
            "\n", 1
        )[0]
        for name in sorted(told)
        if (settings / f"{name}.yaml").exists()
    }


def main(arguments: Sequence[str]) -> int:
    """Answer the question that comes first among ``arguments``, or say which there are.

    Returns the exit code.
    """
    with CommandLine(arguments) as line:
        if not arguments or arguments[0] in ("-h", "--help"):
            line.only_prints = True
            say("planning questions: python -m experiments NAME --help\n")
            for name, about in questions().items():
                say(f"  {name:<18} {about.split(' ``')[0]}")
        elif arguments[0] not in questions():
            raise ConfigError(
                "there is no such planning question",
                file=COMMAND_LINE,
                value=arguments[0],
                known=questions(),
                allowed=f"python -m experiments NAME ..., NAME one of {', '.join(questions())}",
            )
    if line.code or line.only_prints:
        return line.code
    name, *overrides = arguments
    code: int = importlib.import_module(f"experiments.{name}.question").QUESTION.main(overrides)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
