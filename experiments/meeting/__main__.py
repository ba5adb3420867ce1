"""Everything for a planning meeting: ``python -m experiments.meeting [overrides]``.

The run and every question that says so (:attr:`Question.meeting`) are asked with the same
overrides, each into a folder of its own with all media, and an index page leads to them.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from experiments.__main__ import questions
from experiments.meeting.page import RUN, Part, index
from sim.__main__ import main as run_main
from sim.answer.dossier import Dossier
from sim.command.exits import CommandLine
from sim.command.terminal import say
from sim.config.passport import command
from sim.study.files import read_plain, write_whole
from sim.words import speeches

_FOLDER = "hydra.run.dir="
_MEDIA = "report=[brief,deck,workbook]"


def main(arguments: Sequence[str]) -> int:
    """Ask everything that is not there yet, then write the index; return the exit code.

    What is there already, by the same command, stays.
    """
    with CommandLine(arguments) as line:
        if not {"-h", "--help"}.isdisjoint(arguments):
            line.only_prints = True
            line.say("meeting.usage")
    if line.only_prints or line.code:
        return line.code
    given = [each for each in arguments if not each.startswith(_FOLDER)]
    folders = [each for each in arguments if each.startswith(_FOLDER)]
    folder = Path(folders[-1].removeprefix(_FOLDER) if folders else "outputs/meeting")
    asked = [*_asked(folder, given)]
    for name, overrides in asked:
        code = _answered(name, folder / name, overrides)
        if code:
            return code
    with CommandLine(arguments, goes_on=True) as line:
        parts = [Part(name, folder / name, Dossier.of(folder / name)) for name, _ in asked]
        for speech in speeches(line.language):
            path = folder / f"index_{speech.language}.html"
            write_whole(path, index(parts, speech))
            say(str(path))
    return line.code


def _asked(folder: Path, given: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """The run and the questions, with what each is asked with."""
    yield RUN, [*given, _MEDIA, f"{_FOLDER}{folder / RUN}"]
    for name in questions():
        question = importlib.import_module(f"experiments.{name}.question").QUESTION
        if question.meeting is not None:
            media, where = _MEDIA, f"study.folder={folder / name}"
            if question.sweeps:
                media = media.replace("]", ",dashboard]")
            yield name, [*question.meeting, *given, media, where]


def _answered(name: str, folder: Path, overrides: Sequence[str]) -> int:
    """Ask, unless the answer is there; the exit code."""
    if name != RUN:  # a finished study knows itself, and prints its answer again
        code: int = importlib.import_module(f"experiments.{name}.question").QUESTION.main(overrides)
        return code
    if _command_of(folder) == command("python -m sim", overrides):
        return 0
    return run_main([*overrides])


def _command_of(folder: Path) -> str | None:
    """The command by which a run folder was made; None if there is none that can be read."""
    try:
        return str(json.loads(read_plain(folder / "manifest.json"))["command"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
