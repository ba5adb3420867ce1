"""Which planning questions there are: ``python -m experiments``."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

from sim.config.directory import STUDIES, config_directory
from sim.exits import CommandLine
from sim.terminal import say


def questions() -> dict[str, str]:
    """Experiments and the first line of what each says about itself.

    An experiment is a script here with settings in ``configs/study``.
    """
    scripts = sorted(Path(__file__).parent.glob("*.py"))
    settings = config_directory() / STUDIES
    return {
        path.stem: (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split(
            "\n", 1
        )[0]
        for path in scripts
        if (settings / f"{path.stem}.yaml").exists()
    }


def main() -> int:
    """Print them."""
    with CommandLine() as line:
        line.only_prints = True
        say("planning questions: python -m experiments.NAME --help\n")
        for name, about in questions().items():
            say(f"  {name:<18} {about.split(' ``')[0]}")
    return line.code


if __name__ == "__main__":
    sys.exit(main())
