"""Which planning questions there are, and one of them: ``python -m experiments [NAME ...]``.

The console script is here, too: ``kepusim [NAME] [overrides]``.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

from sim.__main__ import main as run_main
from sim.command.exits import CommandLine
from sim.command.terminal import say
from sim.config.directory import STUDIES, config_directory
from sim.config.errors import COMMAND_LINE, ConfigError
from sim.words import speeches


def questions() -> list[str]:
    """The planning questions: folders here with settings in ``configs/study``."""
    found = sorted(path.parent.name for path in Path(__file__).parent.glob("*/question.py"))
    return [name for name in found if (config_directory() / STUDIES / f"{name}.yaml").exists()]


def main(arguments: Sequence[str]) -> int:
    """Answer the question that comes first among ``arguments``, or say which there are.

    Returns the exit code.
    """
    known, overrides = questions(), [*arguments]
    asked = next((word for word in arguments if not word.startswith("language=")), None)
    with CommandLine(arguments) as line:
        if asked in (None, "-h", "--help"):
            line.only_prints = True
            for speech in speeches(line.language):
                say(f"{speech('inquiry.usage.questions')}\n")
                for name in known:
                    say(f"  {name:<18} {speech(f'{name}.question')}")
        elif asked not in known:
            raise ConfigError(
                "inquiry.no_question", file=COMMAND_LINE, value=asked, known=known, names=known
            )
    if asked is None or line.code or line.only_prints:
        return line.code
    overrides.remove(asked)
    code: int = importlib.import_module(f"experiments.{asked}.question").QUESTION.main(overrides)
    return code


def kepusim(argv: Sequence[str] | None = None) -> int:
    """The console script: a question if the first word names one, else one run or several.

    Returns the exit code.
    """
    arguments = sys.argv[1:] if argv is None else argv
    words = [word for word in arguments if "=" not in word and not word.startswith("-")]
    if words and arguments[0] == words[0]:
        return main(arguments)
    return run_main(None if argv is None else [*argv])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
