"""The command line: ``python -m sim.verify FOLDER|FILE [replications=N] [--config-dir DIR]``.

Exit codes: 0 the figures hold, 1 they do not, 2 the input is wrong.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from sim.command.exits import DONE, FAILED, CommandLine
from sim.command.terminal import say
from sim.config.errors import COMMAND_LINE, ConfigError
from sim.verify import named, verify
from sim.words import speeches

_REPLICATIONS, _DIRECTORY = "replications=", "--config-dir"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line ``argv`` (default: that of the process) and return the exit code."""
    given = sys.argv[1:] if argv is None else argv
    with CommandLine(given) as line:
        if not {"-h", "--help"}.isdisjoint(given):
            line.only_prints = True
            line.say("verify.usage")
        else:
            path, replications, directory = _arguments(given)
            verdict = verify(named(path), replications, directory)
            for speech in speeches(line.language):
                say(speech.sentences(verdict.said))
            line.code = DONE if verdict.holds else FAILED
    return line.code


def _arguments(given: Sequence[str]) -> tuple[Path, int | None, str | None]:
    """Path, number of replications, and directory of choices. Raises ConfigError."""
    words = [word for word in given if not word.startswith("language=")]
    directory = None
    if _DIRECTORY in words:
        at = words.index(_DIRECTORY)
        directory = words[at + 1] if at + 1 < len(words) else None
        if directory is None:
            raise ConfigError("verify.no_directory", file=COMMAND_LINE, key=_DIRECTORY)
        del words[at : at + 2]
    counts = [word.removeprefix(_REPLICATIONS) for word in words if word.startswith(_REPLICATIONS)]
    paths = [word for word in words if not word.startswith(_REPLICATIONS)]
    if len(paths) != 1:
        raise ConfigError("verify.one_path", file=COMMAND_LINE, value=" ".join(paths))
    if not counts:
        return Path(paths[0]), None, directory
    if not counts[-1].isdecimal() or not int(counts[-1]):
        raise ConfigError(
            "verify.no_number", file=COMMAND_LINE, key="replications", value=counts[-1]
        )
    return Path(paths[0]), int(counts[-1]), directory


if __name__ == "__main__":
    sys.exit(main())
