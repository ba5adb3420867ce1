"""Tell the life of a project or a base, or the chronicle of a district, from a run's event log.

``python -m sim.story RUN [project] [--language zh|en|both]``, where RUN is the folder of a run with
a trace. Everything is read from its events.csv and manifest.json. Exit codes: 0 told, 2 the input
is wrong.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from sim.answer.settings import read_manifest, scenario_text
from sim.command.exits import CommandLine
from sim.command.terminal import say
from sim.config.errors import COMMAND_LINE, ConfigError
from sim.story.biography import base_biography, biography
from sim.story.chronicle import about, chronicle
from sim.story.log import TITLES, Life, life_of, lives, read_events
from sim.story.names import Names
from sim.story.occurrences import event_text, sentence
from sim.words import ASKED, Asked, Count, Said, speeches

Story = Sequence[Said | str]
"""Lines, to be said in any language."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line ``argv`` (default: that of the process) and return the exit code."""
    given = sys.argv[1:] if argv is None else argv
    with CommandLine(given) as line:
        line.only_prints = True
        if not {"-h", "--help"}.isdisjoint(given):
            line.say("story.usage")
        else:
            _tell(_arguments(given), line)
    return line.code


def _tell(arguments: argparse.Namespace, line: CommandLine) -> None:
    log = Log(Path(arguments.run))
    line.language = line.language or log.language
    story = log.story(arguments.project)
    told = ("\n".join(map(speech.text, story)) for speech in speeches(line.language))
    say("\n\n".join(told))


def _arguments(given: Sequence[str]) -> argparse.Namespace:
    """RUN, project and language. Raises ConfigError."""
    parser = _Parser(add_help=False)
    parser.add_argument("run", metavar="RUN")
    parser.add_argument("project", nargs="?")
    parser.add_argument("--language", choices=ASKED)
    return parser.parse_args(given)


class _Parser(argparse.ArgumentParser):
    """What it does not understand is refused like all wrong input."""

    def error(self, message: str) -> NoReturn:
        raise ConfigError("story.refused.arguments", file=COMMAND_LINE, value=message)


class Log:
    """The event log of a run folder and the stories that can be told from it.

    Raises:
        ConfigError: the folder is not that of a run with a trace.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        config = _config(folder)
        self.language: Asked | None = config["language"]
        self._events = read_events(folder)
        self._names = Names(config)
        programmes = config["plan"]["programmes"]
        self._needs = {name: programme["needs"] for name, programme in programmes.items()}
        self._lives = lives(self._events, self._needs, self._names.horizon)
        self._others = [e for e in self._events if e.key not in self._lives]

    def story(self, name: str | None) -> Story:
        """Return the story of a project, an attempt, a place or another entity.

        Without a name it is the story of the most eventful project, and what else there is.

        Raises:
            ConfigError: the log knows nothing of that name.
        """
        if name is None:
            return self._example()
        if name in self._lives:
            return biography(self._lives[name], self._names)
        attempt = self._attempt(name)
        if attempt is not None:
            return biography(attempt, self._names)
        place = self._names.find_place(name)
        if place is None and any(life.place == name for life in self._lives.values()):
            place = name
        if place is not None:
            return self._chronicle(place)
        events = [event for event in self._others if event.entity == name]
        if events and all(e.sort == "base" and e.event in TITLES for e in events):
            return base_biography(events, self._names)
        if events:
            return [sentence(e.date, event_text(e, self._names)) for e in events]
        raise self._unknown(name)

    def _attempt(self, entity: str) -> Life | None:
        """The life of one attempt alone, up to its withdrawal if it lapsed."""
        key = entity.rpartition("/")[0]
        life = self._lives.get(key)
        if life is None:
            return None
        own = [(s.attempt, s.event) for s in life.steps if s.event.entity == entity]
        if not own:
            return None
        lapsed = [event.day for _, event in own if event.event == "withdrawn"]
        end = min(lapsed, default=self._names.horizon)
        return life_of(key, own, self._needs[life.programme], end)

    def _chronicle(self, place: str) -> Story:
        own, others = [*self._lives.values()], self._others
        if place != self._names.city:
            own, others = [life for life in own if life.place == place], about(place, others)
        return chronicle(place, own, others, self._names)

    def _unknown(self, name: str) -> ConfigError:
        if "/" in name:
            words = "story.refused.no_project"
            known = [
                *self._lives,
                *dict.fromkeys(e.entity for e in self._others if "/" in e.entity),
            ]
        else:
            words = "story.refused.no_place"
            known = [*self._names.place_names(), *dict.fromkeys(e.entity for e in self._others)]
        return ConfigError(words, file=str(self._folder), key="project", value=name, known=known)

    # ------------------------------------------------------------------ nothing was asked for

    def _example(self) -> Story:
        """The project with most events, of several the longest life; then what else there is."""
        if not self._lives:
            end = self._names.date(self._names.horizon)
            return [sentence(end, Said("story.choice.none"))]
        life = min(self._lives.values(), key=_eventful)
        chosen = Said("story.choice.chosen")
        return [chosen, "", *biography(life, self._names), "", *self._choices()]

    def _choices(self) -> list[Said]:
        by_programme: dict[str, list[Life]] = {name: [] for name in self._needs}
        for life in self._lives.values():
            by_programme[life.programme].append(life)
        examples = {name: min(own, key=_eventful) for name, own in by_programme.items() if own}
        first = next(iter(examples.values()))
        command = f"python -m sim.story {self._folder}"
        return [
            Said("story.choice.place", {"command": f"{command} {first.place}"}),
            Said("story.choice.project", {"command": f"{command} {first.key}"}),
            *(
                Said(
                    "story.choice.programme",
                    {
                        "programme": self._names.programme(name),
                        "count": Count(len(by_programme[name])),
                        "opened": Count(sum(life.open for life in by_programme[name])),
                        "key": example.key,
                    },
                )
                for name, example in examples.items()
            ),
        ]


def _eventful(life: Life) -> tuple[int, int, str]:
    return -len(life.steps), -life.total, life.key


def _config(folder: Path) -> Mapping[str, Any]:
    """Return the configuration inside the manifest of a run folder.

    The label of its scenario says what was changed of it.
    """
    if not folder.is_dir():
        near = folder.parent if folder.parent.is_dir() else Path()
        raise ConfigError(
            "story.refused.no_folder",
            key="RUN",
            value=str(folder),
            known=[str(path) for path in near.iterdir() if path.is_dir()],
        )
    try:
        manifest = read_manifest(folder)
    except (OSError, ValueError) as error:
        raise ConfigError(
            "story.refused.no_run",
            key="RUN",
            value=str(folder),
            known=[str(path.parent) for path in folder.glob("*/manifest.json")],
        ) from error
    config: dict[str, Any] = manifest["config"]
    label = {own.language: scenario_text(manifest, own) for own in speeches("both")}
    return {**config, "scenario": {**config["scenario"], "label": label}}


if __name__ == "__main__":
    sys.exit(main())
