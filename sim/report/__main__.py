"""The command line: ``python -m sim.report FOLDER [medium ...] [language=]``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from sim.command.exits import CommandLine
from sim.command.terminal import say
from sim.config.errors import COMMAND_LINE, ConfigError
from sim.config.schema.run import MEDIA, Medium
from sim.report import write
from sim.words import speeches

_LANGUAGE = "language="


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line ``argv`` (default: that of the process) and return the exit code."""
    given = sys.argv[1:] if argv is None else argv
    with CommandLine(given) as line:
        words = [word for word in given if not word.startswith(_LANGUAGE)]
        if not {"-h", "--help"}.isdisjoint(given):
            line.only_prints = True
            line.say("report.usage")
        else:
            folder, media = _arguments(words)
            for path in write(folder, media, speeches(line.language)):
                say(str(path))
    return line.code


def _arguments(words: Sequence[str]) -> tuple[Path, Sequence[Medium] | None]:
    """The folder, and which media are wanted; None if none is named. Raises ConfigError."""
    if not words:
        raise ConfigError("report.no_folder", file=COMMAND_LINE, key="FOLDER")
    folder, *wanted = words
    known = {str(medium): medium for medium in MEDIA}
    for word in wanted:
        if word not in known:
            raise ConfigError(
                "report.no_medium", file=COMMAND_LINE, value=word, known=[*known], allowed=[*known]
            )
    return Path(folder), [known[word] for word in dict.fromkeys(wanted)] or None


if __name__ == "__main__":
    sys.exit(main())
